"""Finding and reading scenario files, with file and line of every key; one may be based on another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ssr_sim.faults import Fault, ScenarioError, nearest
from ssr_sim.locations import data_dir
from ssr_sim.toml_text import KeyPath, lines, parse, read

Place = tuple[str, int]  # file, line


class Source(NamedTuple):
    """The tables of a scenario and where each key stands; the empty path stands for the file as a whole."""

    tables: dict[str, Any]
    places: dict[KeyPath, Place]

    @classmethod
    def of(cls, text: str, origin: str) -> Source:
        """A TOML text with the lines of its file, `origin`; raises `ScenarioError` when it is broken."""
        tables = parse(text, origin)  # first: only of sound text can the lines be told
        return cls(tables, {(): (origin, 0), **{path: (origin, line) for path, line in lines(text).items()}})

    def fault(self, path: KeyPath, message: str) -> Fault:
        """The fault of the value at `path`, at the line of the nearest key that the file holds."""
        known = path
        while known not in self.places:
            known = known[:-1]
        key = "".join(f"[{step}]" if isinstance(step, int) else f'."{step}"' if "." in step else f".{step}"
                      for step in path)
        return Fault(*self.places[known], key.removeprefix(".").removesuffix(".value"), message)


def scenario_names() -> list[str]:
    """The names of all shipped scenarios."""
    return sorted(path.stem for path in data_dir("scenarios").glob("*.toml"))


def preset_names() -> list[str]:
    """The names of all shipped presets."""
    return sorted(path.stem for path in (data_dir("scenarios") / "presets").glob("*.toml"))


def read_preset(name_or_path: str) -> Source:
    """A shipped preset by name, or a file by its path: levers and policy entries that go over any scenario."""
    return Source.of(*_content(name_or_path, "preset", data_dir("scenarios") / "presets", preset_names()))


def laid_over(document: dict[str, Any], name: str, preset: Source) -> Source:
    """The tables of `document`, a scenario called `name`, with those of a preset over them."""
    tables = {key: value for key, value in preset.tables.items() if key != "preset"}
    places: dict[KeyPath, Place] = {(): (name, 0)}
    return Source(_merge(document, tables, (), places, preset.places), places)


def read_file(name_or_path: str, seen: tuple[str, ...] = ()) -> Source:
    """A shipped scenario by name, or a file by its path (with a slash or ending in ".toml")."""
    return read_text(*_content(name_or_path, "scenario", data_dir("scenarios"), scenario_names()), seen)


def _content(name_or_path: str, what: str, folder: Path, names: list[str]) -> tuple[str, str]:
    """Text and path of a shipped file by its name, or of a file by its path."""
    path = Path(name_or_path)
    if path.suffix != ".toml" and "/" not in name_or_path and "\\" not in name_or_path:
        if name_or_path not in names:
            near = nearest(name_or_path, names)
            hint = f"{near} There are" if near else "; there are"
            message = f"no {what} {name_or_path!r}{hint} {', '.join(names)}"
            raise ScenarioError([Fault(f"{what}s", 0, "", message)])
        path = folder / f"{name_or_path}.toml"
    return read(path, name_or_path), str(path)


def read_text(text: str, origin: str, seen: tuple[str, ...] = ()) -> Source:
    """The tables of `text`, over those of the scenario that it is based on. `origin` stands for the file."""
    own = Source.of(text, origin)
    head = own.tables.get("scenario")
    base = head.get("based_on") if isinstance(head, dict) else None
    if not isinstance(base, str) or not base:
        return own
    if base in seen:
        message = f"{base!r} is based on itself: {', '.join(seen)}"
        raise ScenarioError([own.fault(("scenario", "based_on"), message)])
    under = read_file(base, (*seen, base))
    for key in ("name", "title", "description"):
        under.tables.get("scenario", {}).pop(key, None)
    places = {**under.places, (): (origin, 0)}
    return Source(_merge(under.tables, own.tables, (), places, own.places), places)


def _merge(under: dict[str, Any], over: dict[str, Any], path: KeyPath, places: dict[KeyPath, Place],
           over_places: Mapping[KeyPath, Place]) -> dict[str, Any]:
    """Tables merge, policy and shock entries add up, all else is replaced; `places` (of `under`) follow."""
    merged = dict(under)
    for key, value in over.items():
        here, old = (*path, key), under.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merged[key] = _merge(old, value, here, places, over_places)
            continue
        first = 0
        if here in (("policy",), ("shock",)) and isinstance(value, list) and isinstance(old, list):
            merged[key], first = old + value, len(old)
        else:
            merged[key] = value
            for gone in [place for place in places if place[:len(here)] == here]:
                del places[gone]
        for new, place in over_places.items():
            if new[:len(here)] == here:
                places[_moved(new, len(here), first)] = place
    return merged


def _moved(path: KeyPath, depth: int, by: int) -> KeyPath:
    """The path with its list index at `depth` moved on by `by`."""
    index = path[depth] if len(path) > depth else None
    return (*path[:depth], index + by, *path[depth + 1:]) if isinstance(index, int) else path
