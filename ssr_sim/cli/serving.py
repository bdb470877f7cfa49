"""The command that opens the app in a browser."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from ssr_sim.cli.common import Mistake, app, compile_first, guarded
from ssr_sim.locations import PACKAGE, data_dir


@app.command(name="app")
@guarded
def serve(
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help="default: 8765, or the next free one")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="only serve: open the address yourself")] = False,
) -> None:
    """Open the app in a browser: levers, what they change and why. On this machine only; needs no internet."""
    server = importlib.import_module(f"{_package()}.server")
    try:
        server.serve(port, browser=not no_browser, prepare=compile_first)
    except server.CannotServe as problem:
        raise Mistake(str(problem)) from None


def _package() -> str:
    """The import name of the app: inside the package once installed, beside it in a checkout."""
    folder = data_dir("viz")
    if folder.parent == PACKAGE:
        return "ssr_sim.viz"
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    return "viz"
