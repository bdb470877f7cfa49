"""Designs come from SciPy and SALib, seeded, over declared ranges or ranges of one's own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.sample import sobol as salib
from scipy.stats import qmc

from ssr_sim.draws import mix_seed
from ssr_sim.faults import ScenarioError
from ssr_sim.scenario import Scenario
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.factors import OF_LEVERS, OF_UNCERTAINTIES

LEVERS = '[levers]\ndesign = "{}"\n{}\nranges = {{ "oversight.coverage" = [0.2, 0.8], "vetting.coverage" = [0, 1] }}\n'
LOW, WIDTH = np.array([0.2, 0.0]), np.array([0.6, 1.0])


def test_sobol_is_scipys(small: Callable[..., Experiment]) -> None:
    points = small(LEVERS.format("sobol", "n = 8") + "[replicates]\nn = 1\nseed = 5\n").study.points
    unit = qmc.Sobol(2, seed=mix_seed(5, OF_LEVERS)).random(8)
    assert points.keys == ("oversight.coverage", "vetting.coverage")
    np.testing.assert_allclose(points.values, LOW + WIDTH * unit, rtol=1e-12)
    assert points.names[0] == "sobol-0001"


def test_saltelli_is_salibs_in_its_order(small: Callable[..., Experiment]) -> None:
    points = small(LEVERS.format("saltelli", "n = 4") + "[replicates]\nn = 1\nseed = 5\n").study.points
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0.2, 0.8], [0.0, 1.0]]}
    expected = salib.sample(problem, 4, calc_second_order=False, seed=mix_seed(5, OF_LEVERS))
    assert len(points) == 4 * (2 + 2)
    np.testing.assert_allclose(points.values, expected, rtol=1e-12)
    second = small(LEVERS.format("saltelli", "n = 4\nsecond_order = true") + "[replicates]\nn = 1\n").study.points
    assert len(second) == 4 * (2 * 2 + 2)


def test_latin_hypercube_puts_one_point_in_every_slice(small: Callable[..., Experiment]) -> None:
    points = small(LEVERS.format("lhs", "n = 10") + "[replicates]\nn = 1\n").study.points
    slices = np.floor((points.values - LOW) / WIDTH * 10).astype(int)
    assert (np.sort(slices, axis=0) == np.arange(10)[:, None]).all()


def test_a_grid_has_every_combination(small: Callable[..., Experiment]) -> None:
    points = small(LEVERS.format("grid", "n = 3") + "[replicates]\nn = 1\n").study.points
    expected = [[a, b] for a in (0.2, 0.5, 0.8) for b in (0, 0.5, 1)]
    np.testing.assert_allclose(points.values, expected)
    chosen = small('[levers]\ndesign = "grid"\nvalues = { "vetting.coverage" = [0.1, 0.9] }\n[replicates]\nn = 1\n')
    assert chosen.study.points.values.tolist() == [[0.1], [0.9]]


def test_the_prior_design_draws_as_ensembles_do(small: Callable[..., Experiment]) -> None:
    states = small('[uncertainties]\ndesign = "prior"\nn = 3\n[replicates]\nn = 1\nseed = 8\n').study.states
    scenario = Scenario.load("baseline")
    assert states.keys == scenario.prior.keys
    for state, values in enumerate(states.values):
        drawn = scenario.prior_draw(mix_seed(mix_seed(8, OF_UNCERTAINTIES), state))
        assert dict(zip(states.keys, values.tolist(), strict=True)) == drawn.parameters | drawn.country


def test_states_are_the_same_for_the_same_seed_only(small: Callable[..., Experiment]) -> None:
    def values(seed: int) -> np.ndarray:
        text = '[uncertainties]\ndesign = "lhs"\nn = 3\nkeys = ["trust", "country"]\n[replicates]\nn = 1\nseed = {}\n'
        return small(text.format(seed)).study.states.values

    assert np.array_equal(values(3), values(3))
    assert not np.array_equal(values(3), values(4))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_design_may_come_from_a_file(form: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["x", "y"], "vetting.coverage": [0.1, 0.7], "oversight.coverage": [0, 1]})
    file = tmp_path / f"design.{form}"
    frame.to_csv(file, index=False) if form == "csv" else frame.to_parquet(file)
    spec = tmp_path / "s.toml"
    spec.write_text(f'[experiment]\nscenario = "baseline"\n[levers]\ndesign = "file"\nfile = "design.{form}"\n'
                    "[replicates]\nn = 1\n")
    points = Experiment.load(spec).study.points
    assert points.names == ("x", "y")
    assert points.values.tolist() == [[0.1, 0.0], [0.7, 1.0]]


def test_a_wrong_file_is_told_by_column_and_row(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("vetting.coverag,oversight.coverage,vetting.gate\n1,0.5,0.1\n1,7,no\n")
    spec = tmp_path / "s.toml"
    spec.write_text('[experiment]\nscenario = "baseline"\n[levers]\ndesign = "file"\nfile = "d.csv"\n')
    with pytest.raises(ScenarioError) as caught:
        Experiment.load(spec)
    text = str(caught.value)
    assert "column 'vetting.coverag': unknown lever; did you mean 'vetting.coverage'?" in text
    assert "column 'oversight.coverage', row 2: 7 is outside 0 to 1" in text
    assert "column 'vetting.gate', row 2: must be a number" in text
