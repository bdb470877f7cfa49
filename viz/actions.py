"""What one does with a plan: goals and budget, undo and redo, pin, link, open, save, export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from . import goals
from .messages import section, text
from .pages import opening
from .plan import Plan
from .widgets.controls import Controls

MILLION = 1e6


@solara.component
def Actions(plan: Plan, go: Callable[[Plan], None], do: Callable[[str, Any], None], can_pin: bool) -> None:
    """One row of controls. What changes the plan goes through `go`; `do` takes the rest as (name, value)."""
    def act(event: dict[str, Any]) -> None:
        name, value = event["id"], event["value"]
        if name == "goals":
            go(replace(plan, goals=tuple(value)))
        elif name == "budget":
            go(replace(plan, budget=None if value is None else value * MILLION))
        elif name == "nothing":
            go(plan.as_given())
        else:
            do(name, value)

    exports = [{"value": name, "label": label} for name, label in section("plan.exports").items()]
    Controls.element(name=text("plan.actions"), on_event=act, layout_name="row tight", fields=[
        {"id": "goals", "kind": "checks", "label": text("goals.choose"), "help": text("goals.choose_help"),
         "most": goals.MOST, "value": list(plan.goals or goals.FIRST),
         "options": [{"value": name, "label": goals.titled(name, plan.years)} for name in goals.GOALS]},
        {"id": "budget", "kind": "number", "label": text("plan.budget"), "lo": 0, "hi": 1e7, "step": "any",
         "optional": True, "help": text("plan.budget_none"),
         "value": "" if plan.budget is None else plan.budget / MILLION},
        _icon("back", "↶", text("plan.undo"), "U", "canGoBack"),
        _icon("forward", "↷", text("plan.redo"), "R", "canGoForward"),
        _icon("replay", "⟲", text("plan.replay"), "P", "canGoBack"),
        {"id": "nothing", "kind": "button", "label": text("plan.nothing"), "disabled": not plan.changes},
        {"id": "pin", "kind": "button", "label": text("plan.pin"), "disabled": not (can_pin and plan.lever_changes)},
        {"id": "copy", "kind": "button", "label": text("plan.link")},
        opening.field(),
        {"id": "save", "kind": "button", "label": text("plan.save"), "help": text("plan.save_help")},
        {"id": "export", "kind": "menu", "label": text("plan.export"), "options": exports},
    ])


def _icon(name: str, sign: str, words: str, key: str, travels: str) -> dict[str, Any]:
    return {"id": name, "kind": "button", "label": sign, "name": words, "help": f"{words} ({key})", "travels": travels}
