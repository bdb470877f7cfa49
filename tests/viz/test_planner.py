"""The planner in a browser: it answers a lever with the numbers of the library, and the address is the plan."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssr_sim import Scenario, compare, run_ensemble
from ssr_sim.formats import usd

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
    page.wait_for_selector('.ssr-levers[data-rev="1"]')  # the server knows of the change
    page.wait_for_url(re.compile("vetting"))
    page.go_back()
    page.wait_for_selector('.ssr-levers[data-rev="0"]')
    page.wait_for_function("document.querySelector('#lever-vetting-coverage').value === '0.1'")
    page.go_forward()
    page.wait_for_selector('.ssr-levers[data-rev="1"]')
    page.wait_for_function("document.querySelector('#lever-vetting-coverage').value === '2'")


def test_a_saved_plan_gives_the_same_numbers(open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = settled(open_page(SMALL + "&goal=cost&oversight.coverage=0.9&@52:pay.level=1.5"))
    with page.expect_download() as got:
        page.get_by_role("button", name="Save", exact=True).click()
    got.value.save_as(tmp_path / "plan.toml")
    saved = run_ensemble(Scenario.load(tmp_path / "plan.toml"), 2, 8, 3)
    shown = page.locator("[data-goal=cost] .after").inner_text()
    assert shown == usd(saved.outcome("cost_usd").mean())


def test_tabs_show_what_they_promise(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=0.9"))
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("tab", name="Compare").click()
    page.wait_for_selector("th.pin1")
    page.get_by_role("tab", name="Timeline").click()
    assert "Vetting: coverage 0.9" in page.locator(".ssr-timeline li").first.inner_text()
    page.get_by_role("tab", name="Network").click()
    page.wait_for_selector(".ssr-network[data-rev]")
    page.get_by_role("tab", name="Table").click()
    page.wait_for_selector(".ssr-tables table")
    page.reload()  # pins are kept by the browser, the rest by the address
    settled(page)
    page.get_by_role("tab", name="Compare").click()
    page.wait_for_selector("th.pin1")


def test_why_answers_with_the_chain_or_says_that_there_is_none(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&tab=why"))
    page.locator("[data-id=continuations] select").select_option("20")
    page.get_by_role("button", name=re.compile("Ask why")).click()
    page.wait_for_selector(".ssr-why[data-kind]")


@pytest.mark.parametrize("path", ["/", "/assumptions", "/help", "/plan?country=nowhere&vetting.coverage=99"])
def test_pages_open_without_trouble(open_page: Callable[..., Any], path: str) -> None:
    page = open_page(path)
    page.wait_for_selector("h1, .ssr-tiles")


def test_an_assumption_that_is_changed_goes_along_with_the_plan(open_page: Callable[..., Any]) -> None:
    page = open_page("/assumptions?country=baseline")
    page.get_by_label("Search").fill("vetting.evidence")
    field = page.get_by_label("vetting.evidence", exact=False).first
    field.fill("0.9")
    field.press("Enter")
    page.wait_for_url(re.compile(r"vetting\.evidence=0\.9"))
    page.wait_for_selector(".ssr-grid tr.changed")
