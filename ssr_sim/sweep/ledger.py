"""What a sweep has done and what is missing, as tables of policy, state of the world and replicate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssr_sim.sweep import store
from ssr_sim.sweep.identity import Identities, run_id
from ssr_sim.sweep.parts import Label
from ssr_sim.sweep.store import Part
from ssr_sim.sweep.study import Study
from ssr_sim.sweep.work import Task

if TYPE_CHECKING:
    import pyarrow as pa

Flags = NDArray[np.bool_]


class Ledger:
    """Which runs of a study are finished or have failed: bool (policies, states, replicates), a byte for each run."""

    def __init__(self, folder: Path, study: Study) -> None:
        self.folder, self.study = folder, study
        self.identities = Identities(study)
        self.pairs = self._pairs()
        self._known: dict[str, Part] = {}
        self.read()

    def read(self) -> None:
        """Read the parts. Raises `SweepError` for a damaged part or one of another version."""
        shape = (len(self.study.policy_names), len(self.study.states), self.study.replicates.most)
        self.parts = store.current_parts(self.folder, self._known)
        store.check_models(self.parts, store.read_document(self.folder)["model"])
        self.finished = marks(self.study, shape, columns(self.parts, "runs", ()))
        self.failed = marks(self.study, shape, columns(self.parts, "failures", ())) & ~self.finished

    def _pairs(self) -> list[bytes]:
        """What identifies every pair of policy and state, states varying fastest."""
        policies, states = range(len(self.study.policy_names)), range(len(self.study.states))
        return [self.identities.of_pair(policy, state) for policy in policies for state in states]

    def wanted(self, needed: Sequence[int] | np.ndarray) -> Flags:
        """All runs when every policy is to have `needed` replicates."""
        replicates = np.arange(self.study.replicates.most)
        ask = replicates[None, :] < np.asarray(needed)[:, None]
        return np.broadcast_to(ask[:, None, :], self.finished.shape)

    def tasks(self, missing: Flags) -> Iterator[Task]:
        """The missing runs, replicate by replicate, so that what is there can be compared at any time.

        Policies that come to the same thing in a state of the world share their runs.
        """
        states = len(self.study.states)
        same: dict[tuple[bytes, int], int] = {}
        first = np.array([same.setdefault(pair, place) for place, pair in enumerate(self._same_runs())])
        alone = len(same) == len(self.pairs)
        order = np.arange(len(first)).reshape(-1, states).T.ravel()  # the policies of one state side by side
        for replicate in range(missing.shape[2]):
            here = missing[:, :, replicate].ravel()
            places = order[here[order]]
            if alone:
                yield from (Task(((int(place // states), int(place % states)),), replicate) for place in places)
                continue
            groups: dict[int, list[int]] = {}
            for place in places:
                groups.setdefault(int(first[place]), []).append(int(place))
            for group in groups.values():
                yield Task(tuple((place // states, place % states) for place in group), replicate)

    def labels(self, missing: Flags) -> Iterator[Label]:
        """The identities of missing runs."""
        names, states = self.study.policy_names, len(self.study.states)
        for replicate in range(missing.shape[2]):
            for policy, state in np.argwhere(missing[:, :, replicate]):
                seed = self.study.own_seed(int(state), replicate)
                pair = self.pairs[policy * states + state]
                yield Label(run_id(pair, seed), names[policy], int(state), replicate, seed)

    def _same_runs(self) -> Iterator[tuple[bytes, int]]:
        """What tells the runs of one pair from those of others, in the order of `pairs`: seeds belong to states."""
        states = len(self.study.states)
        return ((pair, place % states) for place, pair in enumerate(self.pairs))

    def twins(self, missing: Flags) -> Flags:
        """Missing runs that are finished under the name of another policy."""
        groups: dict[tuple[bytes, int], list[int]] = {}
        for place, pair in enumerate(self._same_runs()):
            groups.setdefault(pair, []).append(place)
        found = np.zeros_like(self.finished)
        flat, done = found.reshape(len(self.pairs), -1), self.finished.reshape(len(self.pairs), -1)
        for group in groups.values():
            if len(group) > 1:
                flat[group] = done[group].any(axis=0)
        return found & missing


def columns(parts: Iterable[Part], table: str, names: Sequence[str]) -> Iterator[pa.Table]:
    """Policy, state, replicate and the columns `names` of a table, part by part; parts without it are passed over."""
    from pyarrow import parquet

    for part in parts:
        if table in part.bytes:
            found = parquet.read_table(part.file(table), columns=["policy", "state", "replicate", *names])
            if found.num_rows:
                yield found


def places(study: Study, table: pa.Table, replicates: int) -> tuple[NDArray[np.bool_], tuple[Any, ...]]:
    """Which rows of a table belong to the study, and where they stand: policies, states, replicates."""
    numbers = {name: place for place, name in enumerate(study.policy_names)}
    encoded = table["policy"].combine_chunks().dictionary_encode()
    known = np.array([numbers.get(name, -1) for name in encoded.dictionary.to_pylist()])
    policy = known[encoded.indices.to_numpy()]
    state, replicate = table["state"].to_numpy(), table["replicate"].to_numpy()
    belongs = (policy >= 0) & (state < len(study.states)) & (replicate < replicates)
    return belongs, (policy[belongs], state[belongs], replicate[belongs])


def marks(study: Study, shape: tuple[int, int, int], tables: Iterable[pa.Table]) -> Flags:
    """Where the rows of the tables stand, as flags of that shape."""
    flags = np.zeros(shape, dtype=np.bool_)
    for table in tables:
        _, where = places(study, table, shape[2])
        flags[where] = True
    return flags
