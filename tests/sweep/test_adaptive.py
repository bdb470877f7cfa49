"""Replication stops when shares are known well enough, by a rule that only looks at how wide intervals are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ssr_sim.clustered import wilson_bounds
from ssr_sim.intervals import wilson
from ssr_sim.sweep import adaptive, runner
from ssr_sim.sweep.adaptive import share
from ssr_sim.sweep.experiment import Experiment

ADAPTIVE = """
[replicates]
mode = "adaptive"
min = 4
max = 60
seed = 2
target = [{ outcome = "reached_peace", half_width = 0.2 }]
"""
HEAD = '[experiment]\nscenario = "baseline"\nyears = 2\nset = { "country.communities" = 6 }\n'
Make = Callable[..., Experiment]


@pytest.mark.parametrize(("successes", "runs"), [(0, 9), (3, 20), (50, 100), (100, 100)])
def test_without_clusters_the_interval_is_wilsons(successes: int, runs: int) -> None:
    outcomes = np.zeros((1, runs))
    outcomes[0, :successes] = 1
    found = share(outcomes)
    assert (found.low, found.high) == pytest.approx(wilson(successes, runs), abs=1e-9)


def test_runs_in_one_state_count_as_alike_as_they_are() -> None:
    of_three, of_29 = 3.1824, 2.0452  # Student's t for 4 and for 30 states
    alike = share(np.repeat([[1.0], [0.0], [1.0], [0.0]], 25, axis=1))  # the state decides: as sure as four runs
    assert (alike.low, alike.high) == pytest.approx(wilson_bounds(0.5, 4.0, of_three), abs=1e-4)
    nothing = share(np.zeros((30, 20)))  # no telling how alike: states count
    assert (nothing.low, nothing.high) == pytest.approx(wilson_bounds(0.0, 30.0, of_29), abs=1e-4)


def test_intervals_cover_as_often_as_they_say_when_states_differ() -> None:
    """Shares of states spread as a beta distribution, mean 0.3: the interval at 95 % covers it, Wilson's own does not.
    """
    generator = np.random.default_rng(5)
    covered = naive = 0
    for _ in range(500):
        chance = generator.beta(1.5, 3.5, size=(30, 1))
        found = share((generator.random((30, 20)) < chance).astype(float))
        covered += found.low <= 0.3 <= found.high
        low, high = wilson(found.successes, 600)
        naive += low <= 0.3 <= high
    assert covered >= 0.93 * 500
    assert naive <= 0.8 * 500


@pytest.mark.parametrize("chance", [0.5, 0.98])
def test_intervals_cover_as_often_as_they_say_when_looking_decides_when_to_stop(chance: float) -> None:
    generator, covered = np.random.default_rng(7), 0
    for _ in range(400):
        runs, outcomes = 20, (generator.random((1, 800)) < chance).astype(float)
        while (found := share(outcomes[:, :runs])).half_width > 0.05 and runs < 800:
            runs = min(int(np.ceil(runs * adaptive.GROWTH)), 800)
        covered += found.low <= chance <= found.high
    assert covered >= 0.92 * 400


def test_a_failed_run_is_left_out() -> None:
    outcomes = np.array([[1.0, np.nan, 0.0, 1.0]])
    assert share(outcomes).value == pytest.approx(2 / 3)


def test_it_stops_on_half_width_with_each_policy_by_itself(small: Make, tmp_path: Path) -> None:
    results = small(ADAPTIVE, head=HEAD).run(tmp_path / "out")
    frame = results.frame()
    for _, own in frame.groupby("policy"):
        runs = own["replicate"].max() + 1
        assert own["replicate"].tolist() == list(range(runs)), "a contiguous prefix"
        known = share(own["reached_peace"].to_numpy(float)[None, :])
        assert known.half_width <= 0.2 or runs == 60
        before = int(np.ceil(runs / adaptive.GROWTH)) - 1
        assert before < 4 or share(own["reached_peace"].to_numpy(float)[None, :before]).half_width > 0.2
    assert 8 < len(frame) < 120


def test_it_stops_at_the_same_number_whatever_threads_chunks_and_interruptions(
    small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = small(ADAPTIVE, head=HEAD)
    whole = experiment.run(tmp_path / "one", threads=1)
    monkeypatch.setattr(runner, "PART_SECONDS", 1e-9)
    assert experiment.run(tmp_path / "two", threads=2).digest() == whole.digest()

    def stop(done: int, *_: int) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            experiment.run(tmp_path / "three", progress=stop)
    assert experiment.run(tmp_path / "three").digest() == whole.digest()


def test_it_looks_at_the_first_replicates_only(small: Make) -> None:
    """Runs beyond them, which happened to be there, could tell another story."""
    study = small(ADAPTIVE, head=HEAD).study
    replicates = list(range(10))
    yes = [True] * 4 + [False] * 6
    table = pa.table({"policy": ["today"] * 10 + ["vetting"] * 10, "state": [0] * 20, "replicate": replicates * 2,
                      "reached_peace": yes * 2})
    first, second = adaptive.shares(study, [table], np.array([4, 10]))
    assert (first[0].value, first[0].of) == (1.0, 4)
    assert second[0].value == pytest.approx(0.4)


def test_it_never_looks_at_differences_between_policies() -> None:
    """A policy's replicates are the same whether another is in the sweep or not."""
    study = Experiment.from_toml(HEAD + '[[policy]]\nid = "a"\n' + ADAPTIVE).study
    needed = np.array([4, 10])
    met = np.array([True, False])
    assert adaptive.next_look(study, needed, met).tolist() == [4, 13]
    limited = replace(study, replicates=replace(study.replicates, most=11))
    assert adaptive.next_look(limited, needed, met).tolist() == [4, 11]


def test_status_tells_how_well_the_shares_are_known(small: Make, tmp_path: Path,
                                                    ssr: Callable[..., object]) -> None:
    import json

    results = small(ADAPTIVE, head=HEAD).run(tmp_path / "out")
    told = json.loads(ssr("sweep", "status", tmp_path / "out", "--json").stdout)  # type: ignore[attr-defined]
    assert told["missing"] == 0
    assert told["planned"] == told["finished"] == len(results.frame())
    assert {row["policy"] for row in told["targets"]} == {"today", "vetting"}
    assert all(row["half_width"] <= 0.2 for row in told["targets"])
