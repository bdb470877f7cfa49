"""Review of files, removal, reinstatement, from section 7.10 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp


def review_files(land: Land, dt: float) -> None:
    p, state = land.parameters.vetting, land.government
    heard = (1.0 - p.needs_complaints) + p.needs_complaints * land.parameters.complaints.channel
    free = (1.0 - p.needs_independence) + p.needs_independence * land.parameters.oversight.independence
    convincing = clamp(p.evidence * heard * free)
    speed = chance(p.coverage * land.ledger["vetting"].delivered, dt)
    staff = removed = 0.0
    for unit in land.police:
        staff += unit.staff
        read = binomial(int(unit.staff), speed, land.draw("vetting: files reviewed", unit.uid))
        if read > 0:
            removed += judge(land, unit, read, convincing)
    state.pool_police += removed
    if staff > 0.0 and state.pool_police > 0.0:
        reinstate(land, staff, dt)
    land.ledger["vetting"].planned = p.coverage * staff * p.cost_per_file * dt


def judge(land: Land, unit: Any, read: int, convincing: float) -> float:
    """Officers of a unit lose their post after `read` files; returns how many."""
    p = land.parameters.vetting
    abusers = int(read * unit.abuse_record + 0.5)
    guilty = binomial(abusers, convincing, land.draw("vetting: abusers removed", unit.uid))
    wronged = binomial(read - abusers, p.false_alarm,
                       land.draw("vetting: clean officers removed by mistake", unit.uid))
    gone = min(float(guilty + wronged), unit.staff)
    found = min(float(guilty), unit.abuse_record * unit.staff)
    left = unit.staff - found
    unit.abuse_record = clamp((unit.abuse_record * unit.staff - found) / left) if left > 0.0 else 0.0
    unit.corrupt = clamp(unit.corrupt * (1.0 - p.corrupt_abusers * guilty / unit.staff))
    unit.reviewed = clamp(unit.reviewed + read / unit.staff * (1.0 - unit.reviewed))
    unit.staff -= gone
    return gone


def reinstate(land: Land, staff: float, dt: float) -> None:
    """Some of the pool win their post back; `staff` is the force before the removals."""
    p, state = land.parameters.vetting, land.government
    before = state.pool_police
    luck = {unit.uid: land.draw("vetting: officers reinstated", unit.uid) for unit in land.police}
    for unit in sorted(land.police, key=lambda unit: luck[unit.uid]):
        due = before * unit.staff / staff * chance(p.reinstatement, dt)
        whole = float(int(due))
        back = min(whole + (1.0 if luck[unit.uid] < due - whole else 0.0), state.pool_police)
        if back > 0.0:
            unit.abuse_record = clamp((unit.abuse_record * unit.staff + p.reinstated_record * back)
                                      / (unit.staff + back))
            unit.staff += back
            state.pool_police -= back
