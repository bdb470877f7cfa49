"""What columns of a sweep are called, and their units."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel

from ssr_sim.analysis.outcomes import OUTCOMES
from ssr_sim.country import Country, declared, part_of
from ssr_sim.formats import amount

from ..described import unit
from ..lever_column import label
from ..messages import section
from ..plan import parameters

PLAIN = ("0–1", "count")  # units of an axis that a single number does without


def name_of(column: str) -> str:
    """A column as people call it."""
    words = section("lab.outcomes")
    if column in OUTCOMES:
        return OUTCOMES[column].label
    return str(words[column][0]) if column in words else label(column)


@cache
def unit_of(column: str) -> str:
    """The unit of an outcome, a parameter or a number of the country; "" for a choice or a column that is unknown."""
    words = section("lab.outcomes")
    if column in OUTCOMES:
        return OUTCOMES[column].unit
    if column in words:
        return str(words[column][1])
    return unit(column) if column in parameters() else _of_country(column)


def _of_country(key: str) -> str:
    """Follow a key such as "country.armed_groups.LURD.fighters" through the types; names of rows are no fields."""
    part: type[BaseModel] = Country
    found = ""
    for step in key.split(".")[1:]:
        if step in part.model_fields:
            found = str(declared(part, step).get("unit", ""))
            part = part_of(part.model_fields[step].annotation) or part
    return found


def shown(column: str, value: float) -> str:
    """A value of a column with its unit; a choice by its name."""
    row = parameters().get(column)
    if row is not None and row.options:
        return str(row.value(value))
    said = "" if unit_of(column) in PLAIN else unit_of(column)
    return amount(value, said) if said == "USD" else f"{amount(value, said)} {said}".strip()
