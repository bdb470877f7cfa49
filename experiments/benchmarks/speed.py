"""What a user waits for, measured: `python experiments/benchmarks/speed.py [--cold]`. Prints a Markdown table.

A run is timed in one thread, after a first one, as the median over twenty seeds; commands are timed as whole
processes, the median of five. `--cold` also compiles the model from nothing, into a cache folder of its own.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime

from ssr_sim import Scenario, run
from ssr_sim.draws import mix_seed

SEEDS = 20
REPEATS = 5


def milliseconds_per_run(name: str) -> float:
    """Median wall time of one ten-year run of a scenario in one thread, start of the world included."""
    weeks = run.weeks_in(10)
    template = run.prepare(Scenario.load(name), weeks)
    times = []
    for replicate in range(SEEDS + 1):
        began = time.perf_counter()
        run.advance(run.start(template, mix_seed(1, replicate)), run.new_series(weeks))
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times[1:])


def seconds(*arguments: str, repeats: int = REPEATS, **environment: str) -> float:
    """Median wall time of `python -m ssr_sim arguments` as a process."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ssr_sim", *arguments], check=True, capture_output=True,
                       env=os.environ | environment)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cold", action="store_true", help="also measure compilation from nothing")
    cold = parser.parse_args().cold
    one_run = ("run", "baseline", "--years", "1", "--replicates", "1")
    rows = [(f"one run of ten years, {name}", f"{milliseconds_per_run(name):.1f} ms")
            for name in ("baseline", "liberia-2003", "somalia-1993")]
    rows.append(("cached start: `ssr-sim run baseline --years 1 --replicates 1`", f"{seconds(*one_run):.2f} s"))
    rows.append(("`ssr-sim --help`", f"{seconds('--help'):.2f} s"))
    if cold:
        with tempfile.TemporaryDirectory() as folder:
            compiled = seconds(*one_run, repeats=1, SSR_SIM_CACHE_DIR=folder)
        rows.append(("first command ever (compiles the model, once)", f"{compiled:.0f} s"))
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}\n")
    print("| what | measured |\n|---|---|")
    for what, measured in rows:
        print(f"| {what} | {measured} |")


if __name__ == "__main__":
    main()
