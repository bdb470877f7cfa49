"""How long a user waits for a band: from a moved lever to the result, as the app would ask for it."""

from __future__ import annotations

import itertools
import time

import numpy as np

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import Task, in_turns, quartiles, table
from ssr_sim import Scenario, run_ensemble

SCENARIOS = ("baseline", "liberia-2003")
REPLICATES = {8: 7, 16: 7, 64: 3}  # runs in a band: how often it is timed
THREADS = 2


def measure() -> Findings:
    """Wall seconds of `run_ensemble` over ten years, networks and all; sizes and scenarios in turns."""
    countries = [Scenario.load(name) for name in SCENARIOS]
    moved = itertools.count()  # every answer is for another position of the lever

    def band(country: Scenario, replicates: int) -> Task:
        changed = country.with_levers({"vetting.coverage": 0.1 + 0.01 * next(moved)})
        return lambda: run_ensemble(changed, years=10, replicates=replicates, threads=THREADS)

    run_ensemble(countries[0], years=1, replicates=2, threads=THREADS)
    measured, rows = {}, []
    for replicates, repeats in REPLICATES.items():
        makers = [lambda c=c, r=replicates: band(c, r) for c in countries]
        seconds = in_turns(makers, repeats, clock=time.perf_counter)
        for name, column in zip(SCENARIOS, seconds.T, strict=True):
            rows.append((f"{replicates} runs, {name}", f"{np.median(column):.2f}", quartiles(column)))
        if replicates < 64:
            baseline = seconds[:, 0]
            measured[f"ensemble.band_{replicates}"] = Measured(float(np.median(baseline)), quartiles(baseline))
    return Findings(measured, table(("ten years, two threads", "s, start to result", "middle half"), rows))
