"""The schedule is the model's table of contents: each phase once, at its period, writing what it declares."""

import ast
import inspect
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from ssr_sim import schedule
from ssr_sim.measuring import measure
from ssr_sim.policy import apply_policy
from ssr_sim.run import advance, digest, new_series, prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.tables import AT_PEACE, SHOCK_KINDS, SPLINTER, TABLES
from ssr_sim.world import PHASES, WEEK, World

WEEKS = 157  # three years
EVENTS = 20_000

# What the model's description says, in weeks: violence and the peace test weekly, payroll and programmes
# every month, politics and splits every quarter, postings and learning every half year, donors every year;
# a survey looks every quarter whether it is due.
PERIODS = {
    1: {"open_week", "shocks_strike", "groups_decide", "fight", "keep_records", "judge_peace"},
    4: {
        "fund_programmes",
        "fund_prevention",
        "train_and_equip_police",
        "train_and_equip_army",
        "train_courts",
        "staff_the_police",
        "staff_the_army",
        "restructure",
        "women_in_forces_and_decisions",
        "review_files",
        "oversight_works",
        "officers_extract",
        "observe",
        "review_mandate",
        "reform_law",
        "courts_work",
        "deploy_mission",
        "mission_presence",
        "mission_conduct",
        "show_example",
        "garrison",
        "police_work",
        "soldiers_and_civilians",
        "mutinies",
        "groups_recruit",
        "former_fighters",
        "muster",
        "groups_weigh",
        "reckon_with_the_past",
        "flee_and_return",
        "relieve",
        "gender_based_violence",
        "community_experience",
        "community_trust",
        "legitimacy_and_grievance",
    },
    13: {"groups_split", "politics", "survey", "livelihoods"},
    26: {"budget_holders_learn", "check_recipients", "choose_safe_zones", "place_contingents", "post_units"},
    52: {"donors_decide", "learn_results"},
}

# A phase that logs declares every field of the log; one event may leave some at zero.
EVENT_FIELDS = {f"events.{field}" for field in TABLES["events"]}

# Declared fields that no run writes, each with the reason why that is right.
NEVER_WRITTEN = {
    "fight: presence.incoming": "filled and emptied within the phase",
    "groups_weigh: groups.fighters": "counted again from the places; the ledger tests hold the two equal",
}


class Call(NamedTuple):
    """A phase in the schedule: name, weeks between two rounds, the years it is told (None: it takes none)."""

    name: str
    period: int
    years: float | None


def weeks_of(node: ast.expr, names: dict[str, float]) -> float:
    """Value of an expression of the schedule in which one step, `now.dt`, counts 1."""
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.Attribute(attr="dt"):
            return 1.0
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return weeks_of(left, names) * weeks_of(right, names)
    raise AssertionError(f"cannot read {ast.unparse(node)} in the schedule")


def walk(body: list[ast.stmt], period: int, names: dict[str, float]) -> Iterator[Call]:
    """The phase calls in `body`, in order."""
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if name != "now":
                    names[name] = weeks_of(value, names)
            case ast.If(test=ast.Call(func=ast.Name(id="every"), args=[_, weeks]), body=inner, orelse=[]):
                yield from walk(inner, int(weeks_of(weeks, names)), names)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[ast.Name(id="world"), *rest])):
                yield Call(name, period, weeks_of(rest[0], names) * WEEK if rest else None)
            case ast.Expr(value=ast.Constant()):
                pass  # the docstring
            case _:
                raise AssertionError(f"the schedule should only call phases: {ast.unparse(statement)}")


def calls() -> list[Call]:
    tree = ast.parse(inspect.getsource(schedule))
    week = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "week")
    constants = {name: value for name, value in vars(schedule).items() if name.isupper()}
    return list(walk(week.body, 1, dict(constants)))


CALLS = calls()


def arrays(world: World) -> dict[str, np.ndarray]:
    """Everything a phase could write, by name; the layers too."""
    plain = {name: value for name, value in world._asdict().items() if isinstance(value, np.ndarray)}
    layers = {
        f"{name}.{part}": value
        for name in ("roads", "social", "command")
        for part, value in getattr(world, name)._asdict().items()
    }
    return plain | layers


def changed(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    """Fields that differ, as "table.field"; "name.value" for an array without fields."""
    found = set()
    for name, old in before.items():
        new = after[name]
        if old.tobytes() == new.tobytes():
            continue
        fields = old.dtype.names
        found |= (
            {f"{name}.{field}" for field in fields if old[field].tobytes() != new[field].tobytes()}
            if fields
            else {f"{name}.value"}
        )
    return found


def step(world: World, row: np.ndarray, written: dict[str, set[str]]) -> None:
    """One week, phase by phase from Python; notes in `written` which fields each phase changes."""
    apply_policy(world)
    week = int(world.clock[0].week)
    for call in CALLS:
        if week % call.period == 0:
            note(world, call.name, written, *(() if call.years is None else (call.years,)))
    measure(world, row)
    world.measured[:] = row
    world.clock[0].week += 1


def small_countries() -> dict[str, tuple[Scenario, int]]:
    """Countries that between them see nearly everything: (scenario, seed)."""
    base = Scenario.load("baseline").with_levers({"country.communities": 24})
    groups = [group.name for group in base.country.armed_groups]
    restless = base.with_levers(
        {
            **{f"country.armed_groups.{name}.latent_splinter": 1.0 for name in groups},
            **{f"country.armed_groups.{name}.fighters": 900.0 for name in groups},
            "country.agreement.settlement": 0.0,
            "country.economy.government_budget": 0.0,
            "mission.drawdown_start": 4.0,
            "mission.drawdown_months": 6.0,
            "mission.placement": "uniform",
            "mission.safe_zones": 0.3,
            "mission.coordination": 1.0,
            "mission.drawdown_rule": "benchmark",
            "mandate.benchmark_attacks": 100.0,
            "mandate.benchmark_trust": 0.0,
            "learning.adaptivity": 1.0,
            "violence.on_mission": 0.3,
            "mission.impartiality": 0.0,
            "vetting.coverage": 2.0,
            "transitional_justice.effort": 1.0,
            "transitional_justice.form": "trials",
            "transitional_justice.amnesty": 0.5,
            "women.decision_target": 0.4,
            "country.justice.prison_places": 1.0,
            "economy.growth": 0.02,
            "funding.volatility": 0.8,
            "fragmentation.rate": 1.0,
            "military.mutiny_rate": 0.004,
            "military.arrears_effect": 0.4,
            "relapse.conflict_deaths": 5.0,
            "relapse.war_deaths": 25.0,
        }
    )
    watched = base.with_levers(
        {
            "country.communities": 8,
            "country.economy.government_budget": 5e9,
            "economy.growth": 0.02,
            "country.agreement.settlement": 0.0,
            "equipment.military": 1.0,
            "oversight.coverage": 1.0,
            "oversight.independence": 1.0,
            "audit.rate": 1.0,
            "complaints.channel": 1.0,
            "civil_society.support": 1.0,
            "investigations.effort": 1.0,
            "politics.ownership": 1.0,
            "restructuring.effort": 1.0,
            "mission.civilians": 10.0,
            "technology.oversight": 1.0,
            "due_diligence.strictness": 1.0,
            "due_diligence.threshold": 0.0,
            "mission.impartiality": 0.0,
        }
    )
    return {
        "baseline": (base, 1),
        "restless": (restless, 1),
        "restless again": (restless, 2),
        "watched": (watched, 1),
    }


def note(world: World, name: str, written: dict[str, set[str]], *arguments: float) -> None:
    """Run one phase from Python and note in `written` which fields it changes."""
    before = {table: array.copy() for table, array in arrays(world).items()}
    PHASES[name].function(world, *arguments)
    written.setdefault(name, set()).update(changed(before, arrays(world)))


def a_beaten_splinter_and_the_next(written: dict[str, set[str]]) -> None:
    """What chance rarely brings: a splinter is beaten and another one takes its row."""
    world = start(prepare(small_countries()["restless"][0], WEEKS, EVENTS), 1)
    world.groups["exists"][1:] = 1
    beaten, parent = world.groups[-1], world.groups[0]
    beaten.stance, beaten.at_war, beaten.fighters, beaten.weapons = SPLINTER, 1, 10.0, 50.0
    beaten.weeks_in_state = 30.0
    beaten.campaign = beaten.good_faith = beaten.smouldering = 1.0
    row = world.presence[-len(world.communities)]
    row.fighters, row.excitation = 10.0, 1.0
    note(world, "groups_decide", written)
    beaten.weeks_in_state = beaten.spoiling = 3.0
    parent.splinter_risk, parent.unrest, parent.breakaway = 1.0, 1.0, 0.2
    note(world, "groups_split", written, 1000.0)


def arms_for_sale(written: dict[str, set[str]]) -> None:
    """New weapons reach corrupt commanders while a group is at war."""
    world = start(prepare(small_countries()["watched"][0], WEEKS, EVENTS), 1)
    world.military["corrupt"] = 1.0
    world.groups["at_war"][0] = 1
    world.ledger["delivered"] = 1.0
    note(world, "train_and_equip_army", written, 0.25)


def every_shock_at_once(written: dict[str, set[str]]) -> None:
    """All kinds of shock strike in the first week."""
    base = small_countries()["baseline"][0]
    struck = base.with_shocks([{"week": 0, "kind": kind, "size": 1.0} for kind in SHOCK_KINDS])
    world = start(prepare(struck, WEEKS, EVENTS), 1)
    world.groups["good_faith"] = 1.0
    note(world, "shocks_strike", written)


def a_war_after_peace(written: dict[str, set[str]]) -> None:
    """A year of heavy fighting in a country that had reached peace."""
    world = start(prepare(small_countries()["watched"][0], WEEKS, EVENTS), 1)
    world.country["war_state"] = AT_PEACE
    world.recent_battle_deaths[:] = 40.0
    note(world, "judge_peace", written)


def soldiers_without_norms(written: dict[str, set[str]]) -> None:
    """Operations of a ruthless army, and attacks, among people who tell it nothing and whom the mission calls safe."""
    world = start(prepare(small_countries()["watched"][0], WEEKS, EVENTS), 1)
    world.groups["at_war"][0] = 1
    world.presence["fighters"][: len(world.communities)] = 20_000.0
    world.communities["soldiers"] = 5000.0
    world.communities["cooperation"] = 0.0
    world.communities["safe_zone"] = 1
    world.military["rights_norm"] = 0.0
    note(world, "fight", written)


@pytest.fixture(scope="module")
def written() -> dict[str, set[str]]:
    """Fields that each phase changed in any of the small countries."""
    found: dict[str, set[str]] = {}
    for name, (scenario, seed) in small_countries().items():
        weeks = WEEKS if name == "baseline" else 2 * WEEKS
        world = start(prepare(scenario, weeks, EVENTS), seed)
        series = new_series(weeks)
        for row in series:
            step(world, row, found)
        twin = start(prepare(scenario, weeks, EVENTS), seed)
        again = new_series(weeks)
        advance(twin, again)
        assert digest(series) == digest(again), f"{name}: phases called one by one give another run"
    a_beaten_splinter_and_the_next(found)
    every_shock_at_once(found)
    arms_for_sale(found)
    a_war_after_peace(found)
    soldiers_without_norms(found)
    return found


def test_every_registered_phase_is_called_exactly_once() -> None:
    names = [call.name for call in CALLS]
    assert sorted(names) == sorted(PHASES)


def test_every_phase_is_compiled_and_documented() -> None:
    for name, phase in PHASES.items():
        assert isinstance(phase.function, Dispatcher), name
        assert phase.function.py_func.__doc__, name


def test_periods_are_those_of_the_description() -> None:
    found: dict[int, set[str]] = {}
    for call in CALLS:
        found.setdefault(call.period, set()).add(call.name)
    assert found == PERIODS


def test_a_phase_is_told_the_years_between_two_of_its_rounds() -> None:
    for call in CALLS:
        parameters = list(inspect.signature(PHASES[call.name].function.py_func).parameters)
        assert parameters == (["world"] if call.years is None else ["world", "dt"]), call.name
        if call.years is not None:
            assert call.years == pytest.approx(call.period * WEEK, rel=1e-12), call.name


def test_declared_fields_exist() -> None:
    fields = {f"{table}.{field}" for table, columns in TABLES.items() for field in columns}
    fields |= {"recent_battle_deaths.value", "recent_records.value"}
    for name, phase in PHASES.items():
        assert phase.writes <= fields, f"{name}: {sorted(phase.writes - fields)}"


@pytest.mark.parametrize("name", sorted(PHASES))
def test_phase_writes_only_what_it_declares(name: str, written: dict[str, set[str]]) -> None:
    extra = written[name] - PHASES[name].writes
    assert not extra, f"{name} writes without saying so: {sorted(extra)}"


@pytest.mark.parametrize("name", sorted(PHASES))
def test_phase_writes_all_that_it_declares(name: str, written: dict[str, set[str]]) -> None:
    declared = PHASES[name].writes
    never = {
        field for field in declared - EVENT_FIELDS - written[name] if f"{name}: {field}" not in NEVER_WRITTEN
    }
    assert written[name] & EVENT_FIELDS or not declared & EVENT_FIELDS, f"{name} never logs an event"
    assert not never, f"{name} declares, but never changes: {sorted(never)}"


def test_the_list_of_exceptions_is_needed(written: dict[str, set[str]]) -> None:
    for entry, reason in NEVER_WRITTEN.items():
        name, field = entry.split(": ")
        assert field in PHASES[name].writes, entry
        assert field not in written[name], f"{entry} is written after all"
        assert reason
