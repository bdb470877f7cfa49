"""Compiled phases against the same loops in C: equal to the bit over ten years, then timed in turns."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.benchmarks import c_twin
from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import quartiles, table
from ssr_sim import Scenario, run
from ssr_sim.draws import mix_seed
from ssr_sim.schedule import MONTH
from ssr_sim.world import WEEK, World

WEEKS = run.weeks_in(10)
MONTHS = 26  # of one phase alone, from a state of the whole model
ROUNDS = 3


def measure() -> Findings:
    """Ratios of processor time; nothing without a C compiler."""
    if c_twin.compiler() is None:
        missing = Measured(None, remark=c_twin.NO_COMPILER)
        return Findings({f"c.{name}": missing for name in c_twin.PHASES}, c_twin.NO_COMPILER)
    template = run.prepare(Scenario.load("liberia-2003"), WEEKS, events=5000)
    states = list(c_twin.states(template, mix_seed(1, 0), WEEKS))
    measured, rows = {}, []
    with tempfile.TemporaryDirectory() as folder:
        twin = c_twin.CPhases(states[0], Path(folder))
        for name in c_twin.PHASES:
            differing = {field for state in states for field in compare(twin, name, state)}
            if differing:
                raise AssertionError(f"{name} in C differs from the compiled phase in {sorted(differing)}")
            seconds = np.array([pair(twin, name, state) for _ in range(ROUNDS) for state in states[::4]])
            ratio = seconds[:, 0] / seconds[:, 1]
            measured[f"c.{name}"] = Measured(float(np.median(ratio)), quartiles(ratio))
            ours, theirs = 1e6 * np.median(seconds, axis=0) / MONTHS
            rows.append((name, f"{ours:.1f}", f"{theirs:.1f}", f"{np.median(ratio):.2f}", len(states)))
    heads = ("phase", "compiled, µs a call", "C, µs a call", "ratio", "states equal to the bit")
    return Findings(measured, table(heads, rows) + "\n\nLiberia, 120 communities, states of ten years, processor time.")


def compare(twin: c_twin.CPhases, name: str, state: World, months: int = 2) -> list[str]:
    """Fields in which the phase in C and the compiled one differ after some months from `state`."""
    ours, theirs = run.copy_world(state), run.copy_world(state)
    c_twin.COMPILED[name](ours, MONTH * WEEK, months)
    twin.bound(name, theirs)(months)
    return c_twin.difference(ours, theirs)


def pair(twin: c_twin.CPhases, name: str, state: World) -> tuple[float, float]:
    """Seconds of the months in the compiled phase and in C, each from the same state, without the call itself."""
    ours, theirs = run.copy_world(state), run.copy_world(state)
    compiled = c_twin.COMPILED[name]
    return _seconds(lambda months: compiled(ours, MONTH * WEEK, months)), _seconds(twin.bound(name, theirs))


def _seconds(phase: Callable[[int], None]) -> float:
    phase(0)
    call = min(_timed(phase, 0) for _ in range(3))  # Numba takes a world of 28 tables apart at every call
    return _timed(phase, MONTHS) - call


def _timed(phase: Callable[[int], None], months: int) -> float:
    began = time.thread_time()
    phase(months)
    return time.thread_time() - began
