"""The shipped scenarios load and hold what their sources say; a scenario survives being written and read."""

import datetime
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssr_sim.country import Country
from ssr_sim.locations import data_dir
from ssr_sim.scenario import Scenario, ScenarioError, scenario_names
from ssr_sim.toml_text import lines, write

REAL = ["liberia-2003", "haiti-2004", "somalia-1993", "somalia-2007", "drc-2010"]
RAISED = {"haiti-2004": 8_940, "somalia-2007": 22_126}  # ceilings that later resolutions set
STILL_THERE = {"somalia-2007", "drc-2010"}
SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="module", params=scenario_names())
def shipped(request):
    return Scenario.load(request.param)


@pytest.fixture(scope="module", params=REAL)
def real(request):
    return Scenario.load(request.param)


def raw(name):
    return tomllib.loads((data_dir("scenarios") / f"{name}.toml").read_text(encoding="utf-8"))


# --- the shipped files ---


def test_the_invented_country_and_the_five_missions_are_shipped():
    assert {"baseline", *REAL} <= set(scenario_names())


def test_a_shipped_scenario_has_a_title_a_text_and_no_warning(shipped):
    assert shipped.title != shipped.name
    assert len(shipped.description) > 40
    assert shipped.approximate
    assert shipped.warnings() == []


def test_every_number_of_a_real_country_says_how_well_it_is_known(real):
    numbers = dict(real.country.numbers())
    written = set(_written(raw(real.name)["country"]))
    assert written
    assert {key for key in written if numbers[key].quality == "assumption"} == set()
    assert {key for key in written if not numbers[key].source} == set()


def test_every_row_of_a_real_country_says_how_well_it_is_known(real):
    country = real.country
    for row in (*country.regions, *country.donors, *country.armed_groups, *country.neighbours):
        assert row.quality != "assumption", row.name
    assert {point.quality for point in country.mission.strength} <= set("VCDM")


def test_a_real_country_leaves_no_number_to_the_defaults(real):
    tables = raw(real.name)["country"]
    for table in ("society", "police", "army", "justice", "politics", "economy", "aid", "agreement",
                  "displacement", "weapons"):
        numbers = {key.split(".")[2] for key, _ in real.country.numbers() if key.split(".")[1] == table}
        assert set(tables[table]) == numbers, table


@pytest.mark.parametrize(("name", "population", "regions"), [
    ("liberia-2003", 2_900_000, 15), ("somalia-1993", 6_800_000, 18), ("baseline", 14_000_000, 8),
    ("haiti-2004", 8_950_000, 10), ("somalia-2007", 10_000_000, 18), ("drc-2010", 66_500_000, 11)])
def test_populations_add_up_to_the_national_figure(name, population, regions):
    country = Scenario.load(name).country
    assert len(country.regions) == regions
    assert country.population == pytest.approx(population, rel=2e-4)


def test_shares_of_a_whole_add_up_to_one(shipped):
    country = shipped.country
    for name in ("violence_share", "displaced_share", "hosting_share"):
        assert sum(getattr(region, name) for region in country.regions) == pytest.approx(1, abs=0.005), name
    assert sum(donor.share for donor in country.donors) == pytest.approx(1, abs=0.005)
    for group in country.armed_groups:
        assert sum(group.base_regions.values()) == pytest.approx(1, abs=0.005), group.name


def test_every_border_stands_once_and_joins_two_regions_of_the_country(shipped):
    names = {region.name for region in shipped.country.regions}
    pairs = [frozenset(pair) for pair in shipped.country.borders]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 and pair <= names for pair in pairs)


def test_bordering_regions_lie_nearer_than_others(shipped):
    """A region on the wrong side of the map would show here."""
    at = {region.name: np.array([region.lon, region.lat]) for region in shipped.country.regions}
    pairs = {frozenset(pair) for pair in shipped.country.borders}
    distances = {frozenset((a, b)): np.hypot(*(at[a] - at[b])) for a in at for b in at if a < b}
    joined = [distance for pair, distance in distances.items() if pair in pairs]
    apart = [distance for pair, distance in distances.items() if pair not in pairs]
    assert np.median(joined) < 0.7 * np.median(apart)


def test_mission_strength_starts_on_the_first_day_and_stays_near_its_ceiling(shipped):
    mission = shipped.country.mission
    assert mission.strength[0].date == shipped.start
    assert shipped.name in STILL_THERE or mission.strength[-1][1:3] == (0, 0)
    ceiling = RAISED.get(shipped.name, mission.troops_authorised.value)
    assert max(point.troops for point in mission.strength) <= 1.25 * ceiling


def test_violence_before_ends_at_the_start(shipped):
    years = list(shipped.country.violence_before)
    assert years == sorted(years)
    assert shipped.start.year - 1 <= years[-1] <= shipped.start.year


def test_liberia_counts_war_recruits_once():
    country = Scenario.load("liberia-2003").country
    fighters = sum(group.fighters.value for group in country.armed_groups if group.stance == "signatory")
    assert country.army.size.value == 4000
    assert fighters == pytest.approx(33_000)
    assert country.agreement.ddr_planned.value == 38_000


def test_somalia_has_no_army_and_counts_the_task_force_until_the_fourth_of_may():
    country = Scenario.load("somalia-1993").country
    troops = {point.date: point.troops for point in country.mission.strength}
    assert country.army.size.value == 0
    assert country.politics.elites.value == 8
    assert troops[datetime.date(1993, 3, 28)] == 24_880 + 893
    assert troops[datetime.date(1993, 11, 28)] == pytest.approx(29_209 + 4_729, abs=100)
    assert troops[datetime.date(1994, 4, 28)] == 18_404
    assert abs(troops[datetime.date(1993, 5, 4)] - troops[datetime.date(1993, 5, 3)]) < 1000


@pytest.mark.parametrize("name", ["somalia-1993", "somalia-2007"])
def test_the_north_of_somalia_is_outside_the_war(name):
    outside = {region.name for region in Scenario.load(name).country.regions if region.outside}
    assert outside == {"Awdal", "Woqooyi Galbeed", "Togdheer", "Sool", "Sanaag", "Bari", "Nugaal"}


def test_haiti_has_no_army_no_signatory_and_the_interim_force_until_the_hand_over():
    country = Scenario.load("haiti-2004").country
    troops = {point.date: point.troops for point in country.mission.strength}
    assert country.army.size.value == 0
    assert all(group.stance != "signatory" for group in country.armed_groups)
    assert troops[datetime.date(2004, 6, 24)] == 3_600
    assert troops[datetime.date(2004, 7, 31)] == 2_100
    assert troops[datetime.date(2017, 10, 15)] == 0
    assert country.police.size.value * country.police.present_share.value == pytest.approx(2_500, rel=0.1)


def test_somalia_2007_counts_neither_the_ethiopian_army_nor_guards_and_later_contingents_join_as_steps():
    country = Scenario.load("somalia-2007").country
    troops = {point.date: point.troops for point in country.mission.strength}
    assert troops[datetime.date(2008, 9, 30)] == 2_200
    assert troops[datetime.date(2010, 8, 23)] == 6_100
    for day, least in ((datetime.date(2012, 7, 6), 2_000), (datetime.date(2014, 1, 22), 4_000)):
        assert troops[day] - troops[day - datetime.timedelta(1)] >= least
    assert sum(group.fighters.value for group in country.armed_groups) == pytest.approx(13_000, rel=0.05)


def test_congo_counts_the_cndp_once_and_its_people_in_2010():
    country = Scenario.load("drc-2010").country
    cndp = next(group for group in country.armed_groups if group.name == "CNDP")
    assert country.army.size.value + cndp.fighters.value == pytest.approx(130_000)
    outside = sum(group.fighters.value for group in country.armed_groups) - cndp.fighters.value
    assert outside == pytest.approx(11_000, rel=0.05)
    assert country.population < 70e6  # tables that say 2005 hold the 74.8 million of about 2015


@pytest.mark.parametrize(("name", "pack"), [
    ("liberia-2003", "UNMIL_Liberia"), ("haiti-2004", "MINUSTAH_Haiti"), ("somalia-1993", "UNOSOM_Somalia"),
    ("somalia-2007", "AMISOM_Somalia"), ("drc-2010", "MONUC_MONUSCO_DRC")])
@pytest.mark.skipif(not (SHARED / "casepacks.json").exists(), reason="no collected case data beside the checkout")
def test_a_real_country_agrees_with_the_collected_data(name, pack):
    case = json.loads((SHARED / "casepacks.json").read_text(encoding="utf-8"))[pack]
    first = json.loads((SHARED / "initial-conditions.json").read_text(encoding="utf-8"))[pack]
    scenario = Scenario.load(name)
    country = scenario.country
    assert scenario.start.isoformat() == first["start"]
    assert country.population == pytest.approx(first["population"]["national"]["central"], rel=2e-4)
    pairs = {frozenset(pair) for pair in case.get("adj11", case["adj"])}
    assert {frozenset(pair) for pair in country.borders} == pairs
    if name != "somalia-1993":  # where forces outside UN command are counted too
        later = [year["troops"] for year in case["strength"] if year["year"] > scenario.start.year]
        troops = [point.troops for point in country.mission.strength if point.date.year > scenario.start.year]
        assert max(troops) == pytest.approx(max(later), rel=0.06)
    fighters = {group["id"]: group["fighters"]["central"] for group in first["armed_groups"]}
    assert {group.name: group.fighters.value for group in country.armed_groups}.items() <= fighters.items()
    assert len(fighters) - len(country.armed_groups) <= 1  # the guards of Somali traders are no party


def test_the_readme_has_one_row_for_every_file():
    text = (data_dir("scenarios") / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)) == scenario_names()


def _written(table, key="country"):
    """The keys of all numbers that a file writes as a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from [f"{key}.{name}"] if "value" in value else _written(value, f"{key}.{name}")
        elif isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from _written(row, f"{key}.{name}.{row.get('name') or row['group']}")


# --- writing and reading ---


def test_a_shipped_scenario_survives_being_written_and_read(shipped):
    again = Scenario.from_toml(shipped.to_toml())
    assert again == shipped
    assert again.digest == shipped.digest
    assert again.to_toml() == shipped.to_toml()


CHANGES = st.fixed_dictionaries({}, optional={
    "vetting.coverage": st.floats(0, 1), "country.police.size": st.floats(0, 5e6),
    "country.police.skill": st.floats(0, 1), "country.armed_groups.LURD.fighters": st.floats(0, 1e7),
    "country.regions.Grand Bassa.population": st.integers(0, 10**9),
    "country.communities": st.integers(1, 10**6),
    "country.regions.Lofa.outside": st.booleans(), "country.violence_before.1999": st.floats(0, 1e6),
    "country.name": st.text(max_size=60)})


@settings(deadline=None, max_examples=60)
@given(CHANGES)
def test_any_change_survives_being_written_and_read(changes):
    scenario = Scenario.load("liberia-2003")
    changed = scenario.with_levers(changes)
    again = Scenario.from_toml(changed.to_toml())
    assert again == changed
    assert again.digest == changed.digest
    values = {**changed.parameters, **dict(changed.country.numbers())}
    assert {key: changed.value(key) for key in changes if key in values} == \
        {key: value for key, value in changes.items() if key in values}


def test_a_policy_survives_being_written_and_read():
    scenario = Scenario.load("baseline")
    lever = next(row for row in scenario.parameters.values() if row.role == "lever" and not row.options)
    changed = scenario.with_policy([
        {"date": datetime.date(2012, 1, 1), "set": {lever.key: lever.hi}, "label": 'with "quotes"'},
        {"year": 3.0, "set": {lever.key: lever.lo}},
        {"when": "survey_trust_police<0.3", "for_weeks": 26, "set": {lever.key: lever.hi}}])
    assert [change.week for change in changed.policy] == [51, 156, None]
    assert str(changed.policy[2].condition) == "survey_trust_police < 0.3"
    assert Scenario.from_toml(changed.to_toml()) == changed
    assert scenario.with_policy(changed.policy) == changed


def test_the_day_that_a_policy_names_is_kept_and_changes_nothing():
    scenario = Scenario.load("baseline")
    week, days = 51, (datetime.timedelta(weeks=51), datetime.timedelta(weeks=51, days=5))
    values = {"vetting.coverage": 0.5}
    by_week = scenario.with_policy([{"week": week, "set": values}])
    for day in (scenario.start + since for since in days):
        by_date = scenario.with_policy([{"date": day, "set": values}])
        assert [change.date for change in Scenario.from_toml(by_date.to_toml()).policy] == [day]
        assert by_date == by_week
        assert by_date.digest == by_week.digest
        assert by_date.with_levers({"audit.rate": 1.0}).policy[0].date == day


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20)
NUMBERS = st.integers(-10**12, 10**12) | st.floats(allow_nan=False, allow_infinity=False)
NESTED = st.recursive(
    st.booleans() | NUMBERS | TEXTS | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=7), max_leaves=25)


@settings(deadline=None)
@given(st.dictionaries(TEXTS, NESTED, max_size=6))
def test_any_tables_survive_being_written_and_read(document):
    assert tomllib.loads(write(document)) == document


@settings(deadline=None)
@given(st.dictionaries(TEXTS, NESTED, max_size=6))
def test_every_key_of_a_text_has_a_line(document):
    text = write(document)
    found = lines(text)
    assert set(_paths(tomllib.loads(text))) <= set(found)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


def _paths(node, path=()):
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from _paths(child, (*path, key))


def test_a_digest_ignores_texts_and_sees_numbers():
    text = Scenario.load("liberia-2003").to_toml()
    same = text.replace("Liberia 2003", "Another title").replace('quality = "V"', 'quality = "M"')
    assert same != text
    original = Scenario.from_toml(text)
    assert Scenario.from_toml(same).digest == original.digest
    for key, value in (("country.police.size", 3501), ("country.communities", 121)):
        assert original.with_levers({key: value}).digest != original.digest
    wider = text.replace("low = 2500, high = 4500", "low = 2400, high = 4500", 1)
    assert Scenario.from_toml(wider).digest != original.digest


def test_a_scenario_based_on_another_says_only_what_differs(tmp_path):
    path = tmp_path / "early.toml"
    lever = next(row for row in Scenario.load("baseline").parameters.values() if row.role == "lever")
    path.write_text('[scenario]\nbased_on = "baseline"\ntitle = "Early"\n[country.police]\nsize = 9000\n'
                    f'[[policy]]\nweek = 9\nset = {{"{lever.key}" = {lever.hi}}}\n', encoding="utf-8")
    base, early = Scenario.load("baseline"), Scenario.load(path)
    assert (early.name, early.title, early.start) == ("early", "Early", base.start)
    assert early.country.police.size.value == 9000
    assert early.country.army == base.country.army
    assert len(early.policy) == len(base.policy) + 1


def test_an_installed_package_finds_the_data_it_carries(tmp_path, monkeypatch):
    """Beside an installed package, a folder called scenarios belongs to somebody else."""
    inside, beside = tmp_path / "ssr_sim" / "scenarios", tmp_path / "scenarios"
    monkeypatch.setattr("ssr_sim.locations.PACKAGE", tmp_path / "ssr_sim")
    with pytest.raises(FileNotFoundError, match="scenarios"):
        data_dir("scenarios")
    beside.mkdir()
    assert data_dir("scenarios") == beside
    inside.mkdir(parents=True)
    assert data_dir("scenarios") == inside


# --- ignorance ---


def test_a_prior_draws_what_has_a_range_and_keeps_what_was_set():
    scenario = Scenario.load("liberia-2003")
    keys = set(scenario.prior.keys)
    uncertain = {key for key, row in scenario.parameters.items()
                 if row.role == "uncertain" and row.lo < row.hi}
    assert uncertain <= keys
    assert {"country.police.size", "country.armed_groups.LURD.fighters"} <= keys
    assert "country.mission.troops_authorised" not in keys
    key = sorted(uncertain)[0]
    row = scenario.parameters[key]
    other = row.value(row.hi if row.number(row.default) != row.hi else row.lo)
    pinned = scenario.with_levers({"country.police.size": 3000, key: other})
    assert {key, "country.police.size"}.isdisjoint(pinned.prior.keys)


@given(st.integers(0, 2**63 - 1))
@settings(deadline=None, max_examples=40)
def test_drawn_values_lie_in_their_ranges(seed):
    scenario = Scenario.load("somalia-1993")
    draw = scenario.prior_draw(seed)
    numbers = dict(scenario.country.numbers())
    assert all(numbers[key].range[0] <= value <= numbers[key].range[1] for key, value in draw.country.items())
    rows = scenario.parameters
    assert all(rows[key].lo <= value <= rows[key].hi for key, value in draw.parameters.items())
    country = scenario.country.with_values(draw.country)
    assert country.police.size.value == draw.country["country.police.size"]
    assert Country.model_validate(country.model_dump()) == country


def test_ranges_are_met_at_the_ends_and_a_triangle_has_its_mean():
    scenario = Scenario.load("liberia-2003")
    keys, low, high = scenario.prior.keys, scenario.prior.low, scenario.prior.high
    near = scenario.prior_draw(dict.fromkeys(keys, 1e-14))
    far = scenario.prior_draw(dict.fromkeys(keys, 1 - 1e-14))
    assert np.allclose([{**near.parameters, **near.country}[key] for key in keys], low, rtol=1e-4, atol=1e-4)
    assert np.allclose([{**far.parameters, **far.country}[key] for key in keys], high, rtol=1e-4, atol=1e-4)
    sizes = [scenario.prior_draw(dict.fromkeys(keys, (i + 0.5) / 400)).country["country.police.size"]
             for i in range(400)]
    assert np.mean(sizes) == pytest.approx((2500 + 3500 + 4500) / 3, rel=1e-4)


def test_one_key_more_changes_no_other_draw():
    scenario = Scenario.load("liberia-2003")
    fewer = scenario.with_levers({"country.police.size": 3000})
    full, rest = scenario.prior_draw(11).country, fewer.prior_draw(11).country
    assert rest == {key: value for key, value in full.items() if key != "country.police.size"}


def test_the_schema_knows_every_table_of_the_shipped_files():
    schema = json.loads((data_dir("scenarios") / "schema.json").read_text(encoding="utf-8"))
    for name in scenario_names():
        assert set(raw(name)) <= set(schema["properties"])


def test_an_unreadable_base_is_a_fault():
    with pytest.raises(ScenarioError, match="no scenario 'baselin'; did you mean 'baseline'"):
        Scenario.from_toml('[scenario]\nbased_on = "baselin"\n')
