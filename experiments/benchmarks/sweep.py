"""What a sweep adds to the bare engine, whether its memory stays flat, and how long 100,000 runs take.

The same runs are made by the engine alone (start, advance, summarise) and by a sweep into a folder, in turns, in one
thread; processor time is compared, so other load on the machine hardly counts.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import facts_table, quartiles
from ssr_sim import Experiment, run
from ssr_sim.sweep.study import Study

REPEATS = 5
RUNS_COMPARED = 100
RUNS_ON_TWO_CORES = 400
RUNS_WATCHED = 12_000  # of one year
RUNS = 100_000
CORES = 2
SPECIFICATION = """
[experiment]
scenario = "baseline"
years = {years}
outputs = ["summary"]
[[policy]]
id = "baseline"
[[policy]]
id = "vetting"
set = {{ "vetting.coverage" = 0.5 }}
[uncertainties]
design = "lhs"
n = {states}
[replicates]
n = 2
seed = {seed}
"""


def measure() -> Findings:
    """A sweep against the bare engine in one thread, its memory, and its rate on two cores."""
    found = [_compared(seed) for seed in range(REPEATS + 1)][1:]
    overhead = np.array([100.0 * (swept / bare - 1.0) for bare, swept, _ in found])
    memory = _resident_memory()
    grown = 100.0 * (memory[-1] / memory[len(memory) // 3] - 1.0)
    experiment = _experiment(RUNS_ON_TWO_CORES, REPEATS + 2)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        experiment.run(folder, threads=CORES)
        minutes = RUNS * (time.perf_counter() - began) / RUNS_ON_TWO_CORES / 60.0
    measured = {
        "sweep.overhead": Measured(float(np.median(overhead)), quartiles(overhead, 1)),
        "sweep.memory": Measured(grown, f"{memory[len(memory) // 3]:.0f} to {memory[-1]:.0f} MB"),
        "sweep.minutes": Measured(minutes),
    }
    facts = {"bare engine, processor time of a run": f"{1e3 * np.median([bare for bare, _, _ in found]):.1f} ms",
             "the same in a sweep": f"{1e3 * np.median([swept for _, swept, _ in found]):.1f} ms",
             "kept of a run": f"{np.median([size for _, _, size in found]) / 1e3:.2f} kB",
             f"resident memory over {RUNS_WATCHED:,} runs of one year":
                 f"{min(memory[1:]):.0f} to {max(memory[1:]):.0f} MB"}
    return Findings(measured, facts_table(facts))


def _experiment(runs: int, seed: int, years: int = 10) -> Experiment:
    return Experiment.from_toml(SPECIFICATION.format(years=years, states=runs // 4, seed=seed))


def _compared(seed: int) -> tuple[float, float, float]:
    """Seconds of a run by the engine alone and in a sweep, bytes kept of it."""
    experiment = _experiment(RUNS_COMPARED, seed)
    with tempfile.TemporaryDirectory() as folder:
        bare = _processor_seconds(lambda: _engine_alone(experiment.study))
        swept = _processor_seconds(lambda: experiment.run(folder, threads=1))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
    return bare / RUNS_COMPARED, swept / RUNS_COMPARED, size / RUNS_COMPARED


def _engine_alone(study: Study) -> None:
    """All runs of the study, kept nowhere."""
    templates = [run.prepare(scenario, study.weeks) for scenario in study.policies.values()]
    for state in range(len(study.states)):
        for policy, template in enumerate(templates):
            drawn = study.drawn(policy, state)
            for replicate in range(study.replicates.most):
                world = run.start(template, study.own_seed(state, replicate), drawn)
                series = run.new_series(study.weeks)
                run.advance(world, series)
                run.summarise(world, series)


def _processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process, all threads, that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _resident_memory() -> list[float]:
    """Resident megabytes during a sweep of many short runs, at each progress."""
    process, found = psutil.Process(), [0.0]
    experiment = _experiment(RUNS_WATCHED, REPEATS + 3, years=1)
    with tempfile.TemporaryDirectory() as folder:
        experiment.run(folder, threads=CORES,
                       progress=lambda *_: found.append(process.memory_info().rss / 1e6))
    return found
