"""Going to another address of a page, which is what a visitor has set there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import solara

from .messages import text
from .plan import LONGEST_QUERY


class Address(NamedTuple):
    """`go` to another query, by itself or as the second argument takes an address; `refused` says how often one was too
    long, `said` why while one is still there.
    """

    go: Callable[..., None]
    refused: int
    said: list[str]


def use_address(page: str, query: str) -> Address:
    """The address of `page`, now at `query`. A longer one than can be read back is refused: the page stays as it is."""
    router = solara.use_router()
    refused: solara.Reactive[tuple[str, int]] = solara.use_reactive(("", 0))
    here: Any = solara.use_ref(query)
    here.current = query  # also for who has asked long ago

    def go(wanted: str, take: Callable[[str], None] = router.push) -> None:
        if len(wanted) > LONGEST_QUERY:
            refused.set((here.current, refused.value[1] + 1))
        elif wanted != here.current:
            take(f"/{page}?{wanted}")

    place, times = refused.value
    said = [text("app.too_long", most=f"{LONGEST_QUERY:,}")] if times and place == query else []
    return Address(go, times, said)
