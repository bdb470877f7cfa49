"""S5 Armed groups: the choice of their leaders between war, peace and spoiling.

Each group weighs the value of peace (its share of the settlement times the belief that it will be kept) against the
value of war (odds of the contest, rents, grievance). Two structures make the risk of relapse fall with time at peace:
belief grows with kept promises as a Beta count, and what could be mobilised drains away. The mission enters only
through the contest and as a guarantor, and only while there is a peace to keep; nothing multiplies the hazard.
"""

import math
from typing import ClassVar

from ssr_sim.draws import stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import DEFEAT, LINES, RETURN_TO_WAR, SETTLEMENT, SIGNATORY, SPLINTER, SPOILING
from ssr_sim.world import LOG, draw, log_event, phase

MEDIATION = LINES.index("mediation")

LARGEST_EXPONENT = 12.0  # beyond it a week cannot tell rates apart, and `exp` might overflow

GOES_TO_WAR = stream(70, "armed groups: does it return to war")
SETTLES = stream(71, "armed groups: does it settle")
SPOILS = stream(74, "armed groups: does it spoil")


# ------------------------------------------------------------------------------------------------- parameters
class ArmedGroups(Block):
    """What moves leaders to war, to peace and to spoiling."""

    group: ClassVar[str] = "Model"

    base_rate: float = uncertain(
        0.16, unit="1 / year", lo=0.08, hi=0.24, source="relapse across countries (evidence E01)",
        help="Rate at which a group for whom war and peace are worth the same returns to war.", off=0.0)
    sharpness: float = uncertain(
        7.2, unit="1 / utility", lo=5.0, hi=9.0, source="pilot study",
        help="How sharply the decision answers to the difference between war and peace.", off=0.0)
    contest_exponent: float = uncertain(
        0.82, unit="exponent", lo=0.8, hi=1.2, source="pilot study", help="Decisiveness of the contest.",
        off=0.0)
    grievance_weight: float = uncertain(
        0.77, unit="utility", lo=0.4, hi=0.9, source="pilot study",
        help="Weight of grievance in the value of war.", off=0.0)
    usual_grievance: float = constant(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="assumption",
        help="Grievance of its followers at which a group is drawn neither to war nor to peace.")
    hostility_weight: float = uncertain(
        0.25, unit="utility", lo=0.1, hi=0.4, source="assumption",
        help="Weight of a group's hostility in the value of war, against middling hostility.", off=0.0)
    state_prize: float = uncertain(
        0.5, unit="utility", lo=0.4, hi=0.6, source="pilot study",
        help="What power in the state is worth to the winner.", off=0.0)
    rents_weight: float = uncertain(
        0.6, unit="utility", lo=0.4, hi=0.8, source="pilot study",
        help="Weight of lootable resources in the prize of war.", off=0.0)
    neighbour_weight: float = uncertain(
        0.5, unit="utility", lo=0.2, hi=0.8, source="pilot study",
        help="Weight of support from a dangerous neighbour in the prize of war.", off=0.0)
    peace_weight: float = uncertain(
        1.2, unit="utility", lo=0.8, hi=1.45, source="pilot study",
        help="Value of a fully credible and generous settlement.", off=0.0)
    bare_peace: float = uncertain(
        0.3, unit="share 0-1", lo=0.2, hi=0.4, source="assumption",
        help="Value of peace outside a settlement, or under one that gives nothing, against a generous one.", off=1.0)
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
    faith_from_quiet: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="assumption",
        help="What a quiet year teaches where nothing is implemented, against full implementation.", off=0.0)
    broken_promise: float = uncertain(
        0.5, unit="years", lo=0.25, hi=0.75, source="assumption",
        help="Bad faith that a return to war, or the birth of a splinter, adds.", off=0.0)
    troops_in_contest: float = uncertain(
        5.0, unit="soldiers / peacekeeper", lo=1.2, hi=5.7, source="pilot study",
        help="Weight of one effective peacekeeper in the contest against one soldier of the state.", off=0.0)
    guarantee: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.87, source="Walter; size from the pilot study",
        help="Share of the missing credibility that a very large mission lends.", off=0.0)
    guarantee_half: float = uncertain(
        3500.0, unit="effective peacekeepers", lo=1800.0, hi=8000.0, source="pilot study",
        help="Effective troops for half of the guarantee.")
    consent_to_guard: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption; missions rest on consent (Fortna 2008)",
        help="Share of the guard over a settlement that the group's own consent to the mission decides.", off=0.0)
    protection_cost: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption",
        help="Share of the guard that is lost when all of the mission's effort goes to civilians.", off=0.0)
    usual_protection: float = constant(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption: the lever's default",
        help="Share of effort on civilians that a mission's ordinary weight in the contest contains.")
    war_end: float = uncertain(
        0.45, unit="1 / year", lo=0.3, hi=0.6, source="pilot study", help="Rate at which a group at war settles.",
        off=0.0)
    linkage: float = uncertain(
        2.0, unit="factor", lo=1.0, hi=4.0, source="assumption",
        help="How much sooner a group settles soon after another one has.", off=1.0)
    linkage_weeks: float = constant(
        26.0, unit="weeks", lo=4.0, hi=104.0, source="assumption", help="How long a settlement draws others.")
    parties: float = uncertain(
        0.3, unit="exponent", lo=0.0, hi=0.8, source="Cunningham 2006: more veto players, longer wars (D)",
        help="How much groups at war slow each other's settlement: the rate is divided by their number to this power.",
        off=0.0)
    exhaustion: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.5, source="Zartman 1989 (hurting stalemate); size is an assumption",
        help="How much sooner a group settles that has lost all its men than one that has lost none.", off=0.0)
    usual_losses: float = constant(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Share of its men lost at which a group settles at the plain rate.")
    mediation_effect: float = uncertain(
        0.8, unit="share 0-1", lo=0.3, hi=1.3, source="assumption",
        help="Rise of the rate of settlement under full mediation.", off=0.0)
    holdout_pace: float = uncertain(
        0.6, unit="factor", lo=0.4, hi=0.8, source="assumption",
        help="Rate at which holdouts and splinters settle against a signatory's.", off=1.0)
    beaten_after: float = constant(
        26.0, unit="weeks", lo=4.0, hi=104.0, source="assumption",
        help="Weeks of war after which a group that is too small counts as beaten.")
    tie_half_life: float = uncertain(
        2.5, unit="years", lo=1.5, hi=4.9, source="pilot study; E26",
        help="Half-life of the ties between commanders and former fighters.", off=1e6)
    ties_of_war: float = uncertain(
        0.3, unit="share 0-1", lo=0.15, hi=0.45, source="assumption", help="Ties that a return to war restores.",
        off=0.0)
    recall_waiting: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.8, source="assumption; Daly, Paler and Samii 2020 on ties",
        help="Share of former fighters without a livelihood who follow a call under full ties.", off=0.0)
    recall_settled: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.4, source="assumption; Daly, Paler and Samii 2020 on ties",
        help="Share of reintegrated fighters who follow a call under full ties.", off=0.0)
    mobilised: float = uncertain(
        0.6, unit="share 0-1", lo=0.5, hi=0.7, source="pilot study",
        help="Share of its people that a group of middling cohesion can lead into the contest.")
    cohesion_effect: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, source="assumption",
        help="Rise of that share from none to full cohesion.", off=0.0)
    smallest: float = constant(
        15.0, unit="fighters", lo=1.0, hi=100.0, source="assumption",
        help="Below this a group cannot go to war, and after some time of war it is beaten.")
    unarmed: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption",
        help="What a fighter without a weapon is worth against one with a weapon.", off=1.0)
    spoiler_rate: float = uncertain(
        0.045, unit="1 / year", lo=0.02, hi=0.07, source="evidence E14 (Reiter 2016: 22-33 %)",
        help="Rate of spoiling by a group indifferent between war and peace.", off=0.0)
    spoiler_sharpness: float = uncertain(
        0.3, unit="share 0-1", lo=0.15, hi=0.45, source="assumption; evidence E14: few spoilers end an accord",
        help="How sharply spoiling answers to war against peace, by the sharpness of a return to war.", off=0.0)
    spoiling_unrest: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.5, source="assumption",
        help="Rise of spoiling from content to fully dissatisfied commanders, about middling unrest.", off=0.0)
    election_season: float = uncertain(
        3.0, unit="factor", lo=1.5, hi=4.5, source="assumption; Reiter 2016 on vulnerable moments",
        help="Rise of spoiling in the weeks before an election.", off=1.0)
    season_weeks: float = constant(
        26.0, unit="weeks", lo=4.0, hi=104.0, source="assumption", help="How long before an election spoilers stir.")
    spoiler_size: float = constant(
        50.0, unit="fighters", lo=1.0, hi=500.0, source="assumption",
        help="A group with no more fighters forms no spoiling cell.")
    spoiling_weeks: float = uncertain(
        26.0, unit="weeks", lo=8.0, hi=40.0, source="assumption", help="How long a spoiling cell lasts.")
    unrest_rate: float = uncertain(
        1.0, unit="1 / year", lo=0.5, hi=1.5, source="assumption",
        help="How fast the unrest of commanders follows what peace gives them.", off=0.0)
    shock_sd: float = uncertain(
        0.165, unit="utility", lo=0.1, hi=0.28, source="pilot study",
        help="Spread of country-wide shocks to the value of war.", off=0.0)
    shock_weight: float = uncertain(
        0.5, unit="utility", lo=0.3, hi=0.7, source="assumption",
        help="Weight of country-wide shocks in the value of war.", off=0.0)


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
def guard(troops, consent, consent_weight):
    """Effective peacekeepers that guard the settlement against a group whose consent (0-1) decides a part of it."""
    return troops * (1.0 - consent_weight + consent_weight * consent)


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
    """Utility of war; all but `odds` are weighted, `grievance` and `hostility` centred too."""
    return odds * prize + grievance + hostility + shock


@njit
def value_of_peace(weight, credibility, settlement, bare, exclusion, exclusion_weight, signed):
    """Utility of peace; a group outside the settlement has the share `bare` of it, one inside rises from there."""
    if not signed:
        return bare * weight * credibility
    return weight * credibility * (bare + (1.0 - bare) * settlement) * (1.0 - exclusion_weight * exclusion)


@njit
def war_rate(base, sharpness, war, peace):
    """Rate (1/year) at which a group returns to war."""
    return base * math.exp(min(sharpness * (war - peace), LARGEST_EXPONENT))


@njit
def settlement_rate(base, losses, exhaustion, mediation, linkage, pace):
    """Rate (1/year) at which a group at war settles: `losses` against the usual (share of its men), `mediation`
    already weighted, `linkage` and `pace` are factors.
    """
    return base * max(0.0, 1.0 + exhaustion * losses + mediation) * linkage * pace


@njit
def patience_of_many(parties, exponent):
    """Factor (0-1) on the pace of settlement when `parties` (1 and more) groups are at war: each may hold out."""
    return parties ** -exponent


# ------------------------------------------------------------------------------------------------- phases
@phase("groups: mobilisable exclusion assurance credibility good_faith ties war_utility peace_utility unrest fighters "
       "smouldering")
def groups_weigh(world, dt):
    """Each group's view of the country: what war and peace are worth to it now."""
    p = world.parameters.armed_groups[0]
    state = world.government[0]
    mission = world.mission[0]
    n = len(world.communities)
    # troops that patrol for civilians do not guard the settlement
    elsewhere = p.protection_cost * (world.parameters.mission[0].protection - p.usual_protection)
    guarding = mission.expected_troops * mission.effectiveness * (1.0 - elsewhere)

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
            group.good_faith += p.belief_learning * (p.faith_from_quiet + state.implementation) * dt
        group.credibility = belief(group.good_faith, group.bad_faith, p.belief_prior_good, p.belief_prior_bad)
        # grievance is kept here until the contest is known; the value of war is completed below
        group.war_utility = grievance
        people = fighters + group.ties * (p.recall_waiting * former + p.recall_settled * settled)
        led = clamp(p.mobilised + p.cohesion_effect * (group.cohesion - 0.5), 0.0, 1.0)
        group.mobilisable = led * people * worth_of_arms(people, group.weapons, p.unarmed)
        if group.at_war == 1:
            fighting += group.mobilisable

    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        # troops count in the contest, and guarantee, only while there is a peace to keep
        kept = guard(guarding, group.consent, p.consent_to_guard) if group.at_war == 0 else 0.0
        # a group fights beside those already at war; those at peace it cannot count on
        allied = fighting if group.at_war == 1 else fighting + group.mobilisable
        odds = contest(allied, state.strength + p.troops_in_contest * kept, p.contest_exponent)
        prize = (p.state_prize + p.rents_weight * state.resource_rents
                 + p.neighbour_weight * max(group.sponsor, state.neighbour))
        group.war_utility = value_of_war(odds, prize, p.grievance_weight * (group.war_utility - p.usual_grievance),
                                         p.hostility_weight * (group.hostility - 0.5), p.shock_weight * state.shock)
        group.assurance = guaranteed(group.credibility, p.guarantee, kept, p.guarantee_half)
        group.peace_utility = value_of_peace(p.peace_weight, group.assurance, state.settlement, p.bare_peace,
                                             group.exclusion, p.exclusion_weight, group.stance == SIGNATORY)
        # growing incomes are worth something to whoever does not fight
        group.peace_utility += state.dividend
        gain = clamp(state.implementation * (1.0 - group.exclusion), 0.0, 1.0)
        group.unrest = clamp(
            group.unrest + dt * p.unrest_rate * ((1.0 - gain) * (1.0 - group.cohesion) - group.unrest), 0.0, 1.0)


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
    at_war = 0.0
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 1 and group.at_war == 1:
            at_war += 1.0
        if (group.exists == 1 and group.at_war == 0 and group.last_event >= 0
                and 0 < group.weeks_in_state <= p.linkage_weeks):
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
                group.bad_faith += p.broken_promise
                group.good_faith = 0.0
                group.ties = clamp(group.ties + p.ties_of_war, 0.0, 1.0)
                group.spoiling = 0.0
                group.strength_at_peace = max(group.strength_at_peace, group.fighters)
                group.last_event = _note(world.clock, world.events, rows, RETURN_TO_WAR, g, -1,
                                         _recent_abuse(world.presence, world.communities, g))
                continue
            if group.stance == SIGNATORY and group.spoiling <= 0.0 and group.fighters > p.spoiler_size:
                season = p.election_season if world.government[0].elected_weeks < p.season_weeks else 1.0
                restless = max(0.0, 1.0 + p.spoiling_unrest * (group.unrest - 0.5))
                rate = season * restless * war_rate(p.spoiler_rate, p.spoiler_sharpness * p.sharpness,
                                                    group.war_utility, group.peace_utility)
                if draw(now, SPOILS, group.uid, 0) < rate_to_probability(rate, dt):
                    group.spoiling = p.spoiling_weeks
                    country.spoiling += 1
                    group.last_event = _note(world.clock, world.events, rows, SPOILING, g, -1, -1)
        else:
            losses = 1.0 - clamp(group.fighters / max(group.strength_at_peace, 1.0), 0.0, 1.0)
            # past crimes are what an amnesty can forgive: it has nothing for those who break a settlement
            pace = 1.0 if group.stance == SIGNATORY else p.holdout_pace * (1.0 + amnesty)
            pace *= patience_of_many(at_war, p.parties)
            rate = settlement_rate(p.war_end, losses - p.usual_losses, p.exhaustion, p.mediation_effect * mediation,
                                   p.linkage if settled_lately else 1.0, pace)
            if group.fighters < p.smallest and group.weeks_in_state >= p.beaten_after:
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
