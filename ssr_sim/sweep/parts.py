"""A part: what some runs have left, as Parquet tables in a folder of its own that appears whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ssr_sim.measures import INDEX
from ssr_sim.provenance import model_digest, versions
from ssr_sim.sweep.study import Study
from ssr_sim.tables import EVENT_KINDS

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1  # of the files; raised when a reader of today could not read them
KEY = b"ssr_sim"  # under which a file says what it is
TABLES = ("runs", "series", "events", "failures")
PLACE = ("run_id", "policy", "state", "replicate")
ROW_BYTES = 400  # of one run's outcomes, before compression
MESSAGE = 2000  # characters kept of an error
TYPES = {bool: "bool_", int: "int64", float: "float64", str: "string"}
EVENT_COLUMNS = {"week": "week", "place": "place", "actor": "actor", "target": "target",
                 "civilians_killed": "civilians", "combatants_killed": "combatants", "parent": "parent"}


class Label(NamedTuple):
    """Where a run stands in a sweep."""

    run_id: str
    policy: str
    state: int
    replicate: int
    seed: int


class Collected:
    """The runs of a part that is still open."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.runs: list[dict[str, Any]] = []
        self.failures: list[dict[str, Any]] = []
        self.series: dict[str, np.ndarray] = {}
        self.events: dict[str, np.ndarray] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self.runs) + len(self.failures)

    def add(self, labels: Sequence[Label], seconds: float, outcomes: Mapping[str, Any], series: np.ndarray,
            events: np.ndarray) -> None:
        """A finished run, under all its labels: outcomes, weekly series (weeks, indicators), events."""
        identity = labels[0].run_id
        self.runs += [{**label._asdict(), "seconds": seconds, **outcomes} for label in labels]
        self.bytes += ROW_BYTES * len(labels)
        if "series" in self.study.outputs:
            self.series[identity] = thinned(series, self.study.series_weeks)
            self.bytes += self.series[identity].nbytes
        if "events" in self.study.outputs:
            self.events[identity] = events
            self.bytes += events.nbytes

    def add_failure(self, labels: Sequence[Label], seconds: float, error: Exception, trace: str) -> None:
        """A run that raised an error."""
        told = {"seconds": seconds, "error": type(error).__name__, "message": str(error)[:MESSAGE],
                "traceback": trace[-2 * MESSAGE :]}
        self.failures += [{**label._asdict(), **told} for label in labels]
        self.bytes += ROW_BYTES + len(trace)

    @property
    def name(self) -> str:
        """Name of the part."""
        return part_name([tuple(row[name] for name in PLACE) for row in (*self.runs, *self.failures)])

    def tables(self) -> dict[str, pa.Table]:
        """The tables that have rows, and `runs` in any case, by name."""
        found = {"runs": _rows(self.runs)}
        if self.series:
            found["series"] = _series(self.series, self.study.series_weeks)
        if self.events:
            found["events"] = _events(self.events)
        if self.failures:
            found["failures"] = _rows(self.failures)
        note = note_of(self.study)
        return {name: noted(table, note) for name, table in found.items()}


def part_name(rows: Iterable[tuple[Any, ...]]) -> str:
    """The name of a part with these rows of run, policy, state, replicate: the same for the same, whoever made them."""
    return blake2b(json.dumps(sorted(rows)).encode(), digest_size=12).hexdigest()


def thinned(series: np.ndarray, weeks: int) -> np.ndarray:
    """Means over every `weeks` weeks (the last may be fewer), float32 (rows, indicators)."""
    if weeks == 1:
        return series.astype(np.float32)
    whole = len(series) // weeks * weeks
    means = series[:whole].reshape(-1, weeks, series.shape[1]).mean(axis=1)
    rest = series[whole:].mean(axis=0, keepdims=True) if whole < len(series) else means[:0]
    return np.concatenate([means, rest]).astype(np.float32)


def noted(table: pa.Table, note: Mapping[str, Any]) -> pa.Table:
    """The table with a note of what it is."""
    return table.replace_schema_metadata({KEY: json.dumps(note).encode()})


def note_of(study: Study) -> dict[str, Any]:
    """What a part says of itself; `replaces` names the parts that a compacted one has taken in."""
    return {"format": FORMAT, "model": model_digest(), "years": study.years, "series_weeks": study.series_weeks,
            "replaces": [], "versions": _versions()}


@cache
def _versions() -> dict[str, str]:
    return versions()


def _rows(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of plain values; NaN, something that did not happen, becomes null."""
    import pyarrow as pa

    if not rows:
        fields = [(name, pa.string()) for name in ("run_id", "policy")]
        fields += [(name, pa.int64()) for name in ("state", "replicate", "seed")]
        return pa.schema([*fields, ("seconds", pa.float64())]).empty_table()
    columns = {}
    for name, value in rows[0].items():
        kind = getattr(pa, TYPES[type(value)])()
        columns[name] = pa.array([row[name] for row in rows], type=kind, from_pandas=True)
    return pa.table(columns)


def _identities(lengths: Mapping[str, int]) -> pa.Array:
    """A column that repeats every run's identity so many times."""
    import pyarrow as pa

    places = np.repeat(np.arange(len(lengths), dtype=np.int32), list(lengths.values()))
    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(list(lengths)))


def _series(series: Mapping[str, np.ndarray], weeks: int) -> pa.Table:
    import pyarrow as pa

    values = np.concatenate(list(series.values()))
    week = np.concatenate([np.arange(len(rows), dtype=np.int32) * weeks for rows in series.values()])
    columns = {name: np.ascontiguousarray(values[:, place]) for name, place in INDEX.items()}
    return pa.table({"run_id": _identities({key: len(rows) for key, rows in series.items()}), "week": week, **columns})


def _events(events: Mapping[str, np.ndarray]) -> pa.Table:
    import pyarrow as pa

    rows = np.concatenate(list(events.values()))
    numbers = np.concatenate([np.arange(len(own), dtype=np.int32) for own in events.values()])
    kinds = pa.DictionaryArray.from_arrays(pa.array(rows["kind"].astype(np.int32)), pa.array(list(EVENT_KINDS)))
    columns = {}
    for name, field in EVENT_COLUMNS.items():
        values = np.ascontiguousarray(rows[field])
        columns[name] = pa.array(values, mask=values < 0)  # -1 stands for none
    identities = _identities({key: len(own) for key, own in events.items()})
    return pa.table({"run_id": identities, "number": numbers, "event": kinds, **columns})
