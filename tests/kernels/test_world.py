"""The country as a whole: no row is special, luck is an agent's own, quiet stays quiet, extremes hold."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.run import advance, copy_world, digest, new_series, prepare, start, summarise
from ssr_sim.scenario import BLOCKS, Scenario
from ssr_sim.tables import TABLES
from ssr_sim.world import Layer, World

WEEKS = 261  # five years

# numbers of events in the log: which came first among simultaneous ones depends on the order of rows
LOG_NUMBERS = {"last_event", "last_abuse", "relapse_event"}


@pytest.fixture(scope="module")
def small(baseline: Scenario) -> Scenario:
    return baseline.with_levers({"country.communities": 16})


def run(scenario: Scenario, seed: int = 1, weeks: int = WEEKS) -> tuple[World, np.ndarray]:
    world = start(prepare(scenario, weeks), seed)
    series = new_series(weeks)
    advance(world, series)
    return world, series


def check(world: World) -> None:
    """Every field of every table is a number within the range that `tables.py` declares."""
    for table, fields in TABLES.items():
        for name, field in fields.items():
            column = getattr(world, table)[name].astype(np.float64)
            assert np.isfinite(column).all(), f"{table}.{name} is not finite"
            assert (column >= field.lo).all(), f"{table}.{name} = {column.min()} is below {field.lo}"
            assert (column <= field.hi).all(), f"{table}.{name} = {column.max()} is above {field.hi}"
    for indicator, value in zip(INDICATORS, world.measured, strict=True):
        assert np.isfinite(value), indicator.name
        if indicator.unit == "share 0-1":
            assert -1e-9 <= value <= 1.0 + 1e-9, f"{indicator.name} = {value}"


# ------------------------------------------------------------------------------------------------ permutation
def permuted(world: World, order: np.ndarray) -> World:
    """The same world with its communities in another order: new row i is old row `order[i]`."""
    n = len(order)
    place = np.argsort(order)  # old row -> new row

    def rows(table: np.ndarray) -> np.ndarray:
        return table[order].copy()

    def pairs(table: np.ndarray) -> np.ndarray:
        return table.reshape(-1, n)[:, order].ravel().copy()

    def posted(table: np.ndarray) -> np.ndarray:
        moved = table.copy()
        moved["posting"] = place[table["posting"]]
        return moved

    return world._replace(
        communities=rows(world.communities),
        police=rows(world.police),
        presence=pairs(world.presence),
        cohorts=pairs(world.cohorts),
        military=posted(world.military),
        contingents=posted(world.contingents),
        roads=layer_permuted(world.roads, order),
        social=layer_permuted(world.social, order),
    )


def same(a: World, b: World, without: tuple[str, ...] = ()) -> None:
    """Equal to the last integer, and to 1e-9 where sums were taken in another order."""
    for table, fields in TABLES.items():
        for name in fields.keys() - LOG_NUMBERS - set(without):
            ours, theirs = getattr(a, table)[name], getattr(b, table)[name]
            if ours.dtype.kind in "iu":
                assert np.array_equal(ours, theirs), f"{table}.{name}"
            else:
                assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9), f"{table}.{name}"


def with_units_permuted(world: World, order: np.ndarray) -> World:
    """The same world with its army units in another order: new row i is old row `order[i]`."""
    place = np.argsort(order)
    units = world.military[order].copy()
    led = units["commander"] >= 0
    units["commander"][led] = place[units["commander"][led]]
    return world._replace(military=units, command=layer_permuted(world.command, order))


def layer_permuted(layer: Layer, order: np.ndarray) -> Layer:
    place = np.argsort(order)
    rows = [slice(layer.starts[i], layer.starts[i + 1]) for i in order]
    return Layer(
        np.concatenate([[0], np.cumsum([row.stop - row.start for row in rows])]).astype(np.int64),
        np.concatenate([place[layer.targets[row]] for row in rows]).astype(np.int32),
        np.concatenate([layer.weights[row] for row in rows]),
    )


def shuffled(rows: int, seed: int) -> np.ndarray:
    return np.argsort(np.sin(np.arange(rows) * 12.9898 + seed))


UNDER_REVIEW = {
    "vetting.coverage": 2.0,
    "vetting.gate": 0.0,
    "vetting.reinstatement": 0.3,
    "recruitment.police_target": 400.0,
    "funding.level": 3.0,
    "country.economy.government_budget": 3e9,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("name", "changes"),
    [("baseline", {}), ("liberia-2003", {}), ("somalia-1993", {}), ("baseline", UNDER_REVIEW)],
    ids=["baseline", "liberia-2003", "somalia-1993", "under-review"],
)
def test_relabelling_communities_permutes_the_result(name: str, changes: dict[str, float], seed: int) -> None:
    world = start(prepare(Scenario.load(name).with_levers(changes), 60), seed)
    order = shuffled(len(world.communities), seed)
    other = permuted(copy_world(world), order)
    for _ in range(8):
        advance(world, new_series(9))
        advance(other, new_series(9))
        same(permuted(world, order), other)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["baseline", "liberia-2003"])
def test_relabelling_army_units_permutes_the_result(name: str, seed: int) -> None:
    world = start(prepare(Scenario.load(name), 60), seed)
    order = shuffled(len(world.military), seed)
    other = with_units_permuted(copy_world(world), order)
    for _ in range(8):
        advance(world, new_series(9))
        advance(other, new_series(9))
        same(with_units_permuted(world, order), other)


# ------------------------------------------------------------------------------------------------- own luck
def test_an_extra_donor_without_money_changes_nothing(baseline: Scenario) -> None:
    donors = [donor.model_dump() for donor in baseline.country.donors]
    extra = Scenario.from_toml(
        with_donors(baseline, [*donors, {**donors[0], "name": "Latecomer", "share": 0.0}])
    )
    world, series = run(extra)
    assert len(world.donors) == len(donors) + 1
    assert digest(series) == digest(run(baseline)[1])


def with_donors(scenario: Scenario, donors: list[dict[str, Any]]) -> str:
    country = scenario.country.model_copy(
        update={"donors": tuple(type(scenario.country.donors[0]).model_validate(donor) for donor in donors)}
    )
    return dataclasses.replace(scenario, country=country).to_toml()


def test_an_extra_free_place_for_a_splinter_changes_nothing(baseline: Scenario) -> None:
    world = start(prepare(baseline, WEEKS), 1)
    n, groups = len(world.communities), len(world.groups)
    more = {
        table: np.concatenate([getattr(world, table), np.zeros(rows, getattr(world, table).dtype)])
        for table, rows in (("groups", 1), ("presence", n), ("cohorts", n))
    }
    more["groups"]["uid"][-1] = groups
    more["groups"]["parent"][-1] = more["groups"]["last_event"][-1] = -1
    for table in ("presence", "cohorts"):
        more[table]["uid"][-n:] = groups * 2**20 + np.arange(n)
    series = new_series(WEEKS)
    advance(world._replace(**more), series)
    assert digest(series) == digest(run(baseline)[1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_extra_community_changes_nobody_elses_luck(small: Scenario, seed: int) -> None:
    """An empty place without roads: everyone else lives through the same weeks."""
    # the programmes' prices count districts, so the extra one would cost money
    free = {"community_policing.coverage": 0.0, "gbv.response": 0.0}
    world = start(prepare(small.with_levers(free), 60), seed)
    n = len(world.communities)

    def appended(table: np.ndarray, groups: int = 1, step: int = 0) -> np.ndarray:
        """One more row for each group, a copy of its last with nobody in it and an identity of its own."""
        blocks = table.reshape(groups, -1)
        extra = blocks[:, -1:].copy()
        extra["uid"] = np.arange(groups)[:, None] * step + n
        for field in ("population", "gangs", "staff", "ghosts", "fighters", "base", "excitation", "files",
                      "charges", "trials", "displaced", "away", "refuge"):
            if field in (extra.dtype.names or ()):
                extra[field] = 0.0
        return np.concatenate([blocks, extra], axis=1).ravel()

    def laid(layer: Layer) -> Layer:
        return layer._replace(starts=np.append(layer.starts, layer.starts[-1]))

    groups = len(world.groups)
    other = world._replace(
        communities=appended(world.communities),
        police=appended(world.police),
        presence=appended(world.presence, groups, 2**20),
        cohorts=appended(world.cohorts, groups, 2**20),
        roads=laid(world.roads),
        social=laid(world.social),
        **{
            name: getattr(world, name).copy()
            for name, value in world._asdict().items()
            if isinstance(value, np.ndarray)
            and name not in ("communities", "police", "presence", "cohorts", "settings")
        },
    )
    advance(world, new_series(52))
    advance(other, new_series(52))
    cut = other._replace(
        communities=other.communities[:n],
        police=other.police[:n],
        **{name: getattr(other, name).reshape(groups, -1)[:, :n].ravel() for name in ("presence", "cohorts")},
    )
    same(world, cut)


def test_first_people_and_officers_do_not_depend_on_how_many_there_are(baseline: Scenario) -> None:
    """A longer list of army units leaves the nature of the first ones as it was."""
    few = start(prepare(baseline.with_levers({"country.army.units": 10}), 1), 1).military
    many = start(prepare(baseline.with_levers({"country.army.units": 30}), 1), 1).military
    for field in ("professionalism", "corrupt", "posting", "patron"):
        assert np.array_equal(few[field], many[field][:10]), field


# ---------------------------------------------------------------------------------------------------- quiet
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_country_without_armed_groups_stays_quiet(baseline: Scenario, seed: int) -> None:
    country = baseline.country.model_copy(update={"armed_groups": ()})
    world, series = run(dataclasses.replace(baseline, country=country), seed)
    outcome = summarise(world, series)
    assert outcome["battle_deaths"] == outcome["defections"] == outcome["splits"] == 0.0
    assert (series[:, INDEX["violence"]] == 0.0).all()
    assert outcome["weeks_to_peace"] == 51.0
    assert outcome["at_peace_at_end"]
    assert not outcome["relapsed_conflict"]
    # what dies is killed by criminals or by unpunished soldiers
    assert outcome["civilian_deaths"] == world.country[0].state_killings
    check(world)


def test_groups_at_peace_have_no_violence_at_all(baseline: Scenario) -> None:
    """Not little but none: a trickle would make every country relapse."""
    world = start(prepare(baseline, WEEKS), 1)
    leaders = world.parameters.armed_groups[0]
    leaders.base_rate = leaders.spoiler_rate = world.parameters.fragmentation[0].rate = 0.0  # nobody decides for war
    world.groups["at_war"] = 0
    world.groups["smouldering"] = 0.0
    world.presence["excitation"] = 0.0
    series = new_series(WEEKS)
    advance(world, series)
    for name in ("violence", "battle_deaths", "groups_at_war"):
        assert (series[:, INDEX[name]] == 0.0).all(), name


# ------------------------------------------------------------------------------------------------- extremes
def levers(scenario: Scenario) -> Iterator[tuple[str, float | str, float | str]]:
    """Key, lowest and highest value of every lever."""
    for key, row in scenario.parameters.items():
        if row.role == "lever":
            yield key, row.value(row.lo), row.value(row.hi)


LEVERS = [
    key
    for block, kind in BLOCKS.items()
    for name, field in kind.model_fields.items()
    if field.json_schema_extra["role"] == "lever"  # type: ignore[index, call-overload]
    for key in (f"{block}.{name}",)
]


def test_all_levers_are_found(small: Scenario) -> None:
    assert [key for key, _, _ in levers(small)] == LEVERS
    assert len(LEVERS) >= 30


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("end", [1, 2], ids=["lowest", "highest"])
def test_all_levers_at_one_end_keep_every_field_in_range(small: Scenario, end: int, seed: int) -> None:
    check(run(small.with_levers({entry[0]: entry[end] for entry in levers(small)}), seed)[0])


@pytest.mark.parametrize("key", LEVERS)
def test_one_lever_at_either_end_keeps_every_field_in_range(small: Scenario, key: str) -> None:
    row = small.parameter(key)
    for end in (row.lo, row.hi):
        check(run(small.with_levers({key: row.value(end)}))[0])


@pytest.mark.parametrize("role", ["uncertain", "constant"])
def test_other_parameters_at_either_end_keep_every_field_in_range(small: Scenario, role: str) -> None:
    for key, row in small.parameters.items():
        for end in (row.lo, row.hi) if row.role == role else ():
            try:
                check(run(small.with_levers({key: row.value(end)}), weeks=104)[0])
            except AssertionError as error:
                raise AssertionError(f"{key} = {end}: {error}") from error


@pytest.mark.parametrize(
    ("title", "changes"),
    [
        ("one community", {"country.communities": 1}),
        ("two communities", {"country.communities": 2}),
        ("no police", {"country.police.size": 0.0}),
        ("no army", {"country.army.size": 0.0}),
        ("no army units", {"country.army.units": 0}),
        ("one army unit", {"country.army.units": 1}),
        ("no forces", {"country.police.size": 0.0, "country.army.size": 0.0}),
        ("no government budget", {"country.economy.government_budget": 0.0}),
        ("no aid", {"country.aid.total": 0.0}),
        ("no money", {"country.aid.total": 0.0, "country.economy.government_budget": 0.0}),
        ("no elites", {"country.politics.elites": 0.0}),
        ("no contingents", {"country.mission.contingents": 0}),
        ("no capacity", {"country.politics.absorptive_capacity": 0.0}),
        ("full capacity", {"country.politics.absorptive_capacity": 1.0}),
        ("no young people", {"country.society.youth_share": 0.0}),
        ("only young people", {"country.society.youth_share": 1.0}),
        ("no weapons", {"country.weapons.in_circulation": 0.0}),
        ("no planned disarmament", {"country.agreement.ddr_planned": 0.0}),
        (
            "ten years of arrears",
            {"country.police.arrears_months": 120.0, "country.army.arrears_months": 120.0},
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_a_country_short_of_something_runs(small: Scenario, title: str, changes: dict[str, float]) -> None:
    for seed in (1, 2):
        check(run(small.with_levers(changes), seed)[0])


@pytest.mark.parametrize("part", ["donors", "armed_groups", "neighbours", "exclusion", "borders"])
def test_a_country_without_a_kind_of_actor_or_link_runs(small: Scenario, part: str) -> None:
    world, _ = run(dataclasses.replace(small, country=small.country.model_copy(update={part: ()})))
    check(world)
    if part == "borders":
        assert len(np.unique(components(world.roads))) == len(small.country.regions)


def components(layer: Layer) -> np.ndarray:
    """Number of the connected part that each node belongs to."""
    part = np.arange(len(layer.starts) - 1)
    for _ in part:
        for i in range(len(part)):
            near = layer.targets[layer.starts[i] : layer.starts[i + 1]]
            part[i] = min(part[i], *part[near]) if len(near) else part[i]
    return part


def test_an_empty_country_runs(small: Scenario) -> None:
    """Nobody lives there: no ratio of nothing to nothing may spoil a sum."""
    regions = tuple(
        region.model_copy(
            update={
                "population": region.population.model_copy(update={"value": 0.0, "low": None, "high": None})
            }
        )
        for region in small.country.regions
    )
    country = small.country.model_copy(update={"regions": regions, "armed_groups": ()})
    check(run(dataclasses.replace(small, country=country))[0])
