"""The country as plain objects.

A phase of the twin is a function `phase(land, dt)` with `dt` in years. In `land` every table of the model is there
under its own name, and every field is a plain Python number:

    land.communities, police, military, groups, donors, contingents, elites   lists of agents; an agent has its `row`
    land.government, oversight, mission, country, clock                       one agent each
    land.presence[g, i], land.cohorts[g, i]                                   dicts by (row of group, row of community)
    land.ledger["vetting"], land.sectors["police"]                            dicts by name of the line or sector
    land.roads[i], land.social[i], land.command[i]                            lists of (row of neighbour, weight)
    land.parameters.policing.abuse_rate                                       a number; a choice is its text
    land.measured["trust_police"]                                             the indicators at the end of last week
    land.recent_battle_deaths, land.recent_records                            lists of numbers
    land.deployment, land.policy, land.shocks, land.events                    lists of rows

Besides: `land.draw("policing: crimes", uid, k)` is the uniform number of a stream, by its name, in this week;
`land.log("settlement", place=..., actor=...)` writes an event and returns its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np

from ssr_sim.draws import STREAMS, u01
from ssr_sim.measures import INDICATORS
from ssr_sim.parameters import catalogue
from ssr_sim.scenario import BLOCKS
from ssr_sim.tables import EVENT_KINDS, LINES, SECTORS
from ssr_sim.world import World

LISTS = ("communities", "police", "military", "groups", "donors", "contingents", "elites", "deployment", "policy",
         "shocks")
SINGLES = ("government", "oversight", "mission", "country", "clock")
PAIRS = ("presence", "cohorts")
BY_NAME = {"ledger": LINES, "sectors": SECTORS}
LAYERS = ("roads", "social", "command")
NUMBERS = ("recent_battle_deaths", "recent_records")
INDICATOR_NAMES = [indicator.name for indicator in INDICATORS]


@cache
def kind_of_agent(table: str, fields: tuple[str, ...]) -> type:
    """A class with exactly the fields of a table, so that a misspelt one is an error."""
    return type(table, (), {"__slots__": ("row", *fields)})


def agent(table: str, fields: tuple[str, ...], row: int, values: tuple[Any, ...]) -> Any:
    one = kind_of_agent(table, fields)()
    one.row = row
    for field, value in zip(fields, values, strict=True):
        setattr(one, field, list(value.tolist()) if isinstance(value, np.ndarray) else value)
    return one


def agents(table: str, records: np.ndarray) -> list[Any]:
    fields = tuple(records.dtype.names or ())
    return [agent(table, fields, row, values) for row, values in enumerate(records.tolist())]


class Land:
    """A country in plain Python, read from a world of the compiled model."""

    def __init__(self, world: World) -> None:
        for table in LISTS:
            setattr(self, table, agents(table, getattr(world, table)))
        for table in SINGLES:
            setattr(self, table, agents(table, getattr(world, table))[0])
        places = len(world.communities)
        for table in PAIRS:
            rows = agents(table, getattr(world, table))
            setattr(self, table, {divmod(one.row, places): one for one in rows})
        for table, names in BY_NAME.items():
            setattr(self, table, dict(zip(names, agents(table, getattr(world, table)), strict=True)))
        for layer in LAYERS:
            starts, targets, weights = (part.tolist() for part in getattr(world, layer))
            setattr(self, layer, [list(zip(targets[a:b], weights[a:b], strict=True))
                                  for a, b in pairwise(starts)])
        for name in NUMBERS:
            setattr(self, name, getattr(world, name).tolist())
        self.measured = dict(zip(INDICATOR_NAMES, world.measured.tolist(), strict=True))
        self.log_length = len(world.events)
        self.events = agents("events", world.events[: min(int(world.clock["events"][0]), self.log_length)])
        self.parameters: Any = SimpleNamespace(**{block: SimpleNamespace() for block in BLOCKS})
        self.parameter_rows = list(catalogue(BLOCKS).values())
        for place, number in enumerate(world.settings.tolist()):
            self.set_parameter(place, number)

    def set_parameter(self, place: int, number: float) -> None:
        """Put a value into force; `place` is its row in the catalogue."""
        row = self.parameter_rows[place]
        setattr(getattr(self.parameters, row.block), row.name, row.value(number))

    def draw(self, stream: str, uid: int, k: int = 0) -> float:
        """The uniform number in (0, 1) of this week for one decision of one agent."""
        return u01(self.clock.seed, stream_number(stream), self.clock.week, uid, k)

    def log(self, kind: str, place: int = -1, actor: int = -1, target: int = -1, civilians: float = 0.0,
            combatants: float = 0.0, parent: int = -1) -> int:
        """Write an event, if the log has room, and return its number."""
        number = self.clock.events
        if number < self.log_length:
            values = (self.clock.week, EVENT_KINDS.index(kind), place, actor, target,
                      float(np.float32(civilians)), float(np.float32(combatants)), parent)
            fields = ("week", "kind", "place", "actor", "target", "civilians", "combatants", "parent")
            self.events.append(agent("events", fields, number, values))
        self.clock.events = number + 1
        return number


@cache
def stream_number(name: str) -> int:
    return next(number for number, text in STREAMS.items() if text == name)


def differences(land: Land, world: World) -> Iterator[str]:
    """Every field in which the plain country and the compiled world differ in a single bit."""
    there = Land(world)
    for table in (*LISTS, "events"):
        ours, theirs = getattr(land, table), getattr(there, table)
        if len(ours) != len(theirs):
            yield f"{table}: {len(ours)} rows, {len(theirs)} compiled"
        for a, b in zip(ours, theirs, strict=False):
            yield from _fields(f"{table}[{a.row}]", a, b)
    for table in SINGLES:
        yield from _fields(table, getattr(land, table), getattr(there, table))
    for table in (*PAIRS, *BY_NAME):
        for key, one in getattr(land, table).items():
            yield from _fields(f"{table}[{key!r}]", one, getattr(there, table)[key])
    for name in NUMBERS:
        for k, (a, b) in enumerate(zip(getattr(land, name), getattr(there, name), strict=True)):
            if not same(a, b):
                yield f"{name}[{k}]: {a!r}, compiled {b!r}"
    for name, value in land.measured.items():
        if not same(value, there.measured[name]):
            yield f"measured[{name!r}]: {value!r}, compiled {there.measured[name]!r}"
    for row in land.parameter_rows:
        a, b = (getattr(getattr(one.parameters, row.block), row.name) for one in (land, there))
        if a != b:
            yield f"{row.key}: {a!r}, compiled {b!r}"


def _fields(name: str, a: Any, b: Any) -> Iterator[str]:
    for field in a.__slots__[1:]:
        ours, theirs = getattr(a, field), getattr(b, field)
        if not same(ours, theirs):
            yield f"{name}.{field}: {ours!r}, compiled {theirs!r}"


def same(a: Any, b: Any) -> bool:
    """Equal to the bit; not-a-number equals itself, and the sign of a zero does not count."""
    if isinstance(a, list):
        return all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b or (a != a and b != b))
