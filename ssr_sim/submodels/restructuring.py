"""S10 Restructuring: commands and posts are reorganised, which breaks ties of patronage and strikes off ghost names.

Patronage is a stock: elites place clients in command as far as they obstruct, and clients come and go. A patron
shields his clients from sanction, so a force without patrons is one that control can reach. Who reorganises meets
the resistance of those who lose, and for a while fewer officers are at their posts.
"""

from typing import ClassVar

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import draw, phase

RESTRUCTURING = LINES.index("restructuring")

REMOVED = stream(172, "restructuring: does this commander lose his patron")
PLACED = stream(173, "restructuring: which elite places a client here")
STRUCK_OFF = stream(174, "restructuring: ghost names found when posts are counted")

ARMY = 1  # third key of an army unit's draws: police and army count their units from 0 alike


# ------------------------------------------------------------------------------------------------- parameters
class Restructuring(Block):
    """Reorganisation of commands, posts and procedures."""

    group: ClassVar[str] = "Capacity"

    effort: float = lever(
        0.0, unit="share of units / year", lo=0.0, hi=1.0, cost="USD 1,500 per officer and year reorganised",
        source="assumption", side_effect="Elites who lose clients obstruct; fewer officers are at their posts.",
        help="Share of units reorganised in a year: command, posts, procedures.")
    cost_per_head: float = uncertain(
        1500.0, unit="USD / officer reorganised", lo=500.0, hi=4000.0, source="assumption",
        help="Price of reorganising one post.")
    power: float = uncertain(
        0.7, unit="probability", lo=0.3, hi=0.9, source="assumption",
        help="Chance that a commander loses his patron when his unit is reorganised against no obstruction.", off=0.0)
    patronage_turnover: float = uncertain(
        0.15, unit="1 / year", lo=0.05, hi=0.4, source="assumption",
        help="How fast elites place new clients, and old ones lose their patron, without any reform.", off=0.0)
    disruption: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Share of a unit's officers missing from their posts in a year of its reorganisation.", off=0.0)
    resentment: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption",
        help="Share of its loyalty that an army unit loses with its commander's patron.", off=0.0)
    threat: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="How much of elites' control a reorganisation of all units in a year threatens.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def loss_rate(turnover, obstruction, effort, power):
    """Rate (1/year) at which a commander loses his patron: by turnover where elites are weak, and by reform."""
    return turnover * (1.0 - obstruction) + effort * power * (1.0 - obstruction)


@njit
def placing_rate(turnover, obstruction):
    """Rate (1/year) at which elites place a client in a command without one; at rest as many as they obstruct."""
    return turnover * obstruction


# ------------------------------------------------------------------------------------------------- phases
@phase("police: patron present ghosts", "military: patron ghosts loyalty", "ledger: planned")
def restructure(world, dt):
    """Patrons are lost and won, posts are counted, and who moves is not at his post."""
    now = world.clock[0]
    p = world.parameters.restructuring[0]
    effort = p.effort * world.ledger[RESTRUCTURING].delivered
    elites = len(world.elites)
    obstruction = 0.0
    for e in range(elites):
        obstruction += world.elites[e].obstruction / elites
    lost = rate_to_probability(loss_rate(p.patronage_turnover, obstruction, effort, p.power), dt)
    won = rate_to_probability(placing_rate(p.patronage_turnover, obstruction), dt)
    counted = rate_to_probability(effort, dt)
    heads = 0.0
    removed, found = draw_each(now, REMOVED, world.police["uid"], 0), draw_each(now, STRUCK_OFF, world.police["uid"], 0)
    for i in range(len(world.police)):
        unit = world.police[i]
        heads += unit.staff
        unit.patron = _patron(now, unit.uid, 0, unit.patron, elites, lost, won, removed[i])
        unit.ghosts -= binomial(int(unit.ghosts), counted, found[i])
        unit.present = clamp(unit.present * (1.0 - p.disruption * effort), 0.0, 1.0)
    removed = draw_each(now, REMOVED, world.military["uid"], ARMY)
    found = draw_each(now, STRUCK_OFF, world.military["uid"], ARMY)
    for i in range(len(world.military)):
        unit = world.military[i]
        heads += unit.staff
        patron = _patron(now, unit.uid, ARMY, unit.patron, elites, lost, won, removed[i])
        if patron < 0 and unit.patron >= 0:
            unit.loyalty = clamp(unit.loyalty * (1.0 - p.resentment), 0.0, 1.0)
        unit.patron = patron
        unit.ghosts -= binomial(int(unit.ghosts), counted, found[i])
    world.ledger[RESTRUCTURING].planned = p.effort * heads * p.cost_per_head * dt


@njit
def _patron(now, uid, force, patron, elites, lost, won, luck):
    """The patron of a commander after this step, by a `luck` in (0, 1): an elite's row, -1 none."""
    if patron >= 0:
        return -1 if luck < lost else patron
    if elites > 0 and luck < won:
        return int(draw(now, PLACED, uid, force) * elites)
    return -1
