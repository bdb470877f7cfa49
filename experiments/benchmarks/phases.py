"""Where the time of a run goes, phase by phase: `python -m experiments.benchmarks.phases liberia-2003
--communities 1000 --years 2` shows all of them.

The week of `ssr_sim/schedule.py` is compiled once more with the processor's cycle counter read before and after each
phase, so that what is timed is the very code that runs. A row is one agent, presence or cohort, of groups that exist,
in a table that the phase takes from the world; one that it skips at once counts too, tables of the state, of money and
of records do not.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import time
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import quartiles, table
from ssr_sim import Scenario, run, schedule
from ssr_sim.draws import mix_seed
from ssr_sim.measuring import measure as indicators
from ssr_sim.policy import apply_policy
from ssr_sim.world import PHASES, World

RUNS = 20
SHOWN = 12  # phases in the report
AGENTS = ("communities", "police", "military", "donors", "contingents", "elites")
OF_GROUPS = ("groups", "presence", "cohorts")


@intrinsic
def cycles(typing_context: Any) -> Any:
    """The processor's cycle counter."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        counter = builder.module.declare_intrinsic("llvm.readcyclecounter", (), ir.FunctionType(ir.IntType(64), ()))
        return builder.call(counter, ())

    return numba.types.int64(), generate


class Profile(NamedTuple):
    """Nanoseconds and calls (runs, phases) of every phase, of "apply_policy" and "measure"; `rows` (phases,); seconds
    that a start takes.
    """

    names: list[str]
    rows: np.ndarray
    spent: np.ndarray
    calls: np.ndarray
    start: float

    @property
    def per_row(self) -> np.ndarray:
        """Nanoseconds per row and phase of each run, all phases together."""
        phases = len(PHASES)
        visited: np.ndarray = (self.calls[:, :phases] * self.rows[:phases]).sum(axis=1)
        return self.spent[:, :phases].sum(axis=1) / visited


def measure() -> Findings:
    """Nanoseconds per row and phase over ten-year runs of the baseline."""
    found = profile(Scenario.load("baseline"))
    per_row = found.per_row
    return Findings({"phases.row": Measured(float(np.median(per_row)), quartiles(per_row, 1))}, lines(found, SHOWN))


def timed_week(names: list[str]) -> Any:
    """The week with a stopwatch around each phase: `week(world, spent, calls)`, both int64 (phases,)."""
    tree = ast.parse(inspect.getsource(schedule.week.py_func))

    class Stopwatch(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> Any:
            call = node.value
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                return node
            k = names.index(call.func.id)
            return ast.parse(f"began = cycles()\n{ast.unparse(node)}\nspent[{k}] += cycles() - began\n"
                             f"calls[{k}] += 1").body

    function = Stopwatch().visit(tree).body[0]
    function.decorator_list = []
    function.args.args += [ast.arg("spent"), ast.arg("calls")]
    function.name = "timed"
    space: dict[str, Any] = dict(vars(schedule)) | {"cycles": cycles}
    exec(compile(ast.unparse(tree), "<timed week>", "exec"), space)
    return numba.njit(error_model="numpy", nogil=True)(space["timed"])


def rows_of(world: World, name: str) -> int:
    """Rows of all tables that a phase takes from the world; 0 for what is no phase."""
    if name not in PHASES:
        return 0
    function = PHASES[name].function.py_func
    used = {node.attr for node in ast.walk(ast.parse(inspect.getsource(function)))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "world"}
    existing = float(world.groups["exists"].mean()) if len(world.groups) else 0.0
    return round(sum(len(getattr(world, table)) for table in used & set(AGENTS))
                 + existing * sum(len(getattr(world, table)) for table in used & set(OF_GROUPS)))


def profile(scenario: Scenario, years: float = 10) -> Profile:
    """Time every phase in `RUNS` runs."""
    weeks = run.weeks_in(years)
    template = run.prepare(scenario, weeks)
    names = [*PHASES, "apply_policy", "measure"]
    timed = timed_week(names)

    @numba.njit(error_model="numpy", nogil=True)
    def advance(world: World, series: np.ndarray, spent: np.ndarray, calls: np.ndarray) -> None:
        for t in range(len(series)):
            a = cycles()
            apply_policy(world)
            b = cycles()
            timed(world, spent, calls)
            c = cycles()
            indicators(world, series[t])
            spent[-2] += b - a
            spent[-1] += cycles() - c
            calls[-2:] += 1
            world.measured[:] = series[t]
            world.clock[0].week += 1

    spent, calls = np.zeros((RUNS, len(names)), np.int64), np.zeros((RUNS, len(names)), np.int64)
    world = run.start(template, 0)
    rows = np.array([rows_of(world, name) for name in names])
    advance(world, run.new_series(1), spent[0].copy(), calls[0].copy())
    seconds = np.zeros((RUNS, 2))  # weeks, start: of the processor, since the counter goes on while others have it
    series = run.new_series(weeks)
    for r in range(RUNS):
        began = time.thread_time()
        world = run.start(template, mix_seed(1, r))
        started = time.thread_time()
        advance(world, series, spent[r], calls[r])
        seconds[r] = time.thread_time() - started, started - began
    nanoseconds = 1e9 * seconds[:, :1] / spent.sum(axis=1, keepdims=True)  # of one cycle in each run
    return Profile(names, rows, spent * nanoseconds, calls, float(np.median(seconds[:, 1])))


def lines(found: Profile, shown: int) -> str:
    """The `shown` most costly phases in Markdown, and the whole."""
    typical = np.median(found.spent, axis=0)
    total = typical.sum()
    table_rows = []
    for k in np.argsort(-typical)[:shown]:
        times, rows = found.calls[0, k], found.rows[k]
        call = typical[k] / max(times, 1)
        each = f"{call / rows:.1f}" if rows else ""
        table_rows.append((found.names[k], f"{typical[k] / 1e6:.2f}", f"{typical[k] / total:.1%}", times,
                           f"{call / 1e3:.2f}", rows or "", each))
    heads = ("phase", "ms a run", "share", "calls", "µs a call", "rows", "ns a row")
    weeks = np.median(found.spent.sum(axis=1)) / 1e6
    return (f"{table(heads, table_rows)}\n\nWeeks of a run {weeks:.1f} ms, its start {1e3 * found.start:.1f} ms; "
            f"{np.median(found.per_row):.1f} ns a row and phase.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="baseline")
    parser.add_argument("--communities", type=int, help="another number of communities than the scenario's")
    parser.add_argument("--years", type=float, default=10.0)
    options = parser.parse_args()
    country = Scenario.load(options.scenario)
    if options.communities is not None:
        country = country.with_levers({"country.communities": options.communities})
    print(lines(profile(country, options.years), len(PHASES) + 2))
