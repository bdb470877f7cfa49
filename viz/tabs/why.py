"""Why: the events that led one run to its relapse, each prevented on common luck beside a placebo."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

import solara

from ssr_sim.comparison import Comparison

from ..background import use_work
from ..markup import Markup, tag
from ..messages import text
from ..plan import Plan, levers, scenario_of
from ..widgets.controls import Controls
from .network import WHICH, choices, chosen
from .table import as_html

if TYPE_CHECKING:
    from ssr_sim.why.explain import Explanation

ASKED = ("lost", *WHICH)
CONTINUATIONS = (20, 50, 100, 200)


class Answer(NamedTuple):
    """What kind of explanation it is, and all of it as HTML."""

    kind: str
    html: Markup


class _GivenUp(Exception):
    """The visitor asks something else or has left."""


@solara.component
def Why(comparison: Comparison, plan: Plan) -> None:
    """Choose a run, ask, and read the answer."""
    asked: solara.Reactive[dict[str, Any]] = solara.use_reactive(
        {"arm": "plan", "which": "lost", "continuations": 50, "levers": False, "count": 0})
    solara.use_effect(lambda: asked.set(asked.value | {"which": "lost" if plan.run is None else "run", "count": 0}),
                      [plan.run])
    answer: solara.Reactive[Answer | None] = solara.use_reactive(None)
    progress = solara.use_reactive("")
    question = asked.value
    ensemble = comparison.b if question["arm"] == "plan" else comparison.a
    which = question["which"]
    ways = ASKED if ensemble.time_at_peace()[1].any() else WHICH  # nobody lost a peace: nobody lost it soonest
    if which == "lost" and which not in ways:
        which = "worst"
    replicate = chosen(ensemble, which, plan.run)
    shown = plan.question if question["arm"] == "plan" else plan.question.as_baseline()

    async def work() -> None:
        answer.set(None)
        progress.set("")
        if question["count"]:
            answer.set(await _answer(shown, replicate, question, progress.set))

    task = use_work(work, [question["count"], shown])

    def act(event: dict[str, Any]) -> None:
        change = {"count": question["count"] + 1} if event["id"] == "ask" else {event["id"]: event["value"], "count": 0}
        asked.set({**question, **change})

    arms = [{"value": "plan", "label": comparison.label_b}, {"value": "nothing", "label": comparison.label_a}]
    Controls.element(layout_name="row inline", on_event=act, fields=[
        {"id": "arm", "kind": "select", "label": text("network.arm"), "value": question["arm"], "options": arms},
        {"id": "which", "kind": "select", "label": text("network.which"), "value": which,
         "options": choices(ways, plan.run)},
        {"id": "continuations", "kind": "select", "label": text("why.continuations"),
         "value": question["continuations"], "options": [{"value": n, "label": str(n)} for n in CONTINUATIONS]},
        {"id": "levers", "kind": "switch", "label": text("why.levers"), "value": question["levers"]},
        {"id": "ask", "kind": "button", "look": "main", "label": text("why.ask", run=replicate),
         "disabled": task.pending and bool(question["count"])}])
    if ways is not ASKED:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=text("why.none", n=ensemble.replicates))
    if plan.ignorance:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=text("why.luck"))
    if task.trouble:
        solara.Error(task.trouble)
    elif answer.value is not None:
        solara.HTML(tag="div", classes=["ssr-why"], unsafe_innerHTML=answer.value.html,
                    attributes={"data-kind": answer.value.kind})
    else:
        note = progress.value or text("why.how")
        solara.HTML(tag="p", classes=["ssr-note"], attributes={"aria-live": "polite"}, unsafe_innerHTML=note)


async def _answer(plan: Plan, replicate: int, question: dict[str, Any], tell: Any) -> Answer:
    """The explanation, worked out in a thread of its own that ends when nobody waits for it any more."""
    loop, left = asyncio.get_running_loop(), False

    def counted(done: int, total: int) -> None:
        if left:
            raise _GivenUp
        if done % 50 == 0 or done == total:
            loop.call_soon_threadsafe(tell, text("why.progress", done=f"{done:,}", total=f"{total:,}"))

    def explained() -> Answer:
        from ssr_sim.why.explain import explain  # with its pictures half a second to import

        tried = [key for key, row in levers().items() if row.headline] if question["levers"] else []
        found = explain(scenario_of(plan), plan.seed, replicate, plan.years, question["continuations"], counted, None,
                        None, tried)
        return Answer(found.kind, _html(found))

    try:
        return await asyncio.to_thread(explained)
    finally:
        left = True


def _html(explanation: Explanation) -> Markup:
    """Answer, figures and tables, as in the page that `ssr-sim why --out` writes."""
    from ssr_sim import drawing
    from ssr_sim.why import page, words

    pictures = page.illustrate(explanation)
    parts = [tag("p", words.headline(explanation), class_="answer")]
    if explanation.kind != "no peace":
        figure, caption = pictures["timeline"]
        parts += [_figure(drawing.svg(figure), caption)]
    for table in words.tables(explanation):
        parts.append(as_html(table))
        name = {"The chain of events": "events", "What would have broken it: blows": "blows"}.get(table.title, "")
        if name in pictures:
            parts.append(_figure(drawing.svg(pictures[name][0]), pictures[name][1]))
    if "levers" in pictures:
        parts.append(_figure(drawing.svg(pictures["levers"][0]), pictures["levers"][1]))
    return Markup("".join([*parts, tag("ul", *(tag("li", sentence) for sentence in words.HONESTY), class_="ssr-note")]))


def _figure(picture: str, caption: str) -> Markup:
    return tag("figure", Markup(picture[picture.index("<svg"):]), tag("figcaption", caption), class_="ssr-figure")
