"""The planner in a browser: it answers a lever with the numbers of the library, and the address is the plan."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from ssr_sim import Scenario, compare

pytestmark = pytest.mark.browser
SMALL = "/plan?country=baseline&years=2&replicates=8&seed=3"


def settled(page: Any, pairs: int = 8) -> Any:
    """The page once its tiles show all runs."""
    page.wait_for_selector(f'.ssr-tiles[data-pairs="{pairs}"]')
    return page


def test_a_lever_is_answered_with_the_numbers_of_the_library(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&goal=cost"))
    slider = page.get_by_label("Oversight: coverage", exact=True)
    slider.focus()
    slider.press("End")
    page.wait_for_url(re.compile(r"oversight\.coverage=1\b"))
    page.wait_for_selector(".ssr-tile.worse[data-goal=cost]")
    scenario = Scenario.load("baseline")
    known = compare(scenario, scenario.with_levers({"oversight.coverage": 1.0}), 2, 8, 3)
    billions = known.b.outcome("cost_usd").mean() / 1e9
    assert f"USD {billions:.3g} billion" in page.locator("[data-goal=cost] .after").inner_text()


def test_back_and_forward_are_undo_and_redo(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    slider = page.get_by_label("Vetting: coverage", exact=True)
    slider.focus()
    slider.press("End")
    page.wait_for_url(re.compile("vetting"))
    page.go_back()
    page.wait_for_function("document.querySelector('#lever-vetting-coverage').value === '0.1'")
    page.go_forward()
    page.wait_for_function("document.querySelector('#lever-vetting-coverage').value === '2'")
