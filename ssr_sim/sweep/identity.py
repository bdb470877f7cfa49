"""Who a run is: a digest of everything that decides its result, and of nothing else.

Two runs with the same identity are the same run, in whatever sweep, under whatever name; it is made once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np

from ssr_sim.first_week.ground import LAID_FOR
from ssr_sim.provenance import model_digest
from ssr_sim.scenario import Scenario
from ssr_sim.scenario_tables import essence
from ssr_sim.sweep.study import Study

Hash = Any  # hashlib names no type for its objects


class Identities:
    """The identities of a study's runs, from the numbers in force at their start.

    A policy is known by its place in `Study.policy_names`, a state of the world by its number.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.bases = [_fixed(scenario, study.weeks) for scenario in study.policies.values()]
        self.settings = study.settings + 0.0  # no minus zero
        reference = study.policies[study.reference]
        self.places = {key: place for place, key in enumerate(reference.parameters)}
        numbers = [(key, datum.value) for key, datum in reference.country.numbers()]
        self.numbers = np.array([value for _, value in numbers]) + 0.0
        of_country = {key: place for place, (key, _) in enumerate(numbers)}
        keys = study.states.keys
        self.in_settings = [(column, self.places[key]) for column, key in enumerate(keys) if key in self.places]
        self.in_country = [(column, of_country[key]) for column, key in enumerate(keys) if key in of_country]

    def settings_of(self, policy: int, state: int) -> np.ndarray:
        """The parameters in force at the start, float64 in the order of the catalogue: policy, then state."""
        named = len(self.settings)
        settings: np.ndarray = self.settings[policy if policy < named else 0].copy()
        points, states = self.study.points, self.study.states
        if policy >= named:
            settings[[self.places[key] for key in points.keys]] = points.values[policy - named]
        for column, place in self.in_settings:
            settings[place] = states.values[state, column]
        return settings

    def of_pair(self, policy: int, state: int) -> bytes:
        """What all replicates of a policy in a state of the world share: 16 bytes."""
        known: Hash = self.bases[policy if policy < len(self.bases) else 0].copy()
        known.update((self.settings_of(policy, state) + 0.0).tobytes())
        numbers = self.numbers.copy()
        for column, place in self.in_country:
            numbers[place] = self.study.states.values[state, column] + 0.0
        known.update(numbers.tobytes())
        return bytes(known.digest())


def run_id(pair: bytes, seed: int) -> str:
    """32 hexadecimal digits: the identity of the run with this seed; `pair` is from `Identities.of_pair`."""
    return blake2b(pair + seed.to_bytes(8), digest_size=16).hexdigest()


def _fixed(scenario: Scenario, weeks: int) -> Hash:
    """A digest to go on with: the model, the horizon, the policy over time, the shocks, and the country without its
    numbers but with those that its map is laid for.
    """
    content = {
        "model": model_digest(), "weeks": weeks, "start": scenario.start, "price_year": scenario.price_year,
        "parameters": list(scenario.parameters), "country": _without_numbers(essence(scenario.country)),
        "map": [datum.laid for key, datum in scenario.country.numbers() if key.rpartition(".")[2] in LAID_FOR],
        "policy": [{**replace(change, date=None).document(), "label": ""} for change in scenario.policy],
        "shocks": [replace(shock, date=None, label="").document() for shock in scenario.shocks],
    }
    return blake2b(json.dumps(essence(content), sort_keys=True, default=str).encode(), digest_size=16)


def _without_numbers(content: Any) -> Any:
    """The country's essence without its numbers: their values count as they are drawn, their ranges never."""
    if isinstance(content, Mapping):
        number = set(content) - {"central"} == {"value", "low", "high"}
        return None if number else {key: _without_numbers(item) for key, item in content.items()}
    return [_without_numbers(item) for item in content] if isinstance(content, list) else content
