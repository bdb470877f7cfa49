"""Every rule of the submodels, as plain Python: the range of its result and its direction in each argument.

`LAWS` says of each argument of each rule whether the result rises with it, falls with it, or is open (the
literature disagrees, or the sign depends on the other arguments). A rule without a law fails a test, so none
stays untested.
"""

import importlib
import inspect
import math
import pkgutil
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.dispatcher import Dispatcher

import ssr_sim.submodels
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
from ssr_sim.world import PHASES
from tests.rules.common import ROUNDING, quick, title

INFINITE = math.inf


class Law(NamedTuple):
    """How a rule's result answers to each argument, its range, and where arguments lie (else 0-1)."""

    rule: Dispatcher
    rises: str = ""
    falls: str = ""
    open: str = ""
    range: tuple[float, float] = (0.0, 1.0)
    where: dict[str, tuple[float, float]] = {}  # noqa: RUF012 - never changed

    def arguments(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({name: self.value(name) for name in names(self.rule)})

    def value(self, name: str) -> st.SearchStrategy[Any]:
        if name in FLAGS:
            return st.sampled_from([0.0, 1.0])
        return st.floats(*{**RANGES, **self.where}.get(name, (0.0, 1.0)))


FLAGS = ("arithmetic", "bottleneck", "signed", "gained", "wage_line")
# ranges by name of the argument where they are the same in every rule
RANGES = {
    "dt": (1e-3, 0.1),
    "exponent": (0.3, 2.0),
    "half": (1.0, 1e3),
    "arrears": (0.0, 60.0),
    "fighters": (0.0, 1e5),
    "soldiers": (0.0, 1e5),
    "officers": (0.0, 1e5),
    "people": (0.0, 1e7),
    "staff": (0.0, 1e5),
}
ANY = (-INFINITE, INFINITE)
COUNT = (0.0, INFINITE)

LAWS = (
    Law(
        trust.remember,
        "memory contacts forgetting",
        "dt",
        range=COUNT,
        where={"memory": (0, 50), "contacts": (0, 5), "forgetting": (0.5, 10)},
    ),
    Law(
        trust.reputation,
        "good prior",
        "bad negativity",
        "prior_weight",
        where={"good": (0, 50), "bad": (0, 50), "negativity": (1, 4), "prior_weight": (0.1, 3)},
    ),
    Law(trust.follow, "trust experience neighbours", "", "influence inertia dt", where={"inertia": (0.3, 5)}),
    # `total` is a sum of trusts with weights that add up to `weight`
    Law(trust.said, "total voice", "weight", where={"weight": (0.1, 1), "voice": (-0.2, 0.2)}),
    # officers with a record may be fairer than the others where the norm of the unit is worse than theirs
    Law(trust.fair_contact, "rights_norm", "corrupt bribe_per_contact unfairness abusers_unfair", "record"),
    Law(trust.helpful_contact, "service", "help_sought"),
    Law(
        trust.standing_grudge,
        "shortfall excluded imbalance disappointment exclusion_weight",
        range=(0.0, 2.0),
    ),
    Law(trust.good_share, "fair helpful leniency"),
    Law(trust.safe_share, "unsafe", "attacks", where={"attacks": (0, 50), "unsafe": (1, 10)}),
    Law(trust.seen_share, "present", "half", where={"present": (0, 1e4)}),
    Law(trust.expectation_after, "expectation felt raised", "", "sobering dt"),
    Law(legitimacy.legitimacy_of, "legality service consent arithmetic"),
    Law(
        legitimacy.service_pillar,
        "services function police",
        "",
        "of_state of_police",
        where={"of_state": (0, 0.6), "of_police": (0, 0.4)},
    ),
    Law(
        legitimacy.consent_pillar,
        "government police army",
        "",
        "of_police of_army",
        where={"of_police": (0, 0.5), "of_army": (0, 0.5)},
    ),
    Law(legitimacy.grievance_target, "hardship exclusion anger by_hardship by_exclusion by_anger", "legitimacy"),
    Law(
        legitimacy.cooperation_of,
        "trust_police",
        "fear by_fear",
        "by_trust",
        where={"by_trust": (0, 8), "by_fear": (0, 3)},
    ),
    Law(
        corruption.extraction,
        "opportunity peers contagion",
        "detection integrity cost",
        "spread",
        where={"opportunity": (-3, 3), "cost": (0.5, 2), "spread": (0.1, 1)},
    ),
    Law(
        corruption.opportunity_at_rest,
        "detection integrity cost",
        "contagion",
        "corrupt spread",
        range=ANY,
        where={"cost": (0.5, 2), "spread": (0.1, 1)},
    ),
    # better pay eases need but may raise the price of a bribe
    Law(
        corruption.need_and_price,
        "arrears need_weight",
        "need_months",
        "pay price_effect",
        range=ANY,
        where={"pay": (0.5, 3), "price_effect": (-0.3, 0.3), "need_months": (3, 12)},
    ),
    Law(oversight.chance_of_detection, "review audit complaint society", "capture"),
    Law(oversight.capture_target, "corruption obstruction corruptible", "independence shield"),
    Law(oversight.courage, "trust without_trust", "fear silenced"),
    Law(corruption.payoff_of, "norm", "loss", "kept", range=(-INFINITE, 1.0), where={"loss": (0, 5)}),
    Law(
        corruption.directed_learning,
        "",
        "",
        "step gained largest trial",
        range=(-1.0, 1.0),
        where={"step": (-1, 1)},
    ),
    Law(restructuring.loss_rate, "turnover effort power", "obstruction", range=COUNT),
    Law(restructuring.placing_rate, "turnover obstruction", "", range=COUNT),
    Law(donors.shock_spread, "volatility", "horizon", range=COUNT, where={"horizon": (1, 10)}),
    Law(
        oversight.sanction_chance,
        "pursued ceiling usual",
        "severity",
        "closed_ranks",
        where={"usual": (0.05, 1), "closed_ranks": (0, 0.8)},
    ),
    Law(oversight.weight_of_severity, "severity", "usual", "weight", range=(0.0, 2.0)),
    Law(justice.supported_capacity, "base built"),
    Law(justice.cases_a_year, "people caseload capacity skill gain", range=COUNT, where={"caseload": (0, 500)}),
    Law(justice.cleared_share, "service clearance dt", where={"clearance": (0, 6)}),
    Law(justice.passed_on, "waiting capacity", range=COUNT, where={"waiting": (0, 1e4), "capacity": (0, 1e4)}),
    Law(
        justice.timeliness_of,
        "capacity patience",
        "waiting",
        where={"waiting": (0, 1e4), "capacity": (0, 1e4), "patience": (0.3, 2)},
    ),
    Law(justice.fair_trial, "", "corrupt bribe excluded bias"),
    Law(justice.conduct_of_courts, "fair timeliness", "delay_weight"),
    Law(justice.formal_share, "capacity trust", "use_by_trust"),
    Law(justice.access_of, "customary formal"),
    # a fair court may be better or worse than the elders whose place it takes
    Law(justice.fair_access_of, "formal elders_fair court_fair", "excluded bias", "customary"),
    Law(
        justice.admitted_share,
        "places limit",
        "wanted held",
        where={"wanted": (0, 500), "held": (0, 5000), "places": (0, 5000), "limit": (1, 4)},
    ),
    Law(justice.believed, "belief certainty", "", "belief_time dt", where={"belief_time": (0.5, 5)}),
    Law(justice.reform_growth, "rate effort will fit without_fit"),
    Law(justice.elders_reach, "customary", "built displacement"),
    Law(justice.ceiling_after, "ceiling start growth", "", "erosion dt"),
    Law(justice.court_corruption_target, "local national", "reformed independence", "weight"),
    Law(transitional_justice.process_quality, "absorption will", "corrupt"),
    # a bad process does the more harm, the more of it there is
    Law(
        transitional_justice.redress_rate,
        "quality",
        "backfire",
        "effort speed",
        range=ANY,
        where={"backfire": (0, 0.9)},
    ),
    Law(
        transitional_justice.harm_after,
        "harm new memory",
        "redress",
        "dt",
        range=COUNT,
        where={"harm": (0, 50), "new": (0, 5), "redress": (-0.3, 0.3), "memory": (5, 60)},
    ),
    Law(
        transitional_justice.impunity_of,
        "harm amnesty sting",
        "half",
        where={"harm": (0, 50), "half": (0.2, 1.5), "sting": (0, 1.5)},
    ),
    Law(
        transitional_justice.injustice_of,
        "impunity impunity_weight dispute_weight",
        "fair_access",
        range=(0.0, 2.0),
    ),
    Law(
        transitional_justice.lesson_target,
        "trials trial_lesson",
        "amnesty amnesty_lesson",
        range=(-1.0, 1.0),
    ),
    # threat against full threat, strangeness against the middling
    Law(
        military.abuse_mean,
        "soldiers rate threat out_group dt",
        "rights_norm certainty",
        range=COUNT,
        where={"threat": (-1, 0), "out_group": (-0.5, 0.5)},
    ),
    Law(military.mutiny_rate, "base arrears corrupt inequity nearby", "discipline", range=COUNT),
    Law(
        armed_groups.belief,
        "good prior_good",
        "bad prior_bad",
        where={"good": (0, 50), "bad": (0, 50), "prior_good": (0.1, 5), "prior_bad": (0.1, 5)},
    ),
    Law(armed_groups.guaranteed, "credibility guarantee troops", "half", where={"troops": (0, 1e5)}),
    Law(armed_groups.guard, "troops consent", "", "consent_weight", range=COUNT, where={"troops": (0, 1e5)}),
    Law(state_strength.at_post, "soldiers usual least", "arrears absence", range=COUNT),
    Law(
        state_strength.fighting_strength,
        "present skill equipment",
        "corrupt",
        range=COUNT,
        where={"present": (0, 1e5), "skill": (-0.5, 0.9), "equipment": (-0.5, 0.9)},
    ),
    Law(
        armed_groups.worth_of_arms,
        "weapons unarmed",
        "people",
        where={"people": (0, 1e5), "weapons": (0, 1e5)},
    ),
    Law(
        armed_groups.contest,
        "rebels",
        "state",
        "exponent",
        where={"rebels": (1e-3, 1e6), "state": (1e-3, 1e6)},
    ),
    Law(
        armed_groups.value_of_war,
        "odds prize grievance hostility shock",
        range=ANY,
        where={"prize": (0, 2), "grievance": (-1, 1), "hostility": (-1, 1), "shock": (-1, 1)},
    ),
    Law(
        armed_groups.value_of_peace,
        "weight credibility settlement bare",
        "exclusion exclusion_weight",
        "signed",
        range=COUNT,
        where={"weight": (0, 2)},
    ),
    Law(
        armed_groups.war_rate,
        "base war",
        "peace",
        "sharpness",
        range=COUNT,
        where={"sharpness": (0, 10), "war": (-2, 2), "peace": (-2, 2)},
    ),
    Law(armed_groups.patience_of_many, "", "parties exponent", where={"parties": (1, 9)}),
    # what losses, exhaustion, mediation and pace multiply may have either sign
    Law(
        armed_groups.settlement_rate,
        "base losses mediation linkage pace",
        "",
        "exhaustion",
        range=COUNT,
        where={"losses": (-1, 1), "exhaustion": (0, 2), "mediation": (0, 2), "linkage": (1, 4)},
    ),
    Law(fragmentation.split_rate, "base risk unrest", "held", range=COUNT),
    Law(
        mobilisation.strength_sought,
        "old_strength recruitment grievance fear_of_state idleness",
        "informed",
        range=COUNT,
        where={"old_strength": (0, 1e5), "recruitment": (0, 2), "idleness": (-0.1, 0.2)},
    ),
    Law(due_diligence.withheld_share, "record strictness", "threshold"),
    Law(
        capacity.political_ceiling,
        "will function",
        "",
        "without_will by_will",
        where={"without_will": (0, 0.6), "by_will": (0, 0.6)},
    ),
    Law(capacity.quality_of_programme, "fit absorption", "fit_weight absorption_weight"),
    Law(
        capacity.discipline_target,
        "professionalism mentored",
        "by_professionalism by_mentors",
        where={"by_professionalism": (0, 0.6), "by_mentors": (0, 0.4)},
    ),
    Law(
        capacity.skill_after,
        "skill taught ceiling learning fading practice",
        "dt",
        where={"taught": (0, 0.1), "learning": (0, 1.2), "fading": (1.5, 6)},
    ),
    Law(
        capacity.norm_after,
        "norm taught mentored standard",
        "erosion",
        "dt",
        where={"taught": (0, 0.1)},
    ),
    Law(capacity.stock_after, "stock bought lifetime", "dt", where={"lifetime": (1, 8)}),
    Law(
        policing.quality_of_work,
        "skill equipment",
        "skill_share equipment_share",
        "bottleneck",
        where={"skill_share": (0.1, 0.9), "equipment_share": (0.1, 0.9)},
    ),
    Law(
        policing.service_of,
        "density quality cooperation",
        "corrupt half loss",
        "information",
        where={"density": (0, 2000)},
    ),
    Law(policing.hardship_factor, "hardship", "", "effect", range=(0.0, 2.0), where={"effect": (0, 2)}),
    Law(
        policing.crime_mean,
        "people rate hardship dt",
        "guardianship service",
        "effect",
        range=COUNT,
        where={"rate": (0, 3000), "effect": (0, 2)},
    ),
    Law(policing.deterred, "", "certainty weight"),
    Law(policing.restraint, "half", "strength exponent", where={"strength": (0, 1e5)}),
    Law(
        policing.abuse_tendency,
        "record",
        "rights_norm certainty norm_restrains certainty_restrains",
        "record_effect",
        range=(0.0, 2.0),
        where={"record_effect": (0, 2)},
    ),
    Law(
        mandate.drawdown_factor,
        "start months",
        "years",
        where={"years": (0, 60), "start": (0, 50), "months": (1, 120)},
    ),
    Law(peacekeeping.effectiveness_of, "mandate clarity consent readiness", "clarity_weight consent_weight"),
    Law(peacekeeping.readiness_of, "quality mobility", "quality_weight mobility_weight"),
    Law(
        peacekeeping.need_of,
        "people fighters attacks protection",
        range=COUNT,
        where={"people": (0, 100), "fighters": (0, 100), "attacks": (0, 100), "protection": (0, 4)},
    ),
    Law(
        peacekeeping.patrolling,
        "mobility protection base gain",
        where={"base": (0.1, 0.5), "gain": (0, 0.5)},
    ),
    Law(peacekeeping.willing, "half", "caveats attacks share", where={"attacks": (0, 30), "half": (1, 10)}),
    Law(peacekeeping.effort_for_zones, "zones effort", "half", where={"half": (0.02, 0.15)}),
    Law(
        mandate.benchmarks_met,
        "trust most_attacks",
        "attacks least_trust",
        where={"attacks": (0, 100), "most_attacks": (0, 100)},
    ),
    Law(
        mandate.authorised_after,
        "authorised wanted grant",
        range=COUNT,
        where={"authorised": (0, 1e5), "wanted": (0, 1e5)},
    ),
    Law(
        mandate.believed_strength,
        "foreseen mandate_weeks",
        "doubt foresight",
        range=COUNT,
        where={"foreseen": (0, 1e5), "mandate_weeks": (0, 104), "foresight": (0, 52)},
    ),
    Law(peacekeeping.effort_in_field, "quality", "force_protection", range=(0.0, 1.5)),
    Law(peacekeeping.advice_of, "experts owned", "half at_war", where={"experts": (0, 20)}),
    Law(
        mission_conduct.consent_target,
        "base trust",
        "partiality robust scandal",
        where={"robust": (0, 0.5)},
    ),
    Law(mission_conduct.party_consent, "base belief", "partiality robust war", where={"robust": (0, 0.5)}),
    Law(mission_conduct.partiality_target, "joint abuse complicity regional neighbour", "impartiality"),
    Law(mission_conduct.abuse_as_seen, "abuses", "uniformed half", where={"abuses": (0, 100), "uniformed": (0, 1e5)}),
    Law(mission_conduct.norm_beside, "norm conduct", "", "rate presence dt"),
    Law(monitoring.quality_of_records, "effort technology"),
    Law(
        monitoring.error_of_survey,
        "worst rounds weariness",
        "gain quality",
        where={"worst": (0, 0.1), "rounds": (0.5, 4)},
    ),
    Law(monitoring.calm, "half", "events", where={"events": (0, 1e3)}),
    Law(monitoring.share_used, "used", "given", where={"used": (0, 1e8), "given": (1, 1e8)}),
    Law(
        monitoring.result_seen,
        "achieved happened",
        "",
        "known",
        range=(-1.0, 1.0),
        where={"achieved": (-1, 1), "happened": (-1, 1)},
    ),
    Law(personnel.arrears_after, "arrears full", "paid catch_up", "dt", range=(0.0, 60.0)),
    Law(
        personnel.mood_of,
        "pay mentored base by_pay by_mentors",
        "arrears by_arrears",
        range=(-1.0, 4.0),
        where={"arrears": (0, 10), "by_arrears": (0, 0.1), "pay": (0.5, 3), "by_pay": (0, 0.6)},
    ),
    Law(
        personnel.loyalty_target,
        "legitimacy discipline",
        "arrears by_legitimacy by_discipline by_arrears",
        where={"arrears": (0, 10), "by_arrears": (0, 0.1)},
    ),
    Law(personnel.verified, "control digital"),
    Law(
        personnel.present_share,
        "morale at_post",
        "arrears absence by_morale",
        where={"arrears": (0, 10), "absence": (0, 0.1)},
    ),
    Law(personnel.intake, "target pace funded dt", "staff", range=COUNT, where={"target": (0, 1e5)}),
    Law(
        displacement.flight_share,
        "attacks abuses per_attack per_abuse readiness",
        "heads shelter",
        where={
            "readiness": (0, 2),
            "attacks": (0, 50),
            "abuses": (0, 50),
            "per_attack": (0, 1500),
            "per_abuse": (0, 200),
            "heads": (0, 1e6),
        },
    ),
    Law(displacement.readiness_of, "fear", open="fear_effect", range=(0.0, 2.0), where={"fear_effect": (0, 2)}),
    Law(displacement.shelter_of, "patrols troops effect", "half", where={"troops": (0, 1e5)}),
    Law(
        displacement.return_rate,
        "base attacks_half settlement without_settlement",
        "fear attacks relief dependency",
        range=COUNT,
        where={"base": (0, 2), "attacks": (0, 100), "attacks_half": (0.5, 4)},
    ),
    Law(
        economy.calm_of,
        "attacks_half threshold",
        "fear attacks deaths",
        "local",
        where={"attacks": (0, 100), "attacks_half": (0.5, 4), "deaths": (0, 5000), "threshold": (1, 100)},
    ),
    Law(economy.investment_sought, "calm", "graft projects crowding"),
    Law(economy.filled, "stock drive", "", "dt", where={"drive": (-0.2, 0.2)}),
    Law(economy.reach_of_projects, "delivered", "excluded capture"),
    Law(economy.relief_reach, "effort appeals coordination", "waste taxed"),
    Law(
        economy.hardship_of,
        "base strain weight",
        "livelihoods relief",
        where={"base": (-0.5, 2)},
    ),
    Law(economy.held_by_groups, "fighters", "forces", where={"forces": (0, 1e5)}),
    # an effort does nothing where the target is already met
    Law(gender.women_among_recruits, "present target effort"),
    Law(
        gender.share_after_intake, "share among_recruits", "", "recruits staff", where={"recruits": (0, 1e3)}
    ),
    Law(gender.imposed_share, "target", "present ownership"),
    Law(
        gender.gbv_mean,
        "people rate exposure dt",
        "certainty deterrence",
        range=COUNT,
        where={"rate": (0, 1200), "exposure": (1, 5)},
    ),
    Law(
        gender.exposure_of,
        "threat threat_effect strain displaced_effect",
        "safety",
        range=(1.0, INFINITE),
        where={"threat_effect": (0, 2), "displaced_effect": (0, 3)},
    ),
    Law(
        gender.reporting_of,
        "base women trust response",
        where={"base": (0.03, 0.15), "women": (-1, 3), "trust": (-2, 2), "response": (0, 2)},
    ),
    Law(gender.clearance_of, "service ceiling response gain"),
    Law(ddr.willingness, "assurance readiness others_disarmed head_start", "synchrony"),
    Law(
        ddr.livelihood_rate,
        "support acceptance",
        "aided_time unaided_time",
        where={"aided_time": (1, 4), "unaided_time": (4, 12)},
    ),
    Law(ddr.return_rate, "base ties peers peer_effect", "support hold", range=COUNT),
    Law(ddr.acceptance_of, "least", "grievance fear abuses"),
    Law(
        donors.attraction,
        "preference need residual need_weight",
        "others",
        range=COUNT,
        where={"need": (1, 1e9), "others": (0, 1e9)},
    ),
    Law(
        donors.tilt,
        "result",
        "",
        "adaptivity reallocation",
        range=COUNT,
        where={"result": (-1, 1), "reallocation": (0, 12)},
    ),
    Law(
        donors.payment_factor,
        "shock",
        "volatility insecurity attacks friction",
        range=COUNT,
        where={"shock": (-2, 2)},
    ),
    Law(donors.engagement_target, "usual progress trust", "scandal fatigue", range=(0.0, 2.0)),
    Law(donors.leakage_of, "diversion aid_share temptation", "spared"),
    Law(
        donors.share_paid,
        "money",
        "need wages",
        "wage_line",
        where={"money": (0, 2e8), "wages": (1, 1e6), "need": (1e6 + 1, 1e8)},
    ),
    Law(politics.blocked, "obstruction elites veto", "usual", where={"elites": (5, 8), "usual": (1, 5)}),
    Law(politics.will_target, "reference conditions dependence owned success", "obstructed"),
    Law(politics.quality_under_load, "absorption", "ambition exponent", where={"absorption": (0.02, 1)}),
    Law(politics.function_growth, "will absorption fit unfit rate quality", "resistance"),
    Law(politics.implementation_target, "base will money guarantor support", "obstructed"),
    Law(
        relapse.next_state,
        "",
        "",
        "state deaths_year deaths_quarter weeks threshold",
        range=(0, 3),
        where={
            "state": (0, 3),
            "deaths_year": (0, 2000),
            "deaths_quarter": (0, 500),
            "weeks": (0, 600),
            "threshold": (1, 100),
        },
    ),
    Law(vetting.usable_evidence, "evidence complaints independence", "needs_complaints needs_independence"),
    Law(
        vetting.record_after_removal,
        "record",
        "removed",
        "staff",
        where={"removed": (0, 100), "staff": (0, 1000)},
    ),
    Law(
        violence.attack_background,
        "fighters rate swing anger backlash dt",
        "branching",
        range=COUNT,
        where={"rate": (0, 50), "branching": (0, 0.95), "swing": (0, 5)},
    ),
    Law(
        violence.excited_now,
        "excitation",
        "memory",
        range=COUNT,
        where={"excitation": (0, 100), "memory": (0.5, 10)},
    ),
    Law(violence.astray, "chance", "rights_norm cooperation", "information"),
    Law(violence.exposure, "chance enforcement risk", "protection gain"),
    Law(violence.restraint, "half", "strength exponent", where={"strength": (0, 1e5)}),
    Law(
        violence.swing_after,
        "level shock",
        "",
        "sd time dt",
        range=ANY,
        where={"level": (-3, 3), "time": (0.3, 3), "shock": (-3, 3)},
    ),
)
HELPERS = {violence.lose_soldiers}  # works on tables; tested by hand below


def names(rule: Dispatcher) -> list[str]:
    return list(inspect.signature(rule.py_func).parameters)


def all_rules() -> dict[str, Dispatcher]:
    """Compiled functions of the submodels that are neither phases nor private, as "topic.name"."""
    found = {}
    for module in pkgutil.iter_modules(ssr_sim.submodels.__path__):
        content = vars(importlib.import_module(f"ssr_sim.submodels.{module.name}"))
        for name, value in content.items():
            here = isinstance(value, Dispatcher) and value.py_func.__module__.endswith(f".{module.name}")
            if here and name not in PHASES and not name.startswith("_"):
                found[f"{module.name}.{name}"] = value
    return found


laws = pytest.mark.parametrize("law", LAWS, ids=lambda law: title(law.rule))


# ------------------------------------------------------------------------------------------------- all rules
@pytest.mark.parametrize("name", all_rules())
def test_rule_is_documented_short_and_tested(name: str) -> None:
    rule = all_rules()[name]
    assert rule.py_func.__doc__, "a rule has a docstring with units"
    assert len(names(rule)) <= 8
    lines, _ = inspect.getsourcelines(rule.py_func)
    assert len(lines) <= 30
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert re.search(rf"\b{re.escape(name)}\b", tests), "named in no test of tests/rules"


def test_every_rule_has_a_law() -> None:
    assert {title(law.rule) for law in LAWS} | {title(rule) for rule in HELPERS} == set(all_rules())
    assert len(LAWS) == len({title(law.rule) for law in LAWS})


@laws
def test_law_speaks_of_every_argument_once(law: Law) -> None:
    assert sorted(f"{law.rises} {law.falls} {law.open}".split()) == sorted(names(law.rule))


@laws
@given(data=st.data())
@quick
def test_result_stays_in_its_range(law: Law, data: st.DataObject) -> None:
    result = law.rule.py_func(**data.draw(law.arguments()))
    assert math.isfinite(result)
    assert law.range[0] - ROUNDING <= result <= law.range[1] + ROUNDING


@laws
@given(data=st.data())
@quick
def test_result_moves_in_the_direction_of_theory(law: Law, data: st.DataObject) -> None:
    arguments = data.draw(law.arguments())
    base = law.rule.py_func(**arguments)
    for words, sign in ((law.rises, 1), (law.falls, -1)):
        for name in words.split():
            other = data.draw(law.value(name), label=name)
            moved = law.rule.py_func(**{**arguments, name: other})
            slack = ROUNDING * max(1.0, abs(base), abs(moved))
            assert sign * (moved - base) * math.copysign(1.0, other - arguments[name]) >= -slack, name


@laws
def test_compiled_and_plain_rule_agree(law: Law) -> None:
    middle = {}
    for name in names(law.rule):
        lo, hi = {**RANGES, **law.where}.get(name, (0.0, 1.0))
        middle[name] = 1.0 if name in FLAGS else lo + 0.37 * (hi - lo)
    assert law.rule(*middle.values()) == pytest.approx(law.rule.py_func(*middle.values()), rel=1e-14)
