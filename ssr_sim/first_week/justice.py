"""Justice in the first week: courts, elders, prisons and the memory of harm, at rest until something changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ssr_sim.country import Country
from ssr_sim.draws import stream
from ssr_sim.jit import njit
from ssr_sim.submodels.justice import (
    access_of,
    cases_a_year,
    conduct_of_courts,
    fair_access_of,
    fair_trial,
    formal_share,
    timeliness_of,
)
from ssr_sim.submodels.legitimacy import cooperation_of
from ssr_sim.submodels.policing import crime_mean, quality_of_work, service_of
from ssr_sim.submodels.transitional_justice import impunity_of, injustice_of

COURTS = stream(145, "start: capacity of the courts of a community")
ELDERS = stream(146, "start: reach of chiefs and elders in a community")

Around = Callable[[float, np.ndarray, float], np.ndarray]
Normal = Callable[[int, int], np.ndarray]


def start_justice(country: Country, tables: dict[str, np.ndarray], parameters: Any, normal: Normal,
                  around: Around) -> None:
    """Fill in what `tables` say about justice; `normal(code, rows)` draws, `around` scatters shares."""
    first = parameters["first_week"][0]
    communities, police = tables["communities"], tables["police"]
    n = len(communities)
    communities["court_base"] = around(country.justice.capacity.value, normal(COURTS, n), first["courts_spread"])
    communities["customary"] = around(country.justice.customary.value, normal(ELDERS, n), first["elders_spread"])
    communities["court_corrupt"] = police["corrupt"]
    tables["government"]["prison_places"] = country.justice.prison_places.value
    law = parameters["legal_reform"][0]
    tables["oversight"]["sanction_ceiling"] = law["ceiling_at_start"]

    past = parameters["transitional_justice"][0]
    dead = sum(number.value for number in country.violence_before.values())
    shares = np.array([region.violence_share for region in country.regions])
    people = np.array([region.population.value for region in country.regions])
    if shares.sum() <= 0.0:
        shares = people
    shares = shares / max(shares.sum(), 1e-9)
    harm = past["blamed"] * dead * shares / np.maximum(people, 1.0) * 1000.0
    communities["unredressed"] = np.where(people > 0.0, harm, 0.0)[communities["region"]]
    courts = parameters["justice"][0]
    convicted = rest(communities, police, courts, parameters["policing"][0],
                     parameters["trust"][0], parameters["legitimacy"][0], past)
    tables["government"]["sentenced"] = min(convicted * courts["prison_share"] * courts["term"],
                                            country.justice.prison_places.value * courts["crowding_limit"])


@njit
def rest(communities, police, p, policing, trust, opinion, past):
    """Queues at which as much leaves as comes, and an opinion of the courts that keeps trust where it was measured.

    Returns how many people are convicted in a year.
    """
    convicted = 0.0
    mass = trust.justice_contacts * trust.forgetting
    for i in range(len(communities)):
        c = communities[i]
        unit = police[i]
        quality = quality_of_work(unit.skill, unit.equipment, policing.skill_share, policing.equipment_share,
                                  policing.police_production)
        cooperation = cooperation_of(c.trust_police, c.fear, opinion.reporting_by_trust, opinion.reporting_by_fear)
        density = unit.staff * unit.present / max(c.population, 1.0) * 1e5
        service = service_of(density, quality, unit.corrupt, cooperation, policing.staff_half, policing.corruption_loss,
                             policing.information)
        crimes = crime_mean(c.population, policing.crime_rate, c.hardship, policing.hardship_effect,
                            policing.guardianship, service, 1.0)
        able = cases_a_year(c.population, p.caseload, c.court_base, 0.0, p.training_gain)
        leaving = p.clearance * service + p.cold
        c.files = crimes * cooperation * unit.present / leaving if leaving > 0.0 else 0.0
        cleared = c.files * p.clearance * service
        brought = min(cleared, p.prosecution * able)
        decided = min(brought, able)
        # where no case ever collapses there is no rest, and queues start empty
        c.charges = (cleared - brought) / p.attrition if p.attrition > 0.0 else 0.0
        c.trials = (brought - decided) / p.attrition if p.attrition > 0.0 else 0.0
        bribe = trust.bribe_per_contact * c.court_corrupt
        guilty = decided * p.conviction * (1.0 - bribe)
        convicted += guilty
        c.certainty = guilty / crimes if crimes > 0.0 else 0.0

        fair = fair_trial(c.court_corrupt, trust.bribe_per_contact, c.excluded, p.exclusion_bias)
        conduct = conduct_of_courts(fair, timeliness_of(c.charges + c.trials, able, p.patience), p.delay_weight)
        good = good_share_at_rest(c.trust_justice, mass, trust.negativity, trust.prior_justice, trust.prior_weight)
        c.court_opinion = good - conduct
        c.court_conduct = good
        c.good_justice = mass * good
        c.bad_justice = mass * (1.0 - good)
        formal = formal_share(c.court_base, c.trust_justice, p.use_by_trust)
        c.access = access_of(c.customary, formal)
        c.fair_access = fair_access_of(c.customary, formal, p.customary_fair, c.excluded, p.customary_bias, fair)
        c.usual_injustice = injustice_of(impunity_of(c.unredressed, past.harm_half, 0.0, past.amnesty_sting),
                                         c.fair_access, past.impunity_weight, past.dispute_weight)
        c.injustice = c.usual_injustice
    return convicted


@njit
def good_share_at_rest(trust: float, mass: float, negativity: float, prior: float, prior_weight: float) -> float:
    """Share (0-1) of good contacts at which `trust` stays where it is, with `mass` contacts remembered."""
    good = (trust * (negativity * mass + prior_weight) - prior * prior_weight) / (mass * (1.0 - trust
                                                                                          + trust * negativity))
    return min(max(good, 0.0), 1.0)
