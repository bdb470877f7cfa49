"""The trainer's page: the stories there are, and the stage that plays one."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import parse_qs, quote

import solara

from ssr_sim.faults import ScenarioError
from ssr_sim.formats import counted

from .. import stories, studio
from ..alert import notices
from ..background import use_work
from ..markup import Markup, tag
from ..messages import section, text
from ..scene_results import Payload, finished, growing
from ..stories import Story
from ..widgets.stage import PARTS, Stage

AHEAD = 3  # scenes sent to the browser before they are asked for


@solara.component
def Demo() -> None:
    """The list of stories, or the one that the address names."""
    name = chosen(solara.use_router().search)
    found = solara.use_memo(lambda: opened(name), [name])
    if isinstance(found, Story):
        Player(found).key(found.digest)
    else:
        Shelf(found)


def chosen(search: str | None) -> str:
    """The story that an address names, or nothing."""
    return parse_qs(search or "").get("story", [""])[-1]


def opened(name: str) -> Story | list[str]:
    """A story by its name, or what is wrong with it in sentences; none for no name. Addresses open no files."""
    if not name:
        return []
    if name not in stories.story_files():
        return [text("demo.none", name=name[:60])]
    try:
        return stories.load(name)
    except ScenarioError as error:
        return [str(fault) for fault in error.faults]


@solara.component
def Shelf(said: list[str]) -> None:
    """Every story with its length and what it teaches."""
    read = solara.use_memo(lambda: {name: opened(name) for name in stories.story_files()}, [])
    with solara.Div(classes=["ssr-start"]):
        solara.HTML(tag="h1", unsafe_innerHTML=text("demo.title"))
        solara.HTML(tag="p", unsafe_innerHTML=tag("span", text("demo.about")))
        notices(said)
        for found in read.values():
            for sentence in found if isinstance(found, list) else ():
                solara.Error(sentence)
        with solara.Div(classes=["ssr-doors", "ssr-shelf"]):
            for name, story in read.items():
                if isinstance(story, Story):
                    with solara.Link(f"/demo?story={quote(name)}"):
                        solara.HTML(tag="div", classes=["ssr-door"], unsafe_innerHTML=_cover(story))
        solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text("demo.how")))


def _cover(story: Story) -> Markup:
    head = story.head
    scenes = counted(len(story.scenes), "scene")
    length = text("demo.length", minutes=counted(head.minutes, "minute"), scenes=scenes)
    learns = tag("ul", *(tag("li", sentence) for sentence in head.learns))
    return Markup(tag("h2", head.title) + tag("p", length, class_="length") + tag("p", head.about) + learns)


@solara.component
def Player(story: Story) -> None:
    """The stage, and behind it the runs: those of the scene on the screen first, then of the scenes to come."""
    scene = solara.use_reactive(-1)
    results: solara.Reactive[dict[int, Payload]] = solara.use_reactive(
        {k: known for k in story.told if (known := finished(story, k)) is not None})
    at = max(scene.value, 0)
    wanted = next((k for k in order(story, at) if not results.value.get(k, {}).get("done")), None)

    async def work() -> None:
        if wanted is None or scene.value < 0:  # the browser has not said yet where it is
            return
        stop = threading.Event()
        async for payload in studio.in_threads(growing(story, wanted, stop), stop):
            results.set({**results.value, wanted: payload})

    task = use_work(work, [story.digest, wanted, scene.value < 0])
    if task.trouble:
        solara.Error(task.trouble)
    near = [k for k in order(story, at)[:AHEAD] if k in results.value]
    Stage.element(story=for_stage(story), parts=PARTS, words=section("demo.stage") | {"chart": section("chart")},
                  results={str(k): results.value[k] for k in near}, scene=scene.value, on_scene=scene.set)


def order(story: Story, at: int) -> list[int]:
    """The scenes with a result in the order in which they are needed: from `at` on, then those before."""
    return [*(k for k in story.told if k >= at), *reversed([k for k in story.told if k < at])]


def for_stage(story: Story) -> dict[str, Any]:
    """What the audience sees of a story without its results."""
    return {"name": story.name, "title": story.head.title, "scenes": [
        {"title": scene.title, "text": " ".join(scene.text.split()), "question": scene.question,
         "answers": [answer.text for answer in scene.answers], "told": bool(scene.measure), "changes": scene.changes}
        for scene in story.scenes]}
