"""Network: one run on the map of the country, four weeks by four weeks."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import solara

from ssr_sim.comparison import Comparison
from ssr_sim.ensemble import Ensemble
from ssr_sim.measures import INDEX, INDICATORS

from .. import frames, shares
from ..background import use_work
from ..messages import section, text
from ..plan import Plan, scenario_of
from ..widgets.controls import Controls
from ..widgets.network import Network as Map

WHICH = ("worst", "median", "best")


@solara.component
def Network(comparison: Comparison, plan: Plan) -> None:
    """Choose an arm and a run, then play it."""
    arm = solara.use_reactive("plan")
    which = solara.use_reactive("median")
    solara.use_effect(lambda: which.set("median" if plan.run is None else "run"), [plan.run])
    film: solara.Reactive[tuple[int, frames.Film] | None] = solara.use_reactive(None)
    ensemble = comparison.b if arm.value == "plan" else comparison.a
    replicate = chosen(ensemble, which.value, plan.run)
    shown = plan.question if arm.value == "plan" else plan.question.as_baseline()
    scenario = scenario_of(shown)

    async def work() -> None:
        film.set((replicate, await asyncio.to_thread(
            frames.film, scenario, plan.years, plan.seed, replicate, plan.parameters)))

    task = use_work(work, [shown, replicate])
    ground = solara.use_memo(lambda: frames.ground(scenario), [plan.country])
    if scenario.country.communities > frames.LARGEST:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=text("network.large", most=f"{frames.LARGEST:,}"))
        return
    if task.trouble:
        solara.Error(task.trouble)

    def act(event: dict[str, Any]) -> None:
        (arm if event["id"] == "arm" else which).set(event["value"])

    arms = [{"value": "plan", "label": comparison.label_b}, {"value": "nothing", "label": comparison.label_a}]
    Controls.element(layout_name="row inline", on_event=act, fields=[
        {"id": "arm", "kind": "select", "label": text("network.arm"), "value": arm.value, "options": arms},
        {"id": "which", "kind": "select", "label": text("network.which"), "value": which.value,
         "options": choices(WHICH, plan.run)}])
    if film.value is not None:
        number, played = film.value
        Map.element(ground=ground, film=about_film(played, number), values=played.values.tobytes(),
                    postings=played.postings, words=section("network"))


def choices(names: tuple[str, ...], run: int | None) -> list[dict[str, Any]]:
    """Which runs can be looked at, as options of a field; `run` is the one that the address names."""
    named = [] if run is None else [{"value": "run", "label": text("network.run", run=run)}]
    return [*named, *({"value": name, "label": text(f"network.{name}")} for name in names)]


def chosen(ensemble: Ensemble, which: str, run: int | None = None) -> int:
    """The number of the run with the shortest, the middling or the longest peace, or that lost it soonest ("lost").

    Deaths decide between equals; where no run lost its peace, "lost" is the worst. "run" is the number `run`.
    """
    if which == "run":
        if run is not None:
            return run
        which = "median"
    years, ended = ensemble.time_at_peace()
    order = np.lexsort((-ensemble.outcome("battle_deaths"), years))
    if which == "lost":
        lost = [int(run) for run in order if ended[run]]
        return lost[0] if lost else int(order[0])
    return int(order[{"worst": 0, "median": len(order) // 2, "best": -1}[which]])


def about_film(film: frames.Film, replicate: int) -> dict[str, Any]:
    """What the map has to know of a film besides its bytes."""
    meanings = frames.meanings()
    peace = float(film.outcomes["weeks_to_peace"])
    relapse = peace + float(film.outcomes["weeks_to_relapse_conflict"])
    fields = [{"name": field.name, "label": _label(field.name), "meaning": meanings[field.name],
               "unit": shares.shown(field.unit), "top": shares.scale(field.unit) * top}
              for field, top in zip(frames.SHOWN, film.tops, strict=True)]
    return {"weeks": film.weeks, "fields": fields, "communities": film.values.shape[2], "units": film.units.shape[1],
            "contingents": film.contingents.shape[1], "peace": -1 if np.isnan(peace) else int(peace),
            "relapse": -1 if np.isnan(relapse) else int(relapse), "rev": f"{replicate}-{film.outcomes['digest']}"}


def _label(name: str) -> str:
    words = section("network")
    return str(words[name]) if name in words else INDICATORS[INDEX[name]].label
