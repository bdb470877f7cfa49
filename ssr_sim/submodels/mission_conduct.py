"""S7 Peacekeepers among people: conduct, partiality and consent, example to soldiers and police.

Trust in the mission and consent to it answer to the same things: protection, conduct and even-handedness; what
trust does not explain of a country's consent at the start stays. Contingents pass on the standard they keep, a good one
and a bad one.
"""

from typing import ClassVar

from ssr_sim.draws import poisson, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.tables import LINES, MISSION_MISCONDUCT
from ssr_sim.world import LOG, draw, log_event, phase

MISCONDUCT = stream(111, "peacekeeping: misconduct")
MISSION_CIVILIANS = LINES.index("mission_civilians")
DUE_DILIGENCE = LINES.index("due_diligence")


# ------------------------------------------------------------------------------------------------- parameters
class Peacekeeping(Block):
    """What force protection, enforcement, coordination, zones, civilians and regional forces bring and cost."""

    group: ClassVar[str] = "Model"

    consent_base: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="assumption",
        help="Consent to an impartial mission that nobody trusts and that uses no force.")
    consent_trust: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, source="assumption", off=0.0,
        help="Consent that the full trust of the population adds.")
    consent_partiality: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", off=0.0,
        help="Consent that full partiality costs.")
    consent_robust: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="assumption", off=0.0,
        help="Consent, of the country and of each party, that full use of force costs.")
    consent_scandal: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption", off=0.0,
        help="Consent that a scandal over misconduct costs.")
    party_base: float = uncertain(
        0.8, unit="share 0-1", lo=0.6, hi=0.95, source="assumption",
        help="Consent of a party that keeps a ceasefire to an impartial mission that uses no force.")
    party_partiality: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.0, source="assumption", off=0.0,
        help="Consent of a party that full partiality costs.")
    party_war: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", off=0.0,
        help="Consent that a party lacks while it is at war.")
    party_belief: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption", off=0.0,
        help="Consent of a party that full belief in the settlement adds.")
    misconduct_harm: float = uncertain(
        0.02, unit="bad contacts / head / case", lo=0.005, hi=0.05, source="assumption", off=0.0,
        help="Bad experience with the mission where peacekeepers did serious harm.")
    scandal_cases: float = uncertain(
        10.0, unit="cases / 4 weeks", lo=3.0, hi=30.0, source="assumption", off=1e9,
        help="Cases of misconduct in one round that make a full scandal.")
    scandal_stain: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", off=0.0,
        help="Share of the standard of conduct, as people see it, that a full scandal takes.")
    goodwill: float = constant(
        1.0, unit="share 0-1", lo=0.0, hi=1.0, source="countries start at rest (docs/decisions/0003-dynamics.md)",
        help="How much of the consent that trust at the start does not explain stays.", off=0.0)
    clarity_weight: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", off=0.0,
        help="Share of its effect that a mission without clear aims loses.")
    consent_weight: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, source="assumption", off=0.0,
        help="Share of its effect that a mission without any consent loses.")
    quality_weight: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, off=0.0,
        source="evidence E21 (Haass and Ansorg 2018); size is an assumption",
        help="Share of its effect that a mission of the poorest contingents loses.")
    mobility_weight: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", off=0.0,
        help="Share of its effect that a mission loses when it cannot move.")
    mobility_recovery: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, source="assumption", off=0.0,
        help="Rate at which lost mobility comes back.")
    look_ahead: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption", off=0.0,
        help="Weight of the strength foreseen against that of today when the parties judge the mission.")
    crowding_half: float = uncertain(
        5000.0, unit="troops", lo=2000.0, hi=10000.0, source="assumption",
        help="Troops at which a state leaves half of what it would leave to a mission of any size.")
    need_people: float = constant(
        50e3, unit="people / remembered attack", lo=10e3, hi=500e3, source="assumption",
        help="People who draw peacekeepers as much as one remembered attack.")
    need_fighters: float = constant(
        100.0, unit="fighters / remembered attack", lo=20.0, hi=500.0, source="assumption",
        help="Fighters who draw peacekeepers as much as one remembered attack.")
    need_protection: float = uncertain(
        2.0, unit="share", lo=0.0, hi=4.0, source="assumption", off=0.0,
        help="Added weight of attacks for a mission whose whole effort is to protect civilians.")
    capital_pull: float = constant(
        3.0, unit="exponent", lo=1.0, hi=6.0, source="assumption",
        help="How much likelier the largest places are under placement by capital: power of their people.")
    caveats: float = uncertain(
        0.5, unit="share of effort", lo=0.0, hi=1.0, source="Auerswald, Saideman 2014 (caveats); size is an assumption",
        help="Effort that a contingent withholds from dangerous places if its capital forbids it everything.", off=0.0)
    caveats_half: float = uncertain(
        3.0, unit="attacks", lo=1.0, hi=10.0, source="assumption",
        help="Remembered attacks on a place at which half of its caveats apply.")
    patrols: float = uncertain(
        0.3, unit="share of effort", lo=0.1, hi=0.5, source="assumption",
        help="Share of effort that patrols the roads around the base without any stress on protection.")
    patrols_gain: float = uncertain(
        0.4, unit="share of effort", lo=0.0, hi=0.5, source="assumption", off=0.0,
        help="What full stress on protection adds to it, where mobility is full.")
    conduct_weight: float = uncertain(
        0.7, unit="share 0-1", lo=0.0, hi=1.0, source="assumption", off=0.0,
        help="How far a contact with peacekeepers is judged by their conduct, not only by safety and fairness.")
    protection_gain: float = uncertain(
        1.5, unit="log / full effort", lo=0.0, hi=2.5, source="assumption",
        help="Fall of losses and of lost mobility by force protection.", off=0.0)
    enforcement_gain: float = uncertain(
        1.0, unit="share of a soldier", lo=0.0, hi=2.0, source="evidence E16: strong mandates; size is an assumption",
        help="What a soldier who enforces adds to the restraint of a group at war, against one who monitors.", off=0.0)
    enforcement_robust: float = uncertain(
        0.7, unit="times a full mandate", lo=0.0, hi=1.2, source="assumption",
        help="How robust full enforcement looks to those whose consent is needed.", off=0.0)
    enforcement_risk: float = uncertain(
        1.0, unit="share 0-1", lo=0.0, hi=2.0, source="UNOSOM II; size is an assumption",
        help="Rise of attacks on peacekeepers who enforce.", off=0.0)
    joint_gain: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="What a peacekeeper gains from full coordination where soldiers of the state are.", off=0.0)
    joint_half: float = uncertain(
        100.0, unit="soldiers in reach", lo=30.0, hi=300.0, source="assumption", help="Soldiers for half of that gain.")
    complicity: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="MONUC and the FARDC; size is an assumption",
        help="Partiality of a mission that works with forces that abuse often.", off=0.0)
    complicity_half: float = uncertain(
        1.0, unit="abuses / 1,000 in uniform / month", lo=0.3, hi=3.0, source="assumption",
        help="Abuse by the state's forces at which half of it falls on the mission.")
    local_information: float = uncertain(
        0.6, unit="share 0-1", lo=0.0, hi=0.9, source="assumption",
        help="Share of the error in placing contingents that full links to local authorities remove.", off=0.0)
    local_fit: float = uncertain(
        0.12, unit="share 0-1", lo=0.0, hi=0.3, source="assumption", off=0.0,
        help="Fit of reform that full local links add.")
    collaboration_risk: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.4, source="local officials are targets; size is an assumption",
        help="Rise of attacks on civilians where local people work with the mission.", off=0.0)
    zone_effort: float = uncertain(
        0.8, unit="share of effort", lo=0.5, hi=0.9, off=0.0,
        source="UNMISS after 2013: about half of the troops at a few protection sites (M); size is an assumption",
        help="Share of the troops' effort that very many safe zones would bind.")
    zone_half: float = uncertain(
        0.05, unit="share of communities", lo=0.02, hi=0.15, source="as for the effort",
        help="Share of communities that are safe zones at which half of that effort is bound.")
    zone_standing: float = uncertain(
        20.0, unit="remembered attacks", lo=5.0, hi=60.0, source="assumption", off=0.0,
        help="Greater need elsewhere for which a safe zone is not yet given up.")
    broken_promise: float = uncertain(
        0.05, unit="bad contacts / head", lo=0.0, hi=0.15, source="Srebrenica; size is an assumption",
        help="Bad experience with a mission when civilians are killed in its safe zone.", off=0.0)
    regional_mediation: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="M42; size is an assumption",
        help="Gain of mediation from regional knowledge.", off=0.0)
    regional_quality: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="AMISOM paid late; size is an assumption",
        help="Quality that a regional force lacks for want of means.", off=0.0)
    regional_interest: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.8, source="assumption",
        help="Partiality of a regional force with a dangerous neighbour.", off=0.0)
    regional_price: float = uncertain(
        0.5, unit="times the UN's price", lo=0.33, hi=0.75, source="evidence D2: 30,000 against 60,000 (V/M)",
        help="Cost of a soldier of a regional force.", off=1.0)
    advice_gain: float = uncertain(
        1.0, unit="share 0-1", lo=0.0, hi=2.0, source="evidence E22 (Blair 2021); size is an assumption",
        help="Growth of function that full advice adds at peace to a state that owns its reform.", off=0.0)
    advice_half: float = uncertain(
        5.0, unit="experts / 100 uniformed", lo=2.0, hi=10.0, source="assumption", help="Experts for half of that.")
    advice_at_war: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.4, source="evidence E22: weak during conflict",
        help="What is left of the effect of advice while there is war.", off=1.0)
    advice_crowding: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.4, source="assumption",
        help="Effort that a state leaves to many experts.", off=0.0)
    example: float = uncertain(
        0.08, unit="1 / year", lo=0.0, hi=0.2, source="assumption",
        help="How fast police and soldiers take over the conduct of the peacekeepers they see.", off=0.0)
    example_half: float = uncertain(
        60.0, unit="peacekeepers in reach", lo=20.0, hi=150.0, source="assumption",
        help="Presence for half of the effect of example.")
    example_beside: float = uncertain(
        3.0, unit="times", lo=1.0, hi=6.0, source="assumption",
        help="Effect of peacekeepers who share a station or an operation, against those seen from afar.", off=1.0)
    colocation_cost: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.7, source="assumption",
        help="Share of the mission police's own patrols that full co-location takes.", off=0.0)
    cost_protection: float = uncertain(
        8000.0, unit="USD / uniformed / year", lo=3000.0, hi=15000.0, source="assumption",
        help="Price of full force protection.")
    cost_enforcement: float = uncertain(
        12000.0, unit="USD / soldier / year", lo=5000.0, hi=25000.0, source="assumption",
        help="Price of the means to enforce everywhere: air, armour, engineers.")
    cost_coordination: float = uncertain(
        3e6, unit="USD / year", lo=1e6, hi=6e6, source="assumption", help="Price of joint cells and procedures.")
    cost_links: float = uncertain(
        50e3, unit="USD / district / year", lo=20e3, hi=100e3, source="assumption",
        help="Price of liaison officers in one district.")
    cost_expert: float = uncertain(
        150e3, unit="USD / expert / year", lo=100e3, hi=220e3, source="assumption", help="Price of a civilian expert.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def consent_target(base: float, trust: float, partiality: float, robust: float, scandal: float) -> float:
    """Consent (0-1) that conduct sustains: trust of the population, against partiality, robust force and scandal.

    All but `base` are already times their weight.
    """
    return clamp(base + trust - partiality - robust - scandal, 0.0, 1.0)


@njit
def party_consent(base, partiality, robust, war, belief):
    """Consent (0-1) of an armed group: it falls with partiality, force and its own war, belief in the settlement helps.

    All but `base` are already times their weight.
    """
    return clamp(base - partiality - robust - war + belief, 0.0, 1.0)


@njit
def partiality_target(impartiality, joint, abuse, complicity, regional, neighbour):
    """Partiality (0-1) as it is seen: its own stand, work (`joint`) with forces that abuse, neighbours' interests.

    `complicity` and `regional` are already times their weight.
    """
    own = 1.0 - impartiality
    return clamp(own + (1.0 - own) * (complicity * joint * abuse + regional * neighbour), 0.0, 1.0)


@njit
def abuse_as_seen(abuses, uniformed, half):
    """Abuse (0-1) by the state's forces, of `abuses` in a month by `uniformed` people; `half` per 1,000 of them."""
    rate = 1000.0 * abuses / max(uniformed, 1.0)
    return rate / (rate + half)


@njit
def norm_beside(norm, conduct, rate, presence, dt):
    """Rights norm (0-1) after a step beside peacekeepers (`presence` 0-1): it moves to the conduct they show."""
    return norm + rate_to_probability(rate * presence, dt) * (conduct - norm)


# ------------------------------------------------------------------------------------------------- phases
@phase("mission: consent partiality misconduct conduct", "groups: consent", "communities: bad_mission", *LOG)
def mission_conduct(world, dt):
    """Misconduct and partial or robust action cost consent; good conduct keeps it."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    mission = world.mission[0]
    if mission.troops + mission.police < 1.0:
        return  # what nobody sees changes no mind
    trust = people = cases = conduct = strength = 0.0
    for i in range(len(world.contingents)):
        unit = world.contingents[i]
        strength += unit.strength
        conduct += unit.strength * unit.conduct
        mean = unit.strength * p.misconduct_rate * 2.0 * (1.0 - unit.conduct) * dt
        found = poisson(mean, draw(now, MISCONDUCT, unit.uid, 0))
        if found > 0:
            cases += found
            world.communities[unit.posting].bad_mission += q.misconduct_harm * found
            log_event(world.clock, world.events, MISSION_MISCONDUCT, unit.posting, i, -1, 0.0, 0.0, -1)
    mission.misconduct += cases
    scandal = clamp(cases / q.scandal_cases, 0.0, 1.0)
    mission.conduct = clamp(conduct / strength * (1.0 - q.scandal_stain * scandal), 0.0, 1.0)
    for j in range(len(world.communities)):
        c = world.communities[j]
        people += c.population
        trust += c.population * c.trust_mission
    trust = trust / people if people > 0.0 else 0.0
    uniformed = 0.0
    for i in range(len(world.military)):
        uniformed += world.military[i].staff
    for i in range(len(world.police)):
        uniformed += world.police[i].staff
    # what the state's forces do falls on those who work with them, unless they refuse to help abusers
    refused = world.parameters.due_diligence[0].strictness * world.ledger[DUE_DILIGENCE].delivered
    abuse = abuse_as_seen(world.country[0].abuses_month, uniformed, q.complicity_half)
    seen = partiality_target(p.impartiality, p.coordination, abuse, q.complicity * (1.0 - refused),
                             q.regional_interest * p.regional_share * (1.0 - mission.regional),
                             world.government[0].neighbour)
    robust = q.consent_robust * (mission.mandate * p.mandate + q.enforcement_robust * p.enforcement)
    follow = 1.0 - decay(p.consent_time, dt)
    mission.partiality = clamp(mission.partiality + follow * (seen - mission.partiality), 0.0, 1.0)
    target = consent_target(q.consent_base + q.goodwill * mission.goodwill, q.consent_trust * trust,
                            q.consent_partiality * mission.partiality, robust, q.consent_scandal * scandal)
    mission.consent = clamp(mission.consent + follow * (target - mission.consent), 0.0, 1.0)
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        target = party_consent(q.party_base, q.party_partiality * mission.partiality, robust,
                               q.party_war if group.at_war == 1 else 0.0, q.party_belief * group.credibility)
        group.consent = clamp(group.consent + follow * (target - group.consent), 0.0, 1.0)


@phase("police: rights_norm", "military: rights_norm")
def show_example(world, dt):
    """Police and soldiers take over the conduct of the peacekeepers they see, most from those beside them."""
    p = world.parameters.mission[0]
    q = world.parameters.peacekeeping[0]
    mission = world.mission[0]
    if mission.troops + mission.police < 1.0:
        return
    beside = 1.0 + (q.example_beside - 1.0) * p.colocation
    for i in range(len(world.police)):
        unit = world.police[i]
        near = world.communities[i].un_police
        unit.rights_norm = clamp(norm_beside(unit.rights_norm, mission.conduct, q.example * beside,
                                             near / (near + q.example_half), dt), 0.0, 1.0)
    joint = p.coordination * world.ledger[MISSION_CIVILIANS].delivered
    beside = 1.0 + (q.example_beside - 1.0) * joint
    for i in range(len(world.military)):
        unit = world.military[i]
        near = world.communities[unit.posting].troops
        unit.rights_norm = clamp(norm_beside(unit.rights_norm, mission.conduct, q.example * beside,
                                             near / (near + q.example_half), dt), 0.0, 1.0)
