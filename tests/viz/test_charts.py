"""Charts in a browser while a lever moves: the curve before stays behind the new one, and the axis only widens."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.comparison import Comparison
from tests.viz.helpers import SMALL, settled
from viz import bands
from viz.before import middles
from viz.plan import Plan
from viz.widgets import module

pytestmark = pytest.mark.browser
PLAN = Plan(country="baseline", years=2, replicates=8, seed=3)

AXES = """async ([source, steps]) => {
    const drawing = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    const known = { words: {}, height: 200, grow: 0 }, heard = {}, el = document.createElement("div"), seen = [];
    document.querySelector("main").replaceChildren(el);
    const model = { get: (name) => known[name], on: (name, act) => { heard[name] = act; }, off() {} };
    drawing.default.render({ model, el });
    for (const [high, settled] of steps) {
        known.data = { title: "trust", unit: "share", x: [0, 1], xlabel: "years", limits: null, settled,
                       series: [{ name: "plan", role: "plan", mid: [0.1, high] }] };
        heard["change:data"]();
        const place = (text) => Number(text.getAttribute("y"));
        const marks = [...el.querySelectorAll("text.tick[text-anchor=end]")].sort((a, b) => place(a) - place(b));
        seen.push(Number(marks[0].textContent));
    }
    return seen;
}"""


def test_the_line_before_a_move_stays_behind_the_new_one(open_page: Callable[..., Any]) -> None:
    page = settled(open_page(SMALL + "&pay.level=0.6"))
    assert page.locator(".ssr-chart .ghost").count() == 0
    slider = page.get_by_label("Pay: level", exact=True)
    slider.press("End")
    page.wait_for_selector(".ssr-chart .ghost >> nth=2", state="attached")
    page.wait_for_url("**pay.level=3*")
    chart = page.locator(".ssr-chart").first
    chart.get_by_role("button", name="as table").click()
    heads = chart.locator("thead th").all_inner_texts()
    shown = chart.locator("tbody tr").last.locator("th, td").all_inner_texts()[heads.index("before this move")]
    before = run_ensemble(Scenario.load("baseline").with_levers({"pay.level": 0.6}), 2, 8, 3)
    assert float(shown) == pytest.approx(np.median(before.series["trust_police"][:, -1]) * 100, abs=0.06)


def test_an_axis_only_widens_until_the_result_is_settled(open_page: Callable[..., Any]) -> None:
    page = open_page("/help")
    page.wait_for_selector("main h1")
    steps = [(0.9, True), (0.3, False), (1.7, False), (0.3, False), (0.3, True)]
    first, narrower, wider, again, settled_at = page.evaluate(AXES, [module("axes.js", "chart.js"), steps])
    assert first == narrower < wider == again
    assert settled_at < first


def test_charts_show_shares_in_percent_as_tiles_do_and_all_else_as_it_is() -> None:
    arms = [run_ensemble(Scenario.load("baseline").with_levers({"pay.level": level}), 2, 8, 3) for level in (1.0, 2.0)]
    comparison = Comparison(*arms, "as it is", "more pay")
    for name, per, unit, gap_unit in (("corruption", 100, "%", "points"), ("aid", 1, *["USD / 4 weeks"] * 2)):
        a, b = (arm.series[name][:, -1] for arm in arms)
        shown, gap = bands.fan(comparison, name), bands.difference(comparison, name)
        assert (shown["unit"], gap["unit"]) == (unit, gap_unit)
        assert [line["mid"][-1] for line in shown["series"]] == pytest.approx([per * np.median(a), per * np.median(b)],
                                                                              rel=1e-5)
        assert gap["series"][0]["mid"][-1] == pytest.approx(per * np.median(b - a), rel=1e-5, abs=1e-9)
        before = middles(PLAN, comparison).on([shown, gap, bands.survival(comparison)], name)
        assert all(chart["series"][-1]["ghost"] == chart["series"][-1]["mid"] for chart in before)
    kept = 100 * arms[1].survival().survival[-1]
    assert [value for value in bands.survival(comparison)["series"][1]["mid"] if value is not None][-1] == kept


def test_a_policy_without_peace_is_said_and_not_an_empty_chart() -> None:
    war = run_ensemble(Scenario.load("somalia-2007"), 1, 2, 3)
    assert war.survival().of == 0
    said = bands.survival(Comparison(war, war, "as it is", "with <change>"))["note"]
    assert said == "No run reached peace under: as it is, with <change>."


NUMBERS = """async ([chart, axes]) => {
    const load = (source) => import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    const words = { million: "Millionen", million_short: "Mio.", billion: "Milliarden", billion_short: "Mrd." };
    const { number } = await load(chart), { short } = await load(axes);
    return [2.5e6, 7e9].flatMap((value) => [number(value, words), short(value, words)]);
}"""


def test_words_beside_numbers_are_those_of_the_page(open_page: Callable[..., Any]) -> None:
    page = open_page("/help")
    page.wait_for_selector("main h1")
    chart, axes = module("axes.js", "chart.js"), module("axes.js")
    told = page.evaluate(NUMBERS, [chart + "\nexport { number };", axes + "\nexport { short };"])
    assert told == ["2.50 Millionen", "2.50 Mio.", "7.00 Milliarden", "7.00 Mrd."]
