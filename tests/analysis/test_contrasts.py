"""Contrasts tell policies apart that differ, give exact zeros for equal ones, and count what chance would show."""

import dataclasses
import math

import numpy as np
import pytest

from ssr_sim.analysis.contrasts import contrasts, holm, multiplicity, policy_table
from ssr_sim.analysis.outcomes import OUTCOMES, check, uncertainty
from ssr_sim.clustered import Clusters, p_value, share, share_difference, wilson_bounds
from ssr_sim.intervals import paired_proportions, wilson
from ssr_sim.run_table import RunTable
from tests.analysis.studies import luck, study

ONE_STATE = Clusters(np.zeros(60, dtype=np.intp))


def changed(runs: RunTable, **columns: object) -> RunTable:
    return dataclasses.replace(runs, frame=runs.frame.assign(**columns))


def test_policies_equal_to_the_reference_differ_by_exactly_zero() -> None:
    for states in (1, 12):
        table = policy_table(study({"same": 1.0, "worse": 2.0}, states=states, uncertainties=2 * (states > 1)))
        assert set(table) == set(OUTCOMES)
        for rows in table.values():
            same = rows[1].difference
            assert (same.mean, same.low, same.high) == (0.0, 0.0, 0.0)
            assert rows[1].identical
            assert not rows[1].marked
            assert multiplicity(rows).compared == 1


def test_no_difference_in_an_outcome_of_policies_that_are_not_equal_bounds_nothing() -> None:
    runs = study({"dearer": 1.0}, price={"dearer": 0.5})
    amounts, shares, cost = (contrasts(runs, name)[1] for name in ("deaths", "relapse", "cost_usd"))
    assert (amounts.difference.mean, amounts.differing) == (0.0, 0)
    assert math.isinf(amounts.difference.low)
    assert shares.difference.low < 0.0 < shares.difference.high
    assert (cost.difference.low, cost.difference.high) == pytest.approx((5e8, 5e8))


def test_effects_have_the_right_sign_and_stand_after_holm() -> None:
    table = policy_table(study({"better": 0.5, "worse": 2.0}, states=20, replicates=10, uncertainties=3))
    for name, rows in table.items():
        assert rows[1].marked, name
        assert rows[1].better, name
        assert rows[2].marked, name
        assert not rows[2].better, name


def test_relapse_is_compared_among_pairs_at_peace_under_both() -> None:
    runs = study({"worse": 2.0})
    row = contrasts(runs, "relapse")[1]
    a, b = runs.pairs("worse")
    both = a["reached_peace"] & b["reached_peace"]
    assert row.difference.of == both.sum() < len(a)
    gap = b["relapsed_conflict"][both].mean() - a["relapsed_conflict"][both].mean()
    assert row.difference.mean == pytest.approx(gap)


def test_with_one_state_intervals_are_those_of_the_ensemble() -> None:
    a, b = luck(1).random(60) < 0.4, luck(2).random(60) < 0.5
    found, plain = share_difference(a, b, ONE_STATE), paired_proportions(a, b)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))
    alone, wanted = share(a, ONE_STATE), wilson(int(a.sum()), 60)
    assert (alone.low, alone.high) == pytest.approx(wanted, abs=1e-12)


def test_runs_of_equal_states_are_no_more_sure_than_one_run_each() -> None:
    """Twenty states whose ten runs all agree are worth twenty runs, by Student's t."""
    yes = np.repeat(luck(3).random(20) < 0.5, 10)
    clusters = Clusters(np.repeat(np.arange(20), 10))
    found = share(yes, clusters)
    expected = wilson_bounds(float(yes.mean()), 20.0, clusters.quantile())
    assert (found.low, found.high) == pytest.approx(expected, abs=0.02)
    assert found.high - found.low > 1.5 * np.subtract(*wilson(int(yes.sum()), 200)[::-1])


def test_p_value_of_paired_yes_or_no_is_mcnemars() -> None:
    gaps = np.zeros(60)
    gaps[:9], gaps[9:11] = 1.0, -1.0
    binomial = 2 * sum(math.comb(11, k) for k in range(3)) / 2**11
    assert p_value(gaps, ONE_STATE) == pytest.approx(binomial)
    assert p_value(np.zeros(60), ONE_STATE) == 1.0


def test_holm_by_hand() -> None:
    assert holm([0.04, 0.001, 0.03, 0.9]) == pytest.approx([0.09, 0.004, 0.09, 0.9])


def test_of_forty_levers_without_effect_chance_shows_two_and_holm_keeps_almost_none() -> None:
    """100 studies of forty policies against one reference, on independent luck: 200 below 0.05 expected, standard error
    about 50 because the reference is common to forty; a mark in 5 studies, more than 11 in one of 200 sets of seeds.
    """
    found, with_marks = 0, 0
    for seed in range(100):
        generator, p = luck(100 + seed), []
        base = generator.normal(size=60)
        for _ in range(40):
            p.append(p_value(generator.normal(size=60) - base, ONE_STATE))
        found += sum(x < 0.05 for x in p)
        with_marks += any(x < 0.05 for x in holm(p))
    assert 100 <= found <= 300
    assert with_marks <= 11


def test_pairing_saves_runs_and_independent_luck_saves_none() -> None:
    runs = study({"worse": 1.3}, replicates=400)
    assert contrasts(runs, "deaths")[1].saved > 2.0
    deaths = runs.frame["battle_deaths"].to_numpy().copy()
    deaths[400:] = luck(5).permutation(deaths[400:])
    shuffled = changed(runs, battle_deaths=deaths, criminal_deaths=0.0, civilian_deaths=0.0)
    assert contrasts(shuffled, "deaths")[1].saved == pytest.approx(1.0, abs=0.25)


def test_a_table_that_cannot_be_compared_is_refused_with_all_that_is_wrong() -> None:
    runs = study({"worse": 2.0}, states=3, replicates=4, uncertainties=2)
    check(runs)
    cost = runs.frame["cost_usd"].to_numpy().copy()
    cost[5] = math.nan
    seed = runs.frame["seed"].to_numpy().copy()
    seed[-1] += 1
    with pytest.raises(ValueError, match=r"cost_usd is not a finite number in 1 run, first in state 1") as refusal:
        check(changed(runs, cost_usd=cost, seed=seed))
    assert "'worse' has another seed than 'today' in state 2, replicate 3" in str(refusal.value)
    with pytest.raises(ValueError, match="price has several values within one policy"):
        check(changed(runs, price=np.arange(24.0)))
    with pytest.raises(ValueError, match=r"unknown\.a is not a finite number in all states of the world"):
        check(dataclasses.replace(runs, states=runs.states.assign(**{"unknown.a": math.nan})))
    with pytest.raises(ValueError, match="no outcome 'digest'"):
        check(dataclasses.replace(runs, frame=runs.frame.drop(columns="digest")))
    with pytest.raises(ValueError, match="did you mean 'deaths'"):
        contrasts(runs, "death")


def test_seeds_that_several_states_share_are_refused() -> None:
    runs = study({"worse": 1.5}, states=20, replicates=6, uncertainties=2)
    check(runs)
    with pytest.raises(ValueError, match=r"seed 0 is met in states 0, 1, 2, 3, 4 and 15 more: luck that several"):
        check(changed(runs, seed=runs.frame["replicate"]))


def test_what_the_spread_shows_is_said() -> None:
    assert uncertainty(study({})) == "luck only"
    assert uncertainty(study({}, states=5, replicates=2, uncertainties=2)) == "luck and ignorance"
