"""The command that opens the app in a browser, and how others open it on a page of theirs."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ssr_sim.cli.common import Mistake, app, compile_first, guarded
from ssr_sim.locations import PACKAGE, data_dir

Port = Annotated[int | None, typer.Option(min=1024, max=65535, help="default: 8765, or the next free one")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="only serve: open the address yourself")]


@app.command(name="app")
@guarded
def serve(
    port: Port = None,
    no_browser: NoBrowser = False,
    stories: Annotated[Path | None, typer.Option(metavar="FOLDER", help="stories of your own")] = None,
    sweep: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="a finished sweep to read in the lab; repeatable")
    ] = None,
) -> None:
    """Open the app in a browser: levers, what they change and why. On this machine only; needs no internet."""
    if stories is not None:
        if not stories.is_dir():
            raise Mistake(f"--stories {stories}: there is no such folder")
        os.environ["SSR_SIM_STORIES"] = str(stories.resolve())
    open_app(port, no_browser, sweeps=sweep or ())


def open_app(port: int | None, no_browser: bool, path: str = "", sweeps: Sequence[Path] = ()) -> None:
    """Serve the app and open its page `path`; `sweeps` may be read there. Raises `Mistake`."""
    from ssr_sim.sweep.store import SweepError

    server = of_app("server")
    try:
        server.serve(port, browser=not no_browser, prepare=compile_first, path=path, sweeps=sweeps)
    except (server.CannotServe, SweepError) as problem:
        raise Mistake(str(problem)) from None


def page_of_run(folder: Path, run_id: str) -> str:
    """The path of the page that opens a run of a sweep; raises `SweepError` when it has no such run."""
    return str(of_app("lab.watching").page(folder, run_id))


def of_app(module: str) -> Any:
    """A module of the app, which lies inside the package once installed and beside it in a checkout."""
    folder = data_dir("viz")
    if folder.parent == PACKAGE:
        return importlib.import_module(f"ssr_sim.viz.{module}")
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    return importlib.import_module(f"viz.{module}")
