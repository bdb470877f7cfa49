"""Four topics of the model, compiled and in Mesa: the same science by a two-sample test, then timed in turns."""

from __future__ import annotations

from typing import NamedTuple

import mesa
import numpy as np
from scipy import stats

from experiments.benchmarks import mesa_subset, subset
from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import Task, in_turns, quartiles, table
from ssr_sim.world import World

WEEKS = 104
REPEATS = 12
COMPILED_RUNS = 20  # timed together: one is too short for the clock
REPLICATES = 120, 1000  # Mesa, compiled
FALSE_ALARM = 0.01  # chance that two equal models are called different, all outcomes together


class Agreement(NamedTuple):
    """One outcome in both versions: means, the interval of their difference, whether it is within tolerance."""

    name: str
    unit: str
    mesa: float
    compiled: float
    low: float
    high: float
    tolerance: float
    p: float

    @property
    def differs(self) -> bool:
        """Whether the test, at its share of the false-alarm rate, calls the two different."""
        return self.p < FALSE_ALARM / len(subset.OUTCOMES)

    @property
    def close(self) -> bool:
        """Whether the whole interval of the difference lies within the tolerance."""
        return max(-self.low, self.high) <= self.tolerance


def measure() -> Findings:
    """The ratio of times at the size of the baseline, and at 1,000 communities."""
    world = subset.start()
    found = agreement(world, WEEKS, *REPLICATES)
    if wrong := [row.name for row in found if row.differs]:
        raise AssertionError(f"Mesa and the compiled subset disagree in {', '.join(wrong)}")
    rows, ratios = [], {}
    for communities, repeats in ((120, REPEATS), (1000, 4)):
        here = world if communities == 120 else subset.start(communities)
        seconds = timed(here, repeats)
        ratios[communities] = seconds[:, 0] / seconds[:, 1]
        slow, fast = np.median(seconds, axis=0)
        steps = subset.agents(here) * WEEKS
        rows.append((f"{communities:,} communities, {subset.agents(here):,} agents", f"{1e9 * slow / steps:,.0f}",
                     f"{1e9 * fast / steps:,.1f}", f"{np.median(ratios[communities]):,.0f}",
                     quartiles(ratios[communities], 0)))
    heads = ("country", f"Mesa {mesa.__version__}, ns an agent and week", "compiled", "ratio", "middle half")
    value = Measured(float(np.median(ratios[120])), quartiles(ratios[120], 0))
    return Findings({"mesa.ratio": value}, f"{table(heads, rows)}\n\n{agreement_table(found)}")


def agreement(world: World, weeks: int, in_mesa: int, compiled: int) -> list[Agreement]:
    """Outcomes after `weeks` in so many replicates of each: Welch's test, and the interval it belongs to."""
    theirs = np.array([mesa_outcomes(world, weeks, seed) for seed in range(in_mesa)])
    ours = np.array([compiled_outcomes(world, weeks, number) for number in range(compiled)])
    rows = []
    for k, (name, (unit, tolerance)) in enumerate(subset.OUTCOMES.items()):
        test = stats.ttest_ind(theirs[:, k], ours[:, k], equal_var=False)
        scale = ours[:, k].mean() if name in subset.COUNTS else 1.0
        interval = test.confidence_interval(1.0 - FALSE_ALARM / len(subset.OUTCOMES))
        rows.append(Agreement(name, unit, theirs[:, k].mean(), ours[:, k].mean(), interval.low / scale,
                              interval.high / scale, tolerance, float(test.pvalue)))
    return rows


def mesa_outcomes(world: World, weeks: int, seed: int) -> np.ndarray:
    """One replicate in Mesa."""
    country = mesa_subset.Country(world, seed)
    for _ in range(weeks):
        country.step()
    forget(country)
    return country.outcomes()


def forget(country: mesa_subset.Country) -> None:
    """Mesa 3.3 keeps every model alive in a dictionary of the class Agent."""
    getattr(mesa.Agent, "_ids", {}).pop(country, None)


def compiled_outcomes(world: World, weeks: int, number: int) -> np.ndarray:
    """One replicate of the compiled subset."""
    copy = subset.replicate(world, number)
    subset.advance(copy, weeks)
    return subset.outcomes(copy)


def timed(world: World, repeats: int) -> np.ndarray:
    """Processor seconds (repeats, 2) of one replicate: Mesa, compiled. Making the worlds is not counted."""
    subset.advance(subset.replicate(world, 0), 1)
    seeds = iter(range(10_000))

    def in_mesa() -> Task:
        country = mesa_subset.Country(world, next(seeds))
        forget(country)

        def task() -> None:
            for _ in range(WEEKS):
                country.step()

        return task

    def compiled() -> Task:
        copies = [subset.replicate(world, next(seeds)) for _ in range(COMPILED_RUNS)]

        def task() -> None:
            for copy in copies:
                subset.advance(copy, WEEKS)

        return task

    return in_turns((in_mesa, compiled), repeats) / np.array([1.0, COMPILED_RUNS])


def agreement_table(found: list[Agreement]) -> str:
    """What was compared, in Markdown."""
    rows = [(row.name, row.unit, f"{row.mesa:,.4g}", f"{row.compiled:,.4g}", f"{row.low:+.4f} to {row.high:+.4f}",
             f"{row.tolerance:g}: {'yes' if row.close else 'not shown'}", f"{row.p:.2f}") for row in found]
    heads = ("after two years", "unit", "Mesa", "compiled", "difference (counts: share)", "within", "p")
    interval = f"{1 - FALSE_ALARM / len(found):.1%}"
    return (f"{table(heads, rows)}\n\n{REPLICATES[0]} replicates in Mesa, {REPLICATES[1]} compiled; Welch's test, "
            f"false-alarm rate {FALSE_ALARM:.0%} over all outcomes together; {interval} intervals.")
