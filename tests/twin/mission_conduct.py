"""7.16 Conduct of the mission, from the description."""

from __future__ import annotations

from tests.twin.country import Land
from tests.twin.maths import chance, clamp, decay, poisson


def mission_conduct(land: Land, dt: float) -> None:
    lever, rules, mission = land.parameters.mission, land.parameters.peacekeeping, land.mission
    if mission.troops + mission.police < 1.0:
        return
    strength = conduct = cases = 0.0
    for unit in land.contingents:
        strength += unit.strength
        conduct += unit.strength * unit.conduct
        mean = unit.strength * lever.misconduct_rate * 2.0 * (1.0 - unit.conduct) * dt
        found = poisson(mean, land.draw("peacekeeping: misconduct", unit.uid))
        if found > 0:
            cases += found
            land.communities[unit.posting].bad_mission += rules.misconduct_harm * found
            land.log("misconduct by peacekeepers", place=unit.posting, actor=unit.row)
    mission.misconduct += cases
    scandal = clamp(cases / rules.scandal_cases)
    mission.conduct = clamp(conduct / strength * (1.0 - rules.scandal_stain * scandal))

    people = trust = 0.0
    for c in land.communities:
        people += c.population
        trust += c.population * c.trust_mission
    trust = trust / people if people > 0.0 else 0.0
    uniformed = 0.0
    for unit in (*land.military, *land.police):
        uniformed += unit.staff
    refused = land.parameters.due_diligence.strictness * land.ledger["due_diligence"].delivered
    rate = 1000.0 * land.country.abuses_month / max(uniformed, 1.0)
    abuse = rate / (rate + rules.complicity_half)
    own = 1.0 - lever.impartiality
    linked = (rules.complicity * (1.0 - refused) * lever.coordination * abuse
              + rules.regional_interest * lever.regional_share * (1.0 - mission.regional) * land.government.neighbour)
    seen = clamp(own + (1.0 - own) * linked)
    follow = 1.0 - decay(lever.consent_time, dt)
    mission.partiality = clamp(mission.partiality + follow * (seen - mission.partiality))

    robust = rules.consent_robust * (mission.mandate * lever.mandate + rules.enforcement_robust * lever.enforcement)
    target = clamp((rules.consent_base + rules.goodwill * mission.goodwill) + rules.consent_trust * trust
                   - rules.consent_partiality * mission.partiality - robust - rules.consent_scandal * scandal)
    mission.consent = clamp(mission.consent + follow * (target - mission.consent))
    for group in land.groups:
        if group.exists == 1:
            target = clamp(rules.party_base - rules.party_partiality * mission.partiality - robust
                           - (rules.party_war if group.at_war == 1 else 0.0) + rules.party_belief * group.credibility)
            group.consent = clamp(group.consent + follow * (target - group.consent))


def show_example(land: Land, dt: float) -> None:
    lever, rules, mission = land.parameters.mission, land.parameters.peacekeeping, land.mission
    if mission.troops + mission.police < 1.0:
        return

    def after(norm: float, peacekeepers: float, beside: float) -> float:
        reach = peacekeepers / (peacekeepers + rules.example_half)
        return clamp(norm + chance(rules.example * beside * reach, dt) * (mission.conduct - norm))

    beside = 1.0 + (rules.example_beside - 1.0) * lever.colocation
    for unit, c in zip(land.police, land.communities, strict=True):
        unit.rights_norm = after(unit.rights_norm, c.un_police, beside)
    beside = 1.0 + (rules.example_beside - 1.0) * (lever.coordination * land.ledger["mission_civilians"].delivered)
    for unit in land.military:
        unit.rights_norm = after(unit.rights_norm, land.communities[unit.posting].troops, beside)
