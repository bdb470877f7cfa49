"""7.22 Violence."""

import math
from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, clamp, in_order, normal, poisson, severity


def fight(land: Land, dt: float) -> None:
    p, mission = land.parameters.violence, land.parameters.mission
    enforcement = mission.enforcement * land.ledger["mission_means"].delivered
    keep = math.exp(-1.0 / p.memory)
    for group in land.groups:
        if not group.exists:
            continue
        kept = math.exp(-dt / p.campaign_time)
        luck = normal(land.draw("violence: swing of a group's campaign", group.uid))
        group.campaign = kept * group.campaign + p.campaign_sd * math.sqrt(1.0 - kept * kept) * luck
        armed = 1.0 if group.at_war else p.spoiling_cell if group.spoiling > 0.0 else 0.0
        if armed == 0.0 and group.smouldering < 0.01:
            continue
        swing = math.exp(group.campaign - 0.5 * p.campaign_sd * p.campaign_sd)
        smouldering = 0.0
        for c in land.communities:
            row = land.presence[group.row, c.row]
            fighters = row.fighters * armed
            if fighters <= 0.0 and row.excitation < 1e-4:
                row.excitation = 0.0
                continue
            background = (p.attack_rate * (1.0 - p.branching) * fighters / 1000.0 * swing
                          * (1.0 + p.backlash * c.anger) * dt)
            gain = land.parameters.peacekeeping.enforcement_gain * enforcement if group.at_war else 0.0
            held = weakened(c.troops * (1.0 + gain), p.restraint_half, p.restraint_exponent)
            triggered = row.excitation * (1.0 - keep)
            attacks = poisson((background + triggered) * held, land.draw("violence: number of attacks", row.uid))
            row.excitation *= keep
            if attacks > 0:
                row.excitation += p.branching * (1.0 - p.to_neighbours) * attacks
                for neighbour, weight in land.roads[c.row]:
                    land.presence[group.row, neighbour].incoming += p.branching * p.to_neighbours * attacks * weight
                for k in range(attacks):
                    attack(land, group, c, k, triggered / (background + triggered))
            if group.at_war and c.soldiers > 0.0:
                strength = c.soldiers / (c.soldiers + row.fighters)
                for k in range(poisson(p.state_rate * background * 2.0 * strength,
                                       land.draw("violence: operations by the state", row.uid))):
                    operation(land, group, c, k)
            smouldering += row.excitation
        for c in land.communities:
            row = land.presence[group.row, c.row]
            row.excitation += row.incoming
            smouldering += row.incoming
            row.incoming = 0.0
        group.smouldering = smouldering


def weakened(presence: float, half: float, exponent: float) -> float:
    return float((1.0 + presence / half) ** -exponent)


def attack(land: Land, group: Any, c: Any, k: int, triggered: float) -> None:
    p, q, mission = land.parameters.violence, land.parameters.peacekeeping, land.parameters.mission
    row, country = land.presence[group.row, c.row], land.country
    parent = group.last_event
    if c.last_event >= 0 and land.draw("violence: was this attack triggered by the last one", row.uid, k) < triggered:
        parent = c.last_event
    dead = severity(land.draw("violence: how many die", row.uid, k), p.tail, p.tail_scale, p.deadliest)
    liaison = mission.local_links * land.ledger["mission_civilians"].delivered
    means = land.ledger["mission_means"].delivered
    armour = means * mission.force_protection
    exposed = clamp(p.on_mission * (1.0 - group.consent) * math.exp(-q.protection_gain * armour)
                    * (1.0 + q.enforcement_risk * (means * mission.enforcement)))
    on_civilians = p.one_sided * (1.0 + q.collaboration_risk * liaison)

    if land.draw("violence: is this attack on civilians", row.uid, k) < on_civilians:
        guards = c.un_police + p.patrol_shield * max(mission.protection, float(c.safe_zone)) * c.troops
        shield = weakened(guards, p.shield_half, p.shield_exponent)
        if land.draw("violence: is this attack averted by mission police", row.uid, k) > shield:
            return
        struck = binomial(dead, 1.0 - c.warned,
                          land.draw("violence: people attacked whom relief has warned", row.uid, k))
        killed = min(float(struck), c.population)
        c.population -= killed
        country.civilian_deaths += killed
        country.civilian_deaths_week += killed
        country.killed += killed
        c.last_event = land.log("attack on civilians", place=c.row, actor=group.row, civilians=killed, parent=parent)
        c.fear = clamp(c.fear + p.fear_of_attack + p.fear_per_death * min(killed, p.deaths_felt))
        c.bad_mission += q.broken_promise * c.safe_zone
    elif c.troops > 1.0 and land.draw("violence: is this attack on peacekeepers", row.uid, k) < exposed:
        hit = on_patrol(land, c, land.draw("violence: which contingent is hit", row.uid, k))
        saved = math.exp(-q.protection_gain * means * mission.force_protection)
        luck = land.draw("violence: which contingent is hit", row.uid, 1000 + k)
        lost = float(int(min(dead, p.most_lost) * saved + luck))
        hit.losses += lost
        hit.mobility = clamp(hit.mobility - p.mobility_lost * saved, p.least_mobility, 1.0)
        land.mission.losses += lost
        c.last_event = land.log("attack on peacekeepers", place=c.row, actor=group.row, target=hit.row,
                                combatants=lost, parent=parent)
    else:
        rebels = binomial(dead, p.rebel_losses, land.draw("violence: how the dead divide", row.uid, k))
        rebels = min(float(rebels), row.fighters)
        others = soldiers_and_officers_die(land, c, dead - rebels)
        row.fighters -= rebels
        group.fighters = max(0.0, group.fighters - rebels)
        crossfire = min(float(int(p.crossfire * dead)), c.population)
        c.population -= crossfire
        country.civilian_deaths += crossfire
        country.civilian_deaths_week += crossfire
        country.battle_deaths += rebels + others
        country.battle_deaths_week += rebels + others
        country.killed += rebels + others + crossfire
        c.last_event = land.log("attack on forces", place=c.row, actor=group.row, civilians=crossfire,
                                combatants=rebels + others, parent=parent)
        c.fear = clamp(c.fear + p.fear_of_fighting)
    c.attacks += 1
    c.attacks_in_memory += 1
    country.attacks_week += 1


def on_patrol(land: Land, c: Any, u: float) -> Any:
    def in_reach(contingent: Any) -> bool:
        roads = land.roads[contingent.posting]
        return contingent.posting == c.row or any(neighbour == c.row for neighbour, _ in roads)

    near = [contingent for contingent in land.contingents if in_reach(contingent)]
    for counted, contingent in enumerate(near, start=1):
        if counted > u * len(near):
            return contingent
    return land.contingents[0]


def soldiers_and_officers_die(land: Land, c: Any, dead: float) -> float:
    """Take the dead from army units posted here, then from the police; returns how many died."""
    units = [unit for unit in land.military if unit.posting == c.row]
    here = in_order(unit.staff for unit in units)
    soldiers = min(dead, here)
    left = dead
    if here > 0.0:
        for unit in units:
            lost = float(int(soldiers * unit.staff / here))
            unit.staff -= lost
            left -= lost
    while soldiers - (dead - left) >= 1.0:
        largest = min(units, key=lambda unit: (-unit.staff, unit.uid))
        largest.staff -= 1.0
        left -= 1.0
    officers = min(left, land.police[c.row].staff)
    land.police[c.row].staff -= officers
    return dead - (left - officers)


def operation(land: Land, group: Any, c: Any, k: int) -> None:
    p, country, row = land.parameters.violence, land.country, land.presence[group.row, c.row]
    dead = severity(land.draw("violence: how many die in an operation", row.uid, k), p.tail, p.tail_scale,
                    p.deadliest)
    units = [unit for unit in land.military if unit.posting == c.row]
    norm = skill = p.quality_from_elsewhere
    if units:
        norm = in_order(unit.rights_norm for unit in units) / len(units)
        skill = in_order(unit.professionalism for unit in units) / len(units)
    cause = max(c.last_event, group.last_event)
    astray = clamp(p.state_one_sided * (1.0 - norm) * (1.0 + p.information * (0.5 - c.cooperation)))
    if land.draw("violence: whom an operation hits", row.uid, k) < astray:
        killed = min(float(dead), c.population)
        c.population -= killed
        country.civilian_deaths += killed
        country.civilian_deaths_week += killed
        country.state_killings += killed
        country.killed += killed
        c.state_killed += killed
        c.anger = clamp(c.anger + p.anger_per_killing)
        c.fear = clamp(c.fear + p.fear_of_killing)
        c.last_abuse = land.log("killing by the state", place=c.row, target=group.row, civilians=killed,
                                parent=cause)
        return
    share = clamp(p.rebel_losses_to_state + p.skill_in_operations * skill)
    rebels = binomial(dead, share, land.draw("violence: whom an operation hits", row.uid, 1000 + k))
    rebels = min(float(rebels), row.fighters)
    own = soldiers_and_officers_die(land, c, dead - rebels)
    row.fighters -= rebels
    group.fighters = max(0.0, group.fighters - rebels)
    country.battle_deaths += rebels + own
    country.battle_deaths_week += rebels + own
    country.killed += rebels + own
    c.last_event = land.log("operation by the state", place=c.row, target=group.row, combatants=rebels + own,
                            parent=cause)
