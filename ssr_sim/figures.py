"""Figures: results in, Matplotlib `Figure` out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from ssr_sim.comparison import Comparison
from ssr_sim.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    RULE,
    SIZE,
    SKY,
    VERMILLION,
    YELLOW,
    label_ends,
    legend_above,
    name_axes,
    new_figure,
    panels,
    say,
)
from ssr_sim.ensemble import Ensemble, Level
from ssr_sim.intervals import Floats
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.tables import LINES, SPENDING
from ssr_sim.world import WEEK

Arm = tuple[str, Ensemble]

ARMS = ((BLUE, "-"), (VERMILLION, (0, (6, 2))))
SPENDING_COLOURS = (BLUE, ORANGE, GREEN, SKY, PURPLE, YELLOW, VERMILLION, GREY)
MAP_COLOURS = LinearSegmentedColormap.from_list("share", (VERMILLION, YELLOW, SKY, BLUE))
BANDS = ((5, 95, 0.16), (25, 75, 0.30))  # percentiles and strength of colour
CRISP_POINTS = 3000  # above this many places a map is drawn as an image inside the SVG


def survival(arms: Sequence[Arm], level: Level = "conflict") -> Figure:
    """Share of runs still at peace against years since peace was reached, with interval and numbers at
    risk.
    """
    figure, (ax,) = new_figure(10, 5.4 + 0.5 * len(arms))
    curves = [(label, arm.survival(level)) for label, arm in arms]
    last = max((float(curve.exits.max()) for _, curve in curves if curve.of), default=1.0)
    horizon = max(1, math.ceil(last - 0.1))
    ax.set_xlim(0, horizon)
    ax.set_ylim(0, 1.02)
    ends = []
    for (label, curve), (colour, dash) in zip(curves, ARMS, strict=False):
        if curve.of:
            time = np.concatenate(([0.0], curve.time))
            share, low, high = (np.append(1.0, part) for part in (curve.survival, curve.low, curve.high))
            ax.fill_between(time, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
            ax.step(time, share, where="post", color=colour, linestyle=dash, linewidth=2.6)
            ends.append((float(share[-1]), label if len(arms) > 1 else f"{share[-1]:.2f}", colour))
    label_ends(ax, horizon, ends)
    if not ends:
        say(ax, "no run reached peace")
    ticks = range(0, horizon + 1, max(1, horizon // 10))
    ax.set_xticks(ticks)
    for row, ((label, curve), (colour, _)) in enumerate(zip(curves, ARMS, strict=False)):
        words = "runs at risk" if len(arms) == 1 else f"runs at risk, {label}"
        style: dict[str, Any] = {"color": colour, "fontsize": SIZE - 2, "va": "center"}
        # in points, not in parts of the axes, which the layout is still shrinking: else the last row is cut off
        below: dict[str, Any] = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", **style}
        ax.annotate(words, (0, 0), xytext=(0, -68 - 43 * row), **below)
        for tick in ticks:
            at_risk = str(curve.number_at_risk(tick))
            ax.annotate(at_risk, (tick, 0), xytext=(0, -87 - 43 * row), ha="center", **below)
    title = "How long peace lasts" if level == "conflict" else "How long it is until a return to war"
    name_axes(ax, title, "years since peace was reached", "share of runs still at peace")
    return figure


def fans(arms: Sequence[Arm], names: Sequence[str]) -> Figure:
    """Weekly indicators: median of the runs with bands that hold 50 % and 90 % of them, one panel per
    indicator.

    With two arms the second is drawn over the first, each with its 50 % band only.
    """
    figure, axes = panels(len(names))
    for ax, name in zip(axes, names, strict=True):
        for (label, arm), (colour, dash) in zip(arms, ARMS, strict=False):
            _fan(ax, arm.series[name], colour, dash, BANDS if len(arms) == 1 else BANDS[1:], label)
        indicator = INDICATORS[INDEX[name]]
        if name == "battle_deaths_52":
            death_scale(ax)
        else:
            _limits(ax, indicator.unit)
        name_axes(ax, indicator.label, "years since the start", indicator.unit)
    if len(arms) > 1:
        legend_above(figure, axes[0])
    return figure


def difference_fans(comparison: Comparison, names: Sequence[str]) -> Figure:
    """What the second policy changes in each pair of runs: median and bands of the paired differences."""
    figure, axes = panels(len(names))
    for ax, name in zip(axes, names, strict=True):
        gap = comparison.b.series[name] - comparison.a.series[name]
        ax.axhline(0.0, color=INK, linewidth=1.2)
        _fan(ax, gap, PURPLE, "-", BANDS, "median of the pairs", mean=True)
        indicator = INDICATORS[INDEX[name]]
        least = 0.01 if "0-1" in indicator.unit else 1e-9  # less than a hundredth is nothing
        reach = max(*map(abs, ax.get_ylim()), least) if gap.any() else 1.0
        ax.set_ylim(-reach, reach)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+,.4g}" if value else "0"))
        name_axes(ax, indicator.label, "years since the start", f"difference, {indicator.unit}")
    legend_above(figure, axes[0])
    return figure


def _fan(ax: Axes, runs: Floats, colour: str, dash: Any, bands: Any, label: str, mean: bool = False) -> None:
    """Bands and median of `runs` (replicates x weeks) over time."""
    years = np.arange(1, runs.shape[1] + 1) * WEEK
    for low, high, strength in bands:
        bottom, top = np.percentile(runs, [low, high], axis=0)
        ax.fill_between(years, bottom, top, color=colour, alpha=strength, linewidth=0)
    ax.plot(years, np.median(runs, axis=0), color=colour, linestyle=dash, linewidth=2.4, label=label)
    if mean:
        ax.plot(years, runs.mean(axis=0), color=INK, linestyle=":", linewidth=1.8, label="mean of the pairs")
    ax.set_xlim(0, runs.shape[1] * WEEK)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))


def _limits(ax: Axes, unit: str) -> None:
    """Shares: the tenths around what is drawn; amounts: from zero."""
    low, high = ax.get_ylim()
    if "0-1" in unit:
        low, high = max(0.0, np.floor(low * 10) / 10), min(1.0, np.ceil(high * 10) / 10)
        ax.set_ylim(low, high if high > low else low + 0.1)
    else:
        ax.set_ylim(0.0 if low > -0.1 * high else low, high)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}"))


def death_scale(ax: Axes) -> None:
    """Linear up to the threshold of conflict, logarithmic above it, both thresholds marked."""
    ax.set_yscale("symlog", linthresh=25, linscale=0.6)
    top = max(2000.0, ax.get_ylim()[1])
    ax.set_ylim(0, top)
    ax.set_yticks([tick for tick in (0, 25, 100, 1000, 10_000, 100_000) if tick <= top])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.yaxis.set_minor_locator(NullLocator())
    for threshold, word in ((25, "conflict"), (1000, "war")):
        ax.axhline(threshold, color=MUTED, linewidth=1.2, linestyle=":")
        ax.text(
            0.99,
            threshold,
            word,
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="bottom",
            color=MUTED,
            fontsize=SIZE - 2,
        )


def peace_bar(comparison: Comparison, level: Level = "conflict") -> Figure:
    """In how many pairs of runs the first peace lasted longer, as long, or shorter under the second
    policy.
    """
    figure, (ax,) = new_figure(11, 2.3)
    counts = comparison.peace(level)
    narrow = 0.12 * comparison.pairs
    start = 0
    parts = zip(("longer", "the same", "shorter"), counts, (BLUE, "#9aa1ab", VERMILLION), strict=True)
    for name, count, colour in parts:
        ax.barh(0, count, left=start, color=colour, height=0.6)
        if count:
            # Narrow parts carry their words above the bar, where they cannot be cut off.
            inside = count > narrow
            ax.text(
                start + count / 2,
                0 if inside else 0.42,
                f"{count} {name}",
                ha="center",
                color=PAPER if inside else INK,
                va="center" if inside else "bottom",
                fontsize=SIZE,
                fontweight="bold",
            )
        start += count
    ax.set_xlim(0, comparison.pairs)
    ax.set_ylim(-0.4, 0.8 if any(0 < count <= narrow for count in counts) else 0.4)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    name_axes(
        ax,
        f"Peace under “{comparison.label_b}” against “{comparison.label_a}”",
        "pairs of runs with the same luck",
    )
    return figure


def cost(arms: Sequence[Arm]) -> Figure:
    """Mean spending per year, stacked by group of spending lines, in USD million at the scenario's prices."""
    figure, axes = new_figure(6.5 * len(arms) + 3.5, 5.4, 1, len(arms))
    groups = list(dict.fromkeys(SPENDING[line][1] for line in LINES))
    member = np.array([groups.index(SPENDING[line][1]) for line in LINES])
    top = max(float(ensemble.spending.sum(axis=2).mean(axis=0).max()) for _, ensemble in arms) / 1e6
    for ax, (label, ensemble) in zip(axes, arms, strict=True):
        yearly = ensemble.spending.mean(axis=0) / 1e6
        years = np.arange(1, len(yearly) + 1)
        base = np.zeros(len(yearly))
        for code, (group, colour) in enumerate(zip(groups, SPENDING_COLOURS, strict=False)):
            part = yearly[:, member == code].sum(axis=1)
            ax.bar(
                years,
                part,
                bottom=base,
                color=colour,
                width=0.82,
                label=group,
                edgecolor=PAPER,
                linewidth=0.5,
            )
            base += part
        ax.set_ylim(0, 1.06 * top or 1.0)
        ax.xaxis.set_major_locator(MaxNLocator(11, integer=True))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        total = yearly.sum()
        title = "Cost per year" if len(arms) == 1 else label
        name_axes(
            ax,
            f"{title}: USD {total:,.0f} million in all",
            "year",
            f"USD million, {ensemble.scenario.price_year} prices",
        )
    handles, names = axes[-1].get_legend_handles_labels()
    axes[-1].legend(
        handles[::-1],
        names[::-1],
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        frameon=False,
        fontsize=SIZE - 1,
        labelcolor=INK,
    )
    return figure


def network_map(
    ensemble: Ensemble, field: str = "trust_police", title: str = "Trust in the police"
) -> Figure:
    """The country: communities (area as population, colour as `field` at the end, mean of the runs), roads,
    regions.
    """
    country, ground = ensemble.scenario.country, ensemble.template.ground
    places, values = ground.places, ensemble.places[field]
    region_of, people = places.region, places.population
    figure, (ax,) = new_figure(10, 7.6)
    many = len(people) > CRISP_POINTS
    x, y = places.x, places.y
    starts = np.repeat(np.arange(len(people)), np.diff(ground.roads.starts))
    ends = ground.roads.targets
    once = starts < ends
    roads = np.stack(
        [
            np.column_stack((x[starts[once]], y[starts[once]])),
            np.column_stack((x[ends[once]], y[ends[once]])),
        ],
        axis=1,
    )
    ax.add_collection(LineCollection(list(roads), colors=MUTED, linewidths=0.8, alpha=0.45, rasterized=many))
    area = 40_000.0 / max(len(people), 80) * people / people.mean()
    low, high = float(values.min()), float(values.max())
    room = max(0.0, 0.05 - (high - low)) / 2  # differences of a hundredth do not deserve the whole scale
    dots = ax.scatter(
        x,
        y,
        s=np.clip(area, 4, 1500),
        c=values,
        cmap=MAP_COLOURS,
        vmin=low - room,
        vmax=high + room,
        edgecolors=INK,
        linewidths=0.5,
        rasterized=many,
    )
    for row, region in enumerate(country.regions):
        here = region_of == row
        if here.any():
            name = f"{region.name} ★" if region.capital else region.name
            weight = people[here]
            at = np.average(x[here], weights=weight), np.average(y[here], weights=weight)
            ax.text(
                *at,
                name,
                ha="center",
                va="center",
                fontsize=SIZE - 3,
                color=INK,
                fontweight="bold",
                bbox={"boxstyle": "round,pad=0.2", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.75},
            )
    ax.set_aspect("equal")
    ax.margins(0.04)
    ax.set_axis_off()
    bar = figure.colorbar(dots, ax=ax, shrink=0.55, pad=0.02)
    bar.set_label(title, fontsize=SIZE, color=INK)
    bar.ax.tick_params(labelsize=SIZE - 2, colors=INK)
    bar.outline.set_visible(False)
    ax.set_title(
        f"{title} by community in the last week", loc="left", fontsize=SIZE + 2, color=INK, fontweight="bold"
    )
    return figure


def channels(comparison: Comparison, most: int = 14) -> Figure:
    """Where the policies differ, indicator by year: blue higher, orange lower; depth is size in standard
    deviations.

    A cell shows its paired mean difference where the interval excludes zero, and stays blank elsewhere.
    """
    frame = comparison.channels
    order = list(dict.fromkeys(frame["indicator"]))[:most]
    years = comparison.a.years
    figure, (ax,) = new_figure(4.5 + 0.95 * max(years, 4), 1.6 + 0.46 * max(len(order), 2))
    if not order:
        say(ax, "no indicator differs in any pair")
    for cell in frame[frame["indicator"].isin(order)].itertuples():
        row = order.index(cell.indicator)
        strength = min(abs(cell.size) / 2.0, 1.0)
        colour = to_rgba(BLUE if cell.difference > 0 else VERMILLION, 0.75 * strength)
        ax.barh(row, 1.0, left=cell.year - 0.5, height=1.0, color=[colour], edgecolor=RULE, linewidth=0.6)
        if cell.low > 0.0 or cell.high < 0.0:
            ax.text(
                cell.year, row, short(cell.difference), ha="center", va="center", color=INK, fontsize=SIZE - 4
            )
    ax.set_yticks(range(len(order)), [f"{INDICATORS[INDEX[name]].label}" for name in order])
    ax.set_xticks(range(1, years + 1))
    ax.set_ylim(max(len(order), 1) - 0.5, -0.5)
    ax.set_xlim(0.5, years + 0.5)
    ax.grid(False)
    name_axes(ax, f"What “{comparison.label_b}” changes against “{comparison.label_a}”", "year")
    return figure


def short(value: float) -> str:
    """A signed number in few characters: +1.2k, -0.034, +5."""
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return (
                f"{value / limit:+.2g}{letter}"
                if abs(value) < 100 * limit
                else f"{value / limit:+.0f}{letter}"
            )
    return f"{value:+.2g}" if abs(value) < 100 else f"{value:+.0f}"
