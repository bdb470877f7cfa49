"""A sweep's folder: the study, and parts of finished runs, which are the only truth about what has been done.

A part is written under a temporary name, forced to the disk and then renamed, so it is there whole or not at all.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from ssr_sim.provenance import model_digest
from ssr_sim.sweep.parts import FORMAT, KEY, TABLES, Collected
from ssr_sim.sweep.study import Study

if TYPE_CHECKING:
    import pyarrow as pa

STUDY, POLICIES, STATES = "study.json", "policies.parquet", "states.parquet"
DRAFT = ".{}.new"  # the name of a file until it is whole
LOCK, HOLDER = "lock", "lock.holder"  # two files, because Windows lets nobody read one that is locked
PATIENCE = 0.5  # seconds to wait for the lock: who asks for the status holds it for a moment


class SweepError(Exception):
    """A sweep that cannot go on, in words that say what would help. Nothing that is finished is lost."""


@dataclass(frozen=True)
class Part:
    """A finished part: its folder, what it says of itself, the bytes of its tables by their names."""

    path: Path
    note: Mapping[str, Any]
    bytes: Mapping[str, int]

    @property
    def name(self) -> str:
        """Name of its folder."""
        return self.path.name

    def file(self, table: str) -> Path:
        """The file of one of its tables."""
        return self.path / f"{table}.parquet"


# --- the study ---


def write_study(folder: Path, study: Study) -> None:
    """Make the folder and put the study into it, the document last. Raises OSError."""
    import pyarrow as pa

    for name in ("parts", "open"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    levers = dict(zip(study.levers, study.lever_values().T, strict=True))
    states = dict(zip(study.states.keys, study.states.values.T, strict=True))
    replace_file(folder / POLICIES, serialised(pa.table({"policy": list(study.policy_names), **levers})))
    replace_file(folder / STATES, serialised(pa.table({"state": np.arange(len(study.states)), **states})))
    document = {"format": FORMAT, "model": model_digest(), "study": study.document(), "digest": study.digest}
    replace_file(folder / STUDY, json.dumps(document, indent=1).encode())


def strangers(folder: Path) -> list[str]:
    """Names of what is in the folder and no sweep has put there, not even one that was ended while it began."""
    files = {STUDY, POLICIES, STATES}
    own = files | {DRAFT.format(file) for file in files} | {"parts", "open", LOCK, HOLDER}
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in own)


def read_document(folder: Path) -> dict[str, Any]:
    """What the folder says about its study. Raises `SweepError` when it is no sweep's folder or damaged."""
    try:
        document: dict[str, Any] = json.loads((folder / STUDY).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise SweepError(f"{folder} is not the folder of a sweep: it has no {STUDY}") from None
    except OSError as error:
        raise SweepError(f"{folder / STUDY}: cannot be read ({error.strerror or error})") from None
    except ValueError as error:
        raise SweepError(f"{folder / STUDY} is damaged ({error})") from None
    if document.get("format") != FORMAT:
        raise SweepError(f"{folder} was written by another version of this program (format {document.get('format')}; "
                         f"this one reads {FORMAT})")
    return document


def read_study(folder: Path) -> Study:
    """The study of a folder. Raises `SweepError` also when its runs are those of another version of the model."""
    from pyarrow import parquet

    document = read_document(folder)
    if document["model"] != model_digest():
        raise SweepError(f"{folder} holds runs of another version of the model ({document['model']}; this one is "
                         f"{model_digest()}): go on with that version, or give another --out; results can still be "
                         f"read and exported")
    content = document["study"]
    sampled = content["sampled"]
    policies, states = parquet.read_table(folder / POLICIES), parquet.read_table(folder / STATES)
    rows = {name: row for row, name in enumerate(policies["policy"].to_pylist())}
    chosen = [rows[name] for name in sampled["names"]]
    points = _matrix(policies, sampled["keys"])[chosen]
    return Study.from_document(content, points, _matrix(states, content["uncertainties"]))


def _matrix(table: pa.Table, keys: list[str]) -> np.ndarray:
    """Columns side by side, float64 (rows, keys)."""
    columns = [table[key].to_numpy() for key in keys]
    return np.stack(columns, axis=1) if columns else np.zeros((table.num_rows, 0))


# --- files ---


def serialised(table: pa.Table) -> pa.Buffer:
    """The bytes of a Parquet file, compressed, with checksums."""
    import pyarrow as pa
    from pyarrow import parquet

    floats = [field.name for field in table.schema if field.type == pa.float32()]
    plain = [field.name for field in table.schema if field.name not in floats]
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd", write_page_checksum=True, use_dictionary=plain,
                        use_byte_stream_split=floats)
    return sink.getvalue()


def _write(path: Path, content: Any) -> None:
    """Write a file and force it to the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: Any) -> None:
    """Put a file in the place of an old one, at once or not at all."""
    fresh = path.with_name(DRAFT.format(path.name))
    _write(fresh, content)
    fresh.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    if sys.platform == "win32":  # cannot open folders; renaming is written through its journal
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- parts ---


def write_part(folder: Path, collected: Collected) -> int:
    """Leave what has been collected as a part and return its bytes, 0 when there is nothing or it is there already.

    Raises OSError when it cannot be written; then no trace of it is left.
    """
    if not len(collected):
        return 0
    return publish(folder, collected.name, collected.tables())


def publish(folder: Path, name: str, tables: Mapping[str, pa.Table]) -> int:
    """Write the tables of a part, force them to the disk and rename their folder; returns their bytes."""
    target = folder / "parts" / name
    if target.exists():
        return 0
    fresh = folder / "open" / f"{name}-{platform.node()}-{os.getpid()}-{threading.get_ident()}"
    written = 0
    try:
        fresh.mkdir()
        for table, content in tables.items():
            buffer = serialised(content)
            _write(fresh / f"{table}.parquet", buffer)
            written += buffer.size
        _sync(fresh)
        fresh.rename(target)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):  # another worker has made the very same part
            return 0
        raise
    _sync(target.parent)
    return written


def discard(folder: Path, path: Path) -> None:
    """Take a part out: first out of sight, then off the disk."""
    hidden = folder / "open" / f"{path.name}-discarded"
    path.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def sweep_out(folder: Path) -> None:
    """Remove what an interrupted process has left: open parts, and parts that a compacted one replaces."""
    for left in (folder / "open").iterdir():
        shutil.rmtree(left, ignore_errors=True)
    gone = replaced(list_parts(folder))
    for path in sorted((folder / "parts").iterdir()):
        if path.name in gone:
            discard(folder, path)


def list_parts(folder: Path, known: dict[str, Part] | None = None) -> list[Part]:
    """All parts in the folder, in the order of their names; `known` spares reading what was read before.

    Raises `SweepError` that names every damaged part and every one of another version.
    """
    known = {} if known is None else known
    names = sorted(entry.name for entry in os.scandir(folder / "parts"))
    problems, unread = [], {}
    for name in names:
        if name in known:
            continue
        try:
            known[name] = _opened(folder / "parts" / name)
        except SweepError as error:
            unread[name] = str(error)
    parts = [known[name] for name in names if name in known]
    gone = replaced(parts)  # half removed, perhaps, when a compaction was interrupted
    problems = [message for name, message in unread.items() if name not in gone]
    if problems:
        raise SweepError("\n".join(problems))
    return parts


def current_parts(folder: Path, known: dict[str, Part] | None = None) -> list[Part]:
    """The parts in the folder without those that a compacted one replaces."""
    parts = list_parts(folder, known)
    gone = replaced(parts)
    return [part for part in parts if part.name not in gone]


def replaced(parts: list[Part]) -> set[str]:
    """Names of parts whose runs a compacted part has taken in."""
    return {name for part in parts for name in part.note["replaces"]}


def _opened(path: Path) -> Part:
    """Look at the end of every file of a part, which is missing from one that was cut off."""
    import pyarrow as pa
    from pyarrow import parquet

    help_ = f"delete the folder {path} and run the sweep again: only its runs are made anew"
    notes, sizes = {}, {}
    for table in TABLES:
        file = path / f"{table}.parquet"
        try:
            notes[table] = (parquet.read_metadata(file).metadata or {}).get(KEY, b"{}")
            sizes[table] = file.stat().st_size
        except FileNotFoundError:
            continue
        except (OSError, pa.ArrowException) as error:
            raise SweepError(f"{file} is damaged ({error}); {help_}") from None
    if "runs" not in notes:
        raise SweepError(f"{path} is not a part: it has no runs.parquet; {help_}")
    note = json.loads(notes["runs"])
    if note.get("format") != FORMAT:
        raise SweepError(f"{path} was written by another version of this program (format {note.get('format')}; this "
                         f"one reads {FORMAT}); take it out of the folder")
    return Part(path, note, sizes)


def check_models(parts: list[Part], model: str) -> None:
    """Raise `SweepError` when a part holds runs of another model than `model`, a digest of sources."""
    problems = [f"{part.path} holds runs of another version of the model ({part.note['model']}; the sweep's is "
                f"{model}); take it out of the folder" for part in parts if part.note["model"] != model]
    if problems:
        raise SweepError("\n".join(problems))


# --- who is at work ---


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone. The system takes the lock from a process that ends, however it ends.

    Raises `SweepError` when another process holds it, OSError when the folder cannot be written.
    """
    lock, holder = _lock(folder), folder / HOLDER
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=0.05)
    except Timeout:
        raise SweepError(f"another process is at work in {folder} ({_text(holder) or 'unknown'}); wait for it, or end "
                         f"it") from None
    try:
        holder.write_text(f"process {os.getpid()} on {platform.node()}", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def at_work(folder: Path) -> str:
    """The process that holds the folder, or an empty text."""
    if not (folder / LOCK).exists():
        return ""
    try:
        patience = 0.0 if (folder / HOLDER).exists() else PATIENCE  # another who only asks holds it for a moment
        with _lock(folder).acquire(timeout=patience, poll_interval=0.05):
            return ""
    except Timeout:
        return _text(folder / HOLDER) or "a process that does not say"
    except OSError:  # a folder that can only be read: nobody works here, perhaps elsewhere
        return ""


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / LOCK, thread_local=False)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
