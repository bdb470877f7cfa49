"""Policies a visitor has pinned to compare: a name and the changes, kept in the visitor's own browser."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from typing import NamedTuple

from .plan import Plan, read

MOST = 4
LONGEST_NAME = 40


class Pin(NamedTuple):
    """A pinned policy."""

    name: str
    plan: Plan


def to_text(pins: Iterable[Pin]) -> str:
    """The pins as JSON for the browser's store."""
    return json.dumps([[pin.name, pin.plan.query()] for pin in pins])


def from_text(content: str | None) -> tuple[Pin, ...]:
    """The pins that a browser has stored; whatever is not a pin is left out. Never raises."""
    try:
        found = json.loads(content or "[]")
    except ValueError:
        return ()
    rows = [row for row in found if isinstance(row, list) and len(row) == 2] if isinstance(found, list) else []
    return tuple(Pin(str(name)[:LONGEST_NAME], read(str(query))[0]) for name, query in rows)[:MOST]


def twin(plan: Plan, pins: Iterable[Pin]) -> Pin | None:
    """The pin that is the same policy as the plan, or None."""
    return next((pin for pin in pins if pin.plan.under(plan).question == plan.question), None)


def named(plan: Plan, pins: Iterable[Pin], other: str) -> str:
    """A name for a plan to be pinned: its largest words, or `other`, told apart from the names there are."""
    levers = [change.key.partition(".")[0].replace("_", " ") for change in plan.changes]
    first = other
    for words in itertools.accumulate(dict.fromkeys(levers), "{}, {}".format):
        if len(words) <= LONGEST_NAME - 4:  # room for a number
            first = words
    taken = {pin.name for pin in pins}
    return next(name for name in (first, *(f"{first} {n}" for n in range(2, 99))) if name not in taken)
