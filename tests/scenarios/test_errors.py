"""Every mistake in a scenario file is named: where it stands, which key, and what would be right."""

import pytest

from ssr_sim.parameters import Block, choice, lever, uncertain
from ssr_sim.scenario import Scenario, ScenarioError, scenario_names


class Vetting(Block):
    coverage: float = lever(0.1, unit="share of the force / year", lo=0, hi=2, help="h", source="s", cost="c",
                            side_effect="e")
    form: str = choice("geometric", ["geometric", "arithmetic"], help="h", source="s")


class Trust(Block):
    memory: float = uncertain(2, unit="years", lo=0.5, hi=5, help="h", source="s")


BLOCKS = {"vetting": Vetting, "trust": Trust}
HEAD = "[scenario]\nstart = 2003-09-19\n"
COUNTRY = '[country]\nregions = [{name = "North", population = 1000}, {name = "South", population = 500}]\n'


def indicators():
    return {"trust_police": "truth", "survey_trust_police": "record"}


def read(text):
    return Scenario.from_toml(text, "my.toml", blocks=BLOCKS, indicators=indicators)


def faults(text):
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return caught.value.faults


def messages(body, country=COUNTRY):
    """The one or more messages for a file with this text after a correct beginning."""
    return [str(fault) for fault in faults(HEAD + country + body)]


# Each text follows four correct lines (HEAD and COUNTRY), so that it begins on line 5.
ONE_FAULT = {
    "unknown key": (
        "[vetting]\ncoverge = 1", "my.toml:6: vetting.coverge: unknown key; did you mean 'coverage'?"),
    "unknown table": (
        "[veting]\ncoverage = 1", "my.toml:5: veting: unknown table; did you mean 'vetting'?"),
    "unknown key of the country": (
        "[country.police]\nsise = 1", "my.toml:6: country.police.sise: unknown key; did you mean 'size'?"),
    "parameter out of range": (
        "[vetting]\n\ncoverage = 7",
        "my.toml:7: vetting.coverage: 7 is outside 0 to 2 (share of the force / year)"),
    "huge integer": (
        "[vetting]\ncoverage = 1" + 400 * "0", "a number beyond 1e300 is outside 0 to 2"),
    "number of the country out of range": (
        "[country.police]\nskill = 1.2", "my.toml:6: country.police.skill: 1.2 is outside 0 to 1"),
    "negative people": (
        "[country.police]\nsize = -1", "country.police.size: -1 is outside 0 to 5,000,000 (officers"),
    "more communities than the model takes": (
        "communities = 1_000_001", "country.communities: 1,000,001 is outside 1 to 1,000,000 (communities)"),
    "value outside its own range": (
        "[country.police]\nskill = {value = 0.3, low = 0.4, high = 0.5}",
        "country.police.skill: value 0.3 is not between its low 0.4 and its high 0.5"),
    "text for a number": (
        '[vetting]\ncoverage = "much"',
        "vetting.coverage: must be a number, 0 to 2 (share of the force / year)"),
    "truth value for a number": (
        "[vetting]\ncoverage = true", "vetting.coverage: must be a number, 0 to 2"),
    "truth value for a number of the country": (
        "[country.police]\nskill = true", "country.police.skill: must be a number, 0 to 1"),
    "not a number": (
        "[vetting]\ncoverage = nan", "vetting.coverage: must be a finite number, 0 to 2"),
    "infinity": (
        "[country.police]\nsize = inf", "country.police.size: must be a finite number, 0 to 5,000,000"),
    "unknown option": (
        '[vetting]\nform = "geometrical"',
        "must be one of geometric, arithmetic; did you mean 'geometric'?"),
    "number for a text": (
        "name = 3", "my.toml:5: country.name: must be a text in quotes"),
    "fraction for a whole number": (
        "communities = 10.5", "country.communities: must be a whole number, 1 to 1,000,000"),
    "fraction of an elite": (
        "[country.politics]\nelites = 2.5", "country.politics.elites: 2.5 is not a whole number"),
    "value for a table": (
        "police = 3", "my.toml:5: country.police: must be a table"),
    "unknown quality": (
        '[country.police]\nskill = {value = 0.3, quality = "X"}',
        "country.police.skill.quality: must be one of 'V', 'C', 'D', 'M' or 'assumption'"),
    "unknown region in a border": (
        'borders = [["North", "Sout"]]', "country.borders[0]: unknown region 'Sout'; did you mean 'South'?"),
    "region that borders on itself": (
        'borders = [["North", "North"]]', "country.borders[0]: 'North' borders on itself"),
    "border with one end": (
        'borders = [["North"]]', 'country.borders[0]: must be two names of regions: ["Bong", "Lofa"]'),
    "unknown region of a neighbour": (
        'neighbours = [{name = "Next", border = ["Norht"]}]',
        "unknown region 'Norht'; did you mean 'North'?"),
    "unknown base region": (
        '[[country.armed_groups]]\nname = "A"\nstance = "holdout"\nfighters = 9\nbase_regions = {West = 1}',
        "my.toml:9: country.armed_groups[0].base_regions.West: unknown region 'West'"),
    "base shares above 1": (
        '[[country.armed_groups]]\nname = "A"\nstance = "holdout"\nfighters = 9\n'
        "base_regions = {North = 0.7, South = 0.4}",
        "country.armed_groups[0].base_regions: the shares add up to 1.1, more than 1"),
    "donor shares above 1": (
        'donors = [{name = "A", share = 0.7}, {name = "B", share = 0.6}]',
        "country.donors: the share of all rows add up to 1.3, more than 1"),
    "population shares above 1": (
        'exclusion = [{group = "A", population_share = 0.7, exclusion_index = 0.5},\n'
        '{group = "B", population_share = {value = 0.6}, exclusion_index = 0.5}]',
        "country.exclusion: the population_share of all rows add up to 1.3, more than 1"),
    "one population share above 1": (
        'exclusion = [{group = "A", population_share = 70, exclusion_index = 0.5}]',
        "country.exclusion[0].population_share: 70 is outside 0 to 1"),
    "unknown stance": (
        'armed_groups = [{name = "A", stance = "rebel", fighters = 9}]',
        "country.armed_groups[0].stance: must be one of 'signatory', 'holdout' or 'criminal'"),
    "missing value": (
        'armed_groups = [{name = "A", stance = "holdout"}]', "country.armed_groups[0].fighters: is missing"),
    "name with a dot": (
        'armed_groups = [{name = "A.B", stance = "holdout", fighters = 9}]', "without dots, quotes"),
    "year of violence that is none": (
        "[country.violence_before]\nrecent = 5",
        "country.violence_before.recent: must be a calendar year of four digits"),
    "strength out of order": (
        "[country.mission]\nstrength = [[2004-01-01, 10, 0], [2003-10-01, 20, 0]]",
        "country.mission.strength[1]: 2003-10-01 does not come after 2004-01-01"),
    "strength with two columns": (
        "[country.mission]\nstrength = [[2004-01-01, 10]]", 'must be [date, troops, police, "quality"]'),
    "strength dated by a text": (
        '[country.mission]\nstrength = [["2004-01-01", 10, 0]]', "must be a date without quotes"),
    "policy before the start": (
        '[[policy]]\ndate = 2003-09-18\nset = {"vetting.coverage" = 1}',
        "my.toml:6: policy[0].date: 2003-09-18 is before the scenario's start on 2003-09-19"),
    "policy in a negative week": (
        '[[policy]]\nweek = -1\nset = {"vetting.coverage" = 1}', "must be a whole number from 0 (the start)"),
    "both date and when": (
        '[[policy]]\ndate = 2004-01-01\nwhen = "survey_trust_police < 0.3"\nset = {"vetting.coverage" = 1}',
        "policy[0].when: needs exactly one of date, week, year and when; date and when given"),
    "neither date nor when": (
        '[[policy]]\nset = {"vetting.coverage" = 1}',
        "needs exactly one of date, week, year and when; none given"),
    "weeks without a condition": (
        '[[policy]]\nweek = 3\nfor_weeks = 4\nset = {"vetting.coverage" = 1}', "it needs when"),
    "condition for no week": (
        '[[policy]]\nwhen = "survey_trust_police < 0.3"\nfor_weeks = 0\nset = {"vetting.coverage" = 1}',
        "policy[0].for_weeks: must be a whole number of weeks, 1 to"),
    "policy that sets nothing": (
        "[[policy]]\nweek = 3", "policy[0].set: must be a table of levers and values"),
    "policy with an unknown lever": (
        '[[policy]]\nweek = 3\nset = {"vetting.coverag" = 1}',
        "unknown lever; did you mean 'vetting.coverage'?"),
    "policy that moves what is no lever": (
        '[[policy]]\nweek = 3\nset = {"trust.memory" = 1}', "is uncertain, not a lever"),
    "policy out of range": (
        '[[policy]]\nweek = 3\nset = {"vetting.coverage" = 9}', "9 is outside 0 to 2"),
    "two values for one lever on one date": (
        '[[policy]]\ndate = 2004-01-01\nset = {"vetting.coverage" = 1}\n'
        '[[policy]]\ndate = 2004-01-01\nset = {"vetting.coverage" = 0.5}',
        "my.toml:10: policy[1].set.\"vetting.coverage\": is 0.5 here and 1.0 in entry 1 of that week"),
    "unknown key of a policy": (
        '[[policy]]\nweek = 3\nlable = "x"\nset = {"vetting.coverage" = 1}',
        "unknown key; did you mean 'label'?"),
    "condition without an operator": (
        '[[policy]]\nwhen = "survey_trust_police"\nset = {"vetting.coverage" = 1}',
        "must be a comparison such as"),
    "condition on an unknown indicator": (
        '[[policy]]\nwhen = "survey_trust_polce < 0.3"\nset = {"vetting.coverage" = 1}',
        "unknown indicator 'survey_trust_polce'; did you mean 'survey_trust_police'?"),
    "condition on a truth that nobody sees": (
        '[[policy]]\nwhen = "trust_police < 0.3"\nset = {"vetting.coverage" = 1}',
        "a condition needs a recorded indicator; did you mean 'survey_trust_police'?"),
    "condition with no number": (
        '[[policy]]\nwhen = "survey_trust_police < nan"\nset = {"vetting.coverage" = 1}',
        "not a finite number"),
    "donor twice": (
        'donors = [{name = "A", share = 0.1}, {name = "A", share = 0.1}]', "'A' stands in this table twice"),
}


@pytest.mark.parametrize("name", ONE_FAULT)
def test_a_mistake_is_named_once_with_place_and_remedy(name):
    text, expected = ONE_FAULT[name]
    found = messages(text)
    assert len(found) == 1
    assert expected in found[0]
    assert found[0].startswith("my.toml:")


def test_all_faults_of_a_file_come_at_once_in_the_order_of_lines():
    found = faults("[scenario]\ntitle = 3\n[country]\nregions = []\n[vetting]\ncoverage = 9\ncov = 1\n"
                   "[[policy]]\nweek = 1\nset = {nothing = 1}\n")
    assert [fault.line for fault in found] == [1, 2, 4, 6, 7, 10]
    assert [fault.key for fault in found] == ["scenario.start", "scenario.title", "country.regions",
                                              "vetting.coverage", "vetting.cov", "policy[0].set.nothing"]


def test_the_text_of_the_error_lists_every_fault():
    with pytest.raises(ScenarioError) as caught:
        read(HEAD + COUNTRY + "[vetting]\ncoverage = 9\nform = 3")
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    assert len(caught.value.faults) == 2


def test_two_capitals_are_one_too_many():
    regions = '[country]\nregions = [{name = "A", population = 1, capital = true}, '
    assert messages('{name = "B", population = 1, capital = true}]', regions) == [
        "my.toml:4: country.regions[1].capital: 'A' is already the capital"]


@pytest.mark.parametrize(("text", "place"), [
    ("[scenario]\nstart = \n", "my.toml:2: not valid TOML: Invalid value (at line 2, column 9)"),
    ("[scenario]\nstart = 2003-02-30\n", "my.toml:2: not valid TOML"),
    ("[scenario]\n[scenario]\n", "my.toml:2: not valid TOML"),
    ("a = [1,\n2,\n", "my.toml:2: not valid TOML"),
    ("a = 1" + 5000 * "0", "my.toml: not valid TOML"),
])
def test_broken_toml_is_shown_with_its_line(text, place):
    (fault,) = faults(text)
    assert str(fault).startswith(place)


@pytest.mark.parametrize("text", [
    "a = " + 3000 * "[", "a = " + 60 * "[" + 60 * "]", "a" + 60 * ".a" + " = 1"])
def test_deep_nesting_is_refused(text):
    (fault,) = faults(text)
    assert "nested" in fault.message or "TOML" in fault.message


@pytest.mark.parametrize("text", ["", "scenario = 3", "country = 3", "policy = 3", "policy = [3]",
                                  "vetting = 3",
                                  "[country]\nregions = 3", "[country]\nregions = [3]",
                                  "[country]\nborders = 3\nneighbours = [3]\ndonors = {}",
                                  "[country.mission]\nstrength = 4", "[country.mission]\nstrength = [4]",
                                  '[[policy]]\nwhen = 3\nset = 3\nlabel = 3\nfor_weeks = "x"',
                                  '[country]\nviolence_before = 3', "[country.violence_before]\n1998 = true"])
def test_tables_of_the_wrong_form_are_faults_and_nothing_else(text):
    assert faults(text)


def test_a_file_that_is_not_utf8_is_named_with_the_byte(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'[scenario]\ntitle = "C\xf4te"\n')
    with pytest.raises(ScenarioError, match=r"latin\.toml:2: byte 22 \(0xf4\) is not UTF-8"):
        Scenario.load(path, blocks=BLOCKS)


def test_utf16_is_refused_and_a_byte_order_mark_is_not(tmp_path):
    path = tmp_path / "wide.toml"
    path.write_bytes((HEAD + COUNTRY).encode("utf-16"))
    with pytest.raises(ScenarioError, match="not UTF-8"):
        Scenario.load(path, blocks=BLOCKS)
    path.write_bytes((HEAD + COUNTRY).encode("utf-8-sig"))
    assert Scenario.load(path, blocks=BLOCKS).name == "wide"


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * 5_000_001)
    with pytest.raises(ScenarioError, match="5,000,001 bytes; a scenario has at most 5,000,000"):
        Scenario.load(path, blocks=BLOCKS)


def test_an_unknown_scenario_lists_the_nearest_and_all():
    with pytest.raises(ScenarioError) as caught:
        Scenario.load("libera-2003")
    message = str(caught.value)
    assert "no scenario 'libera-2003'; did you mean 'liberia-2003'?" in message
    assert all(name in message for name in scenario_names())


@pytest.mark.parametrize("name", ["none.toml", "folder/none", ".", "./", "a\0b.toml", ""])
def test_a_file_that_cannot_be_read_is_a_fault(name):
    with pytest.raises(ScenarioError):
        Scenario.load(name)


def test_a_scenario_based_on_itself_is_refused(tmp_path):
    path = tmp_path / "loop.toml"
    path.write_text(f"[scenario]\nbased_on = '{path}'\n")
    with pytest.raises(ScenarioError, match="is based on itself"):
        Scenario.load(path)


def test_a_fault_in_the_scenario_below_is_shown_in_its_own_file(tmp_path):
    below, above = tmp_path / "below.toml", tmp_path / "above.toml"
    below.write_text(HEAD + COUNTRY + "[vetting]\ncoverage = 9\nform = 'x'\n")
    above.write_text(f"[scenario]\nbased_on = '{below}'\n[vetting]\ncoverage = 8\n")
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(above, blocks=BLOCKS)
    places = {fault.key: (fault.file, fault.line) for fault in caught.value.faults}
    assert places == {"vetting.coverage": (str(above), 4), "vetting.form": (str(below), 7)}


@pytest.mark.parametrize(("key", "value", "message"), [
    ("vetting.covrage", 1, "unknown parameter; did you mean 'vetting.coverage'?"),
    ("vetting.coverage", 9, "9 is outside 0 to 2"),
    ("vetting.coverage", True, "must be a number"),
    ("country.polic.size", 1, "unknown part 'polic'; did you mean 'police'?"),
    ("country.police", 1, "is a table, not a single value"),
    ("country.police.size.value", 1, "is a single value, not a table"),
    ("country.regions.Nort.population", 1, "unknown part 'Nort'; did you mean 'North'?"),
    ("country.communities", 0, "0 is outside 1 to 1,000,000"),
    ("country.police.skill", float("nan"), "must be a finite number"),
])
def test_a_wrong_lever_from_code_is_the_same_kind_of_fault(key, value, message):
    scenario = read(HEAD + COUNTRY)
    with pytest.raises(ScenarioError) as caught:
        scenario.with_levers({key: value})
    (fault,) = caught.value.faults
    assert fault.key == key
    assert message in fault.message


ALLOWED = {
    "one community": "communities = 1",
    "a million communities": "communities = 1_000_000",
    "no police": "[country.police]\nsize = 0",
    "two entries that agree": '[[policy]]\nweek = 1\nset = {"vetting.coverage" = 1}\n'
                              '[[policy]]\nweek = 1\nset = {"vetting.coverage" = 1.0}',
    "a key in quotes and a text of two lines":
        'name = """Two\nlines"""\n[vetting]\n"coverage" = 1',
    "shares that round to 1": 'donors = [{name = "A", share = 0.5005}, {name = "B", share = 0.5}]',
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_odd_but_allowed_loads(name):
    assert read(HEAD + COUNTRY + ALLOWED[name]).country.regions


def test_a_disconnected_country_loads_with_a_warning():
    warnings = read(HEAD + COUNTRY).warnings()
    assert "country.borders: no border leads from South to the rest" in warnings
    joined = read(HEAD + COUNTRY + 'borders = [["North", "South"]]').warnings()
    assert not any("border" in warning for warning in joined)


def test_a_million_communities_name_the_memory_they_need():
    scenario = read(HEAD + COUNTRY + "communities = 1_000_000")
    assert 1e9 < scenario.memory_estimate() < 2e10
    assert scenario.memory_estimate(runs=8) > scenario.memory_estimate()
