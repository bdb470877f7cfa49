"""S4 Military: posting, abuse of civilians, mutiny and its three outcomes (strike, defection, coup attempt)."""

import math
from typing import ClassVar

from ssr_sim.draws import poisson, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, uncertain
from ssr_sim.tables import ARMY_ABUSE, COUP_ATTEMPT, DEFECTION, LINES, STRIKE
from ssr_sim.world import LOG, draw, log_event, phase

DUE_DILIGENCE = LINES.index("due_diligence")

POSTED = stream(60, "military: where a unit is posted")
ABUSES = stream(61, "military: abuses by soldiers")
KILLED = stream(62, "military: civilians killed by soldiers")
MUTINIES = stream(63, "military: does this unit mutiny")
OUTCOME = stream(64, "military: what a mutiny becomes")
JOINS = stream(65, "military: which group defectors join")


# ------------------------------------------------------------------------------------------------- parameters
class Military(Block):
    """Conduct and cohesion of the army."""

    group: ClassVar[str] = "Model"

    abuse_rate: float = uncertain(
        0.015, unit="abuses / soldier / year", lo=0.004, hi=0.04, source="assumption",
        help="Serious abuse by a soldier under threat without norms or fear of sanction.")
    killed_per_abuse: float = uncertain(
        0.25, unit="civilians killed / abuse", lo=0.05, hi=0.6, source="assumption",
        help="Mean number of civilians killed in an abuse by soldiers.")
    mutiny_rate: float = uncertain(
        0.0022, unit="mutinies / unit / year", lo=0.001, hi=0.004, source="evidence E38: .03-.12 per country and year",
        help="Hazard of mutiny of a paid, even-handedly led unit.")
    arrears_effect: float = uncertain(
        0.25, unit="log hazard / month", lo=0.12, hi=0.4, source="evidence E38: twice to six times after 3-6 months",
        help="Effect of a month of unpaid wages on mutiny.")
    corruption_effect: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="assumption", help="Effect of corrupt command on mutiny.")
    inequity_effect: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="Dwyer: material grievances first; size is an assumption",
        help="Effect of ethnic imbalance on mutiny.")
    contagion: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="assumption",
        help="Effect of a mutiny among units of the same command.")
    discipline_effect: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="assumption", help="Effect of full discipline against none.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def abuse_mean(soldiers, rate, threat, rights_norm, certainty, out_group, dt):
    """Mean number of abuses in a step: under threat (0-1), with few norms, little fear of sanction, among strangers."""
    return (soldiers * rate * (0.15 + 0.85 * threat) * (1.0 - 0.85 * rights_norm) * (1.0 - 0.8 * certainty)
            * (0.7 + 0.6 * out_group) * dt)


@njit
def mutiny_rate(base, arrears, corrupt, inequity, nearby, discipline):
    """Hazard of mutiny (1/year), log-linear in effects that are each already times their size; `base` is 1/year."""
    return base * math.exp(min(arrears + corrupt + inequity + nearby - discipline, 8.0))


# ------------------------------------------------------------------------------------------------- phases
@phase("military: posting")
def post_units(world):
    """Each unit goes where attacks and fighters are, or to the capital's regions where nothing calls (Gumbel
    choice).
    """
    now = world.clock[0]
    n = len(world.communities)
    groups = len(world.groups)
    for i in range(len(world.military)):
        unit = world.military[i]
        best = unit.posting
        highest = -1e300
        for j in range(n):
            c = world.communities[j]
            if c.at_war_zone < 0.5:
                continue
            enemies = 0.0
            for g in range(groups):
                if world.groups[g].exists == 1:
                    enemies += world.presence[g * n + j].fighters * (1.0 if world.groups[g].at_war == 1 else 0.2)
            need = c.population / 1e5 + 2.0 * c.attacks_in_memory + enemies / 200.0
            luck = -math.log(-math.log(draw(now, POSTED, unit.uid, c.uid)))
            score = math.log(need + 1e-9) + luck
            if score > highest:
                highest = score
                best = j
        unit.posting = best


@phase("communities: soldiers")
def garrison(world):
    """Soldiers in reach of each community: half where the unit is, half along the roads."""
    for i in range(len(world.communities)):
        world.communities[i].soldiers = 0.0
    for i in range(len(world.military)):
        unit = world.military[i]
        if unit.striking > 0.0:
            continue
        at = unit.posting
        world.communities[at].soldiers += 0.5 * unit.staff
        for edge in range(world.roads.starts[at], world.roads.starts[at + 1]):
            world.communities[world.roads.targets[edge]].soldiers += 0.5 * unit.staff * world.roads.weights[edge]


@phase("communities: army_abuse anger last_abuse population fear state_killed", "military: abuse_record",
       "country: civilian_deaths civilian_deaths_week state_killings killed abuses_month", *LOG)
def soldiers_and_civilians(world, dt):
    """Abuse of civilians by soldiers, and its dead."""
    now = world.clock[0]
    p = world.parameters.military[0]
    certainty = world.oversight[0].deterrence
    diligence = world.parameters.due_diligence[0]
    support_at_risk = diligence.fear_of_loss * diligence.strictness * world.ledger[DUE_DILIGENCE].delivered
    country = world.country[0]
    for i in range(len(world.military)):
        unit = world.military[i]
        if unit.staff < 1.0:
            continue
        c = world.communities[unit.posting]
        threat = clamp(c.attacks_in_memory / 10.0, 0.0, 1.0)
        feared = certainty + (1.0 - certainty) * support_at_risk * (1.0 - unit.withheld)
        mean = abuse_mean(unit.staff, p.abuse_rate * (0.5 + unit.abuse_record), threat, unit.rights_norm, feared,
                          c.excluded, dt)
        abuses = poisson(mean, draw(now, ABUSES, unit.uid, 0))
        if abuses == 0:
            continue
        killed = min(float(poisson(p.killed_per_abuse * abuses, draw(now, KILLED, unit.uid, 0))), c.population)
        c.population -= killed
        c.army_abuse += abuses
        c.state_killed += killed
        c.anger = clamp(c.anger + 0.08 * abuses, 0.0, 1.0)
        c.fear = clamp(c.fear + 0.02 * abuses, 0.0, 1.0)
        c.last_abuse = log_event(world.clock, world.events, ARMY_ABUSE, unit.posting, i, -1, killed, 0.0, c.last_event)
        unit.abuse_record = clamp(unit.abuse_record + 0.1 * abuses * (1.0 - certainty) / unit.staff, 0.0, 1.0)
        country.civilian_deaths += killed
        country.state_killings += killed
        country.killed += killed
        country.civilian_deaths_week += killed
        country.abuses_month += abuses


@phase("military: striking staff weapons loyalty arrears", "presence: fighters", "groups: weapons fighters",
       "country: mutinies defections", "government: will", *LOG)
def mutinies(world, dt):
    """Unpaid, badly led units mutiny: they strike, go over to an armed group with their weapons, or try a coup."""
    now = world.clock[0]
    p = world.parameters.military[0]
    country = world.country[0]
    state = world.government[0]
    n = len(world.communities)
    struck = world.military["striking"].copy()
    fighters = world.presence["fighters"].copy()
    for i in range(len(world.military)):
        unit = world.military[i]
        unit.striking = max(0.0, unit.striking - dt * 365.25 / 7.0)
        if unit.staff < 1.0 or struck[i] > 0.0:
            continue
        nearby = 0.0
        for edge in range(world.command.starts[i], world.command.starts[i + 1]):
            nearby += world.command.weights[edge] * (1.0 if struck[world.command.targets[edge]] > 0.0 else 0.0)
        rate = mutiny_rate(p.mutiny_rate, p.arrears_effect * min(unit.arrears, 6.0),
                           p.corruption_effect * (unit.corrupt - 0.3), p.inequity_effect * (unit.imbalance - 0.3),
                           p.contagion * nearby, p.discipline_effect * (unit.discipline - 0.3))
        if draw(now, MUTINIES, unit.uid, 0) >= rate_to_probability(rate, dt):
            continue
        country.mutinies += 1
        fate = draw(now, OUTCOME, unit.uid, 0)
        # most mutinies are about pay; the disloyal go over where a group at war is near, a few reach for power
        to_group = -1
        best = 0.0
        for g in range(len(world.groups)):
            if world.groups[g].exists == 1 and world.groups[g].at_war == 1:
                near = 1.0 + fighters[g * n + unit.posting]
                score = near * draw(now, JOINS, unit.uid, g)
                if score > best:
                    best = score
                    to_group = g
        disloyal = 1.0 - unit.loyalty
        if fate < 0.35 * disloyal and to_group >= 0:
            log_event(world.clock, world.events, DEFECTION, unit.posting, i, to_group, 0.0, 0.0,
                      world.groups[to_group].last_event)
            country.defections += 1
            world.presence[to_group * n + unit.posting].fighters += unit.staff
            world.groups[to_group].fighters += unit.staff
            world.groups[to_group].weapons += unit.weapons
            unit.staff = 0.0
            unit.weapons = 0.0
        elif fate > 1.0 - 0.15 * disloyal:
            log_event(world.clock, world.events, COUP_ATTEMPT, unit.posting, i, -1, 0.0, 0.0, -1)
            state.will = clamp(state.will - 0.1, 0.0, 1.0)
            unit.loyalty = clamp(unit.loyalty - 0.2, 0.0, 1.0)
            unit.striking = 8.0
        else:
            log_event(world.clock, world.events, STRIKE, unit.posting, i, -1, 0.0, 0.0, -1)
            unit.striking = 8.0
            # a strike is settled with money: part of the arrears is paid
            unit.arrears = 0.5 * unit.arrears
