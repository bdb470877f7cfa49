"""Many replicates of one scenario, on threads: what happens, how often, and how sure we can be of it.

Replicate r of every ensemble with the same seed meets the same luck, whatever the policy and the number of
threads.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from ssr_sim import run
from ssr_sim.draws import mix_seed
from ssr_sim.faults import refuse, unknown, whole_number
from ssr_sim.formats import counted, duration
from ssr_sim.intervals import Floats, Proportion, Survival, kaplan_meier
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.provenance import usable_cores
from ssr_sim.scenario import Draw, Scenario
from ssr_sim.world import WEEK

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["conflict", "war"]
Progress = Callable[[int, int], None]
UNCERTAINTY = {"default": "luck only", "prior": "luck and ignorance"}
# What a map may be coloured by; kept for each place as a mean over replicates in the last week.
MAPPED = ("trust_police", "trust_government", "legitimacy", "fear", "grievance", "attacks_in_memory")
AT_A_TIME = 4_000_000  # community-weeks, some seconds, after which a run looks whether it is to stop


log = logging.getLogger(__name__)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during an ensemble; `finished` holds one ensemble per arm of the replicates done until then."""

    def __init__(self, finished: tuple[Ensemble, ...]) -> None:
        super().__init__("interrupted")
        self.finished = finished


class Stopped(Exception):
    """A run was given up because nobody waits for its ensemble any more."""


class Series(Mapping[str, Floats]):
    """Weekly indicators by name, each an array (replicates, weeks)."""

    def __init__(self, values: Floats) -> None:
        self.values_by_week = values

    def __getitem__(self, name: str) -> Floats:
        if name not in INDEX:
            raise KeyError(unknown("indicator", name, INDEX))
        return self.values_by_week[:, :, INDEX[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(INDEX)

    def __len__(self) -> int:
        return len(INDEX)


class _Replicate(NamedTuple):
    outcomes: dict[str, Any]
    spending: Floats
    places: Floats


class _Finished:
    """What is kept of the finished runs of one scenario: of the places, large in a large country, their sum."""

    def __init__(self, communities: int) -> None:
        self.records: list[dict[str, Any]] = []
        self.spending: list[Floats] = []
        self.places = np.zeros((len(MAPPED), communities))

    def add(self, replicate: _Replicate) -> None:
        self.records.append(replicate.outcomes)
        self.spending.append(replicate.spending)
        self.places += replicate.places


@dataclass(frozen=True)
class Ensemble:
    """The runs of one scenario.

    `values` is (replicates, weeks, indicators), `spending` (replicates, years, lines of `tables.LINES`) in
    USD at the scenario's price year, `places` {field: one mean per community in the last week}. `template`
    holds the network.
    """

    scenario: Scenario
    years: int
    seed: int
    parameters: str
    records: tuple[Mapping[str, Any], ...]
    values: Floats = field(repr=False)
    spending: Floats = field(repr=False)
    places: Mapping[str, Floats] = field(repr=False)
    template: run.Template = field(repr=False)

    @property
    def replicates(self) -> int:
        """Number of runs."""
        return len(self.records)

    @property
    def uncertainty(self) -> str:
        """What the spread between runs stands for: "luck only" or "luck and ignorance"."""
        return UNCERTAINTY[self.parameters]

    @property
    def series(self) -> Series:
        """Weekly indicators: `series["trust_police"]` is an array (replicates, weeks)."""
        return Series(self.values)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per replicate: seed, peace, relapse, deaths, cost (USD), digest and final values."""
        import pandas as pd

        frame = pd.DataFrame.from_records(list(self.records))
        frame.index.name = "replicate"
        return frame

    def outcome(self, name: str) -> np.ndarray[Any, Any]:
        """One outcome of every run, in replicate order; the columns of `outcomes` are its names.

        Raises ValueError for any other.
        """
        if name not in self.records[0]:
            raise ValueError(unknown("outcome", name, self.records[0]))
        return np.array([record[name] for record in self.records])

    def yearly(self, name: str) -> Floats:
        """Mean of an indicator over each full year, as an array (replicates, years).

        Raises ValueError for an unknown one.
        """
        if name not in INDEX:
            raise ValueError(unknown("indicator", name, INDEX))
        return yearly_means(self.values)[:, :, INDEX[name]]

    def first(self, replicates: int) -> Ensemble:
        """The ensemble of the first so many runs; the means in `places` stay those of all."""
        kept = min(replicates, self.replicates)
        return replace(self, records=self.records[:kept], values=self.values[:kept], spending=self.spending[:kept])

    def peace_reached(self) -> Proportion:
        """Share of runs that reached peace, 52 quiet weeks, within the horizon."""
        return Proportion.among(self.outcome("reached_peace"))

    def at_peace(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which runs are at peace in which week, bool (replicates, weeks); a run that relapsed may be so again."""
        deaths = self.series["battle_deaths_52"]
        reached = np.nan_to_num(self.outcome("weeks_to_peace").astype(float), nan=np.inf)
        quiet = deaths < float(self.scenario.value("relapse.conflict_deaths"))
        found: np.ndarray[Any, np.dtype[np.bool_]] = quiet & (np.arange(deaths.shape[1]) >= reached[:, None])
        return found

    def held(self, level: Level = "conflict") -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which runs reached peace and did not relapse within the horizon, bool (replicates,). Levels as in
        `relapse_probability`.
        """
        kept = ~self.outcome(f"relapsed_{known_level(level)}").astype(bool)
        found: np.ndarray[Any, np.dtype[np.bool_]] = self.outcome("reached_peace").astype(bool) & kept
        return found

    def peace_held(self, level: Level = "conflict") -> Proportion:
        """Share of all runs that reached peace and held it to the end."""
        return Proportion.among(self.held(level))

    def at_peace_at_end(self) -> Proportion:
        """Share of all runs at peace in the last week."""
        return Proportion.among(self.outcome("at_peace_at_end"))

    def relapse_probability(self, level: Level = "conflict") -> Proportion:
        """Share of runs that relapsed within the horizon, among those that had reached peace.

        `level` "conflict" means 25 battle deaths in 52 weeks, "war" 1,000. Any other raises ValueError.
        """
        return Proportion.among(self.outcome(f"relapsed_{known_level(level)}"), self.outcome("reached_peace"))

    def survival(self, level: Level = "conflict") -> Survival:
        """Kaplan-Meier curve of peace in years since it was reached, with numbers at risk.

        Runs still at peace at the horizon are right-censored; runs that never reached peace do not count. Levels
        as in `relapse_probability`.
        """
        duration, ended = self.time_at_peace(level)
        reached = self.outcome("reached_peace").astype(bool)
        return kaplan_meier(duration[reached], ended[reached])

    def time_at_peace(self, level: Level = "conflict") -> tuple[Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
        """Years from reaching peace to relapse or the horizon (0 if never reached), and whether it was a
        relapse.
        """
        ended = self.outcome(f"relapsed_{known_level(level)}").astype(bool)
        start = self.outcome("weeks_to_peace").astype(float)
        until_relapse = self.outcome(f"weeks_to_relapse_{level}").astype(float)
        observed = np.where(ended, until_relapse, self.values.shape[1] - start)
        return np.nan_to_num(observed) * WEEK, ended


def known_level(level: str) -> str:
    """`level`, if it is one; raises ValueError otherwise."""
    if level not in ("conflict", "war"):
        raise ValueError(f"level must be 'conflict' or 'war', got {level!r}")
    return level


def year_ends(weeks: int) -> list[int]:
    """The week after the last one of each full year among `weeks`: 52, 104, 157, ..."""
    ends = (run.weeks_in(year) for year in range(1, weeks // 52 + 1))
    return [end for end in ends if end <= weeks]


def yearly_means(values: Floats) -> Floats:
    """Weekly values (replicates, weeks, ...) as means over full years (replicates, years, ...)."""
    ends = year_ends(values.shape[1])
    parts = np.split(values[:, : ends[-1]], ends[:-1], axis=1)
    return np.stack([part.mean(axis=1) for part in parts], axis=1)


def run_ensemble(
    scenario: Scenario,
    years: int = 10,
    replicates: int = 64,
    seed: int = 1,
    threads: int | None = None,
    parameters: str = "default",
    progress: Progress | None = None,
) -> Ensemble:
    """Run `replicates` runs of `years` years; the same arguments give the same bits for any number of
    `threads`.

    `parameters` "default" keeps every parameter, so runs differ by luck only; "prior" draws the uncertain
    ones from their ranges for each run. `progress(done, total)` counts runs. Raises ValueError for a bad
    argument, MemoryError when the result would not fit, and `Interrupted` on Ctrl-C, which carries the
    finished runs.
    """
    return run_arms((scenario,), years, replicates, seed, threads, parameters, progress)[0]


def grow_ensemble(
    scenario: Scenario,
    years: int = 10,
    replicates: int = 64,
    seed: int = 1,
    threads: int | None = None,
    parameters: str = "default",
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    pool: Executor | None = None,
) -> Iterator[Ensemble]:
    """Yield the ensemble of the first 8 replicates, of 16, of 32, ... at last of all, as each is finished.

    The last is what `run_ensemble` returns, to the bit, and the next is computed while the caller looks at this one.
    Closing the iterator ends the work; so does setting `stop` from another thread, within a simulated year, and the
    iterator then just ends. Runs are made on `pool`, which is shut down, instead of on `threads` of their own. Other
    arguments and errors as in `run_ensemble`.
    """
    growing = grow_arms((scenario,), years, replicates, seed, threads, parameters, progress, stop, pool)
    return (arms[0] for arms in growing)


def run_arms(
    scenarios: Sequence[Scenario],
    years: int,
    replicates: int,
    seed: int,
    threads: int | None,
    parameters: str,
    progress: Progress | None,
) -> tuple[Ensemble, ...]:
    """One ensemble per scenario, replicate by replicate on the same luck (and on the same drawn
    parameters).
    """
    growing = grow_arms(scenarios, years, replicates, seed, threads, parameters, progress, first=replicates)
    return next(growing)


def grow_arms(
    scenarios: Sequence[Scenario],
    years: int,
    replicates: int,
    seed: int,
    threads: int | None,
    parameters: str,
    progress: Progress | None,
    stop: threading.Event | None = None,
    pool: Executor | None = None,
    first: int = 8,
) -> Iterator[tuple[Ensemble, ...]]:
    """Yield one ensemble per scenario of the `first` replicates, of twice as many, ... at last of all."""
    _check(scenarios, years, replicates, seed, threads, parameters)
    refuse([whole_number("first", first, 1)])
    years, replicates, seed = int(years), int(replicates), int(seed)  # whole numbers of NumPy are welcome
    check_memory(scenarios, years, replicates, threads)
    work = _Work(scenarios, years, replicates, seed, parameters, stop)
    return _grow(work, threads or usable_cores(), pool, progress, first)


def _grow(
    work: _Work, threads: int, pool: Executor | None, progress: Progress | None, first: int
) -> Iterator[tuple[Ensemble, ...]]:
    arms = range(len(work.scenarios))
    steps, total = doublings(first, work.replicates), work.replicates * len(arms)
    work.rounds = math.ceil(total / threads)
    pool = pool or ThreadPoolExecutor(threads, thread_name_prefix="replicate")
    try:
        tasks = deque(pool.submit(work.run, r, arm) for r in range(work.replicates) for arm in arms)
        pair: list[_Replicate] = []
        for count in range(1, total + 1):
            pair.append(tasks.popleft().result())
            if len(pair) == len(arms):  # a pair counts when both are there
                work.keep(pair)
                pair = []
            if progress is not None:
                progress(count, total)
            if not pair and count // len(arms) in steps:
                yield work.ensembles()
    except Stopped:
        return
    except KeyboardInterrupt as interrupt:
        raise Interrupted(work.ensembles() if work.done[0].records else ()) from interrupt
    finally:
        work.over.set()
        pool.shutdown(wait=True, cancel_futures=True)


def doublings(first: int, last: int) -> list[int]:
    """`first`, twice that, ... as far as it is below `last`; then `last`."""
    steps = [first]
    while 2 * steps[-1] < last:
        steps.append(2 * steps[-1])
    return [step for step in steps if step < last] + [last]


class _Work:
    """What the threads of one ensemble share: templates, room for the weekly values, finished runs by arm.

    `rounds` of runs, one after another, are made; the first run tells how long that will take.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], years: int, replicates: int, seed: int, parameters: str,
        stop: threading.Event | None,
    ) -> None:
        weeks = run.weeks_in(years)
        self.scenarios, self.years, self.replicates = scenarios, years, replicates
        self.seed, self.parameters = seed, parameters
        self.rounds = 0
        self.templates = [run.prepare(scenario, weeks) for scenario in scenarios]
        self.values = [np.empty((replicates, weeks, len(INDICATORS))) for _ in scenarios]
        self.done = [_Finished(scenario.country.communities) for scenario in scenarios]
        self.over = threading.Event()
        self.ends = (self.over,) if stop is None else (self.over, stop)

    def run(self, replicate: int, arm: int) -> _Replicate:
        """One replicate of one arm; raises Stopped when nobody waits for it any more."""
        own_seed = mix_seed(self.seed, replicate)
        rounds = self.rounds if replicate == arm == 0 else 0
        try:
            drawn = self.scenarios[arm].prior_draw(own_seed) if self.parameters == "prior" else None
            return _run_one(self.templates[arm], own_seed, drawn, self.values[arm][replicate], self.ends, rounds)
        except Exception as error:
            error.add_note(f"in replicate {replicate} of scenario {self.scenarios[arm].name!r}, seed {own_seed}")
            raise

    def keep(self, pair: Sequence[_Replicate]) -> None:
        """The next replicate, one run of each arm, is finished."""
        for kept, replicate in zip(self.done, pair, strict=True):
            kept.add(replicate)

    def ensembles(self) -> tuple[Ensemble, ...]:
        """One ensemble per arm of the replicates that are finished."""
        arms = zip(self.scenarios, self.templates, self.values, self.done, strict=True)
        return tuple(
            Ensemble(
                scenario,
                self.years,
                self.seed,
                self.parameters,
                records=tuple(kept.records),
                values=series[: len(kept.records)],
                spending=np.array(kept.spending),
                places=dict(zip(MAPPED, kept.places / max(len(kept.records), 1), strict=True)),
                template=template,
            )
            for scenario, template, series, kept in arms
        )


def _run_one(
    template: run.Template, seed: int, drawn: Draw | None, series: Floats, ends: Sequence[threading.Event], rounds: int
) -> _Replicate:
    """One run, a year at a time to book spending by year, and less in a large country so that Ctrl-C is answered.

    The first run of an ensemble tells after its first year how long `rounds` of runs, one after another, will take.
    """
    began = time.perf_counter()
    world = run.start(template, seed, drawn)
    booked = [world.ledger["total"].copy()]
    first = 0
    step = max(1, AT_A_TIME // len(world.communities))
    for end in year_ends(len(series)):
        for week in range(first, end, step):
            if any(event.is_set() for event in ends):
                raise Stopped
            run.advance(world, series[week : min(week + step, end)])
        booked.append(world.ledger["total"].copy())
        if rounds and first == 0:
            took = time.perf_counter() - began
            whole = duration(took * rounds * len(series) / end)
            log.info("the first year took %s: all runs will take about %s", duration(took), whole)
        first = end
    outcomes = run.summarise(world, series)
    places = np.stack([world.communities[name] for name in MAPPED])
    return _Replicate({"seed": seed, **outcomes}, np.diff(booked, axis=0), places)


def _check(
    scenarios: Sequence[object], years: object, replicates: object, seed: object, threads: object, parameters: object
) -> None:
    wrong = [scenario for scenario in scenarios if not isinstance(scenario, Scenario)]
    refuse(
        [
            *(f"a scenario must be a Scenario, got {it!r}: load it with Scenario.load" for it in wrong),
            whole_number("years", years, 1, run.LONGEST),
            whole_number("replicates", replicates, 1),
            whole_number("seed", seed, 0, run.LARGEST_SEED),
            "" if threads is None else whole_number("threads", threads, 1),
            parameters_problem(parameters),
        ]
    )


def parameters_problem(parameters: object) -> str:
    """What is wrong with `parameters` as a word for what is drawn, or an empty text."""
    known = tuple(UNCERTAINTY)
    return "" if parameters in known else f"parameters must be one of {str(known)[1:-1]}, got {parameters!r}"


class MemoryNeed(NamedTuple):
    """What a request takes at its peak: bytes, and a sentence without its end for people."""

    bytes: int
    words: str


def check_memory(scenarios: Sequence[Scenario], years: int, replicates: int, threads: int | None) -> MemoryNeed:
    """What countries, runs at a time and weekly series need together; arguments as for `run_ensemble`.

    Raises MemoryError, before minutes go into building them, when that would fill more than 80 % of what is free.
    """
    import psutil

    arms = len(scenarios)
    runs = min(threads or usable_cores(), replicates * arms)
    series = arms * replicates * run.weeks_in(years) * len(INDICATORS) * 8
    memory = [scenario.memory for scenario in scenarios]
    busy = max(max(arm.building for arm in memory), runs * max(arm.run for arm in memory))
    places = (arms + runs) * len(MAPPED) * 8 * max(scenario.country.communities for scenario in scenarios)
    needed = series + places + sum(arm.kept for arm in memory) + busy
    communities = " and ".join(f"{scenario.country.communities:,}" for scenario in scenarios)
    words = (
        f"{communities} communities with {counted(runs, 'run')} at a time and the weekly series of "
        f"{counted(replicates, 'run')} over {counted(years, 'year')} need about {needed / 1e9:,.1f} GB of memory"
    )
    free = psutil.virtual_memory().available
    if needed > 0.8 * free:
        less = "replicates or years" if series > needed / 2 else "communities or threads"
        raise MemoryError(f"{words} and {free / 1e9:,.1f} GB are free; ask for fewer {less}")
    return MemoryNeed(needed, words)
