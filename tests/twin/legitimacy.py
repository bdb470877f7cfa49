"""Legitimacy, grievance, fear and cooperation, from section 7.24 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import clamp, decay, logistic


def legality(land: Land, c: Any, unit: Any) -> float:
    p = land.parameters.legitimacy
    lawful = (1.0 - unit.corrupt) * ((1.0 - p.norm_in_legality) + p.norm_in_legality * unit.rights_norm)
    return (1.0 - p.courts_in_legality) * lawful + p.courts_in_legality * c.trust_justice


def service(land: Land, c: Any, unit: Any) -> float:
    p = land.parameters.legitimacy
    given = (p.service_of_state * c.services
             + max(0.0, 1.0 - p.service_of_state - p.service_of_police) * land.government.function
             + p.service_of_police * unit.service)
    reached = 1.0 - land.parameters.trust.excluded_service * c.excluded
    return reached * (1.0 - p.fear_in_service * c.fear) * given


def consent(land: Land, c: Any) -> float:
    p = land.parameters.legitimacy
    return (max(0.0, 1.0 - p.consent_police - p.consent_army) * c.trust_government
            + p.consent_police * c.trust_police + p.consent_army * c.trust_army)


def legitimacy_and_grievance(land: Land, dt: float) -> None:
    p = land.parameters.legitimacy
    people = total = 0.0
    for c, unit in zip(land.communities, land.police, strict=True):
        pillars = legality(land, c, unit), service(land, c, unit), consent(land, c)
        if p.form == "arithmetic":
            c.legitimacy = clamp((pillars[0] + pillars[1] + pillars[2]) / 3.0)
        else:
            c.legitimacy = clamp((max(pillars[0], 0.0) * max(pillars[1], 0.0) * max(pillars[2], 0.0)) ** (1.0 / 3.0))
        hardship = c.hardship + c.setback * (1.0 - c.hardship)
        lacking = clamp(p.grievance_hardship * hardship * (1.0 - c.legitimacy) + p.grievance_exclusion * c.excluded
                        + p.grievance_anger * c.anger)
        target = clamp(lacking + c.injustice - c.usual_injustice)
        c.grievance = clamp(c.grievance + (1.0 - decay(p.grievance_time, dt)) * (target - c.grievance))
        c.fear = clamp(c.fear * decay(p.fear_time, dt))
        c.anger = clamp(c.anger * decay(p.anger_weeks / 52.0, dt))
        c.attacks_in_memory = c.attacks_in_memory * decay(p.attack_memory, dt)
        c.cooperation = logistic(p.reporting_by_trust * (c.trust_police - 0.5) - p.reporting_by_fear * c.fear)
        people += c.population
        total += c.population * c.legitimacy
    land.government.legitimacy = total / people if people > 0.0 else 0.0
