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
