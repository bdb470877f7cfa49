"""S5 Fragmentation: commanders who gain little take their men and fight on as a splinter.

Groups split along latent factions when what a settlement gives does not reach their commanders (Bakke, Cunningham and
Seymour 2012; Christia 2012). A splinter keeps its share of men, arms and money, trusts the state less, and is no party
to the settlement.
"""

from typing import ClassVar

from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import SPLINTER, SPLIT
from ssr_sim.world import LOG, draw, log_event, phase

SPLITS = stream(72, "armed groups: does it split")
SPLIT_SIZE = stream(73, "armed groups: share that leaves with the splinter")
SPLIT_ROW = stream(78, "armed groups: fighters of this place who leave with the splinter")


# ------------------------------------------------------------------------------------------------- parameters
class Fragmentation(Block):
    """Splits of armed groups."""

    group: ClassVar[str] = "Model"

    rate: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, source="assumption",
        help="Rate of a split when commanders are fully dissatisfied and a split is latent.", off=0.0)
    cohesion_holds: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption",
        help="Share of the rate of splits that full cohesion takes away.", off=0.0)
    smallest: float = constant(
        100.0, unit="fighters", lo=20.0, hi=500.0, source="assumption", help="Below this a group does not split.")
    least_share: float = constant(
        0.08, unit="share 0-1", lo=0.02, hi=0.2, source="assumption", help="Smallest share that a splinter takes.")
    most_share: float = constant(
        0.2, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", help="Largest share that a splinter takes.")
    risk_left: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption",
        help="Share of the latent split that is left once a faction has gone.", off=1.0)
    consent_kept: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption",
        help="A splinter's consent to the mission, by that of its parent.", off=1.0)
    hostility_gained: float = uncertain(
        0.1, unit="share 0-1", lo=0.0, hi=0.2, source="assumption",
        help="How much more hostile to the state a splinter is than its parent.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def split_rate(base, risk, unrest, held):
    """Rate (1/year) of a split: latent faction times dissatisfied commanders, less the share `held` by cohesion."""
    return base * risk * unrest * (1.0 - held)


# ------------------------------------------------------------------------------------------------- phases
@phase("groups: exists parent stance at_war weeks_in_state weapons money income cohesion unrest splinter_risk "
       "breakaway consent "
       "sponsor exclusion hostility good_faith bad_faith credibility assurance campaign fighters "
       "strength_at_peace ties spoiling last_event war_utility peace_utility smouldering",
       "presence: fighters base", "country: splits", *LOG)
def groups_split(world, dt):
    """Commanders who gain little may take their men and fight on as a splinter, if a row of the table is free."""
    now = world.clock[0]
    p = world.parameters.fragmentation[0]
    broken_promise = world.parameters.armed_groups[0].broken_promise
    n = len(world.communities)
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0 or group.stance == SPLINTER or group.fighters < p.smallest:
            continue
        rate = split_rate(p.rate, group.splinter_risk, group.unrest, p.cohesion_holds * group.cohesion)
        if group.breakaway == 0.0 and draw(now, SPLITS, group.uid, 0) >= rate_to_probability(rate, dt):
            continue
        place = -1
        for other in range(len(world.groups)):
            if world.groups[other].exists == 0 and place < 0:
                place = other
        if place < 0:
            continue
        luck = draw(now, SPLIT_SIZE, group.uid, 0)
        taken = group.breakaway if group.breakaway > 0.0 else p.least_share + (p.most_share - p.least_share) * luck
        group.breakaway = 0.0
        splinter = world.groups[place]
        moved = 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            new = world.presence[place * n + j]
            leaving = binomial(int(row.fighters), taken, draw(now, SPLIT_ROW, row.uid, 0))
            row.fighters -= leaving
            new.fighters += leaving
            new.base = row.base
            moved += leaving
        group.fighters -= moved
        splinter.exists = 1
        splinter.parent = g
        splinter.stance = SPLINTER
        splinter.at_war = 1
        splinter.weeks_in_state = 0
        arms = float(int(group.weapons * taken))
        splinter.weapons = arms
        group.weapons -= arms
        splinter.money = group.money * taken
        group.money -= splinter.money
        splinter.income = group.income * taken
        group.income -= splinter.income
        splinter.cohesion = group.cohesion
        splinter.unrest = 0.0
        splinter.splinter_risk = 0.0
        splinter.breakaway = 0.0
        splinter.consent = p.consent_kept * group.consent
        splinter.sponsor = group.sponsor
        splinter.exclusion = group.exclusion
        splinter.hostility = clamp(group.hostility + p.hostility_gained, 0.0, 1.0)
        splinter.good_faith = 0.0
        splinter.bad_faith = group.bad_faith + broken_promise
        splinter.credibility = group.credibility
        splinter.assurance = group.assurance
        splinter.campaign = 0.0
        splinter.fighters = moved
        splinter.strength_at_peace = moved
        splinter.ties = group.ties
        splinter.spoiling = 0.0
        splinter.smouldering = 0.0
        splinter.war_utility = group.war_utility
        splinter.peace_utility = group.peace_utility
        group.splinter_risk = p.risk_left * group.splinter_risk
        group.unrest = 0.0
        most = 0.0
        largest = -1
        for j in range(n):
            here = world.presence[place * n + j].fighters + world.presence[place * n + j].base
            if here > most:
                most = here
                largest = j
        splinter.last_event = log_event(world.clock, world.events, SPLIT, largest, place, g, 0.0, 0.0,
                                        group.last_event)
        world.country[0].splits += 1
