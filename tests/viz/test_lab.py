"""The lab: what is sketched is what the command line runs, what is read is the report's, what is watched that run."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ssr_sim import Scenario, cli, run_ensemble
from ssr_sim.analysis import tables
from ssr_sim.analysis.contrasts import policy_table
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.spec import study_from
from ssr_sim.sweep.store import SweepError
from tests.viz.helpers import longest_plan
from viz import frames, own
from viz.lab import desk as desks
from viz.lab import running, specification
from viz.lab.designing import in_words, key_of
from viz.lab.reading import cloud, findings
from viz.lab.sketch import DESIGNS, Factor, Policy, Sampling, Sketch, read
from viz.lab.watching import plan_of
from viz.plan import Plan, levers, scenario_of

SMALL = Sketch(
    replace(Plan(country="baseline", years=1, seed=7).with_lever("vetting.coverage", 0.9), replicates=64),
    name="small one", own_name="vet", n=2,
    policies=(Policy("pay later", Plan().with_lever("pay.level", 1.4, 20).changes),),
    uncertainties=Sampling("lhs", 3, (Factor("trust"), Factor("country.police.size", 6000.0, 7000.5))))


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished sweep: the small sketch, made in the app."""
    folder = tmp_path_factory.mktemp("made") / "small"
    study = running.draft(SMALL, folder.parent).study
    assert study is not None
    running.carry_out(study, folder, lambda _: None, threading.Event())
    return folder


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    number = st.floats(-1e6, 1e6)
    factor = st.builds(Factor, st.sampled_from([*levers(), "trust", "country.police.size"]), st.none(), st.none())
    ranged = st.builds(Factor, st.sampled_from(list(levers())), number, number)
    factors = st.lists(factor | ranged, max_size=4, unique_by=lambda row: row.key).map(tuple)
    sampled = {table: st.builds(Sampling, st.sampled_from(designs), st.integers(1, 10**6), factors)
               for table, designs in DESIGNS.items()}
    named = st.builds(Policy, st.text(st.characters(blacklist_categories=("Cs",)), max_size=20),
                      st.just(Plan().with_lever("pay.level", 1.25, 52).changes))
    policies = tuple(draw(st.lists(named, max_size=3)))
    return Sketch(Plan(country="baseline").with_lever("vetting.coverage", 0.5), name=draw(st.text(max_size=20)),
                  policies=policies, edited=draw(st.integers(0, len(policies))), levers=draw(sampled["levers"]),
                  uncertainties=draw(sampled["uncertainties"]), n=draw(st.integers(1, 999)),
                  adaptive=draw(st.booleans()), tab="results", view="scatter", run="ab12")


@given(sketches())
@settings(deadline=None, max_examples=40)
def test_the_address_of_a_sketch_gives_the_sketch_back(sketch: Sketch) -> None:
    if not sketch.adaptive:
        assert read(sketch.query()) == (sketch, [])
    assert read(sketch.query())[0].query() == sketch.query()


@given(st.text(max_size=80), st.sampled_from(["policy", "levers", "levers.key", "adaptive", "n", "tab", "outputs"]))
@settings(deadline=None, max_examples=100)
def test_no_address_breaks_the_lab(value: str, key: str) -> None:
    sketch, _ = read(f"lab.{key}={quote(value)}")
    assert read(sketch.query())[0] == sketch


def test_the_planner_takes_what_it_knows_of_an_address_of_the_lab() -> None:
    from viz.plan import read as read_plan

    assert read_plan(SMALL.query()) == (SMALL.plan, [])


def test_an_address_as_long_as_may_be_is_read_by_the_lab_too() -> None:
    assert read(longest_plan().query()) == (Sketch(longest_plan()), [])


@pytest.mark.parametrize("sketch", [
    SMALL,
    replace(SMALL, levers=Sampling("grid", 2, (Factor("oversight.coverage", 0.1, 0.8), Factor("mission.placement")))),
    replace(SMALL, levers=Sampling("sobol", 4, (Factor("oversight.coverage"),)), uncertainties=Sampling("prior", 2)),
    replace(SMALL, adaptive=True, outputs=("summary", "series", "events"), uncertainties=Sampling()),
    replace(SMALL, plan=SMALL.plan.with_lever("vetting.evidence", 0.5), name='a "name"\nof two lines'),
])
def test_every_sketch_is_a_specification_that_the_command_line_takes(sketch: Sketch, tmp_path: Path) -> None:
    found = running.draft(sketch, tmp_path)
    assert found.faults == ()
    study = study_from(found.text, str(tmp_path / "elsewhere.toml"))
    assert found.study is not None
    assert study.digest == found.study.digest
    assert study.policies["vet"].value("vetting.coverage") == 0.9
    assert [dict(change.set) for change in study.policies["pay later"].policy] == [{"pay.level": 1.4}]


def test_all_faults_of_a_sketch_are_told_with_key_and_range(tmp_path: Path) -> None:
    wrong = replace(SMALL, own_name="pay later", levers=Sampling("sobol", 3, (
        Factor("oversight.coverage", 0.2, 7.0), Factor("trust.forgetting"), Factor("oversite.coverage"))))
    faults = {fault.key: fault.message for fault in running.draft(wrong, tmp_path).faults}
    assert "outside 0 to 1" in faults['levers.ranges."oversight.coverage"']
    assert "'trust.forgetting': is no lever" in faults["levers.keys[0]"]
    assert "did you mean 'oversight.coverage'?" in faults["levers.keys[1]"]
    assert "power of two" in faults["levers.n"]
    assert "is there twice" in faults["policy[2].id"]


def test_what_is_typed_in_the_lab_is_found_by_key_name_or_a_part_of_one_alone() -> None:
    assert key_of("oversight.cov", "baseline", "levers") == "oversight.coverage"
    assert key_of("Oversight: Coverage", "baseline", "levers") == "oversight.coverage"
    assert key_of("oversight", "baseline", "levers") == "oversight"  # of several nobody guesses one
    assert key_of("trust", "baseline", "uncertainties") == "trust"  # the whole table, though many keys hold the word
    assert key_of("Oversight: coverage", "baseline", "uncertainties") == "oversight.coverage"  # refused as a lever


def test_a_run_in_the_app_and_one_on_the_command_line_give_the_same_table(sweep: Path, tmp_path: Path) -> None:
    file = tmp_path / "copied.toml"
    file.write_text(running.draft(SMALL, tmp_path).text)
    done = CliRunner().invoke(cli.app, ["sweep", "run", str(file), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert Results.open(tmp_path / "out").digest() == Results.open(sweep).digest()


def test_a_cancelled_run_keeps_what_is_finished_and_goes_on(tmp_path: Path) -> None:
    longer = replace(SMALL, plan=replace(SMALL.plan, years=10), n=6)  # than the time between two looks at it
    study, stop = running.draft(longer, tmp_path).study, threading.Event()
    assert study is not None
    with pytest.raises(running.Cancelled):
        running.carry_out(study, tmp_path / "out", lambda step: stop.set(), stop)
    assert len(Results.open(tmp_path / "out").frame()) < 3 * 3 * 6
    for folder in ("out", "undisturbed"):
        running.carry_out(study, tmp_path / folder, lambda _: None, threading.Event())
    assert Results.open(tmp_path / "out").digest() == Results.open(tmp_path / "undisturbed").digest()


def test_what_stands_on_a_part_of_the_runs_says_so(tmp_path: Path) -> None:
    study = running.draft(replace(SMALL, plan=replace(SMALL.plan, years=10), n=6), tmp_path).study
    assert study is not None
    stop = threading.Event()
    with pytest.raises(running.Cancelled):
        running.carry_out(study, tmp_path / "out", lambda step: stop.set(), stop)
    now = findings(tmp_path / "out").progress
    assert now.finished == len(Results.open(tmp_path / "out").frame())
    assert now.finished + now.missing == now.planned == 3 * 3 * 6
    running.carry_out(study, tmp_path / "out", lambda _: None, threading.Event())
    assert findings(tmp_path / "out").progress.missing == 0


def test_the_size_of_a_study_is_said_in_the_right_number(tmp_path: Path) -> None:
    study = running.draft(SMALL, tmp_path).study
    assert study is not None
    size = running.size(study)
    assert "3 policies in 3 states of the world" in in_words(size)
    one = replace(study, replicates=replace(study.replicates, least=1, most=1))
    assert "1 replicate each" in in_words(replace(size, study=one))


def test_a_large_study_is_left_to_the_command_line(tmp_path: Path) -> None:
    study = running.draft(replace(SMALL, n=223), tmp_path).study
    assert study is not None
    size = running.size(study)
    assert size.most == 3 * 3 * 223
    assert not running.small(size)
    assert running.small(replace(size, study=replace(study, replicates=replace(study.replicates, most=2))))


def test_policies_are_read_as_the_report_reads_them(sweep: Path) -> None:
    found, runs = findings(sweep), Results.open(sweep).table()
    compared = policy_table(runs)
    assert found.table == tables.policies(compared, tables.order(compared), tables.settings(runs))
    assert any(runs.levers[0] in row[0] for row in found.table.rows)  # a sampled policy by what it sets


@pytest.mark.parametrize(("name", "file"), [("My stüdy 1", "my-study-1"), ("Réforme", "reforme"), ("研究", "study")])
def test_a_study_has_a_file_name_that_every_shell_takes(name: str, file: str) -> None:
    assert specification.file_name(replace(SMALL, name=name)) == file


def test_points_are_the_runs_or_their_means(sweep: Path) -> None:
    found = findings(sweep)
    frame = Results.open(sweep).frame()
    each = cloud(found, "country.police.size", "cost_usd", "policy", "run")
    assert each.x.tolist() == frame["country.police.size"].astype("float32").tolist()
    assert found.frame["run_id"].iloc[each.rows].tolist() == frame["run_id"].tolist()
    means = cloud(found, "pay.level" if "pay.level" in found.columns else "deaths", "cost_usd", "deaths", "state")
    expected = frame.groupby(["policy", "state"], sort=False)["cost_usd"].mean()
    assert means.y.tolist() == pytest.approx(expected.tolist())


def test_the_run_that_is_watched_is_the_run_of_the_sweep(sweep: Path) -> None:
    for row in Results.open(sweep).frame().iloc[[0, 7, 17]].to_dict(orient="records"):
        plan = plan_of(sweep, row["run_id"][:20], "somebody")
        assert plan.run is not None
        lived = frames.film(scenario_of(plan), plan.years, plan.seed, plan.run, "default").outcomes
        assert {name: value for name, value in lived.items() if value == value} == {
            name: row[name] for name, value in lived.items() if value == value}


def test_a_film_is_of_the_whole_run_though_it_looks_every_four_weeks() -> None:
    scenario = Scenario.load("baseline")
    lived = frames.film(scenario, 3, 7, 5, "default").outcomes  # 157 weeks
    assert lived["digest"] == run_ensemble(scenario, 3, 6, 7).outcome("digest")[5]


def test_an_address_opens_no_folder_that_was_not_named(sweep: Path, tmp_path: Path) -> None:
    visitor = desks.arrive("a stranger")
    for name in (str(sweep), sweep.name, "../" + sweep.name, "/"):
        assert desks.found(name, visitor) is None
    with pytest.raises(SweepError, match="is not the folder of a sweep"):
        desks.allow([tmp_path])
    source, = (it for it in desks.allow([sweep]) if it.folder == sweep.resolve())
    assert desks.found(source.id, visitor) == source
    desks.leave("a stranger", 0.0)


def test_runs_go_with_their_visitor_unless_asked_to_be_kept(tmp_path: Path) -> None:
    desk = desks.arrive("a visitor")
    assert desks.arrive("a visitor") is desk  # a second page of the same browser
    lost, kept = desk.place("1" * 32, "lost").folder, desk.place("2" * 32, "kept", tmp_path / "kept").folder
    for folder in (lost, kept):
        folder.mkdir()
    desks.leave("a visitor")
    assert lost.exists()
    gone = threading.Event()
    desk.close, close = lambda: (close(), gone.set()), desk.close  # type: ignore[method-assign]
    desks.leave("a visitor", 0.0)
    assert gone.wait(20)
    assert not lost.exists()
    assert kept.exists()


def test_rerun_opens_the_app_on_the_run(sweep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from viz import server

    served: dict[str, Any] = {}
    monkeypatch.setattr(server, "serve", lambda port, **more: served.update(port=port, **more))
    run_id = str(Results.open(sweep).frame()["run_id"].iloc[5])
    done = CliRunner().invoke(cli.app, ["sweep", "rerun", str(sweep), run_id[:16], "--app", "--no-browser",
                                        "--port", "8851"])
    assert done.exit_code == 0, done.output
    page, _, query = served["path"].partition("?")
    sketch, said = read(query)
    assert (page, said, served["port"], served["browser"]) == ("lab", [], 8851, False)
    assert sketch.watch == run_id
    assert {source.id: source.folder for source in desks.allow(served["sweeps"])}[sketch.read] == sweep.resolve()
    unknown = CliRunner().invoke(cli.app, ["sweep", "rerun", str(sweep), "zz", "--app"])
    assert (unknown.exit_code, "begins with 'zz'" in unknown.output) == (2, True)


def test_a_country_of_the_visitors_own_lies_beside_the_specification(tmp_path: Path) -> None:
    content = Scenario.load("baseline").with_levers({"country.police.size": 7000}).to_toml()
    digest = own.register(content, "mine.toml", "somebody")
    (tmp_path / "desk").mkdir()
    sketch = replace(SMALL, plan=replace(SMALL.plan, country=own.country_of(digest)))
    found = running.draft(sketch, tmp_path / "desk")
    assert found.study is not None
    assert found.study.base.value("country.police.size") == 7000
    for name, beside in [*found.beside.items(), ("study.toml", found.text)]:
        (tmp_path / name).write_text(beside)
    assert Experiment.load(tmp_path / "study.toml").study.digest == found.study.digest


@pytest.mark.browser
def test_a_sweep_made_in_the_app_is_the_copied_one_and_any_run_of_it_can_be_watched(
        open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page("/lab?" + replace(SMALL, uncertainties=Sampling("prior", 3)).query())
    page.wait_for_selector('.ssr-run [data-runs="18"]')
    with page.expect_download() as got:
        page.get_by_role("button", name="Download", exact=True).click()
    got.value.save_as(tmp_path / "copied.toml")
    page.get_by_label("Keep the runs in this folder").fill(str(tmp_path / "made"))
    page.get_by_label("Keep the runs in this folder").press("Tab")
    page.get_by_role("button", name="Run here").click()
    page.wait_for_selector('.ssr-policies[data-rows="18"]')
    done = CliRunner().invoke(cli.app, ["sweep", "run", str(tmp_path / "copied.toml"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    results = Results.open(tmp_path / "made")
    assert results.digest() == Results.open(tmp_path / "out").digest()
    runs = results.table()
    compared = policy_table(runs)
    cost = tables.policies(compared, tables.order(compared), tables.settings(runs)).rows[1][-1].split("\n")[0]
    assert cost in page.locator(".ssr-policies tbody tr").nth(1).inner_text()
    page.get_by_role("tab", name="What matters").click()
    page.wait_for_selector('.ssr-tornado[data-rev="2"]')
    page.get_by_role("tab", name="Runs").click()
    page.locator(".ssr-scatter canvas").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    run_id = page.locator("[data-run]").get_attribute("data-run")
    page.get_by_role("button", name="Watch this run").click()
    row = results.sql(f"SELECT * FROM runs WHERE run_id = '{run_id}'").iloc[0]
    page.wait_for_selector(f'.ssr-network[data-rev$="-{row["digest"]}"]')
    page.wait_for_url(re.compile("country=own"))


@pytest.mark.browser
def test_a_run_in_the_app_can_be_cancelled_and_what_is_finished_is_kept(open_page: Callable[..., Any]) -> None:
    longer = replace(SMALL, plan=replace(SMALL.plan, years=10), name="long", n=20)
    page = open_page("/lab?" + longer.query())
    page.wait_for_selector('.ssr-run [data-runs="180"]')
    page.get_by_role("button", name="Run here").click()
    page.wait_for_function("Number(document.querySelector('.ssr-progress')?.dataset.done) > 0")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_text("Cancelled. What is finished is kept").wait_for()
    assert "lab.tab=results" not in page.url
    page.get_by_role("button", name="Run here").wait_for()
    page.get_by_role("tab", name="Results").click()
    assert 0 < int(page.locator(".ssr-policies").get_attribute("data-rows")) < 180


@pytest.mark.browser
def test_what_is_wrong_or_too_large_is_said_before_anything_runs(open_page: Callable[..., Any]) -> None:
    wrong = replace(SMALL, levers=Sampling("lhs", 4, (Factor("oversight.coverage", 0.2, 7.0),)))
    page = open_page("/lab?" + wrong.query())
    page.wait_for_selector('.ssr-faults[data-faults="1"]')
    assert "outside 0 to 1" in page.locator("tr.wrong").inner_text()
    field = page.get_by_label("Oversight: coverage: to")
    field.fill("0.7")
    field.press("Tab")
    page.wait_for_selector('.ssr-run [data-runs="42"]')
    field = page.get_by_label("In each state")
    field.fill("500")
    field.press("Tab")
    page.wait_for_selector('.ssr-run [data-runs="10500"]')
    assert "ssr-sim sweep run small-one.toml --out small-one" in page.locator(".ssr-run .large").inner_text()
    assert page.get_by_role("button", name="Run here").count() == 0


@pytest.mark.browser
def test_a_run_that_is_not_there_is_said_in_a_sentence(open_page: Callable[..., Any]) -> None:
    page = open_page("/lab?country=baseline&lab.read=nowhere&lab.watch=abcdef")
    told = page.locator(".ssr-faults[role=alert]")
    told.wait_for()
    assert "nowhere" in told.inner_text()
    assert "Traceback" not in page.locator("body").inner_text()
