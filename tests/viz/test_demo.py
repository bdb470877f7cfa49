"""A story in a browser: told with the space bar alone, votes beside the library's numbers, the place in the address."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssr_sim import Scenario, compare
from ssr_sim.formats import usd
from tests.viz import browsing
from viz.stories import load

pytestmark = pytest.mark.browser
TINY = Path(__file__).parent / "stories" / "tiny.toml"


def stage(page: Any, scene: int = 1, step: str = "text") -> Any:
    """The page once the stage shows a step of a scene."""
    page.wait_for_selector(f'.ssr-stage[data-ready][data-scene="{scene}"][data-step="{step}"]')
    return page


@pytest.mark.parametrize("size", ["laptop", "projector"])
def test_a_story_is_told_with_the_space_bar_alone(open_page: Callable[..., Any], size: str) -> None:
    page = stage(open_page("/demo?story=tiny", size=size))
    walked = [(1, "text"), (2, "text"), (2, "question"), (2, "vote"), (2, "reveal"),
              (3, "text"), (3, "question"), (3, "vote"), (3, "reveal")]
    for scene, step in walked:
        stage(page, scene, step)
        if step == "reveal":
            page.wait_for_selector(f'.ssr-stage[data-scene="{scene}"][data-done="1"] .picture [data-rev="8"]')
        assert page.evaluate("[...document.querySelectorAll('.screen > *, .left, .right, footer')].every((n) => "
                             "n.scrollHeight <= n.clientHeight + 1 && n.scrollWidth <= n.clientWidth + 1)"), step
        page.keyboard.press("Space")
    stage(page, 3, "reveal")  # nothing comes after the end


@pytest.mark.parametrize("size", ["laptop", "projector"])
def test_a_chart_with_long_names_leaves_room_for_the_line_under_it(open_page: Callable[..., Any], size: str) -> None:
    page = stage(open_page("/demo?story=premature-drawdown&scene=10&step=reveal", size=size), 10, "reveal")
    page.wait_for_selector(".picture .legend")
    assert page.locator(".picture .legend .name").count() == 2
    page.wait_for_function("(() => { const chart = document.querySelector('.picture .ssr-chart'), "
                           "under = document.querySelector('.right .runs'); return chart && "
                           "chart.getBoundingClientRect().bottom <= under.getBoundingClientRect().top + 1; })()")


def test_answers_stand_still_from_the_question_to_the_vote(open_page: Callable[..., Any]) -> None:
    page = stage(open_page("/demo?story=tiny&scene=2&step=reveal"), 2, "reveal")
    page.wait_for_selector('.ssr-stage[data-done="1"] .numbers')
    page.keyboard.press("r")
    page.wait_for_selector(".ssr-stage.animate .numbers")  # the change grows, and the answers come with it
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    look = ("(() => { const list = document.querySelector('.answers'), text = list.querySelector('.answer'); return ["
            "getComputedStyle(list).animationName, getComputedStyle(text).fontWeight, list.clientWidth]; })()")
    stage(page, 3, "question")
    asked = page.evaluate(look)
    page.keyboard.press("Space")
    stage(page, 3, "vote")
    assert asked == page.evaluate(look)
    assert asked[:2] == ["none", "400"]


def test_votes_stand_beside_the_numbers_of_the_library(open_page: Callable[..., Any]) -> None:
    page = stage(open_page("/demo?story=tiny&scene=2&step=vote"), 2, "vote")
    page.keyboard.type("12")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_selector('.ssr-stage[data-step="reveal"][data-done="1"] .words')
    story = load(str(TINY))
    scenario = Scenario.load("baseline")
    known = compare(scenario, scenario.with_levers({"oversight.coverage": 1.0}), 2, 8, story.head.seed)
    before, after = (arm.outcome("cost_usd").mean() for _, arm in known.arms)
    assert page.locator(".numbers .before").inner_text() == usd(before)
    assert page.locator(".numbers .after").inner_text() == usd(after)
    assert page.locator(".words").inner_text() == "The bill rises."
    assert "It rises." in page.locator("li.true").inner_text()
    assert page.locator(".count").all_inner_texts() == ["12 · 75 %", "4 · 25 %"]
    page.reload()  # the tab keeps place and votes
    stage(page, 2, "reveal")
    assert page.locator(".count").first.inner_text() == "12 · 75 %"


def test_keys_go_back_jump_blank_undo_and_replay(open_page: Callable[..., Any]) -> None:
    page = stage(open_page("/demo?story=tiny&scene=2"), 2)
    page.keyboard.press("3")
    stage(page, 3)
    page.keyboard.press("PageUp")
    stage(page, 2, "reveal")
    page.keyboard.press("u")
    stage(page, 3)
    page.keyboard.press("u")
    stage(page, 2)
    page.keyboard.press("b")
    page.wait_for_selector('.ssr-stage[data-blank="1"] .cover:visible')
    page.keyboard.press("Space")  # only brings the picture back
    page.wait_for_selector('.ssr-stage[data-blank="0"]')
    stage(page, 2)
    for _ in range(3):
        page.keyboard.press("PageDown")
    stage(page, 2, "reveal")
    page.wait_for_selector('.ssr-stage[data-done="1"] .picture [data-rev="8"]')
    page.evaluate("document.querySelector('.picture').dataset.old = '1'")
    page.keyboard.press("r")
    page.wait_for_selector(".ssr-stage.animate .picture:not([data-old]) [data-rev]")


def test_the_address_is_the_place_and_the_browser_goes_back_in_it(open_page: Callable[..., Any]) -> None:
    page = stage(open_page("/demo?story=tiny&scene=2&step=question"), 2, "question")
    page.keyboard.press("PageDown")
    page.wait_for_url(re.compile("step=vote"))
    page.go_back()
    stage(page, 2, "question")
    page.go_forward()
    stage(page, 2, "vote")
    page.goto(page.url.replace("scene=2&step=vote", "scene=99&step=dance"))  # the nearest place there is
    stage(page, 3)


def test_the_notes_follow_the_stage_and_pass_keys_on(open_page: Callable[..., Any]) -> None:
    page = stage(open_page("/demo?story=tiny&scene=2&step=vote"), 2, "vote")
    page.keyboard.type("7")
    notes = page.context.new_page()
    notes.goto(page.url.split("/demo")[0] + "/notes?story=tiny")
    notes.wait_for_selector('.ssr-notes[data-ready][data-scene="2"][data-step="vote"]')
    assert "Ask who pays." in notes.inner_text(".ssr-notes")
    assert "7 hands" in notes.inner_text(".ssr-notes")
    notes.keyboard.press("PageDown")
    stage(page, 2, "reveal")
    notes.wait_for_selector('.ssr-notes[data-step="reveal"] li.true')


def test_the_clock_of_the_notes_begins_anew_when_the_story_begins(open_page: Callable[..., Any]) -> None:
    page = stage(open_page("/demo?story=tiny"))
    page.evaluate("""() => { const key = 'ssr_sim.story.tiny', kept = JSON.parse(sessionStorage.getItem(key));
        sessionStorage.setItem(key, JSON.stringify({ ...kept, began: kept.began - 3600000 })); }""")
    page.reload()  # an hour after the rehearsal
    stage(page)
    notes = page.context.new_page()
    notes.goto(page.url.split("/demo")[0] + "/notes?story=tiny")
    notes.wait_for_selector(".ssr-notes[data-ready]")
    notes.wait_for_function("document.querySelector('.ssr-notes .time').textContent.startsWith('60:')")
    page.keyboard.press("Space")
    notes.wait_for_function("document.querySelector('.ssr-notes .time').textContent.startsWith('0:')")


def test_a_story_goes_on_while_the_program_is_away_and_comes_back_with_it(chromium: Any) -> None:
    command, port = (*browsing.HERE[:-1], "--stories", str(TINY.parent), "--port"), browsing.any_port()
    with browsing.served(command, port=port) as app:
        page, _ = browsing.new_page(chromium, app.address)
        page.goto(f"{app.address}/demo?story=tiny&scene=2&step=vote")
        stage(page, 2, "vote")
        page.wait_for_function("window.app.$data.wasConnected")
        page.keyboard.type("7")
    page.wait_for_selector(".ssr-lost:visible")
    assert "Start it again with ssr-sim app" in page.inner_text(".ssr-lost")
    page.keyboard.press("Space")
    stage(page, 2, "reveal")
    with browsing.served(command, port=port):
        page.wait_for_selector(".ssr-lost", state="hidden")
        page.wait_for_selector('.ssr-stage[data-scene="2"][data-step="reveal"][data-done="1"] .words')
        assert page.locator(".count").first.inner_text() == "7 · 100 %"
        page.context.close()


def test_the_shelf_lists_every_story_and_opens_it(open_page: Callable[..., Any]) -> None:
    page = open_page("/demo?story=nowhere")
    page.get_by_text("There is no story 'nowhere'.").wait_for()
    page.get_by_role("heading", name="The unpaid army").wait_for()
    page.get_by_role("heading", name="Tiny").click()
    stage(page)
