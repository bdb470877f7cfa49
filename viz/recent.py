"""What is kept because it may be asked for again, and not more of it than fits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """At most `kept` values by their keys, the least recently used forgotten first. Threads may share it."""

    def __init__(self, kept: int) -> None:
        self._kept, self._found, self._lock = kept, OrderedDict[Key, Value](), threading.Lock()

    def get(self, key: Key) -> Value | None:
        """What is kept under a key, or None."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Remember a value as the latest one."""
        with self._lock:
            self._found[key] = value
            self._found.move_to_end(key)
            while len(self._found) > self._kept:
                self._found.popitem(last=False)

    def any(self, fits: Callable[[Key], bool]) -> Value | None:
        """What is kept under the first key that fits, or None; it does not count as used."""
        with self._lock:
            return next((value for key, value in self._found.items() if fits(key)), None)
