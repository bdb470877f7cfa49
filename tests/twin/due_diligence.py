"""Human rights due diligence, from section 7.5 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.maths import clamp, normal


def check_recipients(land: Any, _: float) -> None:
    p = land.parameters.due_diligence
    strict = p.strictness * land.ledger["due_diligence"].delivered
    error = p.error * (1.0 - land.country.monitoring)
    for k, units in enumerate((land.police, land.military)):
        for unit in units:
            luck = normal(land.draw("due diligence: error of a unit's record as the checkers see it", unit.uid, k))
            unit.withheld = clamp(strict if unit.abuse_record + error * luck > p.threshold else 0.0)
    land.ledger["due_diligence"].planned = p.strictness * p.cost_per_year * 4 * land.clock.dt
