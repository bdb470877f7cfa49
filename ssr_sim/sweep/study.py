"""A study: everything that decides which runs there are. Resolved from a specification, kept in the sweep's folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

import numpy as np

from ssr_sim import run
from ssr_sim.draws import mix_seed
from ssr_sim.faults import refuse
from ssr_sim.parameters import pack
from ssr_sim.scenario import Draw, Scenario
from ssr_sim.scenario_tables import set_value
from ssr_sim.sweep.designs import Points
from ssr_sim.toml_text import write

SHORTEST_NUMBERS = 4  # digits in the names of sampled policies


@dataclass(frozen=True)
class Target:
    """How well a share of runs is to be known: the half-width of its interval, for every policy."""

    outcome: str
    half_width: float


@dataclass(frozen=True)
class Replicates:
    """How many runs every policy has in every state of the world: always `most`, or from `least` on until the targets
    are met.
    """

    mode: Literal["fixed", "adaptive"]
    least: int
    most: int
    targets: tuple[Target, ...]
    seed: int


@dataclass(frozen=True)
class Study:
    """Policies, states of the world and replicates. `policies` holds the named ones, all laid over `base`, the
    reference first; `points` the sampled ones, values of levers over the reference; `states` what is uncertain.
    """

    name: str
    years: int
    outputs: tuple[str, ...]
    series_weeks: int
    failures_allowed: float
    base: Scenario
    policies: Mapping[str, Scenario]
    points: Points
    states: Points
    replicates: Replicates

    @property
    def weeks(self) -> int:
        """Length of every run."""
        return run.weeks_in(self.years)

    @property
    def reference(self) -> str:
        """Name of the policy that others are compared with."""
        return next(iter(self.policies))

    @cached_property
    def policy_names(self) -> tuple[str, ...]:
        """Names of all policies, the sampled ones last."""
        return (*self.policies, *self.points.names)

    @property
    def pairs(self) -> int:
        """Number of policies times states of the world."""
        return len(self.policy_names) * len(self.states)

    @cached_property
    def settings(self) -> np.ndarray:
        """The parameters that the named policies start with, float64 (policies, parameters)."""
        return np.stack([pack(scenario.blocks) for scenario in self.policies.values()])

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Keys that tell policies apart: those sampled, and those that the named policies set differently."""
        differs = (self.settings != self.settings[0]).any(axis=0)
        keys = [key for key, different in zip(self.base.parameters, differs, strict=True) if different]
        return tuple(dict.fromkeys([*self.points.keys, *keys]))

    def lever_values(self) -> np.ndarray:
        """Values of `levers` at the start, float64 (policies, levers); a choice is the index of its option."""
        order = list(self.base.parameters)
        named = self.settings[:, [order.index(key) for key in self.levers]]
        rows = np.repeat(named[:1], len(self.points), axis=0)
        for place, key in enumerate(self.points.keys):
            rows[:, self.levers.index(key)] = self.points.values[:, place]
        return np.concatenate([named, rows])

    def own_seed(self, state: int, replicate: int) -> int:
        """The seed of a replicate in a state of the world, the same under every policy and met in no other state.

        With one state it is the seed of that replicate in any ensemble.
        """
        return mix_seed(self.replicates.seed, self.number_in_ensemble(state, replicate))

    def number_in_ensemble(self, state: int, replicate: int) -> int:
        """The number of this run's luck among the replicates of an ensemble with the study's seed."""
        return replicate * len(self.states) + state

    def drawn(self, policy: int, state: int) -> Draw:
        """What a policy and a state of the world put over the scenario of a named policy, by key."""
        values = dict(zip(self.states.keys, self.states.values[state].tolist(), strict=True))
        if policy >= len(self.policies):
            point = self.points.values[policy - len(self.policies)]
            values |= dict(zip(self.points.keys, point.tolist(), strict=True))
        country = {key: value for key, value in values.items() if key.startswith("country.")}
        return Draw({key: value for key, value in values.items() if key not in country}, country)

    def scenario_in(self, policy: int, state: int) -> Scenario:
        """A policy in a state of the world as a scenario of its own, whose runs are those of the sweep to the bit."""
        drawn = self.drawn(policy, state)
        scenario = self.policies[self.policy_names[policy] if policy < len(self.policies) else self.reference]
        usual = dict(scenario.country.numbers())
        rows = scenario.parameters
        document = scenario.document()
        for key, value in drawn.country.items():
            problem = set_value(document["country"], scenario.country, key.removeprefix("country."),
                                {"value": value, "central": usual[key].laid})
            assert not problem, problem
        for key, number in drawn.parameters.items():
            document.setdefault(rows[key].block, {})[rows[key].name] = rows[key].value(number)
        return Scenario.from_toml(write(document), scenario.name)

    # --- one study and another ---

    def merged(self, newer: Study) -> Study:
        """A study of all that this one and `newer` ask for: policies, replicates, another name.

        Raises ValueError when the two do not fit together.
        """
        same = {"years": "years", "outputs": "outputs", "series_weeks": "series_weeks"}
        problems = [f"{word} is {getattr(newer, name)!r}, there it is {getattr(self, name)!r}"
                    for name, word in same.items() if getattr(self, name) != getattr(newer, name)]
        if self.replicates.seed != newer.replicates.seed:
            problems.append(f"seed is {newer.replicates.seed}, there it is {self.replicates.seed}")
        if not self.states.equals(newer.states):
            both = len(newer.states), len(self.states)
            number = "" if both[0] == both[1] else (f": {both[0]:,}, there {both[1]:,} (to go on with those, give the "
                                                    "folder instead of the specification)")
            problems.append(f"the states of the world are others{number}")
        if len(newer.points) and not self.points.equals(newer.points):
            problems.append("the sampled policies are others")
        problems += [f"policy {name!r} is another there" for name, scenario in newer.policies.items()
                     if name in self.policies and self.policies[name].digest != scenario.digest]
        if newer.reference != self.reference:
            problems.append(f"the reference is {newer.reference!r}, there it is {self.reference!r}")
        problems += [f"policy {name!r} is one of the sampled ones there" for name in newer.policies
                     if name in self.points.names]
        refuse(problems)
        replicates = newer.replicates
        if replicates.mode == self.replicates.mode == "fixed":
            most = max(replicates.most, self.replicates.most)
            replicates = replace(replicates, least=most, most=most)
        return replace(self, name=newer.name, failures_allowed=newer.failures_allowed,
                       policies={**self.policies, **newer.policies}, replicates=replicates)

    def with_replicates(self, number: int) -> Study:
        """The same study with more replicates (adaptive: with a higher limit).

        Raises ValueError when it has as many already.
        """
        now = self.replicates
        refuse([f"the sweep has {now.most} replicates; ask for more" if number <= now.most else ""])
        least = number if now.mode == "fixed" else now.least
        return replace(self, replicates=replace(now, least=least, most=number))

    # --- as a document ---

    def document(self) -> dict[str, Any]:
        """The study as JSON; the values of designs are elsewhere."""
        return {"name": self.name, "years": self.years, "outputs": self.outputs, "series_weeks": self.series_weeks,
                "failures_allowed": self.failures_allowed, "base": self.base.to_toml(),
                "policies": {name: scenario.to_toml() for name, scenario in self.policies.items()},
                "sampled": {"keys": self.points.keys, "names": self.points.names},
                "uncertainties": self.states.keys, "replicates": asdict(self.replicates)}

    @classmethod
    def from_document(cls, content: Mapping[str, Any], points: np.ndarray, states: np.ndarray) -> Study:
        """The study that `document` described, with the values of its designs."""
        replicates = dict(content["replicates"])
        targets = tuple(Target(**target) for target in replicates.pop("targets"))
        sampled = content["sampled"]
        return cls(content["name"], content["years"], tuple(content["outputs"]), content["series_weeks"],
                   content["failures_allowed"],
                   Scenario.from_toml(content["base"], "base"),
                   {name: Scenario.from_toml(text, name) for name, text in content["policies"].items()},
                   Points(tuple(sampled["keys"]), points, tuple(sampled["names"])),
                   Points(tuple(content["uncertainties"]), states), Replicates(**replicates, targets=targets))

    @cached_property
    def digest(self) -> str:
        """32 hexadecimal digits that differ between two studies with different runs or different labels."""
        text = json.dumps(self.document(), sort_keys=True)
        values = self.points.values.tobytes() + self.states.values.tobytes()
        return blake2b(text.encode() + values, digest_size=16).hexdigest()


def numbered(design: str, count: int) -> tuple[str, ...]:
    """Names of sampled policies: "sobol-0001", ..."""
    digits = max(SHORTEST_NUMBERS, len(str(count)))
    return tuple(f"{design}-{number:0{digits}d}" for number in range(1, count + 1))
