"""Gender (7.9): women in forces and decisions; gender-based violence as it happens, is recorded and is cleared."""

from __future__ import annotations

import math

from tests.twin.country import Land
from tests.twin.maths import binomial, clamp, decay, logistic, poisson


def women_in_forces_and_decisions(land: Land, dt: float) -> None:
    p, state, line = land.parameters.women, land.government, land.ledger["women"]
    arrived = line.delivered
    women = staff = 0.0
    for unit in [*land.police, *land.military]:
        joining = unit.women + max(0.0, p.force_target - unit.women) * arrived
        weight = min(1.0, unit.recruits / unit.staff) if unit.staff > 0.0 else 0.0
        unit.women = clamp(unit.women + weight * (joining - unit.women))
        women += unit.staff * unit.women
        staff += unit.staff
    sought = p.ordinary_decision + max(0.0, p.decision_target - p.ordinary_decision) * arrived
    following = 1.0 - decay(p.decision_time, dt)
    state.women_deciding = clamp(state.women_deciding + following * (sought - state.women_deciding))

    def imposed(target: float, share: float) -> float:
        return max(0.0, target - share) * (1.0 - state.ownership)

    present = women / staff if staff > 0.0 else 0.0
    state.imposed = clamp(0.5 * imposed(p.force_target, present)
                          + 0.5 * imposed(p.decision_target, state.women_deciding))
    line.planned = (p.force_target * p.force_cost + p.decision_target * p.decision_cost) * dt


def gender_based_violence(land: Land, dt: float) -> None:
    p, relief, line = land.parameters.gbv, land.parameters.humanitarian, land.ledger["gbv_response"]
    response = p.response * line.delivered
    for c in land.communities:
        unit = land.police[c.row]
        heads = max(c.population, 1.0)
        strain = min(1.0, c.displaced / heads)
        women = p.women_effect * (unit.women - land.parameters.women.ordinary)
        trust = p.trust_effect * (c.trust_police - 0.5)
        odds = math.log(p.reported / (1.0 - p.reported))
        report = logistic(odds + women + trust + p.response_effect * response)
        clear = clamp(p.clearance * unit.service * (1.0 + p.clearance_gain * response))

        threat = clamp(c.attacks_in_memory / p.threat_full)
        unsafe = 1.0 - relief.effort * relief.appeals
        exposure = 1.0 + p.threat_effect * threat + p.displaced_effect * strain * unsafe
        mean = c.population / 1e5 * p.rate * exposure * (1.0 - p.deterrence * (report * clear)) * dt
        mean += p.by_forces * (c.police_abuse + c.army_abuse)
        c.gbv = float(poisson(mean, land.draw("gender: gender-based violence", c.uid, 0)))
        c.gbv_recorded = float(binomial(
            int(c.gbv), report, land.draw("gender: cases that reach the police's books", c.uid, 0)))
        c.gbv_cleared = float(binomial(
            int(c.gbv_recorded), clear, land.draw("gender: recorded cases that are cleared", c.uid, 0)))
        c.good_police += p.news * c.gbv_cleared / heads
        c.bad_police += p.news * (c.gbv_recorded - c.gbv_cleared) / heads
    line.planned = p.response * p.cost_per_district * len(land.communities) * dt
