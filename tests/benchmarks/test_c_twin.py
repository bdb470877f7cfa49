"""The phases that the benchmark times in C compute what the compiled phases compute."""

from pathlib import Path
from typing import Any

import pytest

from experiments.benchmarks import c_twin
from experiments.benchmarks.against_c import compare
from ssr_sim import Scenario, run


@pytest.fixture(scope="module")
def liberia(tmp_path_factory: pytest.TempPathFactory, require: Any) -> tuple[c_twin.CPhases, list[Any]]:
    """The phases in C, and the state of Liberia every month of three years, armed groups at peace and at war."""
    require(c_twin.compiler(), c_twin.NO_COMPILER)
    template = run.prepare(Scenario.load("liberia-2003"), 156, events=2000)
    states = list(c_twin.states(template, 7, 156))
    return c_twin.CPhases(states[0], Path(tmp_path_factory.mktemp("c"))), states


@pytest.mark.parametrize("phase", c_twin.PHASES)
def test_phase_in_c_equals_the_compiled_phase_to_the_bit(phase: str, liberia: tuple[c_twin.CPhases, list[Any]]) -> None:
    twin, states = liberia
    assert {field for state in states for field in compare(twin, phase, state)} == set()


@pytest.mark.parametrize("phase", c_twin.PHASES)
def test_phase_in_c_changes_the_state(phase: str, liberia: tuple[c_twin.CPhases, list[Any]]) -> None:
    """Two that do nothing would be equal too."""
    twin, states = liberia
    after = run.copy_world(states[20])
    twin.bound(phase, after)(1)
    assert len(c_twin.difference(states[20], after)) > 2
