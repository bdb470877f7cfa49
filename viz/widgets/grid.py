"""A long table to search, sort and edit in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Grid(anywidget.AnyWidget):
    """Shows `rows` of {key, cells, value, usual, lo, hi, options} under `columns` of {label, numeric}.

    The last column holds `value`, which a visitor may change between `lo` and `hi` or among `options`; `usual` is what
    it would be. `event` is {key, value, count}, value None for a reset.
    """

    _esm = module("grid.js")
    _css = HERE / "grid.css"
    columns: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
