"""S5 Violence: attacks as a self-exciting process with heavy-tailed severity, and who dies.

Each group at war attacks where its fighters are; attacks excite more attacks here and along the roads for some weeks
(Lewis et al. 2012), campaigns swing slowly, and severity follows a truncated power law (Bohorquez et al. 2009). A group
at peace has no background at all: a trickle would make every country relapse. Troops restrain armed groups where they
are; mission police shield civilians; neither touches the state's own killing (Fjelde, Hultman and Nilsson 2019).
"""

import math
from typing import ClassVar

from ssr_sim.draws import binomial, normal, poisson, severity, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import (
    ATTACK_ON_CIVILIANS,
    ATTACK_ON_FORCES,
    ATTACK_ON_MISSION,
    LINES,
    STATE_KILLING,
    STATE_OPERATION,
)
from ssr_sim.world import LOG, WEEK, draw, log_event, phase

MISSION_MEANS = LINES.index("mission_means")
MISSION_CIVILIANS = LINES.index("mission_civilians")

SWING = stream(80, "violence: swing of a group's campaign")
ATTACKS = stream(81, "violence: number of attacks")
ONE_SIDED = stream(82, "violence: is this attack on civilians")
DEADLY = stream(83, "violence: how many die")
SIDES = stream(84, "violence: how the dead divide")
TRIGGERED = stream(85, "violence: was this attack triggered by the last one")
OPERATIONS = stream(86, "violence: operations by the state")
OPERATION_DEAD = stream(87, "violence: how many die in an operation")
OPERATION_SIDES = stream(88, "violence: whom an operation hits")
ON_MISSION = stream(89, "violence: is this attack on peacekeepers")
PATROL = stream(91, "violence: which contingent is hit")
SHIELDED = stream(90, "violence: is this attack averted by mission police")
WARNED = stream(156, "violence: people attacked whom relief has warned")

# attacks still to come below which a group, or a place, counts as quiet
QUIET_GROUP, QUIET_PLACE = 0.01, 1e-4


# ------------------------------------------------------------------------------------------------- parameters
class Violence(Block):
    """Frequency, contagion and severity of attacks."""

    group: ClassVar[str] = "Model"

    attack_rate: float = uncertain(
        17.0, unit="attacks / 1,000 fighters / year", lo=14.0, hi=17.5, source="pilot study",
        help="Attacks by a group at war, those that other attacks excite included.")
    branching: float = uncertain(
        0.48, unit="attacks / attack", lo=0.3, hi=0.6, source="Lewis et al. 2012 (evidence E47)",
        help="Mean number of attacks that one attack excites.", off=0.0)
    memory: float = uncertain(
        3.5, unit="weeks", lo=2.0, hi=6.0, source="Lewis et al. 2012", help="How long an attack excites others.")
    to_neighbours: float = uncertain(
        0.3, unit="share 0-1", lo=0.05, hi=0.5, source="Schutte and Weidmann 2011; size is an assumption",
        help="Share of excitation that goes to neighbouring places.", off=0.0)
    campaign_sd: float = uncertain(
        0.87, unit="log", lo=0.8, hi=1.2, source="pilot study; E47",
        help="Spread of the slow swings of a group's activity.", off=0.0)
    campaign_time: float = uncertain(
        0.9, unit="years", lo=0.5, hi=1.5, source="pilot study", help="Time scale of these swings.")
    one_sided: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="pilot study",
        help="Share of a group's attacks that are on civilians.", off=0.0)
    rebel_losses: float = uncertain(
        0.45, unit="share 0-1", lo=0.35, hi=0.55, source="assumption",
        help="Share of the dead of an attack on forces who are attackers.")
    crossfire: float = uncertain(
        0.15, unit="civilians / battle death", lo=0.05, hi=0.25, source="assumption",
        help="Civilians killed between the lines for each battle death of an attack on forces.", off=0.0)
    fear_of_attack: float = uncertain(
        0.1, unit="share 0-1", lo=0.05, hi=0.15, source="assumption",
        help="Fear that an attack on civilians adds where it happens.", off=0.0)
    fear_per_death: float = uncertain(
        0.01, unit="share / death", lo=0.0, hi=0.02, source="assumption",
        help="Fear that each of its dead adds.", off=0.0)
    deaths_felt: float = constant(
        30.0, unit="deaths", lo=5.0, hi=100.0, source="assumption",
        help="Dead of one attack beyond which fear cannot rise.")
    fear_of_fighting: float = uncertain(
        0.04, unit="share 0-1", lo=0.02, hi=0.06, source="assumption",
        help="Fear that an attack on forces adds where it happens.", off=0.0)
    tail: float = uncertain(
        2.4, unit="exponent", lo=2.2, hi=2.6, source="Bohorquez et al. 2009 (evidence E46)",
        help="Exponent of severity.")
    tail_scale: float = uncertain(
        2.0, unit="deaths", lo=1.5, hi=3.0, source="pilot study", help="Scale of severity.")
    deadliest: float = uncertain(
        1500.0, unit="deaths", lo=500.0, hi=3000.0, source="pilot study", help="Largest possible attack.")
    state_rate: float = uncertain(
        0.45, unit="operations / attack", lo=0.4, hi=0.6, source="pilot study",
        help="Operations by the state against a group at war, for each of the group's own attacks.", off=0.0)
    state_one_sided: float = uncertain(
        0.3, unit="share 0-1", lo=0.15, hi=0.5, source="assumption",
        help="Share of the state's operations that hit civilians, with no norm of rights.", off=0.0)
    information: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.5, source="Kalyvas 2006; size is an assumption",
        help="How much fewer operations hit civilians where everybody informs the state than where nobody does.",
        off=0.0)
    quality_from_elsewhere: float = constant(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Norms and professionalism in an operation where no unit is posted, by soldiers from along the roads.")
    rebel_losses_to_state: float = uncertain(
        0.4, unit="share 0-1", lo=0.3, hi=0.5, source="assumption",
        help="Share of the dead of an operation who are rebels, against soldiers without professionalism.")
    skill_in_operations: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Rise of that share with full professionalism.", off=0.0)
    anger_per_killing: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.3, source="Condra and Shapiro 2012; size is an assumption",
        help="Anger that a killing of civilians by the state adds where it happens.", off=0.0)
    fear_of_killing: float = uncertain(
        0.1, unit="share 0-1", lo=0.05, hi=0.15, source="assumption",
        help="Fear that a killing of civilians by the state adds where it happens.", off=0.0)
    restraint_half: float = uncertain(
        60.0, unit="troops in reach", lo=45.0, hi=120.0, source="pilot study; E17-E19",
        help="Scale at which troops restrain armed groups.")
    restraint_exponent: float = uncertain(
        0.45, unit="exponent", lo=0.4, hi=0.55, source="pilot study; E17-E19",
        help="Strength of restraint.", off=0.0)
    shield_half: float = uncertain(
        150.0, unit="mission police", lo=80.0, hi=300.0, source="pilot study; E18",
        help="Scale at which mission police shield civilians.")
    shield_exponent: float = uncertain(
        0.4, unit="exponent", lo=0.3, hi=0.5, source="pilot study; E18", help="Strength of the shield.", off=0.0)
    patrol_shield: float = uncertain(
        0.3, unit="police / soldier on protection", lo=0.0, hi=0.6, source="assumption",
        help="What a soldier on patrols for civilians is worth as a shield, against mission police.", off=0.0)
    backlash: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.8, source="Condra and Shapiro 2012 (evidence E29); Lyall 2009 finds less",
        help="Rise of attacks where people are angry at harm by the state.", off=0.0)
    spoiling_cell: float = uncertain(
        0.02, unit="share of fighters", lo=0.01, hi=0.03, source="pilot study",
        help="Share of a group that fights in a spoiling cell.", off=0.0)
    on_mission: float = uncertain(
        0.15, unit="share 0-1", lo=0.05, hi=0.3, source="assumption",
        help="Share of attacks on forces that hit peacekeepers present, without any consent.", off=0.0)
    most_lost: float = constant(
        5.0, unit="peacekeepers", lo=1.0, hi=50.0, source="assumption", help="Most peacekeepers killed in one attack.")
    mobility_lost: float = uncertain(
        0.1, unit="share 0-1", lo=0.05, hi=0.15, source="assumption",
        help="Freedom to move that a contingent loses with an attack on it.", off=0.0)
    least_mobility: float = constant(
        0.2, unit="share 0-1", lo=0.0, hi=0.5, source="assumption", help="Freedom to move that no attack takes away.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def attack_background(fighters, rate, branching, swing, anger, backlash, dt):
    """Mean attacks in a step that nothing excites: `rate` counts excited ones too, so their share is taken off."""
    return rate * (1.0 - branching) * fighters / 1000.0 * swing * (1.0 + backlash * anger) * dt


@njit
def excited_now(excitation, memory):
    """Mean attacks in a week that past attacks excite; `memory` in weeks, the rest of `excitation` stays for later."""
    return excitation * (1.0 - math.exp(-1.0 / memory))


@njit
def restraint(strength, half, exponent):
    """Factor (0-1) by which a presence of `strength` lowers violence: (1 + strength/half)^-exponent."""
    return (1.0 + strength / half) ** -exponent


@njit
def astray(chance, rights_norm, information, cooperation):
    """Chance (0-1) that an operation of the state hits civilians: less with norms, and where people (0-1) inform it."""
    return clamp(chance * (1.0 - rights_norm) * (1.0 + information * (0.5 - cooperation)), 0.0, 1.0)


@njit
def exposure(chance, protection, gain, enforcement, risk):
    """Chance (0-1) that an attack on forces hits peacekeepers: less behind protection, more for those who enforce."""
    return clamp(chance * math.exp(-gain * protection) * (1.0 + risk * enforcement), 0.0, 1.0)


@njit
def swing_after(level, sd, time, shock, dt):
    """Log level of a campaign after one step of an Ornstein-Uhlenbeck process; `shock` is a standard normal."""
    keep = math.exp(-dt / time)
    return keep * level + sd * math.sqrt(1.0 - keep * keep) * shock


# ------------------------------------------------------------------------------------------------- phases
@njit
def lose_soldiers(military, police_units, place, dead):
    """Take `dead` men from army units posted at `place`, then from its police; returns how many could be taken."""
    here = 0.0
    for i in range(len(military)):
        if military[i].posting == place:
            here += military[i].staff
    soldiers = min(dead, here)
    left = dead
    # units lose in proportion to their size; the odd men come from the largest, by identity among equals
    for i in range(len(military)):
        unit = military[i]
        if unit.posting == place and here > 0.0:
            lost = float(int(soldiers * unit.staff / here))
            unit.staff -= lost
            left -= lost
    for _ in range(int(soldiers - (dead - left))):
        largest = -1
        for i in range(len(military)):
            unit = military[i]
            if unit.posting == place and (largest < 0 or unit.staff > military[largest].staff or (
                    unit.staff == military[largest].staff and unit.uid < military[largest].uid)):
                largest = i
        military[largest].staff -= 1.0
        left -= 1.0
    police = police_units[place]
    lost = min(left, police.staff)
    police.staff -= lost
    left -= lost
    return dead - left


@phase("groups: campaign fighters smouldering", "presence: fighters excitation incoming",
       "communities: population attacks attacks_in_memory fear anger last_event last_abuse bad_mission state_killed",
       "military: staff", "police: staff", "contingents: losses mobility", "mission: losses",
       "country: battle_deaths battle_deaths_week civilian_deaths civilian_deaths_week state_killings attacks_week",
       "country: killed",
       *LOG)
def fight(world):
    """One week of attacks by groups and operations by the state, where fighters are."""
    now = world.clock[0]
    p = world.parameters.violence[0]
    n = len(world.communities)
    sd = p.campaign_sd
    memory = p.memory
    keep = math.exp(-1.0 / memory)
    q = world.parameters.peacekeeping[0]
    enforcement = world.parameters.mission[0].enforcement * world.ledger[MISSION_MEANS].delivered
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        shock = normal(draw(now, SWING, group.uid, 0))
        group.campaign = swing_after(group.campaign, sd, p.campaign_time, shock, WEEK)
        armed = 1.0 if group.at_war == 1 else (p.spoiling_cell if group.spoiling > 0.0 else 0.0)
        if armed == 0.0 and group.smouldering < QUIET_GROUP:
            continue
        swing = math.exp(group.campaign - 0.5 * sd * sd)
        excited = 0.0
        struck = False
        for j in range(n):
            row = world.presence[g * n + j]
            fighters = row.fighters * armed
            if fighters <= 0.0 and row.excitation < QUIET_PLACE:
                row.excitation = 0.0
                continue
            c = world.communities[j]
            background = attack_background(fighters, p.attack_rate, p.branching, swing, c.anger, p.backlash, WEEK)
            enforced = 1.0 + (q.enforcement_gain * enforcement if group.at_war == 1 else 0.0)
            held = restraint(c.troops * enforced, p.restraint_half, p.restraint_exponent)
            triggered = excited_now(row.excitation, memory)
            attacks = poisson((background + triggered) * held, draw(now, ATTACKS, row.uid, 0))
            row.excitation *= keep
            if attacks > 0:
                struck = True
                row.excitation += p.branching * (1.0 - p.to_neighbours) * attacks
                for edge in range(world.roads.starts[j], world.roads.starts[j + 1]):
                    near = world.presence[g * n + world.roads.targets[edge]]
                    near.incoming += p.branching * p.to_neighbours * attacks * world.roads.weights[edge]
                for k in range(attacks):
                    _attack(world, p, g, j, k, triggered / (background + triggered))
            if group.at_war == 1 and c.soldiers > 0.0:
                strength = c.soldiers / (c.soldiers + row.fighters)
                # as many as the rate says where both sides are equally strong
                operations = poisson(p.state_rate * background * 2.0 * strength, draw(now, OPERATIONS, row.uid, 0))
                for k in range(operations):
                    _operation(world, p, g, j, k)
            excited += row.excitation
        if struck:
            for j in range(n):
                row = world.presence[g * n + j]
                row.excitation += row.incoming
                excited += row.incoming
                row.incoming = 0.0
        group.smouldering = excited


@njit
def _attack(world, p, g, j, k, triggered_share):
    """One attack by group `g` in community `j`: on civilians, on peacekeepers or on the state's forces."""
    now = world.clock[0]
    group = world.groups[g]
    row = world.presence[g * len(world.communities) + j]
    c = world.communities[j]
    country = world.country[0]
    parent = group.last_event
    if c.last_event >= 0 and draw(now, TRIGGERED, row.uid, k) < triggered_share:
        parent = c.last_event
    dead = float(severity(draw(now, DEADLY, row.uid, k), p.tail, p.tail_scale, p.deadliest))
    mission = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    means = world.ledger[MISSION_MEANS].delivered
    liaison = mission.local_links * world.ledger[MISSION_CIVILIANS].delivered
    if draw(now, ONE_SIDED, row.uid, k) < p.one_sided * (1.0 + q.collaboration_risk * liaison):
        guards = c.un_police + p.patrol_shield * max(mission.protection, float(c.safe_zone)) * c.troops
        shield = restraint(guards, p.shield_half, p.shield_exponent)
        if draw(now, SHIELDED, row.uid, k) > shield:
            return
        # those whom relief agencies have warned are not there
        dead = min(float(binomial(int(dead), 1.0 - c.warned, draw(now, WARNED, row.uid, k))), c.population)
        c.population -= dead
        country.civilian_deaths += dead
        country.civilian_deaths_week += dead
        country.killed += dead
        c.last_event = log_event(world.clock, world.events, ATTACK_ON_CIVILIANS, j, g, -1, dead, 0.0, parent)
        c.fear = clamp(c.fear + p.fear_of_attack + p.fear_per_death * min(dead, p.deaths_felt), 0.0, 1.0)
        c.bad_mission += q.broken_promise * float(c.safe_zone)
    elif c.troops > 1.0 and draw(now, ON_MISSION, row.uid, k) < exposure(
            p.on_mission * (1.0 - group.consent), means * mission.force_protection, q.protection_gain,
            means * mission.enforcement, q.enforcement_risk):
        hit = _contingent_on_patrol(world.contingents, world.roads, j, draw(now, PATROL, row.uid, k))
        # who is armoured loses fewer men and less freedom to move
        saved = math.exp(-q.protection_gain * means * mission.force_protection)
        lost = float(int(min(dead, p.most_lost) * saved + draw(now, PATROL, row.uid, 1000 + k)))
        world.contingents[hit].losses += lost
        world.contingents[hit].mobility = clamp(world.contingents[hit].mobility - p.mobility_lost * saved,
                                                p.least_mobility, 1.0)
        world.mission[0].losses += lost
        c.last_event = log_event(world.clock, world.events, ATTACK_ON_MISSION, j, g, hit, 0.0, lost, parent)
    else:
        rebels = min(float(binomial(int(dead), p.rebel_losses, draw(now, SIDES, row.uid, k))), row.fighters)
        others = lose_soldiers(world.military, world.police, j, dead - rebels)
        row.fighters -= rebels
        group.fighters = max(0.0, group.fighters - rebels)
        crossfire = min(float(int(p.crossfire * dead)), c.population)
        c.population -= crossfire
        country.civilian_deaths += crossfire
        country.civilian_deaths_week += crossfire
        country.battle_deaths += rebels + others
        country.battle_deaths_week += rebels + others
        country.killed += rebels + others + crossfire
        c.last_event = log_event(world.clock, world.events, ATTACK_ON_FORCES, j, g, -1, crossfire, rebels + others,
                                 parent)
        c.fear = clamp(c.fear + p.fear_of_fighting, 0.0, 1.0)
    c.attacks += 1
    c.attacks_in_memory += 1
    country.attacks_week += 1


@njit
def _contingent_on_patrol(contingents, roads, place, luck):
    """One of the contingents in reach of `place`, on the spot or along a road, by the uniform draw `luck`."""
    reach = 0.0
    for i in range(len(contingents)):
        reach += _is_near(contingents[i].posting, roads, place)
    seen = 0.0
    for i in range(len(contingents)):
        seen += _is_near(contingents[i].posting, roads, place)
        if seen > luck * reach:
            return i
    return 0


@njit
def _is_near(posting, roads, place):
    """1 where a unit based at `posting` reaches `place`, else 0."""
    if posting == place:
        return 1.0
    for edge in range(roads.starts[posting], roads.starts[posting + 1]):
        if roads.targets[edge] == place:
            return 1.0
    return 0.0


@njit
def _operation(world, p, g, j, k):
    """One operation of the state against group `g` in community `j`; without rights norms it hits civilians."""
    now = world.clock[0]
    row = world.presence[g * len(world.communities) + j]
    c = world.communities[j]
    country = world.country[0]
    dead = float(severity(draw(now, OPERATION_DEAD, row.uid, k), p.tail, p.tail_scale, p.deadliest))
    norm = skill = units = 0.0
    for i in range(len(world.military)):
        if world.military[i].posting == j:
            norm += world.military[i].rights_norm
            skill += world.military[i].professionalism
            units += 1.0
    norm = norm / units if units > 0.0 else p.quality_from_elsewhere
    skill = skill / units if units > 0.0 else p.quality_from_elsewhere
    if draw(now, OPERATION_SIDES, row.uid, k) < astray(p.state_one_sided, norm, p.information, c.cooperation):
        dead = min(dead, c.population)
        c.population -= dead
        country.civilian_deaths += dead
        country.civilian_deaths_week += dead
        country.state_killings += dead
        c.state_killed += dead
        country.killed += dead
        c.anger = clamp(c.anger + p.anger_per_killing, 0.0, 1.0)
        c.fear = clamp(c.fear + p.fear_of_killing, 0.0, 1.0)
        cause = max(c.last_event, world.groups[g].last_event)
        c.last_abuse = log_event(world.clock, world.events, STATE_KILLING, j, -1, g, dead, 0.0, cause)
        return
    share = clamp(p.rebel_losses_to_state + p.skill_in_operations * skill, 0.0, 1.0)
    rebels = min(float(binomial(int(dead), share, draw(now, OPERATION_SIDES, row.uid, 1000 + k))), row.fighters)
    own = lose_soldiers(world.military, world.police, j, dead - rebels)
    row.fighters -= rebels
    world.groups[g].fighters = max(0.0, world.groups[g].fighters - rebels)
    country.battle_deaths += rebels + own
    country.battle_deaths_week += rebels + own
    country.killed += rebels + own
    cause = max(c.last_event, world.groups[g].last_event)  # the group's turn to war, or what it has done here since
    c.last_event = log_event(world.clock, world.events, STATE_OPERATION, j, -1, g, 0.0, rebels + own, cause)
