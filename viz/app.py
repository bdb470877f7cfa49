"""The app's pages by their address, and the frame around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from .messages import text
from .pages.assumptions import Assumptions
from .pages.demo import Demo
from .pages.help import Help
from .pages.notes import Notes
from .pages.planner import Planner
from .pages.start import Start

STYLE = Path(__file__).parent / "style.css"


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006 - Solara's own form
    """The page's frame: style, title, where one can go."""
    route, routes = solara.use_route(peek=True)
    query = solara.use_router().search
    of_story = route is not None and route.path in ("demo", "notes")
    kept = f"?{query}" if query and not of_story else ""  # the plan goes along from page to page
    solara.Style(STYLE)
    solara.Title(text("app.title"))
    with solara.Div(classes=["ssr-app"]):
        with solara.Div(classes=["ssr-bar"]):
            with solara.Link("/"):
                solara.HTML(tag="strong", unsafe_innerHTML=text("app.title"))
            solara.HTML(tag="span", classes=["tagline"], unsafe_innerHTML=text("app.not_a_prediction"))
            for page in routes:
                if page.path != "/" and page.label:
                    with solara.Link(f"/{page.path}{kept}"):
                        solara.HTML(tag="span", unsafe_innerHTML=page.label or "")
        with solara.Div(classes=["ssr-page"], children=children):
            pass


routes = [
    solara.Route(path="/", component=Start, label=text("app.title"), layout=Layout),
    solara.Route(path="plan", component=Planner, label=text("start.plan.title")),
    solara.Route(path="demo", component=Demo, label=text("start.demo.title")),
    solara.Route(path="notes", component=Notes),  # opened from a story
    solara.Route(path="assumptions", component=Assumptions, label=text("start.assumptions.title")),
    solara.Route(path="help", component=Help, label=text("start.help.title")),
]
