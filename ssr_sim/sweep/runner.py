"""Doing what is missing: chunks of runs handed to threads or to a cluster, a few at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

from ssr_sim.provenance import model_digest, usable_cores
from ssr_sim.sweep.store import SweepError
from ssr_sim.sweep.study import Study
from ssr_sim.sweep.work import PART_SECONDS, Done, Monitor, Task, Workshop, work, work_elsewhere

LEAST_SECONDS = 0.5  # of work in a chunk, where there is as much
SECONDS_A_START, SECONDS_A_WEEK = 5e-3, 0.8e-6  # the latter for each community; until something is measured
ATTEMPTS = 3  # at a chunk whose worker was lost
BEFORE_JUDGING = 20  # runs, until the share of failures counts
LOOK = 0.2  # seconds between looks at the threads' progress

Progress = Callable[[int, int, int], None]


class Pool(Protocol):
    """Where chunks are done."""

    def submit(self, tasks: list[Task]) -> Future[Done]:
        """Begin a chunk."""

    def slots(self) -> int:
        """How many chunks are done at a time."""

    def close(self, kill: bool) -> None:
        """End: wait for what has begun, or with `kill` do not begin what is waiting."""


class Threads:
    """Threads of this process: a run holds no lock of the interpreter while it is stepped."""

    def __init__(self, workshop: Workshop, folder: Path, monitor: Monitor, threads: int | None) -> None:
        self.workshop, self.folder, self.monitor = workshop, folder, monitor
        self.threads = threads or usable_cores()
        self.executor = ThreadPoolExecutor(self.threads, thread_name_prefix="sweep")

    def submit(self, tasks: list[Task]) -> Future[Done]:
        return self.executor.submit(work, self.workshop, self.folder, tasks, self.monitor)

    def slots(self) -> int:
        return self.threads

    def close(self, kill: bool) -> None:
        self.executor.shutdown(wait=True, cancel_futures=kill)


class Elsewhere:
    """Any executor of other processes that share the folder; `slots` says how many chunks it does at a time."""

    def __init__(self, executor: Executor, study: Study, folder: Path, slots: Callable[[], int]) -> None:
        self.executor, self.digest, self.folder = executor, study.digest, str(folder.resolve())
        self.slots = slots

    def submit(self, tasks: list[Task]) -> Future[Done]:
        return self.executor.submit(work_elsewhere, self.folder, self.digest, model_digest(), tasks)

    def close(self, kill: bool) -> None:
        """Nothing: the executor belongs to whoever made it, and what has begun leaves its part."""


@dataclass
class Runner:
    """Hands out chunks and keeps account: runs finished and failed in this session, seconds they took."""

    study: Study
    pool: Pool
    monitor: Monitor
    progress: Progress | None = None
    say: Callable[[str], None] = lambda _: None
    attempted: int = 0  # in earlier sessions
    failed_before: int = 0
    done: Done = field(default_factory=Done)
    _waiting: dict[Future[Done], list[Task]] = field(default_factory=dict)
    _lost: dict[Task, int] = field(default_factory=dict)

    def go(self, tasks: Iterator[Task], total: int) -> None:
        """Do all tasks, `total` runs.

        Raises `SweepError` when results cannot be kept, when too many runs fail, or when workers are lost again and
        again; KeyboardInterrupt after what is finished has been kept.
        """
        before = self.done.finished + self.done.failed
        try:
            self._fill(tasks, total)
            while self._waiting:
                ended, _ = wait(self._waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
                for future in ended:
                    self._collect(future)
                self._tell(before, total)
                self._fill(tasks, total - (self.done.finished + self.done.failed - before))
        except BaseException:
            self.monitor.stop.set()
            for future in self._waiting:
                future.cancel()
            self.pool.close(kill=True)
            for future in self._waiting:
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._add(future.result())
            raise

    def _fill(self, tasks: Iterator[Task], left: int) -> None:
        """Keep every worker busy and one chunk waiting for it; no more, so that memory does not grow."""
        slots = max(self.pool.slots(), 1)
        while len(self._waiting) < 2 * slots:
            chunk = list(islice(tasks, self.size(left, slots)))
            if not chunk:
                return
            self._waiting[self.pool.submit(chunk)] = chunk

    def size(self, left: int, slots: int) -> int:
        """Runs in the next chunk: ten seconds of work, less towards the end so that all workers end together."""
        runs = self.done.finished + self.done.failed
        country = self.study.policies[self.study.reference].country
        guess = SECONDS_A_START + SECONDS_A_WEEK * self.study.weeks * country.communities
        seconds = self.done.seconds / runs if runs else guess
        most, least = PART_SECONDS / seconds, LEAST_SECONDS / seconds
        return max(1, math.floor(min(most, max(least, left / (2 * slots)))))

    def _collect(self, future: Future[Done]) -> None:
        tasks = self._waiting.pop(future)
        try:
            self._add(future.result())
        except SweepError:
            raise
        except OSError as error:
            if error.errno is None:  # a lost connection
                self._again(tasks, error)
            else:
                raise SweepError(f"the results could not be written ({error.strerror}); all parts finished before are "
                                 f"kept: make room or give another folder, then run the same command again") from error
        except (Exception, CancelledError) as error:
            if isinstance(self.pool, Threads):
                raise
            self._again(tasks, error)

    def _again(self, tasks: list[Task], error: BaseException) -> None:
        """A worker was lost with this chunk: give it to another."""
        self._lost[tasks[0]] = self._lost.get(tasks[0], 0) + 1
        if self._lost[tasks[0]] >= ATTEMPTS:
            raise SweepError(f"the workers were lost {ATTEMPTS} times over the same runs ({type(error).__name__}: "
                             f"{error}); all parts finished before are kept: run the same command again") from error
        self.say(f"a worker was lost ({type(error).__name__}); its runs are done again")
        self._waiting[self.pool.submit(tasks)] = tasks

    def _add(self, done: Done) -> None:
        if done.failed and not self.done.failed:
            self.say(f"the first run that failed: {done.first_failure}")
        self.done.finished += done.finished
        self.done.failed += done.failed
        self.done.seconds += done.seconds
        self.done.bytes += done.bytes
        failed = self.failed_before + self.done.failed
        attempted = self.attempted + self.done.finished + self.done.failed
        if attempted >= BEFORE_JUDGING and failed > self.study.failures_allowed * attempted:
            raise SweepError(f"{failed} of {attempted} runs have failed, more than failures_allowed = "
                             f"{self.study.failures_allowed:g}; see `ssr-sim sweep failures`. What is finished is kept")

    def _tell(self, before: int, total: int) -> None:
        if self.progress is None:
            return
        of_threads = isinstance(self.pool, Threads)
        finished = self.monitor.finished if of_threads else self.done.finished
        failed = self.monitor.failed if of_threads else self.done.failed
        if finished + failed > before:
            self.progress(finished + failed, before + total, failed)


def slots_of(executor: Executor) -> Callable[[], int]:
    """How many chunks an executor of `concurrent.futures` does at a time."""
    workers: Mapping[str, int] = vars(executor)
    return lambda: workers.get("_max_workers") or usable_cores()
