"""Robust choice: measures by hand, equal policies rank equally, luck does not inflate regret."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from ssr_sim.analysis.outcomes import Unsupported
from ssr_sim.analysis.robustness import dominated, front, robustness
from ssr_sim.run_table import RunTable
from tests.analysis.studies import luck, study


def with_peace(means: dict[str, list[float]], replicates: int, seed: int = 1, common: bool = True) -> RunTable:
    """A study whose share at peace in each state under each policy is as given."""
    states = len(next(iter(means.values())))
    names = [name for name in means if name != "today"]
    runs = study(dict.fromkeys(names, 1.5), states=states, replicates=replicates, uncertainties=2)
    generator = luck(seed)
    draws = generator.random((states, replicates))
    peace = []
    for name in ["today", *names]:
        own = draws if common else generator.random((states, replicates))
        peace.append((own < np.array(means[name])[:, None]).ravel())
    return dataclasses.replace(runs, frame=runs.frame.assign(at_peace_at_end=np.concatenate(peace)))


def test_measures_are_those_worked_out_by_hand() -> None:
    found = robustness(with_peace({"today": [1.0, 0.0, 1.0, 0.0], "hedge": [1.0, 1.0, 0.0, 0.0]}, 4), threshold=0.5)
    today, hedge = found.measures.loc["today"], found.measures.loc["hedge"]
    assert today["expected"] == hedge["expected"] == 0.5
    assert (today["mean regret"], today["largest regret"]) == (0.25, 1.0)
    assert (today["worst case"], today["satisficing"]) == (0.0, 0.5)
    assert found.cross_fitted


def test_the_better_policy_is_first_and_probabilities_add_up_to_one() -> None:
    worse, better = list(np.linspace(0.2, 0.6, 30)), list(np.linspace(0.4, 0.8, 30))
    found = robustness(with_peace({"today": worse, "better": better}, 20))
    assert found.first.sum().to_numpy() == pytest.approx(1.0)
    assert found.first.loc["better", ["expected", "mean regret", "satisficing"]].min() > 0.99
    assert found.measures.loc["today", "mean regret"] == pytest.approx(0.2, abs=0.05)
    assert found.measures.loc["better", "mean regret"] == pytest.approx(0.0, abs=0.02)


def test_equal_policies_share_their_ranks() -> None:
    same = list(np.linspace(0.2, 0.8, 40))
    found = robustness(with_peace(dict.fromkeys(["today", "b", "c", "d"], same), 10))
    assert found.first.to_numpy() == pytest.approx(0.25)
    luckless = [
        robustness(with_peace(dict.fromkeys(["today", "b"], same), 10, seed, common=False)).first.loc["b", "expected"]
        for seed in range(12)
    ]
    assert 0.25 < np.mean(luckless) < 0.75  # uniform between 0 and 1: standard error 0.08


def test_luck_does_not_make_regret_of_equal_policies() -> None:
    same = [0.5] * 60
    names = ["today", *"bcdefgh"]
    found = robustness(with_peace(dict.fromkeys(names, same), 8, 3, common=False)).measures["mean regret"]
    assert abs(found.mean()) < 0.05
    single = with_peace(dict.fromkeys(names, same), 1, 3, common=False)
    assert robustness(single).measures["mean regret"].mean() > 0.3  # and says so:
    assert not robustness(single).cross_fitted


def test_of_less_deaths_or_cost_less_is_better() -> None:
    found = robustness(study({"worse": 3.0}, states=20, replicates=6, uncertainties=2), "deaths")
    assert found.measures.loc["worse", "expected"] > found.measures.loc["today", "expected"]
    assert found.measures.loc["worse", "worst case"] > found.measures.loc["worse", "expected"]
    assert found.first.loc["today", "expected"] > 0.95
    assert found.measures.loc["worse", "mean regret"] > 0.0


def test_front_holds_what_nothing_beats_in_both() -> None:
    runs = study(
        {"safer": 0.5, "cheap": 1.5, "worse": 1.6, "twin": 0.5},
        replicates=200,
        price={"safer": 0.5, "cheap": -0.5, "worse": 0.6, "twin": 0.5},
    )
    points = front(runs).points
    assert list(points.index[points["on_front"]]) == ["today", "safer", "cheap", "twin"]
    assert points.loc["worse", "probability"] == 0.0
    assert points.loc["safer", "probability"] == points.loc["twin", "probability"] > 0.99


def test_dominated_by_hand() -> None:
    points = np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 0.5], [2.0, 1.0], [np.nan, 0.0]])
    assert dominated(points).tolist() == [False, False, False, True, True]


def test_one_state_or_one_policy_cannot_be_ranked() -> None:
    with pytest.raises(Unsupported, match="one state of the world"):
        robustness(study({"worse": 2.0}))
    with pytest.raises(Unsupported, match="no rival"):
        front(study({}))


def test_only_runs_that_all_policies_have_are_ranked() -> None:
    runs = study({"worse": 1.5}, states=10, replicates=4, uncertainties=2)
    part = runs.frame[(runs.frame["policy"] == "today") | (runs.frame["state"] < 6)]
    found = robustness(dataclasses.replace(runs, frame=pd.DataFrame(part)))
    assert found.states == 6
