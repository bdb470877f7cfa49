"""All tables of the first week."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.first_week.armed_groups import armed_groups
from ssr_sim.first_week.displaced import place_the_displaced, rest_livelihoods
from ssr_sim.first_week.forces import army, police
from ssr_sim.first_week.ground import Ground
from ssr_sim.first_week.justice import start_justice
from ssr_sim.first_week.luck import Luck, around
from ssr_sim.first_week.mission import contingents, deployment, mission
from ssr_sim.first_week.money import donors, elites, government
from ssr_sim.first_week.people import communities
from ssr_sim.tables import AT_WAR, LINES, SECTORS, empty

FORESIGHT = 52  # weeks beyond the horizon for which the plan is known: the parties look ahead


def populate(country: Country, ground: Ground, parameters: Any, seed: int, weeks: int,
             start: datetime.date) -> dict[str, np.ndarray]:
    """All tables at week 0. `parameters[block][0]` is the record of a block in force."""
    luck = Luck(seed)
    tables = {"government": government(country, parameters), "mission": mission(country, parameters),
              "oversight": empty("oversight", 1),
              "country": _country_row(country), "ledger": empty("ledger", len(LINES)),
              "sectors": empty("sectors", len(SECTORS)), "elites": elites(country, parameters),
              "donors": donors(country, parameters, luck), "deployment": deployment(country, start, weeks + FORESIGHT)}
    # the strength that is planned for the first period has been authorised
    for kind in ("troops", "police"):
        first = tables["deployment"][kind][: int(tables["mission"]["review_due"][0]) + 1].max()
        tables["mission"][f"authorised_{kind}"] = np.maximum(tables["mission"][f"authorised_{kind}"], first)
    tables["communities"] = communities(country, ground, parameters, luck)
    tables["police"] = police(country, ground, parameters, luck)
    tables["military"] = army(country, ground, parameters, luck)
    start_justice(country, tables, parameters, luck.normal, around)
    tables |= armed_groups(country, ground, parameters)
    tables["contingents"] = contingents(country, ground, parameters, luck)
    tables["country"]["abroad"] = place_the_displaced(country, tables["communities"],
                                                           parameters["first_week"][0]["away_at_most"])
    rest_livelihoods(tables["communities"], parameters)
    tables["government"]["women_deciding"] = parameters["women"][0]["ordinary_decision"]
    held = tables["groups"]["weapons"].sum() + tables["military"]["weapons"].sum()
    loose = country.weapons.in_circulation.value - held
    tables["country"]["weapons_loose"] = max(0.0, round(loose))
    return tables


def _country_row(country: Country) -> np.ndarray:
    table = empty("country", 1)
    table["war_state"] = AT_WAR
    for name in ("peace_week", "relapse_week", "war_relapse_week", "relapse_event"):
        table[name] = -1
    table["survey_trust_police"] = country.society.trust_police.value
    table["survey_trust_government"] = country.society.trust_government.value
    return table
