"""What the browser tests share: the smallest plan, and waiting for its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from viz.plan import LONGEST_QUERY, Plan

SMALL = "/plan?country=baseline&years=2&replicates=8&seed=3"


def settled(page: Any, pairs: int = 8) -> Any:
    """The page once its tiles show all runs."""
    page.wait_for_selector(f'.ssr-tiles[data-pairs="{pairs}"]')
    return page


def open_file(page: Any, name: str, content: bytes) -> None:
    """Choose a file in the page's file field."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})


def longest_plan() -> Plan:
    """The smallest plan with so many later changes that its address has no room for one more lever."""
    plan = Plan(country="baseline", years=2, replicates=8, seed=3)
    keys = ("vetting.coverage", "pay.level", "payroll.control", "oversight.independence")
    changes = ((week, key) for week in range(1, 104) for key in keys)
    while len(plan.query()) < LONGEST_QUERY - 40:
        week, key = next(changes)
        plan = plan.with_lever(key, round(0.5 + week / 1000, 3), week)
    plan = replace(plan, budget=float("9" * min(12, LONGEST_QUERY - len(plan.query()) - len("&budget="))))
    assert LONGEST_QUERY - len("&oversight.coverage=1") < len(plan.query()) <= LONGEST_QUERY
    return plan
