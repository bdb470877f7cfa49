"""Clocks: tasks measured in turns, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
Task = Callable[[], object]


def in_turns(prepare: Sequence[Callable[[], Task]], repeats: int,
             clock: Callable[[], float] = time.process_time) -> np.ndarray:
    """Seconds (repeats, tasks) by `clock`: each task made anew outside the clock, then run, one after another."""
    seconds = np.empty((repeats, len(prepare)))
    for r in range(repeats):
        for k, make in enumerate(prepare):
            task = make()
            began = clock()
            task()
            seconds[r, k] = clock() - began
    return seconds


def quartiles(values: np.ndarray, digits: int = 2) -> str:
    """The middle half of `values`, as text."""
    low, high = np.percentile(values, (25, 75))
    return f"{low:,.{digits}f} to {high:,.{digits}f}"


class Process(NamedTuple):
    """A finished process: wall and processor seconds, what it printed."""

    wall: float
    cpu: float
    output: str


def process(*arguments: str, cwd: Path = ROOT, **environment: str) -> Process:
    """`python arguments` as a process of its own. Raises RuntimeError with what it said when it fails."""
    as_usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False,
                          env={**as_usual, "PYTHONPATH": str(cwd), **environment})
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Process(wall, cpu, done.stdout + done.stderr)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def facts_table(facts: Mapping[str, str]) -> str:
    """Two columns: what, and what was found."""
    return table(("what", "measured"), list(facts.items()))
