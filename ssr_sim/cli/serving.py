"""The command that opens the app in a browser."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ssr_sim.cli.common import Mistake, app, compile_first, guarded
from ssr_sim.locations import PACKAGE, data_dir


@app.command(name="app")
@guarded
def serve(
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help="default: 8765, or the next free one")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="only serve: open the address yourself")] = False,
    stories: Annotated[Path | None, typer.Option(metavar="FOLDER", help="stories of your own")] = None,
) -> None:
    """Open the app in a browser: levers, what they change and why. On this machine only; needs no internet."""
    if stories is not None:
        if not stories.is_dir():
            raise Mistake(f"--stories {stories}: there is no such folder")
        os.environ["SSR_SIM_STORIES"] = str(stories.resolve())
    server = of_app("server")
    try:
        server.serve(port, browser=not no_browser, prepare=compile_first)
    except server.CannotServe as problem:
        raise Mistake(str(problem)) from None


def of_app(module: str) -> Any:
    """A module of the app, which lies inside the package once installed and beside it in a checkout."""
    folder = data_dir("viz")
    if folder.parent == PACKAGE:
        return importlib.import_module(f"ssr_sim.viz.{module}")
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    return importlib.import_module(f"viz.{module}")
