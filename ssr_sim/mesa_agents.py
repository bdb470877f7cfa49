"""Agents as Mesa sees them: light views on the rows of the tables, made when somebody asks for them.

An attribute is a field of `tables.py`: reading it reads the simulation, setting it changes the simulation. The
agents act together in the phases of the week, so `step` of a single agent does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from ssr_sim.faults import nearest, shown
from ssr_sim.first_week.ground import organised
from ssr_sim.tables import TABLES, Field

if TYPE_CHECKING:
    from ssr_sim.mesa_model import SSRModel
    from ssr_sim.world import World

# Fields that hold the row of an agent of another table: compiled code trusts them.
ROWS_OF = {"constituency": "groups", "posting": "communities", "commander": "military", "patron": "elites",
           "parent": "groups"}
EVENT_NUMBERS = ("last_event", "last_abuse")
OF_MESA = ("model", "unique_id", "pos")  # what Mesa itself writes to an agent


class Column:
    """A field of a table as an attribute of its agents, checked against the field's range when it is set."""

    def __init__(self, name: str, field: Field) -> None:
        self.name, self.field = name, field
        self.__doc__ = f"{field.meaning} ({field.unit}, {shown(field.lo)} to {shown(field.hi)})"

    def __get__(self, agent: TableAgent | None, kind: type[TableAgent]) -> Any:
        if agent is None:
            return self
        value = agent.table[self.name][agent.row]
        if not value.shape:
            return value.item()
        value = value.copy()
        value.flags.writeable = False  # a write into the copy would be lost
        return value

    def __set__(self, agent: TableAgent, value: Any) -> None:
        name = f"{type(agent).__name__}.{self.name}"
        if self.name == "uid":
            raise AttributeError(f"{name} is read-only: it keys the agent's draws")
        column = agent.table[self.name]
        numbers = np.asarray(value)
        if numbers.dtype.kind not in "biuf":
            raise TypeError(f"{name} takes a number, not {value!r}")
        if numbers.shape != column.shape[1:]:
            raise ValueError(f"{name} takes an array of shape {column.shape[1:]}, not {numbers.shape}")
        lo, hi = self.field.lo, min(self.field.hi, self._last_row(agent))
        right = np.isfinite(numbers) & (numbers >= lo) & (numbers <= hi)
        whole = column.dtype.kind in "iu"
        if whole:
            right &= numbers == np.floor(numbers)
        if not right.all():
            kind = "a whole number" if whole else "a number"
            raise ValueError(f"{name} must be {kind} from {shown(lo)} to {shown(hi)} ({self.field.unit}), not {value}")
        column[agent.row] = numbers

    def _last_row(self, agent: TableAgent) -> float:
        """The last row that a field of this name may point to; infinite for other fields."""
        model = agent.model
        if self.name in ROWS_OF:
            return len(getattr(model.world, ROWS_OF[self.name])) - 1
        if self.name in EVENT_NUMBERS:
            return int(model.world.clock[0]["events"]) - 1
        if self.name == "region":
            return len(model.ssr_scenario.country.regions) - 1
        return float("inf")


class TableAgent(mesa.Agent):  # type: ignore[misc]
    """Row `row` of a table as a Mesa agent. Models make these; `model.agents_by_type[Community]` hands them out."""

    table_name: ClassVar[str]
    fields: ClassVar[dict[str, str]]  # attribute -> field of the table
    row: int

    def __init_subclass__(cls, table: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not table:
            return
        cls.table_name, cls.fields = table, {}
        for name, field in TABLES[table].items():
            if hasattr(mesa.Agent, name):
                raise TypeError(f"{table}.{name} has the name of a method of Mesa's agents: rename it in tables.py")
            setattr(cls, name, Column(name, field))
            cls.fields[name] = name

    def __init__(self, model: SSRModel, row: int) -> None:
        object.__setattr__(self, "row", row)
        super().__init__(model)
        self.unique_id = model.first_ids[type(self)] + row

    @classmethod
    def rows(cls, world: World) -> np.ndarray:
        """The rows that are agents now, int64, ascending."""
        return np.arange(len(getattr(world, cls.table_name)))

    @property
    def table(self) -> np.ndarray:
        """The whole table, one record per row: the way to read or write a column at once, unchecked."""
        table: np.ndarray = getattr(self.model.world, self.table_name)
        return table

    def remove(self) -> None:
        """Refused: an agent is a row of the simulation."""
        raise TypeError("an agent of SSRModel is a row of the simulation and cannot be removed; set its fields instead")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.fields and name not in OF_MESA:
            raise AttributeError(self._unknown(name))
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(self._unknown(name))

    def _unknown(self, name: str) -> str:
        known = [field for field in dir(type(self)) if not field.startswith("_")]
        return f"{type(self).__name__} has no field {name!r}{nearest(name, known)}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"


class Community(TableAgent, table="communities"):
    """A place with its people, how they feel and what they have met."""

    @property
    def region_name(self) -> str:
        """Name of its region."""
        name: str = self.model.ssr_scenario.country.regions[self.region].name
        return name


class PoliceUnit(TableAgent, table="police"):
    """The police of one community."""

    @property
    def community(self) -> int:
        """Row of its community."""
        return self.row


class MilitaryUnit(TableAgent, table="military"):
    """A unit of the army, posted to a community."""


class ArmedGroup(TableAgent, table="groups"):
    """An armed group with a political claim; places for splinters are agents once a group has split."""

    @classmethod
    def rows(cls, world: World) -> np.ndarray:
        """The groups that exist."""
        return np.flatnonzero(world.groups["exists"])

    @property
    def name(self) -> str:
        """Its name in the scenario; a splinter is named after the group it left."""
        names = [group.name for group in organised(self.model.ssr_scenario.country)]
        if self.row < len(names):
            return names[self.row]
        parent = int(self.parent)
        return f"splinter of {names[parent]}" if 0 <= parent < len(names) else "splinter"


class _Pair(TableAgent):
    """One armed group in one community."""

    @classmethod
    def rows(cls, world: World) -> np.ndarray:
        """The pairs of the groups that exist."""
        n = len(world.communities)
        pairs: np.ndarray = (np.flatnonzero(world.groups["exists"])[:, None] * n + np.arange(n)).ravel()
        return pairs

    @property
    def group(self) -> int:
        """Row of the armed group."""
        return self.row // len(self.model.world.communities)

    @property
    def community(self) -> int:
        """Row of the community."""
        return self.row % len(self.model.world.communities)


class Presence(_Pair, table="presence"):
    """The fighters of one armed group in one community."""


class ExCombatantCohort(_Pair, table="cohorts"):
    """The former fighters of one armed group in one community."""


class Donor(TableAgent, table="donors"):
    """A government or organisation that pays for reform."""

    @property
    def name(self) -> str:
        """Its name in the scenario."""
        name: str = self.model.ssr_scenario.country.donors[self.row].name
        return name


class Contingent(TableAgent, table="contingents"):
    """A contingent of the peacekeeping mission: troops or police."""


class Elite(TableAgent, table="elites"):
    """A member of the elite who lives on rents and may block reform."""


class Government(TableAgent, table="government"):
    """The government, one agent."""


class Oversight(TableAgent, table="oversight"):
    """The oversight body, one agent."""


class Mission(TableAgent, table="mission"):
    """The peacekeeping mission, one agent."""


AGENT_TYPES: tuple[type[TableAgent], ...] = (
    Community, PoliceUnit, MilitaryUnit, ArmedGroup, Presence, ExCombatantCohort, Donor, Contingent, Elite, Government,
    Oversight, Mission,
)
