"""Goals a planner can choose, and what a comparison says of each: before, after, the paired change, in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from ssr_sim.comparison import Comparison
from ssr_sim.ensemble import Ensemble
from ssr_sim.formats import interval, usd
from ssr_sim.intervals import Difference, Floats, Proportion, paired_difference
from ssr_sim.measures import INDEX, INDICATORS

from .messages import section, text
from .shares import SHARE

Verdict = Literal["better", "worse", "higher", "lower", "open", "same"]
MOST = 3  # goals at a time


class Worlds(NamedTuple):
    """In how many worlds with the same luck the plan does better, the same and worse; of what is neither good nor bad,
    in how many there is more, as much and less. A relapse is counted where both arms reached peace.
    """

    better: int
    same: int
    worse: int


@dataclass(frozen=True)
class Tile:
    """What one goal's tile says. `verdict` is "open" while the interval holds both better and worse, and "higher" or
    "lower" where neither is better.
    """

    name: str
    title: str
    after: str
    before: str
    change: str
    worlds: Worlds
    verdict: Verdict

    @property
    def word(self) -> str:
        """The verdict in a word: a policy is cheaper or dearer, and all else better or worse; "" without any world."""
        if not any(self.worlds):
            return ""
        return str(section("goals.words").get(self.name, {}).get(self.verdict) or text(f"goals.{self.verdict}"))

    @property
    def counted(self) -> str:
        """The worlds in words: "12 longer · 48 as long · 4 shorter"; "" when there is none."""
        if not any(self.worlds):
            return ""
        words = section("goals.worlds")
        usual = words["neutral" if goal_of(self.name).up is None else "else"]
        return str(words.get(self.name, usual)).format(**self.worlds._asdict(), of=sum(self.worlds))


@dataclass(frozen=True)
class Goal:
    """A goal: `name`, whether `up` is better (None: neither way), and how a comparison answers it: in words (`tile`),
    by the mean or the share of one arm (`level`), and by the paired difference (`gap`).
    """

    name: str
    up: bool | None
    tile: Callable[[Goal, Comparison], Tile]
    level: Callable[[Ensemble], float]
    gap: Callable[[Comparison], Difference]

    def gain(self, comparison: Comparison) -> float:
        """By how much the plan is better, pair by pair; -inf where there is no pair, or neither way is better."""
        gap = self.gap(comparison)
        return -math.inf if self.up is None or not gap.of else gap.mean if self.up else -gap.mean


def tile_of(name: str, comparison: Comparison) -> Tile:
    """The tile of a goal or an indicator by its name; raises KeyError for an unknown one."""
    goal = goal_of(name)
    return goal.tile(goal, comparison)


@cache
def goal_of(name: str) -> Goal:
    """A goal by its name, or that of an indicator in the last year; raises KeyError for an unknown one."""
    return GOALS[name] if name in GOALS else _indicator(name)


def _share(name: str, up: bool, share: Callable[[Ensemble], Proportion], gap: Callable[[Comparison], Difference],
           better: Callable[[Ensemble], Floats]) -> Goal:
    def tile(goal: Goal, c: Comparison) -> Tile:
        before, after, change = share(c.a), share(c.b), gap(c)
        decimals = _adding_up(before.value, after.value, change.mean)
        return Tile(goal.name, _title(goal, c), _proportion(after, decimals), _proportion(before, decimals),
                    _points(change, decimals), _worlds(goal, better(c.a), better(c.b)), _verdict(goal, change))

    return Goal(name, up, tile, lambda arm: share(arm).value, gap)


def _mean(name: str, up: bool | None, values: Callable[[Ensemble], Floats], shown: Callable[[float], str],
          changed: Callable[[Difference], str] | None = None) -> Goal:
    def tile(goal: Goal, c: Comparison) -> Tile:
        a, b = values(c.a), values(c.b)
        gap = goal.gap(c)
        change = changed(gap) if changed else _change(gap, shown)
        return Tile(goal.name, _title(goal, c), shown(float(b.mean())), _unitless(shown)(float(a.mean())), change,
                    _worlds(goal, a, b), _verdict(goal, gap))

    return Goal(name, up, tile, lambda arm: float(values(arm).mean()),
                lambda c: paired_difference(values(c.a), values(c.b)))


def titled(name: str, years: int) -> str:
    """What a goal is called, over a horizon in years."""
    return text(f"goals.{name}", years=text("goals.one_year" if years == 1 else "goals.many_years", n=years))


def _title(goal: Goal, comparison: Comparison) -> str:
    if goal.name in section("goals"):
        return titled(goal.name, comparison.a.years)
    row = INDICATORS[INDEX[goal.name]]
    return text("goals.indicator", label=row.label)


def _verdict(goal: Goal, gap: Difference) -> Verdict:
    if gap.of == 0 or math.isnan(gap.low):
        return "open"
    if gap.low == gap.high == 0.0:
        return "same"
    if gap.low <= 0.0 <= gap.high:
        return "open"
    rises = gap.low > 0.0
    if goal.up is None:
        return "higher" if rises else "lower"
    return "better" if rises == goal.up else "worse"


def _worlds(goal: Goal, a: Floats, b: Floats) -> Worlds:
    """Worlds counted over runs paired in order; pairs with a NaN on either side are left out."""
    kept = ~(np.isnan(a) | np.isnan(b))
    a, b, down = a[kept], b[kept], goal.up is False
    better, worse = int((b < a if down else b > a).sum()), int((b > a if down else b < a).sum())
    return Worlds(better, len(a) - better - worse, worse)


def _adding_up(before: float, after: float, change: float) -> int:
    """How many decimals shares need so that a reader who adds the change gets what came out."""
    adds = math.isclose(after - before, change, abs_tol=1e-9)
    return int(adds and round(100 * after) - round(100 * before) != round(100 * change))


def _proportion(share: Proportion, decimals: int) -> str:
    return text("goals.none") if share.of == 0 else f"{100 * share.value:.{decimals}f} %"


def _points(gap: Difference, decimals: int = 0) -> str:
    if gap.of == 0:
        return text("goals.no_pair")
    if gap.mean == gap.low == gap.high == 0.0:
        return ""
    size = 100 * max(abs(gap.low), abs(gap.high))
    while decimals < 3 and (size < 2 * 10**-decimals or _blurred(gap, decimals)):
        decimals += 1
    if not any(round(100 * value, decimals) for value in (gap.mean, gap.low, gap.high)):
        return text("goals.hardly", points=f"{10**-decimals:g}")
    mean, low, high = _point(gap.mean, decimals), _end(gap.low, decimals), _end(gap.high, decimals)
    return text("goals.points", mean=mean, low=low, high=high)


def _blurred(gap: Difference, decimals: int) -> bool:
    """Whether the ends of an interval look the same though they are not."""
    return gap.low < gap.high and _point(gap.low, decimals) == _point(gap.high, decimals)


def _point(share: float, decimals: int) -> str:
    shown = f"{100 * share:+.{decimals}f}"
    return shown.replace("-", "−") if float(shown) else shown[1:]


def _end(share: float, decimals: int) -> str:
    """The end of an interval in points; one that is not nought is not shown as nought."""
    near = abs(share) > 1e-6 and not round(100 * share, decimals)  # below that it is but for rounding
    return f"{100 * share:+.1g}".replace("-", "−") if near else _point(share, decimals)


def _change(gap: Difference, shown: Callable[[float], str]) -> str:
    if gap.mean == gap.low == gap.high == 0.0:
        return ""
    return text("goals.change", mean=_gap(gap, shown), span=_span(gap, shown))


def _signed(value: float, shown: Callable[[float], str]) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + shown(abs(value))


def _span(gap: Difference, shown: Callable[[float], str]) -> str:
    if shown is usd:
        return interval(gap.low, gap.high, "USD", True).replace("-", "−")
    small = _small(gap)
    return text("goals.span", low=_signed(gap.low, small), high=_signed(gap.high, small))


def _gap(gap: Difference, shown: Callable[[float], str]) -> str:
    """The mean change with its unit, as finely as its interval."""
    if shown is usd:
        return _signed(gap.mean, usd)
    unit = f" {text('goals.years')}" if shown is _years else ""
    return f"{_signed(gap.mean, _small(gap))}{unit}"


def _small(gap: Difference) -> Callable[[float], str]:
    """A number with as many decimals as tell the ends of an interval from nought; two digits close to it."""
    size = max(abs(gap.low), abs(gap.high), abs(gap.mean))
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3 if size >= 0.01 else 4
    return lambda value: f"{value:.2g}" if value >= 1e-4 and not round(value, decimals) else f"{value:,.{decimals}f}"


def _unitless(shown: Callable[[float], str]) -> Callable[[float], str]:
    """The same number without its unit, where that has just been said."""
    return (lambda value: f"{value:.1f}") if shown is _years else shown


def _years(value: float) -> str:
    return f"{value:.1f} {text('goals.years')}"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _last_year(name: str) -> Callable[[Ensemble], Floats]:
    return lambda arm: arm.yearly(name)[:, -1]


def _indicator(name: str) -> Goal:
    row = INDICATORS[INDEX[name]]
    up = {"up": True, "down": False}.get(row.better)
    if row.unit == SHARE:
        return _mean(name, up, _last_year(name), _percent, lambda gap: _points(gap, 1))
    return _mean(name, up, _last_year(name), _plain)


def _amount(name: str) -> Callable[[Ensemble], Floats]:
    return lambda arm: arm.outcome(name).astype(float)


def _given_peace(name: str) -> Callable[[Ensemble], Floats]:
    return lambda arm: np.where(arm.outcome("reached_peace").astype(bool), arm.outcome(name).astype(float), np.nan)


GOALS = {
    goal.name: goal
    for goal in (
        _share("peace_held", True, Ensemble.peace_held, Comparison.peace_held, lambda arm: arm.held().astype(float)),
        _share("at_peace_at_end", True, Ensemble.at_peace_at_end, Comparison.at_peace_at_end,
               _amount("at_peace_at_end")),
        _share("peace_reached", True, Ensemble.peace_reached, Comparison.peace_reached, _amount("reached_peace")),
        _mean("years_of_peace", True, lambda arm: arm.time_at_peace()[0], _years),
        _share("no_relapse", False, Ensemble.relapse_probability, Comparison.relapse,
               _given_peace("relapsed_conflict")),
        _share("no_war", False, lambda arm: arm.relapse_probability("war"), lambda c: c.relapse("war"),
               _given_peace("relapsed_war")),
        _mean("killed_in_battle", False, _amount("battle_deaths"), _plain),
        _mean("civilians", False, _amount("civilian_deaths"), _plain),
        _mean("killed_by_criminals", False, _amount("criminal_deaths"), _plain),
        _indicator("trust_police"),
        _indicator("legitimacy"),
        _indicator("corruption"),
        _mean("cost", False, _amount("cost_usd"), usd),
    )
}
ALWAYS = ("peace_reached", "no_relapse", "no_war", "civilians", "cost")  # in tables, besides the chosen ones
FIRST = ("peace_held", "years_of_peace", "trust_police")  # shown until a visitor chooses
