"""Where the time of a run goes, phase by phase: `python experiments/benchmarks/phases.py [SCENARIO] [--communities N]`.

`--communities 1000000 --years 1 --runs 1` shows it in a large country: the last column of a phase that grows with the
country stays about the same.

The week of `ssr_sim/schedule.py` is compiled once more with the processor's cycle counter read before and after each
phase, so that what is timed is the very code that runs. A row is one agent, presence or cohort in a table that the
phase takes from the world; tables of one row count as one. Each run is repeated, and each call counts with its
shortest time, so that what else the machine does is left out.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import time
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic

from ssr_sim import Scenario, run, schedule
from ssr_sim.draws import mix_seed
from ssr_sim.measuring import measure
from ssr_sim.policy import apply_policy
from ssr_sim.tables import TABLES
from ssr_sim.world import PHASES, World

REPEATS = 7


@intrinsic
def cycles(typing_context: Any) -> Any:
    """The processor's cycle counter."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        counter = builder.module.declare_intrinsic("llvm.readcyclecounter", (), ir.FunctionType(ir.IntType(64), ()))
        return builder.call(counter, ())

    return numba.types.int64(), generate


def timed_week(names: list[str]) -> Any:
    """The week with a stopwatch around each phase: `week(world, spent)`, int64 (phases,): cycles of this week."""
    tree = ast.parse(inspect.getsource(schedule.week.py_func))

    class Stopwatch(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> Any:
            call = node.value
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                return node
            k = names.index(call.func.id)
            return ast.parse(f"began = cycles()\n{ast.unparse(node)}\nspent[{k}] = cycles() - began").body

    function = Stopwatch().visit(tree).body[0]
    function.decorator_list = []
    function.args.args += [ast.arg("spent")]
    function.name = "timed"
    space: dict[str, Any] = dict(vars(schedule)) | {"cycles": cycles}
    exec(compile(ast.unparse(tree), "<timed week>", "exec"), space)
    return numba.njit(error_model="numpy", nogil=True)(space["timed"])


def rows_of(world: World, name: str) -> int:
    """Rows of all tables that a phase takes from the world."""
    function = PHASES[name].function.py_func
    used = {node.attr for node in ast.walk(ast.parse(inspect.getsource(function)))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "world"}
    tables = (getattr(world, table) for table in sorted(used) if table in TABLES)
    return sum(len(table) for table in tables)


def nanoseconds_a_cycle() -> float:
    """Length of one tick of the cycle counter."""

    @numba.njit
    def ticks() -> int:
        return cycles()  # type: ignore[no-any-return]

    first, began = ticks(), time.perf_counter()
    time.sleep(0.2)
    return 1e9 * (time.perf_counter() - began) / (ticks() - first)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="baseline")
    parser.add_argument("--communities", type=int, help="instead of as many as the scenario has")
    parser.add_argument("--years", type=float, default=10.0, help="length of a run (10)")
    parser.add_argument("--runs", type=int, default=8, help="runs, of which medians are shown (8)")
    chosen = parser.parse_args()
    weeks, runs = run.weeks_in(chosen.years), chosen.runs
    scenario = Scenario.load(chosen.scenario)
    if chosen.communities:
        scenario = scenario.with_levers({"country.communities": chosen.communities})
    template = run.prepare(scenario, weeks)
    names = [*PHASES, "apply_policy", "measure", "start"]
    timed = timed_week(names)

    @numba.njit(error_model="numpy", nogil=True)
    def advance(world: World, series: np.ndarray, spent: np.ndarray) -> None:
        for t in range(len(series)):
            a = cycles()
            apply_policy(world)
            b = cycles()
            timed(world, spent[t])
            c = cycles()
            measure(world, series[t])
            spent[t, -3] = b - a
            spent[t, -2] = cycles() - c
            world.measured[:] = series[t]
            world.clock[0].week += 1

    ticks = np.zeros((weeks, len(names)), np.int64)
    world = run.start(template, 0)
    series = run.new_series(weeks)
    advance(world, series[:1], ticks)
    spent = np.zeros((runs, len(names)), np.int64)
    starts = np.zeros((runs, REPEATS))
    for r in range(runs):
        shortest = np.full((weeks, len(names)), np.iinfo(np.int64).max)
        for repeat in range(REPEATS):
            began = time.thread_time()
            world = run.start(template, mix_seed(1, r))
            starts[r, repeat] = time.thread_time() - began
            ticks[:] = 0
            advance(world, series, ticks)
            np.minimum(shortest, ticks, out=shortest)
        spent[r] = shortest.sum(axis=0)
    calls = (shortest > 0).sum(axis=0)
    start = 1e3 * np.median(starts.min(axis=1))
    typical = np.median(spent, axis=0) * nanoseconds_a_cycle()
    order = np.argsort(-typical)
    total_rows = 0.0
    heads = ("ms a run", "share", "calls", "us a call", "rows", "ns a row")
    print(f"{'phase':32s} {heads[0]:>9s} {heads[1]:>6s} {heads[2]:>6s} {heads[3]:>10s} {heads[4]:>6s} {heads[5]:>9s}")
    for k in order:
        name, times = names[k], calls[k]
        if name not in PHASES:
            if typical[k]:
                print(f"{name:32s} {typical[k] / 1e6:9.2f} {typical[k] / typical.sum():6.1%}")
            continue
        rows = rows_of(world, name)
        total_rows += rows * times
        us = typical[k] / max(times, 1) / 1e3
        print(f"{name:32s} {typical[k] / 1e6:9.2f} {typical[k] / typical.sum():6.1%} {times:6d} {us:10.2f} "
              f"{rows:6d} {1e3 * us / max(rows, 1):9.1f}")
    print(f"\nweeks of a run {typical.sum() / 1e6:.1f} ms, its start {start:.1f} ms; "
          f"{typical.sum() / total_rows:.1f} ns a row and phase")


if __name__ == "__main__":
    main()
