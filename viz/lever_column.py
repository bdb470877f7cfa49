"""What the lever column shows: every lever of the model with the country's own value, its price and its evidence."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ssr_sim.parameters import GROUPS, Parameter

from .messages import section
from .plan import Plan, Value, levers, scenario_of

ACRONYMS = {"ddr": "DDR", "gbv": "GBV"}
STEPS = 100  # of a slider from end to end, at least


@lru_cache(maxsize=32)
def groups(country: str, years: int) -> list[dict[str, Any]]:
    """The levers of a country by group, headline levers first, as `widgets.levers.Levers` takes them.

    What happens `years` after the start or later does not happen in the runs: there the slider ends.
    """
    names = section("groups")
    scenario = scenario_of(Plan(country=country))
    found = []
    for name in GROUPS:
        rows = [row for row in levers().values() if row.group == name]
        if rows:
            rows.sort(key=lambda row: not row.headline)
            found.append({"name": name, "label": names[name],
                          "levers": [_lever(row, scenario.value(row.key), years) for row in rows]})
    return found


def _lever(row: Parameter, default: Value, years: int) -> dict[str, Any]:
    ends = row.says_when and row.hi > years
    hi = float(years) if ends else row.hi
    finest = step(hi - row.lo)
    return {"key": row.key, "label": label(row.key), "help": row.help, "unit": row.unit, "lo": row.lo, "hi": hi,
            "step": finest, "whole": finest >= 1, "options": list(row.options), "default": default,
            "end": section("levers")["never"] if ends else "", "price": row.cost, "side_effect": row.side_effect,
            "source": row.source, "evidence": evidence(row), "headline": row.headline}


def label(key: str) -> str:
    """A lever's key as people say it: "training.rights_content" is "Training: rights content"."""
    block, _, name = key.replace("_", " ").partition(".")
    return f"{ACRONYMS.get(block, block.capitalize())}: {name}"


def step(span: float) -> float:
    """A round step that makes about a hundred of a slider's span; whole numbers for long ones."""
    if span > STEPS:
        return 1.0
    return 0.01 if span <= 1.0 else 0.05 if span <= 5.0 else 0.5


def evidence(row: Parameter) -> str:
    """How well a lever's number is known: "evidence", "assumption", or "record" of a country or practice."""
    source = row.source.lower()
    return "evidence" if "evidence" in source else "assumption" if "assumption" in source else "record"
