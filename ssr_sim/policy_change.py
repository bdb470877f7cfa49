"""Planned changes of levers: on a date, or when a recorded indicator has stayed beyond a threshold."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ssr_sim.faults import nearest, shown
from ssr_sim.parameters import Parameter
from ssr_sim.toml_text import KeyPath

LATEST_WEEK = 52_000  # a thousand years
_KEYS = ("date", "week", "year", "when", "for_weeks", "set", "label")
_COMPARISON = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*(\S+)\s*")

Problems = Iterator[tuple[KeyPath, str]]
Kinds = Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Condition:
    """A comparison over a recorded indicator, which has to hold for `for_weeks` weeks on end."""

    indicator: str
    operator: str
    threshold: float
    for_weeks: int

    def __str__(self) -> str:
        return f"{self.indicator} {self.operator} {self.threshold!r}"


@dataclass(frozen=True)
class PolicyChange:
    """New values for some levers, at the start of `week` (0 is the first) or once `condition` is met.

    Exactly one of `week` and `condition` is given. A condition fires once. `date` is the day in `week` that a file
    names; it changes nothing, and two changes that differ only in it are equal.
    """

    set: Mapping[str, float | str]
    week: int | None = None
    condition: Condition | None = None
    label: str = ""
    date: datetime.date | None = field(default=None, compare=False)

    def document(self) -> dict[str, Any]:
        """The change as an entry of a scenario file."""
        moment: dict[str, Any] = {"date": self.date} if self.date else {"week": self.week}
        if self.condition:
            moment = {"when": str(self.condition), "for_weeks": self.condition.for_weeks}
        return {**moment, "set": dict(self.set), **({"label": self.label} if self.label else {})}


def week_of(day: datetime.date, start: datetime.date) -> int:
    """The week (from 0) in which a day falls."""
    return (day - start).days // 7


def read_changes(entries: Any, start: datetime.date, levers: Mapping[str, Parameter],
                 kinds: Kinds) -> tuple[list[PolicyChange], list[tuple[KeyPath, str]]]:
    """The [[policy]] entries of a file and what is wrong with them, as (path below "policy", message).

    `kinds` returns "truth" or "record" for each indicator; it is called only when an entry has a condition.
    """
    problems: list[tuple[KeyPath, str]] = []
    changes: list[PolicyChange] = []
    if not isinstance(entries, list):
        return [], [((), "must be a list of [[policy]] entries")]
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            problems.append(((index,), "must be a table: [[policy]] with date or when, and set"))
            continue
        found = list(_problems(entry, start, levers, kinds))
        problems += [((index, *path), message) for path, message in found]
        if not found:
            changes.append(_change(entry, start, levers))
        else:
            changes.append(PolicyChange({}))  # keeps the numbering of the entries
    problems += _conflicts(changes)
    return changes, problems


def _change(entry: Mapping[str, Any], start: datetime.date, levers: Mapping[str, Parameter]) -> PolicyChange:
    values = {key: value if levers[key].options else float(value) for key, value in entry["set"].items()}
    label = entry.get("label", "")
    match = _COMPARISON.fullmatch(entry.get("when", ""))
    if match:
        indicator, operator, threshold = match.groups()
        condition = Condition(indicator, operator, float(threshold), entry.get("for_weeks", 1))
        return PolicyChange(values, condition=condition, label=label)
    return PolicyChange(values, week=moment_week(entry, start), label=label, date=entry.get("date"))


def moment_week(entry: Mapping[str, Any], start: datetime.date) -> int:
    """The week (from 0) of an entry that has a `date`, `week` or `year`."""
    if "date" in entry:
        return week_of(entry["date"], start)
    return int(entry["week"]) if "week" in entry else math.floor(entry["year"] * 365.25 / 7)


def _problems(entry: Mapping[str, Any], start: datetime.date, levers: Mapping[str, Parameter],
              kinds: Kinds) -> Problems:
    for key in entry:
        if key not in _KEYS:
            yield (key,), f"unknown key{nearest(key, _KEYS)}; an entry has {', '.join(_KEYS)}"
    moments = [key for key in ("date", "week", "year", "when") if key in entry]
    if len(moments) != 1:
        given = " and ".join(moments) if moments else "none"
        yield tuple(moments[-1:]), f"needs exactly one of date, week, year and when; {given} given"
    if not isinstance(entry.get("label", ""), str):
        yield ("label",), "must be a text"
    for key in moments:
        if key == "when":
            yield from ((("when",), message) for message in _condition_problems(entry[key], kinds))
        else:
            yield from moment_problems(key, entry[key], start)
    weeks = entry.get("for_weeks", 1)
    if type(weeks) is not int or not 1 <= weeks <= LATEST_WEEK:
        yield ("for_weeks",), f"must be a whole number of weeks, 1 to {LATEST_WEEK}"
    elif "for_weeks" in entry and "when" not in entry:
        yield ("for_weeks",), "belongs to a condition: it needs when"
    values = entry.get("set")
    if not isinstance(values, Mapping) or not values:
        yield ("set",), 'must be a table of levers and values: set = {"vetting.coverage" = 0.5}'
        return
    for key, value in values.items():
        message = value_problem(key, value, levers)
        if message:
            yield ("set", key), message


def moment_problems(key: str, value: Any, start: datetime.date) -> Problems:
    """What is wrong with a `date`, `week` or `year` of an entry."""
    if key == "date":
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            yield (key,), "must be a date without quotes: 2006-10-01"
        elif value < start:
            yield (key,), f"{value} is before the scenario's start on {start}"
    else:
        whole = key == "week"
        most = LATEST_WEEK if whole else LATEST_WEEK // 52
        fits = type(value) in ((int,) if whole else (int, float))
        if not fits or not 0 <= value <= most:
            yield (key,), f"must be {'a whole number' if whole else 'a number'} from 0 (the start) to {most}"


def _condition_problems(text: Any, kinds: Kinds) -> Iterator[str]:
    match = _COMPARISON.fullmatch(text) if isinstance(text, str) else None
    if not match:
        yield 'must be a comparison such as "survey_trust_police < 0.3" (operators < <= > >=)'
        return
    indicator, _, threshold = match.groups()
    known = kinds()
    recorded = [name for name, kind in known.items() if kind == "record"]
    if indicator not in known:
        yield f"unknown indicator {indicator!r}{nearest(indicator, recorded)}"
    elif indicator not in recorded:
        yield (f"{indicator!r} is a true value that nobody in the country can see; "
               f"a condition needs a recorded indicator{nearest(indicator, recorded)}")
    try:
        finite = math.isfinite(float(threshold))
    except ValueError:
        finite = False
    if not finite:
        yield f"{threshold!r} is not a finite number"


def value_problem(key: str, value: Any, levers: Mapping[str, Parameter]) -> str:
    """What is wrong with giving `value` to the lever `key`, or an empty text."""
    if key not in levers:
        return f"unknown lever{nearest(key, levers)}"
    parameter = levers[key]
    if parameter.role != "lever":
        return f"is {parameter.role}, not a lever: a policy cannot change it; set it at the start"
    return range_problem(value, parameter)


def range_problem(value: Any, parameter: Parameter) -> str:
    """What is wrong with `value` for a parameter, or an empty text."""
    if parameter.options:
        message = f"must be one of {', '.join(parameter.options)}{nearest(str(value), parameter.options)}"
        return "" if value in parameter.options else message
    allowed = f"{shown(parameter.lo)} to {shown(parameter.hi)} ({parameter.unit})"
    if parameter.off is not None and not parameter.lo <= parameter.off <= parameter.hi:
        allowed += f" or {shown(parameter.off)}, which switches it off"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"must be a number, {allowed}"
    if not parameter.lo <= value <= parameter.hi and value != parameter.off:  # true for NaN as well
        finite = isinstance(value, int) or math.isfinite(value)
        return f"{shown(value)} is outside {allowed}" if finite else f"must be a finite number, {allowed}"
    return ""


def _conflicts(changes: list[PolicyChange]) -> Problems:
    first: dict[tuple[int, str], tuple[int, float | str]] = {}
    for index, change in enumerate(changes):
        if change.week is None:
            continue
        for key, value in change.set.items():
            earlier, other = first.setdefault((change.week, key), (index, value))
            if other != value:
                yield (index, "set", key), f"is {value} here and {other} in entry {earlier + 1} of that week"
