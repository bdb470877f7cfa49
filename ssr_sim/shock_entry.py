"""Planned shocks: the [[shock]] entries of a scenario, what is wrong with them, and the table that a run reads."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.faults import nearest, shown
from ssr_sim.policy_change import moment_problems, moment_week
from ssr_sim.tables import SHOCK_KINDS, empty
from ssr_sim.toml_text import KeyPath

_KEYS = ("date", "week", "year", "kind", "size", "region", "label")
_MOMENTS = ("date", "week", "year")
LOCAL = ("flood",)  # kinds that strike one region
LARGEST = 1.0

Problems = Iterator[tuple[KeyPath, str]]


@dataclass(frozen=True)
class Shock:
    """Something that strikes the country in `week` (0 is the first).

    `kind` is a key of `SHOCK_KINDS`; `size` lies above 0 and up to 1, the worst of its kind; `region` names where a
    flood strikes, empty lets the draw decide. `date` is the day in `week` that a file names; it changes nothing, and
    two shocks that differ only in it are equal.
    """

    kind: str
    week: int
    size: float = 0.5
    region: str = ""
    label: str = ""
    date: datetime.date | None = field(default=None, compare=False)

    def document(self) -> dict[str, Any]:
        """The shock as an entry of a scenario file."""
        moment: dict[str, Any] = {"date": self.date} if self.date else {"week": self.week}
        texts = {"region": self.region, "label": self.label}
        return {**moment, "kind": self.kind, "size": self.size, **{key: text for key, text in texts.items() if text}}


def read_shocks(entries: Any, start: datetime.date,
                regions: Sequence[str]) -> tuple[list[Shock], list[tuple[KeyPath, str]]]:
    """The [[shock]] entries of a file and what is wrong with them, as (path below "shock", message)."""
    if not isinstance(entries, list):
        return [], [((), "must be a list of [[shock]] entries")]
    problems: list[tuple[KeyPath, str]] = []
    shocks: list[Shock] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            problems.append(((index,), "must be a table: [[shock]] with date and kind"))
            continue
        found = list(_problems(entry, start, regions))
        problems += [((index, *path), message) for path, message in found]
        if not found:
            shocks.append(Shock(entry["kind"], moment_week(entry, start), float(entry.get("size", 0.5)),
                                entry.get("region", ""), entry.get("label", ""), entry.get("date")))
    return shocks, problems


def _problems(entry: Mapping[str, Any], start: datetime.date, regions: Sequence[str]) -> Problems:
    for key in entry:
        if key not in _KEYS:
            yield (key,), f"unknown key{nearest(key, _KEYS)}; an entry has {', '.join(_KEYS)}"
    moments = [key for key in _MOMENTS if key in entry]
    if len(moments) != 1:
        given = " and ".join(moments) if moments else "none"
        yield tuple(moments[-1:]), f"needs exactly one of date, week and year; {given} given"
    for key in moments:
        yield from moment_problems(key, entry[key], start)
    kind = entry.get("kind", "")
    if kind not in SHOCK_KINDS:
        yield ("kind",), f"must be one of {', '.join(SHOCK_KINDS)}{nearest(str(kind), SHOCK_KINDS)}"
    size = entry.get("size", 0.5)
    if isinstance(size, bool) or not isinstance(size, (int, float)) or not 0.0 < size <= LARGEST:
        yield ("size",), f"must be a number above 0 and up to {shown(LARGEST)}, the worst of its kind"
    region = entry.get("region", "")
    if region and kind in SHOCK_KINDS and kind not in LOCAL:
        yield ("region",), f"belongs to {', '.join(LOCAL)}; a shock of this kind strikes the whole country"
    elif region and region not in regions:
        yield ("region",), f"no region {region!r}{nearest(str(region), regions)}"
    if not isinstance(entry.get("label", ""), str):
        yield ("label",), "must be a text"


def shock_table(shocks: Iterable[Shock], country: Country) -> np.ndarray:
    """One row per planned shock."""
    regions = [region.name for region in country.regions]
    kinds = list(SHOCK_KINDS)
    planned = list(shocks)
    table = empty("shocks", len(planned))
    for row, shock in zip(table, planned, strict=True):
        row["week"], row["kind"], row["size"] = shock.week, kinds.index(shock.kind), shock.size
        row["region"] = regions.index(shock.region) if shock.region else -1
    return table
