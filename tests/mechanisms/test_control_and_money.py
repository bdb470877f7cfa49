"""Mechanisms of control, donors and politics whose effect no indicator of a whole run shows: each in its own phase."""

from __future__ import annotations

import numpy as np
import pytest

from ssr_sim import Scenario
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.schedule import MONTH, QUARTER
from ssr_sim.submodels.corruption import officers_extract
from ssr_sim.submodels.donors import donors_decide, fund_programmes
from ssr_sim.submodels.due_diligence import check_recipients
from ssr_sim.submodels.politics import politics
from ssr_sim.tables import LINES
from ssr_sim.world import World


def built(levers: dict[str, float] | None = None, weeks: int = 53) -> World:
    country = Scenario.load("baseline").with_levers({"country.communities": 40, **(levers or {})})
    world = start(prepare(country, weeks, 4000), 1)
    advance(world, new_series(weeks))
    return world


def test_a_patron_shields_his_commander_from_sanctions() -> None:
    world = built()
    world.oversight[0].detection = 0.5
    world.government[0].resistance = 0.8
    world.military["perceived_detection"] = 0.0
    world.military["patron"] = -1
    world.military["patron"][0] = 0
    officers_extract(world, MONTH * world.clock[0].dt)
    believed = world.military["perceived_detection"]
    assert believed[0] < 0.7 * believed[1]
    assert believed[1:] == pytest.approx(believed[1])


def test_better_paid_officers_ask_for_more() -> None:
    """Pay doubles after the start: without need, the price of a bribe alone moves corruption."""
    corrupt = []
    for pay in (1.0, 2.0):
        world = built()
        world.police["arrears"] = 0.0
        world.parameters.pay[0].level = pay
        officers_extract(world, MONTH * world.clock[0].dt)
        corrupt.append(world.police["corrupt"].mean())
    assert corrupt[1] > corrupt[0] + 1e-4


def test_checkers_err() -> None:
    """Units just below the threshold lose support now and then; not where everything is monitored."""
    withheld = []
    for monitoring in (0.0, 1.0):
        world = built({"due_diligence.strictness": 1.0})
        world.ledger["delivered"] = 1.0
        world.country[0].monitoring = monitoring
        world.police["abuse_record"] = world.parameters.due_diligence[0].threshold - 0.05
        check_recipients(world)
        withheld.append((world.police["withheld"] > 0.0).sum())
    assert withheld[0] > 3
    assert withheld[1] == 0


def test_a_bad_year_for_a_donor_is_followed_by_another() -> None:
    """Correlation of the shocks of 8 donors over 100 years: about the persistence of 0.55, 0 without."""
    world = built({}, 1)
    shocks = []
    for year in range(100):
        world.clock[0].week = 52 * year
        donors_decide(world)
        shocks.append(world.donors["shock"].copy())
    table = np.array(shocks)
    assert np.corrcoef(table[:-1].ravel(), table[1:].ravel())[0, 1] > 0.4


def test_wages_leak_where_no_payroll_is_verified() -> None:
    for control in (0.0, 1.0):
        world = built()
        world.parameters.payroll[0].control = control
        line = world.ledger[LINES.index("pay_police")]
        before = float(line.leaked)
        fund_programmes(world, MONTH * world.clock[0].dt)
        assert (line.leaked > before + 1000.0) == (control == 0.0)


def test_revenue_answers_to_peace() -> None:
    """A quarter of a year at 4 and at -2 per cent."""
    grown = {}
    for deaths in (0.0, 1000.0):
        world = built()
        world.country[0].battle_deaths_52 = deaths
        before = float(world.government[0].revenue)
        politics(world, QUARTER * world.clock[0].dt)
        grown[deaths] = world.government[0].revenue / before - 1.0
    assert grown[0.0] > 0.005
    assert grown[1000.0] < -0.002
