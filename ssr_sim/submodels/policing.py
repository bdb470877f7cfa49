"""S3 and S12 Policing: service to people, crime true and recorded, abuse, and community policing.

Capacity follows a production function of staff, skill and equipment, cut by corruption (Cobb-Douglas or bottleneck:
the literature disagrees). Headcount alone does little (evidence E40). Two ledgers of crime: what happened and what
reached the books.
"""

from typing import ClassVar

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, poisson, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, choice, lever, uncertain
from ssr_sim.tables import LINES, POLICE_ABUSE
from ssr_sim.world import LOG, log_event, phase

COMMUNITY_POLICING = LINES.index("community_policing")
DUE_DILIGENCE = LINES.index("due_diligence")

CRIMES = stream(50, "policing: crimes")
REPORTED = stream(51, "policing: crimes that reach the books")
KILLED_BY_CRIMINALS = stream(52, "policing: killings by criminals")
ABUSES = stream(53, "policing: abuses by police")


# ------------------------------------------------------------------------------------------------- parameters
class Policing(Block):
    """What police can do and what crime does."""

    group: ClassVar[str] = "Model"

    police_production: str = choice(
        "cobb_douglas", ("cobb_douglas", "bottleneck"), source="literature disagrees",
        help="How skill and equipment combine into capacity.")
    skill_share: float = uncertain(
        0.5, unit="exponent", lo=0.3, hi=0.7, off=0.0, source="assumption", help="Weight of skill in capacity.")
    equipment_share: float = uncertain(
        0.3, unit="exponent", lo=0.1, hi=0.5, off=0.0, source="assumption", help="Weight of equipment in capacity.")
    staff_half: float = uncertain(
        40.0, unit="officers / 100,000", lo=20.0, hi=80.0, off=0.0, source="evidence E40: density is a weak predictor",
        help="Officers at post for half of the reach.")
    corruption_loss: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, off=0.0, source="assumption",
        help="Part of its service that a wholly corrupt force does not give.")
    information: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, off=0.0, source="assumption",
        help="What service gains from people who all tell what they saw, against people who tell nothing.")
    crime_rate: float = uncertain(
        900.0, unit="crimes / 100,000 / year", lo=300.0, hi=2500.0, source="assumption",
        help="Serious crime without police at a hardship of one half.")
    hardship_effect: float = uncertain(
        1.2, unit="times", lo=0.6, hi=1.8, off=0.0, source="assumption",
        help="What hardship does to crime: this many times the rate more under full hardship than under none.")
    guardianship: float = uncertain(
        0.35, unit="share 0-1", lo=0.1, hi=0.6, off=0.0, source="assumption",
        help="Share of crime that a full police service prevents.")
    crime_deterrence: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, off=0.0, source="Nagin 2013: certainty deters; size is an assumption",
        help="Share of crime that belief in certain punishment would prevent.")
    homicide_rate: float = uncertain(
        4.0, unit="killed / 100,000 / year", lo=2.0, hi=8.0, off=0.0, source="pilot study; evidence E20",
        help="Killing by criminals at a hardship of one half, without police.")
    gang_killing: float = uncertain(
        0.04, unit="killed / gang member / year", lo=0.01, hi=0.1, off=0.0, source="assumption",
        help="Killing by known gangs, without police.")
    un_police_half: float = uncertain(
        150.0, unit="mission police", lo=80.0, hi=300.0, source="pilot study; E18, E20",
        help="Scale at which mission police lower criminal killing.")
    un_police_exponent: float = uncertain(
        0.4, unit="exponent", lo=0.3, hi=0.5, off=0.0, source="pilot study; E18, E20",
        help="Strength with which mission police lower criminal killing.")
    abuse_rate: float = uncertain(
        0.02, unit="abuses / officer / year", lo=0.005, hi=0.05, off=0.0, source="assumption",
        help="Serious abuse by an officer without norms or fear of sanctions, in a force half of which has a record.")
    record_effect: float = uncertain(
        1.4, unit="times", lo=0.8, hi=2.0, off=0.0, source="Humphreys and Weinstein 2007 (sign); size is an assumption",
        help="What records of abuse do to it: this many times the rate more where all have one than where none.")
    norm_restrains: float = uncertain(
        0.8, unit="share 0-1", lo=0.5, hi=1.0, off=0.0, source="evidence E43; size is an assumption",
        help="Share of abuse that a full norm of rights prevents.")
    certainty_restrains: float = uncertain(
        0.8, unit="share 0-1", lo=0.4, hi=1.0, off=0.0, source="evidence E43: accountability does more than training",
        help="Share of abuse that certain sanctions prevent.")
    abuse_anger: float = uncertain(
        0.05, unit="share 0-1 / abuse", lo=0.02, hi=0.1, off=0.0, source="assumption",
        help="Anger of a community at one abuse.")
    new_abusers: float = uncertain(
        0.2, unit="officers / abuse", lo=0.05, hi=0.5, off=0.0, source="assumption: impunity invites others",
        help="Officers who turn abusers with an abuse that goes unpunished.")


class CommunityPolicing(Block):
    """Regular contact between officers and the people of their district."""

    group: ClassVar[str] = "Community"

    coverage: float = lever(
        0.1, unit="share of districts", lo=0.0, hi=1.0, cost="USD 40,000 per district and year",
        source="Blair et al. 2021 (six-country experiment)", headline=True,
        side_effect="More contact with an unfair force costs trust; raises expectations.",
        help="Share of districts with foot patrols, forums and visits.")
    cost_per_district: float = uncertain(
        40e3, unit="USD / district / year", lo=20e3, hi=100e3, source="evidence D2 (M)",
        help="Price of the package in one district.")
    rotation: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, off=0.0, source="Blair et al. 2021: officers were rotated away",
        help="How fast rotation undoes the contact.")
    build_up: float = uncertain(
        1.5, unit="1 / year", lo=0.8, hi=3.0, source="assumption",
        help="How fast contact builds up where officers stay.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def quality_of_work(skill, equipment, skill_share, equipment_share, bottleneck):
    """Quality (0-1) of police work from skill and equipment; a bottleneck if `bottleneck` is 1."""
    if bottleneck > 0.5:
        return min(skill, equipment)
    return max(skill, 0.0) ** skill_share * max(equipment, 0.0) ** equipment_share


@njit
def service_of(density, quality, corrupt, cooperation, half, loss, information):
    """Service (0-1) that people feel: officers at post per 100,000 (saturating), quality, honesty and information."""
    reach = density / (density + half) if density > 0.0 else 0.0
    told = (1.0 - 0.5 * information) + information * cooperation
    return clamp(reach * quality * (1.0 - loss * corrupt) * told, 0.0, 1.0)


@njit
def hardship_factor(hardship, effect):
    """Factor on crime and killing, 1 at a hardship of one half."""
    return (1.0 - 0.5 * effect) + effect * hardship


@njit
def crime_mean(people, rate, hardship, effect, guardianship, service, dt):
    """Mean number of crimes in a step; `rate` per 100,000 and year at a hardship of one half."""
    return people / 1e5 * rate * hardship_factor(hardship, effect) * (1.0 - guardianship * service) * dt


@njit
def deterred(certainty, weight):
    """Factor (0-1) on crime by the believed certainty (0-1) of punishment."""
    return 1.0 - weight * certainty


@njit
def restraint(strength, half, exponent):
    """Factor (0-1) by which a presence of `strength` lowers violence: (1 + strength/half)^-exponent."""
    return (1.0 + strength / half) ** -exponent


@njit
def abuse_tendency(record, rights_norm, certainty, record_effect, norm_restrains, certainty_restrains):
    """Factor on the rate of abuse: officers with a record (1 where half have one), few norms, little fear of
    sanction.
    """
    return (((1.0 - 0.5 * record_effect) + record_effect * record) * (1.0 - norm_restrains * rights_norm)
            * (1.0 - certainty_restrains * certainty))


# ------------------------------------------------------------------------------------------------- phases
@phase("police: service contact abuse_record",
       "communities: crimes crimes_recorded police_abuse population last_abuse anger",
       "country: criminal_deaths criminal_deaths_week killed abuses_month", "ledger: planned", *LOG)
def police_work(world, dt):
    """Service, crime, killings by criminals and abuse by police in the last weeks, community by community."""
    now = world.clock[0]
    p = world.parameters.policing[0]
    programme = world.parameters.community_policing[0]
    certainty = world.oversight[0].deterrence
    diligence = world.parameters.due_diligence[0]
    support_at_risk = diligence.fear_of_loss * diligence.strictness * world.ledger[DUE_DILIGENCE].delivered
    arrived = programme.coverage * world.ledger[COMMUNITY_POLICING].delivered
    country = world.country[0]
    country.abuses_month = 0.0
    killed_by_criminals = 0.0
    crime_luck = draw_each(now, CRIMES, world.communities["uid"], 0)
    report_luck = draw_each(now, REPORTED, world.communities["uid"], 0)
    killing_luck = draw_each(now, KILLED_BY_CRIMINALS, world.communities["uid"], 0)
    abuse_luck = draw_each(now, ABUSES, world.police["uid"], 0)
    for i in range(len(world.communities)):
        c = world.communities[i]
        unit = world.police[i]
        heads = max(c.population, 1.0)
        quality = quality_of_work(unit.skill, unit.equipment, p.skill_share, p.equipment_share, p.police_production)
        density = unit.staff * unit.present / heads * 1e5
        unit.service = service_of(density, quality, unit.corrupt, c.cooperation, p.staff_half, p.corruption_loss,
                                  p.information)
        unit.contact = clamp(unit.contact + dt * (programme.build_up * (arrived - unit.contact)
                                                  - programme.rotation * unit.contact), 0.0, 1.0)

        mean = (crime_mean(c.population, p.crime_rate, c.hardship, p.hardship_effect, p.guardianship, unit.service, dt)
                * deterred(c.certainty, p.crime_deterrence))
        c.crimes = poisson(mean, crime_luck[i])
        c.crimes_recorded = binomial(int(c.crimes), c.cooperation * unit.present, report_luck[i])

        calm = restraint(c.un_police, p.un_police_half, p.un_police_exponent) * (1.0 - p.guardianship * unit.service)
        mean = (c.population / 1e5 * p.homicide_rate * hardship_factor(c.hardship, p.hardship_effect)
                + c.gangs * p.gang_killing) * calm * dt
        killed = min(float(poisson(mean, killing_luck[i])), c.population)
        c.population -= killed
        killed_by_criminals += killed

        feared = certainty + (1.0 - certainty) * support_at_risk * (1.0 - unit.withheld)
        tendency = abuse_tendency(unit.abuse_record, unit.rights_norm, feared, p.record_effect, p.norm_restrains,
                                  p.certainty_restrains)
        abuses = poisson(unit.staff * unit.present * p.abuse_rate * tendency * dt, abuse_luck[i])
        if abuses > 0:
            c.last_abuse = log_event(world.clock, world.events, POLICE_ABUSE, i, i, -1, 0.0, 0.0, -1)
            c.police_abuse += abuses
            country.abuses_month += abuses
            c.anger = clamp(c.anger + p.abuse_anger * abuses, 0.0, 1.0)
            # impunity turns more officers into abusers
            unit.abuse_record = clamp(unit.abuse_record
                                      + p.new_abusers * abuses * (1.0 - certainty) / max(unit.staff, 1.0), 0.0, 1.0)
    country.criminal_deaths += killed_by_criminals
    country.killed += killed_by_criminals
    country.criminal_deaths_week = killed_by_criminals / (dt * 365.25 / 7.0)
    world.ledger[COMMUNITY_POLICING].planned = (programme.coverage * programme.cost_per_district
                                                * len(world.communities) * dt)
