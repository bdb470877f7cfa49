"""S9 Justice: cases from police to prosecutor, court and prison; elders beside the courts; the law behind sanctions.

Cases of a community pass queues in line: what one stage finishes waits for the next, so the slowest sets the pace and
the backlog stays (a fluid approximation: flows are means, without draws). Prison places are shared by all. People
learn slowly how certain punishment is, which deters more than its severity (Nagin 2013). Chiefs and elders settle
part of all disputes, less fairly for the excluded. Legal reform is a slow stock: a ceiling on the chance that what
oversight finds ends in a sanction.
"""

from typing import ClassVar

import numpy as np

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

JUSTICE_SUPPORT = LINES.index("justice_support")
LEGAL_REFORM = LINES.index("legal_reform")
TRAINING_JUSTICE = LINES.index("training_justice")
LONGEST_BACKLOG = 600.0  # months, shown where nothing is decided at all; no rule reads it


# ------------------------------------------------------------------------------------------------- parameters
class Justice(Block):
    """Prosecutors, courts, prisons and elders. A time of 1e15 years is never: 1 - exp(-dt / 1e15) is 0."""

    group: ClassVar[str] = "Justice"

    support: float = lever(
        0.1, unit="share of courts supported", lo=0.0, hi=1.0, cost="USD 5 million per year at full support",
        source="assumption; evidence E22", headline=True,
        side_effect="Courts that grow draw authority from chiefs and elders, who settle most disputes.",
        help="Support to prosecutors and courts: staff, buildings, files.")
    cost_per_year: float = uncertain(
        5e6, unit="USD / year", lo=2e6, hi=12e6, source="assumption", help="Price of full support.")
    build: float = uncertain(
        0.4, unit="1 / year", lo=0.15, hi=0.8, source="assumption",
        help="How fast full support closes the gap of capacity where the state absorbs all of it.", off=0.0)
    fade: float = uncertain(
        0.15, unit="1 / year", lo=0.05, hi=0.3, source="assumption", help="How fast capacity that support built fades.",
        off=0.0)
    caseload: float = uncertain(
        200.0, unit="cases / 100,000 / year", lo=80.0, hi=500.0, source="assumption",
        help="Criminal cases that courts of full capacity decide.")
    prosecution: float = uncertain(
        1.2, unit="times the courts' capacity", lo=0.7, hi=2.0, source="assumption",
        help="Cases that prosecutors can bring against cases that courts can decide.", off=1e15)
    training_gain: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="How many more cases fully trained officials decide.", off=0.0)
    clearance: float = uncertain(
        3.0, unit="1 / year", lo=1.0, hi=6.0, source="assumption",
        help="Rate at which a full police service finds the suspect of a recorded crime.", off=0.0)
    cold: float = uncertain(
        1.0, unit="1 / year", lo=0.5, hi=2.0, source="assumption", help="Rate at which an unsolved file is closed.",
        off=0.0)
    attrition: float = uncertain(
        0.3, unit="1 / year", lo=0.1, hi=0.8, source="assumption",
        help="Rate at which waiting cases collapse: witnesses leave, files are lost.", off=0.0)
    conviction: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.8, source="assumption", help="Share of fair trials that convict.", off=0.0)
    prison_share: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.7, source="assumption", help="Share of the convicted sent to prison.",
        off=0.0)
    term: float = uncertain(
        1.5, unit="years", lo=0.5, hi=4.0, source="assumption", help="Mean time served.")
    remand: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.6, source="assumption",
        help="Share of waiting cases whose suspect is detained.", off=0.0)
    crowding_limit: float = uncertain(
        2.5, unit="prisoners / place", lo=1.0, hi=4.0, source="assumption",
        help="Crowding at which prisons turn people away.", off=1e15)
    custody_harm: float = uncertain(
        0.02, unit="harms / prisoner / year", lo=0.0, hi=0.1, source="assumption",
        help="Serious harm in prisons that hold twice the people they have places for.", off=0.0)
    patience: float = uncertain(
        1.0, unit="years", lo=0.3, hi=2.0, source="assumption", help="Waiting time that halves the worth of a verdict.")
    delay_weight: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption",
        help="Share of what people find good in a fair court that endless delay takes away.", off=0.0)
    belief_time: float = uncertain(
        2.0, unit="years", lo=0.5, hi=5.0, source="assumption",
        help="Time in which people learn how certain punishment is.")
    corruption_time: float = uncertain(
        8.0, unit="years", lo=3.0, hi=15.0, source="evidence E37; size is an assumption",
        help="Time in which courts take over the corruption of the police around them.", off=1e15)
    corruption_local: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="Share of that corruption that comes from the police of the place; the rest from those of the country.")
    exclusion_bias: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.8, source="assumption",
        help="Share of fair trials that full exclusion takes away.", off=0.0)
    use_by_trust: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="Blair 2019 (evidence E22); size is an assumption",
        help="Share of disputes that reach a court only where courts are trusted.", off=0.0)
    dispute_rate: float = uncertain(
        2000.0, unit="disputes / 100,000 / year", lo=500.0, hi=6000.0, source="assumption",
        help="Disputes over land, debt and family that need somebody to settle them.")
    customary_fair: float = uncertain(
        0.75, unit="probability", lo=0.5, hi=0.9, source="assumption",
        help="Chance that chiefs and elders settle a dispute fairly among their own.")
    displacement: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="Share of the elders' reach that fully supported courts take over.", off=0.0)
    customary_bias: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=0.9, source="assumption",
        help="Share of fair settlements by elders that full exclusion takes away.", off=0.0)


class LegalReform(Block):
    """Laws and rules of procedure that let misconduct be punished and judges be independent."""

    group: ClassVar[str] = "Justice"

    effort: float = lever(
        0.1, unit="effort 0-1", lo=0.0, hi=1.0, cost="USD 1.5 million per year at 1", source="assumption",
        headline=True, side_effect="Laws passed for show add to reform on paper, which donors reward.",
        help="Reform of law and procedure for police, army and courts.")
    cost_per_year: float = uncertain(
        1.5e6, unit="USD / year", lo=0.5e6, hi=4e6, source="assumption", help="Price of full effort.")
    ceiling_at_start: float = uncertain(
        0.6, unit="share 0-1", lo=0.5, hi=1.0, source="assumption",
        help="Share of findings that the law at the start lets end in a sanction.", off=1.0)
    rate: float = uncertain(
        0.3, unit="1 / year", lo=0.1, hi=0.6, source="evidence D1: 10-17 years at the fastest",
        help="Growth of the ceiling at full effort, will and fit.", off=0.0)
    without_fit: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="Pritchett, Woolcock and Andrews; size is an assumption",
        help="Share of that growth which is left where reforms do not fit the country at all.", off=1.0)
    erosion: float = uncertain(
        0.05, unit="1 / year", lo=0.0, hi=0.15, source="assumption", help="How fast laws that nobody upholds lapse.",
        off=0.0)
    paper: float = uncertain(
        0.1, unit="1 / year", lo=0.0, hi=0.3, source="Pritchett, Woolcock and Andrews; size is an assumption",
        help="Growth of reform on paper at full effort.", off=0.0)
    independence: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.8, source="assumption",
        help="Share of the courts' corruption that complete reform removes in the end.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def supported_capacity(base: float, built: float) -> float:
    """Capacity of courts (0-1 of need): what the country has and the part of the gap that support has `built`."""
    return base + (1.0 - base) * built


@njit
def cases_a_year(people: float, caseload: float, capacity: float, skill: float, gain: float) -> float:
    """Cases that courts can decide in a year; `caseload` per 100,000 at full capacity, `skill` (0-1) from training."""
    return people / 1e5 * caseload * min(1.0, capacity * (1.0 + gain * skill))


@njit
def cleared_share(service: float, clearance: float, dt: float) -> float:
    """Share (0-1) of open files in which the police find a suspect within a step."""
    return rate_to_probability(clearance * service, dt)


@njit
def passed_on(waiting: float, capacity: float) -> float:
    """Cases that a stage passes on: all that wait, or as many as it can."""
    return min(waiting, max(capacity, 0.0))


@njit
def timeliness_of(waiting: float, capacity: float, patience: float) -> float:
    """Worth (0-1) of a verdict for its lateness: half at a wait of `patience` years; `capacity` in cases a year."""
    if capacity <= 0.0:
        return 0.0
    return 1.0 / (1.0 + waiting / capacity / patience)


@njit
def fair_trial(corrupt: float, bribe: float, excluded: float, bias: float) -> float:
    """Chance (0-1) that a court decides without a bribe and without regard to who somebody is."""
    return (1.0 - bribe * corrupt) * (1.0 - bias * excluded)


@njit
def conduct_of_courts(fair: float, timeliness: float, delay_weight: float) -> float:
    """Share (0-1) of good contacts with courts: fair, and by `delay_weight` (0-1) of their worth timely."""
    return fair * (1.0 - delay_weight + delay_weight * timeliness)


@njit
def formal_share(capacity: float, trust: float, use_by_trust: float) -> float:
    """Share (0-1) of disputes left by elders that a court settles: its capacity, and people who go there."""
    return capacity * (1.0 - use_by_trust * (1.0 - trust))


@njit
def access_of(customary: float, formal: float) -> float:
    """Share (0-1) of disputes settled: by elders, and of the others by courts."""
    return customary + (1.0 - customary) * formal


@njit
def fair_access_of(customary: float, formal: float, elders_fair: float, excluded: float, bias: float,
                   court_fair: float) -> float:
    """Share (0-1) of disputes settled fairly; elders are fair less often to the excluded."""
    return customary * elders_fair * (1.0 - bias * excluded) + (1.0 - customary) * formal * court_fair


@njit
def admitted_share(wanted: float, held: float, places: float, limit: float) -> float:
    """Share (0-1) of those sentenced to prison who find room, up to `limit` prisoners on a place."""
    if wanted <= 0.0:
        return 1.0
    return clamp((limit * places - held) / wanted, 0.0, 1.0)


@njit
def believed(belief: float, certainty: float, belief_time: float, dt: float) -> float:
    """Belief (0-1) in punishment after one step towards what was seen."""
    return clamp(belief + (1.0 - decay(belief_time, dt)) * (certainty - belief), 0.0, 1.0)


@njit
def reform_growth(rate: float, effort: float, will: float, fit: float, without_fit: float) -> float:
    """Growth (1/year) of what law allows; without political will there is none, `without_fit` (0-1) without fit."""
    return rate * effort * will * (without_fit + (1.0 - without_fit) * fit)


@njit
def elders_reach(customary: float, built: float, displacement: float) -> float:
    """Share (0-1) of disputes that elders settle where support has `built` up the courts beside them."""
    return customary * (1.0 - displacement * built)


@njit
def ceiling_after(ceiling: float, start: float, growth: float, erosion: float, dt: float) -> float:
    """Share (0-1) of findings that law lets end in a sanction, after one step; it lapses towards its `start`."""
    return clamp(ceiling + dt * (growth * (1.0 - ceiling) - erosion * (ceiling - start)), 0.0, 1.0)


@njit
def court_corruption_target(local: float, national: float, weight: float, reformed: float, independence: float
                            ) -> float:
    """Corruption (0-1) towards which courts drift: by `weight` (0-1) that of the police here, else that of the
    country, less what reform (0-1 complete) has made independent.
    """
    return (weight * local + (1.0 - weight) * national) * (1.0 - independence * reformed)


# ------------------------------------------------------------------------------------------------- phases
@phase("oversight: sanction_ceiling", "government: form", "ledger: planned")
def reform_law(world, dt):
    """Law and procedure change as far as money, will and fit allow; form grows by itself."""
    p = world.parameters.legal_reform[0]
    state = world.government[0]
    body = world.oversight[0]
    arrived = p.effort * world.ledger[LEGAL_REFORM].delivered
    growth = reform_growth(p.rate, arrived, state.will, state.fit, p.without_fit)
    body.sanction_ceiling = ceiling_after(body.sanction_ceiling, p.ceiling_at_start, growth, p.erosion, dt)
    state.form = clamp(state.form + p.paper * arrived * dt * (1.0 - state.form), 0.0, 1.0)
    world.ledger[LEGAL_REFORM].planned = p.effort * p.cost_per_year * dt


@phase("communities: files charges trials court_corrupt court_conduct access fair_access certainty unredressed",
       "government: court_support sentenced prisoners",
       "country: clearance court_backlog disputes_settled disputes_recorded", "ledger: planned")
def courts_work(world, dt):
    """Cases move on as far as each stage can; verdicts, prisons, settled disputes, and what people make of it."""
    p = world.parameters.justice[0]
    law = world.parameters.legal_reform[0]
    bribe = world.parameters.trust[0].bribe_per_contact
    courses = world.parameters.training[0]
    at_work = 1.0 - courses.justice * world.ledger[TRAINING_JUSTICE].delivered * courses.course_time
    state = world.government[0]
    country = world.country[0]
    n = len(world.communities)
    arrived = p.support * world.ledger[JUSTICE_SUPPORT].delivered
    state.court_support = clamp(state.court_support + dt * (p.build * arrived * state.absorption
                                                            * (1.0 - state.court_support)
                                                            - p.fade * state.court_support), 0.0, 1.0)
    world.ledger[JUSTICE_SUPPORT].planned = p.support * p.cost_per_year * dt
    room = 1.0 - law.ceiling_at_start
    reformed = clamp((world.oversight[0].sanction_ceiling - law.ceiling_at_start) / room, 0.0, 1.0) if room > 0.0 \
        else 0.0
    people = corrupt = 0.0
    for i in range(n):
        people += world.communities[i].population
        corrupt += world.communities[i].population * world.police[i].corrupt
    national = corrupt / max(people, 1.0)

    gone_cold = rate_to_probability(p.cold, dt)
    collapsed = rate_to_probability(p.attrition, dt)
    follow = 1.0 - decay(p.corruption_time, dt)
    convicted = np.empty(n)
    closed = cleared_total = waiting = able = wanted = settled = recorded = 0.0
    for i in range(n):
        c = world.communities[i]
        unit = world.police[i]
        capacity = supported_capacity(c.court_base, state.court_support)
        a_year = at_work * cases_a_year(c.population, p.caseload, capacity, c.court_skill, p.training_gain)
        # police, prosecutor, court: each hands on what it finishes to the next
        files = c.files + c.crimes_recorded
        cleared = files * cleared_share(unit.service, p.clearance, dt)
        cold = (files - cleared) * gone_cold
        c.files = files - cleared - cold
        brought = passed_on(c.charges + cleared, p.prosecution * a_year * dt)
        c.charges = (c.charges + cleared - brought) * (1.0 - collapsed)
        decided = passed_on(c.trials + brought, a_year * dt)
        c.trials = (c.trials + brought - decided) * (1.0 - collapsed)
        cleared_total += cleared
        closed += cleared + cold
        waiting += c.charges + c.trials
        able += a_year

        c.court_corrupt = clamp(c.court_corrupt + follow * (court_corruption_target(
            unit.corrupt, national, p.corruption_local, reformed, law.independence) - c.court_corrupt), 0.0, 1.0)
        # whoever can pay is not convicted
        convicted[i] = decided * p.conviction * (1.0 - bribe * c.court_corrupt)
        wanted += convicted[i] * p.prison_share
        fair = fair_trial(c.court_corrupt, bribe, c.excluded, p.exclusion_bias)
        timely = timeliness_of(c.charges + c.trials, a_year, p.patience)
        c.court_conduct = clamp(conduct_of_courts(fair, timely, p.delay_weight) + c.court_opinion, 0.0, 1.0)
        formal = formal_share(min(1.0, capacity * (1.0 + p.training_gain * c.court_skill)), c.trust_justice,
                              p.use_by_trust)
        elders = elders_reach(c.customary, state.court_support, p.displacement)
        c.access = access_of(elders, formal)
        c.fair_access = fair_access_of(elders, formal, p.customary_fair, c.excluded, p.customary_bias, fair)
        disputes = c.population / 1e5 * p.dispute_rate * dt
        settled += disputes * c.access
        recorded += disputes * (1.0 - elders) * formal
    country.clearance = cleared_total / closed if closed > 0.0 else 0.0
    country.court_backlog = min(LONGEST_BACKLOG, 12.0 * waiting / able) if able > 0.0 else LONGEST_BACKLOG
    country.disputes_settled = settled
    country.disputes_recorded = recorded

    # prisons: those awaiting trial are there first
    room = p.crowding_limit * state.prison_places
    state.sentenced -= state.sentenced * rate_to_probability(1.0 / p.term, dt)
    remanded = min(p.remand * waiting, max(0.0, room - state.sentenced))
    admitted = admitted_share(wanted, state.sentenced + remanded, state.prison_places, p.crowding_limit)
    state.sentenced += admitted * wanted
    state.prisoners = state.sentenced + remanded
    crowding = max(0.0, state.prisoners / max(state.prison_places, 1.0) - 1.0)
    harm = p.custody_harm * state.prisoners * crowding * dt / max(people, 1.0) * 1000.0
    for i in range(n):
        c = world.communities[i]
        c.unredressed += harm
        if c.crimes > 0.0:
            punished = convicted[i] * (1.0 - p.prison_share * (1.0 - admitted))
            c.certainty = believed(c.certainty, min(1.0, punished / c.crimes), p.belief_time, dt)
