"""S14 Monitoring: what reaches the records. Rules of policy may read these, never the truth."""

from typing import ClassVar

from ssr_sim.draws import binomial, normal, stream
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, uncertain
from ssr_sim.world import draw, phase

QUARTER = 13

RECORDED_ATTACKS = stream(140, "monitoring: attacks that are recorded")
SURVEY = stream(141, "monitoring: error of the survey")


# ------------------------------------------------------------------------------------------------- parameters
class Monitoring(Block):
    """Quality of records and surveys."""

    group: ClassVar[str] = "Model"

    coverage: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=0.95, source="assumption", help="Share of attacks that reach the records.")
    survey_error: float = uncertain(
        0.03, unit="SD of a share", lo=0.01, hi=0.06, source="assumption: 1,000 respondents in clusters",
        help="Error of the yearly survey of trust.")


# ------------------------------------------------------------------------------------------------- phases
@phase("country: survey_trust_police survey_trust_government")
def survey(world):
    """The yearly survey: trust as a sample of people says it, with error."""
    now = world.clock[0]
    p = world.parameters.monitoring[0]
    country = world.country[0]
    people = police = government = 0.0
    for j in range(len(world.communities)):
        c = world.communities[j]
        people += c.population
        police += c.population * c.trust_police
        government += c.population * c.trust_government
    people = max(people, 1.0)
    country.survey_trust_police = clamp(
        police / people + p.survey_error * normal(draw(now, SURVEY, 0, 0)), 0.0, 1.0)
    country.survey_trust_government = clamp(
        government / people + p.survey_error * normal(draw(now, SURVEY, 0, 1)), 0.0, 1.0)


@phase("country: recorded_attacks recorded_crime", "recent_records: value")
def keep_records(world):
    """Attacks and crime as the records have them; crime per 100,000 a year."""
    now = world.clock[0]
    p = world.parameters.monitoring[0]
    country = world.country[0]
    week = world.clock[0].week
    seen = binomial(int(country.attacks_week), p.coverage, draw(now, RECORDED_ATTACKS, 0, 0))
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
