"""The app's pages by their address, and the frame around them."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from .background import use_work
from .messages import text
from .theme import Theme
from .warm import ready

STYLE = Path(__file__).parent / "style.css"


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006 - Solara's own form
    """Banner, navigation and main part, as landmarks."""
    here, routes = solara.use_route(peek=True)
    query = solara.use_router().search
    of_story = here is not None and here.path in ("demo", "notes")
    kept = f"?{query}" if query and not of_story else ""  # the plan goes along from page to page
    solara.Style(STYLE)
    title = text("app.title")
    solara.Title(title if here is None or here.path == "/" else f"{here.label} – {title}")
    with solara.Div(classes=["ssr-app"]):
        solara.v.Html(tag="a", class_="ssr-skip", attributes={"href": "#main"}, children=[text("app.skip")])
        with solara.v.Html(tag="header", class_="ssr-bar"):
            with solara.Link("/"):
                solara.v.Html(tag="strong", children=[title])
            solara.v.Html(tag="span", class_="tagline", children=[text("app.not_a_prediction")])
            with solara.v.Html(tag="nav", attributes={"aria-label": text("app.pages")}):
                for page in routes:
                    if page.path not in ("/", "notes"):  # notes are opened from a story
                        with solara.Link(f"/{page.path}{kept}", classes=["here"] if page is here else []):
                            solara.v.Html(tag="span", children=[page.label or ""],
                                          attributes={"aria-current": "page"} if page is here else {})
            Theme()
        solara.v.Html(tag="main", class_="ssr-page", attributes={"id": "main", "tabindex": "-1"}, children=children)


def page(module: str, name: str) -> Callable[[], None]:
    """A page that is imported once the app is ready, and says until then that it is getting ready."""

    @solara.component
    def Page() -> None:
        there = solara.use_reactive(ready().done())

        async def wait() -> None:
            await asyncio.wrap_future(ready())
            there.set(True)

        waiting = use_work(wait, [])
        if waiting.trouble:
            solara.Error(waiting.trouble)
        elif there.value:
            getattr(importlib.import_module(f"{__package__}.pages.{module}"), name)()
        else:
            solara.v.Html(tag="p", class_="ssr-wait", attributes={"role": "status"},
                          children=[text("app.getting_ready")])

    return Page  # type: ignore[no-any-return]


routes = [
    solara.Route(path="/", component=page("start", "Start"), label=text("app.title"), layout=Layout),
    solara.Route(path="plan", component=page("planner", "Planner"), label=text("start.plan.title")),
    solara.Route(path="demo", component=page("demo", "Demo"), label=text("start.demo.title")),
    solara.Route(path="notes", component=page("notes", "Notes"), label=text("demo.notes.notes")),
    solara.Route(path="lab", component=page("lab", "Lab"), label=text("start.lab.title")),
    solara.Route(path="assumptions", component=page("assumptions", "Assumptions"),
                 label=text("start.assumptions.title")),
    solara.Route(path="help", component=page("help", "Help"), label=text("start.help.title")),
]
