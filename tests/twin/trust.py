"""Experience and trust, from section 7.24 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.country import Land
from tests.twin.maths import clamp, decay, ratio

INSTITUTIONS = ("police", "army", "justice", "government", "mission")


def remember(land: Land, c: Any, institution: str, good: float, bad: float, dt: float) -> None:
    """Add what was lived through to what is left of the memory; both in contacts per head."""
    left = decay(land.parameters.trust.forgetting, dt)
    setattr(c, f"good_{institution}", getattr(c, f"good_{institution}") * left + good)
    setattr(c, f"bad_{institution}", getattr(c, f"bad_{institution}") * left + bad)


def seen(people: float, half: float) -> float:
    return people / (people + half)


def meet_police(land: Land, c: Any, unit: Any, dt: float) -> None:
    p = land.parameters.trust
    unfair = (unit.abuse_record * p.abusers_unfair
              + (1.0 - unit.abuse_record) * p.unfairness * (1.0 - unit.rights_norm))
    fair = (1.0 - p.bribe_per_contact * unit.corrupt) * (1.0 - unfair)
    good = clamp(fair * ((1.0 - p.help_sought) + p.help_sought * unit.service) + p.leniency)
    more = clamp(fair * (p.without_means + (1.0 - p.without_means) * unit.equipment * unit.present)
                 + p.leniency)
    n, extra = p.police_contacts * dt, p.programme_contacts * unit.contact * dt
    grudge = (p.disappointment * max(0.0, c.expectation - unit.service)
              + p.exclusion_weight * (0.5 * c.excluded + 0.5 * unit.imbalance))
    abuse = p.abuse_weight * p.abuse_heard * c.police_abuse / max(c.population, 1.0)
    remember(land, c, "police", n * good + extra * more,
             n * (1.0 - good) + extra * (1.0 - more) + abuse + grudge * dt, dt)


def meet_army(land: Land, c: Any, safe: float, dt: float) -> None:
    p = land.parameters.trust
    n = p.army_contacts * seen(c.soldiers, p.soldiers_half) * dt
    good = p.army_ordinary + p.army_protects * safe
    abuse = p.abuse_weight * p.abuse_heard * c.army_abuse / max(c.population, 1.0)
    remember(land, c, "army", n * good, p.unhelpful * n * (1.0 - good) + abuse, dt)


def meet_courts(land: Land, c: Any, dt: float) -> None:
    n = land.parameters.trust.justice_contacts * dt
    remember(land, c, "justice", n * c.court_conduct, n * (1.0 - c.court_conduct), dt)


def meet_government(land: Land, c: Any, unit: Any, felt: float, safe: float, reach: float, dt: float) -> None:
    p, state = land.parameters.trust, land.government
    n = p.government_contacts * dt
    good = (felt * (1.0 - p.excluded_service * c.excluded)
            * ((1.0 - p.safety_in_service) + p.safety_in_service * safe))
    told = p.news_contacts * reach * dt
    watched = land.parameters.technology.surveillance * land.oversight.technology
    shortfall = max(0.0, c.expectation - felt)
    grudge = p.disappointment * shortfall + 0.5 * p.exclusion_weight * c.excluded + watched * unit.corrupt
    remember(land, c, "government", n * good + told * state.function,
             p.unhelpful * n * (1.0 - good) + told * max(0.0, state.form - state.function) + dt * grudge, dt)


def meet_mission(land: Land, c: Any, safe: float, dt: float) -> None:
    p, mission = land.parameters.trust, land.mission
    n = p.mission_contacts * seen(c.troops + p.un_police_seen * c.un_police, p.mission_half) * dt
    judged = land.parameters.peacekeeping.conduct_weight
    good = (1.0 - mission.partiality) * safe * (1.0 - judged * (1.0 - mission.conduct))
    remember(land, c, "mission", n * good, p.unhelpful * n * (1.0 - good), dt)


def community_experience(land: Land, dt: float) -> None:
    p, news = land.parameters.trust, land.parameters.communication
    reach = news.reach * land.ledger["communication"].delivered
    people = 0.0
    for c, unit in zip(land.communities, land.police, strict=True):
        people += c.population
        felt = (c.services + land.government.function * (1.0 - c.services)) * (1.0 - c.setback)
        safe = 1.0 - clamp(c.attacks / p.attacks_unsafe)
        meet_police(land, c, unit, dt)
        meet_army(land, c, safe, dt)
        meet_courts(land, c, dt)
        meet_government(land, c, unit, felt, safe, reach, dt)
        meet_mission(land, c, safe, dt)
        raised = p.news_raises * reach + p.programme_raises * unit.contact
        c.expectation = clamp(c.expectation + dt * (raised * (1.0 - c.expectation)
                                                    - p.sobering * (c.expectation - felt)))
        c.police_abuse = c.army_abuse = c.attacks = 0.0
    land.ledger["communication"].planned = news.cost_per_head * news.reach * people * dt


def community_trust(land: Land, dt: float) -> None:
    p = land.parameters.trust
    before = {name: [getattr(c, f"trust_{name}") for c in land.communities] for name in INSTITUTIONS}
    for c in land.communities:
        ties = [(j, w * (1.0 if land.communities[j].constituency == c.constituency else p.out_group))
                for j, w in land.social[c.row]]
        weight = 0.0
        for _, w in ties:
            weight += w
        influence = p.influence if weight > 0.0 else 0.0
        leaders = p.leader_pull * c.customary * (land.government.fit - p.leaders_expect)
        for name in INSTITUTIONS:
            total = 0.0
            for j, w in ties:
                total += w * before[name][j]
            voice = leaders if name in ("police", "government") else 0.0
            said = clamp(total / weight + voice) if weight > 0.0 else 0.0
            good, bad = getattr(c, f"good_{name}"), getattr(c, f"bad_{name}")
            prior = getattr(p, f"prior_{name}")
            experience = ratio(good + prior * p.prior_weight, good + p.negativity * bad + p.prior_weight)
            target = (1.0 - influence) * experience + influence * said
            trust = getattr(c, f"trust_{name}")
            setattr(c, f"trust_{name}", clamp(trust + (1.0 - decay(p.inertia, dt)) * (target - trust)))
