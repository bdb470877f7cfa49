"""Survival of peace: the curve is Kaplan-Meier's, comparisons are paired, equal arms give exact zeros and ones."""

import math

import numpy as np
import pytest

from ssr_sim.analysis.survival import (
    clustered_kaplan_meier,
    hazard_ratio,
    restricted_mean_difference,
    restricted_mean_values,
    survival_table,
    times,
)
from ssr_sim.clustered import Clusters, wilson_bounds
from ssr_sim.intervals import kaplan_meier, restricted_means
from tests.analysis.studies import luck, study


def one_state(of: int) -> Clusters:
    return Clusters(np.zeros(of, dtype=np.intp))


def arm(seed: int, rate: float, of: int = 60) -> tuple[np.ndarray, np.ndarray]:
    relapse, ends = luck(seed).exponential(1.0 / rate, of), luck(99).uniform(6.0, 10.0, of)
    return np.minimum(relapse, ends), relapse <= ends


def test_curve_and_numbers_at_risk_are_kaplan_meiers() -> None:
    runs = study({"worse": 2.0}, states=8, replicates=8, uncertainties=2)
    for row in survival_table(runs):
        time, ended, _ = times(runs, row.policy)
        plain = kaplan_meier(time, ended)
        assert row.curve.survival == pytest.approx(plain.survival)
        assert [row.curve.number_at_risk(t) for t in (0, 1, 5)] == [int((time >= t).sum()) for t in (0, 1, 5)]
        assert (row.curve.low <= row.curve.survival).all()
        assert (row.curve.survival <= row.curve.high).all()


def test_band_of_one_state_rests_on_greenwoods_variance() -> None:
    time, ended = arm(1, 0.2, 200)
    curve = clustered_kaplan_meier(time, ended, one_state(200))
    inside = np.flatnonzero((curve.survival > 0.0) & (curve.survival < 1.0))
    terms = curve.events / (curve.at_risk * np.maximum(curve.at_risk - curve.events, 1.0))
    greenwood = (curve.survival**2 * np.cumsum(terms))[inside]
    share = curve.survival[inside]
    runs = np.minimum(share * (1.0 - share) / greenwood * 199 / 200, 200)
    wanted = [wilson_bounds(s, n, one_state(200).quantile()) for s, n in zip(share, runs, strict=True)]
    assert np.column_stack((curve.low, curve.high))[inside] == pytest.approx(np.array(wanted), rel=1e-9)


def test_alike_states_widen_the_band() -> None:
    time, ended = arm(1, 0.2, 200)
    order = np.argsort(time)
    alike = Clusters(np.repeat(np.arange(10), 20))
    wide = clustered_kaplan_meier(time[order], ended[order], alike)  # relapses of one state come together
    narrow = clustered_kaplan_meier(time, ended, one_state(200))
    middle = len(wide.time) // 2
    assert wide.high[middle] - wide.low[middle] > 2.0 * (narrow.high[middle] - narrow.low[middle])


def test_equal_arms_differ_by_exactly_nothing() -> None:
    runs = study({"same": 1.0})
    row = survival_table(runs)[1]
    assert row.restricted is not None
    assert row.hazard is not None
    assert (row.restricted.mean, row.restricted.low, row.restricted.high) == (0.0, 0.0, 0.0)
    assert (row.hazard.value, row.hazard.low, row.hazard.high) == (1.0, 1.0, 1.0)


def test_values_of_the_restricted_mean_have_it_as_their_mean_and_the_bootstrap_error_as_their_spread() -> None:
    time, ended = arm(2, 0.2)
    values = restricted_mean_values(time, ended, 6.0)
    assert values.mean() == pytest.approx(restricted_means(time, ended, np.ones((1, 60)), 6.0)[0], rel=1e-12)
    counts = luck(4).multinomial(60, np.full(60, 1 / 60), size=4000).astype(float)
    spread = restricted_means(time, ended, counts, 6.0).std()
    assert values.std(ddof=1) / math.sqrt(60) == pytest.approx(spread, rel=0.06)


def test_hazard_ratio_is_that_of_cumulative_hazards_worked_out_by_hand() -> None:
    a = np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, False])
    b = np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, True, True, False])
    ratio = hazard_ratio(a, b, one_state(4), 4.0)
    assert ratio.value == pytest.approx((1 / 4 + 1 / 3 + 1 / 2) / (1 / 4 + 1 / 2))
    assert (ratio.low, ratio.high) == (0.0, math.inf)  # one pair differs
    nobody = b[0], np.zeros(4, dtype=bool)
    assert math.isnan(hazard_ratio(a, nobody, one_state(4), 4.0).value)


def test_a_policy_that_doubles_the_hazard_is_found_out() -> None:
    row = survival_table(study({"worse": 2.0}, replicates=300, risk=0.08))[1]
    assert row.restricted is not None
    assert row.hazard is not None
    assert row.hazard.low < 2.0 < row.hazard.high
    assert row.hazard.low > 1.0
    assert row.restricted.high < 0.0


def test_common_luck_narrows_the_difference_of_restricted_means() -> None:
    a, paired = arm(5, 0.2, 200), arm(5, 0.25, 200)
    independent = arm(6, 0.25, 200)
    narrow, wide = (restricted_mean_difference(a, b, one_state(200), 6.0) for b in (paired, independent))
    assert narrow.high - narrow.low < 0.5 * (wide.high - wide.low)
