"""Facts of `docs/evidence.md` that the model must reproduce, on simulated histories, never by reading a parameter."""

from __future__ import annotations

import numpy as np

from ssr_sim import Scenario, run_ensemble

EVERYTHING_AGAINST_CORRUPTION = {
    "oversight.coverage": 1.0, "oversight.independence": 1.0, "audit.rate": 1.0, "complaints.channel": 1.0,
    "investigations.effort": 1.0, "civil_society.support": 1.0, "payroll.control": 1.0, "funding.level": 3.0,
    "vetting.coverage": 0.5, "politics.ownership": 0.8, "training.rights_content": 0.6, "mentoring.coverage": 0.4,
    "pay.level": 1.5,
}


def test_e37_the_best_policy_lowers_corruption_slowly() -> None:
    """At most 0.25 and at least 0.05 in ten years, and no country halves it in five (WDR 2011)."""
    scenario = Scenario.load("baseline").with_levers(EVERYTHING_AGAINST_CORRUPTION)
    corruption = run_ensemble(scenario, years=10, replicates=12, seed=1).series["corruption"]
    fall = corruption[:, 0] - corruption[:, -1]
    assert 0.05 <= fall.mean() <= 0.25
    assert (corruption[:, 260] > 0.5 * corruption[:, 0]).all()


def test_e38_mutinies_are_rare_where_wages_arrive() -> None:
    """0.03 to 0.12 per country and year; with 48 histories of ten years the standard error is about 0.015."""
    outcomes = run_ensemble(Scenario.load("baseline"), years=10, replicates=48, seed=1).outcomes
    assert 0.015 <= outcomes["mutinies"].mean() / 10 <= 0.15


def test_e04_the_hazard_of_relapse_falls_with_time_at_peace() -> None:
    """Relapses per year at risk: at least three times as many in the first two years as in the sixth and later.

    A constant hazard of 0.1 would give such a ratio in less than one in a thousand ensembles of this size.
    """
    outcomes = run_ensemble(Scenario.load("baseline"), years=15, replicates=160, seed=1, parameters="prior").outcomes
    at_peace = outcomes[outcomes["reached_peace"]]
    at_risk, relapsed = at_peace["weeks_at_risk"] / 52.18, at_peace["relapsed_conflict"].to_numpy(bool)

    def hazard(first: float, last: float) -> float:
        years = np.clip(at_risk - first, 0, last - first).sum()
        return ((at_risk > first) & (at_risk <= last) & relapsed).sum() / years

    assert hazard(0, 2) > 3 * hazard(5, 15)


def test_e39_aid_is_as_unsteady_as_measured() -> None:
    """Coefficient of variation of a country's yearly aid, summed over donors: below 0.6, above that of steady
    donors.
    """
    aid = run_ensemble(Scenario.load("baseline"), years=10, replicates=24, seed=1).series["aid"][:, :520]
    yearly = aid.reshape(24, 10, 52).mean(axis=2)
    assert 0.1 < (yearly.std(axis=1) / yearly.mean(axis=1)).mean() < 0.6
