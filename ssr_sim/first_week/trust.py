"""Trust in the police in the first week: at rest until conduct changes.

Conduct alone does not explain the trust that was measured: history, kinship and hope count too. What is left is kept as
the people's opinion of the police, a share of contacts that they find good or bad beyond conduct; it stays as it is.
"""

from typing import Any

from ssr_sim.jit import njit
from ssr_sim.submodels.legitimacy import cooperation_of
from ssr_sim.submodels.policing import quality_of_work, service_of
from ssr_sim.submodels.trust import fair_contact, helpful_contact, opinion_at_rest, standing_grudge


@njit
def trust_in_police_at_rest(communities: Any, police: Any, trust: Any, policing: Any, legitimacy: Any) -> None:
    """Opinion and memory of the police at which trust stays where it was measured, up to where people live."""
    mass = trust.police_contacts * trust.forgetting
    for i in range(len(communities)):
        c = communities[i]
        unit = police[i]
        quality = quality_of_work(unit.skill, unit.equipment, policing.skill_share, policing.equipment_share,
                                  policing.police_production)
        cooperation = cooperation_of(c.trust_police, c.fear, legitimacy.reporting_by_trust,
                                     legitimacy.reporting_by_fear)
        density = unit.staff * unit.present / max(c.population, 1.0) * 1e5
        service = service_of(density, quality, unit.corrupt, cooperation, policing.staff_half, policing.corruption_loss,
                             policing.information)
        fair = fair_contact(unit.corrupt, unit.rights_norm, unit.abuse_record, trust.bribe_per_contact,
                            trust.unfairness, trust.abusers_unfair)
        conduct = fair * helpful_contact(service, trust.help_sought)
        grudge = trust.forgetting * standing_grudge(max(0.0, c.expectation - service), c.excluded, unit.imbalance,
                                                    trust.disappointment, trust.exclusion_weight)
        c.police_opinion = opinion_at_rest(c.trust_police, conduct, grudge, mass, trust.negativity, trust.prior_police,
                                           trust.prior_weight)
        good = conduct + c.police_opinion
        c.good_police = mass * good
        c.bad_police = mass * (1.0 - good) + grudge
