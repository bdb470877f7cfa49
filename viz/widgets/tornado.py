"""A tornado: one bar for each policy, lever or uncertainty, the largest first, with intervals; a table on demand."""

from __future__ import annotations

import anywidget
import traitlets

from . import joined, module


class Tornado(anywidget.AnyWidget):
    """Draws the dictionary `data`.

    It holds `title`, `unit`, `xlabel`, `note` texts; `rows`, a list of {name, value, low, high, role, marked, text} in
    their order, `low` and `high` None where there is no interval, `role` "better", "worse" or "plain", `marked` whether
    the bar is filled, `text` the number in words; `floor` None or the value under which a bar says nothing; `columns`
    the heads of the table. `words` holds the texts of the controls.
    """

    _esm = module("axes.js", "tornado.js")
    _css = joined("figure.css", "tornado.css")
    data = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
