"""Police, army, trust and legitimacy: each mechanism in its own phase, on and switched off, on the same draws.

One small country is put in a state in which every mechanism has something to do. A phase runs once over half a year;
what the mechanism changes is the mean of one field, on less off. `least` is half of what was measured.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from ssr_sim import Scenario
from ssr_sim.run import prepare, start
from ssr_sim.world import PHASES, World

HALF_YEAR = 0.5


class Switch(NamedTuple):
    """In `phase`, the mechanism of parameter `key` changes the mean of `field` by at least `least`, with its sign."""

    key: str
    phase: str
    field: str
    least: float


IN_PHASE = (
    Switch("training.learning", "train_and_equip_police", "police.skill", 0.0024),
    Switch("training.fit_weight", "train_and_equip_police", "police.skill", -0.001),
    Switch("training.absorption_weight", "train_and_equip_police", "police.skill", -0.0017),
    Switch("training.ceiling_without_will", "train_and_equip_police", "police.skill", -0.0074),
    Switch("training.wrong_people", "train_and_equip_police", "police.skill", -0.00062),
    Switch("training.rights_displace", "train_and_equip_police", "police.skill", -0.00043),
    Switch("training.practice", "train_and_equip_police", "police.skill", 0.0082),
    Switch("training.rights_learning", "train_and_equip_police", "police.rights_norm", 0.0017),
    Switch("training.norm_erosion", "train_and_equip_police", "police.rights_norm", -0.0048),
    Switch("training.professional_discipline", "train_and_equip_army", "military.discipline", -0.02),
    Switch("mentoring.diffusion", "train_and_equip_police", "police.rights_norm", 0.0042),
    Switch("mentoring.keeps_skill", "train_and_equip_police", "police.skill", 0.0034),
    Switch("mentoring.keeps_discipline", "train_and_equip_army", "military.discipline", -0.012),
    Switch("equipment.diverted", "train_and_equip_police", "police.equipment", -0.008),
    Switch("pay.arrears_attrition", "staff_the_police", "police.staff", -4.1),
    Switch("payroll.strike_rate", "staff_the_police", "police.ghosts", -1),
    Switch("personnel.catch_up", "staff_the_police", "police.arrears", -1.5),
    Switch("personnel.absence", "staff_the_police", "police.present", -0.22),
    Switch("personnel.absence_by_morale", "staff_the_police", "police.present", -0.064),
    Switch("personnel.morale_pay", "staff_the_police", "police.morale", 0.074),
    Switch("personnel.morale_arrears", "staff_the_police", "police.morale", -0.11),
    Switch("personnel.morale_mentors", "staff_the_police", "police.morale", 0.015),
    Switch("personnel.discipline_arrears", "train_and_equip_army", "military.discipline", -0.022),
    Switch("personnel.loyalty_legitimacy", "staff_the_army", "military.loyalty", -0.03),
    Switch("personnel.loyalty_discipline", "staff_the_army", "military.loyalty", -0.026),
    Switch("personnel.loyalty_arrears", "staff_the_army", "military.loyalty", -0.033),
    Switch("personnel.recruit_professionalism", "staff_the_army", "military.professionalism", -0.0069),
    Switch("personnel.bad_habits", "staff_the_police", "police.corrupt", 0.00084),
    Switch("inclusion.turnover", "staff_the_police", "police.imbalance", -0.0037),
    Switch("inclusion.exclusion_ended", "staff_the_police", "communities.excluded", -0.002),
    Switch("vetting.gate_power", "staff_the_police", "government.pool_police", 11),
    Switch("vetting.evidence", "review_files", "police.abuse_record", -0.01),
    Switch("vetting.needs_complaints", "review_files", "police.abuse_record", 0.0067),
    Switch("vetting.needs_independence", "review_files", "police.abuse_record", 0.0036),
    Switch("vetting.false_alarm", "review_files", "police.staff", -0.13),
    Switch("vetting.reinstatement", "review_files", "government.pool_police", -46),
    Switch("vetting.corrupt_abusers", "review_files", "police.corrupt", -0.009),
    Switch("policing.skill_share", "police_work", "police.service", -0.051),
    Switch("policing.equipment_share", "police_work", "police.service", -0.038),
    Switch("policing.staff_half", "police_work", "police.service", -0.062),
    Switch("policing.corruption_loss", "police_work", "police.service", -0.027),
    Switch("policing.information", "police_work", "police.service", -0.0097),
    Switch("policing.hardship_effect", "police_work", "communities.crimes", 97),
    Switch("policing.guardianship", "police_work", "communities.crimes", -38),
    Switch("policing.crime_deterrence", "police_work", "communities.crimes", -120),
    Switch("policing.homicide_rate", "police_work", "country.criminal_deaths", 120),
    Switch("policing.gang_killing", "police_work", "country.criminal_deaths", 98),
    Switch("policing.un_police_exponent", "police_work", "country.criminal_deaths", -29),
    Switch("policing.abuse_rate", "police_work", "country.abuses_month", 25),
    Switch("policing.record_effect", "police_work", "country.abuses_month", 8),
    Switch("policing.norm_restrains", "police_work", "country.abuses_month", -13),
    Switch("policing.certainty_restrains", "police_work", "country.abuses_month", -6.5),
    Switch("policing.abuse_anger", "police_work", "communities.anger", 0.031),
    Switch("policing.new_abusers", "police_work", "police.abuse_record", 0.0005),
    Switch("community_policing.rotation", "police_work", "police.contact", -0.037),
    Switch("trust.army_protects", "community_experience", "communities.good_army", 0.011),
    Switch("trust.unhelpful", "community_experience", "communities.bad_army", 0.0064),
    Switch("trust.excluded_service", "community_experience", "communities.good_government", -0.01),
    Switch("trust.safety_in_service", "community_experience", "communities.good_government", -0.0045),
    Switch("trust.news_contacts", "community_experience", "communities.good_government", 0.0029),
    Switch("trust.programme_contacts", "community_experience", "communities.good_police", 0.0082),
    Switch("trust.without_means", "community_experience", "communities.good_police", -0.0026),
    Switch("trust.help_sought", "community_experience", "communities.good_police", -0.0048),
    Switch("trust.leniency", "community_experience", "communities.good_police", 0.02),
    Switch("trust.unfairness", "community_experience", "communities.good_police", -0.0037),
    Switch("trust.abusers_unfair", "community_experience", "communities.good_police", -0.037),
    Switch("trust.abuse_weight", "community_experience", "communities.bad_police", 0.0019),
    Switch("trust.disappointment", "community_experience", "communities.bad_police", 0.005),
    Switch("trust.exclusion_weight", "community_experience", "communities.bad_police", 0.0087),
    Switch("trust.news_raises", "community_experience", "communities.expectation", 0.009),
    Switch("trust.programme_raises", "community_experience", "communities.expectation", 0.0022),
    Switch("trust.sobering", "community_experience", "communities.expectation", -0.03),
    Switch("trust.negativity", "community_trust", "communities.trust_police", -0.017),
    Switch("trust.influence", "community_trust", "communities.trust_police", 0.021),
    Switch("trust.leader_pull", "community_trust", "communities.trust_police", 0.00092),
    Switch("legitimacy.courts_in_legality", "legitimacy_and_grievance", "communities.legitimacy", 0.0079),
    Switch("legitimacy.norm_in_legality", "legitimacy_and_grievance", "communities.legitimacy", -0.018),
    Switch("legitimacy.service_of_police", "legitimacy_and_grievance", "communities.legitimacy", 0.019),
    Switch("legitimacy.fear_in_service", "legitimacy_and_grievance", "communities.legitimacy", -0.014),
    Switch("legitimacy.consent_police", "legitimacy_and_grievance", "communities.legitimacy", 0.012),
    Switch("legitimacy.consent_army", "legitimacy_and_grievance", "communities.legitimacy", 0.0078),
    Switch("legitimacy.grievance_hardship", "legitimacy_and_grievance", "communities.grievance", 0.016),
    Switch("legitimacy.grievance_exclusion", "legitimacy_and_grievance", "communities.grievance", 0.01),
    Switch("legitimacy.grievance_anger", "legitimacy_and_grievance", "communities.grievance", 0.0069),
    Switch("legitimacy.reporting_by_trust", "legitimacy_and_grievance", "communities.cooperation", 0.094),
    Switch("legitimacy.reporting_by_fear", "legitimacy_and_grievance", "communities.cooperation", -0.023),
)

# a state in which every mechanism has something to do
STATE = {
    "communities": {"attacks": 1.0, "soldiers": 150.0, "troops": 60.0, "un_police": 50.0, "excluded": 0.4,
                    "expectation": 0.7, "certainty": 0.3, "fear": 0.4, "anger": 0.3, "police_abuse": 2.0,
                    "army_abuse": 2.0, "gangs": 300.0, "cooperation": 0.3, "trust_army": 0.7,
                    "trust_justice": 0.8, "customary": 0.6},
    "police": {"staff": 200.0, "ghosts": 50.0, "corrupt": 0.4, "rights_norm": 0.4, "abuse_record": 0.8, "arrears": 12.0,
               "mentored": 0.3, "contact": 0.3, "skill": 0.4, "equipment": 0.3, "present": 0.8, "imbalance": 0.3,
               "service": 0.5},
    "military": {"staff": 200.0, "arrears": 12.0, "corrupt": 0.4},
    "government": {"pool_police": 2000.0, "fit": 0.5, "will": 0.4, "absorption": 0.4, "function": 0.2, "form": 0.5,
                   "legitimacy": 0.4},
    "oversight": {"deterrence": 0.2},
    "ledger": {"delivered": 1.0},
}


@pytest.fixture(scope="module")
def at_work(baseline: Scenario) -> Callable[[str, float | None], World]:
    """The country in that state, with the parameter `key` as it is or at `value`."""
    template = prepare(baseline.with_levers({"country.communities": 40, "vetting.coverage": 1.0}), 52)

    def make(key: str, value: float | None = None) -> World:
        world = start(template, 1)
        for table, fields in STATE.items():
            for field, number in fields.items():
                getattr(world, table)[field] = number
        world.communities["trust_police"] = np.linspace(0.5, 0.9, len(world.communities))
        if value is not None:
            block, name = key.split(".")
            getattr(world.parameters, block)[name] = value
        return world

    return make


@pytest.mark.parametrize("switch", IN_PHASE, ids=lambda switch: switch.key)
def test_mechanism_does_its_work_in_its_phase(
    switch: Switch, at_work: Callable[..., World], baseline: Scenario
) -> None:
    means = []
    for value in (None, baseline.parameters[switch.key].off):
        world = at_work(switch.key, value)
        PHASES[switch.phase].function(world, HALF_YEAR)
        table, field = switch.field.split(".")
        means.append(getattr(world, table)[field].mean())
    gap = means[0] - means[1]
    assert np.sign(switch.least) * gap >= abs(switch.least), f"{gap:.3g}"
