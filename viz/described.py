"""A plan in words: each change with its value before and after, its unit, and from when it counts."""

from __future__ import annotations

from typing import NamedTuple

from ssr_sim.world import WEEK

from .lever_column import label
from .messages import text
from .plan import Plan, Value, is_lever, parameters, scenario_of


class Row(NamedTuple):
    """One change of a plan, in words; values have their units."""

    key: str
    week: int
    lever: str
    was: str
    now: str
    when: str


def rows(plan: Plan) -> list[Row]:
    """Every change of a plan, by week and key; `was` is the country's own value at the start."""
    country = scenario_of(plan.as_given())
    return [Row(key, week, label(key), amount(key, country.value(key), plan.years), amount(key, value, plan.years),
                when(week) if is_lever(key) else text("sheet.both")) for week, key, value in plan.changes]


def sentence(row: Row) -> str:
    """A change as a part of a sentence: "Oversight: coverage 0.8 share of units under review, from year 3"."""
    name = "sheet.assumed" if not is_lever(row.key) else "sheet.later" if row.week else "sheet.change"
    return text(name, lever=row.lever, value=row.now, when=row.when)


def shown(value: Value) -> str:
    """A value as people write it."""
    return value if isinstance(value, str) else f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"


def amount(key: str, value: Value, years: int) -> str:
    """A value with its unit: "3.5 years after the start", or "never" for what comes after all `years` of the runs."""
    if parameters()[key].says_when and not isinstance(value, str) and value >= years:
        return text("levers.never")
    return f"{shown(value)} {unit(key)}".strip()


def unit(key: str) -> str:
    """The unit of a parameter, or nothing for a choice."""
    row = parameters()[key]
    return "" if row.options else row.unit


def when(week: int) -> str:
    """A week as people say it, to the nearest twentieth of a year: "the start", "year 3", "year 2.25"."""
    return text("plan.from_year", year=f"{round(week * WEEK * 20) / 20:g}") if week else text("plan.from_start")
