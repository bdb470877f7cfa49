"""The presenter's page: what to say and to expect, what comes next, the time; it follows the stage."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from . import module

HERE = Path(__file__).parent


class Presenter(anywidget.AnyWidget):
    """Shows the notes of `story`, {name, title, minutes, notes, scenes}.

    A scene is what it is for `widgets.stage.Stage`, with `notes` and what was `measured` besides. The page follows a
    stage in the same browser, which tells votes and results, and passes keys on to it. `words` holds the texts.
    """

    _esm = module("stage_place.js", "presenter.js")
    _css = HERE / "presenter.css"
    story = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
