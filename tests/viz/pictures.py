"""Pictures of every page and tab, at both sizes and in both themes, to be looked at: `make pictures`.

They say nothing by themselves and are kept nowhere: what a test can tell is in the tests.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from typing import Any

from tests.viz import browsing
from viz.plan import TABS

PLAN = "/plan?country=liberia-2003&replicates=16&mission.drawdown_start=3&mission.drawdown_months=12&@260:pay.level=1.5"
STORY = "/demo?story=premature-drawdown&scene=2"
PAGES = {"start": "/", "plan": PLAN, "assumptions": f"/assumptions{PLAN[5:]}", "help": "/help",
         "lab": f"/lab{PLAN[5:]}&lab.levers=sobol:8&lab.levers.key=oversight.coverage:0.1:0.9",
         "stories": "/demo", "stage": "/demo?story=premature-drawdown",
         "vote": f"{STORY}&step=vote", "answer": f"{STORY}&step=reveal", "notes": f"/notes{STORY[5:]}",
         **{f"plan-{tab}": f"{PLAN}&tab={tab}" for tab in TABS}}
MARKS = {"lab": ".ssr-run [data-runs]:not([data-runs=''])",
         "plan": ".ssr-chart[data-rev]", "plan-effects": ".ssr-chart[data-rev]",
         "plan-network": ".ssr-network[data-rev]", "plan-timeline": ".ssr-timeline", "plan-table": ".ssr-tables table"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", help=f"of {', '.join(PAGES)}; all when none")
    parser.add_argument("--address", help="of an app that is running; else one is started")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.pages) - set(PAGES)):
        parser.error(f"no page {', '.join(unknown)}; there are {', '.join(PAGES)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    names = arguments.pages or list(PAGES)
    with browsing.chromium() as browser:
        if arguments.address:
            take(browser, arguments.address.rstrip("/"), names, arguments.folder)
        else:
            with browsing.served() as app:
                take(browser, app.address, names, arguments.folder)


def take(browser: Any, address: str, names: list[str], folder: Path) -> None:
    """One picture of what the window shows for each page, size and theme; names the files."""
    for size, theme in product(browsing.SIZES, browsing.THEMES):
        page, trouble = browsing.new_page(browser, address, size, theme)
        for name in names:
            page.goto(address + PAGES[name])
            browsing.ready(page)
            page.wait_for_function("!document.querySelector('.ssr-tiles') || "
                                   "document.querySelector('.ssr-tiles').dataset.pairs === '16'")
            if name in MARKS:
                page.wait_for_selector(MARKS[name])
            path = folder / f"{name}-{size}-{theme}.png"
            page.screenshot(path=path, animations="disabled")
            print(path, flush=True)
        page.context.close()
        for line in trouble:
            print(line, flush=True)


if __name__ == "__main__":
    main()
