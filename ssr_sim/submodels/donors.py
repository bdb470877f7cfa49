"""S6 Donors and money: who gives what, gaps and duplication, leakage, and the ledger of spending.

Donors split their money by their preferences over what they believe is unmet and what they believe others give
(Halonen-Akatwijuka 2004; Annen and Moers 2012); coordination sharpens that belief, a pool hands the choice to need.
A diverted dollar lands with an elite or, in small part, with armed groups: nothing vanishes.
"""

import math
from typing import ClassVar

import numpy as np

from ssr_sim.draws import normal, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import DONOR_CUT, LINES, MILITARY, POLICE, SECTOR_OF_LINE, SECTORS
from ssr_sim.world import LOG, draw, log_event, phase

COORDINATION = LINES.index("coordination")
LEARNING = LINES.index("learning")
PAY_POLICE = LINES.index("pay_police")
PAY_MILITARY = LINES.index("pay_military")
SECTOR_COUNT = len(SECTORS)
DISARMAMENT = LINES.index("disarmament")
LINE_COUNT = len(LINES)
CUT_IN_SD = 1.2  # a fall within the usual swings is no cut

SHOCK = stream(100, "donors: yearly shock to payments")
GUESS = stream(101, "donors: what a donor believes others give")


# ------------------------------------------------------------------------------------------------- parameters
class Funding(Block):
    """Level, steadiness and coordination of aid to the security sector."""

    group: ClassVar[str] = "Money"

    level: float = lever(
        1.0, unit="times the donors' budgets", lo=0.0, hi=3.0, cost="the aid itself", source="as pledged",
        headline=True, side_effect="Aid dependence invites diversion; crowds out domestic effort.",
        help="Aid to the security sector against what donors have pledged.")
    volatility: float = lever(
        0.38, unit="SD of the yearly log shock", lo=0.0, hi=0.8, cost="none", source="evidence E39 (Bulir and Hamann)",
        side_effect="Steady money is harder to cut when it is wasted.",
        help="Unpredictability of payments from year to year.")
    horizon: float = lever(
        1.0, unit="years", lo=1.0, hi=10.0, cost="none", source="OECD: yearly budgets are usual; sizes are assumptions",
        side_effect="Money committed for years follows neither need nor success.",
        help="For how many years donors commit themselves.")
    coordination: float = lever(
        0.3, unit="share 0-1", lo=0.0, hi=1.0, cost="USD 1.5 million per year at 1", source="Annen and Moers 2012",
        headline=True, side_effect="Meetings take officials' time.",
        help="How well donors know and fit what others do.")
    pooled_share: float = lever(
        0.15, unit="share of aid", lo=0.0, hi=1.0, cost="overhead of 7 % of pooled aid", source="assumption",
        side_effect="Overhead; donors lose visibility and some leave.",
        help="Share of aid that goes through a pool and follows need.")
    cost_per_year: float = uncertain(
        1.5e6, unit="USD / year", lo=0.5e6, hi=4e6, source="assumption", help="Price of full coordination.")
    persistence: float = uncertain(
        0.55, unit="correlation", lo=0.3, hi=0.8, source="pilot study; E39",
        help="Correlation of payments from year to year.", off=0.0)
    project_cost: float = uncertain(
        0.25e6, unit="USD / project / year", lo=0.05e6, hi=0.6e6, source="Annen and Moers 2012; size is an assumption",
        help="Fixed cost of a donor's programme in one sector.", off=0.0)
    joint_programmes: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=0.9, source="Annen and Moers 2012; size is an assumption",
        help="Share of these fixed costs that full coordination saves.", off=0.0)
    pool_overhead: float = uncertain(
        0.07, unit="share 0-1", lo=0.05, hi=0.1, source="usual fee of UN pooled funds (M)",
        help="Fee of a pool.", off=0.0)
    need_weight: float = uncertain(
        0.75, unit="exponent", lo=0.5, hi=1.0, source="assumption",
        help="How far the size of a sector's need draws money beyond a donor's taste; 0 is taste and gaps alone.",
        off=0.0)
    residual_pull: float = uncertain(
        0.1, unit="share 0-1", lo=0.02, hi=0.3, source="assumption",
        help="Pull of a sector whose need others are believed to meet, against one that nobody pays for.")
    usual_engagement: float = uncertain(
        0.75, unit="share of the budget", lo=0.6, hi=0.9, source="assumption",
        help="Share that donors give without progress, trust, scandal and fatigue.")
    progress_reward: float = uncertain(
        0.35, unit="share of the budget", lo=0.1, hi=0.6, source="assumption", help="What visible progress adds.",
        off=0.0)
    trust_reward: float = uncertain(
        0.15, unit="share of the budget", lo=0.0, hi=0.3, source="assumption",
        help="What full trust in the government adds.", off=0.0)
    scandal_penalty: float = uncertain(
        0.4, unit="share of the budget", lo=0.1, hi=0.8, source="assumption", help="What a full scandal takes.",
        off=0.0)
    fatigue_penalty: float = uncertain(
        0.5, unit="share of the budget", lo=0.2, hi=0.8, source="evidence E39; size is an assumption",
        help="What full fatigue takes.")
    engagement_speed: float = uncertain(
        0.5, unit="1 / year", lo=0.3, hi=0.8, source="assumption",
        help="How far a donor with a horizon of a year moves to the engagement it wants.")
    trust_speed: float = uncertain(
        0.4, unit="1 / year", lo=0.2, hi=0.6, source="assumption", help="How fast donors' trust follows its causes.")
    scandal_on_trust: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", help="Trust that a full scandal costs.", off=0.0)
    known_unwatched: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption",
        help="Share of diversion that donors learn of where civil society watches nothing.")
    fear_in_insecurity: float = uncertain(
        1.5, unit="times", lo=1.0, hi=2.0, source="assumption",
        help="Insecurity as donors see it, against the mean fear of people.")
    cut_reported: float = constant(
        0.3, unit="log", lo=0.1, hi=0.7, source="a fall of payments by a quarter",
        help="Shock to payments from which on a cut is logged, if it is also beyond 1.2 standard deviations.")
    insecurity: float = uncertain(
        0.5, unit="share 0-1", lo=0.1, hi=0.8, source="assumption",
        help="Share of payments that full insecurity holds up.", off=0.0)
    fatigue: float = uncertain(
        0.06, unit="1 / year", lo=0.0, hi=0.15, source="evidence E39: aid declines about five years in",
        help="How fast donors tire.", off=0.0)
    audit_friction: float = uncertain(
        0.08, unit="share of payments", lo=0.0, hi=0.2, source="assumption", help="Delay by full audit.", off=0.0)
    wage_leak: float = uncertain(
        0.2, unit="times", lo=0.0, hi=0.5, source="assumption",
        help="Leakage of wages against that of programmes, where no payroll is verified.", off=0.0)
    aid_temptation: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="How much more is diverted where all money is aid.", off=0.0)
    leak_to_groups: float = uncertain(
        0.05, unit="share of what is diverted", lo=0.0, hi=0.15, source="assumption",
        help="Share of diverted money that reaches armed groups.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def attraction(preference, need, others, residual, need_weight):
    """Pull of a sector on a donor: its taste times the share of the `need` (USD / year) that `others` are believed to
    leave open, never quite nothing, and the more the larger the need is.
    """
    return preference * (max(0.0, 1.0 - others / need) + residual) * need**need_weight


@njit
def shock_spread(volatility, horizon):
    """SD of the yearly log shock to payments; commitments over `horizon` years average over as many shocks."""
    return volatility / math.sqrt(horizon)


@njit
def tilt(adaptivity, reallocation, result):
    """Factor on a sector's pull on donors after a recorded `result` (share a year, -1 to 1)."""
    return math.exp(adaptivity * reallocation * result)


@njit
def payment_factor(shock, volatility, insecurity, attacks, friction):
    """Share of a yearly budget paid: mean-one lognormal shock, held up by insecurity (`attacks` 0-1) and audits."""
    return math.exp(shock - 0.5 * volatility * volatility) * (1.0 - insecurity * attacks) * (1.0 - friction)


@njit
def engagement_target(usual, progress, trust, scandal, fatigue):
    """Share (0-2) of its budget a donor is willing to give: what progress and trust add, scandal and fatigue take."""
    return clamp(usual + progress + trust - scandal - fatigue, 0.0, 2.0)


@njit
def leakage_of(diversion, aid_share, temptation, spared):
    """Share (0-1) of money that is diverted: what budget holders keep, more where it is aid, less what they spare for
    fear of audits.
    """
    return clamp(diversion * (1.0 + temptation * aid_share) * (1.0 - spared), 0.0, 1.0)


@njit
def share_paid(money, need, wages, wage_line):
    """Share (0-1) of a line that is paid from a sector's `money`: wages first, the other lines share what is left."""
    if wage_line:
        return clamp(money / wages, 0.0, 1.0) if wages > 0.0 else 0.0
    rest = need - wages
    return clamp((money - wages) / rest, 0.0, 1.0) if rest > 0.0 else 0.0


# ------------------------------------------------------------------------------------------------- phases
@phase("donors: allocation shift shock engagement fatigue trust", "sectors: churn", *LOG)
def donors_decide(world):
    """Once a year each donor reconsiders how much it gives and to what."""
    now = world.clock[0]
    p = world.parameters.funding[0]
    state = world.government[0]
    total = 0.0
    for d in range(len(world.donors)):
        total += world.donors[d].budget * world.donors[d].engagement
    need_total = 0.0
    for s in range(SECTOR_COUNT):
        need_total += max(world.sectors[s].year_need, 1.0)
    diverted = spread = 0.0
    for e in range(len(world.elites)):
        diverted += world.elites[e].share * world.elites[e].diversion
        spread += world.elites[e].share
    scandal = clamp((diverted / spread if spread > 0.0 else 0.0)
                    * (p.known_unwatched + world.parameters.civil_society[0].support), 0.0, 1.0)
    # evaluation shows donors the function behind the form
    sight = world.parameters.monitoring[0].donor_sight * world.country[0].monitoring
    progress = state.form + sight * (state.function - state.form)
    learning = world.parameters.learning[0]
    adaptivity = learning.adaptivity * world.ledger[LEARNING].delivered
    moved = np.zeros(SECTOR_COUNT)
    held = np.zeros(SECTOR_COUNT)
    plain = np.zeros(SECTOR_COUNT)
    before = world.donors.copy()
    pulls = np.zeros(SECTOR_COUNT)
    for d in range(len(world.donors)):
        donor = world.donors[d]
        donor.fatigue = clamp(donor.fatigue + p.fatigue * (1.0 - donor.fatigue), 0.0, 1.0)
        deserved = 0.5 * progress + 0.5 * state.legitimacy - p.scandal_on_trust * scandal
        donor.trust = clamp(donor.trust + p.trust_speed * (deserved - donor.trust), 0.0, 1.0)
        target = engagement_target(p.usual_engagement, p.progress_reward * progress, p.trust_reward * donor.trust,
                                   p.scandal_penalty * scandal, p.fatigue_penalty * donor.fatigue)
        # what is committed for years can neither be cut nor raised before its time
        speed = p.engagement_speed / p.horizon
        donor.engagement = clamp(donor.engagement + speed * (target - donor.engagement), 0.0, 2.0)
        spread = shock_spread(p.volatility, p.horizon)
        innovation = spread * math.sqrt(1.0 - p.persistence * p.persistence)
        donor.shock = p.persistence * donor.shock + innovation * normal(draw(now, SHOCK, donor.uid, 0))
        if donor.shock < -max(CUT_IN_SD * spread, p.cut_reported):
            log_event(world.clock, world.events, DONOR_CUT, -1, d, -1, 0.0, 0.0, -1)
        pull_total = plain_total = 0.0
        for s in range(SECTOR_COUNT):
            # what others give is known as far as donors coordinate; otherwise each guesses that they follow need
            known = 0.0
            for other in range(len(world.donors)):
                if other != d:
                    known += before[other].budget * before[other].engagement * before[other].allocation[s]
            expected = (total - world.donors[d].budget) * max(world.sectors[s].year_need, 1.0) / need_total
            guess = expected * 2.0 * draw(now, GUESS, donor.uid, s)
            others = p.coordination * known + (1.0 - p.coordination) * guess
            taste = donor.preference[s] if donor.kind != 2 else world.sectors[s].year_need / need_total
            plain[s] = attraction(taste, max(world.sectors[s].year_need, 1.0), others, p.residual_pull, p.need_weight)
            plain_total += plain[s]
            pulls[s] = plain[s] * tilt(adaptivity, learning.reallocation, world.sectors[s].result)
            pull_total += pulls[s]
        for s in range(SECTOR_COUNT):
            wanted = pulls[s] / pull_total if pull_total > 0.0 else 1.0 / SECTOR_COUNT
            usual = plain[s] / plain_total if plain_total > 0.0 else 1.0 / SECTOR_COUNT
            donor.allocation[s] += (wanted - donor.allocation[s]) / p.horizon
            # a shift that lasts is begun anew only once
            moved[s] += donor.budget * abs(wanted - usual - donor.shift[s]) / p.horizon
            donor.shift[s] = wanted - usual
            held[s] += donor.budget * usual
    for s in range(SECTOR_COUNT):
        # money that follows results does not wait for programmes to end
        world.sectors[s].churn = clamp(moved[s] / held[s], 0.0, 1.0) if held[s] > 0.0 else 0.0


@phase("donors: disbursed", "sectors: need domestic aid useful assessed duplicated funded year_need year_aid "
       "year_useful",
       "ledger: planned spent delivered total leaked", "elites: rents", "groups: money",
       "country: aid_received leaked leakage")
def fund_programmes(world, dt):
    """Plans meet money: domestic budget first, then aid; what is spent, what leaks and what arrives, line by line."""
    p = world.parameters.funding[0]
    state = world.government[0]
    country = world.country[0]
    world.ledger[COORDINATION].planned = p.coordination * p.cost_per_year * dt
    for s in range(SECTOR_COUNT):
        world.sectors[s].need = 0.0
        world.sectors[s].aid = 0.0
        world.sectors[s].domestic = 0.0
        world.sectors[s].assessed = 0.0
    for line in range(LINE_COUNT):
        if SECTOR_OF_LINE[line] >= 0:
            world.sectors[SECTOR_OF_LINE[line]].need += world.ledger[line].planned

    # the state pays wages first
    purse = state.revenue * state.security_share * dt
    wages = world.ledger[PAY_POLICE].planned + world.ledger[PAY_MILITARY].planned
    cover = min(1.0, purse / wages) if wages > 0.0 else 0.0
    world.sectors[POLICE].domestic = cover * world.ledger[PAY_POLICE].planned
    world.sectors[MILITARY].domestic = cover * world.ledger[PAY_MILITARY].planned
    purse = max(0.0, purse - wages)
    rest = 0.0
    for s in range(SECTOR_COUNT):
        rest += world.sectors[s].need - world.sectors[s].domestic
    # of programmes it pays the part it owns, as far as the purse goes
    part = min(state.ownership, purse / rest) if rest > 0.0 else 0.0
    for s in range(SECTOR_COUNT):
        world.sectors[s].domestic += part * (world.sectors[s].need - world.sectors[s].domestic)

    attacks = fear = people = 0.0
    for i in range(len(world.communities)):
        people += world.communities[i].population
        fear += world.communities[i].population * world.communities[i].fear
    attacks = clamp(p.fear_in_insecurity * fear / max(people, 1.0), 0.0, 1.0)
    procurement = world.parameters.procurement[0]
    friction = (p.audit_friction * world.parameters.audit[0].rate + procurement.friction * procurement.transparency)
    open_total = 0.0
    for s in range(SECTOR_COUNT):
        open_total += max(0.0, world.sectors[s].need - world.sectors[s].domestic)
    fixed_cost = p.project_cost * (1.0 - p.pooled_share) * (1.0 - p.joint_programmes * p.coordination) * dt
    aid = 0.0
    for d in range(len(world.donors)):
        donor = world.donors[d]
        paid = (p.level * donor.budget * donor.engagement * dt
                * payment_factor(donor.shock, shock_spread(p.volatility, p.horizon), p.insecurity, attacks, friction))
        donor.disbursed = paid
        aid += paid
        # a programme of its own has a fixed cost, which joint ones share; where that would eat all, and with the share
        # that goes that way anyhow, a donor joins the pool
        pooled = p.pooled_share * paid
        for s in range(SECTOR_COUNT):
            own = (1.0 - p.pooled_share) * paid * donor.allocation[s]
            if own > fixed_cost:
                world.sectors[s].aid += own - fixed_cost
            else:
                pooled += own
        for s in range(SECTOR_COUNT):
            open_need = max(0.0, world.sectors[s].need - world.sectors[s].domestic)
            by_need = open_need / open_total if open_total > 0.0 else 0.0
            world.sectors[s].aid += (1.0 - p.pool_overhead) * pooled * by_need
    country.aid_received += aid

    domestic = 0.0
    keep = decay(1.0, dt)
    for s in range(SECTOR_COUNT):
        sector = world.sectors[s]
        sector.useful = min(sector.aid, max(0.0, sector.need - sector.domestic))
        sector.duplicated = 1.0 - sector.useful / sector.aid if sector.aid > 0.0 else 0.0
        sector.funded = clamp((sector.domestic + sector.useful) / sector.need, 0.0, 1.0) if sector.need > 0.0 else 1.0
        open_need = max(0.0, sector.need - sector.domestic)
        sector.year_need = keep * sector.year_need + (1.0 - keep) * open_need / dt
        sector.year_aid = keep * sector.year_aid + (1.0 - keep) * sector.aid / dt
        sector.year_useful = keep * sector.year_useful + (1.0 - keep) * sector.useful / dt
        domestic += sector.domestic

    diversion = shares = 0.0
    for e in range(len(world.elites)):
        diversion += world.elites[e].share * world.elites[e].diversion
        shares += world.elites[e].share
    aid_share = aid / (aid + domestic) if aid + domestic > 0.0 else 0.0
    detected = world.oversight[0].audit_detection * (1.0 - world.oversight[0].capture)
    spared = clamp(world.parameters.audit[0].deterrence * detected, 0.0, 1.0)
    leak = leakage_of(diversion / shares, aid_share, p.aid_temptation, spared) if shares > 0.0 else 0.0
    wage_leak = p.wage_leak * (1.0 - world.parameters.payroll[0].control)
    learning = world.parameters.learning[0]
    leaked = 0.0
    wage_bill = np.zeros(SECTOR_COUNT)
    wage_bill[POLICE] = world.ledger[PAY_POLICE].planned
    wage_bill[MILITARY] = world.ledger[PAY_MILITARY].planned
    for line in range(LINE_COUNT):
        entry = world.ledger[line]
        if SECTOR_OF_LINE[line] < 0:
            continue
        sector = world.sectors[SECTOR_OF_LINE[line]]
        wage_line = line in (PAY_POLICE, PAY_MILITARY)
        entry.spent = entry.planned * share_paid(sector.domestic + sector.useful, sector.need,
                                                 wage_bill[SECTOR_OF_LINE[line]], wage_line)
        # wages leak less than projects, and hardly where they are paid into verified accounts
        lost = entry.spent * leak * (wage_leak if wage_line else 1.0 - world.oversight[0].open_purchases)
        if line == DISARMAMENT and world.mission[0].troops >= 1.0:
            # a deployed mission runs disarmament itself and pays what is missing from its assessed budget
            lost = 0.0
            sector.assessed = entry.planned - entry.spent
            entry.spent = entry.planned
        arrived = 1.0 if wage_line else (1.0 - learning.start_up * sector.churn) * (1.0 + learning.gain * sector.suited)
        entry.delivered = (clamp(arrived * (entry.spent - lost) / entry.planned, 0.0, 1.0)
                           if entry.planned > 0.0 else 0.0)
        entry.total += entry.spent
        entry.leaked += lost
        leaked += lost
    country.leaked += leaked
    country.leakage = leak * (1.0 - world.oversight[0].open_purchases)
    fighting = 0.0
    for g in range(len(world.groups)):
        fighting += float(world.groups[g].exists)
    to_groups = p.leak_to_groups * leaked if fighting > 0.0 else 0.0
    for g in range(len(world.groups)):
        if world.groups[g].exists == 1:
            world.groups[g].money += to_groups / fighting
    for e in range(len(world.elites)):
        world.elites[e].rents += (leaked - to_groups) * world.elites[e].share / shares
