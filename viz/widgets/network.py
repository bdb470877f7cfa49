"""The map of the country: communities, roads, army units and contingents, played in the browser."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Network(anywidget.AnyWidget):
    """Plays one run on the map `ground` of {x, y, people, region, roads}.

    `film` is {weeks, fields, communities, units, contingents, peace, relapse, rev}: the weeks of the frames, how many
    communities, units and contingents there are, the weeks of peace and relapse (-1 none), which run it is. A field is
    {name, label, unit, top, meaning}. `values` holds the bytes of all frames, (frames, fields, communities); `postings`
    little-endian 16-bit community numbers, for each frame the units and then the contingents, 65535 for none. Topology
    and frames travel once; playing costs the server nothing.
    """

    _esm = module("network.js")
    _css = HERE / "network.css"
    ground = traitlets.Dict().tag(sync=True)
    film = traitlets.Dict().tag(sync=True)
    values = traitlets.Bytes(b"").tag(sync=True)
    postings = traitlets.Bytes(b"").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(620).tag(sync=True)
