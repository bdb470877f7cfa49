"""The presenter's notes of a story, on a second screen."""

from __future__ import annotations

from typing import Any

import solara

from ..alert import notices
from ..messages import section, text
from ..stories import Story
from ..widgets.presenter import Presenter
from .demo import chosen, for_stage, opened


@solara.component
def Notes() -> None:
    """Notes, expected answer, next scene and time; they follow the stage in the same browser."""
    name = chosen(solara.use_router().search)
    found = solara.use_memo(lambda: opened(name), [name])
    if isinstance(found, Story):
        Presenter.element(story=with_notes(found), words=section("demo.stage") | section("demo.notes"))
        return
    with solara.Div(classes=["ssr-text"]):
        notices(found or [text("demo.notes.no_story")])


def with_notes(story: Story) -> dict[str, Any]:
    """What the presenter sees of a story."""
    shown = for_stage(story)
    for row, scene in zip(shown["scenes"], story.scenes, strict=True):
        row |= {"notes": scene.notes.strip(), "measured": " ".join(scene.measured.split())}
    return shown | {"minutes": story.head.minutes, "notes": story.head.notes.strip()}
