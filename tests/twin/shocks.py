"""7.1 Shocks, from the description."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ssr_sim.world import WEEK
from tests.twin.country import Land
from tests.twin.maths import chance, clamp, decay

KINDS = ("leader_killed", "price_collapse", "flood", "abuse_scandal", "neighbour_war", "donor_withdrawal", "election",
         "splinter", "pandemic")
STRUCK = "shocks: which region or group is struck"


def shocks_strike(land: Land, dt: float) -> None:
    rules = land.parameters.shocks
    for c in land.communities:
        if c.setback > 0.0:
            c.setback *= decay(rules.recovery, WEEK)
    for number, kind in enumerate(KINDS):
        planned = [one for one in land.shocks if one.kind == number and one.week == land.clock.week]
        size = max((one.size for one in planned), default=0.0)
        region = [one.region for one in planned if one.size == size][-1] if planned else -1
        rate = getattr(rules, kind)
        if rate > 0.0 and land.draw("shocks: does this kind strike", number) < chance(rate, WEEK):
            size = max(size, rules.size)
        if size <= 0.0:
            continue
        if kind == "flood" and region < 0:
            region = luckiest(land, land.communities, lambda c: c.population + 1e-9, 0).region
        there = [c for c in land.communities if c.region == region]
        largest = max(there, key=lambda c: (c.population, -c.uid)).row if there else -1
        event = land.log("shock", place=largest, actor=number)
        strike(land, kind, size, region, event)


def luckiest(land: Land, agents: list[Any], weight: Callable[[Any], float], k: int) -> Any:
    """One of the agents with a chance in proportion to its weight: the highest score with Gumbel noise."""
    return max(agents, key=lambda one: math.log(weight(one)) - math.log(-math.log(land.draw(STRUCK, one.uid, k))))


def nearer_to_one(x: float, share: float) -> float:
    return clamp(x + share * (1.0 - x))


def strike(land: Land, kind: str, size: float, region: int, event: int) -> None:
    """What a shock of one kind changes."""
    rules = land.parameters.shocks
    state = land.government
    existing = [group for group in land.groups if group.exists == 1]
    if kind in ("flood", "pandemic", "price_collapse"):
        lost = size * {"flood": 1.0, "pandemic": rules.pandemic_setback, "price_collapse": rules.lost_revenue}[kind]
        for c in land.communities:
            if kind != "flood" or c.region == region:
                c.setback = nearer_to_one(c.setback, lost)
        if kind == "price_collapse":
            state.revenue *= 1.0 - lost
            state.resource_rents = clamp(state.resource_rents * (1.0 - lost))
    elif kind == "abuse_scandal":
        for c in land.communities:
            c.bad_police += size * rules.scandal_contacts
            c.anger = clamp(c.anger + size * rules.scandal_anger)
            c.last_abuse = event
        for donor in land.donors:
            donor.trust = clamp(donor.trust * (1.0 - size * rules.scandal_distrust))
    elif kind == "neighbour_war":
        state.neighbour = nearer_to_one(state.neighbour, size)
        for group in existing:
            group.sponsor = nearer_to_one(group.sponsor, size * rules.sponsors_from_war)
        weapons = round(size * rules.arms_from_war)
        land.country.weapons_entered += weapons
        land.country.weapons_loose += weapons
    elif kind == "election":
        state.elected_weeks = rules.disputed_weeks
        state.shock += size * rules.contested * (1.0 - state.function)
    elif kind == "donor_withdrawal":
        giving = [donor for donor in land.donors if donor.budget * donor.engagement > 0.0]
        if giving:
            first = max(giving, key=lambda donor: (donor.budget * donor.engagement, -donor.uid))
            first.engagement *= 1.0 - size
            land.log("donor cut", actor=first.row, parent=event)
    elif kind == "leader_killed":
        fighting = [group for group in existing if group.fighters > 0.0]
        if fighting:
            group = luckiest(land, fighting, lambda one: one.fighters, 1)
            loss = size * rules.broken_command
            group.cohesion = clamp(group.cohesion * (1.0 - loss))
            group.good_faith *= 1.0 - loss
            group.unrest = nearer_to_one(group.unrest, loss)
            group.splinter_risk = nearer_to_one(group.splinter_risk, loss)
    elif kind == "splinter" and existing:
        max(existing, key=lambda one: (one.fighters, -one.uid)).breakaway = size * rules.breakaway_share
