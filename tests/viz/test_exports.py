"""What is taken away says the same as the screen: CSV, figures, the scenario file, one page to print."""

import base64
import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.comparison import Comparison
from ssr_sim.formats import usd
from ssr_sim.measures import INDEX, INDICATORS
from tests.viz.helpers import SMALL, open_file, settled
from viz import exports
from viz.pins import Pin
from viz.plan import Plan, levers, scenario_of
from viz.recent import Recent
from viz.sheet import MOST
from viz.studio import LABELS
from viz.tabs import compare
from viz.tabs.effects import charts

PLAN = Plan(country="baseline", years=2, replicates=8, seed=3).with_lever("vetting.coverage", 0.9, 52)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    arms = (run_ensemble(scenario_of(plan), 2, 8, 3) for plan in (PLAN.as_baseline(), PLAN))
    return Comparison(*arms, *LABELS)


def test_the_csv_of_a_series_holds_both_arms_and_their_difference(comparison: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(exports.series_csv(comparison, "trust_police"))))
    last = {row["policy"]: row for row in rows if row["week"] == "104"}
    values = [arm.series["trust_police"][:, -1] for _, arm in comparison.arms]
    wanted = (*values, values[1] - values[0])
    for policy, known in zip((*LABELS, "Difference"), wanted, strict=True):
        assert float(last[policy]["mean"]) == pytest.approx(known.mean(), abs=1e-9)
        assert float(last[policy]["p90"]) == pytest.approx(np.quantile(known, 0.9), abs=1e-9)


def test_the_csv_of_indicators_holds_each_with_its_unit_in_both_arms(comparison: Comparison) -> None:
    content = exports.file("indicators", comparison, PLAN, "", list).text
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {row["indicator"] for row in rows} == set(INDEX)
    assert len(rows) == 3 * len(INDEX) * 8  # quarters of two years
    for policy, arm in comparison.arms:
        for name in ("recorded_attacks", "corruption"):
            last = next(row for row in rows if (row["policy"], row["indicator"], row["week"]) == (policy, name, "104"))
            assert last["unit"] == INDICATORS[INDEX[name]].unit
            assert last["year"] == "1.9932"
            for share in (0.1, 0.5, 0.9):
                known = np.quantile(arm.series[name][:, -1], share)
                assert float(last[f"p{100 * share:.0f}"]) == pytest.approx(known, rel=1e-5)
    assert len(content) < 400_000  # of two years


def test_the_csv_of_runs_holds_every_run_of_both_arms(comparison: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(exports.runs_csv(comparison))))
    assert len(rows) == 16
    costs = [float(row["cost_usd"]) for row in rows if row["policy"] == LABELS[1]]
    assert np.mean(costs) == pytest.approx(comparison.b.outcome("cost_usd").mean())


def test_a_figure_says_what_it_shows_and_where_it_is_from(comparison: Comparison) -> None:
    address = f"http://127.0.0.1:8765/plan?{PLAN.query()}"
    drawn = exports.file("svg", comparison, PLAN, address, lambda: charts(comparison, PLAN))
    said = re.sub(r"\s+", " ", " ".join(re.findall(r"<text[^>]*>([^<]*)", drawn.text)))
    for part in ("Trust in the police", "share", "years since the start", "Vetting: coverage 0.9", "seed 3, ssr_sim",
                 "8 of 10 runs", "nothing changed"):
        assert part in said
    assert "country=baseline" in said
    picture = exports.file("png", comparison, PLAN, address, lambda: charts(comparison, PLAN))
    assert base64.b64decode(picture.base64).startswith(b"\x89PNG")


def test_a_name_with_dollars_does_not_break_a_figure(comparison: Comparison) -> None:
    shown = charts(comparison, PLAN)
    shown[0]["series"][0]["name"] = r"$\frac{1"
    assert "frac" in exports.svg("x.svg", exports.figure(shown, ["100 $ and $_{"])).text


def test_a_figure_of_pinned_policies_names_the_indicator_and_says_what_each_changes(comparison: Comparison) -> None:
    pin = Pin("vetting", PLAN.with_lever("pay.level", 1.5))
    known = Recent[Plan, Comparison](4)
    known.keep(pin.plan.question, comparison)
    shown = compare.charts(compare.finished(comparison, PLAN, (pin,), known), PLAN, (pin,))
    drawn = exports.file("svg", comparison, replace(PLAN, tab="compare"), "", lambda: shown).text
    said = " ".join(re.sub("<[^>]*>", " ", drawn).split())
    for part in ("Trust in the police, %", "“vetting”", "Pay: level 1.5"):
        assert part in said
    assert said.count("nothing changed") == 1  # one legend, not one over the lines of every chart


def test_policies_that_do_equally_well_are_all_named(comparison: Comparison) -> None:
    arms = [(name, "plan", comparison) for name in ("one", "two")]
    said = str(compare._words(arms, replace(PLAN, goals=("cost",))))
    alone = str(compare._words(arms[:1], replace(PLAN, goals=("cost",))))
    assert "none of the 2 policies" in said  # vetting costs more
    better = [(label, role, Comparison(comparison.b, comparison.a, *LABELS)) for label, role, _ in arms]
    assert "“one”, “two” do best, and equally well" in str(compare._words(better, replace(PLAN, goals=("cost",))))
    assert "“one” does best" in str(compare._words(better[:1], replace(PLAN, goals=("cost",))))
    assert "none" in alone


def test_policies_are_all_finished_once_every_pin_has_its_runs(comparison: Comparison) -> None:
    pins = tuple(Pin(f"pay {level}", PLAN.with_lever("pay.level", level)) for level in (1.5, 2.0))
    known = Recent[Plan, Comparison](4)
    for pin in pins:
        assert not compare.all_finished(PLAN, pins, known)
        known.keep(pin.plan.question, comparison)
    assert compare.all_finished(PLAN, pins, known)


@pytest.mark.browser
def test_a_picture_of_policies_waits_for_those_that_still_run(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=0.9"))
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("tab", name="Compare (1)").click()
    page.wait_for_selector("th.pin1")
    for name, value in (("replicates", "256"), ("years", "20")):  # half a minute of runs
        page.locator(f"[data-id={name}] select").select_option(value)
        page.wait_for_url(re.compile(f"{name}={value}"))
    page.wait_for_function("document.querySelector('.ssr-tiles').dataset.pairs > 0")
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="Chart as picture (PNG)").click()
    page.get_by_text("The pinned policies still run").wait_for()


@pytest.mark.browser
def test_the_page_to_print_is_one_page_even_for_a_long_plan(open_page: Callable[..., Any]) -> None:
    plan = Plan(country="baseline", years=2, replicates=8, seed=3, budget=1e8)
    for row in [row for row in levers().values() if not row.options][:MOST + 6]:
        plan = plan.with_lever(row.key, row.hi)
    page = settled(open_page(f"/plan?{plan.query()}"))
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="One page to print").click()
    page.wait_for_selector(".ssr-sheet figure svg", state="attached")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    said = page.locator(".ssr-sheet").inner_text()
    assert "and 6 more changes" in said
    assert page.url in said
    assert not page.locator(".ssr-side").is_visible()


@pytest.mark.browser
def test_a_saved_plan_gives_the_same_numbers_and_is_the_plan_again(open_page: Callable[..., Any],
                                                                   tmp_path: Path) -> None:
    page = settled(open_page(SMALL + "&oversight.coverage=0.9&@52:pay.level=1.5"))
    with page.expect_download() as got:
        page.get_by_role("button", name="Save", exact=True).click()
    got.value.save_as(tmp_path / "plan.toml")
    saved = run_ensemble(Scenario.load(tmp_path / "plan.toml"), 2, 8, 3)
    assert page.locator("[data-goal=cost] .after").inner_text() == usd(saved.outcome("cost_usd").mean())
    other = settled(open_page("/plan?country=baseline&years=1&replicates=8"))
    open_file(other, "plan.toml", (tmp_path / "plan.toml").read_bytes())
    other.wait_for_url(re.compile(r"oversight\.coverage=0\.9&@52:pay\.level=1\.5"))


@pytest.mark.browser
def test_the_chart_is_downloaded_as_shown(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&vetting.coverage=0.9&show=legitimacy"))
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Chart as drawing (SVG)").click()
    assert got.value.suggested_filename == "ssr_sim-baseline-effects.svg"
    assert "egitimacy" in Path(got.value.path()).read_text(encoding="utf-8")
