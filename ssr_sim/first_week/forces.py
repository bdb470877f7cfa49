"""Police and army in the first week."""

from __future__ import annotations

from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.draws import stream
from ssr_sim.first_week.ground import Ground
from ssr_sim.first_week.luck import Luck, around
from ssr_sim.jit import njit
from ssr_sim.networks import commanders, whole_shares
from ssr_sim.submodels.corruption import need_and_price, opportunity_at_rest
from ssr_sim.tables import empty

CORRUPT = stream(212, "start: corruption of a unit")
SKILL = stream(213, "start: skill of a unit")
EQUIPMENT = stream(214, "start: equipment of a unit")
PATRON = stream(215, "start: patron of a commander")
POSTING = stream(216, "start: posting of a unit")


def _at_rest(corrupt: np.ndarray, table: np.ndarray, parameters: Any) -> None:
    """Set the opportunity of every unit so that the country's corruption is at rest before any policy changes it."""
    first = parameters["first_week"][0]
    table["integrity"] = first["integrity"]
    table["perceived_detection"] = first["perceived_detection"]
    _rest(corrupt, table, parameters["corruption"], parameters["pay"])


@njit
def _rest(corrupt: np.ndarray, table: np.ndarray, corruption: np.ndarray, pay: np.ndarray) -> None:
    """Fill in the opportunity at which a share `corrupt` (rows,) stays as it is."""
    p = corruption[0]
    for i in range(len(table)):
        unit = table[i]
        need = need_and_price(unit.arrears, pay[0].level, p.need_weight, p.need_months, p.wage_price_effect)
        unit.opportunity = opportunity_at_rest(corrupt[i], unit.perceived_detection, unit.integrity, p.cost,
                                               p.contagion, p.spread) - need


def police(country: Country, ground: Ground, parameters: Any, luck: Luck) -> np.ndarray:
    """One unit for each community."""
    first = parameters["first_week"][0]
    n = len(ground.places.x)
    police = country.police
    table = empty("police", n)
    table["uid"] = np.arange(n)
    people = ground.places.population
    # "present" below follows from arrears and morale; names without anybody behind them are ghosts
    ghosts = first["ghost_share"] * (1.0 - police.present_share.value)
    table["staff"] = whole_shares(police.size.value * (1.0 - ghosts), people)
    table["ghosts"] = whole_shares(police.size.value * ghosts, people)
    table["skill"] = around(police.skill.value, luck.normal(SKILL, n), first["skill_spread"])
    table["rights_norm"] = police.rights_norm.value
    table["equipment"] = around(police.equipment.value, luck.normal(EQUIPMENT, n), first["equipment_spread"])
    table["women"] = police.women_share.value
    bribe = parameters["trust"][0]["bribe_per_contact"]
    corrupt = around(min(0.95, police.corruption.value / bribe), luck.normal(CORRUPT, n), first["corruption_spread"])
    table["corrupt"] = corrupt
    table["morale"] = first["morale"]
    table["arrears"] = min(60.0, police.arrears_months.value)
    table["present"] = police.present_share.value
    table["imbalance"] = police.imbalance.value
    table["abuse_record"] = np.clip(first["abuse_record"] * (1.0 - police.rights_norm.value) * corrupt, 0.0, 1.0)
    _at_rest(corrupt, table, parameters)
    _give_patrons(table, country, luck, 0)
    return table


def _give_patrons(table: np.ndarray, country: Country, luck: Luck, offset: int) -> None:
    """Commanders with a patron among the elites, as often as elites obstruct."""
    elites = int(country.politics.elites.value)
    draw = luck.uniform(PATRON, len(table) + offset)[offset:]
    share = country.politics.obstruction.value
    table["patron"] = np.where((draw < share) & (elites > 0), (draw / max(share, 1e-9) * elites).astype(int), -1)


def army(country: Country, ground: Ground, parameters: Any, luck: Luck) -> np.ndarray:
    """The army's units, none for a country without one."""
    first = parameters["first_week"][0]
    army = country.army
    units = army.units if army.size.value >= 1 else 0
    table = empty("military", units)
    if units == 0:
        return table
    table["uid"] = np.arange(units)
    table["staff"] = whole_shares(army.size.value * (1.0 - army.ghosts_share.value), np.ones(units))
    table["ghosts"] = whole_shares(army.size.value * army.ghosts_share.value, np.ones(units))
    table["weapons"] = table["staff"]
    table["women"] = parameters["women"][0]["army_start"]
    table["professionalism"] = around(army.professionalism.value, luck.normal(SKILL, units), first["army_skill_spread"])
    table["rights_norm"] = army.discipline.value
    table["discipline"] = army.discipline.value
    corrupt = around(army.corruption.value, luck.normal(CORRUPT, units), first["army_corruption_spread"])
    table["corrupt"] = corrupt
    table["arrears"] = min(60.0, army.arrears_months.value)
    _at_rest(corrupt, table, parameters)
    table["loyalty"] = first["loyalty"]
    table["imbalance"] = army.imbalance.value
    table["equipment"] = first["army_equipment"] * army.professionalism.value
    table["abuse_record"] = np.clip(first["abuse_record"] * (1.0 - army.discipline.value), 0.0, 1.0)
    table["commander"] = commanders(units)
    inside = np.flatnonzero(~np.array([region.outside for region in country.regions])[ground.places.region])
    inside = inside if len(inside) else np.arange(len(ground.places.x))
    weights = ground.places.population[inside] + 1.0
    table["posting"] = inside[np.searchsorted(np.cumsum(weights) / weights.sum(), luck.uniform(POSTING, units))]
    _give_patrons(table, country, luck, len(ground.places.x))
    return table
