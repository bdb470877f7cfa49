"""Live one week of a run again with one event of its log prevented.

The week runs phase by phase, by the very schedule and loop of every run. Only the phase in which the event happened is
wrapped: its actor is kept out of that phase, or what the event changed is put back right after it; the rest of the
week, and everybody else, goes on as it was. What happens for each kind of event stands in `MANNER`; a kind that is not
listed there cannot be prevented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import numpy as np

from ssr_sim import policy, run, schedule
from ssr_sim.tables import (
    ARMY_ABUSE,
    ATTACK_ON_CIVILIANS,
    ATTACK_ON_FORCES,
    ATTACK_ON_MISSION,
    COUP_ATTEMPT,
    DEFECTION,
    DONOR_CUT,
    MISSION_MISCONDUCT,
    MISSION_WITHDRAWN,
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
from ssr_sim.world import World, every

ATTACKS = (ATTACK_ON_FORCES, ATTACK_ON_CIVILIANS, ATTACK_ON_MISSION)
FIGHTING = (*ATTACKS, STATE_OPERATION)
NEVER = 1e6  # years

MANNER: dict[int, str] = {
    RETURN_TO_WAR: "the group keeps its ceasefire in that week; later it may still return to war",
    SETTLEMENT: "the group goes on fighting in that week; later it may still settle",
    SPOILING: "the group forms no spoiling cell in that week",
    SPLIT: "the commanders stay: men, arms and money of the splinter are back with the group",
    DEFECTION: "the unit does not mutiny in that round: men and arms stay in the army",
    COUP_ATTEMPT: "the unit does not mutiny in that round, and political will stays",
    STRIKE: "the unit does not mutiny in that round; its arrears stay",
    ARMY_ABUSE: "the unit commits no abuse in that round: no dead, no anger, no record",
    POLICE_ABUSE: "the unit commits no abuse in that round: no anger, no record",
    MISSION_MISCONDUCT: "the contingent commits no misconduct in that round",
    MISSION_WITHDRAWN: "the last contingents stay, at their strength of the month before",
    DONOR_CUT: "this year's shock to the donor's payments is left out",
    POLICY_CHANGE: "the lever keeps its value",
    SHOCK_EVENT: "the shock does not strike in that week",
    STATE_KILLING: "the week's killing is undone after the fighting: its dead live, no anger, no fear",
    **dict.fromkeys(FIGHTING, "the group lays down its arms that week and its attacks excite no more; "
                              "later it may return to war"),
}

Change = Callable[[World], None]
Undo = Callable[[World, World], None]


class Prevention(NamedTuple):
    """How a week is changed: `before` and `after` the phase called `phase`; `after` also sees the world before it."""

    phase: str
    before: Change | None = None
    after: Undo | None = None


def live_week(world: World, changed: Prevention | None = None) -> None:
    """Step `world` through one week as `run.advance` does, to the bit, with one phase `changed` if so asked.

    "apply_policy" counts as a phase.
    """
    phases = {name: _plain(function) for name, function in vars(schedule).items() if callable(function)}
    loop: dict[str, Any] = {"apply_policy": policy.apply_policy}
    week, advance = _source(schedule.week), _source(run.advance)
    if changed is not None:
        home = loop if changed.phase in loop else phases
        home[changed.phase] = _wrapped(home[changed.phase], changed)
    loop["week"] = FunctionType(week, {**vars(schedule), **phases})
    FunctionType(advance, {**vars(run), **loop})(world, run.new_series(1))


def _source(compiled: Any) -> CodeType:
    code: CodeType = compiled.py_func.__code__
    return code


def _plain(function: Any) -> Any:
    """`every` is called with Python's numbers here; as plain Python it need not be compiled for them."""
    return every.py_func if function is every else function


def _wrapped(phase: Any, changed: Prevention) -> Callable[..., None]:
    def wrapped(world: World, *lengths: float) -> None:
        past = run.copy_world(world)
        if changed.before is not None:
            changed.before(world)
        phase(world, *lengths)
        if changed.after is not None:
            changed.after(world, past)

    return wrapped


def prevention(event: Mapping[str, Any]) -> Prevention | None:
    """How to prevent `event`, a record of the event log, in its own week; None where that cannot be done."""
    kind, actor, target, place = (int(event[name]) for name in ("kind", "actor", "target", "place"))
    if kind in (RETURN_TO_WAR, SETTLEMENT, SPOILING):
        return Prevention("groups_decide", after=lambda world, past: _no_turn(world, past, actor, kind))
    if kind == SPLIT:
        return Prevention("groups_split", after=lambda world, past: _no_split(world, past, target, actor))
    if kind in (DEFECTION, COUP_ATTEMPT, STRIKE):
        return Prevention("mutinies", *_kept_out("military", actor, "staff"))
    if kind == ARMY_ABUSE:
        return Prevention("soldiers_and_civilians", *_kept_out("military", actor, "staff"))
    if kind == MISSION_MISCONDUCT:
        return Prevention("mission_conduct", *_kept_out("contingents", actor, "strength"))
    if kind == POLICE_ABUSE:
        return Prevention("police_work", after=lambda world, past: _no_police_abuse(world, past, place))
    if kind == MISSION_WITHDRAWN:
        return Prevention("review_mandate", before=_mission_stays)
    if kind == SHOCK_EVENT:
        return Prevention("shocks_strike", *_no_such_shock(actor))
    if kind == DONOR_CUT:
        return Prevention("donors_decide", after=lambda world, past: _no_shock(world, past, actor))
    if kind == POLICY_CHANGE:
        return Prevention("apply_policy", after=lambda world, past: _lever_stays(world, past, actor))
    if kind == STATE_KILLING:
        dead = float(event["civilians"])
        return Prevention("fight", after=lambda world, past: _no_killing(world, past, place, dead))
    if kind in FIGHTING:
        group = actor if kind in ATTACKS else target
        return Prevention("groups_decide", after=lambda world, past: lay_down_arms(world, group))
    return None


def _kept_out(table: str, row: int, field: str) -> tuple[Change, Undo]:
    """The actor has no people during the phase, so the phase passes it over, and has them back after it."""

    def before(world: World) -> None:
        getattr(world, table)[field][row] = 0.0

    def after(world: World, past: World) -> None:
        getattr(world, table)[field][row] = getattr(past, table)[field][row]

    return before, after


def _no_turn(world: World, past: World, g: int, kind: int) -> None:
    """Group `g` took no decision this week. All that a turn changes lies in its own row, and in one counter."""
    world.groups[g] = past.groups[g]
    world.groups["weeks_in_state"][g] += 1
    world.groups["spoiling"][g] = max(0.0, past.groups["spoiling"][g] - 1.0)
    if kind == SPOILING:
        world.country["spoiling"] -= 1


def _no_split(world: World, past: World, group: int, splinter: int) -> None:
    """Rows and fighters of both are as before: a split moves people, arms and money between these two only."""
    n = len(world.communities)
    for g in (group, splinter):
        world.groups[g] = past.groups[g]
        world.presence[g * n:(g + 1) * n] = past.presence[g * n:(g + 1) * n]
    world.country["splits"] -= 1


def _no_police_abuse(world: World, past: World, place: int) -> None:
    """Each place has one police unit, so what its abuse changed there is put back whole."""
    abuses = world.communities["police_abuse"][place] - past.communities["police_abuse"][place]
    for field in ("police_abuse", "anger", "last_abuse"):
        world.communities[field][place] = past.communities[field][place]
    world.police["abuse_record"][place] = past.police["abuse_record"][place]
    world.country["abuses_month"] -= abuses


def _no_killing(world: World, past: World, place: int, dead: float) -> None:
    """Exact unless anger or fear had reached 1, or more fighting followed in the same place and week."""
    here, p = world.communities[place], world.parameters.violence[0]
    here["population"] += dead
    here["state_killed"] -= dead
    here["anger"] = max(0.0, here["anger"] - p["anger_per_killing"])
    here["fear"] = max(0.0, here["fear"] - p["fear_of_killing"])
    here["last_abuse"] = past.communities[place]["last_abuse"]
    for field in ("civilian_deaths", "civilian_deaths_week", "state_killings", "killed"):
        world.country[field] -= dead


def _no_such_shock(kind: int) -> tuple[Change, Undo]:
    """Neither plan nor chance brings this kind of shock in that week."""
    name = list(SHOCK_KINDS)[kind]

    def before(world: World) -> None:
        now = world.shocks["week"] == world.clock[0]["week"]
        world.shocks["size"][now & (world.shocks["kind"] == kind)] = 0.0
        world.parameters.shocks[name] = 0.0

    def after(world: World, past: World) -> None:
        world.parameters.shocks[name] = past.parameters.shocks[name]

    return before, after


def _mission_stays(world: World) -> None:
    """The plan of deployment from now on is the strength that the mission still has, and the mandate covers it."""
    now = min(int(world.clock[0]["week"]), len(world.deployment) - 1)
    settings, mission = world.parameters.mission[0], world.mission[0]
    for field in ("troops", "police"):
        times = float(settings[field])
        kept = mission[field] / times if times > 0.0 else 0.0
        world.deployment[field][now:] = mission[f"peak_{field}"] = kept
        mission[f"authorised_{field}"] = max(mission[f"authorised_{field}"], mission[field])
    mission["drawn"] = 0.0
    settings["drawdown_start"] = NEVER


def _no_shock(world: World, past: World, donor: int) -> None:
    world.donors["shock"][donor] = world.parameters.funding[0]["persistence"] * past.donors["shock"][donor]


def _lever_stays(world: World, past: World, parameter: int) -> None:
    """The change counts as done, so it will not come later either."""
    world.settings[parameter] = past.settings[parameter]


def lay_down_arms(world: World, g: int) -> None:
    """Group `g` keeps a ceasefire from now on; no attack is under way any more."""
    n = len(world.communities)
    group = world.groups[g]
    if group["at_war"] == 1:
        group["at_war"], group["weeks_in_state"], group["strength_at_peace"] = 0, 0, group["fighters"]
    group["spoiling"] = group["smouldering"] = 0.0
    world.presence["excitation"][g * n:(g + 1) * n] = 0.0


def move_one_person(world: World) -> None:
    """The placebo: one civilian moves from the largest community to the smallest one."""
    people = world.communities["population"]
    from_here, to_there = int(np.argmax(people)), int(np.argmin(people))
    people[from_here] -= 1.0
    people[to_there] += 1.0
