"""Continuations of a run: the same state lived on under many lucks, with and without a change, pair by pair.

Continuation k of every arm meets the same luck from the branch on, whatever the change, the number of arms and the
number of threads. Luck before the branch is that of the run itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ssr_sim import run
from ssr_sim.draws import mix_seed
from ssr_sim.ensemble import Progress
from ssr_sim.intervals import Difference, Floats, Proportion, paired_proportions
from ssr_sim.provenance import usable_cores
from ssr_sim.tables import empty
from ssr_sim.world import WEEKS_PER_YEAR, World

SEGMENT = 26  # weeks between looks at whether peace has failed
Change = Callable[[World], None]


class Arm(NamedTuple):
    """A state to continue from and, if wanted, a change made to each copy of it; the state itself is left alone."""

    world: World
    change: Change | None = None


class Fates(NamedTuple):
    """What became of one arm, an entry per continuation.

    `failed`: peace was lost, or never reached by the end; `no_peace`: the latter only. `cost` in USD is what the
    first 52 weeks after the branch took. `marks` tell whether two continuations were the same to the bit.
    """

    failed: npt.NDArray[np.bool_]
    no_peace: npt.NDArray[np.bool_]
    cost: Floats
    marks: tuple[bytes, ...]

    @property
    def share(self) -> Proportion:
        """Share of continuations in which peace failed."""
        return Proportion.among(self.failed)


class _Fate(NamedTuple):
    failed: bool
    no_peace: bool
    cost: float
    mark: bytes


class Continuations:
    """Runs arms of `count` continuations each under the luck of `seed`; `progress(done, total)` counts all of them."""

    def __init__(self, count: int, seed: int, threads: int | None = None, progress: Progress | None = None,
                 total: int = 0) -> None:
        self.seeds = [mix_seed(seed, k) for k in range(count)]
        self.threads = threads or usable_cores()
        self.progress = progress
        self.done, self.total = 0, total

    def fates(self, arms: Sequence[Arm], end: int) -> list[Fates]:
        """Continue every arm up to week `end`; arms in order, the same bits for any number of threads."""
        stop = threading.Event()
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="continuation")
        try:
            tasks = [[pool.submit(_continue, arm, seed, end, stop) for seed in self.seeds] for arm in arms]
            found = []
            for row in tasks:
                fates = []
                for task in row:
                    fates.append(task.result())
                    self.done += 1
                    if self.progress is not None:
                        self.progress(self.done, max(self.total, self.done))
                failed, no_peace, cost, marks = zip(*fates, strict=True)
                found.append(Fates(np.array(failed), np.array(no_peace), np.array(cost), marks))
            return found
        finally:  # after Ctrl-C too: nothing goes on behind the user's back
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def without_log(world: World) -> World:
    """The same world with no room for events: continuations need none, and copies are smaller."""
    return world._replace(events=empty("events", 0))


def _continue(arm: Arm, seed: int, end: int, stop: threading.Event) -> _Fate:
    world = run.copy_world(arm.world)
    if arm.change is not None:
        arm.change(world)
    clock, country = world.clock[0], world.country[0]
    clock["seed"] = seed
    first = int(clock["week"])
    paid = before = float(world.ledger["total"].sum())
    series = run.new_series(SEGMENT)
    while clock["week"] < end and not stop.is_set():
        run.advance(world, series[: min(SEGMENT, end - int(clock["week"]))])
        if clock["week"] <= first + WEEKS_PER_YEAR:
            paid = float(world.ledger["total"].sum())
        if clock["week"] >= first + WEEKS_PER_YEAR and country["relapse_week"] >= 0:
            break  # nothing that comes later changes the answer
    no_peace = bool(country["peace_week"] < 0)
    mark = world.measured.tobytes() + country.tobytes()
    return _Fate(no_peace or bool(country["relapse_week"] >= 0), no_peace, paid - before, mark)


def effect(without: Fates, with_it: Fates) -> Difference:
    """How much more often peace failed `with_it` than `without`: paired, with Tango's score interval.

    Exactly zero, without any doubt, where all pairs are the same to the bit.
    """
    if without.marks == with_it.marks:
        return Difference(0.0, 0.0, 0.0, len(without.marks))
    return paired_proportions(without.failed, with_it.failed)
