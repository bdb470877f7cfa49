"""Search finds a known front on common luck, keeps within its budget and limits, and repeats itself."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from ssr_sim.analysis.search import FRESH_LUCK, lever_ranges, scenario_evaluator, search
from ssr_sim.ensemble import run_ensemble
from ssr_sim.scenario import Scenario
from tests.analysis.studies import luck

LEVERS = {"effort": (0.0, 1.0), "waste": (0.0, 1.0)}


class Country:
    """Effort lowers risk and raises cost; waste raises both. Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def __call__(self, settings: Sequence[Mapping[str, float]], number: int) -> np.ndarray:
        self.asked.append((number, len(settings)))
        x = np.array([[s["effort"], s["waste"]] for s in settings])
        risk, cost = 1.0 - 0.8 * x[:, 0] + 0.3 * x[:, 1], x[:, 0] + x[:, 1]
        return np.column_stack((risk, cost))[:, None, :] + 0.1 * luck(number).normal(size=(30, 2))


def test_search_finds_the_front_and_runs_it_again_on_fresh_luck() -> None:
    country = Country()
    found = search(country, LEVERS, ("risk", "cost"), budget=300, seed=1)
    assert found.policies["waste"].median() < 0.1
    assert found.policies["effort"].max() - found.policies["effort"].min() > 0.6
    *searched, (number, size) = country.asked
    assert number == FRESH_LUCK
    assert size == len(found.policies)
    assert sum(count for _, count in searched) == found.evaluated == 300
    shift = found.policies["risk"] - found.policies["risk in the search"]
    assert shift.abs().min() > 0.0


def test_the_same_seed_finds_the_same_and_another_seed_something_else() -> None:
    runs = [search(Country(), LEVERS, ("risk", "cost"), budget=96, seed=seed).policies for seed in (1, 1, 2)]
    assert runs[0].equals(runs[1])
    assert not runs[0].equals(runs[2])


def test_a_search_does_not_end_worse_than_what_it_started_from() -> None:
    """A budget of one population at random finds nothing near these two, of which the second is a bad one."""
    good, bad = {"effort": 0.9, "waste": 0.0}, {"effort": 0.9, "waste": 0.9}
    found = search(Country(), LEVERS, ("risk", "cost"), budget=24, seed=1, start=[good, bad]).policies
    begun = found[found["start"]].sort_values("waste")
    assert begun[["effort", "waste"]].to_numpy().tolist() == [[0.9, 0.0], [0.9, 0.9]]
    assert begun["on_front"].tolist() == [True, False]
    assert found["risk in the search"].min() == begun["risk in the search"].min()
    with pytest.raises(ValueError, match=r"start 0: effort is 2, outside 0 to 1") as refusal:
        search(Country(), LEVERS, ("risk", "cost"), start=[{"effort": 2.0, "waste": 0.0}, {"effort": 0.5}])
    assert "start 1: give effort, waste, and nothing else" in str(refusal.value)


def test_limits_are_kept() -> None:
    found = search(Country(), LEVERS, ("risk", "cost"), budget=200, most={"cost": 0.4})
    assert found.policies["cost in the search"].max() <= 0.4
    assert found.policies["risk"].min() < 0.8
    with pytest.raises(ValueError, match="none of 48 policies"):
        search(Country(), LEVERS, ("risk", "cost"), budget=48, most={"cost": -5.0})


def test_wrong_arguments_are_refused_together() -> None:
    with pytest.raises(ValueError, match="budget must be") as refusal:
        search(Country(), {"effort": (1.0, 0.0)}, ("risk",), budget=0, most={"price": 1.0})
    assert "lever 'effort': the range must rise" in str(refusal.value)
    assert "'price' is no objective" in str(refusal.value)
    with pytest.raises(ValueError, match="evaluate must give"):
        search(lambda settings, number: np.zeros((1, 2)), LEVERS, ("risk", "cost"))


def test_ranges_of_levers_are_the_declared_ones() -> None:
    baseline = Scenario.load("baseline")
    row = baseline.parameters["vetting.coverage"]
    assert lever_ranges(baseline, ["vetting.coverage"]) == {"vetting.coverage": (row.lo, row.hi)}
    with pytest.raises(ValueError, match=r"did you mean 'vetting\.coverage'"):
        lever_ranges(baseline, ["vetting.coverag"])


def test_a_scenario_is_evaluated_on_the_luck_of_its_ensemble() -> None:
    baseline = Scenario.load("baseline")
    evaluate = scenario_evaluator(baseline, ("relapse", "at_peace_at_end", "cost_usd"), 2, 3, seed=5)
    runs = evaluate([{"vetting.coverage": 0.0}, {"vetting.coverage": 0.5}], 0)
    assert runs.shape == (2, 3, 3)
    plain = run_ensemble(baseline.with_levers({"vetting.coverage": 0.5}), 2, 3, 5)
    assert runs[1, :, 2].tolist() == plain.outcome("cost_usd").tolist()
    assert runs[1, :, 1].tolist() == (-plain.outcome("at_peace_at_end").astype(float)).tolist()
    assert np.isnan(runs[1, :, 0]).tolist() == (~plain.outcome("reached_peace")).tolist()
    assert (evaluate([{}], FRESH_LUCK)[0, :, 2] != plain.outcome("cost_usd")).all()
