"""The tables [levers] and [uncertainties] of a specification: which keys vary, over which ranges, by which design."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from ssr_sim.draws import mix_seed
from ssr_sim.faults import nearest
from ssr_sim.scenario import Scenario
from ssr_sim.sweep.designs import (
    Points,
    as_numbers,
    column_problems,
    distributions,
    expanded,
    grid,
    read_columns,
    sampled,
    size_problem,
    value_problem,
)
from ssr_sim.sweep.study import numbered
from ssr_sim.toml_text import KeyPath

# Runs are numbered below these: designs and luck are drawn from unrelated seeds.
OF_LEVERS, OF_UNCERTAINTIES = 2**32 - 1, 2**32 - 2
MOST_SEEDS = 2**32 - 2
LARGEST = 10_000_000  # points times keys of one design


class Factors(BaseModel):
    """What both tables have."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    n: int | None = Field(None, ge=1, le=1_000_000)
    keys: list[str] = []
    ranges: dict[str, Any] = {}
    second_order: bool = False
    file: str | None = None


class LeversTable(Factors):
    """The [levers] table: policies sampled besides the named ones, laid over the reference."""

    design: Literal["grid", "lhs", "sobol", "saltelli", "file"]
    values: dict[str, Any] = {}


class UncertaintiesTable(Factors):
    """The [uncertainties] table: the states of the world."""

    design: Literal["lhs", "sobol", "saltelli", "file", "prior"]


class Design(NamedTuple):
    """What reading one of the tables needs: `note` takes a path below the table and a message."""

    validated: Callable[..., Any]
    note: Callable[[KeyPath, str], None]
    table: str
    given: bool
    scenario: Scenario
    seed: int
    folder: Path


def read_levers(design: Design, taken: Sequence[str]) -> Points | None:
    """The sampled policies, or None when there are none or something is wrong with the table."""
    table = design.validated(LeversTable, ("levers",)) if design.given else None
    if table is None:
        return None
    points = _points(design, table, "lever", mix_seed(design.seed, OF_LEVERS))
    if points is None:
        return None
    names = points.names or numbered(table.design, len(points))
    for name in sorted(set(names) & set(taken)):
        design.note((), f"policy {name!r} is there twice: as a [[policy]] and as a point of the design")
    return Points(points.keys, points.values, names)


def read_uncertainties(design: Design) -> Points | None:
    """The states of the world, or None when there is no such table or something is wrong with it."""
    table = design.validated(UncertaintiesTable, ("uncertainties",)) if design.given else None
    return table and _points(design, table, "uncertain", mix_seed(design.seed, OF_UNCERTAINTIES))


def _points(design: Design, table: Any, role: str, seed: int) -> Points | None:
    unsound = _belongs(design, table)
    if table.design == "file":
        return None if unsound else _from_file(design, table, role)
    values: Mapping[str, Any] = table.values if table.design == "grid" else {}
    keys = expanded(list(dict.fromkeys([*table.keys, *table.ranges, *values])), design.scenario, role)
    if not keys and role == "uncertain":
        keys = list(design.scenario.prior.keys)
    if not keys:
        design.note((), "names no lever: give keys, or ranges such as {\"oversight.coverage\" = [0, 1]}")
        return None
    problems = {key: _key_problem(design.scenario, key, role) for key in keys}
    where = {key: ("ranges", key) if key in table.ranges else ("values", key) if key in values
             else ("keys", table.keys.index(key)) if key in table.keys else () for key in keys}
    problems |= {key: _range_problem(design.scenario, key, ends)
                 for key, ends in table.ranges.items() if not problems.get(key)}
    problems |= {key: _values_problem(design.scenario, key, given)
                 for key, given in values.items() if not problems.get(key)}
    for key, message in problems.items():
        if message:
            at = where.get(key, ("ranges", key))
            named = at[-1:] == (key,)  # in a list it has a number only
            design.note(at, message if named else f"{key!r}: {message}")
    if unsound or any(problems.values()):
        return None
    if table.design == "grid":
        return _grid(design, table, keys)
    if table.n * len(keys) > LARGEST:
        design.note(("n",), f"{table.n:,} points of {len(keys):,} keys are more than {LARGEST:,} numbers")
        return None
    return sampled(table.design, table.n, distributions(design.scenario, keys, table.ranges), seed, table.second_order)


def _belongs(design: Design, table: Any) -> bool:
    """Note what the table holds that its design has no use for, or lacks; whether there was anything."""
    uses = {"file": {"file"}, "grid": {"n", "keys", "ranges", "values"},
            "saltelli": {"n", "keys", "ranges", "second_order"}}.get(table.design, {"n", "keys", "ranges"})
    wrong = [name for name in table.model_fields_set - {"design"} if name not in uses]
    for name in sorted(wrong):
        design.note((name,), f"does not belong to design {table.design!r}, which has {', '.join(sorted(uses))}")
    lacks = [name for name in ("n", "file") if name in uses and getattr(table, name) is None]
    if table.design == "grid" and not (table.keys or table.ranges):
        lacks = []
    for name in lacks:
        design.note((), f"design {table.design!r} needs {name}")
    message = size_problem(table.design, table.n) if table.n else ""
    if message:
        design.note(("n",), message)
    return bool(wrong or lacks or message)


def _key_problem(scenario: Scenario, key: str, role: str) -> str:
    parameter = scenario.parameters.get(key)
    numbers = dict(scenario.country.numbers())
    if parameter is None and key not in numbers:
        known = [k for k, p in scenario.parameters.items() if (p.role == "lever") == (role == "lever")]
        word, more = ("lever", ()) if role == "lever" else ("key", numbers)
        return f"unknown {word}{nearest(key, [*known, *more])}"
    lever = parameter is not None and parameter.role == "lever"
    if role == "lever" and not lever:
        return "is no lever: what nobody chooses belongs to [uncertainties]"
    if role != "lever" and lever:
        return "is a lever: what somebody chooses belongs to [levers]"
    return ""


def _range_problem(scenario: Scenario, key: str, ends: Any) -> str:
    parameter = scenario.parameters.get(key)
    if parameter is not None and parameter.options:
        return f"is a choice between {', '.join(parameter.options)}: name it in keys, without a range"
    numbers = isinstance(ends, list) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)
    if not numbers:
        return "must be a range [low, high]"
    found = next(filter(None, (value_problem(scenario, key, float(end)) for end in ends)), "")
    if not found and ends[0] >= ends[1]:
        return f"{ends[0]:g} to {ends[1]:g} is no range: the first must be the lower"
    return found


def _values_problem(scenario: Scenario, key: str, given: Any) -> str:
    if not isinstance(given, list) or not given:
        return "must be a list of values"
    return next(filter(None, (value_problem(scenario, key, value) for value in given)), "")


def _grid(design: Design, table: LeversTable, keys: Sequence[str]) -> Points | None:
    """`n` values from end to end of every range, all options of a choice, or the values given."""
    levels: dict[str, list[float]] = {}
    for key in keys:
        parameter = design.scenario.parameters[key]
        if key in table.values:
            levels[key] = [parameter.number(value) for value in table.values[key]]
        elif parameter.options:
            levels[key] = [float(index) for index in range(len(parameter.options))]
        else:
            low, high = table.ranges.get(key, (parameter.lo, parameter.hi))
            levels[key] = np.linspace(low, high, table.n or 1).tolist()
    size = float(np.prod([float(len(level)) for level in levels.values()]))
    if size * len(keys) > LARGEST:
        design.note((), f"a grid of {size:,.0f} points is too large; sample it: design = \"sobol\"")
        return None
    return grid(levels)


def _from_file(design: Design, table: Any, role: str) -> Points | None:
    """The rows of a CSV or Parquet file: a column per key; in one of levers, `id` may name the policies."""
    path = design.folder / table.file
    try:
        columns = read_columns(path)
    except ValueError as error:
        design.note(("file",), str(error))
        return None
    names = tuple(map(str, columns.pop("id", ()))) if role == "lever" else ()
    problems = [f"{name!r} is there twice in column 'id'" for name in set(names) if names.count(name) > 1]
    for key, column in columns.items():
        message = _key_problem(design.scenario, key, role)
        found = [f"column {key!r}: {message}"] if message else list(column_problems(design.scenario, key, column))
        problems += found
    if not columns:
        problems.append("has no column with the key of a number")
    for message in problems:
        design.note(("file",), f"{table.file}: {message}")
    if problems:
        return None
    values = [as_numbers(design.scenario.parameters.get(key), column) for key, column in columns.items()]
    return Points(tuple(columns), np.array(values, dtype=np.float64).T.copy(), names)
