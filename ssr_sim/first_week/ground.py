"""What all replicates of a scenario share: the map, the networks, and where the following of each group lives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ssr_sim.country import ArmedGroup, Country
from ssr_sim.networks import Map, chain_of_command, lay_roads, place_communities, tie_people
from ssr_sim.world import Layer

HOMOPHILY = 3.0  # assumption: a tie within a group is three times as likely and as strong
SPOKEN_FOR = 0.15  # assumption: share of a place's people that a group must lead to speak for the place
LAID_FOR = ("population", "constituency_share")  # the numbers of regions and groups that are read here


class Ground(NamedTuple):
    """The map and the networks. `bases` (groups, communities) says where each group's following lives, `criminals`
    likewise for gangs, rows sum to 1; `constituency` (communities,) is the group that speaks for each, -1 none.
    """

    places: Map
    roads: Layer
    social: Layer
    command: Layer
    bases: np.ndarray
    criminals: np.ndarray
    constituency: np.ndarray


def organised(country: Country) -> list[ArmedGroup]:
    """Armed groups with a political claim; criminal gangs are counted in communities."""
    return [group for group in country.armed_groups if group.stance != "criminal"]


def gangs(country: Country) -> list[ArmedGroup]:
    """Criminal gangs."""
    return [group for group in country.armed_groups if group.stance == "criminal"]


def lay_ground(country: Country) -> Ground:
    """Place communities and build the networks."""
    places = place_communities(country)
    n = len(places.x)
    bases = _bases(country, organised(country), places)
    shares = np.array([group.constituency_share.laid for group in organised(country)])
    constituency = np.full(n, -1)
    if len(bases):
        # a community has a constituency where the group's following is a fair part of the people
        following = bases * shares[:, None] / np.maximum(places.population / max(places.population.sum(), 1.0), 1e-9)
        strongest = following.argmax(axis=0)
        constituency = np.where(following.max(axis=0) > SPOKEN_FOR, strongest, -1)
    roads = lay_roads(country, places)
    social = tie_people(roads, places, constituency, HOMOPHILY, country.network_seed)
    command = chain_of_command(country.army.units)  # of all it may have: a prior may draw soldiers where there are none
    return Ground(places, roads, social, command, bases, _bases(country, gangs(country), places), constituency)


def _bases(country: Country, groups: list[ArmedGroup], places: Map) -> np.ndarray:
    """Share of each group's following in each community, shape (groups, communities)."""
    names = [region.name for region in country.regions]
    people = np.bincount(places.region, weights=places.population, minlength=len(names))
    rows = np.zeros((len(groups), len(places.x)))
    for g, group in enumerate(groups):
        by_region = np.array([group.base_regions.get(name, 0.0) for name in names])
        if by_region.sum() <= 0:
            by_region = people
        rows[g] = by_region[places.region] * places.population / np.maximum(people, 1.0)[places.region]
        if rows[g].sum() > 0:
            rows[g] /= rows[g].sum()
    return rows
