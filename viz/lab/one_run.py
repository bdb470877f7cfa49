"""One run that was chosen: which it is, what was drawn for it, what came of it, and the way to watch it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import solara

from ssr_sim.sweep.results import Results
from ssr_sim.sweep.store import SweepError

from ..alert import alert
from ..background import use_work
from ..markup import Markup, tag
from ..messages import section, text
from ..widgets.controls import Controls
from .names import name_of, shown
from .watching import plan_of, row_of


@solara.component
def OneRun(folder: Path, run_id: str) -> None:
    """Its policy, state, seed, levers, draws and outcomes, and "watch this run"."""
    router = solara.use_router()
    visitor = solara.get_session_id()
    row: solara.Reactive[tuple[str, Markup] | None] = solara.use_reactive(None)
    asked = solara.use_reactive(0)

    async def work() -> None:
        row.set((run_id, await asyncio.to_thread(lambda: about(folder, row_of(folder, run_id)))))

    async def watch() -> None:
        if asked.value:
            plan = await asyncio.to_thread(plan_of, folder, run_id, visitor)
            router.push(f"/plan?{plan.query()}")

    reading = use_work(work, [folder, run_id], refusals=(SweepError,))
    watching = use_work(watch, [asked.value], refusals=(SweepError,))
    for task in (reading, watching):
        if task.trouble:
            alert(tag("span", task.trouble))
    if row.value is None or row.value[0] != run_id:
        return
    with solara.Div(classes=["ssr-card", "ssr-one-run"]):
        Controls.element(name=text("lab.one_run"), on_event=lambda _: asked.set(asked.value + 1), fields=[
            {"id": "watch", "kind": "button", "look": "main", "label": text("lab.watch"),
             "help": text("lab.watch_help"), "disabled": watching.pending and asked.value > 0}])
        solara.HTML(tag="div", unsafe_innerHTML=row.value[1], attributes={"data-run": run_id})


def about(folder: Path, row: Mapping[str, Any]) -> Markup:
    """A run in words and numbers, as the sweep has kept it."""
    results = Results.open(folder)
    levers, states = results.levers, results.document["uncertainties"]
    words = section("lab.outcomes")
    head = text("lab.which", policy=row["policy"], state=row["state"], replicate=row["replicate"], seed=row["seed"])
    parts = [tag("h2", head), tag("p", text("lab.run_id"), Markup(" "), tag("code", str(row["run_id"])),
                                  class_="ssr-note")]
    columns = {"lab.came": [name for name in words if name in row], "lab.levers_set": levers, "lab.drawn": states}
    for title, names in columns.items():
        if names:
            pairs = (tag("div", tag("dt", name_of(name)), tag("dd", _value(name, row[name]))) for name in names)
            parts.append(tag("details", tag("summary", text(title, n=len(names))), tag("dl", Markup("".join(pairs))),
                             **({"open": ""} if title != "lab.drawn" or len(names) <= 20 else {})))
    return Markup("".join(parts))


def _value(name: str, value: Any) -> str:
    if value is None or value != value:
        return text("lab.never")
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return text("lab.yes" if value else "lab.no")
    return shown(name, float(value)) if not isinstance(value, str) else value
