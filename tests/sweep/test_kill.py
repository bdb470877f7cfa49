"""Killed at any moment, a sweep loses at most its open parts, and ends with the table of an undisturbed one."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.results import Results

HEAD = ('[experiment]\nscenario = "baseline"\nyears = 1\nset = { "country.communities" = 6 }\n'
        'outputs = ["series", "events"]\n')
# One process that has loaded everything, and no thread, begets those that are killed. A part holds a few runs only.
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
import pandas, pyarrow.parquet, scipy.stats
from ssr_sim.sweep import runner
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.work import Workshop
runner.PART_SECONDS, runner.LEAST_SECONDS = 0.04, 0.01
experiment, out = Experiment.load(sys.argv[1]), Path(sys.argv[2])
Workshop(experiment.study).run(0, 0, 0)

def begin():
    child = os.fork()
    if not child:
        experiment.run(out, threads=2)
        os._exit(0)
    return child

kept, kills, alive = set(), 0, 0
for kill in range(20):
    child = begin()
    time.sleep(0.05 + 0.61803 * kill % 1 * 0.9)
    alive += os.waitpid(child, os.WNOHANG) == (0, 0)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    now = set(os.listdir(out / "parts")) if (out / "parts").exists() else set()
    assert kept <= now, "a finished part was lost"
    kept = now
assert os.waitpid(begin(), 0)[1] == 0
print(alive, len(kept))
"""


def finished(out: Path) -> int:
    return len(Results.open(out).frame())


@pytest.mark.slow
def test_killed_at_twenty_moments_it_ends_as_if_undisturbed(specification: Callable[..., Path],
                                                            tmp_path: Path) -> None:
    spec, out = specification("[replicates]\nn = 800\n", head=HEAD), tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(spec), str(out)], capture_output=True, text=True,
                          check=False, timeout=500)
    assert done.returncode == 0, done.stderr
    alive, parts = map(int, done.stdout.split())
    assert alive >= 15, "they were killed at work"
    assert parts > 5, "and had finished something before"
    whole, disturbed = Experiment.load(spec).run(tmp_path / "whole"), Results.open(out)
    assert finished(out) == 1600
    assert disturbed.digest() == whole.digest()
    for query in ("SELECT * FROM series ORDER BY run_id, week", "SELECT * FROM events ORDER BY run_id, number"):
        assert disturbed.sql(query).equals(whole.sql(query))
    assert list((out / "open").iterdir()) == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_says_how_to_go_on(specification: Callable[..., Path], tmp_path: Path,
                                                     ending: signal.Signals) -> None:
    spec, out = specification("[replicates]\nn = 3000\n"), tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-m", "ssr_sim", "sweep", "run", str(spec), "--out", str(out)],
                               stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(ending, signal.SIG_DFL))
    try:
        deadline = time.monotonic() + 60
        while not (out / "study.json").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(3)
        process.send_signal(ending)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert f"stopped; what is finished is kept in {out}. Go on with: ssr-sim sweep run {out}" in said
    assert "Traceback" not in said
    assert 0 < finished(out) < 6000
