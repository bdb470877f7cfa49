"""Compile the model ahead of its first run, on several cores.

Numba compiles one function at a time in a process. So a few processes go through the same list of functions, the
longest first, and each compiles what is neither on disk nor in the hands of another (`code_cache.py`); the run loop,
which joins them all, comes last. Two commands that start together share the work in the same way.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numba

from ssr_sim import code_cache, run
from ssr_sim.fingerprint import functions_in
from ssr_sim.measuring import measure
from ssr_sim.policy import apply_policy
from ssr_sim.provenance import usable_cores
from ssr_sim.scenario import Scenario
from ssr_sim.world import PHASES, World

SHARE = "share"
PROCESSES = 4  # more would wait for one another, and each takes 300 MB
JOINING = 0.2  # of all work: the run loop, which one process compiles at the end
LOOK = 0.25  # seconds between two looks at what is done

Progress = Callable[[int, int], None]


def is_compiled(world: World | None = None) -> bool:
    """True when the run loop of the present sources has been compiled on this machine before."""
    loop: Any = run.advance
    begins = loop.from_python.kept_as()
    if begins is None or not any(name.startswith(begins) for name in code_cache.names()):
        return False  # without building a world, which compiles a few functions
    name = loop.from_python.kept_as(_loop_types(world or _world()))
    return code_cache.store().path(name).exists()


def compile_model(progress: Progress | None = None) -> None:
    """Compile everything a run needs and keep it on disk; `progress(done, total)` counts functions.

    What is finished stays when it is interrupted.
    """
    shared = not code_cache.problem() or code_cache.store().folder != code_cache.wanted_folder()
    count = min(usable_cores(), PROCESSES) - 1 if shared else 0
    command = [sys.executable, "-m", "ssr_sim.compiling", SHARE]
    helpers = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for _ in range(count)]
    try:
        report = _counted(progress) if progress is not None else lambda: None
        world = _world()
        _share(world, report)
        run.advance(world, run.new_series(1))
    finally:
        for helper in helpers:  # they have nothing left to do, or have been told to stop
            helper.terminate()
            helper.wait()
    code_cache.store().tidy()


def _counted(progress: Progress) -> Callable[[], None]:
    """A function that reports how many of the functions a run needs lie on disk, whoever compiled them."""
    needed = {f"{function.__module__.rpartition('.')[2]}.{function.__name__}" for function in functions_in(run.advance)}
    began = time.time()
    total = round(len(needed) / (1.0 - JOINING))
    most = 0

    def report() -> None:
        nonlocal most
        made = {path.stem.partition("-")[0] for path, status in code_cache.store().files()
                if status.st_mtime >= began - 1.0 and path.suffix == ".code"}
        most = max(most, len(needed & made))
        if most:
            progress(most, total)

    return report


def _share(world: World, report: Callable[[], None]) -> None:
    """Compile what is neither done nor in the hands of another process, until all is done."""
    waiting = _tasks(world)
    while waiting:
        left = []
        for function, kinds in waiting:
            claim = function.claim(kinds)
            if claim:
                function.compile(kinds)
                report()
            elif claim is False:
                left.append((function, kinds))
        if len(left) == len(waiting):  # all in other hands
            report()
            time.sleep(LOOK)
        waiting = left


def _tasks(world: World) -> list[tuple[Any, tuple[Any, ...]]]:
    """What can be compiled apart, with argument types, the longest first."""
    kind = numba.typeof(world)  # type: ignore[no-untyped-call]
    tasks: list[tuple[Any, tuple[Any, ...]]] = [(measure, (kind, numba.float64[::1])), (apply_policy, (kind,))]
    for phase in PHASES.values():
        lengths = phase.function.py_func.__code__.co_argcount - 1
        tasks.append((phase.function, (kind, *[numba.float64] * lengths)))
    return sorted(tasks, key=lambda task: -sum(len(part.__code__.co_code) for part in functions_in(task[0])))


def _loop_types(world: World) -> tuple[Any, ...]:
    return numba.typeof(world), numba.typeof(run.new_series(1))  # type: ignore[no-untyped-call]


def _world() -> World:
    """Any world: all have the same types."""
    return run.start(run.prepare(Scenario.load("baseline"), 1), seed=1)


if __name__ == "__main__":
    if sys.argv[1:] == [SHARE]:
        with contextlib.suppress(KeyboardInterrupt):
            _share(_world(), lambda: None)
    elif not is_compiled():
        print("compiling the model: once on this machine, about a minute", flush=True)
        compile_model()
