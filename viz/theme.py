"""Light, dark, or as the system: chosen in the bar, kept by the browser."""

from __future__ import annotations

from typing import Any

import solara

from .messages import text
from .orders import use_orders
from .widgets.browser import Browser
from .widgets.controls import Controls

THEMES = ("auto", "light", "dark")


@solara.component
def Theme() -> None:
    """The choice of colours."""
    chosen = solara.use_reactive("auto")
    command, order = use_orders()

    def hear(event: dict[str, Any]) -> None:
        if event.get("type") == "hello" and event.get("theme") in THEMES:
            chosen.set(event["theme"])

    def choose(event: dict[str, Any]) -> None:
        chosen.set(event["value"])
        order("theme", value=event["value"])

    with solara.Div(classes=["ssr-theme"]):
        Browser.element(command=command, on_event=hear)
        Controls.element(layout_name="bar", on_event=choose, fields=[
            {"id": "theme", "kind": "select", "label": text("app.theme"), "value": chosen.value,
             "options": [{"value": name, "label": text(f"app.theme_{name}")} for name in THEMES]}])
