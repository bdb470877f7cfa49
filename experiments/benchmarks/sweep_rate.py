"""Many runs one after another, nothing kept: what the runner adds to the engine, whether memory stays flat, how long
100,000 runs take.
"""

from __future__ import annotations

import gc
import time

import numpy as np
import psutil

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.runs import one_run
from experiments.benchmarks.timing import facts_table, in_turns, quartiles
from ssr_sim import Scenario, run, run_ensemble
from ssr_sim.draws import mix_seed

REPLICATES = 16
REPEATS = 7
BATCHES, BATCH = 30, 16  # of one-year runs
RUNS = 100_000
CORES = 2


def measure() -> Findings:
    """Ensemble against bare engine in one thread; then batches on two, whose results are dropped."""
    scenario = Scenario.load("baseline")
    weeks = run.weeks_in(10)

    def bare() -> None:
        template = run.prepare(scenario, weeks)
        for number in range(REPLICATES):
            one_run(template, mix_seed(1, number))

    def ensemble() -> None:
        run_ensemble(scenario, years=10, replicates=REPLICATES, threads=1)

    run_ensemble(scenario, years=1, replicates=2)
    seconds = in_turns((lambda: bare, lambda: ensemble), REPEATS)
    overhead = 100.0 * (seconds[:, 1] / seconds[:, 0] - 1.0)
    memory = resident_memory(scenario)
    grown = 100.0 * (memory[-1] / memory[2] - 1.0)
    began = time.perf_counter()
    run_ensemble(scenario, years=10, replicates=4 * REPLICATES, threads=CORES)
    minutes = RUNS * (time.perf_counter() - began) / (4 * REPLICATES) / 60.0
    measured = {
        "sweep.overhead": Measured(float(np.median(overhead)), quartiles(overhead, 1)),
        "sweep.memory": Measured(grown, f"{memory[2]:.0f} to {memory[-1]:.0f} MB"),
        "sweep.minutes": Measured(minutes),
    }
    facts = {"ensemble in one thread, processor time of a run": f"{1e3 * np.median(seconds[:, 1]) / REPLICATES:.1f} ms",
             "bare engine": f"{1e3 * np.median(seconds[:, 0]) / REPLICATES:.1f} ms",
             f"resident memory over {BATCHES} batches": f"{min(memory[2:]):.0f} to {max(memory[2:]):.0f} MB"}
    return Findings(measured, facts_table(facts))


def resident_memory(scenario: Scenario) -> list[float]:
    """Resident megabytes after each batch of runs."""
    process = psutil.Process()
    found = []
    for batch in range(BATCHES):
        run_ensemble(scenario, years=1, replicates=BATCH, seed=batch, threads=CORES)
        gc.collect()
        found.append(process.memory_info().rss / 1e6)
    return found
