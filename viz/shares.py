"""Shares are shown in percent: on tiles, charts, maps and figures. Files of numbers keep them as the model does."""

from __future__ import annotations

from .messages import text

SHARE = "share 0-1"  # the unit in which the model counts them
PERCENT = 100.0


def scale(unit: str) -> float:
    """What values in a unit of the model are multiplied by to be shown."""
    return PERCENT if unit == SHARE else 1.0


def shown(unit: str) -> str:
    """The unit in which they are then shown."""
    return "%" if unit == SHARE else unit


def shown_gap(unit: str) -> str:
    """The unit in which differences between them are shown."""
    return text("plan.points") if unit == SHARE else unit
