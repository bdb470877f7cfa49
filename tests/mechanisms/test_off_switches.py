"""What each mechanism does, against the same country with that mechanism switched off, on the same luck.

Twelve pairs of six-year histories of the fictional country with 60 communities. An effect is the paired difference
(mechanism on minus off) of an indicator, averaged over the weeks after the first year. It has to reach the stated
size on average, with at least four pairs that agree and at most two that object: where a mechanism does nothing every
pair ties. `make ablate` switches each off for good and demands that its row here fails.
"""

from __future__ import annotations

import ast
import dataclasses
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.measures import INDEX
from ssr_sim.parameters import catalogue
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.scenario import BLOCKS
from ssr_sim.tables import ATTACK_ON_CIVILIANS, ATTACK_ON_FORCES, ATTACK_ON_MISSION
from tests.mechanisms.test_forces import IN_PHASE

YEARS, PAIRS, SEED = 6, 12, 1
Settings = tuple[tuple[str, float], ...]

# countries in which a mechanism has something to do
PEACE: Settings = ()
WAR: Settings = (("armed_groups.base_rate", 0.24), ("country.agreement.settlement", 0.0), ("mission.troops", 0.5))
UNPAID_GROUPS: Settings = (*WAR, ("armed_groups.upkeep", 100.0))


class Switch(NamedTuple):
    """The mechanism of parameter `key` changes `indicator` by at least `least`, with its sign, in a country `given`."""

    key: str
    indicator: str
    least: float
    given: Settings = PEACE


SWITCHES = (
    Switch("ddr.synchrony", "demobilised", -150),
    Switch("ddr.return_rate", "demobilised", -200),
    Switch("ddr.peer_effect", "demobilised", -5, WAR),
    Switch("ddr.hoarding", "war_pressure", 1e-5),
    Switch("funding.persistence", "form", -3e-4),
    Switch("funding.project_cost", "funded", -0.005),
    Switch("funding.insecurity", "funded", -0.002, WAR),
    Switch("funding.fatigue", "aid", -1e5),
    Switch("funding.audit_friction", "aid", -2000),
    Switch("funding.aid_temptation", "leakage", 0.008),
    Switch("politics.function_rate", "function", 0.005),
    Switch("politics.function_decay", "function", -0.007),
    Switch("politics.form_rate", "form", 0.03),
    Switch("politics.overload", "function", -0.003),
    Switch("armed_groups.base_rate", "groups_at_war", 0.2),
    Switch("armed_groups.grievance_weight", "war_pressure", 0.1),
    Switch("armed_groups.rents_weight", "war_pressure", 0.05),
    Switch("armed_groups.neighbour_weight", "war_pressure", 0.05),
    Switch("armed_groups.exclusion_weight", "war_pressure", 0.2),
    Switch("armed_groups.belief_learning", "credibility", 0.2),
    Switch("armed_groups.troops_in_contest", "war_pressure", -0.15),
    Switch("armed_groups.guarantee", "war_pressure", -0.08),
    Switch("armed_groups.war_end", "fighters", 1500, WAR),
    Switch("armed_groups.drift", "fighters", -400),
    Switch("armed_groups.recruitment", "fighters", 4000, WAR),
    Switch("armed_groups.unarmed", "war_pressure", -0.002),
    Switch("armed_groups.desertion", "fighters", -100, UNPAID_GROUPS),
    Switch("armed_groups.split_rate", "groups_at_war", 0.1, WAR),
    Switch("violence.branching", "fear", -0.01, WAR),
    Switch("violence.one_sided", "fear", 0.02, WAR),
    Switch("violence.state_rate", "fear", 0.004, WAR),
    Switch("violence.state_one_sided", "fear", 0.004, WAR),
    Switch("violence.restraint_exponent", "fear", -0.015, WAR),
    Switch("violence.shield_exponent", "funded", 2e-4, WAR),
    Switch("violence.patrol_shield", "violence", -0.008, WAR),
    Switch("violence.backlash", "violence", 0.02, WAR),
    Switch("violence.on_mission", "fear", -0.001, WAR),
)

# Judged by a test of their own: what they change is a spread, or too rare for twelve pairs. A test of another file in
# this folder is named with it: "test_people.py::test_name".
JUDGED_APART = {
    "armed_groups.linkage": "test_a_settlement_brings_others_sooner",
    "armed_groups.shock_sd": "test_shocks_to_the_value_of_war_spread_histories",
    "armed_groups.spoiler_rate": "test_spoilers_attack_from_within_a_peace",
    "funding.leak_to_groups": "test_diverted_money_feeds_armed_groups",
    "violence.campaign_sd": "test_campaigns_make_violence_swing",
    "violence.spoiling_cell": "test_spoilers_attack_from_within_a_peace",
    "violence.to_neighbours": "test_attacks_spread_along_the_roads",
    "trust.out_group": "test_people.py::test_a_neighbour_of_another_group_counts_for_less",
}
# Judged in the phase of the mechanism alone, on a state in which it has something to do.
JUDGED_APART |= {switch.key: f"test_forces.py::test_mechanism_does_its_work_in_its_phase[{switch.key}]"
                 for switch in IN_PHASE}


def place(test: str) -> str:
    """What pytest calls a test of this folder: `test` as in JUDGED_APART, of this file unless it names another."""
    file, _, name = test.rpartition("::")
    return f"tests/mechanisms/{file or Path(__file__).name}::{name}"


def names_in(file: Path) -> set[str]:
    """Names of the tests that a file defines, read without running it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def country(given: Settings) -> Scenario:
    return Scenario.load("baseline").with_levers({"country.communities": 60} | dict(given))


@cache
def series(given: Settings, key: str = "", value: float = 0.0) -> np.ndarray:
    """Indicators, shape (pairs, weeks, indicators); without a key of the country as it is."""
    scenario = country(given).with_levers({key: value}) if key else country(given)
    ensemble = run_ensemble(scenario, years=YEARS, replicates=PAIRS, seed=SEED)
    return np.stack([ensemble.series[name] for name in INDEX], axis=2)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.key)
def test_mechanism_does_what_it_is_for(switch: Switch) -> None:
    off = country(switch.given).parameters[switch.key].off
    assert off is not None
    gaps = series(switch.given) - series(switch.given, switch.key, off)
    gaps = gaps[:, 52:, INDEX[switch.indicator]].mean(axis=1)
    sign = np.sign(switch.least)
    assert sign * gaps.mean() >= abs(switch.least)
    assert (np.sign(gaps) == sign).sum() >= 4
    assert (np.sign(gaps) == -sign).sum() <= 2


def test_a_settlement_brings_others_sooner() -> None:
    """A group settles 4 times as often within half a year of another: fewer group-weeks of war in 64 pairs."""
    weeks = {}
    for linkage in (1.0, 4.0):
        scenario = country(WAR).with_levers({"armed_groups.linkage": linkage, "armed_groups.war_end": 0.6})
        ensemble = run_ensemble(scenario, years=YEARS, replicates=64, seed=SEED)
        weeks[linkage] = ensemble.series["groups_at_war"].sum(axis=1)
    assert (weeks[4.0] - weeks[1.0]).mean() < 0
    assert (weeks[4.0] < weeks[1.0]).sum() > (weeks[4.0] > weeks[1.0]).sum()


def test_shocks_to_the_value_of_war_spread_histories() -> None:
    """Half a year on, pairs differ by half the shock of their run, up and down; under no shock all would be equal."""
    gaps = (series(PEACE) - series(PEACE, "armed_groups.shock_sd", 0.0))[:, 26, INDEX["war_pressure"]]
    assert gaps.std() > 0.02
    assert gaps.min() < 0 < gaps.max()


def test_campaigns_make_violence_swing() -> None:
    """Attacks per quarter vary more about their mean within a run, in nine of twelve pairs (7 % if it were a toss)."""

    def unevenness(values: np.ndarray) -> np.ndarray:
        quarters = values[:, : 13 * 23].reshape(PAIRS, 23, 13).sum(axis=2)
        return quarters.var(axis=1) / np.maximum(quarters.mean(axis=1), 1.0)

    place = INDEX["violence"]
    swinging = unevenness(series(WAR)[:, :, place])
    steady = unevenness(series(WAR, "violence.campaign_sd", 0.0)[:, :, place])
    assert (swinging > steady).sum() >= 9
    assert swinging.mean() > 1.5 * steady.mean()


def test_spoilers_attack_from_within_a_peace() -> None:
    """A signatory that spoils fights with a cell; without spoilers, or without their cells, there is less violence."""
    given = {"armed_groups.base_rate": 0.0, "armed_groups.spoiler_rate": 0.04, "mission.troops": 0.0,
             "armed_groups.split_rate": 0.0}
    scenario = country(PEACE).with_levers({**given, "country.agreement.ceasefire_holding": 1.0})
    attacks = {}
    for changes in ((), (("armed_groups.spoiler_rate", 0.0),), (("violence.spoiling_cell", 0.0),)):
        ensemble = run_ensemble(scenario.with_levers(dict(changes)), years=YEARS, replicates=32, seed=SEED)
        attacks[changes] = ensemble.series["violence"].sum(axis=1)
    both, no_spoilers, no_cells = attacks.values()
    assert both.sum() > 4
    assert no_spoilers.sum() == no_cells.sum() == 0


def test_attacks_spread_along_the_roads() -> None:
    """A group of one region alone: excitation carries attacks to places where it has neither fighters nor followers."""
    base = country(WAR).with_levers({"country.army.size": 0.0})  # defectors would carry the war elsewhere
    region, first = base.country.regions[0].name, base.country.armed_groups[0]
    group = first.model_copy(update={"base_regions": {region: 1.0}})
    near = dataclasses.replace(base, country=base.country.model_copy(update={"armed_groups": (group,)}))
    abroad = {}
    for share in (0.5, 0.0):
        scenario = near.with_levers({"violence.to_neighbours": share})
        template, abroad[share] = prepare(scenario, 156, events=20_000), 0
        for seed in range(6):
            world = start(template, seed)
            advance(world, new_series(156))
            events = world.events[: int(world.clock["events"][0])]
            attacks = events[np.isin(events["kind"], (ATTACK_ON_FORCES, ATTACK_ON_CIVILIANS, ATTACK_ON_MISSION))]
            abroad[share] += int((world.communities["region"][attacks["place"]] != 0).sum())
    assert abroad[0.5] > 5
    assert abroad[0.0] == 0


def test_diverted_money_feeds_armed_groups() -> None:
    chests = []
    for leak in (country(PEACE).value("funding.leak_to_groups"), 0.0):
        world = start(prepare(country(PEACE).with_levers({"funding.leak_to_groups": leak}), 104), SEED)
        advance(world, new_series(104))
        chests.append(world.groups["money"].sum())
    assert chests[0] > chests[1] + 1000


def test_every_off_switch_has_a_test() -> None:
    """Levers are judged by their manipulation checks."""
    declared = {key for key, row in catalogue(BLOCKS).items() if row.off is not None and row.role != "lever"}
    judged = [switch.key for switch in SWITCHES] + list(JUDGED_APART)
    assert declared == set(judged)
    assert len(judged) == len(set(judged))


@pytest.mark.parametrize("key", JUDGED_APART)
def test_every_test_that_judges_apart_exists(key: str) -> None:
    """A test with several cases may be named with one of them: "test_name[case]"."""
    file, _, name = place(JUDGED_APART[key]).partition("::")
    assert name.partition("[")[0] in names_in(Path(__file__).parents[2] / file)
