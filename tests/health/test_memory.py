"""What a country takes is known before it is taken: the estimate is held against a process's memory at its peak."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# One small run first, so that the compiled model is loaded; then the peak of the large one above that.
MEASURE = """
import json, sys
from ssr_sim.ensemble import check_memory, run_ensemble
from ssr_sim.scenario import Scenario

def resident(key):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(key))

name, communities, years, replicates, threads = sys.argv[1], *map(int, sys.argv[2:])
scenario = Scenario.load(name)
run_ensemble(scenario, 1, threads, threads=threads)
scenario = scenario.with_levers({"country.communities": communities})
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # forget the peak so far
before = resident("VmRSS")
told = check_memory([scenario], years, replicates, threads).bytes
run_ensemble(scenario, years, replicates, threads=threads)
print(json.dumps([told, resident("VmHWM") - before]))
"""

Require = Callable[[object, str], None]


def told_and_taken(name: str, communities: int, years: int, replicates: int, threads: int) -> tuple[int, int]:
    arguments = [sys.executable, "-c", MEASURE, name, *map(str, (communities, years, replicates, threads))]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    told, taken = json.loads(done.stdout)
    return told, taken


@pytest.fixture(scope="module")
def compiled() -> None:
    """A process that compiles has memory to spare afterwards, which would hide what a country takes."""
    subprocess.run([sys.executable, "-m", "ssr_sim.compiling"], cwd=ROOT, capture_output=True, check=True)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    ("name", "communities", "years", "replicates", "threads"),
    [
        ("baseline", 30_000, 1, 1, 1),
        ("baseline", 30_000, 1, 2, 2),
        ("somalia-2007", 30_000, 1, 1, 1),
        ("baseline", 10, 20, 100, 1),  # here it is the weekly series
        pytest.param("baseline", 300_000, 1, 2, 2, marks=pytest.mark.slow),
    ],
)
def test_memory_is_what_was_told_to_within_a_quarter(
    name: str, communities: int, years: int, replicates: int, threads: int, require: Require
) -> None:
    require(sys.platform == "linux", "a process reads its memory from /proc")
    told, taken = told_and_taken(name, communities, years, replicates, threads)
    assert 0.75 * taken < told < 1.25 * taken, f"told {told / 1e6:.1f} MB, took {taken / 1e6:.1f} MB"
