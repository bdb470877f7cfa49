"""Countries from 120 to a million communities: time to build, time per community and week, memory.

Each size is a process of its own, so that its memory is its own: `python -m experiments.benchmarks.growth 1000`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import psutil

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import ROOT, table
from ssr_sim import Scenario, run

SIZES = {120: 60, 1_000: 60, 10_000: 60, 100_000: 120, 1_000_000: 240}  # seconds a size may take
WEEKS = 52
LEAST = 0.5  # seconds of processor time for which a small country is stepped again and again
GOOD_FROM = 100_000  # below, memory is lost in what the interpreter takes


def measure() -> Findings:
    """Processor time, and peak memory against what the process held before it built the country."""
    found: dict[int, dict[str, float]] = {}
    rows, out_of_time = [], ""
    for size, limit in SIZES.items():
        if not out_of_time:
            result = in_process(size, limit)
            out_of_time = result if isinstance(result, str) else ""
        if out_of_time:
            rows.append((f"{size:,}", "not reached", "", "", ""))
            continue
        found[size] = result
        peak = f"{result['peak'] / 1e3:.1f}" if size >= GOOD_FROM else "-"
        kept = f"{result['kept'] / 1e3:.1f}" if size >= GOOD_FROM else "-"
        rows.append((f"{size:,}", f"{result['build']:.2f}", f"{result['step']:.0f}", peak, kept))
    heads = ("communities", "s to build", "ns a community and week", "peak kB a community", "kB kept")
    largest = max(found)
    slower = found[largest]["step"] / found[1_000]["step"]
    short = "" if largest == max(SIZES) else f"{out_of_time}; at {largest:,}: "
    time_ = Measured(slower if not short else None, remark=f"{short}{slower:.2f} times" if short else "")
    memory = found[largest]["peak"] / 1e3
    bytes_ = Measured(memory if not short else None, remark=f"{short}{memory:.1f} kB" if short else "")
    return Findings({"growth.time": time_, "growth.memory": bytes_}, table(heads, rows))


def in_process(size: int, limit: int) -> dict[str, float] | str:
    """What `child` found, or why not."""
    command = [sys.executable, "-m", "experiments.benchmarks.growth", str(size)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        return f"{size:,} communities took more than {limit} s"
    if done.returncode:
        return f"{size:,} communities failed: {done.stderr.strip().splitlines()[-1]}"
    result: dict[str, float] = json.loads(done.stdout)
    return result


def child(size: int) -> dict[str, float]:
    """Build the baseline with `size` communities and step it for a year."""
    small = run.prepare(Scenario.load("baseline").with_levers({"country.communities": 12}), WEEKS)
    run.advance(run.start(small, 1), run.new_series(WEEKS))  # what is loaded once is not the country's
    scenario = Scenario.load("baseline").with_levers({"country.communities": size})
    before = psutil.Process().memory_info().rss
    began = time.process_time()
    template = run.prepare(scenario, WEEKS)
    world = run.start(template, 1)
    build = time.process_time() - began
    spent, weeks = 0.0, 0
    while spent < LEAST:
        series = run.new_series(WEEKS)
        world = run.start(template, 1 + weeks) if weeks else world
        began = time.process_time()
        run.advance(world, series)
        spent += time.process_time() - began
        weeks += WEEKS
    after = psutil.Process().memory_info().rss
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"build": build, "step": 1e9 * spent / weeks / size, "peak": (highest - before) / size,
            "kept": (after - before) / size}


if __name__ == "__main__":
    print(json.dumps(child(int(sys.argv[1]))))
