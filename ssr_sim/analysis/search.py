"""Search over levers for policies that nothing beats: NSGA-II (pymoo) on common luck, the front on fresh luck.

Whoever picks the best of many noisy results picks luck as well. So all candidates meet the same luck, and what is found
is run again with seeds the search has not seen; only those numbers are to be believed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ssr_sim.analysis.outcomes import Outcome, asked, known_outcome, values
from ssr_sim.analysis.robustness import dominated
from ssr_sim.draws import mix_seed
from ssr_sim.ensemble import run_arms
from ssr_sim.faults import refuse, unknown, whole_number
from ssr_sim.intervals import Floats, generator
from ssr_sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Settings = Mapping[str, float]
Evaluate = Callable[[Sequence[Settings], int], Floats]

RESAMPLES = 500
SEARCH_LUCK, FRESH_LUCK = 0, 1


@dataclass(frozen=True)
class Found:
    """What a search found.

    `policies`: one row per policy of the final front, and for each that the search started from (`start`), with its
    levers, each objective as the search saw it ("... in the search"), on fresh luck, and `probability` that no other of
    them beats it in every objective, on fresh luck. Rows that fresh luck shows to be beaten have `on_front` False.
    `evaluated` counts the policies tried.
    """

    levers: tuple[str, ...]
    objectives: tuple[str, ...]
    policies: pd.DataFrame
    evaluated: int


def search(
    evaluate: Evaluate,
    levers: Mapping[str, tuple[float, float]],
    objectives: Sequence[str],
    budget: int = 400,
    population: int = 24,
    seed: int = 1,
    most: Mapping[str, float] | None = None,
    start: Sequence[Settings] = (),
) -> Found:
    """Policies that trade the `objectives` off best, among settings of `levers` (key: lowest and highest value).

    `evaluate(settings, luck)` gives an array (policies, replicates, objectives) of numbers to be kept low; replicate r
    must meet the same luck for all policies, other luck for another number `luck`. NaN: the question does not arise in
    that run. `budget` is the number of policies tried in the search, the front's second run not counted; `most` limits
    the mean of an objective, {"cost_usd": 3e9}. `start` are policies to begin with, such as the present one: the search
    cannot end worse than the best of them. The same arguments give the same result. Raises ValueError for arguments out
    of range, and when no policy tried keeps within `most`.
    """
    limits = dict(most or {})
    refuse(
        [
            whole_number("budget", budget, 2),
            whole_number("population", population, 2),
            whole_number("seed", seed, 0, 2**32 - 1),
            "" if levers else "there is no lever to search over",
            *(
                f"lever {key!r}: the range must rise, got {low:g} to {high:g}"
                for key, (low, high) in levers.items()
                if not low < high
            ),
            *(
                f"most: {name!r} is no objective; there are {', '.join(objectives)}"
                for name in limits
                if name not in objectives
            ),
            *_start_problems(levers, start, min(population, budget)),
        ]
    )
    begin = np.array([[row[key] for key in levers] for row in start], dtype=np.float64).reshape(-1, len(levers))
    seen = _Seen(evaluate, tuple(levers), tuple(objectives), limits)
    _minimise(seen, levers, budget, min(population, budget), seed, begin)
    rows, means = seen.front(begin)
    if not len(rows):
        raise ValueError(f"none of {seen.tried} policies keeps within {limits}; allow more, or search longer")
    return _again(seen, rows, means, _among(rows, begin))


def _start_problems(
    levers: Mapping[str, tuple[float, float]], start: Sequence[Settings], population: int
) -> Iterator[str]:
    if len(start) > population:
        yield f"start: {len(start)} policies are more than a population of {population}"
    for place, row in enumerate(start):
        if set(row) != set(levers):
            yield f"start {place}: give {', '.join(levers)}, and nothing else"
            continue
        for key, (low, high) in levers.items():
            if not low <= row[key] <= high:
                yield f"start {place}: {key} is {row[key]:g}, outside {low:g} to {high:g}"


def _among(rows: Floats, others: Floats) -> npt.NDArray[np.bool_]:
    """Which rows are equal to one of `others`."""
    return np.asarray((rows[:, None, :] == others).all(axis=2).any(axis=1))


class _Seen:
    """Everything the search has tried, in order."""

    def __init__(
        self, evaluate: Evaluate, keys: tuple[str, ...], objectives: tuple[str, ...], limits: Mapping[str, float]
    ) -> None:
        self.evaluate, self.keys, self.objectives, self.limits = evaluate, keys, objectives, limits
        self.rows: list[Floats] = []
        self.means: list[Floats] = []

    @property
    def tried(self) -> int:
        return sum(map(len, self.rows))

    def try_all(self, rows: Floats) -> Floats:
        means = _means(_evaluated(self.evaluate, _settings(self.keys, rows), SEARCH_LUCK, self.objectives))
        self.rows.append(rows)
        self.means.append(means)
        return means

    def excess(self, means: Floats) -> Floats:
        """How far each mean is above its limit: (policies, limits)."""
        return np.column_stack([means[:, self.objectives.index(name)] - limit for name, limit in self.limits.items()])

    def front(self, begin: Floats) -> tuple[Floats, Floats]:
        """The policies within the limits that nothing beats, and those it began with; their means."""
        rows, means = np.concatenate(self.rows), np.concatenate(self.means)
        if self.limits:
            allowed = (self.excess(means) <= 0.0).all(axis=1)
            rows, means = rows[allowed], means[allowed]
        free = ~dominated(means) | _among(rows, begin)
        rows, first = np.unique(rows[free], axis=0, return_index=True)
        return rows, means[free][first]


def _minimise(
    seen: _Seen, levers: Mapping[str, tuple[float, float]], budget: int, population: int, seed: int, begin: Floats
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pymoo about modules that it would like to compile
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem
        from pymoo.optimize import minimize

    low, high = np.array(list(levers.values()), dtype=np.float64).T

    class Levers(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=len(low), n_obj=len(seen.objectives), n_ieq_constr=len(seen.limits), xl=low, xu=high)

        def _evaluate(self, x: Floats, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
            left = budget - seen.tried
            means = seen.try_all(x[:left]) if left > 0 else np.empty((0, len(seen.objectives)))
            # past the budget nothing is run: it counts as the worst there is
            out["F"] = np.vstack(
                (np.nan_to_num(means, nan=1e300), np.full((len(x) - len(means), means.shape[1]), 1e300))
            )
            if seen.limits:
                out["G"] = np.vstack((seen.excess(means), np.full((len(x) - len(means), len(seen.limits)), 1e300)))

    others = generator(seed).uniform(low, high, (population - len(begin), len(low)))
    first = NSGA2(pop_size=population, sampling=np.concatenate((begin, others)))
    minimize(Levers(), first, ("n_eval", budget), seed=seed, verbose=False)


def _again(seen: _Seen, rows: Floats, before: Floats, start: npt.NDArray[np.bool_]) -> Found:
    """The front on fresh luck."""
    import pandas as pd

    keys, objectives, limits, evaluate = seen.keys, seen.objectives, seen.limits, seen.evaluate
    settings = _settings(keys, rows)
    runs = _evaluated(evaluate, settings, FRESH_LUCK, objectives)
    means = _means(runs)
    luck, free = generator(9), np.zeros(len(runs))
    for _ in range(RESAMPLES):
        free += ~dominated(_means(runs[:, luck.integers(0, runs.shape[1], runs.shape[1])]))
    frame = pd.DataFrame(settings, columns=list(keys))
    for place, name in enumerate(objectives):
        frame[f"{name} in the search"], frame[name] = before[:, place], means[:, place]
    within = np.ones(len(means), dtype=bool)
    for name, limit in limits.items():
        within &= means[:, objectives.index(name)] <= limit
    frame = frame.assign(start=start, within_limits=within, on_front=~dominated(means), probability=free / RESAMPLES)
    return Found(keys, objectives, frame.sort_values(objectives[0], kind="stable", ignore_index=True), seen.tried)


def _settings(keys: tuple[str, ...], rows: Floats) -> list[dict[str, float]]:
    return [dict(zip(keys, map(float, row), strict=True)) for row in rows]


def _evaluated(evaluate: Evaluate, settings: list[dict[str, float]], luck: int, objectives: tuple[str, ...]) -> Floats:
    runs = np.asarray(evaluate(settings, luck), dtype=np.float64)
    if runs.ndim != 3 or (runs.shape[0], runs.shape[2]) != (len(settings), len(objectives)) or not runs.shape[1]:
        raise ValueError(
            f"evaluate must give an array ({len(settings)} policies, replicates, {len(objectives)} objectives), got "
            f"shape {runs.shape}"
        )
    return runs


def _means(runs: Floats) -> Floats:
    """Mean of every objective per policy over the runs in which it is a number; NaN where there is none."""
    there = np.isfinite(runs)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, runs, 0.0).sum(axis=1) / there.sum(axis=1))


def lever_ranges(scenario: Scenario, keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    """The declared lowest and highest value of each lever; raises ValueError for a key that is no lever of numbers."""
    known = {key: row for key, row in scenario.parameters.items() if row.role == "lever" and not row.options}
    refuse(unknown("lever", key, known) for key in keys if key not in known)
    return {key: (known[key].lo, known[key].hi) for key in keys}


def scenario_evaluator(
    scenario: Scenario,
    objectives: Sequence[str],
    years: int,
    replicates: int,
    seed: int = 1,
    threads: int | None = None,
    parameters: str = "default",
) -> Evaluate:
    """An `evaluate` that runs `scenario` with the settings as levers, replicate r of every policy on the same luck.

    `objectives` are outcomes of `ssr_sim.analysis.outcomes`; those that should be high count with their sign turned.
    The other arguments are those of `run_ensemble`. Relapse is NaN in runs without peace.
    """
    rows = [known_outcome(name) for name in objectives]

    def evaluate(settings: Sequence[Settings], luck: int) -> Floats:
        own = seed if luck == SEARCH_LUCK else mix_seed(seed, 2**31 + luck)
        arms = [scenario.with_levers(dict(setting)) for setting in settings]
        ensembles = run_arms(arms, years, replicates, own, threads, parameters, None)
        return np.stack([np.column_stack([_low(row, ensemble.outcomes) for row in rows]) for ensemble in ensembles])

    return evaluate


def _low(row: Outcome, frame: pd.DataFrame) -> Floats:
    data = np.where(asked(frame, row.name), values(frame, row.name), np.nan)
    return data if row.better == "less" else -data
