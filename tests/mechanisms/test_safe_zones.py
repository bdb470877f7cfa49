"""Safe zones protect those inside, by troops that are then missing outside.

Histories of the Congo of 2010 on the same luck. Zones that are declared but not guarded (`zone_effort` 0) are the
comparison, because places in need differ from others without any guard.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from ssr_sim import Scenario
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.submodels.peacekeeping import choose_safe_zones
from ssr_sim.tables import ATTACK_ON_CIVILIANS, ATTACK_ON_FORCES, ATTACK_ON_MISSION

HALF_YEAR, ROUNDS, SEEDS = 26, 6, 16
ATTACKS = (ATTACK_ON_FORCES, ATTACK_ON_CIVILIANS, ATTACK_ON_MISSION)


class Lived(NamedTuple):
    """By seed: attacks inside and outside zones, places that became or ceased to be zones."""

    inside: np.ndarray
    outside: np.ndarray
    moved: np.ndarray


@cache
def lived(zones: float, effort: float = 0.8, standing: float = 20.0) -> Lived:
    scenario = Scenario.load("drc-2010").with_levers(
        {"country.communities": 40, "mission.safe_zones": zones, "peacekeeping.zone_effort": effort,
         "peacekeeping.zone_standing": standing})
    template = prepare(scenario, HALF_YEAR * ROUNDS, events=20_000)
    found = np.zeros((SEEDS, 3))
    for seed in range(SEEDS):
        world, seen, before = start(template, seed), 0, None
        for _ in range(ROUNDS):
            advance(world, new_series(HALF_YEAR))
            zone = world.communities["safe_zone"] == 1
            events = world.events[seen : int(world.clock["events"][0])]
            events = events[np.isin(events["kind"], ATTACKS)]
            seen = int(world.clock["events"][0])
            found[seed, :2] += zone[events["place"]].sum(), (~zone[events["place"]]).sum()
            found[seed, 2] += 0 if before is None else (zone != before).sum()
            before = zone
    return Lived(*found.T)


def test_guarded_zones_are_attacked_less_and_other_places_more() -> None:
    guarded, declared = lived(0.1), lived(0.1, effort=0.0)
    assert guarded.inside.sum() < 0.75 * declared.inside.sum()
    assert (guarded.inside < declared.inside).sum() >= 12
    assert guarded.outside.sum() > declared.outside.sum()


def test_zones_where_attacks_are_lower_them_in_the_country_as_a_whole() -> None:
    """They bind troops where most attacks are; the same share of zones without guards changes nothing of the kind."""
    none, zones = lived(0.0), lived(0.1)
    attacks = zones.inside + zones.outside
    assert attacks.sum() < 0.96 * none.outside.sum()
    assert (attacks < none.outside).sum() >= 11


def test_a_standing_zone_is_not_lightly_given_up() -> None:
    assert lived(0.1).moved.sum() < 0.8 * lived(0.1, standing=0.0).moved.sum()


def test_zones_are_where_civilians_are_in_danger() -> None:
    world = start(prepare(Scenario.load("drc-2010").with_levers({"country.communities": 40}), 1), 1)
    world.parameters.mission[0].safe_zones = 0.1
    world.mission[0].troops = 20_000.0
    world.communities["attacks_in_memory"] = 0.0
    world.communities["attacks_in_memory"][[3, 17]] = 1000.0
    world.communities["displaced"][29] = 1e8
    choose_safe_zones(world)
    assert set(np.flatnonzero(world.communities["safe_zone"])) >= {3, 17, 29}
