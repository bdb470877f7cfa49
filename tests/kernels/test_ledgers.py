"""Nothing appears and nothing vanishes: people, weapons and money balance every week in every scenario."""

from collections.abc import Iterator

import numpy as np
import pytest

from ssr_sim.measures import INDEX
from ssr_sim.run import advance, copy_world, new_series, prepare, start, summarise
from ssr_sim.scenario import Scenario
from ssr_sim.scenario_files import scenario_names
from ssr_sim.submodels.armed_groups import groups_decide
from ssr_sim.submodels.donors import fund_programmes
from ssr_sim.submodels.economy import relieve
from ssr_sim.submodels.fragmentation import groups_split
from ssr_sim.tables import LINES, SECTOR_OF_LINE, SIGNATORY, SPLINTER
from ssr_sim.world import World

YEARS = 10
WEEKS = 522
SEEDS = (1, 2)
MONTH = 4
OVERHEAD = 0.07  # of pooled aid

runs = pytest.mark.parametrize("seed", SEEDS)
scenarios = pytest.mark.parametrize("name", scenario_names())


def fresh(name: str, seed: int) -> World:
    return start(prepare(Scenario.load(name), WEEKS), seed)


def weeks_of(world: World) -> Iterator[int]:
    """Step the world week by week; yields the week just lived through."""
    for week in range(WEEKS):
        advance(world, new_series(1))
        yield week


def people(world: World) -> float:
    """Everyone, in whatever role, and the dead."""
    country, state = world.country[0], world.government[0]
    roles = (
        world.communities["population"],
        world.communities["gangs"],
        world.police["staff"],
        world.military["staff"],
        world.presence["fighters"],
        world.cohorts["disarmed"],
        world.cohorts["demobilised"],
        world.cohorts["reintegrated"],
    )
    elsewhere = state.pool_police + state.pool_army + country.abroad
    return float(sum(role.sum() for role in roles) + elsewhere + country.killed)


def weapons(world: World) -> float:
    """All weapons in the country and those destroyed, less those that entered it."""
    country = world.country[0]
    held = world.groups["weapons"].sum() + world.military["weapons"].sum()
    return float(held + country.weapons_loose + country.weapons_collected - country.weapons_entered)


@scenarios
@runs
def test_people_are_conserved_and_whole(name: str, seed: int) -> None:
    world = fresh(name, seed)
    before = people(world)
    for week in weeks_of(world):
        assert people(world) == before, f"week {week}"
    for table, field in (
        ("communities", "population"),
        ("communities", "gangs"),
        ("police", "staff"),
        ("military", "staff"),
        ("presence", "fighters"),
        ("cohorts", "disarmed"),
        ("cohorts", "demobilised"),
        ("cohorts", "reintegrated"),
        ("government", "pool_police"),
    ):
        column = getattr(world, table)[field]
        assert (column >= 0).all(), f"{table}.{field} below zero"
        assert (column == np.floor(column)).all(), f"{table}.{field}: part of a person"


@scenarios
@runs
def test_everyone_displaced_has_a_place_to_return_to(name: str, seed: int) -> None:
    """Displaced here and abroad = away from home, in whole persons; hosts hold them among their people."""
    world = fresh(name, seed)
    wanted = Scenario.load(name).country.displacement
    assert world.communities["displaced"].sum() == pytest.approx(wanted.internal.value, rel=0.05, abs=1.0)
    assert world.country[0].abroad == pytest.approx(wanted.abroad.value, rel=0.05, abs=1.0)
    for week in weeks_of(world):
        if week % MONTH == 0:
            places = world.communities
            assert places["away"].sum() == places["displaced"].sum() + world.country[0].abroad, f"week {week}"
            assert (places["displaced"] <= places["population"]).all(), f"week {week}"
    for column in (world.communities["away"], world.communities["displaced"], world.country["abroad"]):
        assert (column >= 0).all()
        assert (column == np.floor(column)).all()


@scenarios
@runs
def test_usual_residents_are_those_of_the_scenario(name: str, seed: int) -> None:
    """A scenario counts the displaced at home: who lives here and is no guest, and who is away, are its residents."""
    world = fresh(name, seed)
    places = world.communities
    residents = places["population"] - places["displaced"] + places["away"] + places["gangs"]
    assert residents.sum() == pytest.approx(Scenario.load(name).country.population, abs=1.0)


@scenarios
@runs
def test_relief_is_paid_once_and_its_tax_lands_with_those_who_hold_the_ground(name: str, seed: int) -> None:
    world = fresh(name, seed)
    relief = LINES.index("relief")
    for week in weeks_of(world):
        if week % (6 * MONTH) == 0:
            round_ = copy_world(world)
            relieve(round_, MONTH * world.clock[0].dt)
            entry = round_.ledger[relief]
            taxed = entry.leaked - world.ledger[relief].leaked
            gained = round_.groups["money"].sum() - world.groups["money"].sum()
            assert gained == pytest.approx(taxed, rel=1e-6, abs=1e-2), f"week {week}"
            assert entry.spent - taxed == pytest.approx(entry.delivered * entry.planned, rel=1e-9, abs=1e-3)
            assert 0.0 <= taxed <= entry.spent <= entry.planned


@scenarios
@runs
def test_the_dead_are_counted_once(name: str, seed: int) -> None:
    world = fresh(name, seed)
    advance(world, new_series(WEEKS))
    country = world.country[0]
    assert country.killed == country.battle_deaths + country.civilian_deaths + country.criminal_deaths
    assert country.state_killings <= country.civilian_deaths


@scenarios
@runs
def test_group_totals_are_the_sums_of_their_places(name: str, seed: int) -> None:
    world = fresh(name, seed)
    for week in weeks_of(world):
        by_group = world.presence["fighters"].reshape(len(world.groups), -1).sum(axis=1)
        active = world.groups["exists"] == 1
        assert np.array_equal(by_group[active], world.groups["fighters"][active]), f"week {week}"
        assert (by_group[~active] == 0).all(), f"week {week}: fighters without a group"


@scenarios
@runs
def test_weapons_are_conserved(name: str, seed: int) -> None:
    world = fresh(name, seed)
    before = weapons(world)
    for week in weeks_of(world):
        assert weapons(world) == pytest.approx(before, abs=1e-6), f"week {week}"
    assert world.country[0].weapons_loose >= 0
    assert (world.groups["weapons"] >= 0).all()


@scenarios
@runs
def test_money_in_is_money_out(name: str, seed: int) -> None:
    """Aid and domestic money = spending + aid that met no need + fixed costs and overhead, in each round."""
    world = fresh(name, seed)
    funding = world.parameters.funding[0]
    dt = MONTH * world.clock[0].dt
    aid_before, total_before = 0.0, world.ledger["total"].copy()
    for week in weeks_of(world):
        if week % MONTH:
            continue
        sectors, ledger, country = world.sectors, world.ledger, world.country[0]
        aid = world.donors["disbursed"].sum()
        assert country.aid_received - aid_before == pytest.approx(aid, rel=1e-6, abs=1.0)
        aid_before = float(country.aid_received)

        # between donors and sectors stand the fixed costs of projects and the overhead of the pool
        lost = aid - sectors["aid"].sum()
        projects = len(world.donors) * len(sectors) * funding.project_cost * dt * (1.0 - funding.pooled_share)
        unused_pool = 0.0 if (sectors["need"] > sectors["domestic"]).any() else (1.0 - OVERHEAD)
        pool = (OVERHEAD + unused_pool) * funding.pooled_share * aid
        assert -1e-3 <= lost <= projects + pool + 1e-3, f"week {week}"
        assert lost >= OVERHEAD * funding.pooled_share * aid - 1e-3, f"week {week}"

        spent = np.bincount(
            SECTOR_OF_LINE[SECTOR_OF_LINE >= 0], ledger["spent"][SECTOR_OF_LINE >= 0], len(sectors)
        )
        paid = sectors["domestic"] + sectors["useful"] + sectors["assessed"]
        assert spent == pytest.approx(paid, rel=1e-9, abs=1e-3), f"week {week}"
        assert (sectors["useful"] <= sectors["aid"] + 1e-6).all()
        assert sectors["useful"] == pytest.approx(
            sectors["aid"] * (1.0 - sectors["duplicated"]), rel=1e-9, abs=1e-3
        )
        assert (spent <= sectors["need"] * (1 + 1e-9) + 1e-6).all()
        assert ledger["total"] - total_before == pytest.approx(ledger["spent"], rel=1e-6, abs=1.0), (
            f"week {week}"
        )
        total_before = ledger["total"].copy()


@scenarios
@runs
def test_the_state_spends_no_more_than_its_budget(name: str, seed: int) -> None:
    world = fresh(name, seed)
    dt = MONTH * world.clock[0].dt
    for week in weeks_of(world):
        if week % MONTH == 0:
            state = world.government[0]
            # the budget is revised once a quarter, after the round that spent it
            assert world.sectors["domestic"].sum() <= state.revenue * state.security_share * dt * 1.01, (
                f"week {week}"
            )


@scenarios
@runs
def test_a_diverted_dollar_lands_with_an_elite_or_an_armed_group(name: str, seed: int) -> None:
    world = fresh(name, seed)
    dt = MONTH * world.clock[0].dt
    for week in weeks_of(world):
        if week % MONTH == 0:
            round_ = copy_world(world)
            fund_programmes(round_, dt)
            leaked = round_.country[0].leaked - world.country[0].leaked
            to_groups = round_.groups["money"].sum() - world.groups["money"].sum()
            to_elites = round_.elites["rents"].sum() - world.elites["rents"].sum()
            assert leaked >= 0
            assert to_groups + to_elites == pytest.approx(leaked, rel=1e-6, abs=1e-2), f"week {week}"
            assert leaked <= round_.ledger["spent"].sum()
    assert world.ledger["leaked"].sum() == pytest.approx(world.country[0].leaked, rel=1e-9)


@scenarios
@runs
def test_all_accounts_of_spending_agree(name: str, seed: int) -> None:
    world = fresh(name, seed)
    series = new_series(WEEKS)
    advance(world, series)
    total = summarise(world, series)["cost_usd"]
    assert total == pytest.approx(world.ledger["total"].sum(), rel=1e-12)
    # a round is booked in its first week and stands in the series for four
    assert series[::4, INDEX["spending"]].sum() == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_ledgers_balance_in_a_country_of_splits_defections_and_defeats(seed: int) -> None:
    """Restless small groups and unpaid soldiers: the rare transfers happen often."""
    scenario = Scenario.load("baseline")
    small = {f"country.armed_groups.{g.name}.fighters": 400.0 for g in scenario.country.armed_groups}
    split = {f"country.armed_groups.{g.name}.latent_splinter": 1.0 for g in scenario.country.armed_groups}
    scenario = scenario.with_levers(
        {
            **small,
            **split,
            "country.communities": 30,
            "country.agreement.settlement": 0.0,
            "vetting.coverage": 2.0,
            "fragmentation.rate": 1.0,
            "military.mutiny_rate": 0.004,
            "military.arrears_effect": 0.4,
            "country.economy.government_budget": 0.0,
            "equipment.military": 1.0,
            "ddr.capacity": 2.0,
        }
    )
    world = start(prepare(scenario, WEEKS), seed)
    people_before, weapons_before = people(world), weapons(world)
    for week in weeks_of(world):
        assert people(world) == people_before, f"week {week}"
        assert weapons(world) == pytest.approx(weapons_before, abs=1e-6), f"week {week}"
    country = world.country[0]
    assert min(country.splits, country.defections, country.killed, world.government[0].pool_police) > 0


def test_weapons_of_a_beaten_splinter_outlast_the_next_one_in_its_row() -> None:
    world = fresh("baseline", 1)
    row, parent = world.groups[-1], world.groups[0]
    row.exists, row.stance, row.at_war, row.fighters, row.weapons = 1, SPLINTER, 1, 10.0, 50.0
    row.weeks_in_state = 30.0
    world.presence["fighters"][-len(world.communities)] = 10.0
    people_before, weapons_before = people(world), weapons(world)
    groups_decide(world)
    assert world.groups[-1].exists == 0
    assert (people(world), weapons(world)) == (people_before, weapons_before)

    world.groups["exists"][1:-1] = 1  # the beaten one left the only free row
    parent.stance, parent.splinter_risk, parent.unrest, parent.cohesion = SIGNATORY, 1.0, 1.0, 0.0
    groups_split(world, 1000.0)
    assert world.groups[-1].exists == 1
    assert (people(world), weapons(world)) == (people_before, weapons_before)
