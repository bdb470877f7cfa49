"""What a sweep has found can be asked, verified, made again, compacted and exported at any time."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from typer.testing import Result

from ssr_sim.run_table import RunTable
from ssr_sim.sweep import compacting, runner, store
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.results import Results

HEAD = ('[experiment]\nname = "small"\nscenario = "baseline"\nyears = 1\nset = { "country.communities" = 6 }\n'
        'outputs = ["series", "events"]\n')
STATES = '[uncertainties]\ndesign = "lhs"\nn = 2\nkeys = ["trust"]\n[replicates]\nn = 3\n'
Make = Callable[..., Experiment]
Command = Callable[..., Result]


@pytest.fixture
def results(small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Results:
    """Two policies, two states, three replicates, in many parts."""
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    return small(STATES, head=HEAD).run(tmp_path / "out")


def test_runs_have_levers_uncertainties_and_outcomes(results: Results) -> None:
    runs = results.sql("SELECT * FROM runs")
    study = store.read_study(results.folder)
    assert list(runs.columns[:6]) == ["run_id", "policy", "state", "replicate", "seed", "status"]
    outcomes = {"seconds", "digest", "reached_peace", "cost_usd"}
    assert {"vetting.coverage", *study.states.keys, *outcomes} <= set(runs.columns)
    row = runs[(runs["policy"] == "vetting") & (runs["state"] == 1)].iloc[0]
    assert row["vetting.coverage"] == 0.9
    assert [row[key] for key in study.states.keys] == study.states.values[1].tolist()
    averages = results.sql('SELECT "vetting.coverage" AS v, avg(cost_usd) AS c FROM runs GROUP BY v ORDER BY v')
    assert averages["v"].tolist() == [study.base.value("vetting.coverage"), 0.9]


def test_tables_are_joined_by_run(results: Results) -> None:
    joined = results.sql("SELECT r.run_id, r.trust_police_at_end AS a, s.trust_police AS b FROM runs r JOIN series s "
                         "USING (run_id) WHERE s.week = 48")
    assert len(joined) == 12
    np.testing.assert_allclose(joined["a"], joined["b"], atol=0.05)
    assert results.sql("SELECT count(DISTINCT run_id) AS n FROM events")["n"][0] == 12


def test_a_wrong_query_is_told_plainly(results: Results) -> None:
    with pytest.raises(ValueError, match="cost_us"):
        results.sql("SELECT cost_us FROM runs")


def test_the_table_is_what_analyses_read(results: Results) -> None:
    table = results.table()
    assert isinstance(table, RunTable)
    assert (table.reference, table.levers, table.years) == ("today", ("vetting.coverage",), 1)
    a, b = table.pairs("vetting")
    assert len(a) == 6
    assert (a["seed"] == b["seed"]).all()


def test_the_report_of_a_sweep_is_written_also_for_runs_of_another_model(results: Results, ssr: Command) -> None:
    file = results.folder / store.STUDY
    file.write_text(file.read_text().replace(json.loads(file.read_text())["model"], "0123456789abcdef"))
    done = ssr("sweep", "analyse", results.folder)
    assert done.exit_code == 0, done.output
    page = (results.folder / "report.html").read_text(encoding="utf-8")
    assert "<h1>Small: Zelmora (invented)</h1>" in page
    assert "2 policies · 2 states of the world · 12 runs of 1 year" in page
    assert results.digest() in page


def test_results_can_be_read_before_the_first_part(small: Make, tmp_path: Path, ssr: Command) -> None:
    store.write_study(tmp_path / "out", small().study)
    empty = Results.open(tmp_path / "out")
    assert empty.frame().empty
    with pytest.raises(ValueError, match="no run of the reference 'today' is finished"):
        empty.table()
    assert "0 of 6 runs" in ssr("sweep", "status", tmp_path / "out").stdout


def test_results_can_be_read_while_a_sweep_runs(small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    seen: list[int] = []

    def look(*_: int) -> None:
        seen.append(len(Results.open(tmp_path / "out").frame()))

    small("[replicates]\nn = 12\n").run(tmp_path / "out", progress=look)
    assert seen == sorted(seen)
    assert seen[-1] == 24
    assert len(set(seen)) > 1


def test_compacting_keeps_everything_in_fewer_parts(results: Results, ssr: Command) -> None:
    queries = ["SELECT * FROM series ORDER BY run_id, week", "SELECT * FROM events ORDER BY run_id, number"]
    before, tables = results.digest(), [results.sql(query) for query in queries]
    assert "12 parts before, 1 now" in ssr("sweep", "compact", results.folder).stdout
    after = Results.open(results.folder)
    assert len(after.parts()) == 1
    assert after.digest() == before
    for query, table in zip(queries, tables, strict=True):
        pd.testing.assert_frame_equal(after.sql(query), table)


def test_an_interrupted_compaction_shows_no_run_twice(results: Results, small: Make,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    before, events = results.digest(), len(results.sql("SELECT * FROM events"))
    discard, calls = store.discard, []

    def dies(folder: Path, path: Path) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise KeyboardInterrupt
        discard(folder, path)

    monkeypatch.setattr(store, "discard", dies)
    with pytest.raises(KeyboardInterrupt):
        compacting.compact(results.folder)
    monkeypatch.setattr(store, "discard", discard)
    assert len(list((results.folder / "parts").iterdir())) == 1 + 12 - 2
    torn = Results.open(results.folder)
    assert len(torn.parts()) == 1
    assert torn.digest() == before
    assert len(torn.sql("SELECT * FROM events")) == events
    assert len(small(STATES, head=HEAD).run(results.folder).parts()) == 1
    assert len(list((results.folder / "parts").iterdir())) == 1
    assert torn.digest() == before


def test_runs_that_two_workers_made_count_once(results: Results, small: Make, tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PART_SECONDS", 10.0)
    other = small(STATES, head=HEAD).run(tmp_path / "other", threads=1)
    queries = ["SELECT * FROM series ORDER BY run_id, week", "SELECT * FROM events ORDER BY run_id, number"]
    before, tables = results.digest(), [results.sql(query) for query in queries]
    for part in other.parts():
        part.path.rename(results.folder / "parts" / part.name)
    twice = Results.open(results.folder)
    assert len(twice.parts()) > 12
    assert twice.digest() == before
    for query, table in zip(queries, tables, strict=True):
        pd.testing.assert_frame_equal(twice.sql(query), table)
    compacting.compact(results.folder)
    assert twice.digest() == before
    pd.testing.assert_frame_equal(twice.sql(queries[0]), tables[0])


def test_a_finished_sweep_is_not_thousands_of_small_files(small: Make, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    done = small("[replicates]\nn = 20\n").run(tmp_path / "out")
    assert len(done.parts()) == 1
    assert len(done.frame()) == 40


def test_verify_certifies_and_finds_a_changed_result(results: Results, ssr: Command) -> None:
    done = ssr("sweep", "verify", results.folder, "--sample", 5)
    assert done.exit_code == 0
    assert "5 of 12 runs made again are the same to the bit" in done.stdout
    certificate = json.loads((results.folder / "certificate.json").read_text())
    assert certificate["digest"] == results.digest()
    assert certificate["differing"] == []
    assert certificate["differing_below"] == pytest.approx(1 - 0.05 ** (1 / 5))
    part = results.parts()[0]
    table = parquet.read_table(part.file("runs"))
    changed = table.set_column(table.column_names.index("cost_usd"), "cost_usd", [[1.0] * len(table)])
    parquet.write_table(changed, part.file("runs"))
    found = ssr("sweep", "verify", results.folder, "--sample", 12)
    assert found.exit_code == 2
    assert "cost_usd is" in found.stderr
    assert "the sweep has 1.0" in found.stderr


def test_a_run_is_made_again_to_the_bit(results: Results, ssr: Command) -> None:
    row = results.frame().iloc[4]
    done = ssr("sweep", "rerun", results.folder, row["run_id"][:12], "--json")
    told = json.loads(done.stdout)
    assert (told["run_id"], told["differences"]) == (row["run_id"], [])
    assert told["outcomes"]["digest"] == row["digest"]
    unknown = ssr("sweep", "rerun", results.folder, "ffffffffffffffffffffff")
    assert unknown.exit_code == 2
    assert "no runs have an identity that begins with" in unknown.stderr
    assert ssr("sweep", "rerun", results.folder, "x'; DROP").exit_code == 2


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_export_writes_one_file_for_each_table(results: Results, ssr: Command, form: str) -> None:
    done = ssr("sweep", "export", results.folder, f"--{form}")
    assert done.exit_code == 0
    folder = results.folder / "export"
    assert {file.name for file in folder.iterdir()} == {
        f"{name}.{form}" for name in ("runs", "series", "events", "policies", "states")}
    read = pd.read_csv if form == "csv" else pd.read_parquet
    runs = read(folder / f"runs.{form}")
    assert runs["digest"].tolist() == results.sql("SELECT digest FROM runs ORDER BY policy, state, replicate"
                                                  )["digest"].tolist()
    uncertain = set(store.read_study(results.folder).states.keys)
    assert uncertain <= set(read(folder / f"states.{form}").columns)
    assert not uncertain & set(runs.columns), "once for a state, not in every run"


def test_the_commands_go_from_plan_to_export(specification: Callable[..., Path], tmp_path: Path, ssr: Command) -> None:
    spec, out = specification(), tmp_path / "out"
    assert "6 of 6 runs" in ssr("sweep", "run", spec, "--out", out).stdout
    assert "6 of 6 runs" in ssr("sweep", "run", out).stdout
    assert "Failures: nothing" in ssr("sweep", "failures", out).stdout
    extended = ssr("sweep", "extend", out, "--replicates", 4)
    assert "8 of 8 runs" in extended.stdout
    less = ssr("sweep", "extend", out, "--replicates", 2)
    assert less.exit_code == 2
    assert "has 4 replicates; ask for more" in less.stderr
    assert ssr("sweep", "extend", out).exit_code == 2
    assert ssr("sweep", "run", spec).exit_code == 2
