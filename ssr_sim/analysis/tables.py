"""What an analysis says, in words and tables; nothing here computes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ssr_sim.analysis.contrasts import Contrast, Multiplicity
from ssr_sim.analysis.discovery import Discovery
from ssr_sim.analysis.outcomes import OUTCOMES, Outcome, uncertainty
from ssr_sim.analysis.robustness import MEASURES, Front, Robustness
from ssr_sim.analysis.sensitivity import Sensitivity
from ssr_sim.analysis.survival import Lasting
from ssr_sim.formats import amount, counted, interval, number, usd
from ssr_sim.intervals import Difference, Proportion, Ratio
from ssr_sim.run_table import RunTable
from ssr_sim.summary import PEACE, Table

MARK = "●"
FEW = "varies in too few pairs"
MOST_SETTINGS = 4  # levers of a policy that are told beside its name


def asked(runs: RunTable) -> dict[str, str]:
    """What the study asked: policies, states, replicates, years."""
    sizes = runs.frame.groupby(["policy", "state"]).size()
    least, most = int(sizes.min()), int(sizes.max())
    pairs = [len(runs.pairs(policy)[0]) for policy in runs.policies[1:]]
    states = f"{runs.frame['state'].nunique():,}"
    return {
        "policies": f"{len(runs.policies):,}, compared with “{runs.reference}”",
        "levers they set": ", ".join(runs.levers) or "not told",
        "states of the world": f"{states}, no uncertainty varied"
        if not runs.uncertainties
        else f"{states}, which differ in {_list(runs.uncertainties)}",
        "replicates": f"{least:,}" + (f" to {most:,}" if most > least else "") + " in each state under each policy",
        "pairs on the same luck": f"{min(pairs):,} or more for each policy" if pairs else "none",
        "runs": f"{len(runs.frame):,} of {counted(runs.years, 'year')}",
        "spread between runs": uncertainty(runs),
    }


def _list(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def order(table: Mapping[str, Sequence[Contrast]]) -> list[str]:
    """Policies as tables and figures list them: by the difference in peace at the end, best first."""
    rows = table["at_peace_at_end"][1:]
    return [row.policy for row in sorted(rows, key=lambda row: (-np.nan_to_num(row.difference.mean), row.policy))]


def settings(runs: RunTable) -> dict[str, str]:
    """The levers that every policy starts with unlike the reference, where they are few; a choice as the index of its
    option.
    """
    values = runs.frame.groupby("policy")[list(runs.levers)].first()
    found = {}
    for policy in runs.policies:
        own = values.loc[policy]
        changed = [f"{key} {number(own[key])}" for key in runs.levers if own[key] != values.loc[runs.reference, key]]
        found[policy] = ", ".join(changed) if len(changed) <= MOST_SETTINGS else ""
    return found


def policies(
    table: Mapping[str, Sequence[Contrast]], listed: Sequence[str], set_: Mapping[str, str]
) -> Table:
    """Every policy's paired differences from the reference, which stands first with its own numbers; `set_` says what
    each of them sets.
    """
    reference = next(iter(table.values()))[0].policy
    columns = ("policy", *(_heading(rows[0].outcome) for rows in table.values()))
    first = (f"{reference}\nthe reference: its own means", *(_level(rows[0]) for rows in table.values()))
    by_policy = [{row.policy: row for row in rows} for rows in table.values()]
    rest = tuple(
        (_name(policy, by_policy[0][policy], set_.get(policy, "")), *(_gap(rows[policy]) for rows in by_policy))
        for policy in listed
    )
    note = (
        "Below the first row: paired difference from the reference on the same luck, with its 95 % interval. "
        f"{MARK}: stands after Holm's correction for the number of policies, so that with 95 % no {MARK} in a column "
        f"is false. Relapse is taken over pairs at peace under both. Peace: {PEACE}. Shares: score intervals "
        "(Wilson, Tango); amounts: bootstrap-t."
    )
    return Table("Each policy against the reference", columns, (first, *rest), note)


def _heading(outcome: Outcome) -> str:
    return (
        outcome.label
        if outcome.unit in ("USD", "share of runs")
        else f"{outcome.label}, {outcome.unit}"
        if outcome.unit not in outcome.label.lower()
        else outcome.label
    )


def _name(policy: str, row: Contrast, sets: str) -> str:
    equal = "equal to the reference in every run" if row.identical else ""
    return "\n".join(filter(None, (policy, sets, equal)))


def _level(row: Contrast) -> str:
    if isinstance(row.level, Proportion):
        if row.level.of == 0:
            return "no run"
        return f"{row.level.value:.2f}\n{row.level.low:.2f} to {row.level.high:.2f}\n{counted(row.level.of, 'run')}"
    return plain(row.level, row.outcome.unit)


def plain(value: float, unit: str, sign: bool = False) -> str:
    """An amount with as many decimals as its unit deserves."""
    if unit == "years":
        return signed(value) if sign else f"{value:.2f}"
    if unit == "people" and not math.isnan(value):
        text = f"{value:{'+' if sign else ''},.{0 if abs(value) >= 10.0 else 1}f}"
        return "0" if float(text.replace(",", "")) == 0.0 else text
    return amount(value, unit, sign)


def _gap(row: Contrast) -> str:
    gap, mark = row.difference, f" {MARK}" if row.marked else ""
    if gap.of == 0:
        return "no pair"
    if row.identical:
        return "0"
    if row.outcome.share:
        return f"{signed(gap.mean)}{mark}\n{signed(gap.low)} to {signed(gap.high)}"
    return f"{plain(gap.mean, row.outcome.unit, True)}{mark}\n{_bounds(gap, row.outcome.unit, row.differing)}"


def signed(share: float) -> str:
    """Two decimals, three where two would say zero."""
    for decimals in (2, 3):
        text = f"{share:+.{decimals}f}"
        if float(text) != 0.0:
            return text
    return "0.00"


def _bounds(gap: Difference, unit: str, differing: int) -> str:
    if math.isnan(gap.low):
        return "no interval from one pair"
    if math.isinf(gap.low) or math.isinf(gap.high):
        return (
            f"varies in too few of\n{counted(gap.of, 'pair')} for an interval"
            if differing
            else f"in all of {counted(gap.of, 'pair')}"
        )
    if unit in ("years", "people"):
        return f"{plain(gap.low, unit, True)} to {plain(gap.high, unit, True)}"
    return interval(gap.low, gap.high, unit, True)


def chance(found: Sequence[Multiplicity]) -> Table:
    """How many differences chance alone would show, and how many there are."""
    rows = tuple(
        (row.outcome.label, f"{row.compared:,}", f"{row.expected:.1f}", f"{row.found:,}", f"{row.marked:,}")
        for row in found
    )
    note = (
        "If no policy did anything, one comparison in twenty would still have a p-value below 0.05. P-values are "
        "two-sided, from flipping the signs of paired differences. Holm's correction is used because all "
        "comparisons share one reference and one luck, and it needs no independence; it is stricter than a "
        "false-discovery rate. Policies equal to the reference in every run are not counted; one that changes only "
        "rare histories may look equal."
    )
    return Table(
        "How many differences chance would show",
        ("", "policies compared", "p < 0.05 by chance", "p < 0.05 found", "left after Holm"),
        rows,
        note,
    )


def saved(table: Mapping[str, Sequence[Contrast]]) -> Table:
    """How many times more runs unpaired luck would need: middle and range over the policies."""
    rows = []
    for name, contrasts in table.items():
        factors = np.array([row.saved for row in contrasts[1:] if not row.identical and not math.isnan(row.saved)])
        cells = [_factor(float(f(factors))) for f in (np.median, np.min, np.max)] if len(factors) else ["-"] * 3
        rows.append((OUTCOMES[name].label, *cells))
    note = "Variance of an unpaired difference over that of the paired one, within states. 1: pairing does not help."
    return Table(
        "How many times more runs unpaired luck would need", ("", "median policy", "least", "most"), tuple(rows), note
    )


def _factor(value: float) -> str:
    return ">1,000" if value > 1000 else number(value)


def lasting(rows: Sequence[Lasting], listed: Sequence[str]) -> Table:
    """How long peace lasts under every policy, given peace."""
    by_policy = {row.policy: row for row in rows}
    cells = tuple(_lasting(by_policy[name]) for name in (rows[0].policy, *listed))
    note = (
        "Runs that reached peace; those still at peace at the horizon are censored. Differences and ratios are of "
        "pairs at peace under both, on the same luck. Mean years are restricted to the time to which both are "
        "observed. Hazard ratio: of the Nelson-Aalen cumulative hazards while ten runs of both are observed (second "
        "number under “up to”); below 1, relapse is rarer. Intervals: 95 %, clustered by state of the world where "
        "there are several."
    )
    columns = (
        "policy",
        "runs at peace",
        "still at peace after 1 year",
        "after 5 years",
        "mean years at peace, difference",
        "hazard ratio",
        "up to, years",
    )
    return Table("How long peace lasts, given peace", columns, cells, note)


def _lasting(row: Lasting) -> tuple[str, ...]:
    start = (row.policy, f"{row.curve.of:,}", _still(row, 1.0), _still(row, 5.0))
    gap, ratio = row.restricted, row.hazard
    if gap is None or ratio is None:
        return (*start, "the reference", "", "")
    if gap.of == 0:
        return (*start, "no pair", "", "")
    if gap.low == gap.high:
        words = signed(gap.mean)
    elif math.isfinite(gap.low) and math.isfinite(gap.high):
        words = f"{signed(gap.mean)}\n{signed(gap.low)} to {signed(gap.high)}"
    else:
        words = f"{signed(gap.mean)}\n{FEW}"
    seen = "-" if math.isnan(row.seen) else f"{row.seen:.1f}"
    return (*start, words, _ratio(ratio), f"{row.horizon:.1f}\n{seen}")


def _still(row: Lasting, years: float) -> str:
    if row.curve.number_at_risk(years) == 0:
        return "-"
    at_risk = row.curve.number_at_risk(years)
    return f"{row.curve.at(years):.2f}\n{at_risk:,} at risk"


def _ratio(ratio: Ratio) -> str:
    if math.isnan(ratio.value):
        return "none: too few\nruns or no relapse"
    if ratio.low == ratio.high:
        return f"{ratio.value:.2f}"
    if ratio.low == 0.0 or not math.isfinite(ratio.high):
        return f"{ratio.value:.2f}\n{FEW}"
    return f"{ratio.value:.2f}\n{ratio.low:.2f} to {ratio.high:.2f}"


def influences(found: Sensitivity, most: int = 20) -> Table:
    """Indices above the noise floor, and how many parameters lie below it."""
    above = [row for row in found.influences if not math.isnan(row.total)]
    rows = [
        (row.parameter, _index(row.total, row.total_margin), _index(row.alone, row.alone_margin))
        for row in above[:most]
    ]
    under = len(found.influences) - len(above)
    if under:
        rows.append((counted(under, "other parameter"), "below the noise floor", "below the noise floor"))
    kind = (
        "Sobol's indices: total, with all it does together with others; alone, the share of variance it explains by "
        "itself. ± half a 95 % bootstrap interval."
        if found.design == "saltelli"
        else "PAWN: median Kolmogorov-Smirnov distance when it is held; alone: share of variance by RBD-FAST."
    )
    luck = (
        ""
        if math.isnan(found.luck)
        else f" Luck makes {100 * min(found.luck, 1.0):.0f} % of the variance between points"
        + (", which is taken out." if found.design == "saltelli" else ".")
    )
    note = (
        f"{kind} The floor ({number(found.floor_total)}, alone {number(max(found.floor_alone, 0.0))}) is what the "
        f"largest of {counted(len(found.influences), 'parameter')} without any effect stays under with 95 %. "
        f"{counted(found.points, 'point')}, averaged over replicates.{luck}"
    )
    return Table(
        f"{OUTCOMES[found.outcome].label}: what it depends on", ("parameter", "influence", "alone"), tuple(rows), note
    )


def _index(value: float, margin: float) -> str:
    if math.isnan(value):
        return "below the noise floor"
    return f"{value:.2f}" if math.isnan(margin) else f"{value:.2f} ± {margin:.2f}"


def limits(found: Discovery) -> Table:
    """The limits of the box and how often resamples find them again."""
    rows = tuple(
        (limit.parameter, _side(limit.low, limit.high), f"{100 * limit.returns:.0f} %") for limit in found.limits
    )
    box = found.box
    note = (
        f"Inside: {100 * box.density:.0f} % on average against {100 * found.base:.0f} % overall (density); "
        f"{100 * box.coverage:.0f} % of all cases (coverage) in {100 * box.mass:.0f} % of {found.states:,} states. "
        f"On states left out of the search: density {100 * found.fresh_density:.0f} %, coverage "
        f"{100 * found.fresh_coverage:.0f} %. Searches in shuffled outcomes stay under "
        f"{100 * found.chance_density:.0f} %. PRIM on the share of runs per state."
    )
    return Table("The box", ("uncertainty", "where", "found again in resamples"), rows, note, numeric=False)


def _side(low: float, high: float) -> str:
    if math.isinf(high):
        return f"at least {number(low)}"
    return f"at most {number(high)}" if math.isinf(low) else f"{number(low)} to {number(high)}"


def robust(found: Robustness, listed: Sequence[str]) -> Table:
    """The measures of every policy, with the probability of being the best by each."""
    outcome = OUTCOMES[found.outcome]

    def shown(name: str, value: float) -> str:
        if outcome.share or name == "satisficing":
            return f"{value:.2f}".replace("-0.00", "0.00")
        return plain(value, outcome.unit)

    rows = tuple((policy, *(shown(name, found.measures.loc[policy, name]) for name in MEASURES)) for policy in listed)
    regret = (
        "Regret: the best policy of a state is picked on half of its replicates and measured on the other half, so "
        "luck does not make it look better than it is; it may come out a little below 0."
        if found.cross_fitted
        else "Regret holds luck as well as policy: there is one replicate per state."
    )
    note = (
        f"{outcome.label}, over {counted(found.states, 'state')} of the world. "
        + ". ".join(f"{name.capitalize()}: {words}" for name, words in MEASURES.items())
        + f" ({shown('satisficing', found.threshold)}). {regret}"
    )
    return Table("How policies do over all states of the world", ("policy", *MEASURES), rows, note)


def pareto(found: Front) -> Table:
    """The policies on the front, and those that may well be."""
    likely = found.points[found.points["on_front"] | (found.points["probability"] >= 0.2)].sort_values(found.cost)
    rows = tuple(
        (
            str(row.Index),
            usd(getattr(row, found.cost)),
            f"{getattr(row, found.risk):.2f}",
            f"{100 * row.probability:.0f} %",
            "yes" if row.on_front else "no",
        )
        for row in likely.itertuples()
    )
    note = (
        "Not dominated: no other policy is as cheap and as safe, and better in one. Probability by resampling "
        "states and pairs."
    )
    return Table(
        "Cost against relapse",
        ("policy", "mean cost", "relapse, given peace", "not dominated with", "on the front"),
        rows,
        note,
    )
