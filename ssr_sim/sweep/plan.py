"""What a sweep will take: runs, time, disk and memory, measured on a few of its own runs."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssr_sim.ensemble import check_memory
from ssr_sim.provenance import usable_cores
from ssr_sim.sweep import store
from ssr_sim.sweep.identity import run_id
from ssr_sim.sweep.parts import Collected, Label
from ssr_sim.sweep.store import SweepError
from ssr_sim.sweep.study import Study
from ssr_sim.sweep.work import Workshop

if TYPE_CHECKING:
    import pandas as pd

PILOT = 8  # runs
PILOT_SECONDS = 10.0
RUN_BYTES = 3500.0  # of one run in memory when all are read at the end: 336 MB more for 100,800 runs than for 80


@dataclass(frozen=True)
class Plan:
    """The runs of a study and, per run, what the pilot measured: seconds in one thread, bytes on the disk.

    `least` and `most` runs differ when replication is adaptive. `memory_bytes` is what the process will hold at most:
    what the pilot's holds, the runs at a time, and all runs when they are read at the end.
    """

    study: Study
    threads: int
    pilot: int
    seconds_a_run: float
    bytes_a_run: float
    memory_bytes: int

    @property
    def least(self) -> int:
        """Runs that are made in any case."""
        return self.study.pairs * self.study.replicates.least

    @property
    def most(self) -> int:
        """Runs that are made at most."""
        return self.study.pairs * self.study.replicates.most

    def minutes(self, runs: int) -> float:
        """About how long so many runs take on the plan's threads."""
        return runs * self.seconds_a_run / self.threads / 60.0

    @property
    def frame(self) -> pd.DataFrame:
        """One row for every policy and state of the world: policy, state, values of levers and of what is uncertain
        (a choice as the index of its option), least and most runs.
        """
        import pandas as pd

        study = self.study
        policies = pd.DataFrame(study.lever_values(), columns=list(study.levers))
        policies.insert(0, "policy", study.policy_names)
        states = pd.DataFrame(study.states.values, columns=list(study.states.keys))
        states.insert(0, "state", range(len(states)))
        frame = policies.merge(states, how="cross")
        return frame.assign(least_runs=study.replicates.least, most_runs=study.replicates.most)


def make_plan(study: Study, threads: int | None = None) -> Plan:
    """Measure a few runs of the study, spread over its policies and states; the first, which warms up, does not count.

    Raises MemoryError when the runs would not fit into what is free, `SweepError` when one fails.
    """
    import psutil

    threads = threads or usable_cores()
    need = check_memory((study.base,), study.years, threads, threads)
    workshop = Workshop(study)
    collected = Collected(study)
    times: list[float] = []
    policies, states = len(study.policy_names), len(study.states)
    began = time.perf_counter()
    for number in range(PILOT + 1):
        replicate = number % study.replicates.most
        policy, state = number * policies // (PILOT + 1), number * states // (PILOT + 1)
        start = time.perf_counter()
        try:
            done = workshop.run(policy, state, replicate)
        except Exception as error:
            raise SweepError(f"a run of the pilot fails (policy {study.policy_names[policy]!r}, state {state}): "
                             f"{type(error).__name__}: {error}") from error
        times.append(time.perf_counter() - start)
        identity = run_id(workshop.pair(policy, state).identity, replicate)
        label = Label(f"{identity}{number}", study.policy_names[policy], state, replicate, 0)
        collected.add([label], times[-1], *done)
        if time.perf_counter() - began > PILOT_SECONDS and len(times) > 1:
            break
    size = sum(store.serialised(table).size for table in collected.tables().values())
    seconds = statistics.median(times[1:])
    all_runs = RUN_BYTES * study.pairs * study.replicates.most
    memory = psutil.Process().memory_info().rss + need.bytes + int(all_runs)
    return Plan(study, threads, len(times) - 1, seconds, size / len(times), memory)
