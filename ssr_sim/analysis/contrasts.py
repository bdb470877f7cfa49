"""Each policy against the reference on the same luck: what differs, how sure, what chance would show."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ssr_sim.analysis.outcomes import OUTCOMES, Outcome, Pairs, asked, check, identical, known_outcome, paired, values
from ssr_sim.clustered import Clusters, mean_interval, p_value, share, share_difference
from ssr_sim.comparison import variance_factor
from ssr_sim.intervals import Difference, Proportion
from ssr_sim.run_table import RunTable

FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class Contrast:
    """A policy against the reference in one outcome. Differences are policy less reference.

    `level` is the policy's own mean, or its share with interval over the runs in which the question arises.
    `difference.of` counts pairs, `differing` those whose two runs differ. `p` is the two-sided p-value of no mean
    difference, `p_adjusted` the same after Holm over all policies in this outcome; both NaN for the reference and 1 for
    a policy equal to it bit for bit. `saved` says how many times more runs unpaired luck would need.
    """

    policy: str
    outcome: Outcome
    level: Proportion | float
    difference: Difference
    differing: int
    identical: bool
    p: float
    p_adjusted: float
    saved: float

    @property
    def marked(self) -> bool:
        """Whether the difference stands after Holm: at most 5 % chance that any mark of this outcome is false."""
        return self.p_adjusted < FALSE_ALARMS

    @property
    def better(self) -> bool:
        """Whether the difference points the way the outcome should go."""
        return (self.difference.mean > 0) == (self.outcome.better == "more") and self.difference.mean != 0.0


@dataclass(frozen=True)
class Multiplicity:
    """Many policies at once: `compared` with the reference (equal ones aside), `expected` below p = 0.05 by chance
    alone if none did anything, `found` below 0.05, `marked` after Holm.
    """

    outcome: Outcome
    compared: int
    expected: float
    found: int
    marked: int


def contrasts(runs: RunTable, name: str) -> list[Contrast]:
    """Every policy against the reference in the outcome `name`, the reference first.

    Holm's correction (1979, Scandinavian Journal of Statistics 6: 65-70) holds whatever ties the comparisons together,
    and all of them share one reference and one luck. Raises ValueError for an unknown outcome or an unusable table.
    """
    outcome = known_outcome(name)
    check(runs)
    rows = [_contrast(runs, policy, outcome) for policy in runs.policies]
    adjusted = iter(holm([row.p for row in rows if _tested(row)]))
    return [replace(row, p_adjusted=next(adjusted)) if _tested(row) else row for row in rows]


def policy_table(runs: RunTable) -> dict[str, list[Contrast]]:
    """`contrasts` for every outcome, by its name."""
    return {name: contrasts(runs, name) for name in OUTCOMES}


def multiplicity(rows: list[Contrast]) -> Multiplicity:
    """What chance alone would show among the comparisons of one outcome."""
    tested = [row for row in rows if _tested(row)]
    found = sum(row.p < FALSE_ALARMS for row in tested)
    return Multiplicity(rows[0].outcome, len(tested), FALSE_ALARMS * len(tested), found, sum(r.marked for r in tested))


def holm(p_values: list[float]) -> list[float]:
    """P-values corrected for their number, in the same order."""
    order = np.argsort(p_values, kind="stable")
    steps = np.asarray(p_values, dtype=np.float64)[order] * np.arange(len(order), 0, -1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(p) for p in adjusted]


def _tested(row: Contrast) -> bool:
    return not row.identical and not math.isnan(row.p)


def _contrast(runs: RunTable, policy: str, outcome: Outcome) -> Contrast:
    level = _level(runs, policy, outcome)
    if policy == runs.reference:
        of = len(runs.arms[policy])
        return Contrast(policy, outcome, level, Difference(0.0, 0.0, 0.0, of), 0, True, *[math.nan] * 3)
    pairs, same = paired(runs, policy, outcome.name), identical(runs, policy)
    differing = int((pairs.a != pairs.b).sum())
    p = p_value(pairs.b - pairs.a, pairs.clusters) if len(pairs.a) else math.nan
    return Contrast(policy, outcome, level, difference(pairs, outcome, same), differing, same, p, p, _saved(pairs))


def difference(pairs: Pairs, outcome: Outcome, same: bool) -> Difference:
    """Mean paired difference with its interval; exactly zero for policies whose runs agree bit for bit.

    Shares: Tango's score interval. Amounts: bootstrap-t; its ends are infinite where too few pairs differ.
    """
    if same:
        return Difference(0.0, 0.0, 0.0, len(pairs.a))
    if outcome.share:
        return share_difference(pairs.a, pairs.b, pairs.clusters)
    return mean_interval(pairs.b - pairs.a, pairs.clusters)


def _level(runs: RunTable, policy: str, outcome: Outcome) -> Proportion | float:
    frame = runs.arms[policy]
    data, arose = values(frame, outcome.name), asked(frame, outcome.name)
    if outcome.share:
        return share(data[arose], Clusters.of(frame).among(arose))
    return float(data.mean())


def _saved(pairs: Pairs) -> float:
    """The factor by which pairing narrows variance, within states where they have replicates."""
    if len(pairs.a) == 0:
        return math.nan
    a, b, state = pairs.a, pairs.b, pairs.clusters.state
    sizes = np.bincount(state)
    if len(sizes) > 1 and len(a) > len(sizes):
        a, b = (data - (np.bincount(state, weights=data) / sizes)[state] for data in (a, b))
    return variance_factor(a, b)
