"""Rules of the submodels: values worked out by hand, and two half steps against a whole one."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.dispatcher import Dispatcher

from ssr_sim.submodels import (
    armed_groups,
    capacity,
    corruption,
    ddr,
    displacement,
    donors,
    due_diligence,
    economy,
    fragmentation,
    gender,
    justice,
    legitimacy,
    mandate,
    military,
    mission_conduct,
    mobilisation,
    monitoring,
    oversight,
    peacekeeping,
    personnel,
    policing,
    politics,
    relapse,
    restructuring,
    state_strength,
    transitional_justice,
    trust,
    vetting,
    violence,
)
from ssr_sim.tables import AT_PEACE, AT_WAR, QUIET, RELAPSED, empty
from tests.rules.common import ROUNDING, quick, title

# ------------------------------------------------------------------------------------------------ half steps
# a step of a rule as `after(state, dt)`; what arrives in a step (contacts, courses, kit) is a rate times dt
STEPS: dict[str, Callable[[float, float], float]] = {
    "trust.remember": lambda x, dt: trust.remember.py_func(x, 3.0 * dt, 4.0, dt),
    "trust.follow": lambda x, dt: trust.follow.py_func(x, 0.8, 0.3, 0.3, 1.2, dt),
    "capacity.skill_after": lambda x, dt: capacity.skill_after.py_func(x, 0.9 * dt, 0.9, 0.8, 3.0, 0.0, dt),
    "mission_conduct.norm_beside": lambda x, dt: mission_conduct.norm_beside.py_func(x, 0.7, 0.3, 0.5, dt),
    "capacity.norm_after": lambda x, dt: capacity.norm_after.py_func(x, 0.2 * dt, 0.2, 0.85, 0.07, dt),
    "capacity.stock_after": lambda x, dt: capacity.stock_after.py_func(x, 0.3 * dt, 4.0, dt),
    "justice.believed": lambda x, dt: justice.believed.py_func(x, 0.8, 2.0, dt),
    "justice.ceiling_after": lambda x, dt: justice.ceiling_after.py_func(x, 0.4, 0.3, 0.1, dt),
    "transitional_justice.harm_after": lambda x, dt: transitional_justice.harm_after.py_func(
        x, 0.5 * dt, 0.15, 25.0, dt
    ),
    "personnel.arrears_after, unpaid": lambda x, dt: personnel.arrears_after.py_func(x, 0.3, 0.9, 0.5, dt),
    "personnel.arrears_after, paid": lambda x, dt: personnel.arrears_after.py_func(x, 1.0, 0.9, 0.5, dt),
    "personnel.intake": lambda x, dt: x + personnel.intake.py_func(x, 5.0, 0.15, 0.6, dt),
    "personnel.intake, target reached": lambda x, dt: x + personnel.intake.py_func(x, 1.0, 5.0, 1.0, dt),
    "economy.filled, growing": lambda x, dt: economy.filled.py_func(x, 0.06, dt),
    "economy.filled, wearing": lambda x, dt: economy.filled.py_func(x, -0.06, dt),
    "violence.swing_after": lambda x, dt: violence.swing_after.py_func(x, 0.9, 0.9, 0.0, dt),
}


@pytest.mark.parametrize("name", STEPS)
@given(state=st.floats(0.05, 0.95), dt=st.floats(1e-3, 0.1))
@quick
def test_two_half_steps_agree_with_a_whole_one_to_first_order(name: str, state: float, dt: float) -> None:
    after = STEPS[name]
    assert after(after(state, dt / 2), dt / 2) == pytest.approx(after(state, dt), abs=dt * dt + ROUNDING)


MEANS: dict[str, Callable[[float], float]] = {
    "military.abuse_mean": lambda dt: military.abuse_mean.py_func(250.0, 0.015, -0.4, 0.3, 0.1, 0.2, dt),
    "policing.crime_mean": lambda dt: policing.crime_mean.py_func(1e5, 900.0, 0.6, 1.2, 0.35, 0.2, dt),
    "gender.gbv_mean": lambda dt: gender.gbv_mean.py_func(1e5, 400.0, 1.5, 0.1, 0.3, dt),
    "violence.attack_background": lambda dt: violence.attack_background.py_func(
        900.0, 17.0, 0.5, 1.0, 0.2, 0.4, dt
    ),
}


@pytest.mark.parametrize("name", MEANS)
def test_mean_counts_of_two_half_steps_add_up(name: str) -> None:
    assert 2.0 * MEANS[name](0.04) == pytest.approx(MEANS[name](0.08), rel=1e-12)


def test_excitation_spends_itself_and_no_more() -> None:
    left, spent = 5.0, 0.0
    for _ in range(200):
        now = violence.excited_now.py_func(left, 3.5)
        spent += now
        left -= now
    assert spent == pytest.approx(5.0, rel=1e-12)


@given(sd=st.floats(0.1, 2.0), time=st.floats(0.2, 3.0), dt=st.floats(1e-3, 1.0))
@quick
def test_swing_of_a_campaign_keeps_its_spread(sd: float, time: float, dt: float) -> None:
    from_level = violence.swing_after.py_func(sd, sd, time, 0.0, dt)
    from_shock = violence.swing_after.py_func(0.0, sd, time, 1.0, dt)
    assert math.hypot(from_level, from_shock) == pytest.approx(sd, rel=1e-12)


# ------------------------------------------------------------------------------------------- worked by hand
@pytest.mark.parametrize(
    ("rule", "arguments", "expected"),
    [
        (trust.remember, (2.0, 0.25, 1.0, math.log(2.0)), 1.25),
        (trust.reputation, (3.0, 1.0, 2.0, 0.5, 2.0), 4.0 / 7.0),
        (trust.reputation, (0.0, 0.0, 2.0, 0.3, 1.0), 0.3),
        (trust.follow, (0.2, 0.8, 0.4, 0.25, 1.0, math.log(2.0)), 0.45),
        (trust.fair_contact, (0.5, 0.6, 0.0, 0.8, 0.5, 0.6), 0.6 * 0.8),
        (trust.fair_contact, (0.5, 0.5, 0.5, 0.8, 0.4, 0.6), 0.6 * 0.6),
        (trust.helpful_contact, (0.2, 0.25), 0.8),
        (trust.standing_grudge, (0.3, 0.4, 0.2, 0.1, 0.2), 0.09),
        (trust.good_share, (0.5, 0.6, 0.2), 0.5),
        (trust.good_share, (1.0, 0.9, 0.2), 1.0),
        (trust.safe_share, (1.0, 4.0), 0.75),
        (trust.safe_share, (9.0, 4.0), 0.0),
        (trust.seen_share, (300.0, 100.0), 0.75),
        (trust.expectation_after, (0.6, 0.2, 0.5, 0.25, 0.1), 0.61),
        (legitimacy.service_pillar, (0.5, 0.2, 1.0, 0.4, 0.3), 0.56),
        (legitimacy.consent_pillar, (0.4, 0.5, 1.0, 0.3, 0.2), 0.55),
        (legitimacy.grievance_target, (0.8, 0.5, 0.2, 0.1, 0.5, 0.4, 0.3), 0.31),
        (legitimacy.cooperation_of, (0.5, 0.0, 4.0, 1.5), 0.5),
        (legitimacy.cooperation_of, (0.75, 0.5, 4.0, 2.0), 0.5),
        (legitimacy.legitimacy_of, (0.8, 0.1, 0.1, 0.0), 0.2),
        (legitimacy.legitimacy_of, (0.8, 0.1, 0.0, 1.0), 0.3),
        (legitimacy.legitimacy_of, (1.0, 1.0, 0.0, 0.0), 0.0),  # one collapsed pillar sinks it
        (corruption.extraction, (0.5, 0.0, 0.5, 0.0, 1.0, 0.5, 0.45), 0.5),
        (corruption.need_and_price, (6.0, 1.0, 0.25, 6.0, 0.1), 0.25),
        (corruption.need_and_price, (0.0, 2.0, 0.25, 6.0, 0.1), 0.1),
        (corruption.need_and_price, (30.0, 0.5, 0.2, 6.0, 0.1), 0.45),
        (oversight.chance_of_detection, (0.5, 0.5, 0.0, 0.0, 0.2), 0.6),
        (corruption.payoff_of, (0.2, 0.2, 0.0), 0.1),
        (corruption.payoff_of, (0.2, 0.2, 0.5), 0.0),
        (oversight.capture_target, (0.6, 0.4, 0.5, 0.8, 0.5), 0.3),
        (oversight.courage, (0.5, 0.5, 0.2, 0.5), 0.45),
        (corruption.directed_learning, (0.1, True, 0.04, 0.5), 0.02),
        (corruption.directed_learning, (0.1, False, 0.04, 0.5), -0.02),
        (corruption.directed_learning, (-0.1, False, 0.04, 0.5), 0.02),
        (oversight.sanction_chance, (0.5, 0.6, 0.3, 0.3, 0.4), 0.5),
        (oversight.sanction_chance, (0.9, 0.6, 0.3, 0.3, 0.4), 0.6),  # the law's ceiling
        (oversight.sanction_chance, (0.5, 0.6, 0.8, 0.3, 0.4), 0.4),  # officers close ranks
        (oversight.weight_of_severity, (0.3, 0.3, 0.4), 1.0),
        (oversight.weight_of_severity, (0.8, 0.3, 0.4), 1.2),
        (justice.supported_capacity, (0.2, 0.5), 0.6),
        (justice.cases_a_year, (5e5, 200.0, 0.2, 0.5, 0.5), 250.0),
        (justice.cases_a_year, (1e5, 200.0, 0.9, 1.0, 1.0), 200.0),
        (justice.cleared_share, (0.5, 2.0, math.log(2.0)), 0.5),
        (justice.passed_on, (10.0, 4.0), 4.0),
        (justice.passed_on, (3.0, 4.0), 3.0),
        (justice.timeliness_of, (100.0, 100.0, 1.0), 0.5),
        (justice.timeliness_of, (0.0, 0.0, 1.0), 0.0),
        (justice.fair_trial, (0.5, 0.8, 0.5, 0.4), 0.48),
        (justice.conduct_of_courts, (0.6, 0.5, 0.5), 0.45),
        (justice.formal_share, (0.2, 0.5, 0.5), 0.15),
        (justice.access_of, (0.4, 0.25), 0.55),
        (justice.fair_access_of, (0.4, 0.5, 0.8, 0.5, 0.5, 0.5), 0.39),
        (justice.admitted_share, (10.0, 195.0, 100.0, 2.0), 0.5),
        (justice.admitted_share, (0.0, 500.0, 100.0, 2.0), 1.0),
        (justice.believed, (0.2, 0.6, 1.0, math.log(2.0)), 0.4),
        (justice.reform_growth, (0.3, 1.0, 0.5, 1.0, 0.3), 0.15),
        (justice.reform_growth, (0.3, 1.0, 0.5, 0.5, 0.2), 0.09),
        (justice.elders_reach, (0.5, 0.5, 0.4), 0.4),
        (justice.ceiling_after, (0.6, 0.6, 0.5, 0.1, 0.1), 0.62),
        (justice.court_corruption_target, (0.7, 0.3, 0.75, 1.0, 0.5), 0.3),
        (transitional_justice.process_quality, (0.5, 0.5, 0.5), 0.5),
        (transitional_justice.redress_rate, (0.5, 0.2, 0.65, 0.3), 0.05),
        (transitional_justice.redress_rate, (1.0, 0.14, 0.1, 0.3), -0.04),  # wounds reopen
        (transitional_justice.harm_after, (2.0, 0.1, 0.0, 1.0, math.log(2.0)), 1.1),
        (transitional_justice.impunity_of, (0.5, 0.5, 0.4, 0.5), 0.6),
        (transitional_justice.injustice_of, (0.5, 0.4, 0.2, 0.1), 0.16),
        (transitional_justice.lesson_target, (0.5, 0.5, 0.04, 0.02), 0.0),
        (policing.deterred, (0.2, 0.5), 0.9),
        (armed_groups.belief, (2.0, 1.0, 0.5, 1.5), 0.5),
        (armed_groups.guaranteed, (0.4, 0.5, 3500.0, 3500.0), 0.55),
        (restructuring.loss_rate, (0.2, 0.5, 1.0, 0.6), 0.4),
        (restructuring.placing_rate, (0.2, 0.5), 0.1),
        (donors.shock_spread, (0.4, 4.0), 0.2),
        (armed_groups.worth_of_arms, (100.0, 50.0, 0.4), 0.7),
        (armed_groups.worth_of_arms, (100.0, 500.0, 0.4), 1.0),
        (armed_groups.worth_of_arms, (0.0, 0.0, 0.4), 1.0),
        (armed_groups.contest, (300.0, 100.0, 1.0), 0.75),
        (armed_groups.contest, (0.0, 0.0, 1.0), 0.0),
        (armed_groups.contest, (1.0, 0.0, 1.0), 1.0),
        (armed_groups.value_of_peace, (1.0, 0.5, 1.0, 0.3, 0.5, 0.8, True), 0.3),
        (armed_groups.value_of_peace, (1.0, 0.5, 0.5, 0.2, 0.5, 0.0, True), 0.3),
        (armed_groups.value_of_peace, (1.0, 0.5, 1.0, 0.3, 0.5, 0.8, False), 0.15),
        (armed_groups.value_of_war, (0.5, 0.8, 0.1, -0.05, 0.02), 0.47),
        (armed_groups.guard, (1000.0, 0.5, 0.5), 750.0),
        (armed_groups.settlement_rate, (0.5, 0.4, 1.0, 0.2, 2.0, 0.5), 0.8),
        (armed_groups.settlement_rate, (0.5, -0.9, 1.5, 0.0, 1.0, 1.0), 0.0),
        (state_strength.at_post, (100.0, 2.0, 0.95, 0.05, 0.3), 85.0),
        (state_strength.at_post, (100.0, 40.0, 0.95, 0.05, 0.3), 30.0),
        (state_strength.fighting_strength, (100.0, 0.2, -0.5, 0.25), 45.0),
        (fragmentation.split_rate, (0.5, 0.4, 0.5, 0.2), 0.08),
        (armed_groups.war_rate, (0.075, 7.0, 0.5, 0.5), 0.075),
        (personnel.arrears_after, (2.0, 0.4, 0.9, 0.5, 1.0 / 12.0), 2.5),
        (personnel.arrears_after, (2.0, 1.0, 0.9, 0.5, 1.0 / 12.0), 1.5),
        (personnel.arrears_after, (0.2, 0.95, 0.9, 0.5, 1.0 / 12.0), 0.0),
        (personnel.present_share, (4.0, 0.5, 0.95, 0.05, 0.2), 0.65),
        (personnel.mood_of, (1.0, 4.0, 0.5, 0.4, 0.3, 0.05, 0.2), 0.6),
        (personnel.loyalty_target, (0.5, 0.5, 5.0, 0.4, 0.2, 0.02), 0.6),
        (personnel.intake, (1000.0, 2000.0, 0.15, 0.5, 0.1), 15.0),
        (personnel.intake, (3000.0, 2000.0, 0.15, 1.0, 0.1), 0.0),
        (policing.quality_of_work, (0.25, 0.81, 0.5, 0.5, 0.0), 0.45),
        (policing.quality_of_work, (0.25, 0.81, 0.5, 0.5, 1.0), 0.25),
        (policing.crime_mean, (1e5, 900.0, 0.5, 1.2, 0.35, 0.0, 1.0), 900.0),
        (policing.service_of, (40.0, 0.8, 0.5, 1.0, 40.0, 0.5, 0.5), 0.375),
        (policing.hardship_factor, (0.5, 1.2), 1.0),
        (policing.hardship_factor, (1.0, 1.2), 1.6),
        (policing.abuse_tendency, (0.5, 0.0, 0.0, 1.4, 0.8, 0.8), 1.0),
        (policing.abuse_tendency, (1.0, 0.5, 0.5, 1.0, 0.8, 0.4), 0.72),
        (policing.restraint, (150.0, 150.0, 1.0), 0.5),
        (violence.restraint, (180.0, 60.0, 0.5), 0.5),
        (violence.restraint, (0.0, 60.0, 0.5), 1.0),
        (violence.attack_background, (1000.0, 10.0, 0.4, 1.0, 0.0, 0.4, 1.0), 6.0),
        (mandate.drawdown_factor, (3.0, 3.0, 12.0), 1.0),
        (mandate.drawdown_factor, (3.5, 3.0, 12.0), 0.5),
        (mandate.drawdown_factor, (9.0, 3.0, 12.0), 0.0),
        (mandate.benchmarks_met, (4.0, 0.3, 4.0, 0.3), 1.0),
        (mandate.benchmarks_met, (5.0, 0.3, 4.0, 0.3), 0.0),
        (mandate.benchmarks_met, (4.0, 0.2, 4.0, 0.3), 0.0),
        (mandate.authorised_after, (1000.0, 3000.0, 0.5), 2000.0),
        (mandate.authorised_after, (1000.0, 400.0, 0.5), 400.0),
        (mandate.believed_strength, (1000.0, 0.4, 13.0, 26.0), 800.0),
        (mandate.believed_strength, (1000.0, 0.4, 52.0, 26.0), 1000.0),
        (mission_conduct.consent_target, (0.35, 0.3, 0.15, 0.15, 0.1), 0.25),
        (mission_conduct.party_consent, (0.8, 0.3, 0.15, 0.3, 0.1), 0.15),
        (mission_conduct.partiality_target, (0.7, 1.0, 0.5, 0.5, 0.2, 0.5), 0.3 + 0.7 * 0.35),
        (mission_conduct.partiality_target, (0.7, 0.0, 0.5, 0.5, 0.0, 0.5), 0.3),
        (mission_conduct.abuse_as_seen, (20.0, 10_000.0, 2.0), 0.5),
        (mission_conduct.norm_beside, (0.2, 0.6, math.log(4.0), 0.5, 1.0), 0.4),
        (mission_conduct.norm_beside, (0.8, 0.6, math.log(4.0), 0.5, 1.0), 0.7),
        (peacekeeping.effort_in_field, (0.25, 0.5), 0.75),
        (peacekeeping.advice_of, (5.0, 5.0, 0.0, 0.4), 0.2),
        (peacekeeping.advice_of, (0.0, 5.0, 0.0, 0.4), 0.0),
        (violence.exposure, (0.1, math.log(2.0), 1.0, 1.0, 1.0), 0.1),
        (due_diligence.withheld_share, (0.3, 0.25, 0.8), 0.8),
        (due_diligence.withheld_share, (0.2, 0.25, 0.8), 0.0),
        (personnel.verified, (0.5, 0.5), 0.75),
        (monitoring.quality_of_records, (0.5, 0.5), 0.75),
        (monitoring.error_of_survey, (0.04, 0.5, 0.5, 2.0, 0.2), 0.036),
        (monitoring.calm, (30.0, 10.0), 0.25),
        (monitoring.share_used, (30.0, 40.0), 0.75),
        (monitoring.share_used, (0.0, 0.0), 1.0),
        (monitoring.result_seen, (0.75, 0.2, -0.4), 0.05),
        (donors.tilt, (0.5, 2.0, math.log(2.0)), 2.0),
        (donors.tilt, (0.0, 2.0, 1.0), 1.0),
        (peacekeeping.effectiveness_of, (0.5, 1.0, 1.0, 1.0, 0.5, 0.6), 0.5),
        (peacekeeping.effectiveness_of, (1.0, 0.5, 0.5, 0.5, 0.5, 0.6), 0.75 * 0.7 * 0.5),
        (peacekeeping.readiness_of, (0.5, 0.5, 0.4, 0.2), 0.8 * 0.9),
        (peacekeeping.need_of, (1.0, 2.0, 3.0, 2.0), 12.0),
        (peacekeeping.willing, (0.5, 3.0, 0.4, 3.0), 0.9),
        (armed_groups.patience_of_many, (4.0, 0.5), 0.5),
        (armed_groups.patience_of_many, (1.0, 0.3), 1.0),
        (politics.blocked, (0.4, 5, 5.0, 0.5), 0.4),
        (politics.blocked, (0.5, 8, 2.0, 0.5), 0.75),
        (peacekeeping.patrolling, (0.5, 1.0, 0.3, 0.4), 0.5),
        (peacekeeping.effort_for_zones, (0.1, 0.6, 0.1), 0.3),
        (capacity.skill_after, (0.15, 0.0, 0.5, 0.8, 3.0, 0.2, 1.0), 0.15),
        (capacity.skill_after, (0.4, 0.0, 0.5, 0.8, 1.0 / math.log(2.0), 0.2, 1.0), 0.3),
        (capacity.norm_after, (0.5, 0.1, 0.4, 0.75, 0.2, 0.5), 0.55),
        (capacity.political_ceiling, (0.5, 0.2, 0.4, 0.4), 0.64),
        (capacity.quality_of_programme, (0.5, 0.25, 0.6, 0.8), 0.28),
        (capacity.discipline_target, (0.5, 0.25, 0.4, 0.2), 0.65),
        (mobilisation.strength_sought, (100.0, 1.0, 0.3, 0.1, 0.1, 0.25), 137.5),
        (trust.said, (0.2, 0.5, 0.05), 0.45),
        (trust.said, (0.0, 0.0, 0.1), 0.0),
        (displacement.flight_share, (2.0, 5.0, 600.0, 60.0, 1500.0, 1.0, 0.0), 1.0 - math.exp(-1.0)),
        (displacement.flight_share, (0.0, 0.0, 600.0, 60.0, 0.0, 1.0, 0.0), 0.0),
        (displacement.readiness_of, (0.5, 1.3), 1.0),
        (displacement.readiness_of, (1.0, 0.5), 1.25),
        (displacement.shelter_of, (0.5, 60.0, 0.4, 60.0), 0.1),
        (displacement.return_rate, (0.8, 0.5, 2.0, 2.0, 1.0, 0.3, 0.5, 0.4), 0.16),
        (displacement.return_rate, (0.8, 0.5, 0.0, 1.0, 0.5, 0.5, 0.0, 0.4), 0.3),
        (economy.calm_of, (0.2, 2.0, 2.0, 25.0, 25.0, 0.5), 0.45),
        (economy.calm_of, (0.2, 0.0, 1.0, 25.0, 25.0, 0.75), 0.725),
        (economy.investment_sought, (0.8, 0.25, 1.0, 0.5), 0.3),
        (economy.filled, (0.6, 0.5, 0.1), 0.62),
        (economy.filled, (0.6, -0.5, 0.1), 0.57),
        (economy.reach_of_projects, (0.8, 0.5, 0.5), 0.6),
        (economy.relief_reach, (1.0, 0.5, 0.5, 0.4, 0.25), 0.3),
        (economy.hardship_of, (1.0, 0.5, 0.2, 0.5, 0.5), 0.55),
        (economy.held_by_groups, (30.0, 90.0), 0.25),
        (economy.held_by_groups, (0.0, 0.0), 0.0),
        (gender.women_among_recruits, (0.1, 0.3, 0.5), 0.2),
        (gender.women_among_recruits, (0.2, 0.1, 1.0), 0.2),
        (gender.share_after_intake, (0.1, 20.0, 100.0, 0.5), 0.18),
        (gender.share_after_intake, (0.1, 0.0, 0.0, 0.5), 0.1),
        (gender.imposed_share, (0.5, 0.1, 0.25), 0.3),
        (gender.gbv_mean, (1e5, 400.0, 1.5, 0.5, 0.4, 0.1), 48.0),
        (gender.exposure_of, (0.5, 1.0, 0.2, 2.0, 0.5), 1.7),
        (gender.reporting_of, (0.2, math.log(2.0), math.log(2.0), 0.0), 0.5),
        (gender.clearance_of, (0.5, 0.6, 0.5, 1.0), 0.45),
        (donors.payment_factor, (0.0, 0.0, 0.5, 1.0, 0.0), 0.5),
        (donors.leakage_of, (0.2, 0.5, 0.4, 0.25), 0.18),
        (donors.engagement_target, (0.75, 0.1, 0.05, 0.2, 0.1), 0.6),
        (donors.attraction, (0.2, 100.0, 50.0, 0.1, 0.5), 1.2),
        (donors.attraction, (0.2, 100.0, 500.0, 0.1, 0.0), 0.02),
        (donors.share_paid, (60.0, 100.0, 50.0, True), 1.0),
        (donors.share_paid, (60.0, 100.0, 50.0, False), 0.2),
        (donors.share_paid, (60.0, 100.0, 0.0, True), 0.0),
        (ddr.livelihood_rate, (0.5, 0.8, 2.0, 4.0), 0.3),
        (ddr.return_rate, (0.14, 0.5, 0.0, 0.6, 0.0, 0.5), 0.07),
        (ddr.return_rate, (0.2, 1.0, 0.5, 0.6, 0.5, 1.0), 0.21),
        (ddr.willingness, (0.4, 1.5, 0.2, 0.3, 0.5), 0.45),
        (ddr.acceptance_of, (0.2, 0.1, 0.15, 0.1), 0.55),
        (ddr.acceptance_of, (0.4, 0.3, 0.3, 0.1), 0.1),
        (military.abuse_mean, (100.0, 0.02, -0.5, 0.4, 0.2, 0.25, 0.5), 0.3),
        (violence.astray, (0.4, 0.5, 1.0, 0.75), 0.15),
        (politics.quality_under_load, (0.4, 0.2, 1.0), 0.5),
        (politics.quality_under_load, (0.2, 0.4, 1.0), 1.0),
        (politics.function_growth, (0.4, 0.2, 1.0, 0.3, 0.5, 0.3, 1.0), 0.03),
        (politics.will_target, (0.4, 0.2, 0.5, 0.05, -0.1, 0.15), 0.3),
        (politics.implementation_target, (0.1, 0.2, 0.1, 0.05, 0.05, 0.2), 0.3),
        (vetting.usable_evidence, (0.6, 1.0, 1.0, 0.4, 0.4), 0.6),
        (vetting.usable_evidence, (0.5, 0.0, 0.5, 0.5, 0.4), 0.2),
        (vetting.record_after_removal, (0.5, 10.0, 20.0), 0.0),
        (vetting.record_after_removal, (0.5, 5.0, 20.0), 1.0 / 3.0),
        (vetting.record_after_removal, (0.5, 20.0, 20.0), 0.0),
    ],
    ids=lambda value: title(value) if isinstance(value, Dispatcher) else "",
)
def test_rule_gives_the_value_worked_out_by_hand(
    rule: Dispatcher, arguments: tuple[Any, ...], expected: float
) -> None:
    assert rule.py_func(*arguments) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@given(
    corrupt=st.floats(0.01, 0.99),
    detection=st.floats(0, 1),
    integrity=st.floats(0, 1),
    cost=st.floats(0.5, 2),
    contagion=st.floats(0, 1),
    spread=st.floats(0.1, 1),
)
@quick
def test_a_country_starts_at_rest(
    corrupt: float, detection: float, integrity: float, cost: float, contagion: float, spread: float
) -> None:
    """The opportunity that the start is given makes the present share of corrupt officers its own target."""
    opportunity = corruption.opportunity_at_rest.py_func(
        corrupt, detection, integrity, cost, contagion, spread
    )
    target = corruption.extraction.py_func(
        opportunity, detection, integrity, corrupt, cost, contagion, spread
    )
    assert target == pytest.approx(corrupt, rel=1e-9)


@given(norm=st.floats(0.02, 0.5))
@quick
def test_keeping_the_norm_pays_best_without_control(norm: float) -> None:
    best = corruption.payoff_of.py_func(norm, norm, 0.0)
    for kept in (0.5 * norm, 0.9 * norm, 1.1 * norm, 2.0 * norm):
        assert corruption.payoff_of.py_func(kept, norm, 0.0) < best


@given(skill=st.floats(0, 1), taught=st.floats(0, 0.1), dt=st.floats(1e-3, 0.1))
@quick
def test_training_does_not_lift_skill_beyond_the_political_ceiling(
    skill: float, taught: float, dt: float
) -> None:
    ceiling = capacity.political_ceiling.py_func(0.3, 0.2, 0.35, 0.35)
    assert (
        capacity.skill_after.py_func(skill, taught, ceiling, 1.2, 3.0, 0.0, dt)
        <= max(skill, ceiling) + ROUNDING
    )


@pytest.mark.parametrize(
    ("state", "year", "quarter", "weeks", "expected"),
    [
        (AT_WAR, 1500.0, 400.0, 10, AT_WAR),
        (AT_WAR, 100.0, 2.0, 10, QUIET),
        (QUIET, 100.0, 10.0, 30, AT_WAR),
        (QUIET, 24.0, 2.0, 51, QUIET),  # a year has to pass first
        (QUIET, 24.0, 2.0, 52, AT_PEACE),
        (QUIET, 25.0, 2.0, 52, QUIET),
        (AT_PEACE, 24.0, 24.0, 200, AT_PEACE),
        (AT_PEACE, 25.0, 25.0, 200, RELAPSED),
        (RELAPSED, 25.0, 0.0, 200, RELAPSED),
        (RELAPSED, 24.0, 0.0, 200, AT_PEACE),
    ],
)
def test_state_of_the_country_follows_the_thresholds(
    state: int, year: float, quarter: float, weeks: int, expected: int
) -> None:
    assert relapse.next_state.py_func(state, year, quarter, weeks, 25.0) == expected


@pytest.mark.parametrize(("dead", "taken"), [(0.0, 0.0), (5.0, 5.0), (25.0, 25.0), (100.0, 27.0)])
def test_no_more_soldiers_and_officers_die_than_are_there(dead: float, taken: float) -> None:
    """violence.lose_soldiers: two units are here with 7 and 12, one is elsewhere; 8 officers."""
    units, police = empty("military", 3), empty("police", 2)
    units["staff"], units["posting"], police["staff"] = [7.0, 30.0, 12.0], [1, 0, 1], [9.0, 8.0]
    assert violence.lose_soldiers(units, police, 1, dead) == taken
    here = units["staff"][0] + units["staff"][2] + police["staff"][1]
    assert here == 27.0 - taken
    assert (units["staff"][1], police["staff"][0]) == (30.0, 9.0)
    assert (units["staff"] >= 0).all()
