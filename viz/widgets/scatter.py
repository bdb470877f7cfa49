"""Many points on two axes, drawn on a canvas; each can be chosen by pointer or keyboard, or read in a table."""

from __future__ import annotations

import anywidget
import traitlets

from . import joined, module


class Scatter(anywidget.AnyWidget):
    """Draws up to a hundred thousand points.

    `x`, `y` and `colour` are the bytes of little-endian float32 arrays of one length. `data` holds `title`, `note`
    texts; `x` and `y` as {label, unit, jitter, options}, jitter being how far points that share a value are spread to
    either side and `options` the names of the values 0, 1, ... of a choice; `kinds`, the names that `colour` numbers,
    or `ramp` {label, low, high} where it is a quantity; `chosen`, the place of the point that is marked, or -1; `rev`,
    which tests wait for. `words` holds the texts of the controls. A choice arrives in `event` as {index, count}.
    It is `height` pixels high, and by `grow` more for each pixel that the window is higher than a laptop's.
    """

    _esm = module("axes.js", "scatter.js")
    _css = joined("figure.css", "scatter.css")
    data = traitlets.Dict().tag(sync=True)
    x = traitlets.Bytes(b"").tag(sync=True)
    y = traitlets.Bytes(b"").tag(sync=True)
    colour = traitlets.Bytes(b"").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(420).tag(sync=True)
    grow = traitlets.Float(0.9).tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
