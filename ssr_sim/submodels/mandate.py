"""S7 The mandate-giver: strength asked for and authorised, review, withdrawal by calendar or benchmark.

What is authorised caps what is deployed; a larger mission waits for the next review (evidence D1: mandates run 6 to 12
months, reinforcement took 11). Benchmarks are read from records, never from the truth.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.world import phase


# ------------------------------------------------------------------------------------------------- parameters
class Mandate(Block):
    """How the mission's strength is authorised, reviewed and given up."""

    group: ClassVar[str] = "Mission"

    review_months: float = lever(
        12.0, unit="months", lo=3.0, hi=24.0, cost="none", source="evidence D1: renewal after 6-12 months (V)",
        side_effect="A short mandate is a weak promise; under a long one reinforcement has to wait.",
        help="Time between two reviews of the authorised strength.")
    benchmark_attacks: float = lever(
        4.0, unit="recorded attacks / 13 weeks", lo=0.0, hi=100.0, cost="none", source="assumption",
        side_effect="A strict benchmark keeps the mission, and what it crowds out.",
        help="Withdrawal by benchmark goes on while no more attacks than this are recorded.")
    benchmark_trust: float = lever(
        0.2, unit="share 0-1", lo=0.0, hi=1.0, cost="none", source="assumption",
        side_effect="A benchmark that is never met is no exit at all.",
        help="Withdrawal by benchmark goes on while the survey finds at least this much trust in the police.")
    binding: float = constant(
        1.0, unit="share 0-1", lo=0.0, hi=1.0, source="authorised strength is a ceiling",
        help="How far the authorised strength caps what is deployed; 0 is no cap.", off=0.0)
    grant: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.0, source="assumption",
        help="Share of a larger strength asked for that a review grants.", off=0.0)
    doubt: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.6, source="assumption",
        help="How far the parties discount a strength beyond the end of the mandate.", off=0.0)
    regional_lead: float = uncertain(
        13.0, unit="weeks", lo=0.0, hi=26.0, source="AU troops came months before the UN's; size is an assumption",
        help="How much sooner a regional force arrives.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def drawdown_factor(years, start, months):
    """Share (0-1) of the planned strength left `years` after the start when a withdrawal begins at `start` years."""
    return clamp(1.0 - (years - start) * 12.0 / months, 0.0, 1.0) if years > start else 1.0


@njit
def benchmarks_met(attacks, trust, most_attacks, least_trust):
    """1 where the records meet both benchmarks: attacks of 13 weeks and surveyed trust in the police (0-1), else 0."""
    return 1.0 if attacks <= most_attacks and trust >= least_trust else 0.0


@njit
def authorised_after(authorised, wanted, grant):
    """Authorised strength after a review: less at once, more as far as it is granted (0-1)."""
    return wanted if wanted < authorised else authorised + grant * (wanted - authorised)


@njit
def believed_strength(foreseen, doubt, mandate_weeks, foresight):
    """Strength the parties believe in `foresight` weeks ahead: a mandate that ends before is discounted by `doubt`."""
    beyond = max(0.0, 1.0 - mandate_weeks / foresight) if foresight > 0.0 else 0.0
    return foreseen * (1.0 - doubt * beyond)


# ------------------------------------------------------------------------------------------------- phases
@phase("mission: asked_troops asked_police later_troops authorised_troops authorised_police review_due peak_troops "
       "peak_police drawn")
def review_mandate(world, dt):
    """What plan, levers and withdrawal ask for now and later, and what the mandate-giver authorises."""
    now = world.clock[0]
    p = world.parameters.mission[0]
    q = world.parameters.mandate[0]
    mission = world.mission[0]
    country = world.country[0]
    plan = world.deployment
    # a regional force is there before the plan's date, and stays as long
    lead = int(q.regional_lead * p.regional_share * (1.0 - mission.regional) + 0.5)
    week = min(now.week, len(plan) - 1)
    soon = min(now.week + lead, len(plan) - 1)
    ahead = min(now.week + int(p.foresight), len(plan) - 1)
    troops = max(plan[week].troops, plan[soon].troops)
    police = max(plan[week].police, plan[soon].police)
    later = plan[ahead].troops
    mission.peak_troops = max(mission.peak_troops, troops)
    mission.peak_police = max(mission.peak_police, police)
    years = now.week * now.dt
    if p.drawdown_rule == 1.0:
        # the plan's build-up holds, its dates of leaving do not: from the first of them the benchmarks decide
        begun = years > p.drawdown_start or troops + police < mission.peak_troops + mission.peak_police
        met = benchmarks_met(country.recorded_attacks, country.survey_trust_police, q.benchmark_attacks,
                             q.benchmark_trust)
        pace = 12.0 * met / p.drawdown_months if begun else 0.0
        mission.drawn = clamp(mission.drawn + pace * dt, 0.0, 1.0)
        left = 1.0 - mission.drawn
        left_later = clamp(left - pace * p.foresight * now.dt, 0.0, 1.0)
        troops = mission.peak_troops
        police = mission.peak_police
        later = max(later, mission.peak_troops)
    else:
        left = drawdown_factor(years, p.drawdown_start, p.drawdown_months)
        left_later = drawdown_factor((now.week + p.foresight) * now.dt, p.drawdown_start, p.drawdown_months)
    mission.asked_troops = troops * p.troops * left
    mission.asked_police = police * p.police * left
    period = q.review_months / 12.0 / now.dt
    mission.later_troops = believed_strength(later * p.troops * left_later, q.doubt, period, p.foresight)

    mission.review_due -= dt / now.dt
    if mission.review_due <= 0.0:
        mission.review_due += period
        most_troops = most_police = 0.0
        for k in range(now.week, min(now.week + int(period) + lead + 1, len(plan))):
            most_troops = max(most_troops, plan[k].troops)
            most_police = max(most_police, plan[k].police)
        if p.drawdown_rule == 1.0:
            most_troops = max(most_troops, mission.peak_troops)
            most_police = max(most_police, mission.peak_police)
        mission.authorised_troops = authorised_after(mission.authorised_troops, most_troops * p.troops * left, q.grant)
        mission.authorised_police = authorised_after(mission.authorised_police, most_police * p.police * left, q.grant)
