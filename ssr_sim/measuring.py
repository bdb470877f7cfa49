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
    # sums are kept in local numbers, which stay in registers, and the two columns needed again side by side
    people = trust_police = trust_army = trust_justice = trust_government = trust_mission = 0.0
    impunity = access = fair_access = certainty = grievance = fear = expectation = cooperation = exclusion = 0.0
    in_safe_zones = service = hardship = investment = displaced = crimes = gbv = gbv_recorded = gbv_cleared = 0.0
    trust, residents = np.empty(n), np.empty(n, np.int64)
    for i in range(n):
        c = communities[i]
        here = c.population
        trust[i] = c.trust_police
        residents[i] = int(here)
        people += here
        trust_police += here * c.trust_police
        trust_army += here * c.trust_army
        trust_justice += here * c.trust_justice
        trust_government += here * c.trust_government
        trust_mission += here * c.trust_mission
        impunity += here * impunity_of(c.unredressed, past.harm_half, past.amnesty, past.amnesty_sting)
        access += here * c.access
        fair_access += here * c.fair_access
        certainty += here * c.certainty
        grievance += here * c.grievance
        fear += here * c.fear
        expectation += here * c.expectation
        cooperation += here * c.cooperation
        exclusion += here * c.excluded
        in_safe_zones += here * c.safe_zone
        service += here * police[i].service
        hardship += here * c.hardship
        investment += here * c.investment
        displaced += c.displaced
        gbv += c.gbv
        gbv_recorded += c.gbv_recorded
        gbv_cleared += c.gbv_cleared
        crimes += c.crimes
    row[column.DISPLACED] = displaced + country.abroad
    row[column.RETURNS] = country.returned_month
    people = max(people, 1.0)
    row[column.TRUST_POLICE] = trust_police / people
    row[column.TRUST_ARMY] = trust_army / people
    row[column.TRUST_JUSTICE] = trust_justice / people
    row[column.TRUST_GOVERNMENT] = trust_government / people
    row[column.TRUST_MISSION] = trust_mission / people
    row[column.IMPUNITY] = impunity / people
    row[column.ACCESS_TO_JUSTICE] = access / people
    row[column.FAIR_ACCESS] = fair_access / people
    row[column.CERTAINTY] = certainty / people
    row[column.GRIEVANCE] = grievance / people
    row[column.FEAR] = fear / people
    row[column.EXPECTATION] = expectation / people
    row[column.COOPERATION] = cooperation / people
    row[column.EXCLUSION] = exclusion / people
    row[column.IN_SAFE_ZONES] = in_safe_zones / people
    row[column.POLICE_SERVICE] = service / people
    row[column.HARDSHIP] = hardship / people
    row[column.INVESTMENT] = investment / people
    row[column.GBV] = gbv * (HEADS * ROUNDS / people)
    row[column.GBV_RECORDED] = gbv_recorded * (HEADS * ROUNDS / people)
    row[column.GBV_CLEARED] = gbv_cleared * (HEADS * ROUNDS / people)
    row[column.CRIME] = crimes / people * HEADS * ROUNDS
    row[column.TRUST_POLICE_P10] = _tenth(trust, residents)
    row[column.TRUST_POLICE_SPREAD], row[column.TRUST_GAP] = _spread_and_gap(
        communities, row[column.TRUST_POLICE], row[column.EXCLUSION])


@njit
def _tenth(trust: np.ndarray, residents: np.ndarray) -> float:
    """Trust in the police below which a tenth of the people live, by bisection; people are counted in whole numbers."""
    people = residents.sum()
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = 0
        for i in range(len(trust)):
            below += residents[i] if trust[i] <= middle else 0
        if below >= TENTH * people:
            high = middle
        else:
            low = middle
    return high if people > 0 else 0.0


@njit
def _spread_and_gap(communities: Any, mean: float, exclusion: float) -> tuple[float, float]:
    """Trust in the police: its standard deviation over people about its `mean`, and how much more of it those have who
    are less excluded than the mean `exclusion`.
    """
    squares = high = low = people_high = people_low = 0.0
    for i in range(len(communities)):
        c = communities[i]
        squares += c.population * (c.trust_police - mean) * (c.trust_police - mean)
        if c.excluded > exclusion:
            high += c.population * c.trust_police
            people_high += c.population
        else:
            low += c.population * c.trust_police
            people_low += c.population
    people = people_high + people_low  # whole numbers: the sum does not depend on their order
    spread = math.sqrt(squares / people) if people > 0.0 else 0.0
    return spread, low / people_low - high / people_high if people_high > 0.0 and people_low > 0.0 else 0.0


# ------------------------------------------------------------------------------------------------- forces
@njit
def _forces(police: Any, military: Any, bribe_per_contact: float, row: np.ndarray) -> None:
    """Police and army: means over officers and soldiers, patrons over commands, ghosts over the payroll."""
    ghosts = patrons = 0.0
    staff = corrupt = skill = rights_norm = equipment = withheld = arrears = abuse_record = women = 0.0
    for i in range(len(police)):
        unit = police[i]
        ghosts += unit.ghosts
        patrons += 1.0 if unit.patron >= 0 else 0.0
        staff += unit.staff
        corrupt += unit.staff * unit.corrupt
        skill += unit.staff * unit.skill
        rights_norm += unit.staff * unit.rights_norm
        equipment += unit.staff * unit.equipment
        withheld += unit.staff * unit.withheld
        arrears += unit.staff * unit.arrears
        abuse_record += unit.staff * unit.abuse_record
        women += unit.staff * unit.women
    officers = max(staff, 1.0)
    row[column.POLICE_STAFF] = staff
    row[column.CORRUPTION] = corrupt / officers
    row[column.BRIBERY] = row[column.CORRUPTION] * bribe_per_contact
    row[column.POLICE_SKILL] = skill / officers
    row[column.RIGHTS_NORM] = rights_norm / officers
    row[column.POLICE_EQUIPMENT] = equipment / officers
    row[column.POLICE_ARREARS] = arrears / officers
    row[column.ABUSE_RECORD] = abuse_record / officers
    row[column.WOMEN_POLICE] = women / officers
    soldiers = corrupt = professionalism = rights_norm = arrears = women = 0.0
    for i in range(len(military)):
        unit = military[i]
        ghosts += unit.ghosts
        patrons += 1.0 if unit.patron >= 0 else 0.0
        soldiers += unit.staff
        corrupt += unit.staff * unit.corrupt
        professionalism += unit.staff * unit.professionalism
        rights_norm += unit.staff * unit.rights_norm
        withheld += unit.staff * unit.withheld
        arrears += unit.staff * unit.arrears
        women += unit.staff * unit.women
    row[column.ARMY_STAFF] = soldiers
    row[column.ARMY_CORRUPTION] = corrupt / max(soldiers, 1.0)
    row[column.ARMY_PROFESSIONALISM] = professionalism / max(soldiers, 1.0)
    row[column.ARMY_RIGHTS_NORM] = rights_norm / max(soldiers, 1.0)
    row[column.ARMY_ARREARS] = arrears / max(soldiers, 1.0)
    row[column.WOMEN_ARMY] = women / max(soldiers, 1.0)
    row[column.PATRONAGE] = patrons / max(float(len(police) + len(military)), 1.0)
    row[column.WITHHELD] = withheld / max(staff + soldiers, 1.0)
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
    demobilised = reintegrated = relapsed = 0.0
    for r in range(len(cohorts)):
        cohort = cohorts[r]
        demobilised += cohort.disarmed + cohort.demobilised
        reintegrated += cohort.reintegrated
        relapsed += cohort.relapsed
    left = demobilised + reintegrated + relapsed
    row[column.DEMOBILISED] = demobilised
    row[column.REINTEGRATED] = reintegrated
    row[column.LIVELIHOODS] = reintegrated / left if left > 0.0 else 0.0


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
