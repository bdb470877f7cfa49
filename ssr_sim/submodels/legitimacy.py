"""S1 Legitimacy, grievance, fear and cooperation: what follows from trust and from how the state serves people.

Legitimacy rests on legality, service and consent; geometric by default, so that one collapsed pillar sinks it.
Grievance is hardship under a state without legitimacy, exclusion, harm by the state and injustice. A witness tells the
police what he saw if he trusts them and is not afraid.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, logistic
from ssr_sim.parameters import Block, choice, uncertain
from ssr_sim.world import phase


# ------------------------------------------------------------------------------------------------- parameters
class Legitimacy(Block):
    """How trust and service become legitimacy, and what people do with it."""

    group: ClassVar[str] = "Model"

    form: str = choice(
        "geometric", ("geometric", "arithmetic"), source="literature disagrees; one collapsed pillar sinks the first",
        help="How the pillars of legitimacy combine.")
    courts_in_legality: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.4, off=0.0, source="evidence E36; size is an assumption",
        help="Weight of trust in courts in the legality of the state; the rest is the conduct of the police.")
    norm_in_legality: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, off=0.0, source="evidence E36; size is an assumption",
        help="Part of that conduct which honest officers without any norm of rights lack.")
    service_of_state: float = uncertain(
        0.4, unit="share 0-1", lo=0.25, hi=0.55, source="assumption",
        help="Weight of public services in how far the state serves people.")
    service_of_police: float = uncertain(
        0.3, unit="share 0-1", lo=0.15, hi=0.45, off=0.0, source="assumption",
        help="Weight of police service in it; the rest is reform as people feel it.")
    fear_in_service: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, off=0.0, source="assumption",
        help="Part of its service that a state loses in the eyes of people in full fear.")
    consent_police: float = uncertain(
        0.3, unit="share 0-1", lo=0.15, hi=0.45, off=0.0, source="assumption",
        help="Weight of trust in the police in consent.")
    consent_army: float = uncertain(
        0.2, unit="share 0-1", lo=0.05, hi=0.35, off=0.0, source="assumption",
        help="Weight of trust in the army in consent; the rest is trust in the government.")
    grievance_hardship: float = uncertain(
        0.55, unit="share 0-1", lo=0.35, hi=0.75, off=0.0, source="model of reference: hardship x (1 - legitimacy)",
        help="Grievance of the poorest under a state without any legitimacy.")
    grievance_exclusion: float = uncertain(
        0.35, unit="share 0-1", lo=0.15, hi=0.55, off=0.0, source="evidence E07; size is an assumption",
        help="Grievance of a fully excluded people.")
    grievance_anger: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, off=0.0, source="Condra and Shapiro 2012 (sign); size is an assumption",
        help="Grievance of people in full anger at harm by the state.")
    grievance_time: float = uncertain(
        3.0, unit="years", lo=1.0, hi=6.0, source="assumption", help="Time in which grievance follows its causes.")
    fear_time: float = uncertain(
        0.5, unit="years", lo=0.25, hi=1.0, source="assumption", help="Time in which fear fades.")
    anger_weeks: float = uncertain(
        4.0, unit="weeks", lo=2.0, hi=8.0, source="Condra and Shapiro 2012: effects fade within weeks",
        help="Time in which anger at harm by the state fades.")
    reporting_by_trust: float = uncertain(
        4.0, unit="log odds", lo=2.0, hi=6.0, off=0.0, source="evidence E36: legitimacy and cooperation; an assumption",
        help="What full trust in the police does to the odds that a witness reports, against none; even at a half.")
    reporting_by_fear: float = uncertain(
        1.5, unit="log odds", lo=0.5, hi=2.5, off=0.0, source="assumption",
        help="What full fear takes from the odds that a witness reports.")
    attack_memory: float = uncertain(
        1.0, unit="years", lo=0.5, hi=2.0, source="assumption",
        help="Time after which an attack is remembered to 37 %.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def legitimacy_of(legality, service, consent, arithmetic):
    """Legitimacy (0-1) from its three pillars; geometric unless `arithmetic` is 1."""
    if arithmetic > 0.5:
        return (legality + service + consent) / 3.0
    return (max(legality, 0.0) * max(service, 0.0) * max(consent, 0.0)) ** (1.0 / 3.0)


@njit
def service_pillar(services, function, police, of_state, of_police):
    """How far the state serves people (0-1): public services, reform as felt and police, by their weights."""
    return of_state * services + max(0.0, 1.0 - of_state - of_police) * function + of_police * police


@njit
def consent_pillar(government, police, army, of_police, of_army):
    """Consent (0-1): trust in government, police and army by their weights."""
    return max(0.0, 1.0 - of_police - of_army) * government + of_police * police + of_army * army


@njit
def grievance_target(hardship, legitimacy, exclusion, anger, by_hardship, by_exclusion, by_anger):
    """Grievance (0-1) that present conditions sustain: poverty under a state without legitimacy, exclusion, harm."""
    return clamp(by_hardship * hardship * (1.0 - legitimacy) + by_exclusion * exclusion + by_anger * anger, 0.0, 1.0)


@njit
def cooperation_of(trust_police, fear, by_trust, by_fear):
    """Chance (0-1) that a witness reports: logistic in trust, falling with fear; half at a trust of .5 without fear."""
    return logistic(by_trust * (trust_police - 0.5) - by_fear * fear)


# ------------------------------------------------------------------------------------------------- phases
@phase("communities: legitimacy grievance fear anger cooperation attacks_in_memory", "government: legitimacy")
def legitimacy_and_grievance(world, dt):
    """Legitimacy follows trust and service; grievance, fear and cooperation follow in turn."""
    p = world.parameters.legitimacy[0]
    excluded_service = world.parameters.trust[0].excluded_service
    state = world.government[0]
    grievance_follows = 1.0 - decay(p.grievance_time, dt)
    fear_kept = decay(p.fear_time, dt)
    anger_kept = decay(p.anger_weeks / 52.0, dt)
    attacks_kept = decay(p.attack_memory, dt)
    people = 0.0
    total = 0.0
    for i in range(len(world.communities)):
        c = world.communities[i]
        unit = world.police[i]
        lawful = (1.0 - unit.corrupt) * ((1.0 - p.norm_in_legality) + p.norm_in_legality * unit.rights_norm)
        legality = ((1.0 - p.courts_in_legality) * lawful
                    + p.courts_in_legality * c.trust_justice)
        # a state that cannot keep people safe does not serve them
        service = ((1.0 - excluded_service * c.excluded) * (1.0 - p.fear_in_service * c.fear)
                   * service_pillar(c.services, state.function, unit.service, p.service_of_state, p.service_of_police))
        consent = consent_pillar(c.trust_government, c.trust_police, c.trust_army, p.consent_police, p.consent_army)
        c.legitimacy = clamp(legitimacy_of(legality, service, consent, p.form), 0.0, 1.0)
        hardship = c.hardship + c.setback * (1.0 - c.hardship)
        target = clamp(grievance_target(hardship, c.legitimacy, c.excluded, c.anger, p.grievance_hardship,
                                        p.grievance_exclusion, p.grievance_anger)
                       + c.injustice - c.usual_injustice, 0.0, 1.0)
        c.grievance = clamp(c.grievance + grievance_follows * (target - c.grievance), 0.0, 1.0)
        c.fear = clamp(c.fear * fear_kept, 0.0, 1.0)
        c.anger = clamp(c.anger * anger_kept, 0.0, 1.0)
        c.attacks_in_memory = c.attacks_in_memory * attacks_kept
        c.cooperation = cooperation_of(c.trust_police, c.fear, p.reporting_by_trust, p.reporting_by_fear)
        people += c.population
        total += c.population * c.legitimacy
    state.legitimacy = total / people if people > 0.0 else 0.0
