"""The event log of one run, in words: what happened, when, where, between whom, and which event led to it."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ssr_sim import run
from ssr_sim.draws import mix_seed
from ssr_sim.ensemble import parameters_problem
from ssr_sim.faults import refuse, whole_number
from ssr_sim.first_week.ground import organised
from ssr_sim.scenario import Scenario
from ssr_sim.tables import (
    ARMY_ABUSE,
    ATTACK_ON_CIVILIANS,
    ATTACK_ON_FORCES,
    ATTACK_ON_MISSION,
    COUP_ATTEMPT,
    DEFEAT,
    DEFECTION,
    DONOR_CUT,
    EVENT_KINDS,
    MISSION_MISCONDUCT,
    POLICE_ABUSE,
    POLICY_CHANGE,
    RETURN_TO_WAR,
    SETTLEMENT,
    SHOCK_EVENT,
    SHOCK_KINDS,
    SPLIT,
    SPOILING,
    STATE_KILLING,
    STATE_OPERATION,
    STRIKE,
)
from ssr_sim.world import World

CHUNK = 52  # weeks between looks at how full the log is
ROOM = 4096  # events that a log has room for at first; it doubles when half full

GROUP_ACTS = {ATTACK_ON_FORCES, ATTACK_ON_CIVILIANS, ATTACK_ON_MISSION, RETURN_TO_WAR, SETTLEMENT, SPLIT, SPOILING,
              DEFEAT}
ARMY_ACTS = {ARMY_ABUSE, STRIKE, DEFECTION, COUP_ATTEMPT}
STATE_ACTS = {STATE_OPERATION, STATE_KILLING}
GROUP_TARGETS = {STATE_OPERATION, STATE_KILLING, DEFECTION, SPLIT}


def chronicle(scenario: Scenario, years: int = 10, seed: int = 1, replicate: int = 0,
              parameters: str = "default") -> list[dict[str, Any]]:
    """Every event of one replicate, as `run_ensemble` with the same `seed` and `parameters` runs it, in order.

    Each event is a dict: number, week, date, event, place, region, actor, target, civilians and combatants killed,
    parent (number of the event that led to it, or None). Combatants killed include peacekeepers, whom the outcome
    "battle_deaths" leaves out. Raises ValueError for a wrong argument.
    """
    return in_words(relive(scenario, years, seed, replicate, parameters)[0], scenario)


def relive(scenario: Scenario, years: int = 10, seed: int = 1, replicate: int = 0,
           parameters: str = "default") -> tuple[World, np.ndarray]:
    """One replicate of `run_ensemble` again: its world at the end, with all events, and its series (weeks, indicators).

    Raises ValueError for a wrong argument.
    """
    refuse([run.horizon_problem(years), whole_number("seed", seed, 0, run.LARGEST_SEED),
            whole_number("replicate", replicate, 0, 2**32 - 1), parameters_problem(parameters)])
    weeks = run.weeks_in(years)
    own_seed = mix_seed(seed, replicate)
    drawn = scenario.prior_draw(own_seed) if parameters == "prior" else None
    world = run.start(run.prepare(scenario, weeks, events=ROOM), own_seed, drawn)
    series = run.new_series(weeks)
    for first in range(0, weeks, CHUNK):
        world = run.grow_events(world, 2 * int(world.clock[0]["events"]) + ROOM)
        before = run.copy_world(world)
        run.advance(world, series[first : first + CHUNK])
        while world.clock[0]["events"] > len(world.events):
            # a year too full for the log: live it again with more room
            world = run.grow_events(run.copy_world(before), 2 * int(world.clock[0]["events"]))
            run.advance(world, series[first : first + CHUNK])
    return world, series


def in_words(world: World, scenario: Scenario) -> list[dict[str, Any]]:
    """The log of `world`, a run of `scenario`, with dates and names in place of weeks and rows."""
    return [event_in_words(number, world, scenario) for number in range(int(world.clock[0]["events"]))]


def event_in_words(number: int, world: World, scenario: Scenario) -> dict[str, Any]:
    """Event `number` of the log of `world`; the keys are those of `chronicle`."""
    event = world.events[number]
    kind, place, parent = int(event["kind"]), int(event["place"]), int(event["parent"])
    region = scenario.country.regions[int(world.communities[place]["region"])].name if place >= 0 else ""
    return {
        "number": number,
        "week": int(event["week"]),
        "date": scenario.start + datetime.timedelta(weeks=int(event["week"])),
        "event": EVENT_KINDS[kind],
        "place": place if place >= 0 else None,
        "region": region,
        "actor": _actor(kind, int(event["actor"]), world, scenario),
        "target": group_name(int(event["target"]), world, scenario) if kind in GROUP_TARGETS else "",
        "civilians_killed": int(event["civilians"]),
        "combatants_killed": int(event["combatants"]),
        "parent": parent if parent >= 0 else None,
    }


def _actor(kind: int, row: int, world: World, scenario: Scenario) -> str:
    if kind in GROUP_ACTS:
        return group_name(row, world, scenario)
    if kind in ARMY_ACTS:
        return f"army unit {row}"
    if kind in STATE_ACTS:
        return "the state's forces"
    if kind == POLICE_ABUSE:
        return f"police unit {row}"
    if kind == MISSION_MISCONDUCT:
        return f"contingent {row}"
    if kind == DONOR_CUT:
        return scenario.country.donors[row].name
    if kind == SHOCK_EVENT:
        return list(SHOCK_KINDS.values())[row]
    if kind == POLICY_CHANGE:
        return list(scenario.parameters)[row]
    return ""


def group_name(row: int, world: World, scenario: Scenario) -> str:
    """Name of an armed group; a splinter is named after the group it left."""
    groups = organised(scenario.country)
    if row < 0:
        return ""
    if row < len(groups):
        return groups[row].name
    return f"splinter of {group_name(int(world.groups[row]['parent']), world, scenario)}"
