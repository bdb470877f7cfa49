"""Monitoring, learning and technology, from section 7.4 of docs/odd.md."""

from __future__ import annotations

from typing import Any

from tests.twin.maths import binomial, clamp, normal


def share_used(used: float, given: float) -> float:
    return clamp(used / given) if given > 0.0 else 1.0


def learn_results(land: Any, _: float) -> None:
    p = land.parameters.learning
    country = land.country
    known = p.attribution * country.monitoring
    adapted = p.adaptivity * land.ledger["learning"].delivered * known
    given = used = 0.0
    for sector in land.sectors.values():
        given += sector.year_aid
        used += sector.year_useful
    mean = share_used(used, given)
    attacks = p.attacks_half / (p.attacks_half + country.recorded_attacks)
    records = {
        "police": p.crime_half / (p.crime_half + country.recorded_crime),
        "military": attacks,
        "ddr": attacks,
        "community": country.survey_trust_police,
        "justice": p.backlog_half / (p.backlog_half + country.court_backlog),
    }
    for name, sector in land.sectors.items():
        record = records.get(name, country.survey_trust_government)
        happened = record - sector.seen if land.clock.week > 52 else 0.0
        achieved = share_used(sector.year_useful, sector.year_aid) - mean
        learned = known * achieved + (1.0 - known) * happened
        sector.result = clamp(p.memory * sector.result + (1.0 - p.memory) * learned, -1.0, 1.0)
        sector.seen = clamp(record)
        sector.suited = clamp(p.memory * sector.suited + (1.0 - p.memory) * adapted)


def observe(land: Any, dt: float) -> None:
    p, learning, tools = land.parameters.monitoring, land.parameters.learning, land.parameters.technology
    body, country, ledger = land.oversight, land.country, land.ledger
    rounds = 12.0 / p.review_months
    step = min(1.0, tools.speed * dt)
    to_install = max(0.0, tools.oversight - body.technology) * step
    kept_up = tools.oversight * ledger["technology"].delivered
    body.technology = clamp(body.technology + step * (kept_up - body.technology))
    unseen = 1.0 - p.effort * ledger["monitoring"].delivered
    country.monitoring = clamp(1.0 - unseen * (1.0 - tools.monitoring_gain * body.technology))
    tired = 1.0 + p.weariness * max(0.0, rounds - 1.0)
    country.survey_error = clamp(p.survey_error * (1.0 - p.gain * country.monitoring) * tired)
    yearly = 1.0 - p.cost_of_rounds + p.cost_of_rounds * rounds
    ledger["monitoring"].planned = p.effort * p.cost_per_year * yearly * dt
    ledger["learning"].planned = learning.adaptivity * learning.cost_per_year * dt
    ledger["technology"].planned = (tools.oversight * tools.cost_per_year * dt
                                    + to_install * tools.cost_to_install)


def survey(land: Any, _: float) -> None:
    p = land.parameters.monitoring
    quarters = int(p.review_months / 12.0 * 52 / 13 + 0.5)
    if land.clock.week % (13 * max(1, quarters)):
        return
    people = police = government = 0.0
    for place in land.communities:
        people += place.population
        police += place.population * place.trust_police
        government += place.population * place.trust_government
    people = max(people, 1.0)

    def answer(total: float, k: int) -> float:
        return clamp(total / people + land.country.survey_error
                     * normal(land.draw("monitoring: error of the survey", 0, k)))

    land.country.survey_trust_police = answer(police, 0)
    land.country.survey_trust_government = answer(government, 1)


def keep_records(land: Any, _: float) -> None:
    p = land.parameters.monitoring
    country = land.country
    coverage = p.coverage + (1.0 - p.coverage) * p.gain * country.monitoring
    luck = land.draw("monitoring: attacks that are recorded", 0, 0)
    land.recent_records[land.clock.week % 13] = float(binomial(int(country.attacks_week), coverage, luck))
    total = 0.0
    for number in land.recent_records:
        total += number
    country.recorded_attacks = total
    people = crimes = 0.0
    for place in land.communities:
        people += place.population
        crimes += place.crimes_recorded
    country.recorded_crime = crimes / max(people, 1.0) * 1e5 * 13.0
