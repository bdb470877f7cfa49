"""The app as a process and a browser to look at it with: for tests, pictures and measurements."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080)}
THEMES = ("light", "dark")
LATE = "processLuminoMessage"  # of ipywidgets: a message for a widget that has just been taken out
PATIENCE = 60_000  # ms; machines that build are slow, and a failure is rare
HERE = (sys.executable, "-m", "ssr_sim", "app", "--no-browser", "--port")
NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Served:
    """A running app: its address, its process, seconds from the command to the first page."""

    address: str
    process: subprocess.Popen[str]
    seconds: float

    def interrupt(self, seconds: float = 20.0) -> tuple[int, str]:
        """Press Ctrl-C: the exit code, and what was printed since the address."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=seconds)
        return self.process.returncode, said

    def listens_at(self) -> set[str]:
        """Addresses that the process waits at for others, in hexadecimal, as Linux tells them: "0100007F:1F90"."""
        sockets = set()
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                sockets.add(os.readlink(entry))
        found = set()
        for table in ("tcp", "tcp6", "udp", "udp6"):
            for line in Path(f"/proc/{self.process.pid}/net/{table}").read_text().splitlines()[1:]:
                local, remote, state, inode = (line.split()[k] for k in (1, 2, 3, 9))
                waits = state == "0A" if table.startswith("tcp") else remote.endswith(":0000")
                if waits and f"socket:[{inode}]" in sockets:
                    found.add(local)
        return found


def any_port() -> int:
    """A free port of the system's choice: servers that start at the same time do not take each other's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(command: Sequence[str] = HERE, cwd: Path = ROOT, port: int | None = None) -> Iterator[Served]:
    """The app on `port` or one of its own, once it answers. Raises RuntimeError with what it said when it ends before.

    What `command` serves is the app of this checkout, when none is given; it takes the port as its last argument.
    """
    began, port = time.perf_counter(), port or any_port()
    path = {"PYTHONPATH": str(ROOT)} if cwd == ROOT else {}
    process = subprocess.Popen([*command, str(port)], cwd=cwd, text=True, preexec_fn=_hears_ctrl_c,
                               env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | path,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield Served(address, process, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _hears_ctrl_c() -> None:
    """A shell that starts us in the background would have us ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=30).read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"the app answers {error.code}") from error
        except OSError:
            time.sleep(0.02)
            continue
        return
    said = process.stdout.read() if process.stdout is not None else ""
    raise RuntimeError(f"the app ended with {process.returncode}: {said}")


def chromium_path() -> str | None:
    """Chromium or Chrome of this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Any, address: str, size: str = "laptop", theme: str = "light") -> tuple[Any, list[str]]:
    """A page in a context of its own, and the list that trouble is added to: requests for anything outside the server,
    answers of 400 and above, errors of scripts.
    """
    width, height = SIZES[size]
    trouble: list[str] = []
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme).new_page()
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda it: _own(it.url, address) or trouble.append(f"asked for {it.url}"))
    page.on("response", lambda it: it.status < 400 or trouble.append(f"{it.status} for {it.url}"))
    page.on("pageerror", lambda it: trouble.append(f"script: {it}"))
    page.on("console", lambda it: it.type != "error" or LATE in it.text or trouble.append(f"console: {it.text}"))
    return page, trouble


def _own(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", f"{address}/".replace("http", "ws", 1), "blob:", "data:"))


def ready(page: Any) -> Any:
    """The page once it shows what it is for: its heading, and on the planner its results."""
    page.wait_for_selector("main h1", state="attached")
    if "/plan" in page.url:
        page.wait_for_selector(".ssr-tiles[data-pairs]")
    if "/lab" in page.url:
        page.wait_for_selector(".ssr-lab [data-toml]", state="attached")
    return page
