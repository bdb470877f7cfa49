"""Single runs of ten years in one thread, the start of the world included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import Task, in_turns, quartiles, table
from ssr_sim import Scenario, run
from ssr_sim.draws import mix_seed

SCENARIOS = ("baseline", "liberia-2003", "somalia-1993")
SEEDS = 30
WEEKS = run.weeks_in(10)


def measure() -> Findings:
    """Milliseconds of processor time over twenty seeds, scenarios in turns."""
    templates = [run.prepare(Scenario.load(name), WEEKS) for name in SCENARIOS]
    for template in templates:
        one_run(template, 0)
    milliseconds = 1e3 * in_turns([_task(template) for template in templates], SEEDS)
    rows = [(name, f"{np.median(column):.1f}", quartiles(column, 1))
            for name, column in zip(SCENARIOS, milliseconds.T, strict=True)]
    baseline = milliseconds[:, 0]
    measured = {"runs.baseline": Measured(float(np.median(baseline)), quartiles(baseline, 1))}
    return Findings(measured, table(("ten years, one thread", "ms", "middle half of seeds"), rows))


def one_run(template: run.Template, seed: int) -> None:
    """Start and run to the horizon: the bare engine, nothing kept."""
    run.advance(run.start(template, seed), run.new_series(template.weeks))


def _task(template: run.Template) -> Callable[[], Task]:
    numbers = iter(range(SEEDS))

    def make() -> Task:
        seed = mix_seed(1, next(numbers))
        return lambda: one_run(template, seed)

    return make
