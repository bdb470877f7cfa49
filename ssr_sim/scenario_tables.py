"""Blocks and country as nested tables: for writing TOML, for changing single values, for a digest."""

from __future__ import annotations

from typing import Any

from ssr_sim.country import Country, Datum, Part, row_name
from ssr_sim.faults import nearest
from ssr_sim.parameters import Block


def changes(block: Block) -> dict[str, Any]:
    """The parameters of a block that are not at their default."""
    fields = type(block).model_fields
    return {name: value for name in fields if (value := getattr(block, name)) != fields[name].default}


def as_table(part: Part) -> dict[str, Any]:
    """A part of the country as a table, without what is at its default."""
    table = {}
    for name, field in type(part).model_fields.items():
        value, default = getattr(part, name), field.default
        if isinstance(value, Datum) and isinstance(default, (int, float)):
            default = Datum(value=default)
        if value != default:
            table[name] = _as_toml(value)
    return table


def _as_toml(value: Any) -> Any:
    if isinstance(value, Datum):
        table = as_table(value)
        return value.value if list(table) == ["value"] else table
    if isinstance(value, Part):
        return as_table(value)
    if isinstance(value, tuple):
        return [_as_toml(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _as_toml(item) for key, item in value.items()}
    return value


def set_value(table: dict[str, Any], country: Country, key: str, value: Any) -> str:
    """Puts `value` under a key such as "armed_groups.LURD.fighters" into the table of `country`.

    Returns what is wrong with the key, or an empty text.
    """
    node: Any = country
    inner: Any = table
    *above, last = key.split(".")
    for step in above:
        child, problem = _child(node, step)
        if problem or not isinstance(child, (tuple, dict, Part)) or isinstance(child, Datum):
            return problem or f"{step!r} is a single value, not a table"
        if isinstance(node, tuple):
            inner = inner[[row_name(row) for row in node].index(step)]
        else:
            inner = inner.setdefault(step, {})
        node = child
    child, problem = _child(node, last)
    if not problem and not isinstance(child, (Datum, str, int, float, type(None))):
        return "is a table, not a single value"
    if not problem:
        inner[last] = value
    return problem


def _child(node: Any, name: str) -> tuple[Any, str]:
    """The part, row or value of that name, or what is wrong with the name."""
    if isinstance(node, tuple):
        known = {row_name(row): row for row in node if isinstance(row, Part)}
    elif isinstance(node, Part):
        known = {field: getattr(node, field) for field in type(node).model_fields}
    else:
        known = {str(key): child for key, child in node.items()}
    if name in known:
        return known[name], ""
    return None, f"unknown part {name!r}{nearest(name, known) or '; known are ' + ', '.join(known)}"


def essence(content: Any) -> Any:
    """What can change a result, ready for JSON: without the texts and quality letters of the country."""
    if isinstance(content, Block):
        return essence(content.model_dump())
    if isinstance(content, Part):
        fields = type(content).model_fields
        texts = {"source", "quality", "label"}
        if "name" in fields and not fields["name"].is_required():
            texts.add("name")  # of the country or the mission: a mere label; rows are known by their names
        if getattr(content, "central", "") is None:  # said of states of the world only
            texts.add("central")
        return {name: essence(getattr(content, name)) for name in fields if name not in texts}
    if isinstance(content, dict):
        return {str(key): essence(item) for key, item in content.items()}
    if isinstance(content, (tuple, list)):
        return [essence(item) for item in content]
    return content + 0.0 if isinstance(content, float) else content  # no minus zero
