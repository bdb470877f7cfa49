"""The planner: move a lever, see at once what changes against the same country on the same luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ssr_sim.comparison import Comparison
from ssr_sim.measures import INDICATORS

from .. import goals, studio
from ..actions import Actions
from ..address import use_address
from ..alert import notices
from ..answering import Answer, use_answer
from ..lever_column import groups
from ..markup import tag
from ..messages import section, text
from ..plan import TABS, Plan, read, scenario_of
from ..recent import Recent
from ..setting import Setting
from ..tabs.compare import Compare
from ..tabs.effects import Effects
from ..tabs.network import Network
from ..tabs.table import Table
from ..tabs.timeline import Timeline
from ..tabs.why import Why
from ..talk import Talk, use_browser
from ..tiles import Tiles
from ..widgets.controls import Controls
from ..widgets.levers import Levers
from . import opening
from .doing import use_doing, use_note

Go = Callable[[Plan], None]
KEYS = {"u": "back", "r": "forward", "p": "replay"}
OF_AN_INDICATOR = ("effects", "compare")  # tabs that show the chosen one


@solara.component
def Planner() -> None:
    """The planner's page; its address is the plan, so Back and Forward are undo and redo."""
    router = solara.use_router()
    plan, said = solara.use_memo(lambda: read(router.search or "", goals.GOALS), [router.search])
    opening.Ready(plan.country, lambda: _Desk(plan, said))


@solara.component
def _Desk(plan: Plan, said: list[str]) -> None:
    """Levers at the side; answers and what one does with them in the middle."""
    address = use_address("plan", plan.query())
    moving: solara.Reactive[dict[str, Any]] = solara.use_reactive({})
    known = solara.use_memo(lambda: Recent[Plan, Comparison](studio.KEPT), [])
    key = moving.value.get("key")
    wanted = plan.with_lever(key, moving.value["value"], plan.at) if key else plan

    def go(new: Plan) -> None:
        moving.set({})
        address.go(new.query())

    def look(new: Plan) -> None:
        moving.set({})
        address.go(new.query(), lambda href: talk.order("look", href=href))

    note, tell = use_note(plan)
    answer = use_answer(wanted, bool(key))
    talk = use_browser({"plan": plan.query()}, plan.country, KEYS, lambda end: tell(text(f"plan.{end}")))
    doing = use_doing(plan, go, answer, talk, known, tell)
    solara.v.Html(tag="h1", class_="ssr-live", children=[text("start.plan.title")])
    solara.v.Html(tag="p", class_="ssr-live", attributes={"role": "status"}, children=[answer.said])
    with solara.Div(classes=["ssr-planner"]):
        with solara.Div(classes=["ssr-side"]):
            Setting(plan, go)
            Levers.element(groups=groups(plan.country, plan.years), words=section("levers"), on_moving=moving.set,
                           values=plan.in_force(plan.at), again=address.refused,
                           on_committed=lambda event: go(_committed(plan, event)))
        with solara.Div(classes=["ssr-main"]):
            Actions(plan, go, doing.do, talk.pins is not None)
            opening.Progress(doing.reading)
            with solara.Div(classes=["ssr-said"]):  # one place: what follows is not made anew when something is said
                if note:
                    solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", note),
                                attributes={"role": "status"})
                notices((*said, *address.said))
                if answer.trouble:
                    solara.Error(answer.trouble)
            if answer.comparison is None:
                solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("app.loading"))
            else:
                Tiles(answer.comparison, plan, answer.answers(wanted))
                _Tabs(plan, look, len(talk.pins or ()))
                _Tab(answer, plan, go, talk, known, not key and answer.settled(plan))
        if doing.printed:
            solara.HTML(tag="section", classes=["ssr-sheet"], unsafe_innerHTML=doing.printed)


def _committed(plan: Plan, event: dict[str, Any]) -> Plan:
    """The plan once a lever is let go or reset. Where it was changed earlier, a reset sets the country's own value."""
    key, value = event["key"], event["value"]
    new = plan.with_lever(key, value, plan.at)
    if value is None and key in new.in_force(plan.at):
        return plan.with_lever(key, scenario_of(plan.as_given()).value(key), plan.at)
    return new


@solara.component
def _Tabs(plan: Plan, look: Go, pinned: int) -> None:
    """The row of tabs, with how many policies are `pinned`, and the choice of the indicator where one is shown.

    To `look` elsewhere changes nothing of the plan: there is nothing to undo.
    """
    counts = {"compare": f" ({pinned})"} if pinned else {}
    tabs = [{"value": name, "label": text(f"tabs.{name}") + counts.get(name, "")} for name in TABS]
    fields: list[dict[str, Any]] = [
        {"id": "tab", "kind": "tabs", "label": text("plan.views"), "value": plan.tab, "options": tabs}]
    if plan.tab in OF_AN_INDICATOR:
        options = [{"value": row.name, "label": row.label} for row in sorted(INDICATORS, key=lambda row: row.label)]
        fields.append({"id": "show", "kind": "select", "label": text("plan.indicator"), "value": plan.show,
                       "options": options})
    Controls.element(layout_name="tabs", fields=fields,
                     on_event=lambda event: look(replace(plan, **{event["id"]: event["value"]})))


@solara.component
def _Tab(answer: Answer, plan: Plan, go: Go, talk: Talk, known: Recent[Plan, Comparison], settled: bool) -> None:
    """What the chosen tab holds."""
    if plan.tab == "compare":
        Compare(answer.comparison, plan, talk.pins or (), talk.keep, known)
    elif plan.tab == "why":
        Why(answer.comparison, plan)
    elif plan.tab == "network":
        Network(answer.comparison, plan)
    elif plan.tab == "timeline":
        Timeline(plan, go)
    elif plan.tab == "table":
        Table(answer.comparison)
    else:
        Effects(answer.comparison, plan, answer.before, settled)
