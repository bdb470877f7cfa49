"""S7 Peacekeeping: strength, placement, presence, consent and misconduct, drawdown.

The mission restrains violence where it is, guarantees a settlement, shows norms to those it mentors and takes work
from the state. Its effect on relapse is nowhere a multiplier; it comes from those channels.
"""

import math
from typing import ClassVar

from ssr_sim.draws import poisson, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, choice, lever, uncertain
from ssr_sim.tables import LINES, MISSION_MISCONDUCT, MISSION_WITHDRAWN
from ssr_sim.world import LOG, draw, log_event, phase

MISSION_TROOPS = LINES.index("mission_troops")
MISSION_POLICE = LINES.index("mission_police")

PLACED = stream(110, "peacekeeping: where a contingent goes")
MISCONDUCT = stream(111, "peacekeeping: misconduct")


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
    placement: str = choice(
        "need", ("need", "uniform",
                 "capital"), role="lever", source="Geo-PKO: missions go where violence is, and to capitals",
        help="Where contingents go.")
    foresight: float = uncertain(
        26.0, unit="weeks", lo=0.0, hi=52.0, source="Walter 1997; size is an assumption",
        help="How far ahead the parties look when they judge the mission's strength.")
    cost_per_police: float = uncertain(
        100e3, unit="USD / officer / year", lo=80e3, hi=130e3, source="evidence D2 (M)",
        help="Price of mission police.")
    misconduct_rate: float = uncertain(
        0.004, unit="cases / person / year", lo=0.001, hi=0.01, source="assumption",
        help="Serious misconduct of a peacekeeper of average conduct.")
    consent_time: float = uncertain(
        1.5, unit="years", lo=0.5, hi=3.0, source="assumption", help="Time in which consent follows conduct.")
    crowding: float = uncertain(
        0.25, unit="share 0-1", lo=0.0, hi=0.5, source="assumption",
        help="Share of its own effort a state leaves to a mission of full strength.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def drawdown_factor(years, start, months):
    """Share (0-1) of the planned strength left `years` after the start when a withdrawal begins at `start` years."""
    return clamp(1.0 - (years - start) * 12.0 / months, 0.0, 1.0) if years > start else 1.0


@njit
def effectiveness_of(mandate, clarity, consent, coordination):
    """Share (0-1) of strength that has an effect: mandate, clarity of aims, consent and coordination, multiplied."""
    return clamp(mandate * (0.5 + 0.5 * clarity) * (0.4 + 0.6 * consent) * coordination, 0.0, 1.0)


@njit
def consent_target(trust, partiality, robust, misconduct):
    """Consent (0-1) that conduct sustains: trust of the population, against partiality, robust force and misconduct."""
    return clamp(0.35 + 0.6 * trust - 0.3 * partiality - 0.15 * robust - 0.2 * misconduct, 0.0, 1.0)


# ------------------------------------------------------------------------------------------------- phases
@phase("mission: troops police expected_troops effectiveness crowding_out withdrawn", "contingents: strength mobility",
       "ledger: planned spent delivered total", *LOG)
def deploy_mission(world, dt):
    """Strength of the day: the plan times the levers, less an early withdrawal; its price goes to the ledger."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    mission = world.mission[0]
    week = min(now.week, len(world.deployment) - 1)
    left = drawdown_factor(now.week * now.dt, p.drawdown_start, p.drawdown_months)
    before = mission.troops + mission.police
    mission.troops = round(world.deployment[week].troops * p.troops * left)
    mission.police = round(world.deployment[week].police * p.police * left)
    # a mandate and an exit are known before they are carried out
    ahead = min(now.week + int(p.foresight), len(world.deployment) - 1)
    later = drawdown_factor((now.week + p.foresight) * now.dt, p.drawdown_start, p.drawdown_months)
    mission.expected_troops = 0.5 * mission.troops + 0.5 * world.deployment[ahead].troops * p.troops * later
    if before > 0.0 and mission.troops + mission.police < 1.0:
        log_event(world.clock, world.events, MISSION_WITHDRAWN, -1, -1, -1, 0.0, 0.0, -1)
        mission.withdrawn = 1
    elif mission.troops + mission.police >= 1.0:
        mission.withdrawn = 0
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
        unit.mobility = clamp(unit.mobility + 0.5 * dt * (1.0 - unit.mobility), 0.0, 1.0)
        quality += unit.quality / len(world.contingents)
        mobility += unit.mobility / len(world.contingents)
    present = 1.0 if mission.troops + mission.police >= 1.0 else 0.0
    mission.effectiveness = present * effectiveness_of(
        clamp(mission.mandate * p.mandate, 0.0, 1.0), clamp(mission.clarity * p.clarity, 0.0, 1.0), mission.consent,
        (0.6 + 0.4 * quality) * (0.7 + 0.3 * mobility))
    size = mission.troops / (mission.troops + 5000.0)
    mission.crowding_out = p.crowding * size
    troops = world.ledger[MISSION_TROOPS]
    police = world.ledger[MISSION_POLICE]
    troops.planned = troops.spent = mission.troops * mission.cost_per_uniformed * dt
    police.planned = police.spent = mission.police * p.cost_per_police * dt
    troops.delivered = police.delivered = 1.0
    troops.total += troops.spent
    police.total += police.spent


@phase("contingents: posting")
def place_contingents(world):
    """Contingents go to need, evenly, or to the capital; a Gumbel choice, so that no row order matters."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    n = len(world.communities)
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        best = unit.posting
        highest = -1e300
        for j in range(n):
            c = world.communities[j]
            if c.at_war_zone < 0.5:
                continue
            need = 1.0
            if p.placement == 2.0:
                need = c.population * c.population * c.population
            elif p.placement == 0.0:
                fighters = 0.0
                for g in range(len(world.groups)):
                    fighters += world.presence[g * n + j].fighters
                need = c.population / 5e4 + fighters / 100.0 + (1.0 + 2.0 * p.protection) * c.attacks_in_memory
            luck = -math.log(-math.log(draw(now, PLACED, unit.uid, c.uid)))
            score = math.log(need + 1e-9) + luck
            if score > highest:
                highest = score
                best = j
        unit.posting = best


@phase("communities: troops un_police")
def mission_presence(world):
    """Effective peacekeepers in reach: half where the contingent is based, half along the roads by mobility."""
    p = world.parameters.mission[0]
    mission = world.mission[0]
    for j in range(len(world.communities)):
        world.communities[j].troops = 0.0
        world.communities[j].un_police = 0.0
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        if unit.strength <= 0.0:
            continue
        effort = unit.strength * mission.effectiveness * (0.5 + unit.quality)
        patrols = 0.3 + 0.4 * p.protection * unit.mobility
        home = (1.0 - patrols) * effort
        at = unit.posting
        if unit.police == 1:
            world.communities[at].un_police += home
        else:
            world.communities[at].troops += home
        for edge in range(world.roads.starts[at], world.roads.starts[at + 1]):
            c = world.communities[world.roads.targets[edge]]
            away = patrols * effort * world.roads.weights[edge]
            if unit.police == 1:
                c.un_police += away
            else:
                c.troops += away


@phase("mission: consent partiality misconduct", "groups: consent", "communities: bad_mission", *LOG)
def mission_conduct(world, dt):
    """Misconduct and partial or robust action cost consent; good conduct keeps it."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    mission = world.mission[0]
    if mission.troops + mission.police < 1.0:
        return  # what nobody sees changes no mind
    trust = people = cases = 0.0
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        mean = unit.strength * p.misconduct_rate * 2.0 * (1.0 - unit.conduct) * dt
        found = poisson(mean, draw(now, MISCONDUCT, unit.uid, 0))
        if found > 0:
            cases += found
            world.communities[unit.posting].bad_mission += 0.02 * found
            log_event(world.clock, world.events, MISSION_MISCONDUCT, unit.posting, i, -1, 0.0, 0.0, -1)
    mission.misconduct += cases
    for j in range(len(world.communities)):
        c = world.communities[j]
        people += c.population
        trust += c.population * c.trust_mission
    trust = trust / people if people > 0.0 else 0.0
    robust = clamp(mission.mandate * p.mandate, 0.0, 1.5)
    mission.partiality = clamp(mission.partiality + (1.0 - decay(p.consent_time, dt))
                               * ((1.0 - p.impartiality) - mission.partiality), 0.0, 1.0)
    scandal = clamp(cases / 10.0, 0.0, 1.0)
    target = consent_target(trust, mission.partiality, robust, scandal)
    mission.consent = clamp(mission.consent + (1.0 - decay(p.consent_time, dt)) * (target - mission.consent), 0.0, 1.0)
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        target = clamp(0.8 - mission.partiality - 0.15 * robust - (0.3 if group.at_war == 1 else 0.0)
                       + 0.2 * group.credibility, 0.0, 1.0)
        group.consent = clamp(group.consent + (1.0 - decay(p.consent_time, dt)) * (target - group.consent), 0.0, 1.0)
