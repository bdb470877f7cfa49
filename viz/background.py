"""Work that a part of a page begins beside it, and that ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import solara
import solara.lab


def use_work(work: Callable[[], Awaitable[None]], dependencies: list[Any]) -> solara.lab.Task[[], None]:
    """Begin `work` whenever `dependencies` change. What is under way is cancelled then, and when the part goes.

    An error stands in the task's `exception`: the page is to tell it. (Solara alone would raise it in the page, let
    the work go on after the page is closed, and not wake what it cancels from another thread.)
    """
    under_way: Any = solara.use_ref(None)

    async def known() -> None:
        under_way.current = asyncio.get_running_loop(), asyncio.current_task()
        await work()

    def leave() -> None:
        if under_way.current is not None:
            loop, task = under_way.current
            with suppress(RuntimeError):  # its loop is closed: it has ended
                loop.call_soon_threadsafe(task.cancel)

    solara.use_effect(lambda: leave, dependencies)  # before the next one is begun
    return solara.lab.use_task(known, dependencies=dependencies, raise_error=False)
