"""What a visitor has set: one immutable plan, which is also the address of the page.

`/plan?country=liberia-2003&years=10&mission.drawdown_start=3&@104:vetting.coverage=0.5` says all that a result
depends on: the country, levers from the start, levers from a week on, horizon, runs, seed. What an address gets wrong
is left out or set to the nearest limit, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from ssr_sim.faults import none_such, shown
from ssr_sim.measures import INDEX
from ssr_sim.parameters import Parameter, catalogue
from ssr_sim.run import LARGEST_SEED, weeks_in
from ssr_sim.scenario import BLOCKS, Scenario, scenario_names

from . import own

Value = float | str
FIRST = "liberia-2003"  # the country shown to who names none
YEARS = (1, 20)
REPLICATES = (8, 512)
TABS = ("effects", "why", "network", "compare", "timeline", "table")
LARGEST_BUDGET = 1e13  # USD
LONGEST_QUERY = 8_000  # characters; browsers and servers differ above
ELSEWHERE = "lab."  # how keys begin that only the researcher's page reads
_WHOLE = {"years": YEARS, "replicates": REPLICATES, "seed": (0, LARGEST_SEED), "at": (0, weeks_in(20) - 1),
          "run": (0, 2**32 - 1)}
_DATED = re.compile(r"@(\d{1,5}):(.+)")


class Change(NamedTuple):
    """A lever takes `value` from `week` (0 is the start) on."""

    week: int
    key: str
    value: Value


@dataclass(frozen=True)
class Plan:
    """A country and what is done there. `changes` are sorted by week and key, one for each.

    `country` is the name of one that ships, or `own:<digest>` for a file that the visitor has opened (`viz.own`).
    """

    country: str = FIRST
    changes: tuple[Change, ...] = ()
    years: int = 10
    replicates: int = 64
    seed: int = 1
    ignorance: bool = False  # also draw what nobody knows
    goals: tuple[str, ...] = ()
    show: str = "trust_police"
    tab: str = "effects"
    at: int = 0  # the week from which the levers on the screen count
    run: int | None = None  # a replicate to look at closely, whether the charts show it or not
    budget: float | None = None  # USD that the country's effort may cost over all years

    def value(self, key: str, week: int = 0) -> Value | None:
        """What the plan sets a lever to in a week, or None where the country's own value stands."""
        return self.in_force(week).get(key)

    def in_force(self, week: int) -> dict[str, Value]:
        """What the plan has changed by a week: the latest value of every lever it touches."""
        return {change.key: change.value for change in self.changes if change.week <= week}

    def with_lever(self, key: str, value: Value | None, week: int = 0) -> Plan:
        """The same plan with a lever set from a week on; None takes the change back."""
        kept = [change for change in self.changes if (change.key, change.week) != (key, week)]
        if value is not None:
            kept.append(Change(week, key, value))
        return replace(self, changes=tuple(sorted(kept, key=lambda change: change[:2])))

    def as_given(self) -> Plan:
        """The country as it is: no lever is moved and nothing is doubted."""
        return replace(self, changes=())

    def as_baseline(self) -> Plan:
        """The same country, horizon, luck and assumptions with no lever moved: what the plan is compared with."""
        return replace(self, changes=tuple(change for change in self.changes if not is_lever(change.key)))

    @property
    def lever_changes(self) -> tuple[Change, ...]:
        """Its policy: the changes of levers. The rest are assumptions, which hold for all policies."""
        return tuple(change for change in self.changes if is_lever(change.key))

    def under(self, other: Plan) -> Plan:
        """The same levers in the setting of another plan: its country, assumptions, horizon, runs and luck."""
        both = (*other.as_baseline().changes, *self.lever_changes)
        return replace(other, changes=tuple(sorted(both, key=lambda change: change[:2])))

    @property
    def question(self) -> Plan:
        """What results depend on: plans with an equal question have equal results."""
        return replace(self, goals=(), show=Plan.show, tab=Plan.tab, at=Plan.at, run=None, budget=None)

    @property
    def parameters(self) -> str:
        """Where the engine takes its parameters from, in its own words: their values, or what is known of them."""
        return "prior" if self.ignorance else "default"

    def query(self) -> str:
        """The plan as the query of an address; `read` gives the plan back."""
        pairs: list[tuple[str, object]] = [("country", self.country)]
        standard = Plan()
        for name in ("years", "replicates", "seed", "show", "tab", "at", "run"):
            if getattr(self, name) != getattr(standard, name):
                pairs.append((name, getattr(self, name)))
        if self.ignorance:
            pairs.append(("ignorance", 1))
        if self.budget is not None:
            pairs.append(("budget", f"{self.budget:.12g}"))
        pairs += [("goal", goal) for goal in self.goals]
        for week, key, value in self.changes:
            text = value if isinstance(value, str) else f"{value:.12g}"
            pairs.append((f"@{week}:{key}" if week else key, text))
        return urlencode(pairs, quote_via=quote, safe="@:")


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter of the model by its key: levers, and what a visitor may doubt."""
    return catalogue(BLOCKS)


@cache
def levers() -> dict[str, Parameter]:
    """Every lever of the model by its key."""
    return {key: row for key, row in parameters().items() if row.role == "lever"}


def is_lever(key: str) -> bool:
    """Whether a parameter is a lever of a policy, or else an assumption, which holds with a policy and without it."""
    return parameters()[key].role == "lever"


def read(query: str, goals: Iterable[str] = ()) -> tuple[Plan, list[str]]:
    """The plan that a query stands for, and a sentence for everything in it that could not be taken as it is.

    `goals` are the goals that there are. Never raises: a broken link opens the nearest plan.
    """
    if len(query) > LONGEST_QUERY:
        return Plan(), [f"The link is longer than {LONGEST_QUERY:,} characters and was left out."]
    return read_pairs(parse_qsl(query.lstrip("?"), keep_blank_values=True), goals)


def read_pairs(pairs: Iterable[tuple[str, str]], goals: Iterable[str] = ()) -> tuple[Plan, list[str]]:
    """As `read`, of a query that has been taken apart."""
    plan, said = Plan(), list[str]()
    known_goals = tuple(goals)
    for key, text in pairs:
        if key.startswith(ELSEWHERE):
            continue
        try:
            plan, problem = _take(plan, key, text, known_goals)
        except (ValueError, OverflowError):
            problem = f"{key[:60]!r} cannot be {text[:60]!r}; it was left out."
        if problem:
            said.append(problem)
    horizon = weeks_in(plan.years)
    late = [change for change in plan.changes if change.week >= horizon]
    if late:
        said.append(f"Changes after the last week ({horizon}) were left out.")
        plan = replace(plan, changes=tuple(change for change in plan.changes if change.week < horizon))
    if plan.at >= horizon:
        plan = replace(plan, at=0)
    return plan, said


def _take(plan: Plan, key: str, text: str, goals: tuple[str, ...]) -> tuple[Plan, str]:
    """The plan with one pair of the query, and what was wrong with it."""
    if key == "country":
        if text not in scenario_names() and not own.is_own(text):
            return plan, none_such("country", text, scenario_names())
        return replace(plan, country=text), ""
    if key in _WHOLE:
        lo, hi = _WHOLE[key]
        wanted = int(text)
        whole: dict[str, Any] = {key: min(max(wanted, lo), hi)}
        return replace(plan, **whole), _clamped(key, wanted, lo, hi)
    if key == "budget":
        amount = float(text)
        if amount != amount:
            raise ValueError(text)
        return replace(plan, budget=min(max(amount, 0.0), LARGEST_BUDGET)), _clamped(key, amount, 0.0, LARGEST_BUDGET)
    if key == "ignorance":
        return replace(plan, ignorance=text in ("1", "true", "yes")), ""
    if key == "show":
        if text not in INDEX:
            return plan, none_such("indicator", text, INDEX)
        return replace(plan, show=text), ""
    if key == "tab":
        return (replace(plan, tab=text), "") if text in TABS else (plan, none_such("tab", text, TABS))
    if key == "goal":
        if text not in goals:
            return plan, none_such("goal", text, goals)
        return replace(plan, goals=tuple(dict.fromkeys((*plan.goals, text)))[:3]), ""
    dated = _DATED.fullmatch(key)
    week, name = (int(dated[1]), dated[2]) if dated else (0, key)
    return _set_lever(plan, week, name, text)


def _set_lever(plan: Plan, week: int, key: str, text: str) -> tuple[Plan, str]:
    row = parameters().get(key)
    if row is None:
        return plan, none_such("lever", key, levers())
    if week and row.role != "lever":
        return plan, f"{key} is not a lever: it cannot change after the start."
    if row.options:
        if text not in row.options:
            return plan, f"{key} must be one of {', '.join(row.options)}; {text[:60]!r} was left out."
        return plan.with_lever(key, text, week), ""
    wanted = float(text)
    if wanted != wanted:
        raise ValueError(text)
    return plan.with_lever(key, min(max(wanted, row.lo), row.hi), week), _clamped(key, wanted, row.lo, row.hi)


def _clamped(key: str, wanted: float, lo: float, hi: float) -> str:
    if lo <= wanted <= hi:
        return ""
    return f"{key} must lie within {shown(lo)} to {shown(hi)}; {shown(wanted)} was set to the nearest."


@lru_cache(maxsize=64)
def scenario_of(plan: Plan) -> Scenario:
    """The scenario that a plan stands for; raises `ScenarioError` for one that the engine does not take."""
    scenario = own.scenario(plan.country) if own.is_own(plan.country) else _country(plan.country)
    first = {change.key: change.value for change in plan.changes if change.week == 0}
    if first:
        scenario = scenario.with_levers(first)
    later = sorted({change.week for change in plan.changes if change.week})
    if later:
        given = [change.document() for change in scenario.policy]
        ours = [{"week": week, "set": {c.key: c.value for c in plan.changes if c.week == week}} for week in later]
        scenario = scenario.with_policy([*given, *ours])
    return scenario


@lru_cache(maxsize=32)
def _country(name: str) -> Scenario:
    return Scenario.load(name)
