"""Continuations measure what an event does: all where it decides, nothing where it does not, zero where nothing is."""

import numpy as np
import pytest

from ssr_sim.intervals import paired_proportions
from ssr_sim.run import advance, copy_world, new_series, prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.tables import AT_PEACE, RETURN_TO_WAR
from ssr_sim.why.continuations import Arm, Continuations, effect, without_log
from ssr_sim.why.insertion import blows
from ssr_sim.why.prevention import live_week, move_one_person, prevention
from ssr_sim.world import World

WEEKS = 261
MAY = 105  # a week in which only groups decide and fight: no monthly phase runs
COUNT = 60


def quiet_world(baseline: Scenario, fighters: float) -> World:
    """A country at peace in which group 0, with `fighters` men, is about to return to war this week, and no other
    ever is; once the week is over it has no reason for war either.
    """
    calm = {"armed_groups.base_rate": 0.08, "armed_groups.peace_weight": 1.45, "armed_groups.grievance_weight": 0.4,
            "armed_groups.rents_weight": 0.4, "armed_groups.spoiler_rate": 0.02, "fragmentation.rate": 0.2,
            "mission.troops": 0.0, "mission.police": 0.0}
    world = start(prepare(baseline.with_levers(calm), WEEKS, 5000), 11)
    advance(world, new_series(MAY))
    country, n = world.country[0], len(world.communities)
    world.groups["at_war"] = 0
    world.groups["good_faith"] = 30.0
    world.groups["war_utility"] = -9.0
    world.groups["spoiling"] = 0.0
    world.groups["smouldering"] = 0.0
    world.presence["excitation"] = 0.0
    share = world.presence["base"][:n] / world.presence["base"][:n].sum()
    world.presence["fighters"][:n] = np.round(fighters * share)
    world.groups["fighters"][0] = world.presence["fighters"][:n].sum()
    world.groups["exists"][0] = 1
    world.groups["strength_at_peace"][0] = fighters  # what it will try to be again
    world.groups["mobilisable"][0] = 1000.0
    world.groups["war_utility"][0] = 9.0
    world.recent_battle_deaths[:] = 0.0
    country["war_state"], country["peace_week"] = AT_PEACE, MAY - 1
    country["relapse_week"] = country["war_relapse_week"] = country["relapse_event"] = -1
    return world


def with_and_without(world: World) -> tuple[World, World]:
    """The week with the return to war of group 0, which happens for certain, and without it."""
    before, logged = copy_world(world), int(world.clock[0].events)
    after, without = copy_world(before), copy_world(before)
    advance(after, new_series(1))
    event = next(e for e in after.events[logged:] if e["kind"] == RETURN_TO_WAR and e["actor"] == 0)
    live_week(without, prevention(event))
    after.groups["war_utility"][0] = without.groups["war_utility"][0] = -9.0
    return without_log(after), without_log(without)


def test_an_event_that_decides_is_seen_to_decide(baseline: Scenario) -> None:
    after, without = with_and_without(quiet_world(baseline, 8000.0))
    happened, prevented = Continuations(COUNT, 5).fates([Arm(after), Arm(without)], MAY + 52)
    assert happened.share.value > 0.9
    assert effect(prevented, happened).low > 0.5


def test_an_event_that_decides_nothing_shows_nothing(baseline: Scenario) -> None:
    """A group without a man or a past to rebuild returns to war.

    The interval is at 99.9 %: one seed in a thousand would fail by chance.
    """
    after, without = with_and_without(quiet_world(baseline, 0.0))
    happened, prevented = Continuations(COUNT, 5).fates([Arm(after), Arm(without)], MAY + 52)
    assert not paired_proportions(prevented.failed, happened.failed, 0.999).excludes_zero
    assert abs(effect(prevented, happened).mean) < 0.1


def test_no_prevention_gives_exactly_zero(baseline: Scenario) -> None:
    world = start(prepare(baseline, WEEKS), 4)
    advance(world, new_series(60))
    plain, untouched = copy_world(world), copy_world(world)
    advance(plain, new_series(1))
    live_week(untouched)
    arms = [Arm(plain), Arm(untouched), Arm(plain, lambda _: None)]
    first, *others = Continuations(20, 5).fates(arms, 165)
    for other in others:
        gap = effect(first, other)
        assert (gap.mean, gap.low, gap.high, gap.of) == (0.0, 0.0, 0.0, 20)


def test_one_person_moved_makes_other_histories(baseline: Scenario) -> None:
    """The placebo is a change: hardly any history stays the same to the bit."""
    world = without_log(start(prepare(baseline, WEEKS), 4))
    first, moved = Continuations(20, 5).fates([Arm(world), Arm(world, move_one_person)], 104)
    assert sum(a != b for a, b in zip(first.marks, moved.marks, strict=True)) > 15
    assert effect(first, moved).low < 0.0 < effect(first, moved).high


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_nothing(baseline: Scenario, threads: int) -> None:
    world = without_log(start(prepare(baseline, WEEKS), 4))
    arms = [Arm(world), Arm(world, move_one_person)]
    for found, expected in zip(Continuations(8, 5, threads).fates(arms, 104), Continuations(8, 5).fates(arms, 104),
                               strict=True):
        assert found.marks == expected.marks
        assert np.array_equal(found.cost, expected.cost)


def test_continuations_differ_by_luck_and_leave_their_origin_alone(baseline: Scenario) -> None:
    world = without_log(start(prepare(baseline, WEEKS), 4))
    before = world.communities.tobytes()
    (fates,) = Continuations(10, 5).fates([Arm(world)], 52)
    assert len(set(fates.marks)) == 10
    assert world.communities.tobytes() == before


def test_stopping_after_a_relapse_leaves_every_answer_as_it_is(baseline: Scenario) -> None:
    world = without_log(start(prepare(baseline, WEEKS), 4))
    run = Continuations(10, 5)
    (fates,) = run.fates([Arm(world)], WEEKS)
    for k, seed in enumerate(run.seeds):
        whole = copy_world(world)
        whole.clock[0]["seed"] = seed
        advance(whole, new_series(WEEKS))
        country = whole.country[0]
        assert fates.failed[k] == (country.relapse_week >= 0 or country.peace_week < 0)


def test_a_return_to_war_breaks_a_peace_and_a_blow_names_itself(baseline: Scenario) -> None:
    world = without_log(quiet_world(baseline, 8000.0))
    world.groups["war_utility"][0] = -9.0
    world.groups["mobilisable"][0] = 8000.0
    found = {blow.name: blow for blow in blows(world)}
    assert "mission withdrawn" not in found  # there is none
    arms = [Arm(world), *(Arm(world, blow.change) for blow in found.values())]
    unchanged, *struck = Continuations(20, 5).fates(arms, MAY + 52)
    gaps = {name: effect(unchanged, fates) for name, fates in zip(found, struck, strict=True)}
    assert gaps["largest group returns to war"].low > 0.3
    assert all(blow.words for blow in found.values())
