"""The app's server: on this machine only, with every asset its own, ready in a second or two."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path

HOST = "127.0.0.1"
PORT = 8765
FRONT_END = Path("share/solara/cdn/@widgetti/solara-vuetify-app@10.1.1/dist/solara-vuetify-app8.min.js")
MISSING = ("the app needs packages that are not installed: python -m pip install 'ssr-sim[app]' "
           "(a checkout: make app)")


class CannotServe(Exception):
    """Why the app cannot start, in one sentence."""


def check_assets() -> None:
    """Raises `CannotServe` when a part of the app is not installed: offline it would be a blank page."""
    wanted = ("solara", "anywidget", "uvicorn")
    if any(importlib.util.find_spec(name) is None for name in wanted) or not (Path(sys.prefix) / FRONT_END).exists():
        raise CannotServe(MISSING)


def free_port(wanted: int | None) -> int:
    """The port asked for, or the first free one from `PORT` on; raises `CannotServe` when it is taken."""
    for port in (wanted,) if wanted is not None else range(PORT, PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CannotServe(f"port {wanted or PORT} is in use: choose another with --port, or leave --port out")


def serve(port: int | None = None, browser: bool = True, path: str = "", sweeps: Sequence[Path] = ()) -> None:
    """Serve the app at http://127.0.0.1:`port` until Ctrl-C, and open its page `path` in a browser.

    `sweeps` are folders of finished sweeps that every visitor may read in the lab. Raises `CannotServe`, and
    `SweepError` for a folder that holds none.
    """
    check_assets()
    chosen = free_port(port)
    module = f"{__package__}.app"
    os.environ |= {"SOLARA_APP": module, "SOLARA_MODE": "production", "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
                   "SOLARA_KERNEL_CULL_TIMEOUT": "30m", "SOLARA_THEME_FORCE_REFRESH": "True",
                   "SOLARA_SESSION_HTTP_ONLY": "True", "SOLARA_SESSION_SAME_SITE": "lax",
                   "SOLARA_THEME_SHOW_BANNER": "False"}
    import solara.server.cdn_helper as cdn

    cdn.fetch_from_cdn = _not_from_the_net  # what is not here cannot be fetched: fail at once, not after four tries
    import uvicorn

    from .lab import desk

    desk.allow(sweeps)
    address = f"http://{HOST}:{chosen}/{path}"
    server = uvicorn.Server(uvicorn.Config("solara.server.starlette:app", host=HOST, port=chosen, log_level="warning"))
    print(f"ssr_sim is at {address} (this machine only). Ctrl-C ends it.", flush=True)
    if browser:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    server.run()


def _not_from_the_net(url: str) -> bytes:
    raise FileNotFoundError(f"{url} is not among the app's own files")


if __name__ == "__main__":
    serve(browser=False)
