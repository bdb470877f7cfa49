"""Intervals cover what they claim to cover, and edge cases are said plainly."""

import math

import numpy as np
import pytest
from scipy import stats

from ssr_sim.intervals import (
    Proportion,
    bootstrap_means,
    difference_of_restricted_means,
    kaplan_meier,
    paired_difference,
    paired_proportions,
    paired_ratio,
    restricted_means,
    tango,
    wilson,
)

TRUE_SHARES = (0.02, 0.1, 0.5, 0.9, 0.98)


def luck(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


@pytest.mark.parametrize("share", TRUE_SHARES)
def test_wilson_intervals_cover_the_true_share_on_average_over_the_numbers_of_runs_in_use(
    share: float,
) -> None:
    # exact, not simulated: the chance of each count times whether its interval covers
    coverage = []
    for of in (20, 32, 64, 100, 128, 256, 512):
        counts = np.arange(of + 1)
        covers = [low <= share <= high for low, high in (wilson(int(k), of) for k in counts)]
        coverage.append(float(stats.binom.pmf(counts, of, share) @ np.array(covers)))
    assert np.mean(coverage) >= 0.93
    assert min(coverage) >= 0.86


def test_wilson_interval_agrees_with_the_closed_form() -> None:
    k, n, z = 21, 50, stats.norm.ppf(0.975)
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * math.sqrt(k * (n - k) / n + z**2 / 4)
    assert wilson(k, n) == pytest.approx((centre - half, centre + half), rel=1e-12)


def test_share_of_no_run_is_not_a_number_and_says_so() -> None:
    share = Proportion.among([True, False], asked=[False, False])
    assert str(share) == "no run"
    assert share.of == 0
    assert all(math.isnan(x) for x in (share.value, share.low, share.high))


def test_share_counts_only_the_runs_asked() -> None:
    share = Proportion.among([True, True, False, False], asked=[True, False, True, True])
    assert (share.successes, share.of, share.value) == (1, 3, pytest.approx(1 / 3))
    assert "1 of 3 runs" in str(share)


def test_impossible_count_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 5"):
        wilson(6, 5)


def test_constant_differences_give_exactly_themselves() -> None:
    same = paired_difference(np.arange(20.0), np.arange(20.0))
    assert (same.mean, same.low, same.high) == (0.0, 0.0, 0.0)
    shifted = paired_difference(np.zeros(20), np.full(20, 0.1))
    assert (shifted.mean, shifted.low, shifted.high) == (0.1, 0.1, 0.1)


def test_rounding_noise_counts_as_no_difference_at_all() -> None:
    """Sums over the same numbers in another order: three of 181 runs differ in the last bit."""
    noisy = np.array([[0.7]] * 178 + [[np.nextafter(0.7, 1.0)]] * 3)
    assert [part[0] for part in bootstrap_means(noisy)] == [0.7, 0.7, 0.7]


@pytest.mark.parametrize("spread", [5e-12, 1e-11])
@pytest.mark.parametrize("runs", [512, 1000, 5000])
def test_a_spread_barely_above_rounding_still_has_an_interval(runs: int, spread: float) -> None:
    """Rounding of the mean puts every resampled mean on one side of it."""
    values = np.linspace(0.1, 1.0, 50)
    data = np.vstack([np.tile(values, (runs - 1, 1)), values * (1.0 + spread)])
    for part in bootstrap_means(data):
        assert part == pytest.approx(values, rel=1e-10)


def test_one_pair_has_a_difference_but_no_interval() -> None:
    one = paired_difference([1.0], [3.0])
    assert one.mean == 2.0
    assert math.isnan(one.low)
    assert not one.excludes_zero


def test_no_pair_prints_as_no_pair() -> None:
    assert str(paired_difference([], [])) == "no pair"
    assert str(paired_proportions([], [])) == "no pair"


def test_pairs_with_a_missing_value_are_left_out() -> None:
    assert paired_difference([1.0, math.nan, 2.0], [2.0, 5.0, 3.0]).of == 2


def test_bootstrap_agrees_with_scipy() -> None:
    values = luck(1).gamma(2.0, size=(60, 1))
    _, low, high = bootstrap_means(values)
    reference = stats.bootstrap(
        (values[:, 0],), np.mean, method="BCa", n_resamples=20_000, rng=luck(2)
    ).confidence_interval
    width = reference.high - reference.low
    assert low[0] == pytest.approx(reference.low, abs=0.06 * width)
    assert high[0] == pytest.approx(reference.high, abs=0.06 * width)


def test_bootstrap_of_a_column_does_not_depend_on_the_others() -> None:
    values = luck(3).normal(size=(40, 3))
    together, alone = bootstrap_means(values), bootstrap_means(values[:, 1:2])
    assert [part[1] for part in together] == pytest.approx([part[0] for part in alone], rel=1e-12)


@pytest.mark.parametrize("unchanged", [0.0, 0.5, 0.8])
def test_bootstrap_covers_the_mean_difference_also_when_many_pairs_do_not_differ(unchanged: float) -> None:
    # half-normal differences, a share of them exactly zero: what pairing produces
    truth = (1.0 - unchanged) * math.sqrt(2.0 / math.pi)
    generator, trials, pairs = luck(4), 400, 64
    moved = generator.random((pairs, trials)) >= unchanged
    values = np.where(moved, np.abs(generator.normal(size=(pairs, trials))), 0.0)
    _, low, high = bootstrap_means(values, resamples=1000)
    # 0.95 less what a bootstrap loses at 64 pairs less three standard errors of 400 trials
    assert ((low <= truth) & (truth <= high)).mean() >= 0.95 - 0.015 - 3 * math.sqrt(0.95 * 0.05 / trials)


@pytest.mark.parametrize("unchanged", [0.0, 0.5, 0.8])
def test_interval_of_a_ratio_covers_the_true_price(unchanged: float) -> None:
    """Peace differs in some pairs, cost in all and with peace; 3 standard errors of 600 trials allowed below 0.95."""
    covered, trials = [], 600
    for pairs in (32, 64, 256):
        generator = luck(pairs)
        for _ in range(trials // 3):
            peace = np.where(generator.random(pairs) >= unchanged, generator.exponential(1.0, pairs), 0.0)
            cost = 2.0 + 3.0 * peace + generator.normal(size=pairs)
            price = paired_ratio(cost, peace)
            covered.append(price.low <= 2.0 / (1.0 - unchanged) + 3.0 <= price.high)
    assert np.mean(covered) >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / trials)


def test_interval_of_a_ratio_solves_fiellers_equation() -> None:
    """At each end the t statistic of `top - ratio * bottom` is just significant."""
    top, bottom = luck(7).normal(5.0, 1.0, 40), luck(8).normal(2.0, 1.0, 40)
    price = paired_ratio(top, bottom)
    for end in (price.low, price.high):
        assert stats.ttest_1samp(top - end * bottom, 0.0).pvalue == pytest.approx(0.05, rel=1e-9)
    assert price.low < price.value < price.high


def test_a_ratio_to_a_difference_that_may_be_zero_has_no_bound() -> None:
    price = paired_ratio([1.0, 2.0, 3.0, 2.0], [1.0, -1.0, 0.5, -0.4])
    assert (price.low, price.high) == (-math.inf, math.inf)
    assert math.isnan(paired_ratio([1.0, 2.0], [0.0, 0.0]).value)


@pytest.mark.parametrize(("gain", "loss"), [(0.0, 0.0), (0.02, 0.0), (0.05, 0.01), (0.15, 0.1), (0.3, 0.05)])
def test_score_interval_covers_the_difference_of_paired_shares(gain: float, loss: float) -> None:
    coverage = []
    for pairs in (32, 64, 256):
        draws = luck(pairs).multinomial(pairs, [gain, loss, 1.0 - gain - loss], size=500)
        kinds, times = np.unique(draws[:, :2], axis=0, return_counts=True)
        covers = [
            low <= gain - loss <= high for low, high in (tango(int(g), int(k), pairs) for g, k in kinds)
        ]
        coverage.append(float(times @ np.array(covers)) / len(draws))
    assert np.mean(coverage) >= 0.93


def test_score_interval_of_pairs_that_all_agree_still_has_a_width() -> None:
    gap = paired_proportions([True] * 50, [True] * 50)
    assert gap.mean == 0.0
    assert gap.low == pytest.approx(-gap.high)
    assert 0.05 < gap.high < 0.1  # z^2 / (n + z^2)
    assert gap.high == pytest.approx(1.96**2 / (50 + 1.96**2), rel=1e-3)


@pytest.mark.parametrize(
    ("gained", "lost", "of", "published"),
    [
        (1, 7, 21, (-0.517, -0.026)),  # Fagerland, Lydersen and Laake 2014, table V
        (16, 8, 86, (-0.020, 0.207)),  # data of Agresti and Min 2005
    ],
)
def test_score_interval_reproduces_published_examples(
    gained: int, lost: int, of: int, published: tuple[float, float]
) -> None:
    assert tango(gained, lost, of) == pytest.approx(published, abs=5e-4)


def test_score_interval_changes_sign_when_the_arms_are_exchanged() -> None:
    low, high = tango(12, 3, 50)
    assert tango(3, 12, 50) == pytest.approx((-high, -low), abs=1e-9)


def test_survival_of_peace_matches_a_worked_example() -> None:
    curve = kaplan_meier([5, 6, 6, 2, 9, 9, 9, 9], [1, 1, 0, 1, 0, 0, 0, 0])
    assert curve.at(1) == 1.0
    assert [curve.at(t) for t in (2, 5, 6, 9)] == pytest.approx([7 / 8, 6 / 8, 6 / 8 * 5 / 6, 0.625])
    assert [curve.number_at_risk(t) for t in (0, 2, 5, 6, 9, 10)] == [8, 8, 7, 6, 4, 0]
    assert (curve.low <= curve.survival).all()
    assert (curve.survival <= curve.high).all()


def test_survival_of_peace_is_what_scipy_finds() -> None:
    time, ended = luck(12).integers(1, 40, size=200).astype(float), luck(13).random(200) < 0.6
    curve = kaplan_meier(time, ended)
    scipys = stats.ecdf(stats.CensoredData(uncensored=time[ended], right=time[~ended])).sf
    np.testing.assert_array_equal(curve.time, scipys.quantiles)
    np.testing.assert_array_equal(curve.survival, scipys.probabilities)
    assert curve.at_risk[0] == 200
    assert curve.events.sum() == ended.sum()


def test_survival_without_a_relapse_keeps_an_honest_lower_end() -> None:
    curve = kaplan_meier([5.0, 6.0, 6.0], [False, False, False])
    assert (curve.survival == 1.0).all()
    assert (curve.low < 0.6).all()
    assert (curve.high == 1.0).all()


def test_survival_of_no_run_is_empty() -> None:
    curve = kaplan_meier([], [])
    assert curve.of == 0
    assert math.isnan(curve.at(1.0))


def test_survival_interval_covers_under_censoring() -> None:
    generator, hits, trials = luck(6), 0, 300
    for _ in range(trials):
        time = generator.exponential(8.0, size=64)
        horizon = generator.uniform(4.0, 10.0, size=64)
        curve = kaplan_meier(np.minimum(time, horizon), time <= horizon)
        place = int(np.searchsorted(curve.time, 4.0, side="right")) - 1
        hits += curve.low[place] <= math.exp(-4.0 / 8.0) <= curve.high[place]
    assert hits / trials >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / trials)


def test_restricted_mean_under_equal_weights_is_the_area_under_the_curve() -> None:
    time, ended = [5, 6, 6, 2, 9, 9, 9, 9], [1, 1, 0, 1, 0, 0, 0, 0]
    by_hand = 2 + 3 * 7 / 8 + 6 / 8 + 3 * 0.625
    assert restricted_means(time, ended, np.ones((1, 8)), 9.0)[0] == pytest.approx(by_hand, rel=1e-12)

    time, ended = luck(7).exponential(5.0, size=40), luck(8).random(40) < 0.6
    curve, grid = kaplan_meier(time, ended), np.linspace(0.0, 6.0, 100_001)
    area = np.mean([curve.at(point) for point in grid]) * 6.0
    assert restricted_means(time, ended, np.ones((1, 40)), 6.0)[0] == pytest.approx(area, rel=1e-4)


def test_restricted_means_of_identical_arms_differ_by_exactly_zero() -> None:
    arm = luck(9).exponential(5.0, size=30), luck(10).random(30) < 0.5
    gap = difference_of_restricted_means(arm, arm, 5.0)
    assert (gap.mean, gap.low, gap.high) == (0.0, 0.0, 0.0)


def test_restricted_mean_sees_a_longer_peace() -> None:
    time = luck(11).exponential(4.0, size=80)
    longer = np.minimum(1.3 * time, 10.0)
    gap = difference_of_restricted_means((np.minimum(time, 10.0), time < 10), (longer, longer < 10), 10.0)
    assert gap.excludes_zero
    assert gap.mean > 0


def test_an_end_that_is_nought_but_for_rounding_settles_nothing() -> None:
    years = np.array([-4.331279945242984, -1.9164955509924706, *[0.0] * 14])
    gap = paired_difference(np.zeros(16), years)
    assert gap.high == 0.0
    assert not gap.excludes_zero
    assert gap.low < gap.mean < 0.0
