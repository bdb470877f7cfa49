"""How many replicates are enough: until shares are known within a stated half-width, for every policy.

The rule looks only at how wide the interval is, never at whether it excludes anything, and only at whole blocks of
replicates 0 to r - 1; so neither chance nor the number of workers can make it stop early.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssr_sim import clustered
from ssr_sim.clustered import Clusters
from ssr_sim.intervals import Proportion
from ssr_sim.sweep.ledger import places
from ssr_sim.sweep.study import Study

if TYPE_CHECKING:
    import pyarrow as pa

GROWTH = 1.25  # of the number of replicates from one look to the next


def share(outcomes: NDArray[np.floating]) -> Proportion:
    """The share of ones in `outcomes`, shape (states, replicates), NaN for a run that failed, with Wilson's interval at
    the effective number of runs: those of one state of the world are alike (`ssr_sim.clustered.share`).
    """
    known = np.isfinite(outcomes)
    state = np.broadcast_to(np.arange(len(outcomes))[:, None], outcomes.shape)
    return clustered.share(outcomes[known], Clusters.labelled(state[known]))


def shares(study: Study, tables: Iterable[pa.Table], needed: NDArray[np.int64]) -> list[list[Proportion]]:
    """For every policy the shares of all targets among its first `needed` replicates."""
    names = [target.outcome for target in study.replicates.targets]
    shape = (len(study.policy_names), len(study.states), int(needed.max()))
    outcomes = {name: np.full(shape, np.nan, dtype=np.float32) for name in names}
    for table in tables:
        belongs, where = places(study, table, shape[2])
        for name in names:
            outcomes[name][where] = table[name].to_numpy()[belongs]
    return [[share(outcomes[name][policy, :, : needed[policy]]) for name in names] for policy in range(shape[0])]


def enough(study: Study, found: Iterable[Iterable[Proportion]]) -> NDArray[np.bool_]:
    """For every policy whether all its targets are met."""
    targets = study.replicates.targets
    return np.array([all(share.half_width <= target.half_width for share, target in zip(own, targets, strict=True))
                     for own in found])


def next_look(study: Study, needed: NDArray[np.int64], met: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many replicates each policy is to have at the next look: as many as now where its targets are met."""
    more = np.minimum(np.ceil(needed * GROWTH).astype(np.int64), study.replicates.most)
    return np.where(met, needed, more)
