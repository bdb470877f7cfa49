"""Communities in the first week: who lives there, what they have, whom they trust and what they remember."""

from __future__ import annotations

from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.draws import stream
from ssr_sim.first_week.ground import Ground, gangs, organised
from ssr_sim.first_week.luck import Luck, around
from ssr_sim.networks import whole_shares
from ssr_sim.tables import empty

HARDSHIP = stream(210, "start: hardship of a community")
SERVICES = stream(211, "start: services of a community")
EXCLUDED = stream(219, "start: exclusion of a community")


def communities(country: Country, ground: Ground, parameters: Any, luck: Luck) -> np.ndarray:
    """The table of communities; justice and the displaced are filled in later."""
    p = parameters["first_week"][0]
    n = len(ground.places.x)
    society = country.society
    table = empty("communities", n)
    table["uid"] = np.arange(n)
    table["region"] = ground.places.region
    table["constituency"] = ground.constituency
    table["x"], table["y"] = ground.places.x, ground.places.y
    table["population"] = ground.places.population
    table["youth"] = min(1.0, society.youth_share.value * p["youth_ratio"])
    outside = np.array([region.outside for region in country.regions])
    table["at_war_zone"] = 1.0 - outside[ground.places.region]
    table["hardship"] = around(society.hardship.value, luck.normal(HARDSHIP, n), p["hardship_spread"])
    table["services"] = around(
        p["services_by_absorption"] * country.politics.absorptive_capacity.value + p["services_base"],
        luck.normal(SERVICES, n), p["services_spread"])
    # the excluded: their own places most, others by the country's mean
    mean = sum(row.population_share.value * row.exclusion_index.value for row in country.exclusion)
    excluded = around(max(mean, 0.01), luck.normal(EXCLUDED, n), p["exclusion_spread"])
    groups = organised(country)
    own = np.array([groups[g].excluded.value if g >= 0 else 0.0 for g in ground.constituency])
    table["excluded"] = np.clip(excluded + p["own_exclusion"] * own * (1.0 - excluded), 0.0, 1.0)
    for row, gang in enumerate(gangs(country)):
        table["gangs"] += whole_shares(gang.fighters.value, ground.criminals[row])
    table["population"] = np.maximum(0.0, table["population"] - table["gangs"])
    table["expectation"] = society.expectation.value
    table["grievance"] = society.grievance.value
    table["fear"] = society.fear.value
    table["last_event"] = table["last_abuse"] = -1
    gap = society.group_trust_gap.value * (table["excluded"] - np.average(table["excluded"]))
    for name in ("police", "army", "justice", "government", "mission"):
        level = getattr(society, f"trust_{name}").value
        trust = np.clip(level - (gap if name != "mission" else 0.0), 0.02, 0.98)
        table[f"trust_{name}"] = trust
        good, bad = memory_for(trust, parameters["trust"][0], name, p["remembered"])
        table[f"good_{name}"], table[f"bad_{name}"] = good, bad
    return table


def memory_for(trust: np.ndarray, p: np.void, institution: str, mass: float) -> tuple[np.ndarray, np.ndarray]:
    """Good and bad contacts remembered (per head) that make experience equal to the trust measured at the start, with
    `mass` contacts in memory.
    """
    weight = float(p["prior_weight"])
    good = np.clip(trust * (mass + weight) - float(p[f"prior_{institution}"]) * weight, 0.0, mass)
    return good, (mass - good) / float(p["negativity"])
