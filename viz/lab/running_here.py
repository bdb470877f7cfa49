"""Running a small sweep in the app: what it takes, a button, progress with rate and time left, a way to stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import solara

from ssr_sim.formats import duration
from ssr_sim.sweep.plan import Plan as Size
from ssr_sim.sweep.store import SweepError

from ..background import use_work
from ..markup import Markup, tag
from ..messages import text
from ..widgets.controls import Controls
from . import running
from .designing import in_words
from .desk import Desk, Source
from .sketch import Sketch
from .specification import commands


@solara.component
def Run(sketch: Sketch, draft: running.Draft, size: Size | None, trouble: str, desk: Desk,
        done: Callable[[Source], None]) -> None:
    """The size of the study, and the run of it; `done` is told where its results are."""
    asked: solara.Reactive[tuple[int, running.Draft | None]] = solara.use_reactive((0, None))
    step: solara.Reactive[running.Step | None] = solara.use_reactive(None)
    told = solara.use_reactive("")
    folder = solara.use_reactive("")
    stopping: Any = solara.use_ref(threading.Event())

    async def work() -> None:
        wanted = asked.value[1]
        if wanted is None or wanted.study is None:
            return
        study, stop, loop = wanted.study, threading.Event(), asyncio.get_running_loop()
        stopping.current = stop
        label = text("lab.made_here", name=study.name, runs=f"{study.pairs * study.replicates.most:,}")
        told.set("")

        def tell(now: running.Step) -> None:
            with suppress(RuntimeError):  # the page has gone, and its loop
                loop.call_soon_threadsafe(step.set, now)

        step.set(running.Step(0, study.pairs * study.replicates.most, 0, 0.0))
        try:
            wanted_folder = Path(folder.value.strip()).expanduser() if folder.value.strip() else None
            source = desk.place(study.digest, label, wanted_folder)
            await asyncio.to_thread(running.carry_out, study, source.folder, tell, stop)
        except running.Cancelled:
            desk.keep(source)
            told.set(text("lab.cancelled"))
        except (SweepError, MemoryError, OSError, RuntimeError) as error:  # RuntimeError: there is no such home
            told.set(str(error))
        else:
            desk.keep(source)
            told.set(text("lab.kept_in", folder=source.folder.resolve()) if folder.value.strip() else "")
            done(source)
        finally:
            stop.set()
            step.set(None)

    task = use_work(work, [asked.value[0]])
    at_work = task.pending and step.value is not None

    def act(event: dict[str, Any]) -> None:
        if event["id"] == "run":
            asked.set((asked.value[0] + 1, draft))
        elif event["id"] == "cancel":
            stopping.current.set()
        else:
            folder.set(event["value"])

    with solara.Div(classes=["ssr-run"]):
        if draft.study is not None:
            about = in_words(size) if size is not None else tag("span", trouble or text("lab.measuring"))
            solara.HTML(tag="p", classes=["ssr-headline"], unsafe_innerHTML=about,
                        attributes={"role": "status", "data-runs": str(size.most if size else "")})
        fits = size is not None and running.small(size)
        if at_work:
            Controls.element(name=text("lab.running"), on_event=act, fields=[
                {"id": "cancel", "kind": "button", "label": text("lab.cancel")}])
            _Progress(step.value)
        elif draft.study is not None and size is not None and not fits:
            large = text("lab.large", runs=f"{running.MOST_RUNS:,}", minutes=f"{running.MOST_SECONDS / 60:g}")
            solara.HTML(tag="p", classes=["ssr-note", "large"],
                        unsafe_innerHTML=Markup(tag("span", large) + " " + tag("code", commands(sketch)[1])))
        elif draft.study is not None:
            Controls.element(name=text("lab.running"), on_event=act, fields=[
                {"id": "run", "kind": "button", "look": "main", "label": text("lab.run_here"), "disabled": not fits},
                {"id": "folder", "kind": "text", "label": text("lab.folder"), "value": folder.value, "size": 34,
                 "help": text("lab.folder_help")}])
        if task.trouble:
            solara.Error(task.trouble)
        elif told.value and not at_work:
            solara.HTML(tag="p", classes=["ssr-note", "told"], attributes={"role": "status"},
                        unsafe_innerHTML=tag("span", told.value))


@solara.component
def _Progress(step: running.Step | None) -> None:
    if step is None:
        return
    words = text("lab.progress", done=f"{step.done:,}", of=f"{step.of:,}")
    if step.rate:
        words += " " + text("lab.rate", rate=f"{step.rate:,.0f}", left=duration(step.left))
    if step.failed:
        words += " " + text("lab.failed", n=f"{step.failed:,}")
    bar = tag("progress", value=step.done, max=max(step.of, 1), aria_label=text("lab.running"))
    solara.HTML(tag="div", classes=["ssr-progress"], unsafe_innerHTML=bar + tag("span", words),
                attributes={"data-done": str(step.done)})
