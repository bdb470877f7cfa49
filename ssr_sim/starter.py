"""The first file of a user's own country: every number of the declarations, as an assumption to replace."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ssr_sim.country import Country, Datum, Shares, declared, interval, part_of
from ssr_sim.toml_text import inline

HEAD = """\
# {name}: a scenario to fill in. Regions, populations and borders are yours; every other number is an assumption,
# the default of the model, with its meaning and range beside it. Replace what you know, best with its range, how well
# it is known (V read in a source, C computed from open data, D direction read and number from memory, M memory or
# judgement) and its source:
#   size = {{value = 7500, low = 6000, high = 9000, quality = "V", source = "payroll census of May"}}
# Lines that begin with "# " and hold an example count once their "# " is removed."""


def slug(name: str) -> str:
    """The short name of a scenario: "Côte d'Azure" becomes "côte-d-azure"; empty without letters and digits."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def starter(name: str, regions: list[dict[str, Any]], borders: list[list[str]], start: datetime.date) -> str:
    """TOML text of a scenario for the country `name`, with a line for everything that `country` declares.

    `regions` and `borders` are rows of `[country]` that have been checked; examples begin on `start`.
    """
    return "\n".join([HEAD.format(name=name), *_head(name, start), *_top(name, regions, borders),
                      *_sections(regions[0]["name"], start)]) + "\n"


def _head(name: str, start: datetime.date) -> Iterator[str]:
    yield from ("", "[scenario]", f"name = {inline(slug(name))}", f"title = {inline(name)}")
    yield 'description = "What the scenario is about, in a sentence or two. Stylised and approximate."'
    yield from _aligned([(f"start = {start}", "assumption: first day, usually that of the agreement or of the mission"),
                         (f"price_year = {start.year}", "assumption: year of all amounts of money")])
    yield "approximate = true"


def _top(name: str, regions: list[dict[str, Any]], borders: list[list[str]]) -> Iterator[str]:
    fields = Country.model_fields
    values = {"communities": max(fields["communities"].default, len(regions)),
              "network_seed": fields["network_seed"].default}
    yield from ("", "[country]", f"name = {inline(name)}")
    yield from _aligned([(f"{key} = {value}", _meaning(Country, key, fields[key])) for key, value in values.items()])
    yield from ("", "# A plain number counts as an assumption: give it its quality and source as above.", "regions = [")
    yield from (f"  {inline(region)}," for region in regions)
    yield from ("]", "", f"# {fields['borders'].description}", "borders = [")
    yield from (f"  {inline(pair)}," for pair in borders)
    yield "]"


def _sections(region: str, start: datetime.date) -> Iterator[str]:
    """Every table of the country below its regions, in the order of its declaration."""
    for key, field in Country.model_fields.items():
        part = part_of(field.annotation)
        if key in ("regions", "borders") or part is None:
            continue
        yield ""
        if part is Datum:  # numbers by calendar year
            yield from (f"# {field.description}; an example:", f"[country.{key}]", f"# {start.year - 1} = {_datum(0)}")
        elif get_origin(field.annotation) is tuple:
            yield from ("# One block for each; an example:", f"# [[country.{key}]]")
            yield from (f"# {line}" for line in _fields(part, region, start))
        else:
            yield from (f"[country.{key}]", *_fields(part, region, start))


def _fields(part: type[BaseModel], region: str, start: datetime.date) -> Iterator[str]:
    fields = dict(part.model_fields)
    strength = fields.pop("strength", None)
    yield from _aligned([(f"{key} = {_value(part, key, field, region)}", _meaning(part, key, field))
                         for key, field in fields.items()])
    if strength is not None:
        yield from (f"# {strength.description}; an example:", "# strength = [",
                    f"#   {inline([start, 0, 0, 'assumption'])},", "# ]")


def _value(part: type[BaseModel], key: str, field: FieldInfo, region: str) -> str:
    """The default of a field; for one without, the least number, the first choice, a name to replace."""
    limits, options = declared(part, key), _options(field)
    if limits:
        least = limits["lo"] if field.is_required() else field.default
        return _datum(least) if field.annotation is Datum else inline(least)
    if field.annotation == Shares:
        return inline({region: 1})
    if field.annotation == tuple[str, ...]:
        return inline([region])
    if options:
        return inline(options[0] if field.is_required() else field.default)
    return inline("a name" if field.is_required() else field.default)


def _datum(value: float) -> str:
    return inline({"value": value, "quality": "assumption"})


def _meaning(part: type[BaseModel], key: str, field: FieldInfo) -> str:
    """Help, range and unit of a field, or its choices, as declared."""
    limits, options = declared(part, key), _options(field)
    allowed = f": {interval(**limits)}" if limits else f": {', '.join(options)}" if options else ""
    return f"{field.description or ''}{allowed}"


def _options(field: FieldInfo) -> tuple[str, ...]:
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


def _aligned(entries: list[tuple[str, str]]) -> Iterator[str]:
    """Entries with their meanings as comments in one column."""
    width = max(len(entry) for entry, _ in entries)
    yield from (f"{entry:<{width}}  # {meaning}" for entry, meaning in entries)
