"""S4 Military: posting, abuse of civilians, mutiny and its three outcomes (strike, defection, coup attempt)."""

import math
from typing import ClassVar

import numpy as np

from ssr_sim.batch_draws import choose_place, draw_each
from ssr_sim.draws import poisson, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import ARMY_ABUSE, COUP_ATTEMPT, DEFECTION, LINES, STRIKE
from ssr_sim.world import LOG, draw, log_event, phase

DUE_DILIGENCE = LINES.index("due_diligence")

POSTED = stream(60, "military: where a unit is posted")
ABUSES = stream(61, "military: abuses by soldiers")
KILLED = stream(62, "military: civilians killed by soldiers")
MUTINIES = stream(63, "military: does this unit mutiny")
OUTCOME = stream(64, "military: what a mutiny becomes")
JOINS = stream(65, "military: which group defectors join")

LARGEST_EXPONENT = 8.0  # log hazard of mutiny beyond its base that no unit exceeds


# ------------------------------------------------------------------------------------------------- parameters
class Military(Block):
    """Postings, conduct and cohesion of the army."""

    group: ClassVar[str] = "Model"

    need_per_attack: float = uncertain(
        2.0, unit="100,000 people / attack", lo=1.0, hi=3.0, source="assumption",
        help="What an attack in memory weighs in the choice of a posting, against people.", off=0.0)
    need_per_fighter: float = uncertain(
        0.005, unit="100,000 people / fighter", lo=0.002, hi=0.008, source="assumption",
        help="What a fighter of a group at war weighs in the choice of a posting, against people.", off=0.0)
    watch: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.3, source="assumption",
        help="What a fighter of a group at peace weighs against one at war.", off=0.0)
    stays: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption",
        help="Share of a unit that stays where it is posted; the rest works along the roads.", off=1.0)
    abuse_rate: float = uncertain(
        0.015, unit="abuses / soldier / year", lo=0.004, hi=0.04, source="assumption",
        help="Serious abuse by a soldier under threat without norms or fear of sanction.", off=0.0)
    threat_effect: float = uncertain(
        0.85, unit="share 0-1", lo=0.7, hi=1.0, source="assumption",
        help="Share of abuse that only happens under full threat.", off=0.0)
    full_threat: float = constant(
        10.0, unit="attacks in memory", lo=3.0, hi=30.0, source="assumption", help="Attacks that make a threat full.")
    norm_effect: float = uncertain(
        0.85, unit="share 0-1", lo=0.7, hi=1.0, source="assumption",
        help="Share of abuse that full rights norms prevent.", off=0.0)
    deterrence: float = uncertain(
        0.8, unit="share 0-1", lo=0.6, hi=1.0, source="assumption",
        help="Share of abuse that certain sanction prevents.", off=0.0)
    stranger_effect: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, source="assumption",
        help="Rise of abuse from places of the included to places of the wholly excluded.", off=0.0)
    record_effect: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.5, source="assumption",
        help="Rise of abuse from a unit where nobody has a record of abuse to one where all have.", off=0.0)
    anger_per_abuse: float = uncertain(
        0.08, unit="share 0-1", lo=0.04, hi=0.12, source="Condra and Shapiro 2012; size is an assumption",
        help="Anger that an abuse by soldiers adds where it happens.", off=0.0)
    fear_per_abuse: float = uncertain(
        0.02, unit="share 0-1", lo=0.01, hi=0.03, source="assumption",
        help="Fear that an abuse by soldiers adds where it happens.", off=0.0)
    record_per_abuse: float = uncertain(
        0.1, unit="soldiers / abuse", lo=0.05, hi=0.15, source="assumption",
        help="Soldiers who come to have a record for each abuse that nobody will answer for.", off=0.0)
    killed_per_abuse: float = uncertain(
        0.25, unit="civilians killed / abuse", lo=0.05, hi=0.6, source="assumption",
        help="Mean number of civilians killed in an abuse by soldiers.", off=0.0)
    mutiny_rate: float = uncertain(
        0.0022, unit="mutinies / unit / year", lo=0.001, hi=0.004, source="evidence E38: .03-.12 per country and year",
        help="Hazard of mutiny of a paid unit with usual command, composition and discipline.", off=0.0)
    usual_command: float = constant(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Corruption of command, imbalance and discipline of a usual unit.")
    arrears_effect: float = uncertain(
        0.25, unit="log hazard / month", lo=0.12, hi=0.4, source="evidence E38: twice to six times after 3-6 months",
        help="Effect of a month of unpaid wages on mutiny.", off=0.0)
    longest_arrears: float = constant(
        6.0, unit="months", lo=3.0, hi=24.0, source="evidence E38: measured up to six months",
        help="Unpaid months beyond which mutiny becomes no more likely.")
    corruption_effect: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="assumption", help="Effect of corrupt command on mutiny.",
        off=0.0)
    inequity_effect: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="Dwyer: material grievances first; size is an assumption",
        help="Effect of ethnic imbalance on mutiny.", off=0.0)
    contagion: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="assumption",
        help="Effect of a mutiny among units of the same command.", off=0.0)
    discipline_effect: float = uncertain(
        1.0, unit="log hazard", lo=0.0, hi=2.0, source="assumption", help="Effect of full discipline against none.",
        off=0.0)
    defection: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="assumption",
        help="Share of mutinies of a wholly disloyal unit that go over to an armed group at war, where there is one.",
        off=0.0)
    coup: float = uncertain(
        0.15, unit="share 0-1", lo=0.05, hi=0.25, source="assumption",
        help="Share of mutinies of a wholly disloyal unit that are attempts at a coup.", off=0.0)
    will_lost: float = uncertain(
        0.1, unit="share 0-1", lo=0.0, hi=0.2, source="assumption",
        help="Political will for reform that an attempt at a coup costs.", off=0.0)
    loyalty_lost: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption",
        help="Loyalty that a unit loses in an attempt at a coup.", off=0.0)
    strike_weeks: float = uncertain(
        8.0, unit="weeks", lo=4.0, hi=12.0, source="assumption", help="How long a unit strikes.", off=0.0)
    arrears_settled: float = uncertain(
        0.5, unit="share 0-1", lo=0.25, hi=0.75, source="Dwyer: mutinies are about pay; size is an assumption",
        help="Share of unpaid wages with which a strike is settled.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def abuse_mean(soldiers, rate, threat, rights_norm, certainty, out_group, dt):
    """Mean number of abuses in a step: under threat, with few norms, little fear of sanction, among strangers.

    `threat` against full threat and `out_group` against middling distance are at most 0 and about 0; all four are
    already times their effect.
    """
    return (soldiers * rate * (1.0 + threat) * (1.0 - rights_norm) * (1.0 - certainty) * (1.0 + out_group) * dt)


@njit
def mutiny_rate(base, arrears, corrupt, inequity, nearby, discipline):
    """Hazard of mutiny (1/year), log-linear in effects that are each already times their size; `base` is 1/year."""
    return base * math.exp(min(arrears + corrupt + inequity + nearby - discipline, LARGEST_EXPONENT))


# ------------------------------------------------------------------------------------------------- phases
@phase("military: posting")
def post_units(world):
    """Each unit goes where attacks and fighters are, or to the capital's regions where nothing calls (Gumbel
    choice).
    """
    now = world.clock[0]
    p = world.parameters.military[0]
    n = len(world.communities)
    groups = len(world.groups)
    needs = np.full(n, -1.0)
    for j in range(n):
        c = world.communities[j]
        if c.at_war_zone < 0.5:
            continue
        enemies = 0.0
        for g in range(groups):
            if world.groups[g].exists == 1:
                enemies += world.presence[g * n + j].fighters * (1.0 if world.groups[g].at_war == 1 else p.watch)
        needs[j] = c.population / 1e5 + p.need_per_attack * c.attacks_in_memory + p.need_per_fighter * enemies
    places = world.communities["uid"].copy()
    for i in range(len(world.military)):
        unit = world.military[i]
        best = choose_place(now, POSTED, unit.uid, places, needs, 1.0)
        if best >= 0:
            unit.posting = best


@phase("communities: soldiers")
def garrison(world):
    """Soldiers in reach of each community: a part where the unit is, the rest along the roads."""
    p = world.parameters.military[0]
    for i in range(len(world.communities)):
        world.communities[i].soldiers = 0.0
    for i in range(len(world.military)):
        unit = world.military[i]
        if unit.striking > 0.0:
            continue
        at = unit.posting
        world.communities[at].soldiers += p.stays * unit.staff
        for edge in range(world.roads.starts[at], world.roads.starts[at + 1]):
            there = (1.0 - p.stays) * unit.staff * world.roads.weights[edge]
            world.communities[world.roads.targets[edge]].soldiers += there


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
        threat = clamp(c.attacks_in_memory / p.full_threat, 0.0, 1.0)
        feared = certainty + (1.0 - certainty) * support_at_risk * (1.0 - unit.withheld)
        mean = abuse_mean(unit.staff, p.abuse_rate * max(0.0, 1.0 + p.record_effect * (unit.abuse_record - 0.5)),
                          p.threat_effect * (threat - 1.0), p.norm_effect * unit.rights_norm, p.deterrence * feared,
                          p.stranger_effect * (c.excluded - 0.5), dt)
        abuses = poisson(mean, draw(now, ABUSES, unit.uid, 0))
        if abuses == 0:
            continue
        killed = min(float(poisson(p.killed_per_abuse * abuses, draw(now, KILLED, unit.uid, 0))), c.population)
        c.population -= killed
        c.army_abuse += abuses
        c.state_killed += killed
        c.anger = clamp(c.anger + p.anger_per_abuse * abuses, 0.0, 1.0)
        c.fear = clamp(c.fear + p.fear_per_abuse * abuses, 0.0, 1.0)
        c.last_abuse = log_event(world.clock, world.events, ARMY_ABUSE, unit.posting, i, -1, killed, 0.0, c.last_event)
        unit.abuse_record = clamp(
            unit.abuse_record + p.record_per_abuse * abuses * (1.0 - certainty) / unit.staff, 0.0, 1.0)
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
    luck = draw_each(now, MUTINIES, world.military["uid"], 0)
    for i in range(len(world.military)):
        unit = world.military[i]
        unit.striking = max(0.0, unit.striking - dt * 365.25 / 7.0)
        if unit.staff < 1.0 or struck[i] > 0.0:
            continue
        nearby = 0.0
        for edge in range(world.command.starts[i], world.command.starts[i + 1]):
            nearby += world.command.weights[edge] * (1.0 if struck[world.command.targets[edge]] > 0.0 else 0.0)
        rate = mutiny_rate(p.mutiny_rate, p.arrears_effect * min(unit.arrears, p.longest_arrears),
                           p.corruption_effect * (unit.corrupt - p.usual_command),
                           p.inequity_effect * (unit.imbalance - p.usual_command), p.contagion * nearby,
                           p.discipline_effect * (unit.discipline - p.usual_command))
        if luck[i] >= rate_to_probability(rate, dt):
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
        if fate < p.defection * disloyal and to_group >= 0:
            log_event(world.clock, world.events, DEFECTION, unit.posting, i, to_group, 0.0, 0.0,
                      world.groups[to_group].last_event)
            country.defections += 1
            world.presence[to_group * n + unit.posting].fighters += unit.staff
            world.groups[to_group].fighters += unit.staff
            world.groups[to_group].weapons += unit.weapons
            unit.staff = 0.0
            unit.weapons = 0.0
        elif fate > 1.0 - p.coup * disloyal:
            log_event(world.clock, world.events, COUP_ATTEMPT, unit.posting, i, -1, 0.0, 0.0, -1)
            state.will = clamp(state.will - p.will_lost, 0.0, 1.0)
            unit.loyalty = clamp(unit.loyalty - p.loyalty_lost, 0.0, 1.0)
            unit.striking = p.strike_weeks
        else:
            log_event(world.clock, world.events, STRIKE, unit.posting, i, -1, 0.0, 0.0, -1)
            unit.striking = p.strike_weeks
            # a strike is settled with money: part of the arrears is paid
            unit.arrears = (1.0 - p.arrears_settled) * unit.arrears
