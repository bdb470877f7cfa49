"""Donors and money, from section 7.2 of docs/odd.md."""

from __future__ import annotations

import math
from typing import Any

from ssr_sim.tables import SPENDING
from tests.twin.maths import clamp, decay, normal

SECTORS = ("police", "military", "oversight", "community", "ddr", "governance", "justice")
WAGES = {"police": "pay_police", "military": "pay_military"}


def sector_of(line: str) -> str | None:
    """The sector that pays for a line; None for what others pay."""
    row = SPENDING[line][0]
    return SECTORS[row] if row >= 0 else None


def mean_diversion(land: Any) -> tuple[float, float]:
    diverted = shares = 0.0
    for elite in land.elites:
        diverted += elite.share * elite.diversion
        shares += elite.share
    return (diverted / shares if shares > 0.0 else 0.0), shares


def donors_decide(land: Any, _: float) -> None:
    p, learning, state = land.parameters.funding, land.parameters.learning, land.government
    sectors = [land.sectors[name] for name in SECTORS]
    total = 0.0
    for donor in land.donors:
        total += donor.budget * donor.engagement
    needs = [max(sector.year_need, 1.0) for sector in sectors]
    need_total = 0.0
    for need in needs:
        need_total += need
    scandal = clamp(mean_diversion(land)[0] * (p.known_unwatched + land.parameters.civil_society.support))
    sight = land.parameters.monitoring.donor_sight * land.country.monitoring
    progress = state.form + sight * (state.function - state.form)
    adaptivity = learning.adaptivity * land.ledger["learning"].delivered
    spread = p.volatility / math.sqrt(p.horizon)

    giving = [(donor.budget, donor.engagement, list(donor.allocation)) for donor in land.donors]
    moved, held = [0.0] * len(SECTORS), [0.0] * len(SECTORS)
    for donor in land.donors:
        donor.fatigue = clamp(donor.fatigue + p.fatigue * (1.0 - donor.fatigue))
        deserved = 0.5 * progress + 0.5 * state.legitimacy - p.scandal_on_trust * scandal
        donor.trust = clamp(donor.trust + p.trust_speed * (deserved - donor.trust))
        wanted = clamp(p.usual_engagement + p.progress_reward * progress + p.trust_reward * donor.trust
                       - p.scandal_penalty * scandal - p.fatigue_penalty * donor.fatigue, 0.0, 2.0)
        donor.engagement = clamp(donor.engagement + p.engagement_speed / p.horizon * (wanted - donor.engagement),
                                 0.0, 2.0)
        luck = normal(land.draw("donors: yearly shock to payments", donor.uid, 0))
        donor.shock = p.persistence * donor.shock + spread * math.sqrt(1.0 - p.persistence * p.persistence) * luck
        if donor.shock < -max(1.2 * spread, p.cut_reported):
            land.log("donor cut", actor=donor.row)

        plain, pull = [], []
        for s, sector in enumerate(sectors):
            known = 0.0
            for row, (budget, engagement, allocation) in enumerate(giving):
                if row != donor.row:
                    known += budget * engagement * allocation[s]
            expected = (total - donor.budget) * needs[s] / need_total
            guess = expected * 2.0 * land.draw("donors: what a donor believes others give", donor.uid, s)
            others = p.coordination * known + (1.0 - p.coordination) * guess
            taste = sector.year_need / need_total if donor.kind == 2 else donor.preference[s]
            gap = max(0.0, 1.0 - others / needs[s]) + p.residual_pull
            plain.append(taste * gap * needs[s] ** p.need_weight)
            pull.append(plain[s] * math.exp(adaptivity * learning.reallocation * sector.result))
        plain_total = pull_total = 0.0
        for s in range(len(SECTORS)):
            plain_total += plain[s]
            pull_total += pull[s]
        for s in range(len(SECTORS)):
            share = pull[s] / pull_total if pull_total > 0.0 else 1.0 / 7
            usual = plain[s] / plain_total if plain_total > 0.0 else 1.0 / 7
            donor.allocation[s] += (share - donor.allocation[s]) / p.horizon
            moved[s] += donor.budget * abs(share - usual - donor.shift[s]) / p.horizon
            donor.shift[s] = share - usual
            held[s] += donor.budget * usual
    for s, sector in enumerate(sectors):
        sector.churn = clamp(moved[s] / held[s]) if held[s] > 0.0 else 0.0


def fund_programmes(land: Any, dt: float) -> None:
    p = land.parameters.funding
    state, country, ledger = land.government, land.country, land.ledger
    sectors = [land.sectors[name] for name in SECTORS]
    ledger["coordination"].planned = p.coordination * p.cost_per_year * dt
    for sector in sectors:
        sector.need = sector.aid = sector.domestic = sector.assessed = 0.0
    for name, line in ledger.items():
        if (payer := sector_of(name)) is not None:
            land.sectors[payer].need += line.planned

    purse = state.revenue * state.security_share * dt
    wages = ledger["pay_police"].planned + ledger["pay_military"].planned
    cover = min(1.0, purse / wages) if wages > 0.0 else 0.0
    for name, line in WAGES.items():
        land.sectors[name].domestic = cover * ledger[line].planned
    purse = max(0.0, purse - wages)
    rest = 0.0
    for sector in sectors:
        rest += sector.need - sector.domestic
    part = min(state.ownership, purse / rest) if rest > 0.0 else 0.0
    for sector in sectors:
        sector.domestic += part * (sector.need - sector.domestic)

    people = fear = 0.0
    for place in land.communities:
        people += place.population
        fear += place.population * place.fear
    insecurity = clamp(p.fear_in_insecurity * fear / max(people, 1.0))
    tenders = land.parameters.procurement
    friction = p.audit_friction * land.parameters.audit.rate + tenders.friction * tenders.transparency
    fixed_cost = p.project_cost * (1.0 - p.pooled_share) * (1.0 - p.joint_programmes * p.coordination) * dt
    left = [max(0.0, sector.need - sector.domestic) for sector in sectors]
    left_total = 0.0
    for amount in left:
        left_total += amount
    spread = p.volatility / math.sqrt(p.horizon)
    aid = 0.0
    for donor in land.donors:
        factor = (math.exp(donor.shock - 0.5 * spread * spread) * (1.0 - p.insecurity * insecurity)
                  * (1.0 - friction))
        donor.disbursed = p.level * donor.budget * donor.engagement * dt * factor
        aid += donor.disbursed
        pooled = p.pooled_share * donor.disbursed
        for s, sector in enumerate(sectors):
            own = (1.0 - p.pooled_share) * donor.disbursed * donor.allocation[s]
            if own > fixed_cost:
                sector.aid += own - fixed_cost
            else:
                pooled += own
        for s, sector in enumerate(sectors):
            sector.aid += (1.0 - p.pool_overhead) * pooled * (left[s] / left_total if left_total > 0.0 else 0.0)
    country.aid_received += aid

    keep = decay(1.0, dt)
    domestic = 0.0
    for s, sector in enumerate(sectors):
        sector.useful = min(sector.aid, left[s])
        sector.duplicated = 1.0 - sector.useful / sector.aid if sector.aid > 0.0 else 0.0
        sector.funded = clamp((sector.domestic + sector.useful) / sector.need) if sector.need > 0.0 else 1.0
        sector.year_need = keep * sector.year_need + (1.0 - keep) * left[s] / dt
        sector.year_aid = keep * sector.year_aid + (1.0 - keep) * sector.aid / dt
        sector.year_useful = keep * sector.year_useful + (1.0 - keep) * sector.useful / dt
        domestic += sector.domestic

    diversion, shares = mean_diversion(land)
    aid_share = aid / (aid + domestic) if aid + domestic > 0.0 else 0.0
    detected = land.oversight.audit_detection * (1.0 - land.oversight.capture)
    spared = clamp(land.parameters.audit.deterrence * detected)
    leak = clamp(diversion * (1.0 + p.aid_temptation * aid_share) * (1.0 - spared)) if shares > 0.0 else 0.0
    wage_leak = p.wage_leak * (1.0 - land.parameters.payroll.control)
    open_purchases = land.oversight.open_purchases
    start_up, gain = land.parameters.learning.start_up, land.parameters.learning.gain
    leaked = 0.0
    for name, line in ledger.items():
        payer = sector_of(name)
        if payer is None:
            continue
        sector = land.sectors[payer]
        money = sector.domestic + sector.useful
        bill = ledger[WAGES[payer]].planned if payer in WAGES else 0.0
        if name in WAGES.values():
            share = clamp(money / bill) if bill > 0.0 else 0.0
            loss, arrived = wage_leak, 1.0
        else:
            share = clamp((money - bill) / (sector.need - bill)) if sector.need - bill > 0.0 else 0.0
            loss, arrived = 1.0 - open_purchases, (1.0 - start_up * sector.churn) * (1.0 + gain * sector.suited)
        line.spent = line.planned * share
        lost = line.spent * leak * loss
        if name == "disarmament" and land.mission.troops >= 1.0:
            lost = 0.0
            sector.assessed = line.planned - line.spent
            line.spent = line.planned
        line.delivered = clamp(arrived * (line.spent - lost) / line.planned) if line.planned > 0.0 else 0.0
        line.total += line.spent
        line.leaked += lost
        leaked += lost
    country.leaked += leaked
    country.leakage = leak * (1.0 - open_purchases)

    existing = [group for group in land.groups if group.exists == 1]
    to_groups = p.leak_to_groups * leaked if existing else 0.0
    for group in existing:
        group.money += to_groups / len(existing)
    for elite in land.elites:
        elite.rents += (leaked - to_groups) * elite.share / shares
