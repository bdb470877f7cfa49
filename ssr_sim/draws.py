"""Random draws that depend only on what they decide, never on what was drawn before.

A draw is Philox 4x32-10 (Salmon et al. 2011) at the counter (k, uid, week, stream) under the run's seed as
key. One agent more, one phase more or another order leaves every other draw as it was: two policies run on
the same luck.

Every distribution is an inverse distribution function of one uniform `u`: the outcome is monotone in `u`
and, for a given `u`, in its parameters, so a slightly better policy gives a slightly better, not a
reshuffled, outcome.
Why this generator: docs/decisions/0002-philox-counter-draws.md.
"""

import math

import numpy as np

from ssr_sim.jit import inlined, njit

Word = np.uint64
# Words are 32-bit values in uint64: one signed integer in an expression would turn Numba to float64.
LOW_WORD = np.uint64(0xFFFFFFFF)
WORD_BITS = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
UNUSED_BITS = np.uint64(12)

SEARCH_BELOW = 30.0  # mean up to which counts are found by searching their exact distribution
BLEND_BELOW = 36.0  # from here on the asymptotic quantile cannot fall below the exact one at SEARCH_BELOW
LARGEST_U = 1.0 - 2.0**-40  # searches stop here: rounding makes a sum of probabilities worthless nearer to 1
ROUNDING = 1e-12  # far above the rounding error of a chance
SEED_STREAM = 0xFFFFFFFF  # reserved: turns (seed, replicate) into the seed of a replicate

STREAMS: dict[int, str] = {}


def stream(number: int, name: str) -> int:
    """Register a kind of decision and return its stream number, a constant for compiled code.

    `number` is 0 to 2**32 - 2 and must never change: every result depends on it. Raises ValueError when the
    number or the name is taken.
    """
    if not 0 <= number < SEED_STREAM:
        raise ValueError(f"stream {number} ({name!r}) is out of range: use 0 to {SEED_STREAM - 1}")
    if number in STREAMS:
        raise ValueError(f"stream {number} is taken by {STREAMS[number]!r}: number {name!r} differently")
    if name in STREAMS.values():
        raise ValueError(f"a stream called {name!r} exists already: choose another name for stream {number}")
    STREAMS[number] = name
    return number


@inlined
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Return the four words of Philox 4x32-10 at a counter under a key; all of them uint64 below 2**32."""
    for _ in range(10):
        a = MULTIPLIER_0 * c0
        b = MULTIPLIER_1 * c2
        c0 = (b >> WORD_BITS) ^ c1 ^ k0
        c1 = b & LOW_WORD
        c2 = (a >> WORD_BITS) ^ c3 ^ k1
        c3 = a & LOW_WORD
        k0 = (k0 + WEYL_0) & LOW_WORD
        k1 = (k1 + WEYL_1) & LOW_WORD
    return c0, c1, c2, c3


@inlined
def words(seed: int, stream: int, week: int, uid: int, k: int) -> tuple[Word, Word, Word, Word]:
    """Return the four 32-bit words of one decision: `seed` is below 2**63, the others 32 bits each."""
    key = np.uint64(seed)
    return philox(
        np.uint64(k) & LOW_WORD,
        np.uint64(uid) & LOW_WORD,
        np.uint64(week) & LOW_WORD,
        np.uint64(stream) & LOW_WORD,
        key & LOW_WORD,
        key >> WORD_BITS,
    )


@inlined
def unit_interval(high: Word, low: Word) -> float:
    """Return two 32-bit words as an odd multiple of 2**-53: strictly between 0 and 1, and 1 - u is exact."""
    bits = ((np.uint64(high) << WORD_BITS) | np.uint64(low)) >> UNUSED_BITS
    return (np.float64(np.int64(bits)) + 0.5) * 2.0**-52


@njit
def u01(seed: int, stream: int, week: int, uid: int, k: int) -> float:
    """Return the uniform number in (0, 1) of draw `k` for agent `uid` in `week` on `stream`."""
    w0, w1, _, _ = words(seed, stream, week, uid, k)
    return unit_interval(w0, w1)


def mix_seed(seed: int, replicate: int) -> int:
    """Return the 63-bit seed of a replicate (0 to 2**32 - 1) of a study with `seed` (0 to 2**63 - 1).

    Neighbouring seeds and replicates give unrelated results. Raises ValueError for numbers out of range.
    """
    if not (0 <= seed < 2**63 and 0 <= replicate < 2**32):
        raise ValueError(f"seed {seed} must lie in 0 to 2**63 - 1, replicate {replicate} in 0 to 2**32 - 1")
    w0, w1, _, _ = words(seed, SEED_STREAM, 0, replicate, 0)
    return (int(w0) << 32 | int(w1)) >> 1


@njit
def bernoulli(p: float, u: float) -> bool:
    """Return whether an event of probability `p` happens; if so, for the same `u` also with a larger `p`."""
    return u < p


@njit
def normal(u: float) -> float:
    """Return the standard normal quantile of `u` in (0, 1), to 1e-15 (Wichura 1988, algorithm AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * (
            (((((((2509.0809287301226727 * r + 33430.575583588128105) * r
                + 67265.770927008700853) * r + 45921.953931549871457) * r
                + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
            / (((((((5226.495278852545925 * r + 28729.085735721942674) * r
                + 39307.89580009271061) * r + 21213.794301586595867) * r
                + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0)
        )  # fmt: skip
    r = math.sqrt(-math.log(min(u, 1.0 - u)))
    if r <= 5.0:
        r -= 1.6
        size = (
            (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                + 0.24178072517745061177) * r + 1.27045825245236838258) * r
                + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
            / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
                + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0)
        )  # fmt: skip
    else:
        r -= 5.0
        size = (
            (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
                + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
                + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                + 0.59983220655588793769) * r + 1.0)
        )  # fmt: skip
    return -size if q < 0.0 else size


@njit
def poisson(mean: float, u: float) -> int:
    """Return the number of events when `mean` (up to 1e15) are expected.

    Exact below 30; above, one off in fewer than one draw in a thousand.
    """
    if mean <= 0.0:
        return 0
    if mean < SEARCH_BELOW:
        return _poisson_search(mean, u)
    count = _poisson_asymptotic(mean, u)
    if mean < BLEND_BELOW:  # keeps the count monotone in the mean where the method changes
        count = max(count, _poisson_search(SEARCH_BELOW, u))
    return count


@njit
def _poisson_search(mean: float, u: float) -> int:
    if u < 1.0 - mean - ROUNDING:  # below the chance of none, exp(-mean), without taking it
        return 0
    u = min(u, LARGEST_U)
    count = 0
    probability = math.exp(-mean)
    total = probability
    while total < u:
        count += 1
        probability *= mean / count
        total += probability
    return count


@njit
def _poisson_asymptotic(mean: float, u: float) -> int:
    """Approximate the quantile by a normal expansion (Giles 2016, ACM Trans. Math. Softw. 42(1), 7)."""
    w = normal(u)
    root = math.sqrt(mean)
    quantile = (
        mean
        + root * w
        + (1.0 / 3.0 + w * w / 6.0)
        + (-w / 36.0 - w**3 / 72.0) / root
        + (-8.0 / 405.0 + 7.0 * w * w / 810.0 + w**4 / 270.0) / mean
    )
    return int(max(math.floor(quantile), 0.0))


@njit
def binomial(n: int, p: float, u: float) -> int:
    """Return how many of `n` (whole, up to 1e15) succeed, each with probability `p`.

    Exact while n * min(p, 1 - p) is below 30 or n below 72, by Cornish-Fisher expansion above.
    """
    trials = int(n)
    if trials <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return trials
    if p > 0.5:
        return trials - _binomial_lower(trials, 1.0 - p, 1.0 - u)
    return _binomial_lower(trials, p, u)


@njit
def _binomial_lower(n: int, p: float, u: float) -> int:
    """Return the binomial quantile for 0 < p <= 1/2."""
    mean = n * p
    if mean < SEARCH_BELOW or n < 2.0 * BLEND_BELOW:
        return _binomial_search(n, p, u)
    count = _binomial_expansion(n, p, u)
    if mean < BLEND_BELOW:
        count = max(count, _binomial_search(n, SEARCH_BELOW / n, u))
    return count


@njit
def _binomial_search(n: int, p: float, u: float) -> int:
    if u < 1.0 - n * p - ROUNDING:  # below the chance of none, (1 - p)**n, without taking it
        return 0
    u = min(u, LARGEST_U)
    odds = p / (1.0 - p)
    count = 0
    probability = math.exp(n * math.log1p(-p))  # at least 2**-72 here: no underflow
    total = probability
    while total < u and count < n:
        count += 1
        probability *= odds * (n - count + 1) / count
        total += probability
    return count


@njit
def _binomial_expansion(n: int, p: float, u: float) -> int:
    """Approximate the quantile with Cornish-Fisher terms to third order, corrected for whole numbers."""
    w = normal(u)
    variance = n * p * (1.0 - p)
    sd = math.sqrt(variance)
    skewness = (1.0 - 2.0 * p) / sd
    kurtosis = (1.0 - 6.0 * p * (1.0 - p)) / variance
    standard = (
        w
        + skewness * (w * w - 1.0) / 6.0
        + kurtosis * (w**3 - 3.0 * w) / 24.0
        - skewness * skewness * (2.0 * w**3 - 5.0 * w) / 36.0
        - w / (24.0 * variance)
    )
    return min(int(max(math.floor(n * p + sd * standard + 0.5), 0.0)), n)


@njit
def power_law(u: float, alpha: float, xmin: float, xmax: float) -> float:
    """Return a size in [xmin, xmax] with density proportional to x**-alpha; 0 < xmin <= xmax, any `alpha`."""
    exponent = 1.0 - alpha
    span = math.log(xmax / xmin)
    if abs(exponent * span) < 1e-12:
        return xmin * math.exp(u * span)
    x = xmin * math.exp(math.log1p(u * math.expm1(exponent * span)) / exponent)
    return min(max(x, xmin), xmax)


@njit
def severity(u: float, alpha: float, scale: float, xmax: float) -> int:
    """Return a whole number of victims, 1 to `xmax`, given that there are any.

    Heavy-tailed: without the limit, P(X >= x) = (1 + (x - 1) / scale) ** -(alpha - 1), with `alpha` above 1
    the exponent of the density and `scale` above 0. The tail beyond `xmax` is cut off, not piled up there.
    """
    shape = alpha - 1.0
    within = -math.expm1(-shape * math.log1p(xmax / scale))
    excess = scale * math.expm1(-math.log1p(-u * within) / shape)
    return int(min(1.0 + math.floor(excess), max(xmax, 1.0)))
