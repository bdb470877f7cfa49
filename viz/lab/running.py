"""A sketch as a study: read from its own specification, measured before it runs, and run here when it is small."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from ssr_sim.faults import Fault, ScenarioError
from ssr_sim.scenario import Scenario
from ssr_sim.sweep import spec
from ssr_sim.sweep.experiment import Experiment
from ssr_sim.sweep.plan import Plan as Size
from ssr_sim.sweep.plan import make_plan
from ssr_sim.sweep.study import Study

from .. import own
from ..plan import scenario_of
from ..recent import Recent
from .sketch import Sketch
from .specification import file_name, specification

MOST_RUNS = 2_000  # of a sweep that is run in the app
MOST_SECONDS = 120.0
PILOTS = 64  # measurements kept


@dataclass(frozen=True)
class Draft:
    """A sketch as a file would hold it: its text, the files beside it, and the study or all that is wrong with it."""

    name: str
    text: str
    beside: dict[str, str]
    study: Study | None
    faults: tuple[Fault, ...] = ()


class Step(NamedTuple):
    """How far a run of a sweep is: runs done of all, failed ones among them, seconds since the start."""

    done: int
    of: int
    failed: int
    seconds: float

    @property
    def rate(self) -> float:
        """Runs a second."""
        return self.done / self.seconds if self.seconds > 0.0 else 0.0

    @property
    def left(self) -> float:
        """Seconds until the end, about."""
        return (self.of - self.done) / self.rate if self.rate else float("inf")


class Cancelled(Exception):
    """The visitor has asked to stop; what is finished is kept."""


def draft(sketch: Sketch, folder: Path) -> Draft:
    """Write the specification of a sketch and read it as the command line would, from `folder`."""
    country = scenario_of(sketch.plan.as_given())
    name, beside = _country(sketch, folder, country)
    written = specification(sketch, name, country)
    origin = f"{file_name(sketch)}.toml"
    try:
        return Draft(origin, written, beside, spec.study_from(written, str(folder / origin)))
    except ScenarioError as error:
        return Draft(origin, written, beside, None, tuple(error.faults))


def _country(sketch: Sketch, folder: Path, country: Scenario) -> tuple[str, dict[str, str]]:
    """By what name the specification finds its country, and the file that has to lie beside it."""
    if not own.is_own(sketch.plan.country):
        return sketch.plan.country, {}
    name = f"{own.shown_name(country.name).removesuffix('.toml').replace('/', '-')}-{country.digest[:8]}.toml"
    content = country.to_toml()
    (folder / name).write_text(content, encoding="utf-8")
    return name, {name: content}


_PILOTS = Recent[tuple[object, ...], Size](PILOTS)


def size(study: Study) -> Size:
    """What a study will take. Measured once for studies alike in country, horizon, outputs and columns.

    Raises MemoryError and `SweepError` as `make_plan` does.
    """
    alike = (study.base.digest, study.years, study.outputs, study.series_weeks, study.levers, study.states.keys)
    measured = _PILOTS.get(alike)
    if measured is None:
        measured = make_plan(study)
        _PILOTS.keep(alike, measured)
    return replace(measured, study=study)


def small(found: Size) -> bool:
    """Whether a sweep may be run in the app."""
    return found.most <= MOST_RUNS and found.minutes(found.most) * 60.0 <= MOST_SECONDS


def carry_out(study: Study, folder: Path, tell: Callable[[Step], None], stop: threading.Event) -> None:
    """Make the runs of a study as `ssr-sim sweep run` does; `stop` ends it within moments, and the same call goes on.

    Raises `Cancelled` then, `SweepError` when it cannot go on.
    """
    began = time.monotonic()

    def progress(done: int, of: int, failed: int) -> None:
        if stop.is_set():
            raise Cancelled
        tell(Step(done, of, failed, time.monotonic() - began))

    Experiment(study).run(folder, progress=progress)
