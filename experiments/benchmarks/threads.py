"""What a second thread brings to an ensemble."""

from __future__ import annotations

import time

import numpy as np

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import in_turns, quartiles, table
from ssr_sim import Scenario, run_ensemble

REPLICATES = 48
REPEATS = 5


def measure() -> Findings:
    """Ten-year runs of the baseline a minute of wall time, one thread and two in turns."""
    scenario = Scenario.load("baseline")
    run_ensemble(scenario, years=1, replicates=2)
    makers = [lambda n=n: lambda: run_ensemble(scenario, years=10, replicates=REPLICATES, threads=n) for n in (1, 2)]
    seconds = in_turns(makers, REPEATS, clock=time.perf_counter)
    rate = 60.0 * REPLICATES / seconds
    rows = [(f"{n} {'thread' if n == 1 else 'threads'}", f"{np.median(column):,.0f}", quartiles(column, 0))
            for n, column in zip((1, 2), rate.T, strict=True)]
    ratio = rate[:, 1] / rate[:, 0]
    detail = table(("ten-year runs of the baseline", "runs a minute", "middle half"), rows)
    return Findings({"threads.ratio": Measured(float(np.median(ratio)), quartiles(ratio))}, detail)
