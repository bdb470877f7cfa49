"""The command that serves the app: what it says when it cannot, and how it ends."""

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ssr_sim.cli import app as command
from tests.viz import browsing
from viz import server


@pytest.fixture(autouse=True)
def installed(require: Callable[[object, str], None]) -> None:
    try:
        server.check_assets()
    except server.CannotServe as why:
        require(False, str(why))


def test_a_port_in_use_is_said_in_one_sentence_and_the_exit_code_is_2() -> None:
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run([sys.executable, "-m", "ssr_sim", "app", "--no-browser", "--port", str(port)],
                              cwd=browsing.ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == (f"error: port {port} is in use: choose another with --port, or leave --port out")


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        monkeypatch.setattr(server, "PORT", other.getsockname()[1])
        assert server.PORT < server.free_port(None) < server.PORT + 50


def test_on_windows_a_port_is_asked_for_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Probe(socket.socket):
        def setsockopt(self, *option: Any) -> None:
            asked.append(option)

    monkeypatch.setattr(socket, "socket", Probe)
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)  # its number there
    server.free_port(None)
    assert asked == [(socket.SOL_SOCKET, -5, 1)]


def test_missing_assets_are_said_in_one_sentence_and_the_exit_code_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "FRONT_END", Path("share/not/there.js"))
    done = CliRunner().invoke(command, ["app", "--no-browser"])
    assert done.exit_code == 2
    assert done.stderr.strip() == f"error: {server.MISSING}"


@pytest.mark.parametrize(("port", "said"), [
    ("80", "greater than or equal to 1024"), ("70000", "less than or equal to 65535"), ("here", "valid integer")])
def test_a_port_that_is_none_is_said_with_what_would_be(port: str, said: str) -> None:
    done = CliRunner().invoke(command, ["app", "--port", port])
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.browser
def test_ctrl_c_ends_it_quietly_though_a_page_is_open(chromium: Any) -> None:
    with browsing.served() as app:
        page, trouble = browsing.new_page(chromium, app.address)
        page.goto(app.address + "/plan?country=baseline&years=2&replicates=8")
        browsing.ready(page)
        assert not trouble
        code, said = app.interrupt()
        page.context.close()
    assert code == 130
    assert said.splitlines() == [f"ssr_sim is at {app.address}/ (this machine only). Ctrl-C ends it.", "stopped."]


def test_getting_ready_loads_nothing_that_only_draws_figures() -> None:
    told = subprocess.run([sys.executable, "-c", "import sys, viz.pages.planner, viz.pages.assumptions\n"
                           "print([name for name in ('matplotlib', 'pandas') if name in sys.modules])"],
                          cwd=browsing.ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["[]"]
