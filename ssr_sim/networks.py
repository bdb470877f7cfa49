"""The country's map and networks, from a scenario to the compressed sparse rows that the compiled phases read.

Regions and their borders come from the scenario; communities are placed inside them and tied by roads and by social
ties with group homophily. Everything is drawn from the scenario's `network_seed`, so the same file gives the same map.
Pairs are arrays (pairs, 2) of community rows from start to end: ten communities or a million, one way to build them.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import KDTree

from ssr_sim.country import Country
from ssr_sim.draws import normal, stream, u01
from ssr_sim.jit import njit
from ssr_sim.world import Layer

if TYPE_CHECKING:
    import networkx as nx

PLACE_X = stream(200, "map: east of a community in its region")
PLACE_Y = stream(201, "map: north of a community in its region")
SIZE = stream(202, "map: size of a community")
TIE = stream(203, "map: long social ties")

NEAREST = 6  # roads are chosen among this many nearest communities of a region
LONG_TIES = 3  # social ties beyond the roads, for each community
CANDIDATES = 60  # long ties are chosen among this many nearest communities
LED = 5  # units that each headquarters leads
DRAWN = 300  # regions up to which a layout of their borders is worth the quadratic time of a spring model
PIVOTS = 50  # regions from which steps are counted where there are more
ROWS = 2_000  # communities looked at together: bounds memory, lets Ctrl-C in

log = logging.getLogger(__name__)


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
    if len(regions) > DRAWN:
        return layout_by_steps(border_rows(country), len(regions))
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(region.name for region in regions)
    graph.add_edges_from(country.borders)
    layout = nx.kamada_kawai_layout(graph) if len(graph) > 1 else {regions[0].name: np.zeros(2)}
    return np.array([layout[region.name] for region in regions], dtype=np.float64)


def border_rows(country: Country) -> np.ndarray:
    """Common borders as pairs of regions, int64 (borders, 2), in the scenario's order."""
    row = {region.name: number for number, region in enumerate(country.regions)}
    return np.array([(row[a], row[b]) for a, b in country.borders], dtype=np.int64).reshape(-1, 2)


def layout_by_steps(pairs: np.ndarray, nodes: int) -> np.ndarray:
    """A layout (nodes, 2) in which distance follows the number of steps between nodes: pivot multidimensional scaling
    (Brandes and Pich 2007, Graph Drawing), in time linear in `nodes`.
    """
    graph = csr_array((np.ones(len(pairs)), pairs.T), (nodes, nodes))
    pivots = np.arange(0, nodes, math.ceil(nodes / PIVOTS))
    steps = dijkstra(graph, directed=False, unweighted=True, indices=pivots).T
    steps[np.isinf(steps)] = steps[np.isfinite(steps)].max() + 1.0  # no way: a little farther than any
    squares = steps**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()
    left, size, _ = np.linalg.svd(centred, full_matrices=False)
    layout = left[:, :2] * (size[:2] / size[0])
    # nodes as far from all pivots share a spot: part them along a spiral
    turn = 2.4 * np.arange(nodes)
    apart = 0.3 / nodes * np.sqrt(np.arange(nodes) / nodes)
    spiral = np.column_stack([apart * np.cos(turn), apart * np.sin(turn)])
    return np.asarray(np.round(layout + spiral, 9))


def place_communities(country: Country) -> Map:
    """Communities of every region: at least one each, more where more people live, sizes heavy-tailed, near its
    centre. Rows are in the order of the regions.
    """
    n = country.communities
    log.info("placing %s communities", f"{n:,}")
    people = np.array([region.population.laid for region in country.regions])
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
    _scatter(country.network_seed, centres[region], radius[region], x, y, weight)
    population = np.empty(n)
    for row, here in rows_by_region(region):
        population[here] = whole_shares(held[row], weight[here])
    return Map(region, x, y, population)


def rows_by_region(region: np.ndarray) -> Iterator[tuple[int, slice]]:
    """Each region that has communities, and their rows; `region` (communities,) ascends."""
    found, first = np.unique(region, return_index=True)
    for row, start, end in zip(found, first, [*first[1:], len(region)], strict=True):
        yield int(row), slice(int(start), int(end))


@njit
def _scatter(
    seed: int, centre: np.ndarray, radius: np.ndarray, x: np.ndarray, y: np.ndarray, weight: np.ndarray
) -> None:
    """Draw places `x`, `y` in a disc around each `centre` (communities, 2) and log-normal `weight`s."""
    for i in range(len(x)):
        angle = 2 * math.pi * u01(seed, PLACE_X, 0, i, 0)
        reach = radius[i] * math.sqrt(u01(seed, PLACE_Y, 0, i, 0))
        x[i] = centre[i, 0] + reach * math.cos(angle)
        y[i] = centre[i, 1] + reach * math.sin(angle)
        weight[i] = math.exp(0.7 * normal(u01(seed, SIZE, 0, i, 0)))


def lay_roads(country: Country, places: Map) -> Layer:
    """Roads: a spanning tree and short links inside each region, one road across each border."""
    log.info("laying roads inside %s regions", f"{len(country.regions):,}")
    points = np.column_stack([places.x, places.y])
    pairs, trees, rows = [], {}, dict(rows_by_region(places.region))
    for region, here in rows.items():
        trees[region] = KDTree(points[here])
        pairs.append(here.start + roads_inside(trees[region]))
    log.info("laying roads across %s borders", f"{len(country.borders):,}")
    for a, b in border_rows(country).tolist():
        if a in rows and b in rows:
            # no farther than from the place on this side that lies nearest to the middle of the other
            facing = trees[a].data[trees[a].query(trees[b].data.mean(axis=0))[1]]
            bound = trees[b].query(facing)[0] + 1e-9
            length, nearest = trees[b].query(trees[a].data, distance_upper_bound=bound)
            best = int(np.argmin(length))
            pairs.append(np.array([[rows[a].start + best, rows[b].start + nearest[best]]]))
    return tie(np.concatenate(pairs), len(points))


def roads_inside(tree: KDTree) -> np.ndarray:
    """Roads of one region whose communities are the points of `tree`, as pairs: the minimum spanning tree of their
    nearest neighbours, and from each to its nearest.
    """
    n = tree.n
    if n < 2:
        return np.empty((0, 2), dtype=np.int64)
    length, near = zip(*(others(tree, rows, NEAREST) for rows in chunks(n)), strict=True)
    nearest = np.concatenate(near)
    own = np.broadcast_to(np.arange(n)[:, None], nearest.shape)
    low, high = np.minimum(own, nearest).ravel(), np.maximum(own, nearest).ravel()
    key, link = np.unique(low * n + high, return_index=True)  # each link once, whichever end found it
    # by rank, so that no length is 0, which a sparse matrix takes for no link
    rank = np.empty(len(key))
    rank[np.argsort(np.concatenate(length).ravel()[link], kind="stable")] = np.arange(1, len(key) + 1)
    links = csr_array((rank, (low[link], high[link])), (n, n))
    spanning = np.column_stack(minimum_spanning_tree(links).nonzero())
    first = np.column_stack([np.arange(n), nearest[:, 0]])
    return np.concatenate([spanning, _clusters_joined(tree, links), first])


def _clusters_joined(tree: KDTree, links: csr_array) -> np.ndarray:
    """The shortest pair from each cluster of communities that `links` leave apart to the cluster of the first one."""
    clusters, cluster = connected_components(links, directed=False)
    if clusters == 1:
        return np.empty((0, 2), dtype=np.int64)
    home, away = np.flatnonzero(cluster == cluster[0]), np.flatnonzero(cluster != cluster[0])
    length, nearest = KDTree(tree.data[home]).query(tree.data[away])
    order = np.lexsort((length, cluster[away]))
    best = order[np.unique(cluster[away][order], return_index=True)[1]]
    return np.column_stack([away[best], home[nearest[best]]])


def tie_people(
    roads: Layer, places: Map, constituency: np.ndarray, homophily: float, seed: int
) -> Layer:
    """Social ties: along the roads and a few longer ones, likelier and stronger within one group.

    `constituency` (communities,) is the group that speaks for a community; `homophily` is how much likelier and
    stronger a tie within a group is than one between groups. Raises ValueError unless it is finite and at least 1.
    """
    if not 1.0 <= homophily < math.inf:
        raise ValueError(f"homophily must be a finite number, 1 or more, got {homophily!r}")
    n = len(places.x)
    pairs = [np.column_stack([row_of_each(roads), roads.targets])]
    if n > 2:
        pairs.append(_long_ties(places, constituency, homophily, seed))
    return tie(np.concatenate(pairs), n, constituency, homophily)


def _long_ties(places: Map, constituency: np.ndarray, homophily: float, seed: int) -> np.ndarray:
    """Pairs of each community and the best of its neighbours by strength, nearness and luck: a draw in proportion to
    `strength * exp(-distance / scale)` by the largest of Gumbel-distributed scores.
    """
    points = np.column_stack([places.x, places.y])
    n, k = len(points), min(CANDIDATES, len(points) - 1)
    log.info("looking for the %s nearest of %s communities", k, f"{n:,}")
    tree = KDTree(points)
    near, reach = np.empty((n, k), dtype=np.int32), np.empty(n)
    for rows in chunks(n):
        length, near[rows] = others(tree, rows, k)
        reach[rows] = length[:, -1]
    scale = float(np.median(reach)) or 1.0
    log.info("tying %s communities by long social ties", f"{n:,}")
    kept = min(LONG_TIES, k)
    chosen = np.empty((n, kept), dtype=np.int64)
    for rows in chunks(n):
        east, north = (side[near[rows]] - side[rows, None] for side in (places.x, places.y))
        length = np.sqrt(east * east + north * north)
        apart = constituency[near[rows]] != constituency[rows, None]
        luck = np.empty(length.shape)
        _luck_of_pairs(seed, rows.start, near[rows], luck)
        score = np.where(apart, -math.log(homophily), 0.0) - length / scale - np.log(-np.log(luck))
        best = np.argpartition(-score, kept - 1, axis=1)[:, :kept]
        chosen[rows] = np.take_along_axis(near[rows], best, axis=1)
    return np.column_stack([np.repeat(np.arange(n), kept), chosen.ravel()])


@njit
def _luck_of_pairs(seed: int, first: int, near: np.ndarray, luck: np.ndarray) -> None:
    """Fill `luck` with a uniform number for each pair of row `first` + r and its neighbour `near[r, c]`."""
    for r in range(near.shape[0]):
        for c in range(near.shape[1]):
            luck[r, c] = u01(seed, TIE, 0, first + r, near[r, c])


def commanders(units: int) -> np.ndarray:
    """The unit one level up in the chain of command, shape (units,): each leads five, unit 0 at the top has -1."""
    return np.asarray((np.arange(units) - 1) // LED)


def chain_of_command(units: int) -> Layer:
    """Who is one level up or down in the chain of command, a tree."""
    return tie(np.column_stack([commanders(units), np.arange(units)])[1:], units)


def chunks(n: int) -> Iterator[slice]:
    """Rows 0 .. n - 1 in pieces."""
    return (slice(first, min(first + ROWS, n)) for first in range(0, n, ROWS))


def others(tree: KDTree, rows: slice, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances to the `k` nearest other points for some points of a tree, and which they are, both (rows, k or all
    there are), nearest first.
    """
    k = min(k, tree.n - 1)
    length, near = tree.query(tree.data[rows], k=k + 1)
    itself = near == np.arange(rows.start, rows.stop)[:, None]
    itself[~itself.any(axis=1), -1] = True  # among many on one spot a point may not find itself
    return length[~itself].reshape(-1, k), near[~itself].reshape(-1, k)


def tie(pairs: np.ndarray, nodes: int, group: np.ndarray | None = None, homophily: float = 1.0) -> Layer:
    """Pairs (pairs, 2) of nodes as a layer: both ways, each once, weights that add up to 1 in each row.

    A tie between nodes of different `group` (nodes,) is weaker by the factor `homophily`.
    """
    there, back = pairs[:, 0] * nodes + pairs[:, 1], pairs[:, 1] * nodes + pairs[:, 0]
    i, j = np.divmod(np.unique(np.concatenate([there, back])), nodes)
    starts = np.concatenate([[0], np.cumsum(np.bincount(i, minlength=nodes))])
    weights = np.ones(len(i)) if group is None else np.where(group[i] == group[j], 1.0, 1.0 / homophily)
    weights /= np.bincount(i, weights, minlength=nodes)[i]
    return Layer(starts, j.astype(np.int32), weights)


def row_of_each(layer: Layer) -> np.ndarray:
    """The node that each entry of `layer.targets` is a neighbour of, int64 (edges,)."""
    return np.repeat(np.arange(len(layer.starts) - 1), np.diff(layer.starts))


def as_graph(layer: Layer) -> nx.DiGraph:
    """A layer for NetworkX, to draw or to analyse: an edge from each node to each neighbour, with its weight."""
    import networkx as nx

    n = len(layer.starts) - 1
    matrix = csr_array((layer.weights, layer.targets, layer.starts), (n, n))
    return nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
