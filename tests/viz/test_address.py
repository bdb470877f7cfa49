"""The address is the plan: Back, Forward, reload, a second tab, a broken link and a restart lose and mix up nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.viz import browsing
from tests.viz.helpers import SMALL, longest_plan, open_file, settled

pytestmark = pytest.mark.browser
COUNTRY = "document.querySelector('[data-id=country] select').selectedOptions[0].text"
MINE = b'[scenario]\nbased_on = "baseline"\ntitle = "My <b>land</b>"\n'


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


def test_undo_and_redo_rest_where_there_is_nothing_to_go_to(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    rests = "([undo, redo]) => [undo.disabled, redo.disabled]"

    def resting() -> Any:
        return page.evaluate(rests, [undo.element_handle(), redo.element_handle()])

    assert resting() == [not page.evaluate("navigation.canGoBack"), True]
    page.get_by_label("Vetting: coverage", exact=True).press("End")
    page.wait_for_url(re.compile("vetting"))
    assert resting() == [False, True]
    undo.click()
    page.wait_for_url(lambda url: "vetting" not in url)
    assert not resting()[1]
    redo.click()
    page.wait_for_url(re.compile("vetting"))
    assert resting() == [False, True]


def test_what_one_looks_at_is_no_step_to_undo(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    page.get_by_label("Vetting: coverage", exact=True).press("End")
    page.wait_for_url(re.compile("vetting"))
    page.get_by_role("tab", name="Table").click()
    page.wait_for_url(re.compile("tab=table.*vetting"))
    page.wait_for_selector(".ssr-tables table")
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_url(lambda url: "vetting" not in url)
    page.get_by_role("button", name="Redo", exact=True).click()
    page.wait_for_url(re.compile("tab=table.*vetting"))
    page.reload()
    page.wait_for_selector(".ssr-tables table")


def test_undo_never_leaves_the_app(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    assert not page.evaluate("navigation.canGoBack")  # before it was the browser's empty page
    page.locator("h1").first.evaluate("node => node.ownerDocument.body.focus()")
    page.keyboard.press("u")
    page.get_by_label("Vetting: coverage", exact=True).press("End")
    page.wait_for_url(re.compile("vetting"))
    assert page.evaluate("navigation.entries().length") == 2


def test_replay_shows_what_was_before_the_last_change_and_then_the_change_again(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    page.get_by_label("Vetting: coverage", exact=True).press("End")
    page.wait_for_url(re.compile("vetting"))
    page.wait_for_selector('.ssr-levers[data-rev="1"]')
    page.get_by_role("button", name="Replay the last change").click()
    page.wait_for_selector('.ssr-levers[data-rev="0"]')
    assert "vetting" not in page.url
    page.wait_for_selector('.ssr-levers[data-rev="1"]')
    assert "vetting.coverage=2" in page.url


def test_a_broken_link_opens_the_nearest_plan_and_says_what_was_wrong(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverag=1&pay.level=9999&at=x"))
    page.get_by_text("did you mean 'vetting.coverage'?").wait_for()
    page.get_by_text("was set to the nearest").wait_for()
    page.get_by_text("'at' cannot be 'x'").wait_for()
    assert page.get_by_role("status").filter(has_text="did you mean").locator("li").count() == 3  # one box for all


def test_a_reload_keeps_plan_pins_and_theme(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=0.9&tab=compare"))
    page.get_by_role("button", name="Pin", exact=True).click()
    page.wait_for_selector("th.pin1")
    page.get_by_label("Colours").select_option("dark")
    page.wait_for_selector("html[data-theme=dark]", state="attached")
    page.reload()
    settled(page)
    page.wait_for_selector("th.pin1")
    page.wait_for_selector("html[data-theme=dark]", state="attached")


def test_two_tabs_of_a_browser_have_plans_of_their_own(open_page: Callable[..., Any]) -> None:
    first = settled(open_page(SMALL + "&vetting.coverage=0.9"))
    second = first.context.new_page()
    second.goto(first.url.replace("vetting.coverage=0.9", "pay.level=1.5"))
    settled(second)
    slider = second.get_by_label("Oversight: coverage", exact=True)
    slider.focus()
    slider.press("End")
    second.wait_for_selector('.ssr-levers[data-rev="2"]')
    assert first.locator('.ssr-levers[data-rev="1"]').count() == 1
    assert "pay" not in first.url


def test_the_first_page_leads_back_to_where_one_was(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=0.9"))
    page.goto(page.url.partition("/plan")[0])
    door = page.locator(".ssr-continue")
    door.wait_for()
    assert "one change, 2 years" in door.inner_text()
    door.click()
    page.wait_for_url(re.compile("vetting.coverage=0.9"))
    settled(page)


def test_an_own_file_is_refused_with_its_faults_or_opened_and_kept(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    before = page.url
    open_file(page, "huge.toml", b"a" * 10_000_000)
    page.get_by_text("10,000,000 bytes; the app opens files of up to").wait_for()
    open_file(page, "bad.toml", MINE + b"[vetting]\ncoverage = 9\n")
    page.get_by_text("bad.toml:5: vetting.coverage").wait_for()
    assert page.url == before  # nothing has changed
    open_file(page, "mine.toml", MINE)
    page.wait_for_url(re.compile("country=own:[0-9a-f]{32}"))
    settled(page)
    page.wait_for_function(f"{COUNTRY} === 'My <b>land</b>'")
    stranger = open_page(page.url[page.url.index("/plan"):])
    stranger.get_by_role("heading", name="Open the file first").wait_for()
    open_file(stranger, "mine.toml", MINE)
    settled(stranger)
    assert stranger.url == page.url  # the same file gives the same link


def test_a_setting_changed_while_a_file_is_read_is_kept(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL))
    open_file(page, "mine.toml", MINE)
    page.get_by_text("Reading mine.toml").wait_for()
    page.locator("[data-id=years] select").select_option("5")
    page.wait_for_url(re.compile("country=baseline&years=5"))
    page.wait_for_url(re.compile("country=own:[0-9a-f]{32}&years=5"))


def test_a_restart_of_the_server_loses_nothing(chromium: Any) -> None:
    port = browsing.any_port()
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(browsing.PATIENCE)
    try:
        with browsing.served(port=port) as app:
            page.goto(app.address + SMALL + "&vetting.coverage=0.9")
            settled(page)
            page.get_by_role("button", name="Pin", exact=True).click()
            open_file(page, "mine.toml", MINE)
            page.wait_for_url(re.compile("own:"))
            settled(page)
            page.wait_for_function("Object.keys(localStorage).some((key) => key.includes('own:'))")
        with browsing.served(port=port):
            page.reload()
            settled(page)
            page.get_by_role("tab", name="Compare").click()
            page.wait_for_selector("th.pin1")
    finally:
        context.close()


def test_a_change_too_long_for_an_address_is_refused_and_nothing_is_lost(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(f"/plan?{longest_plan().query()}"))
    before = page.url
    slider = page.get_by_label("Oversight: coverage", exact=True)
    usual = slider.input_value()
    slider.press("End")
    page.get_by_text("would be longer than 8,000 characters").wait_for()
    page.wait_for_function("was => document.querySelector('#lever-oversight-coverage').value === was", arg=usual)
    assert page.url == before
    page.goto(before.replace("/plan?", "/lab?"))
    field = browsing.ready(page).get_by_label("Name of the study")
    field.fill("a study with a name of forty characters")
    field.press("Tab")
    page.get_by_text("would be longer than 8,000 characters").wait_for()
    assert page.url == before.replace("/plan?", "/lab?")
