"""A run that exists is never made again: taking over runs from a cache folder or from another label of this sweep."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ssr_sim.provenance import model_digest
from ssr_sim.sweep import store
from ssr_sim.sweep.ledger import Flags, Ledger
from ssr_sim.sweep.parts import Label, note_of, noted, part_name
from ssr_sim.sweep.store import Part
from ssr_sim.sweep.study import Study

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 20_000  # runs looked for at a time, so that memory does not grow with the sweep
DETAILS = ("series", "events")


def take_over(ledger: Ledger, missing: Flags, cache: Path | None) -> int:
    """Fill in missing runs that are finished elsewhere, in this sweep or in the cache; returns how many.

    Raises OSError when a part cannot be written, `SweepError` for a damaged part.
    """
    taken = 0
    for labels in _blocks(ledger.labels(ledger.twins(missing))):
        taken += _copied(ledger, ledger.parts, labels, details=False)
    if taken:
        ledger.read()
    parts = store.list_parts(_shelf(cache)) if cache and _shelf(cache).exists() else []
    useful = [part for part in parts if _has_details(part, ledger.study)]
    if useful:
        for labels in _blocks(ledger.labels(missing & ~ledger.finished)):
            taken += _copied(ledger, useful, labels, details=True)
        ledger.read()
    return taken


def share(folder: Path, cache: Path) -> None:
    """Put the finished parts of a sweep into the cache, as links where the file system allows. Raises OSError."""
    from pyarrow import parquet

    shelf = _shelf(cache)
    for name in ("parts", "open"):
        (shelf / name).mkdir(parents=True, exist_ok=True)
    known: set[str] = set()
    for part in store.list_parts(shelf):
        known.update(parquet.read_table(part.file("runs"), columns=["run_id"])["run_id"].to_pylist())
    for part in store.current_parts(folder):
        own = parquet.read_table(part.file("runs"), columns=["run_id"])["run_id"].to_pylist()
        if not known.issuperset(own):
            _link(part, shelf)


def old_shelves(cache: Path) -> list[Path]:
    """The folders in a cache that hold runs of other versions of the model, by name."""
    return sorted(path for path in cache.iterdir() if path != _shelf(cache) and (path / "parts").is_dir())


def _shelf(cache: Path) -> Path:
    """Where the runs of this version of the model are in a cache."""
    return cache / model_digest()


def _link(part: Part, shelf: Path) -> None:
    target, fresh = shelf / "parts" / part.name, shelf / "open" / f"{part.name}-{os.getpid()}"
    if target.exists():
        return
    fresh.mkdir()
    for table in ("runs", *DETAILS):
        if table in part.bytes:
            try:
                os.link(part.file(table), fresh / f"{table}.parquet")
            except OSError:  # another file system
                shutil.copy2(part.file(table), fresh / f"{table}.parquet")
    try:
        fresh.rename(target)
    except OSError:  # another sweep was faster
        shutil.rmtree(fresh, ignore_errors=True)
        if not target.exists():
            raise


def _has_details(part: Part, study: Study) -> bool:
    """Whether a part of the cache holds all outputs that the study asks for."""
    same_weeks = "series" not in study.outputs or part.note["series_weeks"] == study.series_weeks
    return same_weeks and all(name in part.bytes for name in DETAILS if name in study.outputs)


def _blocks(labels: Iterable[Label]) -> Iterator[dict[str, list[Label]]]:
    """The labels by run, so many at a time."""
    iterator = iter(labels)
    while block := list(islice(iterator, BLOCK)):
        found: dict[str, list[Label]] = {}
        for label in block:
            found.setdefault(label.run_id, []).append(label)
        yield found


def _copied(ledger: Ledger, parts: Sequence[Part], wanted: dict[str, list[Label]], details: bool) -> int:
    """Copy the runs in `wanted` from `parts` into new parts of the sweep under their new labels; returns how many."""
    import pyarrow as pa
    from pyarrow import compute, parquet

    taken = 0
    for part in parts:
        if not wanted:
            break
        runs = parquet.read_table(part.file("runs"))
        hits = compute.indices_nonzero(compute.is_in(runs["run_id"], pa.array(list(wanted)))).to_pylist()
        rows, labels = [], []
        for row in hits:
            for label in wanted.pop(runs["run_id"][row].as_py(), ()):
                rows.append(row)
                labels.append(label)
        if not rows:
            continue
        tables = {"runs": _relabelled(runs.take(rows), labels)}
        identities = pa.array(sorted({label.run_id for label in labels}))
        for name in DETAILS if details else ():
            if name in ledger.study.outputs:
                table = parquet.read_table(part.file(name))
                tables[name] = table.filter(compute.is_in(table["run_id"].cast(pa.string()), identities))
        name = part_name([(label.run_id, label.policy, label.state, label.replicate) for label in labels])
        note = note_of(ledger.study)
        store.publish(ledger.folder, name, {key: noted(table, note) for key, table in tables.items()})
        taken += len(labels)
    return taken


def _relabelled(runs: pa.Table, labels: Sequence[Label]) -> pa.Table:
    import pyarrow as pa

    for field in ("policy", "state", "replicate"):
        place = runs.column_names.index(field)
        runs = runs.set_column(place, field, pa.array([getattr(label, field) for label in labels]))
    return runs
