"""Switch every mechanism and lever off for good, one at a time: its own test has to fail.

`make ablate` runs this and writes docs/ablation.md. A test that passes whether or not the mechanism is there says
nothing about it. Beside the verdict the page shows how much each mechanism matters for the outcome: years of peace and
battle deaths of the fictional country with it, less those without it, on the same luck.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from ssr_sim import Scenario, compare
from ssr_sim.parameters import Parameter

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "ablation.md"
LEVERS = "tests/levers/test_manipulation_checks.py"
DOES = "test_mechanism_does_what_it_is_for"
MOVES = "test_lever_moves_its_channel_and_what_lies_further_down"
FAILED = 1  # pytest's exit code when tests ran and some failed
PAIRS, YEARS, SEED = 128, 10, 1

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
    """Whether the case's test fails in a world where the parameter is forced."""
    forced = {**os.environ, "SSR_SIM_FORCED": f"{case.key}={case.value}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", case.test]
    done = subprocess.run(command, cwd=ROOT, env=forced, capture_output=True, text=True)
    if done.returncode not in (0, FAILED):
        raise RuntimeError(f"{case.test} did not run:\n{done.stdout}{done.stderr}")
    return done.returncode == FAILED


def effect(case: Case) -> tuple[str, str]:
    """Years of peace and battle deaths with the mechanism less without it."""
    base = Scenario.load("baseline")
    if base.value(case.key) == case.value:
        return "off by default", "off by default"
    pair = compare(base.with_levers({case.key: case.value}), base, years=YEARS, replicates=PAIRS, seed=SEED)
    peace = pair.years_of_peace()
    deaths = pair.amounts.loc["battle_deaths"]
    return (f"{peace.mean:+.2f} ({peace.low:+.2f} to {peace.high:+.2f})",
            f"{deaths.difference:+,.0f} ({deaths.low:+,.0f} to {deaths.high:+,.0f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="parameters whose key holds this text; the page is not written")
    only = parser.parse_args().only
    chosen = [case for case in cases() if only in case.key]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = []
        for case, failed in zip(chosen, pool.map(fails_without, chosen), strict=True):
            verdicts.append(failed)
            print(f"{len(verdicts):3d}/{len(chosen)}  {'ok' if failed else 'STILL PASSES'}  {case.key}", flush=True)
    alive = [case for case, failed in zip(chosen, verdicts, strict=True) if not failed]
    if not only:
        rows = (f"| `{case.key}` | {case.value} | `{case.test.split('::')[1]}` | {' | '.join(effect(case))} |\n"
                for case in chosen)
        PAGE.write_text(HEAD + "".join(rows), encoding="utf-8")
    for case in alive:
        print(f"{case.test} passes although {case.key} is forced to {case.value}", file=sys.stderr)
    sys.exit(bool(alive))


if __name__ == "__main__":
    main()
