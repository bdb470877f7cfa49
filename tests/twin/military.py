"""7.17 Military conduct and mutiny."""

import math

from tests.twin.country import Land
from tests.twin.maths import chance, clamp, in_order, poisson


def post_units(land: Land, dt: float) -> None:
    p = land.parameters.military
    for unit in land.military:
        highest, chosen = -math.inf, unit.posting
        for c in land.communities:
            if c.at_war_zone < 0.5:
                continue
            enemies = 0.0
            for group in land.groups:
                if group.exists:
                    enemies += land.presence[group.row, c.row].fighters * (1.0 if group.at_war else p.watch)
            need = c.population / 1e5 + p.need_per_attack * c.attacks_in_memory + p.need_per_fighter * enemies
            u = land.draw("military: where a unit is posted", unit.uid, c.uid)
            score = math.log(need + 1e-9) + -math.log(-math.log(u))
            if score > highest:
                highest, chosen = score, c.row
        unit.posting = chosen


def garrison(land: Land, dt: float) -> None:
    stays = land.parameters.military.stays
    for c in land.communities:
        c.soldiers = 0.0
    for unit in land.military:
        if unit.striking > 0.0:
            continue
        land.communities[unit.posting].soldiers += stays * unit.staff
        for neighbour, weight in land.roads[unit.posting]:
            land.communities[neighbour].soldiers += (1.0 - stays) * unit.staff * weight


def soldiers_and_civilians(land: Land, dt: float) -> None:
    p, country = land.parameters.military, land.country
    diligence = land.parameters.due_diligence
    deterrence = land.oversight.deterrence
    risk = diligence.fear_of_loss * diligence.strictness * land.ledger["due_diligence"].delivered
    for unit in land.military:
        if unit.staff < 1.0:
            continue
        c = land.communities[unit.posting]
        feared = deterrence + (1.0 - deterrence) * risk * (1.0 - unit.withheld)
        rate = p.abuse_rate * max(0.0, 1.0 + p.record_effect * (unit.abuse_record - 0.5))
        threat = p.threat_effect * (clamp(c.attacks_in_memory / p.full_threat) - 1.0)
        mean = (unit.staff * rate * (1.0 + threat) * (1.0 - p.norm_effect * unit.rights_norm)
                * (1.0 - p.deterrence * feared) * (1.0 + p.stranger_effect * (c.excluded - 0.5)) * dt)
        abuses = poisson(mean, land.draw("military: abuses by soldiers", unit.uid))
        if abuses == 0:
            continue
        killed = poisson(p.killed_per_abuse * abuses, land.draw("military: civilians killed by soldiers", unit.uid))
        killed = min(float(killed), c.population)
        c.population -= killed
        c.army_abuse += abuses
        c.state_killed += killed
        c.anger = clamp(c.anger + p.anger_per_abuse * abuses)
        c.fear = clamp(c.fear + p.fear_per_abuse * abuses)
        c.last_abuse = land.log("abuse by soldiers", place=c.row, actor=unit.row, civilians=killed,
                                parent=c.last_event)
        unit.abuse_record = clamp(unit.abuse_record + p.record_per_abuse * abuses * (1.0 - deterrence) / unit.staff)
        country.civilian_deaths += killed
        country.state_killings += killed
        country.killed += killed
        country.civilian_deaths_week += killed
        country.abuses_month += abuses


def mutinies(land: Land, dt: float) -> None:
    p, country, state = land.parameters.military, land.country, land.government
    usual = p.usual_command
    struck = [unit.striking > 0.0 for unit in land.military]
    fighters = {key: row.fighters for key, row in land.presence.items()}
    for unit in land.military:
        unit.striking = max(0.0, unit.striking - dt * 365.25 / 7)
        if unit.staff < 1.0 or struck[unit.row]:
            continue
        nearby = in_order(weight for neighbour, weight in land.command[unit.row] if struck[neighbour])
        effects = (p.arrears_effect * min(unit.arrears, p.longest_arrears)
                   + p.corruption_effect * (unit.corrupt - usual) + p.inequity_effect * (unit.imbalance - usual)
                   + p.contagion * nearby - p.discipline_effect * (unit.discipline - usual))
        rate = p.mutiny_rate * math.exp(min(effects, 8.0))
        if land.draw("military: does this unit mutiny", unit.uid) >= chance(rate, dt):
            continue
        country.mutinies += 1
        fate = land.draw("military: what a mutiny becomes", unit.uid)
        best, near = 0.0, None
        for group in land.groups:
            if group.exists and group.at_war:
                luck = land.draw("military: which group defectors join", unit.uid, group.row)
                score = (1.0 + fighters[group.row, unit.posting]) * luck
                if score > best:
                    best, near = score, group
        disloyal = 1.0 - unit.loyalty
        if fate < p.defection * disloyal and near is not None:
            land.log("defection", place=unit.posting, actor=unit.row, target=near.row, parent=near.last_event)
            country.defections += 1
            land.presence[near.row, unit.posting].fighters += unit.staff
            near.fighters += unit.staff
            near.weapons += unit.weapons
            unit.staff = unit.weapons = 0.0
        elif fate > 1.0 - p.coup * disloyal:
            land.log("coup attempt", place=unit.posting, actor=unit.row)
            state.will = clamp(state.will - p.will_lost)
            unit.loyalty = clamp(unit.loyalty - p.loyalty_lost)
            unit.striking = p.strike_weeks
        else:
            land.log("strike", place=unit.posting, actor=unit.row)
            unit.striking = p.strike_weeks
            unit.arrears = (1.0 - p.arrears_settled) * unit.arrears
