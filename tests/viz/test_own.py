"""Scenario files of visitors: every fault said, hostile ones refused, nobody else's shown, memory bounded."""

import json
import time

import pytest

from ssr_sim.faults import ScenarioError
from viz import exports, own
from viz.goals import GOALS
from viz.pages import opening
from viz.plan import Plan, read, scenario_of
from viz.recent import Recent

MINE = '[scenario]\nbased_on = "baseline"\ntitle = "Mine"\n'


def faults(content: bytes, name: str = "mine.toml") -> str:
    with pytest.raises(ScenarioError) as refused:
        own.read(content, name, "me")
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a" * 10_000_000, "mine.toml: 10,000,000 bytes; the app opens files of up to 262,144"),
        (b"", "mine.toml: the file is empty"),
        (MINE.encode("utf-16"), "mine.toml:1: byte 1 (0xff) is not UTF-8; save the file as UTF-8"),
        (MINE.encode("utf-16-le"), "mine.toml:1: holds NUL bytes"),
        ('title = "Libéria"'.encode("latin-1"), "mine.toml:1: byte 13 (0xe9) is not UTF-8"),
        (b"\x7fELF\x02\x01\x00\xff\xfe" * 50, "mine.toml:1: byte 8 (0xff) is not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_at_once(content: bytes, said: str) -> None:
    started = time.monotonic()
    assert faults(content).startswith(said)
    assert time.monotonic() - started < 1.0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("hello world", "mine.toml:1: not valid TOML"),
        ("a = " + "[" * 100_000, "mine.toml: tables and lists are nested more than 16 deep"),
        (MINE + "[country]\ncommunities = 1000000\n", "mine.toml: country.communities: 1,000,000 communities and 1,6"),
        ('[scenario]\nbased_on = "/etc/hosts.toml"\n', "mine.toml:2: scenario.based_on: an opened file may be"),
        ('[scenario]\nbased_on = ["baseline"]\n', "mine.toml:2: scenario.based_on: "),
    ],
)
def test_what_the_app_cannot_run_is_refused_with_the_reason(content: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        own.checked(content, "mine.toml")
    assert str(refused.value).startswith(said)


def test_every_fault_is_said_with_line_and_key() -> None:
    said = faults((MINE + "[training]\npolise = 1\n[vetting]\ncoverage = 9\n").encode())
    assert "mine.toml:5: training.polise: unknown key; did you mean 'police'?" in said
    assert "mine.toml:7: vetting.coverage: " in said


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "SECONDS", 2)
    assert "reading took longer than 2 seconds" in faults(("a" + ".a" * 100_000 + " = 1").encode())


def test_a_file_of_one_visitor_is_not_anothers() -> None:
    digest = own.register(MINE, "mine.toml", "me")
    country = own.country_of(digest)
    assert own.held(country, "me") is not None
    assert own.held(country, "somebody else") is None
    assert own.stored(country, "somebody else") == {}


def test_a_file_that_the_server_has_forgotten_is_asked_for() -> None:
    with pytest.raises(ScenarioError, match="open the file of this scenario again"):
        own.scenario(own.country_of("0" * 32))


def test_what_a_browser_has_kept_is_the_file_again_and_nothing_else_is(monkeypatch: pytest.MonkeyPatch) -> None:
    country = own.country_of(own.register(MINE, "mine.toml", "before"))
    kept = own.stored(country, "before")[country]
    monkeypatch.setattr(own, "SHELF", Recent(2))  # as after a restart
    assert own.restored(kept, country, "me")
    assert scenario_of(Plan(country=country)).title == "Mine"
    monkeypatch.setattr(own, "SHELF", Recent(2))
    for other in (None, "", "{}", "[]", "[1]", json.dumps(["mine.toml", MINE + "# changed"]), json.dumps([1, None])):
        assert not own.restored(other, country, "me")


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\plans\\mine.toml", "", "a" * 500, "<b>\n\0.toml"])
def test_a_files_name_is_short_and_harmless(name: str) -> None:
    shown = own.shown_name(name)
    assert shown.endswith(".toml")
    assert len(shown) <= 70
    assert not set(shown) & set("/\\\n\0")


def test_a_plan_on_an_own_scenario_has_an_address() -> None:
    plan = Plan(country=own.country_of("0123456789abcdef" * 2), run=3)
    assert read(plan.query()) == (plan, [])
    assert read("country=own:short")[1][0].startswith("There is no country 'own:short'")


def test_a_saved_plan_gives_the_plan_back_until_its_file_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solara.get_session_id", lambda: "me")
    plan, _ = read("country=baseline&years=2&goal=no_war&vetting.coverage=0.9", GOALS)
    saved = exports.saved(plan).text
    assert opening.plan_in(own.register(saved, "plan.toml", "me")) == plan
    title = f'title = "{scenario_of(plan).title}"'
    for old, new in ((title, 'title = "Mine"'), ("coverage = 0.9", "coverage = 0.8")):
        assert old in saved
        assert opening.plan_in(own.register(saved.replace(old, new, 1), "plan.toml", "me")) is None
