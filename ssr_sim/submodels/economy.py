"""S15 Livelihoods: jobs, education and services as slow stocks, investment, prevention, and relief for the displaced.

Private investment follows stability, place by place and in the country (Collier and Hoeffler 2004 on growth after war);
prevention builds work that fades when the money ends and schooling that stays. Hardship reaches violence through
grievance; unemployment alone explains little (evidence E30). Relief lowers the hardship that displacement brings and
warns people of danger; those who hold the ground tax it, and who is fed where he is returns later.
"""

import math
from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

PREVENTION = LINES.index("prevention")
RELIEF = LINES.index("relief")


# ------------------------------------------------------------------------------------------------- parameters
class Prevention(Block):
    """Investment in what keeps peace in the long run: work, schools, local services."""

    group: ClassVar[str] = "Prevention"

    investment: float = lever(
        0.05, unit="share of a full programme", lo=0.0, hi=1.0, cost="USD 10 per head and year at 1",
        source="assumption", headline=True,
        side_effect="Projects pass the excluded by, leak where corruption is high, and crowd out private investment.",
        help="Work programmes, schools and local services in all communities.")
    education_share: float = lever(
        0.4, unit="share of the programme", lo=0.0, hi=1.0, cost="none beyond the programme", source="assumption",
        side_effect="Schools take years to show; fewer people work now.",
        help="Share of the programme for education rather than work.")
    cost_per_head: float = uncertain(
        10.0, unit="USD / head / year", lo=4.0, hi=20.0, source="assumption: about USD 500 for each job",
        help="Price of a full programme.")
    financed: float = uncertain(
        0.7, unit="share 0-1", lo=0.5, hi=0.9, source="assumption",
        help="Share of the plan that development budgets pay, outside the security sector's aid.")
    jobs_gain: float = uncertain(
        0.05, unit="1 / year", lo=0.0, hi=0.1, source="assumption",
        help="Share of those without work whom a full programme employs in a year.", off=0.0)
    education_gain: float = uncertain(
        0.04, unit="1 / year", lo=0.0, hi=0.08, source="assumption",
        help="Share of the gap in schooling that a full programme closes in a year.", off=0.0)
    project_life: float = uncertain(
        4.0, unit="years", lo=2.0, hi=8.0, source="assumption", help="Time in which a project's work ends.", off=1e15)
    capture: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="Share of what is due to a fully excluded people that goes to others.", off=0.0)
    crowding: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="assumption",
        help="Share of private investment that a full programme crowds out.", off=0.0)


class Humanitarian(Block):
    """Shelter, food, health and information for the displaced and their hosts."""

    group: ClassVar[str] = "Community"

    effort: float = lever(
        0.4, unit="share of the need appealed for", lo=0.0, hi=1.0, cost="USD 100 per displaced person and year at 1",
        source="assumption", headline=True,
        side_effect="Armed groups tax it where they hold the ground; people return later.",
        help="Relief for the displaced and the communities that host them.")
    cost_per_person: float = uncertain(
        100.0, unit="USD / person / year", lo=50.0, hi=250.0, source="appeals of the United Nations (M)",
        help="Price of full relief for one displaced person.")
    appeals: float = uncertain(
        0.55, unit="share 0-1", lo=0.4, hi=0.7, source="share of appeals that is paid (M)",
        help="Share of the need appealed for that is paid, from outside the security sector's aid.")
    before: float = constant(
        0.2, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="Share of the need met before the start, which the scenario's hardship reflects.")
    effect: float = uncertain(
        0.6, unit="share 0-1", lo=0.0, hi=0.9, source="assumption",
        help="Share of the hardship of displacement that full relief takes away.", off=0.0)
    waste: float = uncertain(
        0.25, unit="share 0-1", lo=0.0, hi=0.5, source="assumption",
        help="Share of relief that misses its people when donors do not coordinate at all.", off=0.0)
    warning: float = uncertain(
        0.1, unit="share 0-1", lo=0.0, hi=0.2, source="assumption",
        help="Share of the people attacked whom full relief has warned in time.", off=0.0)
    tax: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="assumption; reports of diversion from several wars (M)",
        help="Share of relief that armed groups take where they alone hold the ground.", off=0.0)
    dependency: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption", help="Share of returns that full relief delays.",
        off=0.0)


class Economy(Block):
    """What livelihoods follow and what they change."""

    group: ClassVar[str] = "Model"

    growth: float = constant(
        0.0, unit="1 / year", lo=-0.05, hi=0.12, source="centred; evidence E08 compares 0 with 0.10",
        help="Growth of incomes beyond what peace itself brings.")
    growth_elasticity: float = uncertain(
        0.8, unit="elasticity", lo=0.4, hi=1.6, source="growth elasticity of poverty, low after war (M)",
        help="Fall of the hardship that growth reaches, for each unit of growth.", off=0.0)
    dividend: float = uncertain(
        0.6, unit="utility / (1 / year)", lo=0.0, hi=1.2, source="Collier, Hoeffler and Soderbom 2008; assumed size",
        help="Worth of growth to those who weigh peace against war; nothing where growth is 0.", off=0.0)
    opportunity: float = uncertain(
        0.12, unit="utility / log income", lo=0.0, hi=0.24,
        source="Collier and Hoeffler 2004; Fearon and Laitin 2003; size fitted to evidence E08",
        help="Worth of income gained since the start to those who weigh peace against war: what a fighter forgoes.",
        off=0.0)
    investment_effect: float = uncertain(
        0.03, unit="1 / year", lo=0.0, hi=0.06, source="assumption",
        help="Growth of work with full private investment.", off=0.0)
    investment_norm: float = uncertain(
        0.45, unit="share 0-1", lo=0.3, hi=0.6, source="assumption",
        help="Investment at which work just keeps pace with people.")
    investment_time: float = uncertain(
        2.0, unit="years", lo=1.0, hi=4.0, source="assumption", help="Time in which investors follow stability.")
    local_calm: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="Weight of the stability of the place for its investors; the rest is that of the country.")
    attacks_half: float = uncertain(
        1.0, unit="attacks in memory", lo=0.5, hi=4.0, source="assumption",
        help="Attacks that halve the stability of a place in the eyes of investors.", off=1e15)
    jobs_weight: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Fall of hardship when everybody has work instead of nobody.", off=0.0)
    education_weight: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.3, source="assumption",
        help="Fall of hardship when everybody has schooling instead of nobody.", off=0.0)
    strain_weight: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="Rise of hardship in a place where all are displaced, without relief.", off=0.0)
    service_strain: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="Fall of services in a place where all are displaced.", off=0.0)
    ruin: float = uncertain(
        0.004, unit="1 / year / attack in memory", lo=0.0, hi=0.01, source="assumption",
        help="How fast attacks close schools and services.", off=0.0)
    rebuilding: float = uncertain(
        0.02, unit="1 / year", lo=0.0, hi=0.04, source="assumption",
        help="How fast a working state brings services to a place.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def calm_of(fear, attacks, attacks_half, deaths, threshold, local):
    """Stability (0-1) as investors see it: by `local` (0-1) this place (fear, attacks in memory), else the country's
    battle deaths of a year against the threshold of conflict.
    """
    return local * (1.0 - fear) / (1.0 + attacks / attacks_half) + (1.0 - local) / (1.0 + deaths / threshold)


@njit
def investment_sought(calm, graft, projects, crowding):
    """Private investment (0-1) that stability sustains, less what graft deters and public projects crowd out."""
    return clamp(calm * (1.0 - graft) * (1.0 - crowding * projects), 0.0, 1.0)


@njit
def filled(stock, drive, dt):
    """A share (0-1) after one step: a positive `drive` (1/year) fills what is open, a negative one wears away the
    stock.
    """
    return clamp(stock + dt * drive * ((1.0 - stock) if drive > 0.0 else stock), 0.0, 1.0)


@njit
def reach_of_projects(delivered, excluded, capture):
    """Share (0-1) of a full programme that reaches a place: what is delivered, less where its people are excluded."""
    return delivered * (1.0 - capture * excluded)


@njit
def relief_reach(effort, appeals, coordination, waste, taxed):
    """Share (0-1) of the need that relief meets: what is paid, fits the other donors', and is not taxed away."""
    return effort * appeals * (1.0 - waste * (1.0 - coordination)) * (1.0 - taxed)


@njit
def hardship_of(base, livelihoods, strain, weight, relief):
    """Hardship (0-1): its base less livelihoods, and the strain of the displaced (share of the people) less relief."""
    return clamp(base - livelihoods + weight * strain * (1.0 - relief), 0.0, 1.0)


@njit
def held_by_groups(fighters, forces):
    """Share (0-1) of a place that armed groups hold: their fighters against soldiers, officers and peacekeepers."""
    return fighters / (fighters + forces) if fighters > 0.0 else 0.0


# ------------------------------------------------------------------------------------------------- phases
@phase("communities: hardship services warned", "groups: money", "country: leaked",
       "ledger: planned spent delivered total leaked")
def relieve(world, dt):
    """Relief arrives where the displaced are and is taxed on the way; hardship and services follow."""
    p = world.parameters.humanitarian[0]
    e = world.parameters.economy[0]
    coordination = world.parameters.funding[0].coordination
    n = len(world.communities)
    planned = spent = taxed = 0.0
    for i in range(n):
        c = world.communities[i]
        fighters = 0.0
        for g in range(len(world.groups)):
            fighters += world.presence[g * n + i].fighters
        forces = c.soldiers + c.troops + c.un_police + world.police[i].staff * world.police[i].present
        taken = p.tax * held_by_groups(fighters, forces)
        need = p.effort * p.cost_per_person * c.displaced * dt
        planned += need
        spent += need * p.appeals
        if fighters > 0.0:
            taxed += need * p.appeals * taken
            for g in range(len(world.groups)):
                share = world.presence[g * n + i].fighters / fighters
                world.groups[g].money += need * p.appeals * taken * share
        reach = relief_reach(p.effort, p.appeals, coordination, p.waste, taken)
        strain = c.displaced / c.population if c.population > 0.0 else 0.0
        c.warned = clamp(p.warning * reach, 0.0, 1.0)
        livelihoods = e.jobs_weight * min(1.0, c.jobs + c.projects) + e.education_weight * c.education
        c.hardship = hardship_of(c.hardship_base, livelihoods, strain, e.strain_weight, p.effect * reach)
        c.services = clamp(c.service_base * (1.0 - e.service_strain * strain), 0.0, 1.0)
    entry = world.ledger[RELIEF]
    entry.planned = planned
    entry.spent = spent
    entry.delivered = clamp((spent - taxed) / planned, 0.0, 1.0) if planned > 0.0 else 0.0
    entry.total += spent
    entry.leaked += taxed
    world.country[0].leaked += taxed


@phase("ledger: planned spent delivered total leaked", "elites: rents", "country: leaked")
def fund_prevention(world, dt):
    """Development budgets pay for prevention; budget holders divert of it what they divert of all money."""
    p = world.parameters.prevention[0]
    people = shares = 0.0
    for i in range(len(world.communities)):
        people += world.communities[i].population
    for k in range(len(world.elites)):
        shares += world.elites[k].share
    entry = world.ledger[PREVENTION]
    entry.planned = p.investment * p.cost_per_head * people * dt
    entry.spent = p.financed * entry.planned
    lost = entry.spent * world.country[0].leakage if shares > 0.0 else 0.0
    entry.delivered = clamp((entry.spent - lost) / entry.planned, 0.0, 1.0) if entry.planned > 0.0 else 0.0
    entry.total += entry.spent
    entry.leaked += lost
    world.country[0].leaked += lost
    for k in range(len(world.elites)):
        world.elites[k].rents += lost * world.elites[k].share / shares


@phase("communities: investment jobs projects education service_base hardship_base",
       "government: income gdp_per_head revenue dividend")
def livelihoods(world, dt):
    """Once a quarter: investors follow stability, projects employ and teach, war closes schools and services, income
    grows.
    """
    p = world.parameters.prevention[0]
    e = world.parameters.economy[0]
    country = world.country[0]
    state = world.government[0]
    threshold = world.parameters.relapse[0].conflict_deaths
    delivered = p.investment * world.ledger[PREVENTION].delivered
    # who earns more forgoes more by fighting; wages and taxes keep their shares of income
    grown = math.exp(e.growth * dt)
    state.income += e.growth * dt
    state.gdp_per_head *= grown
    state.revenue *= grown
    state.dividend = e.dividend * e.growth + e.opportunity * state.income
    for i in range(len(world.communities)):
        c = world.communities[i]
        reach = reach_of_projects(delivered, c.excluded, p.capture)
        calm = calm_of(c.fear, c.attacks_in_memory, e.attacks_half, country.battle_deaths_52, threshold, e.local_calm)
        sought = investment_sought(calm, country.leakage, reach, p.crowding)
        c.investment = clamp(c.investment + (1.0 - decay(e.investment_time, dt)) * (sought - c.investment), 0.0, 1.0)
        c.jobs = filled(c.jobs, e.investment_effect * (c.investment - e.investment_norm), dt)
        idle = max(0.0, 1.0 - c.jobs - c.projects)
        c.projects = clamp(c.projects * decay(p.project_life, dt)
                           + dt * p.jobs_gain * reach * (1.0 - p.education_share) * idle, 0.0, 1.0)
        lost = e.ruin * c.attacks_in_memory
        c.education = filled(c.education, p.education_gain * reach * p.education_share, dt)
        c.education = filled(c.education, -lost, dt)
        c.service_base = filled(c.service_base, e.rebuilding * state.function, dt)
        c.service_base = filled(c.service_base, -lost, dt)
        c.hardship_base *= math.exp(-e.growth_elasticity * e.growth * dt)
