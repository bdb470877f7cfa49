"""The studies that ship are whole: each is read without a fault, and a page beside it says what was asked and found."""

from pathlib import Path

import pytest

from ssr_sim.scenario import Scenario
from ssr_sim.sweep.experiment import Experiment

FOLDER = Path(__file__).parents[2] / "experiments"
STUDIES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_study_is_read_and_described(file: Path) -> None:
    study = Experiment.load(file).study
    assert len(study.policy_names) >= 3
    assert study.replicates.most >= 2
    page = file.with_suffix(".md").read_text(encoding="utf-8")
    assert f"`ssr-sim sweep run experiments/{file.name}" in page
    assert file.name in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_screening_moves_every_headline_lever_alone() -> None:
    study = Experiment.load(FOLDER / "lever-screening.toml").study
    headline = {key for key, row in Scenario.load("baseline").parameters.items() if row.headline}
    moved = set()
    for name, scenario in study.policies.items():
        own = {key for key in headline if scenario.value(key) != study.base.value(key)}
        assert len(own) == (0 if name == study.reference else 1)
        moved |= own
    assert moved == headline
