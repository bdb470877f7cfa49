"""The chain of recorded events that ends in a relapse, and the turns beside it.

The chain is what the event log says: every event names the one that led to it, and the relapse names the last attack
before it. That is a record of who answered whom, not a proof of cause.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ssr_sim.draws import mix_seed
from ssr_sim.formats import counted
from ssr_sim.tables import (
    ARMY_ABUSE,
    COUP_ATTEMPT,
    DEFECTION,
    DONOR_CUT,
    EVENT_KINDS,
    MISSION_MISCONDUCT,
    MISSION_WITHDRAWN,
    POLICE_ABUSE,
    POLICY_CHANGE,
    RELAPSE_TO_CONFLICT,
    RETURN_TO_WAR,
    SPLIT,
    SPOILING,
    STATE_KILLING,
    STATE_OPERATION,
    STRIKE,
)
from ssr_sim.why.prevention import ATTACKS, FIGHTING, MANNER
from ssr_sim.world import WEEKS_PER_YEAR, World

MOST = 8  # links of the chain that are shown, the last ones
MOST_BESIDE = 4
LOOK_BACK = 104  # weeks before the relapse in which a turn counts as beside the chain
PAUSE = 26  # weeks without a linked attack that end a campaign
NEAR = 26  # weeks around a link within which its twin is looked for
# in the order in which they are shown when there are too many
TURNS = (RETURN_TO_WAR, MISSION_WITHDRAWN, SPLIT, POLICY_CHANGE, DONOR_CUT, SPOILING, DEFECTION, COUP_ATTEMPT)
COMMON = (POLICE_ABUSE, ARMY_ABUSE, STATE_KILLING, STRIKE, MISSION_MISCONDUCT)  # kinds of which any run has many

Word = Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Link:
    """One event, or one run of attacks that the log links to one another.

    `number`, `week` and `date` are those of its first event; `events` counts the linked ones, `last_week` is that of
    the last. `manner` says what happens instead when it is prevented, empty where it cannot be.
    """

    number: int
    kind: int
    event: str
    actor: str
    target: str
    region: str
    week: int
    last_week: int
    date: datetime.date
    events: int
    killed: int
    manner: str

    @property
    def short(self) -> str:
        """What it is, without who and where."""
        return "linked attacks" if self.kind in FIGHTING and self.events > 1 else self.event

    @property
    def words(self) -> str:
        """The link in one line, without its date."""
        if self.kind in FIGHTING:
            what = counted(self.events, "linked attack" if self.kind in ATTACKS or self.events > 1 else "operation")
            by = self.actor if self.kind in ATTACKS else f"the state against {self.target}"
            return f"{what} by {by}, {self.region}"
        if self.kind == SPLIT:
            what = f"split of {self.target}"
        else:
            plain = self.event.partition(" by ")[0] if self.actor else self.event  # "abuse by police" by which unit
            who = [self.actor and f"by {self.actor}", self.target and f"({self.target})"]
            what = " ".join(filter(None, [plain, *who]))
        return what + (f", {self.region}" if self.region else "")


def numbers_on_chain(world: World) -> list[int]:
    """Event numbers from the earliest recorded ancestor to the relapse; empty where there was no relapse."""
    number, found = int(world.country[0]["relapse_event"]), []
    while number >= 0:
        found.append(number)
        number = int(world.events[number]["parent"])
    return found[::-1]


def links(world: World, word: Word) -> tuple[Link, ...]:
    """The chain in order of time, runs of linked attacks by one group in one link; the relapse is the last."""
    runs: list[list[int]] = []
    for number in numbers_on_chain(world):
        if runs and _one_campaign(world.events[runs[-1][-1]], world.events[number]):
            runs[-1].append(number)
        else:
            runs.append([number])
    return tuple(_link(world, run, word) for run in runs)


def beside(world: World, word: Word) -> tuple[Link, ...]:
    """Turns in the two years before the relapse that the log does not link to it, in order of time."""
    relapse = int(world.country[0]["relapse_week"])
    on_chain = set(numbers_on_chain(world))
    events = world.events[: int(world.clock[0]["events"])]
    found = [number for number, event in enumerate(events)
             if event["kind"] in TURNS and relapse - LOOK_BACK <= event["week"] <= relapse and number not in on_chain]
    found.sort(key=lambda number: (TURNS.index(int(events[number]["kind"])), -number))
    return tuple(_link(world, [number], word) for number in found)


def fighting_before(world: World, group_name: Callable[[int], str]) -> dict[str, int]:
    """Battle deaths in the 52 weeks up to the relapse, by the armed group that fought, most first.

    The log also counts peacekeepers, whom the threshold leaves out; they are left out here.
    """
    relapse = int(world.country[0]["relapse_week"])
    deaths: dict[str, int] = {}
    for event in world.events[: int(world.clock[0]["events"])]:
        if relapse - WEEKS_PER_YEAR < event["week"] <= relapse and event["kind"] in (ATTACKS[0], STATE_OPERATION):
            name = group_name(int(event["target" if event["kind"] == STATE_OPERATION else "actor"]))
            deaths[name] = deaths.get(name, 0) + int(event["combatants"])
    return dict(sorted(deaths.items(), key=lambda item: -item[1]))


def twin(world: World, link: Link, word: Word, seed: int) -> Link | None:
    """A random event of the same kind near `link` in time that is not on the chain; only for kinds that are common."""
    if link.kind not in COMMON:
        return None
    on_chain, last = set(numbers_on_chain(world)), int(world.country[0]["relapse_week"])
    events = world.events[: int(world.clock[0]["events"])]
    near = [number for number, event in enumerate(events)
            if event["kind"] == link.kind and number not in on_chain and event["week"] <= last
            and abs(int(event["week"]) - link.week) <= NEAR]
    return _link(world, [near[mix_seed(seed, link.number) % len(near)]], word) if near else None


def _one_campaign(before: Any, event: Any) -> bool:
    if before["kind"] not in FIGHTING or event["kind"] not in FIGHTING:
        return False
    return _fighter(before) == _fighter(event) and event["week"] - before["week"] <= PAUSE


def _fighter(event: Any) -> int:
    return int(event["target" if event["kind"] == STATE_OPERATION else "actor"])


def _link(world: World, run: list[int], word: Word) -> Link:
    first, last = word(run[0]), word(run[-1])
    killed = sum(int(world.events[number][field]) for number in run for field in ("civilians", "combatants"))
    kind = int(world.events[run[0]]["kind"])
    return Link(run[0], kind, EVENT_KINDS[kind], first["actor"], first["target"], first["region"], first["week"],
                last["week"], first["date"], len(run), killed, MANNER.get(kind, ""))


def is_end(link: Link) -> bool:
    """Whether `link` is the relapse itself."""
    return link.kind == RELAPSE_TO_CONFLICT
