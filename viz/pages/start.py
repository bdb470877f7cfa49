"""The first page: what one can do here, and what the model is not."""

from __future__ import annotations

import solara

from ..markup import Markup, tag
from ..messages import section, text

DOORS = ("plan", "lab", "assumptions", "help")


@solara.component
def Start() -> None:
    """A door for each kind of visitor."""
    with solara.Div(classes=["ssr-start"]):
        solara.HTML(tag="h1", unsafe_innerHTML=text("app.subtitle"))
        solara.HTML(tag="p", unsafe_innerHTML=tag("span", text("start.what")))
        with solara.Div(classes=["ssr-doors"]):
            for door in DOORS:
                with solara.Link(f"/{door}"):
                    solara.HTML(tag="div", classes=["ssr-door"], unsafe_innerHTML=_door(section(f"start.{door}")))
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("start.not")))


def _door(words: dict[str, str]) -> Markup:
    return Markup(tag("h2", words["title"]) + tag("p", words["what"]))
