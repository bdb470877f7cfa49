"""Charts as data: what a comparison says about one indicator over time, ready for the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ssr_sim.comparison import Comparison
from ssr_sim.ensemble import Ensemble
from ssr_sim.intervals import Floats, Survival, wilson
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.world import WEEK

from . import shares
from .messages import text
from .plan import Plan
from .shares import PERCENT

POINTS = 160  # along the time axis; a screen shows no more
BAND = (0.1, 0.25, 0.5, 0.75, 0.9)


def weeks_shown(weeks: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Up to `POINTS` weeks, evenly spaced, the first and the last among them."""
    return np.unique(np.linspace(0, weeks - 1, min(POINTS, weeks)).round().astype(np.int64))


def quantiles(values: Floats) -> dict[str, list[float]]:
    """Middle line and bands of runs (runs, weeks): 8 of 10 runs lie in the outer band, half in the inner."""
    low, inner_low, mid, inner_high, high = np.quantile(values, BAND, axis=0)
    return {"low": plain(low), "inner_low": plain(inner_low), "mid": plain(mid),
            "inner_high": plain(inner_high), "high": plain(high)}


def means(values: Floats) -> dict[str, list[float]]:
    """Mean of runs (runs, weeks), and the band that holds 8 of 10: for a chart beside a number that is a mean."""
    low, high = np.quantile(values, (BAND[0], BAND[-1]), axis=0)
    return {"low": plain(low), "mid": plain(values.mean(axis=0)), "high": plain(high)}


def fan(comparison: Comparison, show: str,
        lines: Callable[[Floats], dict[str, list[float]]] = quantiles) -> dict[str, Any]:
    """The chosen indicator under the plan and with nothing changed; `lines` makes middle and band of its runs."""
    row = INDICATORS[INDEX[show]]
    weeks = weeks_shown(comparison.a.values.shape[1])
    arms = zip(("baseline", "plan"), comparison.arms, strict=True)
    series = [{"name": label, "role": role, **lines(shares.scale(row.unit) * ensemble.series[show][:, weeks])}
              for role, (label, ensemble) in arms if role == "plan" or not same(comparison)]
    return {"title": row.label, "unit": shares.shown(row.unit), "x": plain((weeks + 1) * WEEK),
            "xlabel": text("chart.years"), "limits": None, "series": series, "rev": comparison.pairs}


def difference(comparison: Comparison, show: str) -> dict[str, Any]:
    """The paired difference in the chosen indicator, run by run on the same luck."""
    row = INDICATORS[INDEX[show]]
    weeks = weeks_shown(comparison.a.values.shape[1])
    gaps = shares.scale(row.unit) * (comparison.b.series[show][:, weeks] - comparison.a.series[show][:, weeks])
    title = f"{text('plan.difference')}: {row.label.lower()}"
    return {"title": title, "unit": shares.shown_gap(row.unit), "x": plain((weeks + 1) * WEEK),
            "xlabel": text("chart.years"), "limits": None, "zero": True, "rev": comparison.pairs,
            "series": [{"name": comparison.label_b, "role": "plan", **quantiles(gaps)}]}


def at_peace(comparison: Comparison) -> dict[str, Any]:
    """Percent of all runs at peace by years since the start, with pointwise 95 % intervals."""
    weeks = weeks_shown(comparison.a.values.shape[1])
    series: list[dict[str, Any]] = []
    for role, (label, ensemble) in zip(("baseline", "plan"), comparison.arms, strict=True):
        counts = ensemble.at_peace()[:, weeks].sum(axis=0)
        low, high = PERCENT * np.array([wilson(int(count), ensemble.replicates) for count in counts]).T
        series.append({"name": label, "role": role, "mid": plain(PERCENT * counts / ensemble.replicates),
                       "low": plain(low), "high": plain(high)})
    return {"title": text("plan.at_peace"), "unit": text("plan.at_peace_unit"), "x": plain((weeks + 1) * WEEK),
            "xlabel": text("chart.years"), "limits": [0.0, PERCENT], "series": series, "rev": comparison.pairs,
            "band": text("chart.interval")}


def survival(comparison: Comparison) -> dict[str, Any]:
    """Percent of runs still at peace by years since it was reached, with pointwise 95 % intervals."""
    years = np.linspace(0.0, comparison.a.years, POINTS)
    arms = zip(("baseline", "plan"), comparison.arms, strict=True)
    series = [{"name": label, "role": role, **_steps(ensemble.survival(), years)} for role, (label, ensemble) in arms]
    return {"title": text("plan.survival"), "unit": text("plan.survival_unit"), "x": plain(years),
            "xlabel": text("plan.since_peace"), "limits": [0.0, PERCENT], "step": True, "series": series,
            "note": _without_peace(comparison.arms), "rev": comparison.pairs, "band": text("chart.interval")}


def alone(arms: list[tuple[str, str, Ensemble]], show: str) -> list[dict[str, Any]]:
    """The chosen indicator of every policy beside the first of `arms` (label, role, ensemble), a chart for each.

    All charts have the same axis.
    """
    row = INDICATORS[INDEX[show]]
    weeks = weeks_shown(arms[0][2].values.shape[1])
    found = [(label, role, quantiles(shares.scale(row.unit) * arm.series[show][:, weeks])) for label, role, arm in arms]
    first, others = found[0], found[1:]
    low = min(min(lines["low"]) for _, _, lines in found)
    high = max(max(lines["high"]) for _, _, lines in found)
    room = 0.05 * (high - low) or 0.5
    limits = [0.0 if 0.0 <= low < room else low - room, high + room]
    base = {"name": first[0], "role": first[1], "mid": first[2]["mid"]}
    unit = shares.shown(row.unit)
    return [{"title": label, "unit": unit, "x": plain((weeks + 1) * WEEK), "limits": limits, "legend": False,
             "xlabel": text("chart.years"), "ylabel": f"{row.label}, {unit}",
             "series": [base, {"name": label, "role": role, **lines}], "rev": len(arms)}
            for label, role, lines in others]


def lasting_together(arms: list[tuple[str, str, Ensemble]]) -> dict[str, Any]:
    """Peace that lasts under several policies, without bands: they would hide one another."""
    years = np.linspace(0.0, arms[0][2].years, POINTS)
    series = [{"name": label, "role": role, "mid": _steps(arm.survival(), years)["mid"]} for label, role, arm in arms]
    return {"title": text("plan.survival"), "unit": text("plan.survival_unit"), "x": plain(years),
            "xlabel": text("plan.since_peace"), "limits": [0.0, PERCENT], "step": True, "series": series,
            "rev": len(arms), "note": _without_peace((label, arm) for label, _, arm in arms)}


def marks(plan: Plan) -> list[dict[str, Any]]:
    """Where on the axis the plan changes something after the start."""
    return [{"x": week * WEEK, "label": ""} for week in sorted({change.week for change in plan.changes if change.week})]


def same(comparison: Comparison) -> bool:
    """True when every pair of runs is one and the same run."""
    return comparison.identical_pairs == comparison.pairs


def _without_peace(arms: Iterable[tuple[str, Ensemble]]) -> str:
    """What to say of the policies that have no curve because no run reached peace; "" when all have one."""
    names = [label for label, arm in arms if not arm.outcome("reached_peace").any()]
    return text("plan.no_peace", names=", ".join(names)) if names else ""


def _steps(curve: Survival, years: Floats) -> dict[str, list[float | None]]:
    """A survival curve at `years`, in percent; None beyond the last run that was still watched."""
    place = np.searchsorted(curve.time, years, side="right") - 1
    last = curve.exits.max() if curve.of else -1.0
    found: dict[str, list[float | None]] = {}
    for name, values in (("mid", curve.survival), ("low", curve.low), ("high", curve.high)):
        found[name] = [None if year > last else float(PERCENT * values[k]) if k >= 0 else PERCENT
                       for k, year in zip(place, years, strict=True)]
    return found


def plain(values: np.ndarray[Any, Any]) -> list[float]:
    """Numbers for the browser, to six digits: half the bytes."""
    return [float(f"{value:.6g}") for value in values]
