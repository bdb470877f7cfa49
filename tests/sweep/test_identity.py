"""A run is what decides its result: parameters, country, policy, model, horizon and seed; no name, no label."""

from collections.abc import Callable

import pytest

from ssr_sim import provenance
from ssr_sim.sweep import identity
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.identity import Identities, run_id

Make = Callable[..., Experiment]
HEAD = '[experiment]\nscenario = "baseline"\nyears = 1\nset = {{ {} }}\n'
ONE = "[replicates]\nn = 1\n"


def pair(text: str = "", settings: str = "", policy: int = 0, state: int = 0, head: str = HEAD) -> bytes:
    study = Experiment.from_toml(head.format(settings) + text + ONE).study
    return Identities(study).of_pair(policy, state)


def test_names_and_labels_do_not_count() -> None:
    named = '[[policy]]\nid = "a"\nchange = [{week = 3, set = {"vetting.coverage" = 0.5}, label = "x"}]\n'
    other = '[[policy]]\nid = "b"\nchange = [{week = 3, set = {"vetting.coverage" = 0.5}}]\n'
    assert pair(named) == pair(other, head="[experiment]\nname = 'n'\n" + HEAD.removeprefix("[experiment]\n"))


def test_the_way_to_a_value_does_not_count() -> None:
    by_policy = '[[policy]]\nid = "a"\nset = { "vetting.coverage" = 0.5 }\n'
    by_design = '[levers]\ndesign = "grid"\nvalues = { "vetting.coverage" = [0.5] }\n'
    in_a_preset = pair(settings='"vetting.coverage" = 0.5')
    assert pair(by_policy) == pair(by_design, policy=1) == in_a_preset


def test_a_state_counts_by_its_values(tmp_path) -> None:
    key, value = "country.police.size", 9000
    (tmp_path / "s.csv").write_text(f"{key}\n{value}\n")
    spec = tmp_path / "s.toml"
    spec.write_text(HEAD.format("") + '[uncertainties]\ndesign = "file"\nfile = "s.csv"\n' + ONE)
    study = Experiment.load(spec).study
    assert Identities(study).of_pair(0, 0) == pair(settings=f'"{key}" = {value}')


@pytest.mark.parametrize("change", [
    {"settings": '"vetting.coverage" = 0.5'},
    {"settings": '"country.police.size" = 9000'},
    {"settings": '"country.communities" = 7'},
    {"text": '[[policy]]\nid = "a"\nchange = [{week = 3, set = {"vetting.coverage" = 0.5}}]\n'},
    {"head": HEAD.replace("years = 1", "years = 2")},
    {"head": HEAD.replace("baseline", "fragmented-donors")},
])
def test_what_decides_a_result_counts(change: dict[str, str]) -> None:
    assert pair(**change) != pair()  # type: ignore[arg-type]


def test_another_date_of_a_change_counts() -> None:
    text = '[[policy]]\nid = "a"\nchange = [{{week = {}, set = {{"vetting.coverage" = 0.5}}}}]\n'
    assert pair(text.format(3)) != pair(text.format(4))


def test_the_seed_counts() -> None:
    assert run_id(pair(), 1) != run_id(pair(), 2)


def test_the_model_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pair()
    monkeypatch.setattr(identity, "model_digest", lambda: "another")
    assert pair() != before


def test_the_model_is_what_can_change_a_result() -> None:
    names = {path.relative_to(provenance.PACKAGE).as_posix() for path in provenance.result_sources()}
    assert {"run.py", "schedule.py", "submodels/trust.py", "first_week/forces.py", "draws.py"} <= names
    assert not any(name.startswith(("sweep/", "cli/", "why/")) or name in ("figures.py", "report.py") for name in names)


def test_minus_zero_is_zero() -> None:
    assert pair(settings='"vetting.coverage" = -0.0') == pair(settings='"vetting.coverage" = 0.0')
