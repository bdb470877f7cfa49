"""Who may talk to the server: pages it has given out itself, on this machine. Everybody else is refused.

A page of another site, open in the same browser, can send requests to this machine. It cannot hide where it comes from:
the browser adds `Origin`, and `Host` is the name it was told to look up, which for a name that was made to point here
(DNS rebinding) is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
CLOSED = ("/readyz", "/resourcez", "/_solara/api/evict", "/jupyter/api/kernels")  # for who runs or debugs a server
FOREIGN = "This page is for this machine only: open it at the address that ssr-sim app prints."


class Gate:
    """An ASGI application around another that lets its own pages in, and tells browsers to load nothing from elsewhere.

    Solara's pages are Vue templates, compiled in the browser, and widgets are modules made from text: hence
    'unsafe-eval' and blob.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        host = _one(scope, b"host")
        if not _is_loopback(host) or not _is_own(_one(scope, b"origin"), host):
            return await _refuse(scope, send, 403, FOREIGN)
        if scope["type"] == "websocket":
            return await self.app(scope, receive, send)
        if scope["path"].startswith(CLOSED):
            return await _refuse(scope, send, 404, "There is nothing here.")

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_headers(host)]
            await send(message)

        return await self.app(scope, receive, guarded)


def _one(scope: Scope, name: bytes) -> str:
    """A header's value: "" without it, and "?", which is nobody's, when there are several."""
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return found[0] if len(found) == 1 else "?" if found else ""


def _is_loopback(host: str) -> bool:
    return LOOPBACK.fullmatch(host) is not None


def _is_own(origin: str, host: str) -> bool:
    """True for a page of this server; programs and addresses typed by hand send no origin."""
    return not origin or origin == f"http://{host}"


def _headers(host: str) -> list[tuple[bytes, bytes]]:
    policy = ("default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
              "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
              f"connect-src 'self' ws://{host} blob: data:; object-src 'none'; base-uri 'none'; "
              "form-action 'none'; frame-ancestors 'none'")
    return [(b"content-security-policy", policy.encode("latin-1")), (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"), (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin")]


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008, "reason": why})
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
    await send({"type": "http.response.body", "body": why.encode()})
