"""What the tests of rules share."""

from hypothesis import settings
from numba.core.dispatcher import Dispatcher

ROUNDING = 1e-12

quick = settings(deadline=None, max_examples=60)


def title(rule: Dispatcher) -> str:
    """A rule as "topic.name"."""
    return f"{rule.py_func.__module__.rpartition('.')[2]}.{rule.py_func.__name__}"
