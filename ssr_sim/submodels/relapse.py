"""S5 Relapse: the state of the country by the thresholds of the conflict data.

Conflict is at least 25 battle deaths between organised actors in 52 weeks, war at least 1,000 (UCDP/PRIO). Killing by
criminals and one-sided killing do not count. Peace is reached once 52 weeks have passed with fewer than 25 in all.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.parameters import Block, constant
from ssr_sim.tables import (
    AT_PEACE,
    AT_WAR,
    PEACE_REACHED,
    QUIET,
    RELAPSE_TO_CONFLICT,
    RELAPSE_TO_WAR,
    RELAPSED,
)
from ssr_sim.world import LOG, log_event, phase

YEAR = 52
QUARTER = 13


# ------------------------------------------------------------------------------------------------- parameters
class Relapse(Block):
    """Thresholds of the conflict data."""

    group: ClassVar[str] = "Model"

    conflict_deaths: float = constant(
        25.0, unit="battle deaths / 52 weeks", lo=1.0, hi=1000.0, source="UCDP/PRIO", help="Threshold of conflict.")
    war_deaths: float = constant(
        1000.0, unit="battle deaths / 52 weeks", lo=25.0, hi=10000.0, source="UCDP/PRIO", help="Threshold of war.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def next_state(state, deaths_year, deaths_quarter, weeks, threshold):
    """State of the country: at war, quiet, at peace or relapsed, from battle deaths of the last year and quarter.

    Before peace a country is quiet while the last quarter runs below the yearly pace of the threshold; after a relapse
    it is at peace again once 52 weeks stay below it.
    """
    if state in (AT_PEACE, RELAPSED):
        return RELAPSED if deaths_year >= threshold else AT_PEACE
    if weeks >= YEAR and deaths_year < threshold:
        return AT_PEACE
    return AT_WAR if deaths_quarter * YEAR / QUARTER >= threshold else QUIET


# ------------------------------------------------------------------------------------------------- phases
@phase("country: battle_deaths_week civilian_deaths_week attacks_week")
def open_week(world):
    """The week's counters start at zero."""
    country = world.country[0]
    country.battle_deaths_week = 0.0
    country.civilian_deaths_week = 0.0
    country.attacks_week = 0.0


@phase("country: battle_deaths_52 war_state weeks_at_war peace_week relapse_week war_relapse_week relapse_event",
       "recent_battle_deaths: value", *LOG)
def judge_peace(world):
    """The week's battle deaths enter the last 52; peace, relapse and war are noted when their thresholds are
    crossed.
    """
    p = world.parameters.relapse[0]
    country = world.country[0]
    week = world.clock[0].week
    world.recent_battle_deaths[week % YEAR] = country.battle_deaths_week
    year = quarter = 0.0
    for k in range(YEAR):
        year += world.recent_battle_deaths[k]
    for k in range(QUARTER):
        quarter += world.recent_battle_deaths[(week - k) % YEAR]
    country.battle_deaths_52 = year
    # weeks with a running war, whatever state the country was in before
    if quarter * YEAR / QUARTER >= p.conflict_deaths:
        country.weeks_at_war += 1
    before = country.war_state
    country.war_state = next_state(before, year, quarter, week + 1, p.conflict_deaths)
    if country.war_state == AT_PEACE and before != AT_PEACE and country.peace_week < 0:
        country.peace_week = week
        log_event(world.clock, world.events, PEACE_REACHED, -1, -1, -1, 0.0, 0.0, -1)
    if country.war_state == RELAPSED and before == AT_PEACE and country.relapse_week < 0:
        country.relapse_week = week
        country.relapse_event = log_event(world.clock, world.events, RELAPSE_TO_CONFLICT, -1, -1, -1, 0.0, 0.0,
                                          _latest_event(world.communities))
    if country.war_state == RELAPSED and country.war_relapse_week < 0 and year >= p.war_deaths:
        country.war_relapse_week = week
        log_event(world.clock, world.events, RELAPSE_TO_WAR, -1, -1, -1, 0.0, 0.0, _latest_event(world.communities))


@njit
def _latest_event(communities):
    """Number of the latest event that any community remembers; -1 none."""
    latest = -1
    for j in range(len(communities)):
        latest = max(latest, communities[j].last_event)
    return latest
