"""Justice: each mechanism changes what it is about, and its off-switch takes the change away exactly."""

import numpy as np
import pytest

from ssr_sim.measures import INDEX
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.submodels.justice import courts_work, reform_law
from ssr_sim.submodels.legitimacy import legitimacy_and_grievance
from ssr_sim.submodels.oversight import oversight_works
from ssr_sim.submodels.policing import police_work
from ssr_sim.submodels.transitional_justice import TRANSITIONAL_JUSTICE, reckon_with_the_past
from ssr_sim.tables import HOLDOUT, SIGNATORY
from ssr_sim.world import WEEK, World

MONTH = 4 * WEEK
SMALL = {"country.communities": 12}
Levers = dict[str, float | str]


@pytest.fixture(scope="module")
def small(baseline: Scenario) -> Scenario:
    return baseline.with_levers(SMALL)


def fresh(scenario: Scenario, levers: Levers | None = None, seed: int = 1) -> World:
    """Week 0, with every programme paid in full."""
    world = start(prepare(scenario.with_levers(levers or {}), 520), seed)
    world.ledger["delivered"] = 1.0
    return world


def lived(scenario: Scenario, levers: Levers, weeks: int = 260, seed: int = 1) -> tuple[World, np.ndarray]:
    world, series = start(prepare(scenario.with_levers(levers), weeks), seed), new_series(weeks)
    advance(world, series)
    return world, series


# ------------------------------------------------------------------------------------------------- queues
def test_each_stage_passes_on_no_more_than_it_can_and_keeps_the_rest(small: Scenario) -> None:
    """1,000 cases at the prosecutor's of every place: as many reach the court as prosecutors can bring."""
    world = fresh(small, {"justice.attrition": 0.1, "justice.support": 0.0, "training.justice": 0.0})
    p, places = world.parameters.justice[0], world.communities
    places["charges"], places["trials"], places["files"], places["crimes_recorded"] = 1000.0, 0.0, 0.0, 0.0
    able = places["population"] / 1e5 * p.caseload * places["court_base"] * MONTH
    left = np.exp(-p.attrition * MONTH)
    courts_work(world, MONTH)
    brought = np.minimum(1000.0, p.prosecution * able)
    assert places["charges"] == pytest.approx((1000.0 - brought) * left)
    assert places["trials"] == pytest.approx((brought - np.minimum(brought, able)) * left)


def test_slow_prosecutors_spare_the_courts_their_backlog(small: Scenario) -> None:
    """The minimum of the stages sets the pace: with few prosecutors no case waits for a judge."""
    queues = {}
    for ratio in (0.7, 2.0):
        world = fresh(small, {"justice.prosecution": ratio})
        world.communities["charges"], world.communities["trials"] = 1000.0, 0.0
        courts_work(world, MONTH)
        queues[ratio] = world.communities["trials"].sum()
    assert queues[0.7] == 0.0 < queues[2.0]


def test_better_courts_have_shorter_queues_and_settle_more(small: Scenario) -> None:
    _, few = lived(small, {"country.justice.capacity": 0.05})
    _, many = lived(small, {"country.justice.capacity": 0.5})
    assert many[-1, INDEX["court_backlog"]] < 0.2 * few[-1, INDEX["court_backlog"]]
    assert many[-1, INDEX["access_to_justice"]] > few[-1, INDEX["access_to_justice"]] + 0.1


def test_a_course_takes_officials_off_their_cases(small: Scenario) -> None:
    waiting = {}
    for time in (0.0, 0.25):
        world = fresh(small, {"training.justice": 1.0, "training.course_time": time})
        world.communities["charges"] = 1000.0
        courts_work(world, MONTH)
        waiting[time] = world.communities["charges"].sum()
    idle = fresh(small, {"training.justice": 0.0, "training.course_time": 0.25})
    idle.communities["charges"] = 1000.0
    courts_work(idle, MONTH)
    assert waiting[0.25] > waiting[0.0]
    assert idle.communities["charges"].sum() == waiting[0.0]


def test_courts_follow_the_corruption_of_the_police(small: Scenario) -> None:
    world = fresh(small)
    world.police["corrupt"] = 0.9
    before = world.communities["court_corrupt"].copy()
    for _ in range(26):
        courts_work(world, MONTH)
    assert (world.communities["court_corrupt"] > before).all()


def test_reformed_law_makes_judges_independent(small: Scenario) -> None:
    corrupt = {}
    for share in (0.0, 0.8):
        world = fresh(small, {"legal_reform.independence": share})
        for reformed in (False, True):
            again = fresh(small, {"legal_reform.independence": share})
            again.oversight["sanction_ceiling"] = 1.0 if reformed else world.oversight["sanction_ceiling"]
            for _ in range(26):
                courts_work(again, MONTH)
            corrupt[share, reformed] = again.communities["court_corrupt"].mean()
    assert corrupt[0.8, True] < corrupt[0.8, False] - 0.03
    assert corrupt[0.0, True] == corrupt[0.0, False]


# ------------------------------------------------------------------------------------------------- prisons
def test_prisons_hold_no_more_than_their_limit(small: Scenario) -> None:
    world = fresh(small, {"country.justice.prison_places": 50.0, "country.justice.capacity": 1.0})
    world.communities["trials"] = 5000.0
    for _ in range(26):
        courts_work(world, MONTH)
        assert world.government["prisoners"][0] <= 2.5 * 50.0 + 1e-9
    assert world.government["prisoners"][0] == pytest.approx(125.0)


def test_crowded_prisons_harm_people(small: Scenario) -> None:
    harm = {}
    for rate in (0.0, 0.1):
        for places in (50.0, 1e6):
            world = fresh(small, {"country.justice.prison_places": places, "justice.custody_harm": rate})
            world.communities["trials"] = 5000.0
            courts_work(world, MONTH)
            harm[rate, places] = world.communities["unredressed"].sum()
    assert harm[0.1, 50.0] > harm[0.1, 1e6]
    assert harm[0.0, 50.0] == harm[0.0, 1e6]


# ------------------------------------------------------------------------------------------------- deterrence
def test_believed_certainty_lowers_crime(small: Scenario) -> None:
    """Means differ by 45 % of some 10,000 crimes: no doubt about the sign. The off-switch gives the same crimes."""
    crimes = {}
    for weight in (0.0, 1.0):
        for certainty in (0.0, 0.45):
            world = fresh(small, {"policing.crime_deterrence": weight})
            world.communities["certainty"] = certainty
            police_work(world, MONTH)
            crimes[weight, certainty] = world.communities["crimes"].sum()
    assert crimes[1.0, 0.45] < 0.7 * crimes[1.0, 0.0]
    assert crimes[0.0, 0.45] == crimes[0.0, 0.0]


def test_belief_lags_behind_the_courts(small: Scenario) -> None:
    """Courts stop: after a year people still believe in a good part of the punishment that there was."""
    world = fresh(small, {"justice.belief_time": 2.0})
    before = world.communities["certainty"].copy()
    world.communities["court_base"], world.government["court_support"] = 0.0, 0.0
    world.communities["crimes"] = 100.0
    world.ledger["delivered"] = 0.0
    for _ in range(13):
        courts_work(world, MONTH)
    left = world.communities["certainty"] / before
    assert left == pytest.approx(np.exp(-13 * MONTH / 2.0), rel=1e-9)


# ------------------------------------------------------------------------------------------------- elders
def test_elders_are_fair_less_often_to_the_excluded(small: Scenario) -> None:
    fair = {}
    for bias in (0.0, 0.9):
        for excluded in (0.0, 1.0):
            world = fresh(small, {"justice.customary_bias": bias, "justice.exclusion_bias": 0.0})
            world.communities["excluded"] = excluded
            courts_work(world, MONTH)
            fair[bias, excluded] = world.communities["fair_access"].mean()
    assert fair[0.9, 1.0] < fair[0.9, 0.0] - 0.1
    assert fair[0.0, 1.0] == fair[0.0, 0.0]


def test_supported_courts_displace_elders(small: Scenario) -> None:
    settled = {}
    for share in (0.0, 0.6):
        world = fresh(small, {"justice.displacement": share})
        world.government["court_support"] = 0.5
        courts_work(world, MONTH)
        country = world.country[0]
        settled[share] = country.disputes_settled - country.disputes_recorded  # by elders
    assert settled[0.6] < 0.75 * settled[0.0]


# ------------------------------------------------------------------------------------------------- trust
@pytest.mark.parametrize("name", ["baseline", "liberia-2003", "haiti-2004"])
def test_trust_in_courts_starts_at_rest(name: str) -> None:
    scenario = Scenario.load(name)
    _, series = lived(scenario, {}, 53)
    trust = series[:, INDEX["trust_justice"]]
    # displaced people weigh where they live now, which moves a mean over people a little
    assert abs(trust[0] - scenario.country.society.trust_justice.value) < 0.02
    assert abs(trust[-1] - trust[0]) < 0.02


def test_trust_in_courts_is_part_of_legality(small: Scenario) -> None:
    legitimacy = {}
    for weight in (0.0, 0.4):
        for trust in (0.1, 0.9):
            world = fresh(small, {"legitimacy.courts_in_legality": weight})
            world.communities["trust_justice"] = trust
            legitimacy_and_grievance(world, MONTH)
            legitimacy[weight, trust] = world.government["legitimacy"][0]
    assert legitimacy[0.4, 0.9] > legitimacy[0.4, 0.1] + 0.01
    assert legitimacy[0.0, 0.9] == legitimacy[0.0, 0.1]


def test_slow_and_corrupt_courts_lose_trust(small: Scenario) -> None:
    world = fresh(small)
    courts_work(world, MONTH)
    usual = world.communities["court_conduct"].copy()
    world.communities["court_corrupt"] = 0.0
    courts_work(world, MONTH)
    assert (world.communities["court_conduct"] >= usual).all()
    world.communities["trials"] = 1e5
    honest = world.communities["court_conduct"].copy()
    courts_work(world, MONTH)
    assert world.communities["court_conduct"].mean() < honest.mean()


# ------------------------------------------------------------------------------------------------- sanctions
def test_the_law_is_a_ceiling_on_sanctions(small: Scenario) -> None:
    """Full effort of investigators finds its limit in the law; a ceiling of one is none."""
    detection = {}
    for ceiling in (0.5, 1.0):
        for effort in (0.0, 1.0):
            world = fresh(small, {"legal_reform.ceiling_at_start": ceiling, "investigations.effort": effort})
            oversight_works(world, MONTH)
            detection[ceiling, effort] = world.oversight["detection"][0]
    assert detection[0.5, 0.0] == detection[1.0, 0.0] > 0.0
    assert detection[0.5, 1.0] == pytest.approx(0.5 * detection[1.0, 1.0])


def test_legal_reform_raises_the_ceiling_only_with_will(small: Scenario) -> None:
    ceiling = {}
    for will in (0.0, 1.0):
        world = fresh(small, {"legal_reform.effort": 1.0})
        world.government["will"] = will
        for _ in range(26):
            reform_law(world, MONTH)
        ceiling[will] = world.oversight["sanction_ceiling"][0]
    assert ceiling[0.0] == pytest.approx(0.6)
    assert ceiling[1.0] > 0.68


def test_laws_on_paper_please_donors(small: Scenario) -> None:
    """The side effect of legal reform: form grows without function, and with it what donors give."""
    form = {}
    for paper in (0.0, 0.3):
        for effort in (0.0, 1.0):
            world = fresh(small, {"legal_reform.effort": effort, "legal_reform.paper": paper})
            for _ in range(13):
                reform_law(world, MONTH)
            form[paper, effort] = world.government["form"][0]
    assert form[0.3, 1.0] > form[0.3, 0.0] + 0.1
    assert form[0.0, 1.0] == form[0.0, 0.0]


def test_harsh_sanctions_close_ranks(small: Scenario) -> None:
    detection = {}
    for closed in (0.0, 0.8):
        for severity in (0.3, 1.0):
            world = fresh(small, {"investigations.closed_ranks": closed, "investigations.severity": severity})
            oversight_works(world, MONTH)
            detection[closed, severity] = world.oversight["detection"][0]
    assert detection[0.8, 1.0] < 0.5 * detection[0.8, 0.3]
    assert detection[0.0, 1.0] == detection[0.0, 0.3]


def test_certainty_deters_more_than_severity(small: Scenario) -> None:
    """Doubling certainty doubles deterrence; doubling severity adds `severity_weight` of 0.3, and 0 adds nothing."""
    deterrence = {}
    for weight in (0.0, 0.4):
        for severity in (0.3, 0.6):
            levers = {"investigations.severity": severity, "investigations.severity_weight": weight}
            world = fresh(small, levers | {"investigations.closed_ranks": 0.0})
            oversight_works(world, MONTH)
            deterrence[weight, severity] = world.oversight["deterrence"][0]
    assert 1.0 < deterrence[0.4, 0.6] / deterrence[0.4, 0.3] < 1.5
    assert deterrence[0.0, 0.6] == deterrence[0.0, 0.3]


# ------------------------------------------------------------------------------------------------- the past
def test_abuse_without_sanction_becomes_harm_without_redress(small: Scenario) -> None:
    """Accountability: where every abuse is sanctioned none of it stays in memory."""
    harm = {}
    for deterrence in (0.0, 1.0):
        world = fresh(small, {"transitional_justice.memory": 60.0})
        world.communities["army_abuse"] = 50.0
        world.oversight["deterrence"] = deterrence
        reckon_with_the_past(world, MONTH)
        harm[deterrence] = world.communities["unredressed"].copy()
    assert (harm[0.0] > harm[1.0]).all()


def test_people_killed_by_the_state_are_remembered_once(small: Scenario) -> None:
    world = fresh(small)
    world.communities["state_killed"] = 50.0
    before = world.communities["unredressed"].copy()
    reckon_with_the_past(world, MONTH)
    assert (world.communities["unredressed"] > before).all()
    assert (world.communities["state_killed"] == 0.0).all()


def test_impunity_feeds_grievance(small: Scenario) -> None:
    grievance = {}
    for weight in (0.0, 0.35):
        for harm in (0.0, 10.0):
            world = fresh(small, {"transitional_justice.impunity_weight": weight})
            world.communities["unredressed"] = harm
            reckon_with_the_past(world, MONTH)
            legitimacy_and_grievance(world, 1.0)
            grievance[weight, harm] = world.communities["grievance"].mean()
    assert grievance[0.35, 10.0] > grievance[0.35, 0.0] + 0.03
    assert grievance[0.0, 10.0] == grievance[0.0, 0.0]


def test_disputes_that_nobody_settles_fairly_feed_grievance(small: Scenario) -> None:
    grievance = {}
    for weight in (0.0, 0.3):
        for fair in (0.0, 1.0):
            world = fresh(small, {"transitional_justice.dispute_weight": weight})
            world.communities["fair_access"] = fair
            reckon_with_the_past(world, MONTH)
            legitimacy_and_grievance(world, 1.0)
            grievance[weight, fair] = world.communities["grievance"].mean()
    assert grievance[0.3, 0.0] > grievance[0.3, 1.0] + 0.03
    assert grievance[0.0, 0.0] == grievance[0.0, 1.0]


def reckoned(scenario: Scenario, levers: Levers, months: int = 26, absorption: float = 0.3) -> World:
    """Two years of dealing with the past in a state of this absorption, will and honesty."""
    world = fresh(scenario, levers)
    world.government["absorption"] = world.government["will"] = absorption
    world.communities["court_corrupt"] = 1.0 - absorption
    world.communities["unredressed"] = 1.0
    for _ in range(months):
        reckon_with_the_past(world, MONTH)
    return world


EFFORT = "transitional_justice.effort"
FORM = "transitional_justice.form"


@pytest.mark.parametrize("form", ["truth", "trials", "reparations"])
def test_redress_lowers_harm_where_the_process_is_good(small: Scenario, form: str) -> None:
    none = reckoned(small, {EFFORT: 0.0, FORM: form}, absorption=0.8)
    full = reckoned(small, {EFFORT: 1.0, FORM: form}, absorption=0.8)
    off = reckoned(small, {EFFORT: 1.0, FORM: form, f"transitional_justice.{form}_redress": 0.0}, absorption=0.8)
    assert (full.communities["unredressed"] < 0.95 * none.communities["unredressed"]).all()
    assert np.array_equal(off.communities["unredressed"], none.communities["unredressed"])


def test_a_truth_process_of_poor_quality_reopens_wounds(small: Scenario) -> None:
    none = reckoned(small, {EFFORT: 0.0}, absorption=0.1).communities["unredressed"]
    poor = reckoned(small, {EFFORT: 1.0}, absorption=0.1).communities["unredressed"]
    safe = reckoned(small, {EFFORT: 1.0, "transitional_justice.backfire": 0.0}, absorption=0.1)
    assert (poor > 1.01 * none).all()
    assert (safe.communities["unredressed"] < none).all()


def test_trials_make_signatories_doubt_the_settlement(small: Scenario) -> None:
    doubt = {}
    for fear in (0.0, 0.6):
        world = reckoned(small, {EFFORT: 1.0, FORM: "trials", "transitional_justice.prosecution_fear": fear})
        doubt[fear] = world.groups["bad_faith"].sum()
    assert doubt[0.6] > doubt[0.0] == 0.0


def test_trials_and_amnesty_teach_forces_about_sanctions(small: Scenario) -> None:
    """M36: trials add to the certainty that officers reckon with, an amnesty takes from it."""
    trials = reckoned(small, {EFFORT: 1.0, FORM: "trials"}).government["lesson"][0]
    amnesty = reckoned(small, {"transitional_justice.amnesty": 1.0}).government["lesson"][0]
    off = {"transitional_justice.trial_lesson": 0.0, "transitional_justice.amnesty_lesson": 0.0}
    assert trials > 0.0 > amnesty
    assert reckoned(small, {EFFORT: 1.0, FORM: "trials"} | off).government["lesson"][0] == 0.0
    assert reckoned(small, {"transitional_justice.amnesty": 1.0} | off).government["lesson"][0] == 0.0


def test_the_lesson_reaches_what_officers_fear(small: Scenario) -> None:
    fear = []
    for lesson in (-0.02, 0.0, 0.05):
        world = fresh(small)
        world.government["lesson"] = lesson
        oversight_works(world, MONTH)
        fear.append(world.oversight["deterrence"][0])
    assert fear[0] < fear[1] < fear[2]


def test_an_amnesty_leaves_impunity_behind(small: Scenario) -> None:
    injustice = {}
    for sting in (0.0, 1.5):
        for amnesty in (0.0, 1.0):
            levers = {"transitional_justice.amnesty": amnesty, "transitional_justice.amnesty_sting": sting}
            injustice[sting, amnesty] = reckoned(small, levers, 1).communities["injustice"].mean()
    assert injustice[1.5, 1.0] > injustice[1.5, 0.0] + 0.03
    assert injustice[0.0, 1.0] == injustice[0.0, 0.0]


def test_an_amnesty_reassures_signatories_while_it_is_news(small: Scenario) -> None:
    for faith, gained in ((0.0, 0.0), (0.1, 0.1)):
        world = fresh(small, {"transitional_justice.amnesty": 1.0, "transitional_justice.amnesty_faith": faith})
        world.groups["stance"][0], world.groups["at_war"][0], world.groups["good_faith"] = SIGNATORY, 0, 0.0
        for _ in range(13):
            reckon_with_the_past(world, 1.0 / 13.0)
        assert world.groups["good_faith"][0] == pytest.approx(gained)
        world.groups["weeks_in_state"] = 200.0
        reckon_with_the_past(world, 1.0 / 13.0)
        assert world.groups["good_faith"][0] == pytest.approx(gained)


def test_groups_at_war_settle_sooner_under_an_amnesty(small: Scenario) -> None:
    """On the same luck no group settles later; of 40 runs of a year some settle sooner. Off: the same weeks."""
    def weeks_at_war(levers: Levers) -> list[float]:
        found = []
        for seed in range(40):
            world = start(prepare(small.with_levers(levers | {"armed_groups.base_rate": 0.08}), 53), seed)
            world.groups["stance"], world.groups["at_war"] = HOLDOUT, world.groups["exists"]
            series = new_series(53)
            advance(world, series)
            found.append(series[:, INDEX["groups_at_war"]].sum())
        return found

    quiet: Levers = {f"transitional_justice.{name}": 0.0 for name in ("amnesty_sting", "amnesty_lesson",
                                                                    "amnesty_faith")}
    none = weeks_at_war(quiet | {"transitional_justice.amnesty": 0.0})
    full = weeks_at_war(quiet | {"transitional_justice.amnesty": 1.0, "transitional_justice.amnesty_pull": 1.0})
    off = weeks_at_war(quiet | {"transitional_justice.amnesty": 1.0, "transitional_justice.amnesty_pull": 0.0})
    assert sum(full) < sum(none)
    assert off == none


def test_dealing_with_the_past_is_off_by_default(small: Scenario) -> None:
    world, _ = lived(small, {}, 157)
    assert world.government["lesson"][0] == 0.0
    assert world.ledger[TRANSITIONAL_JUSTICE].total == 0.0
