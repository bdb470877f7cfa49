"""7.8 Restructuring of forces."""

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp

POLICE, ARMY = 0, 1


def restructure(land: Land, dt: float) -> None:
    p = land.parameters.restructuring
    effort = p.effort * land.ledger["restructuring"].delivered
    obstruction = 0.0
    for elite in land.elites:
        obstruction += elite.obstruction / len(land.elites)
    lost = chance(p.patronage_turnover * (1.0 - obstruction) + effort * p.power * (1.0 - obstruction), dt)
    won = chance(p.patronage_turnover * obstruction, dt)
    counted = chance(effort, dt)

    def reorganise(unit: Any, force: int) -> bool:
        """Patron and ghosts of a unit; whether its commander lost his patron."""
        u = land.draw("restructuring: does this commander lose his patron", unit.uid, force)
        fallen = unit.patron >= 0 and u < lost
        if fallen:
            unit.patron = -1
        elif unit.patron < 0 and land.elites and u < won:
            which = land.draw("restructuring: which elite places a client here", unit.uid, force)
            unit.patron = int(which * len(land.elites))
        found = land.draw("restructuring: ghost names found when posts are counted", unit.uid, force)
        unit.ghosts -= binomial(int(unit.ghosts), counted, found)
        return fallen

    heads = 0.0
    for unit in land.police:
        heads += unit.staff
        reorganise(unit, POLICE)
        unit.present = clamp(unit.present * (1.0 - p.disruption * effort))
    for unit in land.military:
        heads += unit.staff
        if reorganise(unit, ARMY):
            unit.loyalty = clamp(unit.loyalty * (1.0 - p.resentment))
    land.ledger["restructuring"].planned = p.effort * heads * p.cost_per_head * dt
