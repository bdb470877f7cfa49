"""Compare: the pinned policies beside the plan and the country as it is, on one axis and the same luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from ssr_sim import summary
from ssr_sim.comparison import Comparison
from ssr_sim.measures import INDEX, INDICATORS

from .. import bands, described, goals, studio
from ..background import use_work
from ..markup import Markup, tag
from ..messages import section, text
from ..pins import MOST, Pin, twin
from ..plan import Plan
from ..recent import Recent
from ..widgets.chart import Chart
from ..widgets.controls import Controls

Arms = list[tuple[str, str, Comparison]]


@solara.component
def Compare(comparison: Comparison, plan: Plan, pins: tuple[Pin, ...], keep: Callable[[tuple[Pin, ...]], None],
            known: Recent[Plan, Comparison]) -> None:
    """The plan and up to four pinned policies.

    `keep` takes the pins as they are to be; `known` holds finished comparisons by their question.
    """
    growing: solara.Reactive[tuple[str, Comparison] | None] = solara.use_reactive(None)

    async def work() -> None:
        for pin in pins:
            async for step in studio.whole(pin.plan.under(plan), known):
                growing.set((pin.name, step))
        growing.set(None)

    task = use_work(work, [pins, plan.question.as_baseline()])
    if task.trouble:
        solara.Error(task.trouble)
    if not pins:
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("compare.none", most=MOST)))
        return
    fields = [{"id": pin.name, "kind": "button", "label": text("compare.unpin", name=pin.name)} for pin in pins]
    Controls.element(name=text("compare.pinned"), fields=fields, on_event=lambda event: keep(
        tuple(pin for pin in pins if pin.name != event["id"])))
    if growing.value is not None and task.pending:
        name, step = growing.value
        running = text("compare.running", name=name, n=step.pairs, of=plan.replicates)
        solara.HTML(tag="p", classes=["ssr-note"], attributes={"role": "status"}, unsafe_innerHTML=tag("span", running))
    arms = finished(comparison, plan, pins, known)
    if len(arms) > 1:
        solara.HTML(tag="div", classes=["ssr-words"], unsafe_innerHTML=_words(arms, plan))
    table = _table(arms, plan, pins)
    solara.HTML(tag="div", classes=["ssr-scroll"], attributes={"tabindex": "0"}, unsafe_innerHTML=table)
    words = section("chart")
    *small, lasting = charts(arms, plan, pins)
    solara.HTML(tag="h2", classes=["ssr-headline"], unsafe_innerHTML=tag(
        "span", text("compare.alone", indicator=INDICATORS[INDEX[plan.show]].label)))
    with solara.Div(classes=["ssr-small"]):
        for chart in small:
            Chart.element(data=chart, words=words, height=200)
    Chart.element(data=lasting, words=words, height=260)


def finished(comparison: Comparison, plan: Plan, pins: tuple[Pin, ...], known: Recent[Plan, Comparison]) -> Arms:
    """The plan and those pinned policies that are `known`, as (label, role, comparison); a plan that is pinned stands
    there once, under its name.
    """
    once = twin(plan, pins) is not None and known.get(plan.question) is not None
    arms: Arms = [] if once else [(text("compare.plan"), "plan", comparison)]
    for k, pin in enumerate(pins, start=1):
        found = known.get(pin.plan.under(plan).question)
        if found is not None:
            arms.append((pin.name, f"pin{k}", found))
    return arms


def all_finished(plan: Plan, pins: tuple[Pin, ...], known: Recent[Plan, Comparison]) -> bool:
    """Whether every pinned policy has all its runs."""
    return all(known.get(pin.plan.under(plan).question) is not None for pin in pins)


def charts(arms: Arms, plan: Plan, pins: tuple[Pin, ...]) -> list[dict[str, Any]]:
    """A small chart for each policy, all on one axis, and last how long peace lasts under all of them.

    `about` says what a pinned policy changes, for those who see the figure alone.
    """
    nothing = (text("compare.nothing"), "baseline", arms[0][2].a)
    shown = [nothing, *((label, role, c.b) for label, role, c in arms)]
    about = {pin.name: "; ".join(map(described.sentence, described.rows(pin.plan.under(plan)))) for pin in pins}
    small = [chart | ({"about": f"“{chart['title']}”: {about[chart['title']]}."} if chart["title"] in about else {})
             for chart in bands.alone(shown, plan.show)]
    return [*small, bands.lasting_together(shown)]


def _words(arms: Arms, plan: Plan) -> Markup:
    """What the comparison says, in plain words: first of the plan's first goal."""
    goal = next(goal for goal in map(goals.goal_of, (*plan.goals, *goals.FIRST)) if goal.up is not None)
    gains = [goal.gain(comparison) for _, _, comparison in arms]
    best = [arm for arm, gain in zip(arms, gains, strict=True) if gain == max(gains)]
    tile = goals.tile_of(goal.name, best[0][2])
    ending = "none_better" if max(gains) <= 0.0 else "best" if len(best) == 1 else "alike"
    first = text(f"compare.{ending}", n=len(arms), goal=tile.title, names=", ".join(f"“{arm[0]}”" for arm in best),
                 after=tile.after, before=tile.before, verdict=f"{tile.word} {tile.change}".strip())
    lines = [tag("li", _line(label, comparison)) for label, _, comparison in arms]
    return Markup(tag("p", first) + tag("ul", *lines) + tag("p", text("compare.caution")))


def _line(label: str, comparison: Comparison) -> str:
    """One policy against nothing changed: for how many it is better, by how much, at what cost and price."""
    years, cost = goals.tile_of("years_of_peace", comparison), goals.tile_of("cost", comparison)
    gap = text("compare.years", change=years.change) if years.change else text("compare.years_same")
    costs = text("compare.costs", change=cost.change) if cost.change else text("compare.costs_same")
    value, what, *_ = [*summary.price_of_peace(comparison).split("\n"), ""]
    if value.startswith("USD"):
        costs += " " + text("compare.priced", value=value, what=what)
    return text("compare.each", name=f"“{label}”", of=comparison.pairs, gap=gap, cost=costs, **years.worlds._asdict())


def _table(arms: Arms, plan: Plan, pins: tuple[Pin, ...]) -> Markup:
    """What each policy changes, and goals by policy: the outcome, the paired change with its interval, the verdict."""
    heads = tag("tr", tag("th", "", scope="col"), tag("th", text("compare.nothing"), scope="col"),
                *(tag("th", label, tag("small", _runs(c, plan)), scope="col", class_=role) for label, role, c in arms))
    names = list(dict.fromkeys([*(plan.goals or goals.FIRST), *goals.ALWAYS]))
    plans = {text("compare.plan"): plan} | {pin.name: pin.plan.under(plan) for pin in pins}
    changes = [tag("td", *(tag("small", described.sentence(row)) for row in described.rows(plans[label])))
               for label, _, _ in arms]
    rows = [tag("tr", tag("th", text("compare.levers"), scope="row"), tag("td", ""), *changes, class_="changes")]
    for name in names:
        tiles = [goals.tile_of(name, comparison) for _, _, comparison in arms]
        said = [f"{tile.word} {tile.change}".strip().replace(" (", "\n(").split("\n") for tile in tiles]
        cells = [tag("td", tag("b", tile.after), *(tag("small", line) for line in lines), class_=tile.verdict)
                 for tile, lines in zip(tiles, said, strict=True)]
        rows.append(tag("tr", tag("th", tiles[0].title, scope="row"), tag("td", tiles[0].before), *cells))
    return tag("table", tag("thead", heads), tag("tbody", *rows), class_="ssr-table")


def _runs(comparison: Comparison, plan: Plan) -> str:
    """How many pairs there are so far, while there are fewer than asked for."""
    return "" if comparison.pairs == plan.replicates else text("compare.so_far", n=comparison.pairs, of=plan.replicates)
