"""Phases of the model in C (`phases.c`), compiled on the spot and called on the very tables of a world."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ssr_sim import draws, run
from ssr_sim.jit import njit
from ssr_sim.schedule import MONTH
from ssr_sim.submodels import ddr, policing
from ssr_sim.submodels.ddr import former_fighters
from ssr_sim.submodels.policing import police_work
from ssr_sim.submodels.trust import community_trust
from ssr_sim.tables import LINES, POLICE_ABUSE, SIGNATORY
from ssr_sim.world import WEEK, World

PHASES = ("community_trust", "police_work", "former_fighters")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fPIC", "-shared")
NO_COMPILER = "no C compiler here: install one (gcc or clang as `cc`, or name it in CC) to compare with C"
STREAMS = {policing: "CRIMES REPORTED KILLED_BY_CRIMINALS ABUSES",
           ddr: "DISARMS INTEGRATED DEMOBILISES REINTEGRATES RETURNS GANGS SLIPS"}
C_TYPES = {"f8": "double", "f4": "float", "i8": "int64_t", "i4": "int32_t", "i2": "int16_t", "u8": "uint64_t",
           "u4": "uint32_t"}


@njit
def repeated_community_trust(world: World, dt: float, months: int) -> None:
    """The phase month after month."""
    for _ in range(months):
        community_trust(world, dt)
        world.clock[0].week += MONTH


@njit
def repeated_police_work(world: World, dt: float, months: int) -> None:
    """The phase month after month."""
    for _ in range(months):
        police_work(world, dt)
        world.clock[0].week += MONTH


@njit
def repeated_former_fighters(world: World, dt: float, months: int) -> None:
    """The phase month after month."""
    for _ in range(months):
        former_fighters(world, dt)
        world.clock[0].week += MONTH


COMPILED = {"community_trust": repeated_community_trust, "police_work": repeated_police_work,
            "former_fighters": repeated_former_fighters}


def compiler() -> str | None:
    """The C compiler, if there is one."""
    return shutil.which(os.environ.get("CC", "cc"))


class CPhases:
    """The phases of `phases.c`, built in `folder`. Raises RuntimeError without a compiler or when it refuses."""

    def __init__(self, world: World, folder: Path) -> None:
        tool = compiler()
        if tool is None:
            raise RuntimeError(NO_COMPILER)
        (folder / "tables.h").write_text(header(world), encoding="utf-8")
        source, library = Path(__file__).with_name("phases.c"), folder / "phases.so"
        command = [tool, *FLAGS, f"-I{folder}", str(source), "-lm", "-o", str(library)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
        self._library = ctypes.CDLL(str(library))
        self._scratch = np.zeros(5 * len(world.communities))

    def bound(self, phase: str, world: World) -> Callable[[int], None]:
        """A phase on `world` as a function of the number of months; the clock moves on with them."""
        pointers = self._pointers(world)
        call = getattr(self._library, f"repeated_{phase}")
        call.argtypes = (ctypes.c_void_p, ctypes.c_double, ctypes.c_int64)
        call.restype = None
        return lambda months: call(pointers.ctypes.data, MONTH * WEEK, months)

    def _pointers(self, world: World) -> np.ndarray:
        """What C calls `struct world`, in memory: addresses and lengths, eight bytes each."""
        numbers = [self._scratch.ctypes.data]
        for _, table in records(world):
            numbers += [table.ctypes.data, len(table)]
        numbers += [part.ctypes.data for part in world.social]
        return np.array(numbers, dtype=np.int64)


def records(world: World) -> Iterator[tuple[str, np.ndarray]]:
    """Every table of a world and every block of its parameters, by its name in C."""
    for name, table in world._asdict().items():
        if isinstance(table, np.ndarray) and table.dtype.names and name != "parameters":
            yield name, table
    for name in world.parameters.dtype.names:
        yield f"parameters_{name}", world.parameters[name]


def header(world: World) -> str:
    """`tables.h`: the record types as C structs, with their size checked, and the model's constants."""
    lines = ["#include <stdint.h>"]
    lines += [f"#define LINE_{line.upper()} {number}" for number, line in enumerate(LINES)]
    for module, names in STREAMS.items():
        lines += [f"#define {name} {getattr(module, name)}" for name in names.split()]
    lines += [f"#define {name} {getattr(draws, name)!r}" for name in ("LARGEST_U", "SEARCH_BELOW", "BLEND_BELOW")]
    lines += [f"#define POLICE_ABUSE {POLICE_ABUSE}", f"#define SIGNATORY {SIGNATORY}"]
    world_fields = ["double *scratch;"]
    for name, table in records(world):
        lines += [f"struct {name} {{", *_members(table.dtype), "} __attribute__((packed));",
                  f'_Static_assert(sizeof(struct {name}) == {table.itemsize}, "{name}");']
        world_fields += [f"struct {name} *{name};", f"int64_t {name}_length;"]
    world_fields += ["int64_t *social_starts;", "int32_t *social_targets;", "double *social_weights;"]
    return "\n".join([*lines, "struct world {", *world_fields, "};", ""])


def _members(dtype: np.dtype[Any]) -> Iterator[str]:
    """The fields of a record type in C, with the gaps an aligned type has."""
    end = 0
    for name, (kind, offset, *_) in (dtype.fields or {}).items():
        if offset > end:
            yield f"    char before_{name}[{offset - end}];"
        size = f"[{int(np.prod(kind.shape))}]" if kind.shape else ""
        yield f"    {C_TYPES[kind.base.str[1:]]} {name}{size};"
        end = offset + kind.itemsize
    if end < dtype.itemsize:
        yield f"    char after_all[{dtype.itemsize - end}];"


def states(template: run.Template, seed: int, weeks: int) -> Iterator[World]:
    """The state of a run of the whole model every month; copies."""
    world = run.start(template, seed)
    for _ in range(0, weeks, MONTH):
        run.advance(world, run.new_series(MONTH))
        yield run.copy_world(world)


def difference(ours: World, theirs: World) -> list[str]:
    """Tables and fields in which two worlds differ in any bit."""
    found = []
    for (name, a), (_, b) in zip(records(ours), records(theirs), strict=True):
        if a.tobytes() != b.tobytes():
            fields = a.dtype.names or ()
            found += [f"{name}.{field}" for field in fields if a[field].tobytes() != b[field].tobytes()]
    return found
