"""A run is made once and kept; the same table comes out whatever the threads, chunks and interruptions."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import Result

from ssr_sim import run
from ssr_sim.ensemble import run_ensemble
from ssr_sim.scenario import Scenario
from ssr_sim.sweep import runner
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.store import SweepError
from ssr_sim.sweep.work import Workshop

STATES = '[uncertainties]\ndesign = "lhs"\nn = 2\nkeys = ["trust", "country"]\n'
OUTPUTS = '\noutputs = ["summary", "series", "events"]\n'
Make = Callable[..., Experiment]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """Every run that is made from now on: policy, state, replicate."""
    found: list[tuple[int, int, int]] = []
    original = Workshop.run

    def counted(self: Workshop, policy: int, state: int, replicate: int, *more: Any) -> Any:
        found.append((policy, state, replicate))
        return original(self, policy, state, replicate, *more)

    monkeypatch.setattr(Workshop, "run", counted)
    return found


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> set[tuple[int, int, int]]:
    """Runs put in here fail."""
    found: set[tuple[int, int, int]] = set()
    original = Workshop.run

    def fails(self: Workshop, policy: int, state: int, replicate: int, *more: Any) -> Any:
        if (policy, state, replicate) in found:
            raise ZeroDivisionError(f"no people in run {replicate}")
        return original(self, policy, state, replicate, *more)

    monkeypatch.setattr(Workshop, "run", fails)
    return found


def series_of(results: Results) -> pd.DataFrame:
    return results.sql("SELECT * FROM series ORDER BY run_id, week")


def test_a_policy_runs_as_an_ensemble_of_the_same_scenario_and_seed(small: Make, tmp_path: Path) -> None:
    experiment = small("[replicates]\nn = 2\nseed = 11\n")
    frame = experiment.run(tmp_path / "out").frame()
    for name, scenario in experiment.study.policies.items():
        alone = run_ensemble(scenario, years=1, replicates=2, seed=11).outcomes
        own = frame[frame["policy"] == name]
        assert own["digest"].tolist() == alone["digest"].tolist()
        for outcome in set(alone.columns) - {"digest"}:
            np.testing.assert_array_equal(own[outcome].to_numpy(float), alone[outcome].to_numpy(float))


def test_a_sampled_policy_in_a_state_runs_as_its_values_say(small: Make, tmp_path: Path) -> None:
    experiment = small('[levers]\ndesign = "lhs"\nn = 1\nkeys = ["vetting.coverage"]\n' + STATES
                       + "[replicates]\nn = 1\nseed = 3\n")
    study, frame = experiment.study, experiment.run(tmp_path / "out").frame()
    row = frame[(frame["policy"] == "lhs-0001") & (frame["state"] == 1)].iloc[0]
    scenario = study.base.with_levers({"vetting.coverage": float(row["vetting.coverage"])})
    world = run.start(run.prepare(scenario, study.weeks), study.own_seed(1, 0), study.drawn(0, 1))
    series = run.new_series(study.weeks)
    run.advance(world, series)
    assert run.summarise(world, series)["digest"] == row["digest"]


def test_running_again_makes_nothing(small: Make, tmp_path: Path, made: list[Any]) -> None:
    experiment = small()
    first = experiment.run(tmp_path / "out")
    digest, files = first.digest(), sorted(first.folder.rglob("*.parquet"))
    assert len(made) == 6
    again = experiment.run(tmp_path / "out")
    assert len(made) == 6
    assert (again.digest(), sorted(again.folder.rglob("*.parquet"))) == (digest, files)


def test_threads_and_chunks_do_not_matter(small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = small(STATES + "[replicates]\nn = 4\n", head=HEAD + OUTPUTS)
    one = experiment.run(tmp_path / "one", threads=1)
    two = experiment.run(tmp_path / "two", threads=2)
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    many = experiment.run(tmp_path / "many", threads=2)
    assert len(many.parts()) == 16
    assert len(one.parts()) < 16
    assert one.digest() == two.digest() == many.digest()
    events = "SELECT * FROM events ORDER BY run_id, number"
    for other in (two, many):
        pd.testing.assert_frame_equal(series_of(one), series_of(other))
        pd.testing.assert_frame_equal(one.sql(events), other.sql(events))


HEAD = '[experiment]\nscenario = "baseline"\nyears = 1\nset = { "country.communities" = 6 }\n'


@pytest.mark.slow
def test_processes_of_another_executor_make_the_same(small: Make, tmp_path: Path) -> None:
    experiment = small()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = experiment.run(tmp_path / "there", executor=pool)
    assert there.digest() == experiment.run(tmp_path / "here").digest()


def test_series_are_means_over_four_weeks_or_weekly_on_request(small: Make, tmp_path: Path) -> None:
    monthly = small("[replicates]\nn = 1\n", head=HEAD + OUTPUTS)
    weekly = small("[replicates]\nn = 1\n", head=HEAD + OUTPUTS + "series_weeks = 1\n")
    a, b = series_of(monthly.run(tmp_path / "a")), series_of(weekly.run(tmp_path / "b"))
    assert list(b[b["run_id"] == b["run_id"][0]]["week"]) == list(range(52))
    assert list(a[a["run_id"] == a["run_id"][0]]["week"]) == list(range(0, 52, 4))
    one = b[b["run_id"] == b["run_id"][0]]
    means = one.groupby(one["week"] // 4)["trust_police"].mean()
    np.testing.assert_allclose(a[a["run_id"] == a["run_id"][0]]["trust_police"], means, rtol=1e-6)
    assert a["trust_police"].dtype == np.float32


def test_a_short_last_block_is_averaged_over_its_weeks() -> None:
    from ssr_sim.sweep.parts import thinned

    found = thinned(np.arange(10, dtype=float)[:, None], 4)
    assert found[:, 0].tolist() == [1.5, 5.5, 8.5]


def test_an_event_log_that_was_too_short_is_complete(small: Make, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    from ssr_sim.sweep import work

    experiment = small("[replicates]\nn = 1\n", head=HEAD + OUTPUTS)
    query = "SELECT * FROM events ORDER BY run_id, number"
    ample = experiment.run(tmp_path / "ample").sql(query)
    monkeypatch.setattr(work, "EVENTS", 3)
    pd.testing.assert_frame_equal(experiment.run(tmp_path / "short").sql(query), ample)
    assert len(ample) > 10


# --- made once ---

SAME = '[[policy]]\nid = "today"\n[[policy]]\nid = "same"\nset = { "vetting.coverage" = 0.1 }\n'


def test_policies_that_come_to_the_same_share_their_runs(small: Make, tmp_path: Path, made: list[Any]) -> None:
    default = Scenario.load("baseline").value("vetting.coverage")
    policies = SAME.replace("0.1", str(default))
    frame = small(policies=policies).run(tmp_path / "out").frame()
    assert len(made) == 3
    assert len(frame) == 6
    a, b = (frame[frame["policy"] == name].reset_index(drop=True) for name in ("today", "same"))
    pd.testing.assert_frame_equal(a.drop(columns="policy"), b.drop(columns="policy"))


def test_the_cache_spares_runs_of_other_sweeps(small: Make, tmp_path: Path, made: list[Any]) -> None:
    head = HEAD + OUTPUTS
    first = small(head=head).run(tmp_path / "a", cache=tmp_path / "cache")
    assert len(made) == 6
    policies = '[[policy]]\nid = "other name"\nset = { "vetting.coverage" = 0.9 }\n[[policy]]\nid = "new"\n' \
               'set = { "oversight.coverage" = 0.9 }\n'
    second = small(head=head, policies=policies).run(tmp_path / "b", cache=tmp_path / "cache")
    assert len(made) == 6 + 3
    kept = first.sql("SELECT * EXCLUDE (policy) FROM runs WHERE policy = 'vetting' ORDER BY replicate")
    taken = second.sql("SELECT * EXCLUDE (policy) FROM runs WHERE policy = 'other name' ORDER BY replicate")
    common = ["run_id", "seed", "digest", "cost_usd", "seconds"]
    pd.testing.assert_frame_equal(kept[common], taken[common])
    identities = tuple(kept["run_id"])
    query = f"SELECT * FROM series WHERE run_id IN {identities} ORDER BY run_id, week"
    pd.testing.assert_frame_equal(first.sql(query), second.sql(query))
    third = small(head=head).run(tmp_path / "c", cache=tmp_path / "cache")
    assert len(made) == 6 + 3
    assert third.digest() == first.digest()


def test_runs_of_other_models_in_the_cache_are_named(small: Make, tmp_path: Path) -> None:
    (tmp_path / "cache" / "of-old" / "parts").mkdir(parents=True)
    (tmp_path / "cache" / "notes").mkdir()
    said: list[str] = []
    small().run(tmp_path / "a", cache=tmp_path / "cache", say=said.append)
    assert said[-1].endswith("delete what you do not go back to: of-old")


def test_the_cache_is_no_use_where_it_lacks_what_is_asked_for(small: Make, tmp_path: Path, made: list[Any]) -> None:
    small().run(tmp_path / "a", cache=tmp_path / "cache")
    small(head=HEAD + OUTPUTS).run(tmp_path / "b", cache=tmp_path / "cache")
    assert len(made) == 12


def test_extending_makes_only_what_is_missing(small: Make, tmp_path: Path, made: list[Any]) -> None:
    small("[replicates]\nn = 2\n").run(tmp_path / "out")
    del made[:]
    more = Experiment.load(tmp_path / "out").extended(replicates=3)
    more.run(tmp_path / "out")
    assert sorted(made) == [(0, 0, 2), (1, 0, 2)]
    del made[:]
    (tmp_path / "more.toml").write_text('[[policy]]\nid = "gate"\nset = { "vetting.gate" = 0.9 }\n')
    results = Experiment.load(tmp_path / "out").extended(policies=tmp_path / "more.toml").run(tmp_path / "out")
    assert sorted(made) == [(2, 0, 0), (2, 0, 1), (2, 0, 2)]
    whole = small(policies='[[policy]]\nid = "today"\n[[policy]]\nid = "vetting"\nset = { "vetting.coverage" = 0.9 }\n'
                           '[[policy]]\nid = "gate"\nset = { "vetting.gate" = 0.9 }\n').run(tmp_path / "whole")
    assert results.digest() == whole.digest()
    assert small("[replicates]\nn = 2\n").run(tmp_path / "out").digest() == whole.digest()


def test_a_folder_keeps_one_sweep(small: Make, tmp_path: Path) -> None:
    small().run(tmp_path / "out")
    with pytest.raises(SweepError, match=r"policy 'vetting' is another there"):
        small(policies='[[policy]]\nid = "today"\n[[policy]]\nid = "vetting"\nset = { "vetting.coverage" = 0.2 }\n'
              ).run(tmp_path / "out")
    with pytest.raises(SweepError, match=r"seed is 2, there it is 1"):
        small("[replicates]\nn = 3\nseed = 2\n").run(tmp_path / "out")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with pytest.raises(SweepError, match=r"holds other files \(letter.txt\)"):
        small().run(tmp_path / "home")


# --- failures ---


def test_a_run_that_fails_is_a_row_and_the_sweep_goes_on(small: Make, tmp_path: Path, ssr: Callable[..., Result],
                                                         failing: set[tuple[int, int, int]]) -> None:
    failing.add((1, 0, 2))
    said: list[str] = []
    results = small().run(tmp_path / "out", say=said.append)
    row = results.sql("SELECT * FROM failures").iloc[0]
    assert (row["policy"], row["state"], row["replicate"]) == ("vetting", 0, 2)
    assert (row["error"], row["message"]) == ("ZeroDivisionError", "no people in run 2")
    assert "fails" in row["traceback"]
    assert len(results.frame()) == 5
    assert results.sql("SELECT status, count(*) AS n FROM runs GROUP BY status ORDER BY status")["n"].tolist() == [1, 5]
    assert said == ["the first run that failed: ZeroDivisionError: no people in run 2"]
    again = results.rerun(row["run_id"])
    assert again.run is None
    assert again.trace.endswith("ZeroDivisionError: no people in run 2\n")
    told = ssr("sweep", "rerun", tmp_path / "out", row["run_id"])
    assert told.exit_code == 2
    assert "vetting, state 0, replicate 2 fails: ZeroDivisionError: no people in run 2" in told.stderr
    listed = ssr("sweep", "failures", tmp_path / "out").stdout
    assert "ZeroDivisionError: no people in run 2" in listed
    assert row["run_id"] in listed
    failing.clear()
    assert not results.rerun(row["run_id"]).differences
    assert len(small().run(tmp_path / "out").frame()) == 5, "a failure is not tried again unless asked for"
    mended = small().run(tmp_path / "out", retry=True)
    assert len(mended.frame()) == 6
    assert mended.sql("SELECT * FROM failures").empty
    assert mended.digest() == small().run(tmp_path / "whole").digest()


def test_too_many_failures_stop_the_sweep(small: Make, tmp_path: Path, failing: set[tuple[int, int, int]],
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    failing |= {(1, 0, r) for r in range(20)}
    with pytest.raises(SweepError, match=r"runs have failed, more than failures_allowed = 0\.05"):
        small("[replicates]\nn = 40\n").run(tmp_path / "out", threads=1)
    kept = Results.open(tmp_path / "out")
    assert 10 <= len(kept.frame()) < 40
    tolerant = small("[replicates]\nn = 40\n", head=HEAD + "failures_allowed = 0.6\n")
    assert len(tolerant.run(tmp_path / "out").frame()) == 60


def test_a_run_that_leaves_the_numbers_fails(small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    advance = run.advance

    def spoiled(world: Any, series: np.ndarray) -> None:
        advance(world, series)
        series[7, 3] = np.nan

    monkeypatch.setattr(run, "advance", spoiled)
    results = small("[replicates]\nn = 1\n").run(tmp_path / "out")
    assert results.sql("SELECT message FROM failures")["message"][0] == \
        "indicator 'trust_government' is nan in week 7"


# --- how it is run ---


def test_no_more_chunks_wait_than_workers_need(small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So memory does not grow with the number of runs."""
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    waiting: list[int] = []
    original = runner.Runner._fill

    def watched(self: runner.Runner, tasks: Iterator[Any], left: int) -> None:
        original(self, tasks, left)
        waiting.append(len(self._waiting))

    monkeypatch.setattr(runner.Runner, "_fill", watched)
    small("[replicates]\nn = 20\n").run(tmp_path / "out", threads=2)
    assert max(waiting) == 4


def test_replicates_come_in_order_under_all_policies(small: Make, tmp_path: Path, made: list[Any]) -> None:
    small(STATES + "[replicates]\nn = 3\n").run(tmp_path / "out", threads=1)
    assert [replicate for _, _, replicate in made] == [0] * 4 + [1] * 4 + [2] * 4


def test_progress_counts_every_run_of_this_call(small: Make, tmp_path: Path) -> None:
    calls: list[tuple[int, int, int]] = []
    small("[replicates]\nn = 2\n").run(tmp_path / "out")
    small().run(tmp_path / "out", progress=lambda *call: calls.append(call))
    assert calls[-1] == (2, 2, 0)


def test_ctrl_c_keeps_what_is_finished(small: Make, tmp_path: Path) -> None:
    def stop(done: int, total: int, failed: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    experiment = small("[replicates]\nn = 600\n")
    with pytest.raises(KeyboardInterrupt):
        experiment.run(tmp_path / "out", progress=stop)
    kept = len(Results.open(tmp_path / "out").frame())
    assert 3 <= kept < 1200
    assert list((tmp_path / "out" / "open").iterdir()) == []
    assert experiment.run(tmp_path / "out").digest() == experiment.run(tmp_path / "whole").digest()


def test_threads_must_be_a_number(small: Make, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="threads must be a whole number"):
        small().run(tmp_path / "out", threads=0)
