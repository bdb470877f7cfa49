"""What the browser tests share: the smallest plan, and waiting for its numbers."""

from __future__ import annotations

from typing import Any

SMALL = "/plan?country=baseline&years=2&replicates=8&seed=3"


def settled(page: Any, pairs: int = 8) -> Any:
    """The page once its tiles show all runs."""
    page.wait_for_selector(f'.ssr-tiles[data-pairs="{pairs}"]')
    return page


def open_file(page: Any, name: str, content: bytes) -> None:
    """Choose a file in the page's file field."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
