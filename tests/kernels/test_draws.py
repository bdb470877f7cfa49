"""Random draws: the published generator, the right distributions, monotone, and independent between keys.

Every statistical test here compares a p-value with 1e-4. The draws are fixed by their seeds, so a test
passes always or never: the false-alarm rate, 1e-4 a test and 0.5 % for the 50 or so of this file, counts
only when a seed or an algorithm changes.
"""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from ssr_sim import draws
from ssr_sim.jit import njit

ALARM = 1e-4
SIZE = 200_000

uniform = st.floats(2.0**-53, 1.0 - 2.0**-53)
edge_uniform = uniform | st.sampled_from([2.0**-53, 1.0 - 2.0**-53, 0.5, 2.0**-40, 1.0 - 2.0**-40])


@njit
def uniforms(seed, stream, size):
    out = np.empty(size)
    for uid in range(size):
        out[uid] = draws.u01(seed, stream, 3, uid, 0)
    return out


@njit
def poissons(mean, us):
    out = np.empty(us.size, np.int64)
    for i in range(us.size):
        out[i] = draws.poisson(mean, us[i])
    return out


@njit
def binomials(n, p, us):
    out = np.empty(us.size, np.int64)
    for i in range(us.size):
        out[i] = draws.binomial(n, p, us[i])
    return out


def count_test(counts, distribution):
    """Chi-square p-value of whole numbers against a distribution, in at most 40 like cells."""
    edges = np.unique(distribution.ppf(np.linspace(0.0, 1.0, 41)[1:-1]))
    chances = np.diff(np.concatenate([[0.0], distribution.cdf(edges), [1.0]]))
    observed = np.bincount(np.searchsorted(edges, counts, side="left"), minlength=chances.size)
    while chances.size > 1 and chances[-1] * counts.size < 5.0:  # too rare for the chi-square approximation
        chances = np.append(chances[:-2], chances[-2:].sum())
        observed = np.append(observed[:-2], observed[-2:].sum())
    if chances.size == 1:
        return 1.0
    return stats.chisquare(observed, chances / chances.sum() * counts.size).pvalue


# The generator


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_philox_gives_the_known_answers_published_with_random123(counter, key, expected):
    arguments = [np.uint64(word) for word in (*counter, *key)]
    assert draws.philox(*arguments) == expected
    assert draws.philox.py_func(*arguments) == expected


def test_counter_is_k_uid_week_stream_and_key_is_the_seed():
    seed, stream, week, uid, k = 0x1234567890ABCDEF, 11, 52, 70_000, 2
    expected = draws.philox(*(np.uint64(word) for word in (k, uid, week, stream, 0x90ABCDEF, 0x12345678)))
    assert draws.words(seed, stream, week, uid, k) == expected


def test_uniform_takes_the_same_value_compiled_and_interpreted():
    places = itertools.product((1, 2**62 + 7), (0, 5), (0, 519), (0, 10**6), (0, 3))
    assert all(draws.u01(*place) == draws.u01.py_func(*place) for place in places)


@pytest.mark.parametrize(("high", "low"), [(0, 0), (2**32 - 1, 2**32 - 1), (2**31, 0)])
def test_uniform_lies_strictly_inside_its_interval_and_has_an_exact_complement(high, low):
    u = draws.unit_interval(np.uint64(high), np.uint64(low))
    assert 0.0 < u < 1.0
    assert 1.0 - (1.0 - u) == u


# Independence


def test_uniform_is_uniform():
    assert stats.kstest(uniforms(1, 1, SIZE), "uniform").pvalue > ALARM


NEIGHBOURS = {
    "seed": (1, 0, 0, 0, 0),
    "seed, high word": (2**32, 0, 0, 0, 0),
    "stream": (0, 1, 0, 0, 0),
    "week": (0, 0, 1, 0, 0),
    "uid": (0, 0, 0, 1, 0),
    "k": (0, 0, 0, 0, 1),
}


@njit
def place_and_neighbour(step, size):
    out = np.empty((2, size))
    for i in range(size):
        seed, stream, week, uid, k = 1000, 2, i // 500, i % 500, 0
        out[0, i] = draws.u01(seed, stream, week, uid, k)
        out[1, i] = draws.u01(seed + step[0], stream + step[1], week + step[2], uid + step[3], k + step[4])
    return out


@pytest.mark.parametrize("step", NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
def test_neighbouring_keys_are_independent(step):
    here, there = place_and_neighbour(step, SIZE)
    cells = np.histogram2d(here, there, bins=8, range=[[0, 1], [0, 1]])[0].ravel()
    assert stats.chisquare(cells).pvalue > ALARM
    assert abs(np.corrcoef(here, there)[0, 1]) * math.sqrt(SIZE) < stats.norm.isf(ALARM / 2)


def test_adding_an_agent_changes_nobody_elses_draw():
    np.testing.assert_array_equal(uniforms(5, 4, 1001)[:1000], uniforms(5, 4, 1000))


def test_seeds_of_replicates_are_distinct_63_bit_and_unrelated():
    seeds = np.array(
        [draws.mix_seed(seed, replicate) for seed in range(20) for replicate in range(1000)], dtype=np.uint64
    )
    assert np.unique(seeds).size == seeds.size
    assert seeds.max() < 2**63
    assert stats.kstest(seeds / 2.0**63, "uniform").pvalue > ALARM


@pytest.mark.parametrize(("seed", "replicate"), [(-1, 0), (2**63, 0), (0, -1), (0, 2**32)])
def test_seed_out_of_range_is_refused(seed, replicate):
    with pytest.raises(ValueError, match="must lie in"):
        draws.mix_seed(seed, replicate)


def test_stream_numbers_and_names_are_used_once(monkeypatch):
    monkeypatch.setattr(draws, "STREAMS", {})
    assert draws.stream(7, "promotion") == 7
    with pytest.raises(ValueError, match="stream 7 is taken by 'promotion'"):
        draws.stream(7, "desertion")
    with pytest.raises(ValueError, match="called 'promotion' exists"):
        draws.stream(8, "promotion")
    with pytest.raises(ValueError, match="out of range"):
        draws.stream(draws.SEED_STREAM, "reserved")


# Distributions


@given(u=edge_uniform)
@settings(deadline=None)
def test_normal_quantile_agrees_with_scipy_and_is_antisymmetric(u):
    assert draws.normal(u) == pytest.approx(stats.norm.ppf(u), rel=1e-14, abs=1e-15)
    assume(1.0 - (1.0 - u) == u)
    assert draws.normal(1.0 - u) == -draws.normal(u)


@pytest.mark.parametrize("mean", [1e-3, 0.1, 1.0, 7.5, 29.9, 30.0, 33.0, 36.0, 100.0, 1e4, 1e7])
def test_poisson_has_the_right_distribution(mean):
    assert count_test(poissons(mean, uniforms(11, 5, SIZE)), stats.poisson(mean)) > ALARM


@pytest.mark.parametrize("mean", [1e-3, 0.3, 3.0, 29.0])
def test_poisson_below_thirty_is_the_exact_quantile(mean):
    us = uniforms(12, 5, 20_000)
    np.testing.assert_array_equal(poissons(mean, us), stats.poisson.ppf(us, mean))


BINOMIALS = [
    (1, 0.3),
    (10, 0.5),
    (40, 0.99),
    (71, 0.5),
    (72, 0.5),
    (100, 0.31),
    (1000, 0.001),
    (1000, 0.2),
    (1000, 0.97),
    (12_345, 0.6),
    (10**6, 0.5),
    (10**9, 1e-10),
    (10**9, 2e-9),
    (10**9, 0.25),
]


@pytest.mark.parametrize(("n", "p"), BINOMIALS)
def test_binomial_has_the_right_distribution(n, p):
    assert count_test(binomials(n, p, uniforms(13, 6, SIZE)), stats.binom(n, p)) > ALARM


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.3), (10, 0.5), (40, 0.99), (71, 0.5), (1000, 0.02), (1000, 0.98), (10**6, 1e-5)]
)
def test_binomial_of_few_is_the_exact_quantile(n, p):
    us = uniforms(14, 6, 20_000)
    np.testing.assert_array_equal(binomials(n, p, us), stats.binom.ppf(us, n, p))


@settings(deadline=None, max_examples=300)
@given(st.floats(1e-15, 1.0), st.integers(2, 10**9), st.floats(-1e-11, 1e-11))
def test_count_is_none_exactly_up_to_the_chance_of_none(mean, n, aside):
    chances = {"poisson": math.exp(-mean), "binomial": math.exp(n * math.log1p(-mean / n))}
    for law, chance in chances.items():
        for u in (chance, np.nextafter(chance, 1.0), chance + aside, 1.0 - mean + aside):
            if 0.0 < u <= draws.LARGEST_U:
                count = draws.poisson(mean, u) if law == "poisson" else draws.binomial(n, mean / n, u)
                assert (count == 0) == (u <= chance)


@pytest.mark.parametrize(
    ("n", "p", "expected"), [(0, 0.5, 0), (10, 0.0, 0), (10, 1.0, 10), (10, -0.1, 0), (10, 1.1, 10)]
)
def test_binomial_at_the_ends_is_certain(n, p, expected):
    assert draws.binomial(n, p, 0.5) == expected


@pytest.mark.parametrize("mean", [30.0, 40.0, 1e3, 1e6])
def test_poisson_from_thirty_on_differs_from_the_exact_quantile_less_than_once_in_a_thousand_draws(mean):
    us = uniforms(15, 5, 50_000)
    assert np.mean(poissons(mean, us) != stats.poisson.ppf(us, mean)) < 1e-3


def test_bernoulli_happens_with_its_probability():
    happened = sum(draws.bernoulli(0.3, u) for u in uniforms(16, 7, 20_000))
    assert stats.binomtest(int(happened), 20_000, 0.3).pvalue > ALARM


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.5])
def test_power_law_has_the_right_distribution(alpha):
    xmin, xmax = 2.0, 500.0

    def distribution(x):
        if alpha == 1.0:
            return np.log(x / xmin) / math.log(xmax / xmin)
        return (x ** (1 - alpha) - xmin ** (1 - alpha)) / (xmax ** (1 - alpha) - xmin ** (1 - alpha))

    sizes = [draws.power_law(u, alpha, xmin, xmax) for u in uniforms(17, 8, 20_000)]
    assert stats.kstest(sizes, distribution).pvalue > ALARM


@pytest.mark.parametrize(("alpha", "scale", "xmax"), [(2.5, 1.0, 1e9), (2.5, 4.0, 200.0), (1.8, 0.5, 30.0)])
def test_severity_has_the_right_distribution(alpha, scale, xmax):
    def at_least(x):
        return (1.0 + (x - 1.0) / scale) ** (1.0 - alpha)

    deaths = np.array([draws.severity(u, alpha, scale, xmax) for u in uniforms(18, 8, 50_000)])
    values = np.arange(1.0, 21.0)
    chances = -np.diff(np.append(at_least(values), at_least(xmax + 1.0))) / (1.0 - at_least(xmax + 1.0))
    observed = np.bincount(np.minimum(deaths, 20), minlength=21)[1:]
    assert deaths.min() == 1
    assert deaths.max() <= xmax
    assert stats.chisquare(observed, chances / chances.sum() * deaths.size).pvalue > ALARM


# Monotone: for the same luck a larger parameter never gives less


@given(mean=st.floats(1e-3, 1e7) | st.floats(25.0, 40.0), u=edge_uniform, v=edge_uniform)
@settings(deadline=None, max_examples=300)
def test_poisson_is_monotone_in_luck(mean, u, v):
    u, v = sorted((u, v))
    assert draws.poisson(mean, u) <= draws.poisson(mean, v)


@given(mean=st.floats(1e-3, 1e7) | st.floats(25.0, 40.0), growth=st.floats(1e-9, 1.0), u=edge_uniform)
@settings(deadline=None, max_examples=300)
def test_poisson_is_monotone_in_its_mean(mean, growth, u):
    assert draws.poisson(mean, u) <= draws.poisson(mean * (1.0 + growth), u)


whole = st.integers(1, 120) | st.integers(1, 10**9)
probability = st.floats(1e-12, 1.0 - 1e-12) | st.floats(0.45, 0.55)


@given(n=whole, p=probability, u=edge_uniform, v=edge_uniform)
@settings(deadline=None, max_examples=300)
def test_binomial_is_monotone_in_luck_and_within_its_range(n, p, u, v):
    u, v = sorted((u, v))
    assert 0 <= draws.binomial(n, p, u) <= draws.binomial(n, p, v) <= n


@given(n=whole, p=probability, q=probability, u=edge_uniform)
@settings(deadline=None, max_examples=300)
def test_binomial_is_monotone_in_its_probability(n, p, q, u):
    p, q = sorted((p, q))
    assume(q - p > 1e-9 * p)
    assert draws.binomial(n, p, u) <= draws.binomial(n, q, u)


def test_binomial_stays_monotone_where_the_method_changes():
    for n, u in itertools.product(
        (60, 71, 72, 80, 500), (2.0**-53, 1e-9, 0.1, 0.5, 0.9, 1.0 - 1e-9, 1.0 - 2.0**-53)
    ):
        counts = [draws.binomial(n, p, u) for p in np.linspace(25.0 / n, min(45.0 / n, 1.0), 1001)]
        assert np.all(np.diff(counts) >= 0), (n, u)


@given(
    u=edge_uniform,
    v=edge_uniform,
    alpha=st.floats(1.1, 4.0),
    beta=st.floats(1.1, 4.0),
    scale=st.floats(0.1, 50.0),
)
@settings(deadline=None)
def test_severity_is_monotone_in_luck_and_in_the_weight_of_its_tail(u, v, alpha, beta, scale):
    u, v = sorted((u, v))
    beta, alpha = sorted((alpha, beta))
    assume(alpha - beta > 1e-9)
    assert draws.severity(u, alpha, scale, 1e4) <= draws.severity(v, alpha, scale, 1e4)
    assert draws.severity(u, alpha, scale, 1e4) <= draws.severity(u, beta, scale, 1e4)
