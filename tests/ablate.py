"""Switch every mechanism and lever off for good, one at a time: its own test has to fail.

`make ablate` runs this and writes docs/ablation.md. A test that passes whether or not the mechanism is there says
nothing about it. Beside the verdict the page shows how much each mechanism matters for the outcome: years of peace and
battle deaths of the fictional country with it, less those without it, on the same luck.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ssr_sim import Comparison, Ensemble, Scenario, run_ensemble, simulate
from ssr_sim.parameters import Parameter

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "ablation.md"
LEVERS = "tests/levers/test_manipulation_checks.py"
DOES = "test_mechanism_does_what_it_is_for"
MOVES = "test_lever_moves_its_channel_and_what_lies_further_down"
FAILED = 1  # pytest's exit code when tests ran and some failed
PAIRS, YEARS, SEED = 32, 10, 1

HEAD = f"""\
# Ablation

Written by `make ablate`; do not edit. Every mechanism and lever is switched off for good, one at a time, and the test
that is about it has to fail: a check that passes without the thing it checks is none. For a lever, off is the lower
end of the range that its test spans.

The last two columns are what the mechanism does to the fictional country in {PAIRS} pairs of ten-year histories on the
same luck, seed {SEED}, central values: with it less without it, mean and 95 % interval. Luck only. An interval that
includes zero does not mean that the mechanism is dead, only that these outcomes of this country cannot tell.

| switched off | at | its test | years of peace | battle deaths |
|---|---|---|---|---|
"""


class Case(NamedTuple):
    """One parameter forced to `value`, and the test that must then fail."""

    key: str
    value: float | str
    test: str


def cases() -> Iterator[Case]:
    """All mechanisms with an off value, then all levers."""
    sys.path.insert(0, str(ROOT))
    from tests.levers import test_manipulation_checks as levers
    from tests.mechanisms import test_off_switches as switches

    rows = Scenario.load("baseline").parameters
    for switch in switches.SWITCHES:
        yield Case(switch.key, off(rows[switch.key]), switches.place(f"{DOES}[{switch.key}]"))
    for key, test in switches.JUDGED_APART.items():
        yield Case(key, off(rows[key]), switches.place(test))
    for check in levers.CHECKS:
        yield Case(check.lever, check.low, f"{LEVERS}::{MOVES}[{check.lever}]")
    for key, test in levers.JUDGED_APART.items():
        yield Case(key, rows[key].lo, f"{LEVERS}::{test}")


def off(row: Parameter) -> float:
    assert row.off is not None
    return row.off


def fails_without(case: Case) -> bool:
    """Whether the case's test fails in a world where the parameter is forced.

    Called in a process forked from one that has the model loaded: hundreds of cases start at once.
    """
    os.environ["SSR_SIM_FORCED"] = f"{case.key}={case.value}"
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", f"--rootdir={ROOT}", str(ROOT / case.test)])
    if code not in (0, FAILED):
        raise RuntimeError(f"{case.test} did not run:\n{said.getvalue()}")
    return code == FAILED


def effect(case: Case, whole: Ensemble) -> tuple[str, str]:
    """Years of peace and battle deaths with the mechanism less without it; `whole` is the country with all of them."""
    base = whole.scenario
    if base.value(case.key) == case.value:
        return "off by default", "off by default"
    without = run_ensemble(base.with_levers({case.key: case.value}), years=YEARS, replicates=PAIRS, seed=SEED)
    pair = Comparison(without, whole, "without", "with")
    peace = pair.years_of_peace()
    deaths = pair.amounts.loc["battle_deaths"]
    return (f"{peace.mean:+.2f} ({peace.low:+.2f} to {peace.high:+.2f})",
            f"{deaths.difference:+,.0f} ({deaths.low:+,.0f} to {deaths.high:+,.0f})")


def write_page(chosen: list[Case]) -> None:
    """Measure what each case is worth to the fictional country and write docs/ablation.md."""
    whole = run_ensemble(Scenario.load("baseline"), years=YEARS, replicates=PAIRS, seed=SEED)
    rows = []
    for case in chosen:
        peace, deaths = effect(case, whole)
        rows.append(f"| `{case.key}` | {case.value} | `{case.test.split('::')[1]}` | {peace} | {deaths} |\n")
        print(f"effects {len(rows):3d}/{len(chosen)}  {case.key}  {peace} years of peace", flush=True)
    PAGE.write_text(HEAD + "".join(rows), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="parameters whose key holds this text; the page is not written")
    only = parser.parse_args().only
    chosen = [case for case in cases() if only in case.key]
    os.chdir(ROOT)
    simulate({"scenario": "baseline", "years": 1}, seed=1)  # loads the compiled model
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        verdicts: list[bool] = []
        for case, failed in zip(chosen, pool.imap(fails_without, chosen), strict=True):
            verdicts.append(failed)
            print(f"{len(verdicts):3d}/{len(chosen)}  {'ok' if failed else 'STILL PASSES'}  {case.key}", flush=True)
    alive = [case for case, failed in zip(chosen, verdicts, strict=True) if not failed]
    if not only:
        write_page(chosen)
    for case in alive:
        print(f"{case.test} passes although {case.key} is forced to {case.value}", file=sys.stderr)
    sys.exit(bool(alive))


if __name__ == "__main__":
    main()
