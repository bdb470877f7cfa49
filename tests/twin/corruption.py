"""Corruption and control, from section 7.11 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.maths import binomial, chance, clamp, decay, logistic


def oversight_works(land: Any, dt: float) -> None:
    p = land.parameters
    body, ledger = land.oversight, land.ledger
    people = corrupt = trust = fear = 0.0
    for place, police in zip(land.communities, land.police, strict=True):
        people += place.population
        corrupt += place.population * police.corrupt
        trust += place.population * place.trust_government
        fear += place.population * place.fear
    people = max(people, 1.0)
    obstruction = 0.0
    for elite in land.elites:
        obstruction += elite.obstruction / len(land.elites)

    surroundings = 0.5 * (corrupt / people) + 0.5 * obstruction
    target = clamp(p.oversight.corruptible * surroundings
                   * (1.0 - p.oversight.shield_of_independence * p.oversight.independence))
    body.capture = clamp(body.capture + p.oversight.capture_speed * dt * (target - body.capture))
    paid_for = p.oversight.coverage * ledger["oversight"].delivered
    body.capacity = clamp(body.capacity + p.oversight.build_speed * dt * (paid_for - body.capacity))

    body.audit_detection = clamp(p.audit.rate * ledger["audit"].delivered * p.audit.power)
    heard = p.complaints.without_trust + (1.0 - p.complaints.without_trust) * (trust / people)
    brave = heard * (1.0 - p.complaints.silenced_by_fear * (fear / people))
    body.complaint_detection = clamp(p.complaints.channel * ledger["complaints"].delivered * p.complaints.power * brave)
    body.society_detection = clamp(p.civil_society.support * ledger["civil_society"].delivered * p.civil_society.power)
    watched = 1.0 - (1.0 - body.society_detection) * (1.0 - p.technology.detection * body.technology)
    missed = ((1.0 - body.capacity * p.oversight.powers) * (1.0 - body.audit_detection)
              * (1.0 - body.complaint_detection) * (1.0 - watched))
    body.found = clamp(1.0 - missed)

    q = p.investigations
    found = body.found * (1.0 - body.capture)
    worked = q.effort * ledger["investigations"].delivered
    pursued = q.without_effort + (1.0 - q.without_effort) * worked
    excess = q.severity - q.usual_severity
    body.detection = found * clamp(min(pursued * (1.0 - q.closed_ranks * excess), body.sanction_ceiling))
    body.harshness = 1.0 + q.severity_weight * excess
    body.deterrence = clamp(body.detection * body.harshness + land.government.lesson)
    tenders = p.procurement.power * p.procurement.transparency * ledger["procurement"].delivered
    body.open_purchases = clamp(tenders * (1.0 - body.capture))

    for line, lever in (("procurement", "transparency"), ("oversight", "coverage"), ("audit", "rate"),
                        ("complaints", "channel"), ("investigations", "effort"), ("civil_society", "support")):
        block = getattr(p, line)
        ledger[line].planned = getattr(block, lever) * block.cost_per_year * dt


def officers_extract(land: Any, dt: float) -> None:
    p, pay = land.parameters.corruption, land.parameters.pay.level
    sanctions = land.parameters.investigations
    body, state = land.oversight, land.government
    staff = corrupt_officers = 0.0
    for unit in land.police:
        staff += unit.staff
        corrupt_officers += unit.staff * unit.corrupt
    national = corrupt_officers / staff if staff > 0.0 else 0.0

    def chance_of_sanction(unit: Any) -> float:
        shield = p.patron_shield if unit.patron >= 0 else 0.0
        return float(body.detection * (1.0 - shield * state.resistance))

    def believe(unit: Any, seen: float) -> None:
        unit.perceived_detection = clamp(unit.perceived_detection
                                         + (1.0 - decay(p.belief_time, dt)) * (seen - unit.perceived_detection))

    def decide(unit: Any, others: float) -> None:
        need = p.need_weight * (min(unit.arrears / p.need_months, 2.0) + max(0.0, 1.0 - pay))
        gain = unit.opportunity + (need + p.wage_price_effect * (pay - 1.0))
        peers = 0.5 * unit.corrupt + 0.5 * others
        deterred = p.cost * body.harshness * unit.perceived_detection
        target = logistic((gain - deterred - unit.integrity + p.contagion * peers) / p.spread)
        unit.corrupt = clamp(unit.corrupt + p.speed * dt * (target - unit.corrupt))
        unit.integrity = clamp(unit.integrity + p.integrity_drift * dt * (0.5 - unit.corrupt))

    for unit in land.police:
        risk = chance_of_sanction(unit)
        caught = binomial(int(unit.staff * unit.corrupt), chance(risk, dt),
                          land.draw("corruption: officers sanctioned", unit.uid, 0))
        leaves = int(p.dismissal * caught)
        unit.staff -= leaves
        state.pool_police += leaves
        body.sanctioned += caught
        hit = caught / unit.staff if unit.staff > 0.0 else 0.0
        unit.morale = clamp(unit.morale - p.morale_of_sanctions * hit * sanctions.severity / sanctions.usual_severity)
        believe(unit, clamp(risk + p.seen_sanctions * min(1.0, hit / dt)))
        decide(unit, national)

    bosses = [unit.corrupt for unit in land.military]
    for unit in land.military:
        believe(unit, chance_of_sanction(unit))
        decide(unit, bosses[unit.commander] if unit.commander >= 0 else unit.corrupt)


def budget_holders_learn(land: Any, _: float) -> None:
    p, body = land.parameters.corruption, land.oversight
    audits = body.audit_detection * (1.0 - body.capture)
    review = p.review_of_budgets * land.government.function * body.capacity * (1.0 - body.capture)
    loss = clamp(audits + review) * p.penalty
    for elite in land.elites:
        kept = elite.diversion
        payoff = kept - kept * kept / (2.0 * max(elite.norm, 0.01)) - loss * kept
        way = 1.0 if elite.last_change >= 0.0 else -1.0
        if payoff < elite.payoff:
            way = -way
        tried = land.draw("corruption: how far a budget holder tries", elite.uid, 0)
        elite.payoff = clamp(payoff, -1.0, 1.0)
        elite.diversion = clamp(kept + way * p.learning * tried)
        elite.last_change = elite.diversion - kept
