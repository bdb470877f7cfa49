"""7.20 Disarmament, demobilisation and reintegration."""

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp, decay, in_order

SIGNATORY = 0


def former_fighters(land: Land, dt: float) -> None:
    p, country, planned = land.parameters.ddr, land.country, land.government.ddr_planned
    first_phase = land.ledger["disarmament"].delivered
    support = p.reintegration * land.ledger["reintegration"].delivered
    army = in_order(unit.staff for unit in land.military)

    active = gone = 0.0
    for group in land.groups:
        if keeps_settlement(group):
            for c in land.communities:
                cohort = land.cohorts[group.row, c.row]
                active += land.presence[group.row, c.row].fighters
                gone += cohort.disarmed + cohort.demobilised + cohort.reintegrated
    others = gone / (active + gone) if active + gone > 0.0 else 0.0

    integrated = abusers = supported_people = 0.0
    for group in land.groups:
        ready = 0.0
        if keeps_settlement(group):
            seen = clamp(others + p.head_start)
            ready = clamp(p.readiness * group.assurance * (1.0 - p.synchrony + p.synchrony * seen))
        rate = min(p.fastest, p.capacity * planned / max(active * p.caseload, 1.0)) * first_phase * ready
        arms_each = group.weapons / group.fighters if group.fighters > 0.0 else 0.0
        arms = fighters = 0.0
        for c in land.communities:
            row, cohort = land.presence[group.row, c.row], land.cohorts[group.row, c.row]
            if row.fighters <= 0.0 and cohort.disarmed + cohort.demobilised + cohort.reintegrated <= 0.0:
                continue
            if ready > 0.0 and row.fighters > 0.0:
                out = binomial(int(row.fighters), chance(rate, dt), land.draw("ddr: fighters who disarm", cohort.uid))
                row.fighters -= out
                cohort.disarmed += out
                arms += out * arms_each
            if cohort.disarmed > 0.0:
                taken = 0
                if army >= 1.0:
                    taken = binomial(int(cohort.disarmed), chance(p.integration_quota * p.processing * first_phase, dt),
                                     land.draw("ddr: disarmed taken into the army", cohort.uid))
                integrated += taken
                abusers += taken * min(1.0, p.record_brought * (1.0 - group.cohesion))
                out = binomial(int(cohort.disarmed) - taken, chance(p.processing * first_phase, dt),
                               land.draw("ddr: disarmed who are demobilised", cohort.uid))
                cohort.disarmed -= taken + out
                cohort.demobilised += out
            if cohort.demobilised > 0.0:
                supported_people += demobilised(land, group, c, support, dt)
            if cohort.reintegrated > 0.0 and group.at_war:
                out = binomial(int(cohort.reintegrated), chance(p.return_rate * group.ties, dt),
                               land.draw("ddr: reintegrated who go back to arms", cohort.uid))
                cohort.reintegrated -= out
                cohort.relapsed += out
                row.fighters += out
            fighters += row.fighters
        group.fighters = fighters
        collected, hidden = float(int(arms * (1.0 - p.hoarding))), float(int(arms * p.hoarding))
        group.weapons = max(0.0, group.weapons - collected - hidden)
        country.weapons_collected += collected
        country.weapons_loose += hidden

    if integrated > 0.0:
        integrate(land, integrated, abusers / integrated, army)
        country.integrated += integrated
    registered = min(p.capacity * planned, p.fastest * active * p.caseload)
    land.ledger["disarmament"].planned = registered * p.cost_per_person * dt
    land.ledger["reintegration"].planned = (
        p.reintegration * supported_people * p.caseload * p.cost_of_support / p.support_length * dt)


def keeps_settlement(group: Any) -> bool:
    return bool(group.exists and not group.at_war and group.stance == SIGNATORY)


def demobilised(land: Land, group: Any, c: Any, support: float, dt: float) -> float:
    """A month of the demobilised of a place; returns how many of them there were."""
    p = land.parameters.ddr
    row, cohort = land.presence[group.row, c.row], land.cohorts[group.row, c.row]
    there = cohort.demobilised
    cohort.supported = clamp(cohort.supported + (1.0 - decay(p.support_time, dt)) * (support - cohort.supported))
    record = clamp(p.record_of_disorder * (1.0 - group.cohesion) + p.record_of_attacks * c.attacks_in_memory)
    accepted = clamp(1.0 - p.rejection_by_fear * c.fear - p.rejection_by_grievance * c.grievance
                     - p.rejection_by_record * record, p.least_acceptance, 1.0)
    settled = accepted * (cohort.supported / p.livelihood_time + (1.0 - cohort.supported) / p.unaided_time)
    out = binomial(int(cohort.demobilised), chance(settled, dt),
                   land.draw("ddr: demobilised who find a livelihood", cohort.uid))
    cohort.demobilised -= out
    cohort.reintegrated += out
    peers = cohort.relapsed / (cohort.relapsed + cohort.demobilised + cohort.reintegrated + 1.0)
    back = (p.return_rate * group.ties * (1.0 + p.peer_effect * peers)
            * (1.0 - p.hold_of_support * cohort.supported))
    if group.at_war:
        out = binomial(int(cohort.demobilised), chance(p.call_to_arms * back, dt),
                       land.draw("ddr: demobilised who go back to arms", cohort.uid))
        row.fighters += out
    else:
        out = binomial(int(cohort.demobilised), chance(back, dt),
                       land.draw("ddr: demobilised who turn to crime", cohort.uid))
        c.gangs += out
    cohort.demobilised -= out
    cohort.relapsed += out
    return float(there)


def integrate(land: Land, people: float, record: float, army: float) -> None:
    left = people
    for unit in land.military:
        if unit.staff > 0.0:
            share = min(left, float(int(people * unit.staff / army)))
            join(unit, share, record)
            left -= share
    if left > 0.0:
        join(min(land.military, key=lambda unit: (-unit.staff, unit.uid)), left, record)


def join(unit: Any, people: float, record: float) -> None:
    if people > 0.0:
        unit.abuse_record = clamp((unit.abuse_record * unit.staff + record * people) / (unit.staff + people))
        unit.staff += people
