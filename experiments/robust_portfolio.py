"""Look for a better portfolio for the money that Liberia's mission and reform cost.

`python experiments/robust_portfolio.py [--budget 300] [--replicates 48] [--out FILE.csv]` searches over ten levers for
portfolios that nothing beats in peace and money (NSGA-II), every one on the same 48 lucks and the same draws of what
nobody knows, and none dearer than the policy as deployed. The front is run again on fresh luck, beside that policy.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from ssr_sim import Scenario
from ssr_sim.analysis.search import Found, lever_ranges, scenario_evaluator, search

SCENARIO, YEARS = "liberia-2003", 10
OBJECTIVES = ("years_of_peace", "cost_usd")
LEVERS = ("mission.troops", "mission.police", "pay.level", "oversight.coverage", "vetting.coverage",
          "ddr.reintegration", "community_policing.coverage", "justice.support", "prevention.investment",
          "politics.ownership")


def portfolio(budget: int, replicates: int, seed: int) -> tuple[Found, pd.Series]:
    """The front, and the mean years of peace and cost (USD) of the policy as deployed on the same fresh luck."""
    scenario = Scenario.load(SCENARIO)
    evaluate = scenario_evaluator(scenario, OBJECTIVES, YEARS, replicates, seed, parameters="prior")
    deployed = evaluate([{}], 0)[0]
    found = search(evaluate, lever_ranges(scenario, LEVERS), OBJECTIVES, budget, seed=seed,
                   most={"cost_usd": float(deployed[:, 1].mean())})
    years, cost = evaluate([{}], 1)[0].mean(axis=0)
    return found, pd.Series({"years_of_peace": -years, "cost_usd": cost})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--budget", type=int, default=300, help="portfolios tried in the search")
    parser.add_argument("--replicates", type=int, default=48, help="runs of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="also write the front as CSV")
    chosen = parser.parse_args()
    found, deployed = portfolio(chosen.budget, chosen.replicates, chosen.seed)
    front = found.policies.sort_values("cost_usd").reset_index(drop=True)
    front[["years_of_peace in the search", "years_of_peace"]] *= -1.0  # the search keeps objectives low
    if chosen.out:
        front.to_csv(chosen.out, index=False)
    with pd.option_context("display.width", 160, "display.max_columns", 30, "display.float_format", "{:.4g}".format):
        print(f"{found.evaluated} portfolios tried; as deployed: {deployed['years_of_peace']:.2f} years of peace, "
              f"USD {deployed['cost_usd'] / 1e9:.2f} billion\n")
        print(front.to_string(index=False))


if __name__ == "__main__":
    main()
