"""Courses, mentors and equipment, from section 7.6 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import clamp, decay


def ceiling(land: Land) -> float:
    """Skill beyond which politics lets no course go."""
    p, state = land.parameters.training, land.government
    rest = max(0.0, 1.0 - p.ceiling_without_will - p.will_in_ceiling)
    return clamp(p.ceiling_without_will + p.will_in_ceiling * state.will + rest * state.function)


def quality(land: Land) -> float:
    """Share of a programme that takes hold."""
    p, state = land.parameters.training, land.government
    fits = (1.0 - p.fit_weight) + p.fit_weight * state.fit
    absorbed = (1.0 - p.absorption_weight) + p.absorption_weight * state.absorption
    return fits * absorbed


def rights(land: Land) -> float:
    p = land.parameters.training
    return p.learning * p.rights_content * p.rights_learning


def skill_after(land: Land, skill: float, taught: float, fading: float, dt: float) -> float:
    p = land.parameters.training
    learned = p.learning * taught * max(0.0, ceiling(land) - skill)
    forgotten = max(0.0, skill - p.practice) * (1.0 - decay(fading, dt))
    return clamp(skill + learned - forgotten)


def norm_after(land: Land, unit: Any, taught: float, mentored: float, dt: float) -> float:
    norm, p = unit.rights_norm, land.parameters
    example = p.mentoring.diffusion * mentored * dt * max(0.0, p.mentoring.standard - norm)
    erosion = p.training.norm_erosion * unit.corrupt * dt * norm
    return clamp(norm + (taught * (1.0 - norm) + example) - erosion)


def train_and_equip_police(land: Land, dt: float) -> None:
    p, diligence = land.parameters, land.parameters.due_diligence
    taught = p.training.police * dt * quality(land) * land.ledger["training_police"].delivered
    coverage = p.mentoring.coverage * land.ledger["mentoring"].delivered
    bought = p.equipment.police * dt * land.ledger["equipment_police"].delivered
    technique = 1.0 - p.training.rights_displace * p.training.rights_content
    helped = 0.0
    for unit in land.police:
        kept = 1.0 - unit.withheld
        helped += unit.staff * kept
        unit.mentored = coverage * kept
        given = 1.0 - unit.withheld * (1.0 - diligence.substitution)
        unit.morale = clamp(unit.morale * (1.0 - diligence.resentment * unit.withheld * dt))
        attending = taught * (1.0 - p.training.wrong_people * unit.corrupt)
        fading = p.training.skill_decay * (1.0 + p.mentoring.keeps_skill * unit.mentored)
        unit.skill = skill_after(land, unit.skill, attending * given * technique, fading, dt)
        unit.rights_norm = norm_after(land, unit, attending * kept * rights(land), unit.mentored, dt)
        unit.equipment = equipment_after(land, unit, bought * given, dt)
    land.ledger["training_police"].planned = p.training.police * helped * p.training.cost_police * dt
    land.ledger["equipment_police"].planned = p.equipment.police * helped * p.equipment.cost_police * dt
    for unit in land.military:
        helped += unit.staff * (1.0 - unit.withheld)
    advisors = p.mentoring.coverage * helped / p.mentoring.officers_per_advisor
    land.ledger["mentoring"].planned = advisors * p.mentoring.cost_per_advisor * dt


def equipment_after(land: Land, unit: Any, arrived: float, dt: float) -> float:
    p = land.parameters.equipment
    return clamp(unit.equipment * decay(p.lifetime, dt) + arrived * (1.0 - p.diverted * unit.corrupt))


def train_and_equip_army(land: Land, dt: float) -> None:
    p, diligence, women = land.parameters, land.parameters.due_diligence, land.parameters.women
    taught = p.training.military * dt * quality(land) * land.ledger["training_military"].delivered
    coverage = p.mentoring.coverage * land.ledger["mentoring"].delivered
    bought = p.equipment.military * dt * land.ledger["equipment_military"].delivered
    technique = 1.0 - p.training.rights_displace * p.training.rights_content
    helped = leaked = 0.0
    for unit in land.military:
        kept = 1.0 - unit.withheld
        helped += unit.staff * kept
        beside = coverage * kept
        given = 1.0 - unit.withheld * (1.0 - diligence.substitution)
        fading = p.training.skill_decay * (1.0 + p.mentoring.keeps_skill * beside)
        unit.professionalism = skill_after(land, unit.professionalism, taught * given * technique, fading, dt)
        unit.rights_norm = norm_after(land, unit, taught * kept * rights(land), beside, dt)
        calm = (1.0 - p.training.professional_discipline * (1.0 - unit.professionalism)
                - p.mentoring.keeps_discipline * (1.0 - beside))
        calm -= p.personnel.discipline_arrears * min(unit.arrears, p.personnel.arrears_felt)
        calm -= diligence.resentment * unit.withheld
        calm += (women.cohesion * (unit.women - women.ordinary) - women.backlash * land.government.imposed)
        unit.discipline = clamp(unit.discipline + p.training.discipline_rate * dt * (calm - unit.discipline))
        unit.equipment = equipment_after(land, unit, bought * given, dt)
        weapons = float(round(bought * given * unit.staff))
        sold = float(round(weapons * p.equipment.diverted * unit.corrupt * (1.0 - land.oversight.open_purchases)))
        unit.weapons += weapons - sold
        leaked += sold
        land.country.weapons_entered += weapons
    land.country.weapons_loose += leaked
    buyers = [group for group in land.groups if group.exists and group.at_war]
    for group in buyers:
        bought_by_group = float(int(leaked / len(buyers)))
        group.weapons += bought_by_group
        land.country.weapons_loose -= bought_by_group
    land.ledger["training_military"].planned = p.training.military * helped * p.training.cost_military * dt
    land.ledger["equipment_military"].planned = p.equipment.military * helped * p.equipment.cost_military * dt


def train_courts(land: Land, dt: float) -> None:
    p = land.parameters.training
    taught = p.justice * dt * quality(land) * land.ledger["training_justice"].delivered
    officials = 0.0
    for c in land.communities:
        officials += c.population / 1e5 * p.court_officials * c.court_base
        attending = taught * (1.0 - p.wrong_people * c.court_corrupt)
        c.court_skill = skill_after(land, c.court_skill, attending, p.skill_decay, dt)
    land.ledger["training_justice"].planned = p.justice * officials * p.cost_justice * dt
