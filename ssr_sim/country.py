"""The country at the start of a scenario: what is known about it, how well, and from where.

Every number may be plain or `{value, low, high, quality, source}`; a plain number counts as an assumption.
Quality letters: V read in a source, C computed from open data, D direction read and number from memory,
M memory or judgement. Shares, trust and other indices run from 0 to 1; money is in US dollars of the
scenario's price year.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from ssr_sim.faults import shown

Quality = Literal["V", "C", "D", "M", "assumption"]
Share = Annotated[float, Field(ge=0, le=1)]
Shares = dict[str, Share]
REQUIRED: Any = ...


class Part(BaseModel):
    """A piece of the country. Frozen; unknown keys, infinities and true or false as numbers are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _is_in_range(cls, value: Any, info: ValidationInfo) -> Any:
        limits = declared(cls, info.field_name or "")
        numbers = (value.value, value.low, value.high, value.central) if isinstance(value, Datum) else (value,)
        for number in numbers:
            if "lo" in limits and number is not None and not limits["lo"] <= number <= limits["hi"]:
                raise PydanticCustomError("range", "{number} is outside {allowed}",
                                          {"number": shown(number), "allowed": interval(**limits)})
            if limits.get("whole") and number is not None and number != int(number):
                raise PydanticCustomError("range", "{number} is not a whole number",
                                          {"number": shown(number)})
        return value


class Datum(Part):
    """A number about the country: the value used, the range that ignorance leaves, its quality and source.

    In a state of the world, drawn from the ranges, `central` is the value that it was drawn around: the map and the
    networks stay those of the central values.
    """

    value: float
    low: float | None = None
    high: float | None = None
    central: float | None = None
    quality: Quality = "assumption"
    source: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, content: Any) -> Any:
        return content if isinstance(content, (Mapping, Datum)) else {"value": content}

    @model_validator(mode="after")
    def _is_ordered(self) -> Datum:
        low, high = self.range
        if not low <= self.value <= high:
            message = "value {value} is not between its low {low} and its high {high}"
            numbers = {"value": shown(self.value), "low": shown(low), "high": shown(high)}
            raise PydanticCustomError("range", message, numbers)
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema,
                                     handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "number"}, handler(schema)]}

    @property
    def range(self) -> tuple[float, float]:
        """(low, high); a limit that is not given is the value itself."""
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)

    @property
    def laid(self) -> float:
        """The number that the map and the networks are laid for."""
        return self.value if self.central is None else self.central


def interval(lo: float, hi: float, unit: str, **_: Any) -> str:
    """A range for people: "0 to 120 (months)"."""
    return f"{shown(lo)} to {shown(hi)}" + (f" ({unit})" if unit != "0-1" else "")


def declared(part: type[BaseModel], name: str) -> dict[str, Any]:
    """Unit, `lo`, `hi` and `whole` of a field, as far as it declares them."""
    extra = part.model_fields[name].json_schema_extra if name in part.model_fields else None
    return dict(extra) if isinstance(extra, dict) else {}


def part_of(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation: `Region` for `tuple[Region, ...]`; None when there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for argument in get_args(annotation) if (found := part_of(argument))), None)


def number(default: Any, unit: str, lo: float, hi: float, help: str, whole: bool = False) -> Any:
    """A field for a number from `lo` to `hi`, both inclusive; `REQUIRED` as default makes it obligatory."""
    extra: dict[str, Any] = {"unit": unit, "lo": lo, "hi": hi, "whole": whole}
    return Field(default, description=help, json_schema_extra=extra, validate_default=True)


def index(default: Any, help: str, unit: str = "0-1") -> Any:
    """A field for a share, a probability or an index between 0 and 1."""
    return number(default, unit, 0.0, 1.0, help)


def _row_quality() -> Any:
    return Field("assumption", description="how well the plain numbers of this row are known")


def _name() -> Any:
    return Field(REQUIRED, min_length=1, max_length=80, pattern=r"^[^.\"\n]+$",
                 description="name, without dots and quotes")


def _rows() -> Any:
    return Field((), strict=False)


class Region(Part):
    """A province. `lon` and `lat` (degrees) are an approximate centre, to draw and to place communities."""

    name: str = _name()
    population: Datum = number(REQUIRED, "residents", 0, 2e9, "usual residents at the start")
    lon: float | None = number(None, "degrees east", -180, 180, "approximate longitude of the centre")
    lat: float | None = number(None, "degrees north", -90, 90, "approximate latitude of the centre")
    capital: bool = Field(False, description="holds the capital; without any, the most populous region does")
    outside: bool = Field(False, description="self-governing and outside the war")
    violence_share: float = index(0.0, "share of the deaths before the start that fell here")
    displaced_share: float = index(0.0, "share of the internally displaced who fled from here")
    hosting_share: float = index(0.0, "share of the internally displaced who live here")
    quality: Quality = _row_quality()


class Society(Part):
    hardship: Datum = index(0.6, "share of people below the poverty line")
    youth_share: Datum = index(0.20, "share of people aged 15-24")
    trust_police: Datum = index(0.35, "mean trust in the police")
    trust_army: Datum = index(0.40, "mean trust in the army")
    trust_justice: Datum = index(0.35, "mean trust in courts")
    trust_government: Datum = index(0.40, "mean trust in the government")
    trust_mission: Datum = index(0.60, "mean trust in the peacekeeping mission")
    expectation: Datum = index(0.55, "what people expect of the new institutions")
    fear: Datum = index(0.40, "mean fear of violence")
    group_trust_gap: Datum = index(0.20, "trust of included minus trust of excluded groups", "difference")
    grievance: Datum = index(0.40, "mean grievance against the state")


class ExcludedGroup(Part):
    group: str = _name()
    population_share: Datum = index(REQUIRED, "share of the population")
    exclusion_index: Datum = index(REQUIRED, "how far the group is shut out of posts, land and rights")


class Police(Part):
    size: Datum = number(0, "officers on the payroll", 0, 5e6, "officers on the payroll, ghosts included")
    present_share: Datum = index(0.6, "share of the payroll that is present for duty")
    skill: Datum = index(0.3, "professional skill")
    rights_norm: Datum = index(0.3, "how far conduct follows human rights")
    equipment: Datum = index(0.3, "share of what is needed in vehicles, radios and stations")
    corruption: Datum = index(0.5, "chance of a bribe in one contact", "probability")
    women_share: Datum = index(0.06, "share of women")
    arrears_months: Datum = number(3, "months", 0, 120, "months of unpaid wages")
    imbalance: Datum = index(0.3, "0.5 * sum of |share in force - share in population| over groups")


class Army(Part):
    size: Datum = number(0, "soldiers on the payroll", 0, 1e7, "soldiers on the payroll, ghosts included")
    ghosts_share: Datum = index(0.15, "share of the payroll that does not exist")
    professionalism: Datum = index(0.3, "professional skill and conduct")
    discipline: Datum = index(0.3, "discipline")
    corruption: Datum = index(0.5, "corruption of the command")
    arrears_months: Datum = number(3, "months", 0, 120, "months of unpaid wages")
    imbalance: Datum = index(0.3, "0.5 * sum of |share in force - share in population| over groups")
    units: int = number(40, "units", 0, 10_000, "mobile units that the army is divided into")


class Justice(Part):
    capacity: Datum = index(0.2, "capacity of prosecution and courts against need")
    customary: Datum = index(0.5, "share of disputes that chiefs and elders can settle")
    prison_places: Datum = number(2000, "places", 0, 1e7, "places in detention")


class Politics(Part):
    political_will: Datum = index(0.4, "will of the government to reform")
    elites: Datum = number(5, "elite groups", 0, 8, "elite groups able to block reform", whole=True)
    absorptive_capacity: Datum = index(0.2, "share of funded reform that the state can carry out")
    own_resources: Datum = index(0.2, "independence of the government from donors")
    obstruction: Datum = index(0.4, "how far elites obstruct reform")


class Economy(Part):
    government_budget: Datum = number(0, "USD / year", 0, 1e13, "domestic budget of the government")
    security_share: Datum = index(0.2, "share of the budget for police, army and justice")
    gdp_per_head: Datum = number(400, "USD / year", 1, 1e6, "gross domestic product per head")
    resource_rents: Datum = index(0.3, "how far lootable resources pay whoever holds them")


class Aid(Part):
    total: Datum = number(0, "USD / year", 0, 1e12, "development assistance, without the mission")
    security_share: Datum = index(0.1, "share for police, army, justice and disarmament")
    pooled_share: Datum = index(0.1, "share through pooled funds")


class Donor(Part):
    name: str = _name()
    kind: Literal["bilateral", "multilateral", "pooled", "regional"] = Field(
        default="bilateral", description="type of donor")
    share: float = index(REQUIRED, "share of the total")
    security_share: float = index(0.1, "share of its own money for the security sector")
    quality: Quality = _row_quality()


class Agreement(Part):
    inclusiveness: Datum = index(0.6, "share of the armed strength that signed")
    settlement: Datum = index(0.5, "depth of power sharing and guarantees")
    ceasefire_holding: Datum = index(0.6, "share of fronts that are quiet")
    ddr_planned: Datum = number(0, "persons", 0, 1e7, "fighters that disarmament was planned for")
    hostility: Datum = index(0.5, "enmity between the former belligerents")


class ArmedGroup(Part):
    name: str = _name()
    label: str = Field("", description="full name")
    stance: Literal["signatory", "holdout", "criminal"] = Field(REQUIRED, description="towards the agreement")
    fighters: Datum = number(REQUIRED, "fighters", 0, 1e7, "active fighters at the start")
    constituency_share: Datum = index(0.05, "share of the population it can draw on")
    excluded: Datum = index(0.0, "how far its constituency is excluded from power")
    resources: Datum = number(0, "USD / year", 0, 1e11, "income from tax, extortion, trade and loot")
    cohesion: Datum = index(0.4, "unity of command")
    weapons_per_fighter: Datum = number(1, "weapons per fighter", 0, 20, "serviceable small arms per fighter")
    latent_splinter: Datum = index(0.0, "share of fighters that would follow a split")
    sponsor: Datum = index(0.0, "strength of the strongest outside sponsor")
    consent: Datum = index(0.5, "consent to the mission")
    base_regions: Shares = Field({}, description="share of the fighters by region; empty = by population")
    quality: Quality = _row_quality()


class StrengthPoint(NamedTuple):
    """Strength of the mission on one day, in persons."""

    date: datetime.date
    troops: Annotated[float, Field(ge=0, le=1e6)]
    police: Annotated[float, Field(ge=0, le=1e6)]
    quality: Quality = "assumption"


class Mission(Part):
    """`strength` runs linearly between its points, and stays at the last one."""

    name: str = Field(default="", description="name of the mission")
    regional: bool = Field(default=False, description="led by a regional organisation")
    troops_authorised: Datum = number(0, "troops", 0, 1e6, "ceiling in the mandate")
    police_authorised: Datum = number(0, "police", 0, 1e6, "ceiling in the mandate")
    mandate_strength: Datum = index(0.6, "what the mandate allows and the means for it")
    clarity: Datum = index(0.6, "clarity of the mandate's aims")
    consent_government: Datum = index(0.7, "consent of the government")
    consent_population: Datum = index(0.7, "consent of the population")
    cost_per_uniformed: Datum = number(60_000, "USD / year", 0, 1e6, "all-in cost of a uniformed person")
    contingents: int = number(30, "contingents", 0, 1000, "contingents that the strength is divided into")
    strength: tuple[StrengthPoint, ...] = Field(
        default=(), strict=False, description="[date, troops, police, quality], in order")


class Neighbour(Part):
    name: str = _name()
    hostility: Datum = index(0.2, "how far it arms and shelters opponents")
    refugee_share: float = index(0.0, "share of the refugees abroad that it hosts")
    border: tuple[str, ...] = Field((), strict=False, description="regions on its border")
    quality: Quality = _row_quality()


class Displacement(Part):
    internal: Datum = number(0, "persons", 0, 1e8, "internally displaced people")
    abroad: Datum = number(0, "persons", 0, 1e8, "refugees outside the country")


class Weapons(Part):
    in_circulation: Datum = number(0, "small arms", 0, 1e9, "small arms in the country")


def _years(content: Any) -> Any:
    """TOML keys are text: {"1998": 13} becomes {1998: 13}."""
    if not isinstance(content, Mapping):
        return content
    return {int(key) if str(key).isdecimal() and len(str(key)) == 4 else key: value
            for key, value in content.items()}


class Country(Part):
    """All that a scenario says about its country. Shapes: one row per region, donor, group, neighbour."""

    name: str = Field("", description="name of the country")
    communities: int = number(120, "communities", 1, 1_000_000, "communities that people live in")
    network_seed: int = number(1, "seed", 0, 2**31 - 1, "seed of the generated map and social ties")
    regions: tuple[Region, ...] = Field(REQUIRED, strict=False, min_length=1, max_length=5000)
    borders: tuple[Annotated[tuple[str, str], Field(strict=False)], ...] = Field(
        default=(), strict=False, description="pairs of regions that touch")
    society: Society = Society()
    exclusion: tuple[ExcludedGroup, ...] = _rows()
    police: Police = Police()
    army: Army = Army()
    justice: Justice = Justice()
    politics: Politics = Politics()
    economy: Economy = Economy()
    aid: Aid = Aid()
    donors: tuple[Donor, ...] = _rows()
    agreement: Agreement = Agreement()
    armed_groups: tuple[ArmedGroup, ...] = _rows()
    mission: Mission = Mission()
    neighbours: tuple[Neighbour, ...] = _rows()
    displacement: Displacement = Displacement()
    weapons: Weapons = Weapons()
    violence_before: Annotated[dict[int, Datum], BeforeValidator(_years)] = Field(
        {}, description="deaths in organised violence per calendar year before the start")

    @property
    def population(self) -> float:
        """Residents of all regions."""
        return sum(region.population.value for region in self.regions)

    @property
    def capital(self) -> Region:
        """The region that holds the capital."""
        marked = [region for region in self.regions if region.capital]
        return marked[0] if marked else max(self.regions, key=lambda region: region.population.value)

    def numbers(self) -> Iterator[tuple[str, Datum]]:
        """Every number with its key: "country.police.size", "country.armed_groups.LURD.fighters"."""
        yield from _numbers(self, "country")

    def with_values(self, values: Mapping[str, float]) -> Country:
        """The same country with other values for some numbers, unchecked: for draws within known ranges."""
        changed = _replaced(self, "country", values)
        assert isinstance(changed, Country)
        return changed


def row_name(row: Any) -> str:
    """The name by which keys address a row of a table."""
    return str(getattr(row, "name", None) or getattr(row, "group", ""))


def _children(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, BaseModel):
        yield from ((name, getattr(node, name)) for name in type(node).model_fields)
    elif isinstance(node, tuple) and node and isinstance(node[0], Part):
        yield from ((row_name(row), row) for row in node)
    elif isinstance(node, dict):
        yield from ((str(key), child) for key, child in node.items())


def _numbers(node: Any, key: str) -> Iterator[tuple[str, Datum]]:
    if isinstance(node, Datum):
        yield key, node
    else:
        for name, child in _children(node):
            yield from _numbers(child, f"{key}.{name}")


def _replaced(node: Any, key: str, values: Mapping[str, float]) -> Any:
    """A copy of `node` with the values put in; parts without a change are shared, not copied."""
    if isinstance(node, Datum):
        return node.model_copy(update={"value": values[key]}) if key in values else node
    children = [(child, _replaced(child, f"{key}.{name}", values)) for name, child in _children(node)]
    if all(new is old for old, new in children):
        return node
    news = [new for _, new in children]
    if isinstance(node, BaseModel):
        return node.model_copy(update=dict(zip(type(node).model_fields, news, strict=True)))
    return tuple(news) if isinstance(node, tuple) else dict(zip(node, news, strict=True))
