"""Merging small parts into large ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ssr_sim.sweep import store
from ssr_sim.sweep.parts import PLACE, TABLES, noted, part_name
from ssr_sim.sweep.store import Part
from ssr_sim.sweep.work import PART_BYTES

if TYPE_CHECKING:
    import pyarrow as pa

MANY = 32  # parts smaller than half a full one, from which on a finished sweep is compacted


def worth_compacting(folder: Path) -> bool:
    """Whether a folder has many small parts."""
    return sum(_size(part) < PART_BYTES / 2 for part in store.current_parts(folder)) >= MANY


def compact(folder: Path) -> tuple[int, int]:
    """Merge parts into ones of about 32 MB; returns the number of parts before and after.

    The caller holds the lock. The new part names those that it replaces, so that readers never see a run twice and an
    interruption does no harm. Raises OSError and `SweepError`.
    """
    store.sweep_out(folder)
    parts = store.current_parts(folder)
    for group in _groups(parts):
        _merge(folder, group)
        for part in group:
            store.discard(folder, part.path)
    return len(parts), len(store.current_parts(folder))


def _size(part: Part) -> int:
    return sum(part.bytes.values())


def _groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Parts to merge: of one form, together about as large as a part may be."""
    forms: dict[tuple[bool, ...], list[Part]] = {}
    for part in parts:
        group = forms.setdefault(tuple(table in part.bytes for table in ("series", "events")), [])
        group.append(part)
        if sum(map(_size, group)) >= PART_BYTES:
            if len(group) > 1:
                yield list(group)
            group.clear()
    yield from (group for group in forms.values() if len(group) > 1)


def _merge(folder: Path, group: Sequence[Part]) -> None:
    """Leave the tables of all parts of the group in one part, every run once."""
    tables = {name: table for name in TABLES if (table := _together(group, name)) is not None}
    names = sorted(part.name for part in group)
    note = {**group[0].note, "replaces": names}
    merged = part_name([("replaces", name, 0, 0) for name in names])
    store.publish(folder, merged, {name: noted(table, note) for name, table in tables.items()})


def _together(group: Sequence[Part], name: str) -> pa.Table | None:
    """One table of all parts; None when no part has it. A part in which all runs failed has an empty one of runs."""
    import pyarrow as pa
    from pyarrow import compute, parquet

    every = [parquet.read_table(part.file(name)) for part in group if name in part.bytes]
    found = [table for table in every if table.num_rows] or every[:1]
    if not found:
        return None
    if name in ("runs", "failures"):
        table = pa.concat_tables(found)
        rows = {tuple(row.values()): at for at, row in reversed([*enumerate(table.select(PLACE).to_pylist())])}
        return table.take(sorted(rows.values()))
    distinct, seen = [], set[str]()
    for table in found:
        identities = table["run_id"].cast(pa.string())
        known = pa.array([*seen], pa.string())
        distinct.append(table.filter(compute.invert(compute.is_in(identities, known))))
        seen.update(compute.unique(identities).to_pylist())
    return pa.concat_tables(distinct)
