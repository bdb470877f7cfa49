"""Compile the model ahead of its first run, on two cores: half of the phases in a second process, then the whole.

Numba compiles one function at a time in a process, but what one process has compiled and cached another loads.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

from ssr_sim import run
from ssr_sim.scenario import Scenario
from ssr_sim.schedule import week
from ssr_sim.world import PHASES, World

HALF = "half"


def is_compiled() -> bool:
    """True when the run loop of the present sources has been compiled on this machine before."""
    return any(Path(run.advance.stats.cache_path).glob("run.advance-*.nbi"))  # type: ignore[attr-defined]


def compile_model(progress: Callable[[int, int], None] | None = None) -> None:
    """Compile everything a run needs and keep it in the cache; `progress(done, total)` counts functions."""
    helper = subprocess.Popen([sys.executable, "-m", "ssr_sim.compiling", HALF], stderr=subprocess.DEVNULL)
    try:
        world = _world()
        names = list(PHASES)
        total = len(names) + 3
        for done, name in enumerate(names[::2], start=1):
            _compile_phase(name, world)
            if progress is not None:
                progress(2 * done, total)
        helper.wait()
    finally:
        helper.terminate()  # nothing is lost: what it has finished is cached
        helper.wait()
    week.compile((signature(world),))  # type: ignore[attr-defined]
    run.advance(world, run.new_series(1))
    if progress is not None:
        progress(total, total)


def signature(world: World) -> Any:
    """Numba's type of a world."""
    return numba.typeof(world)  # type: ignore[no-untyped-call]


def _world() -> World:
    """Any world: all have the same types."""
    return run.start(run.prepare(Scenario.load("baseline"), 1), seed=1)


def _compile_phase(name: str, world: World) -> None:
    phase = PHASES[name].function
    lengths = phase.py_func.__code__.co_argcount - 1
    phase.compile((signature(world), *[numba.float64] * lengths))


def _compile_half() -> None:
    world = _world()
    for name in list(PHASES)[1::2]:
        _compile_phase(name, world)


if __name__ == "__main__":
    if sys.argv[1:] == [HALF]:
        _compile_half()
    elif not is_compiled():
        print("compiling the model: once on this machine, about two minutes", flush=True)
        compile_model()
