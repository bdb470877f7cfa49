"""What a scenario says about its country reaches the mechanism it is about: paired runs that differ in one number."""

import numpy as np
import pytest

from ssr_sim.measures import INDEX
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.world import World

SEEDS = range(1, 9)


def runs(scenario: Scenario, weeks: int = 157) -> list[tuple[World, np.ndarray]]:
    template = prepare(scenario, weeks)
    pairs = []
    for seed in SEEDS:
        world, series = start(template, seed), new_series(weeks)
        advance(world, series)
        pairs.append((world, series))
    return pairs


def armed(scenario: Scenario, weapons: float) -> Scenario:
    names = [group.name for group in scenario.country.armed_groups]
    return scenario.with_levers(
        {f"country.armed_groups.{name}.weapons_per_fighter": weapons for name in names}
        | {"country.weapons.in_circulation": 0.0}
    )


def test_groups_without_weapons_are_weaker_and_war_is_worth_less_to_them(baseline: Scenario) -> None:
    for (one, few), (other, many) in zip(runs(armed(baseline, 0.2), 5), runs(armed(baseline, 1.0), 5), strict=True):
        assert (few[-1, INDEX["war_pressure"]] < many[-1, INDEX["war_pressure"]] - 0.02).all()
        there = other.groups["exists"] == 1
        assert (one.groups["mobilisable"][there] < other.groups["mobilisable"][there]).all()


def test_groups_at_war_arm_themselves_from_what_is_loose(baseline: Scenario) -> None:
    """Weapons pass from nobody's hands to the groups that pay for them, and no more of them than there are."""
    poor = armed(baseline, 0.3)
    rich = poor.with_levers({"country.weapons.in_circulation": 50_000.0})
    held = sum(world.groups["weapons"].sum() for world, _ in runs(poor))
    after = [world for world, _ in runs(rich)]
    assert sum(world.groups["weapons"].sum() for world in after) > held + 100 * len(after)
    assert all(world.country["weapons_loose"][0] >= 0 for world in after)


@pytest.mark.parametrize("levers", [{}, {"inclusion.target": 1.0}])
def test_an_army_of_one_group_mutinies_more_often(baseline: Scenario, levers: dict[str, float]) -> None:
    """Hazard exp(0.9) times as high at a gap of 0.9 as at none; 64 pairs of ten years leave no doubt about the sign."""
    counts = {}
    for gap in (0.0, 0.9):
        scenario = baseline.with_levers({"country.army.imbalance": gap, "military.mutiny_rate": 0.004} | levers)
        template = prepare(scenario, 520)
        counts[gap] = 0.0
        for seed in range(64):
            world = start(template, seed)
            advance(world, new_series(520))
            counts[gap] += float(world.country["mutinies"][0])
    assert counts[0.9] > 1.3 * counts[0.0] > 0


def test_inclusion_changes_who_serves_in_the_army(baseline: Scenario) -> None:
    for (none, _), (full, _) in zip(
        runs(baseline.with_levers({"inclusion.target": 0.0})),
        runs(baseline.with_levers({"inclusion.target": 1.0})),
        strict=True,
    ):
        assert full.military["imbalance"].mean() < none.military["imbalance"].mean() - 0.05


def test_a_mission_that_is_gone_wins_and_loses_no_consent(baseline: Scenario) -> None:
    gone = baseline.with_levers({"mission.drawdown_start": 0.0, "mission.drawdown_months": 1.0})
    for _, series in runs(gone):
        after = series[10:]
        assert (after[:, INDEX["troops"]] == 0).all()
        assert (after[:, INDEX["mission_effectiveness"]] == 0).all()
        assert np.ptp(after[:, INDEX["consent"]]) == 0


def test_corrupt_police_cost_trust_and_make_war_worth_more(baseline: Scenario) -> None:
    """The chain from bribes to war: less trust, less legitimacy, more grievance, a higher value of war."""
    clean, corrupt = (
        runs(baseline.with_levers({"country.police.corruption": share}), 260) for share in (0.2, 0.8)
    )
    for (_, one), (_, other) in zip(clean, corrupt, strict=True):
        for indicator, sign in (("trust_police", -1), ("legitimacy", -1), ("grievance", 1)):
            gap = (other - one)[52:, INDEX[indicator]].mean()
            assert gap * sign > 0.005, indicator
    pressure = [(other - one)[52:, INDEX["war_pressure"]].mean()
                for (_, one), (_, other) in zip(clean, corrupt, strict=True)]
    assert np.mean(pressure) > 0.005
    assert sum(gap > 0 for gap in pressure) >= 7
