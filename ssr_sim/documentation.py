"""Pages that come from the declarations: parameters, state variables, indicators, coverage, and scenarios/schema.json.

`python -m ssr_sim.documentation --write` writes them, `--check` prints what is stale and then fails.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

from ssr_sim import schedule
from ssr_sim.country import Country, declared, part_of
from ssr_sim.faults import shown
from ssr_sim.locations import PACKAGE
from ssr_sim.measures import INDICATORS
from ssr_sim.parameters import GROUPS, Parameter, catalogue
from ssr_sim.scenario import BLOCKS, Head
from ssr_sim.tables import EVENT_KINDS, LINES, SECTOR_OF_LINE, SECTORS, SHOCK_KINDS, SPENDING, TABLES
from ssr_sim.world import PHASES

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


STATE = """\
# State variables

Generated from the declarations in `ssr_sim` by `python -m ssr_sim.documentation --write`; do not edit.

One table per kind of agent, one row per agent. `first week` under *written by*: set at the start and never changed, or
changed from outside the week (a policy, a shock). The order of the phases is in [odd.md](odd.md), section 3.
"""
ROWS = {
    "communities": "one row per community", "police": "one row per community", "military": "one row per army unit",
    "groups": "one row per armed group, and free rows for splinters", "presence": "one row per group and community",
    "cohorts": "former fighters, one row per group and community", "donors": "one row per donor",
    "contingents": "one row per contingent of the mission", "elites": "one row per elite", "government": "one row",
    "oversight": "one row", "mission": "one row", "country": "one row", "ledger": "one row per spending line",
    "sectors": "one row per sector of funding", "events": "one row per event",
    "policy": "one row per change of a lever", "shocks": "one row per planned shock", "clock": "one row",
    "deployment": "one row per week of the plan",
}
INDICATORS_INTRODUCTION = """\
# Indicators

Generated from the declarations in `ssr_sim` by `python -m ssr_sim.documentation --write`; do not edit.

Computed at the end of every week. **Truth** is what happened, **record** what was reported: conditions of a policy read
any of them, rules inside the model only records. Means over people weigh communities by population, means over officers
units by staff. How those that are not plain means are formed: [odd.md](odd.md), *Indicators*.
"""
COVERAGE = """\
# Coverage

Generated from `docs/coverage.csv` by `python -m ssr_sim.documentation --write`; do not edit.

What the source documents of this project name, where each thing lives (`module:name`, a parameter, a field of a state
table, an indicator, a scenario, a preset or a page), and the test that guards it. A test resolves every reference.
"""


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


def state_page() -> str:
    """The text of docs/state.md: every field of every table, and who writes it."""
    compiled: Any = schedule.week
    order = [name for name in compiled.py_func.__code__.co_names if name in PHASES]
    parts = [STATE]
    for table, fields in TABLES.items():
        parts.append(f"## {table}\n\n{ROWS[table]}.\n")
        rows = []
        for name, field in fields.items():
            writers = [f"`{phase}`" for phase in order if f"{table}.{name}" in PHASES[phase].writes]
            rows.append((f"`{name}`", field.unit, _limits(field.lo, field.hi), field.meaning,
                         ", ".join(writers) or "first week"))
        parts.append(_table(("field", "unit", "range", "meaning", "written by"), iter(rows)))
    parts.append("## Codes\n")
    lines = (f"`{line}` ({SECTORS[SECTOR_OF_LINE[row]] if SECTOR_OF_LINE[row] >= 0 else 'paid outside the sectors'}; "
             f"{SPENDING[line][1]})" for row, line in enumerate(LINES))
    parts.append(_table(("list", "in order"), iter((
        ("spending lines (sector; group)", ", ".join(lines)), ("sectors", ", ".join(SECTORS)),
        ("kinds of events", ", ".join(EVENT_KINDS)), ("kinds of shocks", ", ".join(SHOCK_KINDS))))))
    return "\n".join(parts)


def _limits(lo: float, hi: float) -> str:
    if hi > 1e9:
        return "" if lo < -1e9 else f"{lo:g} and more"
    return f"{lo:g} to {hi:g}"


def indicators_page() -> str:
    """The text of docs/indicators.md."""
    rows = ((f"`{one.name}`", one.label, one.unit, one.better, one.kind, one.definition) for one in INDICATORS)
    return "\n".join((INDICATORS_INTRODUCTION,
                      _table(("indicator", "label", "unit", "better", "kind", "definition"), rows)))


def coverage_page(root: Path) -> str:
    """The text of docs/coverage.md, from the table beside it."""
    parts = [COVERAGE]
    path = root / "docs" / "coverage.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        parts.append(f"## {kind.capitalize()}s\n" if not kind.startswith("case") else "## Cases and frameworks\n")
        cells = ((row["id"], row["item"], " ".join(f"`{place}`" for place in row["where"].split()), f"`{row['test']}`")
                 for row in rows if row["kind"] == kind)
        parts.append(_table(("id", "what", "where", "test"), cells))
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
    docs = root / "docs"
    return {docs / "parameters.md": parameters_page(), docs / "state.md": state_page(),
            docs / "indicators.md": indicators_page(), docs / "coverage.md": coverage_page(root),
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
