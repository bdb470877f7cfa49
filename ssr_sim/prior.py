"""What nobody knows for sure: the numbers of a scenario that have a range, and one draw of all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ssr_sim.country import Country
from ssr_sim.draws import stream, u01
from ssr_sim.jit import njit
from ssr_sim.parameters import Parameter

Floats = NDArray[np.float64]

IGNORANCE = stream(1, "value of what nobody knows")


@dataclass(frozen=True)
class Prior:
    """Independent distributions, one per key.

    Parameters are uniform on [low, high], choices uniform over their options (drawn as the option's index),
    numbers of the country triangular with their value as mode. All arrays have shape (len(keys),).
    """

    keys: tuple[str, ...]
    low: Floats
    mode: Floats
    high: Floats
    triangular: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    options: NDArray[np.bool_] = field(repr=False)

    def uniforms(self, seed: int) -> Floats:
        """One uniform in (0, 1) per key. It depends on the seed and the key alone, not on the other keys."""
        return _uniforms(seed, self._identities)

    @cached_property
    def _identities(self) -> NDArray[np.uint32]:
        return np.array([_identity(key) for key in self.keys], dtype=np.uint32)

    def draw(self, uniforms: Floats) -> Floats:
        """One value per key from one uniform per key in (0, 1); each value rises with its uniform."""
        width = self.high - self.low
        below = uniforms * width < self.mode - self.low
        left = self.low + np.sqrt(uniforms * width * (self.mode - self.low))
        right = self.high - np.sqrt((1.0 - uniforms) * width * (self.high - self.mode))
        values = np.where(self.triangular, np.where(below, left, right), self.low + uniforms * width)
        values = np.where(self.options, np.minimum(np.floor(uniforms * (width + 1.0)), self.high), values)
        return np.where(self.whole, np.rint(values), values)


@njit
def _uniforms(seed: int, uids: NDArray[np.uint32]) -> Floats:
    out = np.empty(len(uids))
    for i in range(len(uids)):
        out[i] = u01(seed, IGNORANCE, 0, uids[i], 0)
    return out


def _identity(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest())


def make_prior(parameters: Iterable[Parameter], country: Country) -> Prior:
    """The distributions of `parameters` and of every number of `country` that has a range."""
    rows = [(p.key, p.lo, p.lo, p.hi, False, False, bool(p.options)) for p in parameters if p.lo < p.hi]
    for key, datum in country.numbers():
        low, high = datum.range
        if low < high:
            rows.append((key, low, datum.value, high, True, key == "country.politics.elites", False))
    keys, *columns = zip(*rows, strict=True) if rows else ((),) * 7
    low_, mode, high_ = (np.array(column, dtype=np.float64) for column in columns[:3])
    triangular, whole, options = (np.array(column, dtype=np.bool_) for column in columns[3:])
    return Prior(keys, low_, mode, high_, triangular, whole, options)
