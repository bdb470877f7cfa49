"""How long peace lasts, policy by policy: Kaplan-Meier, restricted mean years and the ratio of cumulative hazards.

All three rest on influence values, one per run, whose spread between independent observations gives their variance, so
pairs and states of the world are counted as in every other comparison. A log-rank test, which takes the policies' runs
for independent, is not offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ssr_sim.analysis.outcomes import Flags, check, identical, values
from ssr_sim.clustered import Clusters, effective_runs, mean_interval, wilson_bounds
from ssr_sim.intervals import LEVEL, Difference, Floats, Ratio, Survival, kaplan_meier, restricted_means
from ssr_sim.run_table import RunTable

AT_RISK = 10


@dataclass(frozen=True)
class Lasting:
    """A policy against the reference: peace given peace under both.

    `curve` is the policy's own, over all its runs that reached peace. `restricted` is the difference in mean years at
    peace up to `horizon` years; `hazard` the ratio of Nelson-Aalen cumulative hazards (below 1: relapse rarer) up to
    `seen` years, as long as ten runs of both are observed. Both None for the reference.
    """

    policy: str
    curve: Survival
    horizon: float
    restricted: Difference | None
    seen: float
    hazard: Ratio | None


def survival_table(runs: RunTable) -> list[Lasting]:
    """How long peace lasts under every policy, the reference first; raises ValueError for an unusable table."""
    check(runs)
    return [_lasting(runs, policy) for policy in runs.policies]


def times(runs: RunTable, policy: str) -> tuple[Floats, Flags, Clusters]:
    """Years at peace, whether relapse ended them, and likeness, of the policy's runs that reached peace."""
    frame = runs.arms[policy]
    kept = frame[frame["reached_peace"].astype(bool)]
    return values(kept, "years_of_peace"), kept["relapsed_conflict"].to_numpy(dtype=bool), Clusters.of(kept)


def _lasting(runs: RunTable, policy: str) -> Lasting:
    curve = clustered_kaplan_meier(*times(runs, policy))
    if policy == runs.reference:
        return Lasting(policy, curve, math.nan, None, math.nan, None)
    a, b = runs.pairs(policy)
    both = a["reached_peace"].to_numpy(dtype=bool) & b["reached_peace"].to_numpy(dtype=bool)
    left, right = (
        (values(arm, "years_of_peace")[both], arm["relapsed_conflict"].to_numpy(dtype=bool)[both]) for arm in (a, b)
    )
    clusters = Clusters.of(a).among(both)
    # Where few runs are still observed the curve is flat by lack of data: stop where both arms are seen.
    horizon = min(float(left[0].max()), float(right[0].max())) if both.any() else math.nan
    same = identical(runs, policy)
    seen = well_observed(left, right)
    return Lasting(
        policy,
        curve,
        horizon,
        restricted_mean_difference(left, right, clusters, horizon, same),
        seen,
        hazard_ratio(left, right, clusters, seen, same),
    )


def well_observed(a: tuple[Floats, Flags], b: tuple[Floats, Flags]) -> float:
    """The longest time at which `AT_RISK` runs of both arms are still observed; NaN when an arm has fewer.

    Beyond it single runs make the cumulative hazard jump.
    """
    if len(a[0]) < AT_RISK:
        return math.nan
    return float(min(np.sort(time)[-AT_RISK] for time, _ in (a, b)))


def clustered_kaplan_meier(time: Floats, ended: Flags, clusters: Clusters, level: float = LEVEL) -> Survival:
    """Kaplan-Meier curve with pointwise score intervals at the effective number of runs (Rothman 1978).

    Journal of Chronic Diseases 31: 557-560. Unlike the log-log interval it exists before the first event and after the
    last run.
    """
    plain = kaplan_meier(time, ended)
    if plain.of == 0:
        return plain
    low, high = np.empty(len(plain.time)), np.empty(len(plain.time))
    z = clusters.quantile(level)
    for place, influence in enumerate(_influence(time, ended, plain.time, hazard=False)):
        share = plain.survival[place]
        runs = _effective(influence, float(share), plain, place, clusters)
        low[place], high[place] = wilson_bounds(float(share), runs, z)
    return Survival(plain.time, plain.survival, low, high, plain.at_risk, plain.events, plain.of, plain.exits)


def _effective(influence: Floats, share: float, curve: Survival, place: int, clusters: Clusters) -> float:
    variance = clusters.variance(influence)
    at_risk = float(curve.at_risk[place])
    if variance <= 0.0 or not 0.0 < share < 1.0:
        # as much as the runs still observed can say, fewer where states are alike
        return max(1.0, effective_runs(clusters, 0.0, 0.0) * at_risk / curve.of)
    return float(np.clip(share * (1.0 - share) / variance, 1.0, curve.of))


def _influence(time: Floats, ended: Flags, stops: Floats, hazard: bool) -> Iterator[Floats]:
    """Influence of each run on the estimate at each stop in turn: mean 0, its spread is the estimate's.

    On the cumulative hazard (`hazard`), else on the share still at peace, whose variance is then Greenwood's.
    """
    of, total, survival = len(time), np.zeros(len(time)), 1.0
    for stop in stops:
        observed = time >= stop
        relapsed = ended & (time == stop)
        at_risk, events = float(observed.sum()), float(relapsed.sum())
        survival *= 1.0 - events / at_risk
        base = at_risk if hazard else at_risk - events
        if base > 0:
            total = total + of / base * (relapsed - observed * (events / at_risk))
        yield total if hazard else -survival * total


def restricted_mean_values(time: Floats, ended: Flags, horizon: float) -> Floats:
    """One number per run whose mean is the restricted mean time up to `horizon` and whose spread is its error's.

    The jackknife: how much the estimate moves without that run (Andersen, Klein and Rosthoj 2003, Biometrika 90:
    15-27).
    """
    of = len(time)
    rows, first, where, times_met = np.unique(
        np.column_stack((time, ended)), axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    mean = float(restricted_means(time, ended, np.ones((1, of)), horizon)[0])
    if of == 1 or len(rows) == 1:
        return np.full(of, mean)
    without = restricted_means(time[first], ended[first], times_met - np.eye(len(rows)), horizon)
    centre = float(without @ times_met) / of
    return np.asarray(mean + (of - 1.0) * (centre - without))[where.ravel()]


def restricted_mean_difference(
    a: tuple[Floats, Flags], b: tuple[Floats, Flags], clusters: Clusters, horizon: float, same: bool = False
) -> Difference:
    """Restricted mean years at peace, `b` less `a`, of runs paired in order, by the paired bootstrap-t over
    independent observations; exactly zero for arms that are the `same`.
    """
    of = len(a[0])
    if of == 0:
        return Difference(math.nan, math.nan, math.nan, 0)
    if same:
        return Difference(0.0, 0.0, 0.0, of)
    gaps = restricted_mean_values(*b, horizon) - restricted_mean_values(*a, horizon)
    return mean_interval(gaps, clusters, differing=_differing(a, b, horizon))


def _differing(a: tuple[Floats, Flags], b: tuple[Floats, Flags], horizon: float) -> Flags:
    """Pairs whose relapses up to `horizon` differ."""
    when = [np.where(ended & (time <= horizon), time, np.inf) for time, ended in (a, b)]
    return np.asarray(when[0] != when[1], dtype=bool)


def hazard_ratio(
    a: tuple[Floats, Flags], b: tuple[Floats, Flags], clusters: Clusters, horizon: float, same: bool = False
) -> Ratio:
    """Ratio of the Nelson-Aalen cumulative hazards at `horizon`, `b` over `a`, of runs paired in order.

    The bootstrap-t works on the logarithm. NaN when an arm has no relapse or `horizon` is NaN; ends 0 and infinity
    where too few pairs differ; exactly one for arms that are the `same`.
    """
    of = len(a[0])
    if of == 0 or math.isnan(horizon):
        return Ratio(math.nan, math.nan, math.nan, of)
    totals = [_cumulative_hazard(*arm, horizon) for arm in (a, b)]
    if 0.0 in totals:
        return Ratio(math.nan, math.nan, math.nan, of)
    if same:
        return Ratio(1.0, 1.0, 1.0, of)
    logs = [
        math.log(total) + _hazard_influence(*arm, horizon) / total for arm, total in zip((a, b), totals, strict=True)
    ]
    gap = mean_interval(logs[1] - logs[0], clusters, differing=_differing(a, b, horizon))
    return Ratio(totals[1] / totals[0], math.exp(gap.low), _exp(gap.high), of)


def _exp(value: float) -> float:
    return math.exp(value) if value < 700.0 else math.inf


def _cumulative_hazard(time: Floats, ended: Flags, horizon: float) -> float:
    stops = time[ended & (time <= horizon)]
    return float(sum(1.0 / (time >= stop).sum() for stop in stops))


def _hazard_influence(time: Floats, ended: Flags, horizon: float) -> Floats:
    stops = np.unique(time[ended & (time <= horizon)])
    *_, last = _influence(time, ended, stops, hazard=True)
    return last
