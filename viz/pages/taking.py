"""Taking a plan away: as a file of some kind, or as a page to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from ssr_sim.comparison import Comparison

from ..answering import Answer
from ..messages import text
from ..plan import Plan
from ..tabs.effects import charts
from ..talk import Talk


def use_export(plan: Plan, answer: Answer, talk: Talk, shown: Callable[[Comparison], list[dict[str, Any]]],
               tell: Callable[[str], None]) -> tuple[Callable[[str], None], str]:
    """What makes a file of a kind (`exports.file`) or the page to "print", and the page that is to be printed.

    `shown` gives the charts on the screen of a comparison; `tell` hears in a sentence why there is nothing to take yet.
    """
    printed: solara.Reactive[tuple[Plan, str] | None] = solara.use_reactive(None)

    def export(kind: str) -> None:
        from .. import exports  # here, because Matplotlib takes longer to load than all else on this page
        from ..sheet import sheet

        comparison, address = answer.comparison, f"{talk.origin}/plan?{plan.query()}"
        if kind == "toml":
            talk.order("download", **exports.saved(plan)._asdict())
        elif comparison is None or not answer.answers(plan):  # never this plan above the numbers of another
            tell(text("plan.not_yet"))
        elif kind == "print":
            printed.set((plan, sheet(comparison, plan, address, charts(comparison, plan))))
            talk.order("print", of=".ssr-sheet")
        else:
            talk.order("download", **exports.file(kind, comparison, plan, address, lambda: shown(comparison))._asdict())

    return export, printed.value[1] if printed.value is not None and printed.value[0] == plan else ""
