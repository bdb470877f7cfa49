"""What each mechanism does, against the same country with that mechanism switched off, on the same luck.

Twelve pairs of six-year histories of the fictional country with 60 communities. An effect is the paired difference
(mechanism on minus off) of an indicator, averaged over the weeks after the first year. It has to reach the stated
size on average, with at least four pairs that agree and at most two that object: where a mechanism does nothing every
pair ties. `make ablate` switches each off for good and demands that its row here fails.
"""

from __future__ import annotations

import ast
import dataclasses
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.measures import INDEX
from ssr_sim.parameters import catalogue
from ssr_sim.run import advance, new_series, prepare, start
from ssr_sim.scenario import BLOCKS
from ssr_sim.tables import ATTACK_ON_CIVILIANS, ATTACK_ON_FORCES, ATTACK_ON_MISSION, SHOCK_KINDS
from tests.mechanisms.test_forces import IN_PHASE

YEARS, PAIRS, SEED = 6, 12, 1
Settings = tuple[tuple[str, float | str], ...]

# countries in which a mechanism has something to do
PEACE: Settings = ()
WAR: Settings = (("armed_groups.base_rate", 0.24), ("country.agreement.settlement", 0.0), ("mission.troops", 0.5))
CONTROLLED: Settings = (("oversight.coverage", 0.8), ("oversight.independence", 0.8), ("audit.rate", 0.8),
                        ("complaints.channel", 0.8), ("investigations.effort", 1.0), ("civil_society.support", 0.8),
                        ("funding.level", 3.0))
RICH: Settings = (("funding.level", 3.0),)
COURTS: Settings = (*RICH, ("justice.support", 1.0), ("legal_reform.effort", 1.0), ("training.justice", 1.0))
JAILS: Settings = (("country.justice.prison_places", 50.0), ("justice.support", 1.0))
TRUTH: Settings = (*RICH, ("transitional_justice.effort", 1.0), ("transitional_justice.form", "truth"))
TRIALS: Settings = (*RICH, ("transitional_justice.effort", 1.0), ("transitional_justice.form", "trials"))
REPARATIONS: Settings = (*RICH, ("transitional_justice.effort", 1.0), ("transitional_justice.form", "reparations"))
AMNESTY: Settings = (("transitional_justice.amnesty", 1.0),)
PREVENTION: Settings = (("prevention.investment", 1.0),)
RELIEF: Settings = (("humanitarian.effort", 1.0),)
GROWTH: Settings = (("economy.growth", 0.05),)
WOMEN: Settings = (("women.force_target", 0.5), ("women.decision_target", 0.5))
RESPONSE: Settings = (("gbv.response", 1.0),)
UNPAID_GROUPS: Settings = (*WAR, ("mobilisation.upkeep", 100.0))


class Switch(NamedTuple):
    """The mechanism of parameter `key` changes `indicator` by at least `least`, with its sign, in a country `given`."""

    key: str
    indicator: str
    least: float
    given: Settings = PEACE


SWITCHES = (
    Switch("corruption.speed", "corruption", -0.01),
    Switch("corruption.contagion", "corruption", -0.0007, CONTROLLED),
    Switch("corruption.cost", "corruption", -0.007, CONTROLLED),
    Switch("corruption.need_weight", "corruption", -0.01),
    Switch("corruption.dismissal", "pool", 40, CONTROLLED),
    Switch("corruption.seen_sanctions", "corruption", -0.002, CONTROLLED),
    Switch("corruption.morale_of_sanctions", "police_service", -0.0004,
           (*CONTROLLED, ("investigations.severity", 1.0))),
    Switch("corruption.integrity_drift", "corruption", 0.0004),
    Switch("corruption.review_of_budgets", "leakage", -0.002, CONTROLLED),
    Switch("oversight.powers", "detection", 0.004),
    Switch("oversight.capture_speed", "capture", 0.06),
    Switch("oversight.corruptible", "capture", 0.06),
    Switch("oversight.shield_of_independence", "capture", -0.03),
    Switch("audit.power", "detection", 0.0009),
    Switch("audit.deterrence", "leakage", -0.01, CONTROLLED),
    Switch("procurement.power", "leakage", -0.01, (("procurement.transparency", 1.0),)),
    Switch("procurement.friction", "aid", -80000, (("procurement.transparency", 1.0),)),
    Switch("complaints.power", "detection", 0.0007),
    Switch("complaints.without_trust", "detection", -0.0006),
    Switch("complaints.silenced_by_fear", "detection", -2e-5),
    Switch("investigations.severity_weight", "corruption", -0.002, (*CONTROLLED, ("investigations.severity", 1.0))),
    Switch("investigations.without_effort", "detection", -0.003),
    Switch("investigations.closed_ranks", "detection", -0.01, (*CONTROLLED, ("investigations.severity", 1.0))),
    Switch("civil_society.power", "detection", 0.001),
    Switch("ddr.synchrony", "demobilised", -150),
    Switch("ddr.return_rate", "demobilised", -200),
    Switch("ddr.peer_effect", "demobilised", -5, WAR),
    Switch("ddr.hoarding", "war_pressure", 1e-5),
    Switch("ddr.head_start", "demobilised", -300),
    Switch("ddr.caseload", "demobilised", -150),
    Switch("ddr.record_brought", "abuses", 0.02),
    Switch("ddr.rejection_by_fear", "livelihoods", -0.006, WAR),
    Switch("ddr.rejection_by_grievance", "livelihoods", -0.012),
    Switch("ddr.rejection_by_record", "livelihoods", -0.005),
    Switch("ddr.record_of_disorder", "livelihoods", -0.004),
    Switch("ddr.record_of_attacks", "livelihoods", -0.004, WAR),
    Switch("ddr.hold_of_support", "demobilised", 20),
    Switch("ddr.call_to_arms", "demobilised", -80, WAR),
    Switch("funding.project_cost", "funded", -0.005),
    Switch("funding.insecurity", "funded", -0.002, WAR),
    Switch("funding.fatigue", "aid", -1e5),
    Switch("funding.audit_friction", "aid", -2000),
    Switch("funding.aid_temptation", "leakage", 0.008),
    Switch("funding.joint_programmes", "funded", 0.002),
    Switch("funding.pool_overhead", "funded", -0.008, (("funding.pooled_share", 1.0),)),
    Switch("funding.need_weight", "detection", -0.003),
    Switch("funding.progress_reward", "aid", 90000),
    Switch("funding.trust_reward", "aid", 30000),
    Switch("funding.scandal_penalty", "aid", -80000),
    Switch("funding.scandal_on_trust", "aid", -10000),
    Switch("politics.function_rate", "function", 0.005),
    Switch("politics.function_decay", "function", -0.007),
    Switch("politics.form_rate", "form", 0.03),
    Switch("politics.overload", "function", -0.003),
    Switch("politics.conditions_on_will", "will", 0.01),
    Switch("politics.conditions_unwatched", "form", -0.007),
    Switch("politics.ownership_on_will", "will", 0.03, (("politics.ownership", 1.0),)),
    Switch("politics.success_on_will", "will", -0.02),
    Switch("politics.obstruction_on_will", "will", 0.003),
    Switch("politics.threat_of_review", "resistance", 0.02, CONTROLLED),
    Switch("politics.threat_of_detection", "resistance", 0.003, CONTROLLED),
    Switch("politics.threat_of_payroll", "resistance", 0.02, (("payroll.control", 1.0),)),
    Switch("politics.threat_of_inclusion", "resistance", 0.01, (("inclusion.target", 1.0),)),
    Switch("politics.stake_of_rents", "resistance", 0.007),
    Switch("politics.stake_of_ambition", "resistance", 0.01),
    Switch("politics.ownership_lost_to_conditions", "fit", -0.008),
    Switch("politics.ownership_lost_to_mentors", "fit", -0.03, (("mentoring.coverage", 1.0),)),
    Switch("politics.fit_of_assessment", "fit", 0.02),
    Switch("politics.fit_of_ownership", "fit", 0.05),
    Switch("politics.resistance_of_elites", "resistance", 0.1),
    Switch("politics.resistance_to_misfit", "resistance", 0.04),
    Switch("politics.growth_without_fit", "function", -0.005),
    Switch("politics.ownership_slows", "function", -0.0008),
    Switch("politics.ownership_keeps", "function", 0.002),
    Switch("politics.form_unasked", "form", -0.04),
    Switch("politics.form_decay", "form", -0.03),
    Switch("politics.absorption_without_function", "absorption", -0.06),
    Switch("politics.absorption_speed", "absorption", 0.01),
    Switch("politics.implementation_by_will", "implementation", 0.07),
    Switch("politics.implementation_by_money", "implementation", 0.05),
    Switch("politics.implementation_by_guarantor", "implementation", 0.03),
    Switch("politics.implementation_obstructed", "implementation", -0.03),
    Switch("politics.mediation_effect", "implementation", 0.006),
    Switch("armed_groups.base_rate", "groups_at_war", 0.2),
    Switch("politics.veto", "credibility", -8e-4, (("country.politics.elites", 8.0),)),
    Switch("peacekeeping.caveats", "violence", 0.05, WAR),
    Switch("armed_groups.sharpness", "groups_at_war", 0.5, WAR),
    Switch("armed_groups.contest_exponent", "war_pressure", -0.2),
    Switch("armed_groups.state_prize", "war_pressure", 0.07),
    Switch("armed_groups.peace_weight", "war_pressure", -0.25),
    Switch("armed_groups.bare_peace", "war_pressure", 0.15),
    Switch("armed_groups.faith_from_quiet", "credibility", 0.1),
    Switch("armed_groups.broken_promise", "credibility", -0.015, WAR),
    Switch("armed_groups.consent_to_guard", "war_pressure", 0.035),
    Switch("armed_groups.tie_half_life", "war_pressure", -0.0045),
    Switch("armed_groups.recall_waiting", "war_pressure", 0.004),
    Switch("armed_groups.recall_settled", "war_pressure", 3.5e-4),
    Switch("state_strength.equipment_effect", "war_pressure", 0.02),
    Switch("state_strength.corruption_effect", "war_pressure", 0.035),
    Switch("state_strength.police_weight", "war_pressure", -0.04),
    Switch("armed_groups.grievance_weight", "war_pressure", 0.1),
    Switch("armed_groups.rents_weight", "war_pressure", 0.05),
    Switch("armed_groups.neighbour_weight", "war_pressure", 0.05),
    Switch("armed_groups.exclusion_weight", "war_pressure", 0.2),
    Switch("armed_groups.belief_learning", "credibility", 0.2),
    Switch("armed_groups.troops_in_contest", "war_pressure", -0.15),
    Switch("armed_groups.guarantee", "war_pressure", -0.08),
    Switch("armed_groups.war_end", "fighters", 1500, WAR),
    Switch("mobilisation.drift", "fighters", -400),
    Switch("mobilisation.recruitment", "fighters", 4000, WAR),
    Switch("mobilisation.fear_pull", "fighters", 130, WAR),
    Switch("mobilisation.informing", "fighters", -600, WAR),
    Switch("mobilisation.idle_weight", "fighters", 30, WAR),
    Switch("armed_groups.unarmed", "war_pressure", -0.002),
    Switch("mobilisation.desertion", "fighters", -100, UNPAID_GROUPS),
    Switch("fragmentation.rate", "groups_at_war", 0.1, WAR),
    Switch("violence.branching", "fear", -0.01, WAR),
    Switch("violence.one_sided", "fear", 0.02, WAR),
    Switch("violence.state_rate", "fear", 0.004, WAR),
    Switch("violence.state_one_sided", "fear", 0.004, WAR),
    Switch("violence.restraint_exponent", "fear", -0.015, WAR),
    Switch("violence.shield_exponent", "funded", 2e-4, WAR),
    Switch("violence.patrol_shield", "violence", -0.008, WAR),
    Switch("violence.backlash", "violence", 0.02, WAR),
    Switch("violence.on_mission", "fear", -0.001, WAR),
    Switch("mission.foresight", "war_pressure", -0.04),
    Switch("mission.misconduct_rate", "misconduct", 30),
    Switch("mission.consent_time", "consent", -0.015),
    Switch("mission.crowding", "will", -0.02),
    Switch("peacekeeping.look_ahead", "war_pressure", -0.04),
    Switch("peacekeeping.goodwill", "consent", 0.07),
    Switch("peacekeeping.consent_trust", "consent", -0.004),
    Switch("peacekeeping.consent_partiality", "consent", -0.06, (("mission.impartiality", 0.0),)),
    Switch("peacekeeping.consent_robust", "mission_losses", 4, WAR),
    Switch("peacekeeping.consent_scandal", "consent", -0.013),
    Switch("peacekeeping.party_partiality", "mission_losses", 11, WAR),
    Switch("peacekeeping.party_war", "mission_losses", 8, WAR),
    Switch("peacekeeping.party_belief", "mission_losses", -1.8, WAR),
    Switch("peacekeeping.misconduct_harm", "trust_mission", -0.003),
    Switch("peacekeeping.scandal_cases", "consent", -0.014),
    Switch("peacekeeping.scandal_stain", "conduct", -0.03),
    Switch("peacekeeping.clarity_weight", "mission_effectiveness", -0.045),
    Switch("peacekeeping.consent_weight", "mission_effectiveness", -0.045),
    Switch("peacekeeping.quality_weight", "mission_effectiveness", -0.035),
    Switch("peacekeeping.mobility_weight", "mission_effectiveness", -0.0025, WAR),
    Switch("peacekeeping.mobility_recovery", "mission_effectiveness", 0.0025, WAR),
    Switch("peacekeeping.need_protection", "violence", -0.04, (*WAR, ("mission.protection", 1.0))),
    Switch("peacekeeping.patrols_gain", "trust_mission", -0.00018, (("mission.protection", 1.0),)),
    Switch("peacekeeping.regional_price", "spending", -9e6, (("mission.regional_share", 1.0),)),
    Switch("peacekeeping.advice_at_war", "function", -0.0008, (*WAR, ("mission.civilians", 20.0))),
    Switch("peacekeeping.example_beside", "army_rights_norm", 0.025, (("mission.coordination", 1.0),)),
    Switch("justice.build", "disputes_recorded", 400, COURTS),
    Switch("justice.fade", "disputes_recorded", -140, COURTS),
    Switch("justice.training_gain", "disputes_recorded", 70, COURTS),
    Switch("justice.clearance", "case_clearance", 0.12),
    Switch("justice.cold", "case_clearance", -0.35),
    Switch("justice.attrition", "court_backlog", -2.3),
    Switch("justice.conviction", "certainty", 0.0044),
    Switch("justice.prison_share", "prison_crowding", 0.1),
    Switch("justice.remand", "prison_crowding", 0.18),
    Switch("justice.crowding_limit", "prison_crowding", -15, JAILS),
    Switch("justice.custody_harm", "impunity", 4e-4, JAILS),
    Switch("justice.delay_weight", "trust_justice", -0.0035),
    Switch("justice.corruption_time", "fair_access", 4.5e-4, COURTS),
    Switch("justice.exclusion_bias", "fair_access", -0.0025),
    Switch("justice.use_by_trust", "disputes_recorded", -400),
    Switch("justice.displacement", "access_to_justice", -0.006, COURTS),
    Switch("justice.customary_bias", "fair_access", -0.03),
    Switch("legal_reform.ceiling_at_start", "sanction_ceiling", -0.2),
    Switch("legal_reform.rate", "sanction_ceiling", 0.02, COURTS),
    Switch("legal_reform.without_fit", "sanction_ceiling", -0.014, COURTS),
    Switch("legal_reform.erosion", "sanction_ceiling", -0.002, COURTS),
    Switch("legal_reform.paper", "form", 0.05, COURTS),
    Switch("legal_reform.independence", "fair_access", 2.5e-4, COURTS),
    Switch("transitional_justice.truth_redress", "impunity", -6e-4, TRUTH),
    Switch("transitional_justice.trials_redress", "impunity", -0.0018, TRIALS),
    Switch("transitional_justice.reparations_redress", "impunity", -0.006, REPARATIONS),
    Switch("transitional_justice.backfire", "impunity", 0.007, TRUTH),
    Switch("transitional_justice.backfire_trials", "impunity", 0.0011, TRIALS),
    Switch("transitional_justice.memory", "impunity", -0.013),
    Switch("transitional_justice.blamed", "impunity", 0.14),
    Switch("transitional_justice.impunity_weight", "grievance", 0.016, AMNESTY),
    Switch("transitional_justice.dispute_weight", "grievance", -6e-5),
    Switch("transitional_justice.amnesty_sting", "impunity", 0.12, AMNESTY),
    Switch("transitional_justice.amnesty_lesson", "abuses", 0.035, AMNESTY),
    Switch("transitional_justice.trial_lesson", "abuses", -0.015, TRIALS),
    Switch("transitional_justice.prosecution_fear", "credibility", -0.003, TRIALS),
    Switch("transitional_justice.amnesty_faith", "credibility", 0.0014, AMNESTY),
    Switch("prevention.jobs_gain", "hardship", -0.0035, PREVENTION),
    Switch("prevention.education_gain", "hardship", -0.0014, PREVENTION),
    Switch("prevention.project_life", "hardship", 0.0018, PREVENTION),
    Switch("prevention.capture", "hardship", 0.0011, PREVENTION),
    Switch("prevention.crowding", "investment", -0.014, PREVENTION),
    Switch("humanitarian.effect", "grievance", -9e-5, RELIEF),
    Switch("humanitarian.waste", "hardship", 2e-4, RELIEF),
    Switch("humanitarian.warning", "civilian_deaths", -0.045, WAR),
    Switch("humanitarian.tax", "hardship", 2e-5, RELIEF),
    Switch("humanitarian.dependency", "returns", -160, RELIEF),
    Switch("displacement.flight_per_attack", "displaced", 1.1e5, WAR),
    Switch("displacement.flight_per_abuse", "displaced", 4800, WAR),
    Switch("displacement.fear_effect", "displaced", -3300),
    Switch("displacement.safe_zone", "displaced", -6500, WAR),
    Switch("displacement.abroad", "gbv", -0.4, WAR),
    Switch("displacement.far", "exclusion", -4e-4, WAR),
    Switch("displacement.return_rate", "returns", 3500),
    Switch("displacement.without_settlement", "displaced", 8e4),
    Switch("displacement.attacks_half", "displaced", 9e4, WAR),
    Switch("displacement.settle_rate", "displaced", -1.3e4),
    Switch("women.cohesion", "police_service", 7e-5, WOMEN),
    Switch("women.fit_effect", "fit", 0.004, WOMEN),
    Switch("women.peace_effect", "implementation", 0.0028, WOMEN),
    Switch("women.backlash", "resistance", 0.028, WOMEN),
    Switch("gbv.threat_effect", "gbv", 45, WAR),
    Switch("gbv.displaced_effect", "gbv", 5),
    Switch("gbv.by_forces", "gbv", 0.08),
    Switch("gbv.deterrence", "gbv", -0.35, RESPONSE),
    Switch("gbv.women_effect", "gbv_recorded", 4.2, WOMEN),
    Switch("gbv.trust_effect", "gbv_recorded", -4.5),
    Switch("gbv.response_effect", "gbv_recorded", 4.5, RESPONSE),
    Switch("gbv.clearance_gain", "gbv_cleared", 0.25, RESPONSE),
    Switch("gbv.news", "trust_police", -5e-4),
    Switch("economy.growth_elasticity", "hardship", -0.055, GROWTH),
    Switch("economy.dividend", "war_pressure", -0.03, GROWTH),
    Switch("economy.opportunity", "war_pressure", -0.011, GROWTH),
    Switch("economy.investment_effect", "hardship", -0.0011),
    Switch("economy.attacks_half", "investment", -0.028, WAR),
    Switch("economy.jobs_weight", "hardship", -0.011, GROWTH),
    Switch("economy.education_weight", "hardship", -0.0012, PREVENTION),
    Switch("economy.strain_weight", "hardship", -0.003, RELIEF),
    Switch("economy.service_strain", "trust_government", 2e-4),
    Switch("economy.ruin", "hardship", 9e-4, WAR),
    Switch("economy.rebuilding", "legitimacy", 4.5e-4),
    Switch("monitoring.gain", "survey_error", -0.001),
    Switch("technology.monitoring_gain", "monitoring", 0.05, (("technology.oversight", 1.0), ("funding.level", 3.0))),
    Switch("due_diligence.substitution", "police_equipment", 0.02,
           (("due_diligence.strictness", 1.0), ("due_diligence.threshold", 0.0), ("funding.level", 3.0))),
    Switch("due_diligence.resentment", "abuses", -0.03,
           (("due_diligence.strictness", 1.0), ("due_diligence.threshold", 0.0), ("funding.level", 3.0))),
    Switch("violence.crossfire", "civilian_deaths", 0.5, WAR),
    Switch("violence.fear_of_attack", "fear", 0.02, WAR),
    Switch("violence.fear_per_death", "fear", 0.007, WAR),
    Switch("violence.fear_of_fighting", "fear", 0.015, WAR),
    Switch("violence.fear_of_killing", "fear", 0.0033, WAR),
    Switch("violence.anger_per_killing", "violence", 0.024, WAR),
    Switch("violence.information", "civilian_deaths", 0.19, WAR),
    Switch("violence.skill_in_operations", "army_staff", 7, WAR),
    Switch("violence.mobility_lost", "mission_effectiveness", -0.0025, WAR),
    Switch("military.need_per_attack", "abuses", 0.3, WAR),
    Switch("military.need_per_fighter", "trust_army", -3.5e-4, WAR),
    Switch("military.stays", "trust_army", 0.004),
    Switch("military.abuse_rate", "abuses", 0.8),
    Switch("military.threat_effect", "abuses", -2.3),
    Switch("military.norm_effect", "abuses", -0.3),
    Switch("military.deterrence", "abuses", -0.019, WAR),
    Switch("military.record_effect", "abuses", -0.3, WAR),
    Switch("military.anger_per_abuse", "violence", 0.03, WAR),
    Switch("military.fear_per_abuse", "fear", 0.0022),
    Switch("military.killed_per_abuse", "civilian_deaths", 0.056),
)

# Judged by a test of their own: what they change is a spread, or too rare for twelve pairs. A test of another file in
# this folder is named with it: "test_people.py::test_name".
JUDGED_APART = {
    "justice.prosecution": "test_justice.py::test_slow_prosecutors_spare_the_courts_their_backlog",
    "transitional_justice.amnesty_pull": "test_justice.py::test_groups_at_war_settle_sooner_under_an_amnesty",
    "armed_groups.linkage": "test_a_settlement_brings_others_sooner",
    "armed_groups.parties": "test_conflict_steps.py::test_one_step_answers_to_its_parameter[armed_groups.parties]",
    "armed_groups.shock_sd": "test_shocks_to_the_value_of_war_spread_histories",
    "armed_groups.spoiler_rate": "test_spoilers_attack_from_within_a_peace",
    "corruption.learning":
        "test_mission_and_learning.py::test_budget_holders_keep_less_the_larger_the_penalty[1.0-0.14]",
    "corruption.patron_shield": "test_control_and_money.py::test_a_patron_shields_his_commander_from_sanctions",
    "corruption.penalty":
        "test_mission_and_learning.py::test_budget_holders_keep_less_the_larger_the_penalty[1.0-0.14]",
    "corruption.wage_price_effect": "test_control_and_money.py::test_better_paid_officers_ask_for_more",
    "due_diligence.error": "test_control_and_money.py::test_checkers_err",
    "due_diligence.fear_of_loss":
        "test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[support-at-stake-restrains-abuse]",
    "funding.leak_to_groups": "test_diverted_money_feeds_armed_groups",
    "funding.persistence": "test_control_and_money.py::test_a_bad_year_for_a_donor_is_followed_by_another",
    "funding.wage_leak": "test_control_and_money.py::test_wages_leak_where_no_payroll_is_verified",
    "learning.attribution":
        "test_mission_and_learning.py::test_activities_are_chosen_by_results_only_where_monitoring_can_tell",
    "learning.gain":
        "test_mission_and_learning.py::test_adaptive_money_helps_where_monitoring_is_good_and_harms_where_there_is_none",
    "learning.reallocation": "test_mission_and_learning.py::test_money_follows_recorded_results",
    "learning.start_up": "test_mission_and_learning.py::test_what_is_begun_anew_delivers_less",
    "monitoring.donor_sight":
        "test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[evaluation-lets-donors-see-the-function-behind-the-form]",
    "monitoring.weariness":
        "test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[frequent-surveys-tire-people]",
    "politics.growth_in_conflict": "test_control_and_money.py::test_revenue_answers_to_peace",
    "politics.growth_in_peace": "test_control_and_money.py::test_revenue_answers_to_peace",
    "technology.detection":
        "test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[digital-control-finds-misconduct]",
    "technology.payroll_gain":
        "test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[digital-payrolls-have-fewer-ghosts]",
    "technology.surveillance":
        "test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[surveillance-by-corrupt-officers-costs-trust]",
    "violence.campaign_sd": "test_campaigns_make_violence_swing",
    "violence.spoiling_cell": "test_spoilers_attack_from_within_a_peace",
    "violence.to_neighbours": "test_attacks_spread_along_the_roads",
    **{f"shocks.{kind}": f"test_shocks.py::test_random_shocks_come_at_their_rate[{kind}]" for kind in SHOCK_KINDS},
    **{f"shocks.{name}": f"test_shocks.py::test_what_a_shock_does_at_once[{name}]" for name in (
        "broken_command", "lost_revenue", "scandal_contacts", "scandal_anger", "scandal_distrust", "arms_from_war",
        "sponsors_from_war", "contested", "breakaway_share", "pandemic_setback")},
    "shocks.recovery": "test_shocks.py::test_what_a_shock_took_is_rebuilt",
    **{key: f"test_mission_and_learning.py::{test}" for key, test in {
        "mandate.binding": "test_no_more_troops_than_authorised_until_the_mandate_is_reviewed",
        "mandate.grant": "test_no_more_troops_than_authorised_until_the_mandate_is_reviewed",
        "mandate.doubt": "test_a_short_mandate_is_a_weak_promise_to_the_parties",
        "peacekeeping.conduct_weight": "test_better_conduct_raises_trust_in_the_mission_unless_conduct_is_not_seen",
        "peacekeeping.joint_gain": "test_coordination_adds_where_soldiers_are",
        "peacekeeping.local_information": "test_those_who_know_the_place_send_contingents_where_they_are_needed",
        "peacekeeping.collaboration_risk": "test_local_people_who_work_with_the_mission_become_targets",
        "peacekeeping.broken_promise": "test_a_safe_zone_that_fails_costs_trust_in_the_mission",
        "peacekeeping.regional_mediation": "test_regional_knowledge_helps_mediation",
    }.items()},
    **{key: f"test_mission_and_learning.py::test_mechanism_works_and_can_be_switched_off[{claim.replace(' ', '-')}]"
       for key, claim in {
        "mandate.regional_lead": "a regional force is there sooner",
        "peacekeeping.protection_gain": "force protection saves peacekeepers",
        "peacekeeping.enforcement_gain": "enforcement restrains groups at war",
        "peacekeeping.enforcement_robust": "enforcement costs consent",
        "peacekeeping.enforcement_risk": "enforcement costs lives",
        "peacekeeping.complicity": "the state's abuse falls on a mission that works with it",
        "peacekeeping.local_fit": "local links make reform fit",
        "peacekeeping.regional_quality": "a regional force is less well equipped",
        "peacekeeping.regional_interest": "neighbours bring their interests",
        "peacekeeping.advice_gain": "advice makes institutions work where the state owns reform",
        "peacekeeping.advice_crowding": "experts crowd out the state's own will",
        "peacekeeping.example": "police learn from mission police in their stations",
        "peacekeeping.colocation_cost": "co-location costs patrols against crime",
    }.items()},
    "peacekeeping.zone_effort": "test_safe_zones.py::test_guarded_zones_are_attacked_less_and_other_places_more",
    "peacekeeping.zone_standing": "test_safe_zones.py::test_a_standing_zone_is_not_lightly_given_up",
    "military.contagion": "test_conflict_steps.py::test_a_mutiny_spreads_along_the_chain_of_command",
    **{key: f"test_conflict_steps.py::test_one_step_answers_to_its_parameter[{key}]" for key in (
        "armed_groups.hostility_weight", "armed_groups.protection_cost", "armed_groups.cohesion_effect",
        "armed_groups.unrest_rate", "armed_groups.shock_weight", "state_strength.absence",
        "state_strength.skill_effect", "armed_groups.exhaustion", "armed_groups.mediation_effect",
        "armed_groups.holdout_pace", "armed_groups.ties_of_war", "armed_groups.spoiler_sharpness",
        "armed_groups.spoiling_unrest", "armed_groups.election_season", "mobilisation.limit",
        "mobilisation.sponsor_money", "fragmentation.cohesion_holds", "fragmentation.risk_left",
        "fragmentation.consent_kept", "fragmentation.hostility_gained", "military.watch", "military.stranger_effect",
        "military.record_per_abuse", "military.mutiny_rate", "military.arrears_effect", "military.corruption_effect",
        "military.inequity_effect", "military.discipline_effect", "military.defection", "military.coup",
        "military.will_lost", "military.loyalty_lost", "military.strike_weeks", "military.arrears_settled",
        "restructuring.power", "restructuring.patronage_turnover", "restructuring.disruption",
        "restructuring.resentment", "restructuring.threat",
    )},
    "trust.out_group": "test_people.py::test_a_neighbour_of_another_group_counts_for_less",
}
# Judged in the phase of the mechanism alone, on a state in which it has something to do.
JUDGED_APART |= {switch.key: f"test_forces.py::test_mechanism_does_its_work_in_its_phase[{switch.key}]"
                 for switch in IN_PHASE}


def place(test: str) -> str:
    """What pytest calls a test of this folder: `test` as in JUDGED_APART, of this file unless it names another."""
    file, _, name = test.rpartition("::")
    return f"tests/mechanisms/{file or Path(__file__).name}::{name}"


def names_in(file: Path) -> set[str]:
    """Names of the tests that a file defines, read without running it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def country(given: Settings) -> Scenario:
    return Scenario.load("baseline").with_levers({"country.communities": 60} | dict(given))


@cache
def series(given: Settings, key: str = "", value: float = 0.0) -> np.ndarray:
    """Indicators, shape (pairs, weeks, indicators); without a key of the country as it is."""
    scenario = country(given).with_levers({key: value}) if key else country(given)
    ensemble = run_ensemble(scenario, years=YEARS, replicates=PAIRS, seed=SEED)
    return np.stack([ensemble.series[name] for name in INDEX], axis=2)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.key)
def test_mechanism_does_what_it_is_for(switch: Switch) -> None:
    off = country(switch.given).parameters[switch.key].off
    assert off is not None
    gaps = series(switch.given) - series(switch.given, switch.key, off)
    gaps = gaps[:, 52:, INDEX[switch.indicator]].mean(axis=1)
    sign = np.sign(switch.least)
    assert sign * gaps.mean() >= abs(switch.least)
    assert (np.sign(gaps) == sign).sum() >= 4
    assert (np.sign(gaps) == -sign).sum() <= 2


def test_a_settlement_brings_others_sooner() -> None:
    """A group settles 4 times as often within half a year of another: fewer group-weeks of war in 64 pairs."""
    weeks = {}
    for linkage in (1.0, 4.0):
        scenario = country(WAR).with_levers({"armed_groups.linkage": linkage, "armed_groups.war_end": 0.6})
        ensemble = run_ensemble(scenario, years=YEARS, replicates=64, seed=SEED)
        weeks[linkage] = ensemble.series["groups_at_war"].sum(axis=1)
    assert (weeks[4.0] - weeks[1.0]).mean() < 0
    assert (weeks[4.0] < weeks[1.0]).sum() > (weeks[4.0] > weeks[1.0]).sum()


def test_shocks_to_the_value_of_war_spread_histories() -> None:
    """Half a year on, pairs differ by half the shock of their run, up and down; under no shock all would be equal."""
    gaps = (series(PEACE) - series(PEACE, "armed_groups.shock_sd", 0.0))[:, 26, INDEX["war_pressure"]]
    assert gaps.std() > 0.02
    assert gaps.min() < 0 < gaps.max()


def test_campaigns_make_violence_swing() -> None:
    """Attacks per quarter vary more about their mean within a run, in nine of twelve pairs (7 % if it were a toss)."""

    def unevenness(values: np.ndarray) -> np.ndarray:
        quarters = values[:, : 13 * 23].reshape(PAIRS, 23, 13).sum(axis=2)
        return quarters.var(axis=1) / np.maximum(quarters.mean(axis=1), 1.0)

    place = INDEX["violence"]
    swinging = unevenness(series(WAR)[:, :, place])
    steady = unevenness(series(WAR, "violence.campaign_sd", 0.0)[:, :, place])
    assert (swinging > steady).sum() >= 9
    assert swinging.mean() > 1.5 * steady.mean()


def test_spoilers_attack_from_within_a_peace() -> None:
    """A signatory that spoils fights with a cell; without spoilers, or without their cells, there is less violence."""
    given = {"armed_groups.base_rate": 0.0, "armed_groups.spoiler_rate": 0.04, "mission.troops": 0.0,
             "fragmentation.rate": 0.0}
    scenario = country(PEACE).with_levers({**given, "country.agreement.ceasefire_holding": 1.0})
    attacks = {}
    for changes in ((), (("armed_groups.spoiler_rate", 0.0),), (("violence.spoiling_cell", 0.0),)):
        ensemble = run_ensemble(scenario.with_levers(dict(changes)), years=YEARS, replicates=32, seed=SEED)
        attacks[changes] = ensemble.series["violence"].sum(axis=1)
    both, no_spoilers, no_cells = attacks.values()
    assert both.sum() > 4
    assert no_spoilers.sum() == no_cells.sum() == 0


def test_attacks_spread_along_the_roads() -> None:
    """A group of one region alone: excitation carries attacks to places where it has neither fighters nor followers."""
    base = country(WAR).with_levers({"country.army.size": 0.0})  # defectors would carry the war elsewhere
    region, first = base.country.regions[0].name, base.country.armed_groups[0]
    group = first.model_copy(update={"base_regions": {region: 1.0}})
    near = dataclasses.replace(base, country=base.country.model_copy(update={"armed_groups": (group,)}))
    abroad = {}
    for share in (0.5, 0.0):
        scenario = near.with_levers({"violence.to_neighbours": share})
        template, abroad[share] = prepare(scenario, 156, events=20_000), 0
        for seed in range(6):
            world = start(template, seed)
            advance(world, new_series(156))
            events = world.events[: int(world.clock["events"][0])]
            attacks = events[np.isin(events["kind"], (ATTACK_ON_FORCES, ATTACK_ON_CIVILIANS, ATTACK_ON_MISSION))]
            abroad[share] += int((world.communities["region"][attacks["place"]] != 0).sum())
    assert abroad[0.5] > 5
    assert abroad[0.0] == 0


def test_diverted_money_feeds_armed_groups() -> None:
    chests = []
    for leak in (country(PEACE).value("funding.leak_to_groups"), 0.0):
        world = start(prepare(country(PEACE).with_levers({"funding.leak_to_groups": leak}), 104), SEED)
        advance(world, new_series(104))
        chests.append(world.groups["money"].sum())
    assert chests[0] > chests[1] + 1000


def test_every_off_switch_has_a_test() -> None:
    """Levers are judged by their manipulation checks."""
    declared = {key for key, row in catalogue(BLOCKS).items() if row.off is not None and row.role != "lever"}
    judged = [switch.key for switch in SWITCHES] + list(JUDGED_APART)
    assert declared == set(judged)
    assert len(judged) == len(set(judged))


@pytest.mark.parametrize("key", JUDGED_APART)
def test_every_test_that_judges_apart_exists(key: str) -> None:
    """A test with several cases may be named with one of them: "test_name[case]"."""
    file, _, name = place(JUDGED_APART[key]).partition("::")
    assert name.partition("[")[0] in names_in(Path(__file__).parents[2] / file)
