"""Ensembles are reproducible, pairs share their luck, and a change of nothing shows exactly nothing."""

import itertools
import math
import re
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from ssr_sim import ensemble, run
from ssr_sim.comparison import Comparison, compare, grow_comparison, variance_factor
from ssr_sim.draws import mix_seed
from ssr_sim.ensemble import Ensemble, Interrupted, Level, doublings, grow_ensemble, run_ensemble, year_ends
from ssr_sim.measures import INDEX, INDICATORS, OF_MISSION, SINCE_EXIT
from ssr_sim.scenario import RUNNING_BYTES, Scenario
from ssr_sim.tables import LINES

YEARS, RUNS = 3, 6


@pytest.fixture(scope="module")
def calm(baseline: Scenario) -> Scenario:
    """Nobody wants war: most runs reach peace."""
    hostile = [key for key, _ in baseline.country.numbers() if key.endswith("hostility")]
    return baseline.with_levers({**dict.fromkeys(hostile, 0.0), "country.agreement.settlement": 1.0})


@pytest.fixture(scope="module")
def runs(baseline: Scenario) -> Ensemble:
    return run_ensemble(baseline, years=YEARS, replicates=RUNS, seed=7, threads=2)


@pytest.fixture(scope="module")
def pair(calm: Scenario) -> Comparison:
    early = calm.with_policy([{"week": 52, "set": {"mission.troops": 0.0, "mission.police": 0.0}}])
    return compare(calm, early, years=YEARS, replicates=8, seed=3, label_b="early exit")


def test_result_is_bit_equal_for_any_number_of_threads(baseline: Scenario, runs: Ensemble) -> None:
    alone = run_ensemble(baseline, years=YEARS, replicates=RUNS, seed=7, threads=1)
    crowd = run_ensemble(baseline, years=YEARS, replicates=RUNS, seed=7, threads=5)
    for other in (alone, crowd):
        assert np.array_equal(runs.values, other.values)
        assert np.array_equal(runs.spending, other.spending)
        assert runs.outcomes.equals(other.outcomes)
        assert all(np.array_equal(runs.places[name], other.places[name]) for name in runs.places)


def test_fewer_replicates_are_the_first_of_more(baseline: Scenario, runs: Ensemble) -> None:
    fewer = run_ensemble(baseline, years=YEARS, replicates=2, seed=7)
    assert np.array_equal(fewer.values, runs.values[:2])
    assert list(fewer.outcomes["digest"]) == list(runs.outcomes["digest"])[:2]


def test_a_replicate_is_the_single_run_with_its_seed(baseline: Scenario, runs: Ensemble) -> None:
    weeks = run.weeks_in(YEARS)
    world, series = run.start(run.prepare(baseline, weeks), mix_seed(7, 4)), run.new_series(weeks)
    run.advance(world, series)
    assert np.array_equal(series, runs.values[4])
    assert run.summarise(world, series)["digest"] == runs.outcomes["digest"][4]


def test_replicates_and_seeds_differ(baseline: Scenario, runs: Ensemble) -> None:
    assert runs.outcomes["digest"].is_unique
    assert runs.outcomes["seed"].is_unique
    other = run_ensemble(baseline, years=YEARS, replicates=2, seed=8)
    assert not set(other.outcomes["digest"]) & set(runs.outcomes["digest"])


def test_outcomes_have_the_promised_columns(runs: Ensemble) -> None:
    promised = {
        "seed",
        "reached_peace",
        "relapsed_conflict",
        "weeks_to_relapse_conflict",
        "relapsed_war",
        "weeks_at_war",
        "at_peace_at_end",
        "battle_deaths",
        "civilian_deaths",
        "cost_usd",
        "digest",
    }
    assert promised <= set(runs.outcomes.columns)
    assert len(runs.outcomes) == RUNS


@pytest.mark.parametrize("level", ["conflict", "war"])
def test_peace_that_holds_was_reached_and_not_lost(pair: Comparison, level: Level) -> None:
    """Counted anew from the weekly deaths: from the first peace on never as many as make a relapse."""
    fewest = 25.0 if level == "conflict" else 1000.0
    counted = []
    for _, arm in pair.arms:
        deaths, begun = arm.series["battle_deaths_52"], arm.outcome("weeks_to_peace").astype(float)
        counted.append([not np.isnan(week) and bool((of_run[int(week):] < fewest).all())
                        for of_run, week in zip(deaths, begun, strict=True)])
        assert arm.held(level).tolist() == counted[-1]
        assert arm.peace_held(level).value == np.mean(counted[-1])
    assert pair.peace_held(level).mean == pytest.approx(np.mean(counted[1]) - np.mean(counted[0]))


def test_series_are_arrays_of_replicates_by_weeks(runs: Ensemble) -> None:
    assert runs.series["trust_police"].shape == (RUNS, run.weeks_in(YEARS))
    assert set(runs.series) == set(INDEX)
    with pytest.raises(KeyError, match="did you mean 'trust_police'"):
        runs.series["trust_polise"]


def test_spending_by_year_and_line_adds_up_to_the_cost(runs: Ensemble) -> None:
    assert runs.spending.shape == (RUNS, YEARS, len(LINES))
    assert runs.spending.sum(axis=(1, 2)) == pytest.approx(runs.outcomes["cost_usd"].to_numpy(), rel=1e-12)
    assert (runs.spending >= 0.0).all()


def test_years_are_full_years_of_the_calendar() -> None:
    assert year_ends(run.weeks_in(10)) == [52, 104, 157, 209, 261, 313, 365, 417, 470, 522]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"years": 0}, "years must be a whole number from 1 to 1,000, got 0"),
        ({"years": -5}, "years must be a whole number from 1 to 1,000, got -5"),
        ({"years": True}, "years must be a whole number from 1 to 1,000, got True"),
        ({"years": 2.5}, "years must be a whole number from 1 to 1,000, got 2.5"),
        ({"replicates": 0}, "replicates must be a whole number of at least 1, got 0"),
        ({"seed": 1.5}, "seed must be a whole number from 0 to 9,223,372,036,854,775,807, got 1.5"),
        ({"seed": -1}, "seed must be a whole number from 0 to 9,223,372,036,854,775,807, got -1"),
        ({"seed": 2**63}, "seed must be a whole number from 0 to 9,223,372,036,854,775,807, got 92"),
        ({"threads": 0}, "threads must be a whole number of at least 1, got 0"),
        ({"parameters": "posterior"}, "parameters must be one of 'default', 'prior', got 'posterior'"),
        ({"scenario": "baseline"}, "a scenario must be a Scenario, got 'baseline': load it with Scenario.load"),
    ],
)
def test_a_wrong_argument_is_named(baseline: Scenario, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        run_ensemble(**{"scenario": baseline, **wrong})  # type: ignore[arg-type]


def test_all_wrong_arguments_are_named_at_once(baseline: Scenario) -> None:
    with pytest.raises(ValueError, match="years must be") as refused:
        compare(baseline, "baseline", years=True, replicates=0, seed="a", threads=0, parameters=[])  # type: ignore[arg-type]
    words = ("a scenario must", "years must", "replicates must", "seed must", "threads must", "parameters must")
    lines = str(refused.value).splitlines()
    assert len(lines) == len(words)
    assert all(line.startswith(word) for line, word in zip(lines, words, strict=True))


def test_whole_numbers_of_numpy_are_whole_numbers(baseline: Scenario, runs: Ensemble) -> None:
    same = run_ensemble(baseline, years=np.int64(YEARS), replicates=np.int32(2), seed=np.uint64(7))  # type: ignore[arg-type]
    assert np.array_equal(same.values, runs.values[:2])
    assert (type(same.years), type(same.seed)) == (int, int)


def test_a_request_that_does_not_fit_says_what_it_needs(baseline: Scenario) -> None:
    with pytest.raises(MemoryError, match=r"need about [\d,.]+ GB of memory .* fewer replicates or years"):
        run_ensemble(baseline, years=50, replicates=10_000_000)


def test_a_country_that_does_not_fit_is_refused_before_it_is_built(
    baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=2e9))
    monkeypatch.setattr(run, "prepare", lambda *_: pytest.fail("building had begun"))
    huge = baseline.with_levers({"country.communities": 1_000_000})
    words = r"1,000,000 communities with 2 runs at a time .* need about [\d.]+ GB of memory and 2.0 GB are free"
    with pytest.raises(MemoryError, match=f"{words}; ask for fewer communities or threads"):
        run_ensemble(huge, years=1, replicates=8, threads=2)
    with pytest.raises(MemoryError, match=r"^200 and 1,000,000 communities"):
        compare(baseline.with_levers({"country.communities": 200}), huge, years=1, replicates=2)


def test_memory_needed_is_that_of_the_countries_the_runs_at_a_time_and_what_is_kept(baseline: Scenario) -> None:
    one, two = (ensemble.check_memory([baseline] * arms, 10, 20, 4) for arms in (1, 2))
    series = 20 * run.weeks_in(10) * len(INDICATORS) * 8
    place = len(ensemble.MAPPED) * 8 * baseline.country.communities
    assert one.bytes == series + 5 * place + baseline.memory_estimate(4)
    # two countries with their series, but no more runs at a time
    assert two.bytes - one.bytes == series + place + baseline.memory.kept
    assert "4 runs at a time and the weekly series of 20 runs over 10 years" in one.words


def test_a_country_needs_what_its_tables_hold(baseline: Scenario) -> None:
    world = run.start(run.prepare(baseline, 1), 1)
    tables = sum(getattr(world, name).nbytes for name in ("communities", "police", "presence", "cohorts"))
    assert baseline.memory.run == tables + baseline.country.communities * RUNNING_BYTES


def test_what_is_kept_of_a_run_does_not_grow_with_the_runs_before_it(baseline: Scenario) -> None:
    """Maps take the mean of the runs: places of finished runs are added up, not collected."""
    finished = ensemble._Finished(3)
    for value in (1.0, 2.0, 4.0):
        finished.add(ensemble._Replicate({}, np.zeros((1, 1)), np.full((len(ensemble.MAPPED), 3), value)))
    assert finished.places.shape == (len(ensemble.MAPPED), 3)
    assert (finished.places == 7.0).all()


def test_a_large_country_answers_ctrl_c_within_the_year(
    baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble, "AT_A_TIME", 3 * baseline.country.communities)
    stop, weeks = threading.Event(), []

    def advance(world: object, series: np.ndarray) -> None:
        weeks.append(len(series))
        stop.set()

    monkeypatch.setattr(run, "advance", advance)
    with pytest.raises(ensemble.Stopped):
        ensemble._run_one(run.prepare(baseline, 52), 1, None, run.new_series(52), (stop,), 0)
    assert weeks == [3]


def test_steps_of_any_length_give_the_same_bits(baseline: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_ensemble(baseline, years=2, replicates=2)
    monkeypatch.setattr(ensemble, "AT_A_TIME", 5 * baseline.country.communities)
    pieces = run_ensemble(baseline, years=2, replicates=2)
    assert np.array_equal(whole.values, pieces.values)
    assert np.array_equal(whole.spending, pieces.spending)


def test_after_its_first_year_the_first_run_says_how_long_all_will_take(
    baseline: Scenario, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(0.0, 60.0)  # a minute passes between two looks at it
    monkeypatch.setattr(ensemble.time, "perf_counter", lambda: next(clock))
    with caplog.at_level("INFO", logger="ssr_sim.ensemble"):
        run_ensemble(baseline, years=3, replicates=4, threads=1)
    assert caplog.messages[-1] == "the first year took 60 s: all runs will take about 12 min"
    assert len(caplog.messages) == 1


def test_progress_counts_every_run_of_both_arms(baseline: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    compare(
        baseline, baseline, years=1, replicates=3, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(n, 6) for n in range(1, 7)]


def test_ctrl_c_keeps_the_finished_runs_and_leaves_no_thread(baseline: Scenario, runs: Ensemble) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        run_ensemble(baseline, years=YEARS, replicates=RUNS, seed=7, progress=interrupt)
    (kept,) = stopped.value.finished
    assert kept.replicates == 3
    assert np.array_equal(kept.values, runs.values[:3])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("replicate")]


def test_ctrl_c_in_a_comparison_keeps_whole_pairs(baseline: Scenario) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        compare(baseline, baseline, years=1, replicates=4, progress=interrupt)
    assert [arm.replicates for arm in stopped.value.finished] == [2, 2]


def test_a_growing_ensemble_shows_the_first_runs_and_ends_as_the_whole(baseline: Scenario) -> None:
    steps = list(grow_ensemble(baseline, years=1, replicates=20, seed=7, threads=2))
    whole = run_ensemble(baseline, years=1, replicates=20, seed=7)
    assert [step.replicates for step in steps] == [8, 16, 20]
    for step in steps:
        assert np.array_equal(step.values, whole.values[: step.replicates])
        assert step.outcomes.equals(whole.outcomes[: step.replicates])
        assert len(step.spending) == step.replicates
    assert all(np.array_equal(steps[-1].places[name], whole.places[name]) for name in whole.places)


def test_a_growing_comparison_ends_as_the_whole(baseline: Scenario, calm: Scenario) -> None:
    *_, last = grow_comparison(baseline, calm, years=1, replicates=10, seed=7, label_b="calm")
    whole = compare(baseline, calm, years=1, replicates=10, seed=7, label_b="calm")
    assert (last.label_a, last.label_b) == ("baseline", "calm")
    assert last.amounts.equals(whole.amounts)


@pytest.mark.parametrize(("last", "steps"), [(1, [1]), (8, [8]), (9, [8, 9]), (64, [8, 16, 32, 64])])
def test_steps_of_a_growing_ensemble_double(last: int, steps: list[int]) -> None:
    assert doublings(8, last) == steps


def test_closing_a_growing_ensemble_ends_its_work(baseline: Scenario) -> None:
    begun: list[int] = []
    growing = grow_ensemble(baseline, years=1, replicates=4000, threads=2, progress=lambda done, _: begun.append(done))
    assert next(growing).replicates == 8
    growing.close()
    assert begun[-1] < 4000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("replicate")]


def test_a_growing_ensemble_is_stopped_from_another_thread(baseline: Scenario) -> None:
    stop = threading.Event()
    growing = grow_ensemble(baseline, years=1, replicates=4000, threads=2, stop=stop,
                            progress=lambda done, _: stop.set() if done == 20 else None)
    assert [step.replicates for step in growing][:2] == [8, 16]
    assert stop.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("replicate")]


def test_an_unstopped_growing_ensemble_leaves_the_callers_event_alone(baseline: Scenario) -> None:
    stop = threading.Event()
    *_, last = grow_ensemble(baseline, years=1, replicates=9, stop=stop)
    assert last.replicates == 9
    assert not stop.is_set()


def test_an_error_in_a_run_says_which_one(baseline: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = itertools.count()

    def fail_on_the_second(*arguments: object) -> None:
        if next(calls) == 1:
            raise ArithmeticError("boom")

    monkeypatch.setattr(ensemble.run, "advance", fail_on_the_second)
    with pytest.raises(ArithmeticError, match="boom") as failed:
        run_ensemble(baseline, years=1, replicates=3, threads=1)
    assert failed.value.__notes__ == [f"in replicate 1 of scenario 'baseline', seed {mix_seed(1, 1)}"]


def test_prior_draws_differ_between_runs_and_are_named_as_ignorance(
    baseline: Scenario, runs: Ensemble
) -> None:
    ignorant = run_ensemble(baseline, years=YEARS, replicates=RUNS, seed=7, parameters="prior")
    assert (runs.uncertainty, ignorant.uncertainty) == ("luck only", "luck and ignorance")
    assert ignorant.series["trust_police"][:, -1].std() > 2 * runs.series["trust_police"][:, -1].std()


@pytest.mark.parametrize("parameters", ["default", "prior"])
def test_a_null_change_gives_differences_of_exactly_zero(baseline: Scenario, parameters: str) -> None:
    same = baseline.with_levers({"vetting.coverage": baseline.value("vetting.coverage")})
    result = compare(baseline, same, years=2, replicates=4, parameters=parameters)
    assert result.identical_pairs == 4
    assert np.array_equal(result.a.values, result.b.values)
    assert result.channels.empty
    assert (result.amounts[["difference", "low", "high"]] == 0.0).all(axis=None)
    assert (result.cost_per_year() == 0.0).all(axis=None)
    assert (result.cost_by_line()[["difference", "low", "high"]] == 0.0).all(axis=None)
    gaps = (result.peace_reached(), result.peace_held(), result.at_peace_at_end(), result.years_of_peace())
    assert all((gap.mean, gap.low, gap.high) == (0.0, 0.0, 0.0) for gap in gaps)
    assert result.peace() == (0, 4, 0)


def test_pairs_agree_until_the_policies_part(pair: Comparison) -> None:
    assert np.array_equal(pair.a.values[:, :52], pair.b.values[:, :52])
    assert not np.array_equal(pair.a.values, pair.b.values)


def test_first_channel_of_a_withdrawal_is_the_mission(pair: Comparison) -> None:
    frame = pair.channels
    assert frame["indicator"].iloc[0] in ("troops", "un_police", "spending")
    first_year = frame[frame["year"] == 1]
    assert (first_year["difference"] == 0.0).all()
    last = frame[(frame["indicator"] == "troops") & (frame["year"] == YEARS)].iloc[0]
    assert last["difference"] < 0
    assert last["high"] < 0
    largest = frame["size"].abs().groupby(frame["indicator"], sort=False).max()
    assert largest.is_monotonic_decreasing


def test_what_describes_a_mission_is_not_compared_once_it_has_gone(pair: Comparison) -> None:
    """Consent to a mission that nobody has any more is 0 in the series and no channel."""
    present = (pair.b.series["troops"] + pair.b.series["un_police"] >= 1.0).all(axis=0)
    years = {year + 1 for year in range(YEARS) if not present[52 * year : 52 * year + 52].all()}
    assert YEARS in years
    for name in OF_MISSION:
        assert (pair.b.series[name][:, -1] == 0.0).all()
        assert not years & set(pair.channels.loc[pair.channels["indicator"] == name, "year"])
    assert not set(SINCE_EXIT) & set(pair.channels["indicator"])


def test_channels_are_paired_mean_differences(pair: Comparison) -> None:
    row = pair.channels[(pair.channels["indicator"] == "fear") & (pair.channels["year"] == YEARS)].iloc[0]
    by_hand = (pair.b.yearly("fear") - pair.a.yearly("fear"))[:, -1].mean()
    assert row["difference"] == pytest.approx(by_hand, rel=1e-9)
    assert set(pair.channels["indicator"]) <= {indicator.name for indicator in INDICATORS}


def test_counts_of_peace_add_up_and_agree_with_the_runs(pair: Comparison) -> None:
    longer, same, shorter = pair.peace()
    assert longer + same + shorter == pair.pairs
    a, b = pair.a.time_at_peace()[0], pair.b.time_at_peace()[0]
    assert longer == sum(y > x for x, y in zip(a, b, strict=True))


def test_time_at_peace_is_weeks_at_risk_or_zero(pair: Comparison) -> None:
    for arm in (pair.a, pair.b):
        weeks = arm.outcomes["weeks_at_risk"].fillna(0.0).to_numpy()
        assert arm.time_at_peace()[0] == pytest.approx(weeks * 7 / 365.25)


def test_relapse_counts_only_runs_that_reached_peace(pair: Comparison) -> None:
    for arm in (pair.a, pair.b):
        share = arm.relapse_probability("conflict")
        assert share.of == int(arm.outcomes["reached_peace"].sum()) > 0
        assert share.successes == int(arm.outcomes["relapsed_conflict"].sum())
        assert arm.survival("conflict").of == share.of
    assert pair.relapse().of == int(pair.both_reached_peace.sum())


@pytest.mark.parametrize("question", ["relapse_probability", "survival", "time_at_peace"])
def test_unknown_level_of_relapse_is_refused(runs: Ensemble, question: str) -> None:
    with pytest.raises(ValueError, match="level must be 'conflict' or 'war', got 'unrest'"):
        getattr(runs, question)("unrest")


@pytest.mark.parametrize("question", ["relapse", "peace", "years_of_peace", "restricted_mean_peace"])
def test_unknown_level_of_relapse_is_refused_in_a_comparison(pair: Comparison, question: str) -> None:
    with pytest.raises(ValueError, match="level must be 'conflict' or 'war', got 'unrest'"):
        getattr(pair, question)("unrest")


def test_a_wrong_name_gets_the_nearest_one(runs: Ensemble, pair: Comparison) -> None:
    with pytest.raises(ValueError, match="no outcome 'batle_deaths'; did you mean 'battle_deaths'"):
        runs.outcome("batle_deaths")
    with pytest.raises(ValueError, match="no outcome 'x'; there are seed, reached_peace, "):
        runs.outcome("x")
    with pytest.raises(ValueError, match="no indicator 'trust_polise'; did you mean 'trust_police'"):
        runs.yearly("trust_polise")
    with pytest.raises(ValueError, match="no indicator 'feer'; did you mean 'fear'"):
        pair.variance_saved(("feer",))


def test_difference_in_cost_is_the_same_by_year_by_line_and_in_total(pair: Comparison) -> None:
    total = pair.amounts.loc["cost_usd", "difference"]
    assert pair.cost_per_year()["difference"].sum() == pytest.approx(total, rel=1e-9)
    assert pair.cost_by_line()["difference"].sum() == pytest.approx(total, rel=1e-9)
    assert pair.cost_by_line().index[0] == "mission_troops"


def test_pairing_saves_variance_before_and_after_the_policies_part(pair: Comparison) -> None:
    saved = pair.variance_saved(("battle_deaths_52", "fear"))
    assert list(saved.columns) == [1, 3]
    assert saved.loc["fear", 1] == math.inf  # not parted yet: no luck in the difference
    assert saved.loc["fear", 3] > 1.0


def test_variance_factor_of_independent_runs_is_about_one() -> None:
    luck = np.random.Generator(np.random.Philox(1)).normal(size=(2, 20_000))
    assert variance_factor(luck[0], luck[1]) == pytest.approx(1.0, abs=0.05)
    assert variance_factor(luck[0], luck[0] + 5.0) == math.inf
    assert math.isnan(variance_factor(np.ones(5), np.ones(5)))
