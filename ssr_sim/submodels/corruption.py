"""S2 Corruption: officers who extract, an overseer who can be captured, budget holders who learn how much to divert.

Officers decide against a threshold (Hammond 2000): opportunity against cost times perceived detection, integrity and
the company of corrupt peers. Budget holders learn by trial how much they can keep (Guerrero and Castaneda's Policy
Priority Inference). Behaviour is slow by evidence E37: the fastest reformers needed decades.
"""

import math
from typing import ClassVar

from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, logistic, rate_to_probability
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import draw, phase

OVERSIGHT = LINES.index("oversight")
AUDIT = LINES.index("audit")
PROCUREMENT = LINES.index("procurement")
COMPLAINTS = LINES.index("complaints")
INVESTIGATIONS = LINES.index("investigations")
CIVIL_SOCIETY = LINES.index("civil_society")

CAUGHT = stream(20, "corruption: officers sanctioned")
MONITORED = stream(21, "corruption: is this budget holder monitored")
TRIED = stream(22, "corruption: how far a budget holder tries")


# ------------------------------------------------------------------------------------------------- parameters
class Corruption(Block):
    """How extraction answers to control, pay and company."""

    group: ClassVar[str] = "Model"

    speed: float = uncertain(
        0.10, unit="1 / year", lo=0.07, hi=0.2, source="evidence E37; pilot study",
        help="How fast habits of extraction turn over.")
    spread: float = uncertain(
        0.45, unit="index", lo=0.35, hi=0.6, source="pilot study",
        help="Spread of thresholds among officers; small means sudden tipping.")
    contagion: float = uncertain(
        0.5, unit="index", lo=0.3, hi=0.7, source="Hammond 2000; size from the pilot study",
        help="Pull of corrupt peers.")
    cost: float = uncertain(
        1.0, unit="index", lo=0.8, hi=1.3, source="pilot study", help="Deterrence by perceived detection.")
    belief_time: float = uncertain(
        3.5, unit="years", lo=2.0, hi=6.0, source="pilot study",
        help="Time in which officers learn the true chance of being caught.")
    need_weight: float = uncertain(
        0.25, unit="index", lo=0.1, hi=0.5, source="assumption", help="Extraction out of need when pay fails.")
    wage_price_effect: float = uncertain(
        0.1, unit="index / doubling of pay", lo=-0.2, hi=0.3,
        source="Ghana: police pay doubled, bribes per checkpoint rose by more than 25 %; sign open",
        help="Change of the gain from a bribe when pay doubles: better paid officers ask for more.")
    capture_speed: float = uncertain(
        0.15, unit="1 / year", lo=0.05, hi=0.4, source="assumption", help="How fast elites capture an overseer.")
    oversight_corruptible: float = uncertain(
        0.8, unit="share 0-1", lo=0.4, hi=1.0, source="the guardian problem; size is an assumption",
        help="How far a corrupt country corrupts its overseer; 0 is an incorruptible one.")
    learning: float = uncertain(
        0.04, unit="share / half year", lo=0.01, hi=0.1, source="Guerrero and Castaneda (PPI); size is an assumption",
        help="Largest change of what a budget holder keeps from one round to the next.")
    penalty: float = uncertain(
        2.0, unit="times the gain", lo=1.0, hi=5.0, source="assumption",
        help="Loss of a budget holder who is monitored, against what he kept.")


class Oversight(Block):
    """Civilian oversight of police and army."""

    group: ClassVar[str] = "Integrity"

    coverage: float = lever(
        0.15, unit="share of units under review", lo=0.0, hi=1.0, cost="USD 3 million per year at full coverage",
        source="evidence D2: 0.5-3 million per year in a small state", headline=True,
        side_effect="Raises the resistance of elites and ranks.", help="Reach of the civilian oversight body.")
    independence: float = lever(
        0.4, unit="share 0-1", lo=0.0, hi=1.0, cost="in the price of coverage", source="assumption",
        side_effect="Costs political will of those who lose control.",
        help="Independence of the oversight body from those it controls.")
    cost_per_year: float = uncertain(
        3e6, unit="USD / year", lo=0.5e6, hi=5e6, source="evidence D2 (M)", help="Price of full coverage.")
    powers: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=0.8, source="assumption",
        help="Chance per year that a review alone leads to a sanction, at full coverage and independence.")


class Audit(Block):
    """Audits and financial control."""

    group: ClassVar[str] = "Integrity"

    rate: float = lever(
        0.04, unit="share of spending audited", lo=0.0, hi=1.0, cost="USD 4 million per year at a rate of 1",
        source="Olken 2007: from 4 to 100 %", headline=True, side_effect="Slows disbursement.",
        help="Chance that a project or unit is audited in a year.")
    cost_per_year: float = uncertain(
        4e6, unit="USD / year", lo=1e6, hi=8e6, source="assumption", help="Price of auditing everything.")
    power: float = uncertain(
        0.4, unit="probability", lo=0.2, hi=0.7, source="Olken 2007: missing spending fell by 8 points",
        help="Chance that an audit finds what is there and has consequences.")
    deterrence: float = uncertain(
        1.9, unit="times", lo=0.0, hi=2.5, source="Olken 2007: missing spending fell by 8 of 28 points",
        help="What budget holders spare for fear of audits, against what audits find; 0 is no deterrence.")


class Procurement(Block):
    """Open tenders and published prices."""

    group: ClassVar[str] = "Integrity"

    transparency: float = lever(
        0.1, unit="share of purchases", lo=0.0, hi=1.0, cost="USD 1.5 million per year at 1", source="assumption",
        side_effect="Tenders take time: money is spent later.", help="Share of purchases by open, published tender.")
    cost_per_year: float = uncertain(
        1.5e6, unit="USD / year", lo=0.5e6, hi=3e6, source="assumption", help="Price of tendering everything openly.")
    power: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.7, source="assumption; Olken 2007 found 8 of 28 points for full audits",
        help="Share of diversion from purchases that full transparency prevents under a free watchdog.")
    friction: float = uncertain(
        0.08, unit="share of payments", lo=0.0, hi=0.2, source="assumption", help="Delay by tendering everything.")


class Complaints(Block):
    """Channels for complaints, with protection of those who complain."""

    group: ClassVar[str] = "Integrity"

    channel: float = lever(
        0.1, unit="share of districts served", lo=0.0, hi=1.0, cost="USD 1.5 million per year at full reach",
        source="assumption", side_effect="Complaints that lead nowhere cost trust in the government.",
        help="Reach of complaint offices with protection of complainants.")
    cost_per_year: float = uncertain(
        1.5e6, unit="USD / year", lo=0.3e6, hi=3e6, source="assumption", help="Price of full reach.")
    power: float = uncertain(
        0.25, unit="1 / year", lo=0.1, hi=0.5, source="assumption",
        help="Chance per year that a corrupt officer is found by complaint, at full reach and trust.")


class Investigations(Block):
    """Investigation, prosecution and sanction of misconduct."""

    group: ClassVar[str] = "Justice"

    effort: float = lever(
        0.2, unit="share of cases pursued", lo=0.0, hi=1.0, cost="USD 2 million per year at full effort",
        source="assumption", headline=True, side_effect="Thins the force and lowers morale.",
        help="Share of cases found that are pursued to a sanction.")
    severity: float = lever(
        0.3, unit="harshness 0-1", lo=0.0, hi=1.0, cost="none", source="Nagin 2013: certainty deters, severity hardly",
        side_effect="Officers close ranks, so that fewer cases end in a sanction; morale falls.",
        help="How harsh sanctions are for those who get one.")
    cost_per_year: float = uncertain(
        2e6, unit="USD / year", lo=0.5e6, hi=4e6, source="assumption", help="Price of full effort.")
    usual_severity: float = constant(
        0.3, unit="harshness 0-1", lo=0.05, hi=1.0, source="the harshness at which deterrence is as calibrated",
        help="Severity that changes nothing.")
    severity_weight: float = uncertain(
        0.4, unit="share 0-1", lo=0.0, hi=0.9, source="Nagin 2013: below that of certainty; size is an assumption",
        help="Effect of severity on deterrence against that of certainty.")
    closed_ranks: float = uncertain(
        0.35, unit="share 0-1", lo=0.0, hi=0.8, source="assumption",
        help="Share of sanctions that officers prevent once these are fully harsh.")


class CivilSociety(Block):
    """Monitoring by civil society and media."""

    group: ClassVar[str] = "Integrity"

    support: float = lever(
        0.2, unit="share of districts monitored", lo=0.0, hi=1.0, cost="USD 1 million per year at full coverage",
        source="assumption", side_effect="Exposes scandals: donors and elites react.",
        help="Support for civil-society and media monitoring.")
    cost_per_year: float = uncertain(
        1e6, unit="USD / year", lo=0.2e6, hi=3e6, source="assumption", help="Price of full coverage.")
    power: float = uncertain(
        0.12, unit="1 / year", lo=0.03, hi=0.3, source="Olken 2007: grass-roots monitoring alone did little",
        help="Chance per year that monitoring finds a corrupt officer, at full coverage.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def extraction(opportunity, detection, integrity, peers, cost, contagion, spread):
    """Share (0-1) of officers for whom extraction pays; `opportunity` less deterrence and integrity, plus company."""
    return logistic((opportunity - cost * detection - integrity + contagion * peers) / spread)


@njit
def opportunity_at_rest(
    corrupt: float, detection: float, integrity: float, cost: float, contagion: float, spread: float
) -> float:
    """Opportunity for which a share `corrupt` is at rest, so that a run starts where the country is (inverse of
    above).
    """
    here = clamp(corrupt, 0.001, 0.999)
    return spread * math.log(here / (1.0 - here)) + cost * detection + integrity - contagion * here


@njit
def need_and_price(arrears: float, pay: float, need_weight: float, price_effect: float) -> float:
    """Change of opportunity by unpaid wages (months), and by pay against the reference wage; the sign of pay is
    open.
    """
    need = need_weight * (min(arrears, 12.0) / 6.0 + max(0.0, 1.0 - pay))
    return need + price_effect * (pay - 1.0)


@njit
def chance_of_detection(review, audit, complaint, society, capture):
    """Chance per year (0-1) of being found by any of the channels, of which capture takes its share."""
    missed = (1.0 - review) * (1.0 - audit) * (1.0 - complaint) * (1.0 - society)
    return (1.0 - missed) * (1.0 - capture)


@njit
def sanction_chance(pursued, ceiling, severity, usual, closed_ranks):
    """Chance (0-1) that a finding ends in a sanction: what is `pursued`, less closed ranks, never beyond the law's
    ceiling.
    """
    return clamp(min(pursued * (1.0 - closed_ranks * (severity - usual)), ceiling), 0.0, 1.0)


@njit
def weight_of_severity(severity, usual, weight):
    """Factor on deterrence by the harshness of sanctions, 1 where it is as usual."""
    return 1.0 + weight * (severity - usual)


@njit
def capture_target(corruption, obstruction, independence, corruptible):
    """Capture (0-1) towards which a watchdog drifts: corrupt surroundings and elites, held off by independence."""
    return clamp(corruptible * (0.5 * corruption + 0.5 * obstruction) * (1.0 - 0.8 * independence), 0.0, 1.0)


@njit
def payoff_of(kept, norm, penalty):
    """Payoff of keeping a share `kept`: beyond the `norm` of the place failure shows and costs more than it brings."""
    return kept - kept * kept / (2.0 * max(norm, 0.01)) - penalty * kept


@njit
def directed_learning(step, gained, largest, trial):
    """Next step of a budget holder: on if the last change paid, back if not; size by a `trial` draw in (0, 1)."""
    direction = 1.0 if step >= 0.0 else -1.0
    if not gained:
        direction = -direction
    return direction * largest * trial


# ------------------------------------------------------------------------------------------------- phases
@phase("oversight: capacity capture audit_detection complaint_detection society_detection found detection deterrence "
       "open_purchases",
       "ledger: planned")
def oversight_works(world, dt):
    """What each channel of control finds this year, after capture; plans its price."""
    p = world.parameters.corruption[0]
    body = world.oversight[0]
    review = world.parameters.oversight[0]
    audit = world.parameters.audit[0]
    complaints = world.parameters.complaints[0]
    investigations = world.parameters.investigations[0]
    society = world.parameters.civil_society[0]
    corrupt = trust = fear = people = 0.0
    for i in range(len(world.communities)):
        c = world.communities[i]
        people += c.population
        corrupt += c.population * world.police[i].corrupt
        trust += c.population * c.trust_government
        fear += c.population * c.fear
    people = max(people, 1.0)
    obstruction = 0.0
    for i in range(len(world.elites)):
        obstruction += world.elites[i].obstruction / len(world.elites)

    target = capture_target(corrupt / people, obstruction, review.independence, p.oversight_corruptible)
    body.capture = clamp(body.capture + p.capture_speed * dt * (target - body.capture), 0.0, 1.0)
    arrived = review.coverage * world.ledger[OVERSIGHT].delivered
    body.capacity = clamp(body.capacity + 0.5 * dt * (arrived - body.capacity), 0.0, 1.0)
    body.audit_detection = clamp(audit.rate * world.ledger[AUDIT].delivered * audit.power, 0.0, 1.0)
    brave = (0.3 + 0.7 * trust / people) * (1.0 - 0.5 * fear / people)
    body.complaint_detection = clamp(
        complaints.channel * world.ledger[COMPLAINTS].delivered * complaints.power * brave, 0.0, 1.0)
    body.society_detection = clamp(society.support * world.ledger[CIVIL_SOCIETY].delivered * society.power, 0.0, 1.0)
    watched = 1.0 - (1.0 - body.society_detection) * (1.0 - world.parameters.technology[0].detection * body.technology)
    body.found = clamp(chance_of_detection(body.capacity * review.powers, body.audit_detection,
                                           body.complaint_detection, watched, 0.0), 0.0, 1.0)
    found = body.found * (1.0 - body.capture)
    pursued = 0.4 + 0.6 * investigations.effort * world.ledger[INVESTIGATIONS].delivered
    body.detection = found * sanction_chance(pursued, body.sanction_ceiling, investigations.severity,
                                             investigations.usual_severity, investigations.closed_ranks)
    harsh = weight_of_severity(investigations.severity, investigations.usual_severity, investigations.severity_weight)
    body.deterrence = clamp(body.detection * harsh + world.government[0].lesson, 0.0, 1.0)

    procurement = world.parameters.procurement[0]
    body.open_purchases = clamp(procurement.power * procurement.transparency * world.ledger[PROCUREMENT].delivered
                                * (1.0 - body.capture), 0.0, 1.0)

    world.ledger[PROCUREMENT].planned = procurement.transparency * procurement.cost_per_year * dt
    world.ledger[OVERSIGHT].planned = review.coverage * review.cost_per_year * dt
    world.ledger[AUDIT].planned = audit.rate * audit.cost_per_year * dt
    world.ledger[COMPLAINTS].planned = complaints.channel * complaints.cost_per_year * dt
    world.ledger[INVESTIGATIONS].planned = investigations.effort * investigations.cost_per_year * dt
    world.ledger[CIVIL_SOCIETY].planned = society.support * society.cost_per_year * dt


@phase("police: corrupt perceived_detection staff morale integrity", "military: corrupt perceived_detection integrity",
       "oversight: sanctioned", "government: pool_police")
def officers_extract(world, dt):
    """Officers and commanders take up or give up extraction; some are caught, which their colleagues notice."""
    now = world.clock[0]
    p = world.parameters.corruption[0]
    pay = world.parameters.pay[0].level
    state = world.government[0]
    body = world.oversight[0]
    sanctions = world.parameters.investigations[0]
    harsh = weight_of_severity(sanctions.severity, sanctions.usual_severity, sanctions.severity_weight)
    staff = corrupt_officers = 0.0
    for i in range(len(world.police)):
        unit = world.police[i]
        staff += unit.staff
        corrupt_officers += unit.staff * unit.corrupt
    national = corrupt_officers / staff if staff > 0.0 else 0.0

    for i in range(len(world.police)):
        unit = world.police[i]
        shield = 0.5 if unit.patron >= 0 else 0.0
        chance = body.detection * (1.0 - shield * state.resistance)
        caught = binomial(int(unit.staff * unit.corrupt), rate_to_probability(chance, dt),
                          draw(now, CAUGHT, unit.uid, 0))
        # a sanctioned officer leaves in one case of five; the others stay, warned (assumption)
        leaves = caught // 5
        unit.staff -= leaves
        state.pool_police += leaves
        body.sanctioned += caught
        seen = chance
        if unit.staff > 0.0:
            seen += min(1.0, caught / unit.staff / dt)
            unit.morale = clamp(unit.morale - 0.2 * caught / unit.staff * sanctions.severity / sanctions.usual_severity,
                                0.0, 1.0)
        unit.perceived_detection = clamp(
            unit.perceived_detection + (1.0 - decay(p.belief_time, dt)) * (0.5 * (chance + min(seen, 1.0))
                                                                            - unit.perceived_detection), 0.0, 1.0)
        opportunity = unit.opportunity + need_and_price(unit.arrears, pay, p.need_weight, p.wage_price_effect)
        target = extraction(opportunity, unit.perceived_detection, unit.integrity,
                            0.5 * unit.corrupt + 0.5 * national, p.cost * harsh, p.contagion, p.spread)
        unit.corrupt = clamp(unit.corrupt + p.speed * dt * (target - unit.corrupt), 0.0, 1.0)
        # integrity erodes in corrupt company and recovers in clean company
        unit.integrity = clamp(unit.integrity + 0.02 * dt * (0.5 - unit.corrupt), 0.0, 1.0)

    before = world.military["corrupt"].copy()  # commanders are read as they were at the start
    for i in range(len(world.military)):
        unit = world.military[i]
        shield = 0.5 if unit.patron >= 0 else 0.0
        chance = body.detection * (1.0 - shield * state.resistance)
        unit.perceived_detection = clamp(
            unit.perceived_detection + (1.0 - decay(p.belief_time, dt)) * (chance - unit.perceived_detection), 0.0, 1.0)
        boss = before[unit.commander] if unit.commander >= 0 else unit.corrupt
        opportunity = unit.opportunity + need_and_price(unit.arrears, pay, p.need_weight, p.wage_price_effect)
        target = extraction(opportunity, unit.perceived_detection, unit.integrity, 0.5 * unit.corrupt + 0.5 * boss,
                            p.cost * harsh, p.contagion, p.spread)
        unit.corrupt = clamp(unit.corrupt + p.speed * dt * (target - unit.corrupt), 0.0, 1.0)
        unit.integrity = clamp(unit.integrity + 0.02 * dt * (0.5 - unit.corrupt), 0.0, 1.0)


@phase("elites: diversion last_change payoff")
def budget_holders_learn(world, dt):
    """Each budget holder keeps a little more or less than last round, as experience with control teaches him."""
    now = world.clock[0]
    p = world.parameters.corruption[0]
    body = world.oversight[0]
    rule_of_law = world.government[0].function
    audit = body.audit_detection * (1.0 - body.capture)
    chance = clamp(audit + 0.5 * rule_of_law * body.capacity * (1.0 - body.capture), 0.0, 1.0)
    for i in range(len(world.elites)):
        elite = world.elites[i]
        monitored = draw(now, MONITORED, elite.uid, 0) < rate_to_probability(2.0 * chance, dt)
        payoff = payoff_of(elite.diversion, elite.norm, p.penalty if monitored else 0.0)
        step = directed_learning(elite.last_change, payoff >= elite.payoff, p.learning,
                                 draw(now, TRIED, elite.uid, 0))
        elite.payoff = clamp(payoff, -1.0, 1.0)
        elite.last_change = clamp(step, -1.0, 1.0)
        elite.diversion = clamp(elite.diversion + step, 0.0, 0.6)
