"""Draws made many at a time are those made one by one, and a choice among places is the one a full search finds."""

import math

import numpy as np
import pytest

from ssr_sim.batch_draws import choose_place, draw_each, draw_options
from ssr_sim.draws import u01
from ssr_sim.tables import empty

STREAM = 60


def week(seed, number):
    clock = empty("clock", 1)
    clock["seed"], clock["week"] = seed, number
    return clock[0]


@pytest.mark.parametrize("seed", [0, 7, 2**32, 2**63 - 1])
def test_many_draws_at_once_are_the_draws_one_by_one(seed):
    now = week(seed, 31)
    table = empty("police", 37)
    table["uid"] = np.arange(37) ** 5 % 2**32
    uids = table["uid"].tolist()
    assert draw_each(now, STREAM, table["uid"], 3).tolist() == [u01(seed, STREAM, 31, uid, 3) for uid in uids]
    assert draw_options(now, STREAM, 9, table["uid"]).tolist() == [u01(seed, STREAM, 31, 9, uid) for uid in uids]
    assert len(draw_each(now, STREAM, table["uid"][:0], 0)) == 0


def search(seed, number, uid, places, needs, luck):
    """Every place tried, as docs/odd.md has it."""
    best, highest = -1, -math.inf
    for row, (place, need) in enumerate(zip(places.tolist(), needs.tolist(), strict=True)):
        if need >= 0.0:
            gumbel = -math.log(-math.log(u01(seed, STREAM, number, uid, place)))
            score = math.log(need + 1e-9) + gumbel * luck
            if score > highest:
                best, highest = row, score
    return best


@pytest.mark.parametrize("luck", [1.0, 0.4, 0.01, 0.0])
def test_a_place_left_out_early_would_never_have_been_chosen(luck):
    chosen = set()
    for number in range(400):
        generator = np.random.default_rng(number)
        places = np.arange(50, dtype=np.uint32)
        needs = np.exp(generator.normal(0.0, number % 5, 50)).round(1)  # some equal, some zero
        needs[generator.random(50) < 0.2] = -1.0
        found = choose_place(week(5, number), STREAM, 3, places, needs, luck)
        assert found == search(5, number, 3, places, needs, luck)
        chosen.add(found)
    assert len(chosen) > 40


def test_a_place_is_chosen_as_often_as_its_share_of_need():
    needs = np.array([1.0, 2.0, 5.0, -1.0])
    places = np.arange(4, dtype=np.uint32)
    counts = np.zeros(4)
    for uid in range(20_000):
        counts[choose_place(week(11, 0), STREAM, uid, places, needs, 1.0)] += 1
    assert counts[3] == 0
    assert counts[:3] / counts.sum() == pytest.approx(needs[:3] / 8.0, abs=0.015)  # four standard errors


def test_nobody_chooses_where_no_place_can_be_chosen():
    assert choose_place(week(1, 0), STREAM, 0, np.arange(3, dtype=np.uint32), np.full(3, -1.0), 1.0) == -1
