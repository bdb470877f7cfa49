"""What the runs of a sweep say, as data for the page: policies, influences, points. All numbers are the report's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssr_sim.analysis import tables
from ssr_sim.analysis.contrasts import Contrast, policy_table
from ssr_sim.analysis.outcomes import OUTCOMES, check, values
from ssr_sim.analysis.report import MOST_LISTED, headline
from ssr_sim.run_table import RunTable
from ssr_sim.summary import Table
from ssr_sim.sweep.progress import Progress
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.store import SweepError

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 100_000
KEPT = 4  # sweeps that are kept in memory


@dataclass(frozen=True, eq=False)
class Findings:
    """The finished runs of one sweep, how far it is, and what is made of them once for all who look."""

    runs: RunTable
    progress: Progress

    @property
    def frame(self) -> pd.DataFrame:
        """One row per run: identity, levers, outcomes."""
        return self.runs.frame

    @cached_property
    def compared(self) -> dict[str, list[Contrast]]:
        """Every policy against the reference in every outcome, as `ssr_sim.analysis.contrasts` has it."""
        return policy_table(self.runs)

    @cached_property
    def listed(self) -> list[str]:
        """Policies in the order of the report, at most as many as it lists."""
        return tables.order(self.compared)[:MOST_LISTED]

    @property
    def headline(self) -> str:
        """The result in plain words, as the report has it."""
        return headline(self.runs, self.compared)

    @property
    def table(self) -> Table:
        """The report's table of policies."""
        return tables.policies(self.compared, self.listed, tables.settings(self.runs))

    @cached_property
    def columns(self) -> list[str]:
        """What points can be placed by: outcomes, levers, what is uncertain."""
        names = [name for name in self.frame.columns if self.frame[name].dtype.kind in "fib"]
        levers = list(self.runs.levers)
        own = [name for name in names if name not in (*levers, "state", "replicate", "seed", "seconds", *OUTCOMES)]
        return [*OUTCOMES, *own, *levers, *self.uncertainties]

    @property
    def uncertainties(self) -> list[str]:
        """Keys that make the states of the world."""
        return list(self.runs.states.columns)

    def is_yes_or_no(self, name: str) -> bool:
        """Whether a column says of every run that something is so or not."""
        return OUTCOMES[name].share if name in OUTCOMES else name in self.frame and self.frame[name].dtype.kind == "b"

    def column(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """One number per run. Raises KeyError for a column that there is not."""
        if name in OUTCOMES:
            found = values(self.frame, name)
            return np.where(self.frame["reached_peace"], found, np.nan) if name == "relapse" else found
        if name in self.uncertainties:
            return np.asarray(self.runs.states[name].loc[self.frame["state"]].to_numpy(), dtype=np.float64)
        if name not in self.columns:
            raise KeyError(name)
        return np.asarray(self.frame[name].to_numpy(), dtype=np.float64)


def findings(folder: Path) -> Findings:
    """The runs that are finished in a folder by now.

    Raises `SweepError` when it is no sweep's or damaged, or when there is nothing to compare yet.
    """
    results = Results.open(folder)
    return _findings(folder, tuple(sorted(part.name for part in results.parts())))


@lru_cache(maxsize=KEPT)
def _findings(folder: Path, parts: tuple[str, ...]) -> Findings:
    results = Results.open(folder)
    try:
        runs = results.table()
        check(runs)
    except ValueError as why:
        raise SweepError(str(why)) from None
    return Findings(runs, results.status())


@dataclass(frozen=True)
class Cloud:
    """Points to be drawn: `x`, `y` and `colour` as float32 arrays, `rows` the run that each stands for (the first of
    its state and policy where a point is their mean), `of` how many there were before so many were taken evenly.
    """

    x: np.ndarray[Any, np.dtype[np.float32]]
    y: np.ndarray[Any, np.dtype[np.float32]]
    colour: np.ndarray[Any, np.dtype[np.float32]]
    rows: np.ndarray[Any, np.dtype[np.int64]]
    of: int


def cloud(found: Findings, x: str, y: str, colour: str, each: str) -> Cloud:
    """A point for every run, or for every state and policy the mean over its replicates. `colour` "policy" numbers the
    policies in their order. Points without an `x` or `y`, as a relapse without a peace, are left out.
    """
    frame = found.frame
    names = {name: number for number, name in enumerate(found.runs.policies)}
    policy = frame["policy"].map(names).to_numpy(dtype=np.float64)
    data = np.stack([found.column(x), found.column(y), policy if colour == "policy" else found.column(colour)], axis=1)
    rows = np.arange(len(frame))
    if each == "state":
        import pandas as pd

        means = pd.DataFrame(data).groupby([policy, frame["state"].to_numpy()], sort=False)
        data, rows = means.mean().to_numpy(), means.head(1).index.to_numpy()
    kept = np.isfinite(data[:, :2]).all(axis=1)
    data, rows = data[kept], rows[kept]
    taken = np.linspace(0, len(rows) - 1, min(len(rows), MOST_POINTS)).round().astype(np.int64)
    shown = data[taken].astype(np.float32)
    return Cloud(shown[:, 0].copy(), shown[:, 1].copy(), shown[:, 2].copy(), rows[taken], len(rows))
