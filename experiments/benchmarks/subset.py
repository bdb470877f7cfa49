"""Five phases of the model that close among themselves: corruption, policing, violence and trust.

What other phases would change stands still at its start value: postings, equipment, pay, oversight, war or peace of
each group. The compiled loop below runs the very phases of the product; `mesa_subset.py` is the same country in Mesa.
"""

from __future__ import annotations

import numpy as np

from ssr_sim import Scenario, run
from ssr_sim.draws import mix_seed
from ssr_sim.jit import njit
from ssr_sim.schedule import MONTH
from ssr_sim.submodels.corruption import officers_extract
from ssr_sim.submodels.policing import police_work
from ssr_sim.submodels.trust import community_experience, community_trust
from ssr_sim.submodels.violence import fight
from ssr_sim.world import World, every

# What is compared: a name, its unit, and how far the means of the two may lie apart.
OUTCOMES = {
    "trust_police": ("share 0-1", 0.01),
    "trust_government": ("share 0-1", 0.01),
    "corrupt": ("share 0-1", 0.002),
    "abuse_record": ("share 0-1", 0.01),
    "attacks": ("events", 0.3),
    "battle_deaths": ("persons", 0.45),
    "civilian_deaths": ("persons", 0.45),
    "criminal_deaths": ("persons", 0.05),
    "fighters": ("persons", 0.05),
    "anger": ("share 0-1", 0.03),
}
COUNTS = ("attacks", "battle_deaths", "civilian_deaths", "criminal_deaths", "fighters")  # tolerance relative


def start(communities: int | None = None) -> World:
    """The baseline country after its first month, with its second armed group at war, so that there is fighting."""
    scenario = Scenario.load("baseline")
    if communities is not None:
        scenario = scenario.with_levers({"country.communities": communities})
    world = run.start(run.prepare(scenario, run.YEAR), mix_seed(1, 0))
    run.advance(world, run.new_series(MONTH))
    world.groups["at_war"][1] = 1
    for counter in ("battle_deaths", "civilian_deaths", "criminal_deaths", "attacks_week"):
        world.country[counter] = 0.0
    return world


def replicate(world: World, number: int) -> World:
    """A copy of `world` with luck of its own."""
    copy = run.copy_world(world)
    copy.clock["seed"] = mix_seed(2, number)
    return copy


def agents(world: World) -> int:
    """Agents that both versions simulate: communities, units, contingents, groups that exist and their presences."""
    groups = int(world.groups["exists"].sum())
    return (2 + groups) * len(world.communities) + len(world.military) + len(world.contingents) + groups


@njit
def advance(world: World, weeks: int) -> None:
    """The subset of the model through `weeks` weeks."""
    for _ in range(weeks):
        now = world.clock[0]
        month = MONTH * now.dt
        if every(now, MONTH):
            officers_extract(world, month)
            police_work(world, month)
        fight(world)
        if every(now, MONTH):
            community_experience(world, month)
            community_trust(world, month)
        world.clock[0].week += 1


def outcomes(world: World) -> np.ndarray:
    """The values of `OUTCOMES` now; the week's counter of attacks is never reset here, so it counts all."""
    country = world.country[0]
    return np.array([
        world.communities["trust_police"].mean(),
        world.communities["trust_government"].mean(),
        world.police["corrupt"].mean(),
        world.police["abuse_record"].mean(),
        country["attacks_week"],
        country["battle_deaths"],
        country["civilian_deaths"],
        country["criminal_deaths"],
        world.presence["fighters"].sum(),
        world.communities["anger"].mean(),
    ])
