"""The first page: what one can do here, where one was, and what the model is not."""

from __future__ import annotations

from typing import Any

import solara

from .. import own, pins
from ..goals import GOALS
from ..markup import Markup, tag
from ..messages import section, text
from ..plan import Plan, read, scenario_of
from ..widgets.browser import Browser

DOORS = ("plan", "demo", "lab", "assumptions", "help")


@solara.component
def Start() -> None:
    """A door for each kind of visitor, and one back to where this browser was."""
    stored: solara.Reactive[dict[str, str]] = solara.use_reactive({})

    def hear(event: dict[str, Any]) -> None:
        if event.get("type") == "hello":
            stored.set(event["stored"])

    Browser.element(on_event=hear)
    with solara.Div(classes=["ssr-start"]):
        solara.HTML(tag="h1", unsafe_innerHTML=text("app.subtitle"))
        solara.HTML(tag="p", unsafe_innerHTML=tag("span", text("start.what")))
        if stored.value.get("plan"):
            plan, _ = read(stored.value["plan"], GOALS)
            with solara.Link(f"/plan?{plan.query()}"):
                words = {"title": text("start.continue"), "what": _left(plan, pins.from_text(stored.value.get("pins")))}
                solara.HTML(tag="div", classes=["ssr-door", "ssr-continue"], unsafe_innerHTML=_door(words))
        with solara.Div(classes=["ssr-doors", "three"]):
            for door in DOORS:
                with solara.Link(f"/{door}"):
                    solara.HTML(tag="div", classes=["ssr-door"], unsafe_innerHTML=_door(section(f"start.{door}")))
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("start.not")))


def _left(plan: Plan, pinned: tuple[pins.Pin, ...]) -> str:
    """What the visitor did last: country, changes, horizon, pinned policies."""
    count = len(plan.changes)
    changes = text("start.changes", n=count) if count > 1 else text("start.one_change" if count else "start.no_changes")
    country = text("start.own") if own.is_own(plan.country) else scenario_of(Plan(country=plan.country)).title
    left = text("start.left", country=country, changes=changes, years=plan.years)
    return f"{left}; {text('start.pins', n=len(pinned))}" if pinned else left


def _door(words: dict[str, str]) -> Markup:
    return Markup(tag("h2", words["title"]) + tag("p", words["what"]))
