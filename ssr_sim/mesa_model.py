"""The model as Mesa knows models: stepped, watched, collected, swept and drawn with Mesa's own tools.

Made for a look inside one run; `run_ensemble` does many runs without it, faster and on all cores.

    model = SSRModel("liberia-2003", seed=7, **{"vetting.coverage": 0.5})
    model.step()                                             # one week
    model.trust_police                                       # any indicator of `measures.INDICATORS`
    model.agents_by_type[Community].agg("fear", max)
    for community in model.agents_by_type[Community].select(lambda c: c.region_name == "Lofa"):
        community.fear = 0.0                                 # changes what happens next
    mesa.batch_run(SSRModel, {"scenario": "baseline", "seed": [1, 2], "vetting.coverage": [0.1, 0.5]}, max_steps=260)
"""

from __future__ import annotations

import itertools
import operator
import secrets
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import mesa
import numpy as np
from mesa.agent import AgentSet

from ssr_sim import run
from ssr_sim.measures import INDEX, INDICATORS, Indicator
from ssr_sim.measuring import measure
from ssr_sim.mesa_agents import AGENT_TYPES, TableAgent
from ssr_sim.scenario import Scenario
from ssr_sim.world import World


class SSRModel(mesa.Model):  # type: ignore[misc]
    """A country under a policy; `step` is one week, by the same compiled code as everywhere else.

    `scenario`: name of a shipped scenario, path of a file, or a `Scenario`.
    `rng`, or `seed`, which wins: seed of the run, 0 to 2**63 - 1; the column `seed` of an ensemble's outcomes replays
    that replicate. None draws one (see `model.seed`). It also seeds Mesa's generators, which shuffle agents and
    never touch the simulation.
    `years`: horizon, more than 0 and at most 1,000; `running` becomes False when it is reached.
    Other keywords set parameters: `vetting__coverage=0.5`, or by their key, `**{"vetting.coverage": 0.5}`, as
    `mesa.batch_run` and `SolaraViz` pass them.

    Raises `ScenarioError` for an unknown scenario, key or value, TypeError or ValueError for a wrong seed or horizon.
    Agents are made when `agents` or `agents_by_type[kind]` is first read. `datacollector` collects at the start and in
    every `step`; put one of your own in its place for other columns. (Mesa 3.3's `batch_run` takes a step more than
    `max_steps` and then reports the last but one.)
    """

    # Not in the signature: Mesa 3.5's batch_run would overwrite the seeds that a user sweeps over.
    # `kwargs` has to have this name: SolaraViz looks for it.
    def __init__(self, scenario: str | Path | Scenario = "baseline", rng: int | None = 1, years: float = 10.0,
                 **kwargs: Any) -> None:
        self.seed = _seed(kwargs.pop("seed", rng))
        super().__init__(rng=self.seed)
        if not isinstance(scenario, Scenario):
            scenario = Scenario.load(scenario)
        if kwargs:
            scenario = scenario.with_levers({key.replace("__", "."): value for key, value in kwargs.items()})
        self.ssr_scenario = scenario
        weeks = run.weeks_in(years)
        self._world = run.start(run.prepare(scenario, weeks), self.seed)
        self._series = run.new_series(weeks)
        self._measured: np.ndarray | None = None  # indicators of the present state, once somebody asked
        self._views: dict[type[TableAgent], dict[int, TableAgent]] = {kind: {} for kind in AGENT_TYPES}
        self._shown: dict[type[TableAgent], np.ndarray] = {}
        # one number for each row there is, whoever is looked at first; a user's own agents come after them
        rows = (len(getattr(self._world, kind.table_name)) for kind in AGENT_TYPES)
        *first, end = itertools.accumulate(rows, initial=1)
        self.first_ids = dict(zip(AGENT_TYPES, first, strict=True))
        self._other_ids = itertools.count(end)
        self.datacollector = mesa.DataCollector(model_reporters={name: name for name in ("seed", "week", *INDEX)})
        self.datacollector.collect(self)

    def step(self) -> None:
        """One week. At the horizon a warning and nothing else, since SolaraViz may ask for a few steps too many."""
        week = self.week
        if week == len(self._series):
            text = f"the horizon of {week} weeks is reached; make the model with more years"
            warnings.warn(text, RuntimeWarning, stacklevel=3)
            return
        run.advance(self._world, self._series[week:week + 1])
        self._measured = self._series[week]
        for kind in list(self._shown):
            self._show(kind)
        self.running = self.week < len(self._series)
        self.datacollector.collect(self)

    @property
    def week(self) -> int:
        """Weeks since the start."""
        return int(self._world.clock[0]["week"])

    @property
    def world(self) -> World:
        """The tables, networks and parameters of the simulation; whole columns are read and written here, unchecked."""
        self._measured = None  # whoever holds it may write to it
        return self._world

    @property
    def series(self) -> np.ndarray:
        """Indicators of the weeks so far, float64 (weeks, indicators), in the order of `INDICATORS`; read only."""
        series = self._series[: self.week]
        series.flags.writeable = False
        return series

    def outcomes(self) -> dict[str, Any]:
        """Outcomes so far, as in an ensemble (`run.summarise`). Raises RuntimeError before the first step."""
        if self.week == 0:
            raise RuntimeError("there are no outcomes before the first step")
        return run.summarise(self._world, self.series)

    def indicator(self, name: str) -> float:
        """The present value of an indicator, in its unit; `model.trust_police` is short for it."""
        if self._measured is None:
            self._measured = np.zeros(len(INDICATORS))
            measure(self._world, self._measured)
        return float(self._measured[INDEX[name]])

    @property
    def agents(self) -> Any:
        """All agents (a Mesa `AgentSet`), ordered by type and row; splinters join and defeated groups leave."""
        new = [self._show(kind) for kind in AGENT_TYPES]
        if any(new):
            super().agents.sort("unique_id", ascending=True, inplace=True)
        return super().agents

    @property
    def agents_by_type(self) -> Mapping[type[mesa.Agent], Any]:
        """An `AgentSet` per type of agent; the first look at a type makes its agents, about 5 microseconds each."""
        return _ByType(self, super().agents_by_type)

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The types of agents."""
        return list(self.agents_by_type)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Called by Mesa for every new agent, a user's own ones included."""
        super().register_agent(agent)
        # Mesa 3.3 numbers agents in a dictionary of the class Agent, which would keep every model alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        if not isinstance(agent, TableAgent):
            agent.unique_id = next(self._other_ids)

    def _show(self, kind: type[TableAgent]) -> bool:
        """Bring the agents of one type in line with the rows that exist; True if there are new ones."""
        views, rows = self._views[kind], kind.rows(self._world)
        shown = self._shown.get(kind)
        if shown is not None and np.array_equal(rows, shown):
            return False
        self._shown[kind] = rows
        for row in views.keys() - set(rows.tolist()):
            self.deregister_agent(views.pop(row))
        new = [row for row in rows.tolist() if row not in views]
        views.update((row, kind(self, row)) for row in new)
        return bool(new)

    @property
    def scenario(self) -> NoReturn:
        """Refused: the name is Mesa's from 3.5 on. SolaraViz would put its own scenario in place of ours at a reset."""
        raise AttributeError("Mesa uses the name `scenario` for a thing of its own; ours is `model.ssr_scenario`")

    @scenario.setter
    def scenario(self, value: object) -> None:
        """Mesa 3.5 puts an empty scenario here, which nothing needs."""


class _ByType(Mapping[type[mesa.Agent], Any]):
    """Type of agent -> its AgentSet, filled when it is looked up."""

    def __init__(self, model: SSRModel, made: Mapping[type[mesa.Agent], Any]) -> None:
        self._model, self._made = model, made

    def __getitem__(self, kind: type[mesa.Agent]) -> Any:
        if kind in AGENT_TYPES:
            self._model._show(kind)
            if kind not in self._made:
                return AgentSet([], random=self._model.random)
        return self._made[kind]

    def __iter__(self) -> Iterator[type[mesa.Agent]]:
        return iter(dict.fromkeys((*AGENT_TYPES, *self._made)))

    def __len__(self) -> int:
        return len({*AGENT_TYPES, *self._made})


def _seed(value: Any) -> int:
    """A seed as the engine takes it: from whole numbers of any kind, NumPy's included, and the text of a field."""
    if value is None:
        return secrets.randbits(32)
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    try:
        seed = operator.index(value)
    except TypeError:
        raise TypeError(f"the seed must be a whole number, not {value!r}") from None
    if not 0 <= seed < 2**63:
        raise ValueError(f"the seed must lie in 0 to 2**63 - 1, not {seed}")
    return seed


def _attribute(indicator: Indicator) -> property:
    """An indicator as an attribute of the model, read only."""
    text = f"{indicator.label}: {indicator.definition} ({indicator.unit})."
    return property(lambda model: model.indicator(indicator.name), doc=text)


for _indicator in INDICATORS:
    setattr(SSRModel, _indicator.name, _attribute(_indicator))
