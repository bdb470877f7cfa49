"""Table: what the command line prints, with every number of the comparison, to read and to take away."""

from __future__ import annotations

from collections.abc import Callable

import solara

from ssr_sim import summary
from ssr_sim.comparison import Comparison

from ..markup import Markup, tag
from ..messages import text
from ..widgets.controls import Controls


@solara.component
def Table(comparison: Comparison, order: Callable[..., None]) -> None:
    """The tables of `ssr-sim compare`, and the runs as CSV."""
    Controls.element(fields=[{"id": "csv", "kind": "button", "label": text("table.csv")}],
                     on_event=lambda _: order("download", name="ssr_sim-runs.csv", text=runs_as_csv(comparison),
                                              type="text/csv;charset=utf-8"))
    tables = solara.use_memo(lambda: "".join(as_html(table) for table in summary.tables(comparison)), [comparison])
    solara.HTML(tag="div", classes=["ssr-tables"], unsafe_innerHTML=tables)


def runs_as_csv(comparison: Comparison) -> str:
    """One row for each run of both arms: arm, replicate, seed and every outcome."""
    import pandas as pd

    frames = {label: ensemble.outcomes for label, ensemble in comparison.arms}
    return str(pd.concat(frames, names=["policy"]).to_csv())


def as_html(table: summary.Table) -> Markup:
    """A table of the summary; the first line of a cell is the number, the rest how sure it is."""
    heads = tag("tr", *(tag("th", name, scope="col") for name in table.columns))
    rows = []
    for first, *cells in table.rows:
        found = [tag("td", tag("b", cell.split("\n")[0]), *(tag("small", line) for line in cell.split("\n")[1:]))
                 for cell in cells]
        rows.append(tag("tr", tag("th", first.replace("\n", " "), scope="row"), *found))
    caption = tag("caption", table.title)
    note = tag("p", table.note, class_="ssr-note") if table.note else Markup()
    return Markup(tag("table", caption, tag("thead", heads), tag("tbody", *rows), class_="ssr-table") + note)
