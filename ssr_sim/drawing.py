"""How figures look and how they are written: colours, sizes, axes, PNG and SVG.

Colours are Okabe and Ito's, told apart by colour-blind readers; lines also differ in dash and carry names.
Sizes can be read from the back of a room. Nothing is shown; no global state of Matplotlib is kept.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, MUTED, RULE, PAPER = "#1b1d21", "#5b616b", "#d4d8de", "#fffffe"
BLUE, VERMILLION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
SKY, PURPLE, YELLOW, GREY = "#56b4e9", "#cc79a7", "#f0e442", "#8c8c8c"
SIZE = 14  # points


def save(figures: Mapping[str, Figure], folder: Path) -> dict[str, str]:
    """Write each figure as `folder/name.png` (opaque, 150 dots per inch) and `name.svg`; returns the SVGs."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {}
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=150, facecolor="white")
        texts[name] = svg(figure)
        (folder / f"{name}.svg").write_text(texts[name], encoding="utf-8")
    return texts


def svg(figure: Figure) -> str:
    """The figure as SVG text without background, letters as letters; the same figure gives the same text."""
    text = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ssr_sim"}):
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    return text.getvalue()


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, [dress(ax) for ax in axes.flat]


def dress(ax: Axes) -> Axes:
    """An axes as all of ours look: no box, quiet ticks and lines."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(MUTED)
    ax.tick_params(labelsize=SIZE - 1, colors=INK, length=4, color=MUTED)
    ax.grid(axis="y", color=RULE, linewidth=0.8)
    ax.set_axisbelow(True)
    return ax


def name_axes(ax: Axes, title: str, x: str = "", y: str = "") -> None:
    ax.set_title(title, loc="left", fontsize=SIZE + 2, color=INK, fontweight="bold", pad=10)
    ax.set_xlabel(x, fontsize=SIZE, color=INK)
    ax.set_ylabel(y, fontsize=SIZE, color=INK)


def say(ax: Axes, words: str) -> None:
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", color=INK, fontsize=SIZE)


def label_ends(ax: Axes, x: float, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write each line's name at its right end, pushed apart where two would overlap."""
    low, high = ax.get_ylim()
    gap = 0.085 * (high - low)
    at = low - gap
    for y, text, colour in sorted(ends):
        at = max(y, at + gap)
        ax.annotate(
            text,
            (x, at),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=SIZE - 1,
            fontweight="bold",
            annotation_clip=False,
        )


def panels(count: int) -> tuple[Figure, list[Axes]]:
    rows = -(-count // 2)
    figure, axes = new_figure(13, 4.2 * rows, rows, 2)
    for ax in axes[count:]:
        ax.remove()
    return figure, axes[:count]


def legend_above(figure: Figure, ax: Axes) -> None:
    handles, names = ax.get_legend_handles_labels()
    figure.legend(
        handles,
        names,
        loc="outside upper left",
        ncols=len(names),
        frameon=False,
        fontsize=SIZE,
        labelcolor=INK,
        handlelength=3,
    )
