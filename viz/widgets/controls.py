"""A row of labelled controls in the browser's own elements: selects, numbers, switches, buttons, tabs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Controls(anywidget.AnyWidget):
    """Shows `fields`, a list of {id, kind, label, value, help}, in order; `name` is that of the group.

    `kind` is "select" (with `options`, a list of {value, label, group}), "checks" (the same, several, at most `most`),
    "menu" (the same, things to do), "number" (`lo`, `hi`, `step`; `optional` when it may be empty, None), "text"
    (`size` in characters), "switch", "button" (`look` "main" for the one that matters, `disabled`, `name` for screen
    readers where the label is a sign, `travels` "canGoBack" or "canGoForward" for one that rests where the browser
    cannot), "link" (`href`), "file" (`accept`, `most` bytes) or "tabs" (`options`). What a visitor does arrives in
    `event` as {id, value, count}; the value of a file is {name, size, base64}, without its content where that is
    larger than `most`. `layout_name` is "row", "row tight", "row inline", "column", "three",
    "tabs" or "bar".
    """

    _esm = module("controls.js")
    _css = HERE / "controls.css"
    fields: Any = traitlets.List().tag(sync=True)
    layout_name = traitlets.Unicode("row").tag(sync=True)
    name = traitlets.Unicode("").tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
