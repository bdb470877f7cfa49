"""The app's pages by their address, and the frame around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from .messages import text
from .pages.assumptions import Assumptions
from .pages.help import Help
from .pages.lab import Lab
from .pages.planner import Planner
from .pages.start import Start

STYLE = Path(__file__).parent / "style.css"


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006 - Solara's own form
    """The page's frame: style, title, where one can go."""
    _, routes = solara.use_route(peek=True)
    query = solara.use_router().search
    kept = f"?{query}" if query else ""  # the plan goes along from page to page
    solara.Style(STYLE)
    solara.Title(text("app.title"))
    with solara.Div(classes=["ssr-app"]):
        with solara.Div(classes=["ssr-bar"]):
            with solara.Link("/"):
                solara.HTML(tag="strong", unsafe_innerHTML=text("app.title"))
            solara.HTML(tag="span", classes=["tagline"], unsafe_innerHTML=text("app.not_a_prediction"))
            for page in routes:
                if page.path != "/":
                    with solara.Link(f"/{page.path}{kept}"):
                        solara.HTML(tag="span", unsafe_innerHTML=page.label or "")
        with solara.Div(classes=["ssr-page"], children=children):
            pass


routes = [
    solara.Route(path="/", component=Start, label=text("app.title"), layout=Layout),
    solara.Route(path="plan", component=Planner, label=text("start.plan.title")),
    solara.Route(path="lab", component=Lab, label=text("start.lab.title")),
    solara.Route(path="assumptions", component=Assumptions, label=text("start.assumptions.title")),
    solara.Route(path="help", component=Help, label=text("start.help.title")),
]
