"""The small functions that rules are written with."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssr_sim import maths

real = st.floats(-1e6, 1e6)
years = st.floats(1e-3, 50.0)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (maths.clamp, (5.0, 0.0, 1.0), 1.0),
        (maths.clamp, (-5.0, 0.0, 1.0), 0.0),
        (maths.clamp, (0.25, 0.0, 1.0), 0.25),
        (maths.logistic, (0.0,), 0.5),
        (maths.logistic, (math.log(3.0),), 0.75),
        (maths.logistic, (-math.log(3.0),), 0.25),
        (maths.rate_to_probability, (math.log(2.0), 1.0), 0.5),
        (maths.rate_to_probability, (1e-15, 1.0), 1e-15),
        (maths.rate_to_probability, (-3.0, 1.0), 0.0),
        (maths.decay, (2.0, 2.0), math.exp(-1.0)),
    ],
)
def test_function_gives_the_value_worked_out_by_hand(function, arguments, expected):
    assert function.py_func(*arguments) == pytest.approx(expected, rel=1e-14, abs=0.0)
    assert function(*arguments) == pytest.approx(expected, rel=1e-14, abs=0.0)


@pytest.mark.parametrize(("x", "expected"), [(1e4, 1.0), (-1e4, 0.0)])
def test_logistic_does_not_overflow(x, expected):
    assert maths.logistic(x) == maths.logistic.py_func(x) == expected


@given(x=real)
@settings(deadline=None)
def test_logistic_is_symmetric(x):
    assert maths.logistic(x) + maths.logistic(-x) == pytest.approx(1.0, abs=1e-15)


@given(x=real, y=real, lo=real, hi=real)
@settings(deadline=None)
def test_clamp_stays_within_its_limits_and_keeps_order(x, y, lo, hi):
    lo, hi = sorted((lo, hi))
    assert lo <= maths.clamp(x, lo, hi) <= hi
    assert (maths.clamp(x, lo, hi) <= maths.clamp(y, lo, hi)) or x > y


@given(rate=st.floats(0.0, 1e3), first=years, second=years)
@settings(deadline=None)
def test_surviving_two_spans_is_surviving_their_sum(rate, first, second):
    apart = (1.0 - maths.rate_to_probability(rate, first)) * (1.0 - maths.rate_to_probability(rate, second))
    assert apart == pytest.approx(1.0 - maths.rate_to_probability(rate, first + second), abs=1e-14)
