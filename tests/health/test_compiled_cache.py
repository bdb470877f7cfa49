"""Compiled code on disk: never older than what it was made from, shared, and safe to lose or to break."""

import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from numba import int64

import ssr_sim
from ssr_sim import code_cache, run
from ssr_sim.code_cache import Store
from ssr_sim.fingerprint import CannotTell, fingerprint, functions_in
from ssr_sim.jit import njit
from ssr_sim.world import PHASES

PACKAGE = Path(ssr_sim.__file__).parent

CONSTANTS = "LIMIT = 0.5\nUNUSED = 1\n"
CALLER = '''
"""A module."""
from ssr_sim import figures
from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.limits import LIMIT


@njit
def doubled(x):
    return 2.0 * clamp(x, 0.0, LIMIT)


def not_compiled():
    return figures.COLOUR
'''

PROBE = """
from ssr_sim import caller
print(caller.doubled(1.0), sum(caller.doubled.from_python.stats.cache_hits.values()))
"""


@pytest.fixture
def copy(tmp_path):
    """A small copy of the package: a rule, its caller in another file, a constant, and a module never compiled."""
    package = tmp_path / "ssr_sim"
    package.mkdir()
    for name in ("jit.py", "code_cache.py", "fingerprint.py", "maths.py"):
        shutil.copy(PACKAGE / name, package)
    (package / "__init__.py").write_text("")
    (package / "caller.py").write_text(CALLER)
    (package / "limits.py").write_text(CONSTANTS)
    (package / "figures.py").write_text("COLOUR = 'blue'\n")
    return package


def start(package, code=PROBE, **environment):
    """The caller in a fresh interpreter, started."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=package.parent,
        env={**os.environ, "PYTHONPATH": str(package.parent), "SSR_SIM_CACHE_DIR": str(package.parent / "cache"),
             **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def probe(package, **environment):
    """Run the caller in a fresh interpreter: its result, and whether it came from disk."""
    return finished(start(package, **environment))


def finished(process):
    output, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, "")
    result, hits = output.split()
    return float(result), hits != "0"


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def code_files(package):
    return sorted((package.parent / "cache" / "compiled").glob("*.code"))


def test_edited_rule_changes_the_result_of_its_caller_in_another_file(copy):
    assert probe(copy) == (1.0, False)
    edit(copy / "maths.py", "return min(max(x, lo), hi)", "return min(max(x, lo), hi) + 10.0")
    assert probe(copy) == (21.0, False)


def test_edited_constant_of_a_module_that_holds_nothing_compiled_changes_the_result(copy):
    assert probe(copy) == (1.0, False)
    edit(copy / "limits.py", "0.5", "0.75")
    assert probe(copy) == (1.5, False)


def test_what_compiled_code_does_not_use_keeps_it(copy):
    assert probe(copy) == (1.0, False)
    edit(copy / "figures.py", "blue", "red")
    edit(copy / "limits.py", "UNUSED = 1", "UNUSED = 2")
    edit(copy / "caller.py", '"""A module."""', '"""Another docstring."""\n# and a comment')
    edit(copy / "caller.py", "def doubled(x):\n", 'def doubled(x):\n    """Twice."""  # in words\n')
    edit(copy / "caller.py", "return figures.COLOUR", "return figures.COLOUR * 2")
    assert probe(copy) == (1.0, True)


def test_a_docstring_where_there_was_none_changes_nothing():
    kinds = {}
    for text in ('"""In words."""', "# in a comment", "x[1] = 2.0"):
        space = {"__name__": "a_module"}
        exec(f"def rule(x):\n    {text}\n    x[0] = 1.0\n", space)
        kinds[text] = fingerprint(space["rule"])
    assert len(set(kinds.values())) == 2
    assert kinds['"""In words."""'] == kinds["# in a comment"]


def test_a_copy_in_another_place_with_other_times_shares_it(copy, tmp_path):
    assert probe(copy) == (1.0, False)
    other = tmp_path / "elsewhere" / "ssr_sim"
    shutil.copytree(copy, other, copy_function=shutil.copyfile)
    assert probe(other, SSR_SIM_CACHE_DIR=str(tmp_path / "cache")) == (1.0, True)


def test_another_processor_or_setting_does_not(copy):
    assert probe(copy) == (1.0, False)
    assert probe(copy, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="") == (1.0, False)
    assert probe(copy, NUMBA_BOUNDSCHECK="1") == (1.0, False)
    assert probe(copy) == (1.0, True)


def test_another_version_of_a_library_does_not(monkeypatch):
    code_cache.platform.cache_clear()
    before = code_cache.platform(("a",))
    for library in ("numba", "np", "llvmlite"):
        with monkeypatch.context() as patch:
            patch.setattr(f"ssr_sim.code_cache.{library}.__version__", "0")
            code_cache.platform.cache_clear()
            assert code_cache.platform(("a",)) != before
    code_cache.platform.cache_clear()


def test_damaged_files_are_made_again(copy):
    assert probe(copy) == (1.0, False)
    for damage in (lambda content: content[:100], lambda content: b"", lambda content: content[:-1] + b"?"):
        for file in code_files(copy):
            file.write_bytes(damage(file.read_bytes()))
        assert probe(copy) == (1.0, False)
        assert probe(copy) == (1.0, True)


def test_a_file_with_a_single_changed_byte_is_not_read(tmp_path):
    store = Store(tmp_path)
    store.save("a", b"content")
    assert store.load("a") == b"content"
    whole = store.path("a").read_bytes()
    store.path("a").write_bytes(whole[:-1] + b"?")
    assert store.load("a") is None
    assert not store.path("a").exists()


def test_two_processes_that_start_together_are_right_and_compile_once(copy):
    processes = [start(copy) for _ in range(3)]
    results = [finished(process) for process in processes]
    assert [result for result, _ in results] == [1.0] * 3
    assert sum(not hit for _, hit in results) == 1
    assert probe(copy) == (1.0, True)


def test_the_folder_may_vanish_at_any_time(copy):
    code = textwrap.dedent("""
        import shutil
        from ssr_sim import caller, code_cache
        code_cache.store()
        shutil.rmtree(code_cache.store().folder, ignore_errors=True)
        caller.doubled(1.0)
        shutil.rmtree(code_cache.store().folder)
        caller.doubled(1)  # other types: compiled anew
        print(caller.doubled(1.0), 0)
    """)
    assert finished(start(copy, code)) == (1.0, False)


def test_without_a_folder_that_can_be_written_it_still_runs_and_says_so(copy, tmp_path):
    file = tmp_path / "a_file"
    file.write_text("")
    blocked = {"SSR_SIM_CACHE_DIR": str(file), "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    assert probe(copy, **blocked) == (1.0, False)
    assert probe(copy, **blocked) == (1.0, True)  # kept among the temporary files
    words = start(copy, "from ssr_sim import code_cache; print(code_cache.problem())", **blocked).communicate()[0]
    assert f"cannot write to {file}" in words
    assert "SSR_SIM_CACHE_DIR" in words


def test_interrupted_writing_leaves_nothing_that_could_be_read(tmp_path, monkeypatch):
    store = Store(tmp_path)

    def stop(self, content):
        with open(self, "wb") as file:
            file.write(content[:3])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", stop)
    with pytest.raises(KeyboardInterrupt):
        store.save("a", b"content")
    assert store.files() == []


def test_tidying_removes_the_longest_unused_and_nothing_of_the_last_hour(tmp_path, monkeypatch):
    monkeypatch.setattr(code_cache, "LARGEST", 250)
    store = Store(tmp_path)
    hours = {"old": 5.0, "older": 10.0, "new": 0.2, "newer": 0.1}
    for name, age in hours.items():
        store.save(name, b"x" * 84)
        os.utime(store.path(name), (time.time() - 3600 * age,) * 2)
    store.load("older")  # used again
    store.tidy()
    assert {file.stem for file, _ in store.files()} == {"older", "new", "newer"}
    monkeypatch.setattr(code_cache, "LARGEST", 0)
    assert store.tidy() == 0
    assert store.clear() == 3
    assert store.size() == 0


def test_a_lock_keeps_another_from_making_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(code_cache, "store", lambda: Store(tmp_path))
    function = njit(lambda x: x + 1)
    kinds = (int64,)
    assert function.claim(kinds)
    taken = []
    other = njit(lambda x: x + 1)
    other._cache.name = function._cache.name  # the same function in another process
    thread = threading.Thread(target=lambda: taken.append(other.claim(kinds)))
    thread.start()
    thread.join()
    assert taken == [False]
    function.compile(kinds)  # lets go
    assert other.claim(kinds) is None


def test_every_function_of_the_model_can_be_told_from_others():
    for function in functions_in(run.advance):
        assert len(fingerprint(function)) == 32
    assert {phase.function.py_func for phase in PHASES.values()} <= set(functions_in(run.advance))


def test_a_function_with_a_global_of_unknown_content_is_never_kept():
    odd = object()
    with pytest.raises(CannotTell, match="uses a global of"):
        fingerprint(lambda: odd)
    assert njit(lambda: odd).kept_as(()) is None
