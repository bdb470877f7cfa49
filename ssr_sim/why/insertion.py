"""Blows that a peace might have met: each changes the state of a run once, at a stated size."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ssr_sim.world import World

ABUSES = 5  # in each place
UNPAID = 3.0  # months
DONORS_LEFT = 0.5  # share of their budgets


class Blow(NamedTuple):
    """One event to insert: its name, its size in words, and the change of the state."""

    name: str
    words: str
    change: Callable[[World], None]


def blows(world: World) -> list[Blow]:
    """The blows that can fall on `world`: a mission that is not there cannot leave, a group at war not return."""
    found = []
    mission, groups = world.mission[0], world.groups
    if mission["troops"] + mission["police"] >= 1.0:
        found.append(Blow("mission withdrawn", "all troops and police leave that week", _withdraw))
    if len(world.donors):
        found.append(Blow("donors halve their money", "every donor's budget at half from then on", _halve_aid))
    ready = (groups["exists"] == 1) & (groups["at_war"] == 0) & (groups["mobilisable"] > 0.0)
    if ready.any():
        g = int(np.argmax(np.where(ready, groups["mobilisable"], -1.0)))
        found.append(Blow("largest group returns to war", "the group at peace that could lead most people",
                          lambda world: return_to_war(world, g)))
        found.append(Blow("abuse scandal", f"{ABUSES} abuses by soldiers in every place where that group has followers",
                          lambda world: _scandal(world, g)))
    found.append(Blow("war next door", "danger from neighbours at its highest from then on", _war_next_door))
    found.append(Blow("wages unpaid", f"{UNPAID:g} months of wages of police and army", _unpaid))
    return found


def return_to_war(world: World, g: int) -> None:
    """Group `g` goes back to war, as `groups_decide` would have it."""
    group, p = world.groups[g], world.parameters.armed_groups[0]
    group["at_war"], group["weeks_in_state"], group["spoiling"] = 1, 0, 0.0
    group["bad_faith"] += p["broken_promise"]
    group["good_faith"] = 0.0
    group["ties"] = min(1.0, group["ties"] + p["ties_of_war"])
    group["strength_at_peace"] = max(group["strength_at_peace"], group["fighters"])


def _withdraw(world: World) -> None:
    now = min(int(world.clock[0]["week"]), len(world.deployment) - 1)
    world.deployment["troops"][now:] = world.deployment["police"][now:] = 0.0


def _halve_aid(world: World) -> None:
    world.donors["budget"] *= DONORS_LEFT


def _scandal(world: World, g: int) -> None:
    n = len(world.communities)
    here = world.presence["base"][g * n:(g + 1) * n] > 0.0
    places, p = world.communities, world.parameters.military[0]
    places["army_abuse"][here] += ABUSES
    places["anger"][here] = np.minimum(1.0, places["anger"][here] + p["anger_per_abuse"] * ABUSES)
    places["fear"][here] = np.minimum(1.0, places["fear"][here] + p["fear_per_abuse"] * ABUSES)


def _war_next_door(world: World) -> None:
    world.government["neighbour"] = 1.0


def _unpaid(world: World) -> None:
    for table in (world.police, world.military):
        table["arrears"] = np.minimum(60.0, table["arrears"] + UNPAID)
