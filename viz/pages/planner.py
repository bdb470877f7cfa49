"""The planner: move a lever, see at once what changes against the same country on the same luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara
import solara.lab

from ssr_sim.comparison import Comparison
from ssr_sim.run import weeks_in
from ssr_sim.scenario import scenario_names
from ssr_sim.world import WEEK

from .. import goals, own, pins, spoken, studio
from ..lever_column import groups
from ..markup import tag
from ..messages import section, text
from ..plan import TABS, Plan, read, scenario_of
from ..tabs.compare import Compare
from ..tabs.effects import Effects
from ..tabs.network import Network
from ..tabs.table import Table
from ..tabs.timeline import Timeline
from ..tabs.why import Why
from ..widgets.browser import Browser
from ..widgets.controls import Controls
from ..widgets.levers import Levers
from . import opening

Go = Callable[[Plan], None]
YEARS = (5, 10, 15, 20)
REPLICATES = (16, 64, 128, 256)


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
    told = solara.use_reactive("")
    command: solara.Reactive[dict[str, Any]] = solara.use_reactive({})
    stored: solara.Reactive[tuple[pins.Pin, ...] | None] = solara.use_reactive(None)  # until the browser has told
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
            if step.pairs == wanted.replicates:  # not the steps on the way: one sentence for each result
                told.set(spoken.sentence(step, wanted))

    def opened(digest: str) -> None:
        fresh = replace(plan, country=own.country_of(digest), changes=(), at=0, run=None)
        go(opening.plan_in(digest) or fresh)

    task = solara.lab.use_task(work, dependencies=[wanted.question])
    take, reading = opening.use_opening(opened)

    def hear(event: dict[str, Any]) -> None:
        if event.get("type") == "hello":
            stored.set(pins.from_text(event["stored"].get("pins")))
        elif event.get("type") == "key":
            order({"u": "back", "r": "forward"}[event["key"]])

    def keep(new: tuple[pins.Pin, ...]) -> None:
        stored.set(new)
        order("remember", stored={"pins": pins.to_text(new)})

    def pin() -> None:
        name = pins.named(plan, pinned, text("compare.reform"))
        keep((*pinned, pins.Pin(name, plan))[-pins.MOST:])

    Browser.element(command=command.value, remember={"plan": plan.query()}, listened=["u", "r"], on_event=hear,
                    shelf=own.stored(plan.country, solara.get_session_id()))
    solara.v.Html(tag="h1", class_="ssr-live", children=[text("start.plan.title")])
    solara.v.Html(tag="p", class_="ssr-live", attributes={"role": "status"}, children=[told.value])
    with solara.Div(classes=["ssr-planner"]):
        with solara.Div(classes=["ssr-side"]):
            _Setting(plan, go)
            Levers.element(groups=groups(plan.country), words=section("levers"), on_moving=moving.set,
                           values=plan.in_force(plan.at),
                           on_committed=lambda event: go(plan.with_lever(event["key"], event["value"], plan.at)))
        with solara.Div(classes=["ssr-main"]):
            _Actions(plan, go, order, pin if stored.value is not None else None, take)
            opening.Progress(reading)
            for sentence in said:
                solara.Warning(sentence)
            if task.error:
                solara.Error(str(task.exception))
            if shown.value is None:
                solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("app.loading"))
            else:
                _Tiles(shown.value, plan)
                _Tabs(plan, go)
                if plan.tab == "compare":
                    Compare(shown.value, plan, pinned, keep)
                elif plan.tab == "why":
                    Why(shown.value, plan)
                elif plan.tab == "network":
                    Network(shown.value, plan)
                elif plan.tab == "timeline":
                    Timeline(plan, go)
                elif plan.tab == "table":
                    Table(shown.value, order)
                else:
                    Effects(shown.value, plan, go)


@solara.component
def _Setting(plan: Plan, go: Go) -> None:
    """Which country, for how long, with how many runs."""
    names = [*scenario_names(), *([plan.country] if own.is_own(plan.country) else [])]
    countries = [{"value": name, "label": scenario_of(Plan(country=name)).title} for name in names]
    dates = {0: text("plan.from_start")} | {weeks_in(year): text("plan.from_year", year=year)
                                             for year in range(1, plan.years)}
    dates.setdefault(plan.at, text("plan.from_year", year=f"{plan.at * WEEK:.2f}"))

    Controls.element(layout_name="column", name=text("plan.setting"), fields=[
        {"id": "country", "kind": "select", "label": text("plan.country"), "value": plan.country,
         "options": countries},
        {"id": "at", "kind": "select", "label": text("plan.from"), "value": plan.at,
         "options": [{"value": week, "label": dates[week]} for week in sorted(dates)]},
    ], on_event=lambda event: go(replace(plan, **{event["id"]: event["value"]})))


@solara.component
def _Actions(plan: Plan, go: Go, order: Callable[..., None], pin: Callable[[], None] | None,
             take: Callable[[dict[str, Any]], None]) -> None:
    """Horizon, runs, goals, and what one does with a plan."""
    def act(event: dict[str, Any]) -> None:
        name, value = event["id"], event["value"]
        if name in ("years", "replicates", "ignorance"):
            go(replace(plan, **{name: value}))
        elif name == "goals":
            go(replace(plan, goals=tuple(value)))
        elif name == "nothing":
            go(plan.as_baseline())
        elif name == "pin" and pin is not None:
            pin()
        elif name == "copy":
            order("copy", text=f"{{origin}}/plan?{plan.query()}")
        elif name == "open":
            take(value)
        elif name == "save":
            order("download", name=f"{scenario_of(plan).name}-plan.toml",
                  text=f"{own.SAVED}{plan.query()}\n{scenario_of(plan).to_toml()}")
        else:
            order(name)

    chosen = plan.goals or goals.FIRST
    Controls.element(name=text("plan.actions"), on_event=act, fields=[
        {"id": "goals", "kind": "checks", "label": text("goals.choose"), "help": text("goals.choose_help"),
         "most": goals.MOST, "value": list(chosen),
         "options": [{"value": name, "label": text(f"goals.{name}", years=plan.years)} for name in goals.GOALS]},
        {"id": "years", "kind": "select", "label": text("plan.years"), "value": plan.years,
         "options": [{"value": n, "label": str(n)} for n in sorted({*YEARS, plan.years})]},
        {"id": "replicates", "kind": "select", "label": text("plan.runs"), "value": plan.replicates,
         "options": [{"value": n, "label": str(n)} for n in sorted({*REPLICATES, plan.replicates})]},
        {"id": "ignorance", "kind": "switch", "label": text("plan.ignorance"), "value": plan.ignorance,
         "help": text("plan.ignorance_help")},
        {"id": "back", "kind": "button", "label": text("plan.undo"), "help": "U"},
        {"id": "forward", "kind": "button", "label": text("plan.redo"), "help": "R"},
        {"id": "nothing", "kind": "button", "label": text("plan.nothing"), "disabled": not plan.changes},
        {"id": "pin", "kind": "button", "label": text("plan.pin"),
         "disabled": pin is None or not plan.changes},
        {"id": "copy", "kind": "button", "label": text("plan.link")},
        opening.field(),
        {"id": "save", "kind": "button", "label": text("plan.save"), "help": text("plan.save_help")},
        {"id": "print", "kind": "button", "label": text("plan.print")},
    ])


@solara.component
def _Tiles(comparison: Comparison, plan: Plan) -> None:
    """One tile for each goal, and the cost."""
    names = [*(plan.goals or goals.FIRST), *([] if "cost" in plan.goals else ["cost"])]
    tiles = solara.use_memo(lambda: [(name, goals.tile_of(name, comparison)) for name in names], [comparison, *names])
    parts = [tag("article", tag("h2", tile.title), tag("p", tile.after, class_="after"),
                 tag("p", f"{text('goals.before')} {tile.before}", class_="before"),
                 tag("p", tag("b", text(f"goals.{tile.verdict}")), f" {tile.change}", class_="change"),
                 tag("p", tile.worlds, class_="worlds"), class_=f"ssr-tile {tile.verdict}", data_goal=name)
             for name, tile in tiles]
    solara.HTML(tag="section", classes=["ssr-tiles"], unsafe_innerHTML="".join(parts),
                attributes={"aria-label": text("goals.choose"), "data-pairs": str(comparison.pairs)})
    about = text("app.ignorance" if plan.ignorance else "app.luck")
    note = f"{comparison.pairs} {text('plan.pairs')}, {text('plan.against')}. {about}"
    solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", note))


@solara.component
def _Tabs(plan: Plan, go: Go) -> None:
    """The row of tabs."""
    tabs = [{"value": name, "label": text(f"tabs.{name}")} for name in TABS]
    Controls.element(layout_name="tabs", on_event=lambda event: go(replace(plan, tab=event["value"])), fields=[
        {"id": "tab", "kind": "tabs", "label": text("plan.views"), "value": plan.tab, "options": tabs}])
