"""Designs of experiments: which values the levers and the uncertain numbers take, from SciPy, SALib or a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssr_sim.draws import mix_seed
from ssr_sim.parameters import Parameter
from ssr_sim.policy_change import range_problem
from ssr_sim.prior import Prior
from ssr_sim.scenario import Scenario, ScenarioError

Floats = NDArray[np.float64]

POWERS = ("sobol", "saltelli")  # balanced only for a number of points that is a power of two
FAULTS_SHOWN = 5  # of one column of a file


@dataclass(frozen=True)
class Points:
    """The points of a design: `values`, float64 (points, keys); a choice is the index of its option."""

    keys: tuple[str, ...]
    values: Floats
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def equals(self, other: Points) -> bool:
        """Whether both hold the same points under the same names."""
        same = self.keys == other.keys and self.names == other.names
        return same and np.array_equal(self.values, other.values)


NO_LEVERS = Points((), np.zeros((0, 0)))
ONE_STATE = Points((), np.zeros((1, 0)))


def uniforms(design: str, n: int, prior: Prior, seed: int, second_order: bool) -> Floats:
    """Points of the unit cube, float64 (points, keys of `prior`), for the designs lhs, sobol, saltelli and prior.

    Saltelli's design has n (d + 2) points for d keys, with `second_order` n (2 d + 2), in the order of SALib.
    """
    from scipy.stats import qmc

    keys = list(prior.keys)
    if design == "prior":
        return np.stack([prior.uniforms(mix_seed(seed, point)) for point in range(n)])
    if design == "saltelli":
        from SALib.sample import sobol

        problem = {"num_vars": len(keys), "names": keys, "bounds": [[0.0, 1.0]] * len(keys)}
        return np.asarray(sobol.sample(problem, n, calc_second_order=second_order, seed=seed))
    engine = (qmc.LatinHypercube if design == "lhs" else qmc.Sobol)(len(keys), seed=seed)
    return np.asarray(engine.random(n))


def sampled(design: str, n: int, prior: Prior, seed: int, second_order: bool = False) -> Points:
    """The points of a sampled design over the distributions of `prior`."""
    unit = uniforms(design, n, prior, seed, second_order)
    return Points(prior.keys, np.stack([prior.draw(row) for row in unit]))


def grid(values: Mapping[str, Sequence[float]]) -> Points:
    """Every combination of the values, the last key varying fastest."""
    return Points(tuple(values), np.array(list(product(*values.values())), dtype=np.float64))


def size_problem(design: str, n: int) -> str:
    """What is wrong with `n` as the size of a design, or an empty text."""
    if design in POWERS and n & (n - 1):
        lower = 1 << (n.bit_length() - 1)
        return f"must be a power of two for a {design} design, {lower:,} or {2 * lower:,}"
    return ""


# --- distributions ---


def distributions(scenario: Scenario, keys: Sequence[str], ranges: Mapping[str, Sequence[float]]) -> Prior:
    """The distributions of `keys`: uniform over a range given, else as declared (numbers of the country triangular)."""
    numbers = dict(scenario.country.numbers())
    rows = []
    for key in keys:
        whole = key == "country.politics.elites"
        if key in ranges:
            low, high = map(float, ranges[key])
            rows.append((low, low, high, False, whole, False))
        elif key in numbers:
            low, high = numbers[key].range
            rows.append((low, numbers[key].value, high, low < high, whole, False))
        else:
            parameter = scenario.parameters[key]
            rows.append((parameter.lo, parameter.lo, parameter.hi, False, False, bool(parameter.options)))
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
    low_, mode, high_ = table[:, :3].T.copy()
    triangular, whole_, options = table[:, 3:].T.astype(bool)
    return Prior(tuple(keys), low_, mode, high_, triangular, whole_, options)


def expanded(keys: Sequence[str], scenario: Scenario, role: str) -> list[str]:
    """The keys with every table's name ("trust", "country") replaced by its keys of that role, in their order."""
    every = scenario.prior.keys
    found: dict[str, None] = {}
    for key in keys:
        within = [k for k, p in scenario.parameters.items() if p.block == key and p.role == role and p.lo < p.hi]
        if key == "country" and role == "uncertain":
            within = [k for k in every if k.startswith("country.")]
        found |= dict.fromkeys(within or [key])
    return list(found)


def value_problem(scenario: Scenario, key: str, value: Any) -> str:
    """What is wrong with `value` for a parameter of any role or a number of the country, or an empty text."""
    if key in scenario.parameters:
        return range_problem(value, scenario.parameters[key])
    try:
        scenario.with_levers({key: value})
    except ScenarioError as error:
        return error.faults[0].message
    return ""


# --- files ---


def read_columns(path: Path) -> dict[str, list[Any]]:
    """The columns of a CSV or Parquet file by name.

    Raises ValueError when it cannot be read, is neither, or holds no row.
    """
    import pyarrow as pa
    from pyarrow import csv, parquet

    try:
        if path.suffix == ".csv":
            table = csv.read_csv(path)
        elif path.suffix == ".parquet":
            table = parquet.read_table(path)
        else:
            raise ValueError(f"{path.name}: a design is a .csv or a .parquet file")
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror or error}") from None
    except pa.ArrowInvalid as error:
        raise ValueError(f"{path}: is no {path.suffix[1:]} file: {error}") from None
    if not table.num_rows:
        raise ValueError(f"{path}: holds no row")
    twice = [name for name in table.column_names if table.column_names.count(name) > 1]
    if twice:
        raise ValueError(f"{path}: column {twice[0]!r} is there twice")
    columns: dict[str, list[Any]] = table.to_pydict()
    return columns


def column_problems(scenario: Scenario, key: str, column: Sequence[Any]) -> Iterator[str]:
    """What is wrong with the values of a column, with the row (from 1, without the line of names)."""
    row = scenario.parameters.get(key)
    if row is not None:
        checked = ((number, range_problem(value, row)) for number, value in enumerate(column, start=1))
        wrong = [(number, found) for number, found in checked if found]
    else:  # checked by the whole scenario, so at the ends only
        numbers = [value for value in column if isinstance(value, (int, float)) and not isinstance(value, bool)]
        wrong = [(n, "must be a number") for n, value in enumerate(column, start=1) if value not in numbers]
        for end in {min(numbers), max(numbers)} if numbers and not wrong else ():
            found = value_problem(scenario, key, float(end))
            wrong += [(column.index(end) + 1, found)] if found else []
    for number, message in wrong[:FAULTS_SHOWN]:
        yield f"column {key!r}, row {number}: {message}"
    if len(wrong) > FAULTS_SHOWN:
        yield f"column {key!r}: {len(wrong) - FAULTS_SHOWN:,} more rows are wrong"


def as_numbers(parameter: Parameter | None, column: Sequence[Any]) -> list[float]:
    """A valid column as numbers, a choice as the index of its option."""
    return [parameter.number(value) if parameter else float(value) for value in column]
