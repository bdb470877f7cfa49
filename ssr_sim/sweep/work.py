"""Doing a chunk of runs: in a thread here, or in a worker process of a cluster. Each chunk leaves its own part."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ssr_sim import run
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.parameters import pack
from ssr_sim.policy import policy_table
from ssr_sim.provenance import model_digest
from ssr_sim.scenario import Draw, Scenario
from ssr_sim.shock_entry import shock_table
from ssr_sim.sweep import store
from ssr_sim.sweep.identity import Identities, run_id
from ssr_sim.sweep.parts import Collected, Label
from ssr_sim.sweep.store import SweepError
from ssr_sim.sweep.study import Study

COMMUNITY_WEEKS = 600_000  # between looks at whether to stop: about half a second
EVENTS = 4096  # events that a log has room for at first
TEMPLATES = 1024  # pairs of policy and state kept ready
PART_BYTES, PART_SECONDS = 32e6, 10.0  # of work in a part


class Task(NamedTuple):
    """One run: `places` are the pairs (policy, state of the world) that it stands for; most runs have one."""

    places: tuple[tuple[int, int], ...]
    replicate: int


@dataclass
class Done:
    """What came of a chunk: runs finished and failed, seconds they took together, bytes written."""

    finished: int = 0
    failed: int = 0
    seconds: float = 0.0
    bytes: int = 0
    first_failure: str = ""


class Stopped(Exception):
    """The run was asked to stop before its end."""


class Monitor:
    """What threads and their caller tell each other: runs done so far, and whether to stop."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self.finished = 0
        self.failed = 0

    def count(self, finished: int = 0, failed: int = 0) -> None:
        """So many more runs."""
        with self._lock:
            self.finished += finished
            self.failed += failed


class Pair(NamedTuple):
    """A policy in a state of the world: template, values over it, and what identifies it."""

    template: run.Template
    drawn: Draw
    identity: bytes


class Workshop:
    """What the runs of a study need, made when first asked for and shared by threads."""

    def __init__(self, study: Study, identities: Identities | None = None) -> None:
        self.study = study
        self.identities = identities or Identities(study)
        self.with_events = "events" in study.outputs
        self.room = EVENTS if self.with_events else 0
        self.weeks = max(1, COMMUNITY_WEEKS // study.base.country.communities)
        self._lock = threading.Lock()
        self._named: list[run.Template] = []
        self.pair = lru_cache(TEMPLATES)(self._pair)

    def named(self) -> list[run.Template]:
        """One template for every named policy; all share the map and the networks of the reference."""
        with self._lock:
            if not self._named:
                first, *others = self.study.policies.values()
                template = run.prepare(first, self.study.weeks)
                self._named = [template, *(_like(template, other) for other in others)]
        return self._named

    def _pair(self, policy: int, state: int) -> Pair:
        templates = self.named()
        template = templates[policy if policy < len(templates) else 0]
        return Pair(template, self.study.drawn(policy, state), self.identities.of_pair(policy, state))

    def run(self, policy: int, state: int, replicate: int, stop: threading.Event | None = None) -> Finished:
        """One run from its start to its end. Raises `Stopped`, and whatever goes wrong in it."""
        template, drawn, _ = self.pair(policy, state)
        seed = self.study.own_seed(state, replicate)
        while True:
            room = self.room
            world = run.start(template if not room else replace(template, events=room), seed, drawn)
            series = run.new_series(template.weeks)
            for first in range(0, template.weeks, self.weeks):
                if stop is not None and stop.is_set():
                    raise Stopped
                run.advance(world, series[first : first + self.weeks])
            logged = int(world.clock[0]["events"])
            if not self.with_events or logged <= room:
                break
            self.room = max(self.room, 2 * logged)  # too full for the log: live it again with more room
        check_finite(series)
        return Finished(run.summarise(world, series), series, world.events[: logged if self.with_events else 0])


class Finished(NamedTuple):
    """A run that has reached its end: outcomes, weekly series (weeks, indicators), events."""

    outcomes: dict[str, Any]
    series: np.ndarray
    events: np.ndarray


def _like(template: run.Template, other: Scenario) -> run.Template:
    """The template of a scenario that differs in its policy only, on the same map and networks."""
    return replace(template, scenario=other, settings=pack(other.blocks), policy=policy_table(other, INDEX),
                   shocks=shock_table(other.shocks, other.country))


def check_finite(series: np.ndarray) -> None:
    """Raise ArithmeticError, naming week and indicator, where a run has left the numbers."""
    if np.isfinite(series.sum()):
        return
    bad = np.argwhere(~np.isfinite(series))
    if len(bad):
        week, column = bad[0]
        raise ArithmeticError(f"indicator {INDICATORS[column].name!r} is {series[week, column]} in week {week}")


def work(workshop: Workshop, folder: Path, tasks: Sequence[Task], monitor: Monitor | None = None) -> Done:
    """Do the runs of a chunk, leave them in a part and say how it went.

    Stops early, with what is finished, when `monitor` says so. Raises OSError when the part cannot be written.
    """
    study, done = workshop.study, Done()
    collected, opened = Collected(study), time.monotonic()
    stop = monitor.stop if monitor else None
    for task in tasks:
        policy, state = task.places[0]
        began = time.perf_counter()
        seed = study.own_seed(state, task.replicate)
        identity = run_id(workshop.pair(policy, state).identity, seed)
        labels = [Label(identity, study.policy_names[p], s, task.replicate, seed) for p, s in task.places]
        try:
            finished = workshop.run(policy, state, task.replicate, stop)
        except Stopped:
            break
        except Exception as error:
            seconds = time.perf_counter() - began
            collected.add_failure(labels, seconds, error, traceback.format_exc())
            done.first_failure = done.first_failure or f"{type(error).__name__}: {error}"
            failed = len(labels)
        else:
            seconds = time.perf_counter() - began
            collected.add(labels, seconds, finished.outcomes, finished.series, finished.events)
            failed = 0
        done.seconds += seconds
        done.failed += failed
        done.finished += len(labels) - failed
        if monitor is not None:
            monitor.count(len(labels) - failed, failed)
        if collected.bytes >= PART_BYTES or time.monotonic() - opened >= PART_SECONDS:
            done.bytes += store.write_part(folder, collected)
            collected, opened = Collected(study), time.monotonic()
    done.bytes += store.write_part(folder, collected)
    return done


@lru_cache(maxsize=2)
def _workshop(folder: Path, digest: str) -> Workshop:
    study = store.read_study(folder)
    if study.digest != digest:
        raise SweepError(f"{folder} holds another study than the one that is being run")
    return Workshop(study)


def work_elsewhere(folder: str, digest: str, model: str, tasks: Sequence[Task]) -> Done:
    """`work` in another process: it reads the study from the folder, which all machines share.

    Raises `SweepError` when the worker has another version of the model or cannot see the folder.
    """
    import platform

    if model != model_digest():
        raise SweepError(f"the worker on {platform.node()} has another version of the model ({model_digest()} instead "
                         f"of {model}); install the same one everywhere")
    try:
        workshop = _workshop(Path(folder), digest)
    except FileNotFoundError:
        raise SweepError(f"the worker on {platform.node()} cannot see {folder}; --out must be a folder that all "
                         f"machines share") from None
    return work(workshop, Path(folder), tasks)
