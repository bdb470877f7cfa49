"""Scenario discovery finds the box that is there, says when there is none, and peels as EMA Workbench's PRIM does."""

import math
from itertools import pairwise

import numpy as np
import pytest

from ssr_sim.analysis.discovery import discover, discovery, found_box, peel
from ssr_sim.analysis.outcomes import Unsupported
from tests.analysis.studies import luck, study

NAMES = tuple("abcdefgh")


def boxed(seed: int, states: int = 250, replicates: int = 20) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probability 0.8 where a is above 0.6 and d below 0.5, else 0.2; six parameters do nothing."""
    generator = luck(seed)
    x = generator.random((states, 8))
    inside = (x[:, 0] > 0.6) & (x[:, 3] < 0.5)
    return x, generator.binomial(replicates, np.where(inside, 0.8, 0.2)) / replicates, inside


def test_the_box_that_is_there_is_found_and_stable() -> None:
    x, y, inside = boxed(1)
    found = discover(NAMES, x, y)
    assert found.real
    assert {limit.parameter for limit in found.limits} == {"a", "d"}
    limits = {limit.parameter: limit for limit in found.limits}
    assert limits["a"].low == pytest.approx(0.6, abs=0.06)
    assert limits["d"].high == pytest.approx(0.5, abs=0.1)
    assert min(limit.returns for limit in found.limits) > 0.9
    assert found.box.density == pytest.approx(y[found.box.holds(x)].mean())
    assert found.box.coverage == pytest.approx(y[found.box.holds(x)].sum() / y.sum())
    assert found.base < found.fresh_density <= 0.85
    assert found.box.density == pytest.approx(0.8, abs=0.05)
    assert inside.mean() == pytest.approx(found.box.mass, abs=0.06)


def test_shuffled_outcomes_hold_no_box_in_nineteen_studies_of_twenty() -> None:
    """20 studies: one expected, more than 3 in one set of seeds out of a hundred."""
    real = 0
    for seed in range(20):
        x, y, _ = boxed(seed, states=80)
        real += discover(NAMES, x, luck(50 + seed).permutation(y)).real
    assert real <= 3


def test_the_fewest_states_are_peeled_down_to_two_of_them() -> None:
    for seed in range(20):
        x, y, _ = boxed(seed, states=40, replicates=100)
        assert all(box.holds(x).sum() >= 2 for box in peel(x, y))


def test_trajectory_rises_in_density_and_falls_in_coverage_a_thin_slice_at_a_time() -> None:
    x, y, _ = boxed(2)
    boxes = peel(x, y)
    for before, after in pairwise(boxes):
        assert after.density > before.density
        assert after.coverage <= before.coverage
        assert 0.9 * before.mass <= after.mass < before.mass
        assert after.mass == pytest.approx(after.holds(x).mean())
        assert after.density == pytest.approx(y[after.holds(x)].mean())
    assert (boxes[0].mass, boxes[0].restricted) == (1.0, [])
    assert boxes[-1].mass >= 0.05


def test_points_of_equal_value_leave_together() -> None:
    x = np.column_stack((np.repeat([0.0, 1.0, 2.0], 30), luck(3).random(90)))
    y = np.repeat([0.1, 0.9, 0.1], 30) + 0.05 * luck(4).random(90)
    box = found_box(x, y)
    assert (box.low[0], box.high[0]) == (1.0, 1.0)
    assert box.mass == pytest.approx(1 / 3)


def test_a_study_without_states_to_search_is_told_so() -> None:
    with pytest.raises(Unsupported, match="varies no uncertainties"):
        discovery(study({}))
    with pytest.raises(Unsupported, match="10 states are too few"):
        discovery(study({}, states=10, replicates=20, uncertainties=2))
    with pytest.raises(ValueError, match="no share of runs"):
        discovery(study({}, states=50, uncertainties=2), "cost_usd")
    with pytest.raises(ValueError, match="between 0 and 1"):
        discover(NAMES, *boxed(1)[:1], np.full(250, math.nan))


def test_a_study_finds_the_uncertainties_that_raise_the_risk() -> None:
    found = discovery(study({}, states=200, replicates=30, uncertainties=4, risk=0.05), "relapse")
    assert found.real
    assert {limit.parameter for limit in found.limits} <= {"unknown.a", "unknown.b"}
    assert all(math.isfinite(limit.low) for limit in found.limits)


def test_peeling_agrees_with_ema_workbench() -> None:
    """Both end near the same box: same limited parameters, density and coverage within a twentieth."""
    prim = pytest.importorskip("ema_workbench.analysis.prim")
    import pandas as pd

    x, y, _ = boxed(5)
    theirs = prim.Prim(
        pd.DataFrame(x, columns=list(NAMES)),
        y,
        threshold=0.0,
        peel_alpha=0.05,
        mass_min=0.05,
        mode=prim.sdutil.RuleInductionType.REGRESSION,
    ).find_box()
    ours = peel(x, y)
    table = theirs.peeling_trajectory
    for mass in (0.6, 0.4, 0.25, 0.15):
        mine = min(ours, key=lambda box: abs(box.mass - mass))
        other = table.iloc[(table["mass"] - mine.mass).abs().argmin()]
        assert mine.density == pytest.approx(other["mean"], abs=0.05)
