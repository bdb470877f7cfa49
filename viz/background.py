"""Work that a part of a page begins beside it, and that ends with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

import solara
import solara.lab

from ssr_sim.faults import ScenarioError

LOG = logging.getLogger(__name__)


class Work(NamedTuple):
    """Whether it is under way, and in words why it has come to nothing, which the page is to tell."""

    pending: bool
    trouble: str = ""


def use_work(work: Callable[[], Awaitable[None]], dependencies: list[Any],
             refusals: tuple[type[Exception], ...] = ()) -> Work:
    """Begin `work` whenever `dependencies` change. What is under way is cancelled then, and when the part goes.

    `refusals` are what it may raise, besides `ScenarioError`, to say that something cannot be done; any other error
    also goes to the log, with its traceback. (Solara alone would log them all, let the work go on after the page is
    closed, and not wake what it cancels from another thread.)
    """
    under_way: Any = solara.use_ref(None)
    expected: tuple[type[Exception], ...] = (ScenarioError, *refusals)

    async def known() -> Exception | None:
        under_way.current = asyncio.get_running_loop(), asyncio.current_task()
        try:
            await work()
        except Exception as why:
            if not isinstance(why, expected):
                LOG.exception("work beside a page has failed")
            return why.with_traceback(None)  # which would keep all that the work had at hand
        return None

    def leave() -> None:
        if under_way.current is not None:
            loop, task = under_way.current
            with suppress(RuntimeError):  # its loop is closed: it has ended
                loop.call_soon_threadsafe(task.cancel)

    solara.use_effect(lambda: leave, dependencies)  # before the next one is begun
    task = solara.lab.use_task(known, dependencies=dependencies, raise_error=False)
    failed = task.value if task.finished else None
    return Work(task.pending, "" if failed is None else str(failed) or repr(failed))
