"""`ssr-sim new` turns the tables of an office into a scenario that runs, or names every fault in them at once."""

import contextlib
import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from ssr_sim import cli
from ssr_sim.country import Country, Datum, declared, interval, part_of
from ssr_sim.faults import ScenarioError
from ssr_sim.region_files import _number, read_regions
from ssr_sim.scenario import Scenario
from ssr_sim.starter import slug, starter

REGIONS = "name,population,lon,lat,capital\nNorth,1200000,12.5,3.25,yes\nSouth,800000,12.9,1,\n"
BORDERS = "region,neighbour\nNorth,South\n"
START = datetime.date(2020, 1, 1)
New = Callable[..., Result]


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> New:
    """Call `new` in an empty folder with these tables."""
    monkeypatch.chdir(tmp_path)

    def call(*options: str, regions: str | bytes = REGIONS, borders: str | bytes | None = None,
             name: str = "Azure") -> Result:
        for file, content in (("regions.csv", regions), ("borders.csv", borders)):
            if content is not None:
                Path(file).write_bytes(content.encode() if isinstance(content, str) else content)
        tables = ["--regions", "regions.csv", *(["--borders", "borders.csv"] if borders is not None else [])]
        return CliRunner().invoke(cli.app, ["new", name, *tables, *options], catch_exceptions=False)

    return call


def faults(result: Result) -> list[str]:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert not list(Path().glob("*.toml"))
    lines: list[str] = result.stderr.removeprefix("error: ").splitlines()
    return lines[1:] if re.match(r"\d+ mistakes", lines[0]) else lines


def test_the_file_checks_and_runs_a_year(new: New) -> None:
    made = new(borders=BORDERS)
    assert made.exit_code == 0
    assert "2 regions, 2,000,000 people, 1 border." in made.stdout
    steps = re.findall(r"^\d\. .*$", made.stdout, re.MULTILINE)
    assert len(steps) == 3
    assert "ssr-sim check azure.toml" in steps[1]
    assert "is fine: Azure" in CliRunner().invoke(cli.app, ["check", "azure.toml"]).stdout
    ran = CliRunner().invoke(cli.app, ["run", "azure.toml", "--years", "1", "--replicates", "2"])
    assert ran.exit_code == 0


def test_the_file_holds_the_tables_as_given(new: New) -> None:
    assert new(borders=BORDERS).exit_code == 0
    country = Scenario.load("./azure.toml").country
    assert [(r.name, r.population.value, r.lon, r.lat, r.capital) for r in country.regions] == [
        ("North", 1_200_000, 12.5, 3.25, True), ("South", 800_000, 12.9, 1, False)]
    assert country.borders == (("North", "South"),)


def test_tables_of_a_ministry_are_read(new: New) -> None:
    """A byte order mark, semicolons, decimal commas, blanks between thousands, blank lines, accents, quotes."""
    table = ('\ufeffName ; POPULATION;Lon;Lat;Outside\r\n\r\n"Côte; Est";1\u202f200\u202f000;12,5;-3,25;No\r\n;;;;\r\n'
             "Île;1.300.400;13;\u22124;x\r\n")
    assert new(regions=table, borders='\ufeffa;b\r\n"Côte; Est";Île\r\nÎle;"Côte; Est"\r\n').exit_code == 0
    country = Scenario.load("./azure.toml").country
    assert [(r.name, r.population.value, r.lon, r.lat, r.outside) for r in country.regions] == [
        ("Côte; Est", 1_200_000, 12.5, -3.25, False), ("Île", 1_300_400, 13, -4, True)]
    assert country.borders == (("Côte; Est", "Île"),)


def test_every_fault_of_both_tables_comes_at_once_with_line_column_and_remedy(new: New) -> None:
    regions = ("name,population,lon,lat,capital,popluation\n"
               "North,-5,200,1,yes\n\n"
               "North,many,1,,perhaps\n"
               ",12.5,1,1,\n"
               "St. Louis,1.200,1,1,yes\n"
               "East,,1,1,no,,surplus\n")
    assert sorted(faults(new(regions=regions, borders="North,Nort\nEast,East\nEast\n"))) == [
        "borders.csv:1: unknown region 'Nort'; did you mean 'North'?",
        "borders.csv:2: 'East' borders on itself",
        "borders.csv:3: must be two names of regions, not 1",
        "regions.csv:1: popluation: unknown column; did you mean 'population'?",
        "regions.csv:2: lon: 200 is outside -180 to 180 (degrees east)",
        "regions.csv:2: population: -5 is outside 0 to 2,000,000,000 (residents)",
        "regions.csv:4: capital: 'perhaps' must be yes or no",
        "regions.csv:4: lat: is missing; give both coordinates or neither",
        "regions.csv:4: name: 'North' stands in this table twice",
        "regions.csv:4: population: 'many' is not a number",
        "regions.csv:5: name: is missing",
        "regions.csv:5: population: '12.5' is not a whole number of people; write it without thousands separators",
        "regions.csv:6: capital: 'North' is already the capital",
        "regions.csv:6: name: must be a name without dots, quotes and line breaks",
        "regions.csv:6: population: '1.200' is not a whole number of people; write it without thousands separators",
        "regions.csv:7: 7 cells for 6 columns; put a text that holds a separator in quotes",
        "regions.csv:7: population: is missing",
    ]


@pytest.mark.parametrize(("regions", "words"), [
    ("", "regions.csv: is empty"),
    ("\n;;\n", "regions.csv: is empty"),
    ("name,population\n", "holds no region"),
    ("nom,population\nNord,5\n", "regions.csv:1: name: this column is missing"),
    ("name,population,name\nNorth,5,North\n", "regions.csv:1: name: stands twice"),
    ('name,population\n"North,5\n', "is not a table"),
    ("name,population\nC\u00f4te,5\n".encode("latin-1"), "is not UTF-8; save the file as UTF-8"),
    ("name,population\nNorth,5\n".encode("utf-16"), "is not UTF-8"),
    (f"name,population\nNorth,{'9' * 400}\n", "is not a number"),
])
def test_a_table_that_cannot_be_used_says_why(new: New, regions: str | bytes, words: str) -> None:
    assert any(words in fault for fault in faults(new(regions=regions)))


def test_a_missing_file_of_each_kind_is_named(new: New) -> None:
    message = faults(new("--regions", "none.csv", "--borders", "neither.csv"))
    assert [line.split(":")[0] for line in message] == ["neither.csv", "none.csv"]


@pytest.mark.parametrize("name", ["", "...", "a\nb", "x" * 81])
def test_a_name_that_names_nothing_is_refused(new: New, name: str) -> None:
    assert any("NAME" in fault for fault in faults(new(name=name)))


def test_a_file_is_written_over_only_by_force(new: New) -> None:
    Path("mine.toml").write_text("my work")
    refused = new("--out", "mine.toml")
    assert refused.exit_code == 2
    assert "mine.toml exists; --force writes over it" in refused.stderr
    assert Path("mine.toml").read_text() == "my work"
    assert new("--out", "mine.toml", "--force").exit_code == 0
    assert Scenario.load("mine.toml").title == "Azure"


def test_a_place_that_cannot_be_written_is_one_message(new: New) -> None:
    assert "cannot write there" in new("--out", "nowhere/mine.toml").stderr


@pytest.mark.parametrize(("text", "value"), [
    ("1200", 1200), ("1 200 000", 1_200_000), ("1'200'000", 1_200_000), ("1,200,000", 1_200_000),
    ("1.200.000", 1_200_000), ("1.200,5", 1200.5), ("1,200.5", 1200.5), ("1.200.000,5", 1_200_000.5), ("-12,5", -12.5),
    ("\u221212.5", -12.5), ("1,200", 1.2), ("1.2.3", None), ("1.200.00", None), ("12%", None), ("1e6", None),
    ("nan", None), ("\u0661", None), ("", None)])
def test_numbers_of_many_countries_are_read(text: str, value: float | None) -> None:
    assert _number(text) == value


def test_borders_need_no_line_of_column_names(new: New) -> None:
    assert new(borders="North;South\n").exit_code == 0
    assert len(Scenario.load("./azure.toml").country.borders) == 1


def test_a_first_border_with_slips_is_not_taken_for_column_names(new: New) -> None:
    assert faults(new(borders="Nrth;Soth\n")) == [
        "borders.csv:1: unknown region 'Nrth'; did you mean 'North'?",
        "borders.csv:1: unknown region 'Soth'; did you mean 'South'?"]


def test_every_number_of_the_country_stands_in_the_file_with_its_range() -> None:
    text = starter("Azure", [{"name": "North", "population": 5}], [], START)
    for table, field in Country.model_fields.items():
        part = part_of(field.annotation)
        if part in (None, Datum) or table == "regions":
            continue
        for name in part.model_fields:  # type: ignore[union-attr]
            if limits := declared(part, name):  # type: ignore[arg-type]
                line = next(line for line in text.splitlines() if re.match(rf"(# )?{name} = ", line)
                            and interval(**limits) in line)
                whole = part.model_fields[name].annotation is not Datum  # type: ignore[union-attr]
                assert whole or 'quality = "assumption"' in line


def test_the_examples_are_right_once_their_marks_are_removed() -> None:
    text = starter("Azure", [{"name": "North", "population": 5}], [], START)
    _, below = text.split("[scenario]")
    found = re.sub(r"^# (?=\[\[|[a-z_]+ = |\d{4} = |\]$|  \[)", "", below, flags=re.MULTILINE)
    country = Scenario.from_toml(f"[scenario]{found}").country
    assert all(len(rows) == 1 for rows in (country.armed_groups, country.donors, country.neighbours, country.exclusion,
                                           country.mission.strength, country.violence_before))


def test_a_country_of_many_regions_gets_a_community_for_each() -> None:
    regions = [{"name": f"Region {i}", "population": 10} for i in range(300)]
    assert Scenario.from_toml(starter("Azure", regions, [], START)).country.communities == 300


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1, max_size=80))
def test_any_name_of_one_line_gives_a_file_that_loads(name: str) -> None:
    if slug(name) and name.isprintable():
        assert Scenario.from_toml(starter(name, [{"name": "North", "population": 5}], [], START)).title == name


CELLS = st.sampled_from(["name", "population", "lon", "lat", "capital", "North", "South", "5", "-1", "1,5", '"', ""])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(CELLS, max_size=6).map(";".join), max_size=5).map("\n".join) | st.text(max_size=40))
def test_any_text_gives_regions_or_faults(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(ScenarioError):
        regions, _ = read_regions(path, path)
        assert regions
