"""The mission in the first week, its contingents, and the plan of its strength."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.draws import stream
from ssr_sim.first_week.ground import Ground
from ssr_sim.first_week.luck import Luck, around
from ssr_sim.submodels.mission_conduct import consent_target
from ssr_sim.tables import empty
from ssr_sim.world import WEEK

QUALITY = stream(218, "start: quality of a contingent")
CAVEATS = stream(220, "start: caveats of a contingent")


def mission(country: Country, parameters: Any) -> np.ndarray:
    """The mission as its mandate and its hosts have it."""
    first = parameters["first_week"][0]
    table = empty("mission", 1)
    mission = country.mission
    table["mandate"] = mission.mandate_strength.value
    table["clarity"] = mission.clarity.value
    table["consent"] = 0.5 * (mission.consent_government.value + mission.consent_population.value)
    table["partiality"] = first["partiality"]
    table["authorised_troops"] = mission.troops_authorised.value
    table["authorised_police"] = mission.police_authorised.value
    table["cost_per_uniformed"] = mission.cost_per_uniformed.value
    table["regional"] = 1.0 if mission.regional else 0.0
    table["conduct"] = first["conduct"]
    table["review_due"] = parameters["mandate"][0]["review_months"] / 12.0 / WEEK
    q = parameters["peacekeeping"][0]
    explained = consent_target(
        q["consent_base"], q["consent_trust"] * country.society.trust_mission.value,
        q["consent_partiality"] * table["partiality"][0], q["consent_robust"] * mission.mandate_strength.value, 0.0)
    table["goodwill"] = table["consent"] - explained
    return table


def contingents(country: Country, ground: Ground, parameters: Any, luck: Luck) -> np.ndarray:
    """Contingents at the capital, the first ones police."""
    first = parameters["first_week"][0]
    number = max(2, country.mission.contingents)
    table = empty("contingents", number)
    table["uid"] = np.arange(number)
    table["police"][: max(1, round(first["police_contingents"] * number))] = 1
    table["quality"] = around(first["quality"], luck.normal(QUALITY, number), first["quality_spread"])
    table["conduct"] = around(first["conduct"], luck.normal(QUALITY, 2 * number)[number:], first["conduct_spread"])
    table["caveats"] = around(first["caveats"], luck.normal(CAVEATS, number), first["caveats_spread"])
    table["mobility"] = 1.0
    capital = country.regions.index(country.capital)
    here = np.flatnonzero(ground.places.region == capital)
    table["posting"] = here[0] if len(here) else 0
    return table


def deployment(country: Country, start: datetime.date, weeks: int) -> np.ndarray:
    """Planned strength of the mission in each week, shape (weeks + 1,): linear between dated points, then as the
    last.
    """
    table = empty("deployment", weeks + 1)
    points = country.mission.strength
    if points:
        days = np.array([(point.date - start).days / 7.0 for point in points])
        when = np.arange(weeks + 1)
        table["troops"] = np.round(np.interp(when, days, [point.troops for point in points]))
        table["police"] = np.round(np.interp(when, days, [point.police for point in points]))
    return table
