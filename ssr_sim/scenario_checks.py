"""What is wrong with a scenario's tables: pydantic's complaints in plain words, and contradictions."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ssr_sim.country import Country, declared, interval, part_of
from ssr_sim.faults import nearest
from ssr_sim.toml_text import KeyPath

Problems = Iterator[tuple[KeyPath, str]]
Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "float_type": "must be a number", "float_parsing": "must be a number",
    "finite_number": "must be a finite number", "int_type": "must be a whole number",
    "int_parsing": "must be a whole number", "int_parsing_size": "is too large",
    "bool_type": "must be true or false", "string_type": "must be a text in quotes",
    "date_type": "must be a date without quotes: 2003-09-19",
    "date_from_datetime_inexact": "must be a date without time",
    "tuple_type": "must be a list", "dict_type": "must be a table", "model_type": "must be a table",
    "mapping_type": "must be a table", "too_short": "needs at least one row", "missing": "is missing",
    "string_too_short": "must not be empty",
}
_ROW_FORMS = ("missing_argument", "unexpected_positional_argument", "named_tuple_type", "arguments_type")


def sound_part(model: type[Model], table: Mapping[str, Any], wrong: Container[str | int]) -> Model | None:
    """What `model` makes of a table without the keys that are `wrong`, so that the rest of it can be checked as well.

    None where it cannot do without them.
    """
    try:
        return model.model_validate({key: value for key, value in table.items() if key not in wrong})
    except ValidationError:
        return None


def validation_problems(error: ValidationError, model: type[BaseModel]) -> Problems:
    """Every complaint of pydantic about `model` as (path, message)."""
    for complaint in error.errors(include_url=False):
        path: KeyPath = tuple(complaint["loc"])
        kind, context, given = complaint["type"], complaint.get("ctx", {}), complaint["input"]
        if kind == "too_short" and given:  # rows are there, but faulty themselves
            continue
        in_border = path[:1] == ("borders",) and len(path) > 1
        in_strength = path[:2] == ("mission", "strength") and kind == "missing"
        if in_border or in_strength or kind in _ROW_FORMS:  # `contradictions` says it better
            continue
        if path and path[-1] == "[key]":
            yield path[:-1], "must be a calendar year of four digits"
        elif kind == "extra_forbidden":
            known = list(_model_at(model, path[:-1]).model_fields)
            yield path, f"unknown key{nearest(str(path[-1]), known) or '; known are ' + ', '.join(known)}"
        elif kind == "literal_error":
            yield path, f"must be one of {context['expected']}"
        elif kind == "string_pattern_mismatch":
            yield path, "must be a name without dots, quotes and line breaks"
        elif kind in ("too_long", "string_too_long"):
            yield path, f"is too long: at most {context['max_length']}"
        elif kind in ("greater_than_equal", "less_than_equal"):
            limit = f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"
            yield path, f"{given!r} must be {limit}"
        else:
            known_field = kind in _EXPECTED and kind not in ("missing", "too_short", "int_parsing_size")
            yield path, _EXPECTED.get(kind, complaint["msg"]) + (_allowed(model, path) if known_field else "")


def _allowed(model: type[BaseModel], path: KeyPath) -> str:
    """", 0 to 120 (months)" for a field that declares a range."""
    path = path[:-1] if path and path[-1] == "value" else path
    limits = declared(_model_at(model, path[:-1]), str(path[-1])) if path else {}
    return f", {interval(**limits)}" if "lo" in limits else ""


def _model_at(model: type[BaseModel], path: Iterable[str | int]) -> type[BaseModel]:
    """The model that holds the value at `path`; list indices and free keys stay within their model."""
    for step in path:
        field = model.model_fields.get(str(step))
        model = (field and part_of(field.annotation)) or model
    return model


# --- contradictions ---
# These read the raw tables and pass over whatever has the wrong form, which pydantic reports: a user sees all
# mistakes of a file at once.


def contradictions(country: Mapping[str, Any]) -> Problems:
    """What does not fit together in the [country] tables, as (path below "country", message)."""
    regions = [row.get("name") for _, row in _rows(country, "regions")]
    known = [name for name in regions if isinstance(name, str)]
    for table in ("regions", "donors", "armed_groups", "neighbours", "exclusion"):
        yield from _repeated(country, table, "group" if table == "exclusion" else "name")
    yield from _region_names(country, known)
    yield from _shares(country)
    yield from _strength(country)
    capitals = [index for index, row in _rows(country, "regions") if row.get("capital") is True]
    for index in capitals[1:]:
        first = country["regions"][capitals[0]].get("name")
        yield ("regions", index, "capital"), f"{first!r} is already the capital"


def _rows(country: Mapping[str, Any], table: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = country.get(table)
    rows = rows if isinstance(rows, list) else []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, Mapping)]


def _number(value: Any) -> float:
    if isinstance(value, Mapping):  # draws are independent of one another: their central values fit together
        value = value.get("central", value.get("value"))
    return float(value) if type(value) in (int, float) and abs(value) < 1e300 else 0.0


def _repeated(country: Mapping[str, Any], table: str, key: str) -> Problems:
    seen: set[str] = set()
    for index, row in _rows(country, table):
        name = row.get(key)
        if isinstance(name, str) and name in seen:
            yield (table, index, key), f"{name!r} stands in this table twice"
        elif isinstance(name, str):
            seen.add(name)


def _region_names(country: Mapping[str, Any], known: list[str]) -> Problems:
    """Regions named in borders, neighbours and base areas exist."""
    borders = country.get("borders")
    for index, pair in enumerate(borders if isinstance(borders, list) else []):
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(end, str) for end in pair):
            for end in pair:
                yield from ((("borders", index), message) for message in _unknown(end, known))
            if pair[0] == pair[1]:
                yield ("borders", index), f"{pair[0]!r} borders on itself"
        else:
            yield ("borders", index), 'must be two names of regions: ["Bong", "Lofa"]'
    for index, row in _rows(country, "neighbours"):
        names = row.get("border")
        for item, name in enumerate(names if isinstance(names, list) else []):
            yield from ((("neighbours", index, "border", item), message) for message in _unknown(name, known))
    for index, row in _rows(country, "armed_groups"):
        bases = row.get("base_regions")
        for name in bases if isinstance(bases, Mapping) else ():
            path = ("armed_groups", index, "base_regions", name)
            yield from ((path, message) for message in _unknown(name, known))


def _unknown(name: Any, known: list[str]) -> Iterator[str]:
    if isinstance(name, str) and name not in known:
        yield f"unknown region {name!r}{nearest(name, known)}"


_WHOLES = (("regions", "violence_share"), ("regions", "displaced_share"), ("regions", "hosting_share"),
           ("donors", "share"), ("neighbours", "refugee_share"), ("exclusion", "population_share"),
           ("armed_groups", "constituency_share"))


def _shares(country: Mapping[str, Any]) -> Problems:
    """Shares of one whole add up to no more than one (a thousandth is left for rounding)."""
    for table, key in _WHOLES:
        shares = [_number(row.get(key)) for _, row in _rows(country, table)]
        total = sum(shares)
        if total > 1.001 and max(shares) <= 1:  # a share above 1 is a fault of its own
            yield (table,), f"the {key} of all rows add up to {total:.4g}, more than 1"
    for index, row in _rows(country, "armed_groups"):
        bases = row.get("base_regions")
        total = sum(map(_number, bases.values())) if isinstance(bases, Mapping) else 0.0
        if total > 1.001:
            yield ("armed_groups", index, "base_regions"), f"the shares add up to {total:.4g}, more than 1"


def _strength(country: Mapping[str, Any]) -> Problems:
    """Points of the mission's strength are in the order of time."""
    mission = country.get("mission")
    points = mission.get("strength") if isinstance(mission, Mapping) else None
    latest: datetime.date | None = None
    for index, point in enumerate(points if isinstance(points, list) else []):
        if not isinstance(point, list) or len(point) not in (3, 4):
            yield ("mission", "strength", index), 'must be [date, troops, police, "quality"]'
        elif type(point[0]) is datetime.date:
            if latest and point[0] <= latest:
                message = f"{point[0]} does not come after {latest}: points go in order"
                yield ("mission", "strength", index), message
            latest = point[0]


def warnings(country: Country, start: datetime.date) -> list[str]:
    """What is allowed and yet worth a look."""
    import networkx as nx  # takes a tenth of a second, and runs do not ask

    found = []
    graph = nx.Graph(country.borders)
    graph.add_nodes_from(region.name for region in country.regions)
    parts = sorted(nx.connected_components(graph), key=len, reverse=True)
    for part in parts[1:]:
        found.append(f"country.borders: no border leads from {', '.join(sorted(part))} to the rest")
    if country.communities < len(country.regions):
        number = len(country.regions)
        found.append(f"country.communities: {country.communities} for {number} regions; some have none")
    if not country.police.size.value:
        found.append("country.police.size: the country has no police")
    strength = country.mission.strength
    if strength and strength[0].date > start:
        found.append(f"country.mission.strength: begins on {strength[0].date}, after the start; zero before")
    for group in country.armed_groups:
        total = sum(group.base_regions.values())
        if group.base_regions and total < 0.999:
            key = f"country.armed_groups.{group.name}.base_regions"
            found.append(f"{key}: the shares add up to {total:.4g}; they are scaled to 1")
    return found


