"""S2 Oversight: what control of police, army and spending finds, what of it ends in a sanction, and who captures it.

Review, audit, complaints, civil society and digital tools each miss what the others may find. The overseer lives in
the country that it oversees: corrupt surroundings and obstructive elites capture it (the guardian problem). What
control does to officers and budget holders: `corruption.py`.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

OVERSIGHT = LINES.index("oversight")
AUDIT = LINES.index("audit")
PROCUREMENT = LINES.index("procurement")
COMPLAINTS = LINES.index("complaints")
INVESTIGATIONS = LINES.index("investigations")
CIVIL_SOCIETY = LINES.index("civil_society")


# ------------------------------------------------------------------------------------------------- parameters
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
        help="Chance per year that a review finds misconduct, at full capacity.", off=0.0)
    build_speed: float = uncertain(
        0.5, unit="1 / year", lo=0.25, hi=1.0, source="assumption",
        help="How fast the body's capacity follows the money that arrives.")
    capture_speed: float = uncertain(
        0.15, unit="1 / year", lo=0.05, hi=0.4, source="assumption", help="How fast elites capture an overseer.",
        off=0.0)
    corruptible: float = uncertain(
        0.8, unit="share 0-1", lo=0.4, hi=1.0, source="the guardian problem; size is an assumption",
        help="How far a corrupt country corrupts its overseer; 0 is an incorruptible one.", off=0.0)
    shield_of_independence: float = uncertain(
        0.8, unit="share 0-1", lo=0.4, hi=1.0, source="assumption",
        help="Share of capture that full independence holds off.", off=0.0)


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
        0.4, unit="probability", lo=0.2, hi=0.7, source="assumption: auditors find much, prosecutors act on less",
        help="Chance that an audit finds what is there and has consequences.", off=0.0)
    deterrence: float = uncertain(
        0.6, unit="times", lo=0.0, hi=1.2,
        source="Olken 2007: 8 of 28 points, together with what budget holders learn",
        help="Share of diversion that an announced audit prevents at once, against what it finds.", off=0.0)


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
        help="Share of diversion from purchases that full transparency prevents under a free watchdog.", off=0.0)
    friction: float = uncertain(
        0.08, unit="share of payments", lo=0.0, hi=0.2, source="assumption", help="Delay by tendering everything.",
        off=0.0)


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
        help="Chance per year that a corrupt officer is found by complaint, at full reach and trust.", off=0.0)
    without_trust: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.6, source="assumption",
        help="Share of complaints still made where nobody trusts the government; 1 is no role of trust.", off=1.0)
    silenced_by_fear: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption", help="Share of complaints that full fear stops.",
        off=0.0)


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
        help="Effect of severity on deterrence against that of certainty.", off=0.0)
    without_effort: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Share of findings pursued by superiors where nobody investigates; 1 is no role of investigators.",
        off=1.0)
    closed_ranks: float = uncertain(
        0.35, unit="share 0-1", lo=0.0, hi=0.8, source="assumption",
        help="Share of sanctions that officers prevent once these are fully harsh.", off=0.0)


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
        help="Chance per year that monitoring finds a corrupt officer, at full coverage.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
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
def capture_target(corruption, obstruction, independence, corruptible, shield):
    """Capture (0-1) towards which a watchdog drifts: corrupt surroundings and elites, of which full independence
    holds off a share `shield`.
    """
    return clamp(corruptible * (0.5 * corruption + 0.5 * obstruction) * (1.0 - shield * independence), 0.0, 1.0)


@njit
def courage(trust, fear, without_trust, silenced):
    """Share (0-1) of people with a complaint who make it."""
    return (without_trust + (1.0 - without_trust) * trust) * (1.0 - silenced * fear)


# ------------------------------------------------------------------------------------------------- phases
@phase("oversight: capacity capture audit_detection complaint_detection society_detection found detection harshness "
       "deterrence open_purchases",
       "ledger: planned")
def oversight_works(world, dt):
    """What each channel of control finds this year, after capture; plans its price."""
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

    target = capture_target(corrupt / people, obstruction, review.independence, review.corruptible,
                            review.shield_of_independence)
    body.capture = clamp(body.capture + review.capture_speed * dt * (target - body.capture), 0.0, 1.0)
    arrived = review.coverage * world.ledger[OVERSIGHT].delivered
    body.capacity = clamp(body.capacity + review.build_speed * dt * (arrived - body.capacity), 0.0, 1.0)
    body.audit_detection = clamp(audit.rate * world.ledger[AUDIT].delivered * audit.power, 0.0, 1.0)
    brave = courage(trust / people, fear / people, complaints.without_trust, complaints.silenced_by_fear)
    body.complaint_detection = clamp(
        complaints.channel * world.ledger[COMPLAINTS].delivered * complaints.power * brave, 0.0, 1.0)
    body.society_detection = clamp(society.support * world.ledger[CIVIL_SOCIETY].delivered * society.power, 0.0, 1.0)
    watched = 1.0 - (1.0 - body.society_detection) * (1.0 - world.parameters.technology[0].detection * body.technology)
    body.found = clamp(chance_of_detection(body.capacity * review.powers, body.audit_detection,
                                           body.complaint_detection, watched, 0.0), 0.0, 1.0)
    found = body.found * (1.0 - body.capture)
    worked = investigations.effort * world.ledger[INVESTIGATIONS].delivered
    pursued = investigations.without_effort + (1.0 - investigations.without_effort) * worked
    body.detection = found * sanction_chance(pursued, body.sanction_ceiling, investigations.severity,
                                             investigations.usual_severity, investigations.closed_ranks)
    body.harshness = weight_of_severity(investigations.severity, investigations.usual_severity,
                                        investigations.severity_weight)
    body.deterrence = clamp(body.detection * body.harshness + world.government[0].lesson, 0.0, 1.0)

    procurement = world.parameters.procurement[0]
    body.open_purchases = clamp(procurement.power * procurement.transparency * world.ledger[PROCUREMENT].delivered
                                * (1.0 - body.capture), 0.0, 1.0)

    world.ledger[PROCUREMENT].planned = procurement.transparency * procurement.cost_per_year * dt
    world.ledger[OVERSIGHT].planned = review.coverage * review.cost_per_year * dt
    world.ledger[AUDIT].planned = audit.rate * audit.cost_per_year * dt
    world.ledger[COMPLAINTS].planned = complaints.channel * complaints.cost_per_year * dt
    world.ledger[INVESTIGATIONS].planned = investigations.effort * investigations.cost_per_year * dt
    world.ledger[CIVIL_SOCIETY].planned = society.support * society.cost_per_year * dt
