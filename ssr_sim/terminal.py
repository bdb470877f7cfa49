"""How the command talks: tables of 80 columns on standard output, progress and messages on standard error."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import fill
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ssr_sim.parameters import Parameter
    from ssr_sim.summary import Table

WIDTH = 80


def say(message: str) -> None:
    typer.echo(message, err=True)


def tell_steps() -> None:
    """From now on say what takes time: laying roads, how long the runs will take."""
    import logging

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(record.getMessage())

    log = logging.getLogger("ssr_sim")
    log.handlers = [Teller()]
    log.setLevel(logging.INFO)


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    made = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not stderr:
        made.width = min(made.width, WIDTH)
    return made


@contextmanager
def progress(what: str) -> Iterator[Callable[..., None]]:
    """A callback (done, total, failed=0): a bar with rate and time left on a terminal, a line every ten seconds
    elsewhere.
    """
    err = console(stderr=True)
    began = time.monotonic()
    if not err.is_terminal:
        said = began

        def line(done: int, total: int, failed: int = 0) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said >= 10.0 and done < total:
                said = now
                left = (now - began) / done * (total - done)
                lost = f", {failed} failed" if failed else ""
                say(f"{what}: {done} of {total}, {done / (now - began):.1f}/s, {left:.0f} s left{lost}")

        yield line
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        task = bars.add_task(what, total=None, rate="")

        def update(done: int, total: int, failed: int = 0) -> None:
            rate = done / max(time.monotonic() - began, 1e-9)
            lost = f", {failed} failed" if failed else ""
            bars.update(task, completed=done, total=total, rate=f"{rate:.1f}/s{lost}")

        yield update


def print_json(content: Any) -> None:
    typer.echo(json.dumps(content, indent=1, allow_nan=False))


def print_table(table: Table) -> None:
    from rich import box
    from rich.table import Table as Rich
    from rich.text import Text

    out = console()
    if not table.rows:
        out.print(f"{table.title}: nothing\n")
        return
    shown = Rich(
        title=table.title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for place, name in enumerate(table.columns):
        number = place > 0 and table.numeric
        whole = number or (place == 0 and not table.numeric)
        shown.add_column(name, justify="right" if number else "left", no_wrap=whole, overflow="fold")
    for row in table.rows:
        cells = []
        for cell in row:
            first, *rest = cell.split("\n")
            cells.append(Text(first).append("".join(f"\n{line}" for line in rest), style="dim"))
        shown.add_row(*cells)
    out.print(shown)
    out.print(f"{table.note}\n" if table.note else "", style="dim")


def range_of(row: Parameter) -> str:
    return " | ".join(row.options) if row.options else f"{row.lo:g} to {row.hi:g}"


def describe(row: Parameter) -> None:
    out = console()
    out.print(row.key, style="bold")
    facts = (
        ("", row.help),
        ("role", row.role),
        ("default", f"{row.default} {row.unit}"),
        ("range", range_of(row)),
        ("off", "" if row.off is None else f"{row.off:g}"),
        ("cost", row.cost),
        ("side effect", row.side_effect),
        ("source", row.source),
        ("group", row.group),
    )
    for name, text in facts:
        if text:
            line = f"{name + ': ' if name else ''}{text}"
            out.print(fill(line, out.width, initial_indent="  ", subsequent_indent="    "))
