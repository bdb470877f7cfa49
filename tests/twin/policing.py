"""Service, crime and abuse, from section 7.18 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, clamp, poisson


def service(land: Land, c: Any, unit: Any) -> float:
    p = land.parameters.policing
    if p.police_production == "bottleneck":
        quality = min(unit.skill, unit.equipment)
    else:
        quality = max(unit.skill, 0.0) ** p.skill_share * max(unit.equipment, 0.0) ** p.equipment_share
    density = unit.staff * unit.present / max(c.population, 1.0) * 1e5
    reach = density / (density + p.staff_half) if density > 0.0 else 0.0
    told = (1.0 - 0.5 * p.information) + p.information * c.cooperation
    return clamp(reach * quality * (1.0 - p.corruption_loss * unit.corrupt) * told)


def crime(land: Land, c: Any, unit: Any, dt: float) -> float:
    """Crimes happen and some are recorded; returns how many people criminals kill."""
    p = land.parameters.policing
    need = (1.0 - 0.5 * p.hardship_effect) + p.hardship_effect * c.hardship
    unguarded = 1.0 - p.guardianship * unit.service
    mean = c.population / 1e5 * p.crime_rate * need * unguarded * dt * (1.0 - p.crime_deterrence * c.certainty)
    crimes = poisson(mean, land.draw("policing: crimes", c.uid))
    c.crimes = float(crimes)
    c.crimes_recorded = float(binomial(crimes, c.cooperation * unit.present,
                                       land.draw("policing: crimes that reach the books", c.uid)))
    calm = (1.0 + c.un_police / p.un_police_half) ** -p.un_police_exponent * unguarded
    mean = (c.population / 1e5 * p.homicide_rate * need + c.gangs * p.gang_killing) * calm * dt
    killed = min(float(poisson(mean, land.draw("policing: killings by criminals", c.uid))), c.population)
    c.population -= killed
    return killed


def abuse(land: Land, c: Any, unit: Any, dt: float) -> None:
    p, diligence = land.parameters.policing, land.parameters.due_diligence
    certainty = land.oversight.deterrence
    at_risk = diligence.fear_of_loss * diligence.strictness * land.ledger["due_diligence"].delivered
    feared = certainty + (1.0 - certainty) * at_risk * (1.0 - unit.withheld)
    tendency = (((1.0 - 0.5 * p.record_effect) + p.record_effect * unit.abuse_record)
                * (1.0 - p.norm_restrains * unit.rights_norm) * (1.0 - p.certainty_restrains * feared))
    mean = unit.staff * unit.present * p.abuse_rate * tendency * dt
    abuses = poisson(mean, land.draw("policing: abuses by police", unit.uid))
    if abuses > 0:
        c.last_abuse = land.log("abuse by police", place=c.row, actor=unit.row)
        c.police_abuse += abuses
        land.country.abuses_month += abuses
        c.anger = clamp(c.anger + p.abuse_anger * abuses)
        unit.abuse_record = clamp(unit.abuse_record
                                  + p.new_abusers * abuses * (1.0 - certainty) / max(unit.staff, 1.0))


def police_work(land: Land, dt: float) -> None:
    p, country = land.parameters.community_policing, land.country
    arrived = p.coverage * land.ledger["community_policing"].delivered
    country.abuses_month = 0.0
    total = 0.0
    for c, unit in zip(land.communities, land.police, strict=True):
        unit.service = service(land, c, unit)
        unit.contact = clamp(unit.contact
                             + dt * (p.build_up * (arrived - unit.contact) - p.rotation * unit.contact))
        total += crime(land, c, unit, dt)
        abuse(land, c, unit, dt)
    country.criminal_deaths += total
    country.killed += total
    country.criminal_deaths_week = total / (dt * 365.25 / 7.0)
    land.ledger["community_policing"].planned = p.coverage * p.cost_per_district * len(land.communities) * dt
