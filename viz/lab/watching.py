"""One run of a sweep in the planner: its policy and its state of the world as a scenario, its seed, its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ssr_sim.sweep import checking, store
from ssr_sim.sweep.results import Results
from ssr_sim.sweep.store import SweepError

from .. import own
from ..messages import text
from ..plan import YEARS, Plan
from .desk import allow
from .sketch import Sketch

LONGEST_TITLE = 200
FRESH = Sketch()


def row_of(folder: Path, run_id: str) -> Mapping[str, Any]:
    """Everything that the sweep has kept of a run; raises `SweepError` when it has no such run."""
    try:
        return checking.row_of(Results.open(folder), run_id)
    except checking.UnknownRun:
        raise checking.UnknownRun(text("lab.no_run", run=run_id)) from None


def page(folder: Path, run_id: str) -> str:
    """The page that opens a run in the planner, for an app that may read `folder`; raises `SweepError`."""
    source = next(source for source in allow([folder]) if source.folder == folder.resolve())
    watched = replace(FRESH, read=source.id, watch=str(row_of(source.folder, run_id)["run_id"]))
    return f"lab?{watched.query()}"


def plan_of(folder: Path, run_id: str, visitor: str) -> Plan:
    """The planner on exactly this run; its scenario becomes one of the visitor's own.

    Raises `SweepError` for an unknown run, another version of the model or a run longer than the planner's longest,
    `ScenarioError` for a country that is too large for the app.
    """
    row = row_of(folder, run_id)
    study = store.read_study(folder)
    if study.years > YEARS[1]:
        raise SweepError(text("lab.too_long", years=study.years, most=YEARS[1]))
    policy, state = study.policy_names.index(str(row["policy"])), int(row["state"])
    scenario = study.scenario_in(policy, state)
    title = text("lab.watched", title=scenario.title, policy=row["policy"], state=state)[:LONGEST_TITLE]
    content = replace(scenario, title=title).to_toml()
    digest = own.register(content, f"{scenario.name}-{str(row['run_id'])[:8]}.toml", visitor)
    return Plan(country=own.country_of(digest), years=study.years, seed=study.replicates.seed, tab="network",
                run=study.number_in_ensemble(state, int(row["replicate"])))
