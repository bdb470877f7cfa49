"""S15 Displacement: people flee violence, live as displaced persons elsewhere, return or settle.

Whole persons move and nobody vanishes: those who live displaced in a place are part of its `population`, and everyone
displaced, here or abroad, is counted once as `away` at the place he comes from. Flight follows attacks and abuse
(Davenport, Moore and Poe 2003; Melander and Oberg 2007: people leave where the threat is, along roads and to kin);
return follows safety and a settlement that is implemented (assumption). The displaced of one host are a mixed pool.
"""

import math
from typing import ClassVar

import numpy as np

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, uncertain
from ssr_sim.world import draw, phase

FLEES = stream(150, "displacement: people who flee")
ABROAD = stream(151, "displacement: who of them crosses a border")
FAR = stream(152, "displacement: who of them makes for the capital and the large host towns")
NEAR = stream(153, "displacement: which neighbouring place they flee to")
RETURNS = stream(154, "displacement: people who return")
STAYS = stream(155, "displacement: displaced people who settle where they are")


# ------------------------------------------------------------------------------------------------- parameters
class Displacement(Block):
    """Why people flee, where they go, and when they return."""

    group: ClassVar[str] = "Model"

    flight_per_attack: float = uncertain(
        600.0, unit="persons / attack", lo=0.0, hi=1500.0,
        source="world totals: about 150 newly displaced for each person killed in battle (M)",
        help="People who flee one attack where fear is middling.", off=0.0)
    flight_per_abuse: float = uncertain(
        60.0, unit="persons / abuse", lo=0.0, hi=200.0, source="assumption",
        help="People who flee one serious abuse by the state's forces.", off=0.0)
    fear_effect: float = uncertain(
        1.0, unit="factor", lo=0.0, hi=2.0, source="assumption",
        help="How much more readily people flee in full fear than in none, against middling fear.", off=0.0)
    safe_zone: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.8, source="assumption",
        help="Share of flight that patrols for civilians prevent where they are many.", off=0.0)
    safe_zone_half: float = uncertain(
        60.0, unit="troops in reach", lo=45.0, hi=120.0, source="as for restraint of violence",
        help="Troops in reach for half of that effect.")
    abroad: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption; a third of the world's displaced are abroad (M)",
        help="Share of those who flee that crosses the border, where all receiving neighbours are next door.", off=0.0)
    far: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Share of the others that makes for the capital and the host towns rather than for kin nearby.", off=0.0)
    last_resort: float = uncertain(
        0.05, unit="weight", lo=0.01, hi=0.2, source="assumption",
        help="Pull of kin who live in full fear, against kin who live without.")
    return_rate: float = uncertain(
        0.7, unit="1 / year", lo=0.3, hi=1.2, source="Liberia 2004-07: most returned within three years (M)",
        help="Rate of return to a safe place under a settlement fully implemented.", off=0.0)
    without_settlement: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.6, source="assumption",
        help="Share of that rate where nothing of a settlement is implemented.", off=1.0)
    attacks_half: float = uncertain(
        1.0, unit="attacks in memory", lo=0.5, hi=4.0, source="assumption",
        help="Attacks at home that halve the rate of return.", off=1e15)
    settle_rate: float = uncertain(
        0.03, unit="1 / year", lo=0.0, hi=0.08, source="assumption",
        help="Rate at which the displaced become residents where they are.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def flight_share(attacks, abuses, per_attack, per_abuse, heads, readiness, shelter):
    """Share (0-1) of the `heads` of a place who flee so many attacks and abuses; shelter (0-1) holds."""
    driven = (per_attack * attacks + per_abuse * abuses) * readiness * (1.0 - shelter)
    return 1.0 - math.exp(-driven / max(heads, 1.0))


@njit
def readiness_of(fear, fear_effect):
    """Factor on flight: 1 at middling fear (0.5), and `fear_effect` (0-2) more in full fear than in none."""
    return 1.0 - 0.5 * fear_effect + fear_effect * fear


@njit
def shelter_of(patrols, troops, effect, half):
    """Share (0-1) of flight prevented by `troops` in reach that spend the share `patrols` of effort on civilians."""
    return clamp(effect * patrols * troops / (troops + half), 0.0, 1.0)


@njit
def return_rate(base, fear, attacks, attacks_half, settlement, without_settlement, relief, dependency):
    """Rate (1/year) of return to a place: safe from attacks (in memory) and fear, under a settlement that holds.

    Relief (0-1) at the host slows it where people have come to depend on it (`dependency` 0-1).
    """
    rate = base * (1.0 - fear) / (1.0 + attacks / attacks_half)
    return rate * (without_settlement + (1.0 - without_settlement) * settlement) * (1.0 - dependency * relief)


# ------------------------------------------------------------------------------------------------- phases
@njit
def _in_whole_shares(total, weights, turn):
    """Split `total` persons in proportion to whole-numbered `weights`; the odd ones by largest remainder, then `turn`.

    Whole weights add up to the same sum in any order, so no order of rows matters.
    """
    shares = np.zeros(len(weights))
    whole = weights.sum()
    if total <= 0.0 or whole <= 0.0:
        return shares
    rest = np.empty(len(weights))
    left = total
    for i in range(len(weights)):
        exact = total * weights[i] / whole
        shares[i] = math.floor(exact)
        rest[i] = -(exact - shares[i]) - 1e-9 * turn[i] if weights[i] > 0.0 else 1.0
        left -= shares[i]
    if left > 0.0:
        for i in np.argpartition(rest, int(left) - 1)[:int(left)]:
            shares[i] += 1.0
    return shares


@njit
def _to_kin(now, social, communities, i, fleeing, last_resort, arriving):
    """Send `fleeing` people of place `i` along its ties, to safe places first; returns how many find none."""
    first, last = social.starts[i], social.starts[i + 1]
    open_weight = 0.0
    for edge in range(first, last):
        open_weight += social.weights[edge] * (1.0 + last_resort - communities[social.targets[edge]].fear)
    for edge in range(first, last):
        if fleeing <= 0.0:
            break
        weight = social.weights[edge] * (1.0 + last_resort - communities[social.targets[edge]].fear)
        share = 1.0 if edge == last - 1 else min(1.0, weight / open_weight)
        going = binomial(int(fleeing), share, draw(now, NEAR, communities[i].uid, edge - first))
        arriving[social.targets[edge]] += going
        fleeing -= going
        open_weight -= weight
    return fleeing


@phase("communities: population displaced away", "country: abroad returned returned_month")
def flee_and_return(world, dt):
    """A month of flight and return; all decide on what the month has brought, before anyone moves."""
    now = world.clock[0]
    p = world.parameters.displacement[0]
    relief = world.parameters.humanitarian[0]
    patrols = world.parameters.mission[0].protection
    country = world.country[0]
    settlement = world.government[0].implementation
    n = len(world.communities)
    table = world.communities
    settling = rate_to_probability(p.settle_rate, dt)
    stays = draw_each(now, STAYS, table["uid"], 0)
    turn = draw_each(now, STAYS, table["uid"], 1)
    ended = 0.0
    for i in range(n):
        # displaced people who were killed or took up arms are displaced no more
        over = max(0.0, table[i].displaced - table[i].population)
        table[i].displaced -= over
        stay = binomial(int(table[i].displaced), settling, stays[i])
        table[i].displaced -= stay
        ended += over + stay
    table["away"][:] -= _in_whole_shares(ended, table["away"], turn)

    arriving = np.zeros(n)
    homing = np.zeros(n)
    returns = draw_each(now, RETURNS, table["uid"], 0)
    far = 0.0
    for i in range(n):
        c = table[i]
        if c.away > 0.0:
            aided = relief.effort * relief.appeals
            rate = return_rate(p.return_rate, c.fear, c.attacks_in_memory, p.attacks_half, settlement,
                               p.without_settlement, aided, relief.dependency)
            homing[i] = binomial(int(c.away), rate_to_probability(rate, dt), returns[i])
        abuses = c.police_abuse + c.army_abuse
        if c.attacks + abuses <= 0.0:
            continue
        shelter = shelter_of(patrols, c.troops, p.safe_zone, p.safe_zone_half)
        share = flight_share(c.attacks, abuses, p.flight_per_attack, p.flight_per_abuse, c.population,
                             readiness_of(c.fear, p.fear_effect), shelter)
        leaving = binomial(int(c.population - c.displaced), share, draw(now, FLEES, c.uid, 0))
        again = binomial(int(c.displaced), share, draw(now, FLEES, c.uid, 1))
        c.population -= leaving + again
        c.displaced -= again
        c.away += leaving
        out = binomial(int(leaving + again), clamp(p.abroad * c.border, 0.0, 1.0), draw(now, ABROAD, c.uid, 0))
        country.abroad += out
        rest = leaving + again - out
        away = binomial(int(rest), p.far, draw(now, FAR, c.uid, 0))
        far += away + _to_kin(now, world.social, table, i, float(rest - away), p.last_resort, arriving)
    if far > 0.0:
        arriving += _in_whole_shares(far, table["refuge"], turn)
    hosted = 0.0
    for i in range(n):
        table[i].population += arriving[i]
        table[i].displaced += arriving[i]
        hosted += table[i].displaced

    # those who return come from all hosts, at home and abroad, as many people of all origins live there
    back = homing.sum()
    country.returned_month = back
    if back > 0.0:
        due = back * country.abroad / (country.abroad + hosted)
        from_abroad = math.floor(due) + (1.0 if draw(now, RETURNS, 0, 1) < due - math.floor(due) else 0.0)
        leaving_hosts = _in_whole_shares(back - from_abroad, table["displaced"], turn)
        country.abroad -= from_abroad
        country.returned += back
        for i in range(n):
            table[i].displaced -= leaving_hosts[i]
            table[i].population += homing[i] - leaving_hosts[i]
            table[i].away -= homing[i]
