"""Small scalar functions that rules are written with. All take and return plain numbers."""

import math

from ssr_sim.jit import njit


@njit
def clamp(x: float, lo: float, hi: float) -> float:
    """Return `x` held within [lo, hi]."""
    return min(max(x, lo), hi)


@njit
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)), in [0, 1], without overflow for any `x`."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


@njit
def rate_to_probability(rate: float, dt: float) -> float:
    """Return the chance of an event within `dt` years at a `rate` per year; a rate below 0 counts as 0."""
    return -math.expm1(-max(rate, 0.0) * dt)


@njit
def decay(time_constant: float, dt: float) -> float:
    """Return the share left after `dt` years of exponential decay; `time_constant` in years, above 0."""
    return math.exp(-dt / time_constant)


@njit
def approach(value: float, target: float, time_constant: float, dt: float) -> float:
    """Return `value` after `dt` years: its gap to `target` shrinks by e every `time_constant` years."""
    return target + (value - target) * math.exp(-dt / time_constant)


@njit
def saturate(x: float, half: float) -> float:
    """Return x / (x + half) for x >= 0 and half > 0: 0 at nothing, 1/2 at `half`, towards 1 for plenty."""
    return x / (x + half)


@njit
def mix(a: float, b: float, share: float) -> float:
    """Return the point `share` (0-1) of the way from `a` to `b`."""
    return a + share * (b - a)


@njit
def ratio(part: float, whole: float, otherwise: float) -> float:
    """Return part / whole, or `otherwise` when `whole` is not above 0."""
    return part / whole if whole > 0.0 else otherwise
