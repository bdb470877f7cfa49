"""The keys that a design samples: one row each with the range, and a field that finds more of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Factors(anywidget.AnyWidget):
    """Shows `rows`, a list of {key, label, unit, lo, hi, low, high, fixed, problem}.

    `lo` and `hi` are the declared range, `low` and `high` the one given or None; `fixed` says in words why there is no
    range to give; `problem` what is wrong. `choices` are {value, label} that can be added; whoever types another key is
    told so by the specification. `event` is {do, key, low, high, count}: "add", "set" or "remove".
    """

    _esm = module("factors.js")
    _css = HERE / "factors.css"
    rows: Any = traitlets.List().tag(sync=True)
    choices: Any = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
