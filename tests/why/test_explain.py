"""One run explained: the chain in order, the same bits whoever computes it, and a command that says what it found."""

import datetime
import json
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ssr_sim import cli
from ssr_sim.chronicle import chronicle, relive
from ssr_sim.scenario import Scenario
from ssr_sim.tables import EVENT_KINDS, MISSION_WITHDRAWN, POLICE_ABUSE, SPLIT, STATE_KILLING
from ssr_sim.why import page, words
from ssr_sim.why.event_chain import MOST, Link, is_end, numbers_on_chain
from ssr_sim.why.explain import Explanation, explain
from ssr_sim.why.prevention import FIGHTING

COUNT = 4
RELAPSED, HELD, NEVER = 4, 2, 1  # replicates of seed 1 of the baseline
YEARS = 3


def document(found: Explanation) -> dict[str, object]:
    return words.as_document(found, {})


def ssr(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["why", *arguments], catch_exceptions=False)


@pytest.mark.parametrize(("kind", "actor", "target", "said"), [
    (POLICE_ABUSE, "police unit 115", "", "abuse by police unit 115, Arda"),
    (STATE_KILLING, "the state's forces", "", "killing by the state's forces, Arda"),
    (STATE_KILLING, "", "", "killing by the state, Arda"),
    (SPLIT, "splinter of SDB", "SDB", "split of SDB, Arda"),
    (MISSION_WITHDRAWN, "", "", "mission withdrawn, Arda"),
])
def test_a_link_says_once_who_did_it(kind: int, actor: str, target: str, said: str) -> None:
    day = datetime.date(2011, 1, 1)
    assert Link(0, kind, EVENT_KINDS[kind], actor, target, "Arda", 1, 1, day, 1, 0, "").words == said


@pytest.fixture(scope="module")
def relapsed(baseline: Scenario) -> Explanation:
    return explain(baseline, 1, RELAPSED, YEARS, COUNT)


@pytest.fixture(scope="module")
def held(baseline: Scenario) -> Explanation:
    return explain(baseline, 1, HELD, YEARS, COUNT)


def test_the_chain_is_in_order_of_time_and_ends_at_the_relapse(relapsed: Explanation) -> None:
    weeks = [tested.link.week for tested in relapsed.chain]
    assert relapsed.kind == "relapsed"
    assert weeks == sorted(weeks)
    assert is_end(relapsed.chain[-1].link)
    assert weeks[-1] == relapsed.relapse_week
    assert len(relapsed.chain) <= MOST
    assert len(relapsed.chain) > 1


@pytest.mark.parametrize("name", ["baseline", "liberia-2003", "haiti-2004"])
def test_the_chain_is_what_the_log_records(name: str) -> None:
    scenario = Scenario.load(name)
    for replicate in range(8):
        world, _ = relive(scenario, 10, 1, replicate)
        numbers = numbers_on_chain(world)
        events = chronicle(scenario, 10, 1, replicate)
        for earlier, later in pairwise(numbers):
            assert events[later]["parent"] == earlier < later
        assert bool(numbers) == (world.country[0].relapse_week >= 0)
        if numbers:
            assert events[numbers[0]]["parent"] is None
            assert events[numbers[-1]]["event"] == "relapse to conflict"


def test_attacks_in_a_row_are_one_link(relapsed: Explanation) -> None:
    links = [tested.link for tested in relapsed.chain]
    for before, after in pairwise(links):
        if before.kind in FIGHTING and after.kind in FIGHTING:
            assert before.actor != after.actor or after.week - before.last_week > 26


def test_a_link_is_tested_exactly_where_it_can_be_prevented(relapsed: Explanation) -> None:
    for tested in (*relapsed.chain, *relapsed.beside):
        assert (tested.difference is not None) == bool(tested.link.manner)
        assert (tested.placebo is not None) == bool(tested.link.manner)
        if tested.difference is not None and tested.with_it is not None and tested.without is not None:
            assert tested.difference.mean == pytest.approx(tested.with_it.value - tested.without.value)


def test_same_arguments_give_the_same_bits_for_any_number_of_threads(
    baseline: Scenario, relapsed: Explanation
) -> None:
    told: list[tuple[int, int]] = []
    said: list[str] = []
    again = explain(baseline, 1, RELAPSED, YEARS, COUNT, lambda *at: told.append(at), 1, said.append)
    assert document(again) == document(relapsed)
    assert told[-1][0] == told[-1][1] == len(told)
    assert said[0].startswith(f"{told[-1][1]:,} continuations in ")


def test_another_seed_of_the_run_is_another_run(baseline: Scenario, relapsed: Explanation) -> None:
    assert explain(baseline, 1, 0, 4, 2).relapse_week != relapsed.relapse_week


def test_levers_are_moved_by_a_quarter_of_their_range_and_ranked(relapsed: Explanation) -> None:
    sizes = [abs(lever.difference.mean) for lever in relapsed.levers]
    assert sizes == sorted(sizes, reverse=True)
    moved = {(lever.name, lever.after) for lever in relapsed.levers}
    assert ("vetting.coverage", "0.6") in moved  # 0.1 and a quarter of 0 to 2
    assert ("vetting.coverage", "0") in moved
    keys = {key for key, row in relapsed.scenario.parameters.items() if row.role == "lever"}
    assert {lever.name for lever in relapsed.levers} == keys
    assert relapsed.by_chance == pytest.approx(0.05 * len(relapsed.levers))
    assert any(lever.price.mean > 0.0 for lever in relapsed.levers)


def test_only_the_levers_asked_for_are_tried(baseline: Scenario, relapsed: Explanation) -> None:
    some = explain(baseline, 1, RELAPSED, YEARS, COUNT, levers=["vetting.coverage"])
    assert [lever.name for lever in some.levers] == ["vetting.coverage"] * 2
    assert some.chain == relapsed.chain
    assert explain(baseline, 1, RELAPSED, YEARS, COUNT, levers=()).levers == ()
    with pytest.raises(ValueError, match=r"did you mean 'vetting\.coverage'"):
        explain(baseline, 1, RELAPSED, YEARS, COUNT, levers=["vetting.coverag"])


def test_a_run_that_held_is_struck_by_blows(held: Explanation) -> None:
    assert held.kind == "held"
    assert {"mission withdrawn", "donors halve their money", "largest group returns to war"} <= {
        blow.name for blow in held.blows}
    assert not held.chain


def test_a_run_without_peace_names_others(baseline: Scenario) -> None:
    found = explain(baseline, 1, NEVER, YEARS, COUNT)
    assert found.kind == "no peace"
    assert RELAPSED in found.alternatives
    assert "never reached peace" in words.headline(found)
    json.dumps(document(found), allow_nan=False)


@pytest.mark.parametrize("kind", ["relapsed", "held"])
def test_words_say_what_the_numbers_are_not(kind: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(kind)
    rendered = page.render(found, dict.fromkeys(page.illustrate(found), ("<svg></svg>", "")), {})
    assert "no proof of cause" in rendered
    assert "given the state of the country just before it, in the model" in rendered
    assert "by chance alone" in rendered
    assert "tends to be overstated" in rendered
    assert "Moving one person" in rendered


def test_the_timeline_fits_and_shows_every_letter(relapsed: Explanation) -> None:
    text = words.timeline(relapsed, 60)
    assert max(map(len, text.splitlines()[:3])) <= 60
    for letter, _ in words.lettered(relapsed):
        assert letter in text.splitlines()[2]


def test_wrong_arguments_are_named_all_at_once(baseline: Scenario) -> None:
    with pytest.raises(ValueError, match="years must be") as refused:
        explain(baseline, -1, 1.5, 0, 1, threads=0)  # type: ignore[arg-type]
    faults = ("seed must", "replicate must", "years must", "continuations must", "threads must")
    lines = str(refused.value).splitlines()
    assert [line[: len(word)] for line, word in zip(lines, faults, strict=True)] == list(faults)


# ------------------------------------------------------------------------------------------------------- the command
SMALL = ("baseline", "--years", str(YEARS), "--replicate", str(RELAPSED), "--continuations", "3")


def test_the_command_writes_a_page_and_prints_it_within_80_columns(tmp_path: Path) -> None:
    result = ssr(*SMALL, "--out", str(tmp_path / "why"))
    assert result.exit_code == 0
    assert "The chain of events" in result.stdout
    assert "no proof of cause" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "continuations in" in result.stderr
    names = {path.relative_to(tmp_path / "why").as_posix() for path in (tmp_path / "why").rglob("*.*")}
    assert {"why.html", "why.json", "figures/timeline.svg", "figures/timeline.png"} <= names
    rendered = (tmp_path / "why" / "why.html").read_text(encoding="utf-8")
    assert "<script" not in rendered
    assert "http://" not in rendered.replace("http://www.w3.org", "")


def test_the_command_prints_one_json_document(relapsed: Explanation) -> None:
    found = json.loads(ssr(*SMALL, "--json").stdout)
    assert found["kind"] == "explanation: relapsed"
    assert found["relapse_week"] == relapsed.relapse_week
    assert [row["link"]["event"] for row in found["chain"]] == [t.link.event for t in relapsed.chain]
    assert found["provenance"]["replicate"] == str(RELAPSED)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("baselin",), "did you mean 'baseline'"),
        (("baseline", "--continuations", "1"), "--continuations"),
        (("baseline", "--years", "0"), "--years"),
        (("baseline", "--seed", "-1"), "--seed"),
        (("baseline", "--replicate", "-1"), "--replicate"),
        (("baseline", "--set", "vetting.coverge=1"), "did you mean 'vetting.coverage'"),
    ],
)
def test_a_mistake_gets_one_message_and_exit_code_2(arguments: tuple[str, ...], words: str) -> None:
    result = ssr(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_ctrl_c_stops_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ssr_sim.why.explain._test", stop)
    result = ssr(*SMALL)
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == "stopped."
