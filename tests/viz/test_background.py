"""Work beside a page: what it refuses is told on the page alone, and what nobody expected goes to the log as well."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import solara

from ssr_sim.faults import Fault, ScenarioError
from viz import background
from viz.background import Work, use_work


class Refused(Exception):
    """Says in a sentence what cannot be done."""


def broken() -> ScenarioError:
    return ScenarioError([Fault("my.toml", 3, "years", "is no number")])


@pytest.mark.parametrize(("error", "told", "logged"), [
    (lambda: Refused("there is no such run"), "there is no such run", False),
    (broken, "my.toml:3: years: is no number", False),
    (lambda: ZeroDivisionError("a mistake of ours"), "a mistake of ours", True),
    (ValueError, "ValueError()", True),
])
def test_a_refusal_is_told_and_an_error_is_logged_too(error: Callable[[], Exception], told: str, logged: bool,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Work] = []
    log: list[str] = []
    monkeypatch.setattr(background.LOG, "exception", log.append)

    @solara.component
    def Page() -> None:
        async def work() -> None:
            raise error()

        seen.append(use_work(work, [], refusals=(Refused,)))

    async def look() -> None:
        _, drawn = solara.render(Page(), handle_error=False)
        async with asyncio.timeout(20):
            while not seen[-1].trouble:
                await asyncio.sleep(0.01)
        drawn.close()

    with ThreadPoolExecutor(1) as beside:  # a browser test before may have left a loop running here
        beside.submit(lambda: asyncio.run(look())).result()
    assert seen[-1] == Work(pending=False, trouble=told)
    assert bool(log) == logged
