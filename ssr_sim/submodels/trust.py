"""S1 Trust: experience with forgetting, expectation, influence among neighbours.

Experience follows the reputation of Josang and Ismail (2002) with forgetting and negativity bias (Slovic 1993);
influence follows Friedkin and Johnsen (1990). A contact is good when it is fair *and* effective, so a programme that
adds contacts helps only where the service deserves it.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

COMMUNICATION = LINES.index("communication")


# ------------------------------------------------------------------------------------------------- parameters
class Trust(Block):
    """How experience becomes trust."""

    group: ClassVar[str] = "Model"

    negativity: float = uncertain(
        2.2, unit="good contacts per bad one", lo=1.5, hi=3.0, off=1.0, source="Slovic 1993; evidence E32, E33",
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
        0.3, unit="share 0-1", lo=0.0, hi=0.6, off=0.0, source="Friedkin and Johnsen 1990; size is an assumption",
        help="Weight of the neighbours' trust against own experience.")
    out_group: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=1.0, off=1.0, source="assumption; 1: out-group and in-group count alike",
        help="Weight of a neighbour of another constituency against one of the own, beyond the ties themselves.")
    leader_pull: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, off=0.0, source="assumption",
        help="What customary leaders who settle all disputes add to or take from what is said; 0 switches it off.")
    leaders_expect: float = uncertain(
        0.35, unit="share 0-1", lo=0.25, hi=0.45, source="assumption",
        help="Fit of reform above which customary leaders speak for it, below against it.")
    police_contacts: float = uncertain(
        0.5, unit="contacts / head / year", lo=0.4, hi=0.6, source="Afrobarometer AD512 (evidence E33)",
        help="How often a person meets the police.")
    army_contacts: float = uncertain(
        0.3, unit="contacts / head / year", lo=0.1, hi=0.6, source="assumption",
        help="How often a person meets the army where many soldiers are posted.")
    soldiers_half: float = uncertain(
        100.0, unit="soldiers", lo=50.0, hi=200.0, source="assumption",
        help="Soldiers in reach at which people meet the army half as often.")
    army_ordinary: float = uncertain(
        0.45, unit="share 0-1", lo=0.3, hi=0.6, source="assumption",
        help="Share of contacts with the army that are good where it protects nobody.")
    army_protects: float = uncertain(
        0.35, unit="share 0-1", lo=0.15, hi=0.4, off=0.0, source="assumption",
        help="What full safety from attacks adds to that share.")
    attacks_unsafe: float = uncertain(
        4.0, unit="attacks / 4 weeks", lo=2.0, hi=8.0, source="assumption",
        help="Attacks on a place after which its people see themselves as unprotected.")
    unhelpful: float = uncertain(
        0.5, unit="bad contacts", lo=0.2, hi=0.8, off=0.0, source="assumption: most of these were merely of no use",
        help="Weight of a contact with army, government or mission that was not good.")
    justice_contacts: float = uncertain(
        0.5, unit="contacts / head / year", lo=0.2, hi=0.8, source="assumption",
        help="How often a person meets a court, or hears from a neighbour who did.")
    government_contacts: float = uncertain(
        0.5, unit="contacts / head / year", lo=0.3, hi=0.8, source="assumption",
        help="How often a person meets the state's services.")
    excluded_service: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, off=0.0, source="evidence E07 (sign); size is an assumption",
        help="Part of the state's service that a fully excluded people does not get.")
    safety_in_service: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, off=0.0, source="assumption",
        help="Part of good service by the government that attacks take away.")
    news_contacts: float = uncertain(
        0.3, unit="contacts / person reached / year", lo=0.1, hi=0.6, off=0.0, source="assumption",
        help="Experience with the government that regular news of the reform amounts to.")
    mission_contacts: float = uncertain(
        0.4, unit="contacts / head / year", lo=0.1, hi=0.8, source="assumption",
        help="How often a person meets peacekeepers where many are present.")
    mission_half: float = uncertain(
        60.0, unit="peacekeepers", lo=30.0, hi=120.0, source="assumption",
        help="Peacekeepers in reach at which people meet them half as often.")
    un_police_seen: float = uncertain(
        2.0, unit="soldiers", lo=1.0, hi=4.0, source="assumption: they work among people",
        help="How much more people see of a mission's police officer than of its soldier.")
    programme_contacts: float = uncertain(
        0.25, unit="contacts / head / year", lo=0.1, hi=0.5, off=0.0,
        source="Blair et al. 2021: meetings and patrols reached a minority (D); size is an assumption",
        help="Contacts that a full community-policing programme adds.")
    without_means: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, off=1.0, source="Blair et al. 2021: officers lacked resources",
        help="Share of fair contacts of the programme that are good though officers have no means.")
    help_sought: float = uncertain(
        0.25, unit="share 0-1", lo=0.15, hi=0.4, off=0.0,
        source="evidence E33: 15 % sought help, 39 % had other contact",
        help="Share of contacts in which people seek help, good only as far as police can serve.")
    bribe_per_contact: float = uncertain(
        0.85, unit="probability", lo=0.6, hi=0.95, source="pilot study",
        help="Chance that an officer who extracts asks for a bribe in a contact.")
    unfairness: float = uncertain(
        0.4, unit="probability", lo=0.2, hi=0.6, off=0.0,
        source="evidence E33: a third call police professional, two thirds are not asked for a bribe; size assumed",
        help="Chance of unfair treatment by an officer without any norm of rights.")
    abusers_unfair: float = uncertain(
        0.6, unit="probability", lo=0.3, hi=0.9, off=0.0, source="evidence E32 (sign); size is an assumption",
        help="Chance of unfair treatment by an officer with a record of abuse.")
    leniency: float = uncertain(
        0.25, unit="share 0-1", lo=0.15, hi=0.35, off=0.0,
        source="calibrated to evidence E33: trust of 0.46 where 0.37 are asked for a bribe",
        help="Share of contacts with the police that people find good although conduct was not.")
    abuse_weight: float = uncertain(
        4.0, unit="bad contacts", lo=2.0, hi=8.0, off=0.0, source="evidence E32: 2-6 contacts",
        help="What one abuse weighs for a person who hears of it.")
    abuse_heard: float = uncertain(
        100.0, unit="persons / abuse", lo=30.0, hi=300.0, source="assumption",
        help="How far the news of one abuse travels.")
    disappointment: float = uncertain(
        0.1, unit="bad contacts / head / year", lo=0.0, hi=0.3, off=0.0, source="assumption",
        help="Bad experience when service falls short of what people were led to expect by the full scale.")
    exclusion_weight: float = uncertain(
        0.1, unit="bad contacts / head / year", lo=0.0, hi=0.3, off=0.0, source="assumption",
        help="Bad experience of a fully excluded people, and of a force that mirrors none of them.")
    news_raises: float = uncertain(
        0.6, unit="1 / year", lo=0.2, hi=1.0, off=0.0, source="assumption",
        help="How fast news of the reform raises the expectation of people reached.")
    programme_raises: float = uncertain(
        0.1, unit="1 / year", lo=0.0, hi=0.3, off=0.0, source="assumption",
        help="How fast full community policing raises it.")
    sobering: float = uncertain(
        0.5, unit="1 / year", lo=0.25, hi=1.0, off=0.0, source="assumption",
        help="How fast expectation falls to the service that people get.")


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
def safe_share(attacks, unsafe):
    """How safe from attacks people saw themselves (0-1); not at all from `unsafe` attacks on."""
    return 1.0 - clamp(attacks / unsafe, 0.0, 1.0)


@njit
def seen_share(present, half):
    """How often people meet a force (0-1, against its contacts where many are present); half as often at `half`."""
    return present / (present + half)


@njit
def fair_contact(corrupt, rights_norm, record, bribe_per_contact, unfairness, abusers_unfair):
    """Chance (0-1) that a contact with the police is free of bribe and abuse of power; `record` is the share of
    officers with a record of abuse, whom the norm of the unit does not bind.
    """
    unfair = record * abusers_unfair + (1.0 - record) * unfairness * (1.0 - rights_norm)
    return (1.0 - bribe_per_contact * corrupt) * (1.0 - unfair)


@njit
def helpful_contact(service, help_sought):
    """Chance (0-1) that a fair contact is of use: police have to deliver where people come for help."""
    return (1.0 - help_sought) + help_sought * service


@njit
def standing_grudge(shortfall, excluded, imbalance, disappointment, exclusion_weight):
    """Bad experience with the police per head and year beyond contacts: disappointed expectation, exclusion."""
    return disappointment * shortfall + exclusion_weight * (0.5 * excluded + 0.5 * imbalance)


@njit
def good_share(fair, helpful, leniency):
    """Share (0-1) of contacts that people find good: fair and of use, and some that were not."""
    return clamp(fair * helpful + leniency, 0.0, 1.0)


@njit
def expectation_after(expectation, felt, raised, sobering, dt):
    """Expectation (0-1) after one step: `raised` (1 / year) towards everything, sobered towards the service `felt`."""
    return clamp(expectation + dt * (raised * (1.0 - expectation) - sobering * (expectation - felt)), 0.0, 1.0)


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
    heard = p.abuse_weight * p.abuse_heard  # bad contacts by one abuse, all who hear of it together
    forgetting = p.forgetting
    people = 0.0
    for i in range(len(world.communities)):
        c = world.communities[i]
        unit = world.police[i]
        people += c.population
        heads = max(c.population, 1.0)
        felt = (c.services + state.function * (1.0 - c.services)) * (1.0 - c.setback)

        # police: ordinary contacts, then those of the programme, which are as good as the force behind it
        fair = fair_contact(unit.corrupt, unit.rights_norm, unit.abuse_record, p.bribe_per_contact, p.unfairness,
                            p.abusers_unfair)
        good = good_share(fair, helpful_contact(unit.service, p.help_sought), p.leniency)
        n = p.police_contacts * dt
        extra = p.programme_contacts * unit.contact * dt
        good_extra = good_share(fair, p.without_means + (1.0 - p.without_means) * unit.equipment * unit.present,
                                p.leniency)
        grudge = standing_grudge(max(0.0, c.expectation - unit.service), c.excluded, unit.imbalance, p.disappointment,
                                 p.exclusion_weight)
        bad = n * (1.0 - good) + extra * (1.0 - good_extra) + heard * c.police_abuse / heads + grudge * dt
        c.good_police = remember(c.good_police, n * good + extra * good_extra, forgetting, dt)
        c.bad_police = remember(c.bad_police, bad, forgetting, dt)

        # army: only where soldiers are; protection counts for them, harm against them
        n = p.army_contacts * seen_share(c.soldiers, p.soldiers_half) * dt
        safe = safe_share(c.attacks, p.attacks_unsafe)
        good = p.army_ordinary + p.army_protects * safe
        c.good_army = remember(c.good_army, n * good, forgetting, dt)
        c.bad_army = remember(c.bad_army, p.unhelpful * n * (1.0 - good) + heard * c.army_abuse / heads, forgetting,
                              dt)

        # courts: as fair and as timely as their work is
        n = p.justice_contacts * dt
        c.good_justice = remember(c.good_justice, n * c.court_conduct, forgetting, dt)
        c.bad_justice = remember(c.bad_justice, n * (1.0 - c.court_conduct), forgetting, dt)

        # government: services and promises; news of the reform raises hope and shows what is behind it
        n = p.government_contacts * dt
        good = (felt * (1.0 - p.excluded_service * c.excluded)
                * ((1.0 - p.safety_in_service) + p.safety_in_service * safe))
        told = p.news_contacts * reach * dt
        c.good_government = remember(c.good_government, n * good + told * state.function, forgetting, dt)
        shortfall = max(0.0, c.expectation - felt)
        c.bad_government = remember(
            c.bad_government,
            p.unhelpful * n * (1.0 - good) + told * max(0.0, state.form - state.function)
            + dt * (p.disappointment * shortfall + 0.5 * p.exclusion_weight * c.excluded + watched * unit.corrupt),
            forgetting, dt)

        # mission: its conduct and whether it protects
        n = p.mission_contacts * seen_share(c.troops + p.un_police_seen * c.un_police, p.mission_half) * dt
        good = (1.0 - mission.partiality) * safe * (1.0 - judged * (1.0 - mission.conduct))
        c.good_mission = remember(c.good_mission, n * good, forgetting, dt)
        c.bad_mission = remember(c.bad_mission, p.unhelpful * n * (1.0 - good), forgetting, dt)

        raised = p.news_raises * reach + p.programme_raises * unit.contact
        c.expectation = expectation_after(c.expectation, felt, raised, p.sobering, dt)
        c.police_abuse = 0.0
        c.army_abuse = 0.0
        c.attacks = 0.0
    p2 = world.parameters.communication[0]
    world.ledger[COMMUNICATION].planned = p2.cost_per_head * p2.reach * people * dt


@phase("communities: trust_police trust_army trust_justice trust_government trust_mission")
def community_trust(world, dt):
    """Trust follows experience and what neighbours and leaders say."""
    p = world.parameters.trust[0]
    state = world.government[0]
    layer = world.social
    n = len(world.communities)
    # every neighbour is read before anyone is written: the trust of the step's start
    constituency = world.communities["constituency"].copy()
    before_police = world.communities["trust_police"].copy()
    before_army = world.communities["trust_army"].copy()
    before_justice = world.communities["trust_justice"].copy()
    before_government = world.communities["trust_government"].copy()
    before_mission = world.communities["trust_mission"].copy()
    inertia = p.inertia
    for i in range(n):
        c = world.communities[i]
        police = army = justice = government = mission = weight = 0.0
        for edge in range(layer.starts[i], layer.starts[i + 1]):
            other = layer.targets[edge]
            w = layer.weights[edge] * (1.0 if constituency[other] == constituency[i] else p.out_group)
            police += w * before_police[other]
            army += w * before_army[other]
            justice += w * before_justice[other]
            government += w * before_government[other]
            mission += w * before_mission[other]
            weight += w
        sigma = p.influence if weight > 0.0 else 0.0
        # leaders speak for a reform that fits the country and against one that does not
        voice = p.leader_pull * c.customary * (state.fit - p.leaders_expect)
        police = said(police, weight, voice)
        army = said(army, weight, 0.0)
        justice = said(justice, weight, 0.0)
        government = said(government, weight, voice)
        mission = said(mission, weight, 0.0)
        experience = reputation(c.good_police, c.bad_police, p.negativity, p.prior_police, p.prior_weight)
        c.trust_police = follow(c.trust_police, experience, police, sigma, inertia, dt)
        experience = reputation(c.good_army, c.bad_army, p.negativity, p.prior_army, p.prior_weight)
        c.trust_army = follow(c.trust_army, experience, army, sigma, inertia, dt)
        experience = reputation(c.good_justice, c.bad_justice, p.negativity, p.prior_justice, p.prior_weight)
        c.trust_justice = follow(c.trust_justice, experience, justice, sigma, inertia, dt)
        experience = reputation(c.good_government, c.bad_government, p.negativity, p.prior_government, p.prior_weight)
        c.trust_government = follow(c.trust_government, experience, government, sigma, inertia, dt)
        experience = reputation(c.good_mission, c.bad_mission, p.negativity, p.prior_mission, p.prior_weight)
        c.trust_mission = follow(c.trust_mission, experience, mission, sigma, inertia, dt)
