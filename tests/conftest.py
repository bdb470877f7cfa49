"""What every test may use: `require(condition, reason)` for tools and data that a machine may lack, `baseline`."""

import os
from collections.abc import Callable

import pytest

from ssr_sim.scenario import Scenario


def _require(condition: object, reason: str) -> None:
    if condition:
        return
    if os.environ.get("SSR_SIM_REQUIRE_ALL") == "1":
        pytest.fail(f"SSR_SIM_REQUIRE_ALL=1 forbids skipping: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def require() -> Callable[[object, str], None]:
    """Skip the test unless the condition holds; with SSR_SIM_REQUIRE_ALL=1 fail it instead."""
    return _require


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    """The fictional country. Scenarios are never changed, so all tests share one."""
    return Scenario.load("baseline")
