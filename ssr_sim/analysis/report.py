"""The report of a sweep as one HTML file: for a ministry to read and a researcher to cite; nothing is fetched."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib.figure import Figure

from ssr_sim import report
from ssr_sim.analysis import pictures, tables
from ssr_sim.analysis.contrasts import Contrast, multiplicity, policy_table
from ssr_sim.analysis.discovery import discovery
from ssr_sim.analysis.outcomes import OUTCOMES, Unsupported, check, state_means, uncertainty
from ssr_sim.analysis.robustness import front, robustness
from ssr_sim.analysis.sensitivity import LEAST_GIVEN, sensitivity
from ssr_sim.analysis.survival import survival_table
from ssr_sim.drawing import svg
from ssr_sim.formats import counted
from ssr_sim.run_table import RunTable

MANY = 5  # policies from which on the best of them owes much to luck
MOST_LISTED = 60  # policies in the long tables; more are in the table of runs
TITLE = "Policies compared on the same luck"


def write_report(
    runs: RunTable,
    path: str | Path,
    facts: Mapping[str, str],
    title: str = TITLE,
    approximate: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Write the report of a finished study to the file `path` and return it.

    `facts` say how to make the study again (`provenance.record`); they are printed as they are. `approximate`: the
    scenario is stylised, and the report says so. `progress(done, total)` counts sections. A section that the study's
    design does not support says why in one sentence. Raises ValueError for a table that cannot be compared
    (`outcomes.check`), or a Saltelli design with rows missing or out of order.
    """
    check(runs)
    compared = policy_table(runs)
    listed = tables.order(compared)[:MOST_LISTED]
    parts = [report.heading("A study of policies", title, _facts(runs), headline(runs, compared)), _asked(runs)]
    sections: tuple[Callable[[], list[str]], ...] = (
        lambda: _policies(runs, compared, listed),
        lambda: _lasting(runs, listed),
        lambda: _robust(runs, listed),
        lambda: _front(runs),
        lambda: _sensitivity(runs),
        lambda: _discovery(runs),
    )
    for done, section in enumerate(sections, start=1):
        parts += section()
        progress(done, len(sections))
    body = "\n".join(parts)
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(report.page(title, body, approximate, facts), encoding="utf-8")
    return file


def headline(runs: RunTable, compared: Mapping[str, Sequence[Contrast]]) -> str:
    """The result in plain words, doubt included."""
    rows = compared["at_peace_at_end"][1:]
    if not rows:
        return f"Only “{runs.reference}” was run: there is nothing to compare it with."
    better = [row for row in rows if row.marked and row.better]
    worse = [row for row in rows if row.marked and not row.better]
    many = f"Of {counted(len(rows), 'policy')} compared with “{runs.reference}”"
    if not better and not worse:
        words = f"{many}, none changes the share of histories at peace at the end by more than luck explains."
        return words + _others(compared)
    once = " even with so many comparisons at once" if len(rows) > 1 else ""
    words = (
        f"{many}, {len(better)} {'raises' if len(better) == 1 else 'raise'} the share of histories at peace at the "
        f"end and {len(worse)} {'lowers' if len(worse) == 1 else 'lower'} it, by more than luck explains{once}."
    )
    best = max(better or worse, key=lambda row: abs(row.difference.mean))
    gap = best.difference
    doubt = " The largest of so many is likely overstated." if len(rows) >= MANY else ""
    return (
        f"{words} The largest {'gain' if better else 'loss'} is “{best.policy}”: {tables.signed(gap.mean)} (95 % "
        f"interval {tables.signed(gap.low)} to {tables.signed(gap.high)}).{doubt}"
    )


def _others(compared: Mapping[str, Sequence[Contrast]]) -> str:
    """The outcomes other than peace at the end in which policies differ by more than luck explains."""
    found = {name: sum(row.marked for row in rows) for name, rows in compared.items() if name != "at_peace_at_end"}
    words = [f"{OUTCOMES[name].label.lower()} ({counted(count, 'policy')})" for name, count in found.items() if count]
    return f" What does change: {', '.join(words)}." if words else ""


def _facts(runs: RunTable) -> str:
    states = runs.frame["state"].nunique()
    return (
        f"{counted(len(runs.policies), 'policy')} · {counted(states, 'state')} of the world · "
        f"{counted(len(runs.frame), 'run')} of {counted(runs.years, 'year')} · uncertainty shown: {uncertainty(runs)}"
    )


def _asked(runs: RunTable) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in tables.asked(runs).items())
    return f"<h2>What was asked</h2><dl>{rows}</dl>"


def _section(title: str, name: str, work: Callable[[], tuple[Figure, str, list[str]]]) -> list[str]:
    """Heading, figure with caption, tables; or the reason why the study cannot give them."""
    head = f"<h2>{title}</h2>"
    try:
        drawn, caption, rest = work()
    except Unsupported as refusal:
        return [head, report.paragraph(f"Not shown: {refusal}.")]
    return [head, report.figure(name, {name: (svg(drawn), caption)}), *rest]


def _policies(runs: RunTable, compared: Mapping[str, list[Contrast]], listed: Sequence[str]) -> list[str]:
    head = "<h2>What the policies change</h2>"
    if not listed:
        return [head, report.paragraph("Not shown: there is one policy, and nothing to compare it with.")]
    caption = (
        f"Policy less “{runs.reference}”, mean over pairs on the same luck with 95 % interval ({uncertainty(runs)}). "
        "Blue: the way the outcome should go, orange: the other way. Filled: stands after Holm's correction for the "
        "number of policies; hollow: may be chance. A tick: equal in every run. A cross: it varies in too few pairs "
        "for an interval."
    )
    drawn = pictures.forest(compared, listed, runs.reference)
    left_out = len(runs.policies) - 1 - len(listed)
    more = [
        report.paragraph(
            f"The {MOST_LISTED} with the most peace are listed; {left_out:,} more are in the table of runs."
        )
    ]
    return [
        head,
        report.figure("forest", {"forest": (svg(drawn), caption)}),
        *(more if left_out else []),
        report.table(tables.policies(compared, listed, tables.settings(runs))),
        report.table(tables.chance([multiplicity(rows) for rows in compared.values()])),
        report.table(tables.saved(compared)),
    ]


def _lasting(runs: RunTable, listed: Sequence[str]) -> list[str]:
    def work() -> tuple[Figure, str, list[str]]:
        kept = {runs.reference, *listed}
        rows = [row for row in survival_table(runs) if row.policy in kept]
        caption = (
            f"Kaplan-Meier estimate with pointwise 95 % intervals ({uncertainty(runs)}); runs still at peace at the "
            "horizon are censored. Relapse: 25 battle deaths in 52 weeks."
        )
        if len(rows) > len(pictures.LINES):
            caption += (
                " Coloured: the reference, and the two policies at either end of mean years at peace; grey: the others."
            )
        return pictures.survival(rows), caption, [report.table(tables.lasting(rows, listed))]

    return _section("Does peace last?", "survival", work)


def _robust(runs: RunTable, listed: Sequence[str]) -> list[str]:
    def work() -> tuple[Figure, str, list[str]]:
        found = robustness(runs)
        order = [runs.reference, *listed]
        caption = (
            f"{OUTCOMES[found.outcome].label}. Share of resamples of states and replicates in which the policy is "
            "first; equal policies share it. Blank: under one in two hundred."
        )
        return pictures.ranks(found, order), caption, [report.table(tables.robust(found, order))]

    return _section("Which policy to choose when nobody knows the state of the world", "ranks", work)


def _front(runs: RunTable) -> list[str]:
    def work() -> tuple[Figure, str, list[str]]:
        found = front(runs)
        caption = (
            "Means over all runs; the line joins the policies that no other beats in both. Larger and fuller: "
            f"likelier to be among them. Ringed in orange: “{runs.reference}”."
        )
        return pictures.pareto(found, runs.reference), caption, [report.table(tables.pareto(found))]

    return _section("What peace costs", "pareto", work)


def _sensitivity(runs: RunTable) -> list[str]:
    def work() -> tuple[Figure, str, list[str]]:
        found = sensitivity(runs, "at_peace_at_end", over)
        if all(math.isnan(row.total) for row in found.influences):
            raise Unsupported(
                f"with {counted(found.points, 'point')} none of {len(found.influences):,} {over} stands out above what "
                "as many without any effect would reach; more points would lower that floor"
            )
        caption = (
            f"Influence on the share at peace at the end{of}; grey: what a parameter without effect would reach by "
            "luck and chance. Parameters that stay in it are not shown."
        )
        return pictures.sensitivity(found), caption, [report.table(tables.influences(found))]

    over: Literal["uncertainties", "levers"] = "uncertainties"
    of = f" under “{runs.reference}”"
    parts = _section("Which uncertainties matter", "uncertainties", work)
    if len(runs.levers) > 1 and len(runs.policies) >= LEAST_GIVEN:  # fewer are named policies, no sample of levers
        over, of = "levers", ", over all policies"
        parts += _section("Which levers matter", "levers", work)
    return parts


def _discovery(runs: RunTable) -> list[str]:
    def work() -> tuple[Figure, str, list[str]]:
        found = discovery(runs, outcome)
        if not found.real:
            if not found.limits:
                raise Unsupported("no limit on any uncertainty is supported by the states that it would shut out")
            raise Unsupported(
                f"the densest box has {100 * found.box.density:.0f} % ({100 * found.base:.0f} % overall), which "
                "searches in shuffled outcomes reach too: no part of the space of uncertainties stands out"
            )
        means = state_means(runs, outcome)
        points = runs.states.loc[means.index].to_numpy(dtype=np.float64)
        seen = (
            "seen along the two limits that come back most often."
            if len(found.limits) > 1
            else "which has one limit. Dots: means with 95 % intervals; dotted: the mean of all states."
        )
        what = OUTCOMES[outcome].label.lower()
        caption = f"Under “{runs.reference}”. Orange: the box in which “{what}” concentrates, {seen}"
        return (
            pictures.discovery(found, runs.uncertainties, points, means.to_numpy()),
            caption,
            [report.table(tables.limits(found))],
        )

    outcome = "relapse"
    if runs.uncertainties:
        reached = runs.arms[runs.reference].groupby(level="state")["reached_peace"].any()
        outcome = "relapse" if bool(reached.all()) else "at_peace_at_end"
    return _section("In which states of the world it happens", "discovery", work)
