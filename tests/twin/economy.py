"""Economy, prevention and relief (7.3): money for prevention, relief for the displaced, slow stocks of livelihoods."""

from __future__ import annotations

import math

from tests.twin.country import Land
from tests.twin.maths import clamp, decay


def fund_prevention(land: Land, dt: float) -> None:
    p, line = land.parameters.prevention, land.ledger["prevention"]
    people = 0.0
    for c in land.communities:
        people += c.population
    shares = 0.0
    for elite in land.elites:
        shares += elite.share
    line.planned = p.investment * p.cost_per_head * people * dt
    line.spent = p.financed * line.planned
    lost = line.spent * land.country.leakage if shares > 0.0 else 0.0
    line.delivered = clamp((line.spent - lost) / line.planned) if line.planned > 0.0 else 0.0
    line.total += line.spent
    line.leaked += lost
    land.country.leaked += lost
    for elite in land.elites:
        elite.rents += lost * elite.share / shares


def relieve(land: Land, dt: float) -> None:
    p, economy, line = land.parameters.humanitarian, land.parameters.economy, land.ledger["relief"]
    planned = spent = taxed = 0.0
    for c in land.communities:
        unit = land.police[c.row]
        here = [(group, land.presence[group.row, c.row].fighters) for group in land.groups]
        fighters = 0.0
        for _, number in here:
            fighters += number
        forces = c.soldiers + c.troops + c.un_police + unit.staff * unit.present
        held = fighters / (fighters + forces) if fighters > 0.0 else 0.0
        taken = p.tax * held
        need = p.effort * p.cost_per_person * c.displaced * dt
        planned += need
        spent += need * p.appeals
        if fighters > 0.0:
            taxed += need * p.appeals * taken
            for group, number in here:
                group.money += need * p.appeals * taken * (number / fighters)
        missed = p.waste * (1.0 - land.parameters.funding.coordination)
        reach = p.effort * p.appeals * (1.0 - missed) * (1.0 - taken)
        strain = c.displaced / c.population if c.population > 0.0 else 0.0
        c.warned = clamp(p.warning * reach)
        work = c.jobs + c.projects
        lives = economy.jobs_weight * (work if work < 1.0 else 1.0) + economy.education_weight * c.education
        c.hardship = clamp(c.hardship_base - lives + economy.strain_weight * strain * (1.0 - p.effect * reach))
        c.services = clamp(c.service_base * (1.0 - economy.service_strain * strain))
    line.planned, line.spent = planned, spent
    line.delivered = clamp((spent - taxed) / planned) if planned > 0.0 else 0.0
    line.total += spent
    line.leaked += taxed
    land.country.leaked += taxed


def livelihoods(land: Land, dt: float) -> None:
    p, economy, state, country = land.parameters.prevention, land.parameters.economy, land.government, land.country
    grown = math.exp(economy.growth * dt)
    state.income += economy.growth * dt
    state.gdp_per_head *= grown
    state.revenue *= grown
    state.dividend = economy.dividend * economy.growth + economy.opportunity * state.income

    def filled(stock: float, drive: float) -> float:
        return clamp(stock + dt * drive * (1.0 - stock if drive > 0.0 else stock))

    delivered = p.investment * land.ledger["prevention"].delivered
    for c in land.communities:
        reach = delivered * (1.0 - p.capture * c.excluded)
        here = economy.local_calm * (1.0 - c.fear) / (1.0 + c.attacks_in_memory / economy.attacks_half)
        news = (1.0 - economy.local_calm) / (1.0 + country.battle_deaths_52 / land.parameters.relapse.conflict_deaths)
        sought = clamp((here + news) * (1.0 - country.leakage) * (1.0 - p.crowding * reach))
        c.investment = clamp(c.investment + (1.0 - decay(economy.investment_time, dt)) * (sought - c.investment))
        c.jobs = filled(c.jobs, economy.investment_effect * (c.investment - economy.investment_norm))
        idle = max(0.0, 1.0 - c.jobs - c.projects)
        c.projects = clamp(c.projects * decay(p.project_life, dt)
                           + dt * p.jobs_gain * reach * (1.0 - p.education_share) * idle)
        lost = economy.ruin * c.attacks_in_memory
        c.education = filled(filled(c.education, p.education_gain * reach * p.education_share), -lost)
        c.service_base = filled(filled(c.service_base, economy.rebuilding * state.function), -lost)
        c.hardship_base *= math.exp(-economy.growth_elasticity * economy.growth * dt)
