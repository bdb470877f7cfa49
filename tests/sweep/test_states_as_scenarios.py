"""A policy in a state of the world is a scenario of its own: written, read and run anywhere, it is the sweep's run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.sweep.designs import NO_LEVERS, ONE_STATE
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.identity import Identities
from ssr_sim.sweep.work import Workshop

STUDY = """
[experiment]
scenario = "{country}"
years = 1
[[policy]]
id = "today"
[[policy]]
id = "later"
set = {{ "vetting.coverage" = 0.3 }}
change = [{{ week = 20, set = {{ "pay.level" = 1.1 }} }}]
[levers]
design = "sobol"
n = 2
keys = ["oversight.coverage", "mission.placement"]
[uncertainties]
design = "prior"
n = 4
[replicates]
n = 2
seed = 77
"""


@pytest.mark.parametrize("country", ["haiti-2004", "liberia-2003"])  # with ranges for people, constituencies and shares
def test_the_run_of_a_state_written_as_a_scenario_is_the_run_of_the_sweep(country: str, tmp_path: Path) -> None:
    study = Experiment.from_toml(STUDY.format(country=country)).study
    workshop, file = Workshop(study), tmp_path / "state.toml"
    for policy, state, replicate in [(0, 0, 1), (1, 1, 0), (2, 2, 1), (3, 3, 1)]:
        file.write_text(study.scenario_in(policy, state).to_toml(), encoding="utf-8")
        number = study.number_in_ensemble(state, replicate)
        alone = run_ensemble(Scenario.load(file), study.years, number + 1, study.replicates.seed).outcomes.iloc[number]
        assert alone["digest"] == workshop.run(policy, state, replicate).outcomes["digest"]


def test_a_state_written_as_a_scenario_has_the_identity_of_the_state() -> None:
    study = Experiment.from_toml(STUDY.format(country="haiti-2004")).study
    for state in range(2):
        alone = Scenario.from_toml(study.scenario_in(1, state).to_toml())
        one = replace(study, policies={"alone": alone}, points=NO_LEVERS, states=ONE_STATE)
        assert Identities(one).of_pair(0, 0) == Identities(study).of_pair(1, state)


def test_the_map_a_state_is_laid_for_is_part_of_its_identity(small: Callable[..., Experiment]) -> None:
    def identity(people: int) -> bytes:
        head = f'[experiment]\nscenario = "liberia-2003"\nset = {{ "country.regions.Bomi.population" = {people} }}\n'
        states = '[uncertainties]\ndesign = "lhs"\nn = 2\nranges = { "country.regions.Bomi.population" = [1e5, 2e5] }\n'
        return Identities(small(states + "[replicates]\nn = 1\n", head).study).of_pair(0, 0)

    assert identity(150_000) != identity(160_000)
