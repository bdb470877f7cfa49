"""What a sweep has found, at any time: SQL over the finished parts, the table of runs, how far it is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssr_sim.faults import refuse
from ssr_sim.run_table import RunTable
from ssr_sim.sweep import store
from ssr_sim.sweep.parts import TABLES
from ssr_sim.sweep.store import Part

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from ssr_sim.sweep.checking import Certificate, Rerun
    from ssr_sim.sweep.progress import Progress

FINISHED, FAILED = "finished", "failed"


@dataclass(frozen=True)
class Results:
    """The folder of a sweep, to be read while it grows or when it is done.

    Only reading: it needs no lock, and works for runs of another version of the model too.
    """

    folder: Path

    @classmethod
    def open(cls, folder: str | Path) -> Results:
        """The results in a sweep's folder; raises `SweepError` when it is none."""
        store.read_document(Path(folder))
        return cls(Path(folder))

    @property
    def document(self) -> dict[str, Any]:
        """What the folder says about its study."""
        found: dict[str, Any] = store.read_document(self.folder)["study"]
        return found

    @property
    def scenario(self) -> dict[str, Any]:
        """Name, title and the like of the scenario: what a table [scenario] holds, whichever version wrote it."""
        found: dict[str, Any] = tomllib.loads(self.document["base"])["scenario"]
        return found

    @cached_property
    def _known(self) -> dict[str, Part]:
        return {}

    def parts(self) -> list[Part]:
        """The finished parts. Raises `SweepError` for damaged ones."""
        return store.current_parts(self.folder, self._known)

    def sql(self, query: str) -> pd.DataFrame:
        """The answer of DuckDB to a query over the tables runs, series, events, failures, policies and states.

        `runs` has a row for every run with its levers and what is uncertain in it, whose status is "finished" or
        "failed"; the other tables are joined by run_id, policy or state. Columns with a dot are written in double
        quotes: "vetting.coverage". Raises ValueError for a wrong query.
        """
        import duckdb

        for patience in (True, False):
            with self.connection() as connection:
                try:
                    frame: pd.DataFrame = connection.sql(query).df()
                    break
                except duckdb.IOException as error:  # parts were merged meanwhile: look again
                    if not patience:
                        raise ValueError(str(error)) from None
                except duckdb.Error as error:
                    raise ValueError(str(error)) from None
        return frame

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection in memory with the tables of `sql` as they are now; close it after use."""
        import duckdb

        connection = duckdb.connect()
        for name, file in (("policies", store.POLICIES), ("states", store.STATES)):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_quoted(self.folder / file)})")
        parts = self.parts()
        for name in TABLES:
            files = [part.file(name) for part in parts if name in part.bytes]
            if files:
                listed = ", ".join(map(_quoted, files))
                options = f"union_by_name=true, filename={str(_details(name)).lower()}"
                connection.execute(f"CREATE VIEW _{name} AS SELECT * FROM read_parquet([{listed}], {options})")
                self._view(connection, name, parts)
        self._runs(connection, any("failures" in part.bytes for part in parts), bool(parts))
        return connection

    def _view(self, connection: duckdb.DuckDBPyConnection, name: str, parts: Iterable[Part]) -> None:
        """A table in which every run is once, even if two workers have made it."""
        if not _details(name):
            once = "QUALIFY row_number() OVER (PARTITION BY policy, state, replicate ORDER BY run_id) = 1"
            view = f"SELECT * FROM _{name} {once}"
        elif self._made_twice(name, parts):
            chosen = f"(SELECT run_id, min(filename) AS filename FROM _{name} GROUP BY run_id)"
            view = f"SELECT t.* EXCLUDE (filename) FROM _{name} t JOIN {chosen} USING (run_id, filename)"
        else:
            view = f"SELECT * EXCLUDE (filename) FROM _{name}"
        shown = f"_{name}_once" if name in ("runs", "failures") else name
        connection.execute(f"CREATE VIEW {shown} AS {view}")

    def _made_twice(self, name: str, parts: Iterable[Part]) -> bool:
        from pyarrow import parquet

        seen: set[str] = set()
        for part in parts:
            if name in part.bytes:
                own = set(parquet.read_table(part.file("runs"), columns=["run_id"])["run_id"].to_pylist())
                if not seen.isdisjoint(own):
                    return True
                seen |= own
        return False

    def _runs(self, connection: duckdb.DuckDBPyConnection, failures: bool, any_parts: bool) -> None:
        """The views `runs` and `failures`; a failure counts no longer once the run has succeeded."""
        none = ("SELECT ''::VARCHAR AS run_id, ''::VARCHAR AS policy, 0::BIGINT AS state, 0::BIGINT AS replicate, "
                "0::BIGINT AS seed, 0.0::DOUBLE AS seconds, ''::VARCHAR AS error, ''::VARCHAR AS message, "
                "''::VARCHAR AS traceback WHERE false")
        if not any_parts:
            connection.execute(f"CREATE VIEW _runs_once AS SELECT * EXCLUDE (error, message, traceback) FROM ({none})")
        lost = "_failures_once" if failures else f"({none})"
        connection.execute(f"CREATE VIEW failures AS SELECT f.* FROM {lost} f ANTI JOIN _runs_once USING "
                           f"(policy, state, replicate)")
        told = "(SELECT run_id, policy, state, replicate, seed, seconds FROM failures)"
        own = "run_id, policy, state, replicate, seed"
        connection.execute(
            f"CREATE VIEW runs AS SELECT r.run_id, r.policy, r.state, r.replicate, r.seed, r.status, "
            f"p.* EXCLUDE (policy), s.* EXCLUDE (state), r.* EXCLUDE ({own}, status) FROM "
            f"(SELECT *, '{FINISHED}' AS status FROM _runs_once UNION ALL BY NAME SELECT *, '{FAILED}' AS status "
            f"FROM {told}) r JOIN policies p USING (policy) JOIN states s USING (state)")

    def frame(self) -> pd.DataFrame:
        """All finished runs in the order of policy, state and replicate, without the column `status`."""
        return self._ordered(f"SELECT * EXCLUDE (status) FROM runs WHERE status = '{FINISHED}'")

    def _ordered(self, query: str) -> pd.DataFrame:
        names = {name: place for place, name in enumerate(self.policy_names)}
        frame = self.sql(query)
        order = frame.assign(_place=frame["policy"].map(names)).sort_values(["_place", "state", "replicate"])
        return order.drop(columns="_place").reset_index(drop=True)

    def table(self) -> RunTable:
        """All finished runs, for analysis. Raises ValueError when there is none of the reference yet."""
        document = self.document
        frame = self._ordered("SELECT * FROM _runs_once JOIN policies USING (policy)")
        reference = next(iter(document["policies"]))
        refuse([] if reference in set(frame["policy"]) else [f"no run of the reference {reference!r} is finished yet"])
        states = self.sql("SELECT * FROM states").set_index("state")
        return RunTable(frame, reference, self.levers, states, document["years"])

    @cached_property
    def policy_names(self) -> tuple[str, ...]:
        """Names of all policies, the reference first."""
        from pyarrow import parquet

        return tuple(parquet.read_table(self.folder / store.POLICIES, columns=["policy"])["policy"].to_pylist())

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Keys that tell policies apart."""
        from pyarrow import parquet

        return tuple(name for name in parquet.read_schema(self.folder / store.POLICIES).names if name != "policy")

    def digest(self) -> str:
        """32 hexadecimal digits of all runs in order, finished and failed, without the seconds they took.

        Equal for equal results, whatever the number of threads, interruptions or workers.
        """
        order = "ORDER BY policy, state, replicate"
        kept = self.sql(f"SELECT * EXCLUDE (seconds) FROM _runs_once {order}")
        lost = self.sql(f"SELECT run_id, policy, state, replicate, seed, error, message FROM failures {order}")
        digest = blake2b(digest_size=16)
        for frame in (kept, lost):
            for name in sorted(frame.columns):
                digest.update(name.encode() + b"\0" + _bytes(frame[name].to_numpy()))
        return digest.hexdigest()

    def status(self) -> Progress:
        """How far the sweep is, and how well its targets are met."""
        from ssr_sim.sweep.progress import progress_of

        return progress_of(self)

    def rerun(self, run_id: str) -> Rerun:
        """One run made again and compared; see `ssr_sim.sweep.checking.rerun`."""
        from ssr_sim.sweep import checking

        return checking.rerun(self, run_id)

    def verify(self, sample: int = 20) -> Certificate:
        """A sample of runs made again and compared; see `ssr_sim.sweep.checking.verify`."""
        from ssr_sim.sweep import checking

        return checking.verify(self, sample)

    def export(self, folder: Path, form: str = "csv") -> list[Path]:
        """Write every table that has rows as one file, "csv" or "parquet", into `folder`; returns the files.

        What is uncertain stands in `states` only, by the number of the state: hundreds of columns in every run would
        make gigabytes. Raises OSError when it cannot be written.
        """
        import duckdb

        folder.mkdir(parents=True, exist_ok=True)
        files = []
        keys = ", ".join(f'"{key}"' for key in self.document["uncertainties"])
        columns = f"* EXCLUDE ({keys})" if keys else "*"
        with self.connection() as connection:
            views = {row[0] for row in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
                     .fetchall()}
            orders = {"runs": "policy, state, replicate", "series": "run_id, week", "events": "run_id, number",
                      "failures": "policy, state, replicate", "policies": "policy", "states": "state"}
            for name, order in orders.items():
                if name not in views or not connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall():
                    continue
                file = folder / f"{name}.{form}"
                options = "FORMAT csv, HEADER" if form == "csv" else "FORMAT parquet"
                rows = f"SELECT {columns if name == 'runs' else '*'} FROM {name} ORDER BY {order}"
                try:
                    connection.execute(f"COPY ({rows}) TO {_quoted(file)} ({options})")
                except duckdb.IOException as error:
                    raise OSError(str(error)) from None
                files.append(file)
        return files


def _details(name: str) -> bool:
    return name in ("series", "events")


def _quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def _bytes(column: np.ndarray) -> bytes:
    """A column in one form for all: numbers as float64 (NaN where there is none), texts with an end."""
    if column.dtype.kind in "bifu":
        numbers = column.astype(np.float64) if column.dtype.kind in "bf" else column.astype(np.int64)
        return np.where(np.isnan(numbers), np.nan, numbers).tobytes() if column.dtype.kind == "f" else numbers.tobytes()
    return "\0".join(map(str, column)).encode()
