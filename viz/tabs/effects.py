"""Effects: the chosen indicator with bands, the paired difference, and how long peace lasts."""

from __future__ import annotations

from typing import Any

import solara

from ssr_sim.comparison import Comparison

from .. import bands
from ..before import Before
from ..messages import section
from ..plan import Plan
from ..widgets.chart import Chart


@solara.component
def Effects(comparison: Comparison, plan: Plan, before: Before | None, settled: bool) -> None:
    """Three charts of one comparison, all to be seen at once, with the plan `before` behind them.

    Until they are `settled`, while a lever moves or runs are awaited, their axes only widen.
    """
    words = section("chart")
    drawn = solara.use_memo(lambda: charts(comparison, plan), [comparison, plan.show, plan.changes])
    fan, gap, lasting = before.on(drawn, plan.show) if before is not None else drawn
    Chart.element(data=fan | {"settled": settled}, words=words, height=190, grow=0.55)
    with solara.Div(classes=["ssr-two"]):
        Chart.element(data=gap | {"settled": settled}, words=words, height=152, grow=0.42)
        Chart.element(data=lasting, words=words, height=152, grow=0.42)


def charts(comparison: Comparison, plan: Plan) -> list[dict[str, Any]]:
    """The indicator under both policies, its paired difference, and how long peace lasts."""
    marks = {"marks": bands.marks(plan)}
    return [bands.fan(comparison, plan.show) | marks, bands.difference(comparison, plan.show) | marks,
            bands.survival(comparison)]
