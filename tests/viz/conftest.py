"""The app in a real browser: one server and one browser for all tests, and a page that fails on any trouble.

A page fails its test when it asks for anything outside the server, when a request fails, or when a script errs. Tests
wait for markers that the widgets write (`data-rev`, `data-pairs`), never for time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080)}
PATIENCE = 60_000  # ms; machines that build are slow, and a failure is rare


@pytest.fixture(scope="session")
def server(require: Callable[[object, str], None]) -> Iterator[str]:
    """The app on a free port of this machine: its address."""
    pytest.importorskip("playwright", reason="the browser tests need playwright")
    from viz.server import CannotServe, check_assets, free_port

    try:
        check_assets()
    except CannotServe as why:
        require(False, str(why))
    port = free_port(None)
    process = subprocess.Popen(
        [sys.executable, "-m", "ssr_sim", "app", "--no-browser", "--port", str(port)], cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SSR_SIM_STORIES": str(ROOT / "tests" / "viz" / "stories")},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        assert process.stdout is not None
        for line in process.stdout:  # says its address when it is about to listen
            if address in line:
                break
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            continue
        return
    raise RuntimeError(f"the app ended with {process.returncode}")


@pytest.fixture(scope="session")
def chromium(require: Callable[[object, str], None]) -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    sync_api = pytest.importorskip("playwright.sync_api")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    require(path, "the browser tests need chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(server: str, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a path of the app: `open_page("/plan", size="laptop", theme="light")` gives a Playwright page."""
    contexts, trouble = [], []

    def opened(path: str = "/", size: str = "laptop", theme: str = "light") -> Any:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda it: _own(it.url, server) or trouble.append(f"asked for {it.url}"))
        page.on("response", lambda it: it.status < 400 or trouble.append(f"{it.status} for {it.url}"))
        page.on("pageerror", lambda it: trouble.append(f"script: {it}"))
        page.on("console", lambda it: it.type != "error" or trouble.append(f"console: {it.text}"))
        page.goto(server + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble


def _own(url: str, server: str) -> bool:
    return url.startswith((server, server.replace("http", "ws"), "blob:", "data:"))
