"""S14 Monitoring, learning, technology: what reaches the records, and what is done with it.

Rules of policy and those who give money may read records, never the truth. Evaluation lets donors see function
behind form. Adaptive programmes follow recorded results, with their noise and faults of attribution: recorded crime
rises when people report more. Digital control finds more and watches everybody: where officers are corrupt it costs
trust.
"""

from typing import ClassVar

from ssr_sim.draws import binomial, normal, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import COMMUNITY_SECTOR, DDR_SECTOR, JUSTICE_SECTOR, LINES, MILITARY, POLICE
from ssr_sim.world import draw, phase

QUARTER = 13
YEAR = 52
MONITORING = LINES.index("monitoring")
LEARNING = LINES.index("learning")
TECHNOLOGY = LINES.index("technology")

RECORDED_ATTACKS = stream(140, "monitoring: attacks that are recorded")
SURVEY = stream(141, "monitoring: error of the survey")


# ------------------------------------------------------------------------------------------------- parameters
class Monitoring(Block):
    """Quality of records and surveys."""

    group: ClassVar[str] = "Learning"

    effort: float = lever(
        0.3, unit="share of full coverage", lo=0.0, hi=1.0, cost="USD 2 million per year at 1 and yearly rounds",
        source="assumption", side_effect="Donors who see function behind form give less where there is only form.",
        help="Monitoring and evaluation: coverage of records, size of surveys, visits.")
    review_months: float = lever(
        12.0, unit="months", lo=3.0, hi=24.0, cost="a quarter of the price of monitoring for each yearly round",
        source="assumption", side_effect="Frequent rounds tire those who are asked.",
        help="Time between two surveys, to the nearest quarter.")
    coverage: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=0.95, source="assumption",
        help="Share of attacks that reach the records without any monitoring.")
    survey_error: float = uncertain(
        0.035, unit="SD of a share", lo=0.015, hi=0.07, source="assumption: 1,000 respondents in clusters",
        help="Error of a survey of trust without any monitoring.")
    gain: float = uncertain(
        0.7, unit="share 0-1", lo=0.0, hi=0.9, source="assumption",
        help="Share of that error, and of attacks that go unrecorded, which full monitoring removes.", off=0.0)
    weariness: float = uncertain(
        0.1, unit="share / round", lo=0.0, hi=0.3, source="assumption",
        help="Error that each survey beyond one a year adds.", off=0.0)
    donor_sight: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption",
        help="How far donors judge progress by function rather than form under full monitoring.", off=0.0)
    cost_per_year: float = uncertain(
        2e6, unit="USD / year", lo=0.5e6, hi=5e6, source="assumption", help="Price of full monitoring.")
    cost_of_rounds: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Share of the price of monitoring with yearly surveys that the surveys cost.")


class Learning(Block):
    """Adaptive programming: money follows results, as far as monitoring tells them from what happened anyway."""

    group: ClassVar[str] = "Learning"

    adaptivity: float = lever(
        0.0, unit="share 0-1", lo=0.0, hi=1.0, cost="USD 0.5 million per year at 1", source="assumption",
        side_effect="Shifts of money break off what had begun.",
        help="How far donors move money between sectors after recorded results.")
    cost_per_year: float = uncertain(
        0.5e6, unit="USD / year", lo=0.1e6, hi=1e6, source="assumption", help="Price of full adaptive management.")
    reallocation: float = uncertain(
        6.0, unit="log / share / year", lo=0.0, hi=12.0, source="assumption",
        help="Shift of money after a result that was learned, with full adaptivity.", off=0.0)
    gain: float = uncertain(
        0.25, unit="share 0-1", lo=0.05, hi=0.4,
        source="Raimondo 2016: projects with good monitoring are rated better by 0.1-0.4 of six grades",
        help="What a dollar does more in a sector whose activities have been chosen by what was seen to work.", off=0.0)
    memory: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption",
        help="Weight of earlier years in what has been learned.")
    attribution: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.0, source="assumption",
        help="How far full monitoring tells what money did from what the records say happened.", off=0.0)
    crime_half: float = uncertain(
        500.0, unit="recorded crimes / 100,000 / year", lo=200.0, hi=1000.0, source="assumption",
        help="Recorded crime that evaluators judge half way between bad and good.")
    attacks_half: float = uncertain(
        10.0, unit="recorded attacks / 13 weeks", lo=4.0, hi=30.0, source="assumption",
        help="Recorded attacks that evaluators judge half way between bad and good.")
    backlog_half: float = uncertain(
        12.0, unit="months", lo=4.0, hi=36.0, source="assumption",
        help="Backlog in the courts' books that evaluators judge half way between bad and good.")
    start_up: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="Share of a programme's delivery lost in the year in which it is begun anew.", off=0.0)


class Technology(Block):
    """Digital tools: payments, registers, cameras, data analysis."""

    group: ClassVar[str] = "Learning"

    oversight: float = lever(
        0.0, unit="share of the force covered", lo=0.0, hi=1.0,
        cost="USD 10 million to install, USD 2 million per year to run at 1", source="assumption",
        side_effect="Where officers are corrupt, surveillance costs trust.",
        help="Digital control of police, payroll and spending.")
    cost_to_install: float = uncertain(
        10e6, unit="USD", lo=3e6, hi=30e6, source="assumption", help="Price of full installation.")
    cost_per_year: float = uncertain(
        2e6, unit="USD / year", lo=0.5e6, hi=5e6, source="assumption", help="Price of running it.")
    speed: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, source="assumption", help="How fast it is installed, and falls apart.")
    monitoring_gain: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption", help="Quality of records that it adds.",
        off=0.0)
    detection: float = uncertain(
        0.15, unit="1 / year", lo=0.0, hi=0.3, source="assumption",
        help="Chance per year that it finds misconduct, at full coverage.", off=0.0)
    payroll_gain: float = uncertain(
        0.6, unit="share 0-1", lo=0.0, hi=0.9, source="assumption",
        help="Share of the payroll that full coverage verifies beyond payroll control.", off=0.0)
    surveillance: float = uncertain(
        0.1, unit="bad contacts / head / year", lo=0.0, hi=0.3, source="assumption",
        help="Bad experience of being watched by a force that is all corrupt.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def quality_of_records(effort, technology):
    """Quality (0-1) of monitoring from two sources, each of which sees what the other misses."""
    return 1.0 - (1.0 - effort) * (1.0 - technology)


@njit
def error_of_survey(worst, gain, quality, rounds, weariness):
    """Standard error (share) of a survey: `worst` without monitoring; more than one round a year tires people."""
    return worst * (1.0 - gain * quality) * (1.0 + weariness * max(0.0, rounds - 1.0))


@njit
def calm(events, half):
    """State (0-1) that a count of recorded events stands for; one half at `half` events."""
    return half / (half + events)


@njit
def share_used(used, given):
    """Share (0-1) of the aid `given` (USD / year) that was `used` for a need; all of nothing."""
    return clamp(used / given, 0.0, 1.0) if given > 0.0 else 1.0


@njit
def result_seen(known, achieved, happened):
    """Result (-1 to 1) that a sector is credited with: what its money `achieved` against other sectors, as far as that
    is `known` (0-1), else what `happened` meanwhile in the records.
    """
    return known * achieved + (1.0 - known) * happened


# ------------------------------------------------------------------------------------------------- phases
@phase("country: monitoring survey_error", "oversight: technology", "ledger: planned")
def observe(world, dt):
    """Quality of what reaches the records, digital tools installed, and the price of both."""
    p = world.parameters.monitoring[0]
    learning = world.parameters.learning[0]
    tools = world.parameters.technology[0]
    body = world.oversight[0]
    country = world.country[0]
    rounds = 12.0 / p.review_months
    wanted = tools.oversight * world.ledger[TECHNOLOGY].delivered
    step = min(1.0, tools.speed * dt)
    to_install = max(0.0, tools.oversight - body.technology) * step
    body.technology = clamp(body.technology + step * (wanted - body.technology), 0.0, 1.0)
    country.monitoring = clamp(quality_of_records(p.effort * world.ledger[MONITORING].delivered,
                                                  tools.monitoring_gain * body.technology), 0.0, 1.0)
    country.survey_error = clamp(error_of_survey(p.survey_error, p.gain, country.monitoring, rounds, p.weariness),
                                 0.0, 1.0)
    world.ledger[MONITORING].planned = p.effort * p.cost_per_year * (1.0 - p.cost_of_rounds
                                                                          + p.cost_of_rounds * rounds) * dt
    world.ledger[LEARNING].planned = learning.adaptivity * learning.cost_per_year * dt
    world.ledger[TECHNOLOGY].planned = tools.oversight * tools.cost_per_year * dt + to_install * tools.cost_to_install


@phase("country: survey_trust_police survey_trust_government")
def survey(world):
    """A survey when it is due: trust as a sample of people says it, with error."""
    now = world.clock[0]
    p = world.parameters.monitoring[0]
    country = world.country[0]
    period = QUARTER * max(1, int(p.review_months / 12.0 * YEAR / QUARTER + 0.5))
    if now.week % period != 0:
        return
    people = police = government = 0.0
    for j in range(len(world.communities)):
        c = world.communities[j]
        people += c.population
        police += c.population * c.trust_police
        government += c.population * c.trust_government
    people = max(people, 1.0)
    country.survey_trust_police = clamp(
        police / people + country.survey_error * normal(draw(now, SURVEY, 0, 0)), 0.0, 1.0)
    country.survey_trust_government = clamp(
        government / people + country.survey_error * normal(draw(now, SURVEY, 0, 1)), 0.0, 1.0)


@phase("country: recorded_attacks recorded_crime", "recent_records: value")
def keep_records(world):
    """Attacks and crime as the records have them; crime per 100,000 a year."""
    now = world.clock[0]
    p = world.parameters.monitoring[0]
    country = world.country[0]
    week = world.clock[0].week
    coverage = p.coverage + (1.0 - p.coverage) * p.gain * country.monitoring
    seen = binomial(int(country.attacks_week), coverage, draw(now, RECORDED_ATTACKS, 0, 0))
    world.recent_records[week % QUARTER] = seen
    total = 0.0
    for k in range(QUARTER):
        total += world.recent_records[k]
    country.recorded_attacks = total
    people = crimes = 0.0
    for j in range(len(world.communities)):
        people += world.communities[j].population
        crimes += world.communities[j].crimes_recorded
    country.recorded_crime = crimes / max(people, 1.0) * 1e5 * 13.0


@phase("sectors: seen result suited")
def learn_results(world):
    """What the year's money is seen to have done in each sector.

    Evaluators who can attribute see where money lay idle, and within a sector which activities work; those who cannot
    credit the sector with what the records say has changed meanwhile, several sectors by one record.
    """
    p = world.parameters.learning[0]
    country = world.country[0]
    known = p.attribution * country.monitoring
    adapted = p.adaptivity * world.ledger[LEARNING].delivered * known
    given = used = 0.0
    for s in range(len(world.sectors)):
        given += world.sectors[s].year_aid
        used += world.sectors[s].year_useful
    mean = share_used(used, given)
    started = world.clock[0].week > YEAR  # the records of the first year have nothing to be compared with
    for s in range(len(world.sectors)):
        sector = world.sectors[s]
        if s == POLICE:
            state = calm(country.recorded_crime, p.crime_half)
        elif s in (MILITARY, DDR_SECTOR):
            state = calm(country.recorded_attacks, p.attacks_half)
        elif s == COMMUNITY_SECTOR:
            state = country.survey_trust_police
        elif s == JUSTICE_SECTOR:
            state = calm(country.court_backlog, p.backlog_half)
        else:
            state = country.survey_trust_government
        change = state - sector.seen if started else 0.0
        learned = result_seen(known, share_used(sector.year_useful, sector.year_aid) - mean, change)
        sector.suited = clamp(p.memory * sector.suited + (1.0 - p.memory) * adapted, 0.0, 1.0)
        sector.result = clamp(p.memory * sector.result + (1.0 - p.memory) * learned, -1.0, 1.0)
        sector.seen = clamp(state, 0.0, 1.0)
