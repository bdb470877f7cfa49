"""What every test may use: `require(condition, reason)` for tools and data that a machine may lack, `baseline`.

With SSR_SIM_FORCED="vetting.coverage=0" that parameter has that value in every run, whatever a test asks for:
tests/ablate.py.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from ssr_sim import run
from ssr_sim.parameters import catalogue
from ssr_sim.scenario import BLOCKS, Scenario
from tests.viz import browsing


def pytest_configure() -> None:
    if forced := os.environ.get("SSR_SIM_FORCED"):
        _force(*forced.split("="))


def _force(key: str, value: str) -> None:
    """Put `value` into every vector of settings: as it is packed, and after a prior has drawn."""
    rows = catalogue(BLOCKS)
    place, number = list(rows).index(key), rows[key].number(value)
    pack, views = run.pack, run.views

    def forced_pack(blocks: Any) -> np.ndarray:
        settings = pack(blocks)
        settings[place] = number
        return settings

    def forced_views(settings: np.ndarray, *kinds: Any) -> Any:
        settings[place] = number
        return views(settings, *kinds)

    run.pack, run.views = forced_pack, forced_views


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


@pytest.fixture(scope="session")
def chromium(require: Callable[[object, str], None]) -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    require(importlib.util.find_spec("playwright"), "the browser tests need playwright")
    require(browsing.chromium_path(), "the browser tests need chromium")
    with browsing.chromium() as browser:
        yield browser
