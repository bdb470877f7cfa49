"""Figures of a study with few or many policies: differences, survival, sensitivity, discovery, ranks, Pareto front."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from scipy.special import stdtrit

from ssr_sim.analysis.contrasts import Contrast
from ssr_sim.analysis.discovery import Discovery
from ssr_sim.analysis.outcomes import OUTCOMES
from ssr_sim.analysis.robustness import Front, Robustness
from ssr_sim.analysis.sensitivity import Sensitivity
from ssr_sim.analysis.survival import Lasting
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
    VERMILLION,
    label_ends,
    name_axes,
    new_figure,
    say,
)

LINES = (
    (INK, "-"),
    (BLUE, (0, (6, 2))),
    (VERMILLION, (0, (3, 1.5))),
    (GREEN, (0, (8, 2, 2, 2))),
    (PURPLE, (0, (2, 1))),
    (ORANGE, (0, (10, 3))),
)
# from nothing to full, so that it reads on light and dark pages
SHARE = LinearSegmentedColormap.from_list("probability", (to_rgba(BLUE, 0.0), to_rgba(BLUE, 1.0)))
SHORT = {
    "relapse": "Relapse,\ngiven peace",
    "at_peace_at_end": "At peace\nat the end",
    "years_of_peace": "Years\nof peace",
    "deaths": "Violent\ndeaths",
    "cost_usd": "Cost,\nUSD million",
}
MOST_PARAMETERS = 20
PARTS = 10
FEW = 8  # policies that are all named beside their dots
LONGEST_NAME = 26


def clipped(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def forest(table: Mapping[str, Sequence[Contrast]], order: Sequence[str], reference: str) -> Figure:
    """Paired differences from the reference with 95 % intervals: one row per policy, one panel per outcome.

    Filled: stands after Holm's correction. Hollow: does not. A bar that leaves the panel goes on; a tick alone: equal
    to the reference in every run; a small cross: too few pairs differ for an interval.
    """
    figure, axes = new_figure(14, 1.7 + 0.42 * max(len(order), 2), 1, len(table))
    for ax, (name, rows) in zip(axes, table.items(), strict=True):
        scale = 1e-6 if name == "cost_usd" else 1.0
        by_policy = {row.policy: row for row in rows}
        ax.axvline(0.0, color=INK, linewidth=1.4)
        for place, policy in enumerate(order):
            _forest_row(ax, by_policy[policy], place, scale)
        ax.set_ylim(len(order) - 0.4, -0.6)
        ax.set_yticks(range(len(order)), [clipped(policy) for policy in order] if ax is axes[0] else [""] * len(order))
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", color=RULE, linewidth=0.8)
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_locator(MaxNLocator(3 if OUTCOMES[name].unit in ("people", "USD") else 4))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+,.6g}" if value else "0"))
        ax.tick_params(axis="x", labelsize=SIZE - 3)
        better = "better →" if OUTCOMES[name].better == "more" else "← better"
        ax.set_title(SHORT[name], loc="left", fontsize=SIZE, color=INK, fontweight="bold", pad=8)
        ax.set_xlabel(better, fontsize=SIZE - 2, color=MUTED)
    figure.supxlabel(f"difference from “{clipped(reference)}” on the same luck", fontsize=SIZE, color=INK)
    return figure


def _forest_row(ax: Axes, row: Contrast, place: int, scale: float) -> None:
    gap = row.difference
    if row.identical:
        ax.plot([0.0], [place], marker="|", color=MUTED, markersize=11, markeredgewidth=2.5)
        return
    if gap.of == 0:
        return
    colour = MUTED if gap.mean == 0.0 else BLUE if row.better else VERMILLION
    if math.isfinite(gap.low) and math.isfinite(gap.high):
        ax.plot([gap.low * scale, gap.high * scale], [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
        face = colour if row.marked else PAPER
        ax.plot(
            [gap.mean * scale],
            [place],
            marker="o",
            color=colour,
            markersize=8,
            markerfacecolor=face,
            markeredgewidth=2.0,
        )
    else:
        ax.plot([gap.mean * scale], [place], marker="x", color=MUTED, markersize=7, markeredgewidth=2.0)


def survival(rows: Sequence[Lasting]) -> Figure:
    """Share of runs still at peace against years since it was reached.

    Up to six policies with bands and numbers at risk; of more, the reference and the two at either end, the others
    grey.
    """
    shown = _outstanding(rows)
    figure, (ax,) = new_figure(11, 5.4 + 0.46 * len(shown))
    horizon = max(1, math.ceil(max((float(row.curve.exits.max()) for row in rows if row.curve.of), default=1.0) - 0.1))
    ax.set_xlim(0, horizon)
    ax.set_ylim(0, 1.02)
    for row in rows:
        if row not in shown and row.curve.of:
            ax.step(*_steps(row, horizon), where="post", color=GREY, linewidth=0.9, alpha=0.55)
    ends = []
    for row, (colour, dash) in zip(shown, LINES, strict=False):
        if row.curve.of:
            time, share = _steps(row, horizon)
            low, high = (np.concatenate(([1.0], part, part[-1:])) for part in (row.curve.low, row.curve.high))
            ax.fill_between(time, low, high, step="post", color=colour, alpha=0.10, linewidth=0)
            ax.step(time, share, where="post", color=colour, linestyle=dash, linewidth=2.6)
            ends.append((float(share[-1]), clipped(row.policy), colour))
    label_ends(ax, horizon, ends)
    if not ends:
        say(ax, "no run reached peace")
    ticks = range(0, horizon + 1, max(1, horizon // 10))
    ax.set_xticks(ticks)
    for place, (row, (colour, _)) in enumerate(zip(shown, LINES, strict=False)):
        style: dict[str, Any] = {"color": colour, "fontsize": SIZE - 2, "va": "center"}
        below: dict[str, Any] = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", **style}
        ax.annotate(f"runs at risk, {clipped(row.policy)}", (0, 0), xytext=(0, -66 - 40 * place), **below)
        for tick in ticks:
            at_risk = f"{row.curve.number_at_risk(tick):,}"
            ax.annotate(at_risk, (tick, 0), xytext=(0, -84 - 40 * place), ha="center", **below)
    name_axes(ax, "How long peace lasts", "years since peace was reached", "share of runs still at peace")
    return figure


def _steps(row: Lasting, horizon: float) -> tuple[np.ndarray, np.ndarray]:
    last = min(horizon, float(row.curve.exits.max()))
    return (
        np.concatenate(([0.0], row.curve.time, [last])),
        np.concatenate(([1.0], row.curve.survival, row.curve.survival[-1:])),
    )


def _outstanding(rows: Sequence[Lasting]) -> list[Lasting]:
    if len(rows) <= len(LINES):
        return list(rows)
    others = [row for row in rows[1:] if row.restricted is not None and row.restricted.of and row.curve.of]
    ranked = sorted(others, key=lambda row: -row.restricted.mean if row.restricted else 0.0)
    return [rows[0], *ranked[:2], *ranked[-2:]] if len(ranked) >= 4 else [rows[0], *ranked]


def sensitivity(found: Sensitivity) -> Figure:
    """Bars of influence above the noise floor, largest first; shaded: what an inert parameter would reach."""
    shown = [row for row in found.influences if not math.isnan(row.total)][:MOST_PARAMETERS]
    figure, (ax,) = new_figure(11, 2.0 + 0.46 * max(len(shown), 2))
    for place, row in enumerate(shown):
        ax.barh(place, row.total, height=0.62, color=BLUE, alpha=0.45)
        if found.design == "saltelli" and not math.isnan(row.alone):
            ax.barh(place, row.alone, height=0.30, color=BLUE)
        if math.isfinite(row.total_margin):
            ax.plot(
                [row.total - row.total_margin, row.total + row.total_margin], [place, place], color=INK, linewidth=1.6
            )
    ax.axvspan(0.0, found.floor_total, color=GREY, alpha=0.30, linewidth=0)
    ax.axvline(found.floor_total, color=MUTED, linewidth=1.4, linestyle=":")
    ax.annotate(
        "noise floor",
        (found.floor_total, 1.0),
        xycoords=ax.get_xaxis_transform(),
        xytext=(4, 4),
        textcoords="offset points",
        color=MUTED,
        fontsize=SIZE - 2,
        va="bottom",
    )
    if not shown:
        say(ax, "no parameter rises above the noise floor")
    ax.set_yticks(range(len(shown)), [row.parameter for row in shown])
    ax.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    ax.set_xlim(
        0,
        max(
            [
                *(max(row.total + np.nan_to_num(row.total_margin), np.nan_to_num(row.alone)) for row in shown),
                2 * found.floor_total,
                0.1,
            ]
        )
        * 1.05,
    )
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=RULE, linewidth=0.8)
    words = (
        "Sobol index: total (wide), alone (narrow)"
        if found.design == "saltelli"
        else "PAWN index: median Kolmogorov-Smirnov distance, 0 to 1"
    )
    name_axes(ax, f"{OUTCOMES[found.outcome].label}: what it depends on\n", words)
    return figure


def discovery(found: Discovery, names: Sequence[str], x: np.ndarray, y: np.ndarray) -> Figure:
    """The states of the world by the two limits that come back most often; colour: probability of the outcome.

    Of a single limit, the mean probability in ten parts of the states, by the parameter that is limited.
    """
    columns = [list(names).index(limit.parameter) for limit in found.limits[:2]]
    if len(columns) < 2:
        return _along(found, columns[0], names[columns[0]], x, y)
    across, up = columns
    figure, (ax,) = new_figure(9.5, 6.2)
    dots = ax.scatter(
        x[:, across],
        x[:, up],
        c=y,
        cmap=SHARE,
        vmin=0.0,
        vmax=max(float(y.max()), 1e-9),
        s=float(np.clip(12_000 / len(y), 14, 58)),
        edgecolors=INK,
        linewidths=0.6 if len(y) < 300 else 0.3,
    )
    ax.margins(0.05)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    west, east = max(left, found.box.low[across]), min(right, found.box.high[across])
    south, north = max(bottom, found.box.low[up]), min(top, found.box.high[up])
    ax.add_patch(Rectangle((west, south), east - west, north - south, fill=False, edgecolor=VERMILLION, linewidth=3))
    ax.grid(False)
    bar = figure.colorbar(dots, ax=ax, shrink=0.8, pad=0.02)
    bar.set_label(f"probability of {OUTCOMES[found.outcome].label.lower()}", fontsize=SIZE, color=INK)
    bar.ax.tick_params(labelsize=SIZE - 2, colors=INK)
    bar.outline.set_visible(False)
    name_axes(ax, "Where it happens: each dot a state of the world", names[across], names[up])
    return figure


def _along(found: Discovery, column: int, name: str, x: np.ndarray, y: np.ndarray) -> Figure:
    figure, (ax,) = new_figure(9.5, 4.6)
    parts = np.array_split(np.argsort(x[:, column], kind="stable"), PARTS)
    for part in parts:
        t = float(stdtrit(len(part) - 1, 0.975))
        mean, error = float(y[part].mean()), t * float(y[part].std(ddof=1)) / math.sqrt(len(part))
        where = float(x[part, column].mean())
        ax.plot([where, where], [mean - error, mean + error], color=BLUE, linewidth=2.4)
        ax.plot([where], [mean], marker="o", color=BLUE, markersize=8)
    ax.axhline(found.base, color=MUTED, linewidth=1.4, linestyle=":")
    ax.set_ylim(0.0, 1.0)
    left, right = float(x[:, column].min()), float(x[:, column].max())
    west, east = max(left, found.box.low[column]), min(right, found.box.high[column])
    ax.axvspan(west, east, facecolor=to_rgba(VERMILLION, 0.08), edgecolor=VERMILLION, linewidth=2)
    name_axes(ax, f"{OUTCOMES[found.outcome].label} in ten equal parts of the states", name, "mean share of runs")
    return figure


def ranks(found: Robustness, order: Sequence[str]) -> Figure:
    """The probability that a policy is the best, by each measure: fuller is likelier, numbers in per cent."""
    first = found.first.loc[list(order)]
    figure, (ax,) = new_figure(12, 2.0 + 0.42 * max(len(first), 2))
    ax.imshow(first.to_numpy(), cmap=SHARE, vmin=0.0, vmax=1.0, aspect="auto")
    for row, policy in enumerate(first.to_numpy()):
        for column, chance in enumerate(policy):
            if chance >= 0.005:
                ax.text(
                    column,
                    row,
                    f"{100 * chance:.0f}",
                    ha="center",
                    va="center",
                    fontsize=SIZE - 2,
                    color="white" if chance > 0.55 else INK,
                )
    ax.set_xticks(range(first.shape[1]), [name.replace(" ", "\n", 1) for name in first.columns])
    ax.set_yticks(range(len(first)), [clipped(policy) for policy in first.index])
    ax.tick_params(length=0)
    ax.xaxis.tick_top()
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_xticks(np.arange(first.shape[1] + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(first) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=RULE, linewidth=0.8)
    ax.tick_params(which="minor", length=0)
    name_axes(ax, "How likely each policy is the best, per cent, by six measures\n")
    return figure


def pareto(found: Front, reference: str) -> Figure:
    """Mean risk against mean cost of every policy; on the front filled, its line drawn, names on the front."""
    figure, (ax,) = new_figure(11, 6.4)
    points = found.points
    cost, risk = points[found.cost] / 1e6, points[found.risk]
    ax.scatter(
        cost,
        risk,
        s=40 + 160 * points["probability"],
        c=points["probability"],
        cmap=SHARE,
        vmin=0.0,
        vmax=1.0,
        edgecolors=INK,
        linewidths=0.9,
        zorder=3,
    )
    ax.scatter(
        cost[reference], risk[reference], s=210, facecolors="none", edgecolors=VERMILLION, linewidths=2.8, zorder=4
    )
    on = points[points["on_front"]].sort_values(found.cost)
    ax.step(on[found.cost] / 1e6, on[found.risk], where="post", color=BLUE, linewidth=1.8, alpha=0.7, zorder=2)
    ax.margins(0.12)
    named = list(points.index) if len(points) <= FEW else list(dict.fromkeys([reference, *on.index]))
    _names_beside(ax, [(float(cost[name]), float(risk[name]), name) for name in named])
    ax.grid(axis="x", color=RULE, linewidth=0.8)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    name_axes(ax, "Relapse against cost", "mean cost, USD million", "share that relapse, given peace")
    return figure


def _names_beside(ax: Axes, spots: Sequence[tuple[float, float, str]]) -> None:
    """Names right of their dots, pushed up where two would overlap."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    placed: list[tuple[float, float]] = []
    for x, y, name in sorted(spots, key=lambda spot: (spot[1], spot[0])):
        at = y
        while any(
            abs(at - other_y) < 0.045 * (top - bottom) and abs(x - other_x) < 0.28 * (right - left)
            for other_x, other_y in placed
        ):
            at += 0.045 * (top - bottom)
        placed.append((x, at))
        if at > y:
            ax.plot([x, x], [y, at], color=MUTED, linewidth=0.8, zorder=2)
        near_edge = x > left + 0.75 * (right - left)
        ax.annotate(
            clipped(name),
            (x, at),
            xytext=(-13 if near_edge else 13, 9),
            textcoords="offset points",
            fontsize=SIZE - 3,
            color=INK,
            va="center",
            ha="right" if near_edge else "left",
            zorder=5,
            bbox={"boxstyle": "square,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.8},
        )
