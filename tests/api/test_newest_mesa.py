"""The tests of `SSRModel` also pass on the newest Mesa 3, which needs Python 3.12 or newer.

The environment for it is made once, in the user's cache folder, and brought up to date on every run.
"""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import platformdirs
import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.12", "3.13")


def interpreters():
    """Python 3.12 and newer on the search path and among pyenv's, where present."""
    for version in PYTHONS:
        yield from filter(None, [shutil.which(f"python{version}")])
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        yield from map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True))


def answers(*command):
    """What a command prints, None if it fails."""
    try:
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def install(python, folder):
    """Bring an environment up to date: the newest Mesa 3, everything else as locked. The error of pip, "" for none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(line for line in locked if not line.startswith("mesa==")), encoding="utf-8")
    wanted = [*project["dependencies"], "pytest", "hypothesis"]
    pip = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "-c", constraints,
         *wanted], capture_output=True, text=True, check=False)
    return pip.stderr if pip.returncode else ""


@pytest.fixture
def newest(require):
    """An interpreter with the newest Mesa 3."""
    base = next((python for python in interpreters() if answers(python, "-c", "import venv, ensurepip") is not None),
                None)
    require(base, f"the newest Mesa needs one of Python {', '.join(PYTHONS)}: none found")
    version = answers(base, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    folder = Path(platformdirs.user_cache_dir("ssr_sim", appauthor=False)) / "newest-mesa" / version
    python = folder / "bin" / "python"
    if answers(python, "-m", "pip", "--version") is None:
        shutil.rmtree(folder, ignore_errors=True)
        require(answers(base, "-m", "venv", folder) is not None, f"{base} makes no virtual environment in {folder}")
    problem = install(python, folder)
    # without a network an environment made earlier will do
    usable = answers(python, "-c", "import mesa, numba, pandas, pydantic, pytest; print(mesa.__version__)")
    require(usable, f"no environment with the newest Mesa: {problem.strip()[-300:]}")
    return python


@pytest.mark.slow
def test_ssrmodel_passes_its_tests_on_the_newest_mesa(newest):
    mesa = answers(newest, "-c", "import mesa; print(mesa.__version__)")
    assert tuple(map(int, mesa.split(".")[:2])) >= (3, 4)
    done = subprocess.run([newest, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/api/test_mesa.py"],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"on Mesa {mesa}:\n{done.stdout[-5000:]}{done.stderr[-2000:]}"
    assert " passed" in done.stdout
    assert " skipped" not in done.stdout
