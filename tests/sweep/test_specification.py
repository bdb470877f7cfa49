"""A specification says which runs there are; every mistake in it is told at once, with line, key and what is right."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import Result

from ssr_sim.draws import mix_seed
from ssr_sim.faults import ScenarioError
from ssr_sim.scenario import Scenario
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.identity import Identities
from ssr_sim.sweep.spec import study_from

HEAD = '[experiment]\nscenario = "baseline"\nyears = 2\n'
ONE = "[replicates]\nn = 1\n"


def study(text: str, head: str = HEAD):
    return Experiment.from_toml(head + text).study


def faults(text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        study(text, head)
    return [str(fault) for fault in caught.value.faults]


def test_every_mistake_is_told_at_once_with_line_key_and_range(tmp_path: Path, ssr: Callable[..., Result]) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("""[experiment]
scenario = "liberia-203"
years = 0
output = ["summary"]
[[policy]]
id = "a"
set = { "vetting.coverag" = 0.5, "oversight.coverage" = 7, "trust.bribe_weight" = 0.1 }
[[policy]]
id = "a"
[levers]
design = "sobol"
n = 15
ranges = { "oversight.coverage" = [0.5, 0.1] }
[replicates]
mode = "adaptive"
min = 5
max = 3
[replicate]
""")
    result = ssr("sweep", "plan", path)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    for line in (f"{path}:2: experiment.scenario: no scenario 'liberia-203'; did you mean 'liberia-2003'?",
                 f"{path}:3: experiment.years: 0 must be at least 1",
                 f"{path}:4: experiment.output: unknown key; did you mean 'outputs'?",
                 f"{path}:14: replicates: mode 'adaptive' needs target",
                 f"{path}:17: replicates.max: 3 is less than min, 5",
                 f"{path}:18: replicate: unknown table; did you mean 'replicates'?"):
        assert line in result.stderr, line
    text = path.read_text().replace("liberia-203", "liberia-2003").replace("years = 0", "years = 2")
    path.write_text(text.replace('output = ["summary"]', ""))
    told = ssr("sweep", "plan", path).stderr
    for line in (f"{path}:7: policy[0].set.\"vetting.coverag\": unknown lever; did you mean 'vetting.coverage'?",
                 f"{path}:7: policy[0].set.\"oversight.coverage\": 7 is outside 0 to 1",
                 f"{path}:7: policy[0].set.\"trust.bribe_weight\": unknown lever",
                 f"{path}:9: policy[1].id: 'a' is there twice",
                 f"{path}:12: levers.n: must be a power of two for a sobol design, 8 or 16",
                 f"{path}:13: levers.ranges.\"oversight.coverage\": 0.5 to 0.1 is no range"):
        assert line in told, (line, told)


@pytest.mark.parametrize(("text", "message"), [
    ('[levers]\ndesign = "lhs"\nn = 4\n', "names no lever"),
    ('[levers]\ndesign = "lhs"\nkeys = ["vetting.coverage"]\n', "design 'lhs' needs n"),
    ('[levers]\ndesign = "lhs"\nn = 4\nranges = {"country.police.size" = [1, 2]}\n', "is no lever"),
    ('[levers]\ndesign = "lhs"\nn = 4\nranges = {"vetting.coverage" = 3}\n', "must be a range [low, high]"),
    ('[uncertainties]\ndesign = "lhs"\nn = 4\nkeys = ["vetting.coverage"]\n', "is a lever"),
    ('[uncertainties]\ndesign = "lhs"\nn = 4\nfile = "x.csv"\n', "file: does not belong to design 'lhs'"),
    ('[uncertainties]\ndesign = "lhs"\nn = 4\nranges = {"trust.memory" = [0, 1e9]}\n', "trust.memory"),
    ('[uncertainties]\ndesign = "file"\nfile = "there-is-none.csv"\n', "cannot be read"),
    ('[uncertainties]\ndesign = "lhs"\nn = 4\nkeys = ["trust"]\n[replicates]\nn = 2_000_000_000\n',
     "more than the 4,294"),
    ('[replicates]\nn = 3\nmin = 2\n', "does not belong to mode 'fixed'"),
    ('[replicates]\nmode = "adaptive"\nmin = 2\nmax = 9\ntarget = [{outcome = "at_peace_at_en", half_width = 0.1}]\n',
     "did you mean 'at_peace_at_end'"),
    ('[[policy]]\nid = "a"\npresets = ["anti-coruption"]\n', "anti-corruption"),
    ('[[policy]]\nid = "a"\nset = {"country.police.size" = 5}\n', "it belongs to set in [experiment]"),
    ('[[policy]]\nid = "a"\nchange = [{date = 1990-01-01, set = {"vetting.coverage" = 0.5}}]\n', "before the scenario"),
    ('[[policy]]\nset = {}\n', "id: is missing"),
    ('policy = 3\n', "must be a list of [[policy]]"),
    ('[levers]\ndesign = "lhs"\nn = 4\nkeys = ["wages"]\n', "levers.keys[0]: 'wages': unknown lever"),
])
def test_a_mistake_is_told(text: str, message: str) -> None:
    found = faults(text) if not text.startswith("policy") else faults("", text + HEAD)
    assert any(message in fault for fault in found), found
    assert all("<text>" in fault for fault in found)


def test_what_is_set_for_all_is_checked_though_the_table_around_it_is_wrong() -> None:
    head = '[experiment]\nscenario = "baseline"\nyears = 0\nset = {"vetting.coverag" = 0.5}\n'
    told = faults("[replicates]\nn = 1\n", head)
    assert len(told) == 2
    assert any("did you mean 'vetting.coverage'" in fault for fault in told)


def test_what_is_sound_of_a_faulty_policy_is_checked_too() -> None:
    told = faults('[[policy]]\nid = "a"\nnote = "x"\nset = {"pay.leval" = 2.0}\n'
                  'change = [{year = 1, set = {"vetting.gate" = 7.0}}]\n' + ONE)
    assert len(told) == 3
    for part in ("unknown key", "did you mean 'pay.level'", "outside"):
        assert any(part in fault for fault in told), told


def test_a_policy_is_levers_presets_and_dated_changes() -> None:
    policies = study("""
[[policy]]
id = "plain"
[[policy]]
id = "rich"
presets = ["anti-corruption"]
set = { "vetting.coverage" = 0.7 }
change = [{ year = 1, set = { "oversight.coverage" = 0.2 } }]
""" + ONE).policies
    base = Scenario.load("baseline")
    assert policies["plain"].digest == base.digest
    expected = base.with_preset("anti-corruption").with_levers({"vetting.coverage": 0.7})
    assert policies["rich"].blocks == expected.blocks
    assert [change.week for change in policies["rich"].policy] == [*(c.week for c in expected.policy), 52]


def test_paths_start_from_the_specification(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[scenario]\nbased_on = "baseline"\nstart = 2001-05-01\n')
    (tmp_path / "states.csv").write_text("trust.memory\n0.5\n")
    spec = tmp_path / "study.toml"
    memory = Scenario.load("baseline").parameters
    key = next(key for key, row in memory.items() if row.role == "uncertain" and not row.options)
    (tmp_path / "states.csv").write_text(f"{key}\n{memory[key].lo}\n{memory[key].hi}\n")
    spec.write_text('[experiment]\nscenario = "mine.toml"\n[uncertainties]\ndesign = "file"\nfile = "states.csv"\n'
                    + ONE)
    found = Experiment.load(spec).study
    assert found.base.start == datetime.date(2001, 5, 1)
    assert found.states.keys == (key,)
    assert found.states.values.tolist() == [[memory[key].lo], [memory[key].hi]]


def test_every_state_has_seeds_of_its_own_and_with_one_state_those_of_an_ensemble() -> None:
    replicates = "[replicates]\nn = 4\nseed = 9\n"
    assert [study(replicates).own_seed(0, r) for r in range(4)] == [mix_seed(9, r) for r in range(4)]
    several = study('[uncertainties]\ndesign = "lhs"\nn = 3\nkeys = ["trust"]\n' + replicates)
    assert len({several.own_seed(state, r) for state in range(3) for r in range(4)}) == 12


def test_what_the_folder_keeps_is_the_whole_study(small: Callable[..., Experiment], tmp_path: Path) -> None:
    rich = ('[[policy]]\nid = "a"\n[[policy]]\nid = "b"\npresets = ["anti-corruption"]\nchange = [{ when = '
            '"survey_trust_police < 0.3", for_weeks = 4, set = { "vetting.coverage" = 0.7 } }]\n')
    made = small('[levers]\ndesign = "lhs"\nn = 3\nranges = {"oversight.coverage" = [0, 1]}\n'
                 '[uncertainties]\ndesign = "lhs"\nn = 3\nkeys = ["trust", "country"]\n[replicates]\nn = 1\n',
                 policies=rich)
    from ssr_sim.sweep import store

    store.write_study(tmp_path, made.study)
    again = store.read_study(tmp_path)
    assert again.digest == made.study.digest
    for policy in range(5):
        assert Identities(again).of_pair(policy, 2) == Identities(made.study).of_pair(policy, 2)


def test_a_number_is_either_chosen_or_unknown() -> None:
    base = Scenario.load("baseline")
    key = next(key for key, row in base.parameters.items() if row.role == "uncertain")
    assert any("is no lever" in f for f in faults(f'[levers]\ndesign = "lhs"\nn = 2\nkeys = ["{key}"]\n'))


STATES = '[uncertainties]\ndesign = "lhs"\nn = 5\nkeys = ["trust"]\n[replicates]\nn = 2\n'


def test_a_first_look_at_fewer_states_of_the_world(specification: Callable[..., Path], tmp_path: Path,
                                                   ssr: Callable[..., Result]) -> None:
    path, out = specification(STATES), tmp_path / "out"
    assert json.loads(ssr("sweep", "plan", path, "--states", 3, "--json").stdout)["runs"] == {"least": 12, "most": 12}
    assert ssr("sweep", "run", path, "--out", out, "--states", 3).exit_code == 0
    assert len(Experiment.load(out, states=3).study.states) == 3
    for arguments, message in (((path, "--out", out), "the states of the world are others: 5, there 3"),
                               ((out, "--states", 5), "has 3 states of the world, which stay as they are")):
        refused = ssr("sweep", "run", *arguments)
        assert refused.exit_code == 2
        assert message in " ".join(refused.stderr.split())


def test_a_number_of_states_that_a_study_cannot_have_is_told(tmp_path: Path) -> None:
    file = '[uncertainties]\ndesign = "file"\nfile = "x.csv"\n'
    powers = STATES.replace('"lhs"', '"saltelli"')
    for text, message in (("", "so there is one state of the world, not 6"), (file, "as many states as it has rows"),
                          (powers, "must be a power of two for a saltelli design, 4 or 8")):
        with pytest.raises(ScenarioError) as refusal:
            study_from(HEAD + text, states=6)
        assert any(message in fault.message for fault in refusal.value.faults), refusal.value.faults


def test_plan_counts_the_runs(small: Callable[..., Experiment]) -> None:
    plan = small('[uncertainties]\ndesign = "lhs"\nn = 5\n[replicates]\nn = 7\n').plan(threads=2)
    assert plan.least == plan.most == 2 * 5 * 7
    assert plan.minutes(plan.most) == pytest.approx(70 * plan.seconds_a_run / 2 / 60)
    assert plan.bytes_a_run > 0
    assert 1e8 < plan.memory_bytes < 4e9, "what the process holds, not the tables of a run alone"
    assert isinstance(plan.frame, pd.DataFrame)
    assert len(plan.frame) == 10
    assert np.isfinite(plan.frame.select_dtypes("number").to_numpy()).all()


def test_the_command_says_what_is_planned(specification: Callable[..., Path], ssr: Callable[..., Result]) -> None:
    result = ssr("sweep", "plan", specification())
    assert result.exit_code == 0
    assert "runs                 6" in " ".join(result.stdout.splitlines()) or "6" in result.stdout
    assert "ms and" in result.stdout
