"""One page to print: the country, the plan with values and units, the tiles, the charts, and how to read them."""

from __future__ import annotations

from typing import Any

from ssr_sim import drawing
from ssr_sim.comparison import Comparison

from . import described, exports, tiles
from .markup import Markup, tag
from .messages import text
from .plan import Plan, scenario_of

MOST = 12  # changes in the table; more would not fit on the page
HEIGHT = 6.6  # inches of the figure, at 13 in width
COLUMNS = ("lever", "was", "now", "when")


def sheet(comparison: Comparison, plan: Plan, address: str, charts: list[dict[str, Any]]) -> Markup:
    """The page as HTML; hidden on the screen, alone on paper."""
    country = scenario_of(plan.as_given())
    picture = drawing.svg(exports.figure(charts, [], HEIGHT))
    setting = text("sheet.setting", years=plan.years, start=country.start.year,
                   pairs=text("plan.pairs", n=comparison.pairs))
    return Markup("".join((
        tag("h1", text("sheet.title", country=country.title)), tag("p", setting), _changes(plan),
        tag("section", tiles.tiles(comparison, plan), class_="ssr-tiles"),
        tag("figure", Markup(picture[picture.index("<svg"):])),
        tag("p", f"{text('sheet.bands')} {tiles.standing(comparison, plan)} {text('app.not_a_prediction')}"),
        tag("p", text("sheet.address", address=address), class_="address"))))


def _changes(plan: Plan) -> Markup:
    rows = described.rows(plan)
    if not rows:
        return tag("p", text("sheet.nothing"))
    heads = tag("tr", *(tag("th", text(f"sheet.{name}"), scope="col") for name in COLUMNS))
    body = [tag("tr", tag("th", row.lever, scope="row"), tag("td", row.was),
                tag("td", row.now), tag("td", row.when)) for row in rows[:MOST]]
    more = tag("p", text("sheet.more", n=len(rows) - MOST)) if len(rows) > MOST else Markup()
    return Markup(tag("table", tag("thead", heads), tag("tbody", *body), class_="ssr-table") + more)
