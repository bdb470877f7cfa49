"""S2 Corruption: officers who extract, and budget holders who learn how much to divert.

Officers decide against a threshold (Hammond 2000): opportunity against cost times perceived detection, integrity and
the company of corrupt peers. Budget holders learn by trial how much they can keep (Guerrero and Castaneda's Policy
Priority Inference). Behaviour is slow by evidence E37: the fastest reformers needed decades. What control finds:
`oversight.py`.
"""

import math
from typing import ClassVar

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, logistic, rate_to_probability
from ssr_sim.parameters import Block, uncertain
from ssr_sim.world import draw, phase

CAUGHT = stream(20, "corruption: officers sanctioned")
TRIED = stream(22, "corruption: how far a budget holder tries")


# ------------------------------------------------------------------------------------------------- parameters
class Corruption(Block):
    """How extraction answers to control, pay and company."""

    group: ClassVar[str] = "Model"

    speed: float = uncertain(
        0.10, unit="1 / year", lo=0.07, hi=0.2, source="evidence E37; pilot study",
        help="How fast habits of extraction turn over.", off=0.0)
    spread: float = uncertain(
        0.45, unit="index", lo=0.35, hi=0.6, source="pilot study",
        help="Spread of thresholds among officers; small means sudden tipping.")
    contagion: float = uncertain(
        0.5, unit="index", lo=0.3, hi=0.7, source="Hammond 2000; size from the pilot study",
        help="Pull of corrupt peers.", off=0.0)
    cost: float = uncertain(
        1.0, unit="index", lo=0.8, hi=1.3, source="pilot study", help="Deterrence by perceived detection.",
        off=0.0)
    belief_time: float = uncertain(
        3.5, unit="years", lo=2.0, hi=6.0, source="pilot study",
        help="Time in which officers learn the true chance of being caught.")
    need_weight: float = uncertain(
        0.25, unit="index", lo=0.1, hi=0.5, source="assumption", help="Extraction out of need when pay fails.",
        off=0.0)
    wage_price_effect: float = uncertain(
        0.1, unit="index / doubling of pay", lo=-0.2, hi=0.3,
        source="Ghana: police pay doubled, bribes per checkpoint rose by more than 25 %; sign open",
        help="Change of the gain from a bribe when pay doubles: better paid officers ask for more.", off=0.0)
    need_months: float = uncertain(
        6.0, unit="months", lo=3.0, hi=12.0, source="assumption",
        help="Unpaid wages that press as hard as no pay at all; beyond twice that, need grows no more.")
    patron_shield: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=0.9, source="assumption",
        help="Share of sanctions that a patron prevents where resistance to reform is complete.", off=0.0)
    dismissal: float = uncertain(
        0.2, unit="share 0-1", lo=0.05, hi=0.5, source="assumption",
        help="Share of sanctioned officers who leave; the others stay, warned.", off=0.0)
    seen_sanctions: float = uncertain(
        0.5, unit="times", lo=0.0, hi=1.0, source="Hammond 2000; size is an assumption",
        help="What colleagues add to their belief in detection for the share of the unit sanctioned in a year.",
        off=0.0)
    morale_of_sanctions: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.5, source="assumption",
        help="Morale that a unit loses when all of it is sanctioned at the usual severity.", off=0.0)
    integrity_drift: float = uncertain(
        0.02, unit="1 / year", lo=0.0, hi=0.05, source="assumption",
        help="Erosion of integrity where all are corrupt, twice; its growth where none is, twice.", off=0.0)
    learning: float = uncertain(
        0.04, unit="share / half year", lo=0.01, hi=0.1, source="Guerrero and Castaneda (PPI); size is an assumption",
        help="Largest change of what a budget holder keeps from one round to the next.", off=0.0)
    penalty: float = uncertain(
        1.0, unit="times the gain", lo=0.5, hi=3.0, source="Guerrero and Castaneda: he loses what he kept",
        help="Loss of a budget holder who is monitored, against what he kept.", off=0.0)
    review_of_budgets: float = uncertain(
        0.5, unit="times", lo=0.0, hi=1.0, source="assumption",
        help="Chance that a free, able overseer under a full rule of law finds what a budget holder keeps.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def extraction(opportunity, detection, integrity, peers, cost, contagion, spread):
    """Share (0-1) of officers for whom extraction pays; `opportunity` less deterrence and integrity, plus company."""
    return logistic((opportunity - cost * detection - integrity + contagion * peers) / spread)


@njit
def opportunity_at_rest(
    corrupt: float, detection: float, integrity: float, cost: float, contagion: float, spread: float
) -> float:
    """Opportunity for which a share `corrupt` is at rest, so that a run starts where the country is (inverse of
    above).
    """
    here = clamp(corrupt, 0.001, 0.999)
    return spread * math.log(here / (1.0 - here)) + cost * detection + integrity - contagion * here


@njit
def need_and_price(arrears: float, pay: float, need_weight: float, need_months: float, price_effect: float) -> float:
    """Change of opportunity by unpaid wages (`arrears` in months), and by pay against the reference wage; the sign of
    pay is open.
    """
    need = need_weight * (min(arrears / need_months, 2.0) + max(0.0, 1.0 - pay))
    return need + price_effect * (pay - 1.0)


@njit
def payoff_of(kept, norm, loss):
    """Payoff of keeping a share `kept`: beyond the `norm` of the place failure shows and costs more than it brings.

    `loss` is what he expects to lose of each dollar kept: the chance of being monitored times the penalty.
    """
    return kept - kept * kept / (2.0 * max(norm, 0.01)) - loss * kept


@njit
def directed_learning(step, gained, largest, trial):
    """Next step of a budget holder: on if the last change paid, back if not; size by a `trial` draw in (0, 1)."""
    direction = 1.0 if step >= 0.0 else -1.0
    if not gained:
        direction = -direction
    return direction * largest * trial


# ------------------------------------------------------------------------------------------------- phases
@phase("police: corrupt perceived_detection staff morale integrity", "military: corrupt perceived_detection integrity",
       "oversight: sanctioned", "government: pool_police")
def officers_extract(world, dt):
    """Officers and commanders take up or give up extraction; some are caught, which their colleagues notice."""
    now = world.clock[0]
    p = world.parameters.corruption[0]
    pay = world.parameters.pay[0].level
    state = world.government[0]
    body = world.oversight[0]
    sanctions = world.parameters.investigations[0]
    cost = p.cost * body.harshness
    staff = corrupt_officers = 0.0
    for i in range(len(world.police)):
        unit = world.police[i]
        staff += unit.staff
        corrupt_officers += unit.staff * unit.corrupt
    national = corrupt_officers / staff if staff > 0.0 else 0.0
    shielded = body.detection * (1.0 - p.patron_shield * state.resistance)
    caught_exposed, caught_shielded = rate_to_probability(body.detection, dt), rate_to_probability(shielded, dt)
    learned = 1.0 - decay(p.belief_time, dt)
    luck = draw_each(now, CAUGHT, world.police["uid"], 0)

    for i in range(len(world.police)):
        unit = world.police[i]
        chance = shielded if unit.patron >= 0 else body.detection
        caught = binomial(int(unit.staff * unit.corrupt), caught_shielded if unit.patron >= 0 else caught_exposed,
                          luck[i])
        leaves = int(p.dismissal * caught)
        unit.staff -= leaves
        state.pool_police += leaves
        body.sanctioned += caught
        hit = caught / unit.staff if unit.staff > 0.0 else 0.0  # share of the unit
        unit.morale = clamp(unit.morale - p.morale_of_sanctions * hit * sanctions.severity / sanctions.usual_severity,
                            0.0, 1.0)
        seen = clamp(chance + p.seen_sanctions * min(1.0, hit / dt), 0.0, 1.0)
        unit.perceived_detection = clamp(
            unit.perceived_detection + learned * (seen - unit.perceived_detection), 0.0, 1.0)
        opportunity = unit.opportunity + need_and_price(unit.arrears, pay, p.need_weight, p.need_months,
                                                        p.wage_price_effect)
        target = extraction(opportunity, unit.perceived_detection, unit.integrity,
                            0.5 * unit.corrupt + 0.5 * national, cost, p.contagion, p.spread)
        unit.corrupt = clamp(unit.corrupt + p.speed * dt * (target - unit.corrupt), 0.0, 1.0)
        # integrity erodes in corrupt company and recovers in clean company
        unit.integrity = clamp(unit.integrity + p.integrity_drift * dt * (0.5 - unit.corrupt), 0.0, 1.0)

    before = world.military["corrupt"].copy()  # commanders are read as they were at the start
    for i in range(len(world.military)):
        unit = world.military[i]
        chance = shielded if unit.patron >= 0 else body.detection
        unit.perceived_detection = clamp(
            unit.perceived_detection + learned * (chance - unit.perceived_detection), 0.0, 1.0)
        boss = before[unit.commander] if unit.commander >= 0 else unit.corrupt
        opportunity = unit.opportunity + need_and_price(unit.arrears, pay, p.need_weight, p.need_months,
                                                        p.wage_price_effect)
        target = extraction(opportunity, unit.perceived_detection, unit.integrity, 0.5 * unit.corrupt + 0.5 * boss,
                            cost, p.contagion, p.spread)
        unit.corrupt = clamp(unit.corrupt + p.speed * dt * (target - unit.corrupt), 0.0, 1.0)
        unit.integrity = clamp(unit.integrity + p.integrity_drift * dt * (0.5 - unit.corrupt), 0.0, 1.0)


@phase("elites: diversion last_change payoff")
def budget_holders_learn(world):
    """Each budget holder keeps a little more or less than last round, as experience with control teaches him."""
    now = world.clock[0]
    p = world.parameters.corruption[0]
    body = world.oversight[0]
    rule_of_law = world.government[0].function
    audit = body.audit_detection * (1.0 - body.capture)
    review = p.review_of_budgets * rule_of_law * body.capacity * (1.0 - body.capture)
    loss = clamp(audit + review, 0.0, 1.0) * p.penalty
    for i in range(len(world.elites)):
        elite = world.elites[i]
        payoff = payoff_of(elite.diversion, elite.norm, loss)
        step = directed_learning(elite.last_change, payoff >= elite.payoff, p.learning,
                                 draw(now, TRIED, elite.uid, 0))
        before = elite.diversion
        elite.payoff = clamp(payoff, -1.0, 1.0)
        elite.diversion = clamp(before + step, 0.0, 1.0)
        elite.last_change = elite.diversion - before  # none at the edge: then he tries the other way
