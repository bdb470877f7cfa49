"""Which parameters an outcome depends on, with a noise floor: what a parameter that does nothing would seem to do.

Sobol's indices (SALib) on Saltelli designs; on any other design PAWN and RBD-FAST (SALib), which need no design of
their own. The outcome is averaged over replicates first. Indices under the floor are not to be read, and are not shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ssr_sim.analysis.outcomes import Unsupported, asked, check, known_outcome, label, need, state_means, values
from ssr_sim.faults import refuse
from ssr_sim.intervals import Floats, generator
from ssr_sim.run_table import RunTable

LEAST_GIVEN = 40  # points below which a given-data index says nothing
DUMMIES_PER_PARAMETER = 40
MOST_LUCK = 0.9  # share of the variance between points above which Sobol's indices say nothing
HARMONICS = 6  # interference factor of RBD-FAST, for the few hundred points of a usual design
RESAMPLES = 500
Design = Literal["saltelli", "given data"]


@dataclass(frozen=True)
class Influence:
    """How far an outcome depends on one parameter.

    `total` is Sobol's total index, or PAWN's median Kolmogorov-Smirnov distance; `alone` the first-order index (share
    of variance that the parameter explains by itself). Sobol's indices are shares of the variance that luck does not
    make. NaN where below the noise floor. For Sobol's indices
    `total_margin` and `alone_margin` are half-widths of 95 % bootstrap intervals, for the others NaN.
    """

    parameter: str
    total: float
    alone: float
    total_margin: float
    alone_margin: float


@dataclass(frozen=True)
class Sensitivity:
    """The influences on an outcome, largest first, those below the floor last.

    `floor_total` and `floor_alone` are what the largest of as many inert parameters stays under with 95 %; `luck` is
    the share of the outcome's variance between points that replicates' luck makes (NaN with one replicate).
    """

    outcome: str
    design: Design
    points: int
    influences: tuple[Influence, ...]
    floor_total: float
    floor_alone: float
    luck: float


def sensitivity(
    runs: RunTable,
    outcome: str,
    over: Literal["uncertainties", "levers"] = "uncertainties",
    policy: str | None = None,
    design: Design | None = None,
) -> Sensitivity:
    """Sensitivity of the mean of `outcome` over replicates to every uncertainty (under `policy`, default the reference)
    or to every lever (over all states).

    `design` None finds out. A Saltelli design stands in order: states, or policies, as SALib's sampler gives them.
    Raises ValueError for a NaN and for rows of a Saltelli design that are missing or out of order, `Unsupported` for
    too few points, an outcome that does not vary, and a Saltelli design with one replicate per point or with little
    more than luck.
    """
    known_outcome(outcome)
    check(runs)
    names = runs.uncertainties if over == "uncertainties" else runs.levers
    need(["" if names else f"the study varies no {over}: there is nothing to be sensitive to"])
    if over == "uncertainties":
        means = state_means(runs, outcome, policy)
        points = runs.states.loc[means.index]
        labels = means.index.to_numpy()
        noise = _luck_variance(runs, outcome, policy)
        refuse([_gaps(labels)])
    else:
        arms = runs.frame.groupby("policy", sort=False)
        points = arms[list(names)].first()
        means = arms.apply(lambda arm: float(values(arm, outcome)[asked(arm, outcome)].mean()), include_groups=False)
        noise = _luck_variance_of_policies(runs, outcome, points.index)
    x, y = points.to_numpy(dtype=np.float64), means.to_numpy(dtype=np.float64)
    return indices(names, x, y, noise, outcome, design)


def indices(
    names: tuple[str, ...],
    x: Floats,
    y: Floats,
    noise: npt.ArrayLike = math.nan,
    outcome: str = "",
    design: Design | None = None,
) -> Sensitivity:
    """The same for `x` (points, parameters) in design order with outcomes `y` whose luck, independent between points,
    has variance `noise`, one for each point or for all.
    """
    if len(x) != len(y):
        raise ValueError(f"the design has {len(x)} points and there are {len(y)} outcomes: a row is missing")
    bad = ~np.isfinite(np.column_stack((x, y)))
    refuse(
        [
            f"{int(bad.any(axis=1).sum())} points have no finite value, first {int(np.argmax(bad.any(axis=1)))}: one "
            "of them would make every index wrong"
            if bad.any()
            else "",
        ]
    )
    need(
        [
            ""
            if np.ptp(y) > 1e-12 * np.abs(y).max()
            else f"{label(outcome) or 'the outcome'} does not vary between the points"
        ]
    )
    kind = design or ("saltelli" if _looks_like_saltelli(x) else "given data")
    of_luck = np.broadcast_to(np.asarray(noise, dtype=np.float64), y.shape)
    luck = float(of_luck.mean()) / float(y.var(ddof=1))
    if kind == "saltelli":
        second = _saltelli_form(names, x)
        return _sobol(names, y, of_luck, outcome, second, luck)
    need(
        [f"{len(x)} points are too few to tell what matters: at least {LEAST_GIVEN}" if len(x) < LEAST_GIVEN else ""]
    )
    moved = np.ptp(x, axis=0) > 0.0
    need(["" if moved.any() else "no parameter varies between the points"])
    found = _given_data(tuple(np.array(names)[moved].tolist()), x[:, moved], y, outcome, luck)
    still = tuple(
        Influence(name, math.nan, math.nan, math.nan, math.nan)
        for name, is_moved in zip(names, moved, strict=True)
        if not is_moved
    )
    return replace(found, influences=found.influences + still)


def _gaps(states: npt.NDArray[np.generic]) -> str:
    missing = sorted(set(range(len(states))) - set(states.tolist()))
    return f"state {missing[0]} is missing: states must be numbered from 0 without a gap" if missing else ""


def _luck_variance(runs: RunTable, outcome: str, policy: str | None) -> Floats:
    """Variance that luck gives the mean of each state; NaN with one replicate."""
    arm = runs.arms[policy or runs.reference]
    kept = arm[asked(arm, outcome)]
    groups = kept.assign(value=values(kept, outcome)).groupby(level="state")["value"]
    found = groups.var(ddof=1) / groups.size()
    return np.asarray(found.fillna(found.mean()), dtype=np.float64)


def _luck_variance_of_policies(runs: RunTable, outcome: str, policies: Iterable[str]) -> Floats:
    """Variance that luck gives the mean of each policy against the reference's: paired, so what they share is gone."""
    found = {}
    for policy in runs.policies[1:]:
        a, b = runs.pairs(policy)
        both = asked(a, outcome) & asked(b, outcome)
        gap = values(b, outcome)[both] - values(a, outcome)[both]
        if len(gap) > 1:
            found[policy] = float(gap.var(ddof=1)) / len(gap) / 2.0
    typical = float(np.mean(list(found.values()))) if found else math.nan
    return np.array([found.get(policy, typical) for policy in policies])


# ------------------------------------------------------------------------------------------ Saltelli designs
def _looks_like_saltelli(x: Floats) -> bool:
    """Values of a Saltelli design recur in several rows, whatever their order; those of a Latin hypercube do not."""
    continuous = [column for column in x.T if len(np.unique(column)) > 0.2 * len(x) / (x.shape[1] + 2) + 10]
    return bool(continuous) and all(len(np.unique(column)) <= 2 * len(x) / 3 for column in continuous)


def _saltelli_form(names: tuple[str, ...], x: Floats) -> bool:
    """Whether the design has rows for second-order indices; raises ValueError when its rows do not fit together."""
    of = len(names)
    problems = []
    for second in (True, False):
        step = 2 * of + 2 if second else of + 2
        if len(x) % step:
            problems.append(f"{len(x)} points are no multiple of {step}")
            continue
        wrong = _misplaced(x.reshape(-1, step, of), second)
        if wrong < 0:
            return second
        problems.append(f"with blocks of {step}, point {wrong} does not belong where it stands")
    raise ValueError(
        f"values recur as in a Saltelli design, but a row is missing or rows are shuffled: {'; '.join(problems)}; "
        "for points of no such design say design='given data'"
    )


def _misplaced(blocks: Floats, second: bool) -> int:
    """Number of the first point that breaks the pattern A, A with one column of B each, (B with one of A each,) B; or
    -1.
    """
    step, of = blocks.shape[1:]
    expected = np.repeat(blocks[:, :1], step, axis=1)
    expected[:, -1] = blocks[:, -1]
    for j in range(of):
        expected[:, 1 + j, j] = blocks[:, -1, j]
        if second:
            expected[:, 1 + of + j] = blocks[:, -1]
            expected[:, 1 + of + j, j] = blocks[:, 0, j]
    broken = np.flatnonzero((expected != blocks).any(axis=2).ravel())
    return int(broken[0]) if len(broken) else -1


def _sobol(names: tuple[str, ...], y: Floats, noise: Floats, outcome: str, second: bool, luck: float) -> Sensitivity:
    """Sobol's indices without luck, which adds to every total index and to the variance that all are shares of."""
    from SALib.analyze import sobol

    if np.isnan(noise).any():
        raise Unsupported("each point has one replicate, so influence cannot be told from luck; run two or more")
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    found = sobol.analyze(problem, y, calc_second_order=second, num_resamples=RESAMPLES, seed=1)
    step = 2 * len(names) + 2 if second else len(names) + 2
    base, last = y[::step], y[step - 1 :: step]
    scaled = noise.reshape(-1, step) / float(np.concatenate((base, last)).var())
    kept = 1.0 - float(scaled[:, [0, -1]].mean())
    if kept < 1.0 - MOST_LUCK:
        raise Unsupported(f"luck makes {100 * min(1.0 - kept, 1.0):.0f} % of the variance between points: run more "
                          "replicates")
    by_luck = (scaled[:, :1].mean() + scaled[:, 1 : len(names) + 1].mean(axis=0)) / 2.0
    floor_total, floor_alone = _sobol_floor(last, np.sqrt(scaled[:, 0]), len(names))
    floor_total, floor_alone = (floor_total - float(scaled[:, 0].mean())) / kept, floor_alone / kept
    total, alone = (found["ST"] - by_luck) / kept, found["S1"] / kept
    rows = [
        Influence(
            name,
            *_above(total[i], alone[i], floor_total, floor_alone),
            float(found["ST_conf"][i]) / kept,
            float(found["S1_conf"][i]) / kept,
        )
        for i, name in enumerate(names)
    ]
    return Sensitivity(outcome, "saltelli", len(y), _ordered(rows), floor_total, floor_alone, luck)


def _sobol_floor(last: Floats, luck: Floats, of: int) -> tuple[float, float]:
    """Indices of a dummy: the same points met by other luck, many times; what the largest of `of` stays under.

    `luck` is the standard deviation of each point's luck: where it is large in few points, the largest index is far
    above the mean.
    """
    b = (last - last.mean()) / last.std()
    count = DUMMIES_PER_PARAMETER * max(of, 10)
    moved = generator(3).normal(0.0, math.sqrt(2.0), size=(count, len(luck))) * luck
    total, alone = 0.5 * (moved**2).mean(axis=1), (b * moved).mean(axis=1)
    level = 0.95 ** (1.0 / of)
    return float(np.quantile(total, level)), float(np.quantile(np.abs(alone), level))


# ------------------------------------------------------------------------------------------- given data
def _given_data(names: tuple[str, ...], x: Floats, y: Floats, outcome: str, luck: float) -> Sensitivity:
    from SALib.analyze import rbd_fast

    slices = pawn_slices(len(y))
    total = pawn_medians([slices_of(column, slices) for column in x.T], y, slices)
    first = [
        rbd_fast.unskew_S1(
            rbd_fast.compute_first_order(rbd_fast.permute_outputs(column, y), HARMONICS), HARMONICS, len(y)
        )
        for column in x.T
    ]
    floor_total, floor_alone = _given_floor(y, slices, len(names))
    rows = [
        Influence(name, *_above(float(total[i]), float(first[i]), floor_total, floor_alone), math.nan, math.nan)
        for i, name in enumerate(names)
    ]
    return Sensitivity(outcome, "given data", len(y), _ordered(rows), floor_total, floor_alone, luck)


def pawn_slices(points: int) -> int:
    """Slices of a parameter's range: 15 points each or more, 4 to 10 of them; SALib's edges round badly for others."""
    return max(slices for slices in (4, 5, 8, 10) if slices == 4 or 15 * slices <= points)


def _given_floor(y: Floats, slices: int, of: int) -> tuple[float, float]:
    """Indices of dummies, parameters drawn without any regard to the outcome; what the largest of `of` stays under."""
    from SALib.analyze import rbd_fast

    count, luck = DUMMIES_PER_PARAMETER * max(of, 10), generator(4)
    untied = slices_of(np.arange(len(y), dtype=np.float64), slices)
    total = pawn_medians((luck.permutation(untied) for _ in range(count)), y, slices)
    alone = [rbd_fast.compute_first_order(luck.permutation(y), HARMONICS) for _ in range(count)]
    level = 0.95 ** (1.0 / of)
    return float(np.quantile(total, level)), rbd_fast.unskew_S1(float(np.quantile(alone, level)), HARMONICS, len(y))


def slices_of(x: Floats, slices: int) -> npt.NDArray[np.intp]:
    """The slice of its range that each value of a parameter lies in, from 0; as in SALib the largest lies in none."""
    edges = np.quantile(x, np.arange(0.0, 1.0 + 1.0 / slices, 1.0 / slices))[: slices + 1]
    place = np.searchsorted(edges, x, side="right") - 1
    return np.where(place < slices, place, slices)


def pawn_medians(parameters: Iterable[npt.NDArray[np.intp]], y: Floats, slices: int) -> Floats:
    """SALib's median PAWN index of every parameter, given as slices, without its thousands of p-values."""
    order = np.argsort(y, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(y[order]) > 0.0, True))
    of_all = (ends[:, None] + 1.0) / len(y)
    found = []
    for place in parameters:
        inside = place[order, None] == np.arange(slices)
        inside = inside[:, inside.any(axis=0)]  # values that are tied may leave a slice empty
        shares = np.cumsum(inside, axis=0, dtype=np.int32)[ends] / inside.sum(axis=0)
        found.append(float(np.median(np.abs(shares - of_all).max(axis=0))))
    return np.array(found)


def _above(total: float, alone: float, floor_total: float, floor_alone: float) -> tuple[float, float]:
    shown = float(total) if total > floor_total else math.nan
    return shown, float(alone) if alone > floor_alone and shown == shown else math.nan


def _ordered(rows: list[Influence]) -> tuple[Influence, ...]:
    return tuple(sorted(rows, key=lambda row: -np.nan_to_num(row.total, nan=-1.0)))
