"""Orders to the browser, which carries each out once: copy, download, print, go back, change the theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

Order = Callable[..., None]


def use_orders() -> tuple[dict[str, Any], Order]:
    """The latest order, the `command` of a `widgets.browser.Browser`, and what gives a new one: `order("back")`."""
    command: solara.Reactive[dict[str, Any]] = solara.use_reactive({})

    def order(do: str, **more: Any) -> None:
        command.set({"do": do, "count": command.value.get("count", 0) + 1, **more})

    return command.value, order
