"""The country as data: tables, networks, parameters in force, seed and week. No science lives here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ssr_sim.draws import u01
from ssr_sim.jit import njit

WEEK = 7 / 365.25  # years
WEEKS_PER_YEAR = 52


class Layer(NamedTuple):
    """One network layer as compressed sparse rows: the neighbours of i are `targets[starts[i]:starts[i + 1]]`.

    `starts` int64 (n + 1,), `targets` int32 (edges,), `weights` float64 (edges,), row sums 1 where a row has edges.
    """

    starts: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


class World(NamedTuple):
    """Everything one run reads and writes; the tables are described in `tables.py`.

    `presence` and `cohorts` have a row for each pair, `group * len(communities) + community`. `settings` is the vector
    of all parameters, `measured` the latest value of every indicator; `parameters` is a view on the settings by name,
    one record per block, so a policy change writes one number.
    """

    clock: np.ndarray
    communities: np.ndarray
    police: np.ndarray
    military: np.ndarray
    groups: np.ndarray
    presence: np.ndarray
    cohorts: np.ndarray
    donors: np.ndarray
    contingents: np.ndarray
    elites: np.ndarray
    government: np.ndarray
    oversight: np.ndarray
    mission: np.ndarray
    country: np.ndarray
    ledger: np.ndarray
    sectors: np.ndarray
    deployment: np.ndarray
    policy: np.ndarray
    shocks: np.ndarray
    events: np.ndarray
    recent_battle_deaths: np.ndarray
    recent_records: np.ndarray
    measured: np.ndarray
    settings: np.ndarray
    parameters: Any
    roads: Layer
    social: Layer
    command: Layer


class Phase(NamedTuple):
    """One phase of the week and the fields it may write, as "table.field"."""

    function: Any
    writes: frozenset[str]


PHASES: dict[str, Phase] = {}


def phase(*writes: str) -> Callable[[Callable[..., None]], Any]:
    """Compile a phase and note which fields it writes (`"police: staff ghosts"`); a test holds it to that."""
    fields = set()
    for clause in writes:
        table, names = clause.split(":")
        fields |= {f"{table.strip()}.{name}" for name in names.split()}

    def register(function: Callable[..., None]) -> Any:
        compiled = njit(function)
        PHASES[function.__name__] = Phase(compiled, frozenset(fields))
        return compiled

    return register


LOG = "events: week kind place actor target civilians combatants parent", "clock: events"


@njit
def draw(now: Any, stream: int, uid: int, k: int) -> float:
    """Uniform number in (0, 1) for one decision of one agent in this week; `now` is the record `world.clock[0]`."""
    return u01(now.seed, stream, now.week, uid, k)


@njit
def log_event(
    clock: Any, events: Any, kind: int, place: int, actor: int, target: int, civilians: float, combatants: float,
    parent: int
) -> int:
    """Write one event to the log and return its number; past the log's end only the counter moves.

    Takes the two tables it needs: handing the whole world to a small function costs seconds of compilation.
    """
    number = clock[0].events
    if number < len(events):
        event = events[number]
        event.week = clock[0].week
        event.kind = kind
        event.place = place
        event.actor = actor
        event.target = target
        event.civilians = civilians
        event.combatants = combatants
        event.parent = parent
    clock[0].events = number + 1
    return number


@njit
def every(now: Any, weeks: int) -> bool:
    """True in the weeks when a phase with this period runs."""
    return now.week % weeks == 0
