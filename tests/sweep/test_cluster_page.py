"""The page on clusters: its script runs, with a stand-in for `srun`; its commands take the options it gives them."""

import ast
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs
import psutil
import pytest

from ssr_sim.sweep.results import Results

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "cluster.md").read_text(encoding="utf-8")
SCRIPT, PYTHON = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1] for kind in ("bash", "python"))  # type: ignore[index]
JOINED = SCRIPT.replace("\\\n", " ")
# Leaves out the options of srun, whose values all follow an equals sign, and starts the rest here, once.
SRUN = '#!/bin/bash\nwhile [[ $1 == -* ]]; do shift; done\nexec "$@"\n'
COMMANDS = {"python": [], "dask": ["-m", "dask"], "ssr-sim": ["-m", "ssr_sim"]}
Job = Callable[..., "subprocess.Popen[str]"]


def of_group(leader: int) -> list[psutil.Process]:
    """Processes that the script has started and that still run."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def options(command: str) -> list[str]:
    """The options that the script gives to a command."""
    (line,) = (line for line in JOINED.splitlines() if f" {command} " in f" {line}" and not line.startswith("spec="))
    return re.findall(r"(?<!\S)--[a-z-]+", line.split(command, 1)[1])


@pytest.fixture
def needed(require: Callable[[object, str], None]) -> None:
    require(shutil.which("bash"), "bash is not installed")
    try:
        import distributed  # noqa: F401
    except ImportError:
        require(False, "Dask is not installed")


@pytest.fixture
def job(tmp_path: Path, needed: None) -> Iterator[Job]:
    """Starts the script as a batch system would, in a folder with a stand-in for srun; ends it after the test."""
    bin_, room = tmp_path / "bin", tmp_path / "job"
    bin_.mkdir()
    room.mkdir()
    written = {"srun": SRUN} | {name: f'#!/bin/sh\nexec "{sys.executable}" {" ".join(module)} "$@"\n'
                                for name, module in COMMANDS.items()}
    for name, text in written.items():
        (bin_ / name).write_text(text)
        (bin_ / name).chmod(0o755)
    (room / "sweep.sh").write_text(SCRIPT.replace("sleep 20 ", "sleep 2 "))
    cache = os.environ.get("SSR_SIM_CACHE_DIR") or platformdirs.user_cache_dir("ssr_sim", appauthor=False)
    environment = {**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
                   "SLURM_JOB_ID": "1", "SLURM_CPUS_PER_TASK": "2", "TMPDIR": str(room), "SSR_SIM_CACHE_DIR": cache}
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> "subprocess.Popen[str]":
        with (room / "log").open("a") as log:
            process = subprocess.Popen(["bash", "sweep.sh", *map(str, arguments)], cwd=room, env=environment, text=True,
                                       stdout=log, stderr=log, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def test_the_script_is_bash(needed: None) -> None:
    done = subprocess.run(["bash", "-n"], input=SCRIPT, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("command", "module"), [
    ("dask scheduler", ["dask", "scheduler"]), ("dask worker", ["dask", "worker"]),
    ("ssr-sim sweep run", ["ssr_sim", "sweep", "run"])])
def test_commands_know_the_options_that_the_script_gives_them(command: str, module: list[str], needed: None) -> None:
    help_ = subprocess.run([sys.executable, "-m", *module, "--help"], cwd=ROOT, text=True, capture_output=True,
                           check=True, env={**os.environ, "COLUMNS": "200"}).stdout
    given = options(command)
    assert len(given) >= 2
    assert not [option for option in given if not re.search(rf"(?<![\w-]){option}(?![\w-])", help_)]


def test_everything_the_job_asks_of_slurm_is_in_one_block_at_the_top() -> None:
    lines = SCRIPT.splitlines()
    asked = [number for number, line in enumerate(lines) if line.startswith("#SBATCH")]
    assert lines[0].startswith("#!")
    assert asked == list(range(1, len(asked) + 1)), "SLURM reads no further than the first command"
    assert all(re.fullmatch(r"#SBATCH --[a-z-]+=\S+", lines[number]) for number in asked)


@pytest.mark.slow
def test_the_script_runs_a_sweep_to_its_end_and_leaves_nothing_running(job: Job, specification: Callable[..., Path],
                                                                        tmp_path: Path) -> None:
    process = job(specification(), tmp_path / "out")
    assert process.wait(180) == 0, (tmp_path / "job" / "log").read_text()
    results = Results.open(tmp_path / "out")
    assert results.status().missing == 0
    assert len(results.frame()) == 6
    assert not list((tmp_path / "job").glob("dask-1-*")), "its own files are gone"
    psutil.wait_procs(left := of_group(process.pid), 20)
    assert not [other for other in left if other.is_running()]


@pytest.mark.slow
def test_a_job_that_is_told_to_end_keeps_what_is_finished_and_frees_the_folder(
        job: Job, specification: Callable[..., Path], tmp_path: Path) -> None:
    spec, out = specification("[replicates]\nn = 20000\n"), tmp_path / "out"
    process = job(spec, out)
    deadline = time.monotonic() + 120
    while not list(out.glob("parts/*")):
        waiting = time.monotonic() < deadline and process.poll() is None
        assert waiting, (tmp_path / "job" / "log").read_text()
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 130, (tmp_path / "job" / "log").read_text()
    finished = Results.open(out).status().finished
    assert 0 < finished < 40000
    assert Results.open(out).status().at_work == ""


def test_the_python_of_dask_jobqueue_makes_a_job(tmp_path: Path) -> None:
    """`SLURMCluster` with the page's arguments: the job that it would submit."""
    (call,) = (node for node in ast.walk(ast.parse(PYTHON)) if isinstance(node, ast.Call)
               and isinstance(node.func, ast.Name) and node.func.id == "SLURMCluster")
    arguments = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    jobqueue = pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is no part of the environment")
    here = {"dashboard_address": None, "host": "127.0.0.1"}
    with jobqueue.SLURMCluster(**arguments, scheduler_options=here) as cluster:
        script = cluster.job_script()
    assert "#SBATCH -t 04:00:00" in script
    assert "--nworkers 8" in script
    assert "--lifetime 225m" in script
