"""What one does with a plan besides changing it: pin, copy, open and save, export, print, undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import solara

from ssr_sim.comparison import Comparison

from .. import own, pins
from ..answering import Answer
from ..messages import text
from ..plan import Plan
from ..recent import Recent
from ..tabs import compare
from ..tabs.effects import charts
from ..talk import Talk
from . import opening


class Doing(NamedTuple):
    """`do` takes a control's name and value; how the opening of a file goes; the page to print, as HTML."""

    do: Callable[[str, Any], None]
    reading: opening.Reading | None
    printed: str


def use_doing(plan: Plan, go: Callable[[Plan], None], answer: Answer, talk: Talk, known: Recent[Plan, Comparison],
              tell: Callable[..., None]) -> Doing:
    """What the controls of `actions.Actions` do that do not change the plan; `tell` hears what there is to say."""
    def opened(digest: str) -> None:
        saved = opening.plan_in(digest)
        new = saved or replace(plan, country=own.country_of(digest), changes=(), at=0, run=None)
        file = own.held(own.country_of(digest), solara.get_session_id())
        tell(text("own.opened_plan" if saved else "own.opened", file=file.name if file else ""), new)
        go(new)

    def shown(comparison: Comparison) -> list[dict[str, Any]]:
        if plan.tab == "compare" and talk.pins:
            return compare.charts(compare.finished(comparison, plan, talk.pins, known), plan, talk.pins)
        return charts(comparison, plan)

    def ready() -> bool:
        return compare.all_finished(plan, talk.pins or (), known)

    take, reading = opening.use_opening(opened)
    export, printed = _use_export(plan, answer, talk, shown, ready, tell)

    def pin() -> None:
        pinned = talk.pins or ()
        twin = pins.twin(plan, pinned)
        if twin:
            tell(text("plan.pinned_already", name=twin.name))
            return
        if answer.comparison is not None and answer.settled(plan):
            known.keep(plan.question, answer.comparison)  # what has run once need not run again to be compared
        new = pins.Pin(pins.named(plan, pinned, text("compare.reform")), plan)
        said = "plan.pinned_instead" if len(pinned) == pins.MOST else "plan.pinned"
        tell(text(said, name=new.name, first=(*pinned, new)[0].name))
        talk.keep((*pinned, new)[-pins.MOST:])

    def do(name: str, value: Any) -> None:
        tell("")
        if name == "pin":
            pin()
        elif name == "copy":
            talk.order("copy", text=f"{{origin}}/plan?{plan.query()}")
        elif name == "open":
            take(value)
        elif name in ("save", "export"):
            export("toml" if name == "save" else value)
        else:
            talk.order(name)

    return Doing(do, reading, printed)


def _use_export(plan: Plan, answer: Answer, talk: Talk, shown: Callable[[Comparison], list[dict[str, Any]]],
                ready: Callable[[], bool], tell: Callable[[str], None]) -> tuple[Callable[[str], None], str]:
    """What makes a file of a kind (`exports.file`) or the page to "print", and that page while the plan is the same.

    `shown` gives the charts of the open tab; `ready` says whether all its policies have their runs.
    """
    printed: solara.Reactive[tuple[Plan, str] | None] = solara.use_reactive(None)

    def export(kind: str) -> None:
        from .. import exports  # here, because Matplotlib takes longer to load than all else on this page
        from ..sheet import sheet

        comparison, address = answer.comparison, f"{talk.origin}/plan?{plan.query()}"
        if kind == "toml":
            talk.order("download", **exports.saved(plan)._asdict())
        elif comparison is None or not answer.answers(plan):  # never this plan above the numbers of another
            tell(text("plan.not_yet"))
        elif kind == "print":
            printed.set((plan, sheet(comparison, plan, address, charts(comparison, plan))))
            talk.order("print", of=".ssr-sheet")
        elif kind in exports.PICTURES and plan.tab == "compare" and not ready():
            tell(text("plan.pins_not_yet"))
        else:
            talk.order("download", **exports.file(kind, comparison, plan, address, lambda: shown(comparison))._asdict())

    return export, printed.value[1] if printed.value is not None and printed.value[0] == plan else ""


def use_note(plan: Plan) -> tuple[str, Callable[..., None]]:
    """A sentence that stands until the plan changes, and what sets it, for this plan or for one that is to come."""
    note: solara.Reactive[tuple[Plan, str] | None] = solara.use_reactive(None)
    said = note.value[1] if note.value is not None and note.value[0] == plan else ""
    return said, lambda sentence, of=plan: note.set((of, sentence))
