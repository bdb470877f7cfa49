"""The compiled model and its plain twin agree to the last bit, for two years, in countries that differ."""

from __future__ import annotations

from itertools import islice

import pytest

from ssr_sim import schedule
from ssr_sim.run import advance, copy_world, new_series
from ssr_sim.world import PHASES, World
from tests.twin.check import CASES, begin, compiled_week
from tests.twin.country import Land, differences
from tests.twin.week import SCHEDULE, live

WEEKS = 104


def first_phase_to_differ(before: World) -> list[str]:
    """Live the week again with both models set equal before each phase: what the twin does differently."""
    return list(islice(compiled_week(before, lambda topic: True), 5))


@pytest.mark.parametrize("case", list(CASES))
def test_the_twin_lives_the_same_two_years(case: str) -> None:
    world = begin(case, seed=2, weeks=WEEKS)
    land = Land(world)
    for _ in range(WEEKS):
        before = copy_world(world)
        advance(world, new_series(1))
        live(land)
        found = list(islice(differences(land, world), 5))
        assert not found, (found, first_phase_to_differ(before))


def test_the_twin_has_every_phase_at_its_place() -> None:
    names = [name for name in schedule.week.py_func.__code__.co_names if name in PHASES]
    assert [name for _, _, name in SCHEDULE] == names


def test_a_difference_of_one_bit_is_found() -> None:
    world = begin("baseline", seed=1, weeks=1)
    land = Land(world)
    assert not list(differences(land, world))
    land.communities[3].fear += 2.0**-50
    land.ledger["vetting"].total = 1.0
    land.log("settlement", place=0)
    found = list(differences(land, world))
    assert any(text.startswith("communities[3].fear") for text in found)
    assert any(text.startswith("ledger['vetting'].total") for text in found)
    assert "events: 1 rows, 0 compiled" in found


def test_the_cases_reach_what_they_are_for() -> None:
    """Attacks, shocks, settlements, returns to war, abuse, mutinies and misconduct happen in some case."""
    kinds: set[int] = set()
    for case in CASES:
        world = begin(case, seed=2, weeks=WEEKS)
        advance(world, new_series(WEEKS))
        kinds |= set(world.events["kind"][: int(world.clock["events"][0])].tolist())
    assert len(kinds) >= 16
