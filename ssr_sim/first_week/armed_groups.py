"""Armed groups in the first week: where their fighters are and which fronts are not quiet."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.first_week.ground import Ground, organised
from ssr_sim.networks import whole_shares
from ssr_sim.tables import HOLDOUT, SIGNATORY, empty
from ssr_sim.world import WEEK

SPLINTER_PLACES = 3  # free rows for groups that split off


def armed_groups(country: Country, ground: Ground, parameters: Any) -> dict[str, np.ndarray]:
    """The tables of groups, of their presence in each community and of their former fighters there."""
    first = parameters["first_week"][0]
    groups = organised(country)
    n = len(ground.places.x)
    rows = len(groups) + SPLINTER_PLACES if groups else 0
    table, presence, cohorts = empty("groups", rows), empty("presence", rows * n), empty("cohorts", rows * n)
    table["uid"] = np.arange(rows)
    table["parent"] = table["last_event"] = -1
    # a pair's identity must not depend on how many communities there are
    presence["uid"] = cohorts["uid"] = (np.arange(rows)[:, None] * 2**20 + np.arange(n)[None, :]).ravel()
    p = parameters["violence"][0]
    holding = country.agreement.ceasefire_holding.value
    for g, group in enumerate(groups):
        row = table[g]
        place = presence[g * n:(g + 1) * n]
        place["base"] = ground.bases[g]
        place["fighters"] = whole_shares(group.fighters.value, ground.bases[g])
        row["exists"] = 1
        row["stance"] = SIGNATORY if group.stance == "signatory" else HOLDOUT
        row["at_war"] = int(group.stance != "signatory")
        row["fighters"] = row["strength_at_peace"] = place["fighters"].sum()
        row["weapons"] = round(group.fighters.value * group.weapons_per_fighter.value)
        row["income"] = group.resources.value
        row["money"] = first["war_chest"] * group.resources.value
        row["cohesion"] = group.cohesion.value
        row["unrest"] = first["unrest"]
        row["splinter_risk"] = group.latent_splinter.value
        row["consent"] = group.consent.value
        row["sponsor"] = group.sponsor.value
        row["exclusion"] = group.excluded.value
        row["hostility"] = country.agreement.hostility.value
        row["ties"] = first["ties"]
        # fronts that are not quiet: what last week's attacks would still excite, as at the steady rate of a war
        steady = p["branching"] * p["attack_rate"] / 1000.0 * WEEK / (1.0 - math.exp(-1.0 / p["memory"]))
        place["excitation"] = steady * place["fighters"] * (1.0 - holding)
        row["smouldering"] = place["excitation"].sum()
    return {"groups": table, "presence": presence, "cohorts": cohorts}
