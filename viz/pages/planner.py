"""The planner: move a lever, see at once what changes against the same country on the same luck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ssr_sim.comparison import Comparison
from ssr_sim.measures import INDICATORS

from .. import goals, own, pins, spoken, studio
from ..actions import Actions
from ..background import use_work
from ..before import Before, middles, use_before
from ..lever_column import groups
from ..markup import tag
from ..messages import section, text
from ..plan import TABS, Plan, read, scenario_of
from ..setting import Setting
from ..tabs import compare
from ..tabs.compare import Compare
from ..tabs.effects import Effects, charts
from ..tabs.network import Network
from ..tabs.table import Table
from ..tabs.timeline import Timeline
from ..tabs.why import Why
from ..tiles import Tiles
from ..widgets.browser import Browser
from ..widgets.controls import Controls
from ..widgets.levers import Levers
from . import opening

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
    router = solara.use_router()
    moving: solara.Reactive[dict[str, Any]] = solara.use_reactive({})
    shown: solara.Reactive[Comparison | None] = solara.use_reactive(None)
    answered: solara.Reactive[Plan | None] = solara.use_reactive(None)  # the question that `shown` answers
    told = solara.use_reactive("")
    command: solara.Reactive[dict[str, Any]] = solara.use_reactive({})
    browser: solara.Reactive[dict[str, Any]] = solara.use_reactive({})  # what it said of itself
    stored: solara.Reactive[tuple[pins.Pin, ...] | None] = solara.use_reactive(None)  # until the browser has told
    printed: solara.Reactive[tuple[Plan, str] | None] = solara.use_reactive(None)
    done: solara.Reactive[tuple[Plan, str] | None] = solara.use_reactive(None)  # what the last order led to
    finished: solara.Reactive[Before | None] = solara.use_reactive(None)
    known = solara.use_memo(lambda: dict[Plan, Comparison](), [])
    pinned = stored.value or ()
    key = moving.value.get("key")
    wanted = plan.with_lever(key, moving.value["value"], plan.at) if key else plan

    def go(new: Plan) -> None:
        moving.set({})
        if new != plan:
            router.push(f"/plan?{new.query()}")

    def order(do: str, **more: Any) -> None:
        command.set({"do": do, "count": command.value.get("count", 0) + 1, **more})

    async def work() -> None:
        async for step in studio.results(wanted):
            shown.set(step)
            answered.set(wanted.question)
            if step.pairs == wanted.replicates:  # not the steps on the way: one sentence for each result
                told.set(spoken.sentence(step, wanted))
                finished.set(await asyncio.to_thread(middles, wanted.question, step))

    def opened(digest: str) -> None:
        saved = opening.plan_in(digest)
        new = saved or replace(plan, country=own.country_of(digest), changes=(), at=0, run=None)
        file = own.held(own.country_of(digest), solara.get_session_id())
        done.set((new, text("own.opened_plan" if saved else "own.opened", file=file.name if file else "")))
        go(new)

    task = use_work(work, [wanted.question])
    before = use_before(wanted.question, finished.value, bool(key))
    take, reading = opening.use_opening(opened)

    def hear(event: dict[str, Any]) -> None:
        if event.get("type") == "hello":
            browser.set(event)
            stored.set(pins.from_text(event["stored"].get("pins")))
        elif event.get("type") == "key":
            order(KEYS[event["key"]])
        elif event.get("type") in ("copied", "failed"):
            done.set((plan, text(f"plan.{event['type']}")))

    def keep(new: tuple[pins.Pin, ...]) -> None:
        stored.set(new)
        order("remember", stored={"pins": pins.to_text(new)})

    def shown_charts() -> list[dict[str, Any]]:
        if plan.tab == "compare" and pinned:
            return compare.charts(compare.finished(shown.value, plan, pinned, known), plan)
        return charts(shown.value, plan)

    def export(kind: str) -> None:
        from .. import exports  # here, because Matplotlib takes longer to load than all else on this page
        from ..sheet import sheet

        address = f"{browser.value.get('origin', '')}/plan?{plan.query()}"
        if kind == "print":
            printed.set((plan, sheet(shown.value, plan, address, charts(shown.value, plan))))
            order("print", of=".ssr-sheet")
        else:
            order("download", **exports.file(kind, shown.value, plan, address, shown_charts)._asdict())

    def pin() -> None:
        twin = pins.twin(plan, pinned)
        if twin:
            done.set((plan, text("plan.pinned_already", name=twin.name)))
            return
        new = pins.Pin(pins.named(plan, pinned, text("compare.reform")), plan)
        said = "plan.pinned_instead" if len(pinned) == pins.MOST else "plan.pinned"
        done.set((plan, text(said, name=new.name, first=(*pinned, new)[0].name)))
        keep((*pinned, new)[-pins.MOST:])

    def do(name: str, value: Any) -> None:
        done.set(None)
        if name == "pin":
            pin()
        elif name == "copy":
            order("copy", text=f"{{origin}}/plan?{plan.query()}")
        elif name == "open":
            take(value)
        elif name == "save":
            export("toml")
        elif name == "export" and (value == "toml" or answered.value == plan.question):
            export(value)
        elif name == "export":  # never the plan of now above the numbers of the one before
            done.set((plan, text("plan.not_yet")))
        else:
            order(name)

    Browser.element(command=command.value, remember={"plan": plan.query()}, listened=list(KEYS), on_event=hear,
                    shelf=own.stored(plan.country, solara.get_session_id()))
    solara.v.Html(tag="h1", class_="ssr-live", children=[text("start.plan.title")])
    solara.v.Html(tag="p", class_="ssr-live", attributes={"role": "status"}, children=[told.value])
    with solara.Div(classes=["ssr-planner"]):
        with solara.Div(classes=["ssr-side"]):
            Setting(plan, go)
            Levers.element(groups=groups(plan.country), words=section("levers"), on_moving=moving.set,
                           values=plan.in_force(plan.at), on_committed=lambda event: go(_committed(plan, event)))
        with solara.Div(classes=["ssr-main"]):
            Actions(plan, go, do, stored.value is not None)
            opening.Progress(reading)
            if done.value is not None and done.value[0] == plan:
                solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", done.value[1]),
                            attributes={"role": "status"})
            for sentence in said:
                solara.Warning(sentence)
            if task.error:
                solara.Error(str(task.exception))
            if shown.value is None:
                solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("app.loading"))
            else:
                Tiles(shown.value, plan, answered.value == wanted.question)
                _Tabs(plan, go, len(pinned))
                settled = not key and answered.value == plan.question and shown.value.pairs == plan.replicates
                _Tab(shown.value, plan, go, pinned, keep, known, before, settled)
        if printed.value is not None and printed.value[0] == plan:
            solara.HTML(tag="section", classes=["ssr-sheet"], unsafe_innerHTML=printed.value[1])


def _committed(plan: Plan, event: dict[str, Any]) -> Plan:
    """The plan once a lever is let go or reset. Where it was changed earlier, a reset sets the country's own value."""
    key, value = event["key"], event["value"]
    new = plan.with_lever(key, value, plan.at)
    if value is None and key in new.in_force(plan.at):
        return plan.with_lever(key, scenario_of(plan.as_baseline()).value(key), plan.at)
    return new


@solara.component
def _Tabs(plan: Plan, go: Go, pinned: int) -> None:
    """The row of tabs, with how many policies are `pinned`, and the choice of the indicator where one is shown."""
    counts = {"compare": f" ({pinned})"} if pinned else {}
    tabs = [{"value": name, "label": text(f"tabs.{name}") + counts.get(name, "")} for name in TABS]
    fields: list[dict[str, Any]] = [
        {"id": "tab", "kind": "tabs", "label": text("plan.views"), "value": plan.tab, "options": tabs}]
    if plan.tab in OF_AN_INDICATOR:
        options = [{"value": row.name, "label": row.label} for row in sorted(INDICATORS, key=lambda row: row.label)]
        fields.append({"id": "show", "kind": "select", "label": text("plan.indicator"), "value": plan.show,
                       "options": options})
    Controls.element(layout_name="tabs", fields=fields,
                     on_event=lambda event: go(replace(plan, **{event["id"]: event["value"]})))


@solara.component
def _Tab(comparison: Comparison, plan: Plan, go: Go, pinned: tuple[pins.Pin, ...],
         keep: Callable[[tuple[pins.Pin, ...]], None], known: dict[Plan, Comparison], before: Before | None,
         settled: bool) -> None:
    """What the chosen tab holds."""
    if plan.tab == "compare":
        Compare(comparison, plan, pinned, keep, known)
    elif plan.tab == "why":
        Why(comparison, plan)
    elif plan.tab == "network":
        Network(comparison, plan)
    elif plan.tab == "timeline":
        Timeline(plan, go)
    elif plan.tab == "table":
        Table(comparison)
    else:
        Effects(comparison, plan, before, settled)
