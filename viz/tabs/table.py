"""Table: what the command line prints, with every number of the comparison, to read and to take away."""

from __future__ import annotations

import solara

from ssr_sim import summary
from ssr_sim.comparison import Comparison

from ..markup import Markup, tag
from ..messages import text


@solara.component
def Table(comparison: Comparison) -> None:
    """The tables of `ssr-sim compare`."""
    tables = solara.use_memo(lambda: "".join(as_html(table) for table in summary.tables(comparison)), [comparison])
    arms = text("table.arms", a=comparison.label_a, b=comparison.label_b)
    solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", arms))
    solara.HTML(tag="div", classes=["ssr-tables"], unsafe_innerHTML=tables)


def as_html(table: summary.Table) -> Markup:
    """A table of the summary; the first line of a cell is the number, the rest how sure it is."""
    heads = tag("tr", *(tag("th", name, scope="col") for name in table.columns))
    rows = []
    for first, *cells in table.rows:
        found = [tag("td", tag("b", cell.split("\n")[0]), *(tag("small", line) for line in cell.split("\n")[1:]))
                 for cell in cells]
        name, *unit = first.split("\n")
        rows.append(tag("tr", tag("th", name, *(tag("small", line) for line in unit), scope="row"), *found))
    caption = tag("caption", table.title)
    note = tag("p", table.note, class_="ssr-note") if table.note else Markup()
    kind = "ssr-table" if table.numeric else "ssr-table words"
    return Markup(tag("table", caption, tag("thead", heads), tag("tbody", *rows), class_=kind) + note)
