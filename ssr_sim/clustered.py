"""Intervals and tests for runs that come in states of the world: runs of one state are alike, so states count, not
runs.

With one state every run stands for itself. With several, each state is one observation; states have seeds of their own,
so luck ties no two of them together. States weigh as the runs they hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from ssr_sim.intervals import LEVEL, RESAMPLES, Bounds, Difference, Floats, Proportion, generator, tango

if TYPE_CHECKING:
    import pandas as pd

Codes = npt.NDArray[np.intp]

MOST_UNITS = 1000  # more are added up into this many batches before they are resampled
ENUMERATED = 12  # so many signs are tried in all combinations
FLIPS = 9999
LEAST = 8  # with fewer units that differ, no interval bounds their mean
MANY = 50  # from so many differing units on, Student's t stands in for the flips


@dataclass(frozen=True)
class Clusters:
    """Which runs are alike: for each the number of its state, from 0 without a gap."""

    state: Codes

    @classmethod
    def labelled(cls, labels: npt.NDArray[np.generic]) -> Clusters:
        """From what tells the states of the runs apart, numbers or names."""
        return cls(np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.intp))

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Clusters:
        """From runs indexed by (state, replicate)."""
        return cls.labelled(frame.index.get_level_values("state").to_numpy())

    def among(self, asked: npt.NDArray[np.bool_]) -> Clusters:
        """The clusters of the runs where `asked` is true, numbered anew."""
        return Clusters.labelled(self.state[asked])

    @property
    def states(self) -> int:
        """Number of states of the world."""
        return int(self.state.max(initial=-1)) + 1

    @property
    def units(self) -> Codes:
        """The independent observation each run belongs to: its state, or with one state itself."""
        return self.state if self.states > 1 else np.arange(len(self.state))

    @property
    def count(self) -> int:
        """Number of independent observations."""
        return self.states if self.states > 1 else len(self.state)

    def variance(self, values: npt.ArrayLike) -> float:
        """Variance of the mean of `values` (one per run); 0 where one observation cannot show any."""
        data = np.asarray(values, dtype=np.float64)
        if self.count < 2:
            return 0.0
        sums = np.bincount(self.units, weights=(data - data.mean()) / len(data))
        return float((sums**2).sum()) * self.count / (self.count - 1.0)

    def quantile(self, level: float = LEVEL) -> float:
        """Student's t for the number of observations with several states, else the normal one."""
        if self.states < 2:
            return float(ndtri(0.5 + level / 2.0))
        return float(stdtrit(self.count - 1, 0.5 + level / 2.0))


def effective_runs(clusters: Clusters, variance: float, of_independent: float) -> float:
    """How many independent runs would be as sure: runs over the design effect, between number of units and of runs.

    `of_independent` is the variance if all runs were independent. Where nothing varies, nothing shows how alike the
    runs of a state are, and only the states count.
    """
    of = len(clusters.state)
    if clusters.states < 2 or of_independent <= 0.0 or variance <= 0.0:
        return float(clusters.count)
    return float(np.clip(of * of_independent / variance, min(clusters.count, of), of))


def wilson_bounds(share: float, runs: float, z: float) -> Bounds:
    """Score interval (Wilson 1927) of a share of `runs` effective runs, any number above 0."""
    centre = (share + z * z / (2.0 * runs)) / (1.0 + z * z / runs)
    half = z / (1.0 + z * z / runs) * math.sqrt(share * (1.0 - share) / runs + z * z / (4.0 * runs * runs))
    return Bounds(max(0.0, centre - half), min(1.0, centre + half))


def share(yes: npt.ArrayLike, clusters: Clusters, level: float = LEVEL) -> Proportion:
    """Share of true `yes` with Wilson's interval at the effective number of runs.

    Dean and Pagano (2015), Survey Methodology 41: 113-132, for the interval under clusters.
    """
    data = np.asarray(yes, dtype=bool)
    of, successes = len(data), int(data.sum())
    if of == 0:
        return Proportion.count(0, 0)
    value = successes / of
    runs = effective_runs(clusters, clusters.variance(data), value * (1.0 - value) / of)
    return Proportion(value, *wilson_bounds(value, runs, clusters.quantile(level)), successes, of)


def share_difference(a: npt.ArrayLike, b: npt.ArrayLike, clusters: Clusters, level: float = LEVEL) -> Difference:
    """Difference of two shares, `b - a`, of paired runs: Tango's interval at the effective number of pairs."""
    left, right = np.asarray(a, dtype=bool), np.asarray(b, dtype=bool)
    of = len(left)
    if of == 0:
        return Difference(math.nan, math.nan, math.nan, 0)
    gained, lost = int((right & ~left).sum()), int((left & ~right).sum())
    mean = (gained - lost) / of
    independent = ((gained + lost) / of - mean**2) / of
    pairs = effective_runs(clusters, clusters.variance(right.astype(float) - left), independent)
    level = 2.0 * float(ndtr(clusters.quantile(level))) - 1.0
    low, high = tango(gained * pairs / of, lost * pairs / of, pairs, level)
    return Difference(mean, low, high, of)


def mean_interval(
    values: npt.ArrayLike, clusters: Clusters, level: float = LEVEL, differing: npt.ArrayLike | None = None
) -> Difference:
    """Mean of `values`, one per run or pair, with the bootstrap-t interval over independent observations.

    `differing` says which pairs differ (default: values other than zero). Infinite ends: fewer than `LEAST`
    observations differ, too few to bound the mean. Values that all agree on a number other than zero give that number
    three times. NaN ends: one observation. Hall (1988), Annals of Statistics 16: 927-953.
    """
    data = np.asarray(values, dtype=np.float64)
    of = len(data)
    if of == 0:
        return Difference(math.nan, math.nan, math.nan, 0)
    mean = float(data.mean())
    differs = data != 0.0 if differing is None else np.asarray(differing, dtype=bool)
    if of > 1 and len(np.unique(clusters.units[differs])) < min(LEAST, clusters.count):
        return Difference(mean, -math.inf, math.inf, of)
    if np.ptp(data) <= 1e-12 * np.abs(data).max():  # rounding is no spread
        return Difference(float(data[0]), float(data[0]), float(data[0]), of)
    totals, sizes = _unit_sums(data, clusters.units)
    low, high = _bootstrap_t(totals, sizes, level) if len(totals) > 1 else (math.nan, math.nan)
    return Difference(mean, mean + low, mean + high, of)


def _bootstrap_t(totals: Floats, sizes: Floats, level: float) -> Bounds:
    """Ends of the interval less the mean, from the sum and the number of runs of every unit."""
    if np.ptp(totals / sizes) == 0.0:
        return Bounds(0.0, 0.0)
    units, mean = len(totals), totals.sum() / sizes.sum()
    centred = totals - mean * sizes
    scale = units / (units - 1.0)
    error = math.sqrt(scale * float((centred**2).sum())) / sizes.sum()
    counts = _resamples(units)
    columns = np.column_stack((centred, sizes, centred**2, centred * sizes, sizes**2))
    total, size, square, cross, size_square = (counts @ columns).T
    shift = total / size
    spread = np.maximum(square - 2.0 * shift * cross + shift**2 * size_square, 0.0)
    flat = spread <= 1e-20 * float((centred**2).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(flat, np.sign(shift) * np.inf, shift * size / np.sqrt(scale * spread))
    t = np.sort(np.where(flat & (shift == 0.0), 0.0, t))
    tail = (1.0 - level) / 2.0
    upper, lower = t[math.ceil((1.0 - tail) * (len(t) + 1)) - 1], t[math.floor(tail * (len(t) + 1)) - 1]
    student = float(stdtrit(units - 1, 1.0 - tail))  # where the two disagree, the wider end
    return Bounds(-error * max(float(upper), student), error * max(float(-lower), student))


def _unit_sums(data: Floats, groups: Codes) -> tuple[Floats, Floats]:
    """Sum and number of runs of every unit; many units are added up into batches first."""
    totals = np.bincount(groups, weights=data).astype(np.float64)
    sizes = np.bincount(groups).astype(np.float64)
    if len(totals) <= MOST_UNITS:
        return totals, sizes
    batch = np.arange(len(totals)) % MOST_UNITS
    sums = (np.bincount(batch, weights=part).astype(np.float64) for part in (totals, sizes))
    return next(sums), next(sums)


@lru_cache(maxsize=8)
def _resamples(units: int) -> Floats:
    counts = generator().multinomial(units, np.full(units, 1.0 / units), size=RESAMPLES - 1)
    return counts.astype(np.float64)


def p_value(values: npt.ArrayLike, clusters: Clusters) -> float:
    """Two-sided p-value of a mean of zero, by flipping the signs of independent observations (Fisher 1935).

    Exact for paired yes/no outcomes (McNemar's exact test) and for symmetric differences; from 50 observations that
    differ on, Student's t. 1 when nothing differs.
    """
    totals, _ = _unit_sums(np.asarray(values, dtype=np.float64), clusters.units)
    totals = totals[totals != 0.0]
    count, observed = len(totals), abs(float(totals.sum())) * (1.0 - 1e-12)
    if count == 0:
        return 1.0
    if count > MANY:
        error = float(totals.std(ddof=1)) * math.sqrt(count)
        t = abs(float(totals.sum())) / error if error > 0.0 else math.inf
        return 2.0 * float(stdtr(count - 1, -t))
    if count <= ENUMERATED:
        signs = 1.0 - 2.0 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
        return float((np.abs(signs @ totals) >= observed).mean())
    sums = np.abs(_random_signs(count) @ totals)
    return (1.0 + float((sums >= observed).sum())) / (FLIPS + 1.0)


@lru_cache(maxsize=64)
def _random_signs(count: int) -> Floats:
    return 1.0 - 2.0 * generator(count).integers(0, 2, size=(FLIPS, count)).astype(np.float64)
