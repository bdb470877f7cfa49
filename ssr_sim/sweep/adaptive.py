"""How many replicates are enough: until shares are known within a stated half-width, for every policy.

The rule looks only at how wide the interval is, never at whether it excludes anything, and only at whole blocks of
replicates 0 to r - 1; so neither chance nor the number of workers can make it stop early.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ssr_sim.sweep.ledger import places
from ssr_sim.sweep.study import Study

if TYPE_CHECKING:
    import pyarrow as pa

GROWTH = 1.25  # of the number of replicates from one look to the next
Z = float(ndtri(0.975))


class Share(NamedTuple):
    """A share of runs, the number of independent runs that would tell as much, and the half-width of its interval."""

    value: float
    effective: float
    half_width: float


def share(outcomes: NDArray[np.floating]) -> Share:
    """The share of ones in `outcomes`, shape (states, replicates), NaN for a run that failed, with the half-width of
    its Wilson interval at 95 %.

    Runs in one state of the world are alike, and so are runs with the same luck: the interval counts as many runs as
    would be as informative if all were independent, p (1 - p) over the variance of the mean clustered both ways
    (Cameron, Gelbach and Miller 2011). Where all runs agree, there is no telling how alike they are: each state, or
    each replicate if those are fewer, counts as one run.
    """
    known = np.isfinite(outcomes)
    runs = int(known.sum())
    if not runs:
        return Share(math.nan, 0.0, math.inf)
    value = float(outcomes[known].mean())
    states, replicates = known.any(axis=1).sum(), known.any(axis=0).sum()
    fewest = float(min(states, replicates)) if states > 1 and replicates > 1 else float(runs)
    spread = value * (1.0 - value)
    if spread == 0.0:
        effective = fewest
    else:
        residual = np.where(known, outcomes - value, 0.0)
        variance = _clustered(residual, 1) + _clustered(residual, 0) - _clustered(residual, None)
        variance = max(variance / runs**2, spread / runs)
        effective = spread / variance
    return Share(value, effective, wilson_half_width(value, effective))


def _clustered(residual: NDArray[np.floating], within: int | None) -> float:
    """Sum of squared sums within clusters, corrected for their number; None: every run is a cluster."""
    sums = residual.ravel() if within is None else residual.sum(axis=within)
    clusters = len(sums)
    return float((sums**2).sum()) * (clusters / (clusters - 1) if clusters > 1 else 0.0)


def wilson_half_width(value: float, runs: float) -> float:
    """Half the length of the 95 % score interval (Wilson 1927) of a share among so many runs, whole or not."""
    return Z / (1.0 + Z**2 / runs) * math.sqrt(value * (1.0 - value) / runs + Z**2 / (4.0 * runs**2))


def shares(study: Study, tables: Iterable[pa.Table], needed: NDArray[np.int64]) -> list[list[Share]]:
    """For every policy the shares of all targets among its first `needed` replicates."""
    names = [target.outcome for target in study.replicates.targets]
    shape = (len(study.policy_names), len(study.states), int(needed.max()))
    outcomes = {name: np.full(shape, np.nan, dtype=np.float32) for name in names}
    for table in tables:
        belongs, where = places(study, table, shape[2])
        for name in names:
            outcomes[name][where] = table[name].to_numpy()[belongs]
    return [[share(outcomes[name][policy, :, : needed[policy]]) for name in names] for policy in range(shape[0])]


def enough(study: Study, found: Iterable[Iterable[Share]]) -> NDArray[np.bool_]:
    """For every policy whether all its targets are met."""
    targets = study.replicates.targets
    return np.array([all(share.half_width <= target.half_width for share, target in zip(own, targets, strict=True))
                     for own in found])


def next_look(study: Study, needed: NDArray[np.int64], met: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many replicates each policy is to have at the next look: as many as now where its targets are met."""
    more = np.minimum(np.ceil(needed * GROWTH).astype(np.int64), study.replicates.most)
    return np.where(met, needed, more)
