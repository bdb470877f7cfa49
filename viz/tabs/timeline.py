"""Timeline: what changes when. Before a change the past stays what it was; after it the future branches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ssr_sim.run import weeks_in

from ..described import amount
from ..lever_column import label
from ..messages import section
from ..plan import Plan, scenario_of
from ..widgets.timeline import Timeline as Axis


@solara.component
def Timeline(plan: Plan, go: Callable[[Plan], None]) -> None:
    """The plan's changes and the country's own policy and shocks on one axis."""
    rows = solara.use_memo(lambda: entries(plan), [plan])

    def act(event: dict[str, Any]) -> None:
        if event["do"] == "at":
            go(replace(plan, at=event["week"]))
        else:
            go(plan.with_lever(event["key"], None, event["week"]))

    Axis.element(weeks=weeks_in(plan.years), at=plan.at, rows=rows, words=section("timeline"), on_event=act)


def entries(plan: Plan) -> list[dict[str, Any]]:
    """Everything that is to happen at a known time, in order: the visitor's changes and the country's own."""
    country = scenario_of(plan.as_given())
    words = section("timeline")
    rows: list[dict[str, Any]] = [
        {"week": change.week, "key": change.key, "own": True, "lasting": True,
         "text": f"{label(change.key)} {amount(change.key, change.value, plan.years)}"} for change in plan.changes]
    for given in country.policy:
        what = given.label or ", ".join(
            f"{label(key)} {amount(key, value, plan.years)}" for key, value in given.set.items())
        if given.week is not None:
            rows.append({"week": given.week, "key": "", "text": what, "own": False, "lasting": True})
    for shock in country.shocks:
        if shock.week is not None:
            what = f"{words['shock']}: {shock.label or shock.kind}"
            rows.append({"week": shock.week, "key": "", "text": what, "own": False, "lasting": False})
    within = [row for row in rows if row["week"] < weeks_in(plan.years)]
    return sorted(within, key=lambda row: (row["week"], row["text"]))
