"""What one parameter is: its value, unit, range, role, source and price, declared once.

A topic declares its parameters on a `Block`; the TOML key, the range check, the sampling bounds, the slider
and the row in `docs/parameters.md` all come from that declaration. `off`, where given, is the value at which the
mechanism does nothing; it may lie outside the range of what is plausible. For compiled code every parameter of the
model lives in one float64 vector in catalogue order, and each block is a record in a view on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

GROUPS = ("Capacity", "Integrity", "Community", "Justice", "DDR", "Money", "Mission", "Politics",
          "Prevention", "Learning", "Model")
ROLES = ("lever", "uncertain", "constant")

class Block(BaseModel):
    """The parameters of one topic. Frozen; a change goes through `replace`, which validates."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    group: ClassVar[str] = "Model"

    def replace(self, **changes: float | str) -> Self:
        """The same block with some values changed; raises `pydantic.ValidationError` outside a range."""
        return type(self).model_validate({**self.model_dump(), **changes})

    @field_validator("*")
    @classmethod
    def _is_allowed(cls, value: Any, info: ValidationInfo) -> Any:
        declared = _declaration(cls, info.field_name or "")
        options = declared.get("enum", ())
        if options and value not in options:
            raise ValueError(f"must be one of {', '.join(options)}")
        if isinstance(value, float) and not (declared["lo"] <= value <= declared["hi"] or value == declared.get("off")):
            raise ValueError(f"must lie within {declared['lo']:g} to {declared['hi']:g}")
        return value


def lever(default: float, *, unit: str, lo: float, hi: float, help: str, source: str, cost: str,
          side_effect: str, headline: bool = False, group: str | None = None, off: float | None = None) -> Any:
    """A number that a planner sets and may change at any date. `cost` and `side_effect` are one line each."""
    return _number("lever", default, unit, lo, hi, help, source,
                   cost=cost, side_effect=side_effect, headline=headline, group=group, off=off)


def uncertain(default: float, *, unit: str, lo: float, hi: float, help: str, source: str,
              off: float | None = None) -> Any:
    """A number that nobody knows well: a sweep over ignorance draws it between `lo` and `hi`."""
    return _number("uncertain", default, unit, lo, hi, help, source, off=off)


def constant(default: float, *, unit: str, lo: float, hi: float, help: str, source: str,
             off: float | None = None) -> Any:
    """A number that stays put unless a researcher changes it between `lo` and `hi`."""
    return _number("constant", default, unit, lo, hi, help, source, off=off)


def choice(default: str, options: Sequence[str], *, help: str, source: str, role: str = "uncertain") -> Any:
    """One of several named forms, where the literature disagrees. Compiled code sees the option's index."""
    if default not in options or len(set(options)) != len(options):
        raise ValueError(f"choice {default!r} is not one of distinct options {tuple(options)}")
    extra = _extra(role, "option", 0.0, float(len(options) - 1), help, source)
    return Field(default, description=help, json_schema_extra={**extra, "enum": list(options)})


def _number(role: str, default: float, unit: str, lo: float, hi: float, help: str, source: str,
            **more: Any) -> Any:
    if not (math.isfinite(lo) and math.isfinite(hi) and lo <= default <= hi):
        raise ValueError(f"{role} ({help!r}): default {default} is not within [{lo}, {hi}]")
    extra = _extra(role, unit, float(lo), float(hi), help, source, **more)
    allowed: dict[str, Any] = {"minimum": lo, "maximum": hi}
    off = more.get("off")
    if off is not None and not lo <= off <= hi:
        allowed = {"anyOf": [allowed, {"const": off}]}
    return Field(float(default), description=help, json_schema_extra={**extra, **allowed})


def _extra(role: str, unit: str, lo: float, hi: float, help: str, source: str, **more: Any) -> dict[str, Any]:
    if role not in ROLES:
        raise ValueError(f"role {role!r} is not one of {ROLES}")
    if not (unit and help and source and more.get("cost", "-") and more.get("side_effect", "-")):
        raise ValueError(f"{role} ({help!r}): unit, help, source, cost and side effect need a text")
    return {"role": role, "unit": unit, "lo": lo, "hi": hi, "source": source,
            **{name: value for name, value in more.items() if value is not None}}


def _declaration(block: type[BaseModel], name: str) -> dict[str, Any]:
    extra = block.model_fields[name].json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


@dataclass(frozen=True)
class Parameter:
    """One row of the catalogue. `lo` and `hi` are inclusive, in `unit`; indices of `options` for a choice;
    at `off` the mechanism does nothing (None: it has no such value).
    """

    key: str
    block: str
    name: str
    role: str
    default: float | str
    unit: str
    lo: float
    hi: float
    cost: str
    side_effect: str
    source: str
    help: str
    group: str
    headline: bool
    options: tuple[str, ...]
    off: float | None

    @property
    def says_when(self) -> bool:
        """Whether its value is a time, in years after the start."""
        return self.unit.startswith("years after")

    def number(self, value: float | str) -> float:
        """The number that compiled code sees: the value itself, or the index of a choice."""
        return float(self.options.index(str(value))) if self.options else float(value)

    def value(self, number: float) -> float | str:
        """The reverse of `number`."""
        return self.options[int(number)] if self.options else float(number)


def catalogue(blocks: Mapping[str, type[Block]]) -> dict[str, Parameter]:
    """Every parameter of `blocks` by its key ("vetting.coverage"), in order of declaration and packing."""
    return {p.key: p for block, kind in blocks.items() for p in _parameters(block, kind)}


@cache
def _parameters(block: str, kind: type[Block]) -> tuple[Parameter, ...]:
    return tuple(_declared(block, kind))


def _declared(block: str, kind: type[Block]) -> Iterator[Parameter]:
    if not kind.model_fields:
        raise TypeError(f"block {block!r} declares no parameter")
    for name, field in kind.model_fields.items():
        extra = _declaration(kind, name)
        group = extra.get("group", kind.group)
        if "role" not in extra:
            raise TypeError(f"{block}.{name} must be declared by lever, uncertain, constant or choice")
        if group not in GROUPS:
            raise TypeError(f"{block}.{name}: group {group!r} is not one of {GROUPS}")
        yield Parameter(
            key=f"{block}.{name}", block=block, name=name, role=extra["role"], default=field.default,
            unit=extra["unit"], lo=extra["lo"], hi=extra["hi"], cost=extra.get("cost", ""),
            side_effect=extra.get("side_effect", ""), source=extra["source"], help=field.description or "",
            group=group, headline=extra.get("headline", False), options=tuple(extra.get("enum", ())),
            off=extra.get("off"))


@cache
def record_dtype(kind: type[Block]) -> np.dtype[np.void]:
    """The NumPy record of a block: one float64 per parameter, in order, without padding."""
    return np.dtype((np.record, [(name, np.float64) for name in kind.model_fields]))


@cache
def _catalogue_dtype(kinds: tuple[tuple[str, type[Block]], ...]) -> np.dtype[np.void]:
    return np.dtype((np.record, [(name, record_dtype(kind)) for name, kind in kinds]))


def pack(blocks: Mapping[str, Block]) -> NDArray[np.float64]:
    """All values of `blocks` as one float64 vector in catalogue order; a choice is an index."""
    rows = catalogue({name: type(block) for name, block in blocks.items()}).values()
    return np.array([row.number(getattr(blocks[row.block], row.name)) for row in rows], dtype=np.float64)


def views(flat: NDArray[np.float64], kinds: Mapping[str, type[Block]]) -> Any:
    """A record of all blocks by name, shape (1,), that shares memory with `flat`, a contiguous float64 vector in
    catalogue order: `views(...).vetting[0].coverage`, as in compiled code.

    One array for all, because compiled code hands on every array of a world at every call.
    """
    record = _catalogue_dtype(tuple(kinds.items()))
    if flat.nbytes != record.itemsize:
        raise ValueError(f"the vector holds {flat.size} numbers, the blocks declare {record.itemsize // 8}")
    return flat.view(record).view(np.recarray)
