"""`SSRModel` is a Mesa model that steps the same engine as everything else; agents are views on its tables.

In one file, since `test_newest_mesa.py` runs it under another interpreter.
"""

import gc
import warnings
import weakref
from functools import cache

import mesa
import numpy as np
import pytest

from ssr_sim import run
from ssr_sim.ensemble import run_ensemble
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.mesa_agents import (
    AGENT_TYPES,
    ROWS_OF,
    ArmedGroup,
    Column,
    Community,
    Contingent,
    Donor,
    Elite,
    ExCombatantCohort,
    Government,
    MilitaryUnit,
    PoliceUnit,
    Presence,
)
from ssr_sim.mesa_model import SSRModel
from ssr_sim.scenario import Scenario, ScenarioError
from ssr_sim.tables import TABLES

SMALL = """
[scenario]
name = "small"
based_on = "baseline"
[country]
communities = 12
[country.army]
units = 6
[country.mission]
contingents = 4
"""
WEEKS = 12


@cache
def small():
    return Scenario.from_toml(SMALL)


def make(seed=1, years=1.0, **levers):
    return SSRModel(small(), seed=seed, years=years, **levers)


def stepped(model, weeks=WEEKS):
    for _ in range(weeks):
        model.step()
    return model


def engine(scenario, seed, weeks, horizon=1.0):
    """Weekly indicators straight from the engine, (weeks, indicators)."""
    world = run.start(run.prepare(scenario, run.weeks_in(horizon)), seed)
    series = run.new_series(weeks)
    run.advance(world, series)
    return series


# ------------------------------------------------------------------------------------------------- the same engine
def test_a_mesa_model_is_what_it_is():
    assert isinstance(make(), mesa.Model)
    assert all(issubclass(kind, mesa.Agent) for kind in AGENT_TYPES)


def test_making_and_stepping_a_model_uses_nothing_that_mesa_is_giving_up():
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        stepped(make(), 2)


def test_stepping_gives_the_series_of_the_engine_to_the_bit():
    model = stepped(make(seed=5))
    assert model.steps == model.week == WEEKS
    np.testing.assert_array_equal(model.series, engine(small(), 5, WEEKS))


def test_looking_at_agents_every_week_leaves_the_series_alone():
    model = make(seed=5)
    for _ in range(WEEKS):
        model.step()
        model.agents_by_type[Community].get("fear")
        len(model.agents)
    np.testing.assert_array_equal(model.series, engine(small(), 5, WEEKS))


def test_a_row_of_an_ensemble_is_replayed_by_its_seed():
    ensemble = run_ensemble(small(), years=1, replicates=2, seed=3, threads=1)
    model = make(seed=ensemble.outcomes["seed"].iloc[1])
    while model.running:
        model.step()
    for name in ("trust_police", "battle_deaths"):
        np.testing.assert_array_equal(model.series[:, INDEX[name]], ensemble.series[name][1])
    assert model.outcomes()["digest"] == ensemble.outcomes["digest"].iloc[1]


def test_mesas_generators_never_touch_the_simulation():
    model = make(seed=5)
    for _ in range(WEEKS):
        model.agents_by_type[Community].shuffle(inplace=True)
        model.random.random()
        model.rng.random()
        model.step()
    np.testing.assert_array_equal(model.series, engine(small(), 5, WEEKS))


def test_two_models_do_not_interfere():
    one, other = make(seed=1), make(seed=2)
    for _ in range(WEEKS):
        one.step()
        other.step()
    np.testing.assert_array_equal(one.series, engine(small(), 1, WEEKS))
    np.testing.assert_array_equal(other.series, engine(small(), 2, WEEKS))
    one.agents_by_type[Community].set("fear", 0.9)
    assert 0.9 not in other.agents_by_type[Community].get("fear")


def test_the_model_stops_running_at_its_horizon():
    model = make(years=0.2)
    weeks = run.weeks_in(0.2)
    stepped(model, weeks - 1)
    assert model.running
    model.step()
    assert not model.running
    assert model.week == weeks


def test_a_step_beyond_the_horizon_warns_and_changes_nothing():
    model = stepped(make(years=0.2), run.weeks_in(0.2))
    series, rows = model.series.copy(), len(model.datacollector.get_model_vars_dataframe())
    with pytest.warns(RuntimeWarning, match="horizon of 10 weeks"):
        model.step()
    np.testing.assert_array_equal(model.series, series)
    assert model.week == 10
    assert len(model.datacollector.get_model_vars_dataframe()) == rows


def test_outcomes_are_those_of_a_run():
    model = make()
    with pytest.raises(RuntimeError, match="before the first step"):
        model.outcomes()
    stepped(model)
    expected = run.summarise(model.world, engine(small(), 1, WEEKS))
    assert {k: v for k, v in model.outcomes().items() if v == v} == {k: v for k, v in expected.items() if v == v}


# ------------------------------------------------------------------------------------------------------ its arguments
def test_scenarios_load_by_name():
    assert SSRModel("baseline", years=0.1).ssr_scenario == Scenario.load("baseline")


@pytest.mark.parametrize("spelling", ["vetting.coverage", "vetting__coverage"])
def test_keywords_set_parameters_in_both_spellings(spelling):
    model = make(**{spelling: 1.5})
    assert model.ssr_scenario == small().with_levers({"vetting.coverage": 1.5})
    assert model.world.parameters.vetting[0]["coverage"] == 1.5


def test_an_unknown_keyword_names_the_nearest_parameter():
    with pytest.raises(ScenarioError, match=r"did you mean 'vetting\.coverage'"):
        make(vetting__coverge=0.5)


@pytest.mark.parametrize("seed", [7, np.int64(7), np.uint32(7), "7"])
@pytest.mark.parametrize("keyword", ["seed", "rng"])
def test_seeds_of_any_integer_type_give_the_same_run(seed, keyword):
    model = stepped(SSRModel(small(), years=1.0, **{keyword: seed}), 4)
    assert model.seed == 7
    np.testing.assert_array_equal(model.series, engine(small(), 7, 4))


@pytest.mark.parametrize(("seed", "error"), [(1.5, TypeError), ("x", TypeError), (-1, ValueError), (2**63, ValueError)])
def test_a_wrong_seed_is_refused(seed, error):
    with pytest.raises(error, match="the seed must"):
        make(seed=seed)


@pytest.mark.parametrize("years", [0, -1.0, float("nan")])
def test_a_horizon_that_is_none_is_refused(years):
    with pytest.raises(ValueError, match="years must be a number above 0"):
        make(years=years)


def test_without_a_seed_every_model_gets_its_own_and_says_which():
    one, other = SSRModel(small(), rng=None), SSRModel(small(), rng=None)
    assert one.seed != other.seed
    np.testing.assert_array_equal(stepped(one, 4).series, engine(small(), one.seed, 4, horizon=10.0))


def test_mesas_name_for_scenarios_is_left_to_mesa():
    with pytest.raises(AttributeError, match=r"model\.ssr_scenario"):
        _ = make().scenario


# --------------------------------------------------------------------------------------------------- one agent's row
@pytest.mark.parametrize("kind", AGENT_TYPES, ids=lambda kind: kind.__name__)
def test_reading_an_agent_reads_the_table(kind):
    model = stepped(make(), 4)
    table = getattr(model.world, kind.table_name)
    agents = list(model.agents_by_type[kind])
    assert agents
    assert sorted(kind.fields.values()) == sorted(TABLES[kind.table_name])
    for agent in agents:
        for attribute, field in kind.fields.items():
            np.testing.assert_array_equal(getattr(agent, attribute), table[field][agent.row])


def test_numbers_read_are_plain_python_numbers():
    community = next(iter(make().agents_by_type[Community]))
    assert type(community.fear) is float
    assert type(community.region) is int


@pytest.mark.parametrize("kind", AGENT_TYPES, ids=lambda kind: kind.__name__)
def test_setting_an_attribute_writes_that_field_of_that_row_only(kind):
    model = make()
    agent = list(model.agents_by_type[kind])[-1]
    table = agent.table
    for attribute, field in kind.fields.items():
        if field == "uid" or table.dtype[field].kind != "f":
            continue
        expected = table.copy()
        value = np.full(table.dtype[field].shape, 0.25)
        setattr(agent, attribute, value)
        expected[field][agent.row] = value
        assert table.tobytes() == expected.tobytes(), attribute


def test_setting_an_attribute_changes_what_follows():
    quiet, afraid = stepped(make()), stepped(make())
    for community in afraid.agents_by_type[Community]:
        community.fear = 1.0
        community.grievance = 1.0
    stepped(quiet), stepped(afraid)
    np.testing.assert_array_equal(quiet.series[:WEEKS], afraid.series[:WEEKS])
    later = slice(WEEKS, None)
    assert (afraid.series[later, INDEX["grievance"]] > quiet.series[later, INDEX["grievance"]]).all()
    assert (afraid.series[later, INDEX["cooperation"]] != quiet.series[later, INDEX["cooperation"]]).any()


def test_setting_an_attribute_to_its_own_value_changes_nothing():
    model = stepped(make(seed=5), 4)
    for kind in AGENT_TYPES:
        for agent in model.agents_by_type[kind]:
            for attribute, field in kind.fields.items():
                if field != "uid":
                    setattr(agent, attribute, getattr(agent, attribute))
    stepped(model, WEEKS - 4)
    np.testing.assert_array_equal(model.series, engine(small(), 5, WEEKS))


def test_an_unknown_attribute_names_the_nearest_field():
    community = next(iter(make().agents_by_type[Community]))
    with pytest.raises(AttributeError, match="Community has no field 'trust_polise'; did you mean 'trust_police'"):
        _ = community.trust_polise
    with pytest.raises(AttributeError, match="Community has no field 'feer'; did you mean 'fear'"):
        community.feer = 0.5


@pytest.mark.parametrize("value", [1.5, -0.01, float("nan"), float("inf")])
def test_a_value_outside_the_declared_range_is_refused_with_range_and_unit(value):
    community = next(iter(make().agents_by_type[Community]))
    before = community.fear
    with pytest.raises(ValueError, match=r"Community\.fear must be a number from 0 to 1 \(share 0-1\), not "):
        community.fear = value
    assert community.fear == before


def test_a_count_may_be_large_but_not_endless():
    unit = next(iter(make().agents_by_type[PoliceUnit]))
    unit.staff = 10_000
    assert unit.staff == 10_000.0
    with pytest.raises(ValueError, match=r"PoliceUnit\.staff .* \(persons\), not inf"):
        unit.staff = float("inf")


@pytest.mark.parametrize("value", ["high", None, object()])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match=r"Community\.fear takes a number"):
        next(iter(make().agents_by_type[Community])).fear = value


def test_the_identity_of_an_agent_is_read_only():
    with pytest.raises(AttributeError, match="read-only"):
        next(iter(make().agents_by_type[Community])).uid = 3


def test_a_reference_to_another_agent_must_be_a_row_that_exists():
    model = make()
    unit = next(iter(model.agents_by_type[MilitaryUnit]))
    unit.posting = 11
    assert unit.posting == 11
    with pytest.raises(ValueError, match=r"MilitaryUnit\.posting must be a whole number from 0 to 11"):
        unit.posting = 12
    with pytest.raises(ValueError, match="whole number"):
        unit.posting = 0.5
    # nothing else that compiled code may use as a row is left without an end
    known = {*ROWS_OF, "region", "last_event", "last_abuse"}
    open_ended = {name for kind in AGENT_TYPES for name, field in TABLES[kind.table_name].items()
                  if field.kind == "i8" and field.hi == float("inf")}
    assert open_ended <= known


def test_a_field_that_is_an_array_is_read_as_a_copy_and_set_as_a_whole():
    donor = next(iter(make().agents_by_type[Donor]))
    with pytest.raises(ValueError, match="read-only"):
        donor.preference[0] = 1.0
    donor.preference = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert donor.preference.tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    with pytest.raises(ValueError, match=r"shape \(7,\)"):
        donor.preference = [0.5, 0.5]


@pytest.mark.parametrize("kind", AGENT_TYPES, ids=lambda kind: kind.__name__)
def test_no_field_hides_what_mesa_gives_its_agents(kind):
    assert not set(kind.fields) & set(dir(mesa.Agent))


def test_step_of_single_agents_does_nothing():
    model = make()
    before = [getattr(model.world, kind.table_name).copy() for kind in AGENT_TYPES]
    model.agents.do("step").shuffle_do("step")
    for kind, table in zip(AGENT_TYPES, before, strict=True):
        assert getattr(model.world, kind.table_name).tobytes() == table.tobytes()


def test_a_row_cannot_be_removed():
    model = make()
    number = len(model.agents)
    with pytest.raises(TypeError, match="cannot be removed"):
        next(iter(model.agents)).remove()
    assert len(model.agents) == number


def test_fields_explain_themselves():
    assert isinstance(Community.fear, Column)
    assert Community.fear.__doc__ == "fear of violence (share 0-1, 0 to 1)"


def test_agents_know_their_place_and_name():
    model = make()
    names = [region.name for region in small().country.regions]
    assert model.agents_by_type[Community].get("region_name") == [names[r] for r in model.world.communities["region"]]
    assert model.agents_by_type[ArmedGroup].get("name") == [g.name for g in small().country.armed_groups
                                                            if g.stance != "criminal"]
    assert model.agents_by_type[Donor].get("name") == [donor.name for donor in small().country.donors]
    for kind in (Presence, ExCombatantCohort):
        assert all(a.row == a.group * 12 + a.community for a in model.agents_by_type[kind])
    assert model.agents_by_type[PoliceUnit].get("community") == list(range(12))


# ------------------------------------------------------------------------------------------------- Mesa's agent sets
def test_agents_by_type_has_every_row_that_exists():
    model = make()
    by_type = model.agents_by_type
    assert list(by_type) == list(AGENT_TYPES) == model.agent_types
    groups = int(model.world.groups["exists"].sum())
    expected = {Community: 12, PoliceUnit: 12, MilitaryUnit: 6, ArmedGroup: groups, Presence: 12 * groups,
                ExCombatantCohort: 12 * groups, Donor: 8, Contingent: 4, Elite: 5, Government: 1}
    assert {kind: len(by_type[kind]) for kind in expected} == expected
    assert len(model.agents) == sum(len(agents) for agents in by_type.values())


def test_a_type_without_agents_is_an_empty_set():
    model = SSRModel(small().with_levers({"country.politics.elites": 0}), years=0.1)
    assert len(model.agents_by_type[Elite]) == 0
    assert len(model.agents) > 0


def test_agents_are_ordered_and_numbered_alike_whoever_is_looked_at_first():
    one, other = make(), make()
    other.agents_by_type[Elite].get("rents")
    other.agents_by_type[Presence].get("fighters")
    listed = [[(type(a), a.row, a.unique_id) for a in model.agents] for model in (one, other)]
    assert listed[0] == listed[1]
    assert len({number for _, _, number in listed[0]}) == len(listed[0])


def test_agents_outlive_garbage_collection_as_long_as_their_model():
    model = make()
    chosen = model.agents_by_type[Community].select(lambda c: c.row < 5)
    groups = model.agents_by_type[Community].groupby("region").groups
    first = next(iter(model.agents_by_type[Community]))
    gc.collect()
    assert len(chosen) == 5
    assert sum(len(group) for group in groups.values()) == 12
    assert next(iter(model.agents_by_type[Community])) is first


def test_get_and_agg_equal_the_column():
    model = stepped(make(), 4)
    communities, column = model.agents_by_type[Community], model.world.communities["trust_police"]
    assert communities.get("trust_police") == column.tolist()
    assert communities.get(["fear", "region"]) == [[r["fear"], r["region"]] for r in model.world.communities]
    assert communities.agg("trust_police", np.mean) == pytest.approx(column.mean(), rel=1e-15)
    assert communities.agg("trust_police", [min, max]) == [column.min(), column.max()]


def test_get_fills_in_for_agents_without_the_field():
    values = make().agents.get("fear", handle_missing="default", default_value=-1.0)
    assert sum(value >= 0.0 for value in values) == 12


def test_set_writes_the_column():
    model = make()
    model.agents_by_type[Community].set("fear", 0.75)
    assert model.world.communities["fear"].tolist() == [0.75] * 12


def test_select_finds_the_agents_that_a_mask_finds():
    model = make()
    chosen = model.agents_by_type[Community].select(lambda c: c.fear > 0.4 and c.hardship > 0.6)
    table = model.world.communities
    assert [c.row for c in chosen] == np.flatnonzero((table["fear"] > 0.4) & (table["hardship"] > 0.6)).tolist()
    assert len(model.agents.select(agent_type=Donor)) == 8
    assert len(model.agents_by_type[Community].select(at_most=3)) == 3


def test_groupby_region_counts_the_communities_of_each_region():
    model = make()
    counts = np.bincount(model.world.communities["region"])
    assert model.agents_by_type[Community].groupby("region").count() == {r: n for r, n in enumerate(counts) if n}
    sums = model.agents_by_type[Community].groupby("region_name").agg("population", sum)
    for row, region in enumerate(small().country.regions):
        here = model.world.communities["region"] == row
        assert sums[region.name] == model.world.communities["population"][here].sum()


@pytest.mark.parametrize("ascending", [True, False])
def test_sort_orders_by_the_field(ascending):
    model = make()
    hardship = model.agents_by_type[Community].sort("hardship", ascending=ascending).get("hardship")
    assert hardship == sorted(model.world.communities["hardship"].tolist(), reverse=not ascending)


def test_map_returns_a_value_for_each_agent_and_do_returns_the_set():
    model = make()
    communities = model.agents_by_type[Community]
    assert communities.map(lambda c: 2 * c.fear) == [2 * fear for fear in communities.get("fear")]
    assert communities.map("__repr__")[0] == "<Community 0>"
    assert len(communities.do(setattr, "fear", 0.5)) == 12
    assert communities.get("fear") == [0.5] * 12


def test_shuffle_keeps_every_agent_and_shuffle_do_visits_each_once():
    model = make()
    communities = model.agents_by_type[Community]
    assert sorted(c.row for c in communities.shuffle()) == list(range(12))
    seen = []
    communities.shuffle_do(lambda c: seen.append(c.row))
    assert sorted(seen) == list(range(12))
    assert seen != list(range(12))


def test_a_splinter_joins_the_agents_and_a_defeated_group_leaves_them():
    model = make()
    groups = model.agents_by_type[ArmedGroup]
    before = len(groups)
    row = int(np.flatnonzero(model.world.groups["exists"] == 0)[0])
    model.world.groups["exists"][row] = 1
    model.world.groups["parent"][row] = 0
    assert len(model.agents_by_type[ArmedGroup]) == before + 1
    assert len(model.agents_by_type[Presence]) == 12 * (before + 1)
    assert list(groups)[-1].name == f"splinter of {next(iter(groups)).name}"
    next(iter(groups)).exists = 0
    assert [group.row for group in model.agents_by_type[ArmedGroup]] == [*range(1, before), row]
    assert {presence.group for presence in model.agents.select(agent_type=Presence)} == {*range(1, before), row}


def test_a_set_that_somebody_holds_follows_the_groups_with_the_next_step():
    model = make()
    groups, everybody = model.agents_by_type[ArmedGroup], model.agents
    defeated = next(iter(groups))
    defeated.exists = 0
    model.step()
    assert defeated not in groups
    assert not any(isinstance(agent, Presence) and agent.group == defeated.row for agent in everybody)


def test_agents_of_a_users_own_live_beside_ours():
    class Observer(mesa.Agent):
        def step(self):
            self.seen = self.model.trust_police

    model = make(seed=5)
    observer = Observer(model)
    assert observer in model.agents
    assert observer.unique_id not in {a.unique_id for a in model.agents if a is not observer}
    assert list(model.agents_by_type)[-1] is Observer
    stepped(model).agents_by_type[Observer].do("step")
    assert observer.seen == model.series[-1, INDEX["trust_police"]]
    np.testing.assert_array_equal(model.series, engine(small(), 5, WEEKS))
    observer.remove()
    assert observer not in model.agents


# -------------------------------------------------------------------------------------------------------- indicators
def test_every_indicator_is_an_attribute_of_the_model():
    model = stepped(make())
    assert [getattr(model, name) for name in INDEX] == model.series[-1].tolist()
    assert not set(INDEX) & set(dir(mesa.Model()))


def test_indicators_exist_before_the_first_step():
    model = make()
    people = model.world.communities["population"]
    assert model.trust_police == pytest.approx(np.average(model.world.communities["trust_police"], weights=people))


def test_indicators_follow_what_is_set_without_a_step():
    model = stepped(make())
    model.agents_by_type[Community].set("trust_police", 0.125)
    assert model.trust_police == pytest.approx(0.125)
    model.world.communities["trust_police"] = 0.5
    assert model.trust_police == pytest.approx(0.5)


def test_indicators_cannot_be_set():
    with pytest.raises(AttributeError):
        make().trust_police = 0.5


def test_indicators_explain_themselves():
    assert SSRModel.trust_gap.__doc__.startswith("Trust gap of the excluded: trust in the police among the less")
    assert all(getattr(SSRModel, indicator.name).__doc__ for indicator in INDICATORS)


# ------------------------------------------------------------------------------------------- Mesa's data collection
def test_the_model_collects_every_indicator_from_the_start_on():
    model = stepped(make())
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["week"].tolist() == list(range(WEEKS + 1))
    assert frame["seed"].tolist() == [1] * (WEEKS + 1)
    np.testing.assert_array_equal(frame[list(INDEX)].to_numpy()[1:], model.series)


def test_a_data_collector_reports_on_the_model_and_its_agents():
    model = make()
    model.datacollector = mesa.DataCollector(
        model_reporters={"trust": "trust_police", "afraid": lambda m: m.agents_by_type[Community].agg("fear", max)},
        agent_reporters={"kind": lambda agent: type(agent).__name__},
        agenttype_reporters={Community: {"fear": "fear"}, Government: {"will": lambda g: g.will}},
    )
    stepped(model, 3)
    frame = model.datacollector.get_model_vars_dataframe()
    np.testing.assert_array_equal(frame["trust"], model.series[:, INDEX["trust_police"]])
    assert frame["afraid"].iloc[-1] == model.world.communities["fear"].max()
    agents = model.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 3 * len(model.agents)
    assert (agents["kind"] == "Donor").sum() == 3 * 8
    fear = model.datacollector.get_agenttype_vars_dataframe(Community)
    assert fear.loc[3, "fear"].tolist() == model.world.communities["fear"].tolist()
    will = model.datacollector.get_agenttype_vars_dataframe(Government)["will"]
    np.testing.assert_array_equal(will, model.series[:, INDEX["will"]])


def test_batch_run_gives_a_row_for_each_seed_and_lever_value():
    levers = {"vetting.coverage": [0.0, 1.5], "audit__rate": 0.5}
    rows = mesa.batch_run(SSRModel, parameters={"scenario": small(), "years": 0.5, "seed": [1, 2], **levers},
                          max_steps=16, display_progress=False)
    assert sorted((row["seed"], row["vetting.coverage"]) for row in rows) == [(1, 0.0), (1, 1.5), (2, 0.0), (2, 1.5)]
    for row in rows:
        weeks = int(row["Step"])
        assert weeks == row["week"] == 16
        scenario = small().with_levers({key.replace("__", "."): row[key] for key in levers})
        expected = engine(scenario, row["seed"], weeks, horizon=0.5)[-1]
        assert [row[name] for name in INDEX] == expected.tolist()
    assert len({row["abuse_record"] for row in rows}) == 4


def test_batch_run_stops_at_the_horizon():
    rows = mesa.batch_run(SSRModel, parameters={"scenario": small(), "years": 0.2, "seed": [1, 2]},
                          max_steps=1000, data_collection_period=1, display_progress=False)
    assert max(row["week"] for row in rows) in (9, 10)  # Mesa 3.3 leaves out the last step of a run that ends by itself


# ------------------------------------------------------------------------------------------------------------ memory
def test_a_deleted_model_is_garbage_collected():
    model = stepped(make(), 2)
    assert len(model.agents) > 0
    gone = weakref.ref(model)
    agent = weakref.ref(next(iter(model.agents)))
    del model
    gc.collect()
    assert gone() is None
    assert agent() is None


def test_a_deleted_model_with_agents_of_a_users_own_is_garbage_collected():
    model = make()
    mesa.Agent(model)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_models_make_no_agents_until_somebody_looks():
    model = stepped(make(), 2)
    assert not any(isinstance(thing, mesa.Agent) and thing.model is model for thing in gc.get_objects())
    len(model.agents_by_type[Donor])
    assert sum(isinstance(thing, mesa.Agent) and thing.model is model for thing in gc.get_objects()) == 8
