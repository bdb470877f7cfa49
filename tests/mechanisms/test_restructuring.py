"""Patronage is at rest where elites obstruct as before, breaks under reform, and shields whoever enjoys it."""

import numpy as np
import pytest

from ssr_sim.measures import INDEX
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.scenario import Scenario

WEEKS = 260


def patronage(scenario: Scenario, seeds: int = 12) -> np.ndarray:
    """Share of commands under a patron, shape (seeds, weeks)."""
    template = prepare(scenario, WEEKS)
    rows = []
    for seed in range(seeds):
        series = new_series(WEEKS)
        advance(start(template, seed), series)
        rows.append(series[:, INDEX["patronage"]])
    return np.array(rows)


def test_without_reform_patronage_follows_obstruction(baseline: Scenario) -> None:
    """160 commands of which 0.4 or so have a patron: a mean over twelve runs strays by 0.011; five of those."""
    shares = patronage(baseline).mean(axis=0)
    obstruction = baseline.country.politics.obstruction.value
    assert shares[0] == pytest.approx(obstruction, abs=0.06)
    assert abs(shares[-1] - shares[0]) < 0.12


def test_reform_breaks_patronage_and_obstruction_keeps_it(baseline: Scenario) -> None:
    """Off-switch: no effort, no break beyond turnover; full obstruction leaves nothing to break."""
    none = patronage(baseline)[:, -1]
    reform = patronage(baseline.with_levers({"restructuring.effort": 1.0}))[:, -1]
    assert (reform < none).sum() >= 11
    assert (reform - none).mean() < -0.05


def test_a_patron_shields_from_sanction(baseline: Scenario) -> None:
    """The same country without a patron anywhere: officers believe sooner that they will be caught."""
    strict = baseline.with_levers(
        {"oversight.coverage": 1.0, "investigations.effort": 1.0, "funding.level": 3.0,
         "restructuring.patronage_turnover": 0.05}
    )
    template = prepare(strict, 104)
    gaps = []
    for seed in range(8):
        beliefs = {}
        for patron in (-1, 0):
            world = start(template, seed)
            world.police["patron"] = patron
            advance(world, new_series(104))
            beliefs[patron] = world.police["perceived_detection"].mean()
        gaps.append(beliefs[-1] - beliefs[0])
    assert min(gaps) > 0


def test_a_commander_who_loses_his_patron_is_less_loyal(baseline: Scenario) -> None:
    reform = baseline.with_levers({"restructuring.effort": 1.0, "funding.level": 3.0})
    angry, calm = (reform.with_levers({"restructuring.resentment": value}) for value in (0.4, 0.0))
    loyalty = []
    for scenario in (angry, calm):
        world = start(prepare(scenario, 104), 3)
        advance(world, new_series(104))
        loyalty.append(world.military["loyalty"].mean())
    assert loyalty[0] < loyalty[1] - 0.005
