"""The researcher's page: a sweep designed with the planner's levers, run here or on the command line, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara
from solara.server.kernel_context import get_current_context

from ssr_sim.analysis.outcomes import OUTCOMES
from ssr_sim.sweep.plan import Plan as Size
from ssr_sim.sweep.store import SweepError

from .. import goals, pins
from ..address import use_address
from ..alert import alert, notices
from ..background import use_work
from ..lab import desk as desks
from ..lab import running
from ..lab.designing import Faults, Sampled, Specification, Study
from ..lab.desk import Desk, Source
from ..lab.results import Results
from ..lab.running_here import Run
from ..lab.sketch import TABS, Policy, Sketch, read
from ..lab.watching import plan_of
from ..lever_column import groups
from ..markup import tag
from ..messages import section, text
from ..orders import Order, use_orders
from ..setting import countries, moments
from ..talk import use_browser
from ..widgets.browser import Browser
from ..widgets.controls import Controls
from ..widgets.levers import Levers
from . import opening

Go = Callable[[Sketch], None]
KEYS = {"u": "back", "r": "forward"}
PAUSE = 0.25  # seconds without a change before a sketch is read and measured


@solara.component
def Lab() -> None:
    """The page; its address is the sketch, so Back and Forward are undo and redo."""
    router = solara.use_router()
    visitor = solara.get_session_id()
    sketch, said = solara.use_memo(lambda: read(router.search or "", goals.GOALS, OUTCOMES), [router.search])

    def arrive() -> Desk:
        get_current_context().on_close(lambda: desks.leave(visitor))
        return desks.arrive(visitor)

    desk = solara.use_memo(arrive, [])
    if sketch.watch:
        _Watched(sketch, desk)
    else:
        opening.Ready(sketch.plan.country, lambda: _Bench(sketch, said, desk))


@solara.component
def _Watched(sketch: Sketch, desk: Desk) -> None:
    """The way from an address that names a run to the planner on that run, which takes this page's place."""
    command, order = use_orders()
    visitor = solara.get_session_id()

    async def work() -> None:
        source = desks.found(sketch.read, desk)
        if source is None:
            raise SweepError(text("lab.not_there", name=sketch.read))
        plan = await asyncio.to_thread(plan_of, source.folder, sketch.watch, visitor)
        order("replace", href=f"/plan?{plan.query()}")

    task = use_work(work, [sketch.read, sketch.watch], refusals=(SweepError,))
    Browser.element(command=command)
    with solara.Div(classes=["ssr-text"]):
        if task.trouble:
            alert(tag("span", task.trouble))
        else:
            solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=tag("span", text("lab.opening")))


@solara.component
def _Bench(sketch: Sketch, said: list[str], desk: Desk) -> None:
    """Policies and their levers at the side; the design or the results in the middle."""
    address = use_address("lab", sketch.query())
    made = solara.use_reactive(0)
    latest: Any = solara.use_ref(sketch)
    latest.current = sketch

    def go(new: Sketch) -> None:
        address.go(new.query())

    def done(source: Source) -> None:
        made.set(made.value + 1)
        go(replace(latest.current, tab="results", read=source.id, run=""))

    talk = use_browser({"lab": sketch.query()}, sketch.plan.country, KEYS)
    solara.v.Html(tag="h1", class_="ssr-live", children=[text("start.lab.title")])
    with solara.Div(classes=["ssr-planner", "ssr-lab", *(["read"] if sketch.tab == "results" else [])]):
        with solara.Div(classes=["ssr-side"]):
            _Policies(sketch, go, talk.pins or ())
            Levers.element(groups=groups(sketch.plan.country, sketch.plan.years), words=section("levers"),
                           values=sketch.in_force(sketch.plan.at), again=address.refused,
                           on_committed=lambda event: go(sketch.with_lever(event["key"], event["value"])))
        with solara.Div(classes=["ssr-main"]):
            notices((*said, *address.said))
            tabs = [{"value": name, "label": text(f"lab.tab_{name}")} for name in TABS]
            Controls.element(layout_name="tabs", on_event=lambda event: go(replace(sketch, tab=event["value"])),
                             fields=[{"id": "tab", "kind": "tabs", "label": text("plan.views"), "value": sketch.tab,
                                      "options": tabs}])
            with solara.Div(classes=[] if sketch.tab == "design" else ["ssr-away"]):  # a run goes on meanwhile
                _Design(sketch, go, desk, talk.order, done)
            if sketch.tab == "results":
                Results(sketch, go, desk, made.value)


@solara.component
def _Policies(sketch: Sketch, go: Go, pinned: tuple[pins.Pin, ...]) -> None:
    """The country, and which policy the levers below belong to."""
    policies = [{"value": k, "label": f"{policy.name} ({len(policy.changes)})"}
                for k, policy in enumerate(sketch.all_policies)]
    known = {policy.changes for policy in sketch.all_policies}
    offered = [pin for pin in pinned if pin.plan.lever_changes not in known]

    def act(event: dict[str, Any]) -> None:
        name, value = event["id"], event["value"]
        if name in ("country", "at"):
            go(replace(sketch, plan=replace(sketch.plan, **{name: value})))
        elif name == "edited":
            go(replace(sketch, edited=value))
        elif name == "called":
            go(sketch.renamed(value))
        elif name == "add":
            go(sketch.with_policy(Policy(_fresh(sketch, text("lab.new_policy")))))
        elif name == "copy":
            go(sketch.with_policy(Policy(_fresh(sketch, sketch.all_policies[sketch.edited].name),
                                         sketch.all_policies[sketch.edited].changes)))
        elif name == "remove":
            go(sketch.without_policy())
        else:
            pin = next((pin for pin in offered if f"pin:{pin.name}" == name), None)
            if pin is not None:
                go(sketch.with_policy(Policy(_fresh(sketch, pin.name), pin.plan.lever_changes)))

    Controls.element(layout_name="column", name=text("plan.setting"), on_event=act, fields=[
        {"id": "country", "kind": "select", "label": text("plan.country"), "value": sketch.plan.country,
         "options": countries(sketch.plan)},
        {"id": "edited", "kind": "select", "label": text("lab.policies", n=1 + sum(
            bool(policy.changes) for policy in sketch.all_policies)), "value": sketch.edited, "options": policies},
        {"id": "called", "kind": "text", "label": text("lab.called"),
         "value": sketch.all_policies[sketch.edited].name}])
    Controls.element(name=text("lab.policy"), on_event=act, fields=[
        {"id": "add", "kind": "button", "label": text("lab.add_policy")},
        {"id": "copy", "kind": "button", "label": text("lab.copy_policy"),
         "disabled": not sketch.all_policies[sketch.edited].changes},
        {"id": "remove", "kind": "button", "label": text("lab.remove_policy"),
         "disabled": sketch.edited == 0 and not sketch.all_policies[0].changes},
        *({"id": f"pin:{pin.name}", "kind": "button", "label": text("lab.add_pin", name=pin.name)}
          for pin in offered)])
    Controls.element(layout_name="column", name=text("plan.from"), on_event=act, fields=[
        {"id": "at", "kind": "select", "label": text("plan.from"), "value": sketch.plan.at,
         "options": moments(sketch.plan)}])
    solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("lab.levers_of", name=(
        sketch.all_policies[sketch.edited].name))))


def _fresh(sketch: Sketch, name: str) -> str:
    """A name that no policy has."""
    taken = {policy.name for policy in sketch.all_policies} | {text("lab.reference")}
    return next(found for found in (name, *(f"{name} {n}" for n in range(2, 99))) if found not in taken)


@solara.component
def _Design(sketch: Sketch, go: Go, desk: Desk, order: Order, done: Callable[[Source], None]) -> None:
    """What is sampled, what it costs, and the specification."""
    drafted: solara.Reactive[running.Draft | None] = solara.use_reactive(None)
    measured: solara.Reactive[tuple[running.Draft, Size | None, str] | None] = solara.use_reactive(None)

    async def work() -> None:
        await asyncio.sleep(PAUSE if drafted.value is not None else 0.0)
        draft = await asyncio.to_thread(running.draft, sketch.question, desk.folder)
        drafted.set(draft)
        if draft.study is None:
            return
        try:
            measured.set((draft, await asyncio.to_thread(running.size, draft.study), ""))
        except (MemoryError, SweepError) as error:
            measured.set((draft, None, str(error)))

    task = use_work(work, [sketch.question])
    draft = drafted.value
    if task.trouble:
        alert(tag("span", task.trouble))
    Study(sketch, go)
    if draft is None:
        solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("lab.measuring"))
        return
    if draft.faults:
        Faults(draft.faults)
    _, size, trouble = measured.value if measured.value and measured.value[0].text == draft.text else (None, None, "")
    Run(sketch, draft, size, trouble, desk, done)
    with solara.Div(classes=["ssr-two"]):
        Sampled(sketch, go, "levers", draft.faults)
        Sampled(sketch, go, "uncertainties", draft.faults)
    Specification(sketch, draft, order)
