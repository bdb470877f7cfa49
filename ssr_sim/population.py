"""The first week's agents, from a scenario and a seed: what the country is like when the simulation starts."""

from __future__ import annotations

import datetime
import math
from typing import NamedTuple

import networkx as nx
import numpy as np

from ssr_sim.country import ArmedGroup, Country
from ssr_sim.draws import normal, stream, u01
from ssr_sim.first_displaced import place_the_displaced, rest_livelihoods
from ssr_sim.jit import njit
from ssr_sim.networks import (
    Map,
    command_graph,
    layer,
    place_communities,
    road_graph,
    social_graph,
    whole_shares,
)
from ssr_sim.start_of_justice import start_justice
from ssr_sim.start_of_trust import trust_in_police_at_rest
from ssr_sim.submodels.corruption import need_and_price, opportunity_at_rest
from ssr_sim.submodels.mission_conduct import consent_target
from ssr_sim.tables import AT_WAR, HOLDOUT, LINES, SECTORS, SIGNATORY, empty
from ssr_sim.world import WEEK, Layer

HARDSHIP = stream(210, "start: hardship of a community")
SERVICES = stream(211, "start: services of a community")
CORRUPT = stream(212, "start: corruption of a unit")
SKILL = stream(213, "start: skill of a unit")
EQUIPMENT = stream(214, "start: equipment of a unit")
PATRON = stream(215, "start: patron of a commander")
POSTING = stream(216, "start: posting of a unit")
TASTE = stream(217, "start: taste of a donor")
QUALITY = stream(218, "start: quality of a contingent")
EXCLUDED = stream(219, "start: exclusion of a community")

FORESIGHT = 52  # weeks beyond the horizon for which the plan is known: the parties look ahead
SPLINTER_PLACES = 3  # free rows for groups that split off
CONDUCT = 0.7  # assumption: standard of conduct of the average contingent
POLICE_CONTINGENTS = 0.2  # share of contingents that are mission police
HOMOPHILY = 3.0  # assumption: a tie within a group is three times as likely and as strong
KINDS = {"bilateral": 0, "multilateral": 1, "pooled": 2, "regional": 3}
# what kinds of donors like to pay for, by sector (assumption): forces are visible, oversight is not
TASTES = {
    "bilateral": (0.30, 0.25, 0.08, 0.12, 0.15, 0.10),
    "multilateral": (0.22, 0.08, 0.15, 0.15, 0.22, 0.18),
    "pooled": (1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6),
    "regional": (0.20, 0.40, 0.05, 0.05, 0.10, 0.20),
}


class Ground(NamedTuple):
    """What all replicates of a scenario share: the map and the networks."""

    places: Map
    roads: Layer
    social: Layer
    command: Layer
    bases: np.ndarray  # (groups, communities): where each group's following lives, rows sum to 1
    criminals: np.ndarray  # (criminal groups, communities)
    constituency: np.ndarray  # (communities,): group that speaks for a community, -1 none


def organised(country: Country) -> list[ArmedGroup]:
    """Armed groups with a political claim; criminal gangs are counted in communities."""
    return [group for group in country.armed_groups if group.stance != "criminal"]


def gangs(country: Country) -> list[ArmedGroup]:
    """Criminal gangs."""
    return [group for group in country.armed_groups if group.stance == "criminal"]


def lay_ground(country: Country) -> Ground:
    """Place communities and build the networks."""
    places = place_communities(country)
    n = len(places.x)
    bases = _bases(country, organised(country), places)
    shares = np.array([group.constituency_share.value for group in organised(country)])
    constituency = np.full(n, -1)
    if len(bases):
        # a community has a constituency where the group's following is a fair part of the people
        following = bases * shares[:, None] / np.maximum(places.population / max(places.population.sum(), 1.0), 1e-9)
        strongest = following.argmax(axis=0)
        constituency = np.where(following.max(axis=0) > 0.15, strongest, -1)
    roads = road_graph(country, places)
    social = social_graph(roads, places, constituency, HOMOPHILY, country.network_seed)
    units = country.army.units if country.army.size.value >= 1 else 0
    return Ground(places, layer(roads, n), layer(social, n, "weight"), layer(command_graph(units), units), bases,
                  _bases(country, gangs(country), places), constituency)


def _bases(country: Country, groups: list[ArmedGroup], places: Map) -> np.ndarray:
    """Share of each group's following in each community, shape (groups, communities)."""
    names = [region.name for region in country.regions]
    rows = np.zeros((len(groups), len(places.x)))
    for g, group in enumerate(groups):
        by_region = np.array([group.base_regions.get(name, 0.0) for name in names])
        if by_region.sum() <= 0:
            by_region = np.bincount(places.region, weights=places.population, minlength=len(names))
        for region in np.unique(places.region):
            here = places.region == region
            people = places.population[here]
            rows[g, here] = by_region[region] * people / max(people.sum(), 1.0)
        if rows[g].sum() > 0:
            rows[g] /= rows[g].sum()
    return rows


@njit
def normals(seed: int, code: int, rows: int, out: np.ndarray) -> None:
    """Fill `out` (rows,) with one standard normal for each identity 0 .. `rows` - 1."""
    for i in range(rows):
        out[i] = normal(u01(seed, code, 0, i, 0))


@njit
def uniforms(seed: int, code: int, rows: int, out: np.ndarray) -> None:
    """Fill `out` (rows,) with one uniform for each identity 0 .. `rows` - 1."""
    for i in range(rows):
        out[i] = u01(seed, code, 0, i, 0)


class Luck:
    """Draws of the first week for one seed; `normal(code, rows)` and `uniform(code, rows)` have shape (rows,)."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def normal(self, code: int, rows: int) -> np.ndarray:
        out = np.empty(rows)
        normals(self.seed, code, rows, out)
        return out

    def uniform(self, code: int, rows: int) -> np.ndarray:
        out = np.empty(rows)
        uniforms(self.seed, code, rows, out)
        return out


def around(level: float, noise: np.ndarray, spread: float) -> np.ndarray:
    """Shares scattered around `level` on the log-odds scale, so that they stay within 0-1."""
    level = min(max(level, 0.005), 0.995)
    return 1.0 / (1.0 + np.exp(-(math.log(level / (1.0 - level)) + spread * noise)))


def populate(country: Country, ground: Ground, parameters: object, seed: int, weeks: int,
             start: datetime.date) -> dict[str, np.ndarray]:
    """All tables at week 0. `parameters` is the named tuple of parameter records in force."""
    luck = Luck(seed)
    tables = {"government": _government(country), "mission": _mission(country, parameters),
              "oversight": empty("oversight", 1),
              "country": _country_row(country), "ledger": empty("ledger", len(LINES)),
              "sectors": empty("sectors", len(SECTORS)), "elites": _elites(country),
              "donors": _donors(country, luck), "deployment": deployment(country, start, weeks + FORESIGHT)}
    # the strength that is planned for the first period has been authorised
    for kind in ("troops", "police"):
        first = tables["deployment"][kind][: int(tables["mission"]["review_due"][0]) + 1].max()
        tables["mission"][f"authorised_{kind}"] = np.maximum(tables["mission"][f"authorised_{kind}"], first)
    tables["communities"] = _communities(country, ground, parameters, luck)
    tables["police"] = _police(country, ground, parameters, luck)
    tables["military"] = _army(country, ground, parameters, luck)
    start_justice(country, tables, parameters, luck.normal, around)
    trust_in_police_at_rest(tables["communities"], tables["police"], parameters.trust[0],  # type: ignore[attr-defined]
                            parameters.policing[0], parameters.legitimacy[0])  # type: ignore[attr-defined]
    tables |= _armed_groups(country, ground, parameters)
    tables["contingents"] = _contingents(country, ground, luck)
    tables["country"]["abroad"] = place_the_displaced(country, tables["communities"])
    rest_livelihoods(tables["communities"], parameters)
    tables["government"]["women_deciding"] = parameters.women[0]["ordinary_decision"]  # type: ignore[attr-defined]
    held = tables["groups"]["weapons"].sum() + tables["military"]["weapons"].sum()
    loose = country.weapons.in_circulation.value - held
    tables["country"]["weapons_loose"] = max(0.0, round(loose))
    return tables


def _communities(country: Country, ground: Ground, parameters: object, luck: Luck) -> np.ndarray:
    n = len(ground.places.x)
    society = country.society
    table = empty("communities", n)
    table["uid"] = np.arange(n)
    table["region"] = ground.places.region
    table["constituency"] = ground.constituency
    table["x"], table["y"] = ground.places.x, ground.places.y
    table["population"] = ground.places.population
    table["youth"] = min(1.0, society.youth_share.value * 1.75)  # 15-24 to 15-34, by the ratio of life tables
    outside = np.array([region.outside for region in country.regions])
    table["at_war_zone"] = 1.0 - outside[ground.places.region]
    table["hardship"] = around(society.hardship.value, luck.normal(HARDSHIP, n), 0.5)
    table["leaders"] = country.justice.customary.value
    table["services"] = around(0.5 * country.politics.absorptive_capacity.value + 0.2, luck.normal(SERVICES, n), 0.7)
    # the excluded: their own places most, others by the country's mean
    mean = sum(row.population_share.value * row.exclusion_index.value for row in country.exclusion)
    excluded = around(max(mean, 0.01), luck.normal(EXCLUDED, n), 0.7)
    groups = organised(country)
    own = np.array([groups[g].excluded.value if g >= 0 else 0.0 for g in ground.constituency])
    table["excluded"] = np.clip(excluded + 0.6 * own * (1.0 - excluded), 0.0, 1.0)
    for row, gang in enumerate(gangs(country)):
        table["gangs"] += whole_shares(gang.fighters.value, ground.criminals[row])
    table["population"] = np.maximum(0.0, table["population"] - table["gangs"])
    table["expectation"] = society.expectation.value
    table["grievance"] = society.grievance.value
    table["fear"] = society.fear.value
    table["last_event"] = table["last_abuse"] = -1
    gap = society.group_trust_gap.value * (table["excluded"] - np.average(table["excluded"]))
    for name in ("police", "army", "justice", "government", "mission"):
        level = getattr(society, f"trust_{name}").value
        trust = np.clip(level - (gap if name != "mission" else 0.0), 0.02, 0.98)
        table[f"trust_{name}"] = trust
        good, bad = memory_for(trust, parameters.trust[0], name)  # type: ignore[attr-defined]
        table[f"good_{name}"], table[f"bad_{name}"] = good, bad
    return table


def memory_for(trust: np.ndarray, p: np.void, institution: str) -> tuple[np.ndarray, np.ndarray]:
    """Good and bad contacts remembered (per head) that make experience equal to the trust measured at the start.

    Two contacts' worth of memory: half a contact a year over four years of forgetting.
    """
    mass = 2.0
    weight = float(p["prior_weight"])
    good = np.clip(trust * (mass + weight) - float(p[f"prior_{institution}"]) * weight, 0.0, mass)
    return good, (mass - good) / float(p["negativity"])


def _at_rest(corrupt: np.ndarray, table: np.ndarray, parameters: object) -> None:
    """Set the opportunity of every unit so that the country's corruption is at rest before any policy changes it."""
    p = parameters.corruption[0]  # type: ignore[attr-defined]
    pay = parameters.pay[0]["level"]  # type: ignore[attr-defined]
    table["integrity"] = 0.5
    table["perceived_detection"] = 0.02
    for i in range(len(table)):
        need = need_and_price(table["arrears"][i], pay, p["need_weight"], p["wage_price_effect"])
        table["opportunity"][i] = opportunity_at_rest(corrupt[i], 0.02, 0.5, p["cost"], p["contagion"],
                                                      p["spread"]) - need


def _police(country: Country, ground: Ground, parameters: object, luck: Luck) -> np.ndarray:
    n = len(ground.places.x)
    police = country.police
    table = empty("police", n)
    table["uid"] = np.arange(n)
    people = ground.places.population
    # "present" below follows from arrears and morale; names without anybody behind them are ghosts
    ghosts = 0.5 * (1.0 - police.present_share.value)
    table["staff"] = whole_shares(police.size.value * (1.0 - ghosts), people)
    table["ghosts"] = whole_shares(police.size.value * ghosts, people)
    table["skill"] = around(police.skill.value, luck.normal(SKILL, n), 0.4)
    table["rights_norm"] = police.rights_norm.value
    table["equipment"] = around(police.equipment.value, luck.normal(EQUIPMENT, n), 0.5)
    table["women"] = police.women_share.value
    bribe = parameters.trust[0]["bribe_per_contact"]  # type: ignore[attr-defined]
    corrupt = around(min(0.95, police.corruption.value / bribe), luck.normal(CORRUPT, n), 0.8)
    table["corrupt"] = corrupt
    table["morale"] = 0.4
    table["arrears"] = min(60.0, police.arrears_months.value)
    table["present"] = police.present_share.value
    table["imbalance"] = police.imbalance.value
    table["abuse_record"] = np.clip(0.6 * (1.0 - police.rights_norm.value) * corrupt, 0.0, 1.0)
    _at_rest(corrupt, table, parameters)
    _give_patrons(table, country, luck, 0)
    return table


def _give_patrons(table: np.ndarray, country: Country, luck: Luck, offset: int) -> None:
    """Commanders with a patron among the elites, as often as elites obstruct."""
    elites = int(country.politics.elites.value)
    draw = luck.uniform(PATRON, len(table) + offset)[offset:]
    share = country.politics.obstruction.value
    table["patron"] = np.where((draw < share) & (elites > 0), (draw / max(share, 1e-9) * elites).astype(int), -1)


def _army(country: Country, ground: Ground, parameters: object, luck: Luck) -> np.ndarray:
    army = country.army
    units = army.units if army.size.value >= 1 else 0
    table = empty("military", units)
    if units == 0:
        return table
    table["uid"] = np.arange(units)
    table["staff"] = whole_shares(army.size.value * (1.0 - army.ghosts_share.value), np.ones(units))
    table["ghosts"] = whole_shares(army.size.value * army.ghosts_share.value, np.ones(units))
    table["weapons"] = table["staff"]
    table["women"] = parameters.women[0]["army_start"]  # type: ignore[attr-defined]
    table["professionalism"] = around(army.professionalism.value, luck.normal(SKILL, units), 0.3)
    table["rights_norm"] = army.discipline.value
    table["discipline"] = army.discipline.value
    corrupt = around(army.corruption.value, luck.normal(CORRUPT, units), 0.4)
    table["corrupt"] = corrupt
    table["arrears"] = min(60.0, army.arrears_months.value)
    _at_rest(corrupt, table, parameters)
    table["loyalty"] = 0.5
    table["imbalance"] = army.imbalance.value
    table["equipment"] = 0.5 * army.professionalism.value
    table["abuse_record"] = np.clip(0.6 * (1.0 - army.discipline.value), 0.0, 1.0)
    tree = command_graph(units)
    for parent, child in nx.bfs_edges(tree, 0):
        table["commander"][child] = parent
    table["commander"][0] = -1
    inside = np.flatnonzero(~np.array([region.outside for region in country.regions])[ground.places.region])
    inside = inside if len(inside) else np.arange(len(ground.places.x))
    weights = ground.places.population[inside] + 1.0
    table["posting"] = inside[np.searchsorted(np.cumsum(weights) / weights.sum(), luck.uniform(POSTING, units))]
    _give_patrons(table, country, luck, len(ground.places.x))
    return table


def _armed_groups(country: Country, ground: Ground, parameters: object) -> dict[str, np.ndarray]:
    groups = organised(country)
    n = len(ground.places.x)
    rows = len(groups) + SPLINTER_PLACES if groups else 0
    table, presence, cohorts = empty("groups", rows), empty("presence", rows * n), empty("cohorts", rows * n)
    table["uid"] = np.arange(rows)
    table["parent"] = table["last_event"] = -1
    # a pair's identity must not depend on how many communities there are
    presence["uid"] = cohorts["uid"] = (np.arange(rows)[:, None] * 2**20 + np.arange(n)[None, :]).ravel()
    p = parameters.violence[0]  # type: ignore[attr-defined]
    holding = country.agreement.ceasefire_holding.value
    for g, group in enumerate(groups):
        row = table[g]
        place = presence[g * n:(g + 1) * n]
        place["base"] = ground.bases[g]
        place["fighters"] = whole_shares(group.fighters.value, ground.bases[g])
        row["exists"] = 1
        row["stance"] = SIGNATORY if group.stance == "signatory" else HOLDOUT
        row["at_war"] = int(group.stance != "signatory")
        row["fighters"] = row["strength_at_peace"] = place["fighters"].sum()
        row["weapons"] = round(group.fighters.value * group.weapons_per_fighter.value)
        row["income"] = group.resources.value
        row["money"] = 0.5 * group.resources.value
        row["cohesion"] = group.cohesion.value
        row["unrest"] = 0.3
        row["splinter_risk"] = group.latent_splinter.value
        row["consent"] = group.consent.value
        row["sponsor"] = group.sponsor.value
        row["exclusion"] = group.excluded.value
        row["hostility"] = country.agreement.hostility.value
        row["ties"] = 0.8
        # fronts that are not quiet: what last week's attacks would still excite, as at the steady rate of a war
        steady = p["branching"] * p["attack_rate"] / 1000.0 * WEEK / (1.0 - math.exp(-1.0 / p["memory"]))
        place["excitation"] = steady * place["fighters"] * (1.0 - holding)
        row["smouldering"] = place["excitation"].sum()
    return {"groups": table, "presence": presence, "cohorts": cohorts}


def _elites(country: Country) -> np.ndarray:
    number = int(country.politics.elites.value)
    table = empty("elites", number)
    table["uid"] = np.arange(number)
    if number:
        table["share"] = 1.0 / number
    table["diversion"] = min(0.6, 0.45 * country.army.corruption.value)
    table["norm"] = table["diversion"]
    table["payoff"] = 0.5 * table["diversion"]
    table["last_change"] = 0.01
    table["obstruction"] = country.politics.obstruction.value
    return table


def _donors(country: Country, luck: Luck) -> np.ndarray:
    table = empty("donors", len(country.donors))
    table["uid"] = np.arange(len(country.donors))
    own = np.array([donor.share * donor.security_share for donor in country.donors])
    total = country.aid.total.value * country.aid.security_share.value
    if own.sum() > 0:
        table["budget"] = total * own / own.sum()
    for d, donor in enumerate(country.donors):
        table["kind"][d] = KINDS[donor.kind]
        noise = np.array([u01(luck.seed, TASTE, 0, d, s) for s in range(len(SECTORS))])
        taste = np.array(TASTES[donor.kind]) * (0.5 + noise)
        table["preference"][d] = taste / taste.sum()
        table["allocation"][d] = table["preference"][d]
    table["engagement"] = 1.0
    table["trust"] = 0.4
    return table


def _government(country: Country) -> np.ndarray:
    table = empty("government", 1)
    politics, economy = country.politics, country.economy
    table["will"] = politics.political_will.value
    # the will that the country would have without its elites' obstruction
    table["reference_will"] = min(1.0, politics.political_will.value + 0.25 * politics.obstruction.value)
    table["revenue"] = economy.government_budget.value
    table["security_share"] = economy.security_share.value
    table["gdp_per_head"] = economy.gdp_per_head.value
    table["own_resources"] = politics.own_resources.value
    table["absorption"] = max(0.02, politics.absorptive_capacity.value)
    table["form"] = 0.2
    table["function"] = 0.5 * politics.absorptive_capacity.value
    table["fit"] = 0.3
    table["resistance"] = 0.5 * politics.obstruction.value
    table["ownership"] = 0.3
    table["implementation"] = 0.3 * country.agreement.settlement.value
    table["settlement"] = country.agreement.settlement.value
    table["neighbour"] = max((n.hostility.value for n in country.neighbours if n.border), default=0.0)
    table["resource_rents"] = economy.resource_rents.value
    table["elected_weeks"] = 104.0
    table["army_size"] = country.army.size.value * (1.0 - country.army.ghosts_share.value)
    table["ddr_planned"] = country.agreement.ddr_planned.value
    return table


def _mission(country: Country, parameters: object) -> np.ndarray:
    table = empty("mission", 1)
    mission = country.mission
    table["mandate"] = mission.mandate_strength.value
    table["clarity"] = mission.clarity.value
    table["consent"] = 0.5 * (mission.consent_government.value + mission.consent_population.value)
    table["partiality"] = 0.3
    table["authorised_troops"] = mission.troops_authorised.value
    table["authorised_police"] = mission.police_authorised.value
    table["cost_per_uniformed"] = mission.cost_per_uniformed.value
    table["regional"] = 1.0 if mission.regional else 0.0
    table["conduct"] = CONDUCT
    table["review_due"] = parameters.mandate[0]["review_months"] / 12.0 / WEEK  # type: ignore[attr-defined]
    q = parameters.peacekeeping[0]  # type: ignore[attr-defined]
    robust = mission.mandate_strength.value
    explained = consent_target(q["consent_base"], country.society.trust_mission.value, table["partiality"][0], robust,
                               0.0)
    table["goodwill"] = table["consent"] - explained
    return table


def _contingents(country: Country, ground: Ground, luck: Luck) -> np.ndarray:
    number = max(2, country.mission.contingents)
    table = empty("contingents", number)
    table["uid"] = np.arange(number)
    table["police"][: max(1, round(POLICE_CONTINGENTS * number))] = 1
    table["quality"] = around(0.6, luck.normal(QUALITY, number), 0.4)
    table["conduct"] = around(CONDUCT, luck.normal(QUALITY, 2 * number)[number:], 0.5)
    table["mobility"] = 1.0
    capital = country.regions.index(country.capital)
    here = np.flatnonzero(ground.places.region == capital)
    table["posting"] = here[0] if len(here) else 0
    return table


def _country_row(country: Country) -> np.ndarray:
    table = empty("country", 1)
    table["war_state"] = AT_WAR
    for name in ("peace_week", "relapse_week", "war_relapse_week", "relapse_event"):
        table[name] = -1
    table["survey_trust_police"] = country.society.trust_police.value
    table["survey_trust_government"] = country.society.trust_government.value
    return table


def deployment(country: Country, start: datetime.date, weeks: int) -> np.ndarray:
    """Planned strength of the mission in each week, shape (weeks + 1,): linear between dated points, then as the
    last.
    """
    table = empty("deployment", weeks + 1)
    points = country.mission.strength
    if points:
        days = np.array([(point.date - start).days / 7.0 for point in points])
        when = np.arange(weeks + 1)
        table["troops"] = np.round(np.interp(when, days, [point.troops for point in points]))
        table["police"] = np.round(np.interp(when, days, [point.police for point in points]))
    return table


