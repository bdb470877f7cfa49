"""Opening a scenario file of the visitor's own, and asking for it when a link needs it."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from ssr_sim.faults import ScenarioError
from ssr_sim.scenario import Scenario

from .. import own
from ..alert import alert
from ..background import use_work
from ..goals import GOALS
from ..markup import tag
from ..messages import text
from ..plan import Plan, read, scenario_of
from ..widgets.browser import Browser
from ..widgets.controls import Controls

FIELD: dict[str, Any] = {"id": "open", "kind": "file", "accept": ".toml", "most": own.MOST_BYTES}


@dataclass(frozen=True)
class Reading:
    """How the opening of a file goes: `file` is its name, `faults` what is wrong with it, "" while it is read."""

    file: str
    faults: tuple[str, ...] = ()


def field() -> dict[str, Any]:
    """The button that opens a file, for `Controls`; its event goes to what `use_opening` gives."""
    return FIELD | {"label": text("own.open"), "help": text("own.open_help")}


def use_opening(then: Callable[[str], None]) -> tuple[Callable[[dict[str, Any]], None], Reading | None]:
    """What takes the value of the file field, and how the reading goes; `then` gets the digest of a good file."""
    upload: solara.Reactive[dict[str, Any]] = solara.use_reactive({})
    reading: solara.Reactive[Reading | None] = solara.use_reactive(None)
    visitor = solara.get_session_id()
    latest: Any = solara.use_ref(then)
    latest.current = then  # a plan may have been changed while the file was read

    async def work() -> None:
        if not upload.value:
            return
        name = own.shown_name(str(upload.value.get("name", "")))
        reading.set(Reading(name))
        try:
            digest = await asyncio.to_thread(own.read, _content(upload.value), name, visitor)
        except ScenarioError as error:
            reading.set(Reading(name, tuple(map(str, error.faults))))
            return
        reading.set(None)
        latest.current(digest)

    use_work(work, [upload.value.get("count", 0)])
    return lambda value: upload.set({**value, "count": upload.value.get("count", 0) + 1}), reading.value


def _content(value: dict[str, Any]) -> bytes:
    """The bytes of an opened file; a file too large for the browser to send becomes bytes that are refused."""
    size = value.get("size")
    if isinstance(size, int) and size > own.MOST_BYTES:
        raise own.too_large(own.shown_name(str(value.get("name", ""))), size)
    try:
        return base64.b64decode(str(value.get("base64", "")), validate=True)
    except (binascii.Error, ValueError):
        return b""


def plan_in(digest: str) -> Plan | None:
    """The plan that was saved as this file, or None when the file is a scenario or was changed since."""
    opened = own.held(own.country_of(digest), solara.get_session_id())
    if opened is None or not opened.text.startswith(own.SAVED):
        return None
    plan, said = read(opened.text.partition("\n")[0].removeprefix(own.SAVED), GOALS)
    if said or (own.is_own(plan.country) and own.held(plan.country, solara.get_session_id()) is None):
        return None
    try:
        return plan if _told(scenario_of(plan)) == _told(opened.scenario) else None
    except ScenarioError:
        return None


def _told(scenario: Scenario) -> tuple[str, ...]:
    """What makes a scenario that of a saved plan: all that can change a result, and what people call it."""
    return scenario.digest, scenario.name, scenario.title, scenario.description


@solara.component
def Progress(reading: Reading | None) -> None:
    """How the reading of a file goes, and everything that is wrong with it."""
    if reading is None:
        return
    if not reading.faults:
        solara.HTML(tag="p", classes=["ssr-wait"], attributes={"role": "status"},
                    unsafe_innerHTML=tag("span", text("own.reading", file=reading.file)))
        return
    alert(tag("strong", text("own.wrong", file=reading.file)), tag("ul", *(tag("li", it) for it in reading.faults)))


@solara.component
def Ready(country: str, page: Callable[[], Any]) -> None:
    """`page` once the plan's country can be used: at once for one that ships, else when the browser has its file."""
    found = solara.use_reactive(0)
    times = found.value  # read here, so that a file that has been found draws the page anew
    if own.is_own(country) and own.held(country, solara.get_session_id()) is None:
        _Missing(country, lambda: found.set(times + 1))
    else:
        page()


@solara.component
def _Missing(country: str, found: Callable[[], None]) -> None:
    """Ask the browser for the file of a link; without it, say what to do."""
    router = solara.use_router()
    kept: solara.Reactive[dict[str, Any] | None] = solara.use_reactive(None)
    missing = solara.use_reactive(False)
    visitor = solara.get_session_id()

    async def work() -> None:
        if kept.value is None:
            return
        if await asyncio.to_thread(own.restored, kept.value["own"], country, visitor):
            found()
        else:
            missing.set(True)

    def opened(digest: str) -> None:
        if own.country_of(digest) == country:
            found()
        else:
            router.push(f"/plan?{(plan_in(digest) or Plan(country=own.country_of(digest))).query()}")

    use_work(work, [kept.value])
    take, reading = use_opening(opened)
    Browser.element(wanted=country, on_event=lambda event: kept.set(event) if "own" in event else None)
    with solara.Div(classes=["ssr-text"]):
        if not missing.value:
            solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=tag("span", text("own.asking")))
            return
        solara.HTML(tag="div", classes=["ssr-missing"], unsafe_innerHTML=tag("h1", text("own.missing_title"))
                    + tag("p", text("own.missing")))
        Controls.element(name=text("own.missing_title"), on_event=lambda event: take(event["value"]), fields=[
            field() | {"look": "main"},
            {"id": "ships", "kind": "link", "href": "/plan", "label": text("own.start")}])
        Progress(reading)
