"""Why one run relapsed, or what would have broken the peace of one that held.

Three questions to continuations of the run, each asked in pairs on common luck:

- an **event** on the recorded chain: the week in which it happened is lived again without it (`prevention`), then both
  states go on under the same fresh luck;
- a **lever**, changed a year before the relapse (or when peace was reached) by a quarter of its range;
- a **blow** to a run that held: an event is inserted (`insertion`).

Peace *fails* in a continuation that relapses, or that has not reached peace by the end. All continuations end on one
day, `AFTER` weeks after the relapse. Beside each effect stands a placebo, one person moved, which shows how far chaos
alone carries two runs apart. An effect is that of the event given the state before it, in the model.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ssr_sim import run
from ssr_sim.chronicle import event_in_words, group_name, relive
from ssr_sim.draws import mix_seed
from ssr_sim.ensemble import Progress, check_memory, run_ensemble
from ssr_sim.faults import refuse, unknown, whole_number
from ssr_sim.formats import counted
from ssr_sim.intervals import LEVEL, Difference, Floats, Proportion, bootstrap_means
from ssr_sim.measures import INDEX
from ssr_sim.parameters import Parameter
from ssr_sim.provenance import usable_cores
from ssr_sim.scenario import Scenario
from ssr_sim.why import event_chain, insertion
from ssr_sim.why.continuations import Arm, Continuations, Fates, effect, without_log
from ssr_sim.why.event_chain import Link
from ssr_sim.why.prevention import live_week, move_one_person, prevention
from ssr_sim.world import WEEK, WEEKS_PER_YEAR, World

AFTER = 52  # weeks from the relapse to the end of its continuations
WATCHED = 104  # weeks from peace to the end for a run that held
STEP = 0.25  # of a lever's range
NEW_LUCK = 1  # turns a run's seed into that of its continuations
OTHERS = 20  # replicates looked at when this one never reached peace

Announce = Callable[[str], None]


@dataclass(frozen=True)
class Tested:
    """A link with its effect: how often peace fails with the event and without it, and both placebos.

    `difference` is with minus without: above zero, the event made failure likelier. `placebo` is the same for one
    person moved, `twin_difference` for preventing `twin`, an event of the same kind off the chain. All are None for a
    link that is shown but not tested.
    """

    link: Link
    on_chain: bool
    with_it: Proportion | None = None
    without: Proportion | None = None
    difference: Difference | None = None
    placebo: Difference | None = None
    twin: Link | None = None
    twin_difference: Difference | None = None


@dataclass(frozen=True)
class Changed:
    """One lever moved, or one blow: how often peace fails then, against the same luck without the change.

    `difference` is with the change minus without; `price` the difference in spending over the first 52 weeks, USD.
    `before` and `after` are values of a lever, empty for a blow.
    """

    name: str
    words: str
    before: str
    after: str
    failed: Proportion
    difference: Difference
    price: Difference


@dataclass(frozen=True)
class Explanation:
    """All that was found out about one run. `kind` is "relapsed", "held" or "no peace"; weeks count from the start,
    -1 where something did not happen.
    """

    scenario: Scenario
    kind: str
    seed: int
    replicate: int
    years: int
    continuations: int
    peace_week: int
    relapse_week: int
    branch_week: int
    end_week: int
    deaths: Floats
    chain: tuple[Tested, ...] = ()
    left_out: int = 0
    beside: tuple[Tested, ...] = ()
    beside_left_out: int = 0
    fighting: tuple[tuple[str, int], ...] = ()
    unchanged: Proportion | None = None
    placebo: Difference | None = None
    levers: tuple[Changed, ...] = ()
    blows: tuple[Changed, ...] = ()
    alternatives: tuple[int, ...] = ()

    @property
    def by_chance(self) -> float:
        """How many of the intervals of levers would miss zero if no lever did anything."""
        return (1.0 - LEVEL) * len(self.levers)

    @property
    def missing_zero(self) -> int:
        """How many of them do."""
        return sum(lever.difference.excludes_zero for lever in self.levers)


class _Study(NamedTuple):
    """One run, and the means to continue it."""

    template: run.Template
    weeks: int
    own_seed: int
    world: World
    continuations: int
    threads: int
    levers: tuple[str, ...]


def explain(scenario: Scenario, seed: int = 1, replicate: int = 0, years: int = 10, continuations: int = 100,
            progress: Progress | None = None, threads: int | None = None,
            announce: Announce | None = None, levers: Collection[str] | None = None) -> Explanation:
    """Why replicate `replicate` of `run_ensemble(scenario, years, seed=seed)` relapsed, or what would have broken it.

    Same arguments, same bits, for any number of `threads`. `progress(done, total)` counts continuations, `announce`
    is told in words what is to come and about how long it takes. `levers` are the keys of those to try, all unless
    given: they take most of the time. Raises ValueError for a wrong argument.
    """
    refuse(["" if isinstance(scenario, Scenario) else f"a scenario must be a Scenario, got {scenario!r}",
            whole_number("seed", seed, 0, run.LARGEST_SEED), whole_number("replicate", replicate, 0, 2**32 - 1),
            whole_number("years", years, 1, run.LONGEST), whole_number("continuations", continuations, 2, 100_000),
            "" if threads is None else whole_number("threads", threads, 1)])
    known = [key for key, row in scenario.parameters.items() if row.role == "lever"]
    refuse(unknown("lever", key, known) for key in levers or () if key not in known)
    threads = threads or usable_cores()
    check_memory([scenario], years, threads + 4, threads + 4)
    world, series = relive(scenario, years, seed, replicate)
    study = _Study(run.prepare(scenario, len(series)), len(series), mix_seed(seed, replicate), world, continuations,
                   threads, tuple(known if levers is None else levers))
    peace, relapse = (int(world.country[0][name]) for name in ("peace_week", "relapse_week"))
    facts: dict[str, Any] = {"scenario": scenario, "seed": seed, "replicate": replicate, "years": years,
             "continuations": continuations, "peace_week": peace, "relapse_week": relapse,
             "deaths": series[:, INDEX["battle_deaths_52"]]}
    if peace < 0:
        return Explanation(kind="no peace", branch_week=-1, end_week=-1, alternatives=_relapsed(study, seed, years),
                           **facts)
    if relapse < 0:
        return Explanation(kind="held", **facts, **_held(study, peace, progress, announce))
    return Explanation(kind="relapsed", **facts, **_relapse(study, relapse, progress, announce))


# -------------------------------------------------------------------------------------------------- a run that relapsed
def _relapse(study: _Study, relapse: int, progress: Progress | None, announce: Announce | None) -> dict[str, Any]:
    world = study.world

    def word(number: int) -> dict[str, Any]:
        return event_in_words(number, world, study.template.scenario)

    chain, turns = event_chain.links(world, word), event_chain.beside(world, word)
    shown, aside = chain[-event_chain.MOST:], turns[: event_chain.MOST_BESIDE]
    aside = tuple(sorted(aside, key=lambda link: link.number))
    twins = {link.number: event_chain.twin(world, link, word, study.own_seed) for link in shown}
    end, branch = min(study.weeks, relapse + AFTER), max(0, relapse - WEEKS_PER_YEAR)
    testable = [link for link in (*shown, *aside) if link.manner]
    arms = [link.week for link in testable for _ in range(3)]
    arms += [other.week for other in twins.values() if other for _ in range(2)]
    steps = _steps(study, _state_at(study, branch))
    arms += [branch] * (2 + len(steps))
    continued = _begin(study, arms, end, progress, announce)

    tested = {link.number: _test(study, continued, link, twins.get(link.number), end) for link in testable}
    chained = tuple(_tested(link, True, twins.get(link.number), tested) for link in shown)
    aside_tested = tuple(_tested(link, False, None, tested) for link in aside)
    fighting = event_chain.fighting_before(world, lambda row: group_name(row, world, study.template.scenario))
    return {"chain": chained, "left_out": len(chain) - len(shown), "beside": aside_tested,
            "beside_left_out": len(turns) - len(aside), "fighting": tuple(fighting.items()), "branch_week": branch,
            "end_week": end, **_screen(study, continued, steps, branch, end)}


def _test(study: _Study, continued: Continuations, link: Link, twin: Link | None, end: int) -> Tested:
    """Both states after the week of the link, and one with a person moved, go on under the same luck."""
    with_it, without, moved = continued.fates(_arms_around(study, link, placebo=True), end)
    twin_gap = None
    if twin is not None:
        happened, prevented = continued.fates(_arms_around(study, twin, placebo=False), end)
        twin_gap = effect(prevented, happened)
    return Tested(link, True, with_it.share, without.share, effect(without, with_it), effect(with_it, moved), twin,
                  twin_gap)


def _arms_around(study: _Study, link: Link, placebo: bool) -> list[Arm]:
    before = _state_at(study, link.week)
    after, without = run.copy_world(before), before
    run.advance(after, run.new_series(1))
    live_week(without, prevention(study.world.events[link.number]))
    arms = [Arm(after), Arm(without)]
    return [*arms, Arm(after, move_one_person)] if placebo else arms


def _tested(link: Link, on_chain: bool, twin: Link | None, found: dict[int, Tested]) -> Tested:
    if link.number not in found:
        return Tested(link, on_chain)
    old = found[link.number]
    return Tested(link, on_chain, old.with_it, old.without, old.difference, old.placebo, twin, old.twin_difference)


# ------------------------------------------------------------------------------------------------------ a run that held
def _held(study: _Study, peace: int, progress: Progress | None, announce: Announce | None) -> dict[str, Any]:
    end = min(study.weeks, peace + WATCHED)
    state = _state_at(study, peace + 1)  # the week in which peace was reached is over
    steps, falling = _steps(study, state), insertion.blows(state)
    continued = _begin(study, [peace] * (2 + len(steps) + len(falling)), end, progress, announce)
    return {"branch_week": peace + 1, "end_week": end, **_screen(study, continued, steps, peace + 1, end, falling)}


def _relapsed(study: _Study, seed: int, years: int) -> tuple[int, ...]:
    """Replicates among the first ones of the same seed that relapsed."""
    others = run_ensemble(study.template.scenario, years, OTHERS, seed, study.threads)
    return tuple(int(r) for r in np.flatnonzero(others.outcome("relapsed_conflict")))


# ---------------------------------------------------------------------------------------------------- levers and blows
class _Step(NamedTuple):
    row: Parameter
    place: int
    before: float
    after: float

    def take(self, world: World) -> None:
        world.settings[self.place] = self.after


def _steps(study: _Study, world: World) -> list[_Step]:
    """Every lever asked for up and down by `STEP` of its range from its value in force, as far as the range goes.

    A lever in years after the start is moved to the week of the branch instead, a choice to each other option.
    """
    found = []
    for place, row in enumerate(study.template.scenario.parameters.values()):
        if row.key not in study.levers:
            continue
        before = float(world.settings[place])
        for after in _values(row, before, float(world.clock[0]["week"]) * WEEK):
            found.append(_Step(row, place, before, after))
    return found


def _values(row: Parameter, before: float, now: float) -> Iterator[float]:
    if row.options:
        yield from (float(option) for option in range(len(row.options)) if option != before)
    elif row.says_when:
        if row.lo <= now <= row.hi and now != before:
            yield now
    else:
        step = STEP * (row.hi - row.lo)
        yield from (after for after in (min(row.hi, before + step), max(row.lo, before - step)) if after != before)


def _screen(study: _Study, continued: Continuations, steps: Sequence[_Step], branch: int, end: int,
            falling: Sequence[insertion.Blow] = ()) -> dict[str, Any]:
    state = _state_at(study, branch)
    changes = [move_one_person, *(step.take for step in steps), *(blow.change for blow in falling)]
    unchanged, moved, *others = continued.fates([Arm(state), *(Arm(state, change) for change in changes)], end)
    stepped, struck = others[: len(steps)], others[len(steps):]
    prices = _prices(unchanged, others)
    levers = [
        Changed(step.row.key, step.row.unit, _shown(step.row, step.before), _shown(step.row, step.after),
                fates.share, effect(unchanged, fates), price)
        for step, fates, price in zip(steps, stepped, prices, strict=False)]
    blows = [Changed(blow.name, blow.words, "", "", fates.share, effect(unchanged, fates), price)
             for blow, fates, price in zip(falling, struck, prices[len(steps):], strict=True)]
    return {"unchanged": unchanged.share, "placebo": effect(unchanged, moved), "levers": _ranked(levers),
            "blows": _ranked(blows)}


def _ranked(found: list[Changed]) -> tuple[Changed, ...]:
    """Largest difference first, whatever its sign; ties in order of declaration."""
    return tuple(sorted(found, key=lambda changed: -abs(changed.difference.mean)))


def _prices(unchanged: Fates, others: Sequence[Fates]) -> list[Difference]:
    if not others:
        return []
    gaps = np.stack([fates.cost - unchanged.cost for fates in others], axis=1)
    return [Difference(float(m), float(low), float(high), len(gaps))
            for m, low, high in zip(*bootstrap_means(gaps), strict=True)]


def _shown(row: Parameter, value: float) -> str:
    return str(row.value(value)) if row.options else f"{value:.3g}"


# -------------------------------------------------------------------------------------------------------- what it takes
def _state_at(study: _Study, week: int) -> World:
    """The run at the start of `week`, lived again from its start, to the bit."""
    world = without_log(run.start(study.template, study.own_seed))
    if week > 0:
        run.advance(world, run.new_series(week))
    return world


def _begin(study: _Study, arms: Sequence[int], end: int, progress: Progress | None,
           announce: Announce | None) -> Continuations:
    """Ready to continue; tells before what it takes, from the weeks in `arms` at which they branch off."""
    total = len(arms) * study.continuations
    if announce is not None:
        world, weeks = _state_at(study, min(arms)), min(WEEKS_PER_YEAR, end - min(arms))
        run.copy_world(world)
        began = time.perf_counter()
        run.advance(world, run.new_series(max(1, weeks)))
        each = (time.perf_counter() - began) / max(1, weeks)
        seconds = each * study.continuations * sum(end - week for week in arms) / min(study.threads, usable_cores())
        announce(f"{total:,} continuations in {counted(len(arms), 'arm')}, at most about {max(1.0, seconds):.0f} s")
    return Continuations(study.continuations, mix_seed(study.own_seed, NEW_LUCK), study.threads, progress, total)
