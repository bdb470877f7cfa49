"""S7 Peacekeeping: the levers of the mission, its strength, price, placement and presence.

The mission restrains violence where it is, guarantees a settlement, shows norms to those it mentors and takes work
from the state. Its effect on relapse is nowhere a multiplier; it comes from those channels.
"""

from typing import ClassVar

import numpy as np

from ssr_sim.batch_draws import choose_place, draw_each
from ssr_sim.draws import stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, choice, lever, uncertain
from ssr_sim.tables import LINES, MISSION_WITHDRAWN, QUIET
from ssr_sim.world import LOG, log_event, phase

MISSION_TROOPS = LINES.index("mission_troops")
MISSION_POLICE = LINES.index("mission_police")
MISSION_MEANS = LINES.index("mission_means")
MISSION_CIVILIANS = LINES.index("mission_civilians")

PLACED = stream(110, "peacekeeping: where a contingent goes")
ZONED = stream(160, "peacekeeping: which communities become safe zones")


# ------------------------------------------------------------------------------------------------- parameters
class Mission(Block):
    """The peacekeeping mission."""

    group: ClassVar[str] = "Mission"

    troops: float = lever(
        1.0, unit="times the plan", lo=0.0, hi=3.0, cost="USD 60,000 per soldier and year (UN)",
        source="the country's mission plan", headline=True, side_effect="Crowds out the state's own effort.",
        help="Troops against the strength the plan foresees for the date.")
    police: float = lever(
        1.0, unit="times the plan", lo=0.0, hi=3.0, cost="USD 100,000 per officer and year",
        source="the country's mission plan", headline=True, side_effect="Crowds out the state's own effort.",
        help="Mission police against the strength the plan foresees for the date.")
    mandate: float = lever(
        1.0, unit="times the mandate as given", lo=0.0, hi=1.5, cost="none", source="the mandate as given",
        side_effect="Robust action costs consent and impartiality.",
        help="Strength of the mandate against the one given.")
    clarity: float = lever(
        1.0, unit="times the clarity as given", lo=0.2, hi=1.5, cost="none", source="the mandate as given",
        side_effect="A clear mandate leaves less room for compromise among its givers.",
        help="Clarity of aims and command against the mandate as given.")
    protection: float = lever(
        0.4, unit="share of effort", lo=0.0, hi=1.0, cost="none beyond troops", source="assumption",
        side_effect="Less effort is left for guarding the settlement.",
        help="Share of effort on protecting civilians with patrols, rather than on the parties.")
    impartiality: float = lever(
        0.7, unit="share 0-1", lo=0.0, hi=1.0, cost="none", source="assumption",
        side_effect="Impartiality towards spoilers lets them act.", help="Even-handedness towards the parties.")
    drawdown_start: float = lever(
        50.0, unit="years after the start", lo=0.0, hi=50.0, cost="saves the mission's cost",
        source="50: as the plan has it", headline=True, side_effect="What was not embedded goes with the mission.",
        help="When an early withdrawal starts.")
    drawdown_months: float = lever(
        24.0, unit="months", lo=1.0, hi=120.0, cost="saves the mission's cost",
        source="evidence D1: 24 months to 10 years", side_effect="A fast exit leaves gaps.",
        help="How long an early withdrawal takes.")
    drawdown_rule: str = choice(
        "calendar", ("calendar", "benchmark"), role="lever", source="evidence E23: exit by date or by conditions",
        help="What a withdrawal follows: dates, or recorded benchmarks from the first date on.")
    force_protection: float = lever(
        0.0, unit="share of effort", lo=0.0, hi=0.8, cost="USD 8,000 per person and year at 1", source="assumption",
        side_effect="Who guards himself is not among the people.",
        help="Share of effort on the mission's own safety, beyond routine.")
    enforcement: float = lever(
        0.0, unit="share 0-1", lo=0.0, hi=1.0, cost="USD 12,000 per soldier and year at 1",
        source="assumption", side_effect="Costs consent and peacekeepers' lives.",
        help="How far troops enforce a ceasefire on groups at war, rather than monitor it.")
    safe_zones: float = lever(
        0.0, unit="share of communities", lo=0.0, hi=0.5, cost="none beyond troops",
        source="Srebrenica 1993-95, Bentiu 2013-20; size is an assumption",
        side_effect="Outside, troops are missing and attacks rise; a zone that fails costs trust in the mission.",
        help="Share of communities in the area of the war that troops guard as safe zones, those in most danger.")
    coordination: float = lever(
        0.0, unit="share 0-1", lo=0.0, hi=1.0, cost="USD 3 million per year at 1", source="assumption",
        side_effect="Abuse by the state's forces falls back on the mission.",
        help="Civil-military coordination with the country's forces: joint cells, procedures, patrols.")
    local_links: float = lever(
        0.0, unit="share of districts", lo=0.0, hi=1.0, cost="USD 50,000 per district and year", source="assumption",
        side_effect="Local people who work with the mission become targets.",
        help="Liaison with local authorities: what they know guides posting and reform.")
    civilians: float = lever(
        0.0, unit="experts / 100 uniformed", lo=0.0, hi=20.0, cost="USD 150,000 per expert and year",
        source="evidence E22 (Blair 2021)", side_effect="Experts do the state's work for it.",
        help="Civilian experts who advise state institutions, beyond the usual staff.")
    colocation: float = lever(
        0.0, unit="share of mission police", lo=0.0, hi=1.0, cost="none beyond police", source="assumption",
        side_effect="Fewer patrols of the mission's own.",
        help="Share of mission police who work in the stations of the country's police.")
    regional_share: float = lever(
        0.0, unit="share of the mission", lo=0.0, hi=1.0, cost="saves half of a UN soldier's cost",
        source="evidence D2: AU soldiers", side_effect="Less equipment; neighbours bring their interests.",
        help="Share led by regional organisations, in a mission that is not regional as given.")
    placement: str = choice(
        "need", ("need", "uniform",
                 "capital"), role="lever", source="Geo-PKO: missions go where violence is, and to capitals",
        help="Where contingents go.")
    foresight: float = uncertain(
        26.0, unit="weeks", lo=0.0, hi=52.0, source="Walter 1997; size is an assumption",
        help="How far ahead the parties look when they judge the mission's strength.", off=0.0)
    cost_per_police: float = uncertain(
        100e3, unit="USD / officer / year", lo=80e3, hi=130e3, source="evidence D2 (M)",
        help="Price of mission police.")
    misconduct_rate: float = uncertain(
        0.004, unit="cases / person / year", lo=0.001, hi=0.01, source="assumption",
        help="Serious misconduct of a peacekeeper of average conduct.", off=0.0)
    consent_time: float = uncertain(
        1.5, unit="years", lo=0.5, hi=3.0, source="assumption", help="Time in which consent follows conduct.", off=1e9)
    crowding: float = uncertain(
        0.25, unit="share 0-1", lo=0.0, hi=0.5, source="assumption",
        help="Share of its own effort a state leaves to a mission of full strength.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def effectiveness_of(mandate, clarity, consent, readiness, clarity_weight, consent_weight):
    """Share (0-1) of strength that has an effect: mandate, clarity of aims, consent and readiness, multiplied.

    A weight (0-1) is the share lost where clarity or consent is 0.
    """
    clear = 1.0 - clarity_weight + clarity_weight * clarity
    welcome = 1.0 - consent_weight + consent_weight * consent
    return clamp(mandate * clear * welcome * readiness, 0.0, 1.0)


@njit
def readiness_of(quality, mobility, quality_weight, mobility_weight):
    """Readiness (0-1) of contingents; a weight (0-1) is the share lost where quality or mobility is 0."""
    return (1.0 - quality_weight + quality_weight * quality) * (1.0 - mobility_weight + mobility_weight * mobility)


@njit
def need_of(people, fighters, attacks, protection):
    """Need for peacekeepers of a place, in remembered attacks; `people` and `fighters` are already in that unit.

    Who protects civilians (`protection`, already times its weight) goes where they are attacked.
    """
    return people + fighters + (1.0 + protection) * attacks


@njit
def willing(caveats, attacks, share, half):
    """Share (0-1) of its effort that a contingent with `caveats` (0-1) gives to a place with `attacks` in memory."""
    return 1.0 - share * caveats * attacks / (attacks + half)


@njit
def patrolling(mobility, protection, base, gain):
    """Share (0-1) of effort that patrols the roads away from the base: more where civilians are to be protected."""
    return base + gain * protection * mobility


@njit
def effort_for_zones(zones, effort, half):
    """Share (0-1) of the troops' effort that guards safe zones in the share `zones` (0-1) of communities."""
    return effort * zones / (zones + half)


@njit
def effort_in_field(force_protection, quality):
    """Share of strength (above 0) at work in the field: what guards the force itself does not, and quality counts."""
    return (1.0 - force_protection) * (0.5 + quality)


@njit
def advice_of(experts, half, at_war, owned):
    """Advice (0-1) that reaches the state from so many `experts` per 100 uniformed: peace and ownership multiply."""
    return experts / (experts + half) * (1.0 - at_war) * owned if experts > 0.0 else 0.0


# ------------------------------------------------------------------------------------------------- phases
@phase("mission: troops police expected_troops effectiveness crowding_out withdrawn advice",
       "contingents: strength mobility", "country: capacity_at_exit trust_at_exit",
       "ledger: planned spent delivered total", *LOG)
def deploy_mission(world, dt):
    """Strength of the day: what was asked for, as far as it is authorised; its price goes to the ledger."""
    p = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    mission = world.mission[0]
    country = world.country[0]
    before = mission.troops + mission.police
    over = 1.0 - world.parameters.mandate[0].binding
    mission.troops = round(min(mission.asked_troops, mission.authorised_troops + over * mission.asked_troops))
    mission.police = round(min(mission.asked_police, mission.authorised_police + over * mission.asked_police))
    # a mandate and an exit are known before they are carried out
    mission.expected_troops = (1.0 - q.look_ahead) * mission.troops + q.look_ahead * mission.later_troops
    if before > 0.0 and mission.troops + mission.police < 1.0:
        log_event(world.clock, world.events, MISSION_WITHDRAWN, -1, -1, -1, 0.0, 0.0, -1)
        mission.withdrawn = 1
        country.capacity_at_exit, country.trust_at_exit = _state_of_police(world.communities, world.police)
    elif mission.troops + mission.police >= 1.0:
        mission.withdrawn = 0
    regional = p.regional_share * (1.0 - mission.regional)
    of_troops = of_police = 0.0
    for i in range(len(world.contingents)):
        if world.contingents[i].police == 1:
            of_police += 1.0
        else:
            of_troops += 1.0
    quality = mobility = 0.0
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        unit.strength = mission.police / of_police if unit.police == 1 else mission.troops / of_troops
        unit.mobility = clamp(unit.mobility + q.mobility_recovery * dt * (1.0 - unit.mobility), 0.0, 1.0)
        quality += unit.quality * (1.0 - q.regional_quality * regional) / len(world.contingents)
        mobility += unit.mobility / len(world.contingents)
    present = 1.0 if mission.troops + mission.police >= 1.0 else 0.0
    mission.effectiveness = present * effectiveness_of(
        clamp(mission.mandate * p.mandate, 0.0, 1.0), clamp(mission.clarity * p.clarity, 0.0, 1.0), mission.consent,
        readiness_of(quality, mobility, q.quality_weight, q.mobility_weight), q.clarity_weight, q.consent_weight)
    size = mission.troops / (mission.troops + q.crowding_half)
    experts = p.civilians * present
    crowded = p.crowding * size
    mission.crowding_out = crowded + (1.0 - crowded) * q.advice_crowding * experts / (experts + q.advice_half)
    fought = country.battle_deaths_52 >= world.parameters.relapse[0].conflict_deaths
    war = 1.0 - q.advice_at_war if country.war_state < QUIET or fought else 0.0
    mission.advice = advice_of(experts, q.advice_half, war, world.government[0].ownership)
    uniformed = mission.troops + mission.police
    price = 1.0 - (1.0 - q.regional_price) * regional
    _pay(world.ledger[MISSION_TROOPS], mission.troops * mission.cost_per_uniformed * price * dt)
    _pay(world.ledger[MISSION_POLICE], mission.police * p.cost_per_police * dt)
    _pay(world.ledger[MISSION_MEANS], (p.force_protection * q.cost_protection * uniformed
                                       + p.enforcement * q.cost_enforcement * mission.troops) * dt)
    _pay(world.ledger[MISSION_CIVILIANS], present * dt * (
        p.coordination * q.cost_coordination + p.local_links * q.cost_links * len(world.communities)
        + 0.01 * experts * uniformed * q.cost_expert))


@njit
def _pay(line, cost):
    """Book `cost` (USD) on a line of the assessed budget, which is always paid in full."""
    line.planned = cost
    line.spent = cost
    line.delivered = 1.0
    line.total += cost


@njit
def _state_of_police(communities, police):
    """Police service and trust in the police, means over people."""
    people = service = trust = 0.0
    for i in range(len(communities)):
        c = communities[i]
        people += c.population
        service += c.population * police[i].service
        trust += c.population * c.trust_police
    return service / max(people, 1.0), trust / max(people, 1.0)


@phase("communities: safe_zone")
def choose_safe_zones(world):
    """The places most in need become safe zones, as many as the mission guards; one that is chosen may be given up."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    n = len(world.communities)
    luck = draw_each(now, ZONED, world.communities["uid"], 0)
    score = np.empty(n)
    inside = 0
    for j in range(n):
        c = world.communities[j]
        fighters = 0.0
        for g in range(len(world.groups)):
            fighters += world.presence[g * n + j].fighters
        # who shelters there counts beside those who live there; a zone is not given up for a little more need elsewhere
        need = need_of((c.population + c.displaced) / q.need_people, fighters / q.need_fighters, c.attacks_in_memory,
                       q.need_protection) + q.zone_standing * c.safe_zone + luck[j]
        score[j] = need if c.at_war_zone >= 0.5 else -1.0
        inside += 1 if c.at_war_zone >= 0.5 else 0
        c.safe_zone = 0
    wanted = int(p.safe_zones * inside + 0.5) if world.mission[0].troops >= 1.0 else 0
    order = np.argsort(-score)
    for k in range(wanted):
        world.communities[order[k]].safe_zone = 1


@phase("contingents: posting")
def place_contingents(world):
    """Contingents go to need, evenly, or to the capital; a Gumbel choice, so that no row order matters."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    n = len(world.communities)
    # who talks to local authorities knows better where he is needed
    error = 1.0 - q.local_information * p.local_links * world.ledger[MISSION_CIVILIANS].delivered
    needs = np.full(n, -1.0)
    for j in range(n):
        c = world.communities[j]
        if c.at_war_zone < 0.5:
            continue
        needs[j] = 1.0
        if p.placement == 2.0:
            needs[j] = c.population ** q.capital_pull
        elif p.placement == 0.0:
            fighters = 0.0
            for g in range(len(world.groups)):
                fighters += world.presence[g * n + j].fighters
            needs[j] = need_of(c.population / q.need_people, fighters / q.need_fighters, c.attacks_in_memory,
                               q.need_protection * p.protection)
    places = world.communities["uid"].copy()
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        best = choose_place(now, PLACED, unit.uid, places, needs, error)
        if best >= 0:
            unit.posting = best


@phase("communities: troops un_police")
def mission_presence(world):
    """Effective peacekeepers in reach: half where the contingent is based, half along the roads by mobility; part of
    the troops guards safe zones, and where soldiers of the state are, coordination adds to them.
    """
    p = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    mission = world.mission[0]
    zones = inside = 0.0
    for j in range(len(world.communities)):
        c = world.communities[j]
        c.troops = 0.0
        c.un_police = 0.0
        zones += float(c.safe_zone)
        inside += 1.0 if c.at_war_zone >= 0.5 else 0.0
    regional = p.regional_share * (1.0 - mission.regional)
    guarding = effort_for_zones(zones / inside, q.zone_effort, q.zone_half) if inside > 0.0 else 0.0
    guards = 0.0
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        if unit.strength <= 0.0:
            continue
        effort = unit.strength * mission.effectiveness * effort_in_field(
            p.force_protection, unit.quality * (1.0 - q.regional_quality * regional))
        if unit.police == 1:
            effort *= 1.0 - q.colocation_cost * p.colocation
        else:
            guards += guarding * effort
            effort *= 1.0 - guarding
        patrols = patrolling(unit.mobility, p.protection, q.patrols, q.patrols_gain)
        home = (1.0 - patrols) * effort
        at = unit.posting
        c = world.communities[at]
        home *= willing(unit.caveats, c.attacks_in_memory, q.caveats, q.caveats_half)
        if unit.police == 1:
            c.un_police += home
        else:
            c.troops += home
        for edge in range(world.roads.starts[at], world.roads.starts[at + 1]):
            c = world.communities[world.roads.targets[edge]]
            away = (patrols * effort * world.roads.weights[edge]
                    * willing(unit.caveats, c.attacks_in_memory, q.caveats, q.caveats_half))
            if unit.police == 1:
                c.un_police += away
            else:
                c.troops += away
    joint = q.joint_gain * p.coordination * world.ledger[MISSION_CIVILIANS].delivered
    for j in range(len(world.communities)):
        c = world.communities[j]
        if c.safe_zone == 1:
            c.troops += guards / zones
        c.troops *= 1.0 + joint * c.soldiers / (c.soldiers + q.joint_half)
