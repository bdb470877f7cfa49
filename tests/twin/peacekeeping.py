"""7.15 Peacekeeping: deployment and presence, from the description."""

from __future__ import annotations

import math
from typing import Any

from tests.twin.country import Land
from tests.twin.maths import clamp


def need(people: float, fighters: float, attacks: float, weight: float) -> float:
    """Need for peacekeepers, in remembered attacks."""
    return people + fighters + (1.0 + weight) * attacks


def fighters_in(land: Land, c: Any) -> float:
    total = 0.0
    for group in land.groups:
        total += land.presence[group.row, c.row].fighters
    return total


def in_war_area(land: Land) -> list[Any]:
    return [c for c in land.communities if c.at_war_zone >= 0.5]


def choose_safe_zones(land: Land, dt: float) -> None:
    rules = land.parameters.peacekeeping
    inside = in_war_area(land)
    score = {}
    for c in inside:
        danger = need((c.population + c.displaced) / rules.need_people, fighters_in(land, c) / rules.need_fighters,
                      c.attacks_in_memory, rules.need_protection)
        score[c.row] = (danger + rules.zone_standing * c.safe_zone
                        + land.draw("peacekeeping: which communities become safe zones", c.uid))
    wanted = int(land.parameters.mission.safe_zones * len(inside) + 0.5) if land.mission.troops >= 1.0 else 0
    chosen = sorted(score, key=lambda row: -score[row])[:wanted]
    for c in land.communities:
        c.safe_zone = 1 if c.row in chosen else 0


def place_contingents(land: Land, dt: float) -> None:
    lever, rules = land.parameters.mission, land.parameters.peacekeeping
    error = 1.0 - rules.local_information * lever.local_links * land.ledger["mission_civilians"].delivered
    inside = in_war_area(land)
    needs = {}
    for c in inside:
        if lever.placement == "uniform":
            needs[c.row] = 1.0
        elif lever.placement == "capital":
            needs[c.row] = c.population ** rules.capital_pull
        else:
            needs[c.row] = need(c.population / rules.need_people, fighters_in(land, c) / rules.need_fighters,
                                c.attacks_in_memory, rules.need_protection * lever.protection)
    for unit in land.contingents:
        def score(c: Any, uid: int = unit.uid) -> float:
            luck = -math.log(-math.log(land.draw("peacekeeping: where a contingent goes", uid, c.uid))) * error
            return math.log(needs[c.row] + 1e-9) + luck

        if inside:
            unit.posting = max(inside, key=score).row


def regional_now(land: Land) -> float:
    return land.parameters.mission.regional_share * (1.0 - land.mission.regional)


def deploy_mission(land: Land, dt: float) -> None:
    lever, rules, mission, country = land.parameters.mission, land.parameters.peacekeeping, land.mission, land.country
    before = mission.troops + mission.police
    over = 1.0 - land.parameters.mandate.binding
    mission.troops = round(min(mission.asked_troops, mission.authorised_troops + over * mission.asked_troops))
    mission.police = round(min(mission.asked_police, mission.authorised_police + over * mission.asked_police))
    mission.expected_troops = (1.0 - rules.look_ahead) * mission.troops + rules.look_ahead * mission.later_troops
    uniformed = mission.troops + mission.police
    if before > 0.0 and uniformed < 1.0:
        land.log("mission withdrawn")
        mission.withdrawn = 1
        people = service = trust = 0.0
        for c, unit in zip(land.communities, land.police, strict=True):
            people += c.population
            service += c.population * unit.service
            trust += c.population * c.trust_police
        country.capacity_at_exit = service / max(people, 1.0)
        country.trust_at_exit = trust / max(people, 1.0)
    elif uniformed >= 1.0:
        mission.withdrawn = 0

    regional = regional_now(land)
    number = len(land.contingents)
    of_police = sum(unit.police for unit in land.contingents)
    quality = mobility = 0.0
    for unit in land.contingents:
        unit.strength = mission.police / of_police if unit.police == 1 else mission.troops / (number - of_police)
        unit.mobility = clamp(unit.mobility + rules.mobility_recovery * dt * (1.0 - unit.mobility))
        quality += unit.quality * (1.0 - rules.regional_quality * regional) / number
        mobility += unit.mobility / number

    present = 1.0 if uniformed >= 1.0 else 0.0
    ready = (weighted(quality, rules.quality_weight) * weighted(mobility, rules.mobility_weight))
    clear = weighted(clamp(mission.clarity * lever.clarity), rules.clarity_weight)
    welcome = weighted(mission.consent, rules.consent_weight)
    mission.effectiveness = clamp(clamp(mission.mandate * lever.mandate) * clear * welcome * ready) if present else 0.0

    experts = lever.civilians if present else 0.0
    crowded = lever.crowding * (mission.troops / (mission.troops + rules.crowding_half))
    mission.crowding_out = crowded + (1.0 - crowded) * rules.advice_crowding * experts / (experts + rules.advice_half)
    at_war = country.war_state == 0 or country.battle_deaths_52 >= land.parameters.relapse.conflict_deaths
    war = 1.0 - rules.advice_at_war if at_war else 0.0
    mission.advice = 0.0
    if experts > 0.0:
        mission.advice = experts / (experts + rules.advice_half) * (1.0 - war) * land.government.ownership

    price = 1.0 - (1.0 - rules.regional_price) * regional
    pay(land, "mission_troops", mission.troops * mission.cost_per_uniformed * price * dt)
    pay(land, "mission_police", mission.police * lever.cost_per_police * dt)
    pay(land, "mission_means", (lever.force_protection * rules.cost_protection * uniformed
                                + lever.enforcement * rules.cost_enforcement * mission.troops) * dt)
    pay(land, "mission_civilians", present * dt * (
        lever.coordination * rules.cost_coordination + lever.local_links * rules.cost_links * len(land.communities)
        + 0.01 * experts * uniformed * rules.cost_expert))


def weighted(x: float, weight: float) -> float:
    """1 at x = 1, less the weight at x = 0."""
    return 1.0 - weight + weight * x


def pay(land: Land, line: str, cost: float) -> None:
    entry = land.ledger[line]
    entry.planned = entry.spent = cost
    entry.delivered = 1.0
    entry.total += cost


def mission_presence(land: Land, dt: float) -> None:
    lever, rules = land.parameters.mission, land.parameters.peacekeeping
    regional = regional_now(land)
    inside = len(in_war_area(land))
    zones = sum(c.safe_zone for c in land.communities)
    guarding = 0.0
    if inside > 0:
        guarding = rules.zone_effort * (zones / inside) / (zones / inside + rules.zone_half)
    for c in land.communities:
        c.troops = c.un_police = 0.0
    guards = 0.0
    for unit in land.contingents:
        if unit.strength <= 0.0:
            continue
        skill = 0.5 + unit.quality * (1.0 - rules.regional_quality * regional)
        effort = unit.strength * land.mission.effectiveness * ((1.0 - lever.force_protection) * skill)
        field = "un_police" if unit.police == 1 else "troops"
        if unit.police == 1:
            effort *= 1.0 - rules.colocation_cost * lever.colocation
        else:
            guards += guarding * effort
            effort *= 1.0 - guarding
        patrols = rules.patrols + rules.patrols_gain * lever.protection * unit.mobility
        base = land.communities[unit.posting]
        add(base, field, (1.0 - patrols) * effort * dares(unit, base, rules))
        for near, weight in land.roads[unit.posting]:
            place = land.communities[near]
            add(place, field, patrols * effort * weight * dares(unit, place, rules))
    joint = rules.joint_gain * lever.coordination * land.ledger["mission_civilians"].delivered
    for c in land.communities:
        if c.safe_zone == 1:
            c.troops += guards / zones
        c.troops *= 1.0 + joint * c.soldiers / (c.soldiers + rules.joint_half)


def dares(unit: Any, place: Any, rules: Any) -> float:
    """What its capital's caveats leave of a contingent's effort in a place."""
    danger = place.attacks_in_memory
    return 1.0 - rules.caveats * unit.caveats * danger / (danger + rules.caveats_half)


def add(c: Any, field: str, amount: float) -> None:
    setattr(c, field, getattr(c, field) + amount)
