"""A sweep from Python: `Experiment.load("study.toml").run("out/").table()`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssr_sim.ensemble import check_memory
from ssr_sim.faults import refuse, whole_number
from ssr_sim.provenance import usable_cores
from ssr_sim.sweep import adaptive, reuse, spec, store
from ssr_sim.sweep.compacting import compact, worth_compacting
from ssr_sim.sweep.ledger import Flags, Ledger, columns
from ssr_sim.sweep.plan import Plan, make_plan
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.runner import Elsewhere, Pool, Progress, Runner, Threads, slots_of
from ssr_sim.sweep.store import SweepError
from ssr_sim.sweep.study import Study
from ssr_sim.sweep.work import Monitor, Workshop

if TYPE_CHECKING:
    from numpy.typing import NDArray


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Experiment:
    """A study that can be planned and run."""

    study: Study

    @classmethod
    def load(cls, path: str | Path, states: int | None = None) -> Experiment:
        """The experiment of a specification file, with `states` in the place of its own number of states of the world
        where that is given, or of a sweep's folder.

        Raises `ScenarioError` with every mistake in the file, `SweepError` for a folder that holds no sweep, or whose
        states are to be others.
        """
        folder = Path(path)
        if not folder.is_dir():
            refuse([] if states is None else [whole_number("states", states, 1)])
            return cls(spec.read_study(path, states))
        study = store.read_study(folder)
        if states not in (None, len(study.states)):
            raise SweepError(f"{folder} has {len(study.states):,} states of the world, which stay as they are: give "
                             f"the specification and another --out")
        return cls(study)

    @classmethod
    def from_toml(cls, text: str, origin: str = "<text>") -> Experiment:
        """The experiment of a specification's text; `origin` stands for the file. Raises `ScenarioError`."""
        return cls(spec.study_from(text, origin))

    def extended(self, replicates: int | None = None, policies: str | Path | None = None) -> Experiment:
        """The same experiment with more replicates, or with the [[policy]] entries of a file.

        Raises ValueError when there is nothing to add, `ScenarioError` with every mistake in the file.
        """
        study = self.study if replicates is None else self.study.with_replicates(replicates)
        if policies is not None:
            added = spec.read_policies(policies, study.base)
            first = {study.reference: study.policies[study.reference]}
            study = study.merged(replace(study, policies=first | added))
        return Experiment(study)

    def plan(self, threads: int | None = None) -> Plan:
        """How many runs there are and, from a small pilot, how long they take and how much they write."""
        return make_plan(self.study, threads)

    def run(self, out: str | Path, *, threads: int | None = None, cache: str | Path | None = None,
            executor: Executor | None = None, slots: Callable[[], int] | None = None, retry: bool = False,
            progress: Progress | None = None, say: Callable[[str], None] = silent) -> Results:
        """Make all runs that are not in the folder `out` yet, and return what is there.

        `threads` (default: all cores) do the runs; or else `executor`, any of `concurrent.futures` whose processes
        share the folder, `slots()` chunks at a time. Runs in the folder `cache` are taken over, new ones put there.
        `retry` makes runs again that have failed. `progress(done, total, failed)` counts the runs of this call.
        Raises `SweepError`, and KeyboardInterrupt after what is finished has been kept.
        """
        refuse(["" if threads is None else whole_number("threads", threads, 1)])
        folder = Path(out)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with store.locked(folder):
                study = _settled(folder, self.study)
                shared = None if cache is None else Path(cache)
                Session(folder, study, shared, retry, progress, say).carry_out(threads, executor, slots)
        except OSError as error:
            raise SweepError(f"{folder}: cannot write there ({error.strerror or error}); what is finished is "
                             f"kept") from error
        return Results(folder)


def _settled(folder: Path, study: Study) -> Study:
    """The study of the folder from now on: this one, with what the folder has been asked for before."""
    if not (folder / store.STUDY).exists():
        if others := store.strangers(folder):
            raise SweepError(f"{folder} holds other files ({', '.join(others[:3])}); give an empty folder")
        store.write_study(folder, study)
        return study
    there = store.read_study(folder)
    try:
        merged = there.merged(study)
    except ValueError as error:
        raise SweepError(f"{folder} holds another sweep:\n{error}\ngive another --out (with --cache, runs that both "
                         f"have are taken over)") from None
    if merged.digest != there.digest:
        store.write_study(folder, merged)
    return merged


@dataclass
class Session:
    """One call of `run` on a folder that this process holds alone."""

    folder: Path
    study: Study
    cache: Path | None
    retry: bool
    progress: Progress | None
    say: Callable[[str], None]

    def carry_out(self, threads: int | None, executor: Executor | None, slots: Callable[[], int] | None) -> None:
        """Do everything that the study asks for."""
        store.sweep_out(self.folder)
        self.ledger = Ledger(self.folder, self.study)
        self.before = self.ledger.finished | (self.ledger.failed if not self.retry else False)
        monitor = Monitor()
        pool: Pool
        if executor is None:
            country = (self.study.base,)
            check_memory(country, self.study.years, threads or usable_cores(), threads)
            pool = Threads(Workshop(self.study, self.ledger.identities), self.folder, monitor, threads)
        else:
            pool = Elsewhere(executor, self.study, self.folder, slots or slots_of(executor))
        runner = Runner(self.study, pool, monitor, self.progress, self.say)
        try:
            self._rounds(runner)
            pool.close(kill=False)
        finally:
            self._share()
        if worth_compacting(self.folder):
            compact(self.folder)

    def _share(self) -> None:
        if self.cache is None:
            return
        try:
            reuse.share(self.folder, self.cache)
            if old := reuse.old_shelves(self.cache):
                self.say(f"{self.cache} also holds runs of other versions of the model, of no use to this one; delete "
                         f"what you do not go back to: {', '.join(path.name for path in old)}")
        except OSError as error:
            raise SweepError(f"--cache {self.cache}: cannot write there ({error.strerror or error}); the sweep itself "
                             f"is kept in {self.folder}") from error

    def _rounds(self, runner: Runner) -> None:
        replicates = self.study.replicates
        needed = np.full(len(self.study.policy_names), replicates.least, dtype=np.int64)
        while True:
            self._round(runner, needed)
            if replicates.mode == "fixed":
                return
            self.ledger.read()
            names = [target.outcome for target in replicates.targets]
            found = adaptive.shares(self.study, columns(self.ledger.parts, "runs", names), needed)
            more = adaptive.next_look(self.study, needed, adaptive.enough(self.study, found))
            if (more == needed).all():
                return
            self.before = self.ledger.finished | self.ledger.failed
            needed = more

    def _round(self, runner: Runner, needed: NDArray[np.int64]) -> None:
        """Make sure that every policy has as many replicates as needed."""
        missing: Flags = self.ledger.wanted(needed) & ~self.before
        if not missing.any():
            return
        taken = reuse.take_over(self.ledger, missing, self.cache)
        if taken:
            self.say(f"{taken:,} runs are there already, in this sweep or in the cache")
            missing &= ~self.ledger.finished
        runner.attempted = int((self.ledger.finished | self.ledger.failed).sum())
        runner.failed_before = int((self.ledger.failed & self.before).sum())
        runner.go(self.ledger.tasks(missing), int(missing.sum()))
