"""The plan before the last move: its middle lines, which the charts keep as a dotted ghost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import solara

from ssr_sim.comparison import Comparison
from ssr_sim.intervals import Floats
from ssr_sim.measures import INDEX, INDICATORS

from . import bands, shares
from .plan import Plan

Chart = dict[str, Any]


class Before(NamedTuple):
    """The middle lines of a finished comparison: `plan` and `gap` (weeks shown, indicators), `lasting` peace."""

    question: Plan
    plan: Floats
    gap: Floats
    lasting: list[float | None]

    def behind(self, question: Plan) -> bool:
        """Whether it can stand behind the charts of `question`: another plan for the same country and years."""
        return question != self.question and (question.country, question.years) == (self.question.country,
                                                                                    self.question.years)

    def on(self, charts: list[Chart], show: str) -> list[Chart]:
        """The charts of an indicator, its difference and lasting peace, with these lines behind those of the plan."""
        lines = bands.plain(self.plan[:, INDEX[show]]), bands.plain(self.gap[:, INDEX[show]]), self.lasting
        return [chart | {"series": [*chart["series"][:-1], chart["series"][-1] | {"ghost": line}]}
                for chart, line in zip(charts, lines, strict=True)]


def middles(question: Plan, comparison: Comparison) -> Before:
    """What charts keep of a comparison: lines only, since the runs of a visitor's every plan would fill the memory."""
    weeks = bands.weeks_shown(comparison.a.values.shape[1])
    plan, gap = np.empty((2, len(weeks), len(INDEX)))
    for k, row in enumerate(INDICATORS):  # one by one: all at a time would take 25 MB, for each visitor
        after, before = (shares.scale(row.unit) * arm.values[:, weeks, k] for arm in (comparison.b, comparison.a))
        plan[:, k], gap[:, k] = np.median(after, axis=0), np.median(after - before, axis=0)
    return Before(question, plan, gap, bands.survival(comparison)["series"][-1]["mid"])


def use_before(question: Plan, finished: Before | None, moving: bool) -> Before | None:
    """The last finished plan that a visitor had let go of before `question`, if the charts can show both."""
    kept: Any = solara.use_ref((None, None))  # the newest that was let go of, and the one before
    now, earlier = kept.current
    if finished is not None and not moving and (now is None or now.question != finished.question):
        now, earlier = kept.current = finished, now
    ghost: Before | None = now if now is not None and now.question != question else earlier
    return ghost if ghost is not None and ghost.behind(question) else None
