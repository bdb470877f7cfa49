"""What a screen reader says once a result is there: one sentence, on the goal that comes first."""

from __future__ import annotations

from ssr_sim.comparison import Comparison

from . import goals
from .messages import text
from .plan import Plan


def sentence(comparison: Comparison, plan: Plan) -> str:
    """The first goal with the plan, what it was, and whether that is better."""
    tile = goals.tile_of((plan.goals or goals.FIRST)[0], comparison)
    return text("spoken.result", goal=tile.title, after=tile.after, before=tile.before,
                verdict=tile.word, change=tile.change, pairs=comparison.pairs).replace("  ", " ").replace(" ,", ",")
