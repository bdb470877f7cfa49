"""Transitional justice (7.13): harm without redress, what truth, trials, reparations and amnesty make of it."""

from __future__ import annotations

from tests.twin.country import Land
from tests.twin.maths import clamp, decay


def redress_rate(effort: float, speed: float, quality: float, backfire: float) -> float:
    return effort * speed * (quality - backfire) / (1.0 - backfire)


def reckon_with_the_past(land: Land, dt: float) -> None:
    p, state, line = land.parameters.transitional_justice, land.government, land.ledger["transitional_justice"]
    arrived = p.effort * line.delivered
    people = bribed = 0.0
    for c in land.communities:
        people += c.population
        bribed += c.population * c.court_corrupt
    honest = max(1.0 - bribed / max(people, 1.0), 0.0)
    quality = (max(state.absorption, 0.0) * max(state.will, 0.0) * honest) ** (1.0 / 3.0)

    trials = 0.0
    if p.form == "truth":
        redress = redress_rate(arrived, p.truth_redress, quality, p.backfire)
        price = p.cost_truth
    elif p.form == "trials":
        trials = arrived * quality
        redress = (1.0 - p.amnesty) * redress_rate(arrived, p.trials_redress, quality, p.backfire_trials * p.backfire)
        price = p.cost_trials
    else:
        redress = redress_rate(arrived, p.reparations_redress, quality, 0.0)
        price = p.cost_reparations
    line.planned = p.effort * price * dt

    unpunished = 1.0 - land.oversight.deterrence
    for c in land.communities:
        harmed = (c.police_abuse + c.army_abuse + c.state_killed) * unpunished
        c.state_killed = 0.0
        left = c.unredressed * decay(p.memory, dt) * max(0.0, 1.0 - redress * dt)
        c.unredressed = left + harmed / max(c.population, 1.0) * 1000.0
        impunity = clamp(c.unredressed / (c.unredressed + p.harm_half) * (1.0 + p.amnesty_sting * p.amnesty))
        c.injustice = p.impunity_weight * impunity + p.dispute_weight * (1.0 - c.fair_access)

    target = p.trial_lesson * trials * (1.0 - p.amnesty) - p.amnesty_lesson * p.amnesty
    state.lesson = clamp(state.lesson + (1.0 - decay(p.lesson_time, dt)) * (target - state.lesson), -1.0, 1.0)
    for group in land.groups:
        if group.exists == 1 and group.stance == 0 and group.at_war == 0:
            group.bad_faith += p.prosecution_fear * trials * (1.0 - p.amnesty) * dt
            if group.weeks_in_state < p.amnesty_years * 52.0:
                group.good_faith += p.amnesty_faith * p.amnesty * dt
