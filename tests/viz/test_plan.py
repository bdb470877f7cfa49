"""A plan is its address: what goes in comes back, and what is wrong is mended and said."""

import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssr_sim import run_ensemble
from ssr_sim.comparison import Comparison
from ssr_sim.intervals import Difference
from ssr_sim.measures import INDICATORS
from viz import goals, studio
from viz.described import rows, sentence, shown
from viz.goals import GOALS
from viz.plan import TABS, YEARS, Change, Plan, levers, read, scenario_of

LEVERS = list(levers().values())


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    plan = Plan(
        country=draw(st.sampled_from(["liberia-2003", "baseline", "haiti-2004"])),
        years=draw(st.integers(*YEARS)),
        replicates=draw(st.integers(8, 512)),
        seed=draw(st.integers(0, 2**63 - 1)),
        ignorance=draw(st.booleans()),
        goals=tuple(draw(st.lists(st.sampled_from(list(GOALS)), max_size=3, unique=True))),
        show=draw(st.sampled_from([row.name for row in INDICATORS])),
        tab=draw(st.sampled_from(TABS)),
        at=draw(st.integers(0, 51)),
    )
    for row in draw(st.lists(st.sampled_from(LEVERS), max_size=5, unique=True)):
        value = draw(st.sampled_from(row.options)) if row.options else round(draw(st.floats(row.lo, row.hi)), 6)
        plan = plan.with_lever(row.key, value, draw(st.integers(0, 51)))
    return plan


@given(plans())
@settings(deadline=None, max_examples=100)
def test_the_address_of_a_plan_gives_the_plan_back(plan: Plan) -> None:
    assert read(plan.query(), GOALS) == (plan, [])


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_no_address_breaks_the_page(query: str) -> None:
    plan, _ = read(query, GOALS)
    assert read(plan.query(), GOALS) == (plan, [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("country=liberia", "There is no country 'liberia'"),
        ("vetting.coverage=7", "vetting.coverage must lie within 0 to 2; 7 was set to the nearest."),
        ("vetting.coverag=0.5", "There is no lever 'vetting.coverag'; did you mean 'vetting.coverage'?"),
        ("@52:vetting.evidence=0.5", "vetting.evidence is not a lever: it cannot change after the start."),
        ("vetting.coverage=much", "'vetting.coverage' cannot be 'much'; it was left out."),
        ("vetting.coverage=nan", "'vetting.coverage' cannot be 'nan'; it was left out."),
        ("mission.placement=moon", "mission.placement must be one of"),
        ("years=900", "years must lie within 1 to 20; 900 was set to the nearest."),
        ("replicates=1e9", "'replicates' cannot be '1e9'; it was left out."),
        ("goal=fame", "There is no goal 'fame'"),
        ("show=trust_polise", "There is no indicator 'trust_polise'; did you mean 'trust_police'?"),
        ("years=2&@300:vetting.coverage=0.5", "Changes after the last week (104) were left out."),
        ("x" * 9000, "The link is longer than 8,000 characters"),
    ],
)
def test_what_an_address_gets_wrong_is_said(query: str, said: str) -> None:
    _, sentences = read(query, GOALS)
    assert len(sentences) == 1
    assert sentences[0].startswith(said)


def test_a_plan_becomes_a_scenario_with_its_levers_from_their_weeks() -> None:
    plan = Plan(country="baseline").with_lever("vetting.coverage", 0.5).with_lever("oversight.coverage", 0.9, 104)
    scenario = scenario_of(plan)
    assert scenario.value("vetting.coverage") == 0.5
    assert [(change.week, dict(change.set)) for change in scenario.policy] == [(104, {"oversight.coverage": 0.9})]


def test_a_change_taken_back_leaves_the_plan_as_it_was() -> None:
    plan = Plan().with_lever("vetting.coverage", 0.5)
    assert plan.with_lever("vetting.coverage", None) == Plan()
    assert plan.changes == (Change(0, "vetting.coverage", 0.5),)


def test_values_are_written_as_people_write_them() -> None:
    assert [shown(value) for value in (0.15, 5e6, 1500.0, 123456.7, "truth")] == [
        "0.15", "5,000,000", "1,500", "123,457", "truth"]


def test_an_end_of_an_interval_that_is_not_nought_is_not_shown_as_nought() -> None:
    assert goals._span(Difference(-0.39, -1.47, -0.0034, 16), goals._years) == "−1.47 to −0.0034"
    assert goals._span(Difference(150.0, 0.3, 300.0, 16), goals._plain) == "+0.3 to +300"
    assert goals._span(Difference(-0.39, -1.47, 0.0, 16), goals._years) == "−1.47 to 0.00"
    assert goals._points(Difference(-0.0021, -0.0024, -0.0018, 16)) == "−0.21 points (−0.24 to −0.18)"
    assert goals._points(Difference(0.2, 0.1, 0.3, 16)) == "+20 points (+10 to +30)"
    assert goals._points(Difference(-0.2, -0.2, -0.2, 16)) == "−20 points (−20 to −20)"
    assert goals._points(Difference(0.0006, 0.00002, 0.0014, 16)) == "+0.06 points (+0.002 to +0.14)"
    assert goals._points(Difference(0.0006, 1e-18, 0.0014, 16)) == "+0.06 points (0.00 to +0.14)"


def test_shares_and_their_change_add_up_for_a_reader() -> None:
    assert goals._adding_up(27 / 64, 26 / 64, -1 / 64) == 1  # 42 %, 41 % and −2 points
    assert goals._adding_up(0.40, 0.45, 0.05) == 0
    assert goals._adding_up(0.422, 0.406, -0.03) == 0  # a change over other runs than the shares: no digit mends it
    assert goals._adding_up(math.nan, math.nan, math.nan) == 0


def test_a_relapse_is_counted_only_where_both_arms_reached_peace() -> None:
    goal = goals.goal_of("no_relapse")
    nan = float("nan")
    before, after = np.array([1.0, 1.0, 0.0, nan, 0.0]), np.array([nan, 0.0, 1.0, 0.0, 0.0])
    assert goals._worlds(goal, before, after) == goals.Worlds(better=1, same=1, worse=1)


def test_a_goal_that_no_run_can_answer_has_no_verdict_and_no_worlds() -> None:
    war = run_ensemble(scenario_of(Plan(country="somalia-2007")), 1, 8, 1)
    tile = goals.tile_of("no_relapse", Comparison(war, war, "as it is", "plan"))
    assert (tile.after, tile.word, tile.counted) == ("no run at peace", "", "")
    assert "no pair" in tile.change
    assert goals.goal_of("no_relapse").gain(Comparison(war, war, "as it is", "plan")) == -math.inf


def test_a_plan_in_words_never_says_the_number_behind_never() -> None:
    plan = Plan().with_lever("mission.drawdown_start", 3.0).with_lever("oversight.coverage", 0.8, 157)
    drawdown, oversight = rows(plan)
    assert (drawdown.was, drawdown.now) == ("never", "3 years after the start")
    assert sentence(drawdown) == "Mission: drawdown start 3 years after the start"
    assert sentence(oversight) == "Oversight: coverage 0.8 share of units under review, from year 3"


def test_an_assumption_holds_with_the_plan_and_without_it() -> None:
    plan = Plan().with_lever("oversight.coverage", 0.8, 52).with_lever("oversight.cost_per_year", 5e6)
    assert [change.key for change in plan.as_baseline().changes] == ["oversight.cost_per_year"]
    assert plan.as_given().changes == ()
    pinned = Plan().with_lever("pay.level", 2.0).with_lever("training.learning", 0.5)
    assert [change.key for change in pinned.under(plan).changes] == ["oversight.cost_per_year", "pay.level"]
    assert sentence(rows(plan)[0]) == "Oversight: cost per year 5,000,000 USD / year, with and without the plan"
    *_, doubted = studio.growing(Plan("baseline", plan.changes[:1], years=1, replicates=8), threading.Event())
    assert doubted.identical_pairs == doubted.pairs == 8
    assert doubted.a.scenario.value("oversight.cost_per_year") == 5e6
