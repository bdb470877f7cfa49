"""The networks of docs/odd.md once more, in NetworkX and plain Python: slow, and the same to the bit."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
from scipy.spatial import KDTree

from ssr_sim.country import Country
from ssr_sim.draws import u01
from ssr_sim.networks import Map
from tests.twin.country import stream_number

NEAREST, LONG_TIES, CANDIDATES = 6, 3, 60


def roads(country: Country, places: Map) -> nx.Graph:
    """A spanning tree and the nearest neighbour in each region, the shortest road across each border."""
    graph = nx.Graph()
    points = np.column_stack([places.x, places.y])
    graph.add_nodes_from(range(len(points)))
    members = {int(row): np.flatnonzero(places.region == row) for row in np.unique(places.region)}
    for here in members.values():
        if len(here) > 1:
            _inside(graph, points, here)
    number = {region.name: row for row, region in enumerate(country.regions)}
    for a, b in country.borders:
        if number[a] in members and number[b] in members:
            here, there = members[number[a]], members[number[b]]
            distance, nearest = KDTree(points[there]).query(points[here])
            best = int(np.argmin(distance))
            graph.add_edge(int(here[best]), int(there[nearest[best]]))
    return graph


def _inside(graph: nx.Graph, points: np.ndarray, members: np.ndarray) -> None:
    distance, nearest = KDTree(points[members]).query(points[members], k=min(NEAREST + 1, len(members)))
    local = nx.Graph()
    local.add_nodes_from(range(len(members)))
    for i in range(len(members)):
        for d, j in zip(distance[i][1:], nearest[i][1:], strict=True):
            local.add_edge(i, int(j), length=float(d))
    first, *apart = (sorted(part) for part in nx.connected_components(local))
    for part in apart:
        d, j = KDTree(points[members[first]]).query(points[members[part]])
        best = int(np.argmin(d))
        local.add_edge(part[best], first[int(j[best])], length=float(d[best]))
    for i, j in nx.minimum_spanning_edges(local, weight="length", data=False):
        graph.add_edge(int(members[i]), int(members[j]))
    for i in range(len(members)):
        graph.add_edge(int(members[i]), int(members[nearest[i][1]]))


def social_ties(ways: nx.Graph, places: Map, constituency: np.ndarray, homophily: float, seed: int) -> nx.Graph:
    """Ties along the roads, and from each community to the best three by strength, nearness and luck."""
    graph = nx.Graph()
    graph.add_nodes_from(ways.nodes)
    n = len(places.x)

    def strength(i: int, j: int) -> float:
        return 1.0 if constituency[i] == constituency[j] else 1.0 / homophily

    for i, j in ways.edges:
        graph.add_edge(i, j, weight=strength(i, j))
    if n > 2:
        points = np.column_stack([places.x, places.y])
        distance, nearest = KDTree(points).query(points, k=min(CANDIDATES + 1, n))
        scale = float(np.median(distance[:, -1]))
        code = stream_number("map: long social ties")
        for i in range(n):
            scores = []
            for d, j in zip(distance[i].tolist(), nearest[i].tolist(), strict=True):
                if j != i:
                    luck = -math.log(-math.log(u01(seed, code, 0, i, j)))
                    scores.append((math.log(strength(i, j)) - d / scale + luck, j))
            for _, j in sorted(scores, reverse=True)[:LONG_TIES]:
                graph.add_edge(i, j, weight=strength(i, j))
    return graph


def command(units: int) -> nx.Graph:
    """Each headquarters leads five units."""
    return nx.full_rary_tree(5, units) if units else nx.Graph()


def rows(graph: nx.Graph) -> list[dict[int, float]]:
    """Neighbours of each node with weights that add up to 1, in ascending order."""
    found = []
    for i in sorted(graph):
        around = {j: float(graph.adj[i][j].get("weight", 1.0)) for j in sorted(graph.adj[i])}
        total = 0.0
        for value in around.values():
            total += value
        found.append({j: value / total for j, value in around.items()})
    return found
