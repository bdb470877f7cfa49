"""7.26 Indicators, from the description."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from ssr_sim.measures import INDICATORS
from tests.twin.country import Land
from tests.twin.maths import clamp, ratio

OF_PEOPLE = {
    "trust_police": "trust_police", "trust_army": "trust_army", "trust_justice": "trust_justice",
    "trust_government": "trust_government", "trust_mission": "trust_mission", "grievance": "grievance", "fear": "fear",
    "expectation": "expectation", "cooperation": "cooperation", "exclusion": "excluded", "in_safe_zones": "safe_zone",
    "hardship": "hardship", "investment": "investment", "access_to_justice": "access", "fair_access": "fair_access",
    "certainty": "certainty",
}
OF_OFFICERS = {
    "corruption": "corrupt", "police_skill": "skill", "rights_norm": "rights_norm", "police_equipment": "equipment",
    "police_arrears": "arrears", "abuse_record": "abuse_record", "women_police": "women",
}
OF_SOLDIERS = {
    "army_corruption": "corrupt", "army_professionalism": "professionalism", "army_rights_norm": "rights_norm",
    "army_arrears": "arrears", "women_army": "women",
}
AS_THEY_STAND = {
    "oversight": {name: name for name in ("detection", "capture", "technology", "sanction_ceiling")},
    "government": {name: name for name in ("legitimacy", "will", "form", "function", "fit", "resistance", "absorption",
                                           "implementation")},
    "country": {
        **{name: name for name in ("leakage", "monitoring", "survey_error", "survey_trust_police",
                                   "survey_trust_government", "recorded_attacks", "recorded_crime", "court_backlog",
                                   "disputes_settled", "disputes_recorded", "battle_deaths_52")},
        "case_clearance": "clearance", "returns": "returned_month", "abuses": "abuses_month",
        "violence": "attacks_week", "battle_deaths": "battle_deaths_week", "civilian_deaths": "civilian_deaths_week",
        "criminal_deaths": "criminal_deaths_week",
    },
    "mission": {"troops": "troops", "un_police": "police", "mission_losses": "losses", "misconduct": "misconduct"},
}
OF_A_MISSION = {"mission_effectiveness": "effectiveness", "consent": "consent", "partiality": "partiality",
                "conduct": "conduct"}


def total(values: Iterable[float], start: float = 0.0) -> float:
    """A sum in the order of rows, each step rounded."""
    for value in values:
        start += value
    return start


def share(part: float, whole: float) -> float:
    """A share of nothing is 0."""
    return part / whole if whole > 0.0 else 0.0


def measure(land: Land) -> dict[str, float]:
    """All indicators of the week, in their order."""
    values: dict[str, float] = {}
    for table, names in AS_THEY_STAND.items():
        for name, field in names.items():
            values[name] = float(getattr(getattr(land, table), field))
    people(land, values)
    forces(land, values)
    armed_groups(land, values)
    mission(land, values)
    money(land, values)
    return {indicator.name: values[indicator.name] for indicator in INDICATORS}


def people(land: Land, values: dict[str, float]) -> None:
    places = land.communities
    heads = max(total(c.population for c in places), 1.0)

    def mean(of: Callable[[Any], float]) -> float:
        return total(c.population * of(c) for c in places) / heads

    for name, field in OF_PEOPLE.items():
        values[name] = mean(lambda c, field=field: getattr(c, field))  # type: ignore[misc]
    values["police_service"] = mean(lambda c: land.police[c.row].service)
    past = land.parameters.transitional_justice

    def impunity(c: Any) -> float:
        felt = c.unredressed / (c.unredressed + past.harm_half)
        return clamp(felt * (1.0 + past.amnesty_sting * past.amnesty))

    values["impunity"] = mean(impunity)
    for name in ("gbv", "gbv_recorded", "gbv_cleared"):
        values[name] = total(getattr(c, name) for c in places) * (1e5 * 13.0 / heads)
    values["crime"] = total(c.crimes for c in places) / heads * 1e5 * 13.0
    values["displaced"] = total(c.displaced for c in places) + land.country.abroad

    middle = values["trust_police"]
    squares = total(c.population * (c.trust_police - middle) * (c.trust_police - middle) for c in places)
    values["trust_police_spread"] = math.sqrt(share(squares, total(c.population for c in places)))
    values["trust_police_p10"] = tenth(land)
    sides = [[c for c in places if (c.excluded > values["exclusion"]) == above] for above in (False, True)]
    low, high = (ratio(total(c.population * c.trust_police for c in side), total(c.population for c in side))
                 for side in sides)
    some = all(total(c.population for c in side) > 0.0 for side in sides)
    values["trust_gap"] = low - high if some else 0.0


def tenth(land: Land) -> float:
    """Sixteen halvings towards the trust below which a tenth of the people live."""
    everyone = total(c.population for c in land.communities)
    low, high = 0.0, 1.0
    for _ in range(16):
        middle = 0.5 * (low + high)
        if total(c.population for c in land.communities if c.trust_police <= middle) >= 0.1 * everyone:
            high = middle
        else:
            low = middle
    return high if everyone > 0.0 else 0.0


def forces(land: Land, values: dict[str, float]) -> None:
    staff = total(unit.staff for unit in land.police)
    soldiers = total(unit.staff for unit in land.military)
    for units, number, names in ((land.police, staff, OF_OFFICERS), (land.military, soldiers, OF_SOLDIERS)):
        for name, field in names.items():
            values[name] = total(unit.staff * getattr(unit, field) for unit in units) / max(number, 1.0)
    both = (*land.police, *land.military)
    values["police_staff"], values["army_staff"] = staff, soldiers
    values["bribery"] = values["corruption"] * land.parameters.trust.bribe_per_contact
    values["patronage"] = total(1.0 for unit in both if unit.patron >= 0) / max(float(len(both)), 1.0)
    ghosts = total(unit.ghosts for unit in both)
    values["ghosts"] = ghosts / max(ghosts + staff + soldiers, 1.0)
    values["withheld"] = total(unit.staff * unit.withheld for unit in both) / max(staff + soldiers, 1.0)
    body, state = land.oversight, land.government
    values["audit_hit_rate"] = land.parameters.audit.power * (1.0 - body.capture)
    values["sanctions_per_finding"] = share(body.detection, body.found)
    values["prison_crowding"] = state.prisoners / max(state.prison_places, 1.0)
    values["pool"] = state.pool_police + state.pool_army


def armed_groups(land: Land, values: dict[str, float]) -> None:
    existing = [group for group in land.groups if group.exists == 1]
    at_peace = [group for group in existing if group.at_war == 0]
    values["fighters"] = total(group.fighters for group in existing)
    values["groups_at_war"] = float(len(existing) - len(at_peace))
    values["credibility"] = share(total(group.credibility for group in at_peace), float(len(at_peace)))
    values["war_pressure"] = max((group.war_utility - group.peace_utility for group in existing), default=0.0)
    cohorts = land.cohorts.values()
    values["demobilised"] = total(one.disarmed + one.demobilised for one in cohorts)
    values["reintegrated"] = total(one.reintegrated for one in cohorts)
    left = values["demobilised"] + values["reintegrated"] + total(one.relapsed for one in cohorts)
    values["livelihoods"] = share(values["reintegrated"], left)


def mission(land: Land, values: dict[str, float]) -> None:
    uniformed = land.mission.troops + land.mission.police
    for name, field in OF_A_MISSION.items():
        values[name] = getattr(land.mission, field) if uniformed >= 1.0 else 0.0
    everyone = uniformed + values["police_staff"] + values["army_staff"]
    values["force_dependency"] = uniformed / max(everyone, 1.0)
    gone = land.mission.withdrawn == 1
    values["capacity_since_exit"] = values["police_service"] - land.country.capacity_at_exit if gone else 0.0
    values["trust_since_exit"] = values["trust_police"] - land.country.trust_at_exit if gone else 0.0


def money(land: Land, values: dict[str, float]) -> None:
    sectors = land.sectors.values()
    useful, aid = total(one.useful for one in sectors), total(one.aid for one in sectors)
    values["funded"] = share(total(one.domestic + one.useful for one in sectors), total(one.need for one in sectors))
    values["duplication"] = 1.0 - useful / aid if aid > 0.0 else 0.0
    values["churn"] = total(one.churn / len(sectors) for one in sectors)
    values["aid"] = total(donor.disbursed for donor in land.donors)
    kept = total(donor.budget * min(1.0, donor.engagement) for donor in land.donors)
    values["donor_retention"] = share(kept, total(donor.budget for donor in land.donors))
    spent = total(line.spent for line in land.ledger.values())
    values["spending"] = spent
    values["aid_dependency"] = 1.0 - total(one.domestic for one in sectors) / spent if spent > 0.0 else 0.0
