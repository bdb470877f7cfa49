"""Indicators: what a run reports every week, each with unit, direction, definition, and whether it is truth or record.

Means over people weigh communities by population, means over officers weigh units by staff.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ssr_sim.jit import njit
from ssr_sim.submodels.transitional_justice import impunity_of
from ssr_sim.world import World


class Indicator(NamedTuple):
    """One column of the weekly series."""

    name: str
    label: str
    unit: str
    better: str  # "up", "down" or "" where no direction is better
    kind: str  # "truth" or "record"
    definition: str


INDICATORS = (
    Indicator("trust_police", "Trust in the police", "share 0-1", "up", "truth", "mean over people"),
    Indicator("trust_army", "Trust in the army", "share 0-1", "up", "truth", "mean over people"),
    Indicator("trust_justice", "Trust in courts", "share 0-1", "up", "truth", "mean over people"),
    Indicator("trust_government", "Trust in the government", "share 0-1", "up", "truth", "mean over people"),
    Indicator("trust_mission", "Trust in the mission", "share 0-1", "up", "truth", "mean over people"),
    Indicator("trust_gap", "Trust gap of the excluded", "difference", "down", "truth",
              "trust in the police among the less excluded half minus that among the more excluded half"),
    Indicator("trust_police_spread", "Spread of trust in the police", "standard deviation", "down", "truth",
              "between communities, weighted by people"),
    Indicator("trust_police_p10", "Lowest tenth of trust in the police", "share 0-1", "up", "truth",
              "trust in the police below which one person in ten lives"),
    Indicator("legitimacy", "Legitimacy of the state", "share 0-1", "up", "truth", "mean over people"),
    Indicator("grievance", "Grievance", "share 0-1", "down", "truth", "mean over people"),
    Indicator("fear", "Fear of violence", "share 0-1", "down", "truth", "mean over people"),
    Indicator("expectation", "Expected service", "share 0-1", "", "truth", "mean over people"),
    Indicator("cooperation", "Cooperation with the police", "share 0-1", "up", "truth",
              "chance that a witness reports, mean over people"),
    Indicator("exclusion", "Exclusion", "share 0-1", "down", "truth", "mean over people"),
    Indicator("corruption", "Corrupt police officers", "share 0-1", "down", "truth",
              "share of officers who extract, mean over officers"),
    Indicator("army_corruption", "Corrupt army commands", "share 0-1", "down", "truth", "mean over soldiers"),
    Indicator("bribery", "Bribe per contact", "probability", "down", "truth", "chance of a bribe in a police contact"),
    Indicator("leakage", "Diverted money", "share 0-1", "down", "truth",
              "share of programme spending diverted last round"),
    Indicator("detection", "Detection of misconduct", "1/year", "up", "truth", "chance of being found and punished"),
    Indicator("capture", "Capture of oversight", "share 0-1", "down", "truth", "share of findings that capture buries"),
    Indicator("patronage", "Commands under a patron", "share 0-1", "down", "truth",
              "police and army units whose commander an elite protects"),
    Indicator("audit_hit_rate", "Audits with consequences", "share 0-1", "up", "truth",
              "of audits where something is amiss, after capture"),
    Indicator("sanctions_per_finding", "Sanctions per finding", "share 0-1", "up", "truth",
              "of findings by any channel, after capture and pursuit"),
    Indicator("sanction_ceiling", "Law behind sanctions", "share 0-1", "up", "truth",
              "share of findings that the law lets end in a sanction"),
    Indicator("case_clearance", "Case clearance", "share 0-1", "up", "truth",
              "share of closed files in which the police found a suspect, last round"),
    Indicator("court_backlog", "Court backlog", "months", "down", "truth",
              "cases waiting for prosecutor or court against what courts can decide"),
    Indicator("certainty", "Believed certainty of punishment", "share 0-1", "up", "truth",
              "chance that a crime is punished as people believe, mean over people"),
    Indicator("access_to_justice", "Access to justice", "share 0-1", "up", "truth",
              "share of disputes settled by elders or courts, mean over people"),
    Indicator("fair_access", "Fair settlement of disputes", "share 0-1", "up", "truth",
              "share of disputes settled fairly, mean over people"),
    Indicator("disputes_settled", "Disputes settled", "disputes / 4 weeks", "up", "truth",
              "by elders and courts, last round"),
    Indicator("prison_crowding", "Prison crowding", "prisoners / place", "down", "truth",
              "people detained for each place in prison"),
    Indicator("impunity", "Impunity", "share 0-1", "down", "truth",
              "harm by the state that nobody answered for, as felt, mean over people"),
    Indicator("police_service", "Police service", "share 0-1", "up", "truth", "effective service, mean over people"),
    Indicator("police_skill", "Police skill", "share 0-1", "up", "truth", "mean over officers"),
    Indicator("rights_norm", "Rights norm of the police", "share 0-1", "up", "truth", "mean over officers"),
    Indicator("police_equipment", "Police equipment", "share 0-1", "up", "truth", "mean over officers"),
    Indicator("police_staff", "Police officers", "persons", "", "truth", "officers in post"),
    Indicator("police_arrears", "Unpaid police wages", "months", "down", "truth", "mean over officers"),
    Indicator("abuse_record", "Officers with a record", "share 0-1", "down", "truth",
              "share of officers with a record of abuse"),
    Indicator("army_professionalism", "Army professionalism", "share 0-1", "up", "truth", "mean over soldiers"),
    Indicator("army_rights_norm", "Rights norm of the army", "share 0-1", "up", "truth", "mean over soldiers"),
    Indicator("army_staff", "Soldiers", "persons", "", "truth", "soldiers in post"),
    Indicator("army_arrears", "Unpaid army wages", "months", "down", "truth", "mean over soldiers"),
    Indicator("ghosts", "Ghost names", "share 0-1", "down", "truth", "share of the payroll of army and police"),
    Indicator("abuses", "Abuses by state forces", "events / 4 weeks", "down", "truth", "last four weeks"),
    Indicator("crime", "Crime", "per 100,000 a year", "down", "truth",
              "crimes of the last four weeks at a yearly rate"),
    Indicator("violence", "Attacks by armed groups", "events / week", "down", "truth", "attacks this week"),
    Indicator("battle_deaths", "Battle deaths", "deaths / week", "down", "truth",
              "between organised actors, this week"),
    Indicator("civilian_deaths", "Civilians killed", "deaths / week", "down", "truth",
              "by armed groups and the state, this week"),
    Indicator("criminal_deaths", "Killed by criminals", "deaths / week", "down", "truth", "last round"),
    Indicator("battle_deaths_52", "Battle deaths in a year", "deaths", "down", "truth", "last 52 weeks"),
    Indicator("fighters", "Fighters under arms", "persons", "down", "truth", "all armed groups"),
    Indicator("groups_at_war", "Armed groups at war", "groups", "down", "truth", "number"),
    Indicator("demobilised", "Waiting former fighters", "persons", "down", "truth", "disarmed or demobilised"),
    Indicator("reintegrated", "Reintegrated fighters", "persons", "up", "truth",
              "since the start, less those gone back"),
    Indicator("livelihoods", "Former fighters with a livelihood", "share 0-1", "up", "truth",
              "reintegrated among all who left their group"),
    Indicator("credibility", "Belief in the settlement", "share 0-1", "up", "truth", "mean over groups at peace"),
    Indicator("war_pressure", "War against peace", "utility", "down", "truth",
              "largest value of war minus value of peace among groups"),
    Indicator("displaced", "Displaced people", "persons", "down", "truth", "in the country and abroad"),
    Indicator("returns", "Returns of displaced people", "persons / 4 weeks", "", "truth", "last four weeks"),
    Indicator("hardship", "Hardship", "share 0-1", "down", "truth", "share of people in poverty"),
    Indicator("investment", "Private investment", "share 0-1", "up", "truth",
              "against what full stability would bring, mean over people"),
    Indicator("gbv", "Gender-based violence", "per 100,000 a year", "down", "truth",
              "cases of the last four weeks at a yearly rate"),
    Indicator("gbv_recorded", "Recorded gender-based violence", "per 100,000 a year", "", "record",
              "cases in the police's books; rises with reporting as well as with cases"),
    Indicator("gbv_cleared", "Cleared gender-based violence", "per 100,000 a year", "up", "record",
              "recorded cases that the police cleared"),
    Indicator("women_police", "Women in the police", "share 0-1", "up", "truth", "mean over officers"),
    Indicator("women_army", "Women in the army", "share 0-1", "up", "truth", "mean over soldiers"),
    Indicator("will", "Political will", "share 0-1", "up", "truth", "of the government"),
    Indicator("form", "Reform on paper", "share 0-1", "", "truth", "laws, posts, uniforms"),
    Indicator("function", "Reform that citizens feel", "share 0-1", "up", "truth", "working institutions"),
    Indicator("fit", "Fit of reform", "share 0-1", "up", "truth", "fit to the country"),
    Indicator("resistance", "Resistance to reform", "share 0-1", "down", "truth", "elites and ranks"),
    Indicator("absorption", "Absorptive capacity", "share 0-1", "up", "truth", "of the state"),
    Indicator("implementation", "Implementation of the settlement", "share 0-1", "up", "truth",
              "of the peace settlement"),
    Indicator("troops", "Peacekeeping troops", "persons", "", "truth", "deployed"),
    Indicator("un_police", "Mission police", "persons", "", "truth", "deployed"),
    Indicator("mission_effectiveness", "Mission effectiveness", "share 0-1", "up", "truth",
              "share of strength that has an effect"),
    Indicator("consent", "Consent to the mission", "share 0-1", "up", "truth", "of government and population"),
    Indicator("partiality", "Partiality of the mission", "share 0-1", "down", "truth", "as it is seen"),
    Indicator("conduct", "Conduct of peacekeepers", "share 0-1", "up", "truth", "standard of conduct that people see"),
    Indicator("in_safe_zones", "People in safe zones", "share 0-1", "", "truth", "share of the population"),
    Indicator("mission_losses", "Peacekeepers killed", "persons", "down", "truth", "since the start"),
    Indicator("misconduct", "Misconduct of peacekeepers", "cases", "down", "truth", "since the start"),
    Indicator("force_dependency", "Dependence on peacekeepers", "share 0-1", "down", "truth",
              "peacekeepers among all in uniform on the side of the state"),
    Indicator("aid_dependency", "Dependence on outside money", "share 0-1", "down", "truth",
              "aid and mission in spending on security, last round"),
    Indicator("capacity_since_exit", "Police service since the exit", "difference", "up", "truth",
              "against the day when the mission left; 0 before"),
    Indicator("trust_since_exit", "Trust in the police since the exit", "difference", "up", "truth",
              "against the day when the mission left; 0 before"),
    Indicator("funded", "Funded share of plans", "share 0-1", "up", "truth", "of all sectors together, last round"),
    Indicator("duplication", "Duplicated aid", "share 0-1", "down", "truth",
              "share of aid that met no need, last round"),
    Indicator("aid", "Aid paid", "USD / 4 weeks", "", "truth", "by all donors, last round"),
    Indicator("donor_retention", "Donor retention", "share 0-1", "up", "truth",
              "share of donors' budgets that they are still willing to give"),
    Indicator("churn", "Programmes begun anew", "share 0-1", "down", "truth", "share after shifts of money, last year"),
    Indicator("withheld", "Support withheld", "share 0-1", "", "truth",
              "from units with a record of abuse, mean over police and soldiers"),
    Indicator("technology", "Digital control", "share 0-1", "", "truth", "share installed"),
    Indicator("monitoring", "Quality of monitoring", "share 0-1", "up", "truth", "of records and surveys"),
    Indicator("spending", "Spending", "USD / 4 weeks", "", "truth", "programmes, wages and mission, last round"),
    Indicator("pool", "Removed officers", "persons", "", "truth", "former officers in nobody's service"),
    Indicator("survey_trust_police", "Trust in the police (survey)", "share 0-1", "up", "record", "yearly survey"),
    Indicator("survey_trust_government", "Trust in the government (survey)", "share 0-1", "up", "record",
              "yearly survey"),
    Indicator("survey_error", "Error of the survey", "share 0-1", "down", "record", "standard error of surveyed trust"),
    Indicator("recorded_attacks", "Recorded attacks", "events / 13 weeks", "down", "record", "attacks in the records"),
    Indicator("disputes_recorded", "Disputes settled by courts", "disputes / 4 weeks", "up", "record",
              "in the courts' books, last round"),
    Indicator("recorded_crime", "Recorded crime", "per 100,000 a year", "down", "record",
              "crimes in the police's books"),
)
INDEX = {indicator.name: place for place, indicator in enumerate(INDICATORS)}
# columns, in the order above
(
    TRUST_POLICE,
    TRUST_ARMY,
    TRUST_JUSTICE,
    TRUST_GOVERNMENT,
    TRUST_MISSION,
    TRUST_GAP,
    TRUST_POLICE_SPREAD,
    TRUST_POLICE_P10,
    LEGITIMACY,
    GRIEVANCE,
    FEAR,
    EXPECTATION,
    COOPERATION,
    EXCLUSION,
    CORRUPTION,
    ARMY_CORRUPTION,
    BRIBERY,
    LEAKAGE,
    DETECTION,
    CAPTURE,
    PATRONAGE,
    AUDIT_HIT_RATE,
    SANCTIONS_PER_FINDING,
    SANCTION_CEILING,
    CASE_CLEARANCE,
    COURT_BACKLOG,
    CERTAINTY,
    ACCESS_TO_JUSTICE,
    FAIR_ACCESS,
    DISPUTES_SETTLED,
    PRISON_CROWDING,
    IMPUNITY,
    POLICE_SERVICE,
    POLICE_SKILL,
    RIGHTS_NORM,
    POLICE_EQUIPMENT,
    POLICE_STAFF,
    POLICE_ARREARS,
    ABUSE_RECORD,
    ARMY_PROFESSIONALISM,
    ARMY_RIGHTS_NORM,
    ARMY_STAFF,
    ARMY_ARREARS,
    GHOSTS,
    ABUSES,
    CRIME,
    VIOLENCE,
    BATTLE_DEATHS,
    CIVILIAN_DEATHS,
    CRIMINAL_DEATHS,
    BATTLE_DEATHS_52,
    FIGHTERS,
    GROUPS_AT_WAR,
    DEMOBILISED,
    REINTEGRATED,
    LIVELIHOODS,
    CREDIBILITY,
    WAR_PRESSURE,
    DISPLACED,
    RETURNS,
    HARDSHIP,
    INVESTMENT,
    GBV,
    GBV_RECORDED,
    GBV_CLEARED,
    WOMEN_POLICE,
    WOMEN_ARMY,
    WILL,
    FORM,
    FUNCTION,
    FIT,
    RESISTANCE,
    ABSORPTION,
    IMPLEMENTATION,
    TROOPS,
    UN_POLICE,
    MISSION_EFFECTIVENESS,
    CONSENT,
    PARTIALITY,
    CONDUCT,
    IN_SAFE_ZONES,
    MISSION_LOSSES,
    MISCONDUCT,
    FORCE_DEPENDENCY,
    AID_DEPENDENCY,
    CAPACITY_SINCE_EXIT,
    TRUST_SINCE_EXIT,
    FUNDED,
    DUPLICATION,
    AID,
    DONOR_RETENTION,
    CHURN,
    WITHHELD,
    TECHNOLOGY,
    MONITORING,
    SPENDING,
    POOL,
    SURVEY_TRUST_POLICE,
    SURVEY_TRUST_GOVERNMENT,
    SURVEY_ERROR,
    RECORDED_ATTACKS,
    DISPUTES_RECORDED,
    RECORDED_CRIME,
) = range(len(INDICATORS))


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
    """Trust in the police below which a tenth of the people live, by bisection to one part in 60,000."""
    people = 0.0
    for i in range(len(communities)):
        people += communities[i].population
    low, high = 0.0, 1.0
    for _ in range(16):
        middle = 0.5 * (low + high)
        below = 0.0
        for i in range(len(communities)):
            if communities[i].trust_police <= middle:
                below += communities[i].population
        if below >= 0.1 * people:
            high = middle
        else:
            low = middle
    return high if people > 0.0 else 0.0


@njit
def measure(world: World, row: np.ndarray) -> None:
    """Write every indicator of this week into `row`, float64 (indicators,), in the order of `INDICATORS`."""
    country = world.country[0]
    state = world.government[0]
    mission = world.mission[0]
    body = world.oversight[0]
    past = world.parameters.transitional_justice[0]
    n = len(world.communities)
    row[:] = 0.0
    people = crimes = 0.0
    for i in range(n):
        c = world.communities[i]
        people += c.population
        row[TRUST_POLICE] += c.population * c.trust_police
        row[TRUST_ARMY] += c.population * c.trust_army
        row[TRUST_JUSTICE] += c.population * c.trust_justice
        row[IMPUNITY] += c.population * impunity_of(c.unredressed, past.harm_half, past.amnesty, past.amnesty_sting)
        row[ACCESS_TO_JUSTICE] += c.population * c.access
        row[FAIR_ACCESS] += c.population * c.fair_access
        row[CERTAINTY] += c.population * c.certainty
        row[TRUST_GOVERNMENT] += c.population * c.trust_government
        row[TRUST_MISSION] += c.population * c.trust_mission
        row[GRIEVANCE] += c.population * c.grievance
        row[FEAR] += c.population * c.fear
        row[EXPECTATION] += c.population * c.expectation
        row[COOPERATION] += c.population * c.cooperation
        row[EXCLUSION] += c.population * c.excluded
        row[IN_SAFE_ZONES] += c.population * c.safe_zone
        row[POLICE_SERVICE] += c.population * world.police[i].service
        row[HARDSHIP] += c.population * c.hardship
        row[INVESTMENT] += c.population * c.investment
        row[DISPLACED] += c.displaced
        row[GBV] += c.gbv
        row[GBV_RECORDED] += c.gbv_recorded
        row[GBV_CLEARED] += c.gbv_cleared
        crimes += c.crimes
    row[DISPLACED] += country.abroad
    row[RETURNS] = country.returned_month
    people = max(people, 1.0)
    for k in (TRUST_JUSTICE, IMPUNITY, ACCESS_TO_JUSTICE, FAIR_ACCESS, CERTAINTY):
        row[k] /= people
    for k in (TRUST_POLICE, TRUST_ARMY, TRUST_GOVERNMENT, TRUST_MISSION, GRIEVANCE, FEAR, EXPECTATION, COOPERATION,
              EXCLUSION, IN_SAFE_ZONES, POLICE_SERVICE, HARDSHIP, INVESTMENT):
        row[k] /= people
    for k in (GBV, GBV_RECORDED, GBV_CLEARED):
        row[k] *= 1e5 * 13.0 / people
    row[TRUST_POLICE_SPREAD] = _spread(world.communities, row[TRUST_POLICE])
    row[TRUST_POLICE_P10] = _tenth(world.communities)
    high = low = people_high = people_low = 0.0
    for i in range(n):
        c = world.communities[i]
        if c.excluded > row[EXCLUSION]:
            high += c.population * c.trust_police
            people_high += c.population
        else:
            low += c.population * c.trust_police
            people_low += c.population
    if people_high > 0.0 and people_low > 0.0:
        row[TRUST_GAP] = low / people_low - high / people_high
    row[LEGITIMACY] = state.legitimacy

    staff = ghosts = 0.0
    for i in range(n):
        unit = world.police[i]
        staff += unit.staff
        ghosts += unit.ghosts
        row[PATRONAGE] += 1.0 if unit.patron >= 0 else 0.0
        row[CORRUPTION] += unit.staff * unit.corrupt
        row[POLICE_SKILL] += unit.staff * unit.skill
        row[RIGHTS_NORM] += unit.staff * unit.rights_norm
        row[POLICE_EQUIPMENT] += unit.staff * unit.equipment
        row[WITHHELD] += unit.staff * unit.withheld
        row[POLICE_ARREARS] += unit.staff * unit.arrears
        row[ABUSE_RECORD] += unit.staff * unit.abuse_record
        row[WOMEN_POLICE] += unit.staff * unit.women
    for k in (CORRUPTION, POLICE_SKILL, RIGHTS_NORM, POLICE_EQUIPMENT, POLICE_ARREARS, ABUSE_RECORD, WOMEN_POLICE):
        row[k] /= max(staff, 1.0)
    row[BRIBERY] = row[CORRUPTION] * world.parameters.trust[0].bribe_per_contact
    row[POLICE_STAFF] = staff
    soldiers = 0.0
    for i in range(len(world.military)):
        unit = world.military[i]
        soldiers += unit.staff
        ghosts += unit.ghosts
        row[PATRONAGE] += 1.0 if unit.patron >= 0 else 0.0
        row[ARMY_CORRUPTION] += unit.staff * unit.corrupt
        row[ARMY_PROFESSIONALISM] += unit.staff * unit.professionalism
        row[ARMY_RIGHTS_NORM] += unit.staff * unit.rights_norm
        row[WITHHELD] += unit.staff * unit.withheld
        row[ARMY_ARREARS] += unit.staff * unit.arrears
        row[WOMEN_ARMY] += unit.staff * unit.women
    for k in (ARMY_CORRUPTION, ARMY_PROFESSIONALISM, ARMY_RIGHTS_NORM, ARMY_ARREARS, WOMEN_ARMY):
        row[k] /= max(soldiers, 1.0)
    row[ARMY_STAFF] = soldiers
    row[PATRONAGE] /= max(float(n + len(world.military)), 1.0)
    row[WITHHELD] /= max(staff + soldiers, 1.0)
    row[GHOSTS] = ghosts / max(ghosts + staff + soldiers, 1.0)
    row[DETECTION] = body.detection
    row[CAPTURE] = body.capture
    row[AUDIT_HIT_RATE] = world.parameters.audit[0].power * (1.0 - body.capture)
    row[SANCTIONS_PER_FINDING] = body.detection / body.found if body.found > 0.0 else 0.0
    row[TECHNOLOGY] = body.technology
    row[SANCTION_CEILING] = body.sanction_ceiling
    row[CASE_CLEARANCE] = country.clearance
    row[COURT_BACKLOG] = country.court_backlog
    row[PRISON_CROWDING] = state.prisoners / max(state.prison_places, 1.0)
    row[DISPUTES_SETTLED] = country.disputes_settled
    row[DISPUTES_RECORDED] = country.disputes_recorded

    row[ABUSES] = country.abuses_month
    row[CRIME] = crimes / people * 1e5 * 13.0
    row[VIOLENCE] = country.attacks_week
    row[BATTLE_DEATHS] = country.battle_deaths_week
    row[CIVILIAN_DEATHS] = country.civilian_deaths_week
    row[CRIMINAL_DEATHS] = country.criminal_deaths_week
    row[BATTLE_DEATHS_52] = country.battle_deaths_52

    believers = 0.0
    pressure = -1e9
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        row[FIGHTERS] += group.fighters
        row[GROUPS_AT_WAR] += group.at_war
        if group.at_war == 0:
            believers += 1.0
            row[CREDIBILITY] += group.credibility
        pressure = max(pressure, group.war_utility - group.peace_utility)
    row[CREDIBILITY] = row[CREDIBILITY] / believers if believers > 0.0 else 0.0
    row[WAR_PRESSURE] = pressure if pressure > -1e8 else 0.0
    relapsed = 0.0
    for r in range(len(world.cohorts)):
        cohort = world.cohorts[r]
        row[DEMOBILISED] += cohort.disarmed + cohort.demobilised
        row[REINTEGRATED] += cohort.reintegrated
        relapsed += cohort.relapsed
    left = row[DEMOBILISED] + row[REINTEGRATED] + relapsed
    row[LIVELIHOODS] = row[REINTEGRATED] / left if left > 0.0 else 0.0

    row[WILL] = state.will
    row[FORM] = state.form
    row[FUNCTION] = state.function
    row[FIT] = state.fit
    row[RESISTANCE] = state.resistance
    row[ABSORPTION] = state.absorption
    row[IMPLEMENTATION] = state.implementation
    row[TROOPS] = mission.troops
    row[UN_POLICE] = mission.police
    row[MISSION_EFFECTIVENESS] = mission.effectiveness
    row[CONSENT] = mission.consent
    row[PARTIALITY] = mission.partiality
    row[CONDUCT] = mission.conduct
    row[MISSION_LOSSES] = mission.losses
    row[MISCONDUCT] = mission.misconduct
    uniformed = mission.troops + mission.police
    row[FORCE_DEPENDENCY] = uniformed / max(uniformed + staff + soldiers, 1.0)
    if mission.withdrawn == 1:
        row[CAPACITY_SINCE_EXIT] = row[POLICE_SERVICE] - country.capacity_at_exit
        row[TRUST_SINCE_EXIT] = row[TRUST_POLICE] - country.trust_at_exit
    need = paid = aid = useful = domestic = budgets = 0.0
    for s in range(len(world.sectors)):
        sector = world.sectors[s]
        need += sector.need
        paid += sector.domestic + sector.useful
        aid += sector.aid
        useful += sector.useful
        domestic += sector.domestic
        row[CHURN] += sector.churn / len(world.sectors)
    row[FUNDED] = paid / need if need > 0.0 else 0.0
    row[DUPLICATION] = 1.0 - useful / aid if aid > 0.0 else 0.0
    for d in range(len(world.donors)):
        row[AID] += world.donors[d].disbursed
        budgets += world.donors[d].budget
        row[DONOR_RETENTION] += world.donors[d].budget * min(1.0, world.donors[d].engagement)
    row[DONOR_RETENTION] = row[DONOR_RETENTION] / budgets if budgets > 0.0 else 0.0
    for line in range(len(world.ledger)):
        row[SPENDING] += world.ledger[line].spent
    row[AID_DEPENDENCY] = 1.0 - domestic / row[SPENDING] if row[SPENDING] > 0.0 else 0.0
    row[LEAKAGE] = country.leakage
    row[POOL] = state.pool_police + state.pool_army
    row[MONITORING] = country.monitoring
    row[SURVEY_ERROR] = country.survey_error
    row[SURVEY_TRUST_POLICE] = country.survey_trust_police
    row[SURVEY_TRUST_GOVERNMENT] = country.survey_trust_government
    row[RECORDED_ATTACKS] = country.recorded_attacks
    row[RECORDED_CRIME] = country.recorded_crime
