"""Displacement (7.23): who settles, returns and flees in a month, and where they go; whole persons, none lost."""

from __future__ import annotations

import math
from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp

FLEES = "displacement: people who flee"
ABROAD = "displacement: who of them crosses a border"
FAR = "displacement: who of them makes for the capital and the large host towns"
NEAR = "displacement: which neighbouring place they flee to"
RETURNS = "displacement: people who return"
STAYS = "displacement: displaced people who settle where they are"


def split(total: float, weights: list[float], turn: list[float]) -> list[float]:
    """Whole persons in proportion to the weights, the odd ones to the largest remainders, then by `turn`."""
    whole = sum(weights)
    if total <= 0.0 or whole <= 0.0:
        return [0.0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [float(math.floor(x)) for x in exact]
    by_remainder = sorted((k for k in range(len(weights)) if weights[k] > 0.0),
                          key=lambda k: -(exact[k] - shares[k]) - 1e-9 * turn[k])
    for k in by_remainder[: int(total - sum(shares))]:
        shares[k] += 1.0
    return shares


def to_kin(land: Land, c: Any, fleeing: float, arriving: list[float]) -> float:
    """Along the social ties of a place, safe places first; returns who is left."""
    pull = 1.0 + land.parameters.displacement.last_resort
    ties = [(there, weight * (pull - land.communities[there].fear)) for there, weight in land.social[c.row]]
    still_open = 0.0
    for _, weight in ties:
        still_open += weight
    for k, (there, weight) in enumerate(ties):
        if fleeing <= 0.0:
            break
        part = 1.0 if k == len(ties) - 1 else min(1.0, weight / still_open)
        going = binomial(int(fleeing), part, land.draw(NEAR, c.uid, k))
        arriving[there] += going
        fleeing -= going
        still_open -= weight
    return fleeing


def flee_and_return(land: Land, dt: float) -> None:
    p, relief = land.parameters.displacement, land.parameters.humanitarian
    country, places = land.country, land.communities
    turn = [land.draw(STAYS, c.uid, 1) for c in places]
    ended = 0.0
    for c in places:
        over = max(0.0, c.displaced - c.population)
        c.displaced -= over
        stay = binomial(int(c.displaced), chance(p.settle_rate, dt), land.draw(STAYS, c.uid, 0))
        c.displaced -= stay
        ended += over + stay
    for c, number in zip(places, split(ended, [c.away for c in places], turn), strict=True):
        c.away -= number

    arriving, homing, far = [0.0] * len(places), [0.0] * len(places), 0.0
    for c in places:
        if c.away > 0.0:
            held = p.without_settlement + (1.0 - p.without_settlement) * land.government.implementation
            rate = (p.return_rate * (1.0 - c.fear) / (1.0 + c.attacks_in_memory / p.attacks_half) * held
                    * (1.0 - relief.dependency * (relief.effort * relief.appeals)))
            homing[c.row] = float(binomial(int(c.away), chance(rate, dt), land.draw(RETURNS, c.uid, 0)))
        abuses = c.police_abuse + c.army_abuse
        if c.attacks + abuses <= 0.0:
            continue
        shelter = clamp(p.safe_zone * land.parameters.mission.protection * c.troops / (c.troops + p.safe_zone_half))
        readiness = 1.0 - 0.5 * p.fear_effect + p.fear_effect * c.fear
        driven = (p.flight_per_attack * c.attacks + p.flight_per_abuse * abuses) * readiness * (1.0 - shelter)
        share = 1.0 - math.exp(-driven / max(c.population, 1.0))
        leaving = binomial(int(c.population - c.displaced), share, land.draw(FLEES, c.uid, 0))
        again = binomial(int(c.displaced), share, land.draw(FLEES, c.uid, 1))
        c.population -= leaving + again
        c.displaced -= again
        c.away += leaving
        out = binomial(leaving + again, clamp(p.abroad * c.border), land.draw(ABROAD, c.uid, 0))
        country.abroad += out
        rest = leaving + again - out
        away = binomial(rest, p.far, land.draw(FAR, c.uid, 0))
        far += away + to_kin(land, c, float(rest - away), arriving)
    if far > 0.0:
        for k, number in enumerate(split(far, [c.refuge for c in places], turn)):
            arriving[k] += number
    for c in places:
        c.population += arriving[c.row]
        c.displaced += arriving[c.row]

    back = country.returned_month = sum(homing)
    if back > 0.0:
        due = back * country.abroad / (country.abroad + sum(c.displaced for c in places))
        upward = land.draw(RETURNS, 0, 1) < due - math.floor(due)
        from_abroad = math.floor(due) + (1.0 if upward else 0.0)
        hosts = split(back - from_abroad, [c.displaced for c in places], turn)
        country.abroad -= from_abroad
        country.returned += back
        for c in places:
            c.displaced -= hosts[c.row]
            c.population += homing[c.row] - hosts[c.row]
            c.away -= homing[c.row]
