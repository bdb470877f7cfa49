"""Stories: what ships can be told, faults are said where they stand, and words follow from runs alone."""

from __future__ import annotations

import re
import threading
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ssr_sim import Comparison, Scenario, compare
from ssr_sim.faults import ScenarioError
from ssr_sim.intervals import Difference
from viz import handout, scene_results
from viz.goals import GOALS
from viz.plan import read
from viz.recent import Recent
from viz.scene_results import answers, result, said, told_run, truth, verdict
from viz.stories import Story, from_text, load, story_files

TINY = Path(__file__).parent / "stories" / "tiny.toml"
SHIPPED = sorted(story_files())
WORKSHOP = Path(__file__).parents[2] / "docs" / "workshop"
HANDOUTS = WORKSHOP / "handouts"
HEAD = '[story]\ntitle = "t"\nminutes = 5\nabout = "a"\nlearns = ["b"]\n[[scene]]\ntitle = "s"\n'


def test_the_four_stories_of_a_workshop_ship() -> None:
    assert {"premature-drawdown", "unpaid-army", "train-and-equip", "donors-at-odds"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_story_can_be_told(name: str) -> None:
    story = load(name)
    assert 8 <= len(story.scenes) <= 12
    assert sum(bool(scene.question) for scene in story.scenes) >= 6
    assert not [scene.title for scene in story.scenes if not scene.notes.strip()]
    assert not [scene.title for scene in story.scenes if scene.measure and not scene.measured]
    for k in story.told:  # the planner opens the very plan
        assert read(story.plan(k).query(), GOALS) == (story.plan(k), [])


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.slow
def test_a_shipped_story_has_words_and_an_answer_for_what_the_model_says(name: str) -> None:
    story = load(name)
    for k, found in answers(story, story.head.runs):
        assert found["own_words"], f"{story.scenes[k].title}: no words for {found['verdict']}"
        if story.scenes[k].answers:
            assert found["truth"] >= 0, f"{story.scenes[k].title}: none of the answers is true"


@pytest.mark.parametrize("name", SHIPPED)
def test_the_handout_beside_the_plan_of_the_workshop_is_that_of_the_story(name: str) -> None:
    written = (HANDOUTS / f"{name}.html").read_text(encoding="utf-8")
    assert written == handout.page(load(name)), f"write it again: ssr-sim story {name} --handout ..."


@pytest.mark.parametrize(
    ("more", "line", "key", "message"),
    [
        ('titel = "x"', 8, "scene[0].titel", "unknown key; did you mean 'title'?"),
        ('country = "basline"', 8, "scene[0].country", "no country 'basline'; did you mean 'baseline'?"),
        ('levers = { "vetting.coverage" = 7 }', 8, 'scene[0].levers."vetting.coverage"', "7 is outside 0 to 2"),
        ('levers = { "vetting.evidence" = 0.5 }', 8, 'scene[0].levers."vetting.evidence"', "not a lever"),
        ('later = [{ year = 11, set = { "pay.level" = 1.0 } }]', 8, "scene[0].later[0].year", "not within the story"),
        ('measure = "trust_polise"', 8, "scene[0].measure", "did you mean 'trust_police'?"),
        ('measure = "cost"\nchart = "fog"\nreveal = {level = "x"}', 9, "scene[0].chart", "no chart 'fog'"),
        ('question = "why?"', 8, "scene[0].question", "belong together"),
        ('measure = "cost"\nreveal = { level = "It costs 5 dollars." }', 9, "scene[0].reveal.level", "holds digits"),
        ('measure = "cost"\nreveal = { lower = "It falls." }', 9, "scene[0].reveal.lower", "needs a change"),
        ('measure = "cost"\nreveal = { level = "x" }\nbeside = "as agreed"', 10, "scene[0].beside", "has none"),
        ('measure = "cost"\nreveal = { level = "x" }\nquestion = "q"\nanswers = '
         '[{ text = "a", below = 5.0 }, { text = "b", least = 4.0 }]', 11, "scene[0].answers[1]", "overlaps"),
        ('levers = { "vetting.coverage" = 1 }\nmeasure = "cost"\nreveal = { open = "x" }\nquestion = "q"\nanswers = '
         '[{ text = "a", if = ["open"] }, { text = "b", if = ["open"] }]', 12, "scene[0].answers[1]",
         "'open' makes answer 1 true already"),
    ],
)
def test_a_fault_is_told_with_its_line_its_key_and_what_is_wrong(more: str, line: int, key: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        from_text(HEAD + more, "own.toml")
    assert any((fault.line, fault.key) == (line, key) and message in fault.message for fault in caught.value.faults), \
        caught.value


def test_all_faults_of_a_story_are_told_at_once() -> None:
    text = HEAD.replace("minutes = 5", 'minutes = "long"') + 'country = "nowhere"\n[[scene]]\nlabel = 3\n'
    with pytest.raises(ScenarioError) as caught:
        from_text(text, "own.toml")
    assert {fault.key for fault in caught.value.faults} >= {"story.minutes", "scene[0].country", "scene[1].label",
                                                           "scene[1].title"}


def test_what_is_sound_of_a_faulty_scene_is_checked_too_and_nothing_follows_from_its_fault() -> None:
    text = (HEAD + 'label = 3\ncountry = "nowhere"\nlevers = { "pay.leval" = 1.0 }\nmeasure = "cost"\n'
            'reveal = { lower = "By 5." }\n[[scene]]\ntitle = "b"\nmeasure = 1\nreveal = { level = "x" }\n')
    with pytest.raises(ScenarioError) as caught:
        from_text(text, "own.toml")
    assert sorted(fault.key for fault in caught.value.faults) == [
        "scene[0].country", "scene[0].label", 'scene[0].levers."pay.leval"', "scene[0].reveal.lower",
        "scene[1].measure"]


def test_a_story_named_in_an_address_is_no_path() -> None:
    from viz.pages.demo import opened

    assert isinstance(opened("premature-drawdown"), Story)
    for path in (str(TINY), "../../tests/viz/stories/tiny"):
        assert opened(path) == [f"There is no story {path[:60]!r}."]


@pytest.mark.parametrize(
    ("gap", "matters", "expected"),
    [
        (Difference(0.2, 0.1, 0.3, 64), 0.0, "higher"),
        (Difference(-0.2, -0.3, -0.1, 64), 0.0, "lower"),
        (Difference(0.1, -0.1, 0.3, 64), 0.0, "open"),
        (Difference(0.1, -0.1, 0.3, 64), 0.3, "little"),
        (Difference(0.02, 0.01, 0.03, 64), 0.05, "little"),
        (Difference(0.04, 0.01, 0.07, 64), 0.05, "higher"),
        (Difference(0.0, 0.0, 0.0, 64), 0.0, "little"),
        (Difference(float("nan"), float("nan"), float("nan"), 0), 1.0, "open"),
    ],
)
def test_a_verdict_is_what_the_interval_says(gap: Difference, matters: float, expected: str) -> None:
    assert verdict(gap, matters) == expected


def test_numbers_words_and_truth_of_a_scene_are_those_of_the_library() -> None:
    story = load(str(TINY))
    scenario = Scenario.load("baseline")
    known = compare(scenario, scenario.with_levers({"oversight.coverage": 1.0}), 2, 8, 3)
    found = result(story, 1, known)
    costs = [arm.outcome("cost_usd").mean() for _, arm in known.arms]
    assert found["levels"] == pytest.approx(costs, rel=1e-5)
    assert (found["verdict"], found["truth"], found["words"]) == ("higher", 0, "The bill rises.")
    assert said(story.scenes[1], "open").startswith("Not settled")  # no words of its own


def test_a_scene_without_change_asks_for_the_level() -> None:
    story = load(str(TINY))
    scenario = Scenario.load("baseline")
    same = compare(scenario, scenario, 2, 8, 3)
    corrupt = same.a.yearly("corruption")[:, -1].mean()
    assert truth(story.scenes[2], same) == int(corrupt >= 0.5)
    for chart in ("trust_police", "peace"):  # one curve: there is nothing to compare with
        scene = story.scenes[2].model_copy(update={"chart": chart})
        drawn = result(Story(story.name, story.head, (scene,), ""), 0, same)["chart"]["data"]["series"]
        assert [series["role"] for series in drawn] == ["baseline"]


def _told(measure: str, chart: str, levers: str, matters: float = 0.0) -> tuple[dict[str, Any], Comparison]:
    """What a scene of three years and eight pairs shows, and its runs."""
    head = HEAD.replace("[[scene]]", "years = 3\nruns = 8\n[[scene]]")
    scene = f'measure = "{measure}"\nchart = "{chart}"\nmatters = {matters}\nlevers = {levers}\n'
    story = from_text(f'{head}{scene}reveal = {{ lower = "less" }}\n', "t")
    scenario = Scenario.load("baseline")
    change = {key: float(value) for key, value in tomllib.loads(f"levers = {levers}")["levers"].items()}
    comparison = compare(scenario, scenario.with_levers(change), 3, 8, 1)
    return result(story, 0, comparison), comparison


EARLY_EXIT = '{ "mission.drawdown_start" = 1.0, "mission.drawdown_months" = 1.0 }'


def test_the_curve_of_peace_ends_at_the_number_beside_it() -> None:
    found, comparison = _told("at_peace_at_end", "peace", EARLY_EXIT)
    before, after = found["chart"]["data"]["series"]
    assert [before["mid"][-1], after["mid"][-1]] == pytest.approx([100 * level for level in found["levels"]], rel=1e-5)
    for _, arm in comparison.arms:
        assert (arm.at_peace()[:, -1] == arm.outcome("at_peace_at_end")).all()
        assert (arm.at_peace().sum(axis=1) == arm.outcome("weeks_at_peace")).all()


@pytest.mark.parametrize(("years_before", "lost_before", "expected"), [
    ([0.1, 9.0, 9.0, 5.0], [True, False, False, True], 2),  # of those that hold without the change, the soonest
    ([0.1, 8.0, 3.0, 5.0], [True, True, True, True], 3),  # all are lost anyway: of those that hold longer without it
    ([0.1, 8.0, 2.0, 1.0], [True, True, True, True], 0),  # the change costs no peace
])
def test_the_run_that_is_told_is_one_whose_peace_the_change_cost(years_before: list[float], lost_before: list[bool],
                                                                 expected: int) -> None:
    def arm(years: list[float], lost: list[bool]) -> Any:
        return SimpleNamespace(time_at_peace=lambda: (np.array(years), np.array(lost)), outcome=lambda _: np.zeros(4))

    pairs: Any = SimpleNamespace(a=arm(years_before, lost_before), b=arm([0.1, 8.0, 2.0, 1.0], [True] * 4))
    assert told_run(load(str(TINY)).scenes[1], pairs) == expected


def test_lines_are_called_as_the_scene_says() -> None:
    scene = f'measure = "at_peace_at_end"\nchart = "peace"\nlevers = {EARLY_EXIT}\nreveal = {{ lower = "less" }}\n'
    head = HEAD.replace("[[scene]]", "years = 3\nruns = 8\n[[scene]]")
    levers = {"mission.drawdown_start": 1.0, "mission.drawdown_months": 1.0}
    comparison = compare(Scenario.load("baseline"), Scenario.load("baseline").with_levers(levers), 3, 8, 1)
    named = 'label = "early"\nbeside = "agreed"\n'
    for names, more in ((["as it is", "with the change"], ""), (["agreed", "early"], named)):
        found = result(from_text(head + scene + more, "t"), 0, comparison)
        assert found["labels"] == [line["name"] for line in found["chart"]["data"]["series"]] == names


def test_the_line_of_an_indicator_is_the_mean_as_the_number_beside_it_is() -> None:
    found, comparison = _told("credibility", "credibility", EARLY_EXIT)
    data = found["chart"]["data"]
    last = [100 * arm.series["credibility"][:, -1].mean() for _, arm in comparison.arms]
    assert [series["mid"][-1] for series in data["series"]] == pytest.approx(last, rel=1e-5)
    assert "mean" in data["note"]


def test_more_of_what_is_neither_good_nor_bad_is_not_called_worse() -> None:
    found, _ = _told("police_staff", "police_staff", '{ "training.police" = 0.9 }')
    assert found["verdict"] == "lower"
    assert found["tone"] == "lower"
    assert found["worlds"] == "0 higher · 0 same · 8 lower"


def test_a_difference_too_small_to_matter_has_the_colour_of_none() -> None:
    found, _ = _told("cost", "amount", EARLY_EXIT, matters=1e12)
    assert (found["verdict"], found["tone"]) == ("little", "same")
    found, _ = _told("cost", "amount", EARLY_EXIT)
    assert (found["verdict"], found["tone"]) == ("lower", "better")


def test_words_wait_for_all_runs() -> None:
    story = load(str(TINY))
    scenario = Scenario.load("baseline")
    first = compare(scenario, scenario.with_levers({"oversight.coverage": 1.0}), 2, 4, 3)
    found = result(story, 1, first)
    assert (found["words"], found["truth"], found["pairs"], found["of"]) == ("", -1, 4, 8)


def test_no_shipped_reveal_and_no_handout_holds_a_result() -> None:
    for name in SHIPPED:
        for scene in load(name).scenes:
            assert not re.search(r"\d", "".join(scene.reveal.model_dump().values()))
        page = handout.page(load(name))
        assert not [scene.measured for scene in load(name).scenes if scene.measured and scene.measured in page]


def test_finished_results_are_kept_by_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene_results, "FINISHED", Recent(9))
    story = load(str(TINY))
    *_, last = scene_results.growing(story, 1, threading.Event())
    assert scene_results.finished(story, 1) == last
    assert scene_results.finished(Story(story.name, story.head, story.scenes, "another text"), 1) is None


@pytest.mark.parametrize("page", sorted(path.name for path in WORKSHOP.glob("*.md")))
def test_links_of_a_workshop_page_lead_somewhere(page: str) -> None:
    text = (WORKSHOP / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert not [target for target in targets if not (WORKSHOP / target).exists()]
