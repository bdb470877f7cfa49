"""Draws of the first week: one number for each identity, keyed by seed and stream."""

import math

import numpy as np

from ssr_sim.draws import normal, u01
from ssr_sim.jit import njit


@njit
def normals(seed: int, code: int, rows: int, out: np.ndarray) -> None:
    """Fill `out` (rows,) with one standard normal for each identity 0 .. `rows` - 1."""
    for i in range(rows):
        out[i] = normal(u01(seed, code, 0, i, 0))


@njit
def uniforms(seed: int, code: int, rows: int, out: np.ndarray) -> None:
    """Fill `out` (rows,) with one uniform for each identity 0 .. `rows` - 1."""
    for i in range(rows):
        out[i] = u01(seed, code, 0, i, 0)


class Luck:
    """Draws of the first week for one seed; `normal(code, rows)` and `uniform(code, rows)` have shape (rows,)."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def normal(self, code: int, rows: int) -> np.ndarray:
        out = np.empty(rows)
        normals(self.seed, code, rows, out)
        return out

    def uniform(self, code: int, rows: int) -> np.ndarray:
        out = np.empty(rows)
        uniforms(self.seed, code, rows, out)
        return out


def around(level: float, noise: np.ndarray, spread: float) -> np.ndarray:
    """Shares scattered around `level` on the log-odds scale, so that they stay within 0-1."""
    level = min(max(level, 0.005), 0.995)
    scattered: np.ndarray = 1.0 / (1.0 + np.exp(-(math.log(level / (1.0 - level)) + spread * noise)))
    return scattered
