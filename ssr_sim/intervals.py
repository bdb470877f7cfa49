"""Statistics of replicated runs: shares, paired differences and survival, each with its interval and its
denominator.

Intervals are two-sided at 95 % unless told otherwise. Nothing here is drawn inside the model: the bootstrap
has its own generator with a fixed seed, so the same runs always give the same interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtrit

LEVEL = 0.95
RESAMPLES = 2000
RESAMPLING_SEED = 20_031_018

Floats = npt.NDArray[np.float64]
Generator = np.random.Generator


class Bounds(NamedTuple):
    """The two ends of an interval; both NaN where the data cannot give one."""

    low: float
    high: float


NO_BOUNDS = Bounds(math.nan, math.nan)


def wilson(successes: int, of: int, level: float = LEVEL) -> Bounds:
    """Score interval of a share (Wilson 1927); NaN when `of` is 0.

    Raises ValueError unless 0 <= successes <= of.
    """
    if not 0 <= successes <= of:
        raise ValueError(f"successes must lie between 0 and {of}, got {successes}")
    if of == 0:
        return NO_BOUNDS
    z2 = float(ndtri(0.5 + level / 2.0)) ** 2  # by hand: `scipy.stats` takes a second to import
    centre, width = 2 * successes + z2, math.sqrt(z2 * (4 * successes * (of - successes) / of + z2))
    low, high = (centre - width) / (2 * (of + z2)), (centre + width) / (2 * (of + z2))
    return Bounds(low if successes > 0 else 0.0, high if successes < of else 1.0)


@dataclass(frozen=True)
class Proportion:
    """A share of runs, with its Wilson interval and its denominator.

    `of` counts the runs in which the question could be asked (relapse: those that had reached peace). With
    none of them the share does not exist: `value`, `low` and `high` are NaN and it prints as "no run".
    """

    value: float
    low: float
    high: float
    successes: int
    of: int

    @classmethod
    def count(cls, successes: int, of: int) -> Proportion:
        """The share `successes` / `of`; raises ValueError unless 0 <= successes <= of."""
        low, high = wilson(successes, of)
        return cls(successes / of if of else math.nan, low, high, int(successes), int(of))

    @classmethod
    def among(cls, outcome: npt.ArrayLike, asked: npt.ArrayLike | None = None) -> Proportion:
        """The share of true `outcome` (one per run) among the runs where `asked` is true (default: all)."""
        yes = np.asarray(outcome, dtype=bool)
        if asked is not None:
            yes = yes[np.asarray(asked, dtype=bool)]
        return cls.count(int(yes.sum()), len(yes))

    @property
    def half_width(self) -> float:
        """Half the length of the interval; NaN with no run."""
        return (self.high - self.low) / 2.0

    def __str__(self) -> str:
        if self.of == 0:
            return "no run"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f}; {self.successes} of {self.of} runs)"


@dataclass(frozen=True)
class Difference:
    """A mean paired difference with its interval, in the unit of what was compared; `of` is the number of
    pairs.
    """

    mean: float
    low: float
    high: float
    of: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero (never so when it does not exist)."""
        return self.low > 0.0 or self.high < 0.0

    def __str__(self) -> str:
        if self.of == 0:
            return "no pair"
        return f"{self.mean:+.3g} ({self.low:+.3g} to {self.high:+.3g}; {self.of} pairs)"


@dataclass(frozen=True)
class Ratio:
    """A mean paired difference divided by another, with its interval; `of` is the number of pairs.

    Infinite ends: the divisor cannot be told from zero, so the data set the ratio no bound.
    """

    value: float
    low: float
    high: float
    of: int


def generator(key: int = 0) -> Generator:
    """Random numbers for resampling finished runs, the same in every session; nothing in the model may use them."""
    return np.random.Generator(np.random.Philox(key=[RESAMPLING_SEED, key]))


def resampling_counts(of: int, resamples: int = RESAMPLES, seed: int = RESAMPLING_SEED) -> Floats:
    """How often each of `of` runs appears in each bootstrap sample: shape (resamples, of), rows adding up to
    `of`.
    """
    generator = np.random.Generator(np.random.Philox(seed))
    return generator.multinomial(of, np.full(of, 1.0 / of), size=resamples).astype(np.float64)


def bootstrap_means(
    values: npt.ArrayLike, level: float = LEVEL, resamples: int = RESAMPLES
) -> tuple[Floats, Floats, Floats]:
    """Column means of `values` (runs x columns) with bias-corrected and accelerated bootstrap intervals
    (Efron 1987).

    Returns (mean, low, high), one entry per column. All columns share the resamples, so they can be read
    together. A column whose entries are all equal, the exact zeros of a null change above all, returns that
    number three times. With one run the interval is NaN; with none the mean is NaN as well.
    """
    data = np.asarray(values, dtype=np.float64)
    of, columns = data.shape
    if of == 0:
        return np.full(columns, np.nan), np.full(columns, np.nan), np.full(columns, np.nan)
    mean = data.mean(axis=0)
    if of == 1:
        return mean, np.full(columns, np.nan), np.full(columns, np.nan)

    # Rounding is no spread: a column that varies by less than it counts as constant.
    constant = np.ptp(data, axis=0) <= 1e-12 * np.abs(data).max(axis=0)
    mean = np.where(constant, data[0], mean)
    centred = data - mean
    with np.errstate(invalid="ignore", divide="ignore"):
        shifts = np.sort(resampling_counts(of, resamples) @ centred / of, axis=0)
        # A tie with the observed mean counts half: with few runs that differ, ties are common.
        tiny = 1e-12 * np.abs(centred).max(axis=0)
        below = (shifts < -tiny).mean(axis=0) + 0.5 * (np.abs(shifts) <= tiny).mean(axis=0)
        bias = ndtri(np.clip(below, 0.5 / resamples, 1.0 - 0.5 / resamples))
        # Jackknife acceleration, which for a mean is its skewness over 6 sqrt(runs).
        acceleration = (centred**3).sum(axis=0) / (6.0 * (centred**2).sum(axis=0) ** 1.5)
        ends = []
        for tail in ((1.0 - level) / 2.0, (1.0 + level) / 2.0):
            score = bias + ndtri(tail)
            at = ndtr(bias + score / (1.0 - acceleration * score))
            ends.append(_column_quantiles(shifts, np.where(constant, tail, at)))
    # Nor is it a difference: an end that is nought but for rounding would lie on one side of it.
    rounding = 1e-12 * np.abs(data).max(axis=0)
    ends = [np.where(np.abs(mean + end) <= rounding, 0.0, mean + end) for end in ends]
    low, high = (np.where(constant, mean, end) for end in ends)
    return mean, low, high


def _column_quantiles(ordered: Floats, at: Floats) -> Floats:
    """One quantile per column of an array sorted down its columns, by linear interpolation."""
    position = np.clip(at, 0.0, 1.0) * (len(ordered) - 1)
    below = np.floor(position).astype(np.intp)
    above = np.minimum(below + 1, len(ordered) - 1)
    columns = np.arange(ordered.shape[1])
    weight = position - below
    quantiles: Floats = (1.0 - weight) * ordered[below, columns] + weight * ordered[above, columns]
    return quantiles


def paired_difference(a: npt.ArrayLike, b: npt.ArrayLike, level: float = LEVEL) -> Difference:
    """Mean of `b - a` over pairs of runs with the same luck; pairs with a NaN on either side are left out."""
    left, right = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    kept = ~(np.isnan(left) | np.isnan(right))
    gap = (right[kept] - left[kept])[:, None]
    mean, low, high = bootstrap_means(gap, level)
    return Difference(float(mean[0]), float(low[0]), float(high[0]), len(gap))


def paired_proportions(a: npt.ArrayLike, b: npt.ArrayLike, level: float = LEVEL) -> Difference:
    """Difference of two shares, `b - a`, from paired yes/no outcomes, by the score interval of Tango (1998).

    Unlike a bootstrap it stays honest when few pairs disagree, or none: no disagreement in 50 pairs does not
    show that there is none at all.
    """
    left, right = np.asarray(a, dtype=bool), np.asarray(b, dtype=bool)
    of = len(left)
    if of == 0:
        return Difference(math.nan, math.nan, math.nan, 0)
    gained, lost = int((right & ~left).sum()), int((left & ~right).sum())
    low, high = tango(gained, lost, of, level)
    return Difference((gained - lost) / of, low, high, of)


def paired_ratio(top: npt.ArrayLike, bottom: npt.ArrayLike, level: float = LEVEL) -> Ratio:
    """Mean of `top` over mean of `bottom`, two differences of each pair of runs, by Fieller's method (1954).

    Dividing the ends of two intervals, or resampling the quotient, goes wrong where the divisor may be zero; Fieller's
    interval is then unbounded, and says so.
    """
    over, under = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    of = len(under)
    if of == 0 or not under.any():
        return Ratio(math.nan, math.nan, math.nan, of)
    numerator, divisor = float(over.mean()), float(under.mean())
    value = numerator / divisor if divisor != 0.0 else math.nan
    if of == 1:
        return Ratio(value, math.nan, math.nan, of)
    (var_over, joint), (_, var_under) = (np.cov(over, under) / of).tolist()
    t2 = float(stdtrit(of - 1, 0.5 + level / 2.0)) ** 2
    a = divisor**2 - t2 * var_under
    if a <= 0.0:
        return Ratio(value, -math.inf, math.inf, of)
    b = numerator * divisor - t2 * joint
    c = numerator**2 - t2 * var_over
    half = math.sqrt(max(b**2 - a * c, 0.0))
    return Ratio(value, (b - half) / a, (b + half) / a, of)


def tango(gained: float, lost: float, of: float, level: float = LEVEL) -> Bounds:
    """Score interval for (gained - lost) / of, where `gained` and `lost` count the discordant pairs among
    `of`; effective numbers of pairs need not be whole.

    Tango, T. (1998), Statistics in Medicine 17: 891-908.
    """
    from scipy.optimize import brentq

    z = float(ndtri(0.5 + level / 2.0))

    def score(difference: float) -> float:
        # Maximum-likelihood share of "lost" pairs if the true difference were `difference`.
        linear = (2 * of - gained + lost) * difference - gained - lost
        constant = -lost * difference * (1.0 - difference)
        share = (math.sqrt(max(linear**2 - 8 * of * constant, 0.0)) - linear) / (4 * of)
        variance = of * (2.0 * share + difference * (1.0 - difference))
        distance = gained - lost - of * difference
        if distance == 0.0 or variance <= 0.0:
            return math.copysign(math.inf, distance) if distance else 0.0
        return distance / math.sqrt(variance)

    estimate, edge = (gained - lost) / of, 1.0 - 1e-9
    low = -1.0 if score(-edge) < z else brentq(lambda d: score(d) - z, -edge, min(estimate, edge))
    high = 1.0 if score(edge) > -z else brentq(lambda d: score(d) + z, max(estimate, -edge), edge)
    return Bounds(float(low), float(high))


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve: the share of runs still at peace, `time` after peace was reached.

    Arrays of one length, one entry per distinct time at which something ended, in the unit of the data; `low`
    and `high` are the pointwise log-log interval; `at_risk` counts the runs still observed just before that
    time.
    """

    time: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: npt.NDArray[np.int64]
    events: npt.NDArray[np.int64]
    of: int
    exits: Floats = field(repr=False)

    def at(self, time: float) -> float:
        """Share still at peace at `time` (same unit as the data); NaN when no run was ever at risk."""
        before = int(np.searchsorted(self.time, time, side="right"))
        if self.of == 0:
            return math.nan
        return float(self.survival[before - 1]) if before else 1.0

    def number_at_risk(self, time: float) -> int:
        """Runs still observed and at peace just before `time`."""
        return int((self.exits >= time).sum())


def kaplan_meier(duration: npt.ArrayLike, ended: npt.ArrayLike, level: float = LEVEL) -> Survival:
    """Kaplan-Meier estimate from each run's time at risk and whether it ended in the event (else
    right-censored).

    Before the first event and where nobody survives, Greenwood's variance is zero and the log-log interval
    does not exist; there the Wilson interval of the runs at risk stands in. With no run every array is empty.
    """
    times, event = np.asarray(duration, dtype=np.float64), np.asarray(ended, dtype=bool)
    if len(times) == 0:
        none, zero = np.empty(0), np.empty(0, dtype=np.int64)
        return Survival(none, none, none, none, zero, zero, 0, none)
    time, run = np.unique(times, return_inverse=True)
    leaving = np.bincount(run, minlength=len(time))
    at_risk = (len(times) - np.cumsum(leaving) + leaving).astype(np.int64)
    events = np.bincount(run[event], minlength=len(time)).astype(np.int64)
    survival: Floats = np.cumprod((at_risk - events) / at_risk, dtype=np.float64)  # by hand, as in `wilson`
    low, high = _log_log_interval(survival, at_risk, events, level)
    return Survival(time, survival, low, high, at_risk, events, len(times), times)


def _log_log_interval(
    survival: Floats, at_risk: npt.NDArray[np.int64], events: npt.NDArray[np.int64], level: float
) -> tuple[Floats, Floats]:
    """Pointwise interval on the scale log(-log S), which keeps it inside 0 to 1 (Kalbfleisch and Prentice
    1980).
    """
    z = float(ndtri(0.5 + level / 2.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = z * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(spread), survival ** np.exp(-spread)
    for i in np.flatnonzero(~np.isfinite(spread)):
        low[i], high[i] = wilson(round(survival[i] * at_risk[i]), int(at_risk[i]), level)
    return low, high


def restricted_means(duration: npt.ArrayLike, ended: npt.ArrayLike, counts: Floats, horizon: float) -> Floats:
    """Kaplan-Meier restricted mean time under each bootstrap weighting.

    `counts` (resamples x runs) says how often each run is taken. Returns one restricted mean per resample,
    NaN for a resample without runs.
    """
    times, event = np.asarray(duration, dtype=np.float64), np.asarray(ended, dtype=bool)
    stops = np.unique(times[event & (times < horizon)])
    at_risk = counts @ (times[:, None] >= stops).astype(np.float64)
    events = counts @ (event[:, None] & (times[:, None] == stops)).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.where(at_risk > 0, 1.0 - events / at_risk, 1.0)
    curves = np.concatenate((np.ones((len(counts), 1)), np.cumprod(steps, axis=1)), axis=1)
    areas = np.asarray(curves @ np.diff(np.concatenate(([0.0], stops, [horizon]))), dtype=np.float64)
    areas[counts.sum(axis=1) == 0] = np.nan
    return areas


def difference_of_restricted_means(
    a: tuple[npt.ArrayLike, npt.ArrayLike],
    b: tuple[npt.ArrayLike, npt.ArrayLike],
    horizon: float,
    level: float = LEVEL,
) -> Difference:
    """Restricted mean time at peace, `b` minus `a`, over runs paired in order, by the paired percentile
    bootstrap.

    Each arm is (duration, ended), as for `kaplan_meier`. Identical arms give exactly zero. Both runs of a
    pair are resampled together, so luck common to both arms cancels.
    """
    of = len(np.asarray(a[0]))
    if of == 0:
        return Difference(math.nan, math.nan, math.nan, 0)
    everyone = np.ones((1, of))
    mean = float((restricted_means(*b, everyone, horizon) - restricted_means(*a, everyone, horizon))[0])
    if of == 1:
        return Difference(mean, math.nan, math.nan, 1)
    counts = resampling_counts(of)
    gaps = restricted_means(*b, counts, horizon) - restricted_means(*a, counts, horizon)
    low, high = np.quantile(gaps, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Difference(mean, float(low), float(high), of)
