"""The week of the twin: which phase of which topic comes when, as in section 3 of docs/odd.md."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.twin.country import Land

# (weeks between two rounds, topic, phase), in the order of the week
SCHEDULE = (
    (1, "relapse", "open_week"),
    (1, "shocks", "shocks_strike"),
    (52, "monitoring", "learn_results"),
    (52, "donors", "donors_decide"),
    (4, "donors", "fund_programmes"),
    (4, "economy", "fund_prevention"),
    (4, "monitoring", "observe"),
    (26, "due_diligence", "check_recipients"),
    (4, "capacity", "train_and_equip_police"),
    (4, "capacity", "train_and_equip_army"),
    (4, "capacity", "train_courts"),
    (4, "personnel", "staff_the_police"),
    (4, "personnel", "staff_the_army"),
    (4, "restructuring", "restructure"),
    (4, "gender", "women_in_forces_and_decisions"),
    (4, "vetting", "review_files"),
    (4, "corruption", "oversight_works"),
    (4, "corruption", "officers_extract"),
    (4, "justice", "reform_law"),
    (4, "justice", "courts_work"),
    (26, "corruption", "budget_holders_learn"),
    (26, "peacekeeping", "choose_safe_zones"),
    (26, "peacekeeping", "place_contingents"),
    (26, "military", "post_units"),
    (4, "mandate", "review_mandate"),
    (4, "peacekeeping", "deploy_mission"),
    (4, "peacekeeping", "mission_presence"),
    (4, "mission_conduct", "mission_conduct"),
    (4, "mission_conduct", "show_example"),
    (4, "military", "garrison"),
    (4, "policing", "police_work"),
    (4, "military", "soldiers_and_civilians"),
    (4, "military", "mutinies"),
    (4, "mobilisation", "groups_recruit"),
    (4, "ddr", "former_fighters"),
    (4, "state_strength", "muster"),
    (4, "armed_groups", "groups_weigh"),
    (13, "fragmentation", "groups_split"),
    (13, "politics", "politics"),
    (1, "armed_groups", "groups_decide"),
    (1, "violence", "fight"),
    (4, "transitional_justice", "reckon_with_the_past"),
    (4, "displacement", "flee_and_return"),
    (4, "economy", "relieve"),
    (4, "gender", "gender_based_violence"),
    (4, "trust", "community_experience"),
    (4, "trust", "community_trust"),
    (4, "legitimacy", "legitimacy_and_grievance"),
    (13, "economy", "livelihoods"),
    (13, "monitoring", "survey"),
    (1, "monitoring", "keep_records"),
    (1, "relapse", "judge_peace"),
)


def phase(topic: str, name: str) -> Callable[[Any, float], None]:
    function: Callable[[Any, float], None] = getattr(import_module(f"tests.twin.{topic}"), name)
    return function


def live(land: Land) -> None:
    """One week: the policy, the phases that are due, the indicators."""
    apply_policy(land)
    for period, topic, name in SCHEDULE:
        if land.clock.week % period == 0:
            phase(topic, name)(land, period * land.clock.dt)
    from tests.twin.measures import measure

    land.measured = measure(land)
    land.clock.week += 1


def apply_policy(land: Land) -> None:
    """Changes that are due come into force, in the order of the scenario; a condition reads last week's indicators."""
    indicators = list(land.measured)
    for change in land.policy:
        if change.fired >= 0:
            continue
        due = change.week == land.clock.week
        if change.indicator >= 0 and land.clock.week > 0:
            beyond = land.measured[indicators[change.indicator]] - change.threshold
            change.held = change.held + 1 if change.sign * beyond > 0.0 else 0
            due = change.held >= change.for_weeks
        if due:
            land.set_parameter(change.parameter, change.value)
            change.fired = land.clock.week
            land.log("policy change", actor=change.parameter)
