"""An explanation as one HTML page with its figures: the run as a timeline, and what moves the odds of peace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from ssr_sim import drawing, report
from ssr_sim.drawing import BLUE, GREY, INK, MUTED, SIZE, VERMILLION, name_axes, new_figure
from ssr_sim.figures import death_scale
from ssr_sim.formats import counted
from ssr_sim.intervals import Difference
from ssr_sim.why import words
from ssr_sim.why.event_chain import is_end
from ssr_sim.why.explain import Explanation
from ssr_sim.world import WEEK

BARS = 12  # levers in the figure
Bar = tuple[str, Difference, Difference | None]  # label, effect, placebo


def timeline(explanation: Explanation) -> Figure:
    """Battle deaths of the run with each event at its week: filled on the recorded chain, hollow beside it."""
    e = explanation
    figure, (ax,) = new_figure(12, 4.8)
    weeks = len(e.deaths) if e.relapse_week < 0 else min(len(e.deaths), e.end_week)
    ax.plot(np.arange(1, weeks + 1) * WEEK, e.deaths[:weeks], color=INK, linewidth=2.0)
    death_scale(ax)
    ax.set_xlim(0, weeks * WEEK)
    if e.peace_week >= 0:
        end = (e.relapse_week if e.relapse_week >= 0 else weeks) * WEEK
        ax.axvspan(e.peace_week * WEEK, end, color=BLUE, alpha=0.10, linewidth=0)
        ax.text(e.peace_week * WEEK, 0.02, " at peace", transform=ax.get_xaxis_transform(), color=BLUE, fontsize=SIZE)
    last, level = -np.inf, 0
    for letter, tested in words.lettered(e):
        at = tested.link.week * WEEK
        level = level + 1 if at - last < 0.03 * weeks * WEEK else 0
        last = at
        colour = INK if is_end(tested.link) else VERMILLION if tested.on_chain else BLUE
        ax.axvline(at, color=colour, linewidth=1.0, linestyle="-" if tested.on_chain else ":")
        box = {"boxstyle": "circle,pad=0.25", "facecolor": colour if tested.on_chain else "white", "edgecolor": colour}
        ax.text(at, 0.93 - 0.11 * (level % 7), letter, transform=ax.get_xaxis_transform(), ha="center", va="center",
                fontsize=SIZE - 2, fontweight="bold", color="white" if tested.on_chain else colour, bbox=box)
    name_axes(ax, "The run", "years since the start", "battle deaths in 52 weeks")
    return figure


def effects(bars: Sequence[Bar], title: str) -> Figure:
    """Paired differences with 95 % intervals, each above the placebo it stands beside (grey square)."""
    figure, (ax,) = new_figure(12, 1.7 + 0.55 * max(len(bars), 2))
    for row, (_, gap, placebo) in enumerate(bars):
        colour = VERMILLION if gap.mean > 0 else BLUE
        ax.plot([gap.low, gap.high], [row, row], color=colour, linewidth=3.0, solid_capstyle="butt")
        ax.plot(gap.mean, row, marker="o" if gap.excludes_zero else "D", markersize=10, color=colour,
                markerfacecolor=colour if gap.excludes_zero else "white")
        if placebo is not None:
            ax.plot([placebo.low, placebo.high], [row + 0.28] * 2, color=GREY, linewidth=1.5)
            ax.plot(placebo.mean, row + 0.28, marker="s", markersize=5, color=GREY)
    ax.axvline(0.0, color=INK, linewidth=1.2)
    ax.set_yticks(range(len(bars)), [label for label, _, _ in bars])
    ax.set_ylim(max(len(bars), 1) - 0.4, -0.6)
    ax.set_xlim(-1.02, 1.02)
    ax.grid(axis="x", color=MUTED, alpha=0.3)
    name_axes(ax, title, "difference in the share of continuations in which peace fails")
    return figure


def illustrate(explanation: Explanation) -> dict[str, tuple[Figure, str]]:
    """Every figure with its caption, by file name."""
    e = explanation
    caption = ("Battle deaths in the last 52 weeks; dotted lines mark the thresholds of conflict and war. Letters as "
               "in the tables: filled on the recorded chain, hollow beside it.")
    drawn = {"timeline": (timeline(e), caption)}
    pairs = f"{counted(e.continuations, 'pair')} on common luck; 95 % intervals. Hollow diamonds: the interval holds "
    pairs += "zero. Grey squares: the placebo, one person moved. Right of zero (orange): peace fails more often."
    events = [(f"{letter} {tested.link.short}", tested.difference, tested.placebo)
              for letter, tested in words.lettered(e) if tested.difference is not None]
    if events:
        drawn["events"] = effects(events, "What each event did to the odds"), pairs
    if e.blows:
        drawn["blows"] = effects([(row.name, row.difference, e.placebo) for row in e.blows], "Blows"), pairs
    levers = [(f"{row.name} {row.before} to {row.after}", row.difference, e.placebo) for row in e.levers[:BARS]
              if row.difference.mean != 0.0]
    if levers:
        drawn["levers"] = effects(levers, "What a changed lever does to the odds"), pairs
    return drawn


def write(explanation: Explanation, folder: Path, provenance: Mapping[str, str]) -> Path:
    """Write page, figures and data into `folder`; returns the path of the page. Raises OSError."""
    e = explanation
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(words.as_document(e, provenance), indent=1, allow_nan=False)
    (folder / "why.json").write_text(document, encoding="utf-8")
    drawn = illustrate(e)
    texts = drawing.save({name: picture for name, (picture, _) in drawn.items()}, folder / "figures")
    pictures = {name: (texts[name], caption) for name, (_, caption) in drawn.items()}
    file = folder / "why.html"
    file.write_text(render(e, pictures, provenance), encoding="utf-8")
    return file


def render(explanation: Explanation, pictures: report.Pictures, provenance: Mapping[str, str]) -> str:
    """The page."""
    e = explanation
    questions = {"relapsed": "Why this peace failed", "held": "What would have broken this peace",
                 "no peace": "A run without peace"}
    facts = (f"replicate {e.replicate} of seed {e.seed} · {counted(e.years, 'year')} from {words.date(e, 0)} · "
             f"{counted(e.continuations, 'continuation')} of each arm · uncertainty shown: luck only")
    parts = [report.heading(questions[e.kind], e.scenario.title, facts, words.headline(e)),
             report.figure("timeline", pictures)]
    after = {"The chain of events": "events", "What would have broken it: blows": "blows"}
    for table in words.tables(e):
        parts.append(report.table(table))
        if after.get(table.title, "") in pictures:
            parts.append(report.figure(after[table.title], pictures))
    if "levers" in pictures:
        parts.append(report.figure("levers", pictures))
    items = "".join(f"<li>{escape(line)}</li>" for line in words.HONESTY)
    parts.append(f"<h2>How to read this</h2><ul>{items}</ul>")
    return report.page(f"{questions[e.kind]}: {e.scenario.title}", "\n".join(parts), e.scenario.approximate, provenance)
