"""Results for the pages: a plan against the same country with nothing done, on the same luck, as it grows.

Baselines are kept for all visitors, since they are the same for all; a plan's own runs belong to who asked.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

from ssr_sim.comparison import Comparison, grow_comparison
from ssr_sim.ensemble import Ensemble, grow_ensemble

from .plan import Plan, scenario_of
from .recent import Recent
from .turns import TURNS

KEPT = 6  # baselines; about 30 MB each with 64 runs of ten years
Step = TypeVar("Step")
LABELS = ("nothing changed", "your plan")
BASELINES = Recent[Plan, Ensemble](KEPT)  # finished ones, by their question


def growing(plan: Plan, stop: threading.Event) -> Iterator[Comparison]:
    """The plan against its baseline on the first 8 pairs of runs, on 16, ... at last on all; `stop` ends it."""
    nothing = plan.question.as_baseline()
    known = BASELINES.get(nothing)
    if plan.question == nothing:
        for ensemble in [known] if known is not None else _grown(nothing, stop):
            yield _kept(nothing, Comparison(ensemble, ensemble, *LABELS))
    elif known is not None:
        for ensemble in _grown(plan, stop):
            yield Comparison(known.first(ensemble.replicates), ensemble, *LABELS)
    else:
        a, b = scenario_of(nothing), scenario_of(plan.question)
        for step in grow_comparison(a, b, plan.years, plan.replicates, plan.seed, parameters=plan.parameters,
                                    label_a=LABELS[0], label_b=LABELS[1], stop=stop, pool=TURNS.share()):
            yield _kept(nothing, step)


def _grown(plan: Plan, stop: threading.Event) -> Iterator[Ensemble]:
    return grow_ensemble(scenario_of(plan.question), plan.years, plan.replicates, plan.seed,
                         parameters=plan.parameters, stop=stop, pool=TURNS.share())


def _kept(nothing: Plan, step: Comparison) -> Comparison:
    """The step; its baseline is kept for all visitors once it has all runs."""
    if step.pairs == nothing.replicates:
        BASELINES.keep(nothing, step.a)
    return step


async def whole(plan: Plan, known: Recent[Plan, Comparison]) -> AsyncIterator[Comparison]:
    """As `results`, with what `known` has of finished questions at once; what gets finished is put into it."""
    finished = known.get(plan.question)
    if finished is not None:
        yield finished
        return
    async for step in results(plan):
        if step.pairs == plan.replicates:
            known.keep(plan.question, step)
        yield step


async def results(plan: Plan) -> AsyncIterator[Comparison]:
    """`growing` without holding up the page; cancelling the task that reads it stops the runs."""
    stop = threading.Event()
    async for step in in_threads(growing(plan, stop), stop):
        yield step


async def in_threads(steps: Iterator[Step], stop: threading.Event) -> AsyncIterator[Step]:
    """Steps worked out in other threads, one after the other; cancelling the task that reads them sets `stop`."""
    try:
        while (step := await asyncio.to_thread(next, steps, None)) is not None:
            yield step
    finally:
        stop.set()
