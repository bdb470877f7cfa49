"""How the indicators of `measures.py` are formed from the state of the country, topic by topic.

Sums run over a table in the order of its rows and are divided once at the end. A share of nothing is 0. What describes
a mission (its effectiveness, consent, partiality, conduct) is 0 while none is deployed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ssr_sim import measures as column
from ssr_sim.jit import njit
from ssr_sim.submodels.transitional_justice import impunity_of
from ssr_sim.world import World

TENTH = 0.1  # share of the people below the lowest tenth of trust
HALVINGS = 16  # bisection steps: one part in 65,536
HEADS, ROUNDS = 1e5, 13.0  # cases per 100,000 people and year, from cases a head in a round of four weeks


@njit
def measure(world: World, row: np.ndarray) -> None:
    """Write every indicator of this week into `row`, float64 (indicators,), in the order of `INDICATORS`."""
    row[:] = 0.0
    _people(world.communities, world.police, world.country[0], world.parameters.transitional_justice[0], row)
    row[column.LEGITIMACY] = world.government[0].legitimacy
    _forces(world.police, world.military, world.parameters.trust[0].bribe_per_contact, row)
    _control_and_justice(world.oversight[0], world.government[0], world.country[0], row)
    row[column.AUDIT_HIT_RATE] = world.parameters.audit[0].power * (1.0 - world.oversight[0].capture)
    _violence(world.country[0], row)
    _armed_groups(world.groups, world.cohorts, row)
    _politics(world.government[0], row)
    _mission(world.mission[0], world.country[0], row)
    _money(world.sectors, world.donors, world.ledger, world.country[0], row)
    _records(world.country[0], row)


# ------------------------------------------------------------------------------------------------- people
@njit
def _people(communities: Any, police: Any, country: Any, past: Any, row: np.ndarray) -> None:
    """Trust, fear, service and hardship as people live them; crime and displacement."""
    n = len(communities)
    people = crimes = 0.0
    for i in range(n):
        c = communities[i]
        people += c.population
        row[column.TRUST_POLICE] += c.population * c.trust_police
        row[column.TRUST_ARMY] += c.population * c.trust_army
        row[column.TRUST_JUSTICE] += c.population * c.trust_justice
        row[column.IMPUNITY] += c.population * impunity_of(
            c.unredressed, past.harm_half, past.amnesty, past.amnesty_sting)
        row[column.ACCESS_TO_JUSTICE] += c.population * c.access
        row[column.FAIR_ACCESS] += c.population * c.fair_access
        row[column.CERTAINTY] += c.population * c.certainty
        row[column.TRUST_GOVERNMENT] += c.population * c.trust_government
        row[column.TRUST_MISSION] += c.population * c.trust_mission
        row[column.GRIEVANCE] += c.population * c.grievance
        row[column.FEAR] += c.population * c.fear
        row[column.EXPECTATION] += c.population * c.expectation
        row[column.COOPERATION] += c.population * c.cooperation
        row[column.EXCLUSION] += c.population * c.excluded
        row[column.IN_SAFE_ZONES] += c.population * c.safe_zone
        row[column.POLICE_SERVICE] += c.population * police[i].service
        row[column.HARDSHIP] += c.population * c.hardship
        row[column.INVESTMENT] += c.population * c.investment
        row[column.DISPLACED] += c.displaced
        row[column.GBV] += c.gbv
        row[column.GBV_RECORDED] += c.gbv_recorded
        row[column.GBV_CLEARED] += c.gbv_cleared
        crimes += c.crimes
    row[column.DISPLACED] += country.abroad
    row[column.RETURNS] = country.returned_month
    people = max(people, 1.0)
    for k in (column.TRUST_POLICE, column.TRUST_ARMY, column.TRUST_JUSTICE, column.TRUST_GOVERNMENT,
              column.TRUST_MISSION, column.IMPUNITY, column.ACCESS_TO_JUSTICE, column.FAIR_ACCESS, column.CERTAINTY,
              column.GRIEVANCE, column.FEAR, column.EXPECTATION, column.COOPERATION, column.EXCLUSION,
              column.IN_SAFE_ZONES, column.POLICE_SERVICE, column.HARDSHIP, column.INVESTMENT):
        row[k] /= people
    for k in (column.GBV, column.GBV_RECORDED, column.GBV_CLEARED):
        row[k] *= HEADS * ROUNDS / people
    row[column.CRIME] = crimes / people * HEADS * ROUNDS
    row[column.TRUST_POLICE_SPREAD] = _spread(communities, row[column.TRUST_POLICE])
    row[column.TRUST_POLICE_P10] = _tenth(communities)
    row[column.TRUST_GAP] = _gap(communities, row[column.EXCLUSION])


@njit
def _spread(communities: Any, mean: float) -> float:
    """Standard deviation of trust in the police over people, about its `mean`."""
    squares = people = 0.0
    for i in range(len(communities)):
        c = communities[i]
        people += c.population
        squares += c.population * (c.trust_police - mean) * (c.trust_police - mean)
    return math.sqrt(squares / people) if people > 0.0 else 0.0


@njit
def _tenth(communities: Any) -> float:
    """Trust in the police below which a tenth of the people live, by bisection."""
    people = 0.0
    for i in range(len(communities)):
        people += communities[i].population
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = 0.0
        for i in range(len(communities)):
            if communities[i].trust_police <= middle:
                below += communities[i].population
        if below >= TENTH * people:
            high = middle
        else:
            low = middle
    return high if people > 0.0 else 0.0


@njit
def _gap(communities: Any, exclusion: float) -> float:
    """Trust in the police of those less excluded than the mean `exclusion`, less that of the others."""
    high = low = people_high = people_low = 0.0
    for i in range(len(communities)):
        c = communities[i]
        if c.excluded > exclusion:
            high += c.population * c.trust_police
            people_high += c.population
        else:
            low += c.population * c.trust_police
            people_low += c.population
    return low / people_low - high / people_high if people_high > 0.0 and people_low > 0.0 else 0.0


# ------------------------------------------------------------------------------------------------- forces
@njit
def _forces(police: Any, military: Any, bribe_per_contact: float, row: np.ndarray) -> None:
    """Police and army: means over officers and soldiers, patrons over commands, ghosts over the payroll."""
    staff = ghosts = 0.0
    for i in range(len(police)):
        unit = police[i]
        staff += unit.staff
        ghosts += unit.ghosts
        row[column.PATRONAGE] += 1.0 if unit.patron >= 0 else 0.0
        row[column.CORRUPTION] += unit.staff * unit.corrupt
        row[column.POLICE_SKILL] += unit.staff * unit.skill
        row[column.RIGHTS_NORM] += unit.staff * unit.rights_norm
        row[column.POLICE_EQUIPMENT] += unit.staff * unit.equipment
        row[column.WITHHELD] += unit.staff * unit.withheld
        row[column.POLICE_ARREARS] += unit.staff * unit.arrears
        row[column.ABUSE_RECORD] += unit.staff * unit.abuse_record
        row[column.WOMEN_POLICE] += unit.staff * unit.women
    for k in (column.CORRUPTION, column.POLICE_SKILL, column.RIGHTS_NORM, column.POLICE_EQUIPMENT,
              column.POLICE_ARREARS, column.ABUSE_RECORD, column.WOMEN_POLICE):
        row[k] /= max(staff, 1.0)
    row[column.BRIBERY] = row[column.CORRUPTION] * bribe_per_contact
    row[column.POLICE_STAFF] = staff
    soldiers = 0.0
    for i in range(len(military)):
        unit = military[i]
        soldiers += unit.staff
        ghosts += unit.ghosts
        row[column.PATRONAGE] += 1.0 if unit.patron >= 0 else 0.0
        row[column.ARMY_CORRUPTION] += unit.staff * unit.corrupt
        row[column.ARMY_PROFESSIONALISM] += unit.staff * unit.professionalism
        row[column.ARMY_RIGHTS_NORM] += unit.staff * unit.rights_norm
        row[column.WITHHELD] += unit.staff * unit.withheld
        row[column.ARMY_ARREARS] += unit.staff * unit.arrears
        row[column.WOMEN_ARMY] += unit.staff * unit.women
    for k in (column.ARMY_CORRUPTION, column.ARMY_PROFESSIONALISM, column.ARMY_RIGHTS_NORM, column.ARMY_ARREARS,
              column.WOMEN_ARMY):
        row[k] /= max(soldiers, 1.0)
    row[column.ARMY_STAFF] = soldiers
    row[column.PATRONAGE] /= max(float(len(police) + len(military)), 1.0)
    row[column.WITHHELD] /= max(staff + soldiers, 1.0)
    row[column.GHOSTS] = ghosts / max(ghosts + staff + soldiers, 1.0)


@njit
def _control_and_justice(body: Any, state: Any, country: Any, row: np.ndarray) -> None:
    """What oversight finds and what becomes of it; courts and prisons."""
    row[column.DETECTION] = body.detection
    row[column.CAPTURE] = body.capture
    row[column.SANCTIONS_PER_FINDING] = body.detection / body.found if body.found > 0.0 else 0.0
    row[column.TECHNOLOGY] = body.technology
    row[column.SANCTION_CEILING] = body.sanction_ceiling
    row[column.CASE_CLEARANCE] = country.clearance
    row[column.COURT_BACKLOG] = country.court_backlog
    row[column.PRISON_CROWDING] = state.prisoners / max(state.prison_places, 1.0)
    row[column.DISPUTES_SETTLED] = country.disputes_settled
    row[column.DISPUTES_RECORDED] = country.disputes_recorded


# ------------------------------------------------------------------------------------------------- violence
@njit
def _violence(country: Any, row: np.ndarray) -> None:
    """Attacks and deaths of the week, abuses of the last four weeks."""
    row[column.ABUSES] = country.abuses_month
    row[column.VIOLENCE] = country.attacks_week
    row[column.BATTLE_DEATHS] = country.battle_deaths_week
    row[column.CIVILIAN_DEATHS] = country.civilian_deaths_week
    row[column.CRIMINAL_DEATHS] = country.criminal_deaths_week
    row[column.BATTLE_DEATHS_52] = country.battle_deaths_52


@njit
def _armed_groups(groups: Any, cohorts: Any, row: np.ndarray) -> None:
    """Groups that exist, their turn of mind, and those who left them."""
    believers = 0.0
    pressure = -math.inf
    for g in range(len(groups)):
        group = groups[g]
        if group.exists == 0:
            continue
        row[column.FIGHTERS] += group.fighters
        row[column.GROUPS_AT_WAR] += group.at_war
        if group.at_war == 0:
            believers += 1.0
            row[column.CREDIBILITY] += group.credibility
        pressure = max(pressure, group.war_utility - group.peace_utility)
    row[column.CREDIBILITY] = row[column.CREDIBILITY] / believers if believers > 0.0 else 0.0
    row[column.WAR_PRESSURE] = pressure if pressure > -math.inf else 0.0
    relapsed = 0.0
    for r in range(len(cohorts)):
        cohort = cohorts[r]
        row[column.DEMOBILISED] += cohort.disarmed + cohort.demobilised
        row[column.REINTEGRATED] += cohort.reintegrated
        relapsed += cohort.relapsed
    left = row[column.DEMOBILISED] + row[column.REINTEGRATED] + relapsed
    row[column.LIVELIHOODS] = row[column.REINTEGRATED] / left if left > 0.0 else 0.0


# ------------------------------------------------------------------------------------------------- state and mission
@njit
def _politics(state: Any, row: np.ndarray) -> None:
    """The government and its reform."""
    row[column.WILL] = state.will
    row[column.FORM] = state.form
    row[column.FUNCTION] = state.function
    row[column.FIT] = state.fit
    row[column.RESISTANCE] = state.resistance
    row[column.ABSORPTION] = state.absorption
    row[column.IMPLEMENTATION] = state.implementation
    row[column.POOL] = state.pool_police + state.pool_army


@njit
def _mission(mission: Any, country: Any, row: np.ndarray) -> None:
    """The mission, and what became of police and trust since it left; after `_people` and `_forces`."""
    uniformed = mission.troops + mission.police
    row[column.TROOPS] = mission.troops
    row[column.UN_POLICE] = mission.police
    if uniformed >= 1.0:
        row[column.MISSION_EFFECTIVENESS] = mission.effectiveness
        row[column.CONSENT] = mission.consent
        row[column.PARTIALITY] = mission.partiality
        row[column.CONDUCT] = mission.conduct
    row[column.MISSION_LOSSES] = mission.losses
    row[column.MISCONDUCT] = mission.misconduct
    row[column.FORCE_DEPENDENCY] = uniformed / max(
        uniformed + row[column.POLICE_STAFF] + row[column.ARMY_STAFF], 1.0)
    if mission.withdrawn == 1:
        row[column.CAPACITY_SINCE_EXIT] = row[column.POLICE_SERVICE] - country.capacity_at_exit
        row[column.TRUST_SINCE_EXIT] = row[column.TRUST_POLICE] - country.trust_at_exit


# ------------------------------------------------------------------------------------------------- money and records
@njit
def _money(sectors: Any, donors: Any, ledger: Any, country: Any, row: np.ndarray) -> None:
    """What was needed, paid, diverted and wasted in the last round."""
    need = paid = aid = useful = domestic = budgets = 0.0
    for s in range(len(sectors)):
        sector = sectors[s]
        need += sector.need
        paid += sector.domestic + sector.useful
        aid += sector.aid
        useful += sector.useful
        domestic += sector.domestic
        row[column.CHURN] += sector.churn / len(sectors)
    row[column.FUNDED] = paid / need if need > 0.0 else 0.0
    row[column.DUPLICATION] = 1.0 - useful / aid if aid > 0.0 else 0.0
    for d in range(len(donors)):
        row[column.AID] += donors[d].disbursed
        budgets += donors[d].budget
        row[column.DONOR_RETENTION] += donors[d].budget * min(1.0, donors[d].engagement)
    row[column.DONOR_RETENTION] = row[column.DONOR_RETENTION] / budgets if budgets > 0.0 else 0.0
    for line in range(len(ledger)):
        row[column.SPENDING] += ledger[line].spent
    row[column.AID_DEPENDENCY] = 1.0 - domestic / row[column.SPENDING] if row[column.SPENDING] > 0.0 else 0.0
    row[column.LEAKAGE] = country.leakage


@njit
def _records(country: Any, row: np.ndarray) -> None:
    """What the records and surveys say."""
    row[column.MONITORING] = country.monitoring
    row[column.SURVEY_ERROR] = country.survey_error
    row[column.SURVEY_TRUST_POLICE] = country.survey_trust_police
    row[column.SURVEY_TRUST_GOVERNMENT] = country.survey_trust_government
    row[column.RECORDED_ATTACKS] = country.recorded_attacks
    row[column.RECORDED_CRIME] = country.recorded_crime
