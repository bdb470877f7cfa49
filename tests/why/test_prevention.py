"""A week lived again is the same week; without an event it lacks just what that event did."""

from collections.abc import Callable

import numpy as np
import pytest

from ssr_sim.chronicle import relive
from ssr_sim.draws import mix_seed
from ssr_sim.policy_change import PolicyChange
from ssr_sim.run import advance, copy_world, new_series, prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.tables import (
    ARMY_ABUSE,
    ATTACK_ON_FORCES,
    COUP_ATTEMPT,
    DEFECTION,
    DONOR_CUT,
    EVENT_KINDS,
    MISSION_MISCONDUCT,
    MISSION_WITHDRAWN,
    PEACE_REACHED,
    POLICE_ABUSE,
    POLICY_CHANGE,
    RETURN_TO_WAR,
    SETTLEMENT,
    SHOCK_EVENT,
    SPLIT,
    SPOILING,
    STATE_KILLING,
    STRIKE,
)
from ssr_sim.why.prevention import MANNER, live_week, move_one_person, prevention
from ssr_sim.world import World

YEARS = 10
WEEKS = 522
EVENTS = 20_000

# a scenario in which each kind of event happens
WHERE = {
    RETURN_TO_WAR: "liberia-2003",
    SETTLEMENT: "liberia-2003",
    SPLIT: "liberia-2003",
    SPOILING: "baseline",
    DEFECTION: "liberia-2003",
    COUP_ATTEMPT: "liberia-2003",
    STRIKE: "liberia-2003",
    ARMY_ABUSE: "liberia-2003",
    POLICE_ABUSE: "liberia-2003",
    STATE_KILLING: "baseline",
    MISSION_MISCONDUCT: "liberia-2003",
    MISSION_WITHDRAWN: "premature-drawdown",
    DONOR_CUT: "baseline",
    SHOCK_EVENT: "baseline",
    POLICY_CHANGE: "premature-drawdown",
    ATTACK_ON_FORCES: "liberia-2003",
}
REPLICATES = 16
Case = tuple[np.void, World, World, World]  # event, world before its week, after it, after it without the event


def people(world: World) -> float:
    """Everyone, in whatever role, and the dead."""
    country, state = world.country[0], world.government[0]
    roles = [world.communities["population"], world.communities["gangs"], world.police["staff"],
             world.military["staff"], world.presence["fighters"], world.cohorts["disarmed"],
             world.cohorts["demobilised"], world.cohorts["reintegrated"]]
    return float(sum(role.sum() for role in roles) + state.pool_police + state.pool_army + country.killed
                 + country.abroad)


def weapons(world: World) -> float:
    """All weapons, and those destroyed, less those that entered."""
    country = world.country[0]
    held = world.groups["weapons"].sum() + world.military["weapons"].sum()
    return float(held + country.weapons_loose + country.weapons_collected - country.weapons_entered)


@pytest.fixture(scope="module")
def case() -> Callable[[int], Case]:
    """The first event of a kind that is alone in its place and week, and its week with and without it."""

    def alone(log: np.ndarray, event: np.void) -> bool:
        return bool(((log["week"] == event["week"]) & (log["place"] == event["place"])).sum() == 1)

    def find(kind: int) -> Case:
        scenario = Scenario.load(WHERE[kind])
        if kind == SPOILING:  # rare
            scenario = scenario.with_levers({"armed_groups.spoiler_rate": 0.04})
        if kind == SHOCK_EVENT:
            scenario = scenario.with_shocks([{"week": 30, "kind": "pandemic"}])
        for replicate in range(REPLICATES):
            whole, _ = relive(scenario, YEARS, 1, replicate)
            log = whole.events[: whole.clock[0].events]
            found = [event for event in log[log["kind"] == kind] if kind != STATE_KILLING or (
                alone(log, event) and event["week"] % 4)]  # in the weeks between rounds nobody flees
            if found:
                event = found[0]
                break
        else:
            raise AssertionError(f"no {EVENT_KINDS[kind]} in {REPLICATES} runs")
        before = start(prepare(scenario, WEEKS, EVENTS), mix_seed(1, replicate))
        if event["week"] > 0:
            advance(before, new_series(int(event["week"])))
        after, without = copy_world(before), copy_world(before)
        live_week(after)
        how = prevention(event)
        assert how is not None
        live_week(without, how)
        return event, before, after, without

    return find


def rows(world: World, table: str) -> np.ndarray:
    found: np.ndarray = getattr(world, table)
    return found


@pytest.mark.parametrize("name", ["baseline", "premature-drawdown"])
def test_a_week_lived_phase_by_phase_is_the_compiled_week_to_the_bit(name: str) -> None:
    changes = [PolicyChange({"vetting.coverage": 0.7}, week=30)]
    world = start(prepare(Scenario.load(name).with_policy(changes), WEEKS, EVENTS), 3)
    again = copy_world(world)
    advance(world, new_series(110))
    for _ in range(110):
        live_week(again)
    for table, value in world._asdict().items():
        if isinstance(value, np.ndarray):
            assert value.tobytes() == rows(again, table).tobytes(), table


@pytest.mark.parametrize("kind", WHERE, ids=[EVENT_KINDS[kind] for kind in WHERE])
def test_without_an_event_the_week_differs_and_conserves_people_and_weapons(
    case: Callable[[int], Case], kind: int
) -> None:
    event, before, after, without = case(kind)
    assert without.clock[0].week == after.clock[0].week == event["week"] + 1
    assert people(without) == people(after) == people(before)
    assert weapons(without) == weapons(after) == weapons(before)
    state = ("communities", "groups", "presence", "military", "police", "donors", "mission", "settings", "contingents",
             "country")
    assert any(rows(after, table).tobytes() != rows(without, table).tobytes() for table in state)


def test_a_group_that_did_not_return_to_war_keeps_its_ceasefire_and_its_good_faith(
    case: Callable[[int], Case]
) -> None:
    event, before, after, without = case(RETURN_TO_WAR)
    g = event["actor"]
    assert (after.groups["at_war"][g], without.groups["at_war"][g]) == (1, 0)
    assert after.groups["good_faith"][g] == 0.0 < without.groups["good_faith"][g]
    assert without.groups["weeks_in_state"][g] == before.groups["weeks_in_state"][g] + 1


def test_a_group_that_did_not_settle_fights_on(case: Callable[[int], Case]) -> None:
    event, _, after, without = case(SETTLEMENT)
    assert (after.groups["at_war"][event["actor"]], without.groups["at_war"][event["actor"]]) == (0, 1)


def test_commanders_who_stay_leave_no_splinter(case: Callable[[int], Case]) -> None:
    event, before, after, without = case(SPLIT)
    splinter, group = event["actor"], event["target"]
    assert (after.groups["exists"][splinter], without.groups["exists"][splinter]) == (1, 0)
    assert without.groups["weapons"][group] == after.groups["weapons"][[group, splinter]].sum()
    assert without.country[0].splits == before.country[0].splits == after.country[0].splits - 1


def test_a_cell_that_did_not_form_does_not_spoil(case: Callable[[int], Case]) -> None:
    event, before, after, without = case(SPOILING)
    assert after.groups["spoiling"][event["actor"]] > 0.0 == without.groups["spoiling"][event["actor"]]
    assert without.country[0].spoiling == before.country[0].spoiling


@pytest.mark.parametrize("kind", [DEFECTION, COUP_ATTEMPT, STRIKE], ids=["defection", "coup attempt", "strike"])
def test_a_unit_that_did_not_mutiny_is_in_the_ranks(case: Callable[[int], Case], kind: int) -> None:
    event, before, after, without = case(kind)
    unit = event["actor"]
    assert without.country[0].mutinies == after.country[0].mutinies - 1
    assert without.military["striking"][unit] == 0.0
    if kind == DEFECTION:
        assert after.military["staff"][unit] == 0.0 < without.military["staff"][unit]
        assert after.military["weapons"][unit] == 0.0
        assert without.country[0].defections == before.country[0].defections
    else:
        assert after.military["striking"][unit] > 0.0
    if kind == COUP_ATTEMPT:
        assert without.government["will"][0] > after.government["will"][0]


@pytest.mark.parametrize(
    ("kind", "field"), [(ARMY_ABUSE, "army_abuse"), (POLICE_ABUSE, "police_abuse")], ids=["soldiers", "police"]
)
def test_an_abuse_that_did_not_happen_leaves_no_anger(case: Callable[[int], Case], kind: int, field: str) -> None:
    event, _, after, without = case(kind)
    place = event["place"]
    assert without.communities["anger"][place] < after.communities["anger"][place]
    # the round of experience in the same week has counted and cleared the abuses; people remember them
    record = rows(after, "military" if kind == ARMY_ABUSE else "police")["abuse_record"][event["actor"]]
    kept = rows(without, "military" if kind == ARMY_ABUSE else "police")["abuse_record"][event["actor"]]
    assert kept < record
    assert after.communities[field][place] == without.communities[field][place] == 0.0


def test_the_dead_of_a_killing_that_did_not_happen_live(case: Callable[[int], Case]) -> None:
    event, _, after, without = case(STATE_KILLING)
    place = event["place"]
    saved = without.communities["population"][place] - after.communities["population"][place]
    assert saved == event["civilians"] == after.country[0].state_killings - without.country[0].state_killings
    assert without.communities["anger"][place] < after.communities["anger"][place]


def test_misconduct_that_did_not_happen_is_not_counted(case: Callable[[int], Case]) -> None:
    _, _, after, without = case(MISSION_MISCONDUCT)
    assert without.mission[0].misconduct < after.mission[0].misconduct


def test_a_mission_that_stays_keeps_its_strength(case: Callable[[int], Case]) -> None:
    _, before, after, without = case(MISSION_WITHDRAWN)
    strength = before.mission[0].troops + before.mission[0].police
    assert (after.mission[0].withdrawn, without.mission[0].withdrawn) == (1, 0)
    advance(without, new_series(104))
    assert without.mission[0].troops + without.mission[0].police == pytest.approx(strength, abs=2.0)


def test_a_donor_without_shock_gives_more(case: Callable[[int], Case]) -> None:
    event, _, after, without = case(DONOR_CUT)
    assert without.donors["shock"][event["actor"]] > after.donors["shock"][event["actor"]]


def test_a_shock_that_did_not_strike_sets_nobody_back(case: Callable[[int], Case]) -> None:
    _, before, after, without = case(SHOCK_EVENT)
    assert after.communities["setback"].min() > 0.0 == without.communities["setback"].max()
    assert without.settings.tobytes() == before.settings.tobytes()


def test_a_policy_change_that_did_not_come_never_comes(case: Callable[[int], Case]) -> None:
    event, before, after, without = case(POLICY_CHANGE)
    assert without.settings[event["actor"]] == before.settings[event["actor"]] != after.settings[event["actor"]]
    advance(without, new_series(26))
    assert without.settings[event["actor"]] == before.settings[event["actor"]]


def test_a_group_that_lays_down_its_arms_attacks_no_more_that_week(case: Callable[[int], Case]) -> None:
    event, _, after, without = case(ATTACK_ON_FORCES)
    assert without.groups["at_war"][event["actor"]] == 0
    assert without.country[0].battle_deaths < after.country[0].battle_deaths


def test_every_kind_that_can_be_prevented_says_how_and_no_other(baseline: Scenario) -> None:
    world, _ = relive(baseline, 1)
    event = world.events[0].copy()
    for kind in range(len(EVENT_KINDS)):
        event["kind"] = kind
        assert (prevention(event) is not None) == (kind in MANNER)
    assert PEACE_REACHED not in MANNER


def test_the_placebo_moves_one_person(baseline: Scenario) -> None:
    world = start(prepare(baseline, 1), 1)
    before = world.communities["population"].copy()
    move_one_person(world)
    moved = world.communities["population"] - before
    assert sorted(moved[moved != 0.0]) == [-1.0, 1.0]
