"""7.14 Mandate of the mission, from the description."""

from __future__ import annotations

from tests.twin.country import Land
from tests.twin.maths import clamp


def review_mandate(land: Land, dt: float) -> None:
    lever, rules, mission = land.parameters.mission, land.parameters.mandate, land.mission
    plan, week, step = land.deployment, land.clock.week, land.clock.dt

    def at(k: int) -> int:
        return min(k, len(plan) - 1)

    lead = int(rules.regional_lead * lever.regional_share * (1.0 - mission.regional) + 0.5)
    troops = max(plan[at(week)].troops, plan[at(week + lead)].troops)
    police = max(plan[at(week)].police, plan[at(week + lead)].police)
    later = plan[at(week + int(lever.foresight))].troops
    mission.peak_troops = max(mission.peak_troops, troops)
    mission.peak_police = max(mission.peak_police, police)
    years = week * step
    by_benchmark = lever.drawdown_rule == "benchmark"
    if by_benchmark:
        begun = years > lever.drawdown_start or troops + police < mission.peak_troops + mission.peak_police
        met = (land.country.recorded_attacks <= rules.benchmark_attacks
               and land.country.survey_trust_police >= rules.benchmark_trust)
        pace = (12.0 if met else 0.0) / lever.drawdown_months if begun else 0.0
        mission.drawn = clamp(mission.drawn + pace * dt)
        left = 1.0 - mission.drawn
        left_later = clamp(left - pace * lever.foresight * step)
        troops, police = mission.peak_troops, mission.peak_police
        later = max(later, mission.peak_troops)
    else:
        left = by_calendar(years, lever.drawdown_start, lever.drawdown_months)
        left_later = by_calendar((week + lever.foresight) * step, lever.drawdown_start, lever.drawdown_months)

    mission.asked_troops = troops * lever.troops * left
    mission.asked_police = police * lever.police * left
    period = rules.review_months / 12.0 / step
    beyond = max(0.0, 1.0 - period / lever.foresight) if lever.foresight > 0.0 else 0.0
    mission.later_troops = later * lever.troops * left_later * (1.0 - rules.doubt * beyond)

    mission.review_due -= dt / step
    if mission.review_due <= 0.0:
        mission.review_due += period
        ahead = plan[week: week + int(period) + lead + 1]
        most_troops = max((row.troops for row in ahead), default=0.0)
        most_police = max((row.police for row in ahead), default=0.0)
        if by_benchmark:
            most_troops = max(most_troops, mission.peak_troops)
            most_police = max(most_police, mission.peak_police)
        mission.authorised_troops = after(mission.authorised_troops, most_troops * lever.troops * left, rules.grant)
        mission.authorised_police = after(mission.authorised_police, most_police * lever.police * left, rules.grant)


def by_calendar(year: float, start: float, months: float) -> float:
    """Share of the strength left when the withdrawal begins in `start`."""
    return clamp(1.0 - (year - start) * 12.0 / months) if year > start else 1.0


def after(old: float, wanted: float, grant: float) -> float:
    """Authorised strength after a review: cut at once, raised as far as granted."""
    return wanted if wanted < old else old + grant * (wanted - old)
