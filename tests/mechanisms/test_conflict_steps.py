"""Groups, army and restructuring: one phase of a prepared country, with a parameter in force and switched off.

Here stand mechanisms that act too rarely, or too deep inside, for an indicator of the country to show within six years.
Each is judged by what its own phase does to forty countries at their start on the same luck: the mean difference, in
force less switched off, reaches the stated size. Where a phase draws, both sides draw the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from ssr_sim import Scenario
from ssr_sim.parameters import catalogue
from ssr_sim.run import copy_world, prepare, start
from ssr_sim.scenario import BLOCKS
from ssr_sim.submodels.armed_groups import groups_decide, groups_weigh
from ssr_sim.submodels.fragmentation import groups_split
from ssr_sim.submodels.military import mutinies, post_units, soldiers_and_civilians
from ssr_sim.submodels.mobilisation import groups_recruit
from ssr_sim.submodels.politics import politics
from ssr_sim.submodels.restructuring import restructure
from ssr_sim.submodels.state_strength import muster
from ssr_sim.tables import HOLDOUT, SIGNATORY
from ssr_sim.world import WEEK, World

COUNTRIES = 40
MONTH = 4 * WEEK


class Step(NamedTuple):
    """`act` on a country with the fields `given` changes `read` by at least `least`, with its sign."""

    key: str
    act: Callable[[World], None]
    read: Callable[[World], Any]
    least: float
    given: dict[str, float] = {}  # noqa: RUF012 - never changed


def field(name: str) -> Callable[[World], Any]:
    """The field "table.field", of existing groups only."""
    table, column = name.split(".")

    def read(world: World) -> Any:
        rows = getattr(world, table)
        return (rows[rows["exists"] == 1] if table == "groups" else rows)[column]

    return read


def years(phase: Callable[..., None], dt: float) -> Callable[[World], None]:
    return lambda world: phase(world, dt)


def decide(dt: float) -> Callable[[World], None]:
    """One decision of the groups for a step of `dt` years instead of a week, so that many of them take a turn."""

    def act(world: World) -> None:
        world.clock["dt"] = dt
        groups_decide(world)

    return act


def split_by_force(world: World) -> None:
    world.groups["breakaway"][0] = 0.2
    groups_split(world, 0.25)


def last_row(column: str) -> Callable[[World], Any]:
    """A field of the newest splinter."""
    return lambda world: world.groups[column][np.flatnonzero(world.groups["parent"] >= 0)]


def under_patron(world: World) -> Any:
    return np.concatenate([world.police["patron"], world.military["patron"]]) >= 0


def posted_among_fighters(world: World) -> Any:
    """Fighters of all groups where units are posted."""
    groups = len(world.groups)
    return world.presence["fighters"].reshape(groups, -1).sum(axis=0)[world.military["posting"]]


AT_WAR = {"groups.at_war": 1, "groups.strength_at_peace": 1000.0, "groups.fighters": 600.0}
AT_PEACE = {"groups.at_war": 0, "groups.stance": SIGNATORY, "groups.fighters": 1000.0, "groups.mobilisable": 0.0,
            "groups.war_utility": 0.0, "groups.peace_utility": 0.0, "groups.unrest": 0.5,
            "government.elected_weeks": 100.0}
RESTLESS = {"groups.splinter_risk": 1.0, "groups.unrest": 1.0}
REFORM = {"parameters.restructuring.effort": 1.0, "police.patron": 0, "military.patron": 0}
UNITS = {"military.arrears": 0.0, "military.corrupt": 0.3, "military.imbalance": 0.3, "military.discipline": 0.3,
         "groups.at_war": 1}
HATED = {**UNITS, "military.arrears": 6.0, "military.loyalty": 0.0}

STEPS = (
    # how groups weigh
    Step("armed_groups.hostility_weight", years(groups_weigh, MONTH), field("groups.war_utility"), 0.05,
         {"groups.hostility": 0.9}),
    Step("armed_groups.protection_cost", years(groups_weigh, MONTH), field("groups.assurance"), -0.021,
         {"parameters.mission.protection": 1.0, "mission.expected_troops": 8000.0, "mission.effectiveness": 0.5}),
    Step("armed_groups.cohesion_effect", years(groups_weigh, MONTH), field("groups.mobilisable"), 750,
         {"groups.cohesion": 1.0}),
    Step("armed_groups.unrest_rate", years(groups_weigh, 0.5), field("groups.unrest"), 0.16,
         {"groups.unrest": 0.0, "groups.cohesion": 0.3}),
    Step("armed_groups.shock_weight", years(groups_weigh, MONTH), field("groups.war_utility"), 0.075,
         {"government.shock": 0.3}),
    Step("state_strength.absence", muster, field("government.strength"), -1200, {"military.arrears": 6.0}),
    Step("state_strength.skill_effect", muster, field("government.strength"), 780, {"military.professionalism": 0.6}),
    # what they decide: shares of groups that settle or spoil
    Step("armed_groups.exhaustion", decide(1.0), field("groups.at_war"), -0.037, {**AT_WAR, "groups.fighters": 50.0}),
    Step("armed_groups.mediation_effect", decide(1.0), field("groups.at_war"), -0.05,
         {**AT_WAR, "parameters.politics.mediation": 1.0}),
    Step("armed_groups.parties", decide(1.0), field("groups.at_war"), 0.012, AT_WAR),
    Step("armed_groups.holdout_pace", decide(2.0), field("groups.at_war"), 0.069, {**AT_WAR, "groups.stance": HOLDOUT}),
    Step("armed_groups.ties_of_war", decide(10.0), field("groups.ties"), 0.15,
         {**AT_PEACE, "groups.mobilisable": 1000.0, "groups.war_utility": 1.0, "groups.ties": 0.2}),
    Step("armed_groups.spoiler_sharpness", decide(10.0), field("country.spoiling"), -0.2,
         {**AT_PEACE, "groups.peace_utility": 0.4}),
    Step("armed_groups.spoiling_unrest", decide(10.0), field("country.spoiling"), 0.12,
         {**AT_PEACE, "groups.unrest": 1.0}),
    Step("armed_groups.election_season", decide(10.0), field("country.spoiling"), 0.33,
         {**AT_PEACE, "government.elected_weeks": 10.0}),
    # how they are manned, paid and split
    Step("mobilisation.limit", years(groups_recruit, 1.0), field("groups.fighters"), -4.9e+05,
         {**AT_WAR, "groups.strength_at_peace": 1e6, "groups.money": 1e12}),
    Step("mobilisation.sponsor_money", years(groups_recruit, MONTH), field("groups.money"), 77000,
         {"groups.sponsor": 1.0, "groups.money": 1e6}),
    Step("fragmentation.cohesion_holds", years(groups_split, 2.0), field("country.splits"), -0.24,
         {**RESTLESS, "groups.cohesion": 1.0}),
    Step("fragmentation.risk_left", split_by_force, lambda world: world.groups["splinter_risk"][0], -0.25, RESTLESS),
    Step("fragmentation.consent_kept", split_by_force, last_row("consent"), -0.2, {"groups.consent": 0.8}),
    Step("fragmentation.hostility_gained", split_by_force, last_row("hostility"), 0.05, {"groups.hostility": 0.5}),
    # where soldiers are and what they do
    Step("military.watch", post_units, posted_among_fighters, 14,
         {"groups.at_war": 0, "communities.attacks_in_memory": 0.0}),
    Step("military.stranger_effect", years(soldiers_and_civilians, 1.0), field("communities.army_abuse"), 0.36,
         {"communities.excluded": 1.0, "communities.attacks_in_memory": 10.0}),
    Step("military.record_per_abuse", years(soldiers_and_civilians, 1.0), field("military.abuse_record"), 0.00048,
         {"communities.attacks_in_memory": 10.0}),
    # mutinies in five years taken at once
    Step("military.mutiny_rate", years(mutinies, 5.0), field("country.mutinies"), 0.28, UNITS),
    Step("military.arrears_effect", years(mutinies, 5.0), field("country.mutinies"), 0.72,
         {**UNITS, "military.arrears": 6.0}),
    Step("military.corruption_effect", years(mutinies, 5.0), field("country.mutinies"), 0.15,
         {**UNITS, "military.corrupt": 0.9}),
    Step("military.inequity_effect", years(mutinies, 5.0), field("country.mutinies"), 0.15,
         {**UNITS, "military.imbalance": 0.9}),
    Step("military.discipline_effect", years(mutinies, 5.0), field("country.mutinies"), -0.14,
         {**UNITS, "military.discipline": 0.9}),
    Step("military.defection", years(mutinies, 5.0), field("country.defections"), 0.31, HATED),
    Step("military.coup", years(mutinies, 5.0), field("government.will"), -0.018, HATED),
    Step("military.will_lost", years(mutinies, 5.0), field("government.will"), -0.018, HATED),
    Step("military.loyalty_lost", years(mutinies, 5.0), field("military.loyalty"), -0.00075,
         {**HATED, "military.loyalty": 0.4}),
    Step("military.strike_weeks", years(mutinies, 5.0), field("military.striking"), 0.14, HATED),
    Step("military.arrears_settled", years(mutinies, 5.0), field("military.arrears"), -0.038, HATED),
    # reform of structures
    Step("restructuring.power", years(restructure, 0.5), under_patron, -0.085, REFORM),
    Step("restructuring.patronage_turnover", years(restructure, 1.0), under_patron, 0.035,
         {"police.patron": -1, "military.patron": -1}),
    Step("restructuring.disruption", years(restructure, MONTH), field("police.present"), -0.09, REFORM),
    Step("restructuring.resentment", years(restructure, 1.0), field("military.loyalty"), -0.019, REFORM),
    Step("restructuring.threat", years(politics, 1.0), field("elites.obstruction"), 0.027, REFORM),
)


@pytest.fixture(scope="module")
def countries(baseline: Scenario) -> list[World]:
    """Forty small countries at their start, all programmes paid."""
    template = prepare(baseline.with_levers({"country.communities": 40}), 60)
    worlds = [start(template, seed) for seed in range(1, COUNTRIES + 1)]
    for world in worlds:
        world.ledger["delivered"] = 1.0
    return worlds


def outcome(country: World, step: Step, *, switched_off: bool) -> float:
    world = copy_world(country)
    for name, value in step.given.items():
        table, column, *rest = name.split(".")
        if rest:
            getattr(world.parameters, column)[rest[0]] = value
        else:
            getattr(world, table)[column] = value
    if switched_off:
        block, name = step.key.split(".")
        getattr(world.parameters, block)[name] = catalogue(BLOCKS)[step.key].off
    step.act(world)
    return float(np.mean(step.read(world)))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_one_step_answers_to_its_parameter(countries: list[World], step: Step) -> None:
    gaps = [outcome(country, step, switched_off=False) - outcome(country, step, switched_off=True)
            for country in countries]
    assert np.sign(step.least) * np.mean(gaps) >= abs(step.least)


def test_a_mutiny_spreads_along_the_chain_of_command(countries: list[World]) -> None:
    """military.contagion: every second unit has struck; more of the others follow than without contagion."""

    def followers(contagion: float | None) -> float:
        total = 0.0
        for country in countries:
            world = copy_world(country)
            world.military["striking"][::2] = 52.0
            if contagion is not None:
                world.parameters.military["contagion"] = contagion
            mutinies(world, 5.0)
            total += world.country[0].mutinies
        return total

    assert followers(None) > 1.2 * followers(0.0)
