"""The answer to a plan: runs begin when the question changes, and what they say comes as they grow."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import solara

from ssr_sim.comparison import Comparison

from . import spoken, studio
from .background import use_work
from .before import Before, middles, use_before
from .plan import Plan


class Answer(NamedTuple):
    """The latest comparison and the question it answers, perhaps the one before; what else there is to show and say."""

    comparison: Comparison | None
    question: Plan | None
    before: Before | None  # what the charts keep of the plan before the last move
    said: str  # the last whole result in a sentence, for screen readers
    trouble: str

    def answers(self, plan: Plan) -> bool:
        """Whether these are the numbers of this plan, be it of its first runs."""
        return self.question == plan.question

    def settled(self, plan: Plan) -> bool:
        """Whether these are the numbers of all runs of this plan."""
        return self.answers(plan) and self.comparison is not None and self.comparison.pairs == plan.replicates


def use_answer(wanted: Plan, moving: bool) -> Answer:
    """The answer to `wanted` as it grows; `moving` while a lever is held."""
    answered: solara.Reactive[tuple[Comparison | None, Plan | None]] = solara.use_reactive((None, None))
    finished: solara.Reactive[Before | None] = solara.use_reactive(None)
    said = solara.use_reactive("")

    async def work() -> None:
        async for step in studio.results(wanted):
            answered.set((step, wanted.question))
            if step.pairs == wanted.replicates:  # not the steps on the way: one sentence for each result
                said.set(spoken.sentence(step, wanted))
                finished.set(await asyncio.to_thread(middles, wanted.question, step))

    task = use_work(work, [wanted.question])
    before = use_before(wanted.question, finished.value, moving)
    comparison, question = answered.value
    return Answer(comparison, question, before, said.value, task.trouble)
