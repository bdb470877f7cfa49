"""The app answers its own pages only: no other site open in the browser can drive it or read from it."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.viz.browsing import ROOT, Served

pytestmark = pytest.mark.browser
HANDSHAKE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
SOCKET = "/jupyter/api/kernels/gate-test/channels?session_id=gate-test"


def ask(server: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request, sent as it is: no library tidies the path or adds a Host."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    body = b"" if response.status == 101 else response.read()
    found = response.status, {name.lower(): value for name, value in response.getheaders()}, body
    connection.close()
    return found


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.7:8765", "", "[::1", "a@127.0.0.1"])
def test_a_name_that_was_made_to_point_here_is_refused(server: str, host: str) -> None:
    """DNS rebinding: the browser believes that the page and the app are one site, but still says the page's name."""
    for path in ("/", "/plan", "/static/main-vuetify.js"):
        status, _, body = ask(server, path, Host=host)
        assert status in (400, 403)
        assert b"<html" not in body
    assert ask(server, SOCKET, Host=host, **HANDSHAKE)[0] in (400, 403)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_app_opens_under_its_own_names(server: str, name: str) -> None:
    assert ask(server, "/plan", Host=f"{name}:{urlsplit(server).port}")[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1", "null", "file://"])
def test_a_page_from_elsewhere_cannot_connect_or_send(server: str, origin: str) -> None:
    assert ask(server, SOCKET, Origin=origin, **HANDSHAKE)[0] == 403
    assert ask(server, "/_solara/api/close/x?session_id=y", "POST", Origin=origin)[0] == 403
    assert ask(server, "/plan", Origin=origin)[0] == 403


def test_its_own_page_connects(server: str) -> None:
    assert ask(server, SOCKET, Origin=server, **HANDSHAKE)[0] == 101


def test_two_hosts_in_one_request_are_nobody(server: str) -> None:
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port or 0), timeout=60) as line:
        hosts = f"Host: {address.netloc}\r\nHost: evil.example\r\n"
        line.sendall(f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
        assert line.recv(64).split()[1] in (b"400", b"403")


@pytest.mark.parametrize("path", [
    "/static/../../../../../../etc/passwd", "/static/..%2f..%2f..%2f..%2f..%2fetc/passwd",
    "/static/%2e%2e/%2e%2e/server.py",
    "/static/public/../app.py", "/static/public/..%2fserver.py", "/static/assets/..%2f..%2fserver.py",
    "/static//etc/passwd", "/_solara/cdn/..%2f..%2f..%2f..%2f..%2fetc/passwd", "/_solara/cdn/../../../pyvenv.cfg",
    "/_solara/cdn/%2fetc/passwd", "/jupyter/nbextensions/..%2f..%2f..%2fetc/passwd", "/jupyter/nbextensions/../../x"])
def test_no_path_leads_out_of_the_folders_that_are_served(server: str, path: str) -> None:
    _, _, body = ask(server, path)
    assert b"root:" not in body
    assert b"import " not in body
    assert b"home = " not in body


def test_a_part_that_is_not_there_is_not_fetched_from_the_net(server: str) -> None:
    assert ask(server, "/_solara/cdn/left-pad@1.0.0/index.js")[0] == 404


@pytest.mark.parametrize("path", ["/resourcez", "/resourcez?verbose=1", "/readyz", "/jupyter/api/kernels/x"])
def test_nothing_tells_about_the_server_or_its_visitors(server: str, path: str) -> None:
    assert ask(server, path)[0] == 404
    assert ask(server, "/_solara/api/evict/x", "POST")[0] == 404


def test_no_page_can_be_framed_or_load_anything_from_elsewhere(server: str) -> None:
    status, headers, body = ask(server, "/plan")
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert status == 200
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'self'"
    assert not any("http:" in part or "https:" in part or "*" in part for part in policy.values())
    assert headers["x-content-type-options"] == "nosniff"
    assert "httponly" in headers["set-cookie"].lower()
    assert "samesite=lax" in headers["set-cookie"].lower()
    assert b'<html lang="en">' in body
    assert b"The app does not answer." in body
    assert b"user-scalable=no" not in body


def test_nothing_listens_beyond_this_machine(app: Served, require: Callable[[object, str], None]) -> None:
    require(Path("/proc/net/tcp").exists(), "who listens is read from /proc")
    port = urlsplit(app.address).port
    assert app.listens_at() == {f"0100007F:{port:04X}"}


def test_a_site_in_the_same_browser_gets_nothing(server: str, chromium: Any) -> None:
    """A page of another site tries what the app's own page does: its socket, its pages."""
    page = chromium.new_context().new_page()
    page.route("http://elsewhere.example/**",
               lambda route: route.fulfill(body="<h1>elsewhere</h1>", content_type="text/html"))
    page.goto("http://elsewhere.example/")
    got = page.evaluate("""async (server) => {
        const socket = new WebSocket(server.replace("http", "ws") + "/jupyter/api/kernels/k/channels?session_id=s");
        const opened = await new Promise((done) => {
            socket.onopen = () => done("opened");
            socket.onerror = () => done("refused");
        });
        const read = await fetch(server + "/plan").then((it) => it.text(), () => "refused");
        return [opened, read];
    }""", server)
    page.context.close()
    assert got == ["refused", "refused"]


def test_solara_reports_nothing_home_and_serves_no_debugger() -> None:
    """Asked of Solara itself, which reads its settings when it is imported."""
    script = ("import os; from viz.server import SETTINGS; os.environ |= SETTINGS\n"
              "from solara.server import app, settings\n"
              "print(settings.telemetry.mixpanel_enable, settings.main.mode, app.eviction_enabled())")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "production", "False"]
