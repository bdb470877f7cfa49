"""Goals a planner can choose, and what a comparison says of each: before, after, the paired change, in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ssr_sim.comparison import Comparison
from ssr_sim.ensemble import Ensemble
from ssr_sim.formats import interval, usd
from ssr_sim.intervals import Difference, Floats, Proportion, paired_difference
from ssr_sim.measures import INDEX, INDICATORS

from .messages import section, text

Verdict = Literal["better", "worse", "open", "same"]
MOST = 3  # goals at a time


class Worlds(NamedTuple):
    """In how many worlds with the same luck the plan does better, the same and worse."""

    better: int
    same: int
    worse: int


@dataclass(frozen=True)
class Tile:
    """What one goal's tile says. `verdict` is "open" while the interval holds both better and worse."""

    name: str
    title: str
    after: str
    before: str
    change: str
    worlds: Worlds
    verdict: Verdict

    @property
    def word(self) -> str:
        """The verdict in a word: a policy is cheaper or dearer, and all else better or worse."""
        return str(section("goals.words").get(self.name, {}).get(self.verdict) or text(f"goals.{self.verdict}"))

    @property
    def counted(self) -> str:
        """The worlds in words: "12 longer · 48 as long · 4 shorter"."""
        words = section("goals.worlds")
        return str(words.get(self.name, words["else"])).format(**self.worlds._asdict())


@dataclass(frozen=True)
class Goal:
    """A goal: `name`, whether `up` is better, and how a comparison answers it."""

    name: str
    up: bool
    tile: Callable[[Goal, Comparison], Tile]


def tile_of(name: str, comparison: Comparison) -> Tile:
    """The tile of a goal by its name; raises KeyError for an unknown one."""
    goal = GOALS[name]
    return goal.tile(goal, comparison)


def _share(share: Callable[[Ensemble], Proportion], gap: Callable[[Comparison], Difference],
           better: Callable[[Ensemble], Floats]) -> Callable[[Goal, Comparison], Tile]:
    def tile(goal: Goal, c: Comparison) -> Tile:
        return Tile(goal.name, text(f"goals.{goal.name}", years=c.a.years), _proportion(share(c.b)),
                    _proportion(share(c.a)), _points(gap(c)), _worlds(goal, better(c.a), better(c.b)),
                    _verdict(goal, gap(c)))

    return tile


def _mean(values: Callable[[Ensemble], Floats], shown: Callable[[float], str]) -> Callable[[Goal, Comparison], Tile]:
    def tile(goal: Goal, c: Comparison) -> Tile:
        a, b = values(c.a), values(c.b)
        gap = paired_difference(a, b)
        nothing = gap.mean == gap.low == gap.high == 0.0
        change = "" if nothing else text("goals.change", mean=_signed(gap.mean, shown), span=_span(gap, shown))
        return Tile(goal.name, text(f"goals.{goal.name}", years=c.a.years), shown(float(b.mean())),
                    _unitless(shown)(float(a.mean())), change, _worlds(goal, a, b), _verdict(goal, gap))

    return tile


def _verdict(goal: Goal, gap: Difference) -> Verdict:
    if gap.of == 0 or math.isnan(gap.low):
        return "open"
    if gap.low == gap.high == 0.0:
        return "same"
    if gap.low > 0.0:
        return "better" if goal.up else "worse"
    if gap.high < 0.0:
        return "worse" if goal.up else "better"
    return "open"


def _worlds(goal: Goal, a: Floats, b: Floats) -> Worlds:
    better, worse = int((b > a if goal.up else b < a).sum()), int((b < a if goal.up else b > a).sum())
    return Worlds(better, len(a) - better - worse, worse)


def _proportion(share: Proportion) -> str:
    return text("goals.none") if share.of == 0 else f"{100 * share.value:.0f} %"


def _points(gap: Difference) -> str:
    if gap.of == 0:
        return text("goals.none")
    if gap.mean == gap.low == gap.high == 0.0:
        return ""
    return text("goals.points", mean=f"{100 * gap.mean:+.0f}".replace("-", "−"),
                low=f"{100 * gap.low:+.0f}".replace("-", "−"), high=f"{100 * gap.high:+.0f}".replace("-", "−"))


def _signed(value: float, shown: Callable[[float], str]) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + shown(abs(value))


def _span(gap: Difference, shown: Callable[[float], str]) -> str:
    if shown is usd:
        return interval(gap.low, gap.high, "USD", True).replace("-", "−")
    return text("goals.span", low=_signed(gap.low, _unitless(shown)), high=_signed(gap.high, _unitless(shown)))


def _unitless(shown: Callable[[float], str]) -> Callable[[float], str]:
    """The same number without its unit, where that has just been said."""
    return (lambda value: f"{value:.1f}") if shown is _years else shown


def _years(value: float) -> str:
    return f"{value:.1f} {text('goals.years')}"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}"


def _last_year(name: str) -> Callable[[Ensemble], Floats]:
    return lambda arm: arm.yearly(name)[:, -1]


def _indicator(name: str) -> Goal:
    return Goal(name, INDICATORS[INDEX[name]].better == "up", _mean(_last_year(name), _plain))


GOALS = {
    goal.name: goal
    for goal in (
        Goal("peace_held", True, _share(Ensemble.at_peace_at_end, Comparison.at_peace_at_end,
                                        lambda arm: arm.outcome("at_peace_at_end").astype(float))),
        Goal("peace_reached", True, _share(Ensemble.peace_reached, Comparison.peace_reached,
                                           lambda arm: arm.outcome("reached_peace").astype(float))),
        Goal("years_of_peace", True, _mean(lambda arm: arm.time_at_peace()[0], _years)),
        Goal("no_relapse", False, _share(Ensemble.relapse_probability, Comparison.relapse,
                                         lambda arm: arm.outcome("relapsed_conflict").astype(float))),
        Goal("no_war", False, _share(lambda arm: arm.relapse_probability("war"), lambda c: c.relapse("war"),
                                     lambda arm: arm.outcome("relapsed_war").astype(float))),
        Goal("civilians", False, _mean(lambda arm: arm.outcome("civilian_deaths").astype(float), _plain)),
        _indicator("trust_police"),
        _indicator("legitimacy"),
        _indicator("corruption"),
        Goal("cost", False, _mean(lambda arm: arm.outcome("cost_usd").astype(float), usd)),
    )
}
ALWAYS = ("peace_reached", "no_relapse", "no_war", "civilians", "cost")  # in tables, besides the chosen ones
FIRST = ("peace_held", "years_of_peace", "trust_police")  # shown until a visitor chooses
