"""What a scene shows of its plan's runs: number, verdict, words, the true answer, and a chart as data.

A story's results are the same for everybody, so finished ones are kept for all visitors.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from ssr_sim.comparison import Comparison
from ssr_sim.intervals import Difference
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.why import words
from ssr_sim.why.explain import explain

from . import bands, frames, studio
from .goals import goal_of, tile_of
from .messages import section, text
from .plan import scenario_of
from .recent import Recent
from .shares import PERCENT, SHARE
from .stories import Scene, Story, Verdict, span_of
from .tabs.network import about_film, chosen

KEPT = 300  # finished results, some 30 kB each
CONTINUATIONS = 40  # of each event, for a chain of reasons
MOST_LINKS = 6  # of a chain, on one screen

Payload = dict[str, Any]
FINISHED = Recent[tuple[str, int], Payload](KEPT)  # by the story's content and the scene


def finished(story: Story, k: int) -> Payload | None:
    """The result of scene `k` if somebody has waited for it before."""
    return FINISHED.get((story.digest, k))


def growing(story: Story, k: int, stop: threading.Event) -> Iterator[Payload]:
    """The results of scene `k` on the first 8 pairs of runs, on 16, ... at last on all; `stop` ends it."""
    known = finished(story, k)
    if known is not None:
        yield known
        return
    scene, plan = story.scenes[k], story.plan(k)
    for comparison in studio.growing(plan, stop):
        payload = result(story, k, comparison)
        last = comparison.pairs == plan.replicates
        if last and scene.chart in ("map", "why"):
            yield payload
            payload = {**payload, **(_map if scene.chart == "map" else _why)(story, k, comparison, stop)}
        if last and not stop.is_set():
            payload["done"] = True
            FINISHED.keep((story.digest, k), payload)
            _keep_the_same(story, k, comparison)
        yield payload


def _keep_the_same(story: Story, k: int, comparison: Comparison) -> None:
    """Keep what the same runs say to other scenes with the plan of scene `k`."""
    question = story.plan(k).question
    for other in story.told:
        alike = other != k and story.plan(other).question == question
        if alike and story.scenes[other].chart not in ("map", "why"):
            FINISHED.keep((story.digest, other), result(story, other, comparison) | {"done": True})


def result(story: Story, k: int, comparison: Comparison) -> Payload:
    """What scene `k` shows of these runs, for the browser; its words and the true answer once all runs are there."""
    scene, plan = story.scenes[k], story.plan(k)
    tile, goal = tile_of(scene.measure, comparison), goal_of(scene.measure)
    whole = comparison.pairs == plan.replicates
    outcome: Verdict | None = verdict(goal.gap(comparison), scene.matters) if scene.changes else None
    unit = INDICATORS[INDEX[scene.measure]].unit if scene.measure in INDEX else ""
    before, after = goal.level(comparison.a), goal.level(comparison.b)
    return {
        "pairs": comparison.pairs, "of": plan.replicates, "done": False, "query": plan.query(),
        "title": tile.title, "unit": "" if unit == SHARE else unit,
        "before": tile.before, "after": tile.after, "change": tile.change, "worlds": tile.counted,
        "tone": "same" if outcome == "little" else tile.verdict,
        "levels": [_finite(before), _finite(after)], "changes": scene.changes,
        "verdict": outcome or "level", "truth": truth(scene, comparison) if whole else -1,
        "words": said(scene, outcome) if whole else "",
        "labels": [*_names(scene).values()], "chart": _chart(story, k, comparison),
    }


def verdict(gap: Difference, matters: float) -> Verdict:
    """What a paired difference says: "little" when its whole interval lies within `matters` of zero or every pair is
    equal, "open" when it holds zero, else "higher" or "lower".
    """
    if gap.of == 0 or math.isnan(gap.low):
        return "open"
    if gap.low == gap.high == 0.0 or max(abs(gap.low), abs(gap.high)) <= matters:
        return "little"
    if gap.low > 0.0:
        return "higher"
    return "lower" if gap.high < 0.0 else "open"


def truth(scene: Scene, comparison: Comparison) -> int:
    """The number of the true answer, or -1 when the story has none for this result."""
    goal = goal_of(scene.measure)
    gap = goal.gap(comparison)
    if scene.about == "direction":
        outcome = verdict(gap, scene.matters)
        return next((n for n, answer in enumerate(scene.answers) if outcome in answer.verdicts), -1)
    value = gap.mean if scene.about == "change" else goal.level(comparison.b)
    spans = [span_of(answer) for answer in scene.answers]
    return next((n for n, (low, high) in enumerate(spans) if low <= value < high), -1)


def said(scene: Scene, outcome: Verdict | None) -> str:
    """The story's words for a verdict; plain ones where it has none."""
    own: str = getattr(scene.reveal, outcome or "level")
    return own or (text(f"demo.verdicts.{outcome}") if outcome else "")


def _names(scene: Scene) -> dict[str, str]:
    """What the country without the scene's levers and with them is called, by the role of its line."""
    return {"baseline": scene.beside or text("demo.as_it_is"), "plan": scene.label or text("demo.changed")}


def _finite(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _chart(story: Story, k: int, comparison: Comparison) -> Payload:
    """The scene's chart as data: lines that end where its number is. The share at peace stands in until a map or a
    chain of reasons is there.
    """
    scene = story.scenes[k]
    if scene.chart == "amount":
        return {"kind": "amount"}
    over_time = scene.chart in INDEX
    data = _from_zero(bands.fan(comparison, scene.chart, bands.means) if over_time else bands.at_peace(comparison))
    data["note"] = text("demo.lines.mean" if over_time else "demo.lines.share")
    if not scene.changes:
        data["series"] = data["series"][-1:]
    names = _names(scene)
    for series in data["series"]:
        role = series["role"] if scene.changes else "baseline"
        series |= {"role": role, "name": names[role]}
    return {"kind": "lines", "data": {**data, "marks": bands.marks(story.plan(k))}}


def _from_zero(data: Payload) -> Payload:
    """The chart with an axis that begins at zero: a room reads heights, not tick marks."""
    if data["limits"]:
        return data
    lines = [values for series in data["series"] for values in series.values() if isinstance(values, list)]
    seen = [0.0, *(value for values in lines for value in values if value is not None)]
    top = 1.06 * max(seen) or 1.0
    return {**data, "limits": [min(seen), min(top, PERCENT) if data["unit"] == "%" else top]}


def told_run(scene: Scene, comparison: Comparison) -> int:
    """The number of the run that a map or a chain of reasons tells: the one that lost its peace soonest, under a
    scene's change among those whose peace the change cost.

    Best where peace holds without the change; else where it lasts longer without it; where it costs no peace, any.
    """
    if scene.changes:
        (before, lost_before), (after, lost) = comparison.a.time_at_peace(), comparison.b.time_at_peace()
        shorter = lost & (after < before)
        for cost in (shorter & ~lost_before, shorter):
            if cost.any():
                return int(np.argmin(np.where(cost, after, np.inf)))
    return chosen(comparison.b, "lost")


def _map(story: Story, k: int, comparison: Comparison, stop: threading.Event) -> Payload:
    """One run as a film on the map of the country."""
    plan = story.plan(k).question
    scenario = scenario_of(plan)
    if scenario.country.communities > frames.LARGEST or stop.is_set():
        return {}
    replicate = told_run(story.scenes[k], comparison)
    film = frames.film(scenario, plan.years, plan.seed, replicate, "default")
    return {"chart": {"kind": "map", "ground": frames.ground(scenario),
                      "film": about_film(film, replicate),
                      "values": film.values.tobytes(), "postings": film.postings, "words": section("network")}}


class _GivenUp(Exception):
    """Nobody waits for the answer any more."""


def _why(story: Story, k: int, comparison: Comparison, stop: threading.Event) -> Payload:
    """The events that led one run to its relapse, each with and without it."""
    plan = story.plan(k).question

    def asked(done: int, total: int) -> None:
        if stop.is_set():
            raise _GivenUp

    try:
        found = explain(scenario_of(plan), plan.seed, told_run(story.scenes[k], comparison), plan.years, CONTINUATIONS,
                        asked, levers=[])
    except _GivenUp:
        return {}
    links = []
    for letter, tested in words.lettered(found):
        effect = ""
        if tested.with_it is not None and tested.without is not None:
            effect = text("demo.with_without", with_it=f"{100 * tested.with_it.value:.0f}",
                          without=f"{100 * tested.without.value:.0f}")
        clear = tested.difference is not None and tested.difference.excludes_zero
        links.append({"letter": letter, "date": words.date(found, tested.link.week), "words": tested.link.words,
                      "effect": effect, "clear": clear, "end": letter == "R"})
    if not links:
        return {}
    return {"chart": {"kind": "why", "links": _most_telling(links), "left_out": max(0, len(links) - MOST_LINKS)}}


def _most_telling(links: list[Payload]) -> list[Payload]:
    """At most `MOST_LINKS`, in their order: the end, what moves the odds, then the latest; lettered anew from A, as
    a room looks for what stands before B.
    """
    order = sorted(range(len(links)), key=lambda n: (not links[n]["end"], not links[n]["clear"], -n))
    letters = sorted(link["letter"] for link in links if not link["end"])
    shown = [links[n] for n in sorted(order[:MOST_LINKS])]
    free = iter(letters)
    return [link if link["end"] else {**link, "letter": next(free)} for link in shown]


def answers(story: Story, runs: int) -> Iterator[tuple[int, Payload]]:
    """What each scene says with so many pairs of runs, and whether the story has words of its own for it.

    For those who write stories; it needs no browser.
    """
    asked = Story(story.name, story.head.model_copy(update={"runs": runs}), story.scenes, f"{story.digest}-{runs}")
    question, last = None, None
    for k in asked.told:
        plan = asked.plan(k)
        if last is None or plan.question != question:
            *_, last = studio.growing(plan, threading.Event())
            question = plan.question
        found = result(asked, k, last)
        yield k, found | {"own_words": bool(getattr(asked.scenes[k].reveal, found["verdict"]))}
