"""Where sweeps lie that a visitor may open: those of the visitor's own, and the folders named when the app was started.

An address says which by a short name; it cannot name a folder of the machine. A visitor's own runs lie in a temporary
folder that goes when the visitor has left, or where the visitor asked for them.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ssr_sim.sweep.results import Results

AWAY = 1800.0  # seconds for which runs are kept after the last page was closed: a reload, a laptop asleep


class Source(NamedTuple):
    """A sweep that can be read: its name in addresses, what it is called, its folder."""

    id: str
    label: str
    folder: Path


class Desk:
    """What belongs to one visitor, known by the browser's session. Threads may share it."""

    def __init__(self) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="ssr-sim-lab-", ignore_cleanup_errors=True)
        self.folder = Path(self._place.name)
        self.pages = 0
        self.clearing: threading.Timer | None = None
        self._runs: dict[str, Source] = {}

    def place(self, digest: str, label: str, folder: Path | None = None) -> Source:
        """A place for the runs of a study, in `folder` or for as long as the visitor stays."""
        return Source(f"run-{digest[:12]}", label, folder or self.folder / digest)

    def keep(self, source: Source) -> None:
        """Let the visitor read what has been run there. Not before: a folder may hold the sweep of somebody else."""
        self._runs[source.id] = source

    def sources(self) -> list[Source]:
        """The visitor's own sweeps, the latest first."""
        return list(reversed(self._runs.values()))

    def close(self) -> None:
        """Remove what was not asked to be kept."""
        self._place.cleanup()


_DESKS: dict[str, Desk] = {}
_NAMED: dict[str, Source] = {}
_LOCK = threading.Lock()


def arrive(visitor: str) -> Desk:
    """The desk of a visitor who opens a page; `leave` when it is closed."""
    with _LOCK:
        if visitor not in _DESKS:
            _DESKS[visitor] = Desk()
        desk = _DESKS[visitor]
        desk.pages += 1
        if desk.clearing is not None:
            desk.clearing.cancel()
        return desk


def leave(visitor: str, after: float = AWAY) -> None:
    """A page was closed; after the last one the desk is cleared, unless the visitor comes back in time."""
    with _LOCK:
        desk = _DESKS.get(visitor)
        if desk is None:
            return
        desk.pages -= 1
        if desk.pages > 0:
            return
        desk.clearing = threading.Timer(after, _clear, (visitor,))
        desk.clearing.daemon = True
        desk.clearing.start()


def _clear(visitor: str) -> None:
    with _LOCK:
        desk = _DESKS.get(visitor)
        if desk is None or desk.pages > 0:
            return
        del _DESKS[visitor]
    desk.close()


def allow(folders: Iterable[Path]) -> list[Source]:
    """Let every visitor read these sweeps, and say by which names. Raises `SweepError` for a folder without one."""
    for folder in folders:
        place = folder.resolve()
        document = Results.open(place).document
        if place in (source.folder for source in _NAMED.values()):
            continue
        name = next(name for name in (place.name, *(f"{place.name}-{n}" for n in range(2, 999))) if name not in _NAMED)
        _NAMED[name] = Source(name, f"{place.name}: {document['name']}" if document["name"] else place.name, place)
    return list(_NAMED.values())


def found(name: str, desk: Desk) -> Source | None:
    """The sweep of that name, if this visitor may open it."""
    return next((source for source in readable(desk) if source.id == name), None)


def readable(desk: Desk) -> list[Source]:
    """All sweeps that a visitor may open, the visitor's own first."""
    return [*desk.sources(), *_NAMED.values()]
