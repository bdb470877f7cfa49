"""A result as plain data, for machines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ssr_sim import summary
from ssr_sim.comparison import Comparison
from ssr_sim.ensemble import Ensemble
from ssr_sim.summary import CAVEATS, HEADLINE


def as_document(result: Ensemble | Comparison, provenance: Mapping[str, str]) -> dict[str, Any]:
    """The result as plain data for `json.dumps`: NaN becomes null, an infinite number a text."""
    if isinstance(result, Ensemble):
        content = {"kind": "ensemble", "headline": summary.headline(result), **_arm(result)}
    else:
        c = result
        content = {
            "kind": "comparison",
            "headline": summary.compared_headline(c),
            "pairs": c.pairs,
            "identical_pairs": c.identical_pairs,
            "a": {"label": c.label_a, **_arm(c.a)},
            "b": {"label": c.label_b, **_arm(c.b)},
            "peace": c.peace()._asdict(),
            "years_of_peace": vars(c.years_of_peace()),
            "price_of_peace_usd_per_year": vars(c.price_of_peace()),
            "restricted_mean_peace": vars(c.restricted_mean_peace()),
            "peace_reached": vars(c.peace_reached()),
            "relapse_conflict": vars(c.relapse("conflict")),
            "relapse_war": vars(c.relapse("war")),
            "peace_held": vars(c.peace_held()),
            "at_peace_at_end": vars(c.at_peace_at_end()),
            "amounts": c.amounts.to_dict("index"),
            "channels": c.channels.to_dict("records"),
            "cost_per_year": c.cost_per_year().to_dict("index"),
            "cost_by_line": c.cost_by_line().to_dict("index"),
            "variance_saved": c.variance_saved(HEADLINE).to_dict("index"),
        }
    document: dict[str, Any] = _plain({**content, "provenance": dict(provenance), "caveats": CAVEATS})
    return document


def _arm(ensemble: Ensemble) -> dict[str, Any]:
    return {
        "scenario": ensemble.scenario.name,
        "scenario_digest": ensemble.scenario.digest,
        "years": ensemble.years,
        "replicates": ensemble.replicates,
        "seed": ensemble.seed,
        "uncertainty": ensemble.uncertainty,
        "price_year": ensemble.scenario.price_year,
        "peace_reached": vars(ensemble.peace_reached()),
        "peace_held": vars(ensemble.peace_held()),
        "at_peace_at_end": vars(ensemble.at_peace_at_end()),
        "relapse_conflict": vars(ensemble.relapse_probability("conflict")),
        "relapse_war": vars(ensemble.relapse_probability("war")),
        "cost_usd_per_year": ensemble.spending.sum(axis=2).mean(axis=0),
    }


def _plain(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, (list, tuple, np.ndarray)):
        return [_plain(value) for value in content]
    if isinstance(content, np.generic):
        return _plain(content.item())
    if isinstance(content, float) and not math.isfinite(content):
        return None if math.isnan(content) else str(content)
    return content


plain = _plain  # for other documents
