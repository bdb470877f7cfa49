"""The planner in a browser: it answers a lever with the numbers of the library and of the command line."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ssr_sim import Scenario, compare
from ssr_sim.formats import usd
from tests.viz.helpers import SMALL, settled

pytestmark = pytest.mark.browser


def test_a_lever_is_answered_with_the_numbers_of_the_library(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    slider = page.get_by_label("Oversight: coverage", exact=True)
    slider.focus()
    slider.press("End")
    page.wait_for_url(re.compile(r"oversight\.coverage=1\b"))
    page.wait_for_selector(".ssr-tile.worse[data-goal=cost]")
    scenario = Scenario.load("baseline")
    known = compare(scenario, scenario.with_levers({"oversight.coverage": 1.0}), 2, 8, 3)
    assert page.locator("[data-goal=cost] .after").inner_text() == usd(known.b.outcome("cost_usd").mean())


def test_the_tiles_say_what_the_command_line_says(open_page: Callable[..., Any]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ssr_sim", "compare", "baseline", "baseline", "--set-b", "oversight.coverage=1",
         "--years", "2", "--replicates", "8", "--seed", "3", "--json"], capture_output=True, text=True, check=True)
    known = json.loads(done.stdout)
    page = settled(open_page(SMALL + "&oversight.coverage=1&goal=peace_reached&goal=years_of_peace"))
    tiles = {goal: page.locator(f"[data-goal={goal}]").inner_text() for goal in
             ("peace_reached", "years_of_peace", "cost", "price")}
    reached = 100 * known["b"]["peace_reached"]["value"]
    assert any(f"{reached:.{digits}f} %" in tiles["peace_reached"] for digits in (0, 1))
    peace = known["peace"]
    assert f"{peace['longer']} longer · {peace['same']} as long · {peace['shorter']} shorter" in tiles["years_of_peace"]
    assert usd(known["amounts"]["cost_usd"]["b"]) in tiles["cost"]
    assert usd(known["amounts"]["cost_usd"]["difference"], True) in tiles["cost"]
    price = known["price_of_peace_usd_per_year"]
    has_price = price["value"] is not None and isinstance(price["low"], float) and price["low"] * price["high"] > 0
    assert (usd(price["value"]) in tiles["price"]) if has_price and price["value"] > 0 else "no price" in tiles["price"]


def test_a_budget_is_kept_in_the_address_and_compared_with_the_cost(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&oversight.coverage=1"))
    assert page.locator(".ssr-budget").count() == 0
    field = page.get_by_label("Budget, USD million")
    field.fill("1")
    field.press("Enter")
    page.wait_for_url(re.compile(r"budget=1000000\b"))
    assert "over the budget of USD 1 million" in page.locator(".budget.over").inner_text()
    field = page.get_by_label("Budget, USD million")
    field.fill("9000000")
    field.press("Enter")
    page.wait_for_selector(".budget.under")
    before = page.url
    field.fill("99999999")
    field.press("Enter")
    assert field.evaluate("node => node.validity.rangeOverflow")  # the browser says by how much
    assert (field.input_value(), page.url) == ("99999999", before)
    field.fill("8000000")
    field.press("Enter")
    page.wait_for_url(re.compile("budget=8[e0]"))


def test_levers_branch_from_a_later_year_and_say_so(open_page: Callable[..., Any]) -> None:
    page = settled(open_page("/plan?country=baseline&years=3&replicates=8&seed=3"))
    page.locator("[data-id=at] select").select_option(label="year 1")
    page.get_by_text("You are changing what happens from year 1 on").wait_for()
    slider = page.get_by_label("Vetting: coverage", exact=True)
    slider.focus()
    slider.press("End")
    page.wait_for_url(re.compile("@52:vetting.coverage=2"))
    page.get_by_role("button", name="Back to the start").click()
    page.get_by_text("counts from the first day").wait_for()
    page.wait_for_selector('.ssr-levers[data-rev="0"]')


def test_a_lever_that_says_when_ends_with_the_years_of_the_runs(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&mission.drawdown_start=1"))
    slider = page.get_by_label("Mission: drawdown start", exact=True)
    assert slider.get_attribute("max") == "2"
    slider.press("End")
    page.wait_for_url(lambda url: "drawdown_start" not in url)
    assert slider.get_attribute("aria-valuetext") == "never"
    assert page.locator("[data-key='mission.drawdown_start'] output").inner_text() == "never"


def test_a_lever_reset_in_a_branch_has_the_countrys_value_from_there_on(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=2&at=52"))
    page.get_by_role("button", name="as the country has it: Vetting: coverage", exact=True).click()
    page.wait_for_url(re.compile(r"&vetting\.coverage=2&@52:vetting\.coverage=0\.1"))


def test_charts_are_seen_without_scrolling(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=2"))
    page.wait_for_selector(".ssr-two .ssr-chart:last-child svg")
    bottoms = page.locator(".ssr-chart svg").evaluate_all("all => all.map(n => n.getBoundingClientRect().bottom)")
    assert len(bottoms) == 3
    assert max(bottoms) <= 768


def test_tabs_show_what_they_promise(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=0.9"))
    tab = page.get_by_role("tab", name="Compare").element_handle()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("tab", name="Compare (1)").wait_for()
    assert tab.evaluate("node => node.isConnected")  # a click that has begun on it is not lost
    page.get_by_role("tab", name="Compare (1)").click()
    page.wait_for_selector("table:has(th.pin1):not(:has(th.plan))")  # what is pinned does not stand there twice
    page.get_by_label("Vetting: coverage", exact=True).press("End")
    page.wait_for_selector("table:has(th.pin1):has(th.plan)")
    page.get_by_text(re.compile("first goal, “Peace holds to the end”")).wait_for()
    assert "Vetting: coverage 0.9" in page.locator("tr.changes td").last.inner_text()
    limits = page.locator(".ssr-small .ssr-chart").evaluate_all(
        "all => all.map(n => [...n.querySelectorAll('.tick')].map(t => t.textContent).join())")
    assert len(limits) == 2
    assert len(set(limits)) == 1  # one axis for all
    page.get_by_role("tab", name="Timeline").click()
    assert "Vetting: coverage 2 share of the force / year" in page.locator(".ssr-timeline li").first.inner_text()
    page.get_by_role("tab", name="Network").click()
    page.wait_for_selector(".ssr-network[data-rev]")
    page.get_by_role("tab", name="Table").click()
    page.wait_for_selector(".ssr-tables table")


def test_a_search_shows_the_levers_that_it_names_and_leaves_no_trace(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    find, shown = page.get_by_label("Find a lever"), page.locator(".ssr-levers .lever:visible")
    usual = shown.count()
    find.fill("Oversight: ind")
    find.fill("independence")
    assert "Oversight: independence" in shown.all_inner_texts()[0]
    assert page.locator(".ssr-levers .more:visible").count() == 0
    find.fill("no such lever")
    page.get_by_text("No lever has these words").wait_for()
    assert shown.count() == 0
    find.fill("")
    assert shown.count() == usual


def test_keys_on_the_time_axis_are_all_heard(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL.replace("years=2", "years=5") + "&tab=timeline"))
    page.locator(".ssr-timeline .axis").focus()
    page.evaluate("""() => { for (let k = 0; k < 3; k++) document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "PageUp", bubbles: true })); }""")  # faster than the server answers
    page.wait_for_selector(".ssr-timeline .axis[aria-valuetext='year 3']")


def test_why_answers_with_the_chain_or_says_that_there_is_none(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&tab=why"))
    page.locator("[data-id=continuations] select").select_option("20")
    page.get_by_role("button", name=re.compile("Ask why")).click()
    page.wait_for_selector(".ssr-why[data-kind]")


def test_a_run_in_the_address_is_the_one_looked_at(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&tab=why&run=5"))
    page.get_by_role("button", name="Ask why (run 5)").wait_for()
    page.get_by_role("tab", name="Network").click()
    page.wait_for_selector('.ssr-network[data-rev^="5-"]')


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
