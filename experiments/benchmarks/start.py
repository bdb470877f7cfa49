"""How long a user waits before anything happens: whole processes, with everything compiled before."""

from __future__ import annotations

import numpy as np

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import process, quartiles, table

COMMANDS = {
    "`ssr-sim --help`": ("-m", "ssr_sim", "--help"),
    "`ssr-sim run baseline --years 1 --replicates 1`": (
        "-m", "ssr_sim", "run", "baseline", "--years", "1", "--replicates", "1"),
    "`import ssr_sim`": ("-c", "import ssr_sim"),
    "`python -c pass`": ("-c", "pass"),
}
REPEATS = 7


def measure() -> Findings:
    """Wall and processor seconds of each command, in turns, after one that is not counted."""
    for command in COMMANDS.values():
        process(*command)
    times = np.array([[process(*command)[:2] for command in COMMANDS.values()] for _ in range(REPEATS)])
    wall, cpu = times[:, :, 0], times[:, :, 1]
    rows = [(name, f"{np.median(wall[:, k]):.2f}", quartiles(wall[:, k]), f"{np.median(cpu[:, k]):.2f}")
            for k, name in enumerate(COMMANDS)]
    measured = {key: Measured(float(np.median(wall[:, k])), quartiles(wall[:, k]))
                for k, key in enumerate(("start.help", "start.cached"))}
    return Findings(measured, table(("process", "s, wall", "middle half", "s, processor"), rows))
