"""The column of levers: sliders and choices by group, each with value, unit, price and how well it is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Levers(anywidget.AnyWidget):
    """Shows `groups`, a list of {name, label, levers}.

    A lever is {key, label, help, unit, lo, hi, step, whole, options, default, end, price, side_effect, source,
    evidence, headline}, `default` being what the country has and `end` the word for `hi` and all beyond, if there is
    one.

    `values` {key: value} holds what the plan changes; they are shown once more when `again` changes. While a slider is
    dragged `moving` is {key, value}; when it is let go, or reset, `committed` is {key, value, count}, value None for a
    reset.
    """

    _esm = module("levers.js")
    _css = HERE / "levers.css"
    groups: Any = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    again = traitlets.Int(0).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    moving = traitlets.Dict().tag(sync=True)
    committed = traitlets.Dict().tag(sync=True)
