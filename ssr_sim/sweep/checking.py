"""Making runs of a sweep again: one of them, or a sample that vouches for the rest."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from ssr_sim.provenance import model_digest, versions
from ssr_sim.sweep import store
from ssr_sim.sweep.identity import run_id
from ssr_sim.sweep.parts import TABLES
from ssr_sim.sweep.progress import progress_of
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.store import SweepError
from ssr_sim.sweep.work import Finished, Workshop

if TYPE_CHECKING:
    import pandas as pd

CERTIFICATE = "certificate.json"


class UnknownRun(SweepError):
    """An identity that stands for no run of a sweep, or for more than one."""


@dataclass(frozen=True)
class Rerun:
    """A run made again: its row in the sweep, the run of now (None and a traceback if it fails), and what differs
    between them (nothing, if all is well).
    """

    row: Mapping[str, Any]
    run: Finished | None
    differences: tuple[str, ...]
    trace: str = ""


@dataclass(frozen=True)
class Certificate:
    """What a verification has found. With `sample` runs equal, the share of runs that would differ lies below
    `differing_below` at 95 % confidence.
    """

    made: str
    runs: int
    failed: int
    missing: int
    sample: int
    differing: tuple[str, ...]
    differing_below: float
    digest: str
    model: str
    versions: Mapping[str, str]


def rerun(results: Results, identity: str, workshop: Workshop | None = None) -> Rerun:
    """Make a finished or failed run again from what the folder says of it, and compare; `identity` may be the beginning
    of a run_id.

    Raises `UnknownRun` when no run, or more than one, has it.
    """
    row = row_of(results, identity)
    return _again(row, workshop or Workshop(store.read_study(results.folder)))


def row_of(results: Results, identity: str) -> dict[str, Any]:
    """Everything that the sweep has kept of the run whose run_id is or begins with `identity`.

    Raises `UnknownRun` when no run, or more than one, has it.
    """
    if not identity.isalnum():
        raise UnknownRun(f"{identity!r} is no run_id: it has 32 hexadecimal digits")
    rows = results.sql(f"SELECT * FROM runs WHERE starts_with(run_id, '{identity}') ORDER BY policy, state")
    found = rows["run_id"].unique()
    if len(found) != 1:
        raise UnknownRun(f"{len(found) or 'no'} runs have an identity that begins with {identity!r}"
                         + (f": {', '.join(found[:5])}" if len(found) else ""))
    row: dict[str, Any] = rows.iloc[0].to_dict()
    return row


def _again(row: Mapping[str, Any], workshop: Workshop) -> Rerun:
    study = workshop.study
    policy, state, replicate = study.policy_names.index(row["policy"]), int(row["state"]), int(row["replicate"])
    differences = []
    expected = run_id(workshop.pair(policy, state).identity, study.own_seed(state, replicate))
    if expected != row["run_id"]:
        differences.append(f"the identity is {expected}, the sweep has {row['run_id']}")
    try:
        run = workshop.run(policy, state, replicate)
    except Exception as error:
        finished = [f"it fails now: {type(error).__name__}: {error}"] if row["status"] == "finished" else []
        return Rerun(row, None, (*differences, *finished), traceback.format_exc())
    if row["status"] == "finished":
        differences += [f"{name} is {value!r}, the sweep has {row[name]!r}" for name, value in run.outcomes.items()
                        if not _same(value, row[name])]
    return Rerun(row, run, tuple(differences))


def _same(now: Any, then: Any) -> bool:
    """Equal to the bit; something that did not happen is NaN in a run and null in a table."""
    if isinstance(now, float) and np.isnan(now):
        return then is None or bool(np.isnan(then))
    return bool(now == then)


def verify(results: Results, sample: int, progress: Callable[[int, int], None] | None = None) -> Certificate:
    """Read every table to its last byte, make `sample` finished runs again and compare everything; leaves a
    certificate in the folder.

    Raises `SweepError` for a damaged part and for a sweep without finished runs.
    """
    _read_all(results)
    study = store.read_study(results.folder)
    rows = results.sql("SELECT * FROM runs WHERE status = 'finished'")
    if rows.empty:
        raise SweepError(f"{results.folder} has no finished run yet")
    chosen = _sample(rows, sample)
    workshop = Workshop(study)
    differing = []
    for count, (_, row) in enumerate(chosen.iterrows(), start=1):
        again = _again(row.to_dict(), workshop)
        differing += [f"{row['run_id']}: {difference}" for difference in again.differences]
        if progress is not None:
            progress(count, len(chosen))
    now = progress_of(results)
    bound = 1.0 - 0.05 ** (1.0 / len(chosen)) if len(chosen) < len(rows) else 0.0
    certificate = Certificate(datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), now.finished, now.failed, now.missing,
                              len(chosen), tuple(differing), bound, now.digest, model_digest(), versions())
    if os.access(results.folder, os.W_OK):
        store.replace_file(results.folder / CERTIFICATE, json.dumps(asdict(certificate), indent=1).encode())
    return certificate


def _sample(rows: pd.DataFrame, size: int) -> pd.DataFrame:
    """Rows chosen by their identity: spread over everything, another choice only when the runs are others."""
    keys = [blake2b(f"verify {identity} {policy}".encode()).digest()
            for identity, policy in zip(rows["run_id"], rows["policy"], strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return rows.iloc[order[:size]]


def _read_all(results: Results) -> None:
    """Check the checksums of all pages of all files."""
    import pyarrow as pa
    from pyarrow import parquet

    for part in results.parts():
        for table in TABLES:
            if table in part.bytes:
                try:
                    parquet.read_table(part.file(table), page_checksum_verification=True)
                except (OSError, pa.ArrowException) as error:
                    raise SweepError(f"{part.file(table)} is damaged ({error}); delete the folder {part.path} and run "
                                     f"the sweep again: only its runs are made anew") from None
