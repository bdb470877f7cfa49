"""What an explanation says: a paragraph, a timeline in letters, tables and plain data."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from ssr_sim.document import plain
from ssr_sim.formats import counted, interval, usd
from ssr_sim.intervals import Difference, Proportion
from ssr_sim.summary import CAVEATS, Table
from ssr_sim.why.event_chain import LOOK_BACK, is_end
from ssr_sim.why.explain import STEP, Changed, Explanation, Tested
from ssr_sim.world import WEEK

SHOWN = 8  # levers in the table, of all that were screened
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HONESTY = (
    "The chain is what the event log records, each event with the one that led to it: no proof of cause. The log names "
    "one forerunner of each event, and of the fighting that made the relapse only the last attack.",
    "A difference is the effect of an event or a change given the state of the country just before it, in the model: "
    "both sides of a pair live the same week with and without it and then meet the same new luck.",
    "Peace fails in a continuation that relapses (25 battle deaths in 52 weeks) or has not reached peace by the end.",
    "The placebo moves one person from the largest community to the smallest: what is no larger than that is chaos.",
)


def date(explanation: Explanation, week: int) -> str:
    """The day on which a week begins: "5 Nov 2004"."""
    day = explanation.scenario.start + datetime.timedelta(weeks=week)
    return f"{day.day} {day:%b %Y}"


def lettered(explanation: Explanation) -> list[tuple[str, Tested]]:
    """Chain and turns beside it in order of time, each with its letter; the relapse itself is R."""
    order = sorted((*explanation.chain, *explanation.beside), key=lambda tested: tested.link.number)
    letters = iter(letter for letter in LETTERS if letter not in "PR")
    return [("R" if is_end(tested.link) else next(letters), tested) for tested in order]


def headline(explanation: Explanation) -> str:
    """The answer in a few sentences."""
    e = explanation
    if e.kind == "no peace":
        others = ", ".join(map(str, e.alternatives))
        return ("This run never reached peace, so there is no relapse to explain. "
                + (f"Replicates of this seed that relapsed: {others}." if others
                   else "None of the first 20 replicates of this seed relapsed."))
    end, unchanged = date(e, e.end_week), _share_words(e.unchanged)
    if e.kind == "held":
        return (f"Peace was reached in the week of {date(e, e.peace_week)} and held for {counted(e.years, 'year')} "
                f"from the start. Continued from there on new luck it fails by {end} in {unchanged} continuations. "
                f"{_strongest(e.blows, 'blow')} {_strongest(e.levers, 'change of a lever')}")
    return (f"Peace was reached in the week of {date(e, e.peace_week)} and lost in that of {date(e, e.relapse_week)}, "
            f"{_span(e.relapse_week - e.peace_week)} later. Continued on new luck from "
            f"{date(e, e.branch_week)} it fails by {end} in {unchanged} continuations. {_decisive(e)} "
            f"{_strongest(e.levers, 'change of a lever at that date')}")


def _decisive(e: Explanation) -> str:
    # the fighting in the week of the relapse is part of the relapse itself
    found = [tested for tested in (*e.chain, *e.beside)
             if tested.difference is not None and tested.link.week < e.relapse_week]
    clear = [tested for tested in found if tested.difference is not None and tested.difference.excludes_zero]
    if not found:
        return "No event before the week of the relapse could be tested."
    many = f"{counted(len(found), 'event')} before that week"
    if not clear:
        return f"None of the {many} that were tested moves these odds by more than chance can."
    best = max(clear, key=lambda tested: abs(tested.difference.mean if tested.difference else 0.0))
    which = f"{best.link.words} ({date(e, best.link.week)})"
    return (f"Of the {many} that were tested the one that moves the odds most is {which}: peace fails "
            f"in {_share_words(best.with_it)} with it, in {_share_words(best.without)} without it, a "
            f"difference in share of {_gap_words(best.difference)}; a placebo, one person moved, makes "
            f"{_gap_words(best.placebo)}.")


def _strongest(changed: Sequence[Changed], what: str) -> str:
    if not changed:
        return ""
    best = changed[0]
    if not best.difference.excludes_zero:
        return f"No {what} moves it by more than chance can."
    values = f" from {best.before} to {best.after}" if best.after else f" ({best.words})"
    return f"The {what} that moves it most is {best.name}{values}: {_gap_words(best.difference)}."


def _span(weeks: int) -> str:
    """A length of time as people say it: "6 weeks", "1.4 years"."""
    years = weeks * WEEK
    return f"{years:.1f} years" if years >= 1.0 else counted(weeks, "week")


def _share_words(share: Proportion | None) -> str:
    return f"{share.successes:,} of {share.of:,}" if share is not None else "-"


def _gap_words(gap: Difference | None) -> str:
    return f"{gap.mean:+.2f} ({gap.low:+.2f} to {gap.high:+.2f})" if gap is not None else "-"


def timeline(explanation: Explanation, width: int = 78) -> str:
    """The run on one line: years, war and peace, and a letter where each event stands."""
    e = explanation
    weeks = len(e.deaths) if e.end_week < 0 else e.end_week
    first, last = e.scenario.start.year, (e.scenario.start + datetime.timedelta(weeks=weeks)).year

    def column(week: float) -> int:
        return min(width - 1, max(0, int(week / max(weeks, 1) * (width - 1))))

    years, line, marks = [" "] * width, ["."] * width, [" "] * width
    apart = max(1, math.ceil((last - first + 1) * 6 / width))
    for year in range(first, last + 1, apart):
        at = column((datetime.date(year, 1, 1) - e.scenario.start).days / 7) if year > first else 0
        if at + 4 <= width and all(sign == " " for sign in years[at : at + 5]):
            years[at : at + 4] = str(year)
    if e.peace_week >= 0:
        line[column(e.peace_week) :] = "=" * (width - column(e.peace_week))
    if e.relapse_week >= 0:
        line[column(e.relapse_week) :] = "#" * (width - column(e.relapse_week))
    for letter, tested in lettered(e):
        at = column(tested.link.week)
        free = [place for place in (*range(at, width), *range(at, -1, -1)) if marks[place] == " "]
        marks[free[0]] = letter
    legend = ". before peace   = at peace" + ("   # after the relapse" if e.relapse_week >= 0 else "")
    return "\n".join(["".join(row).rstrip() for row in (years, line, marks) if "".join(row).strip()] + [legend])


def tables(explanation: Explanation) -> list[Table]:
    """All tables in the order in which they are read."""
    e = explanation
    if e.kind == "no peace":
        return []
    if e.kind == "held":
        found = [_changed_table(e.blows, "What would have broken it: blows", "blow", _compared(e)), _levers(e)]
        return [table for table in found if table.rows]
    chain = [(letter, tested) for letter, tested in lettered(e) if tested.on_chain]
    aside = [(letter, tested) for letter, tested in lettered(e) if not tested.on_chain]
    earlier = f"{counted(e.left_out, 'earlier link')} not shown. " if e.left_out else ""
    more = f"{counted(e.beside_left_out, 'turn')} more not shown. " if e.beside_left_out else ""
    found = [
        _events(e, chain, "The chain of events", f"{earlier}Share of continuations in which peace fails by "
                f"{date(e, e.end_week)}, with 95 % intervals; differences over {counted(e.continuations, 'pair')}."),
        Table("Who fought in the 52 weeks before the relapse", ("group", "battle deaths"),
              tuple((name or "unknown", f"{deaths:,}") for name, deaths in e.fighting),
              "Deaths on both sides in fighting with the group; the threshold is 25."),
        _events(e, aside, f"Turns beside the chain, in the last {LOOK_BACK // 52} years",
                f"{more}The log links none of these to the relapse."),
        manners(e),
        _levers(e),
    ]
    return [table for table in found if table.rows]


def _events(e: Explanation, rows: Sequence[tuple[str, Tested]], title: str, note: str) -> Table:
    cells = []
    for letter, tested in rows:
        link = tested.link
        until = f" to {date(e, link.last_week)}" if link.last_week > link.week else ""
        killed = f", {link.killed:,} killed" if link.killed else ""
        what = f"{letter} {link.words}\n{date(e, link.week)}{until}{killed}"
        if tested.difference is None:
            cells.append((what, "", "" if is_end(link) else "not tested", ""))
            continue
        placebo = _gap_cell(tested.placebo)
        if tested.twin is not None:
            placebo += f"\nanother one:\n{_gap_cell(tested.twin_difference)}"
        cells.append((what, _both(tested), _gap_cell(tested.difference), placebo))
    if any(tested.link.week == e.relapse_week and not is_end(tested.link) for _, tested in rows):
        note += " What happened in the week of the relapse is part of it, so its difference says little about causes."
    if any(tested.twin for _, tested in rows):
        note += " “Another one”: instead, a random event of the same kind near in time, off the chain, is prevented."
    return Table(title, ("event", "with / without", "difference", "placebo"), tuple(cells), note)


def _both(tested: Tested) -> str:
    shares = (tested.with_it, tested.without)
    return " / ".join(f"{share.value:.2f}" for share in shares if share is not None)


def manners(explanation: Explanation) -> Table:
    """What happens instead of each tested event."""
    rows = tuple((f"{letter} {tested.link.short}", tested.link.manner) for letter, tested in lettered(explanation)
                 if tested.difference is not None)
    return Table("What “without” means", ("event", "instead"), rows,
                 "Only the week of the event is lived again; from then on both sides run freely.", numeric=False)


def _levers(e: Explanation) -> Table:
    note = (f"{len(e.levers)} changes screened: each lever up and down by {STEP:.0%} of its range, from "
            f"{date(e, e.branch_week)} on; a date moved to then. {e.missing_zero} of the intervals miss zero; at most "
            f"about {e.by_chance:.0f} would by chance alone, and the largest of many tends to be overstated. Moving "
            f"one person: {_gap_words(e.placebo)}. Price: "
            f"difference in spending over the first 52 weeks, prices of {e.scenario.price_year}.")
    when = "a year before" if e.kind == "relapsed" else "when peace was reached"
    moving = [lever for lever in e.levers if lever.difference.mean != 0.0]
    still, more = len(e.levers) - max(len(moving), 1), max(0, len(moving) - SHOWN)
    note = f"Not shown: {still} changes that leave the share as it is, {more} that move it less. {note}"
    shown = moving[:SHOWN] or e.levers[:1]
    return _changed_table(shown, f"Which levers, changed {when}, move the odds", "lever", note)


def _compared(e: Explanation) -> str:
    return (f"Falling in the week of {date(e, e.branch_week)}, against {_share_words(e.unchanged)} without; "
            f"{counted(e.continuations, 'pair')}. Moving one person: {_gap_words(e.placebo)}. Sizes of blows are "
            "assumptions.")


def _changed_table(rows: Sequence[Changed], title: str, what: str, note: str) -> Table:
    cells = tuple(
        (f"{row.name}\n" + (f"{row.before} to {row.after}, {row.words}" if row.after else row.words),
         _share_cell(row.failed), _gap_cell(row.difference),
         f"{usd(row.price.mean, True)}\n{interval(row.price.low, row.price.high, 'USD', True)}") for row in rows)
    return Table(title, (what, "peace fails", "difference", "price"), cells, note)


def _share_cell(share: Proportion | None) -> str:
    return f"{share.value:.2f}\n{share.low:.2f} to {share.high:.2f}" if share is not None else ""


def _gap_cell(gap: Difference | None) -> str:
    return f"{gap.mean:+.2f}\n{gap.low:+.2f} to {gap.high:+.2f}" if gap is not None else ""


def as_document(explanation: Explanation, provenance: Mapping[str, str]) -> dict[str, Any]:
    """The explanation as plain data for `json.dumps`; `deaths` are battle deaths in 52 weeks, week by week."""
    e = explanation
    content = {field.name: getattr(e, field.name) for field in fields(e) if field.name != "scenario"}
    for name in ("chain", "beside", "levers", "blows"):
        content[name] = [asdict(row) for row in content[name]]
    for name in ("unchanged", "placebo"):
        content[name] = asdict(content[name]) if content[name] is not None else None
    for row in (*content["chain"], *content["beside"]):
        for link in filter(None, (row["link"], row["twin"])):
            link["date"] = link["date"].isoformat()
    head = {"kind": f"explanation: {e.kind}", "headline": headline(e), "scenario": e.scenario.name,
            "scenario_digest": e.scenario.digest, "start": e.scenario.start.isoformat(),
            "price_year": e.scenario.price_year, "expected_by_chance": e.by_chance, "missing_zero": e.missing_zero}
    document: dict[str, Any] = plain({**content, **head, "honesty": HONESTY, "caveats": CAVEATS,
                                      "provenance": dict(provenance)})
    return document
