"""Shocks: what strikes a country from outside the policy: a leader killed, a flood, a scandal, a neighbour's war.

A shock happens on a date that the scenario names or at random with a rate. It changes the state that other submodels
read and nothing else, so what becomes of it is theirs: a flood raises grievance through hardship, a killed leader
breaks a group up or breaks its word. Sizes run from 0 (off) to 1 (the worst of its kind) and are assumptions.
"""

import math
from typing import ClassVar

from ssr_sim.draws import stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import (
    ABUSE_SCANDAL,
    BREAKAWAY,
    DONOR_CUT,
    DONOR_WITHDRAWAL,
    ELECTION,
    FLOOD,
    LEADER_KILLED,
    NEIGHBOUR_WAR,
    PANDEMIC,
    PRICE_COLLAPSE,
    SHOCK_EVENT,
    SHOCK_KINDS,
)
from ssr_sim.world import LOG, WEEK, draw, log_event, phase

KINDS = len(SHOCK_KINDS)

STRIKES = stream(170, "shocks: does this kind strike")
WHERE = stream(171, "shocks: which region or group is struck")


# ------------------------------------------------------------------------------------------------- parameters
def _rate(what: str) -> float:
    rate: float = constant(0.0, unit="1 / year", lo=0.0, hi=4.0, source="assumption: shocks are planned, not drawn",
                           help=f"How often {what}, at random; 0 is never.", off=0.0)
    return rate


class Shocks(Block):
    """How often shocks strike at random, and what they do."""

    group: ClassVar[str] = "Model"

    leader_killed: float = _rate("the leader of an armed group is killed")
    price_collapse: float = _rate("export prices collapse")
    flood: float = _rate("a flood strikes a region")
    abuse_scandal: float = _rate("a scandal over abuse by the police breaks")
    neighbour_war: float = _rate("war breaks out in a neighbouring country")
    donor_withdrawal: float = _rate("the largest donor withdraws")
    election: float = _rate("a contested election is held")
    splinter: float = _rate("a commander of the largest group breaks away")
    pandemic: float = _rate("a pandemic spreads")
    size: float = constant(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption", help="Size of shocks that strike at random.")
    recovery: float = uncertain(
        1.0, unit="years", lo=0.5, hi=3.0, source="assumption", off=1e9,
        help="Time in which a setback is rebuilt.")
    broken_command: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", off=0.0,
        help="Share of its cohesion and good faith that a group loses with its leader.")
    lost_revenue: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", off=0.0,
        help="Share of state revenue and lootable rents that the worst collapse of prices takes.")
    scandal_contacts: float = uncertain(
        0.5, unit="bad contacts / head", lo=0.2, hi=1.0, source="assumption", off=0.0,
        help="Bad experience with the police that the worst scandal is worth.")
    scandal_anger: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", off=0.0,
        help="Anger that the worst scandal adds everywhere.")
    scandal_distrust: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", off=0.0,
        help="Share of donors' trust in the government that the worst scandal takes.")
    arms_from_war: float = uncertain(
        4000.0, unit="weapons", lo=1000.0, hi=10000.0, source="assumption", off=0.0,
        help="Weapons that the worst war next door brings in.")
    sponsors_from_war: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="Liberia and Sierra Leone 1991; size is an assumption", off=0.0,
        help="Share of full support from abroad that armed groups lack and the worst war next door brings them.")
    contested: float = uncertain(
        0.3, unit="utility", lo=0.1, hi=0.6, source="evidence E10 (Brancati and Snyder 2013); size is an assumption",
        off=0.0, help="Rise of the value of war by the worst contested election under no working institutions.")
    disputed_weeks: float = constant(
        25.0, unit="weeks", lo=0.0, hi=52.0, source="assumption",
        help="Weeks until the rerun that settles a contested election.")
    breakaway_share: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", off=0.0,
        help="Share of the largest group's fighters that a commander takes with him at worst.")
    pandemic_setback: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption; Liberia 2014", off=0.0,
        help="Livelihoods and services lost to the worst pandemic.")


# ------------------------------------------------------------------------------------------------- phases
@phase("communities: setback anger bad_police last_abuse",
       "groups: cohesion unrest splinter_risk good_faith breakaway sponsor",
       "government: revenue resource_rents neighbour elected_weeks shock", "donors: engagement trust",
       "country: weapons_loose weapons_entered", *LOG)
def shocks_strike(world):
    """Shocks that are planned for this week, or that a draw brings; what earlier ones took is slowly rebuilt."""
    now = world.clock[0]
    p = world.parameters.shocks[0]
    for i in range(len(world.communities)):
        c = world.communities[i]
        if c.setback > 0.0:
            c.setback *= decay(p.recovery, WEEK)
    rates = (p.leader_killed, p.price_collapse, p.flood, p.abuse_scandal, p.neighbour_war, p.donor_withdrawal,
             p.election, p.splinter, p.pandemic)
    for kind in range(KINDS):
        size = 0.0
        region = -1
        for i in range(len(world.shocks)):
            planned = world.shocks[i]
            if planned.kind == kind and planned.week == now.week and planned.size >= size:
                size = planned.size
                region = planned.region
        if rates[kind] > 0.0 and draw(now, STRIKES, kind, 0) < rate_to_probability(rates[kind], WEEK):
            size = max(size, p.size)
        if size <= 0.0:
            continue
        if kind == FLOOD and region < 0:
            region = _region(now, world.communities)
        event = log_event(world.clock, world.events, SHOCK_EVENT, _largest(world.communities, region), kind, -1, 0.0,
                          0.0, -1)
        if kind == FLOOD:
            _set_back(world.communities, region, size)
        elif kind == PANDEMIC:
            _set_back(world.communities, -1, size * p.pandemic_setback)
        elif kind == PRICE_COLLAPSE:
            _prices(world.government[0], size * p.lost_revenue)
            _set_back(world.communities, -1, size * p.lost_revenue)
        elif kind == ABUSE_SCANDAL:
            _scandal(world.communities, world.donors, size * p.scandal_contacts, size * p.scandal_anger,
                     size * p.scandal_distrust, event)
        elif kind == NEIGHBOUR_WAR:
            _war_next_door(world.government[0], world.groups, world.country[0], size, size * p.sponsors_from_war,
                           round(size * p.arms_from_war))
        elif kind == ELECTION:
            _contested_election(world.government[0], size * p.contested, p.disputed_weeks)
        elif kind == DONOR_WITHDRAWAL:
            _withdraw(world.clock, world.events, world.donors, size, event)
        elif kind == LEADER_KILLED:
            _behead(now, world.groups, size * p.broken_command, event)
        elif kind == BREAKAWAY:
            _break_away(world.groups, size * p.breakaway_share)


@njit
def _largest(communities, region):
    """Most populous community of a region, by identity among equals; -1 without a region."""
    best = -1
    for i in range(len(communities)):
        c = communities[i]
        if c.region == region and (best < 0 or c.population > communities[best].population or (
                c.population == communities[best].population and c.uid < communities[best].uid)):
            best = i
    return best


@njit
def _region(now, communities):
    """A region drawn by its people: the luckiest community among all, weighed by population (Gumbel choice)."""
    best = -1
    highest = -1e300
    for i in range(len(communities)):
        c = communities[i]
        luck = -math.log(-math.log(draw(now, WHERE, c.uid, 0)))
        score = math.log(c.population + 1e-9) + luck
        if score > highest:
            highest = score
            best = c.region
    return best


@njit
def _set_back(communities, region, size):
    """Livelihoods and services are lost in a region, or everywhere if it is -1."""
    for i in range(len(communities)):
        c = communities[i]
        if region < 0 or c.region == region:
            c.setback = clamp(c.setback + size * (1.0 - c.setback), 0.0, 1.0)


@njit
def _prices(state, lost):
    """Revenue falls; so do the rents that make war pay, which is why prices have an open sign for peace."""
    state.revenue *= 1.0 - lost
    state.resource_rents = clamp(state.resource_rents * (1.0 - lost), 0.0, 1.0)


@njit
def _scandal(communities, donors, contacts, anger, distrust, event):
    """Anger and bad experience with the police everywhere; donors trust the state less."""
    for i in range(len(communities)):
        c = communities[i]
        c.bad_police += contacts
        c.anger = clamp(c.anger + anger, 0.0, 1.0)
        c.last_abuse = event
    for d in range(len(donors)):
        donors[d].trust = clamp(donors[d].trust * (1.0 - distrust), 0.0, 1.0)


@njit
def _war_next_door(state, groups, country, size, support, weapons):
    """Danger from the neighbour, shelter and arms for those who would fight."""
    state.neighbour = clamp(state.neighbour + size * (1.0 - state.neighbour), 0.0, 1.0)
    for g in range(len(groups)):
        if groups[g].exists == 1:
            groups[g].sponsor = clamp(groups[g].sponsor + support * (1.0 - groups[g].sponsor), 0.0, 1.0)
    country.weapons_entered += weapons
    country.weapons_loose += weapons


@njit
def _contested_election(state, rise, weeks):
    """Where institutions do not work, losers doubt the vote; until it is held again there is a season for spoilers."""
    state.elected_weeks = weeks
    state.shock += rise * (1.0 - state.function)


@njit
def _withdraw(clock, events, donors, size, event):
    """The donor that gives most (by identity among equals) gives less or nothing."""
    best = -1
    most = 0.0
    for d in range(len(donors)):
        given = donors[d].budget * donors[d].engagement
        if given > most or (given == most and best >= 0 and donors[d].uid < donors[best].uid):
            most = given
            best = d
    if best >= 0:
        donors[best].engagement *= 1.0 - size
        log_event(clock, events, DONOR_CUT, -1, best, -1, 0.0, 0.0, event)


@njit
def _behead(now, groups, loss, event):
    """A group loses its leader, drawn by size: its command frays, and its trust in the other side."""
    best = -1
    highest = -1e300
    for g in range(len(groups)):
        group = groups[g]
        if group.exists == 1 and group.fighters > 0.0:
            luck = -math.log(-math.log(draw(now, WHERE, group.uid, 1)))
            score = math.log(group.fighters) + luck
            if score > highest:
                highest = score
                best = g
    if best >= 0:
        group = groups[best]
        group.cohesion = clamp(group.cohesion * (1.0 - loss), 0.0, 1.0)
        group.good_faith *= 1.0 - loss
        group.unrest = clamp(group.unrest + loss * (1.0 - group.unrest), 0.0, 1.0)
        group.splinter_risk = clamp(group.splinter_risk + loss * (1.0 - group.splinter_risk), 0.0, 1.0)


@njit
def _break_away(groups, share):
    """A commander of the largest group (by identity among equals) will leave it with a share of its fighters."""
    best = -1
    for g in range(len(groups)):
        if groups[g].exists == 1 and (best < 0 or groups[g].fighters > groups[best].fighters or (
                groups[g].fighters == groups[best].fighters and groups[g].uid < groups[best].uid)):
            best = g
    if best >= 0:
        groups[best].breakaway = share
