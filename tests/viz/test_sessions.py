"""Ten visitors at once: each sees the numbers of the own plan only, and when they have left nothing of them stays."""

import re
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.formats import usd
from tests.viz import browsing

pytestmark = pytest.mark.browser
VISITORS = 10
# Serves the app, forgets who has been away for two seconds instead of half an hour, and tells for each line it is
# given how many visitors it knows.
SCRIPT = """
import sys, threading
from viz import server

def answer():
    from solara.server import kernel_context
    for line in sys.stdin:
        print("visitors", len(kernel_context.contexts), flush=True)

threading.Thread(target=answer, daemon=True).start()
server.SETTINGS["SOLARA_KERNEL_CULL_TIMEOUT"] = "2s"
server.serve(int(sys.argv[1]), browser=False)
"""


@pytest.fixture
def talking() -> Iterator[browsing.Served]:
    with browsing.served((sys.executable, "-c", SCRIPT)) as app:
        yield app


def visitors(app: browsing.Served) -> int:
    assert app.process.stdin is not None
    assert app.process.stdout is not None
    app.process.stdin.write("\n")
    app.process.stdin.flush()
    return int(next(line for line in app.process.stdout if line.startswith("visitors")).split()[1])


def cost(coverage: float, vetting: float, seed: int) -> str:
    """What the library says a plan costs."""
    plan = Scenario.load("baseline").with_levers({"oversight.coverage": coverage, "vetting.coverage": vetting})
    return usd(run_ensemble(plan, 2, 8, seed).outcome("cost_usd").mean())


def test_ten_visitors_see_their_own_numbers_and_leave_nothing_behind(talking: browsing.Served, chromium: Any) -> None:
    asked = [(round(0.08 * k + 0.1, 2), k) for k in range(VISITORS)]
    opened = [browsing.new_page(chromium, talking.address) for _ in asked]
    for (page, _), (coverage, seed) in zip(opened, asked, strict=True):  # nobody waits for the one before
        page.goto(f"{talking.address}/plan?country=baseline&years=2&replicates=8&goal=cost"
                  f"&oversight.coverage={coverage}&seed={seed}", wait_until="commit")
    for (page, _), (coverage, seed) in zip(opened, asked, strict=True):
        page.wait_for_selector('.ssr-tiles[data-pairs="8"]')
        assert page.locator("[data-goal=cost] .after").inner_text() == cost(coverage, 0.1, seed)
    assert visitors(talking) == VISITORS
    for page, _ in opened:
        page.get_by_label("Vetting: coverage", exact=True).press("End")
    for (page, trouble), (coverage, seed) in zip(opened, asked, strict=True):
        page.wait_for_url(re.compile(r"vetting\.coverage=2\b"))
        page.wait_for_function("it => document.querySelector('[data-goal=cost] .after').textContent === it",
                               arg=cost(coverage, 2.0, seed))
        assert re.findall(r"(?:oversight\.coverage|seed)=[\d.]+", page.url) == [
            *([f"seed={seed}"] if seed != 1 else []), f"oversight.coverage={coverage:g}"]
        assert trouble == []
    for page, _ in opened:
        page.goto("about:blank")
    patience = time.monotonic() + browsing.PATIENCE / 1000
    while visitors(talking) and time.monotonic() < patience:  # told by a beacon, or missed
        time.sleep(0.1)
    assert visitors(talking) == 0
    for page, _ in opened:
        page.context.close()
