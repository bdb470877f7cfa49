"""The app's server: on this machine only, with every asset its own, ready in a second or two."""

from __future__ import annotations

import gc
import importlib.util
import os
import signal
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from .messages import text

HOST = "127.0.0.1"
PORT = 8765
PATIENCE = 3  # seconds that open pages have when the server ends
FRONT_END = Path("share/solara/cdn/@widgetti/solara-vuetify-app@10.1.1/dist/solara-vuetify-app8.min.js")
MISSING = ("the app needs packages that are not installed: python -m pip install 'ssr-sim[app]' "
           "(a checkout: make app)")
SETTINGS = {"SOLARA_MODE": "production", "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
            "SOLARA_KERNEL_CULL_TIMEOUT": "30m", "SOLARA_THEME_FORCE_REFRESH": "True",
            "SOLARA_THEME_SHOW_BANNER": "False", "SOLARA_THEME_LOADER": "plain", "SOLARA_THEME_TITLE": "ssr_sim",
            "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False", "SOLARA_SESSION_HTTP_ONLY": "True",
            "SOLARA_SESSION_SAME_SITE": "lax"}
MENDED = (  # what is wrong in Solara's page for us: no language for screen readers, and it cannot be enlarged
    ("<html>", '<html lang="en">'),
    (", maximum-scale=1, user-scalable=no, minimal-ui", ""),
    # the chosen colours from the first moment on; and anywidget gives a widget two seconds to load and leaves it blank
    # for good: not on a busy or slow machine
    ("<head>", """<head>
    <script>{
      let theme = null;
      try { theme = localStorage.getItem("ssr_sim.theme"); } catch { /* forbidden: as the system */ }
      if (theme === "light" || theme === "dark") document.documentElement.setAttribute("data-theme", theme);
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      AbortSignal.timeout = (wait) => timeout(Math.max(wait, 120000));
    }</script>"""),
    # over the page while the server does not answer: what to do, instead of "Server disconnected."
    ("""<v-progress-circular indeterminate size="128" style="text-align: center;">Server
                disconnected.</v-progress-circular>""",
     f"""<div class="ssr-lost" role="alert"><v-progress-circular indeterminate></v-progress-circular>
            <p>{escape(text("app.lost"))}</p></div>"""),
)


class CannotServe(Exception):
    """Why the app cannot start, in one sentence."""


def check_assets() -> None:
    """Raises `CannotServe` when a part of the app is not installed: offline it would be a blank page."""
    wanted = ("solara", "anywidget", "uvicorn")
    if any(importlib.util.find_spec(name) is None for name in wanted) or not (Path(sys.prefix) / FRONT_END).exists():
        raise CannotServe(MISSING)


def free_port(wanted: int | None) -> int:
    """The port asked for, or the first free one from `PORT` on; raises `CannotServe` when it is taken.

    A port is free while a connection of the server before is still closing. On Windows it takes the exclusive use that
    only Windows has to tell, since there the option that says so elsewhere would share the port with another server.
    """
    for port in (wanted,) if wanted is not None else range(PORT, PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CannotServe(f"port {wanted or PORT} is in use: choose another with --port, or leave --port out")


def serve(port: int | None = None, browser: bool = True, prepare: Callable[[], None] | None = None, path: str = "",
          sweeps: Sequence[Path] = ()) -> None:
    """Serve the app at http://127.0.0.1:`port` until Ctrl-C, and open its page `path` in a browser.

    `prepare` is called beside it, before the first page is drawn; `sweeps` are folders of finished sweeps that every
    visitor may read in the lab. Raises `CannotServe`, and `SweepError` for a folder that holds none.
    """
    check_assets()
    chosen = free_port(port)
    os.environ |= SETTINGS | {"SOLARA_APP": f"{__package__}.app"}
    import uvicorn

    from . import warm

    if sweeps:
        from .lab import desk

        desk.allow(sweeps)
    address = f"http://{HOST}:{chosen}/{path}"

    class Server(uvicorn.Server):
        async def startup(self, *arguments: Any, **options: Any) -> None:
            await super().startup(*arguments, **options)
            print(f"ssr_sim is at {address} (this machine only). Ctrl-C ends it.", flush=True)
            warm.ready(prepare)
            if browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an orderly end: what is temporary is removed
    Server(uvicorn.Config(application(), host=HOST, port=chosen, log_level="warning", proxy_headers=False,
                          server_header=False, timeout_graceful_shutdown=PATIENCE)).run()


def application() -> Any:
    """Solara's server behind our gate, with what we mend in it."""
    gc.disable()  # importing makes no garbage, and looking for it takes a tenth of the time
    import reacton.utils
    import solara.server.cdn_helper as cdn
    import solara.server.server as pages
    import solara.server.starlette as starlette

    from .gate import Gate

    gc.enable()
    cdn.fetch_from_cdn = _not_from_the_net  # what is not here cannot be fetched: fail at once, not after four tries
    pages.read_root = _mended(pages.read_root)
    reacton.utils.import_item = _imported  # its own fails while another thread is importing pandas
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # said with every page, and as it should be
    return Gate(starlette.app)


def _not_from_the_net(url: str) -> bytes:
    raise FileNotFoundError(f"{url} is not among the app's own files")


def _mended(read_root: Callable[..., str | None]) -> Callable[..., str | None]:
    """Solara's page, mended."""
    def read(*arguments: Any, **options: Any) -> str | None:
        page = read_root(*arguments, **options)
        if page is not None:
            for wrong, right in MENDED:
                page = page.replace(wrong, right, 1)
        return page

    return read


def _imported(name: str) -> Any:
    """What reacton asks for by name: a module, or something of a module, if it has been imported; else None."""
    module, dot, item = name.rpartition(".")
    return getattr(sys.modules.get(module), item, None) if dot else sys.modules.get(name)


if __name__ == "__main__":
    serve(browser=False)
