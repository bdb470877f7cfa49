"""The app in a real browser: one server and one browser for all tests, and a page that fails on any trouble.

Tests wait for markers that the widgets write (`data-rev`, `data-pairs`), never for time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.viz import browsing

STORIES = browsing.ROOT / "tests" / "viz" / "stories"


@pytest.fixture(scope="session")
def app(require: Callable[[object, str], None]) -> Iterator[browsing.Served]:
    """The app on a free port of this machine, with a tiny story besides its own."""
    from viz.server import CannotServe, check_assets

    try:
        check_assets()
    except CannotServe as why:
        require(False, str(why))
    with browsing.served((*browsing.HERE[:-1], "--stories", str(STORIES), "--port")) as found:
        yield found


@pytest.fixture(scope="session")
def server(app: browsing.Served) -> str:
    """The app's address."""
    return app.address


@pytest.fixture
def open_page(server: str, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a path of the app: `open_page("/plan", size="laptop", theme="light")` gives a Playwright page."""
    opened, troubles = [], []

    def opens(path: str = "/", size: str = "laptop", theme: str = "light") -> Any:
        page, trouble = browsing.new_page(chromium, server, size, theme)
        opened.append(page)
        troubles.append(trouble)
        page.goto(server + path)
        return page

    yield opens
    for page in opened:
        page.context.close()
    assert not [line for trouble in troubles for line in trouble]
