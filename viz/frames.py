"""One run as frames for the map: the state of every community each four weeks, as one block of bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ssr_sim import run
from ssr_sim.draws import mix_seed
from ssr_sim.scenario import Scenario
from ssr_sim.tables import COMMUNITY
from ssr_sim.world import World

from .shares import SHARE

EVERY = 4  # weeks between frames
LARGEST = 5_000  # communities that a map can show


class Shown(NamedTuple):
    """A field of communities that the map can be coloured by, with its unit."""

    name: str
    unit: str

    def top(self, values: np.ndarray[Any, Any]) -> float:
        """The end of the colours, which begin at 0: the largest value of a run, of shares the next full tenth."""
        largest = float(values.max())
        return max(math.ceil(10.0 * largest), 1) / 10.0 if self.unit == SHARE else largest or 1.0


SHOWN = (
    Shown("trust_police", SHARE), Shown("trust_government", SHARE), Shown("legitimacy", SHARE),
    Shown("grievance", SHARE), Shown("fear", SHARE), Shown("attacks_in_memory", "attacks in a year"),
    Shown("displaced", "people"), Shown("troops", "persons"), Shown("soldiers", "persons"),
    Shown("fighters", "persons"),
)


@dataclass(frozen=True)
class Film:
    """A run to be watched. `outcomes` are those of `run.summarise`. `values` is (frames, fields, communities) of bytes,
    255 standing for the top of a field; `units` (frames, army units) and `contingents` (frames, contingents) hold the
    community where each is, 65535 none.
    """

    outcomes: dict[str, Any]
    weeks: list[int]
    tops: list[float]
    values: np.ndarray[Any, np.dtype[np.uint8]]
    units: np.ndarray[Any, np.dtype[np.uint16]]
    contingents: np.ndarray[Any, np.dtype[np.uint16]]

    @property
    def postings(self) -> bytes:
        """The units and then the contingents of every frame, as `widgets.network.Network` takes them."""
        return np.concatenate([self.units, self.contingents], axis=1).astype("<u2").tobytes()


def film(scenario: Scenario, years: int, seed: int, replicate: int, parameters: str) -> Film:
    """Replicate `replicate` of the ensemble with `seed`, lived again and looked at every four weeks."""
    weeks = run.weeks_in(years)
    own_seed = mix_seed(seed, replicate)
    drawn = scenario.prior_draw(own_seed) if parameters == "prior" else None
    world = run.start(run.prepare(scenario, weeks), own_seed, drawn)
    series = run.new_series(weeks)
    moments = [0, *range(EVERY, weeks + 1, EVERY)]
    seen = [_look(world)]
    for first in moments[:-1]:
        run.advance(world, series[first:first + EVERY])
        seen.append(_look(world))
    run.advance(world, series[moments[-1]:])
    raw = np.stack([fields for fields, _, _ in seen])
    tops = [field.top(raw[:, k]) for k, field in enumerate(SHOWN)]
    scaled = np.clip(raw / np.array(tops)[None, :, None] * 255.0, 0.0, 255.0)
    return Film(run.summarise(world, series), moments, tops,
                scaled.round().astype(np.uint8), np.stack([units for _, units, _ in seen]),
                np.stack([contingents for _, _, contingents in seen]))


def _look(world: World) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    table = world.communities
    fighters = world.presence["fighters"].reshape(-1, len(table)).sum(axis=0)
    fields = np.stack([fighters if field.name == "fighters" else table[field.name] for field in SHOWN])
    units = np.where(world.military["staff"] >= 1, world.military["posting"], 65535).astype(np.uint16)
    there = world.contingents["strength"] >= 1
    return fields, units, np.where(there, world.contingents["posting"], 65535).astype(np.uint16)


def ground(scenario: Scenario) -> dict[str, Any]:
    """The map itself: places, people, roads and names, drawn once."""
    laid = run.prepare(scenario, 1).ground
    places = laid.places
    roads = [[int(i), int(j)] for i in range(len(places.x))
             for j in laid.roads.targets[laid.roads.starts[i]:laid.roads.starts[i + 1]] if i < j]
    regions = [region.name for region in scenario.country.regions]
    return {"x": places.x.tolist(), "y": places.y.tolist(), "people": places.population.tolist(), "roads": roads,
            "region": [regions[k] for k in places.region]}


def meanings() -> dict[str, str]:
    """What each field of the map means, from the tables of the model."""
    own = {"fighters": "fighters of armed groups in this community"}
    return {field.name: own.get(field.name) or COMMUNITY[field.name].meaning for field in SHOWN}
