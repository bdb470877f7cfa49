"""Threads that all visitors share: everybody's first runs come before anybody's second."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from itertools import count
from typing import Any, NamedTuple

from ssr_sim.provenance import usable_cores


class _Waiting(NamedTuple):
    """A call that waits: the lowest `turn` first, then who came first."""

    turn: int
    arrival: int
    future: Future[Any]
    call: Callable[[], Any]


class Turns:
    """So many threads, and who is next on them."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="run")
        self._waiting: list[_Waiting] = []
        self._arrivals, self._lock = count(), threading.Lock()

    def share(self) -> Executor:
        """A visitor's share, used as if the threads were theirs alone. Its calls take turns with those of the others:
        its n-th comes before everybody's n+1-th.
        """
        return _Share(self)

    def queue(self, turn: int, call: Callable[[], Any]) -> Future[Any]:
        """The future of a call that waits for its turn."""
        future: Future[Any] = Future()
        with self._lock:
            heapq.heappush(self._waiting, _Waiting(turn, next(self._arrivals), future, call))
        self._threads.submit(self._next)
        return future

    def _next(self) -> None:
        with self._lock:
            waiting = heapq.heappop(self._waiting)
        if not waiting.future.set_running_or_notify_cancel():
            return
        try:
            result = waiting.call()
        except BaseException as error:  # whoever waits for it is told
            waiting.future.set_exception(error)
        else:
            waiting.future.set_result(result)


class _Share(Executor):
    def __init__(self, turns: Turns) -> None:
        self._turns, self._calls, self._open = turns, count(), set[Future[Any]]()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = self._turns.queue(next(self._calls), lambda: fn(*args, **kwargs))
        self._open.add(future)
        future.add_done_callback(self._open.discard)  # its result belongs to who asked
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """The share ends, the threads stay."""
        left = list(self._open)
        if cancel_futures:
            for future in left:
                future.cancel()
        if wait:
            wait_for(left)


TURNS = Turns(usable_cores())
