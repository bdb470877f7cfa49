"""Politics, from section 7.21 of docs/odd.md."""

from __future__ import annotations

import math
from typing import Any

from tests.twin.maths import clamp, decay, normal


def towards(level: float, target: float, step: float) -> float:
    """A share on its way to a target."""
    return clamp(level + step * (target - level))


def politics(land: Any, dt: float) -> None:
    p, q = land.parameters.politics, land.parameters
    state, mission, ledger = land.government, land.mission, land.ledger
    keep = decay(p.shock_time, dt)
    luck = normal(land.draw("politics: shock to the country", 0, 0))
    state.shock = keep * state.shock + q.armed_groups.shock_sd * math.sqrt(1.0 - keep * keep) * luck
    state.elected_weeks = state.elected_weeks - dt * 365.25 / 7.0
    if state.elected_weeks < 0.0:
        state.elected_weeks += p.term

    threat = clamp(p.threat_of_review * q.oversight.coverage * q.oversight.independence
                   + p.threat_of_detection * land.oversight.detection + p.threat_of_payroll * q.payroll.control
                   + p.threat_of_inclusion * q.inclusion.target + q.restructuring.threat * q.restructuring.effort)
    obstruction = 0.0
    for elite in land.elites:
        stake = clamp(p.stake_of_elites + p.stake_of_rents * elite.diversion * threat
                      + p.stake_of_ambition * p.ambition)
        elite.obstruction = towards(elite.obstruction, stake, p.obstruction_speed * dt)
        obstruction += elite.obstruction / len(land.elites)
    if land.elites:
        obstruction = 1.0 - (1.0 - obstruction) ** ((len(land.elites) / p.usual_elites) ** p.veto)

    conditions = p.conditionality * (p.conditions_unwatched
                                     + (1.0 - p.conditions_unwatched) * ledger["conditionality"].delivered)
    target = clamp(state.reference_will + p.conditions_on_will * conditions * (1.0 - state.own_resources)
                   + p.ownership_on_will * (p.ownership - p.usual_ownership)
                   + p.success_on_will * (state.legitimacy - p.usual_legitimacy)
                   - p.obstruction_on_will * obstruction)
    target = target * (1.0 - mission.crowding_out)
    state.will = towards(state.will, target, 1.0 - decay(p.will_time, dt))

    owned = clamp(p.ownership - p.ownership_lost_to_conditions * p.conditionality
                  - p.ownership_lost_to_mentors * q.mentoring.coverage)
    state.ownership = towards(state.ownership, owned, p.ownership_speed * dt)
    present = 1.0 if mission.troops + mission.police >= 1.0 else 0.0
    links = present * q.mission.local_links * ledger["mission_civilians"].delivered
    seats = state.women_deciding - q.women.ordinary_decision
    learned = clamp(p.fit_unlearned + p.fit_of_assessment * p.assessment * ledger["assessment"].delivered
                    + p.fit_of_ownership * state.ownership + q.peacekeeping.local_fit * links
                    + q.women.fit_effect * seats)
    state.fit = towards(state.fit, learned, p.fit_speed * dt)
    resisted = clamp(p.resistance_of_elites * obstruction + p.resistance_to_misfit * (1.0 - state.fit) * p.ambition
                     + q.women.backlash * state.imposed)
    state.resistance = towards(state.resistance, resisted, p.resistance_speed * dt)

    arrived = ledger["reform"].delivered
    within = p.ambition <= state.absorption or p.ambition <= 0.0
    quality = 1.0 if within else (state.absorption / p.ambition) ** p.overload
    growth = (p.function_rate * min(state.will, state.absorption)
              * (p.growth_without_fit + (1.0 - p.growth_without_fit) * state.fit) * (1.0 - state.resistance) * quality)
    growth = (growth * p.ambition * arrived * (1.0 - p.ownership_slows * p.ownership)
              * (1.0 + q.peacekeeping.advice_gain * mission.advice))
    lapse = p.function_decay * (1.0 - p.ownership_keeps * state.ownership) * state.function
    state.function = clamp(state.function + dt * (growth * (1.0 - state.function) - lapse))
    shown = p.form_rate * (p.form_unasked + (1.0 - p.form_unasked) * conditions) * p.ambition * arrived
    state.form = clamp(state.form + dt * (shown * (1.0 - state.form) - p.form_decay * state.form))
    able = p.absorption_without_function + (1.0 - p.absorption_without_function) * state.function
    state.absorption = clamp(state.absorption + p.absorption_speed * dt * (able - state.absorption), 0.02, 1.0)

    size = mission.troops * mission.effectiveness
    guarantor = size / (size + p.guarantor_half)
    governance = land.sectors["governance"]
    money = governance.funded if governance.need > 0.0 else 0.0
    support = p.mediation_effect * (p.mediation * ledger["mediation"].delivered) + q.women.peace_effect * seats
    target = clamp(p.implementation_base + p.implementation_by_will * state.will + p.implementation_by_money * money
                   + p.implementation_by_guarantor * guarantor + support - p.implementation_obstructed * obstruction)
    state.implementation = towards(state.implementation, target, 1.0 - decay(p.implementation_time, dt))
    calm = land.country.battle_deaths_52 < q.relapse.conflict_deaths
    state.revenue = state.revenue * (1.0 + dt * (p.growth_in_peace if calm else p.growth_in_conflict))

    month = dt / 13 * 4
    for line, lever, price in (("mediation", p.mediation, p.mediation_cost),
                               ("assessment", p.assessment, p.assessment_cost),
                               ("conditionality", p.conditionality, p.conditionality_cost),
                               ("reform", p.ambition, p.reform_cost)):
        ledger[line].planned = lever * price * month
