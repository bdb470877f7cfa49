"""The report needs nothing but itself, and says what the numbers say."""

import dataclasses
import datetime
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from ssr_sim import drawing, figures, report, summary
from ssr_sim.comparison import Comparison, compare
from ssr_sim.document import as_document
from ssr_sim.ensemble import MAPPED, Ensemble
from ssr_sim.figures import short
from ssr_sim.formats import between, counted, number, usd
from ssr_sim.intervals import Difference, Ratio
from ssr_sim.measures import INDEX
from ssr_sim.scenario import Scenario

FACTS = {"command": "ssr-sim compare a b", "seed": "3", "scenario digest": "f00d"}


@pytest.fixture(scope="module")
def pair() -> Comparison:
    scenario = Scenario.load("baseline")
    hostile = [key for key, _ in scenario.country.numbers() if key.endswith("hostility")]
    calm = scenario.with_levers({**dict.fromkeys(hostile, 0.0), "country.agreement.settlement": 1.0})
    early = calm.with_levers({"mission.drawdown_start": 1.0, "mission.drawdown_months": 3.0})
    return compare(calm, early, years=3, replicates=8, seed=3, label_a="stay & see", label_b="<leave>")


@pytest.fixture(scope="module")
def folder(pair: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("out")
    report.write(pair, place / "pair", FACTS)
    report.write(pair.a, place / "one", FACTS)
    return place


class Page(HTMLParser):
    """Collects addresses, identities and open tags of a page."""

    VOID = frozenset(("meta", "link", "br", "img", "hr", "input"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name in ("src", "href", "xlink:href", "data") and value:
                self.addresses.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", ["pair", "one"])
def test_report_fetches_nothing_and_runs_no_script(folder: Path, kind: str) -> None:
    text = (folder / kind / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert all(address.startswith(("#", "data:")) for address in page.addresses)
    assert not {"script", "link", "iframe", "img"} & set(page.tags)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


@pytest.mark.parametrize("kind", ["pair", "one"])
def test_identities_in_a_report_are_unique_and_references_resolve(folder: Path, kind: str) -> None:
    page = Page((folder / kind / "report.html").read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))
    assert {address[1:] for address in page.addresses if address.startswith("#")} <= set(page.ids)


def test_report_says_which_settings_differ(pair: Comparison) -> None:
    rows = {row[0]: [cell.split("\n")[0] for cell in row[1:]] for row in summary.compared_settings(pair).rows}
    assert rows == {"mission.drawdown_start": ["50", "1"], "mission.drawdown_months": ["24", "3"]}


def test_policies_over_time_are_told_apart(pair: Comparison) -> None:
    entry = {"when": "survey_trust_police < 0.3", "for_weeks": 26, "set": {"vetting.gate": 0.9}}
    arm = dataclasses.replace(pair.a, scenario=pair.a.scenario.with_policy([entry]))
    ((name, one, other),) = summary.compared_settings(Comparison(pair.a, arm, "A", "B")).rows
    assert (name, one) == ("policy change 1", "-")
    assert other == "vetting.gate = 0.9\nwhen survey_trust_police < 0.3 for 26 weeks"


def test_a_policy_change_is_shown_with_its_date_and_label(pair: Comparison) -> None:
    """The day that the file names, though its week began before; a week without a day by its first."""
    start = pair.a.scenario.start
    day = start + datetime.timedelta(weeks=10, days=3)
    entries = (
        {"date": day, "set": {"vetting.gate": 0.9}, "label": "after the vote"},
        {"week": 10, "set": {"vetting.gate": 0.8}},
    )
    a, b = (
        dataclasses.replace(arm, scenario=arm.scenario.with_policy([entry]))
        for arm, entry in zip((pair.a, pair.a), entries, strict=True)
    )
    ((_, one, other),) = summary.compared_settings(Comparison(a, b, "A", "B")).rows
    assert one == f"vetting.gate = 0.9\nfrom {day}\n“after the vote”"
    assert other == f"vetting.gate = 0.8\nfrom {start + datetime.timedelta(weeks=10)}"


def test_report_escapes_what_users_wrote(folder: Path) -> None:
    text = (folder / "pair" / "report.html").read_text(encoding="utf-8")
    assert "&lt;leave&gt;" in text
    assert "<leave>" not in text
    assert "stay &amp; see" in text


def test_report_holds_all_that_was_promised(folder: Path) -> None:
    text = (folder / "pair" / "report.html").read_text(encoding="utf-8")
    for words in (
        "Relapse into conflict, given peace",
        "of 8 runs",
        "8 pairs",
        "Through which channels",
        "What pairing saves",
        "Cost per year",
        "prices of 2011",
        "luck only",
        "This is not a prediction",
        "f00d",
        "prefers-color-scheme",
        "@media print",
        "ssr-sim compare a b",
        "runs at risk",
    ):
        assert words in text, words
    assert text.count("<svg") == 7


def test_folder_holds_figures_tables_and_scenarios(folder: Path) -> None:
    names = {path.relative_to(folder / "pair").as_posix() for path in (folder / "pair").rglob("*.*")}
    drawn = ("peace", "survival", "indicators", "differences", "channels", "cost", "network")
    assert {f"figures/{name}.{kind}" for name in drawn for kind in ("png", "svg")} <= names
    assert {"outcomes-a.csv", "outcomes-b.csv", "scenario-a.toml", "scenario-b.toml", "summary.json"} <= names


def test_written_scenario_reads_back_to_the_same_scenario(folder: Path, pair: Comparison) -> None:
    again = Scenario.load(str(folder / "pair" / "scenario-b.toml"))
    assert again.digest == pair.b.scenario.digest


def test_pictures_are_not_blank(folder: Path) -> None:
    from matplotlib.image import imread

    for path in (folder / "pair" / "figures").glob("*.png"):
        pixels = imread(path)
        assert min(pixels.shape[:2]) > 200, path.name
        assert pixels[..., :3].std() > 0.05, path.name


def test_same_figure_gives_the_same_svg(pair: Comparison) -> None:
    assert drawing.svg(figures.peace_bar(pair)) == drawing.svg(figures.peace_bar(pair))


def test_figures_leave_no_trace_in_pyplot(folder: Path) -> None:
    import sys

    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_headline_indicators_and_map_fields_exist(pair: Comparison) -> None:
    assert set(summary.HEADLINE) <= set(INDEX)
    assert set(pair.a.places) == set(MAPPED)


def without_peace(ensemble: Ensemble) -> Ensemble:
    never = {
        "reached_peace": False,
        "relapsed_conflict": False,
        "relapsed_war": False,
        "at_peace_at_end": False,
        "weeks_to_peace": math.nan,
        "weeks_to_relapse_conflict": math.nan,
        "weeks_to_relapse_war": math.nan,
    }
    return dataclasses.replace(ensemble, records=tuple({**record, **never} for record in ensemble.records))


def page_of(result: Comparison) -> str:
    pictures = {
        name: (drawing.svg(figure), text) for name, (figure, text) in report.illustrate(result).items()
    }
    return report.render(result, pictures, FACTS)


def test_a_country_that_never_reaches_peace_is_reported_without_numbers_made_up(pair: Comparison) -> None:
    result = Comparison(without_peace(pair.a), without_peace(pair.b), "A", "B")
    assert "Peace came in none of 8 pairs" in summary.compared_headline(result)
    assert ("Relapse into war, given peace", "no run", "", "0") in summary.shares(result.a).rows
    page = page_of(result)
    assert "no run reached peace" in page
    assert ">nan" not in page
    assert as_document(result, FACTS)["a"]["relapse_conflict"]["value"] is None


def test_identical_policies_are_said_to_be_identical(pair: Comparison) -> None:
    result = Comparison(pair.a, pair.a, "A", "B")
    assert "agree bit for bit" in summary.compared_headline(result)
    assert "no indicator differs in any pair" in page_of(result)


def test_headline_admits_when_the_runs_cannot_tell(pair: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    gap = SimpleNamespace(mean=0.2, low=-0.1, high=0.5, excludes_zero=False, of=8)
    monkeypatch.setattr(Comparison, "years_of_peace", lambda self, level="conflict": gap)
    monkeypatch.setattr(Comparison, "peace", lambda self, level="conflict": (3, 3, 2))
    assert (
        "which these runs cannot tell from none (95 % interval -0.10 to +0.50)"
        in summary.compared_headline(pair)
    )


@pytest.mark.parametrize(("price", "gained", "words"), [
    (Ratio(2e6, 1e6, 4e6, 9), 1.0, "USD 2 million\nfor a year gained\n1.00 to 4.00 million"),
    (Ratio(2e6, 1e6, 4e6, 9), -1.0, "USD 2 million\nsaved for a year lost\n1.00 to 4.00 million"),
    (Ratio(-2e6, -4e6, -1e6, 9), 1.0, "no price: more peace for less money"),
    (Ratio(-2e6, -4e6, -1e6, 9), -1.0, "no price: less peace for more money"),
    (Ratio(2e6, -1e6, 4e6, 9), 1.0, "no price: these runs cannot tell the difference in cost from none"),
    (Ratio(2e6, -math.inf, math.inf, 9), 1.0, "no price: these runs cannot tell the difference in peace from none"),
    (Ratio(2e6, -math.inf, math.inf, 9), 2.0, "no price: too few runs to bound it"),
    (Ratio(math.nan, math.nan, math.nan, 9), 0.0, "no price: as much peace under both"),
])
def test_a_year_of_peace_has_a_price_only_where_there_is_a_trade(
    pair: Comparison, monkeypatch: pytest.MonkeyPatch, price: Ratio, gained: float, words: str
) -> None:
    monkeypatch.setattr(Comparison, "price_of_peace", lambda self, level="conflict": price)
    years = Difference(gained, gained - 1.5, gained + 1.5, 9)
    monkeypatch.setattr(Comparison, "years_of_peace", lambda self, level="conflict": years)
    said = summary.price_of_peace(pair)
    assert said.split() == words.split()
    assert max(map(len, said.splitlines())) <= 30  # a column of a narrow terminal


def test_one_run_has_no_interval(pair: Comparison) -> None:
    scenario = pair.a.scenario
    single = compare(scenario, pair.b.scenario, years=1, replicates=1)
    texts = [cell for table in summary.tables(single) for row in table.rows for cell in row]
    assert any("no interval from one run" in text for text in texts)
    assert not any("nan" in text for text in texts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.12345, "0.123"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (4.25e7, "42.5 M"),
        (np.nan, "-"),
        (np.inf, "inf"),
        (-3.0, "-3"),
    ],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "run", "1 run"),
        (0, "pair", "0 pairs"),
        (1, "community", "1 community"),
        (12_000, "community", "12,000 communities"),
    ],
)
def test_counted_nouns_agree_with_their_number(count: int, noun: str, text: str) -> None:
    assert counted(count, noun) == text


def test_money_is_written_without_an_exponent() -> None:
    assert [usd(x) for x in (999.9e9, 1e13, 999.7)] == ["USD 1000 billion", "USD 10000 billion", "USD 1000"]


def test_a_range_is_one_number_where_both_ends_read_alike() -> None:
    assert [between(*ends) for ends in ((3, 3), (12.3, 12.4), (0.52, 2000))] == ["3", "12", "0.52 to 2,000"]
    assert between(1, 2.5, "–") == "1–2.5"


def test_signs_are_written_for_differences() -> None:
    assert (number(0.5, True), number(0.0, True), number(-2000.0, True)) == ("+0.5", "0", "-2,000")
    assert (usd(2.5e9), usd(-3.1e6, True), usd(0.0, True)) == ("USD 2.5 billion", "-USD 3.1 million", "USD 0")
    assert [short(x) for x in (-9000.0, 0.034, 2.5e6, 150.0)] == ["-9k", "+0.034", "+2.5M", "+150"]


def test_map_of_a_large_country_is_drawn_as_an_image(
    pair: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "CRISP_POINTS", 10)
    figure = figures.network_map(pair.a)
    assert isinstance(figure, Figure)
    assert "data:image/png" in drawing.svg(figure)
