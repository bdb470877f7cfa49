"""Each teaching scenario differs from the invented country in what its description says, and in nothing else."""

import re
import tomllib

import pytest

from ssr_sim.locations import data_dir
from ssr_sim.scenario import Scenario

# What must lie below (-1) or above (+1) its value in the invented country at the start.
LESSONS = {
    "premature-drawdown": {},
    "fragmented-donors": {"funding.coordination": -1, "funding.pooled_share": -1, "funding.volatility": 1},
    "train-and-equip-without-oversight": {
        "funding.level": 1, "training.police": 1, "training.military": 1, "training.rights_content": -1,
        "equipment.police": 1, "equipment.military": 1, "oversight.coverage": -1, "audit.rate": -1,
        "complaints.channel": -1, "investigations.effort": -1, "civil_society.support": -1, "vetting.coverage": -1,
        "vetting.gate": -1, "payroll.control": -1},
    "oversight-without-pay": {
        "oversight.coverage": 1, "oversight.independence": 1, "audit.rate": 1, "complaints.channel": 1,
        "investigations.effort": 1, "pay.level": -1, "country.economy.government_budget": -1,
        "country.economy.security_share": -1},
    "corrupt-windfall": {
        "country.army.corruption": 1, "country.police.corruption": 1, "audit.rate": -1, "payroll.control": -1},
    "excluded-minority": {
        "country.exclusion.Ondari.exclusion_index": 1, "country.exclusion.Kethi.exclusion_index": 1,
        "country.exclusion.small minorities.exclusion_index": 1, "country.society.group_trust_gap": 1,
        "country.police.imbalance": 1, "country.army.imbalance": 1, "country.agreement.inclusiveness": -1,
        "country.agreement.settlement": -1, "inclusion.target": -1},
}
BASELINE = Scenario.load("baseline")


def everything(scenario):
    values = {key: scenario.value(key) for key in scenario.parameters}
    return values | {key: number.value for key, number in scenario.country.numbers()}


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_changes_what_it_names_and_nothing_else(name):
    lesson, old = everything(Scenario.load(name)), everything(BASELINE)
    changed = {key: 1 if lesson[key] > old[key] else -1 for key in old if lesson[key] != old[key]}
    assert changed == LESSONS[name]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_loads_without_warnings_on_the_same_day_and_map(name):
    lesson = Scenario.load(name)
    assert lesson.name == name
    assert lesson.warnings() == []
    assert (lesson.start, lesson.country.regions, lesson.country.armed_groups) == (
        BASELINE.start, BASELINE.country.regions, BASELINE.country.armed_groups)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_tells_the_trainer_what_to_watch_and_what_to_ask(name):
    text = Scenario.load(name).description
    sentences = re.split(r"(?<=[.?]) ", text)
    assert 3 <= len(sentences) <= 6
    assert "atch" in text
    assert "Ask the room" in text
    assert text.endswith("?")


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_writes_down_only_what_differs(name):
    tables = tomllib.loads((data_dir("scenarios") / f"{name}.toml").read_text(encoding="utf-8"))
    parameters = {f"{block}.{key}": value for block, table in tables.items()
                  if block not in ("scenario", "country", "policy") for key, value in table.items()}
    assert all(value != BASELINE.value(key) for key, value in parameters.items())
    assert set(tables["scenario"]) == {"based_on", "name", "title", "description"}


def test_the_mission_leaves_by_a_decision_that_is_taken_after_the_start():
    (decision,) = Scenario.load("premature-drawdown").policy
    assert decision.week is not None
    assert 0 < decision.week < 52.2 * decision.set["mission.drawdown_start"]
    assert decision.set["mission.drawdown_start"] < 5
    assert decision.set["mission.drawdown_months"] <= 12


def test_the_windfall_comes_and_goes():
    levels = [change.set["funding.level"] for change in Scenario.load("corrupt-windfall").policy]
    assert levels[0] > 1 > levels[1]


def test_fragmented_donors_are_more_and_smaller_and_bring_the_same_money():
    country, old = Scenario.load("fragmented-donors").country, BASELINE.country
    assert len(country.donors) == 2 * len(old.donors)
    assert max(donor.share for donor in country.donors) < max(donor.share for donor in old.donors)
    assert all(donor.kind != "pooled" for donor in country.donors)
    assert country.aid == old.aid
