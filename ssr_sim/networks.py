"""The country's networks: NetworkX graphs from a scenario, stored as compressed sparse rows for the compiled phases.

Regions and their borders come from the scenario; communities are placed inside them and tied by roads and by social
ties with group homophily. Everything is drawn from the scenario's `network_seed`, so the same file gives the same map.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import networkx as nx
import numpy as np
from scipy.spatial import KDTree

from ssr_sim.country import Country
from ssr_sim.draws import normal, stream, u01
from ssr_sim.world import Layer

PLACE_X = stream(200, "map: east of a community in its region")
PLACE_Y = stream(201, "map: north of a community in its region")
SIZE = stream(202, "map: size of a community")
TIE = stream(203, "map: long social ties")

NEAREST = 6  # roads are chosen among this many nearest communities of a region
LONG_TIES = 3  # social ties beyond the roads, for each community
CANDIDATES = 60  # long ties are chosen among this many nearest communities


class Map(NamedTuple):
    """Where communities lie: region (row), x and y (map units), population (persons), each of shape (communities,)."""

    region: np.ndarray
    x: np.ndarray
    y: np.ndarray
    population: np.ndarray


def whole_shares(total: float, weights: np.ndarray) -> np.ndarray:
    """Split `total` persons in proportion to `weights`, shape (n,), into whole numbers that add up (largest
    remainder).
    """
    total = float(round(total))
    if total <= 0 or weights.sum() <= 0:
        return np.zeros(len(weights))
    exact = total * weights / weights.sum()
    shares: np.ndarray = np.floor(exact)
    order = np.argsort(-(exact - shares), kind="stable")
    shares[order[: int(total - shares.sum())]] += 1
    return shares


def region_centres(country: Country) -> np.ndarray:
    """Centres of the regions, shape (regions, 2): longitude and latitude where given, else a layout of the borders."""
    regions = country.regions
    if all(region.lon is not None and region.lat is not None for region in regions):
        return np.array([[region.lon, region.lat] for region in regions], dtype=np.float64)
    graph = border_graph(country)
    layout = nx.kamada_kawai_layout(graph) if len(graph) > 1 else {regions[0].name: np.zeros(2)}
    return np.array([layout[region.name] for region in regions], dtype=np.float64)


def border_graph(country: Country) -> nx.Graph:
    """Regions as nodes, common borders as edges."""
    graph = nx.Graph()
    graph.add_nodes_from(region.name for region in country.regions)
    graph.add_edges_from(country.borders)
    return graph


def place_communities(country: Country) -> Map:
    """Communities of every region: at least one each, more where more people live, sizes heavy-tailed, near its
    centre.
    """
    n = country.communities
    seed = country.network_seed
    people = np.array([region.population.value for region in country.regions])
    centres = region_centres(country)
    held = people.copy()
    if n < len(people):
        # fewer communities than regions: the smaller regions join the nearest that has one
        keep = np.sort(np.argsort(-people, kind="stable")[:n])
        held = np.zeros(len(people))
        for small, number in enumerate(people):
            nearest = keep[np.argmin(np.linalg.norm(centres[keep] - centres[small], axis=1))]
            held[nearest] += number
        counts = np.isin(np.arange(len(people)), keep).astype(int)
    else:
        counts = 1 + whole_shares(n - len(people), np.maximum(people, 1.0)).astype(int)
    region = np.repeat(np.arange(len(people)), counts)
    if len(centres) > 1:
        gaps = KDTree(centres).query(centres, k=2)[0][:, 1]
        radius = np.maximum(gaps, 1e-6) * 0.55
    else:
        radius = np.ones(1)
    x, y, weight = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        angle = 2 * math.pi * u01(seed, PLACE_X, 0, i, 0)
        reach = radius[region[i]] * math.sqrt(u01(seed, PLACE_Y, 0, i, 0))
        x[i] = centres[region[i], 0] + reach * math.cos(angle)
        y[i] = centres[region[i], 1] + reach * math.sin(angle)
        weight[i] = math.exp(0.7 * normal(u01(seed, SIZE, 0, i, 0)))
    population = np.empty(n)
    for row in np.unique(region):
        here = region == row
        population[here] = whole_shares(held[row], weight[here])
    return Map(region, x, y, population)


def road_graph(country: Country, places: Map) -> nx.Graph:
    """Roads: a spanning tree and short links inside each region, one road across each border."""
    graph = nx.Graph()
    points = np.column_stack([places.x, places.y])
    graph.add_nodes_from(range(len(points)))
    rows: dict[int, np.ndarray] = {}
    for inside in np.unique(places.region):
        rows[int(inside)] = members = np.flatnonzero(places.region == inside)
        _tie_region(graph, points, members)
    number = {region.name: row for row, region in enumerate(country.regions)}
    for a, b in country.borders:
        here, there = rows.get(number[a]), rows.get(number[b])
        if here is None or there is None:
            continue
        distance, nearest = KDTree(points[there]).query(points[here])
        best = int(np.argmin(distance))
        graph.add_edge(int(here[best]), int(there[np.atleast_1d(nearest)[best]]), length=float(distance[best]))
    return graph


def _tie_region(graph: nx.Graph, points: np.ndarray, members: np.ndarray) -> None:
    """Join the communities of one region: the minimum spanning tree, then each to its nearest."""
    if len(members) < 2:
        return
    tree = KDTree(points[members])
    distance, nearest = tree.query(points[members], k=min(NEAREST + 1, len(members)))
    local = nx.Graph()
    local.add_nodes_from(range(len(members)))
    for i in range(len(members)):
        for d, j in zip(distance[i][1:], nearest[i][1:], strict=True):
            local.add_edge(i, int(j), length=float(d))
    parts = [sorted(part) for part in nx.connected_components(local)]
    for part in parts[1:]:
        # a cluster apart from the first: join the closest pair
        d, j = KDTree(points[members[parts[0]]]).query(points[members[part]])
        best = int(np.argmin(d))
        local.add_edge(part[best], parts[0][int(j[best])], length=float(d[best]))
    for i, j, data in nx.minimum_spanning_edges(local, weight="length", data=True):
        graph.add_edge(int(members[i]), int(members[j]), length=data["length"])
    for i in range(len(members)):
        graph.add_edge(int(members[i]), int(members[int(nearest[i][1])]), length=float(distance[i][1]))


def social_graph(roads: nx.Graph, places: Map, constituency: np.ndarray, homophily: float, seed: int) -> nx.Graph:
    """Social ties: along the roads and a few longer ones, likelier and stronger within one group.

    `constituency` (communities,) is the group that speaks for a community; `homophily` >= 1 is how much likelier and
    stronger a tie within a group is than one between groups.
    """
    graph = nx.Graph()
    graph.add_nodes_from(roads.nodes)
    n = len(places.x)

    def strength(i: int, j: int) -> float:
        return 1.0 if constituency[i] == constituency[j] else 1.0 / homophily

    for i, j in roads.edges:
        graph.add_edge(i, j, weight=strength(i, j))
    if n > 2:
        points = np.column_stack([places.x, places.y])
        distance, nearest = KDTree(points).query(points, k=min(CANDIDATES + 1, n))
        scale = float(np.median(distance[:, -1])) or 1.0
        for i in range(n):
            scores = []
            for d, j in zip(distance[i], nearest[i], strict=True):
                if int(j) != i:
                    luck = -math.log(-math.log(u01(seed, TIE, 0, i, int(j))))
                    scores.append((math.log(strength(i, int(j))) - d / scale + luck, int(j)))
            for _, j in sorted(scores, reverse=True)[:LONG_TIES]:
                graph.add_edge(i, j, weight=strength(i, j))
    return graph


def command_graph(units: int) -> nx.Graph:
    """Chain of command: a tree in which each headquarters leads five units; unit 0 is at the top."""
    return nx.full_rary_tree(5, units) if units > 0 else nx.Graph()


def commanders_in(tree: nx.Graph) -> np.ndarray:
    """The unit that leads each unit of a chain of command, int64 (units,); -1 for the one at the top."""
    commanders = np.full(len(tree), -1)
    if len(tree):
        for leader, unit in nx.bfs_edges(tree, 0):
            commanders[unit] = leader
    return commanders


def layer(graph: nx.Graph, nodes: int, weight: str | None = None) -> Layer:
    """A graph on nodes 0 .. `nodes` - 1 as compressed sparse rows with weights that add up to 1 in each row."""
    starts = np.zeros(nodes + 1, dtype=np.int64)
    targets: list[int] = []
    weights: list[float] = []
    for i in range(nodes):
        around = sorted(graph.adj[i]) if i in graph else []
        values = [float(graph.adj[i][j].get(weight, 1.0)) if weight else 1.0 for j in around]
        total = sum(values)
        targets += around
        weights += [value / total for value in values]
        starts[i + 1] = len(targets)
    return Layer(starts, np.array(targets, dtype=np.int32), np.array(weights, dtype=np.float64))
