"""Those who hold the purse in the first week: donors, elites and the government."""

from __future__ import annotations

from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.draws import stream, u01
from ssr_sim.first_week.luck import Luck
from ssr_sim.submodels.politics import blocked
from ssr_sim.tables import SECTORS, empty

TASTE = stream(217, "start: taste of a donor")

KINDS = {"bilateral": 0, "multilateral": 1, "pooled": 2, "regional": 3}
# what kinds of donors like to pay for, by sector (assumption): forces are visible, oversight is not
TASTES = {
    "bilateral": (0.28, 0.24, 0.06, 0.11, 0.14, 0.09, 0.08),
    "multilateral": (0.20, 0.07, 0.12, 0.13, 0.20, 0.16, 0.12),
    "pooled": (1 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7),
    "regional": (0.20, 0.39, 0.04, 0.05, 0.10, 0.19, 0.03),
}


def donors(country: Country, parameters: Any, luck: Luck) -> np.ndarray:
    """Donors with the preferences of their kind and a taste of their own."""
    first = parameters["first_week"][0]
    table = empty("donors", len(country.donors))
    table["uid"] = np.arange(len(country.donors))
    own = np.array([donor.share * donor.security_share for donor in country.donors])
    total = country.aid.total.value * country.aid.security_share.value
    if own.sum() > 0:
        table["budget"] = total * own / own.sum()
    for d, donor in enumerate(country.donors):
        table["kind"][d] = KINDS[donor.kind]
        noise = np.array([u01(luck.seed, TASTE, 0, d, s) for s in range(len(SECTORS))])
        taste = np.array(TASTES[donor.kind]) * (1.0 - first["taste_spread"] + 2.0 * first["taste_spread"] * noise)
        table["preference"][d] = taste / taste.sum()
        table["allocation"][d] = table["preference"][d]
    table["engagement"] = 1.0
    table["trust"] = first["donor_trust"]
    return table


def elites(country: Country, parameters: Any) -> np.ndarray:
    """Elites with equal parts of the budget, who divert as far as the army's commands are corrupt."""
    first = parameters["first_week"][0]
    number = int(country.politics.elites.value)
    table = empty("elites", number)
    table["uid"] = np.arange(number)
    if number:
        table["share"] = 1.0 / number
    table["diversion"] = min(first["diversion_at_most"], first["diversion"] * country.army.corruption.value)
    table["norm"] = table["diversion"]
    table["payoff"] = 0.5 * table["diversion"]
    table["last_change"] = 0.01
    table["obstruction"] = country.politics.obstruction.value
    return table


def government(country: Country, parameters: Any) -> np.ndarray:
    """The government and the state of reform."""
    first = parameters["first_week"][0]
    table = empty("government", 1)
    politics, economy = country.politics, country.economy
    table["will"] = politics.political_will.value
    # the will that the country would have without its elites' obstruction
    p = parameters["politics"][0]
    number = int(politics.elites.value)
    obstruction = blocked(politics.obstruction.value, number, p["usual_elites"], p["veto"]) if number else 0.0
    obstructed = p["obstruction_on_will"] * obstruction
    table["reference_will"] = min(1.0, politics.political_will.value + obstructed)
    table["revenue"] = economy.government_budget.value
    table["security_share"] = economy.security_share.value
    table["gdp_per_head"] = economy.gdp_per_head.value
    table["own_resources"] = politics.own_resources.value
    table["absorption"] = max(0.02, politics.absorptive_capacity.value)
    table["form"] = first["reform_form"]
    table["function"] = first["function_by_absorption"] * politics.absorptive_capacity.value
    table["fit"] = first["fit"]
    table["resistance"] = p["resistance_of_elites"] * obstruction
    table["ownership"] = first["ownership"]
    table["implementation"] = first["implementation"] * country.agreement.settlement.value
    table["settlement"] = country.agreement.settlement.value
    table["neighbour"] = max((n.hostility.value for n in country.neighbours if n.border), default=0.0)
    table["resource_rents"] = economy.resource_rents.value
    table["elected_weeks"] = first["weeks_to_election"]
    table["army_size"] = country.army.size.value * (1.0 - country.army.ghosts_share.value)
    table["ddr_planned"] = country.agreement.ddr_planned.value
    return table
