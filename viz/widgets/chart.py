"""One chart: lines with bands over time, drawn as SVG in the browser, with a table of the same numbers."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Chart(anywidget.AnyWidget):
    """Draws the dictionary `data`.

    It holds `title`, `unit`, `note` texts; `x` positions (years), `xlabel`; `limits` [low, high] of the axis or None;
    `zero` whether a line marks 0; `legend` False for none on a narrow chart; `step` whether lines are steps; `series` a
    list of {name, role, mid, low, high, inner_low, inner_high, ghost}, each a list over `x` or None, where `role`
    ("baseline", "plan", "pin1" ...) chooses colour and dash and `ghost` is the line before the last move; `marks` a
    list of {x, label}; `settled` False while the axis may only widen; `rev`, which tests wait for. `words` holds the
    texts of the controls. It is `height` pixels high, and by `grow` more for each pixel that the window is higher than
    a laptop's.
    """

    _esm = module("axes.js", "chart.js")
    _css = HERE / "chart.css"
    data = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(260).tag(sync=True)
    grow = traitlets.Float(0.0).tag(sync=True)
