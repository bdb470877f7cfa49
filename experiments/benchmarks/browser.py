"""The app as its visitors feel it: a real browser, a real server, the clock of the page itself.

Every time is from what a visitor does (a key, the command) to what is on the screen, in frames that the browser has
drawn. Ensembles have 64 runs of ten years.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import quartiles, table

STARTS, MOVES, VISITORS = 5, 7, 10
RUNS = 64
COUNTRIES = ("baseline", "liberia-2003")
SIZES = (300, 1000)
LEVER = "lever-vetting-coverage"

# From the next key on: when the lever's own number, the first band and the last are on the screen, in ms.
WATCH = """([lever, runs]) => {
    const slider = document.getElementById(lever), out = slider.closest(".lever").querySelector("output");
    const seen = { pairs: [] };
    window.times = new Promise((done) => {
        const drawn = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now() - seen.began), 0));
        const look = () => {
            const pairs = document.querySelector(".ssr-tiles").dataset.pairs;
            if (seen.began === undefined || pairs === seen.last || pairs === "0") return; // 0: still of the plan before
            seen.last = pairs;
            drawn((ms) => {
                seen.pairs.push([Number(pairs), ms]);
                if (Number(pairs) === runs) { watch.disconnect(); done(seen); }
            });
        };
        const watch = new MutationObserver(look);
        watch.observe(document.querySelector(".ssr-main"), { subtree: true, childList: true, attributes: true });
        new MutationObserver((_, self) => { self.disconnect(); drawn((ms) => { seen.echo = ms; }); })
            .observe(out, { childList: true, characterData: true, subtree: true });
        slider.addEventListener("keydown", () => {
            seen.began = performance.now();
            seen.last = document.querySelector(".ssr-tiles").dataset.pairs;
        }, { once: true });
    });
}"""

# From the first moment of a page on: when its first chart has been drawn, in ms since 1970.
FIRST = """
const watch = new MutationObserver(() => {
    if (!document.querySelector(".ssr-chart svg")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.drawn = Date.now(); }, 0));
});
watch.observe(document, { subtree: true, childList: true });
"""

# The map in a page, without the server: its module and a model that holds what the server would send.
DRAW = """async ([source, sent]) => {
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    const known = { ...sent, values: bytes(sent.values), postings: bytes(sent.postings) };
    const drawing = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    const el = document.createElement("div");
    document.querySelector("main").replaceChildren(el);
    drawing.default.render({ model: { get: (name) => known[name], on() {}, off() {} }, el });
}"""

# Scrub through all frames of the map, one for each frame of the screen; frames a second.
PLAY = """() => new Promise((done) => {
    const scrub = document.querySelector(".ssr-network .play input"), last = Number(scrub.max);
    const began = performance.now();
    const step = (k) => {
        scrub.value = k;
        scrub.dispatchEvent(new Event("input"));
        requestAnimationFrame(() => (k < last ? step(k + 1) : done(((last + 1) * 1000) / (performance.now() - began))));
    };
    step(0);
})"""


def measure() -> Findings:
    """Starts, levers, memory of visitors, ten at once, frames of the map. Raises RuntimeError without a browser."""
    from tests.viz import browsing

    if browsing.chromium_path() is None:
        raise RuntimeError("needs chromium")
    trouble: list[str] = []
    with browsing.chromium() as browser:
        ready, picture = np.array([_start(browser, trouble) for _ in range(STARTS)]).T
        with browsing.served() as app:
            opened, levers = {}, {}
            for country in COUNTRIES:
                opened[country], levers[country] = _levers(browser, app, country, trouble)
            frames = {size: _frames(browser, app, size, trouble) for size in SIZES}
        with browsing.served() as app:
            crowd = _crowd(browser, app, trouble)
    return _findings(ready, picture, opened, levers, frames, crowd, trouble)


def _start(browser: Any, trouble: list[str]) -> tuple[float, float]:
    """Seconds from the command to the first page that the server gives out, and to the first chart on the screen."""
    from tests.viz import browsing

    began = time.time()
    with browsing.served() as app:
        page, heard = browsing.new_page(browser, app.address)
        page.add_init_script(FIRST)
        page.goto(_plan(app, "liberia-2003"), wait_until="commit")
        shown = page.wait_for_function("window.drawn").json_value() / 1000 - began
        page.context.close()
    trouble += heard
    return app.seconds, shown


def _plan(app: Any, country: str, more: str = "") -> str:
    return f"{app.address}/plan?country={country}&years=10&replicates={RUNS}{more}"


def _open(browser: Any, app: Any, country: str, trouble: list[str], more: str = "") -> Any:
    """A page that has settled: all runs are there."""
    from tests.viz import browsing

    page, heard = browsing.new_page(browser, app.address)
    page.goto(_plan(app, country, more), wait_until="commit")
    page.wait_for_selector(f'.ssr-tiles[data-pairs="{RUNS}"]')
    page.on("close", lambda _: trouble.extend(heard))
    return page


def _move(page: Any, key: str) -> Callable[[], dict[str, Any]]:
    """Press a key on the lever; the function waits for the times."""
    page.evaluate(WATCH, [LEVER, RUNS])
    page.locator(f"#{LEVER}").press(key)
    return lambda: page.evaluate("window.times")  # type: ignore[no-any-return]


def _levers(browser: Any, app: Any, country: str, trouble: list[str]) -> tuple[float, list[dict[str, Any]]]:
    """Seconds until a new visitor's first chart, with the server warm; and the times of levers moved one by one."""
    _open(browser, app, country, trouble).context.close()
    began = time.perf_counter()
    page = _open(browser, app, country, trouble)
    opened = time.perf_counter() - began
    times, server = [], psutil.Process(app.process.pid)
    for _ in range(MOVES):
        before = sum(server.cpu_times()[:2])
        found = _move(page, "ArrowRight")()
        page.wait_for_timeout(1000)  # the commit that follows a key, and whatever it draws again
        times.append(found | {"processor": sum(server.cpu_times()[:2]) - before})
    page.context.close()
    return opened, times


def _frames(browser: Any, app: Any, size: int, trouble: list[str]) -> float:
    """Frames a second of the map of a country of `size` communities, drawn by the app's own widget on a page of it."""
    from tests.viz import browsing
    from viz.widgets import module

    page, heard = browsing.new_page(browser, app.address)
    page.goto(f"{app.address}/help")
    page.wait_for_selector("main h1")
    page.evaluate(DRAW, [module("network.js"), _film(size)])
    page.wait_for_selector(".ssr-network[data-rev]")
    page.evaluate(PLAY)
    found = float(np.median([page.evaluate(PLAY) for _ in range(3)]))
    page.context.close()
    trouble += heard
    return found


def _film(size: int) -> dict[str, Any]:
    """What the widget is given, bytes as base 64: one run of ten years."""
    from ssr_sim import Scenario
    from viz import frames
    from viz.messages import section
    from viz.tabs import network

    country = Scenario.load("baseline").with_levers({"country.communities": size})
    film = frames.film(country, 10, 1, 0, "default")
    return {"ground": frames.ground(country), "film": network.about_film(film, 0),
            "values": b64encode(film.values.tobytes()).decode(), "postings": b64encode(film.postings).decode(),
            "words": section("network"), "height": 520}


def _crowd(browser: Any, app: Any, trouble: list[str]) -> dict[str, Any]:
    """Ten visitors with plans of their own who move a lever at the same moment; memory of the server on the way."""
    server = psutil.Process(app.process.pid)

    def memory() -> float:
        return float(server.memory_info().rss) / 1e6

    plans = [f"&pay.level={0.5 + 0.1 * k:.1f}" for k in range(VISITORS + 1)]
    _open(browser, app, "liberia-2003", trouble, plans[-1]).context.close()  # what is loaded once
    empty = memory()
    pages = [_open(browser, app, "liberia-2003", trouble, plan) for plan in plans[:1]]
    one = memory()
    pages += [_open(browser, app, "liberia-2003", trouble, plan) for plan in plans[1:VISITORS]]
    ten = memory()
    times = [wait() for wait in [_move(page, "ArrowRight") for page in pages]]
    moved = memory()
    for page in pages:
        page.goto("about:blank")  # tells the server, which a window that is shut at once may not
    pages[-1].wait_for_timeout(1000)
    after = _settled(memory)
    for plan in plans[:VISITORS]:  # ten more, one after another: what leaks, shows
        _open(browser, app, "liberia-2003", trouble, plan).goto("about:blank")
    for page in pages:
        page.context.close()
    return {"times": times, "memory": {"nobody": empty, "one": one, "ten": ten, "ten, after a lever": moved,
                                       "all have left": after, "ten more have come and left": _settled(memory)}}


def _settled(memory: Callable[[], float]) -> float:
    """Megabytes once they have not fallen for two seconds."""
    lowest, since = memory(), time.monotonic()
    while time.monotonic() - since < 2.0:
        time.sleep(0.1)
        if memory() < lowest - 1.0:
            lowest, since = memory(), time.monotonic()
    return lowest


def _seconds(times: list[dict[str, Any]], what: str) -> np.ndarray:
    """Seconds to the lever's own number ("echo"), to the first band and to the last."""
    if what == "echo":
        return np.array([row["echo"] for row in times]) / 1000.0
    return np.array([row["pairs"][0 if what == "band" else -1][1] for row in times]) / 1000.0


def _findings(ready: np.ndarray, picture: np.ndarray, opened: dict[str, float], levers: dict[str, Any],
              frames: dict[int, float], crowd: dict[str, Any], trouble: list[str]) -> Findings:
    everyone = [row for rows in levers.values() for row in rows]
    measured = {"browser.ready": _measured(ready), "browser.picture": _measured(picture),
                "browser.echo": _measured(1000.0 * _seconds(everyone, "echo"), 0)}
    rows = [("the command to the first page", f"{np.median(ready):.2f}", quartiles(ready)),
            ("the command to the first chart, Liberia", f"{np.median(picture):.2f}", quartiles(picture))]
    for country, name in zip(COUNTRIES, ("baseline", "liberia"), strict=True):
        rows.append((f"a new visitor to all runs, {country}", f"{opened[country]:.2f}", ""))
        for what in ("echo", "band", "full"):
            seconds = _seconds(levers[country], what)
            rows.append((f"a lever to {WORDS[what]}, {country}", f"{np.median(seconds):.3f}", quartiles(seconds, 3)))
            if what != "echo":
                measured[f"browser.{what}_{name}"] = _measured(seconds)
        spent = np.array([row["processor"] for row in levers[country]])
        rows.append((f"a lever, processor time of the server, {country}", f"{np.median(spent):.2f}", quartiles(spent)))
    for what in ("echo", "band", "full"):
        seconds = _seconds(crowd["times"], what)
        rows.append((f"ten visitors at the same moment: a lever to {WORDS[what]}", f"{np.median(seconds):.2f}",
                     f"{seconds.min():.2f} to {seconds.max():.2f}, all"))
    for size, rate in frames.items():
        measured[f"browser.frames_{size}"] = Measured(rate)
    measured["browser.outside"] = Measured(float(len(trouble)), remark=json.dumps(trouble[:3]) if trouble else "")
    each = (crowd["memory"]["ten"] - crowd["memory"]["one"]) / (VISITORS - 1)
    memory = [(who, f"{value:,.0f}") for who, value in crowd["memory"].items()] + [("each visitor", f"{each:.1f}")]
    detail = table(("from", "s", "middle half"), rows) + "\n\n" + table(("memory of the server", "MB"), memory)
    return Findings(measured, detail)


WORDS = {"echo": "its own number", "band": "the first band", "full": f"all {RUNS} runs"}


def _measured(seconds: np.ndarray, digits: int = 2) -> Measured:
    return Measured(float(np.median(seconds)), quartiles(seconds, digits))
