"""The command for who writes or prepares a story: check it, see what the model says to each scene, print a handout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssr_sim import terminal
from ssr_sim.cli.common import Mistake, app, compile_first, guarded
from ssr_sim.cli.serving import of_app
from ssr_sim.formats import counted


@app.command()
@guarded
def story(
    name: Annotated[str | None, typer.Argument(metavar="STORY", help="a story by name or a file.toml")] = None,
    runs: Annotated[int | None, typer.Option(min=8, help="pairs of runs (default: as the story has it)")] = None,
    handout: Annotated[Path | None, typer.Option(metavar="FILE", help="only write a page to print, as HTML")] = None,
) -> None:
    """List the stories, or check one and say what the model answers to each of its scenes."""
    stories = of_app("stories")
    if name is None:
        for known in stories.story_files():
            typer.echo(f"{known}: {stories.load(known).head.title}")
        return
    found = stories.load(name)
    if handout is not None:
        try:
            handout.write_text(of_app("handout").page(found), encoding="utf-8")
        except OSError as error:
            raise Mistake(f"{handout}: cannot write there ({error.strerror or error})") from None
        return
    typer.echo(f"{name} is fine: {found.head.title}, {counted(len(found.scenes), 'scene')}, "
               f"{counted(found.head.minutes, 'minute')}.")
    compile_first()
    results = of_app("scene_results")
    silent = False
    for k, said in results.answers(found, runs or found.head.runs):
        scene = found.scenes[k]
        typer.echo(f"{k + 1}. {scene.title}: {said['title']}")
        typer.echo(f"   {said['before']} -> {said['after']}  {said['change']}  {said['verdict']}, {said['pairs']} pairs"
                   if scene.changes else f"   {said['after']}, {said['pairs']} runs")
        if scene.answers:
            true = scene.answers[said["truth"]].text if said["truth"] >= 0 else "none of the answers"
            typer.echo(f"   true: {true}")
        if not said["own_words"]:
            silent = True
            typer.echo(f"   the story has no words of its own for {said['verdict']!r}")
    if silent:
        terminal.say("Scenes without words of their own for what comes out: give their reveal some.")
