"""What policies are compared by, read from a table of runs; and what a table must be to be compared at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ssr_sim.clustered import Clusters
from ssr_sim.faults import nearest, refuse, unknown
from ssr_sim.formats import counted
from ssr_sim.intervals import Floats
from ssr_sim.run_table import RunTable
from ssr_sim.world import WEEK

if TYPE_CHECKING:
    import pandas as pd

Flags = npt.NDArray[np.bool_]


class Unsupported(ValueError):
    """The study was not designed for this question; nothing is wrong with its runs."""


def need(problems: Iterable[str]) -> None:
    """Raise `Unsupported` with all that the study lacks; an empty text says that something is there."""
    found = [problem for problem in problems if problem]
    if found:
        raise Unsupported("; ".join(found))


class Outcome(NamedTuple):
    """One number or yes/no per run: name, label, unit, whether it is a share of runs, and which way is better."""

    name: str
    label: str
    unit: str
    share: bool
    better: Literal["less", "more"]


OUTCOMES = {
    row.name: row
    for row in (
        Outcome("relapse", "Relapse into conflict, given peace", "share of runs", True, "less"),
        Outcome("at_peace_at_end", "At peace at the end", "share of runs", True, "more"),
        Outcome("years_of_peace", "Years of peace until relapse", "years", False, "more"),
        Outcome("deaths", "Violent deaths", "people", False, "less"),
        Outcome("cost_usd", "Cost", "USD", False, "less"),
    )
}
DEATHS = ("battle_deaths", "civilian_deaths", "criminal_deaths")
SOURCES = {
    "relapse": ("relapsed_conflict", "reached_peace"),
    "at_peace_at_end": ("at_peace_at_end",),
    "years_of_peace": ("weeks_at_risk", "reached_peace"),
    "deaths": DEATHS,
    "cost_usd": ("cost_usd",),
}
NEEDED = tuple(dict.fromkeys(name for names in SOURCES.values() for name in names))


def known_outcome(name: str) -> Outcome:
    """The outcome `name`; raises ValueError for an unknown one."""
    if name not in OUTCOMES:
        raise ValueError(unknown("outcome", name, OUTCOMES))
    return OUTCOMES[name]


def label(name: str) -> str:
    """What people call the outcome `name`; the name itself when it is none of ours."""
    return OUTCOMES[name].label if name in OUTCOMES else name


def values(frame: pd.DataFrame, name: str) -> Floats:
    """One number per run; years of peace count 0 where peace was never reached. See `asked` for relapse."""
    known_outcome(name)
    if name == "deaths":
        return np.asarray(frame[list(DEATHS)].to_numpy(dtype=np.float64).sum(axis=1))
    column = frame[SOURCES[name][0]].to_numpy(dtype=np.float64)
    return np.asarray(np.nan_to_num(column * WEEK) if name == "years_of_peace" else column)


def asked(frame: pd.DataFrame, name: str) -> Flags:
    """The runs in which the question arises: for relapse those that had reached peace, else all."""
    if name == "relapse":
        return np.asarray(frame["reached_peace"], dtype=bool)
    return np.ones(len(frame), dtype=bool)


class Pairs(NamedTuple):
    """One outcome of the reference and of a policy on the same luck: arrays of one length, and who is alike."""

    a: Floats
    b: Floats
    clusters: Clusters


def paired(runs: RunTable, policy: str, name: str, against: str | None = None) -> Pairs:
    """The pairs in which the question arises under both policies (relapse: both had reached peace)."""
    a, b = runs.pairs(policy, against)
    both = asked(a, name) & asked(b, name)
    return Pairs(values(a, name)[both], values(b, name)[both], Clusters.of(a).among(both))


def identical(runs: RunTable, policy: str, against: str | None = None) -> bool:
    """Whether all pairs of runs agree bit for bit, by the digests of their weekly indicators."""
    a, b = runs.pairs(policy, against)
    return len(a) > 0 and bool((a["digest"].to_numpy() == b["digest"].to_numpy()).all())


def state_means(runs: RunTable, name: str, policy: str | None = None) -> pd.Series:
    """Mean outcome in every state of the world over its replicates, indexed by state; default policy: the reference.

    Raises `Unsupported` for a state without a run in which the question arises.
    """
    frame = runs.arms[runs.reference if policy is None else policy]
    kept = frame[asked(frame, name)]
    means = kept.assign(value=values(kept, name)).groupby(level="state")["value"].mean()
    empty = sorted(set(frame.index.get_level_values("state")) - set(means.index))
    need(
        [
            f"{name}: no run of {_some(empty, 'state')} of policy {frame['policy'].iloc[0]!r} reached peace, so the "
            "share that relapsed does not exist there; ask for at_peace_at_end or years_of_peace"
            if empty
            else ""
        ]
    )
    return means


def uncertainty(runs: RunTable) -> str:
    """What the spread between runs stands for, in words."""
    return "luck only" if Clusters.of(runs.arms[runs.reference]).states < 2 else "luck and ignorance"


def check(runs: RunTable) -> None:
    """Refuse a table that cannot be compared honestly, with everything that is wrong with it.

    Refused: missing outcome columns, NaN or infinite values, pairs with different seeds, a seed met in several states,
    settings that change within a policy.
    """
    frame = runs.frame
    missing = [name for name in (*NEEDED, "digest") if name not in frame.columns]
    refuse(f"the table of runs has no outcome {name!r}{nearest(name, frame.columns)}" for name in missing)
    refuse([*_not_finite(runs), *_unpaired(runs), *_shared_luck(runs), *_unsteady(runs)])


def _not_finite(runs: RunTable) -> Iterable[str]:
    frame = runs.frame
    unclear = runs.states.columns[~np.isfinite(runs.states.to_numpy(dtype=np.float64)).all(axis=0)]
    yield from (f"{name} is not a finite number in all states of the world" for name in unclear)
    for name in (*NEEDED, *runs.levers):
        rows = frame[frame["reached_peace"].astype(bool)] if name == "weeks_at_risk" else frame
        column = rows[name]
        if column.dtype == object or not hasattr(column.dtype, "kind") or column.dtype.kind not in "biuf":
            if column.isna().any():
                yield f"{name} has {counted(int(column.isna().sum()), 'missing value')}"
            continue
        bad = ~np.isfinite(column.to_numpy(dtype=np.float64))
        if bad.any():
            first = rows[bad].iloc[0]
            yield (
                f"{name} is not a finite number in {counted(int(bad.sum()), 'run')}, first in state "
                f"{first['state']}, replicate {first['replicate']} of policy {first['policy']!r}"
            )


def _unpaired(runs: RunTable) -> Iterable[str]:
    for policy in runs.policies[1:]:
        a, b = runs.pairs(policy)
        if not len(a):
            yield f"policy {policy!r} shares no state and replicate with {runs.reference!r}: nothing is paired"
        elif (a["seed"].to_numpy() != b["seed"].to_numpy()).any():
            place = a.index[int(np.argmax(a["seed"].to_numpy() != b["seed"].to_numpy()))]
            yield (
                f"policy {policy!r} has another seed than {runs.reference!r} in state {place[0]}, replicate "
                f"{place[1]}: pairs must be of the same luck"
            )


def _shared_luck(runs: RunTable) -> Iterable[str]:
    meetings = runs.frame[["seed", "state"]].drop_duplicates()
    again = meetings[meetings["seed"].duplicated(keep=False)]
    if len(again):
        seed = again["seed"].iloc[0]
        states = sorted(again.loc[again["seed"] == seed, "state"].tolist())
        yield (
            f"seed {seed} is met in {_some(states, 'state')}: luck that several states share cannot be told from what "
            "nobody knows, so every state needs seeds of its own"
        )


def _unsteady(runs: RunTable) -> Iterable[str]:
    if runs.levers:
        many = runs.frame.groupby("policy")[list(runs.levers)].nunique(dropna=False).max()
        yield from (f"{name} has several values within one policy" for name in runs.levers if many[name] > 1)


def _some(items: list[int], noun: str) -> str:
    if len(items) == 1:
        return f"{noun} {items[0]}"
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    return f"{noun}s {', '.join(map(str, items[:5]))}{more}"
