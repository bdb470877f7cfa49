"""Choosing under ignorance: how policies do over the states of the world, and how sure their order is.

Measures after Lempert, Herman and others (McPhail and others 2018, Earth's Future 6: 169-191). Every measure is read so
that larger is better. Rank probabilities come from resampling states, and replicates within them, for all policies at
once; equal policies share their ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ssr_sim.analysis.outcomes import Flags, asked, check, known_outcome, need, values
from ssr_sim.faults import refuse
from ssr_sim.intervals import Floats, Generator, generator
from ssr_sim.run_table import RunTable

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 500
MEASURES = {
    "expected": "mean over the states",
    "tenth percentile": "what nine states in ten exceed",
    "worst case": "the worst state (maximin)",
    "mean regret": "mean shortfall from the best policy of each state",
    "largest regret": "largest shortfall from the best policy of each state (minimax regret)",
    "satisficing": "share of the states in which the policy does at least as well as asked",
}


@dataclass(frozen=True)
class Robustness:
    """The measures of an outcome for every policy.

    `measures`: one row per policy, one column per measure, in the outcome's unit (regret: at least about 0, less is
    better; satisficing: a share). `first`: the probability that the policy is the best by that measure, each column
    adding up to 1. `threshold` is what satisficing asks for. `cross_fitted` tells whether regret is free of the luck
    that makes the best of many look better than it is; with one replicate it is not.
    """

    outcome: str
    states: int
    threshold: float
    measures: pd.DataFrame
    first: pd.DataFrame
    cross_fitted: bool


@dataclass(frozen=True)
class Front:
    """Policies by two means, both to be kept low, and the probability that no other is better in both.

    `points`: one row per policy with both means, `on_front` and `probability`.
    """

    risk: str
    cost: str
    points: pd.DataFrame


class _Cube:
    """Outcomes by policy, state and replicate, of the runs that all policies have."""

    def __init__(self, runs: RunTable, names: tuple[str, ...]) -> None:
        arms = runs.arms
        common = arms[runs.reference].index
        for policy in runs.policies[1:]:
            common = common.intersection(arms[policy].index)
        refuse(["" if len(common) else "no state and replicate was run under all policies: nothing can be ranked"])
        common = common.sort_values()
        states, self.state = np.unique(common.get_level_values("state"), return_inverse=True)
        self.states = len(states)
        self.sizes = np.bincount(self.state)
        self.starts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))
        frames = [arms[policy].loc[common] for policy in runs.policies]
        self.outcomes = [np.stack([values(frame, name) for frame in frames]) for name in names]
        self.asked = [np.stack([asked(frame, name) for frame in frames]) for name in names]

    def state_means(self, which: int, weights: Floats) -> Floats:
        """Mean of an outcome per policy and state under weights per run; NaN where the question never arises."""
        weighed = self.asked[which] * weights
        sums = np.add.reduceat(self.outcomes[which] * weighed, self.starts, axis=1)
        counts = np.add.reduceat(weighed, self.starts, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums / counts)

    def means(self, which: int, weights: Floats) -> Floats:
        """Mean of an outcome per policy over all runs under weights per run."""
        weighed = self.asked[which] * weights
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((self.outcomes[which] * weighed).sum(axis=1) / weighed.sum(axis=1))

    def resample(self, luck: Generator) -> Floats:
        """A weight per run: states drawn with replacement (one state: none), replicates within each."""
        drawn = np.bincount(luck.integers(0, self.states, self.states), minlength=self.states)
        places = (luck.random(len(self.state)) * self.sizes[self.state]).astype(np.intp) + self.starts[self.state]
        within = np.bincount(places, minlength=len(self.state))
        return np.asarray(within * (drawn[self.state] if self.states > 1 else 1), dtype=np.float64)


def robustness(runs: RunTable, outcome: str = "at_peace_at_end", threshold: float | None = None) -> Robustness:
    """How every policy does over the states of the world; needs uncertainties and two or more policies.

    `threshold` is what satisficing asks of a state's mean, in the outcome's unit; by default the reference's overall
    mean. States in which the question does not arise under some policy (relapse without peace) are left out.
    """
    import pandas as pd

    row = known_outcome(outcome)
    check(runs)
    need(
        [
            "" if len(runs.policies) > 1 else "one policy has no rival: there is nothing to rank",
            ""
            if runs.frame["state"].nunique() > 1
            else "there is one state of the world: policies are ranked over several",
        ]
    )
    cube = _Cube(runs, (outcome,))
    sign = 1.0 if row.better == "more" else -1.0
    cube.outcomes[0] *= sign
    ones = np.ones(len(cube.state))
    asked_for = sign * threshold if threshold is not None else float(cube.means(0, ones)[0])
    fold = _folds(cube)
    point = _measures(cube, ones, fold, asked_for)
    luck, wins = generator(7), np.zeros_like(point)
    for _ in range(RESAMPLES):
        wins += _firsts(_measures(cube, cube.resample(luck), fold, asked_for))
    shown = point * np.where([name == "satisficing" for name in MEASURES], 1.0, sign)
    regret = [name.endswith("regret") for name in MEASURES]
    shown[:, regret] = -point[:, regret]
    index, columns = pd.Index(runs.policies, name="policy"), list(MEASURES)
    return Robustness(
        outcome,
        cube.states,
        sign * asked_for,
        pd.DataFrame(shown, index, columns),
        pd.DataFrame(wins / RESAMPLES, index, columns),
        fold is not None,
    )


def _folds(cube: _Cube) -> Flags | None:
    """Every other replicate of each state; None where a state has only one."""
    if int(cube.sizes.min()) < 2:
        return None
    return np.asarray((np.arange(len(cube.state)) - cube.starts[cube.state]) % 2 == 0)


def _measures(cube: _Cube, weights: Floats, fold: Flags | None, asked_for: float) -> Floats:
    """(policies, measures), larger is better."""
    means = cube.state_means(0, weights)
    held = np.isfinite(means).all(axis=0)
    times = np.bincount(cube.state, weights=weights, minlength=cube.states) / cube.sizes
    if fold is None:
        regret = means.max(axis=0, initial=-np.inf, where=np.isfinite(means)) - means
    else:
        regret = _cross_fitted(cube, weights, fold, means)
        held &= np.isfinite(regret).all(axis=0)
    means, regret, times = means[:, held], regret[:, held], times[held]
    drawn = times > 0
    return np.column_stack(
        (
            means @ times / times.sum(),
            _low_quantile(means, times, 0.1),
            means[:, drawn].min(axis=1, initial=np.inf),
            -(regret @ times) / times.sum(),
            -regret[:, drawn].max(axis=1, initial=-np.inf),
            (means >= asked_for - 1e-12) @ times / times.sum(),
        )
    )


def _cross_fitted(cube: _Cube, weights: Floats, fold: Flags, means: Floats) -> Floats:
    """Regret with the best policy of each state picked on one half of the replicates and measured on the other."""
    halves = [cube.state_means(0, weights * part) for part in (fold, ~fold)]
    regrets = []
    for picked, measured in (halves, halves[::-1]):
        # of equals, the one that does best over all states: else the first in the table would be picked for nothing
        there = np.isfinite(picked)
        overall = np.where(there, picked, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        tie = 1e-9 * np.abs(picked[there]).max(initial=1e-300) * np.argsort(np.argsort(overall)) / len(overall)
        usable = np.where(there, picked + tie[:, None], -np.inf)
        best = np.take_along_axis(measured, usable.argmax(axis=0)[None, :], axis=0)
        regrets.append(best - measured)
    both = np.mean(regrets, axis=0)
    # a resample may leave a half without runs
    return np.asarray(np.where(np.isfinite(both), both, means.max(axis=0) - means))


def _low_quantile(means: Floats, times: Floats, share: float) -> Floats:
    order = np.argsort(means, axis=1, kind="stable")
    reached = np.cumsum(times[order], axis=1) / times.sum()
    place = (reached >= share - 1e-12).argmax(axis=1)
    return np.asarray(np.take_along_axis(means, order, axis=1)[np.arange(len(means)), place])


def _firsts(measures: Floats) -> Floats:
    """1 for the best policy by each measure, shared equally among equals."""
    span = np.maximum(np.abs(measures).max(axis=0), 1e-300)
    best = measures >= measures.max(axis=0) - 1e-9 * span
    return np.asarray(best / best.sum(axis=0))


def front(runs: RunTable, risk: str = "relapse", cost: str = "cost_usd") -> Front:
    """The Pareto front of two outcomes that should be low, `risk` against `cost`; an outcome that should be high counts
    with its sign turned. A policy is dominated by one that is at least as low in both and lower in one.
    """
    import pandas as pd

    names = (risk, cost)
    signs = [1.0 if known_outcome(name).better == "less" else -1.0 for name in names]
    check(runs)
    need(["" if len(runs.policies) > 1 else "one policy has no rival: there is no front"])
    cube = _Cube(runs, names)
    ones = np.ones(len(cube.state))
    point = np.column_stack([cube.means(which, ones) for which in (0, 1)])
    luck, free = generator(8), np.zeros(len(point))
    for _ in range(RESAMPLES):
        weights = cube.resample(luck)
        free += ~dominated(np.column_stack([sign * cube.means(which, weights) for which, sign in enumerate(signs)]))
    points = pd.DataFrame(point, pd.Index(runs.policies, name="policy"), list(names))
    return Front(risk, cost, points.assign(on_front=~dominated(point * signs), probability=free / RESAMPLES))


def dominated(points: Floats) -> Flags:
    """For each row, whether another row is at most as large in every column and smaller in one; NaN rows are."""
    worst = np.where(np.isfinite(points), points, np.inf)
    no_more = (worst[:, None, :] <= worst[None, :, :]).all(axis=2)
    less = (worst[:, None, :] < worst[None, :, :]).any(axis=2)
    return np.asarray((no_more & less).any(axis=0) | ~np.isfinite(points).all(axis=1))
