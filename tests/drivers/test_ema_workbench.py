"""EMA Workbench samples levers and seeds for `simulate`."""

import importlib.util
import sys
from typing import Any

import pytest

from ssr_sim import simulate
from tests.drivers.common import SMALL

pytestmark = [
    pytest.mark.skipif(sys.version_info < (3, 12), reason="EMA Workbench 3 needs Python 3.12 or newer"),
    pytest.mark.skipif(importlib.util.find_spec("ema_workbench") is None,
                       reason="EMA Workbench is no part of the environment: pip install ema_workbench"),
]
LEVERS = {"vetting_coverage": "vetting.coverage", "oversight_coverage": "oversight.coverage"}
OUTCOMES = ("corruption_at_end", "trust_police_at_end", "cost_usd")


def country(luck: int, **levers: float) -> dict[str, Any]:
    """A model as the workbench wants it: names without dots in, numbers out."""
    return simulate(SMALL | {LEVERS[name]: value for name, value in levers.items()}, luck)


def test_the_workbench_runs_every_policy_in_every_state_and_returns_what_simulate_does() -> None:
    from ema_workbench import IntegerParameter, Model, RealParameter, ScalarOutcome, SequentialEvaluator

    model = Model("ssr", function=country)
    model.uncertainties = [IntegerParameter("luck", 1, 1000)]
    model.levers = [RealParameter(name, 0.0, 1.0) for name in LEVERS]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=3)
    assert len(experiments) == 2 * 3
    for place, row in enumerate(experiments.itertuples()):
        levers = {name: float(getattr(row, name)) for name in LEVERS}
        by_hand = country(int(row.luck), **levers)
        assert [outcomes[name][place] for name in OUTCOMES] == [by_hand[name] for name in OUTCOMES]
    assert len(set(outcomes["corruption_at_end"])) == 6
