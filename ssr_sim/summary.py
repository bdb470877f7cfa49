"""What a result says, in words and tables: built once, shown on the terminal and in the report."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from ssr_sim.comparison import AMOUNTS, Comparison
from ssr_sim.ensemble import Ensemble
from ssr_sim.formats import amount, counted, interval, number, usd
from ssr_sim.intervals import Difference, Proportion
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.scenario import PolicyChange, Scenario
from ssr_sim.shock_entry import Shock
from ssr_sim.tables import LINES, SHOCK_KINDS, SPENDING

HEADLINE = ("trust_police", "corruption", "legitimacy", "battle_deaths_52")
CAVEATS = (
    "The model is stylised. Numbers marked as assumptions in the scenario are judgement, and many are.",
    "A share of runs is a property of the model and its assumptions, not a forecast for a real country.",
    "Intervals cover the luck of the runs (and, where it says so, the ranges of uncertain parameters), "
    "not the possibility that the model is wrong. More runs make them narrower, never the model truer.",
    "Compare policies; do not rank countries. Do not use it to choose operations, targets or people, "
    "and never as the only ground for a decision about a mission, a budget or a return of displaced people.",
)
PEACE = "52 weeks with fewer than 25 battle deaths"


@dataclass(frozen=True)
class Table:
    """Rows of text. A cell may have several lines: the first is the number, the rest how sure it is.

    `numeric`: every column but the first holds numbers.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    numeric: bool = True


def _share(share: Proportion) -> str:
    if share.of == 0:
        return "no run"
    return f"{share.value:.2f}\n{share.low:.2f} to {share.high:.2f}\n{share.successes} of {counted(share.of, 'run')}"


def _gap(gap: Difference) -> str:
    if gap.of == 0:
        return "no pair"
    if math.isnan(gap.low):
        return f"{gap.mean:+.2f}\nno interval from one run"
    return f"{gap.mean:+.2f}\n{gap.low:+.2f} to {gap.high:+.2f}\n{counted(gap.of, 'pair')}"


def _mean_gap(mean: float, low: float, high: float, unit: str) -> str:
    return f"{amount(mean, unit, True)}\n{interval(low, high, unit, True)}"


def _within(years: int) -> str:
    return f"Within {counted(years, 'year')}"


def _together(years: int) -> str:
    return "One year" if years == 1 else f"All {years} years together"


def _prices(c: Comparison) -> str:
    """The year of the prices; both years, unconverted, where the scenarios disagree."""
    a, b = c.a.scenario.price_year, c.b.scenario.price_year
    return f"prices of {a}" if a == b else f"prices of {a} and of {b}, not converted"


def shares(ensemble: Ensemble) -> Table:
    """Peace reached, relapse given peace, peace held and peace at the end: share, Wilson interval, denominator."""
    asked = (
        ("Peace reached", ensemble.peace_reached()),
        ("Relapse into conflict, given peace", ensemble.relapse_probability("conflict")),
        ("Relapse into war, given peace", ensemble.relapse_probability("war")),
        ("Peace holds to the end", ensemble.peace_held()),
        ("At peace at the end", ensemble.at_peace_at_end()),
    )
    rows = tuple(
        (name, f"{p.value:.2f}", f"{p.low:.2f} to {p.high:.2f}", f"{p.successes} of {p.of}")
        if p.of
        else (name, "no run", "", "0")
        for name, p in asked
    )
    return Table(
        _within(ensemble.years),
        ("", "share", "95 % interval", "runs"),
        rows,
        f"Peace: {PEACE}. Conflict: 25 battle deaths in 52 weeks; war: 1,000.",
    )


def amounts(ensemble: Ensemble) -> Table:
    """Deaths, weeks at war, cost: mean and spread over runs."""
    rows = []
    for name, label, unit in AMOUNTS:
        values = ensemble.outcome(name).astype(float)
        low, high = np.percentile(values, [5, 95])
        rows.append((label, amount(float(values.mean()), unit), interval(low, high, unit)))
    price = ensemble.scenario.price_year
    note = f"{_together(ensemble.years)}; {counted(ensemble.replicates, 'run')}. Prices of {price}."
    return Table("Human and financial cost", ("", "mean", "90 % of runs"), tuple(rows), note)


def levels(ensemble: Ensemble) -> Table:
    """Headline indicators, first and last year."""
    rows: list[tuple[str, ...]] = []
    for name in HEADLINE:
        indicator, yearly = INDICATORS[INDEX[name]], ensemble.yearly(name)
        low, high = np.percentile(yearly[:, -1], [5, 95])
        last = f"{number(float(np.median(yearly[:, -1])))}"
        rows.append(
            (
                indicator.label,
                number(float(np.median(yearly[:, 0]))),
                last,
                f"{number(float(low))} to {number(float(high))}",
                indicator.unit,
            )
        )
    columns = ["", "year 1", f"year {ensemble.years}", "90 % of runs", "unit"]
    if ensemble.years == 1:  # the first year is the last
        columns = columns[:1] + columns[2:]
        rows = [row[:1] + row[2:] for row in rows]
    return Table("Indicators", tuple(columns), tuple(rows), "Median over runs of the mean over the year.")


def cost_table(arms: Sequence[tuple[str, Ensemble]]) -> Table:
    """Mean spending by group over all years."""
    groups = list(dict.fromkeys(SPENDING[line][1] for line in LINES))
    sums = {
        group: [float(arm.spending.mean(axis=0).sum(axis=0)[_lines(group)].sum()) for _, arm in arms]
        for group in groups
    }
    rows = [(group, *map(usd, values)) for group, values in sums.items()]
    rows.append(("All", *(usd(float(arm.spending.sum(axis=(1, 2)).mean())) for _, arm in arms)))
    years = " and of ".join(dict.fromkeys(str(arm.scenario.price_year) for _, arm in arms))
    note = f"Mean over runs, all years together, prices of {years}."
    return Table("What it costs", ("group", *(label for label, _ in arms)), tuple(rows), note)


def cost_by_year(result: Ensemble | Comparison) -> Table:
    """Mean spending in each year, with its spread over runs or the paired difference with its interval."""
    if isinstance(result, Ensemble):
        yearly = result.spending.sum(axis=2)
        low, high = np.percentile(yearly, [5, 95], axis=0)
        rows = tuple(
            (str(year + 1), usd(float(mean)), interval(float(low[year]), float(high[year]), "USD"))
            for year, mean in enumerate(yearly.mean(axis=0))
        )
        price = result.scenario.price_year
        return Table("Cost per year", ("year", "mean", "90 % of runs"), rows, f"Prices of {price}.")
    means = [arm.spending.sum(axis=2).mean(axis=0) for _, arm in result.arms]
    compared = tuple(
        (str(gap.Index), usd(float(a)), usd(float(b)), _mean_gap(gap.difference, gap.low, gap.high, "USD"))
        for a, b, gap in zip(*means, result.cost_per_year().itertuples(), strict=True)
    )
    return Table("Cost per year", ("year", "A", "B", "B - A"), compared, f"In {_prices(result)}.")


def _lines(group: str) -> list[int]:
    return [i for i, line in enumerate(LINES) if SPENDING[line][1] == group]


def compared_settings(c: Comparison, most: int = 15) -> Table:
    """The settings in which the two scenarios differ, parameters first, then numbers of the country."""
    a, b = c.a.scenario, c.b.scenario
    keys = dict.fromkeys([*a.parameters, *dict(a.country.numbers()), *dict(b.country.numbers())])
    rows = [
        (key, *values) for key in keys if (values := (_setting(a, key), _setting(b, key)))[0] != values[1]
    ]
    for place, (one, other) in enumerate(zip_longest(a.policy, b.policy), start=1):
        if one != other:
            rows.append((f"policy change {place}", _change(a, one), _change(b, other)))
    for place, (struck, struck_too) in enumerate(zip_longest(a.shocks, b.shocks), start=1):
        if struck != struck_too:
            rows.append((f"shock {place}", _shock(a, struck), _shock(b, struck_too)))
    more = f"{len(rows) - most} more are in the two scenario files." if len(rows) > most else ""
    return Table("What differs", ("setting", "A", "B"), tuple(rows[:most]), more, numeric=False)


def _setting(scenario: Scenario, key: str) -> str:
    if key not in scenario.parameters and key not in dict(scenario.country.numbers()):
        return "-"
    value = scenario.value(key)
    unit = scenario.parameters[key].unit if key in scenario.parameters else ""
    return f"{number(value)}\n{unit}".strip() if isinstance(value, float) else str(value)


def _change(scenario: Scenario, change: PolicyChange | None) -> str:
    """What is set, when, and what it is called; a week by its first day."""
    if change is None:
        return "-"
    settings = ", ".join(f"{key} = {value}" for key, value in change.set.items())
    if change.condition:
        moment = f"when {change.condition} for {counted(change.condition.for_weeks, 'week')}"
    else:
        moment = f"from {change.date or scenario.start + datetime.timedelta(weeks=change.week or 0)}"
    return f"{settings}\n{moment}" + (f"\n“{change.label}”" if change.label else "")


def _shock(scenario: Scenario, shock: Shock | None) -> str:
    """What strikes, where, how hard and when; a week by its first day."""
    if shock is None:
        return "-"
    where = f" in {shock.region}" if shock.region else ""
    day = shock.date or scenario.start + datetime.timedelta(weeks=shock.week)
    return f"{SHOCK_KINDS[shock.kind]}{where}, size {number(shock.size)}\non {day}" + (
        f"\n“{shock.label}”" if shock.label else "")


def compared_shares(c: Comparison) -> Table:
    """Both policies' shares and their paired difference, each with interval and denominator."""
    asked = [("Peace reached", c.a.peace_reached(), c.b.peace_reached(), c.peace_reached())]
    for level in ("conflict", "war"):
        asked.append(
            (
                f"Relapse into {level}, given peace",
                c.a.relapse_probability(level),
                c.b.relapse_probability(level),
                c.relapse(level),
            )
        )
    asked.append(("Peace holds to the end", c.a.peace_held(), c.b.peace_held(), c.peace_held()))
    asked.append(("At peace at the end", c.a.at_peace_at_end(), c.b.at_peace_at_end(), c.at_peace_at_end()))
    rows = tuple((name, _share(a), _share(b), _gap(gap)) for name, a, b, gap in asked)
    return Table(
        _within(c.a.years),
        ("", "A", "B", "B - A"),
        rows,
        f"Peace: {PEACE}. Conflict: 25 battle deaths in 52 weeks; war: 1,000. "
        "The difference in relapse is taken over pairs that reached peace under both.",
    )


def compared_peace(c: Comparison) -> Table:
    """How long peace lasts: pair counts, mean years, restricted mean given peace."""
    longer, same, shorter = c.peace()
    mean_a, mean_b = (float(arm.time_at_peace()[0].mean()) for arm in (c.a, c.b))
    rows = (
        ("Pairs where peace lasts longer under B", "", "", str(longer)),
        ("Pairs where it lasts as long", "", "", str(same)),
        ("Pairs where it is shorter", "", "", str(shorter)),
        ("Years of peace until relapse", f"{mean_a:.2f}", f"{mean_b:.2f}", _gap(c.years_of_peace())),
        ("The same, given peace under both", "", "", _gap(c.restricted_mean_peace())),
    )
    note = "Years of peace: from first peace to relapse into conflict or the horizon; 0 if never reached."
    return Table("How long peace lasts", ("", "A", "B", "B - A"), rows, note)


def compared_amounts(c: Comparison) -> Table:
    """Deaths, weeks at war and cost of both policies and their paired difference."""
    rows = tuple(
        (
            row.label,
            amount(row.a, row.unit),
            amount(row.b, row.unit),
            _mean_gap(row.difference, row.low, row.high, row.unit),
        )
        for row in c.amounts.itertuples()
    )
    rows = (*rows, ("Cost of a year of peace", "", "", price_of_peace(c)))
    note = (f"Means over {counted(c.pairs, 'pair')}. {_together(c.a.years)}; {_prices(c)}. The cost of a year of "
            "peace is the difference in cost over that in years of peace until relapse.")
    return Table("Human and financial cost", ("", "A", "B", "B - A"), rows, note)


def price_of_peace(c: Comparison) -> str:
    """What a year of peace costs, with its interval, or why it has no price."""
    price, gained = c.price_of_peace(), c.years_of_peace()
    if math.isnan(price.value):
        return "no price: as much\npeace under both"
    if math.isnan(price.low):
        return "no interval from one pair"
    if math.isinf(price.low) and gained.excludes_zero:
        return "no price: too few\nruns to bound it"
    if math.isinf(price.low):
        return "no price: these runs cannot\ntell the difference in peace\nfrom none"
    if price.low <= 0.0 <= price.high:
        return "no price: these runs cannot\ntell the difference in cost\nfrom none"
    if price.value < 0.0:
        return "no price: " + ("more peace\nfor less money" if gained.mean > 0.0 else "less peace\nfor more money")
    what = "for a year gained" if gained.mean > 0.0 else "saved for a year lost"
    return f"{usd(price.value)}\n{what}\n{interval(price.low, price.high, 'USD')}"


def compared_channels(c: Comparison, most: int = 12) -> Table:
    """The indicators that differ most, each in the year in which it does."""
    frame = c.channels
    best = frame.loc[frame.groupby("indicator", sort=False)["size"].apply(lambda size: size.abs().idxmax())]
    rows = tuple(
        (
            f"{row.label}\n{row.unit}",
            str(row.year),
            number(row.a),
            number(row.b),
            _mean_gap(row.difference, row.low, row.high, row.unit),
            _size(row.size),
        )
        for row in best.head(most).itertuples()
    )
    note = (
        f"{len(best)} of {len(INDICATORS)} indicators differ in some pair; the largest {len(rows)} are "
        "shown, in the year of their largest difference. Size: difference in standard deviations between "
        "runs. With so many indicators a few intervals miss zero by chance."
    )
    return Table("Through which channels", ("", "year", "A", "B", "B - A", "size"), rows, note)


def _size(size: float) -> str:
    """A size in standard deviations; beyond 100 luck plays no part and the number says nothing more."""
    return f"{size:+.2g}" if abs(size) <= 100 else ">100" if size > 0 else "<-100"


def compared_lines(c: Comparison) -> Table:
    """Spending lines that differ."""
    frame = c.cost_by_line()
    rows = tuple(
        (
            str(row.Index).replace("_", " "),
            usd(row.a),
            usd(row.b),
            _mean_gap(row.difference, row.low, row.high, "USD"),
        )
        for row in frame[frame["difference"] != 0.0].head(12).itertuples()
    )
    return Table("Spending lines that differ", ("line", "A", "B", "B - A"), rows, "All years together.")


def saved(c: Comparison) -> Table:
    """Variance saved by pairing."""
    frame = c.variance_saved(HEADLINE)
    names = {"cost_usd": "Cost so far", "years_of_peace": "Years of peace so far"}
    rows = tuple(
        (names.get(name) or INDICATORS[INDEX[name]].label, *(_factor(value) for value in row))
        for name, row in zip(frame.index, frame.to_numpy(), strict=True)
    )
    columns = ("", *(counted(h, "year") for h in frame.columns))
    note = (
        "How many times more runs unpaired luck would need for the same precision. 1: pairing "
        "no longer helps; inf: no luck is left in the difference; -: nothing varies."
    )
    return Table("What pairing saves", columns, rows, note)


def _factor(value: float) -> str:
    return ">1,000" if 1000 < value < math.inf else number(value)


def headline(ensemble: Ensemble) -> str:
    """The result in plain words."""
    peace, relapse, end = ensemble.peace_reached(), ensemble.relapse_probability(), ensemble.at_peace_at_end()
    histories = f"{peace.of} simulated histor{'y' if peace.of == 1 else 'ies'}"
    words = f"In {peace.successes} of {histories} peace came within {counted(ensemble.years, 'year')}."
    if relapse.of:
        words += f" In {relapse.successes} of those {relapse.of} ({_percent(relapse)}) conflict returned."
    total = float(ensemble.outcome("cost_usd").astype(float).mean())
    return (
        f"{words} At the end {end.successes} of {end.of} {'was' if end.of == 1 else 'were'} at peace. "
        f"The effort cost {usd(total)} on average, in prices of {ensemble.scenario.price_year}."
    )


def compared_headline(c: Comparison) -> str:
    """What the comparison says, in plain words, doubt included."""
    a, b = f"“{c.label_a}”", f"“{c.label_b}”"
    if c.identical_pairs == c.pairs:
        return f"{a} and {b} are the same: all {c.pairs} pairs of runs agree bit for bit."
    money = c.amounts.loc["cost_usd"]
    if money["difference"] == 0.0:
        cost = "Both cost the same."
    else:
        more = "more" if money["difference"] > 0 else "less"
        cost = f"{b} cost {usd(abs(float(money['difference'])))} {more}, in {_prices(c)}."
    return f"{_compared_peace_words(c, a, b)} {cost}"


def _compared_peace_words(c: Comparison, a: str, b: str) -> str:
    if c.a.peace_reached().successes + c.b.peace_reached().successes == 0:
        return f"Peace came in none of {c.pairs} pairs of histories, neither under {a} nor under {b}."
    longer, same, shorter = c.peace()
    gap = c.years_of_peace()
    words = (
        f"On the same luck, peace lasted longer under {b} than under {a} in {longer} of {c.pairs} "
        f"pairs of histories, as long in {same} and shorter in {shorter}"
    )
    if longer == shorter == 0:
        return f"{words}."
    more = "more" if gap.mean > 0 else "fewer"
    average = f"{abs(gap.mean):.2f} {more} years of peace in {counted(c.a.years, 'year')}"
    if math.isnan(gap.low):
        return f"{words}: {average}; one pair has no interval."
    doubt = "" if gap.excludes_zero else ", which these runs cannot tell from none"
    return f"{words}: on average {average}{doubt} (95 % interval {gap.low:+.2f} to {gap.high:+.2f})."


def _percent(share: Proportion) -> str:
    return f"{100 * share.value:.0f} %, 95 % interval {100 * share.low:.0f} to {100 * share.high:.0f} %"


def tables(result: Ensemble | Comparison) -> list[Table]:
    """The tables of a result, in reading order."""
    if isinstance(result, Ensemble):
        return [shares(result), amounts(result), levels(result)]
    return [
        compared_settings(result),
        compared_shares(result),
        compared_peace(result),
        compared_amounts(result),
        compared_channels(result),
        saved(result),
    ]
