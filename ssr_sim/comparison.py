"""Two policies on the same luck: what differs, by how much, how sure, and through which channels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ssr_sim.ensemble import Ensemble, Level, Progress, grow_arms, known_level, run_arms, yearly_means
from ssr_sim.intervals import (
    Difference,
    Floats,
    Ratio,
    bootstrap_means,
    difference_of_restricted_means,
    paired_difference,
    paired_proportions,
    paired_ratio,
)
from ssr_sim.measures import INDICATORS, OF_MISSION, SINCE_EXIT
from ssr_sim.scenario import Scenario
from ssr_sim.tables import LINES, SPENDING
from ssr_sim.world import WEEK

if TYPE_CHECKING:
    import pandas as pd

HORIZONS = (1, 3, 5, 10)  # years


class Measured(NamedTuple):
    """An outcome of a run that arms are compared by: name among the outcomes, label, unit."""

    name: str
    label: str
    unit: str


AMOUNTS = (
    Measured("weeks_at_war", "Weeks at war", "weeks"),
    Measured("battle_deaths", "Battle deaths", "people"),
    Measured("civilian_deaths", "Civilians killed", "people"),
    Measured("criminal_deaths", "Killed by criminals", "people"),
    Measured("cost_usd", "Cost", "USD"),
)


class PeaceCounts(NamedTuple):
    """In how many pairs peace lasted longer, equally long, or shorter under the second policy."""

    longer: int
    same: int
    shorter: int


@dataclass(frozen=True)
class Comparison:
    """Ensemble `b` against ensemble `a`, paired: replicate r of both met the same luck. Differences are b -
    a.
    """

    a: Ensemble
    b: Ensemble
    label_a: str
    label_b: str

    @property
    def arms(self) -> list[tuple[str, Ensemble]]:
        """Both ensembles with their labels."""
        return [(self.label_a, self.a), (self.label_b, self.b)]

    @property
    def pairs(self) -> int:
        """Number of pairs of runs."""
        return self.a.replicates

    @property
    def identical_pairs(self) -> int:
        """Pairs whose two runs ended in the same state, bit for bit."""
        return int((self.a.outcome("digest") == self.b.outcome("digest")).sum())

    def peace(self, level: Level = "conflict") -> PeaceCounts:
        """Pairs in which the first peace lasted longer / as long / shorter under b; never reached counts as
        0.
        """
        a, b = self.a.time_at_peace(level)[0], self.b.time_at_peace(level)[0]
        return PeaceCounts(int((b > a).sum()), int((b == a).sum()), int((b < a).sum()))

    def years_of_peace(self, level: Level = "conflict") -> Difference:
        """Mean years from first peace to relapse or the horizon, over all pairs, 0 where peace was never
        reached.
        """
        return paired_difference(self.a.time_at_peace(level)[0], self.b.time_at_peace(level)[0])

    def price_of_peace(self, level: Level = "conflict") -> Ratio:
        """USD per year of peace: the difference in cost over that in years of peace (as in `years_of_peace`).

        A price only where both have the same sign: more peace for more money, or less for less.
        """
        cost = self.b.outcome("cost_usd").astype(float) - self.a.outcome("cost_usd").astype(float)
        return paired_ratio(cost, self.b.time_at_peace(level)[0] - self.a.time_at_peace(level)[0])

    def peace_reached(self) -> Difference:
        """Difference in the share of runs that reached peace."""
        return self._shares("reached_peace", np.ones(self.pairs, dtype=bool))

    def peace_held(self, level: Level = "conflict") -> Difference:
        """Difference in the share of all runs that reached peace and held it to the end."""
        return self._proportions(self.a.held(level), self.b.held(level))

    def at_peace_at_end(self) -> Difference:
        """Difference in the share of runs at peace in the last week."""
        return self._shares("at_peace_at_end", np.ones(self.pairs, dtype=bool))

    def relapse(self, level: Level = "conflict") -> Difference:
        """Difference in the share that relapsed, among pairs that had reached peace under *both* policies.

        Each policy brings its own runs to peace, the better one perhaps the harder cases; only pairs at peace
        under both compare like with like.
        """
        return self._shares(f"relapsed_{known_level(level)}", self.both_reached_peace)

    def restricted_mean_peace(self, level: Level = "conflict") -> Difference:
        """Difference in mean years at peace since it was reached, up to the horizon, by Kaplan-Meier; pairs
        as in `relapse`.
        """
        both = self.both_reached_peace
        (time_a, ended_a), (time_b, ended_b) = self.a.time_at_peace(level), self.b.time_at_peace(level)
        arms = (time_a[both], ended_a[both]), (time_b[both], ended_b[both])
        # Where few runs are still observed, the curve is flat by lack of data: stop where both arms are seen.
        horizon = min((time.max() for time, _ in arms), default=0.0) if both.any() else 0.0
        return difference_of_restricted_means(*arms, float(horizon))

    @cached_property
    def both_reached_peace(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which pairs reached peace under both policies."""
        both = self.a.outcome("reached_peace") & self.b.outcome("reached_peace")
        return np.asarray(both, dtype=bool)

    def _shares(self, name: str, asked: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Difference:
        return self._proportions(self.a.outcome(name)[asked], self.b.outcome(name)[asked])

    def _proportions(self, a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> Difference:
        if self.identical_pairs == self.pairs:
            return Difference(0.0, 0.0, 0.0, len(a))  # the same runs twice: nothing is uncertain
        return paired_proportions(a, b)

    @cached_property
    def amounts(self) -> pd.DataFrame:
        """Means of both arms and paired difference with interval, one row per measured amount."""
        import pandas as pd

        rows = []
        for name, label, unit in AMOUNTS:
            a, b = self.a.outcome(name).astype(float), self.b.outcome(name).astype(float)
            gap = paired_difference(a, b)
            rows.append((name, label, unit, a.mean(), b.mean(), gap.mean, gap.low, gap.high))
        columns = ["outcome", "label", "unit", "a", "b", "difference", "low", "high"]
        return pd.DataFrame(rows, columns=columns).set_index("outcome")

    def _years_without_mission(self, years: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """For each year whether any run of either arm has nobody of the mission in the country for a week."""
        present = [np.minimum(1.0, arm.series["troops"] + arm.series["un_police"]) for arm in (self.a, self.b)]
        share = np.minimum(*(yearly_means(weeks[:, :, None]).min(axis=0)[:, 0] for weeks in present))
        return np.asarray(share[:years] < 1.0, dtype=bool)

    @cached_property
    def channels(self) -> pd.DataFrame:
        """Through which indicators the policies differ: one row per indicator and year, largest first.

        Each value is a mean over the year. `size` is the difference in standard deviations between runs (both
        arms pooled), and an indicator stands where its largest size over the years puts it. Indicators that
        do not differ in any pair are left out, and so is what describes a mission (`OF_MISSION`) in years in
        which a run of either arm has no mission for a week or more, and what counts from an exit (`SINCE_EXIT`).
        """
        import pandas as pd

        a, b = yearly_means(self.a.values), yearly_means(self.b.values)
        years = a.shape[1]
        mean, low, high = bootstrap_means((b - a).reshape(self.pairs, -1))
        spread = np.sqrt((a.var(axis=0) + b.var(axis=0)) / 2.0).ravel()
        spread[spread <= 1e-12 * np.abs(mean)] = 0.0  # rounding of runs that all agree
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.where(mean == 0.0, 0.0, mean / spread)
        frame = pd.DataFrame(
            {
                "indicator": [indicator.name for indicator in INDICATORS] * years,
                "label": [indicator.label for indicator in INDICATORS] * years,
                "unit": [indicator.unit for indicator in INDICATORS] * years,
                "year": np.repeat(np.arange(1, years + 1), len(INDICATORS)),
                "a": a.mean(axis=0).ravel(),
                "b": b.mean(axis=0).ravel(),
                "difference": mean,
                "low": low,
                "high": high,
                "size": size,
                "pairs": self.pairs,
            }
        )
        moved = np.tile((a != b).any(axis=(0, 1)), (years, 1))
        gone = self._years_without_mission(years)
        names = [indicator.name for indicator in INDICATORS]
        moved &= ~(gone[:, None] & np.isin(names, OF_MISSION)) & ~np.isin(names, SINCE_EXIT)
        frame = frame[moved.ravel()]
        largest = frame["size"].abs().groupby(frame["indicator"]).transform("max")
        order = frame.assign(largest=largest).sort_values(
            ["largest", "indicator", "year"], ascending=[False, True, True]
        )
        return order.drop(columns="largest").reset_index(drop=True)

    def cost_per_year(self) -> pd.DataFrame:
        """Difference in spending in each year, in USD, with interval."""
        import pandas as pd

        mean, low, high = bootstrap_means(self.b.spending.sum(axis=2) - self.a.spending.sum(axis=2))
        years = np.arange(1, len(mean) + 1)
        return pd.DataFrame(
            {"difference": mean, "low": low, "high": high}, index=pd.Index(years, name="year")
        )

    def cost_by_line(self) -> pd.DataFrame:
        """Spending over all years by line, in USD: means of both arms, difference with interval; largest
        first.
        """
        import pandas as pd

        a, b = self.a.spending.sum(axis=1), self.b.spending.sum(axis=1)
        mean, low, high = bootstrap_means(b - a)
        groups = [SPENDING[line][1] for line in LINES]
        frame = pd.DataFrame(
            {
                "group": groups,
                "a": a.mean(axis=0),
                "b": b.mean(axis=0),
                "difference": mean,
                "low": low,
                "high": high,
            },
            index=pd.Index(LINES, name="line"),
        )
        return frame.sort_values("difference", key=abs, ascending=False, kind="stable")

    def variance_saved(self, names: tuple[str, ...]) -> pd.DataFrame:
        """How many times fewer runs pairing needs for the same precision, by outcome (rows) and horizon
        (columns).

        Var(a) + Var(b), what independent luck would give the difference, over the variance of the paired
        difference. 1 means that pairing no longer helps; infinite, that all pairs differ by the same amount
        (often zero); NaN, that nothing varies. Rows are `names`, indicators as means over the year before the
        horizon, then "cost_usd", spending up to the horizon, and "years_of_peace", time from first peace to
        relapse within it.
        """
        import pandas as pd

        horizons = [h for h in HORIZONS if h <= self.a.years]
        rows: dict[str, list[float]] = {}
        for name in names:
            a, b = self.a.yearly(name), self.b.yearly(name)
            rows[name] = [variance_factor(a[:, h - 1], b[:, h - 1]) for h in horizons]
        cost_a, cost_b = (arm.spending.sum(axis=2).cumsum(axis=1) for arm in (self.a, self.b))
        rows["cost_usd"] = [variance_factor(cost_a[:, h - 1], cost_b[:, h - 1]) for h in horizons]
        peace_a, peace_b = (_peace_within(arm, horizons) for arm in (self.a, self.b))
        rows["years_of_peace"] = [variance_factor(*arms) for arms in zip(peace_a.T, peace_b.T, strict=True)]
        return pd.DataFrame.from_dict(rows, orient="index", columns=horizons).rename_axis(columns="years")


def _peace_within(arm: Ensemble, horizons: list[int]) -> Floats:
    """Years of the first peace that fall before each horizon: (replicates, horizons)."""
    start = arm.outcome("weeks_to_peace").astype(float) * WEEK
    lasted = arm.time_at_peace()[0]
    inside = np.minimum(lasted[:, None], np.array(horizons) - start[:, None])
    return np.nan_to_num(np.maximum(inside, 0.0))


def variance_factor(a: Floats, b: Floats) -> float:
    """Variance of an unpaired difference over that of the paired one; infinite or NaN where the latter is
    zero.
    """
    unpaired, paired = float(a.var() + b.var()), float((b - a).var())
    rounding = 1e-24 * max(float(np.abs(a).max()), float(np.abs(b).max())) ** 2
    if paired > rounding:
        return unpaired / paired
    return float("inf") if unpaired > rounding else float("nan")


def compare(
    a: Scenario,
    b: Scenario,
    years: int = 10,
    replicates: int = 64,
    seed: int = 1,
    threads: int | None = None,
    parameters: str = "default",
    progress: Progress | None = None,
    label_a: str | None = None,
    label_b: str | None = None,
) -> Comparison:
    """Run both scenarios on the same luck and report what differs; arguments as for `run_ensemble`.

    With `parameters="prior"` both runs of a pair also share the drawn uncertain parameters. A change that
    changes nothing gives differences of exactly zero.
    """
    first, second = run_arms((a, b), years, replicates, seed, threads, parameters, progress)
    return Comparison(first, second, *labels(a, b, label_a, label_b))


def grow_comparison(
    a: Scenario,
    b: Scenario,
    years: int = 10,
    replicates: int = 64,
    seed: int = 1,
    threads: int | None = None,
    parameters: str = "default",
    progress: Progress | None = None,
    label_a: str | None = None,
    label_b: str | None = None,
    stop: threading.Event | None = None,
    pool: Executor | None = None,
) -> Iterator[Comparison]:
    """Yield the comparison of the first 8 pairs, of 16, ... at last of all; otherwise as `grow_ensemble`."""
    names = labels(a, b, label_a, label_b)
    growing = grow_arms((a, b), years, replicates, seed, threads, parameters, progress, stop, pool)
    return (Comparison(first, second, *names) for first, second in growing)


def labels(a: Scenario, b: Scenario, label_a: str | None, label_b: str | None) -> tuple[str, str]:
    """Names for the two policies: what the user calls them, else the scenarios' names, told apart if need
    be.
    """
    first, second = label_a or a.name, label_b or b.name
    return (first, second) if first != second else (f"{first} (A)", f"{second} (B)")
