"""S1 Trust and legitimacy: experience with forgetting, influence among neighbours, expectation, grievance, cooperation.

Experience follows the reputation of Josang and Ismail (2002) with forgetting and negativity bias (Slovic 1993);
influence follows Friedkin and Johnsen (1990). A contact is good when it is fair *and* effective, so a programme that
adds contacts helps only where the service deserves it.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, logistic
from ssr_sim.parameters import Block, choice, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

COMMUNICATION = LINES.index("communication")


# ------------------------------------------------------------------------------------------------- parameters
class Trust(Block):
    """How experience becomes trust."""

    group: ClassVar[str] = "Model"

    negativity: float = uncertain(
        2.2, unit="good contacts per bad one", lo=1.5, hi=3.0, source="Slovic 1993; evidence E32, E33",
        help="Weight of a bad contact against a good one.")
    forgetting: float = uncertain(
        4.0, unit="years", lo=2.0, hi=6.0, source="evidence E32: recovery half-life 12-48 months",
        help="Time after which an experience has faded to 37 %.")
    prior_weight: float = uncertain(
        1.0, unit="contacts", lo=0.4, hi=1.5, source="assumption", help="Weight of first impressions, in contacts.")
    prior_police: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.6, source="assumption", help="Trust in a police force nobody has met.")
    prior_army: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.7, source="evidence E35: armies are trusted more than police",
        help="Trust in an army nobody has met.")
    prior_justice: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.6, source="assumption", help="Trust in courts nobody has met.")
    prior_government: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.6, source="assumption", help="Trust in a government nobody has met.")
    prior_mission: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.8, source="assumption", help="Trust in a mission nobody has met.")
    inertia: float = uncertain(
        1.2, unit="years", lo=0.5, hi=2.0, source="pilot study", help="Time in which trust follows.")
    influence: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="Friedkin and Johnsen 1990; size is an assumption",
        help="Weight of the neighbours' trust against own experience.")
    out_group: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=1.0, source="assumption; 1: out-group and in-group count alike",
        help="Weight of a neighbour of another constituency against one of the own, beyond the ties themselves.")
    leader_pull: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption",
        help="What customary leaders who settle all disputes add to or take from what is said; 0 switches it off.")
    leaders_expect: float = uncertain(
        0.35, unit="share 0-1", lo=0.25, hi=0.45, source="assumption",
        help="Fit of reform above which customary leaders speak for it, below against it.")
    police_contacts: float = uncertain(
        0.5, unit="contacts / head / year", lo=0.4, hi=0.6, source="Afrobarometer AD512 (evidence E33)",
        help="How often a person meets the police.")
    army_contacts: float = uncertain(
        0.3, unit="contacts / head / year", lo=0.1, hi=0.6, source="assumption",
        help="How often a person meets the army where soldiers are posted.")
    justice_contacts: float = uncertain(
        0.5, unit="contacts / head / year", lo=0.2, hi=0.8, source="assumption",
        help="How often a person meets a court, or hears from a neighbour who did.")
    government_contacts: float = uncertain(
        0.5, unit="contacts / head / year", lo=0.3, hi=0.8, source="assumption",
        help="How often a person meets the state's services.")
    mission_contacts: float = uncertain(
        0.4, unit="contacts / head / year", lo=0.1, hi=0.8, source="assumption",
        help="How often a person meets peacekeepers where they are present.")
    programme_contacts: float = uncertain(
        0.25, unit="contacts / head / year", lo=0.1, hi=0.5,
        source="Blair et al. 2021: meetings and patrols reached a minority (D); size is an assumption",
        help="Contacts that a full community-policing programme adds.")
    bribe_per_contact: float = uncertain(
        0.85, unit="probability", lo=0.6, hi=0.95, source="pilot study",
        help="Chance that an officer who extracts asks for a bribe in a contact.")
    unfairness: float = uncertain(
        0.15, unit="probability", lo=0.05, hi=0.3, source="assumption",
        help="Chance of unfair treatment by an officer without any norm of rights.")
    abuse_weight: float = uncertain(
        4.0, unit="bad contacts x 1,000 heads / abuse", lo=2.0, hi=8.0, source="evidence E32: 2-6 contacts",
        help="How far the news of one abuse travels.")
    disappointment: float = uncertain(
        0.1, unit="bad contacts / head / year", lo=0.0, hi=0.3, source="assumption",
        help="Bad experience when service falls short of what people were led to expect by the full scale.")
    exclusion_weight: float = uncertain(
        0.1, unit="bad contacts / head / year", lo=0.0, hi=0.3, source="assumption",
        help="Bad experience of a fully excluded people, and of a force that mirrors none of them.")
    legitimacy_form: str = choice(
        "geometric", ("geometric", "arithmetic"), source="literature disagrees; one collapsed pillar sinks the first",
        help="How the pillars of legitimacy combine.")
    courts_in_legality: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.4, source="evidence E36; size is an assumption",
        help="Weight of trust in courts in the legality of the state; the rest is the conduct of the police.")
    grievance_time: float = uncertain(
        3.0, unit="years", lo=1.0, hi=6.0, source="assumption", help="Time in which grievance follows its causes.")
    fear_time: float = uncertain(
        0.5, unit="years", lo=0.25, hi=1.0, source="assumption", help="Time in which fear fades.")
    anger_weeks: float = uncertain(
        4.0, unit="weeks", lo=2.0, hi=8.0, source="Condra and Shapiro 2012: effects fade within weeks",
        help="Time in which anger at harm by the state fades.")


class Communication(Block):
    """Information about reforms and their progress."""

    group: ClassVar[str] = "Community"

    reach: float = lever(
        0.2, unit="share of the population", lo=0.0, hi=1.0, cost="USD 0.3 per person reached and year",
        source="assumption", side_effect="Raises expectations; disappointed ones cost trust.",
        help="Share of people who hear regularly about the reform.")
    cost_per_head: float = uncertain(
        0.3, unit="USD / person / year", lo=0.1, hi=1.0, source="assumption", help="Price of reaching one person.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def remember(memory, contacts, forgetting, dt):
    """Experience after one step: what is left of `memory` and the new `contacts` (both per head)."""
    return memory * decay(forgetting, dt) + contacts


@njit
def reputation(good, bad, negativity, prior, prior_weight):
    """Expected conduct (0-1) after `good` and `bad` contacts; a first impression `prior` weighs `prior_weight`
    contacts.
    """
    harm = negativity * bad
    return (good + prior * prior_weight) / (good + harm + prior_weight)


@njit
def follow(trust, experience, neighbours, influence, inertia, dt):
    """Friedkin-Johnsen step with inertia: trust moves towards own experience mixed with the neighbours' trust."""
    target = (1.0 - influence) * experience + influence * neighbours
    return clamp(trust + (1.0 - decay(inertia, dt)) * (target - trust), 0.0, 1.0)


@njit
def said(total, weight, voice):
    """Trust (0-1) heard around: `total` of the neighbours' weighted trust by the sum of weights, moved by leaders."""
    return clamp(total / weight + voice, 0.0, 1.0) if weight > 0.0 else 0.0


@njit
def fair_contact(corrupt, rights_norm, bribe_per_contact, unfairness):
    """Chance (0-1) that a contact with the police is free of bribe and abuse of power."""
    return (1.0 - bribe_per_contact * corrupt) * (1.0 - unfairness * (1.0 - rights_norm))


@njit
def legitimacy_of(legality, service, consent, arithmetic):
    """Legitimacy (0-1) from its three pillars; geometric unless `arithmetic` is 1."""
    if arithmetic > 0.5:
        return (legality + service + consent) / 3.0
    return (max(legality, 0.0) * max(service, 0.0) * max(consent, 0.0)) ** (1.0 / 3.0)


@njit
def grievance_target(hardship, legitimacy, exclusion, anger):
    """Grievance (0-1) that present conditions sustain: poverty under a state without legitimacy, exclusion, harm."""
    return clamp(0.55 * hardship * (1.0 - legitimacy) + 0.35 * exclusion + 0.3 * anger, 0.0, 1.0)


@njit
def cooperation_of(trust_police, fear):
    """Chance (0-1) that a witness reports: logistic in trust, falling with fear (assumption: half at trust .5, no
    fear).
    """
    return logistic(4.0 * (trust_police - 0.5) - 1.5 * fear)


# ------------------------------------------------------------------------------------------------- phases
@phase("communities: good_police bad_police good_army bad_army good_justice bad_justice good_government "
       "bad_government good_mission bad_mission "
       "expectation police_abuse army_abuse attacks",
       "ledger: planned")
def community_experience(world, dt):
    """What people lived through in the last weeks with police, army, government and mission; `dt` in years."""
    p = world.parameters.trust[0]
    state = world.government[0]
    mission = world.mission[0]
    # being watched by officers who extract is a bad experience with the state
    watched = world.parameters.technology[0].surveillance * world.oversight[0].technology
    judged = world.parameters.peacekeeping[0].conduct_weight
    reach = world.parameters.communication[0].reach * world.ledger[COMMUNICATION].delivered
    people = 0.0
    for i in range(len(world.communities)):
        c = world.communities[i]
        unit = world.police[i]
        people += c.population
        heads = max(c.population, 1.0)
        felt = (c.services + state.function * (1.0 - c.services)) * (1.0 - c.setback)

        # police: ordinary contacts, then those of the programme, which are as good as the force behind it
        fair = fair_contact(unit.corrupt, unit.rights_norm, p.bribe_per_contact, p.unfairness)
        good = fair * (0.75 + 0.25 * unit.service)
        n = p.police_contacts * dt
        extra = p.programme_contacts * unit.contact * dt
        good_extra = fair * (0.4 + 0.6 * unit.equipment * unit.present)
        shortfall = max(0.0, c.expectation - unit.service)
        bad = (n * (1.0 - good) + extra * (1.0 - good_extra) + p.abuse_weight * c.police_abuse / heads * 1000.0 * 0.1
               + dt * (p.disappointment * shortfall + p.exclusion_weight * (0.5 * c.excluded + 0.5 * unit.imbalance)))
        c.good_police = remember(c.good_police, n * good + extra * good_extra, p.forgetting, dt)
        c.bad_police = remember(c.bad_police, bad, p.forgetting, dt)

        # army: only where soldiers are; protection counts for them, harm against them
        seen = c.soldiers / (c.soldiers + 100.0)
        n = p.army_contacts * seen * dt
        safe = 1.0 - clamp(c.attacks / 4.0, 0.0, 1.0)
        c.good_army = remember(c.good_army, n * (0.45 + 0.35 * safe), p.forgetting, dt)
        c.bad_army = remember(c.bad_army, n * (0.55 - 0.35 * safe) * 0.5
                              + p.abuse_weight * c.army_abuse / heads * 1000.0 * 0.1, p.forgetting, dt)

        # courts: as fair and as timely as their work is
        n = p.justice_contacts * dt
        c.good_justice = remember(c.good_justice, n * c.court_conduct, p.forgetting, dt)
        c.bad_justice = remember(c.bad_justice, n * (1.0 - c.court_conduct), p.forgetting, dt)

        # government: services and promises; news of the reform raises hope and shows what is behind it
        n = p.government_contacts * dt
        good = felt * (1.0 - 0.5 * c.excluded) * (0.6 + 0.4 * safe)
        told = reach * dt
        c.good_government = remember(c.good_government, n * good + 0.3 * told * state.function, p.forgetting, dt)
        shortfall = max(0.0, c.expectation - felt)
        c.bad_government = remember(
            c.bad_government,
            0.5 * n * (1.0 - good) + 0.3 * told * max(0.0, state.form - state.function)
            + dt * (p.disappointment * shortfall + 0.5 * p.exclusion_weight * c.excluded + watched * unit.corrupt),
            p.forgetting, dt)

        # mission: its conduct and whether it protects
        seen = (c.troops + 2.0 * c.un_police) / (c.troops + 2.0 * c.un_police + 60.0)
        n = p.mission_contacts * seen * dt
        good = (1.0 - mission.partiality) * safe * (1.0 - judged * (1.0 - mission.conduct))
        c.good_mission = remember(c.good_mission, n * good, p.forgetting, dt)
        c.bad_mission = remember(c.bad_mission, 0.5 * n * (1.0 - good), p.forgetting, dt)

        c.expectation = clamp(c.expectation + dt * (0.6 * reach * (1.0 - c.expectation) + 0.1 * unit.contact
                                                    * (1.0 - c.expectation) - 0.5 * (c.expectation - felt)), 0.0, 1.0)
        c.police_abuse = 0.0
        c.army_abuse = 0.0
        c.attacks = 0.0
    p2 = world.parameters.communication[0]
    world.ledger[COMMUNICATION].planned = p2.cost_per_head * p2.reach * people * dt


@phase("communities: trust_police trust_army trust_justice trust_government trust_mission legitimacy grievance fear "
       "anger cooperation attacks_in_memory",
       "government: legitimacy")
def community_trust(world, dt):
    """Trust follows experience and the neighbours; legitimacy, grievance, fear and cooperation follow trust."""
    p = world.parameters.trust[0]
    state = world.government[0]
    layer = world.social
    n = len(world.communities)
    # every neighbour is read before anyone is written: the trust of the step's start
    before = world.communities.copy()
    people = 0.0
    total = 0.0
    for i in range(n):
        c = world.communities[i]
        police = army = justice = government = mission = weight = 0.0
        for edge in range(layer.starts[i], layer.starts[i + 1]):
            other = before[layer.targets[edge]]
            w = layer.weights[edge] * (1.0 if other.constituency == c.constituency else p.out_group)
            police += w * other.trust_police
            army += w * other.trust_army
            justice += w * other.trust_justice
            government += w * other.trust_government
            mission += w * other.trust_mission
            weight += w
        sigma = p.influence if weight > 0.0 else 0.0
        # leaders speak for a reform that fits the country and against one that does not
        voice = p.leader_pull * c.customary * (state.fit - p.leaders_expect)
        police = said(police, weight, voice)
        army = said(army, weight, 0.0)
        government = said(government, weight, voice)
        mission = said(mission, weight, 0.0)
        experience = reputation(c.good_police, c.bad_police, p.negativity, p.prior_police, p.prior_weight)
        c.trust_police = follow(c.trust_police, experience, police, sigma, p.inertia, dt)
        experience = reputation(c.good_army, c.bad_army, p.negativity, p.prior_army, p.prior_weight)
        c.trust_army = follow(c.trust_army, experience, army, sigma, p.inertia, dt)
        experience = reputation(c.good_justice, c.bad_justice, p.negativity, p.prior_justice, p.prior_weight)
        c.trust_justice = follow(c.trust_justice, experience, justice, sigma, p.inertia, dt)
        experience = reputation(c.good_government, c.bad_government, p.negativity, p.prior_government, p.prior_weight)
        c.trust_government = follow(c.trust_government, experience, government, sigma, p.inertia, dt)
        experience = reputation(c.good_mission, c.bad_mission, p.negativity, p.prior_mission, p.prior_weight)
        c.trust_mission = follow(c.trust_mission, experience, mission, sigma, p.inertia, dt)

        unit = world.police[i]
        legality = ((1.0 - p.courts_in_legality) * (1.0 - unit.corrupt) * (0.5 + 0.5 * unit.rights_norm)
                    + p.courts_in_legality * c.trust_justice)
        # a state that cannot keep people safe does not serve them
        service = ((1.0 - 0.5 * c.excluded) * (1.0 - 0.5 * c.fear)
                   * (0.4 * c.services + 0.3 * state.function + 0.3 * unit.service))
        consent = 0.5 * c.trust_government + 0.3 * c.trust_police + 0.2 * c.trust_army
        c.legitimacy = clamp(legitimacy_of(legality, service, consent, p.legitimacy_form), 0.0, 1.0)
        hardship = c.hardship + c.setback * (1.0 - c.hardship)
        target = clamp(grievance_target(hardship, c.legitimacy, c.excluded, c.anger)
                       + c.injustice - c.usual_injustice, 0.0, 1.0)
        c.grievance = clamp(c.grievance + (1.0 - decay(p.grievance_time, dt)) * (target - c.grievance), 0.0, 1.0)
        c.fear = clamp(c.fear * decay(p.fear_time, dt), 0.0, 1.0)
        c.anger = clamp(c.anger * decay(p.anger_weeks / 52.0, dt), 0.0, 1.0)
        c.attacks_in_memory = c.attacks_in_memory * decay(1.0, dt)
        c.cooperation = cooperation_of(c.trust_police, c.fear)
        people += c.population
        total += c.population * c.legitimacy
    state.legitimacy = total / people if people > 0.0 else 0.0
