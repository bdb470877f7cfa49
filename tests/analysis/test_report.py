"""The report of a sweep needs nothing but itself, shows every policy, and says what its design cannot give."""

import dataclasses
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.sample import sobol as saltelli

from ssr_sim.analysis.report import write_report
from ssr_sim.ensemble import run_arms
from ssr_sim.formats import usd
from ssr_sim.run_table import RunTable
from ssr_sim.scenario import Scenario
from tests.analysis.studies import luck, study

FACTS = {"command": "ssr-sim sweep run <spec>.toml", "seed": "1"}


def text(runs: RunTable, folder: Path) -> str:
    return write_report(runs, folder / "new" / "report.html", FACTS, "Two <packages>").read_text(encoding="utf-8")


def real_runs(replicates: int = 4, states: int = 3) -> RunTable:
    """Real runs: two policies in states that differ in one number of the country."""
    baseline, frames = Scenario.load("baseline"), []
    values = np.linspace(0.2, 0.8, states)
    for state, value in enumerate(values):
        here = baseline.with_levers({"country.agreement.settlement": float(value)})
        arms = (here, here.with_levers({"vetting.coverage": 0.6, "oversight.coverage": 0.8}))
        runs = run_arms(arms, 4, replicates, 7 + state, None, "default", None)
        for policy, ensemble in zip(("today", "vet"), runs, strict=True):
            rows = ensemble.outcomes.reset_index().assign(policy=policy, state=state)
            frames.append(rows.assign(**{"vetting.coverage": 0.6 if policy == "vet" else 0.0}))
    frame = pd.concat(frames, ignore_index=True)
    frame["run_id"] = [f"{i:04d}" for i in range(len(frame))]
    return RunTable(frame, "today", ("vetting.coverage",), pd.DataFrame({"settlement": values}), 4)


def test_report_fetches_nothing_runs_no_script_and_escapes_names(tmp_path: Path) -> None:
    page = text(study({"<b>bold</b> & co": 0.5, "leave": 2.0}), tmp_path)
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)[^"]', page)
    assert "<b>bold" not in page
    assert "Two &lt;packages&gt;" in page
    assert "&lt;spec&gt;.toml" in page
    assert page.count("<svg") == 3  # differences, survival, cost


def test_what_one_state_cannot_give_is_said_in_a_sentence(tmp_path: Path) -> None:
    page = text(study({"leave": 2.0}), tmp_path)
    assert "Not shown: there is one state of the world: policies are ranked over several." in page
    assert page.count("Not shown: the study varies no uncertainties") == 2
    assert "luck only" in page
    assert "luck and ignorance" not in page


def test_where_no_uncertainty_stands_out_a_sentence_says_so(tmp_path: Path) -> None:
    runs = study({"leave": 2.0}, states=60, replicates=2, uncertainties=3)
    inert = pd.DataFrame(luck(3).random((60, 3)), columns=runs.uncertainties)
    page = text(dataclasses.replace(runs, states=inert), tmp_path)
    assert "Not shown: with 60 points none of 3 uncertainties stands out above" in page


def test_every_one_of_forty_policies_is_in_figures_and_tables(tmp_path: Path) -> None:
    effects = {f"package {i:02d}": float(e) for i, e in enumerate(luck(1).uniform(0.5, 2.0, 39))}
    page = text(study(effects, states=60, replicates=6, uncertainties=3, risk=0.06), tmp_path)
    for name in effects:
        assert page.count(name) >= 4, name
    assert "luck and ignorance" in page
    assert page.count("Not shown") <= 1
    assert "How many differences chance would show" in page
    assert "below the noise floor" in page


def test_words_of_the_headline_follow_the_numbers(tmp_path: Path) -> None:
    better = text(study({"better": 0.4}, replicates=200), tmp_path)
    assert "1 raises the share of histories at peace at the end and 0 lower it" in better
    assert "The largest gain is “better”: +0." in better
    same = text(study({"same": 1.0}), tmp_path)
    assert "none changes the share of histories at peace at the end by more than luck explains" in same
    assert "equal to the reference in every run" in same
    alone = text(study({}), tmp_path)
    assert "Only “today” was run" in alone


def test_what_a_policy_sets_stands_below_its_name(tmp_path: Path) -> None:
    page = text(study({"dear and bad": 2.0, "dear": 1.0}, price={"dear and bad": 0.5, "dear": 0.25}), tmp_path)
    assert "effect 2, price 0.5" in page
    assert "price 0.25" in page
    assert "effect 1" not in page, "as the reference has it"


def test_no_difference_is_called_significant(tmp_path: Path) -> None:
    assert "significant" not in text(study({"better": 0.4}), tmp_path)


def test_broken_data_stops_the_report_instead_of_being_left_out(tmp_path: Path) -> None:
    runs = study({"worse": 2.0}, states=160, replicates=4, uncertainties=3)
    x = saltelli.sample(
        {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}, 32, calc_second_order=False, seed=1
    )
    shuffled = pd.DataFrame(luck(2).permutation(x), columns=runs.uncertainties)
    with pytest.raises(ValueError, match="rows are shuffled"):
        text(dataclasses.replace(runs, states=shuffled), tmp_path)
    holed = runs.frame["cost_usd"].where(runs.frame.index != 3, math.nan)
    with pytest.raises(ValueError, match="cost_usd is not a finite number"):
        text(dataclasses.replace(runs, frame=runs.frame.assign(cost_usd=holed)), tmp_path)


def test_real_runs_make_a_report(tmp_path: Path) -> None:
    runs = real_runs()
    page = text(runs, tmp_path)
    assert "2 policies · 3 states of the world · 24 runs of 4 years" in page
    assert usd(float(runs.arms["today"]["cost_usd"].mean())) in page
    assert "3 states are too few to search for a box" in page
    vet = runs.arms["vet"]["cost_usd"].mean() - runs.arms["today"]["cost_usd"].mean()
    assert usd(float(vet), True) in page


def test_headline_names_other_outcomes_that_change(tmp_path: Path) -> None:
    page = text(study({"dearer": 1.0}, price={"dearer": 0.5}), tmp_path)
    assert "none changes the share of histories at peace" in page
    assert "What does change: cost (1 policy)." in page
