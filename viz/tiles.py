"""The tiles above the charts: what each goal says of a plan, its cost against the budget, and the price of peace."""

from __future__ import annotations

import solara

from ssr_sim import __version__, summary
from ssr_sim.comparison import Comparison
from ssr_sim.formats import usd

from . import goals
from .markup import Markup, tag
from .messages import text
from .plan import Plan


@solara.component
def Tiles(comparison: Comparison, plan: Plan, current: bool) -> None:
    """One tile for each chosen goal, one for the cost, one for the price of a year of peace; what they stand on.

    `current` says whether they answer the plan, or one that is left behind while the plan's first runs are awaited.
    """
    chosen = (*(plan.goals or goals.FIRST), plan.budget)
    inside = solara.use_memo(lambda: tiles(comparison, plan), [comparison, *chosen])
    solara.HTML(tag="section", classes=["ssr-tiles"], unsafe_innerHTML=inside,
                attributes={"aria-label": text("goals.choose"), "data-pairs": str(comparison.pairs * current)})
    solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", standing(comparison, plan)))


def tiles(comparison: Comparison, plan: Plan) -> Markup:
    """The tiles as HTML."""
    named = [name for name in plan.goals or goals.FIRST if name != "cost"]
    parts = [_goal(goals.tile_of(name, comparison)) for name in named]
    return Markup("".join([*parts, _cost(comparison, plan), _price(comparison)]))


def standing(comparison: Comparison, plan: Plan) -> str:
    """What the numbers stand on: how many pairs of runs, which luck, which version, and what the bands hold."""
    done, wanted = comparison.pairs, plan.replicates
    pairs = text("plan.pairs", n=done) if done == wanted else text("plan.pairs_so_far", n=done, of=wanted)
    about = text("app.ignorance" if plan.ignorance else "app.luck")
    stands_on = text("plan.stands_on", seed=plan.seed, version=__version__, prices=comparison.a.scenario.price_year)
    return f"{pairs}, {stands_on} {about}"


def _goal(tile: goals.Tile) -> Markup:
    counted = tag("p", _whole(tile.counted, " · "), class_="worlds", title=text("goals.luck"))
    worlds = (_bar(tile.worlds), counted) if tile.counted else ()
    return tag("article", tag("h2", tile.title),
               tag("p", tag("span", tile.after, class_="after"), " ", _before(tile), class_="main"),
               _change(tile), *worlds,
               class_=f"ssr-tile {tile.verdict}", data_goal=tile.name)


def _cost(comparison: Comparison, plan: Plan) -> Markup:
    tile = goals.tile_of("cost", comparison)
    parts = [tag("h2", tile.title), tag("p", tile.after, class_="after"), tag("p", _before(tile), class_="main"),
             _change(tile)]
    if plan.budget is not None:
        parts.append(_budget(float(comparison.b.outcome("cost_usd").astype(float).mean()), plan.budget))
    return tag("article", *parts, class_=f"ssr-tile money {tile.verdict}", data_goal="cost")


def _budget(cost: float, budget: float) -> Markup:
    """How far the cost fills the budget: a bar, and in words by how much it is over or under."""
    over = cost > budget
    whole = max(cost, budget) or 1.0
    words = text("goals.over" if over else "goals.under", gap=usd(abs(budget - cost)), budget=usd(budget))
    bar = tag("div", tag("i", class_="filled", style=f"width: {100 * min(cost, budget) / whole:.1f}%"),
              tag("i", class_="beyond", style=f"width: {100 * max(cost - budget, 0.0) / whole:.1f}%"),
              class_="ssr-budget", aria_hidden="true")
    return Markup(bar + tag("p", words, class_=f"budget {'over' if over else 'under'}"))


def _price(comparison: Comparison) -> Markup:
    """What a year of peace costs, as `ssr-sim compare` says it, or why it has no price."""
    first, _, rest = summary.price_of_peace(comparison).partition("\n")
    value, _, why = first.partition(": ")
    what, _, span = rest.partition("\n")
    if why:
        value, what, span = text("goals.no_price"), f"{why} {what} {span}".strip(), ""
    lines = [tag("p", line, class_=name) for line, name in ((what, "what"), (span and f"({span})", "change")) if line]
    return tag("article", tag("h2", text("goals.price")), tag("p", value, class_="after"), *lines,
               class_="ssr-tile money", data_goal="price")


def _before(tile: goals.Tile) -> Markup:
    return tag("span", f"{text('goals.before')} {tile.before}", class_="before")


def _change(tile: goals.Tile) -> Markup:
    mean, _, span = tile.change.partition(" (")
    interval = (" ", tag("span", f"({span}", class_="whole")) if span else ()
    return tag("p", tag("b", tile.word), f" {mean}" if tile.word else mean, *interval, class_="change")


def _whole(words: str, between: str) -> Markup:
    """Words that break only between their parts."""
    return Markup(between.join(tag("span", part, class_="whole") for part in words.split(between)))


def _bar(worlds: goals.Worlds) -> Markup:
    """The worlds that do better, the same and worse, as parts of a bar."""
    of = max(sum(worlds), 1)
    parts = [tag("i", class_=name, style=f"width: {100 * count / of:.1f}%") for name, count in worlds._asdict().items()]
    return tag("div", *parts, class_="ssr-worlds", aria_hidden="true")
