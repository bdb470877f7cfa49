"""The subset of `subset.py` as a Mesa model, written as Mesa's own tutorials would: an object per agent, `AgentSet.do`,
neighbours and places in `mesa.discrete_space.Network`, random numbers of the model.

The rules are the model's own, compiled or as plain Python, whichever is faster when called from Python.
"""

from __future__ import annotations

import math
import timeit
import types
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import mesa
import networkx as nx
import numpy as np
from mesa.discrete_space import FixedAgent, Network

from ssr_sim import draws
from ssr_sim.maths import clamp as compiled_clamp
from ssr_sim.maths import decay as compiled_decay
from ssr_sim.maths import rate_to_probability as compiled_probability
from ssr_sim.schedule import MONTH
from ssr_sim.submodels import corruption, policing, trust, violence
from ssr_sim.tables import LINES
from ssr_sim.world import WEEK, Layer, World


def plain(rule: Any) -> Callable[..., Any]:
    """A compiled rule as the Python it is written in, and so what it calls."""
    function = rule.py_func
    names = {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}
    space = {name: plain(value) if hasattr(value, "py_func") else value for name, value in names.items()}
    return types.FunctionType(function.__code__, space, function.__name__)


def faster(rule: Any, *arguments: float) -> Callable[..., Any]:
    """The rule compiled or plain, whichever takes less time with these arguments; the results are the same."""
    rule(*arguments)
    forms = (plain(rule), rule)
    return min(forms, key=lambda form: min(timeit.repeat(lambda: form(*arguments), number=500, repeat=7)))


clamp = faster(compiled_clamp, 0.3, 0.0, 1.0)
decay = faster(compiled_decay, 1.2, 0.077)
rate_to_probability = faster(compiled_probability, 0.2, 0.077)
binomial = faster(draws.binomial, 20, 0.1, 0.6)
poisson = faster(draws.poisson, 1.5, 0.6)
severity = faster(draws.severity, 0.6, 2.4, 2.0, 1500.0)
extraction = faster(corruption.extraction, 1.0, 0.2, 0.3, 0.4, 1.0, 0.5, 0.45)
need_and_price = faster(corruption.need_and_price, 3.0, 1.0, 0.25, 6.0, 0.1)
quality_of_work = faster(policing.quality_of_work, 0.3, 0.3, 0.5, 0.3, 0.0)
service_of = faster(policing.service_of, 30.0, 0.5, 0.3, 0.4, 40.0, 0.6, 0.5)
hardship_factor = faster(policing.hardship_factor, 0.6, 1.2)
crime_mean = faster(policing.crime_mean, 4e4, 900.0, 0.6, 1.2, 0.35, 0.3, 0.077)
deterred = faster(policing.deterred, 0.1, 0.5)
restraint = faster(policing.restraint, 50.0, 60.0, 0.45)
abuse_tendency = faster(policing.abuse_tendency, 0.3, 0.3, 0.1, 1.4, 0.8, 0.8)
remember = faster(trust.remember, 1.0, 0.1, 4.0, 0.077)
reputation = faster(trust.reputation, 1.0, 2.0, 2.2, 0.5, 1.0)
follow = faster(trust.follow, 0.4, 0.5, 0.3, 0.3, 1.2, 0.077)
said = faster(trust.said, 2.1, 4.2, 0.01)
safe_share = faster(trust.safe_share, 1.0, 4.0)
seen_share = faster(trust.seen_share, 30.0, 100.0)
fair_contact = faster(trust.fair_contact, 0.3, 0.3, 0.2, 0.8, 0.4, 0.6)
helpful_contact = faster(trust.helpful_contact, 0.2, 0.25)
standing_grudge = faster(trust.standing_grudge, 0.2, 0.3, 0.2, 0.1, 0.1)
good_share = faster(trust.good_share, 0.5, 0.7, 0.25)
expectation_after = faster(trust.expectation_after, 0.5, 0.3, 0.1, 0.5, 0.077)
attack_background = faster(violence.attack_background, 100.0, 17.0, 0.48, 1.0, 0.1, 0.4, 0.019)
excited_now = faster(violence.excited_now, 0.1, 3.5)
astray = faster(violence.astray, 0.3, 0.3, 1.0, 0.4)
exposure = faster(violence.exposure, 0.15, 0.3, 1.0, 0.2, 1.0)
swing_after = faster(violence.swing_after, 0.1, 0.87, 0.9, 0.3, 0.019)

COMMUNITY = """constituency population hardship excluded services setback expectation trust_police trust_army
    trust_justice trust_government trust_mission good_police bad_police good_army bad_army good_justice bad_justice
    good_government bad_government good_mission bad_mission fear anger cooperation troops un_police safe_zone soldiers
    gangs police_abuse army_abuse attacks attacks_in_memory crimes crimes_recorded certainty court_conduct customary
    warned state_killed"""
POLICE = """staff skill rights_norm equipment integrity corrupt opportunity perceived_detection morale arrears present
    imbalance abuse_record service contact withheld patron"""
MILITARY = """staff professionalism rights_norm corrupt opportunity integrity perceived_detection arrears commander
    patron"""
GROUP = "at_war spoiling campaign smouldering fighters consent"


def carry(agent: mesa.Agent, row: np.void, fields: str) -> None:
    """Give an agent the fields of its row as plain numbers."""
    for field in fields.split():
        setattr(agent, field, row[field].item())


class Community(FixedAgent):
    """People of one place; its cell lies in the network of social ties."""

    def __init__(self, model: Country, place: int, row: np.void) -> None:
        super().__init__(model)
        self.place = place
        self.cell = model.social[place]
        carry(self, row, COMMUNITY)
        self.police: PoliceUnit

    def experience(self) -> None:
        """What people lived through with police, army, courts, government and mission."""
        model, unit, p, dt = self.model, self.police, self.model.trust, self.model.month
        heads = max(self.population, 1.0)
        felt = (self.services + model.function * (1.0 - self.services)) * (1.0 - self.setback)

        fair = fair_contact(unit.corrupt, unit.rights_norm, unit.abuse_record, p.bribe_per_contact, p.unfairness,
                            p.abusers_unfair)
        good = good_share(fair, helpful_contact(unit.service, p.help_sought), p.leniency)
        n = p.police_contacts * dt
        extra = p.programme_contacts * unit.contact * dt
        good_extra = good_share(fair, p.without_means + (1.0 - p.without_means) * unit.equipment * unit.present,
                                p.leniency)
        grudge = standing_grudge(max(0.0, self.expectation - unit.service), self.excluded, unit.imbalance,
                                 p.disappointment, p.exclusion_weight)
        bad = (n * (1.0 - good) + extra * (1.0 - good_extra) + model.heard * self.police_abuse / heads + grudge * dt)
        self.good_police = remember(self.good_police, n * good + extra * good_extra, p.forgetting, dt)
        self.bad_police = remember(self.bad_police, bad, p.forgetting, dt)

        n = p.army_contacts * seen_share(self.soldiers, p.soldiers_half) * dt
        safe = safe_share(self.attacks, p.attacks_unsafe)
        good = p.army_ordinary + p.army_protects * safe
        bad = p.unhelpful * n * (1.0 - good) + model.heard * self.army_abuse / heads
        self.good_army = remember(self.good_army, n * good, p.forgetting, dt)
        self.bad_army = remember(self.bad_army, bad, p.forgetting, dt)

        n = p.justice_contacts * dt
        self.good_justice = remember(self.good_justice, n * self.court_conduct, p.forgetting, dt)
        self.bad_justice = remember(self.bad_justice, n * (1.0 - self.court_conduct), p.forgetting, dt)

        n = p.government_contacts * dt
        good = (felt * (1.0 - p.excluded_service * self.excluded)
                * ((1.0 - p.safety_in_service) + p.safety_in_service * safe))
        told = p.news_contacts * model.reach * dt
        bad = (p.unhelpful * n * (1.0 - good) + told * max(0.0, model.form - model.function)
               + dt * (p.disappointment * max(0.0, self.expectation - felt) + 0.5 * p.exclusion_weight * self.excluded
                       + model.watched * unit.corrupt))
        self.good_government = remember(self.good_government, n * good + told * model.function, p.forgetting, dt)
        self.bad_government = remember(self.bad_government, bad, p.forgetting, dt)

        n = p.mission_contacts * seen_share(self.troops + p.un_police_seen * self.un_police, p.mission_half) * dt
        good = model.mission_conduct * safe
        self.good_mission = remember(self.good_mission, n * good, p.forgetting, dt)
        self.bad_mission = remember(self.bad_mission, p.unhelpful * n * (1.0 - good), p.forgetting, dt)

        raised = p.news_raises * model.reach + p.programme_raises * unit.contact
        self.expectation = expectation_after(self.expectation, felt, raised, p.sobering, dt)
        self.police_abuse = self.army_abuse = self.attacks = 0.0

    def listen(self) -> None:
        """What neighbours and leaders say, heard by everybody before anybody changes his mind."""
        model, p = self.model, self.model.trust
        ties = model.social.G.adj[self.place]
        police = army = justice = government = mission = weight = 0.0
        for other in self.cell.neighborhood.agents:
            w = ties[other.place]["weight"]
            if other.constituency != self.constituency:
                w *= p.out_group
            police += w * other.trust_police
            army += w * other.trust_army
            justice += w * other.trust_justice
            government += w * other.trust_government
            mission += w * other.trust_mission
            weight += w
        voice = p.leader_pull * self.customary * (model.fit - p.leaders_expect)
        self.heard = (p.influence if weight > 0.0 else 0.0, said(police, weight, voice), said(army, weight, 0.0),
                      said(justice, weight, 0.0), said(government, weight, voice), said(mission, weight, 0.0))

    def update_trust(self) -> None:
        """Trust follows own experience and what was heard."""
        p, dt = self.model.trust, self.model.month
        influence, police, army, justice, government, mission = self.heard
        own = reputation(self.good_police, self.bad_police, p.negativity, p.prior_police, p.prior_weight)
        self.trust_police = follow(self.trust_police, own, police, influence, p.inertia, dt)
        own = reputation(self.good_army, self.bad_army, p.negativity, p.prior_army, p.prior_weight)
        self.trust_army = follow(self.trust_army, own, army, influence, p.inertia, dt)
        own = reputation(self.good_justice, self.bad_justice, p.negativity, p.prior_justice, p.prior_weight)
        self.trust_justice = follow(self.trust_justice, own, justice, influence, p.inertia, dt)
        own = reputation(self.good_government, self.bad_government, p.negativity, p.prior_government, p.prior_weight)
        self.trust_government = follow(self.trust_government, own, government, influence, p.inertia, dt)
        own = reputation(self.good_mission, self.bad_mission, p.negativity, p.prior_mission, p.prior_weight)
        self.trust_mission = follow(self.trust_mission, own, mission, influence, p.inertia, dt)


class PoliceUnit(FixedAgent):
    """The police of one place."""

    def __init__(self, model: Country, place: int, row: np.void, community: Community) -> None:
        super().__init__(model)
        self.cell = model.roads[place]
        self.community = community
        community.police = self
        carry(self, row, POLICE)

    def extract(self, national: float) -> None:
        """Officers take up or give up extraction; some are caught, which their colleagues notice."""
        model, p, dt = self.model, self.model.corruption, self.model.month
        chance = model.detection * (1.0 - (p.patron_shield if self.patron >= 0 else 0.0) * model.resistance)
        caught = binomial(int(self.staff * self.corrupt), rate_to_probability(chance, dt), self.random.random())
        leaves = int(p.dismissal * caught)
        self.staff -= leaves
        model.pool_police += leaves
        model.sanctioned += caught
        hit = caught / self.staff if self.staff > 0.0 else 0.0
        self.morale = clamp(self.morale - model.morale_of_sanctions * hit, 0.0, 1.0)
        seen = clamp(chance + p.seen_sanctions * min(1.0, hit / dt), 0.0, 1.0)
        followed = 1.0 - decay(p.belief_time, dt)
        self.perceived_detection = clamp(
            self.perceived_detection + followed * (seen - self.perceived_detection), 0.0, 1.0)
        opportunity = self.opportunity + need_and_price(self.arrears, model.pay, p.need_weight, p.need_months,
                                                        p.wage_price_effect)
        target = extraction(opportunity, self.perceived_detection, self.integrity,
                            0.5 * self.corrupt + 0.5 * national, model.cost, p.contagion, p.spread)
        self.corrupt = clamp(self.corrupt + p.speed * dt * (target - self.corrupt), 0.0, 1.0)
        self.integrity = clamp(self.integrity + p.integrity_drift * dt * (0.5 - self.corrupt), 0.0, 1.0)

    def work(self) -> None:
        """Service, crime, killings by criminals and abuse by police."""
        model, c, p, dt = self.model, self.community, self.model.policing, self.model.month
        luck = self.random.random
        heads = max(c.population, 1.0)
        quality = quality_of_work(self.skill, self.equipment, p.skill_share, p.equipment_share, p.police_production)
        self.service = service_of(self.staff * self.present / heads * 1e5, quality, self.corrupt, c.cooperation,
                                  p.staff_half, p.corruption_loss, p.information)
        q = model.community_policing
        self.contact = clamp(self.contact + dt * (q.build_up * (model.programme - self.contact)
                                                  - q.rotation * self.contact), 0.0, 1.0)
        mean = (crime_mean(c.population, p.crime_rate, c.hardship, p.hardship_effect, p.guardianship, self.service, dt)
                * deterred(c.certainty, p.crime_deterrence))
        c.crimes = poisson(mean, luck())
        c.crimes_recorded = binomial(int(c.crimes), c.cooperation * self.present, luck())

        calm = restraint(c.un_police, p.un_police_half, p.un_police_exponent) * (1.0 - p.guardianship * self.service)
        mean = (c.population / 1e5 * p.homicide_rate * hardship_factor(c.hardship, p.hardship_effect)
                + c.gangs * p.gang_killing) * calm * dt
        killed = min(float(poisson(mean, luck())), c.population)
        c.population -= killed
        model.criminal_deaths += killed

        feared = model.deterrence + (1.0 - model.deterrence) * model.support_at_risk * (1.0 - self.withheld)
        tendency = abuse_tendency(self.abuse_record, self.rights_norm, feared, p.record_effect, p.norm_restrains,
                                  p.certainty_restrains)
        abuses = poisson(self.staff * self.present * p.abuse_rate * tendency * dt, luck())
        if abuses > 0:
            c.police_abuse += abuses
            c.anger = clamp(c.anger + p.abuse_anger * abuses, 0.0, 1.0)
            new = p.new_abusers * abuses * (1.0 - model.deterrence) / max(self.staff, 1.0)
            self.abuse_record = clamp(self.abuse_record + new, 0.0, 1.0)


class MilitaryUnit(FixedAgent):
    """A unit of the army at its post."""

    def __init__(self, model: Country, row: np.void) -> None:
        super().__init__(model)
        self.cell = model.roads[int(row["posting"])]
        self.superior: MilitaryUnit | None = None
        carry(self, row, MILITARY)

    def look_up(self) -> None:
        """See what the commander does, before anybody changes."""
        self.example = self.superior.corrupt if self.superior is not None else self.corrupt

    def extract(self) -> None:
        """Commanders take up or give up extraction."""
        model, p, dt = self.model, self.model.corruption, self.model.month
        chance = model.detection * (1.0 - (p.patron_shield if self.patron >= 0 else 0.0) * model.resistance)
        followed = 1.0 - decay(p.belief_time, dt)
        self.perceived_detection = clamp(
            self.perceived_detection + followed * (chance - self.perceived_detection), 0.0, 1.0)
        opportunity = self.opportunity + need_and_price(self.arrears, model.pay, p.need_weight, p.need_months,
                                                        p.wage_price_effect)
        target = extraction(opportunity, self.perceived_detection, self.integrity,
                            0.5 * self.corrupt + 0.5 * self.example, model.cost, p.contagion, p.spread)
        self.corrupt = clamp(self.corrupt + p.speed * dt * (target - self.corrupt), 0.0, 1.0)
        self.integrity = clamp(self.integrity + p.integrity_drift * dt * (0.5 - self.corrupt), 0.0, 1.0)


class Contingent(FixedAgent):
    """A contingent of the mission at its base."""

    def __init__(self, model: Country, row: np.void) -> None:
        super().__init__(model)
        self.cell = model.roads[int(row["posting"])]
        carry(self, row, "losses mobility")


class ArmedGroup(mesa.Agent):
    """An armed group; `presences` are its fighters place by place."""

    def __init__(self, model: Country, row: np.void) -> None:
        super().__init__(model)
        carry(self, row, GROUP)
        self.presences: Any

    def fight(self) -> None:
        """A week of attacks and operations wherever the group is."""
        p = self.model.violence
        self.campaign = swing_after(self.campaign, p.campaign_sd, p.campaign_time, self.random.gauss(0.0, 1.0), WEEK)
        armed = 1.0 if self.at_war else (p.spoiling_cell if self.spoiling > 0.0 else 0.0)
        if armed == 0.0 and self.smouldering < violence.QUIET_GROUP:
            return
        swing = math.exp(self.campaign - 0.5 * p.campaign_sd**2)
        self.presences.do("fight", armed, swing)
        self.presences.do("take_in")
        self.smouldering = self.presences.agg("excitation", sum)


class Presence(FixedAgent):
    """The fighters of one group in one place; its cell lies in the network of roads."""

    def __init__(self, model: Country, place: int, row: np.void, group: ArmedGroup, community: Community) -> None:
        super().__init__(model)
        self.place = place
        self.cell = model.roads[place]
        self.group, self.community = group, community
        carry(self, row, "fighters excitation incoming")

    def fight(self, armed: float, swing: float) -> None:
        """Attacks by the group here, and operations of the state against it."""
        fighters = self.fighters * armed
        if fighters <= 0.0 and self.excitation < violence.QUIET_PLACE:
            self.excitation = 0.0
            return
        model, group, c, p = self.model, self.group, self.community, self.model.violence
        background = attack_background(fighters, p.attack_rate, p.branching, swing, c.anger, p.backlash, WEEK)
        enforced = model.enforced if group.at_war else 1.0
        held = restraint(c.troops * enforced, p.restraint_half, p.restraint_exponent)
        triggered = excited_now(self.excitation, p.memory)
        attacks = poisson((background + triggered) * held, self.random.random())
        self.excitation *= model.keep
        if attacks > 0:
            self.excitation += p.branching * (1.0 - p.to_neighbours) * attacks
            roads = model.roads.G.adj[self.place]
            for near in self.cell.neighborhood.agents:
                if isinstance(near, Presence) and near.group is group:
                    near.incoming += p.branching * p.to_neighbours * attacks * roads[near.place]["weight"]
            for _ in range(attacks):
                self.attack()
        if group.at_war and c.soldiers > 0.0:
            strength = c.soldiers / (c.soldiers + self.fighters)
            for _ in range(poisson(p.state_rate * background * 2.0 * strength, self.random.random())):
                self.suffer_operation()

    def take_in(self) -> None:
        """What this week's attacks elsewhere excite here counts from next week on."""
        self.excitation += self.incoming
        self.incoming = 0.0

    def attack(self) -> None:
        """One attack: on civilians, on peacekeepers or on the state's forces."""
        model, group, c, p = self.model, self.group, self.community, self.model.violence
        luck = self.random.random
        dead = float(severity(luck(), p.tail, p.tail_scale, p.deadliest))
        if luck() < model.one_sided:
            guards = c.un_police + p.patrol_shield * max(model.protection, float(c.safe_zone)) * c.troops
            if luck() > restraint(guards, p.shield_half, p.shield_exponent):
                return
            dead = min(float(binomial(int(dead), 1.0 - c.warned, luck())), c.population)
            c.population -= dead
            model.civilian_deaths += dead
            c.fear = clamp(c.fear + p.fear_of_attack + p.fear_per_death * min(dead, p.deaths_felt), 0.0, 1.0)
            c.bad_mission += model.broken_promise * float(c.safe_zone)
        elif c.troops > 1.0 and luck() < exposure(p.on_mission * (1.0 - group.consent), model.armour,
                                                  model.protection_gain, model.robust, model.enforcement_risk):
            hit = self.contingent_on_patrol()
            saved = math.exp(-model.protection_gain * model.armour)
            lost = float(int(min(dead, p.most_lost) * saved + luck()))
            hit.losses += lost
            hit.mobility = clamp(hit.mobility - p.mobility_lost * saved, p.least_mobility, 1.0)
        else:
            rebels = min(float(binomial(int(dead), p.rebel_losses, luck())), self.fighters)
            others = self.lose_soldiers(dead - rebels)
            self.lose_fighters(rebels)
            crossfire = min(float(int(p.crossfire * dead)), c.population)
            c.population -= crossfire
            model.civilian_deaths += crossfire
            model.battle_deaths += rebels + others
            c.fear = clamp(c.fear + p.fear_of_fighting, 0.0, 1.0)
        c.attacks += 1
        c.attacks_in_memory += 1
        model.attacks += 1

    def suffer_operation(self) -> None:
        """One operation of the state; without rights norms it hits civilians."""
        model, c, p = self.model, self.community, self.model.violence
        luck = self.random.random
        dead = float(severity(luck(), p.tail, p.tail_scale, p.deadliest))
        units = [agent for agent in self.cell.agents if isinstance(agent, MilitaryUnit)]
        norm = skill = p.quality_from_elsewhere
        if units:
            norm = sum(unit.rights_norm for unit in units) / len(units)
            skill = sum(unit.professionalism for unit in units) / len(units)
        if luck() < astray(p.state_one_sided, norm, p.information, c.cooperation):
            dead = min(dead, c.population)
            c.population -= dead
            model.civilian_deaths += dead
            c.state_killed += dead
            c.anger = clamp(c.anger + p.anger_per_killing, 0.0, 1.0)
            c.fear = clamp(c.fear + p.fear_of_killing, 0.0, 1.0)
            return
        share = clamp(p.rebel_losses_to_state + p.skill_in_operations * skill, 0.0, 1.0)
        rebels = min(float(binomial(int(dead), share, luck())), self.fighters)
        own = self.lose_soldiers(dead - rebels)
        self.lose_fighters(rebels)
        model.battle_deaths += rebels + own

    def lose_fighters(self, dead: float) -> None:
        """Fighters of the group who died here."""
        self.fighters -= dead
        self.group.fighters = max(0.0, self.group.fighters - dead)

    def lose_soldiers(self, dead: float) -> float:
        """Take men from the army units posted here, in proportion to their size, then from the police."""
        units = [agent for agent in self.cell.agents if isinstance(agent, MilitaryUnit)]
        here = sum(unit.staff for unit in units)
        soldiers, left = min(dead, here), dead
        if here > 0.0:
            for unit in units:
                lost = float(int(soldiers * unit.staff / here))
                unit.staff -= lost
                left -= lost
            for _ in range(int(soldiers - (dead - left))):
                max(units, key=lambda unit: unit.staff).staff -= 1.0
                left -= 1.0
        police = self.community.police
        lost = min(left, police.staff)
        police.staff -= lost
        return dead - (left - lost)

    def contingent_on_patrol(self) -> Contingent:
        """One of the contingents in reach, on the spot or along a road."""
        cells = (self.cell, *self.cell.neighborhood)
        near = [agent for cell in cells for agent in cell.agents if isinstance(agent, Contingent)]
        return self.random.choice(near) if near else self.model.agents_by_type[Contingent][0]


class Country(mesa.Model):
    """The country at the state of `world`; one step is one week."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(seed=seed)
        self.week = int(world.clock[0]["week"])
        self.month = MONTH * WEEK
        self._freeze(world)
        self.roads = Network(_graph(world.roads), random=self.random)
        self.social = Network(_graph(world.social), random=self.random)
        places = [Community(self, place, row) for place, row in enumerate(world.communities)]
        for place, row in enumerate(world.police):
            PoliceUnit(self, place, row, places[place])
        units = [MilitaryUnit(self, row) for row in world.military]
        for unit in units:
            unit.superior = units[unit.commander] if unit.commander >= 0 else None
        for row in world.contingents:
            Contingent(self, row)
        n = len(places)
        for g in np.flatnonzero(world.groups["exists"]):
            group = ArmedGroup(self, world.groups[g])
            rows = world.presence[g * n : (g + 1) * n]
            here = [Presence(self, place, row, group, places[place]) for place, row in enumerate(rows)]
            group.presences = mesa.agent.AgentSet(here, random=self.random)
        self.attacks = self.battle_deaths = self.civilian_deaths = self.criminal_deaths = 0.0
        self.sanctioned = self.pool_police = 0.0

    def _freeze(self, world: World) -> None:
        """Parameters, and what other parts of the model would change, as plain numbers."""

        def block(name: str) -> SimpleNamespace:
            record = getattr(world.parameters, name)[0]
            return SimpleNamespace(**{field: float(record[field]) for field in record.dtype.names})

        def delivered(line: str) -> float:
            return float(world.ledger["delivered"][LINES.index(line)])

        self.trust, self.corruption = block("trust"), block("corruption")
        self.policing, self.violence = block("policing"), block("violence")
        self.community_policing = block("community_policing")
        state, body, mission = (table[0] for table in (world.government, world.oversight, world.mission))
        for table, names in ((state, "function form fit resistance"), (body, "detection deterrence")):
            for name in names.split():
                setattr(self, name, float(table[name]))
        self.pay = block("pay").level
        self.cost = self.corruption.cost * float(body["harshness"])
        sanctions = block("investigations")
        self.morale_of_sanctions = self.corruption.morale_of_sanctions * sanctions.severity / sanctions.usual_severity
        diligence = block("due_diligence")
        self.support_at_risk = diligence.fear_of_loss * diligence.strictness * delivered("due_diligence")
        self.programme = self.community_policing.coverage * delivered("community_policing")
        self.reach = block("communication").reach * delivered("communication")
        self.watched = block("technology").surveillance * float(body["technology"])
        self.heard = self.trust.abuse_weight * self.trust.abuse_heard
        keeping, means, plan = block("peacekeeping"), delivered("mission_means"), block("mission")
        self.mission_conduct = ((1.0 - float(mission["partiality"]))
                                * (1.0 - keeping.conduct_weight * (1.0 - float(mission["conduct"]))))
        self.keep = math.exp(-1.0 / self.violence.memory)
        self.enforced = 1.0 + keeping.enforcement_gain * plan.enforcement * means
        liaison = plan.local_links * delivered("mission_civilians")
        self.one_sided = self.violence.one_sided * (1.0 + keeping.collaboration_risk * liaison)
        self.protection, self.broken_promise = plan.protection, keeping.broken_promise
        self.armour, self.robust = means * plan.force_protection, means * plan.enforcement
        self.protection_gain, self.enforcement_risk = keeping.protection_gain, keeping.enforcement_risk

    def step(self) -> None:
        """One week: corruption and police work every month, fighting every week, trust every month."""
        police, communities = self.agents_by_type[PoliceUnit], self.agents_by_type[Community]
        monthly = self.week % MONTH == 0
        if monthly:
            staff = police.agg("staff", sum)
            corrupt = sum(unit.staff * unit.corrupt for unit in police)
            police.do("extract", corrupt / staff if staff > 0.0 else 0.0)
            if MilitaryUnit in self.agents_by_type:
                military = self.agents_by_type[MilitaryUnit]
                military.do("look_up")
                military.do("extract")
            police.do("work")
        self.agents_by_type[ArmedGroup].do("fight")
        if monthly:
            communities.do("experience")
            communities.do("listen")
            communities.do("update_trust")
        self.week += 1

    def outcomes(self) -> np.ndarray:
        """The values of `subset.OUTCOMES` now."""
        communities, police = self.agents_by_type[Community], self.agents_by_type[PoliceUnit]
        return np.array([
            communities.agg("trust_police", np.mean), communities.agg("trust_government", np.mean),
            police.agg("corrupt", np.mean), police.agg("abuse_record", np.mean), self.attacks, self.battle_deaths,
            self.civilian_deaths, self.criminal_deaths, self.agents_by_type[Presence].agg("fighters", sum),
            communities.agg("anger", np.mean)])


def _graph(layer: Layer) -> nx.DiGraph:
    """A layer as a graph: an edge runs from each place to those it hears of, with its weight."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(layer.starts) - 1))
    for place in range(len(layer.starts) - 1):
        edges = slice(layer.starts[place], layer.starts[place + 1])
        for target, weight in zip(layer.targets[edges].tolist(), layer.weights[edges].tolist(), strict=True):
            graph.add_edge(place, target, weight=weight)
    return graph
