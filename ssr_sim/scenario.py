"""A scenario: a country at its start, all parameters in force, and a policy over time. TOML in and out.

A file holds only what differs from the defaults. `[scenario] based_on = "baseline"` starts from another
scenario: tables are merged, lists are replaced, policy and shock entries are added.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ssr_sim.country import Country
from ssr_sim.faults import Fault, ScenarioError, nearest
from ssr_sim.first_week.assumptions import FirstWeek
from ssr_sim.parameters import Block, Parameter, catalogue
from ssr_sim.policy_change import Condition, PolicyChange, range_problem, read_changes
from ssr_sim.prior import Prior, make_prior
from ssr_sim.scenario_checks import contradictions, validation_problems, warnings
from ssr_sim.scenario_files import (
    Source,
    laid_over,
    preset_names,
    read_file,
    read_preset,
    read_text,
    scenario_names,
)
from ssr_sim.scenario_tables import as_table, changes, essence, set_value
from ssr_sim.shock_entry import Shock, read_shocks
from ssr_sim.submodels import (
    armed_groups,
    capacity,
    corruption,
    ddr,
    displacement,
    donors,
    due_diligence,
    economy,
    fragmentation,
    gender,
    justice,
    legitimacy,
    mandate,
    military,
    mission_conduct,
    mobilisation,
    monitoring,
    oversight,
    peacekeeping,
    personnel,
    policing,
    politics,
    relapse,
    restructuring,
    shocks,
    state_strength,
    transitional_justice,
    trust,
    vetting,
    violence,
)
from ssr_sim.tables import dtype
from ssr_sim.toml_text import KeyPath, write

__all__ = ["BLOCKS", "Condition", "Draw", "Fault", "PolicyChange", "Scenario", "ScenarioError",
           "preset_heads", "preset_names",
           "scenario_names"]

# One line per TOML table of parameters. The order is the order of packing.
BLOCKS: dict[str, type[Block]] = {
    "training": capacity.Training,
    "mentoring": capacity.Mentoring,
    "equipment": capacity.Equipment,
    "pay": personnel.Pay,
    "recruitment": personnel.Recruitment,
    "personnel": personnel.Personnel,
    "payroll": personnel.Payroll,
    "restructuring": restructuring.Restructuring,
    "oversight": oversight.Oversight,
    "audit": oversight.Audit,
    "procurement": oversight.Procurement,
    "complaints": oversight.Complaints,
    "investigations": oversight.Investigations,
    "civil_society": oversight.CivilSociety,
    "justice": justice.Justice,
    "legal_reform": justice.LegalReform,
    "transitional_justice": transitional_justice.TransitionalJustice,
    "vetting": vetting.Vetting,
    "due_diligence": due_diligence.DueDiligence,
    "community_policing": policing.CommunityPolicing,
    "communication": trust.Communication,
    "inclusion": personnel.Inclusion,
    "women": gender.Women,
    "gbv": gender.Gbv,
    "humanitarian": economy.Humanitarian,
    "prevention": economy.Prevention,
    "ddr": ddr.Ddr,
    "funding": donors.Funding,
    "mission": peacekeeping.Mission,
    "mandate": mandate.Mandate,
    "peacekeeping": mission_conduct.Peacekeeping,
    "politics": politics.Politics,
    "trust": trust.Trust,
    "legitimacy": legitimacy.Legitimacy,
    "corruption": corruption.Corruption,
    "policing": policing.Policing,
    "military": military.Military,
    "armed_groups": armed_groups.ArmedGroups,
    "state_strength": state_strength.StateStrength,
    "mobilisation": mobilisation.Mobilisation,
    "fragmentation": fragmentation.Fragmentation,
    "displacement": displacement.Displacement,
    "economy": economy.Economy,
    "violence": violence.Violence,
    "relapse": relapse.Relapse,
    "monitoring": monitoring.Monitoring,
    "shocks": shocks.Shocks,
    "learning": monitoring.Learning,
    "technology": monitoring.Technology,
    "first_week": FirstWeek,
}

# Bytes for each community, measured with 30,000 to 1,000,000 (tests/health/test_memory.py): map and networks, with what
# they hold for each armed group; what building them takes besides; what a run takes besides its tables.
KEPT_BYTES = 175
KEPT_GROUP_BYTES = 8
BUILDING_BYTES = 700
RUNNING_BYTES = 500

Kinds = Callable[[], Mapping[str, str]]


class Memory(NamedTuple):
    """Bytes that a country takes: what all its runs share, building that, and one run at its peak."""

    kept: int
    building: int
    run: int


class Head(BaseModel):
    """The [scenario] table."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: str = Field("", max_length=80, description="short name; the file's name by default")
    title: str = Field("", max_length=200, description="one line for people")
    description: str = Field("", description="what the scenario is about")
    based_on: str = Field("", description="name of the scenario that this one changes")
    start: datetime.date = Field(description="first day, without quotes: 2003-09-19")
    price_year: int | None = Field(None, ge=1900, le=2200, description="year of prices; else of the start")
    approximate: bool = Field(True, description="stylised: numbers are approximate")


class PresetHead(BaseModel):
    """The [preset] table."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    title: str = Field("", max_length=200, description="one line for people")
    description: str = Field("", description="what the preset is for")


def preset_heads() -> dict[str, PresetHead]:
    """Title and description of every shipped preset, by name."""
    heads = {name: read_preset(name).tables.get("preset", {}) for name in preset_names()}
    return {name: PresetHead(title=head["title"], description=" ".join(head["description"].split()))
            for name, head in heads.items()}


class Draw(NamedTuple):
    """One draw of what is uncertain, by key: parameters (choices as index) and numbers of the country."""

    parameters: dict[str, float]
    country: dict[str, float]


@dataclass(frozen=True)
class Scenario:
    """All a run needs, validated. Two scenarios are equal when everything in them is, texts included."""

    name: str
    title: str
    description: str
    start: datetime.date
    price_year: int
    approximate: bool
    country: Country
    blocks: Mapping[str, Block]
    policy: tuple[PolicyChange, ...] = ()
    shocks: tuple[Shock, ...] = ()

    def __hash__(self) -> int:
        return hash(self.digest)

    @classmethod
    def load(cls, name_or_path: str | Path, *, blocks: Mapping[str, type[Block]] = BLOCKS,
             indicators: Kinds | None = None) -> Scenario:
        """A shipped scenario by name ("liberia-2003") or a file by its path (with "/" or ".toml").

        Raises `ScenarioError` for every mistake, a missing file included.
        """
        return _build(read_file(str(name_or_path)), Path(name_or_path).stem, blocks, indicators)

    @classmethod
    def from_toml(cls, text: str, origin: str = "<text>", *, blocks: Mapping[str, type[Block]] = BLOCKS,
                  indicators: Kinds | None = None) -> Scenario:
        """A scenario from TOML text; `origin` stands for the file in messages. Raises `ScenarioError`."""
        return _build(read_text(text, origin), Path(origin).stem, blocks, indicators)

    def to_toml(self) -> str:
        """TOML text that reads back to an equal scenario; it holds only what differs from the defaults."""
        return write(self.document())

    def document(self) -> dict[str, Any]:
        """The content of `to_toml` as nested tables."""
        head = {"name": self.name, "title": self.title, "description": self.description, "start": self.start,
                "price_year": self.price_year, "approximate": self.approximate}
        parameters = {name: table for name, block in self.blocks.items() if (table := changes(block))}
        document = {"scenario": head, "country": as_table(self.country), **parameters}
        policy = {"policy": [change.document() for change in self.policy]} if self.policy else {}
        shocks = {"shock": [shock.document() for shock in self.shocks]} if self.shocks else {}
        return {**document, **policy, **shocks}

    def with_levers(self, values: Mapping[str, float | str | bool]) -> Scenario:
        """The same scenario with other values for parameters of any role and for scalars of the country.

        Keys: "vetting.coverage", "country.police.size", "country.armed_groups.LURD.fighters". A value
        set here counts as known: a prior does not draw it. Raises `ScenarioError` with a fault per wrong key.
        """
        document, faults = self.document(), []
        for key, value in values.items():
            if key.startswith("country."):
                message = set_value(document["country"], self.country, key.removeprefix("country."), value)
            elif key in self.parameters:
                message = range_problem(value, self.parameters[key])
                block, _, name = key.partition(".")
                document.setdefault(block, {})[name] = value
            else:
                known = [*self.parameters, *dict(self.country.numbers())]
                message = f"unknown parameter{nearest(key, known)}"
            if message:
                faults.append(Fault(self.name, 0, key, message))
        if faults:
            raise ScenarioError(faults)
        return self._rebuilt(document)

    def with_policy(self, policy: Iterable[PolicyChange | Mapping[str, Any]],
                    indicators: Kinds | None = None) -> Scenario:
        """The same scenario with this policy in place of its own; entries as in a file or `PolicyChange`."""
        entries = [entry.document() if isinstance(entry, PolicyChange) else dict(entry) for entry in policy]
        return self._rebuilt({**self.document(), "policy": entries}, indicators)

    def with_shocks(self, shocks: Iterable[Shock | Mapping[str, Any]]) -> Scenario:
        """The same scenario with these shocks in place of its own; entries as in a file or `Shock`."""
        entries = [entry.document() if isinstance(entry, Shock) else dict(entry) for entry in shocks]
        return self._rebuilt({**self.document(), "shock": entries})

    def with_preset(self, name_or_path: str | Path) -> Scenario:
        """The same scenario with a preset's levers in place of its own, and the preset's policy and shocks added.

        A preset is a shipped one by name ("anti-corruption") or a file by its path. Raises `ScenarioError`; a preset
        sets levers, not what the country is like or what nobody knows.
        """
        preset = read_preset(str(name_or_path))
        foreign = [key for key in preset.tables if key in ("scenario", "country")]
        found = [(key, "does not belong in a preset, which goes over any country") for key in foreign]
        for block, table in preset.tables.items():
            for name in table if isinstance(table, Mapping) and block in self.blocks else ():
                row = self.parameters.get(f"{block}.{name}")
                if row is not None and row.role != "lever":
                    found.append((f"{block}.{name}", f"is {row.role}, not a lever: a preset cannot set it"))
        faults = [preset.fault(tuple(key.split(".")), message) for key, message in found]
        _validated(PresetHead, preset.tables.get("preset", {}), ("preset",), lambda above, problems: faults.extend(
            preset.fault((*above, *path), message) for path, message in problems))
        try:
            changed = _build(laid_over(self.document(), self.name, preset), self.name, self._kinds_of_blocks, None)
        except ScenarioError as error:
            raise ScenarioError([*faults, *error.faults]) from None
        if faults:
            raise ScenarioError(faults)
        return changed

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The catalogue: every parameter by its key, in packing order."""
        return catalogue(self._kinds_of_blocks)

    def parameter(self, key: str) -> Parameter:
        """One row of the catalogue; raises `ScenarioError` for an unknown key."""
        if key not in self.parameters:
            message = f"unknown parameter{nearest(key, self.parameters)}"
            raise ScenarioError([Fault(self.name, 0, key, message)])
        return self.parameters[key]

    def value(self, key: str) -> float | str:
        """The value of a parameter at the start, or of a number of the country."""
        numbers = dict(self.country.numbers())
        if key in numbers:
            return numbers[key].value
        row = self.parameter(key)
        value: float | str = getattr(self.blocks[row.block], row.name)
        return value

    @cached_property
    def digest(self) -> str:
        """32 hex digits (BLAKE2b) of all that can change a result: no titles, labels, sources, qualities."""
        policy = [{**replace(change, date=None).document(), "label": ""} for change in self.policy]
        content = {"start": self.start, "price_year": self.price_year, "country": self.country,
                   "blocks": self.blocks, "policy": policy,
                   "shocks": [replace(shock, date=None, label="").document() for shock in self.shocks]}
        text = json.dumps(essence(content), sort_keys=True, default=str)
        return blake2b(text.encode(), digest_size=16).hexdigest()

    @cached_property
    def prior(self) -> Prior:
        """The distributions of uncertain parameters at their default and of the country's ranges."""
        uncertain = [row for key, row in self.parameters.items()
                     if row.role == "uncertain" and self.value(key) == row.default]
        return make_prior(uncertain, self.country)

    def prior_draw(self, draws: int | Mapping[str, float]) -> Draw:
        """One replicate's values of what is uncertain, from its seed or a uniform per `prior.keys`.

        Under the same seed two scenarios meet the same luck for every key that they share.
        """
        prior = self.prior
        if isinstance(draws, Mapping):
            uniforms = np.array([draws[key] for key in prior.keys], dtype=np.float64)
        else:
            uniforms = prior.uniforms(draws)
        drawn = dict(zip(prior.keys, prior.draw(uniforms).tolist(), strict=True))
        country = {key: value for key, value in drawn.items() if key.startswith("country.")}
        return Draw({key: value for key, value in drawn.items() if key not in country}, country)

    @property
    def memory(self) -> Memory:
        """Bytes for the country and one of its runs, without weekly series; what does not grow with it left out."""
        from ssr_sim.first_week.armed_groups import SPLINTER_PLACES  # late: it brings SciPy
        from ssr_sim.first_week.ground import organised

        groups = len(organised(self.country))
        pairs = groups + SPLINTER_PLACES if groups else 0
        tables = sum(dtype(table).itemsize for table in ("communities", "police"))
        tables += pairs * sum(dtype(table).itemsize for table in ("presence", "cohorts"))
        kept = KEPT_BYTES + KEPT_GROUP_BYTES * len(self.country.armed_groups)
        return Memory(*(self.country.communities * size for size in (kept, BUILDING_BYTES, tables + RUNNING_BYTES)))

    def memory_estimate(self, runs: int = 1) -> int:
        """Bytes for the country and so many runs at a time, at their peak, without their weekly series."""
        kept, building, one = self.memory
        return kept + max(building, runs * one)

    def warnings(self) -> list[str]:
        """What is allowed and yet worth a look, one line each."""
        return warnings(self.country, self.start)

    def _rebuilt(self, document: dict[str, Any], indicators: Kinds | None = None) -> Scenario:
        source = Source(document, {(): (self.name, 0)})
        return _build(source, self.name, self._kinds_of_blocks, indicators)

    @property
    def _kinds_of_blocks(self) -> dict[str, type[Block]]:
        return {name: type(block) for name, block in self.blocks.items()}


def _build(source: Source, name: str, blocks: Mapping[str, type[Block]],
           indicators: Kinds | None) -> Scenario:
    """A scenario from nested tables. Collects every fault before it raises."""
    document = source.tables
    found: list[tuple[KeyPath, str]] = []

    def note(above: KeyPath, problems: Iterable[tuple[KeyPath, str]]) -> None:
        found.extend(((*above, *path), message) for path, message in problems)

    tables = ["scenario", "country", "policy", "shock", *blocks]
    note((), (((key,), f"unknown table{nearest(key, tables)}") for key in document if key not in tables))
    head = _validated(Head, document.get("scenario", {}), ("scenario",), note)
    country = _validated(Country, document.get("country", {}), ("country",), note)
    if isinstance(document.get("country"), Mapping):
        note(("country",), contradictions(document["country"]))
    values = {key: _parameters(key, kind, document.get(key, {}), note) for key, kind in blocks.items()}
    start = head.start if head else datetime.date.min
    entries = document.get("policy", [])
    policy, problems = read_changes(entries, start, catalogue(blocks), indicators or _kinds)
    note(("policy",), problems)
    struck, problems = read_shocks(document.get("shock", []), start,
                                   [region.name for region in country.regions] if country else [])
    note(("shock",), problems)
    if found or head is None or country is None:
        raise ScenarioError(source.fault(path, message) for path, message in found)
    title = head.title or head.name or name
    return Scenario(head.name or name, title, head.description, head.start,
                    head.price_year or head.start.year, head.approximate, country,
                    {key: kind(**values[key]) for key, kind in blocks.items()},
                    tuple(policy), tuple(struck))


def _validated(model: type[Any], table: Any, path: KeyPath, note: Callable[[KeyPath, Any], None]) -> Any:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        note(path, validation_problems(error, model))
        return None


def _parameters(block: str, kind: type[Block], table: Any,
                note: Callable[[KeyPath, Any], None]) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        note((block,), [((), f"must be a table: [{block}]")])
        return {}
    rows = catalogue({block: kind})
    for key, value in table.items():
        row = rows.get(f"{block}.{key}")
        message = range_problem(value, row) if row else f"unknown key{nearest(key, kind.model_fields)}"
        if message:
            note((block,), [((key,), message)])
    return dict(table)


def _kinds() -> dict[str, str]:
    """The kind ("truth", "record") of each indicator. Imported late: measures stand beside scenarios."""
    from ssr_sim.measures import INDICATORS

    return {indicator.name: indicator.kind for indicator in INDICATORS}
