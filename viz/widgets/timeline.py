"""The time axis of a plan: what changes when, and from which week the levers on the screen count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Timeline(anywidget.AnyWidget):
    """Shows `weeks` weeks, of which `at` is the chosen one, and `rows` of {week, key, text, own, lasting}.

    `own` rows are the visitor's and can be taken out; the others are the country's own policy and shocks. A `lasting`
    row counts until the end, a shock is over at once. `event` is {do, week, key, count}: "at" when a point of time is
    chosen, "remove" when a change is taken out.
    """

    _esm = module("timeline.js")
    _css = HERE / "timeline.css"
    weeks = traitlets.Int(522).tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
