"""7.19 Armed groups: what war and peace are worth to them, and what they do."""

import math
from typing import Any

from tests.twin.country import Land
from tests.twin.maths import chance, clamp, decay, in_order

SIGNATORY, SPLINTER = 0, 2


def groups_weigh(land: Land, dt: float) -> None:
    p, state, mission = land.parameters.armed_groups, land.government, land.mission
    elsewhere = p.protection_cost * (land.parameters.mission.protection - p.usual_protection)
    guarding = mission.expected_troops * mission.effectiveness * (1.0 - elsewhere)
    active = [group for group in land.groups if group.exists]

    grievance = {}
    fighting = 0.0
    for group in active:
        rows = [land.presence[group.row, c.row] for c in land.communities]
        cohorts = [land.cohorts[group.row, c.row] for c in land.communities]
        followers = [(row.base, c) for row, c in zip(rows, land.communities, strict=True) if row.base > 0.0]
        group.fighters = in_order(row.fighters for row in rows)
        group.smouldering = in_order(row.excitation for row in rows)
        former = in_order(one.disarmed + one.demobilised for one in cohorts)
        settled = in_order(one.reintegrated for one in cohorts)
        base = in_order(weight for weight, _ in followers)
        grievance[group.row] = 0.0
        if base > 0.0:
            group.exclusion = clamp(in_order(weight * c.excluded for weight, c in followers) / base)
            grievance[group.row] = in_order(weight * c.grievance for weight, c in followers) / base
        group.ties = clamp(group.ties * decay(p.tie_half_life / math.log(2.0), dt))
        if not group.at_war:
            group.good_faith += p.belief_learning * (p.faith_from_quiet + state.implementation) * dt
        group.credibility = (p.belief_prior_good + group.good_faith) / (
            p.belief_prior_good + p.belief_prior_bad + group.good_faith + group.bad_faith)
        people = group.fighters + group.ties * (p.recall_waiting * former + p.recall_settled * settled)
        armed = p.unarmed + (1.0 - p.unarmed) * min(1.0, group.weapons / people) if people > 0.0 else 1.0
        led = clamp(p.mobilised + p.cohesion_effect * (group.cohesion - 0.5))
        group.mobilisable = led * people * armed
        if group.at_war:
            fighting += group.mobilisable

    for group in active:
        kept = 0.0
        if not group.at_war:
            kept = guarding * (1.0 - p.consent_to_guard + p.consent_to_guard * group.consent)
        allied = fighting if group.at_war else fighting + group.mobilisable
        strength = state.strength + p.troops_in_contest * kept
        odds = 1.0 / (1.0 + (max(strength, 0.0) / allied) ** p.contest_exponent) if allied > 0.0 else 0.0
        prize = (p.state_prize + p.rents_weight * state.resource_rents
                 + p.neighbour_weight * max(group.sponsor, state.neighbour))
        group.war_utility = (odds * prize + p.grievance_weight * (grievance[group.row] - p.usual_grievance)
                             + p.hostility_weight * (group.hostility - 0.5) + p.shock_weight * state.shock)
        missing = 1.0 - group.credibility
        group.assurance = group.credibility + missing * p.guarantee * kept / (kept + p.guarantee_half)
        if group.stance == SIGNATORY:
            group.peace_utility = (p.peace_weight * group.assurance
                                   * (p.bare_peace + (1.0 - p.bare_peace) * state.settlement)
                                   * (1.0 - p.exclusion_weight * group.exclusion))
        else:
            group.peace_utility = p.bare_peace * p.peace_weight * group.assurance
        group.peace_utility += state.dividend
        gain = clamp(state.implementation * (1.0 - group.exclusion))
        group.unrest = clamp(
            group.unrest + dt * p.unrest_rate * ((1.0 - gain) * (1.0 - group.cohesion) - group.unrest))



def groups_decide(land: Land, dt: float) -> None:
    p = land.parameters.armed_groups
    mediated = land.parameters.politics.mediation * land.ledger["mediation"].delivered
    if land.mission.troops >= 1.0:
        mediated *= 1.0 + (land.parameters.peacekeeping.regional_mediation * land.parameters.mission.regional_share
                           * (1.0 - land.mission.regional))
    past = land.parameters.transitional_justice
    amnesty = past.amnesty * past.amnesty_pull
    settled_lately = any(
        group.exists and not group.at_war and 0 < group.weeks_in_state <= p.linkage_weeks and group.last_event >= 0
        for group in land.groups)
    at_war = float(len([group for group in land.groups if group.exists and group.at_war]))
    for group in land.groups:
        if not group.exists:
            continue
        group.weeks_in_state += 1
        group.spoiling = max(0.0, group.spoiling - 1.0)
        if not group.at_war:
            returns_to_war(land, group, dt) or spoils(land, group, dt)
        else:
            losses = 1.0 - clamp(group.fighters / max(group.strength_at_peace, 1.0))
            linked = p.linkage if settled_lately else 1.0
            pace = 1.0 if group.stance == SIGNATORY else p.holdout_pace * (1.0 + amnesty)
            pace *= at_war ** -p.parties
            driven = 1.0 + p.exhaustion * (losses - p.usual_losses) + p.mediation_effect * mediated
            rate = p.war_end * max(0.0, driven) * linked * pace
            if group.fighters < p.smallest and group.weeks_in_state >= p.beaten_after:
                disband(land, group)
            elif land.draw("armed groups: does it settle", group.uid) < chance(rate, dt):
                group.at_war, group.stance, group.weeks_in_state = 0, SIGNATORY, 0.0
                group.strength_at_peace = group.fighters
                group.last_event = note(land, "settlement", group, group.last_event)


def hazard(land: Land, group: Any, base: float, sharpness: float) -> float:
    return base * math.exp(min(sharpness * (group.war_utility - group.peace_utility), 12.0))


def stronghold(land: Land, group: Any) -> int:
    """The first community with most fighters and followers of the group; -1 if it is nowhere."""
    most, place = 0.0, -1
    for c in land.communities:
        row = land.presence[group.row, c.row]
        if row.fighters + row.base > most:
            most, place = row.fighters + row.base, c.row
    return place


def note(land: Land, kind: str, group: Any, parent: int) -> int:
    return land.log(kind, place=stronghold(land, group), actor=group.row, parent=parent)


def returns_to_war(land: Land, group: Any, dt: float) -> bool:
    p = land.parameters.armed_groups
    rate = hazard(land, group, p.base_rate, p.sharpness)
    luck = land.draw("armed groups: does it return to war", group.uid)
    if group.mobilisable < p.smallest or luck >= chance(rate, dt):
        return False
    group.at_war, group.weeks_in_state, group.spoiling = 1, 0.0, 0.0
    group.bad_faith += p.broken_promise
    group.good_faith = 0.0
    group.ties = clamp(group.ties + p.ties_of_war)
    group.strength_at_peace = max(group.strength_at_peace, group.fighters)
    abuses = [c.last_abuse for c in land.communities if land.presence[group.row, c.row].base > 0.0]
    group.last_event = note(land, "return to war", group, max(abuses, default=-1))
    return True


def spoils(land: Land, group: Any, dt: float) -> bool:
    p = land.parameters.armed_groups
    if group.stance != SIGNATORY or group.spoiling > 0.0 or group.fighters <= p.spoiler_size:
        return False
    season = p.election_season if land.government.elected_weeks < p.season_weeks else 1.0
    restless = max(0.0, 1.0 + p.spoiling_unrest * (group.unrest - 0.5))
    rate = season * restless * hazard(land, group, p.spoiler_rate, p.spoiler_sharpness * p.sharpness)
    if land.draw("armed groups: does it spoil", group.uid) >= chance(rate, dt):
        return False
    group.spoiling = p.spoiling_weeks
    land.country.spoiling += 1
    group.last_event = note(land, "spoiling", group, -1)
    return True


def disband(land: Land, group: Any) -> None:
    for c in land.communities:
        row = land.presence[group.row, c.row]
        c.gangs += row.fighters
        row.fighters = row.excitation = 0.0
    land.country.weapons_loose += group.weapons
    group.weapons = group.fighters = 0.0
    group.at_war, group.weeks_in_state = 0, 0.0
    group.exists = 0 if group.stance == SPLINTER else 1
    group.last_event = note(land, "defeat", group, group.last_event)
