"""What the README says about speed is what was measured, and every speed that we want is in it."""

import json

import pytest

from experiments.benchmarks import report
from experiments.benchmarks.musts import MUSTS, Findings, Measured, Must
from experiments.benchmarks.sections import SECTIONS, keys_of

MADE = {"date": "2026-11-21", "load": "load 0", "machine": "one", "versions": "all", "sources": "same"}


def test_readme_quotes_the_table_of_results():
    results = report.PAGE.read_text(encoding="utf-8")
    assert report.between(report.README.read_text(encoding="utf-8")) == report.between(results)


def test_page_of_results_is_made_of_the_data_beside_it():
    assert report.page(report.stored()) == report.PAGE.read_text(encoding="utf-8")


def test_table_lists_every_must():
    table = report.between(report.PAGE.read_text(encoding="utf-8"))
    assert [must.what for must in MUSTS.values() if f"| {must.what} |" not in table] == []


def test_every_must_belongs_to_a_section_and_every_section_has_one():
    assert set().union(*map(keys_of, SECTIONS)) == set(MUSTS)
    assert [name for name in SECTIONS if not keys_of(name)] == []


def test_a_must_that_falls_short_says_what_limits_it():
    met = {key: Measured(must.must or must.aim) for key, must in MUSTS.items()}
    assert "**no**" not in report.musts_table(met)
    short = met | {"runs.baseline": Measured(31.0)}
    assert report.shortfalls(short).startswith(f"- **{MUSTS['runs.baseline'].what}**: About 50 phases")


@pytest.mark.parametrize(("value", "more", "met"), [
    (1.0, False, True), (3.0, False, False), (3.0, True, True), (1.0, True, False), (None, True, None)])
def test_must_is_met_on_the_right_side(value, more, met):
    assert Must("speed", "s", 2.0, None, more=more).met(value) is met


def test_sections_that_did_not_run_keep_their_results(tmp_path, monkeypatch):
    for name, file in (("PAGE", "results.md"), ("DATA", "results.json"), ("README", "README.md")):
        monkeypatch.setattr(report, name, tmp_path / file)
    report.README.write_text(f"before {report.BEGIN}{report.END} after", encoding="utf-8")
    report.write({"runs": Findings({"runs.baseline": Measured(40.0, "39 to 41")}, "runs", MADE)})
    report.write({"threads": Findings({"threads.ratio": Measured(1.8)}, "threads", MADE | {"sources": "others"})})
    assert list(json.loads(report.DATA.read_text(encoding="utf-8"))) == ["runs", "threads"]
    readme = report.README.read_text(encoding="utf-8")
    assert "40 ms (39 to 41) | **no** |" in readme
    assert "Of other sources: threads." in readme
    assert readme.startswith("before ")
    assert readme.endswith(" after")
