"""Presets go over any country, set levers only, and say all that is wrong with them at once."""

import tomllib
from pathlib import Path

import pytest

from ssr_sim.faults import ScenarioError
from ssr_sim.locations import data_dir
from ssr_sim.scenario import Scenario, preset_names, scenario_names

PRESETS = data_dir("scenarios") / "presets"


def test_every_preset_goes_over_every_scenario_without_a_fault() -> None:
    for scenario in map(Scenario.load, scenario_names()):
        for preset in preset_names():
            changed = scenario.with_preset(preset)
            assert changed.country == scenario.country
            assert changed.digest != scenario.digest


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_sets_what_its_file_says_and_nothing_else(baseline: Scenario, name: str) -> None:
    tables = tomllib.loads((PRESETS / f"{name}.toml").read_text(encoding="utf-8"))
    told = {
        f"{block}.{key}": value
        for block, table in tables.items()
        if block not in ("preset", "policy")
        for key, value in table.items()
    }
    changed = baseline.with_preset(name)
    for key in baseline.parameters:
        assert changed.value(key) == told.get(key, baseline.value(key)), key
    assert len(changed.policy) == len(baseline.policy) + len(tables.get("policy", []))


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_described_and_listed(name: str) -> None:
    head = tomllib.loads((PRESETS / f"{name}.toml").read_text(encoding="utf-8"))["preset"]
    assert head["title"]
    assert len(head["description"]) > 100
    assert f"`{name}`" in (PRESETS / "README.md").read_text(encoding="utf-8")


def test_one_off_and_continuous_capacity_plan_the_same_totals(baseline: Scenario) -> None:
    """Years times intensity over ten years."""
    once, always = baseline.with_preset("one-off-capacity"), baseline.with_preset("continuous-capacity")
    [end] = once.policy
    assert end.week == 104
    for key in end.set:
        assert 2.0 * float(once.value(key)) == pytest.approx(10.0 * float(always.value(key)))
        assert end.set[key] == 0.0


def test_everything_wrong_with_a_preset_is_said_at_once(baseline: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[preset]\ntitle = "mine"\n[trust]\nnegativity = 2.0\n[oversite]\ncoverage = 0.5\n'
        "[audit]\nrate = 3.0\n[country]\nname = 'X'\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as raised:
        baseline.with_preset(path)
    text = str(raised.value)
    for words in (
        "mine.toml:4: trust.negativity: is uncertain",
        "mine.toml:9: country: does not belong",
        "mine.toml:5: oversite: unknown table",
        "mine.toml:8: audit.rate: 3 is outside 0 to 1",
    ):
        assert words in text


def test_an_unknown_preset_names_the_nearest(baseline: Scenario) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'anti-corruption'"):
        baseline.with_preset("anti-corrupt")
