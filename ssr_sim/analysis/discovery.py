"""Scenario discovery: in which states of the world does an outcome concentrate? PRIM on its probability per state.

A box is peeled off the space of uncertainties a thin slice at a time (Friedman and Fisher 1999, Statistics and
Computing 9: 123-143; Bryant and Lempert 2010, Technological Forecasting and Social Change 77: 34-49). Any data yields
some box, so the same is done to shuffled outcomes, and the box is measured again on states that it was not found with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtr

from ssr_sim.analysis.outcomes import check, known_outcome, label, need, state_means
from ssr_sim.faults import refuse
from ssr_sim.intervals import Floats, generator
from ssr_sim.run_table import RunTable

LEAST_STATES = 40
PEEL = 0.05  # share of the box's states taken off at a time
LEAST_MASS = 0.05  # share of all states in the smallest box
LEAST_COVERAGE = 0.4  # of the outcome, in the box that is reported
RESAMPLES = 60
SHUFFLES = 60


@dataclass(frozen=True)
class Box:
    """A box on the peeling trajectory. `low` and `high` hold the limits per parameter (infinite: none).

    `coverage`: share of the outcome that lies in the box; `density`: mean probability of the outcome in it; `mass`:
    share of the states in it.
    """

    low: Floats
    high: Floats
    coverage: float
    density: float
    mass: float

    @property
    def restricted(self) -> list[int]:
        """Columns of the parameters with a limit."""
        return [int(i) for i in np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))]

    def holds(self, x: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which points (rows) lie in the box."""
        limited = self.restricted
        part = x[:, limited]
        return np.asarray(((part >= self.low[limited]) & (part <= self.high[limited])).all(axis=1))


@dataclass(frozen=True)
class Limit:
    """One side of the box: `parameter` at least `low` and at most `high` (infinite: no limit), both within what was
    tried.

    `returns` is the share of resamples of the states in which the parameter is limited on the same side.
    """

    parameter: str
    low: float
    high: float
    returns: float


@dataclass(frozen=True)
class Discovery:
    """What PRIM found in `states` states of the world with overall mean `base`.

    `box` with its `limits`, most stable first; `fresh_density` and `fresh_coverage` are means over states left out of
    resamples in which the box was found anew; `chance_density` is what 95 % of searches in shuffled outcomes stay
    under. `real`: the box has a limit, is denser than what chance finds, and denser than the whole also on states it
    has not seen.
    """

    outcome: str
    states: int
    base: float
    trajectory: tuple[Box, ...]
    box: Box
    limits: tuple[Limit, ...]
    fresh_density: float
    fresh_coverage: float
    chance_density: float

    @property
    def real(self) -> bool:
        """Whether the box is more than chance finds in states that have nothing to do with the outcome."""
        return bool(self.limits) and self.box.density > self.chance_density and self.fresh_density > self.base


def discovery(runs: RunTable, outcome: str = "relapse", policy: str | None = None) -> Discovery:
    """Where in the space of uncertainties the probability of `outcome` under `policy` (default: the reference) is high.

    Raises ValueError for an outcome that is no share of runs, `Unsupported` for a study without uncertainties or with
    too few states.
    """
    row = known_outcome(outcome)
    check(runs)
    refuse(["" if row.share else f"{outcome} is no share of runs: discovery asks for the probability of something"])
    need(["" if runs.uncertainties else "the study varies no uncertainties: there is one state of the world"])
    means = state_means(runs, outcome, policy)
    points = runs.states.loc[means.index]
    return discover(runs.uncertainties, points.to_numpy(dtype=np.float64), np.asarray(means), outcome)


def discover(names: tuple[str, ...], x: Floats, y: Floats, outcome: str = "outcome") -> Discovery:
    """The same for points `x` (states, parameters) with probabilities `y` from 0 to 1."""
    inside = bool(np.isfinite(y).all()) and float(y.min(initial=0.0)) >= 0.0 and float(y.max(initial=0.0)) <= 1.0
    refuse(
        [
            "" if inside else f"{outcome}: probabilities must lie between 0 and 1",
            "" if len(y) == len(x) else f"{len(x)} points and {len(y)} probabilities: a row is missing",
            "" if np.isfinite(x).all() else "the points hold numbers that are not finite",
        ]
    )
    need(
        [
            ""
            if len(x) >= LEAST_STATES
            else f"{len(x)} states are too few to search for a box: at least {LEAST_STATES}",
            ""
            if np.ptp(y) > 0.0
            else f"{label(outcome)} is equally likely in all states: there is nothing to discover",
        ]
    )
    trajectory = peel(x, y)
    box = found_box(x, y, trajectory)
    returns, fresh_density, fresh_coverage = _stability(x, y)
    limits = [
        Limit(
            names[i],
            float(box.low[i]),
            float(box.high[i]),
            min(
                float(share)
                for share, end in zip(returns[:, i], (box.low[i], box.high[i]), strict=True)
                if math.isfinite(end)
            ),
        )
        for i in box.restricted
    ]
    luck = generator(5)
    by_chance = [found_box(x, luck.permutation(y)).density for _ in range(SHUFFLES)]
    return Discovery(
        outcome,
        len(x),
        float(y.mean()),
        tuple(trajectory),
        box,
        tuple(sorted(limits, key=lambda limit: -limit.returns)),
        fresh_density,
        fresh_coverage,
        float(np.quantile(by_chance, 0.95)),
    )


def peel(x: Floats, y: Floats, share: float = PEEL, least: float = LEAST_MASS) -> list[Box]:
    """The peeling trajectory from the whole space to a box with `least` of the points.

    Each step takes about `share` of the box's points off one end of one parameter, where the mean of the rest rises
    most per point taken off. Points of equal value leave together.
    """
    of, parameters = x.shape
    low, high = np.full(parameters, -math.inf), np.full(parameters, math.inf)
    kept = np.ones(of, dtype=bool)
    boxes = [_box(low, high, kept, y)]
    order = np.argsort(x, axis=0, kind="stable").T
    while True:
        step = _best_peel(x, y, order, share, least * of)
        if step is None:
            return boxes
        parameter, end, at_low = step
        (low if at_low else high)[parameter] = end
        kept &= (x[:, parameter] >= end) if at_low else (x[:, parameter] <= end)
        order = order[kept[order]].reshape(parameters, -1)
        boxes.append(_box(low, high, kept, y))


def _best_peel(x: Floats, y: Floats, order: np.ndarray, share: float, least: float) -> tuple[int, float, bool] | None:
    """Parameter, new limit and whether it is the lower one, of the best peel; None when none improves the mean.

    `order` holds for each parameter the box's points from its lowest value to its highest.
    """
    size = order.shape[1]
    take = max(1, int(share * size))
    columns = np.arange(len(order))[:, None]
    total = float(y[order[0]].sum())
    best, found = 1e-12, None
    for at_low in (True, False):
        # the limit is the first value that stays; of equal values all stay or all go
        end = order[:, : take + 1] if at_low else order[:, -take - 1 :][:, ::-1]
        edge, gone, lost = _peeled(x[end, columns], y[end], at_low)
        stuck = np.flatnonzero(gone == 0)  # so many equal values that none would go: then all of them
        whole = order[stuck]
        values = x[whole, stuck[:, None]]
        edge[stuck] = _next_value(values, edge[stuck], at_low)
        gone[stuck], lost[stuck] = _beyond(values, y[whole], edge[stuck], at_low)
        stays = size - gone
        usable = (gone > 0) & (stays >= max(least, 1.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = np.where(usable, ((total - lost) / stays - total / size) / gone, -math.inf)
        place = int(np.argmax(gain))
        if gain[place] > best:
            best, found = float(gain[place]), (place, float(edge[place]), at_low)
    return found


def _peeled(values: Floats, y: Floats, at_low: bool) -> tuple[Floats, np.ndarray, Floats]:
    """Limit, number of points shut out and their sum of `y`, of rows that run from one end inwards."""
    edge = values[:, -1].copy()
    return edge, *_beyond(values, y, edge, at_low)


def _beyond(values: Floats, y: Floats, edge: Floats, at_low: bool) -> tuple[np.ndarray, Floats]:
    out = values < edge[:, None] if at_low else values > edge[:, None]
    return out.sum(axis=1), np.where(out, y, 0.0).sum(axis=1)


def _next_value(values: Floats, edge: Floats, upward: bool) -> Floats:
    """The nearest other value beyond `edge` in each row; `edge` itself where there is none."""
    if upward:
        beyond = np.where(values > edge[:, None], values, math.inf).min(axis=1)
    else:
        beyond = np.where(values < edge[:, None], values, -math.inf).max(axis=1)
    return np.where(np.isfinite(beyond), beyond, edge)


def _box(low: Floats, high: Floats, kept: Any, y: Floats) -> Box:
    total = float(y.sum())
    inside = float(y[kept].sum())
    return Box(
        low.copy(), high.copy(), inside / total if total else math.nan, inside / int(kept.sum()), float(kept.mean())
    )


def found_box(x: Floats, y: Floats, trajectory: list[Box] | None = None) -> Box:
    """The densest box on the trajectory that covers `LEAST_COVERAGE` of the outcome, without limits that nothing
    supports.

    A limit stays when the states that it alone shuts out have a lower mean than those inside: one-sided Welch test, at
    5 % over all limits there could have been.
    """
    boxes = peel(x, y) if trajectory is None else trajectory
    box = max((b for b in boxes if b.coverage >= LEAST_COVERAGE), key=lambda b: (b.density, b.mass))
    sides = [(i, True) for i in np.flatnonzero(np.isfinite(box.low))]
    sides += [(i, False) for i in np.flatnonzero(np.isfinite(box.high))]
    shuts_out = [x[:, i] < box.low[i] if at_low else x[:, i] > box.high[i] for i, at_low in sides]
    while sides:
        times = np.sum(shuts_out, axis=0)
        stay = y[times == 0]
        doubts = [(_doubt(y[out & (times == 1)], stay), *side) for side, out in zip(sides, shuts_out, strict=True)]
        worst = doubts.index(max(doubts))
        if doubts[worst][0] < 0.05 / (2 * x.shape[1]):
            break
        del sides[worst], shuts_out[worst]
    low, high = np.full(x.shape[1], -math.inf), np.full(x.shape[1], math.inf)
    for i, at_low in sides:
        (low if at_low else high)[i] = (box.low if at_low else box.high)[i]
    return _box(low, high, np.sum(shuts_out, axis=0) == 0 if sides else np.ones(len(x), dtype=bool), y)


def _doubt(out: Floats, stay: Floats) -> float:
    """P-value of the states that one limit alone shuts out being like those inside."""
    if len(out) < 3 or len(stay) < 3:
        return 1.0
    gap = float(stay.mean() - out.mean())
    variances = np.array([part.var(ddof=1) / len(part) for part in (out, stay)])
    if variances.sum() <= 1e-24:
        return 0.0 if gap > 0 else 1.0
    freedom = float(variances.sum() ** 2 / (variances**2 / [len(out) - 1, len(stay) - 1]).sum())
    return float(stdtr(freedom, -gap / math.sqrt(variances.sum())))


def _stability(x: Floats, y: Floats) -> tuple[Floats, float, float]:
    """How often each side of each parameter is limited in resamples (2, parameters); density and coverage afresh."""
    luck = generator(6)
    sides, hits, inside, total = np.zeros((2, x.shape[1])), 0.0, 0, 0.0
    for _ in range(RESAMPLES):
        rows = luck.integers(0, len(x), len(x))
        left_out = np.setdiff1d(np.arange(len(x)), rows)
        if not y[rows].any():
            continue
        box = found_box(x[rows], y[rows])
        sides += np.isfinite([box.low, box.high])
        held = box.holds(x[left_out])
        hits += float(y[left_out][held].sum())
        inside += int(held.sum())
        total += float(y[left_out].sum())
    return sides / RESAMPLES, hits / inside if inside else math.nan, hits / total if total else math.nan
