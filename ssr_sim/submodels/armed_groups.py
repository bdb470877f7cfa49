"""S5 Armed groups: war or peace, recruitment, finance, splits and spoilers.

Each group weighs the value of peace (its share of the settlement times the belief that it will be kept) against the
value of war (odds of the contest, rents, grievance). Two structures make the risk of relapse fall with time at peace:
belief grows with kept promises as a Beta count, and what could be mobilised drains away. The mission enters only
through the contest and as a guarantor, and only while there is a peace to keep; nothing multiplies the hazard.
"""

import math
from typing import ClassVar

from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import DEFEAT, LINES, RETURN_TO_WAR, SETTLEMENT, SIGNATORY, SPLINTER, SPLIT, SPOILING
from ssr_sim.world import LOG, draw, log_event, phase

MEDIATION = LINES.index("mediation")

HALF_YEAR = 26  # weeks

GOES_TO_WAR = stream(70, "armed groups: does it return to war")
SETTLES = stream(71, "armed groups: does it settle")
SPLITS = stream(72, "armed groups: does it split")
SPLIT_SIZE = stream(73, "armed groups: share that leaves with the splinter")
SPOILS = stream(74, "armed groups: does it spoil")
RECRUITED = stream(75, "armed groups: recruits")
DESERTED = stream(76, "armed groups: unpaid fighters who leave")
SPLIT_ROW = stream(78, "armed groups: fighters of this place who leave with the splinter")


# ------------------------------------------------------------------------------------------------- parameters
class ArmedGroups(Block):
    """What moves leaders to war and fighters to join. Sources: pilot study where not named."""

    group: ClassVar[str] = "Model"

    base_rate: float = uncertain(
        0.16, unit="1 / year", lo=0.08, hi=0.24, source="relapse across countries (evidence E01)",
        help="Rate at which a group for whom war and peace are worth the same returns to war.", off=0.0)
    sharpness: float = uncertain(
        7.2, unit="1 / utility", lo=5.0, hi=9.0, source="pilot study",
        help="How sharply the decision answers to the difference between war and peace.")
    contest_exponent: float = uncertain(
        0.82, unit="exponent", lo=0.8, hi=1.2, source="pilot study", help="Decisiveness of the contest.")
    grievance_weight: float = uncertain(
        0.77, unit="utility", lo=0.4, hi=0.9, source="pilot study",
        help="Weight of grievance in the value of war.", off=0.0)
    rents_weight: float = uncertain(
        0.6, unit="utility", lo=0.4, hi=0.8, source="pilot study",
        help="Weight of lootable resources in the prize of war.", off=0.0)
    neighbour_weight: float = uncertain(
        0.5, unit="utility", lo=0.2, hi=0.8, source="pilot study",
        help="Weight of support from a dangerous neighbour in the prize of war.", off=0.0)
    peace_weight: float = uncertain(
        1.2, unit="utility", lo=0.8, hi=1.45, source="pilot study",
        help="Value of a fully credible and generous settlement.")
    exclusion_weight: float = uncertain(
        0.8, unit="share 0-1", lo=0.5, hi=0.9, source="evidence E07 (Call 2012; Cederman et al. 2010)",
        help="Share of the value of peace that full exclusion takes away.", off=0.0)
    belief_prior_good: float = uncertain(
        0.5, unit="years", lo=0.3, hi=0.8, source="pilot study",
        help="Weight of initial good faith in the belief that the settlement will be kept.")
    belief_prior_bad: float = uncertain(
        2.4, unit="years", lo=1.6, hi=4.0, source="pilot study", help="Weight of initial distrust.")
    belief_learning: float = uncertain(
        2.8, unit="1 / year", lo=2.5, hi=4.0, source="pilot study",
        help="How fast kept promises count, with full implementation.", off=0.0)
    troops_in_contest: float = uncertain(
        5.0, unit="soldiers / peacekeeper", lo=1.2, hi=5.7, source="pilot study",
        help="Weight of one effective peacekeeper in the contest against one soldier of the state.", off=0.0)
    guarantee: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.87, source="Walter; size from the pilot study",
        help="Share of the missing credibility that a very large mission lends.", off=0.0)
    guarantee_half: float = uncertain(
        3500.0, unit="effective peacekeepers", lo=1800.0, hi=8000.0, source="pilot study",
        help="Effective troops for half of the guarantee.")
    war_end: float = uncertain(
        0.45, unit="1 / year", lo=0.3, hi=0.6, source="pilot study", help="Rate at which a group at war settles.",
        off=0.0)
    linkage: float = uncertain(
        2.0, unit="factor", lo=1.0, hi=4.0, source="assumption",
        help="How much sooner a group settles within half a year of another one's settlement.", off=1.0)
    tie_half_life: float = uncertain(
        2.5, unit="years", lo=1.5, hi=4.9, source="pilot study; E26",
        help="Half-life of the ties between commanders and former fighters.")
    drift: float = uncertain(
        0.15, unit="1 / year", lo=0.05, hi=0.3, source="pilot study",
        help="Fighters who go home at peace without any programme.", off=0.0)
    recruitment: float = uncertain(
        1.2, unit="recruits / old fighter", lo=0.8, hi=1.6, source="pilot study",
        help="Fresh recruits that a group at war can win at full grievance, against its old strength.", off=0.0)
    mobilisation_time: float = uncertain(
        0.5, unit="years", lo=0.25, hi=1.0, source="pilot study", help="Time in which a group at war fills its ranks.")
    idle_weight: float = uncertain(
        0.05, unit="share 0-1", lo=-0.1, hi=0.2, source="evidence E30: unemployment alone explains little",
        help="Pull on recruits where nobody has work, by the full scale of grievance; 0 switches it off.")
    idle_norm: float = uncertain(
        0.55, unit="share 0-1", lo=0.4, hi=0.7, source="assumption",
        help="Share without work at which idleness neither adds to recruitment nor takes from it.")
    mobilisation_limit: float = uncertain(
        0.04, unit="share of youth", lo=0.02, hi=0.08, source="assumption",
        help="Share of a place's youth that can be under arms in one group.")
    upkeep: float = uncertain(
        40.0, unit="USD / fighter / month", lo=15.0, hi=100.0, source="assumption",
        help="What a fighter has to receive to stay.")
    smallest: float = constant(
        15.0, unit="fighters", lo=1.0, hi=100.0, source="assumption",
        help="Below this a group cannot go to war, and after half a year of war it is beaten.")
    unarmed: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption",
        help="What a fighter without a weapon is worth against one with a weapon.", off=1.0)
    weapon_price: float = uncertain(
        300.0, unit="USD / weapon", lo=100.0, hi=1000.0, source="assumption",
        help="What a group pays for a weapon in nobody's organised hands.")
    desertion: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, source="assumption", help="Fighters who leave a group that cannot pay.",
        off=0.0)
    split_rate: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, source="assumption",
        help="Rate of a split when commanders are fully dissatisfied and a split is latent.", off=0.0)
    spoiler_rate: float = uncertain(
        0.02, unit="1 / year", lo=0.008, hi=0.04, source="evidence E14 (Reiter 2016: 22-33 %)",
        help="Rate of spoiling by a group indifferent between war and peace.", off=0.0)
    spoiling_weeks: float = uncertain(
        26.0, unit="weeks", lo=8.0, hi=40.0, source="assumption", help="How long a spoiling cell lasts.")
    shock_sd: float = uncertain(
        0.165, unit="utility", lo=0.1, hi=0.28, source="pilot study",
        help="Spread of country-wide shocks to the value of war.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def belief(good, bad, prior_good, prior_bad):
    """Belief (0-1) that the settlement will be kept: Beta mean of kept and broken promises (years)."""
    return (prior_good + good) / (prior_good + prior_bad + good + bad)


@njit
def guaranteed(credibility, guarantee, troops, half):
    """Belief (0-1) with a guarantor of `troops` effective peacekeepers."""
    return credibility + (1.0 - credibility) * guarantee * troops / (troops + half)


@njit
def fighting_strength(soldiers, arrears, professionalism, equipment, corrupt):
    """Strength of an army unit, in soldiers of a middling force: what is unpaid, untrained or sold does not fight."""
    at_post = clamp(0.95 - 0.05 * arrears, 0.3, 1.0)
    return soldiers * at_post * (0.8 + 0.8 * professionalism) * (0.85 + 0.5 * equipment) * (1.0 - 0.3 * corrupt)


@njit
def worth_of_arms(people, weapons, unarmed):
    """Factor (0-1) on the strength of `people` who share so many weapons; without any they are worth `unarmed`."""
    return unarmed + (1.0 - unarmed) * min(1.0, weapons / people) if people > 0.0 else 1.0


@njit
def contest(rebels, state, exponent):
    """Odds (0-1) that the rebels win: R^e / (R^e + S^e)."""
    if rebels <= 0.0:
        return 0.0
    return 1.0 / (1.0 + (max(state, 0.0) / rebels) ** exponent)


@njit
def value_of_war(odds, prize, grievance, hostility, shock):
    """Utility of war; `grievance` and `hostility` are already weighted and centred."""
    return odds * prize + grievance + hostility + 0.5 * shock


@njit
def value_of_peace(weight, credibility, settlement, exclusion, exclusion_weight, signed):
    """Utility of peace; a group outside the settlement has little of it."""
    if not signed:
        return 0.3 * weight * credibility
    return weight * credibility * (0.3 + 0.7 * settlement) * (1.0 - exclusion_weight * exclusion)


@njit
def war_rate(base, sharpness, war, peace):
    """Rate (1/year) at which a group returns to war."""
    return base * math.exp(min(sharpness * (war - peace), 12.0))


@njit
def strength_sought(old_strength, recruitment, grievance, fear_of_state, idleness, cooperation):
    """Fighters a group at war can reach in a place: its old strength, and fresh recruits as grievance and fear of the
    state draw them, less where people inform the police (all shares 0-1); `idleness` is weighted and centred.
    """
    pull = clamp(grievance + 0.3 * fear_of_state + idleness, 0.0, 1.0)
    return old_strength * (1.0 + recruitment * pull * (1.0 - 0.5 * cooperation))


# ------------------------------------------------------------------------------------------------- phases
@phase("groups: mobilisable exclusion assurance credibility good_faith ties war_utility peace_utility unrest fighters "
       "smouldering")
def groups_weigh(world, dt):
    """Each group's view of the country: what war and peace are worth to it now."""
    p = world.parameters.armed_groups[0]
    state = world.government[0]
    mission = world.mission[0]
    n = len(world.communities)
    force = 0.0
    for i in range(len(world.military)):
        unit = world.military[i]
        if unit.striking <= 0.0:
            force += fighting_strength(unit.staff, unit.arrears, unit.professionalism, unit.equipment, unit.corrupt)
    for i in range(n):
        force += 0.25 * world.police[i].staff * world.police[i].present
    # troops that patrol for civilians do not guard the settlement
    guarding = mission.expected_troops * mission.effectiveness * (1.2 - 0.5 * world.parameters.mission[0].protection)

    fighting = 0.0
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        fighters = excited = former = settled = exclusion = base = grievance = 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            cohort = world.cohorts[g * n + j]
            fighters += row.fighters
            excited += row.excitation
            former += cohort.disarmed + cohort.demobilised
            settled += cohort.reintegrated
            if row.base > 0.0:
                base += row.base
                exclusion += row.base * world.communities[j].excluded
                grievance += row.base * world.communities[j].grievance
        group.fighters = fighters
        group.smouldering = excited
        if base > 0.0:
            group.exclusion = clamp(exclusion / base, 0.0, 1.0)
            grievance /= base
        group.ties = clamp(group.ties * decay(p.tie_half_life / math.log(2.0), dt), 0.0, 1.0)
        if group.at_war == 0:
            group.good_faith += p.belief_learning * (0.35 + state.implementation) * dt
        group.credibility = belief(group.good_faith, group.bad_faith, p.belief_prior_good, p.belief_prior_bad)
        # grievance is kept here until the contest is known; the value of war is completed below
        group.war_utility = grievance
        people = fighters + group.ties * (0.6 * former + 0.25 * settled)
        group.mobilisable = (0.3 + 0.6 * group.cohesion) * people * worth_of_arms(people, group.weapons, p.unarmed)
        if group.at_war == 1:
            fighting += group.mobilisable

    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        # troops count in the contest, and guarantee, only while there is a peace to keep
        kept = guarding * (0.5 + 0.5 * group.consent) if group.at_war == 0 else 0.0
        # a group fights beside those already at war; those at peace it cannot count on
        allied = fighting if group.at_war == 1 else fighting + group.mobilisable
        odds = contest(allied, force + p.troops_in_contest * kept, p.contest_exponent)
        prize = 0.5 + p.rents_weight * state.resource_rents + p.neighbour_weight * max(group.sponsor, state.neighbour)
        group.war_utility = value_of_war(odds, prize, p.grievance_weight * (group.war_utility - 0.35),
                                         0.25 * (group.hostility - 0.5), state.shock)
        group.assurance = guaranteed(group.credibility, p.guarantee, kept, p.guarantee_half)
        group.peace_utility = value_of_peace(p.peace_weight, group.assurance, state.settlement, group.exclusion,
                                             p.exclusion_weight, group.stance == SIGNATORY)
        # growing incomes are worth something to whoever does not fight
        group.peace_utility += state.dividend
        gain = clamp(state.implementation * (1.0 - group.exclusion), 0.0, 1.0)
        group.unrest = clamp(group.unrest + dt * ((1.0 - gain) * (1.0 - group.cohesion) - group.unrest), 0.0, 1.0)


@phase("groups: at_war weeks_in_state bad_faith good_faith strength_at_peace stance ties spoiling last_event exists "
       "fighters weapons",
       "presence: fighters excitation", "communities: gangs", "country: spoiling weapons_loose", *LOG)
def groups_decide(world):
    """War, peace, spoiling, defeat: at most one such turn for a group in a week."""
    now = world.clock[0]
    p = world.parameters.armed_groups[0]
    dt = world.clock[0].dt
    country = world.country[0]
    n = len(world.communities)
    mediation = world.parameters.politics[0].mediation * world.ledger[MEDIATION].delivered
    if world.mission[0].troops >= 1.0:
        mediation *= 1.0 + (world.parameters.peacekeeping[0].regional_mediation
                            * world.parameters.mission[0].regional_share * (1.0 - world.mission[0].regional))
    amnesty = world.parameters.transitional_justice[0].amnesty * world.parameters.transitional_justice[0].amnesty_pull
    settled_lately = False
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 1 and group.at_war == 0 and 0 < group.weeks_in_state <= 26 and group.last_event >= 0:
            settled_lately = True
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        rows = world.presence[g * n:(g + 1) * n]
        group.weeks_in_state += 1
        group.spoiling = max(0.0, group.spoiling - 1.0)
        if group.at_war == 0:
            rate = war_rate(p.base_rate, p.sharpness, group.war_utility, group.peace_utility)
            if group.mobilisable >= p.smallest and draw(now, GOES_TO_WAR, group.uid, 0) < rate_to_probability(rate, dt):
                group.at_war = 1
                group.weeks_in_state = 0
                group.bad_faith += 0.5
                group.good_faith = 0.0
                group.ties = clamp(group.ties + 0.3, 0.0, 1.0)
                group.spoiling = 0.0
                group.strength_at_peace = max(group.strength_at_peace, group.fighters)
                group.last_event = _note(world.clock, world.events, rows, RETURN_TO_WAR, g, -1,
                                         _recent_abuse(world.presence, world.communities, g))
                continue
            if group.stance == SIGNATORY and group.spoiling <= 0.0 and group.fighters > 50.0:
                vulnerable = 3.0 if world.government[0].elected_weeks < 26.0 else 1.0
                rate = vulnerable * (0.5 + group.unrest) * war_rate(p.spoiler_rate, 0.5 * p.sharpness,
                                                                    group.war_utility, group.peace_utility)
                if draw(now, SPOILS, group.uid, 0) < rate_to_probability(rate, dt):
                    group.spoiling = p.spoiling_weeks
                    country.spoiling += 1
                    group.last_event = _note(world.clock, world.events, rows, SPOILING, g, -1, -1)
        else:
            losses = 1.0 - clamp(group.fighters / max(group.strength_at_peace, 1.0), 0.0, 1.0)
            rate = p.war_end * (0.6 + losses + 0.8 * mediation) * (p.linkage if settled_lately else 1.0)
            if group.stance != SIGNATORY:
                # past crimes are what an amnesty can forgive: it has nothing for those who break a settlement
                rate *= 0.6 * (1.0 + amnesty)
            if group.fighters < p.smallest and group.weeks_in_state >= HALF_YEAR:
                _disband(world.presence, world.communities, g)
                country.weapons_loose += group.weapons  # a splinter may take this row: its arms stay among the people
                group.weapons = 0.0
                group.fighters = 0.0
                group.at_war = 0
                group.exists = 0 if group.stance == SPLINTER else 1
                group.weeks_in_state = 0
                group.last_event = _note(world.clock, world.events, rows, DEFEAT, g, -1, group.last_event)
            elif draw(now, SETTLES, group.uid, 0) < rate_to_probability(rate, dt):
                group.at_war = 0
                group.stance = SIGNATORY
                group.weeks_in_state = 0
                group.strength_at_peace = group.fighters
                group.last_event = _note(world.clock, world.events, rows, SETTLEMENT, g, -1,
                                         group.last_event)


@njit
def _note(clock, events, rows, kind, g, other, parent):
    """Log an event of group `g`, with presence `rows`, where most of it is; returns the event's number."""
    return log_event(clock, events, kind, _largest_base(rows), g, other, 0.0, 0.0, parent)


@njit
def _largest_base(rows):
    """Community where a group with presence `rows` has most fighters, or most followers; -1 if nowhere."""
    best = -1
    most = 0.0
    for j in range(len(rows)):
        here = rows[j].fighters + rows[j].base
        if here > most:
            most = here
            best = j
    return best


@njit
def _recent_abuse(presence, communities, g):
    """Latest abuse by the state among the followers of group `g` in the event log; -1 none."""
    n = len(communities)
    latest = -1
    for j in range(n):
        if presence[g * n + j].base > 0.0:
            latest = max(latest, communities[j].last_abuse)
    return latest


@njit
def _disband(presence, communities, g):
    """The last fighters of a beaten group melt into the gangs of their places."""
    n = len(communities)
    for j in range(n):
        row = presence[g * n + j]
        communities[j].gangs += row.fighters
        row.fighters = 0.0
        row.excitation = 0.0


@phase("presence: fighters", "communities: population", "groups: money fighters weapons", "country: home weapons_loose")
def groups_recruit(world, dt):
    """Groups at war draw recruits and arm them; all have to pay their fighters; at peace fighters go home by
    themselves.
    """
    now = world.clock[0]
    p = world.parameters.armed_groups[0]
    n = len(world.communities)
    country = world.country[0]
    buyers = 0.0
    for g in range(len(world.groups)):
        buyers += world.groups[g].exists * world.groups[g].at_war
    on_offer = float(int(country.weapons_loose / max(buyers, 1.0)))
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        group.money += (group.income * (1.0 if group.at_war == 1 else 0.3) + 2e6 * group.sponsor) * dt
        bill = group.fighters * p.upkeep * 12.0 * dt * (1.0 if group.at_war == 1 else 0.25)
        unpaid = clamp(1.0 - group.money / bill, 0.0, 1.0) if bill > 0.0 else 0.0
        group.money = max(0.0, group.money - bill)
        total = 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            if row.fighters <= 0.0 and (group.at_war == 0 or row.base <= 0.0):
                continue
            c = world.communities[j]
            leaving = p.desertion * unpaid
            if group.at_war == 0:
                leaving += p.drift
            gone = binomial(int(row.fighters), rate_to_probability(leaving, dt), draw(now, DESERTED, row.uid, 0))
            row.fighters -= gone
            c.population += gone
            country.home += gone
            if group.at_war == 1:
                youth = int(c.population * c.youth)
                limit = p.mobilisation_limit * youth
                idleness = p.idle_weight * (1.0 - c.jobs - c.projects - p.idle_norm)
                sought = min(limit, strength_sought(group.strength_at_peace * row.base, p.recruitment, c.grievance,
                                                    c.anger, idleness, c.cooperation))
                mean = max(0.0, sought - row.fighters) * (1.0 - decay(p.mobilisation_time, dt)) * (1.0 - unpaid)
                if youth > 0 and mean > 0.0:
                    new = binomial(youth, min(1.0, mean / youth), draw(now, RECRUITED, row.uid, 0))
                    row.fighters += new
                    c.population -= new
            total += row.fighters
        group.fighters = total
        if group.at_war == 1:
            arms = float(int(min(max(0.0, total - group.weapons), on_offer, group.money / p.weapon_price)))
            group.weapons += arms
            group.money -= arms * p.weapon_price
            country.weapons_loose -= arms


@phase("groups: exists parent stance at_war weeks_in_state weapons money income cohesion unrest splinter_risk "
       "breakaway consent "
       "sponsor exclusion hostility good_faith bad_faith credibility assurance campaign fighters "
       "strength_at_peace ties spoiling last_event war_utility peace_utility smouldering",
       "presence: fighters base", "country: splits", *LOG)
def groups_split(world, dt):
    """Commanders who gain little may take their men and fight on as a splinter, if a row of the table is free."""
    now = world.clock[0]
    p = world.parameters.armed_groups[0]
    n = len(world.communities)
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0 or group.stance == SPLINTER or group.fighters < 100.0:
            continue
        rate = p.split_rate * group.splinter_risk * group.unrest * (1.0 - 0.5 * group.cohesion)
        if group.breakaway == 0.0 and draw(now, SPLITS, group.uid, 0) >= rate_to_probability(rate, dt):
            continue
        place = -1
        for other in range(len(world.groups)):
            if world.groups[other].exists == 0 and place < 0:
                place = other
        if place < 0:
            continue
        taken = group.breakaway if group.breakaway > 0.0 else 0.08 + 0.12 * draw(now, SPLIT_SIZE, group.uid, 0)
        group.breakaway = 0.0
        splinter = world.groups[place]
        moved = 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            new = world.presence[place * n + j]
            leaving = binomial(int(row.fighters), taken, draw(now, SPLIT_ROW, row.uid, 0))
            row.fighters -= leaving
            new.fighters += leaving
            new.base = row.base
            moved += leaving
        group.fighters -= moved
        splinter.exists = 1
        splinter.parent = g
        splinter.stance = SPLINTER
        splinter.at_war = 1
        splinter.weeks_in_state = 0
        arms = float(int(group.weapons * taken))
        splinter.weapons = arms
        group.weapons -= arms
        splinter.money = group.money * taken
        group.money -= splinter.money
        splinter.income = group.income * taken
        group.income -= splinter.income
        splinter.cohesion = group.cohesion
        splinter.unrest = 0.0
        splinter.splinter_risk = 0.0
        splinter.breakaway = 0.0
        splinter.consent = 0.5 * group.consent
        splinter.sponsor = group.sponsor
        splinter.exclusion = group.exclusion
        splinter.hostility = clamp(group.hostility + 0.1, 0.0, 1.0)
        splinter.good_faith = 0.0
        splinter.bad_faith = group.bad_faith + 0.5
        splinter.credibility = group.credibility
        splinter.assurance = group.assurance
        splinter.campaign = 0.0
        splinter.fighters = moved
        splinter.strength_at_peace = moved
        splinter.ties = group.ties
        splinter.spoiling = 0.0
        splinter.smouldering = 0.0
        splinter.war_utility = group.war_utility
        splinter.peace_utility = group.peace_utility
        group.splinter_risk = 0.5 * group.splinter_risk
        group.unrest = 0.0
        splinter.last_event = _note(world.clock, world.events, world.presence[place * n:(place + 1) * n], SPLIT,
                                    place, g, group.last_event)
        world.country[0].splits += 1
