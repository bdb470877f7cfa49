"""Run the phases of some topics beside the compiled ones, from the same state each time: `python -m tests.twin.check`.

`python -m tests.twin.check policing trust` checks these topics in all cases for two years and names the first fields
that differ. The test of the twin uses the same loop for every phase.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator
from itertools import islice

from ssr_sim import schedule
from ssr_sim.measures import INDEX
from ssr_sim.measuring import measure
from ssr_sim.policy import apply_policy
from ssr_sim.run import new_series, prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.tables import SHOCK_KINDS
from ssr_sim.world import World
from tests.twin.country import Land, differences
from tests.twin.week import SCHEDULE, phase

WEEKS = 105
EVENTS = 20_000


POLICY = (
    {"week": 30, "set": {"vetting.coverage": 1.0}},
    {"when": "survey_trust_police < 0.9", "for_weeks": 10, "set": {"audit.rate": 0.9}},
)


def war() -> Scenario:
    """Groups fight and can be beaten, unpaid soldiers mutiny, shocks strike, prisons overflow, there are trials, a
    policy ends the mission.
    """
    changes: dict[str, float | str] = {
        "country.communities": 16, "country.agreement.settlement": 0.0, "armed_groups.base_rate": 0.24,
        "country.army.arrears_months": 24.0, "pay.level": 0.5, "mobilisation.upkeep": 100.0,
        "military.mutiny_rate": 0.004, "mission.drawdown_start": 0.2, "mission.drawdown_months": 6.0,
        "transitional_justice.effort": 1.0, "transitional_justice.form": "trials",
        "transitional_justice.amnesty": 0.3, "country.justice.prison_places": 50.0}
    return _shaken(Scenario.load("baseline").with_levers(changes)).with_policy(POLICY)


def everything() -> Scenario:
    """Every lever at two thirds of its range and every choice at its last option, in a growing economy."""
    base = Scenario.load("baseline")
    changes: dict[str, float | str] = {"country.communities": 14, "economy.growth": 0.03}
    for key, row in base.parameters.items():
        if row.options:
            changes[key] = row.options[-1]
        elif row.role == "lever":
            changes[key] = row.lo + (row.hi - row.lo) * 2.0 / 3.0
    return _shaken(base.with_levers(changes))


def _shaken(scenario: Scenario) -> Scenario:
    return scenario.with_levers({f"shocks.{kind}": 1.0 for kind in SHOCK_KINDS})


def mission(name: str, communities: int) -> Callable[[], Scenario]:
    return lambda: Scenario.load(name).with_levers({"country.communities": communities})


def ignorance() -> Scenario:
    """Every number of the model that is no lever lies off its default, a third of its range from an end."""
    base = Scenario.load("baseline")
    changes: dict[str, float | str] = {"country.communities": 12}
    for place, (key, row) in enumerate(base.parameters.items()):
        if row.role != "lever" and not row.options and row.block not in ("shocks", "relapse"):
            share = 1.0 / 3.0 if place % 2 else 2.0 / 3.0
            changes[key] = row.lo + (row.hi - row.lo) * share
    return _shaken(base.with_levers(changes)).with_policy(POLICY)


CASES: dict[str, Callable[[], Scenario]] = {
    "baseline": mission("baseline", 16),
    "war": war,
    "everything": everything,
    "ignorance": ignorance,
    "liberia-2003": mission("liberia-2003", 15),
    "somalia-1993": mission("somalia-1993", 18),
    "haiti-2004": mission("haiti-2004", 10),
}


def begin(case: str, seed: int, weeks: int = WEEKS) -> World:
    scenario = CASES[case]()
    return start(prepare(scenario, weeks, events=EVENTS), seed)


def compiled_week(world: World, watched: Callable[[str], bool]) -> Iterator[str]:
    """Step the world by one week, phase by phase; yield what the twin's watched phases do differently."""
    apply_policy(world)
    week = int(world.clock["week"][0])
    for period, topic, name in SCHEDULE:
        if week % period:
            continue
        function = getattr(schedule, name)
        dt = period * float(world.clock["dt"][0])
        lengths = [dt] if len(inspect.signature(function.py_func).parameters) > 1 else []
        land = Land(world) if watched(topic) else None
        function(world, *lengths)
        if land is not None:
            phase(topic, name)(land, dt)
            for difference in differences(land, world):
                yield f"week {week}, {topic}.{name}: {difference}"
    series = new_series(1)[0]
    measure(world, series)
    if watched("measures"):
        from tests.twin.measures import measure as plain_measure

        values = plain_measure(Land(world))
        for indicator, place in INDEX.items():
            a, b = values[indicator], float(series[place])
            if not (a == b or (a != a and b != b)):
                yield f"week {week}, measures: {indicator}: {a!r}, compiled {b!r}"
    world.measured[:] = series
    world.clock["week"] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*")
    parser.add_argument("--case", choices=list(CASES), action="append")
    parser.add_argument("--weeks", type=int, default=WEEKS)
    chosen = parser.parse_args()
    topics = set(chosen.topics) or {topic for _, topic, _ in SCHEDULE} | {"measures"}
    bad = False
    for case in chosen.case or CASES:
        world = begin(case, 1)
        for _ in range(chosen.weeks):
            found = list(islice(compiled_week(world, topics.__contains__), 20))
            if found:
                bad = True
                print(f"{case}:", *found, sep="\n  ", flush=True)
                break
        else:
            print(f"{case}: equal over {chosen.weeks} weeks", flush=True)
    sys.exit(bad)


if __name__ == "__main__":
    main()
