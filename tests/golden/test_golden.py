"""Small runs give the numbers that were written down: a change of results is seen, and has to be meant.

`golden.json` holds a dozen indicators at the year ends and the outcomes of six runs of five years, with the
versions they were made with. Where Python, NumPy, Numba and the machine are the same, numbers have to be
equal to the bit; elsewhere, where the C library may round `exp` otherwise, to one part in a million. When
results are meant to change:

    python tests/golden/test_golden.py --write

in the same commit as the change, which says under "Results" in CHANGELOG.md which outcomes move, by how much
and why.
"""

import json
import math
import platform
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from ssr_sim.measures import INDEX
from ssr_sim.run import advance, new_series, prepare, start, summarise, weeks_in
from ssr_sim.scenario import Scenario

FILE = Path(__file__).with_name("golden.json")
SCENARIOS = ("baseline", "liberia-2003", "somalia-1993", "haiti-2004", "somalia-2007", "drc-2010")
SEEDS = (1, 2)
YEARS = 5
TOLERANCE = 1e-6
INDICATORS = (
    "trust_police",
    "trust_government",
    "legitimacy",
    "grievance",
    "corruption",
    "police_service",
    "crime",
    "battle_deaths_52",
    "fighters",
    "reintegrated",
    "function",
    "credibility",
    "funded",
    "survey_trust_police",
)


def versions() -> dict[str, str]:
    """What decides whether two runs can be equal to the bit."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "system": platform.system(),
        "machine": platform.machine(),
        "libc": "-".join(platform.libc_ver()),
        "cpu": numba.config.CPU_NAME or _cpu(),
    }


def _cpu() -> str:
    from llvmlite import binding

    return str(binding.get_host_cpu_name())


def name_of(scenario: str, seed: int) -> str:
    return f"{scenario}, seed {seed}"


def live(scenario: str, seed: int) -> dict[str, Any]:
    """One run as it is written down; NaN (something that did not happen) becomes null."""
    weeks = weeks_in(YEARS)
    world = start(prepare(Scenario.load(scenario), weeks), seed)
    series = new_series(weeks)
    advance(world, series)
    year_ends = [weeks_in(year) - 1 for year in range(1, YEARS + 1)]
    outcomes = {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in summarise(world, series).items()
    }
    return {
        "scenario": Scenario.load(scenario).digest,
        "outcomes": outcomes,
        "indicators": {name: series[year_ends, INDEX[name]].tolist() for name in INDICATORS},
    }


def golden() -> dict[str, Any]:
    assert FILE.exists(), "nothing written down yet: python tests/golden/test_golden.py --write"
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_run_gives_the_numbers_written_down(scenario: str, seed: int) -> None:
    written, found = golden(), live(scenario, seed)
    expected = written["runs"][name_of(scenario, seed)]
    assert found["scenario"] == expected["scenario"], "the scenario itself has changed"
    if written["versions"] == versions():
        assert found == expected
        return
    # elsewhere: the same to rounding; a digest of bits says nothing there
    for name in INDICATORS:
        assert found["indicators"][name] == pytest.approx(
            expected["indicators"][name], rel=TOLERANCE, abs=1e-9
        ), name
    for key in expected["outcomes"].keys() - {"digest"}:
        value = expected["outcomes"][key]
        assert found["outcomes"][key] == (value if value is None else pytest.approx(value, rel=TOLERANCE)), (
            key
        )


def test_every_run_is_written_down_and_no_other() -> None:
    written = golden()
    assert set(written["runs"]) == {name_of(scenario, seed) for scenario in SCENARIOS for seed in SEEDS}
    assert set(written["versions"]) == set(versions())
    for run in written["runs"].values():
        assert set(run["indicators"]) == set(INDICATORS)


def test_the_changelog_says_what_a_change_of_results_needs() -> None:
    text = (FILE.parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "golden runs" in text
    assert "### Results" in text


def write() -> None:
    runs = {name_of(scenario, seed): live(scenario, seed) for scenario in SCENARIOS for seed in SEEDS}
    text = json.dumps({"versions": versions(), "runs": runs}, indent=1, sort_keys=True, allow_nan=False)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(f"{FILE}: {len(runs)} runs. Say in CHANGELOG.md, under Results, what moved, by how much and why.")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python tests/golden/test_golden.py --write")
    write()
