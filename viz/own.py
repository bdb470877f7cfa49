"""Scenarios of the visitors' own: checked, bounded, and kept apart by visitor.

A file that somebody opens is known by the digest of its text: the plan's country is then `own:<digest>`. The visitor's
browser keeps the text, so reload, Back and a restart of the server find it again; the server remembers the latest
few. Only who opened a file can use it: a link to it asks everybody else to open the file first.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from hashlib import blake2b
from pathlib import PurePath
from typing import NamedTuple

from ssr_sim.faults import Fault, ScenarioError
from ssr_sim.scenario import Scenario, scenario_names
from ssr_sim.scenario_files import Source
from ssr_sim.toml_text import decode, parse

from .messages import text
from .recent import Recent

try:
    import resource
except ImportError:  # Windows has no such limit, only the clock
    resource = None  # type: ignore[assignment]

PREFIX = "own:"
SAVED = "# ssr_sim plan: "  # how the file of a saved plan begins, followed by the plan's address
MOST_BYTES = 256 * 1024  # the largest country that ships has 28 kB
MOST_COMMUNITIES = 5_000  # as many as the map can show
MOST_MEMORY = 32 * 2**20  # bytes of one run at its peak
MOST_FAULTS = 30  # told at a time
SECONDS = 10  # of a processor that reading a file may take; the usual is two
PATIENCE = 90.0  # seconds on the clock: a busy machine is no fault of the file
KEPT = 32
_COUNTRY = re.compile(PREFIX + r"[0-9a-f]{32}")
SLOW = (-24, -9)  # SIGXCPU, SIGKILL: what the system says when the processor's time is used up
_READERS = threading.BoundedSemaphore(2)


class Opened(NamedTuple):
    """A file that a visitor has opened."""

    name: str
    text: str
    scenario: Scenario


SHELF = Recent[tuple[str, str], Opened](KEPT)  # by digest and visitor


def is_own(country: str) -> bool:
    """Whether a plan's country is a file of a visitor."""
    return _COUNTRY.fullmatch(country) is not None


def country_of(digest: str) -> str:
    """What a plan calls the country of an opened file."""
    return PREFIX + digest


def held(country: str, visitor: str) -> Opened | None:
    """The file behind `own:<digest>` if this visitor has opened it and the server still knows."""
    return SHELF.get((country.removeprefix(PREFIX), visitor))


def scenario(country: str) -> Scenario:
    """The scenario of `own:<digest>`; raises `ScenarioError` when the server does not know it (any more)."""
    digest = country.removeprefix(PREFIX)
    opened = SHELF.any(lambda key: key[0] == digest)  # whoever opened it: `held` has let the visitor in
    if opened is None:
        raise ScenarioError([Fault(country, 0, "", text("own.forgotten"))])
    return opened.scenario


def register(content: str, name: str, visitor: str) -> str:
    """Let a visitor use the scenario in a TOML text, and give its digest (32 hex digits).

    `visitor` is the browser's session, `solara.get_session_id()`; `name` is the file's. Raises `ScenarioError`. For a
    text that may be hostile use `read`.
    """
    found = checked(content, name)
    digest = blake2b(content.encode(), digest_size=16).hexdigest()
    SHELF.keep((digest, visitor), Opened(name, content, found))
    return digest


def read(content: bytes, name: str, visitor: str) -> str:
    """As `register`, for a file from anywhere: read first in a process of its own, which must end in time."""
    name = shown_name(name)
    if len(content) > MOST_BYTES:
        raise too_large(name, len(content))
    found = decode(content, name)
    if not found.strip():
        raise ScenarioError([Fault(name, 0, "", text("own.empty"))])
    if "\0" in found:
        raise ScenarioError([Fault(name, found.count("\n", 0, found.index("\0")) + 1, "", text("own.binary"))])
    faults = _faults_elsewhere(found, name)
    if faults:
        raise ScenarioError(faults)
    return register(found, name, visitor)


def too_large(name: str, size: int) -> ScenarioError:
    """Says that a file of `size` bytes is not read."""
    return ScenarioError([Fault(name, 0, "", text("own.large", size=f"{size:,}", most=f"{MOST_BYTES:,}"))])


def checked(content: str, name: str) -> Scenario:
    """The scenario in a text if the app can run it; raises `ScenarioError` with every fault."""
    head = parse(content, name).get("scenario")
    base = head.get("based_on") if isinstance(head, dict) else None
    if base and base not in scenario_names():  # a path would read files of the machine that serves
        message = text("own.based_on", names=", ".join(scenario_names()))
        raise ScenarioError([Source.of(content, name).fault(("scenario", "based_on"), message)])
    found = Scenario.from_toml(content, name)
    communities, memory = found.country.communities, found.memory.run
    if communities > MOST_COMMUNITIES or memory > MOST_MEMORY:
        message = text("own.heavy", communities=f"{communities:,}", megabytes=f"{memory / 2**20:,.0f}", file=name,
                       most=f"{MOST_COMMUNITIES:,}", most_megabytes=f"{MOST_MEMORY / 2**20:.0f}")
        raise ScenarioError([Fault(name, 0, "country.communities", message)])
    return found


def shown_name(name: str) -> str:
    """A file's name without folders and without what does not print, short enough to show."""
    base = PurePath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in base if letter.isprintable())[-60:].strip()
    return kept if kept.endswith(".toml") else f"{kept or 'scenario'}.toml"


def stored(country: str, visitor: str) -> dict[str, str]:
    """What the visitor's browser is to keep of `country`: {key: text}, empty for a country that ships."""
    opened = held(country, visitor) if is_own(country) else None
    return {country: json.dumps([opened.name, opened.text])} if opened else {}


def restored(kept: str | None, country: str, visitor: str) -> bool:
    """Whether what a browser has kept is the file of `country`, which can now be used again. Never raises."""
    try:
        name, content = json.loads(kept or "")
        return country_of(read(str(content).encode(), str(name), visitor)) == country
    except (ValueError, TypeError, RecursionError):  # `ScenarioError` is a ValueError
        return False


def _faults_elsewhere(content: str, name: str) -> list[Fault]:
    """All that is wrong with a text, found in a process that is ended when it takes too long."""
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    with _READERS:
        try:
            done = subprocess.run([sys.executable, "-m", __name__, name, str(SECONDS)], input=content.encode(),
                                  timeout=PATIENCE, capture_output=True, check=False,
                                  env=os.environ | {"PYTHONPATH": path})
            slow = done.returncode in SLOW
        except subprocess.TimeoutExpired:
            slow = True
    if slow:
        return [Fault(name, 0, "", text("own.slow", seconds=SECONDS, file=name))]
    if done.returncode:
        return [Fault(name, 0, "", text("own.broken", file=name))]
    return [Fault(*row) for row in json.loads(done.stdout)]


def _main() -> None:
    """Print the faults of the text on standard input as JSON; the system ends us when it takes too long."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2]) + 1))
    content, faults = sys.stdin.buffer.read().decode(), list[Fault]()
    try:
        checked(content, sys.argv[1])
    except ScenarioError as error:
        faults = error.faults
    told = [(fault.file, fault.line, fault.key[:120], fault.message[:400]) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        told.append((sys.argv[1], 0, "", text("own.more", n=f"{len(faults) - MOST_FAULTS:,}")))
    print(json.dumps(told))


if __name__ == "__main__":
    _main()
