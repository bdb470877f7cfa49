"""Justice (7.12): law behind sanctions; cases in line, courts and elders, prisons, belief in punishment."""

from __future__ import annotations

from tests.twin.country import Land
from tests.twin.maths import chance, clamp, decay

SHOWN_AT_MOST = 600.0  # months of backlog


def reform_law(land: Land, dt: float) -> None:
    p, state, body, line = land.parameters.legal_reform, land.government, land.oversight, land.ledger["legal_reform"]
    arrived = p.effort * line.delivered
    growth = p.rate * arrived * state.will * (p.without_fit + (1.0 - p.without_fit) * state.fit)
    law = body.sanction_ceiling
    body.sanction_ceiling = clamp(law + dt * (growth * (1.0 - law) - p.erosion * (law - p.ceiling_at_start)))
    state.form = clamp(state.form + p.paper * arrived * dt * (1.0 - state.form))
    line.planned = p.effort * p.cost_per_year * dt


def courts_work(land: Land, dt: float) -> None:
    p, law, training = land.parameters.justice, land.parameters.legal_reform, land.parameters.training
    state, country, line = land.government, land.country, land.ledger["justice_support"]
    bribe = land.parameters.trust.bribe_per_contact
    at_work = 1.0 - training.justice * land.ledger["training_justice"].delivered * training.course_time
    built = state.court_support
    gained = p.build * (p.support * line.delivered) * state.absorption * (1.0 - built)
    built = state.court_support = clamp(built + dt * (gained - p.fade * built))
    line.planned = p.support * p.cost_per_year * dt
    room = 1.0 - law.ceiling_at_start
    reformed = clamp((land.oversight.sanction_ceiling - law.ceiling_at_start) / room) if room > 0.0 else 0.0
    people = bribed = 0.0
    for c in land.communities:
        people += c.population
        bribed += c.population * land.police[c.row].corrupt
    national = bribed / max(people, 1.0)

    kept = 1.0 - chance(p.attrition, dt)
    convicted = {}
    cleared_total = closed = waiting = able = wanted = settled = recorded = 0.0
    for c in land.communities:
        unit = land.police[c.row]
        capacity = c.court_base + (1.0 - c.court_base) * built
        ability = min(1.0, capacity * (1.0 + p.training_gain * c.court_skill))
        a_year = at_work * (c.population / 1e5 * p.caseload * ability)

        files = c.files + c.crimes_recorded
        cleared = files * chance(p.clearance * unit.service, dt)
        cold = (files - cleared) * chance(p.cold, dt)
        c.files = files - cleared - cold
        brought = min(c.charges + cleared, max(p.prosecution * a_year * dt, 0.0))
        c.charges = (c.charges + cleared - brought) * kept
        decided = min(c.trials + brought, max(a_year * dt, 0.0))
        c.trials = (c.trials + brought - decided) * kept
        cleared_total += cleared
        closed += cleared + cold
        waiting += c.charges + c.trials
        able += a_year

        around = p.corruption_local * unit.corrupt + (1.0 - p.corruption_local) * national
        drift = around * (1.0 - law.independence * reformed)
        c.court_corrupt = clamp(c.court_corrupt + (1.0 - decay(p.corruption_time, dt)) * (drift - c.court_corrupt))
        convicted[c.row] = decided * p.conviction * (1.0 - bribe * c.court_corrupt)
        wanted += convicted[c.row] * p.prison_share
        fair = (1.0 - bribe * c.court_corrupt) * (1.0 - p.exclusion_bias * c.excluded)
        timely = 1.0 / (1.0 + (c.charges + c.trials) / a_year / p.patience) if a_year > 0.0 else 0.0
        c.court_conduct = clamp(fair * (1.0 - p.delay_weight + p.delay_weight * timely) + c.court_opinion)
        formal = ability * (1.0 - p.use_by_trust * (1.0 - c.trust_justice))
        elders = c.customary * (1.0 - p.displacement * built)
        c.access = elders + (1.0 - elders) * formal
        by_elders = elders * p.customary_fair * (1.0 - p.customary_bias * c.excluded)
        c.fair_access = by_elders + (1.0 - elders) * formal * fair
        disputes = c.population / 1e5 * p.dispute_rate * dt
        settled += disputes * c.access
        recorded += disputes * (1.0 - elders) * formal

    country.clearance = cleared_total / closed if closed > 0.0 else 0.0
    country.court_backlog = min(SHOWN_AT_MOST, 12.0 * waiting / able) if able > 0.0 else SHOWN_AT_MOST
    country.disputes_settled = settled
    country.disputes_recorded = recorded

    places = p.crowding_limit * state.prison_places
    state.sentenced -= state.sentenced * chance(1.0 / p.term, dt)
    remanded = min(p.remand * waiting, max(0.0, places - state.sentenced))
    admitted = clamp((places - (state.sentenced + remanded)) / wanted) if wanted > 0.0 else 1.0
    state.sentenced += admitted * wanted
    state.prisoners = state.sentenced + remanded
    crowding = max(0.0, state.prisoners / max(state.prison_places, 1.0) - 1.0)
    harm = p.custody_harm * state.prisoners * crowding * dt / max(people, 1.0) * 1000.0
    for c in land.communities:
        c.unredressed += harm
        if c.crimes > 0.0:
            punished = convicted[c.row] * (1.0 - p.prison_share * (1.0 - admitted))
            seen = min(1.0, punished / c.crimes)
            c.certainty = clamp(c.certainty + (1.0 - decay(p.belief_time, dt)) * (seen - c.certainty))
