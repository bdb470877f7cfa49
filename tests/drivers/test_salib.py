"""SALib samples levers for `simulate` and analyses what comes back."""

import numpy as np
import pytest
from SALib.analyze import morris as analyse_morris
from SALib.analyze import sobol as analyse_sobol
from SALib.sample import morris, sobol

from ssr_sim import simulate
from tests.drivers.common import SEED, SMALL, ranges

LEVERS = ["vetting.coverage", "training.police", "mission.drawdown_start"]
VETTING, TRAINING, IDLE = range(3)


@pytest.fixture(scope="module")
def problem() -> dict[str, object]:
    """Two levers that work from the first week, and a date that lies beyond the end of the run."""
    return {"num_vars": len(LEVERS), "names": LEVERS, "bounds": [*ranges(*LEVERS[:IDLE]), [2.0, 50.0]]}


def outcomes(sample: np.ndarray, *names: str) -> np.ndarray:
    """Outcomes of a run for each row of a sample, all on the same luck: (rows, names)."""
    runs = [simulate(SMALL | dict(zip(LEVERS, map(float, row), strict=True)), SEED) for row in sample]
    return np.array([[run[name] for name in names] for run in runs])


def test_morris_finds_what_levers_do_and_exactly_nothing_for_one_that_cannot_work(problem: dict[str, object]) -> None:
    sample = morris.sample(problem, N=4, num_levels=4, seed=1)
    abuse, cost = (analyse_morris.analyze(problem, sample, column, num_levels=4, seed=1)
                   for column in outcomes(sample, "abuse_record", "cost_usd").T)
    assert list(abuse["names"]) == LEVERS
    assert abuse["mu"][VETTING] == -abuse["mu_star"][VETTING] < -0.01, "vetting lowers abuse wherever one starts"
    assert abuse["mu_star"][VETTING] == abuse["mu_star"].max()
    assert (cost["mu"][[VETTING, TRAINING]] > 1e5).all(), "both cost money"
    for found in (abuse, cost):
        assert found["mu_star"][IDLE] == found["sigma"][IDLE] == 0.0


def test_sobol_shares_of_the_variance_add_up_and_a_lever_that_cannot_work_has_none(problem: dict[str, object]) -> None:
    sample = sobol.sample(problem, 32, calc_second_order=False, seed=1)
    (cost,) = outcomes(sample, "cost_usd").T
    found = analyse_sobol.analyze(problem, cost, calc_second_order=False, seed=1)
    assert found["ST"][IDLE] == found["S1"][IDLE] == 0.0
    assert (found["ST"][[VETTING, TRAINING]] > 0.1).all()
    assert found["ST"].sum() == pytest.approx(1.0, abs=0.2), "what a year costs is nearly a sum over levers"
