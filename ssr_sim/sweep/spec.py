"""The specification of a sweep: one TOML file, read into a `Study`; everything wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ssr_sim import run
from ssr_sim.faults import Fault, ScenarioError, nearest
from ssr_sim.measures import INDICATORS
from ssr_sim.policy_change import read_changes, value_problem
from ssr_sim.scenario import Scenario
from ssr_sim.scenario_checks import sound_part, validation_problems
from ssr_sim.scenario_files import Source
from ssr_sim.sweep.designs import NO_LEVERS, ONE_STATE
from ssr_sim.sweep.factors import MOST_SEEDS, Design, read_levers, read_uncertainties
from ssr_sim.sweep.study import Replicates, Study, Target
from ssr_sim.toml_text import KeyPath, read

TABLES = ("experiment", "policy", "levers", "uncertainties", "replicates")
SHARES = ("reached_peace", "relapsed_conflict", "relapsed_war", "at_peace_at_end")  # outcomes that are yes or no

Note = Callable[[KeyPath, str], None]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ExperimentTable(_Table):
    """The [experiment] table. `set` and `presets` change the scenario for all policies."""

    name: str = Field("", max_length=80)
    scenario: str
    years: int = Field(10, ge=1, le=run.LONGEST)
    presets: list[str] = []
    set: dict[str, Any] = {}
    outputs: list[Literal["summary", "series", "events"]] = Field(default=["summary"], min_length=1)
    series_weeks: int = Field(4, ge=1, le=52)
    failures_allowed: float = Field(0.05, ge=0, le=1)


class PolicyTable(_Table):
    """A [[policy]] entry: levers set at the start, presets, and dated or conditional changes as in a scenario."""

    id: str = Field(min_length=1, max_length=80)
    presets: list[str] = []
    set: dict[str, Any] = {}
    change: list[dict[str, Any]] = []


class TargetTable(_Table):
    """How well one share of runs is to be known."""

    outcome: str
    half_width: float = Field(gt=0, le=0.5)


class ReplicatesTable(_Table):
    """The [replicates] table."""

    mode: Literal["fixed", "adaptive"] = "fixed"
    n: int | None = Field(None, ge=1, le=2**32 - 1)
    min: int | None = Field(None, ge=2, le=2**32 - 1)
    max: int | None = Field(None, ge=2, le=2**32 - 1)
    target: list[TargetTable] = []
    seed: int = Field(1, ge=0, le=run.LARGEST_SEED)


def read_study(path: str | Path, states: int | None = None) -> Study:
    """The study that a specification file describes; raises `ScenarioError` with every mistake in it.

    `states`: so many states of the world instead of the `n` in its [uncertainties].
    """
    return study_from(read(Path(path)), str(path), states)


def study_from(text: str, origin: str = "<text>", states: int | None = None) -> Study:
    """The study that a specification's text describes; `origin` stands for the file, and paths start from its
    folder.
    """
    return _Reading(text, origin, states).study()


def read_policies(path: str | Path, base: Scenario) -> dict[str, Scenario]:
    """The policies of a file that holds [[policy]] entries only, laid over `base`; raises `ScenarioError`."""
    reading = _Reading(read(Path(path)), str(path))
    reading.known_tables(("policy",))
    policies = reading.policies(base)
    if not policies:
        reading.note((), "holds no [[policy]]")
    reading.refuse()
    return policies


class _Reading:
    """One pass over a specification, which notes every fault before any is raised."""

    def __init__(self, text: str, origin: str, states: int | None = None) -> None:
        self.source = Source.of(text, origin)
        self.tables = self.source.tables
        self.folder = Path(origin).parent
        self.faults: list[Fault] = []
        if states is not None:
            self.resize(states)

    def resize(self, states: int) -> None:
        """Put another number of states of the world in the place of that in the file."""
        table = self.tables.get("uncertainties")
        if table is None:
            self.note((), f"there is no [uncertainties] table, so there is one state of the world, not {states:,}")
        elif isinstance(table, dict) and table.get("design") == "file":
            self.note(("uncertainties", "design"), f"a file has as many states as it has rows, not {states:,}: give it "
                                                   "another file")
        elif isinstance(table, dict):
            table["n"] = states

    def study(self) -> Study:
        self.known_tables(TABLES)
        head = self.validated(ExperimentTable, ("experiment",), required=True, partly=True)
        replicates = self.replicates()
        base = self.base(head)
        policies = self.policies(base) if base else {}
        seed = replicates.seed if replicates else 1
        points, states = NO_LEVERS, ONE_STATE
        if base:
            reference = next(iter(policies.values()), base)
            points = read_levers(self.design("levers", reference, seed), list(policies)) or points
            states = read_uncertainties(self.design("uncertainties", base, seed)) or states
        if replicates and len(states) * replicates.most > MOST_SEEDS:
            self.note(("replicates",), f"{len(states):,} states with {replicates.most:,} replicates are more than the "
                                       f"{MOST_SEEDS:,} seeds that there are")
        self.refuse()
        assert head is not None
        assert base is not None
        assert replicates is not None
        return Study(head.name, head.years, tuple(dict.fromkeys(["summary", *head.outputs])), head.series_weeks,
                     head.failures_allowed, base, policies or {"baseline": base}, points, states, replicates)

    # --- faults ---

    def note(self, path: KeyPath, message: str) -> None:
        self.faults.append(self.source.fault(path, message))

    def refuse(self) -> None:
        if self.faults:
            raise ScenarioError(self.faults)

    def known_tables(self, known: Iterable[str]) -> None:
        known = list(known)
        for key in self.tables:
            if key not in known:
                self.note((key,), f"unknown table{nearest(key, known) or '; there are ' + ', '.join(known)}")

    def validated(self, model: type[Any], path: KeyPath, required: bool = False, partly: bool = False) -> Any:
        """The table at `path` as a `model`; when something is wrong with it None, or `partly` what is sound of it."""
        table: Any = self.tables
        for step in path:
            table = table.get(step, {}) if isinstance(table, Mapping) else table[step]
        if required and not table:
            self.note((), f"has no [{path[0]}] table")
            return None
        try:
            return model.model_validate(table)
        except ValidationError as error:
            problems = list(validation_problems(error, model))
            for inner, message in problems:
                self.note((*path, *inner), message)
            wrong = {inner[0] for inner, _ in problems if inner}
            return sound_part(model, table, wrong) if partly and isinstance(table, Mapping) else None

    # --- the parts ---

    def base(self, head: ExperimentTable | None) -> Scenario | None:
        """The scenario that all policies are laid over."""
        table = self.tables.get("experiment")
        name = head.scenario if head else table.get("scenario") if isinstance(table, Mapping) else None
        if not isinstance(name, str):
            return None
        at: KeyPath = ("experiment", "scenario")
        base = self.loaded(lambda: Scenario.load(self.located(name)), at)
        if base and head:
            base = self.with_presets(base, head.presets, ("experiment",))
            base = self.with_values(base, head.set, ("experiment", "set"))
        return base

    def located(self, name: str) -> str:
        """A file as given, or from the specification's folder; a shipped one by its name."""
        inside = self.folder / name
        return str(inside) if ("/" in name or name.endswith(".toml")) and inside.exists() else name

    def loaded(self, load: Callable[[], Scenario], path: KeyPath) -> Scenario | None:
        """What `load` returns, or None: its faults are noted, those without a line of their own at `path`."""
        try:
            return load()
        except ScenarioError as error:
            for fault in error.faults:
                if fault.line:
                    self.faults.append(fault)
                else:
                    self.note(path, f"{fault.key}: {fault.message}" if fault.key else fault.message)
            return None

    def with_presets(self, scenario: Scenario, presets: Iterable[str], path: KeyPath) -> Scenario:
        for index, preset in enumerate(presets):
            under, name = scenario, self.located(preset)
            scenario = self.loaded(lambda u=under, n=name: u.with_preset(n), (*path, "presets", index)) or scenario  # type: ignore[misc]
        return scenario

    def with_values(self, scenario: Scenario, values: Mapping[str, Any], path: KeyPath) -> Scenario:
        if not values:
            return scenario
        try:
            return scenario.with_levers(values)
        except ScenarioError as error:
            for fault in error.faults:
                self.note((*path, fault.key), fault.message)
            return scenario

    def policies(self, base: Scenario) -> dict[str, Scenario]:
        """The named policies by their id, in the order of the file."""
        entries = self.tables.get("policy", [])
        if not isinstance(entries, list):
            self.note(("policy",), "must be a list of [[policy]] entries")
            return {}
        found: dict[str, Scenario] = {}
        for index in range(len(entries)):
            path: KeyPath = ("policy", index)
            table = self.validated(PolicyTable, path, partly=True)
            if table is None:
                continue
            if table.id in found:
                self.note((*path, "id"), f"{table.id!r} is there twice")
            found[table.id] = self.policy(table, path, base)
        return found

    def policy(self, table: PolicyTable, path: KeyPath, base: Scenario) -> Scenario:
        scenario = self.with_presets(base, table.presets, path)
        values = {}
        for key, value in table.set.items():
            message = value_problem(key, value, base.parameters)
            if key.startswith("country."):
                message = "is a number of the country, no lever: it belongs to set in [experiment]"
            if message:
                self.note((*path, "set", key), message)
            else:
                values[key] = value
        scenario = self.with_values(scenario, values, (*path, "set"))
        changes, problems = read_changes(table.change, base.start, base.parameters, _kinds)
        for inner, message in problems:
            self.note((*path, "change", *inner), message)
        if not changes or problems:
            return scenario
        return self.loaded(lambda: scenario.with_policy([*scenario.policy, *changes]), (*path, "change")) or scenario

    def replicates(self) -> Replicates | None:
        at: KeyPath = ("replicates",)
        table = self.validated(ReplicatesTable, at)
        if table is None:
            return None
        before = len(self.faults)
        given = {name for name in ("n", "min", "max", "target") if getattr(table, name)}
        wanted = {"n"} if table.mode == "fixed" else {"min", "max", "target"}
        for name in sorted(given - wanted):
            self.note((*at, name), f"does not belong to mode {table.mode!r}, which has {', '.join(sorted(wanted))}")
        for name in sorted(wanted - given):
            self.note(at, f"mode {table.mode!r} needs {name}")
        if table.min and table.max and table.min > table.max:
            self.note((*at, "max"), f"{table.max} is less than min, {table.min}")
        for index, target in enumerate(table.target):
            if target.outcome not in SHARES:
                hint = nearest(target.outcome, SHARES) or f"; there are {', '.join(SHARES)}"
                self.note((*at, "target", index, "outcome"), f"no yes-or-no outcome {target.outcome!r}{hint}")
        if len(self.faults) > before:
            return None
        targets = tuple(Target(target.outcome, target.half_width) for target in table.target)
        return Replicates(table.mode, table.n or table.min or 1, table.n or table.max or 1, targets, table.seed)

    def design(self, name: str, scenario: Scenario, seed: int) -> Design:
        def note(path: KeyPath, message: str) -> None:
            self.note((name, *path), message)

        given = name in self.tables
        return Design(self.validated, note, name, given, scenario, seed, self.folder)

def _kinds() -> dict[str, str]:
    return {indicator.name: indicator.kind for indicator in INDICATORS}
