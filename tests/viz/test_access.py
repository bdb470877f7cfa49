"""The app by keyboard and for screen readers: every page passes axe, and the planner can be used without a mouse."""

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.viz.browsing import ready
from viz.plan import TABS

pytestmark = pytest.mark.browser
SMALL = "/plan?country=baseline&years=2&replicates=8&vetting.coverage=0.9"
LAB = "/lab?country=baseline&years=2&vetting.coverage=0.9&lab.levers=lhs:4&lab.levers.key=oversight.coverage"
GRAVE = ("serious", "critical")
# Whatever lies on its way: what the page calls it (name, or text), and whether it can be seen that it has the focus.
FOCUSED = """() => {
    const it = document.activeElement;
    if (!it || it === document.body) return null;
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    const label = it.labels?.length ? it.labels[0].innerText : "";
    return { tag: it.tagName, name: it.getAttribute("aria-label") || label || it.innerText || "", id: it.id,
        role: it.getAttribute("role"), key: it.closest("[data-key]")?.dataset.key ?? "",
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth };
}"""
OPERABLE = """() => [...document.querySelectorAll(
        'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex="0"]')]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && it.tabIndex >= 0).length"""


@pytest.fixture(scope="module")
def axe(require: Callable[[object, str], None]) -> str:
    """The script of axe-core."""
    found = importlib.util.find_spec("axe_playwright_python")
    require(found, "checks of accessibility need axe-core: install the extra `test`")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def findings(page: Any, axe: str, *rules: str) -> list[str]:
    """What axe finds by some rules, or by all: the grave part of it, each with the elements it is about."""
    page.evaluate(axe)
    chosen = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("options => axe.run(options)", chosen)["violations"]
    return [f"{row['id']} ({row['impact']}): {row['help']}: {[node['target'] for node in row['nodes'][:5]]}"
            for row in found if row["impact"] in GRAVE]


def pages() -> dict[str, str]:
    return {"start": "/", "assumptions": "/assumptions?country=baseline", "help": "/help", "lab": LAB,
            "stories": "/demo", "stage": "/demo?story=tiny", "vote": "/demo?story=tiny&scene=2&step=vote",
            "answer": "/demo?story=tiny&scene=2&step=reveal", "notes": "/notes?story=tiny&scene=2",
            **{tab: f"{SMALL}&tab={tab}" for tab in TABS}}


@pytest.mark.parametrize("name", pages())
def test_axe_finds_nothing_serious_in_light_or_dark(open_page: Callable[..., Any], axe: str, name: str) -> None:
    page = ready(open_page(pages()[name]))
    if name == "network":
        page.wait_for_selector(".ssr-network[data-rev]")
    assert findings(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, axe, "color-contrast") == []


def test_axe_would_find_something(open_page: Callable[..., Any], axe: str) -> None:
    page = ready(open_page("/help"))
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><button></button>'")
    assert {row.split()[0] for row in findings(page, axe)} == {"image-alt", "button-name"}
    page.add_style_tag(content="main { color: #777 } @media (prefers-color-scheme: dark) { main { color: #333 } }")
    page.emulate_media(color_scheme="dark")
    assert {row.split()[0] for row in findings(page, axe, "color-contrast")} == {"color-contrast"}


@pytest.mark.parametrize("path", ["/", "/assumptions?country=baseline", "/help", LAB, SMALL])
def test_pages_have_a_language_landmarks_and_headings_in_order(open_page: Callable[..., Any], path: str) -> None:
    page = ready(open_page(path))
    assert page.locator("html").get_attribute("lang") == "en"
    for landmark in ("banner", "navigation", "main"):
        assert page.get_by_role(landmark).count() == 1
    levels = page.evaluate(
        "[...document.querySelectorAll('main :is(h1, h2, h3, h4)')].map((it) => Number(it.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_first_key_leads_past_the_bar(open_page: Callable[..., Any]) -> None:
    page = ready(open_page(SMALL))
    page.keyboard.press("Tab")
    skip = page.evaluate(FOCUSED)
    assert skip["name"] == "Skip to the page"
    assert skip["seen"]
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    ready(page)


@pytest.mark.parametrize("tab", TABS)
def test_tab_reaches_every_control_of_the_planner_once_and_shows_where_it_is(
        open_page: Callable[..., Any], tab: str) -> None:
    page = ready(open_page(f"{SMALL}&tab={tab}"))
    if tab == "network":
        page.wait_for_selector(".ssr-network[data-rev]")
    there = page.evaluate(OPERABLE)
    way: list[dict[str, Any]] = []
    for _ in range(there + 20):
        page.keyboard.press("Tab")
        place = page.evaluate(FOCUSED)
        if place is None or (len(way) > 5 and place["name"] == "Skip to the page"):  # out of the page: no trap
            break
        way.append(place)
    else:
        pytest.fail(f"{there} controls, and still not through after {len(way)}: {way[-3:]}")
    assert len(way) >= there
    assert [place for place in way if not place["name"].strip()] == []
    assert [place for place in way if not place["outlined"]] == []
    assert [place for place in way if not place["seen"]] == []


def test_a_plan_is_made_and_read_without_a_mouse(open_page: Callable[..., Any]) -> None:
    page = ready(open_page("/"))
    while page.evaluate(FOCUSED) is None or not page.evaluate(FOCUSED)["name"].startswith("Plan"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    ready(page)
    page.goto(page.url.split("/plan")[0] + "/plan?country=baseline&years=2&replicates=8")
    ready(page)
    status = page.locator("main [role=status]")
    page.wait_for_function("document.querySelector('main [role=status]').textContent.includes('8 pairs')")
    page.evaluate("""() => {
        const status = document.querySelector('main [role=status]');
        window.said = [];
        new MutationObserver(() => window.said.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
    }""")
    before = status.inner_text()
    slider = page.get_by_label("Oversight: coverage", exact=True)
    page.get_by_label("Find a lever").focus()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["id"] == slider.get_attribute("id"):
            break
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext").startswith("1.00 ")
    page.wait_for_url("**oversight.coverage=1*")
    page.wait_for_function("before => document.querySelector('main [role=status]').textContent !== before", arg=before)
    assert page.evaluate("document.activeElement.id") == slider.get_attribute("id")
    said = page.evaluate("window.said.filter((it, k, all) => it !== all[k - 1])")
    assert len(said) == 1  # one sentence for a moved lever, not one for each step of the result
    assert "8 pairs of runs" in said[0]


def test_tabs_change_with_the_arrow_keys_and_keep_the_focus(open_page: Callable[..., Any]) -> None:
    page = ready(open_page(SMALL))
    page.get_by_role("tab", selected=True).focus()
    for name in ("Why", "Network"):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "name => document.activeElement.role === 'tab' && document.activeElement.ariaSelected === 'true' && "
            "document.activeElement.textContent === name", arg=name)
    page.wait_for_selector(".ssr-network[data-rev]")


def test_nothing_moves_for_who_wants_less_motion(open_page: Callable[..., Any]) -> None:
    page = ready(open_page(SMALL))
    page.emulate_media(reduced_motion="reduce")
    longest = page.evaluate("""Math.max(...[...document.querySelectorAll('*')].map((it) => {
        const style = getComputedStyle(it);
        return Math.max(parseFloat(style.transitionDuration), parseFloat(style.animationDuration));
    }))""")
    assert longest <= 0.001
