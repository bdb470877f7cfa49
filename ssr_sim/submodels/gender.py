"""S13 Gender: women in the forces and in decisions, gender-based violence, its reporting, clearance and response.

Women in a force raise its cohesion (Karim et al. 2018, evidence E42) and what victims report; matching officer and
citizen has no bonus of trust of its own (Karim 2020). Targets beyond what a country owns meet a backlash. Gender-based
violence happens (true), is reported (recorded) and is cleared: three numbers kept apart. More reports that the police
cannot clear cost trust.
"""

import math
from typing import ClassVar

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, poisson, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, logistic
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

WOMEN = LINES.index("women")
GBV_RESPONSE = LINES.index("gbv_response")

CASES = stream(157, "gender: gender-based violence")
REPORTED = stream(158, "gender: cases that reach the police's books")
CLEARED = stream(159, "gender: recorded cases that are cleared")


# ------------------------------------------------------------------------------------------------- parameters
class Women(Block):
    """Women in police, army and decision bodies."""

    group: ClassVar[str] = "Community"

    force_target: float = lever(
        0.1, unit="share of recruits", lo=0.0, hi=0.5, cost="USD 1 million per year for half of all recruits",
        source="Liberia: 2 % to 17 % of the police in ten years (evidence E42, V)",
        side_effect="Imposed beyond what is owned it costs morale and raises resistance.",
        help="Share of women sought among recruits to police and army.")
    decision_target: float = lever(
        0.15, unit="share of seats", lo=0.0, hi=0.5, cost="USD 0.5 million per year for half of all seats",
        source="UNSCR 1325 (2000); Shair-Rosenfield and Wood 2017 (evidence E42)",
        side_effect="Imposed beyond what is owned it raises resistance.",
        help="Share of women sought in bodies that decide on reform and peace.")
    force_cost: float = uncertain(
        2e6, unit="USD / year", lo=1e6, hi=6e6, source="assumption",
        help="Price of outreach, quarters and protection, times the share of recruits sought.")
    decision_cost: float = uncertain(
        1e6, unit="USD / year", lo=0.5e6, hi=3e6, source="assumption",
        help="Price of preparing and supporting women who decide, times the share of seats sought.")
    ordinary: float = uncertain(
        0.06, unit="share 0-1", lo=0.03, hi=0.1, source="police after war (M)",
        help="Women's share in a force at which nothing of this differs.")
    army_start: float = uncertain(
        0.03, unit="share 0-1", lo=0.0, hi=0.06, source="assumption", help="Women's share in the army at the start.")
    ordinary_decision: float = uncertain(
        0.15, unit="share 0-1", lo=0.1, hi=0.2, source="assumption",
        help="Women's share in decision bodies at the start, at which nothing of this differs.")
    decision_time: float = uncertain(
        3.0, unit="years", lo=1.5, hi=6.0, source="assumption: one term", help="Time in which seats follow the target.")
    cohesion: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="evidence E42: +0.1-0.3 SD; size here is an assumption",
        help="Rise of morale and discipline with women's share, by the full scale.", off=0.0)
    fit_effect: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="assumption",
        help="Rise of the fit of reform with women's share in decisions, by the full scale.",
        off=0.0)
    peace_effect: float = uncertain(
        0.1, unit="share 0-1", lo=0.0, hi=0.2, source="Shair-Rosenfield and Wood 2017; size is an assumption",
        help="Rise of implementation with women's share in decisions, by the full scale.", off=0.0)
    backlash: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="Loss of morale and rise of resistance at a target imposed by the full scale.", off=0.0)


class Gbv(Block):
    """Gender-based violence and the response to it."""

    group: ClassVar[str] = "Community"

    response: float = lever(
        0.1, unit="share of districts", lo=0.0, hi=1.0, cost="USD 40,000 per district and year", source="assumption",
        side_effect="Records more of what happens; reports that police cannot clear cost trust.",
        help="Share of districts with medical care, shelter, legal aid and a trained police desk.")
    cost_per_district: float = uncertain(
        40e3, unit="USD / district / year", lo=20e3, hi=100e3, source="as a community-policing package",
        help="Price of the service in one district.")
    rate: float = uncertain(
        400.0, unit="cases / 100,000 / year", lo=100.0, hi=1200.0, source="assumption",
        help="Serious gender-based violence in peace, without certainty of being found.")
    threat_effect: float = uncertain(
        1.0, unit="factor", lo=0.0, hi=2.0, source="assumption", help="Rise where attacks are frequent.",
        off=0.0)
    threat_full: float = uncertain(
        10.0, unit="attacks in memory", lo=4.0, hi=30.0, source="assumption",
        help="Attacks at which that rise is complete.")
    displaced_effect: float = uncertain(
        1.5, unit="factor", lo=0.0, hi=3.0, source="assumption",
        help="Rise of the risk of displaced people against others, without relief.", off=0.0)
    by_forces: float = uncertain(
        0.3, unit="cases / abuse", lo=0.0, hi=1.0, source="assumption",
        help="Cases of gender-based violence in each serious abuse by police or soldiers.", off=0.0)
    deterrence: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="Share of cases that certainty of being found prevents.", off=0.0)
    reported: float = uncertain(
        0.07, unit="share 0-1", lo=0.03, hi=0.15, source="Palermo, Bleck and Peterman 2014: 7 % tell an authority (M)",
        help="Share of cases reported at a trust of one half, with no response service.")
    women_effect: float = uncertain(
        4.0, unit="log odds", lo=0.0, hi=8.0, source="Miller and Segal 2019 (M); size is an assumption",
        help="Rise of reporting with women's share in the police.", off=0.0)
    trust_effect: float = uncertain(
        1.5, unit="log odds", lo=0.0, hi=3.0, source="assumption", help="Rise of reporting with trust in the police.",
        off=0.0)
    response_effect: float = uncertain(
        1.2, unit="log odds", lo=0.0, hi=2.0, source="women's desks in police stations (M); size is an assumption",
        help="Rise of reporting where the service is present.", off=0.0)
    clearance: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, source="assumption",
        help="Share of recorded cases that a full police service clears.")
    clearance_gain: float = uncertain(
        0.8, unit="factor", lo=0.0, hi=1.5, source="assumption",
        help="Rise of clearance where the service is present.", off=0.0)
    news: float = uncertain(
        30.0, unit="contacts / case", lo=5.0, hi=100.0, source="assumption",
        help="People whose view of the police changes with one report that is cleared or ignored.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def women_among_recruits(present, target, effort):
    """Women's share (0-1) of recruits: like recruits like, unless an effort (0-1) is made towards a higher target."""
    return present + max(0.0, target - present) * effort


@njit
def share_after_intake(share, recruits, staff, among_recruits):
    """Women's share (0-1) of a unit of `staff` of whom `recruits` have just joined; who leaves is not chosen by sex."""
    weight = min(1.0, recruits / staff) if staff > 0.0 else 0.0
    return share + weight * (among_recruits - share)


@njit
def imposed_share(target, present, ownership):
    """How far (0-1) a target beyond the present share is imposed rather than owned."""
    return max(0.0, target - present) * (1.0 - ownership)


@njit
def gbv_mean(people, rate, exposure, certainty, deterrence, dt):
    """Mean cases in a step: `rate` per 100,000 and year, times exposure (1 in peace), less what certainty deters."""
    return people / 1e5 * rate * exposure * (1.0 - deterrence * certainty) * dt


@njit
def exposure_of(threat, threat_effect, strain, displaced_effect, safety):
    """Factor (at least 1) on the risk: attacks nearby, the displaced among the people, less what relief makes safer."""
    return 1.0 + threat_effect * threat + displaced_effect * strain * (1.0 - safety)


@njit
def reporting_of(base, women, trust, response):
    """Chance (0-1) that a case is reported; women's share, trust and response are already weighted (log odds)."""
    return logistic(math.log(base / (1.0 - base)) + women + trust + response)


@njit
def clearance_of(service, ceiling, response, gain):
    """Chance (0-1) that a recorded case is cleared: police service, better where a response service works."""
    return clamp(ceiling * service * (1.0 + gain * response), 0.0, 1.0)


# ------------------------------------------------------------------------------------------------- phases
@phase("police: women", "military: women", "government: women_deciding imposed", "ledger: planned")
def women_in_forces_and_decisions(world, dt):
    """Recruits change the forces, seats change the bodies that decide, targets beyond both are felt as imposed."""
    p = world.parameters.women[0]
    state = world.government[0]
    arrived = world.ledger[WOMEN].delivered
    women = staff = 0.0
    for i in range(len(world.police)):
        unit = world.police[i]
        joining = women_among_recruits(unit.women, p.force_target, arrived)
        unit.women = clamp(share_after_intake(unit.women, unit.recruits, unit.staff, joining), 0.0, 1.0)
        women += unit.staff * unit.women
        staff += unit.staff
    for i in range(len(world.military)):
        unit = world.military[i]
        joining = women_among_recruits(unit.women, p.force_target, arrived)
        unit.women = clamp(share_after_intake(unit.women, unit.recruits, unit.staff, joining), 0.0, 1.0)
        women += unit.staff * unit.women
        staff += unit.staff
    sought = women_among_recruits(p.ordinary_decision, p.decision_target, arrived)
    state.women_deciding = clamp(
        state.women_deciding + (1.0 - decay(p.decision_time, dt)) * (sought - state.women_deciding), 0.0, 1.0)
    present = women / staff if staff > 0.0 else 0.0
    state.imposed = clamp(0.5 * imposed_share(p.force_target, present, state.ownership)
                          + 0.5 * imposed_share(p.decision_target, state.women_deciding, state.ownership), 0.0, 1.0)
    world.ledger[WOMEN].planned = (p.force_target * p.force_cost + p.decision_target * p.decision_cost) * dt


@phase("communities: gbv gbv_recorded gbv_cleared good_police bad_police", "ledger: planned")
def gender_based_violence(world, dt):
    """Cases of the last weeks, those reported and those cleared; what becomes of a report makes or costs trust."""
    now = world.clock[0]
    p = world.parameters.gbv[0]
    ordinary = world.parameters.women[0].ordinary
    relief = world.parameters.humanitarian[0]
    response = p.response * world.ledger[GBV_RESPONSE].delivered
    case_luck = draw_each(now, CASES, world.communities["uid"], 0)
    report_luck = draw_each(now, REPORTED, world.communities["uid"], 0)
    clearing_luck = draw_each(now, CLEARED, world.communities["uid"], 0)
    for i in range(len(world.communities)):
        c = world.communities[i]
        unit = world.police[i]
        heads = max(c.population, 1.0)
        strain = min(1.0, c.displaced / heads)
        report = reporting_of(p.reported, p.women_effect * (unit.women - ordinary),
                              p.trust_effect * (c.trust_police - 0.5), p.response_effect * response)
        clear = clearance_of(unit.service, p.clearance, response, p.clearance_gain)
        threat = clamp(c.attacks_in_memory / p.threat_full, 0.0, 1.0)
        exposure = exposure_of(threat, p.threat_effect, strain, p.displaced_effect, relief.effort * relief.appeals)
        mean = gbv_mean(c.population, p.rate, exposure, report * clear, p.deterrence, dt)
        mean += p.by_forces * (c.police_abuse + c.army_abuse)
        c.gbv = poisson(mean, case_luck[i])
        c.gbv_recorded = binomial(int(c.gbv), report, report_luck[i])
        c.gbv_cleared = binomial(int(c.gbv_recorded), clear, clearing_luck[i])
        c.good_police += p.news * c.gbv_cleared / heads
        c.bad_police += p.news * (c.gbv_recorded - c.gbv_cleared) / heads
    world.ledger[GBV_RESPONSE].planned = p.response * p.cost_per_district * len(world.communities) * dt
