"""The results of a sweep: policies against the reference, what matters most, every run as a point."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, cast

import numpy as np
import solara

from ssr_sim.analysis import tables
from ssr_sim.analysis.contrasts import Contrast
from ssr_sim.analysis.outcomes import OUTCOMES
from ssr_sim.analysis.sensitivity import sensitivity
from ssr_sim.formats import amount, counted, interval, number
from ssr_sim.sweep.store import SweepError

from ..alert import alert
from ..background import use_work
from ..markup import tag
from ..messages import section, text
from ..plan import parameters
from ..tabs.table import as_html
from ..widgets.controls import Controls
from ..widgets.scatter import Scatter
from ..widgets.tornado import Tornado
from . import desk as desks
from .desk import Desk, Source
from .names import name_of, unit_of
from .one_run import OneRun
from .reading import Cloud, Findings, cloud, findings
from .sketch import VIEWS, Sketch

Go = Callable[[Sketch], None]
FEW = 6  # policies that have colours of their own
FEW_VALUES = 12  # values of a column whose points are spread to either side


@solara.component
def Results(sketch: Sketch, go: Go, desk: Desk, made: int) -> None:
    """Choose a sweep and a way to look at it; `made` changes when runs have been added."""
    sources = desks.readable(desk)
    source = desks.found(sketch.read, desk) or (sources[0] if sources else None)
    opened: solara.Reactive[tuple[Source, Findings] | None] = solara.use_reactive(None)

    async def work() -> None:
        if source is not None:
            opened.set((source, await asyncio.to_thread(findings, source.folder)))

    task = use_work(work, [source, made], refusals=(SweepError,))
    if source is None:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("lab.nothing_yet")))
        return
    if sketch.read and source.id != sketch.read:
        solara.Warning(text("lab.not_there", name=sketch.read))

    def act(event: dict[str, Any]) -> None:
        go(replace(sketch, view=event["value"]) if event["id"] == "view" else
           replace(sketch, read=event["value"], run=""))

    Controls.element(name=text("lab.results"), on_event=act, fields=[
        {"id": "read", "kind": "select", "label": text("lab.sweep"), "value": source.id,
         "options": [{"value": it.id, "label": it.label} for it in sources]},
        {"id": "view", "kind": "tabs", "label": text("lab.views"), "value": sketch.view,
         "options": [{"value": view, "label": text(f"lab.view_{view}")} for view in VIEWS]}])
    if task.trouble:
        alert(tag("span", task.trouble))
    elif opened.value is None or opened.value[0] != source:
        solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("lab.reading"))
    else:
        _Shown(sketch, go, source, opened.value[1])


@solara.component
def _Shown(sketch: Sketch, go: Go, source: Source, found: Findings) -> None:
    """One of the views."""
    if sketch.view == "scatter":
        _Points(sketch, go, found)
        if sketch.run:
            OneRun(source.folder, sketch.run)
    elif sketch.view == "tornado":
        _Largest(sketch, go, found)
    else:
        _Policies(found)


@solara.component
def _Policies(found: Findings) -> None:
    """The report's table of policies."""
    answer: solara.Reactive[tuple[Findings, str] | None] = solara.use_reactive(None)

    async def work() -> None:
        def told() -> str:
            if len(found.runs.policies) < 2:
                return str(tag("p", found.headline))
            return str(tag("p", found.headline, class_="ssr-headline")) + as_html(found.table)

        answer.set((found, await asyncio.to_thread(told)))

    task = use_work(work, [found])
    if task.trouble:
        solara.Error(task.trouble)
    elif answer.value is None or answer.value[0] is not found:
        solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("lab.comparing"))
    else:
        solara.HTML(tag="div", classes=["ssr-scroll", "ssr-policies"], unsafe_innerHTML=answer.value[1],
                    attributes={"tabindex": "0", "data-rows": str(len(found.frame))})


@solara.component
def _Largest(sketch: Sketch, go: Go, found: Findings) -> None:
    """The tornado: each policy against the reference, or what an outcome depends on."""
    answer: solara.Reactive[tuple[Any, dict[str, Any] | str] | None] = solara.use_reactive(None)
    asked = (found, sketch.outcome, sketch.over)

    async def work() -> None:
        answer.set((asked, await asyncio.to_thread(tornado, found, sketch.outcome, sketch.over)))

    task = use_work(work, list(asked))
    Controls.element(name=text("lab.view_tornado"), fields=[
        {"id": "outcome", "kind": "select", "label": text("lab.outcome"), "value": sketch.outcome,
         "options": [{"value": row.name, "label": row.label} for row in OUTCOMES.values()]},
        {"id": "over", "kind": "select", "label": text("lab.over"), "value": sketch.over,
         "options": [{"value": name, "label": text(f"lab.over_{name}")} for name in
                     ("policies", "levers", "uncertainties")]},
    ], on_event=lambda event: go(sketch.having(event["id"], event["value"])))
    if task.trouble:
        solara.Error(task.trouble)
    elif answer.value is None or answer.value[0] != asked:
        solara.HTML(tag="p", classes=["ssr-wait"], unsafe_innerHTML=text("lab.comparing"))
    elif isinstance(answer.value[1], str):
        solara.HTML(tag="p", classes=["ssr-note", "ssr-none"], unsafe_innerHTML=tag("span", answer.value[1]))
    else:
        Tornado.element(data=answer.value[1], words=section("chart"))


def tornado(found: Findings, outcome: str, over: str) -> dict[str, Any] | str:
    """What `widgets.tornado` draws, or in words why the study cannot give it."""
    about = OUTCOMES[outcome]
    if over == "policies":
        known = {row.policy: row for row in found.compared[outcome]}
        rows = sorted((known[name] for name in found.listed), key=lambda row: -abs(np.nan_to_num(row.difference.mean)))
        if not rows:
            return text("lab.one_policy")
        return {"title": text("lab.against", outcome=about.label, reference=found.runs.reference), "unit": about.unit,
                "xlabel": text("lab.difference", unit=about.unit), "rows": [_bar(row) for row in rows], "floor": None,
                "columns": [text("lab.policy"), text("lab.difference", unit=about.unit)], "note": text("lab.bars")}
    try:
        told = sensitivity(found.runs, outcome, cast(Literal["levers", "uncertainties"], over))
    except ValueError as why:
        return text("lab.not_shown", why=why)
    index = text("lab.sobol" if told.design == "saltelli" else "lab.pawn")
    shown = [row for row in told.influences if not math.isnan(row.total)]
    if not shown:
        return text("lab.none_above", floor=number(told.floor_total), hidden=len(told.influences))
    bars = [{"name": name_of(row.parameter), "value": row.total, "role": "better", "marked": True,
             "low": None if math.isnan(row.total_margin) else row.total - row.total_margin,
             "high": None if math.isnan(row.total_margin) else row.total + row.total_margin,
             "text": f"{row.total:.2f}"} for row in shown]
    note = text("lab.floor", floor=number(told.floor_total), hidden=len(told.influences) - len(shown))
    return {"title": text("lab.depends", outcome=about.label), "unit": "0–1", "xlabel": index, "rows": bars,
            "floor": told.floor_total, "columns": [text(f"lab.over_{over}"), index], "note": note}


def _bar(row: Contrast) -> dict[str, Any]:
    """A policy's difference; without an interval where too few pairs differ."""
    gap, unit = row.difference, row.outcome.unit
    known = gap.of > 0 and not math.isnan(gap.mean)
    sure = known and math.isfinite(gap.low) and math.isfinite(gap.high)
    mean = tables.signed(gap.mean) if row.outcome.share else amount(gap.mean, unit, True)
    ends = (f"{tables.signed(gap.low)} to {tables.signed(gap.high)}" if row.outcome.share
            else interval(gap.low, gap.high, unit, True)) if sure else tables.FEW
    words = text("lab.equal") if row.identical else f"{mean} ({ends})" if known else text("lab.no_pair")
    role = "plain" if not known or gap.mean == 0.0 else "better" if row.better else "worse"
    return {"name": row.policy, "value": gap.mean if known else None, "low": gap.low if sure else None,
            "high": gap.high if sure else None, "role": role, "marked": row.marked, "text": words}


@solara.component
def _Points(sketch: Sketch, go: Go, found: Findings) -> None:
    """The scatter: every run, or every state and policy, as a point that can be chosen."""
    known = found.columns
    x = sketch.x if sketch.x in known else next((name for name in [*found.runs.levers, *found.uncertainties]), "deaths")
    y = sketch.y if sketch.y in known else "years_of_peace"
    colour = sketch.colour if sketch.colour in known else "policy"
    points = solara.use_memo(lambda: cloud(found, x, y, colour, sketch.each), [found, x, y, colour, sketch.each])
    ids = found.frame["run_id"].to_numpy()
    chosen = next(iter(np.flatnonzero(ids[points.rows] == sketch.run)), -1) if sketch.run else -1
    groups = {"outcome": list(OUTCOMES), "lever": list(found.runs.levers), "uncertain": found.uncertainties}
    options = [{"value": name, "label": _axis(name), "group": text(f"lab.group_{_group(name, groups)}")}
               for name in known]
    colours = [{"value": "policy", "label": text("lab.policy")}, *options]
    Controls.element(name=text("lab.view_scatter"), fields=[
        {"id": "x", "kind": "select", "label": text("lab.x"), "value": x, "options": options},
        {"id": "y", "kind": "select", "label": text("lab.y"), "value": y, "options": options},
        {"id": "colour", "kind": "select", "label": text("lab.colour"), "value": colour, "options": colours},
        {"id": "each", "kind": "select", "label": text("lab.each"), "value": sketch.each,
         "options": [{"value": name, "label": text(f"lab.each_{name}")} for name in ("run", "state")]},
    ], on_event=lambda event: go(sketch.having(event["id"], event["value"])))
    data = solara.use_memo(lambda: scattered(found, points, x, y, colour, sketch.each),
                           [found, points])
    Scatter.element(data=data | {"chosen": int(chosen)}, x=points.x.tobytes(), y=points.y.tobytes(),
                    colour=data_colour(found, points, colour), words=section("chart") | section("lab.scatter"),
                    height=330, on_event=lambda event: go(
                        replace(sketch, run=str(ids[points.rows[event["index"]]]))))


def scattered(found: Findings, points: Cloud, x: str, y: str, colour: str, each: str) -> dict[str, Any]:
    """What `widgets.scatter` has to know of points besides their bytes."""
    of = text(f"lab.each_{each}")
    note = text("lab.points_note", n=f"{len(points.rows):,}", of=f"{points.of:,}", each=of) if (
        len(points.rows) < points.of) else text("lab.points_all", n=counted(len(points.rows), "point"), each=of)
    about: dict[str, Any] = {"title": text("lab.cloud", y=name_of(y), x=name_of(x)), "note": note,
                             "rev": f"{x}-{y}-{colour}-{each}",
                             "x": _axis_of(found, x, points.x, each), "y": _axis_of(found, y, points.y, each)}
    if colour == "policy":
        names = found.runs.policies
        kinds = list(names) if len(names) <= FEW else [names[0], text("lab.others", n=len(names) - 1)]
        return about | {"kinds": kinds}
    finite = points.colour[np.isfinite(points.colour)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return about | {"ramp": {"label": _axis(colour), "low": low, "high": high}}


def data_colour(found: Findings, points: Cloud, colour: str) -> bytes:
    """The colours as bytes; of many policies only the reference has a colour of its own."""
    if colour == "policy" and len(found.runs.policies) > FEW:
        return bytes(np.minimum(points.colour, 1.0).astype(np.float32).tobytes())
    return bytes(points.colour.tobytes())


def _axis_of(found: Findings, name: str, values: np.ndarray[Any, np.dtype[np.float32]], each: str) -> dict[str, Any]:
    """An axis with its unit, and the names of what it numbers: options of a choice, no and yes."""
    row = parameters().get(name)
    options = list(row.options) if row is not None else []
    if each == "run" and found.is_yes_or_no(name):
        options = [text("lab.no"), text("lab.yes")]
    return {"label": name_of(name), "unit": unit_of(name), "jitter": _jitter(values), "options": options}


def _jitter(values: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    """How far points that share a value are spread, at most a third of the way to the next value."""
    different = np.unique(values)
    if not 1 < len(different) <= min(FEW_VALUES, len(values) - 1):
        return 0.0
    return float(np.diff(different).min()) / 4.0


def _axis(name: str) -> str:
    unit = unit_of(name)
    return f"{name_of(name)} ({unit})" if unit else name_of(name)


def _group(name: str, groups: dict[str, list[str]]) -> str:
    return next((group for group, names in groups.items() if name in names), "more")
