"""Compare: the pinned policies beside the plan and the country as it is, on one axis and the same luck."""

from __future__ import annotations

from collections.abc import Callable

import solara
import solara.lab

from ssr_sim.comparison import Comparison

from .. import bands, goals, studio
from ..markup import Markup, tag
from ..messages import section, text
from ..pins import MOST, Pin
from ..plan import Plan
from ..widgets.chart import Chart
from ..widgets.controls import Controls

Arms = list[tuple[str, str, Comparison]]


@solara.component
def Compare(comparison: Comparison, plan: Plan, pins: tuple[Pin, ...], keep: Callable[[tuple[Pin, ...]], None]) -> None:
    """The plan and up to four pinned policies; `keep` takes the pins as they are to be."""
    finished: solara.Reactive[dict[str, Comparison]] = solara.use_reactive({})
    known = solara.use_memo(lambda: dict[Plan, Comparison](), [])

    async def work() -> None:
        for pin in pins:
            async for step in studio.whole(pin.plan.under(plan), known):
                finished.set({**finished.value, pin.name: step})

    task = solara.lab.use_task(work, dependencies=[pins, plan.question.as_baseline()])
    if task.error:
        solara.Error(str(task.exception))
    if not pins:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("compare.none", most=MOST)))
        return
    arms: Arms = [(text("compare.plan"), "plan", comparison)]
    arms += [(pin.name, f"pin{k}", finished.value[pin.name]) for k, pin in enumerate(pins, start=1)
             if pin.name in finished.value]
    fields = [{"id": pin.name, "kind": "button", "label": text("compare.unpin", name=pin.name)} for pin in pins]
    Controls.element(name=text("compare.pinned"), fields=fields, on_event=lambda event: keep(
        tuple(pin for pin in pins if pin.name != event["id"])))
    solara.HTML(tag="div", classes=["ssr-scroll"], attributes={"tabindex": "0"}, unsafe_innerHTML=_table(arms, plan))
    words = section("chart")
    shown = [(text("compare.nothing"), "baseline", comparison.a), *((label, role, c.b) for label, role, c in arms)]
    with solara.Div(classes=["ssr-two"]):
        Chart.element(data=bands.together(shown, plan.show), words=words, height=260)
        Chart.element(data=bands.lasting_together(shown), words=words, height=260)


def _table(arms: Arms, plan: Plan) -> Markup:
    """Goals by policy: the outcome, the paired change with its interval, and the verdict in a word."""
    heads = tag("tr", tag("th", "", scope="col"), tag("th", text("compare.nothing"), scope="col"),
                *(tag("th", label, tag("small", _runs(c, plan)), scope="col", class_=role) for label, role, c in arms))
    names = list(dict.fromkeys([*(plan.goals or goals.FIRST), *goals.ALWAYS]))
    rows = []
    for name in names:
        tiles = [goals.tile_of(name, comparison) for _, _, comparison in arms]
        cells = [tag("td", tag("b", tile.after), tag("small", f"{text(f'goals.{tile.verdict}')} {tile.change}"),
                     class_=tile.verdict) for tile in tiles]
        rows.append(tag("tr", tag("th", tiles[0].title, scope="row"), tag("td", tiles[0].before), *cells))
    return tag("table", tag("thead", heads), tag("tbody", *rows), class_="ssr-table")


def _runs(comparison: Comparison, plan: Plan) -> str:
    """How many pairs there are so far, while there are fewer than asked for."""
    return "" if comparison.pairs == plan.replicates else text("compare.so_far", n=comparison.pairs, of=plan.replicates)
