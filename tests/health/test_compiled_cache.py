"""The compiled code on disk is never older than the rules it was made from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ssr_sim

PACKAGE = Path(ssr_sim.__file__).parent

CALLER = """
from ssr_sim.jit import njit
from ssr_sim.maths import clamp


@njit
def doubled(x):
    return 2.0 * clamp(x, 0.0, 0.5)
"""

PROBE = """
from pathlib import Path
from ssr_sim import caller, jit
folder = jit.cache_folder(Path(caller.__file__).resolve())
print(caller.doubled(1.0), folder.name, sum(caller.doubled.stats.cache_hits.values()))
"""


@pytest.fixture
def copy(tmp_path):
    """A small copy of the package: a rule, its caller in another file, and a module never compiled."""
    package = tmp_path / "ssr_sim"
    package.mkdir()
    for name in ("jit.py", "maths.py"):
        shutil.copy(PACKAGE / name, package)
    (package / "__init__.py").write_text("")
    (package / "caller.py").write_text(CALLER)
    (package / "figures.py").write_text("COLOUR = 'blue'\n")
    return package


def probe(package):
    """Run the caller in a fresh interpreter: its result, its cache folder, and whether the cache was used."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(package.parent),
        "SSR_SIM_CACHE_DIR": str(package.parent / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=package.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result, folder, hits = done.stdout.split()
    return float(result), folder, hits != "0"


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_edited_rule_changes_the_result_of_its_caller_in_another_file(copy):
    result, folder, _ = probe(copy)
    assert result == 1.0
    edit(copy / "maths.py", "return min(max(x, lo), hi)", "return min(max(x, lo), hi) + 10.0")
    edited, other_folder, _ = probe(copy)
    assert edited == 21.0
    assert other_folder != folder


def test_edit_outside_the_compiled_modules_keeps_the_cache(copy):
    _, folder, first_hit = probe(copy)
    edit(copy / "figures.py", "blue", "red")
    _, same_folder, second_hit = probe(copy)
    assert same_folder == folder
    assert not first_hit
    assert second_hit
