"""What a sweep adds to the bare engine: `python experiments/benchmarks/sweep.py`. Prints a Markdown table.

The same runs are made by the engine alone (start, advance, summarise) and by a sweep into a folder, in turns, in one
thread; processor time is compared, so other load on the machine hardly counts.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ssr_sim import run
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.study import Study

OUTPUTS = (("summary",), ("summary", "series"), ("summary", "series", "events"))
SPECIFICATION = """
[experiment]
scenario = "baseline"
years = 10
outputs = {outputs}
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


def engine_alone(study: Study) -> None:
    """All runs of the study, kept nowhere."""
    templates = [run.prepare(scenario, study.weeks) for scenario in study.policies.values()]
    for state in range(len(study.states)):
        for policy, template in enumerate(templates):
            drawn = study.drawn(policy, state)
            for replicate in range(study.replicates.most):
                world, series = run.start(template, study.replicates.own_seed(replicate), drawn), run.new_series(
                    study.weeks)
                run.advance(world, series)
                run.summarise(world, series)


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of this process, all threads, that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def compared(outputs: tuple[str, ...], runs: int, repeats: int) -> tuple[float, float, float]:
    """Median of sweep over engine, milliseconds of a run in the engine alone, bytes kept of a run."""
    ratios, alone, sizes = [], [], []
    for seed in range(repeats + 1):
        text = SPECIFICATION.format(outputs=list(outputs), states=max(runs // 4, 1), seed=seed)
        experiment = Experiment.from_toml(text)
        with tempfile.TemporaryDirectory() as folder:
            bare = processor_seconds(lambda study=experiment.study: engine_alone(study))  # type: ignore[misc]
            swept = processor_seconds(lambda e=experiment, f=folder: e.run(f, threads=1))  # type: ignore[misc]
            made = experiment.study.pairs * experiment.study.replicates.most
            ratios.append(swept / bare)
            alone.append(1000 * bare / made)
            sizes.append(sum(file.stat().st_size for file in Path(folder).rglob("*.parquet")) / made)
    return statistics.median(ratios[1:]), statistics.median(alone[1:]), statistics.median(sizes[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="runs in a sweep")
    parser.add_argument("--repeats", type=int, default=5, help="sweeps of each kind, after one to warm up")
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}; baseline, "
          f"ten years, {given.runs} runs, one thread\n")
    print("| outputs | sweep / engine alone | engine, ms a run | bytes a run |\n|---|---|---|---|")
    for outputs in OUTPUTS:
        ratio, alone, size = compared(outputs, given.runs, given.repeats)
        print(f"| {', '.join(outputs)} | {ratio:.3f} | {alone:.1f} | {size:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
