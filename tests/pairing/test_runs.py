"""A run is a function of scenario and seed: to the bit, in threads, through snapshots and branches."""

import threading
from pathlib import Path

import numpy as np
import pytest

from ssr_sim.measures import INDEX
from ssr_sim.run import (
    advance,
    branch,
    copy_world,
    digest,
    load_snapshot,
    new_series,
    prepare,
    save_snapshot,
    simulate,
    start,
    summarise,
    weeks_in,
)
from ssr_sim.scenario import Scenario
from ssr_sim.tables import EVENT_KINDS, POLICY_CHANGE
from ssr_sim.world import Layer, World

WEEKS = 261
PARTING = 104  # weeks; runs part here where a test changes something
EVENTS = 5_000


def run(scenario: Scenario, seed: int = 1, weeks: int = WEEKS) -> tuple[World, np.ndarray]:
    world = start(prepare(scenario, weeks, EVENTS), seed)
    series = new_series(weeks)
    advance(world, series)
    return world, series


def bits(world: World) -> dict[str, bytes]:
    """Every array of a world, to the bit."""
    found = {
        name: value.tobytes() for name, value in world._asdict().items() if isinstance(value, np.ndarray)
    }
    layers = {name: value for name, value in world._asdict().items() if isinstance(value, Layer)}
    return found | {
        f"{name}.{i}": part.tobytes() for name, value in layers.items() for i, part in enumerate(value)
    }


# ------------------------------------------------------------------------------------------------------ same
def test_same_seed_same_bits(baseline: Scenario) -> None:
    (world, series), (again, repeated) = run(baseline), run(baseline)
    assert np.array_equal(series, repeated)
    assert bits(world) == bits(again)


def test_threads_do_not_mix_their_runs(baseline: Scenario) -> None:
    template = prepare(baseline, WEEKS, EVENTS)
    found: dict[int, str] = {}

    def live(seed: int) -> None:
        world, series = start(template, seed), new_series(WEEKS)
        advance(world, series)
        found[seed] = digest(series)

    threads = [threading.Thread(target=live, args=(seed,)) for seed in range(1, 9)]
    for pair in zip(threads[::2], threads[1::2], strict=True):
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
    assert found == {seed: digest(run(baseline, seed)[1]) for seed in range(1, 9)}


def test_seeds_differ(baseline: Scenario) -> None:
    assert len({digest(run(baseline, seed)[1]) for seed in range(20)}) == 20


def test_steps_of_any_length_give_the_same_run(baseline: Scenario) -> None:
    world, series = start(prepare(baseline, WEEKS, EVENTS), 1), new_series(WEEKS)
    for part in np.split(series, [1, 3, 10, 100, 101]):
        advance(world, part)
    whole, expected = run(baseline)
    assert np.array_equal(series, expected)
    assert bits(world) == bits(whole)


def test_the_horizon_does_not_change_the_past(baseline: Scenario) -> None:
    assert np.array_equal(run(baseline, weeks=600)[1][:WEEKS], run(baseline)[1])


def test_logging_events_does_not_change_a_run(baseline: Scenario) -> None:
    world, series = start(prepare(baseline, WEEKS), 1), new_series(WEEKS)
    advance(world, series)
    logged, expected = run(baseline)
    assert np.array_equal(series, expected)
    assert world.clock[0].events == logged.clock[0].events > 0


def test_runs_from_one_template_do_not_touch_it(baseline: Scenario) -> None:
    changing = baseline.with_policy([{"week": 10, "set": {"vetting.coverage": 1.5}}])
    template = prepare(changing, WEEKS)
    settings, policy = template.settings.copy(), template.policy.copy()
    first, second = new_series(WEEKS), new_series(WEEKS)
    advance(start(template, 1), first)
    advance(start(template, 1), second)
    assert np.array_equal(first, second)
    assert np.array_equal(template.settings, settings)
    assert np.array_equal(template.policy, policy)


def test_a_null_change_of_a_lever_gives_the_same_digest(baseline: Scenario) -> None:
    same = baseline.with_levers({"vetting.coverage": baseline.value("vetting.coverage")})
    assert same.digest == baseline.digest
    assert digest(run(same)[1]) == digest(run(baseline)[1])
    assert summarise(*run(same))["digest"] == digest(run(baseline)[1])


def test_a_policy_that_sets_what_is_in_force_changes_no_number(baseline: Scenario) -> None:
    value = baseline.value("vetting.coverage")
    null = baseline.with_policy([{"week": 26, "set": {"vetting.coverage": value}}])
    assert digest(run(null)[1]) == digest(run(baseline)[1])


def test_the_plain_function_is_the_same_run_and_names_every_outcome(baseline: Scenario) -> None:
    params = {"years": 2, "vetting.coverage": 0.5}
    found = simulate(params, 3)
    assert found == pytest.approx(simulate(params, 3), nan_ok=True)
    assert params == {"years": 2, "vetting.coverage": 0.5}
    assert found["digest"] != simulate({"years": 2}, 3)["digest"]
    assert set(INDEX) <= set(found)


@pytest.mark.parametrize(
    ("params", "seed", "words"),
    [
        ({"years": -5}, 1, ["years must be a number above 0, at most 1,000, got -5"]),
        ({"years": True}, 1, ["years must be a number above 0, at most 1,000, got True"]),
        ({"years": "ten"}, 1, ["years must be a number above 0, at most 1,000, got 'ten'"]),
        ({"years": float("nan")}, 1, ["years must be a number above 0, at most 1,000, got nan"]),
        ({"years": float("inf")}, 1, ["years must be a number above 0, at most 1,000, got inf"]),
        ({}, "a", ["seed must be a whole number from 0 to 9,223,372,036,854,775,807, got 'a'"]),
        ({}, 1.5, ["seed must be a whole number from 0 to 9,223,372,036,854,775,807, got 1.5"]),
        ({"years": 0}, -1, ["years must be", "seed must be"]),
        ({"veting.coverage": 0.5}, 1, ["did you mean 'vetting.coverage'"]),
        ({"scenario": "baselin"}, 1, ["did you mean 'baseline'"]),
        ({"vetting.coverage": 9, "audit.coverag": 1}, 1, ["vetting.coverage", "audit.coverag"]),
    ],
)
def test_the_plain_function_says_what_is_wrong(params: dict[str, object], seed: object, words: list[str]) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are checked below
        simulate(params, seed)  # type: ignore[arg-type]
    assert all(word in str(refused.value) for word in words)


@pytest.mark.parametrize("years", [0, -1, 1001, True, "1"])
def test_a_length_that_no_run_has_is_refused(years: object) -> None:
    with pytest.raises(ValueError, match="years must be a number above 0, at most 1,000"):
        weeks_in(years)  # type: ignore[arg-type]


def test_the_plain_function_gives_totals_where_an_outcome_and_an_indicator_share_a_name() -> None:
    """Deaths since the start, not those of the last week."""
    found = simulate({"scenario": "liberia-2003", "years": 5}, 1)
    assert found["criminal_deaths"] == int(found["criminal_deaths"]) > 100


# ------------------------------------------------------------------------------------------------- snapshots
@pytest.mark.parametrize("week", [0, 1, PARTING, PARTING + 1])
def test_a_snapshot_continues_to_the_bit(baseline: Scenario, tmp_path: Path, week: int) -> None:
    rule = {"when": "recorded_attacks < 1000", "for_weeks": PARTING + 20, "set": {"vetting.coverage": 1.0}}
    scenario = baseline.with_policy([rule, {"week": PARTING + 10, "set": {"audit.rate": 1.0}}])
    whole, expected = run(scenario)
    world, series = start(prepare(scenario, WEEKS, EVENTS), 1), new_series(WEEKS)
    advance(world, series[:week])
    save_snapshot(world, tmp_path / "world.npz")
    loaded = load_snapshot(tmp_path / "world.npz")
    assert bits(loaded) == bits(world)
    advance(loaded, series[week:])
    assert np.array_equal(series, expected)
    assert bits(loaded) == bits(whole)


def test_a_loaded_world_reads_its_own_settings(baseline: Scenario, tmp_path: Path) -> None:
    world = start(prepare(baseline, WEEKS), 1)
    save_snapshot(world, tmp_path / "world.npz")
    loaded = load_snapshot(tmp_path / "world.npz")
    for block, name in ((key.split(".")) for key in baseline.parameters):
        assert np.shares_memory(getattr(loaded.parameters, block)[name], loaded.settings)
        assert getattr(loaded.parameters, block)[name] == getattr(world.parameters, block)[name]


def test_a_snapshot_of_another_version_is_refused(baseline: Scenario, tmp_path: Path) -> None:
    world = start(prepare(baseline, WEEKS), 1)
    save_snapshot(world, tmp_path / "world.npz")
    with np.load(tmp_path / "world.npz") as stored:
        arrays = dict(stored)
    arrays["format"] = np.array("{}")
    np.savez(tmp_path / "old.npz", **arrays)
    with pytest.raises(ValueError, match="another version"):
        load_snapshot(tmp_path / "old.npz")


@pytest.mark.parametrize("name", ["world", "world.npz", "world.v1"])
def test_a_snapshot_lies_where_it_was_asked_for(baseline: Scenario, tmp_path: Path, name: str) -> None:
    world = start(prepare(baseline, WEEKS), 1)
    save_snapshot(world, str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert bits(load_snapshot(str(tmp_path / name))) == bits(world)


def test_a_foreign_file_is_no_snapshot(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    with foreign.open("wb") as file:
        np.savez(file, a=np.zeros(3))
    array = tmp_path / "array.npy"
    np.save(array, np.zeros(3))
    for name, content in (("text", b"[scenario]\nname = 'x'\n"), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
    for path in (foreign, array, tmp_path / "text", tmp_path / "empty"):
        with pytest.raises(ValueError, match=f"{path.name} is not a snapshot: load_snapshot reads what save_sn"):
            load_snapshot(path)
    with pytest.raises(FileNotFoundError):
        load_snapshot(tmp_path / "nowhere")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_cut_snapshot_is_refused(baseline: Scenario, tmp_path: Path, kept: float) -> None:
    path = tmp_path / "world.npz"
    save_snapshot(start(prepare(baseline, WEEKS), 1), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ValueError, match=r"world.npz is damaged or not a snapshot \(.+\); save it again"):
        load_snapshot(path)


def test_a_snapshot_with_a_flipped_byte_is_refused(baseline: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "world.npz"
    save_snapshot(start(prepare(baseline, WEEKS), 1), path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"world\.npz is damaged or not a snapshot"):
        load_snapshot(path)


def test_a_copy_is_independent(baseline: Scenario) -> None:
    world = start(prepare(baseline, WEEKS), 1)
    before = bits(world)
    advance(copy_world(world), new_series(10))
    assert bits(world) == before


# -------------------------------------------------------------------------------------------------- branches
@pytest.fixture
def at_parting(baseline: Scenario) -> tuple[World, np.ndarray]:
    """A world at the week where branches leave it, and its series so far in one for the whole horizon."""
    world, series = start(prepare(baseline, WEEKS, EVENTS), 1), new_series(WEEKS)
    advance(world, series[:PARTING])
    return world, series


def test_a_branch_without_change_is_the_same_run(
    baseline: Scenario, at_parting: tuple[World, np.ndarray]
) -> None:
    world, series = at_parting
    past = bits(world)
    future = branch(world, baseline)
    advance(future, series[PARTING:])
    whole, expected = run(baseline)
    assert np.array_equal(series, expected)
    assert bits(future) == bits(whole)
    assert bits(world) == past  # the trunk is left as it was


def test_a_branch_with_another_policy_parts_from_now_on(
    baseline: Scenario, at_parting: tuple[World, np.ndarray]
) -> None:
    world, series = at_parting
    changed = baseline.with_levers({"vetting.coverage": 1.5})
    advance(branch(world, changed), series[PARTING:])
    expected = run(baseline)[1]
    assert np.array_equal(series[:PARTING], expected[:PARTING])
    assert not np.array_equal(series[PARTING : PARTING + 8], expected[PARTING : PARTING + 8])


def test_a_branch_equals_a_dated_policy_of_the_same_week(
    baseline: Scenario, at_parting: tuple[World, np.ndarray]
) -> None:
    world, series = at_parting
    levers = {"vetting.coverage": 1.5, "mission.troops": 0.5}
    advance(branch(world, baseline.with_levers(levers)), series[PARTING:])
    dated = baseline.with_policy([{"week": PARTING, "set": levers}])
    assert np.array_equal(series, run(dated)[1])


def test_a_branch_takes_up_what_its_policy_did_before(
    baseline: Scenario, at_parting: tuple[World, np.ndarray]
) -> None:
    world, _ = at_parting
    dated = baseline.with_policy(
        [
            {"week": 50, "set": {"vetting.coverage": 1.5}},
            {"week": PARTING + 4, "set": {"vetting.coverage": 0.7}},
        ]
    )
    future = branch(world, dated)
    assert future.parameters.vetting[0].coverage == 1.5
    advance(future, new_series(5))
    assert future.parameters.vetting[0].coverage == 0.7


def held_by(world: World) -> tuple[list[int], list[int]]:
    return world.policy["fired"].tolist(), world.policy["held"].tolist()


@pytest.mark.parametrize("fires_in", [PARTING - 40, PARTING, PARTING + 40], ids=["fired", "due now", "held"])
def test_a_branch_goes_on_with_a_conditional_policy_to_the_bit(baseline: Scenario, fires_in: int) -> None:
    """It has fired already, is due in the week of the branch, or has counted weeks that it needs to fire."""
    rule = {"when": "recorded_attacks < 1000", "for_weeks": fires_in, "set": {"vetting.coverage": 1.5}}
    scenario = baseline.with_policy([{"week": 30, "set": {"vetting.coverage": 0.7}}, rule])
    whole, expected = run(scenario)
    assert whole.policy["fired"].tolist() == [30, fires_in]
    world, series = start(prepare(scenario, WEEKS, EVENTS), 1), new_series(WEEKS)
    advance(world, series[:PARTING])
    future = branch(world, scenario)
    assert held_by(future) == held_by(world)
    assert future.parameters.vetting[0].coverage == (1.5 if fires_in < PARTING else 0.7)
    advance(future, series[PARTING:])
    assert np.array_equal(series, expected)
    assert bits(future) == bits(whole)


def test_changes_that_a_branch_takes_up_stand_in_the_order_in_which_they_came(baseline: Scenario) -> None:
    """The later of two changes of one lever is in force, whichever stands first in the file."""
    rule = {"when": "recorded_attacks < 1000", "for_weeks": 20, "set": {"vetting.coverage": 1.5}}
    scenario = baseline.with_policy([{"week": 60, "set": {"vetting.coverage": 0.7}}, rule])
    reverse = baseline.with_policy([rule, {"week": 60, "set": {"vetting.coverage": 0.7}}])
    for policy in (scenario, reverse):
        world = start(prepare(policy, WEEKS), 1)
        advance(world, new_series(PARTING))
        assert branch(world, policy).parameters.vetting[0].coverage == 0.7


def test_a_branch_with_a_changed_lever_keeps_the_policy_that_has_fired(baseline: Scenario) -> None:
    rule = {"when": "recorded_attacks < 1000", "for_weeks": 20, "set": {"vetting.coverage": 1.5}}
    scenario = baseline.with_policy([rule])
    expected = run(scenario)[1]
    world, series = start(prepare(scenario, WEEKS, EVENTS), 1), new_series(WEEKS)
    advance(world, series[:PARTING])
    future = branch(world, scenario.with_levers({"mission.troops": 0.5}))
    assert (future.parameters.vetting[0].coverage, future.parameters.mission[0].troops) == (1.5, 0.5)
    assert held_by(future) == held_by(world)
    advance(future, series[PARTING:])
    assert np.array_equal(series[:PARTING], expected[:PARTING])
    assert not np.array_equal(series[PARTING : PARTING + 8], expected[PARTING : PARTING + 8])


def test_a_condition_that_only_the_branch_has_counts_from_the_branch_on(baseline: Scenario) -> None:
    world = start(prepare(baseline, WEEKS), 1)
    advance(world, new_series(PARTING))
    rule = {"when": "recorded_attacks < 1000", "for_weeks": 20, "set": {"vetting.coverage": 1.5}}
    future = branch(world, baseline.with_policy([rule]))
    assert held_by(future) == ([-1], [0])
    advance(future, new_series(30))
    assert future.policy["fired"].tolist() == [PARTING + 19]


def test_a_branch_leaves_what_is_uncertain_as_it_was(baseline: Scenario) -> None:
    draw = baseline.prior_draw(5)
    world = start(prepare(baseline, WEEKS), 1, draw)
    advance(world, new_series(PARTING))
    future = branch(world, baseline.with_levers({"vetting.coverage": 1.5}))
    differ = [
        key
        for place, key in enumerate(baseline.parameters)
        if future.settings[place] != world.settings[place]
    ]
    assert differ == ["vetting.coverage"]


# ---------------------------------------------------------------------------------------------------- policy
def test_a_dated_change_takes_effect_in_its_week(baseline: Scenario) -> None:
    dated = baseline.with_policy([{"week": PARTING, "set": {"vetting.coverage": 1.5}}])
    world, series = start(prepare(dated, WEEKS, EVENTS), 1), new_series(WEEKS)
    before = baseline.value("vetting.coverage")
    advance(world, series[:PARTING])
    assert world.parameters.vetting[0].coverage == before
    advance(world, series[PARTING : PARTING + 1])
    assert world.parameters.vetting[0].coverage == 1.5
    advance(world, series[PARTING + 1 :])
    assert np.array_equal(series[:PARTING], run(baseline)[1][:PARTING])
    changes = world.events[: world.clock[0].events]
    changes = changes[changes["kind"] == POLICY_CHANGE]
    assert list(changes["week"]) == [PARTING]
    assert list(baseline.parameters)[changes["actor"][0]] == "vetting.coverage"
    assert EVENT_KINDS[POLICY_CHANGE] == "policy change"


@pytest.mark.parametrize("weeks", [1, 13, 26])
def test_a_condition_fires_once_after_it_has_held(baseline: Scenario, weeks: int) -> None:
    """It reads what was recorded at the end of the week before, `weeks` times on end."""
    expected = run(baseline)[1]
    threshold = float(np.median(expected[:, INDEX["survey_trust_police"]]))
    rule = {
        "when": f"survey_trust_police > {threshold!r}",
        "for_weeks": weeks,
        "set": {"vetting.coverage": 1.5},
    }
    world, series = run(baseline.with_policy([rule]))

    held = fired = 0
    for week in range(1, WEEKS):
        held = held + 1 if series[week - 1, INDEX["survey_trust_police"]] > threshold else 0
        if held >= weeks:
            fired = week
            break
    assert world.policy["fired"].tolist() == [fired]
    assert np.array_equal(series[:fired], expected[:fired])
    assert not np.array_equal(series[fired : fired + 8], expected[fired : fired + 8])
    assert world.parameters.vetting[0].coverage == 1.5
    assert (world.events["kind"][: world.clock[0].events] == POLICY_CHANGE).sum() == 1


def test_a_condition_that_never_holds_changes_nothing(baseline: Scenario) -> None:
    rule = {"when": "survey_trust_police > 1.0", "for_weeks": 1, "set": {"vetting.coverage": 1.5}}
    world, series = run(baseline.with_policy([rule]))
    assert world.policy["fired"].tolist() == [-1]
    assert np.array_equal(series, run(baseline)[1])
