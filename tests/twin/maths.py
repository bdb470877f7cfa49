"""The small functions of the description, written again, and the distributions, which both models share."""

import math
from collections.abc import Iterable

from ssr_sim.draws import binomial, normal, poisson, severity

__all__ = ["binomial", "chance", "clamp", "decay", "in_order", "logistic", "normal", "poisson", "ratio",
           "severity"]


def clamp(x: float, lo: float = 0.0, hi: float = 1.0) -> float:
    """`x`, or the end of [lo, hi] that it lies beyond."""
    return lo if x < lo else hi if x > hi else x


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)); below zero by the equal form that cannot overflow."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0.0 else math.exp(x) / (1.0 + math.exp(x))


def chance(rate: float, years: float) -> float:
    """`rate_to_probability`: the chance of at least one event of a Poisson process at `rate` per year."""
    return -math.expm1(-(rate if rate > 0.0 else 0.0) * years)


def decay(time_constant: float, years: float) -> float:
    """What is left after `years` of exponential decay."""
    return math.exp(-years / time_constant)


def ratio(a: float, b: float) -> float:
    """a / b with the rules of floating point for a zero below the line."""
    if b != 0.0:
        return a / b
    return math.nan if a == 0.0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def in_order(numbers: Iterable[float]) -> float:
    """Sum from the first to the last, rounded at each step: `sum` corrects its rounding from Python 3.12 on."""
    total = 0.0
    for number in numbers:
        total += number
    return total
