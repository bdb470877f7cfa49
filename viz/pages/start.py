"""The first page: three doors, and what the model is not."""

from __future__ import annotations

import solara

from ..messages import text


@solara.component
def Start() -> None:
    """Three doors."""
    with solara.Div(classes=["ssr-start"]):
        solara.HTML(tag="h1", unsafe_innerHTML=text("app.subtitle"))
        with solara.Link("/plan"):
            solara.HTML(tag="span", unsafe_innerHTML="Plan")
