"""Effects: the chosen indicator with bands, the paired difference, and how long peace lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from ssr_sim.comparison import Comparison
from ssr_sim.measures import INDICATORS

from .. import bands
from ..messages import section, text
from ..plan import Plan
from ..widgets.chart import Chart
from ..widgets.controls import Controls


@solara.component
def Effects(comparison: Comparison, plan: Plan, go: Callable[[Plan], None]) -> None:
    """Three charts of one comparison."""
    words = section("chart")
    options = [{"value": row.name, "label": row.label} for row in sorted(INDICATORS, key=lambda row: row.label)]
    field = {"id": "show", "kind": "select", "label": text("plan.indicator"), "value": plan.show, "options": options}
    Controls.element(fields=[field], on_event=lambda event: go(replace(plan, show=event["value"])))
    marks = {"marks": bands.marks(plan)}
    fan = solara.use_memo(lambda: bands.fan(comparison, plan.show) | marks, [comparison, plan])
    gap = solara.use_memo(lambda: bands.difference(comparison, plan.show) | marks, [comparison, plan])
    lasting = solara.use_memo(lambda: bands.survival(comparison), [comparison])
    Chart.element(data=fan, words=words, height=250)
    with solara.Div(classes=["ssr-two"]):
        Chart.element(data=gap, words=words, height=190)
        Chart.element(data=lasting, words=words, height=190)
