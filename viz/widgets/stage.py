"""The stage: a story in full screen, played by keyboard or clicker, its votes kept in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent
STYLES = ("chart.css", "network.css", "stage.css")


class Stage(anywidget.AnyWidget):
    """Plays `story`, {name, title, scenes}, a scene being {title, text, question, answers, told, changes}.

    `answers` are texts, `told` whether there is a result to show, `changes` whether something is done in the country.
    `results` holds what is known of the scenes near the one on the screen, by number (see `scene_results.result`); the
    browser keeps what it has got. `scene` is the one on the screen, from 0, -1 before the browser, whose address is
    the place in the story, has set it. `parts` are the ES modules of the chart ("lines") and the "map", which the stage
    shows by itself, so that no step waits for the server. `words` holds the texts, under "chart" those of the chart.
    """

    _esm = module("stage_place.js", "stage_scene.js", "stage.js")
    _css = "".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
    story = traitlets.Dict().tag(sync=True)
    results = traitlets.Dict().tag(sync=True)
    scene: Any = traitlets.Int(-1).tag(sync=True)
    parts = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)


PARTS = {"lines": module("axes.js", "chart.js"), "map": module("network.js")}
