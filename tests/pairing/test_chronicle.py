"""The event log tells the very history that stands in an ensemble."""

import pytest

from ssr_sim import chronicle as module
from ssr_sim.chronicle import chronicle, relive
from ssr_sim.ensemble import run_ensemble
from ssr_sim.run import digest
from ssr_sim.scenario import Scenario
from ssr_sim.tables import ATTACK_ON_MISSION, EVENT_KINDS

YEARS = 3


@pytest.mark.parametrize("parameters", ["default", "prior"])
def test_a_replicate_lives_again_to_the_bit(baseline: Scenario, parameters: str) -> None:
    runs = run_ensemble(baseline, YEARS, replicates=3, seed=5, parameters=parameters)
    for replicate, expected in enumerate(runs.outcome("digest")):
        assert digest(relive(baseline, YEARS, 5, replicate, parameters)[1]) == expected


def test_luck_and_ignorance_tell_different_histories(baseline: Scenario) -> None:
    assert chronicle(baseline, 1) != chronicle(baseline, 1, parameters="prior")
    assert chronicle(baseline, 1) == chronicle(baseline, 1, parameters="default")


def test_a_log_that_overflows_is_lived_again_with_more_room(
    baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = chronicle(baseline, YEARS)
    monkeypatch.setattr(module, "ROOM", 1)
    assert chronicle(baseline, YEARS) == expected
    assert [event["number"] for event in expected] == list(range(len(expected)))


@pytest.mark.parametrize("parameters", ["default", "prior"])
def test_the_dead_of_the_log_are_those_of_the_outcomes(baseline: Scenario, parameters: str) -> None:
    runs = run_ensemble(baseline, YEARS, replicates=1, seed=5, parameters=parameters)
    events = chronicle(baseline, YEARS, 5, parameters=parameters)
    peacekeepers = EVENT_KINDS[ATTACK_ON_MISSION]
    dead = sum(event["combatants_killed"] for event in events if event["event"] != peacekeepers)
    assert dead == runs.outcome("battle_deaths")[0] > 0


def test_a_wrong_argument_is_named(baseline: Scenario) -> None:
    with pytest.raises(ValueError, match="years must be") as refused:
        chronicle(baseline, -1, 1.5, -1, "posterior")  # type: ignore[arg-type]
    words = ("years must", "seed must", "replicate must", "parameters must")
    lines = str(refused.value).splitlines()
    assert [line[: len(word)] for line, word in zip(lines, words, strict=True)] == list(words)
