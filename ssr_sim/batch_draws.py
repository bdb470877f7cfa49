"""Draws for many agents or many options at once: the numbers of `world.draw`, bit for bit, several times as fast.

No draw depends on another, so a processor can make several in one instruction where the generator stands in the loop
itself. Use these where a phase draws for every row of a table anyway.
"""

import math
from typing import Any

import numpy as np

from ssr_sim.draws import u01
from ssr_sim.fingerprint import plain
from ssr_sim.jit import inlined, njit

_u01 = inlined(plain(u01))  # the loop must hold the generator itself
SLACK = 1.0 + 1e-9  # far above the rounding of two logarithms


@njit
def draw_each(now: Any, stream: int, uids: np.ndarray, k: int) -> np.ndarray:
    """Uniform numbers in (0, 1) for one decision of many agents in this week, float64 (len(uids),)."""
    seed, week = now.seed, now.week
    numbers = np.empty(len(uids), np.uint64)
    for i in range(len(uids)):  # side by side, where they lie apart in a table
        numbers[i] = uids[i]
    out = np.empty(len(uids))
    for i in range(len(uids)):
        out[i] = _u01(seed, stream, week, numbers[i], k)
    return out


@njit
def draw_options(now: Any, stream: int, uid: int, options: np.ndarray) -> np.ndarray:
    """Uniform numbers in (0, 1) for one agent's options in this week, float64 (len(options),)."""
    seed, week = now.seed, now.week
    out = np.empty(len(options))
    for i in range(len(options)):
        out[i] = _u01(seed, stream, week, uid, options[i])
    return out


@njit
def choose_place(now: Any, stream: int, uid: int, places: np.ndarray, needs: np.ndarray, luck: float) -> int:
    """The row of the place that an agent chooses, -1 where none can be chosen.

    It is where log need plus Gumbel luck, times `luck` (0-1), is highest: with `luck` 1 the chance of a place is its
    share of all need. `places` are identities, `needs` their need, below 0 where a place cannot be chosen.
    """
    drawn = draw_options(now, stream, uid, places)
    best = -1
    highest = -1e300
    reach = math.inf
    for j in range(len(places)):
        need = needs[j] + 1e-9
        # as -log(u) > 1 - u, a place this far from luck cannot win: no logarithm for most places
        if 1.0 - drawn[j] >= reach * need:
            continue
        score = math.log(need) - math.log(-math.log(drawn[j])) * luck
        if score > highest:
            best = j
            highest = score
            reach = math.exp(-highest) * SLACK
    return best
