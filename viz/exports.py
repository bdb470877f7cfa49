"""What can be taken away: the shown chart as figure or as CSV, every outcome of every run, one page to print.

Figures are drawn by Matplotlib from the same data as the charts on the screen, always on white.
"""

from __future__ import annotations

import base64
import io
import textwrap
from collections.abc import Callable
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ssr_sim import drawing
from ssr_sim.comparison import Comparison
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.world import WEEK

from . import bands, described, own, tiles
from .messages import text
from .plan import Plan, scenario_of

COLOURS = {"baseline": drawing.MUTED, "plan": drawing.BLUE, "pin1": drawing.VERMILLION, "pin2": drawing.GREEN,
           "pin3": "#b0578d", "pin4": "#8a6d00"}
DASHES: dict[str, Any] = {"baseline": (0, (6, 3)), "pin1": (0, (1, 1.5)), "pin2": (0, (6, 2, 1, 2)),
                          "pin3": (0, (9, 3)), "pin4": (0, (3, 1.5))}
QUARTER = 13  # weeks
QUANTILES = (0.1, 0.5, 0.9)
LINE = 150  # characters of a caption's line
MANY = 34  # characters of a title's line where many charts stand side by side
Charts = list[dict[str, Any]]  # as `widgets.chart.Chart` takes them
CSV = "text/csv;charset=utf-8"


class File(NamedTuple):
    """A file for the visitor, as `widgets.browser.Browser` downloads it."""

    name: str
    type: str
    text: str = ""
    base64: str = ""


def file(kind: str, comparison: Comparison, plan: Plan, address: str, shown: Callable[[], Charts]) -> File:
    """The file of a kind: "toml", "series", "indicators", "runs", "png" or "svg" of the charts `shown`.

    Raises KeyError for another.
    """
    stem = f"ssr_sim-{scenario_of(plan).name}"
    if kind == "toml":
        return saved(plan)
    if kind == "series":
        return File(f"{stem}-{plan.show}.csv", CSV, series_csv(comparison, plan.show))
    if kind == "indicators":
        return File(f"{stem}-indicators.csv", CSV, indicators_csv(comparison))
    if kind == "runs":
        return File(f"{stem}-runs.csv", CSV, runs_csv(comparison))
    writer, charts = PICTURES[kind], shown()
    words = [chart["about"] for chart in charts if "about" in chart]
    return writer(f"{stem}-{plan.tab}.{kind}", figure(charts, [*words, *caption(comparison, plan, address)]))


def saved(plan: Plan) -> File:
    """The plan as a scenario file. Its first line holds the plan, so that opening it gives the plan back."""
    scenario = scenario_of(plan)
    content = f"{own.SAVED}{plan.query()}\n{scenario.to_toml()}"
    return File(f"{scenario.name}-plan.toml", "text/plain;charset=utf-8", content)


def runs_csv(comparison: Comparison) -> str:
    """One row for each run of both arms: policy, replicate, seed and every outcome."""
    import pandas as pd

    frames = {label: ensemble.outcomes for label, ensemble in comparison.arms}
    return str(pd.concat(frames, names=["policy"]).to_csv())


def series_csv(comparison: Comparison, show: str) -> str:
    """An indicator by week under both policies, and their paired difference: mean and quantiles over the runs."""
    return _long(comparison, [show], np.arange(comparison.a.values.shape[1]), bands.BAND)


def indicators_csv(comparison: Comparison) -> str:
    """Every indicator at the end of each quarter year, as `series_csv`; 1.4 MB for ten years."""
    weeks = comparison.a.values.shape[1]
    return _long(comparison, list(INDEX), np.append(np.arange(QUARTER - 1, weeks - 1, QUARTER), weeks - 1), QUANTILES)


def _long(comparison: Comparison, names: list[str], weeks: np.ndarray[Any, np.dtype[np.int64]],
          shares: tuple[float, ...]) -> str:
    """A row for each policy and the difference, indicator and week (from 0), with mean and quantiles over the runs."""
    import pandas as pd

    known = [INDICATORS[INDEX[name]] for name in names]
    a, b = (np.stack([arm.series[name][:, weeks] for name in names], axis=1) for _, arm in comparison.arms)
    frames = []
    for label, values in ((comparison.label_a, a), (comparison.label_b, b), (text("plan.difference"), b - a)):
        columns: dict[str, Any] = {
            "policy": label, "indicator": np.repeat(names, len(weeks)),
            "label": np.repeat([row.label for row in known], len(weeks)),
            "unit": np.repeat([row.unit for row in known], len(weeks)), "week": np.tile(weeks + 1, len(names)),
            "year": np.tile((weeks + 1) * WEEK, len(names)).round(4), "runs": len(values),
            "mean": values.mean(axis=0).ravel()}
        for share, line in zip(shares, np.quantile(values, shares, axis=0), strict=True):
            columns[f"p{round(100 * share)}"] = line.ravel()
        frames.append(pd.DataFrame(columns))
    return str(pd.concat(frames).to_csv(index=False, float_format="%.10g"))


def caption(comparison: Comparison, plan: Plan, address: str) -> list[str]:
    """What a figure shows and where it comes from: the country, the changes, the runs, the version; the address."""
    changes = "; ".join(described.sentence(row) for row in described.rows(plan)) or text("sheet.unchanged")
    what = text("sheet.plan", country=scenario_of(plan.as_given()).title, changes=changes)
    standing = f"{text('sheet.bands')} {tiles.standing(comparison, plan)}"
    return [text("sheet.caption", what=what, standing=standing), text("sheet.address", address=address)]


def figure(charts: Charts, words: list[str], height: float = 0.0) -> Figure:
    """The charts as one figure, the first large when there are three; the paragraphs `words` stand below.

    It is 13 inches wide and `height` high, by default as fits.
    """
    with mpl.rc_context({"text.parse_math": False}):  # a name may hold a dollar
        drawn = Figure(figsize=(13.0, height or (8.6 if len(charts) > 2 else 5.6)), layout="constrained")
        layout = [[0, 0], [1, 2]] if len(charts) == 3 else _rows(len(charts))
        axes = drawn.subplot_mosaic(layout, empty_sentinel=-1)  # type: ignore[arg-type]
        together = any(chart.get("legend") is False for chart in charts)  # the last chart has the lines of all
        for place, chart in enumerate(charts):
            _draw(drawing.dress(axes[place]), chart, MANY if len(charts) > 4 else LINE, not together)
        if together:
            handles, names = axes[len(charts) - 1].get_legend_handles_labels()
            drawn.legend(handles, names, loc="outside upper left", ncols=3, frameon=False, handlelength=2.6,
                         fontsize=drawing.SIZE - 2, labelcolor=drawing.INK)
        lines = [line for part in words for line in textwrap.wrap(part, LINE, break_on_hyphens=False)]
        drawn.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=9, color=drawing.MUTED)
        drawn.get_layout_engine().set(w_pad=0.1, h_pad=0.1)  # type: ignore[union-attr, call-arg]
    return drawn


def _rows(count: int) -> list[list[int]]:
    columns = 1 if count == 1 else 2 if count < 5 else 3
    padded = [*range(count), *[-1] * (-count % columns)]
    return [padded[k:k + columns] for k in range(0, len(padded), columns)]


def _draw(ax: Axes, chart: dict[str, Any], letters: int, legend: bool) -> None:
    """One chart as `widgets.chart.Chart` takes it; a line of its title has so many `letters` at most."""
    x = np.array(chart["x"])
    step: dict[str, Any] = {"step": "post"} if chart.get("step") else {}
    for series in chart["series"]:
        colour = COLOURS[series["role"]]
        for low, high, strength in (("low", "high", 0.13), ("inner_low", "inner_high", 0.17)):
            if series.get(low) is not None:
                ax.fill_between(x, _numbers(series[low]), _numbers(series[high]), color=colour, alpha=strength,
                                linewidth=0, **step)
        ax.plot(x, _numbers(series["mid"]), color=colour, linewidth=2.4, linestyle=DASHES.get(series["role"], "-"),
                drawstyle="steps-post" if step else "default", label=series["name"])
    for mark in chart.get("marks", ()):
        ax.axvline(mark["x"], color=drawing.MUTED, linewidth=1, linestyle=":")
    if chart.get("zero"):
        ax.axhline(0.0, color=drawing.MUTED, linewidth=1)
    if chart["limits"]:
        ax.set_ylim(*chart["limits"])
    ax.set_xlim(x[0], x[-1])
    drawing.name_axes(ax, textwrap.fill(chart["title"], letters), chart["xlabel"], chart.get("ylabel", chart["unit"]))
    if len(chart["series"]) > 1 and legend:
        ax.legend(frameon=False, fontsize=drawing.SIZE - 2, labelcolor=drawing.INK, handlelength=2.6)


def _numbers(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def png(name: str, drawn: Figure) -> File:
    """A figure as PNG, 150 dots per inch."""
    content = io.BytesIO()
    drawn.savefig(content, format="png", dpi=150, facecolor="white")
    return File(name, "image/png", base64=base64.b64encode(content.getvalue()).decode())


def svg(name: str, drawn: Figure) -> File:
    """A figure as SVG, letters as letters."""
    return File(name, "image/svg+xml", drawing.svg(drawn))


PICTURES = {"png": png, "svg": svg}
