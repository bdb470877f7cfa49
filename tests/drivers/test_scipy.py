"""SciPy's optimisers search levers of `simulate`: on common luck the objective is a function without noise."""

import numpy as np
import pytest
from scipy.optimize import differential_evolution, minimize_scalar

from ssr_sim import simulate
from tests.drivers.common import SEED, SMALL, ranges

LUCKS = (SEED, SEED + 1)
KEYS = ("vetting.coverage", "oversight.coverage")


def corruption(**levers: float) -> float:
    """Mean corruption at the end over two histories, the same two for every setting of the levers."""
    params = SMALL | {key.replace("__", "."): float(value) for key, value in levers.items()}
    return float(np.mean([simulate(params, seed)["corruption_at_end"] for seed in LUCKS]))


def test_minimize_scalar_finds_the_lever_that_reaches_a_target() -> None:
    wanted = 0.37
    target = corruption(oversight__coverage=wanted)
    found = minimize_scalar(lambda share: abs(corruption(oversight__coverage=share) - target), method="bounded",
                            bounds=ranges("oversight.coverage")[0], options={"xatol": 1e-3})
    assert found.success
    assert found.x == pytest.approx(wanted, abs=5e-3)


def test_differential_evolution_finds_the_best_of_two_levers_and_the_same_again() -> None:
    seen: dict[tuple[float, ...], float] = {}

    def loss(levers: np.ndarray) -> float:
        """Corruption, and what more of a lever costs: neither nothing nor everything is best."""
        value = corruption(**dict(zip((key.replace(".", "__") for key in KEYS), levers, strict=True)))
        value += 0.02 * float(levers[0]) ** 2 + 0.02 * float(levers[1]) ** 2
        assert seen.setdefault(tuple(levers), value) == value, "the same levers, another value"
        return value

    bounds = ranges(*KEYS)
    runs = [differential_evolution(loss, bounds, rng=3, popsize=4, maxiter=4, polish=False, tol=0.0) for _ in range(2)]
    first, second = runs
    assert first.fun == second.fun == min(seen.values())
    np.testing.assert_array_equal(first.x, second.x)
    assert first.fun == loss(first.x)
    corners = [loss(np.array([a, b])) for a in bounds[0] for b in bounds[1]]
    assert first.fun < min(corners)
