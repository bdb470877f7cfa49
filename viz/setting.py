"""The setting of a plan, above the levers: the country, how long, how many runs, and from when levers count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ssr_sim.run import weeks_in
from ssr_sim.scenario import scenario_names

from . import own
from .described import when
from .markup import tag
from .messages import text
from .plan import Plan, scenario_of
from .widgets.controls import Controls

YEARS = (5, 10, 15, 20)
REPLICATES = (16, 64, 128, 256)


@solara.component
def Setting(plan: Plan, go: Callable[[Plan], None]) -> None:
    """Everything that a result depends on besides the levers."""
    def act(event: dict[str, Any]) -> None:
        value: Any = int(event["value"]) if event["id"] == "seed" else event["value"]
        go(replace(plan, run=None, **{event["id"]: value}))

    Controls.element(layout_name="column", name=text("plan.setting"), on_event=act, fields=[
        {"id": "country", "kind": "select", "label": text("plan.country"), "options": countries(plan),
         "value": plan.country}])
    Controls.element(layout_name="three", name=text("plan.setting"), on_event=act, fields=[
        _whole("years", YEARS, plan.years), _whole("replicates", REPLICATES, plan.replicates),
        {"id": "seed", "kind": "number", "label": text("plan.seed"), "value": plan.seed, "lo": 0, "hi": 2**53,
         "step": 1}])
    Controls.element(layout_name="column", name=text("plan.setting"), on_event=act, fields=[
        {"id": "ignorance", "kind": "switch", "label": text("plan.ignorance"), "value": plan.ignorance,
         "help": text("plan.ignorance_help")},
        {"id": "at", "kind": "select", "label": text("plan.from"), "value": plan.at, "options": moments(plan)}])
    _Branch(plan, go)


@solara.component
def _Branch(plan: Plan, go: Callable[[Plan], None]) -> None:
    """Says in words from when the levers below count, so that nobody branches without knowing."""
    if not plan.at:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("plan.branch_start")))
        return
    with solara.Div(classes=["ssr-branch"], attributes={"role": "status"}):
        solara.HTML(tag="p", unsafe_innerHTML=tag("span", text("plan.branch", when=when(plan.at))))
        Controls.element(on_event=lambda _: go(replace(plan, at=0)), fields=[
            {"id": "start", "kind": "button", "label": text("plan.branch_back")}])


def countries(plan: Plan) -> list[dict[str, Any]]:
    """The countries that ship, and the plan's own file, as options of a field."""
    names = [*scenario_names(), *([plan.country] if own.is_own(plan.country) else [])]
    return [{"value": name, "label": scenario_of(Plan(country=name)).title} for name in names]


def moments(plan: Plan) -> list[dict[str, Any]]:
    """The start, every full year and the week that is chosen, as options of a field."""
    weeks = {0, plan.at, *(weeks_in(year) for year in range(1, plan.years))}
    return [{"value": week, "label": when(week)} for week in sorted(weeks)]


def _whole(name: str, offered: tuple[int, ...], value: int) -> dict[str, Any]:
    label = text("plan.runs" if name == "replicates" else f"plan.{name}")
    return {"id": name, "kind": "select", "label": label, "value": value,
            "options": [{"value": n, "label": str(n)} for n in sorted({*offered, value})]}
