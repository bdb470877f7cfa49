"""Wages, ghosts, those who leave and those who join, from section 7.7 of docs/odd.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp


def control(land: Land) -> float:
    """Share of the payroll that is verified, by payroll control or by digital tools."""
    by_hand = land.parameters.payroll.control * land.ledger["payroll_control"].delivered
    digital = land.parameters.technology.payroll_gain * land.oversight.technology
    return 1.0 - (1.0 - by_hand) * (1.0 - digital)


def balance(land: Land) -> float:
    return land.parameters.inclusion.target * land.ledger["inclusion"].delivered


def arrears_after(land: Land, arrears: float, paid: float, dt: float) -> float:
    p = land.parameters.personnel
    if paid < p.full_pay:
        return clamp(arrears + 12.0 * dt * (p.full_pay - paid), 0.0, 60.0)
    return max(0.0, arrears - p.catch_up * (12.0 * dt))


def intake(land: Land, staff: float, target: float, dt: float) -> float:
    """Recruits wanted, as far as money goes."""
    pace = land.parameters.recruitment.pace * target * land.ledger["recruitment"].delivered * dt
    return max(0.0, min(target - staff, pace))


def wanted_now(land: Land, staff: float, target: float, dt: float) -> float:
    """Recruits wanted, whatever the money."""
    return max(0.0, min(target - staff, land.parameters.recruitment.pace * target * dt))


def wages(land: Land, unit: Any, dt: float) -> float:
    p = land.parameters.pay
    return (unit.staff + unit.ghosts) * p.wage * land.government.gdp_per_head * p.level * dt


def losses(land: Land, unit: Any, c: Any, felt: float, stream: str, dt: float) -> None:
    """Officers or soldiers leave and are civilians of their place again."""
    p = land.parameters.pay
    gone = binomial(int(unit.staff), chance(p.attrition + p.arrears_attrition * felt, dt), land.draw(stream, unit.uid))
    unit.staff -= gone
    c.population += gone
    land.country.home += gone


def recruits_for(land: Land, c: Any, mean: float, stream: str, uid: int) -> int:
    youth = int(c.population * c.youth)
    return binomial(youth, min(1.0, mean / youth), land.draw(stream, uid)) if youth > 0 else 0


def by(luck: Callable[[Any], float], units: list[Any]) -> list[Any]:
    return sorted(units, key=luck)


def staff_the_police(land: Land, dt: float) -> None:
    p, state, women, vetting = (land.parameters.personnel, land.government, land.parameters.women,
                                land.parameters.vetting)
    pay, recruitment, inclusion = land.parameters.pay, land.parameters.recruitment, land.parameters.inclusion
    paid = land.ledger["pay_police"].delivered
    strike = chance(land.parameters.payroll.strike_rate * control(land), dt)
    pool, places = state.pool_police, 0.0
    for unit, c in zip(land.police, land.communities, strict=True):
        places += intake(land, unit.staff, recruitment.police_target * c.population / 1e5, dt)
    bill = wanted = heads = 0.0
    for unit in by(lambda unit: land.draw("personnel: removed officers hired again", unit.uid, 1), land.police):
        c = land.communities[unit.row]
        unit.arrears = arrears_after(land, unit.arrears, paid, dt)
        felt = min(unit.arrears, p.arrears_felt)
        mixed = women.cohesion * (unit.women - women.ordinary) - women.backlash * state.imposed
        mood = clamp((p.morale_base + p.morale_pay * pay.level - p.morale_arrears * felt
                      + p.morale_mentors * unit.mentored) + mixed)
        unit.morale = clamp(unit.morale + dt / p.morale_time * (mood - unit.morale))
        unit.present = clamp(p.at_post - p.absence * felt - p.absence_by_morale * (1.0 - unit.morale), 0.05, 1.0)
        unit.ghosts -= binomial(int(unit.ghosts), strike, land.draw("personnel: ghost names struck off", unit.uid))
        losses(land, unit, c, felt, "personnel: officers who leave", dt)

        target = recruitment.police_target * c.population / 1e5
        recruits = recruits_for(land, c, intake(land, unit.staff, target, dt), "personnel: recruits", unit.uid)
        share = pool / (pool + p.applicants * max(1.0, places))
        old = binomial(recruits, share * (1.0 - vetting.gate_power * vetting.gate),
                       land.draw("personnel: removed officers hired again", unit.uid))
        old = min(old, int(state.pool_police))
        state.pool_police -= old
        c.population -= recruits - old
        land.country.recruited_police += recruits
        unit.recruits = float(recruits)
        if recruits > 0:
            welcome(land, unit, recruits, old)
        unit.imbalance = clamp(unit.imbalance * (1.0 - inclusion.turnover * balance(land) * dt))
        c.excluded = clamp(c.excluded * (1.0 - inclusion.exclusion_ended * inclusion.turnover * balance(land) * dt))
        bill += wages(land, unit, dt)
        wanted += wanted_now(land, unit.staff, target, dt)
        heads += unit.staff
    soldiers = 0.0
    for unit in land.military:
        soldiers += unit.staff
    payroll = land.parameters.payroll
    land.ledger["pay_police"].planned = bill
    land.ledger["recruitment"].planned = wanted * recruitment.cost_per_recruit
    land.ledger["inclusion"].planned = inclusion.target * inclusion.cost_per_year * dt
    land.ledger["payroll_control"].planned = payroll.control * (heads + soldiers) * payroll.cost_per_head * dt


def welcome(land: Land, unit: Any, recruits: int, old: int) -> None:
    """Recruits mix into the unit; `old` of them are officers who had been removed."""
    p = land.parameters.personnel
    weight = recruits / (unit.staff + recruits)
    unit.skill += weight * (p.recruit_skill - unit.skill)
    unit.rights_norm += weight * (p.recruit_norm - unit.rights_norm)
    unit.corrupt = clamp(unit.corrupt + p.bad_habits * weight * old / recruits * (1.0 - unit.corrupt))
    unit.abuse_record = clamp(unit.abuse_record + weight * (old / recruits - unit.abuse_record))
    unit.reviewed = clamp(unit.reviewed * (1.0 - weight))
    unit.staff += recruits


def staff_the_army(land: Land, dt: float) -> None:
    p, state, recruitment = land.parameters.personnel, land.government, land.parameters.recruitment
    paid = land.ledger["pay_military"].delivered
    strike = chance(land.parameters.payroll.strike_rate * control(land), dt)
    bill = wanted = 0.0
    for unit in by(lambda unit: land.draw("personnel: army recruits", unit.uid, 1), land.military):
        c = land.communities[unit.posting]
        unit.arrears = arrears_after(land, unit.arrears, paid, dt)
        felt = min(unit.arrears, p.arrears_felt)
        unit.ghosts -= binomial(int(unit.ghosts), strike, land.draw("personnel: ghost names struck off", unit.uid, 1))
        losses(land, unit, c, felt, "personnel: soldiers who leave", dt)
        target = recruitment.army_target * state.army_size / len(land.military)
        recruits = recruits_for(land, c, intake(land, unit.staff, target, dt), "personnel: army recruits", unit.uid)
        c.population -= recruits
        unit.recruits = float(recruits)
        if recruits > 0:
            weight = recruits / (unit.staff + recruits)
            unit.professionalism += weight * (p.recruit_professionalism * unit.professionalism - unit.professionalism)
            unit.abuse_record *= 1.0 - weight
            unit.staff += recruits
        unit.imbalance = clamp(unit.imbalance * (1.0 - land.parameters.inclusion.turnover * balance(land) * dt))
        wanted += wanted_now(land, unit.staff, target, dt)
        missing = (p.loyalty_legitimacy * (1.0 - state.legitimacy) + p.loyalty_discipline * (1.0 - unit.discipline)
                   + p.loyalty_arrears * felt)
        unit.loyalty = clamp(unit.loyalty + p.loyalty_rate * dt * (clamp(1.0 - missing) - unit.loyalty))
        bill += wages(land, unit, dt)
    land.ledger["pay_military"].planned = bill
    land.ledger["recruitment"].planned += wanted * recruitment.cost_per_recruit
