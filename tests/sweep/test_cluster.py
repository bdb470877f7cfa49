"""A real Dask scheduler with two worker processes, one of which is killed midway, makes the table that threads make."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from ssr_sim.sweep import runner
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.results import Results

HEAD = ('[experiment]\nscenario = "baseline"\nyears = 1\nset = { "country.communities" = 6 }\n'
        'outputs = ["series", "events"]\n')
Cluster = tuple[str, "list[subprocess.Popen[bytes]]"]
ENDING = 20  # seconds to wait for a process


def waited_for(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path: Path, require: Callable[[object, str], None]) -> "Iterator[Cluster]":
    """The address of a scheduler and its worker processes."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        require(False, "Dask is not installed")
    file, log = tmp_path / "scheduler.json", (tmp_path / "cluster.log").open("w")
    where = {"cwd": str(Path(__file__).parents[2]), "stderr": log, "stdout": log}
    processes = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
                                   "--port", "0", "--no-dashboard", "--scheduler-file", str(file)], **where)]  # type: ignore[call-overload]
    try:
        waited_for(lambda: file.exists() and file.read_text())
        processes += [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file",
                                        str(file), "--nthreads", "1", "--no-dashboard", "--no-nanny",
                                        "--local-directory", str(tmp_path / "scratch")], **where) for _ in range(2)]  # type: ignore[call-overload]
        yield json.loads(file.read_text())["address"], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait(ENDING)
        log.close()


@pytest.mark.slow
def test_a_worker_killed_midway_changes_nothing(cluster: Cluster, tmp_path: Path,
                                                specification: Callable[..., Path],
                                                ssr: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PART_SECONDS", 0.3)  # many chunks, to be interrupted among them
    address, workers = cluster
    spec, out = specification("[replicates]\nn = 500\n", head=HEAD), tmp_path / "out"
    killed = []

    def kill_one() -> None:
        waited_for(lambda: (out / "parts").exists() and len(os.listdir(out / "parts")) >= 3)
        workers[0].send_signal(signal.SIGKILL)
        killed.append(len(os.listdir(out / "parts")))

    killer = threading.Thread(target=kill_one)
    killer.start()
    result = ssr("sweep", "run", spec, "--out", out, "--cluster", address)
    killer.join()
    assert result.exit_code == 0, result.output
    assert workers[0].wait(ENDING) == -signal.SIGKILL
    there = Results.open(out)
    assert killed[0] < 12, "it was killed midway"
    assert len(there.frame()) == 1000
    here = Experiment.load(spec).run(tmp_path / "here")
    assert there.digest() == here.digest()
    for query in ("SELECT * FROM series ORDER BY run_id, week", "SELECT * FROM events ORDER BY run_id, number"):
        assert there.sql(query).equals(here.sql(query))


def test_a_scheduler_that_does_not_answer_is_said(specification: Callable[..., Path], tmp_path: Path,
                                                  ssr: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    from ssr_sim.sweep import cluster

    monkeypatch.setattr(cluster, "TIMEOUT", 1)
    result = ssr("sweep", "run", specification(), "--out", tmp_path / "out", "--cluster", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in result.stderr


def test_a_worker_with_another_model_is_refused(tmp_path: Path, small: Callable[..., Experiment]) -> None:
    from ssr_sim.sweep.store import SweepError
    from ssr_sim.sweep.work import work_elsewhere

    with pytest.raises(SweepError, match="has another version of the model"):
        work_elsewhere(str(tmp_path), "digest", "another", [])
