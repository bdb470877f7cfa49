"""The displaced at the start: where they come from, where they live, and livelihoods at rest.

Convention: a scenario's populations are usual residents, the displaced counted at home. At the start they are moved:
out of the places they fled (regions' `displaced_share`), into those that host them (`hosting_share`), or abroad.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.networks import whole_shares

PULL = 1_000_000  # parts that the pull of places is divided into, whole so that sums do not depend on order


def place_the_displaced(country: Country, communities: np.ndarray, at_most: float) -> float:
    """Move the displaced out of and into `communities`; returns how many persons are abroad.

    No more than the share `at_most` of a place's people can be away; who is left over fled from elsewhere.
    """
    people = communities["population"].copy()
    communities["refuge"] = whole_shares(PULL, _by_region(country, communities, "hosting_share"))
    communities["border"] = _border(country)[communities["region"]]
    displaced = country.displacement
    inside, abroad = (float(round(number.value)) for number in (displaced.internal, displaced.abroad))
    away = _at_home(inside + abroad, _by_region(country, communities, "displaced_share"), people, at_most)
    if away.sum() < inside + abroad:
        # a country cannot have more displaced than people: fewer, in the same proportion
        abroad = float(np.floor(away.sum() * abroad / (inside + abroad)))
        inside = float(away.sum()) - abroad
    hosted = whole_shares(inside, communities["refuge"])
    communities["away"], communities["displaced"] = away, hosted
    communities["population"] += hosted - away
    return abroad


def _by_region(country: Country, communities: np.ndarray, field: str) -> np.ndarray:
    """Weights, shape (communities,): a field of the regions spread over their people; without it the capital's people
    for hosts, all people for origins.
    """
    people = communities["population"]
    region = communities["region"]
    weights = np.array([getattr(row, field) for row in country.regions])
    in_region = np.bincount(region, weights=people, minlength=len(weights))
    weights = np.where(in_region > 0.0, weights, 0.0)
    if weights.sum() <= 0.0:
        weights = in_region.copy()
        capital = country.regions.index(country.capital)
        if field == "hosting_share" and in_region[capital] > 0.0:
            weights[np.arange(len(weights)) != capital] = 0.0
    by_region: np.ndarray = weights[region] * people / np.maximum(in_region[region], 1.0)
    return by_region if by_region.sum() > 0.0 else np.ones(len(people))


def _at_home(total: float, weights: np.ndarray, people: np.ndarray, at_most: float) -> np.ndarray:
    """People away from each place, shape (communities,), by `weights`, no more than a place can have lost."""
    room = np.floor(at_most * people)
    away = np.minimum(whole_shares(total, weights), room)
    left = min(total, float(room.sum())) - float(away.sum())
    more: np.ndarray = away + whole_shares(left, room - away)
    return more


def _border(country: Country) -> np.ndarray:
    """Share of the refugees abroad whom the neighbours at each region's border receive, shape (regions,)."""
    shares = [sum(n.refugee_share for n in country.neighbours if region.name in n.border) for region in country.regions]
    return np.minimum(1.0, np.array(shares, dtype=np.float64))


def rest_livelihoods(communities: np.ndarray, parameters: Any) -> None:
    """Set livelihoods so that hardship and services are at the start what the scenario says, and at rest."""
    economy = parameters["economy"][0]
    relief = parameters["humanitarian"][0]
    communities["jobs"] = communities["education"] = 1.0 - communities["hardship"]
    communities["investment"] = economy["investment_norm"]
    strain = communities["displaced"] / np.maximum(communities["population"], 1.0)
    strain = np.minimum(strain, 1.0)
    aided = relief["effect"] * relief["before"]
    livelihoods = (economy["jobs_weight"] + economy["education_weight"]) * communities["jobs"]
    communities["hardship_base"] = (communities["hardship"] + livelihoods
                                    - economy["strain_weight"] * strain * (1.0 - aided))
    crowded = np.maximum(0.01, 1.0 - economy["service_strain"] * strain)
    communities["service_base"] = np.minimum(1.0, communities["services"] / crowded)
