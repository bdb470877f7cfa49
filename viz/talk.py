"""A page's talk with the browser: it takes orders and keys, remembers where one was, and tells what it has kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import solara

from . import own, pins
from .orders import Order, use_orders
from .pins import Pin
from .widgets.browser import Browser


class Talk(NamedTuple):
    """What a page can do with its browser, and what the browser has told by now."""

    order: Order
    origin: str  # of the page's address; "" until the browser has told
    pins: tuple[Pin, ...] | None  # None until the browser has told
    keep: Callable[[tuple[Pin, ...]], None]


def use_browser(remember: dict[str, str], country: str, keys: Mapping[str, str],
                told: Callable[[str], None] | None = None) -> Talk:
    """Put the widget on a page of a visitor who is in `country`.

    The browser is to `remember` {key: text}; `keys` give orders by themselves; `told` hears "copied" or "failed".
    """
    command, order = use_orders()
    origin = solara.use_reactive("")
    stored: solara.Reactive[tuple[Pin, ...] | None] = solara.use_reactive(None)

    def hear(event: dict[str, Any]) -> None:
        if event.get("type") == "hello":
            origin.set(event["origin"])
            stored.set(pins.from_text(event["stored"].get("pins")))
        elif event.get("type") == "key":
            order(keys[event["key"]])
        elif event.get("type") in ("copied", "failed") and told is not None:
            told(event["type"])

    def keep(new: tuple[Pin, ...]) -> None:
        stored.set(new)
        order("remember", stored={"pins": pins.to_text(new)})

    Browser.element(command=command, remember=remember, listened=list(keys), on_event=hear,
                    shelf=own.stored(country, solara.get_session_id()))
    return Talk(order, origin.value, stored.value, keep)
