"""Pages that come from the declarations: docs/parameters.md and scenarios/schema.json.

`python -m ssr_sim.documentation --write` writes them, `--check` prints what is stale and then fails.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

from ssr_sim.country import Country, declared, part_of
from ssr_sim.faults import shown
from ssr_sim.locations import PACKAGE
from ssr_sim.parameters import GROUPS, Parameter, catalogue
from ssr_sim.scenario import BLOCKS, Head
from ssr_sim.tables import SHOCK_KINDS

INTRODUCTION = """\
# Parameters

Generated from the declarations in `ssr_sim` by `python -m ssr_sim.documentation --write`; do not edit.

The key is the key everywhere: `coverage` under `[vetting]` in a scenario file, `vetting.coverage` in a
policy, on the command line and in results. A **lever** is what a planner sets and may change at any date. An
**uncertain** value is one that nobody knows well: a run over ignorance draws it from its range, unless the
scenario sets it. A **constant** stays as it is unless a researcher changes it. At **off** a mechanism does
nothing; this value is allowed even where it is not plausible, for asking how much a mechanism matters. ★ marks
the headline levers.
"""

LEVER_HEADS = ("lever", "default", "range", "off", "unit", "what it is", "cost", "side effect", "source")
OTHER_HEADS = ("parameter", "role", "default", "range", "off", "unit", "what it is", "source")
SHOCKS = """\
## Shocks

A `[[shock]]` entry has a `date` (or `week` or `year`), a `kind`, a `size` (above 0 to 1, the worst of its kind; 0.5
unless given), for a flood a `region`, and a `label`. The same kinds strike at random with the rates of `[shocks]`,
which are 0 by default.
"""
COUNTRY_HEADS = ("key", "default", "range", "unit", "what it is")


def parameters_page() -> str:
    """The text of docs/parameters.md: every parameter by group, then every number of the country."""
    rows = list(catalogue(BLOCKS).values())
    parts = [INTRODUCTION]
    for group in GROUPS:
        members = [row for row in rows if row.group == group]
        levers = [row for row in members if row.role == "lever"]
        others = [row for row in members if row.role != "lever"]
        if members:
            parts.append(f"## {group}\n")
        if levers:
            parts.append(_table(LEVER_HEADS, (_lever_row(row) for row in levers)))
        if others:
            parts.append(_table(OTHER_HEADS, (_other_row(row) for row in others)))
    parts.append(SHOCKS)
    parts.append(_table(("kind", "what strikes"), ((f"`{kind}`", words) for kind, words in SHOCK_KINDS.items())))
    parts.append("## The country\n\nEvery number is plain or `{value, low, high, quality, source}`.\n")
    parts.append(_table(COUNTRY_HEADS, _country_rows(Country, "country")))
    return "\n".join(parts)


def _lever_row(row: Parameter) -> tuple[str, ...]:
    star = "★ " if row.headline else ""
    return (f"{star}`{row.key}`", _default(row), _range(row), _off(row), row.unit, row.help, row.cost, row.side_effect,
            row.source)


def _other_row(row: Parameter) -> tuple[str, ...]:
    return (f"`{row.key}`", row.role, _default(row), _range(row), _off(row), row.unit, row.help, row.source)


def _default(row: Parameter) -> str:
    return row.default if isinstance(row.default, str) else shown(row.default)


def _off(row: Parameter) -> str:
    return "" if row.off is None else shown(row.off)


def _range(row: Parameter) -> str:
    return ", ".join(row.options) if row.options else f"{shown(row.lo)} to {shown(row.hi)}"


def _country_rows(part: type[BaseModel], key: str) -> Iterator[tuple[str, ...]]:
    for name, field in part.model_fields.items():
        inner = part_of(field.annotation)
        limits = declared(part, name)
        if inner is not None and field.description is None:
            rows = "[]" if "tuple" in str(field.annotation) else ""
            yield from _country_rows(inner, f"{key}.{name}{rows}")
            continue
        allowed = f"{shown(limits['lo'])} to {shown(limits['hi'])}" if limits else ""
        yield (f"`{key}.{name}`", _country_default(field), allowed, limits.get("unit", ""),
               field.description or "")


def _country_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return shown(field.default) if type(field.default) in (int, float) else str(field.default or "")


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def schema() -> dict[str, Any]:
    """The JSON schema of a scenario file, for editors. Contradictions between entries are beyond it."""
    models: dict[str, type[BaseModel]] = {"scenario": Head, "country": Country, **BLOCKS}
    found, definitions = models_json_schema([(model, "validation") for model in models.values()],
                                            ref_template="#/$defs/{model}")
    tables = {name: found[model, "validation"] for name, model in models.items()}
    levers = {row.key: _lever_schema(row) for row in catalogue(BLOCKS).values() if row.role == "lever"}
    moment = {"date": {"type": "string", "format": "date"}, "week": {"type": "integer", "minimum": 0},
              "year": {"type": "number", "minimum": 0}, "when": {"type": "string"}}
    values = {"type": "object", "additionalProperties": False, "properties": levers}
    change = {"type": "object", "additionalProperties": False, "required": ["set"],
              "oneOf": [{"required": [key]} for key in moment],
              "properties": {**moment, "for_weeks": {"type": "integer", "minimum": 1},
                             "label": {"type": "string"}, "set": values}}
    dated = {key: moment[key] for key in ("date", "week", "year")}
    shock = {"type": "object", "additionalProperties": False, "required": ["kind"],
             "oneOf": [{"required": [key]} for key in dated],
             "properties": {**dated, "kind": {"enum": list(SHOCK_KINDS)},
                            "size": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                            "region": {"type": "string"}, "label": {"type": "string"}}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A scenario of ssr_sim",
            "type": "object", "additionalProperties": False, **definitions,
            "properties": {**tables, "policy": {"type": "array", "items": change},
                           "shock": {"type": "array", "items": shock}}}


def _lever_schema(row: Parameter) -> dict[str, Any]:
    if row.options:
        return {"description": row.help, "enum": list(row.options)}
    return {"description": row.help, "type": "number", "minimum": row.lo, "maximum": row.hi}


def pages(root: Path) -> dict[Path, str]:
    """Every generated file below `root` with the text that it should have."""
    return {root / "docs" / "parameters.md": parameters_page(),
            root / "scenarios" / "schema.json": json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"}


def difference(root: Path) -> str:
    """What `--write` would change, as a unified diff; empty when everything is up to date."""
    parts: list[str] = []
    for path, text in pages(root).items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        name = path.relative_to(root).as_posix()
        before, after = old.splitlines(keepends=True), text.splitlines(keepends=True)
        parts += unified_diff(before, after, name, f"{name} (generated)")
    return "".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the generated pages of a checkout. Returns 1 when `--check` finds something stale."""
    parser = argparse.ArgumentParser(prog="python -m ssr_sim.documentation", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="write the pages")
    action.add_argument("--check", action="store_true", help="print a diff and fail if a page is stale")
    root = PACKAGE.parent
    if parser.parse_args(arguments).write:
        for path, text in pages(root).items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    changes = difference(root)
    sys.stdout.write(changes)
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
