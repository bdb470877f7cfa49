"""Maps and networks: the same as the plain twin's to the bit, sound in every odd country, built for a million."""

from __future__ import annotations

import logging
import math
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from ssr_sim import networks
from ssr_sim.country import Country
from ssr_sim.first_week.ground import HOMOPHILY, Ground, lay_ground
from ssr_sim.networks import (
    Map,
    as_graph,
    chain_of_command,
    commanders,
    lay_roads,
    place_communities,
    roads_inside,
    tie_people,
)
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.scenario import Draw, Scenario, scenario_names
from ssr_sim.toml_text import write
from ssr_sim.world import Layer
from tests.twin import networks as plain

LARGEST_WEIGHT_ERROR = 1e-12


def changed(country: Country, **values: Any) -> Country:
    return country.model_copy(update=values)


def land(communities: int, names: str, borders: tuple[tuple[str, str], ...] = (), **more: Any) -> Scenario:
    """A country with a region of 100,000 people for each letter, in a row, unless `more` says otherwise."""
    regions = [{"name": name, "population": 100_000, "lon": float(k), "lat": 0.0} for k, name in enumerate(names)]
    document = Scenario.load("baseline").document()
    kept = {key: value for key, value in document["country"].items()
            if key not in ("regions", "borders", "armed_groups", "neighbours", "donors", "mission")}
    document["country"] = {**kept, "communities": communities, "regions": regions,
                           "borders": [list(pair) for pair in borders], **more}
    return Scenario.from_toml(write(document))


# ------------------------------------------------------------------------------------------------ the plain twin
def as_rows(layer: Layer) -> list[dict[int, float]]:
    targets, weights = layer.targets.tolist(), layer.weights.tolist()
    return [dict(zip(targets[a:b], weights[a:b], strict=True)) for a, b in pairwise(layer.starts.tolist())]


def same_as_the_twin(country: Country) -> None:
    ground = lay_ground(country)
    ways = plain.roads(country, ground.places)
    social = plain.social_ties(ways, ground.places, ground.constituency, HOMOPHILY, country.network_seed)
    assert as_rows(ground.roads) == plain.rows(ways)
    assert as_rows(ground.social) == plain.rows(social)
    assert as_rows(ground.command) == plain.rows(plain.command(country.army.units))


@pytest.mark.parametrize("name", scenario_names())
def test_networks_of_every_shipped_country_are_those_of_the_plain_twin(name: str) -> None:
    country = Scenario.load(name).country
    for communities, seed in ((country.communities, country.network_seed), (1000, 7)):
        same_as_the_twin(changed(country, communities=communities, network_seed=seed))


@pytest.mark.parametrize("communities", [1, 2, 3, 4, 8, 61, 120, 10_000])
def test_networks_of_any_size_are_those_of_the_plain_twin(baseline: Scenario, communities: int) -> None:
    same_as_the_twin(changed(baseline.country, communities=communities))


@pytest.mark.parametrize("units", [0, 1, 2, 6, 40, 1000])
def test_every_headquarters_leads_five_units(units: int) -> None:
    assert as_rows(chain_of_command(units)) == plain.rows(plain.command(units))
    above = {child: parent for parent, child in nx.bfs_edges(plain.command(units), 0)} if units else {}
    assert commanders(units).tolist() == [above.get(unit, -1) for unit in range(units)]


def test_a_layer_becomes_a_graph_with_its_weights(baseline: Scenario) -> None:
    ground = lay_ground(baseline.country)
    graph = as_graph(ground.social)
    found = [{j: data["weight"] for j, data in sorted(graph.adj[i].items())} for i in sorted(graph)]
    assert found == as_rows(ground.social)


# ------------------------------------------------------------------------------------------------ odd countries
def matrix(layer: Layer) -> csr_array:
    n = len(layer.starts) - 1
    return csr_array((layer.weights, layer.targets, layer.starts), (n, n))


def sound(layer: Layer) -> None:
    """Ties go both ways, to others only, each once and in order; weights of a row add up to 1."""
    n = len(layer.starts) - 1
    own = np.repeat(np.arange(n), np.diff(layer.starts))
    key = own * n + layer.targets
    assert (np.diff(key) > 0).all()
    assert (own != layer.targets).all()
    assert np.array_equal(np.sort(layer.targets.astype(np.int64) * n + own), key)
    assert (layer.weights > 0).all()
    totals = np.bincount(own, layer.weights, minlength=n)
    assert np.abs(totals[np.diff(layer.starts) > 0] - 1.0).max(initial=0.0) < LARGEST_WEIGHT_ERROR
    assert (layer.starts.dtype, layer.targets.dtype, layer.weights.dtype) == (np.int64, np.int32, np.float64)


def sound_ground(country: Country) -> Ground:
    """Both layers are sound; roads join every region, and regions as borders do."""
    ground = lay_ground(country)
    region = ground.places.region
    sound(ground.roads)
    sound(ground.social)
    assert np.isfinite([ground.places.x, ground.places.y]).all()
    assert ground.places.population.sum() == sum(region.population.value for region in country.regions)
    borders = nx.Graph(country.borders)
    borders.add_nodes_from(row.name for row in country.regions)
    if len(np.unique(region)) == len(country.regions):
        assert connected_components(matrix(ground.roads))[0] == nx.number_connected_components(borders)
    n = len(region)
    own, other = np.repeat(np.arange(n), np.diff(ground.roads.starts)), ground.roads.targets
    within = region[own] == region[other]
    inside = csr_array((np.ones(within.sum()), (own[within], other[within])), (n, n))
    assert connected_components(inside)[0] == len(np.unique(region))
    return ground


ROW = (("A", "B"), ("B", "C"))
ODD = {
    "one community": land(1, "A"),
    "one community in three regions": land(1, "ABC", ROW),
    "two communities": land(2, "A"),
    "two communities in two regions without a border": land(2, "AB"),
    "fewer communities than regions": land(2, "ABC", ROW),
    "one region": land(300, "A"),
    "a region without a border": land(300, "ABC", (("A", "B"),)),
    "no coordinates": land(300, "ABC", ROW, regions=[{"name": name, "population": 1000} for name in "ABC"]),
    "no coordinates and no borders": land(30, "ABC", regions=[{"name": name, "population": 1000} for name in "ABC"]),
    "regions on one spot": land(90, "AB", (("A", "B"),), regions=[
        {"name": name, "population": 1000, "lon": 5.0, "lat": 5.0} for name in "AB"]),
    "a region that nobody lives in": land(90, "AB", (("A", "B"),), regions=[
        {"name": "A", "population": 1000}, {"name": "B", "population": 0}]),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_country_has_sound_networks_and_lives(name: str) -> None:
    scenario = ODD[name]
    sound_ground(scenario.country)
    world = start(prepare(scenario, 14), seed=1)
    series = new_series(14)
    advance(world, series)
    assert np.isfinite(series).all()
    assert len(world.communities) == scenario.country.communities


@pytest.mark.parametrize("placed", [True, False], ids=["with coordinates", "laid out by their borders"])
def test_five_thousand_regions_are_placed_and_joined(placed: bool) -> None:
    side = 70  # a chequered country and 100 islands
    names = [f"R{k}" for k in range(5000)]
    regions: list[dict[str, Any]] = [{"name": name, "population": 1000 + k} for k, name in enumerate(names)]
    for k, region in enumerate(regions if placed else []):
        region |= {"lon": k % side * 0.1, "lat": k // side * 0.1}
    pairs = [(k, k + 1) for k in range(4899) if (k + 1) % side] + [(k, k + side) for k in range(4900 - side)]
    scenario = land(6000, "", tuple((names[a], names[b]) for a, b in pairs), regions=regions)
    ground = sound_ground(scenario.country)
    assert np.bincount(ground.places.region, minlength=5000).min() == 1
    if not placed:  # neighbours lie nearer than strangers, and no two regions on one spot
        centres = networks.region_centres(scenario.country)
        near = np.linalg.norm(np.diff(centres[np.array(pairs)], axis=1), axis=2)
        apart = np.linalg.norm(centres[:2450] - centres[2450:4900], axis=1)
        assert np.median(near) < 0.2 * np.median(apart)
        assert len(np.unique(centres, axis=0)) == 5000


def test_clusters_that_nearest_neighbours_leave_apart_are_joined_by_the_shortest_road() -> None:
    """Three rings of ten places: the second and the third each get the shortest road to the first."""
    turn = 2.0 * math.pi * np.arange(10) / 10 + 0.1
    rings = [np.column_stack([east + np.cos(turn), np.sin(turn) + 0.01 * np.arange(10)]) for east in (0.0, 50.0, 90.0)]
    points = np.concatenate(rings)
    pairs = roads_inside(KDTree(points))
    ring = pairs // 10
    across = pairs[ring[:, 0] != ring[:, 1]]
    assert sorted(sorted(pair) for pair in (across // 10).tolist()) == [[0, 1], [0, 2]]
    for pair in across:
        home, away = sorted(pair.tolist(), key=lambda i: i // 10)
        cluster = rings[away // 10]
        shortest = np.linalg.norm(rings[0][:, None] - cluster[None], axis=2).min()
        assert np.linalg.norm(points[home] - points[away]) == pytest.approx(shortest)
    assert connected_components(matrix(networks.tie(pairs, 30)))[0] == 1


def test_communities_on_one_spot_are_joined(baseline: Scenario) -> None:
    n = 200
    country = land(n, "A").country
    spot = Map(np.zeros(n, dtype=np.int64), np.full(n, 3.0), np.full(n, 4.0), np.full(n, 10.0))
    roads = lay_roads(country, spot)
    sound(roads)
    assert connected_components(matrix(roads))[0] == 1
    sound(tie_people(roads, spot, np.arange(n) % 2, 3.0, 1))


# ------------------------------------------------------------------------------------------------ homophily
def ties_of(homophily: float, constituency: np.ndarray, places: Map, roads: Layer) -> Layer:
    layer = tie_people(roads, places, constituency, homophily, 1)
    sound(layer)
    return layer


def test_homophily_of_one_knows_no_groups_and_a_very_large_one_nothing_else() -> None:
    country = land(600, "A").country
    places = place_communities(country)
    roads = lay_roads(country, places)
    one, two = np.zeros(600, dtype=np.int64), np.arange(600) % 2
    blind = ties_of(1.0, two, places, roads)
    assert all(np.array_equal(a, b) for a, b in zip(blind, ties_of(1.0, one, places, roads), strict=True))
    shares = {}
    for homophily in (1.0, 3.0, 1e300):
        layer = ties_of(homophily, two, places, roads)
        own = np.repeat(np.arange(600), np.diff(layer.starts))
        within = two[own] == two[layer.targets]
        shares[homophily] = layer.weights[within].sum() / layer.weights.sum()
        if homophily == 1e300:  # what is left across groups are roads, which weigh nothing
            on_road = np.isin(own * 600 + layer.targets,
                              np.repeat(np.arange(600), np.diff(roads.starts)) * 600 + roads.targets)
            assert on_road[~within].all()
    assert shares[1.0] < 0.6 < shares[3.0] < 0.95 < shares[1e300]


@pytest.mark.parametrize("homophily", [0.5, 0.0, -1.0, math.inf, math.nan])
def test_homophily_below_one_or_without_end_is_refused(homophily: float) -> None:
    places = place_communities(land(10, "A").country)
    roads = lay_roads(land(10, "A").country, places)
    with pytest.raises(ValueError, match="homophily must be a finite number, 1 or more, got"):
        tie_people(roads, places, np.zeros(10, dtype=np.int64), homophily, 1)


# ------------------------------------------------------------------------------------------------ large countries
def test_a_hundred_thousand_communities_are_built_and_lived_in(baseline: Scenario) -> None:
    scenario = baseline.with_levers({"country.communities": 100_000})
    template = prepare(scenario, 5)
    sound(template.ground.roads)
    sound(template.ground.social)
    assert connected_components(matrix(template.ground.roads))[0] == 1
    world = start(template, seed=1)
    advance(world, new_series(5))
    arrays = [value for value in world if isinstance(value, np.ndarray)]
    arrays += [*world.roads, *world.social, *world.command, *template.ground.places]
    assert sum(array.nbytes for array in arrays) < 2_000 * 100_000


def test_ties_do_not_depend_on_how_many_are_looked_at_together(
    baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    country = changed(baseline.country, communities=500)
    whole = lay_ground(country)
    monkeypatch.setattr(networks, "ROWS", 7)
    pieces = lay_ground(country)
    for layer in ("roads", "social"):
        assert all(np.array_equal(a, b) for a, b in zip(getattr(whole, layer), getattr(pieces, layer), strict=True))


def test_building_says_what_it_does(baseline: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="ssr_sim"):
        lay_ground(baseline.country)
    assert caplog.messages == [
        "placing 120 communities", "laying roads inside 8 regions", "laying roads across 14 borders",
        "looking for the 60 nearest of 120 communities", "tying 120 communities by long social ties"]


def test_soldiers_that_a_prior_draws_have_a_chain_of_command(baseline: Scenario) -> None:
    none = baseline.with_levers({"country.army.size": 0.0})
    world = start(prepare(none, 4), 1, Draw({}, {"country.army.size": 5000.0}))
    assert len(world.military) == none.country.army.units
    assert len(world.command.starts) == len(world.military) + 1
    advance(world, new_series(4))
