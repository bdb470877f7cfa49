"""Studies with known truth, for tests of the analysis: simulated outcomes, no model."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ssr_sim.run_table import RunTable

WEEKS = 52.1775


def luck(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def study(
    effects: Mapping[str, float],
    states: int = 1,
    replicates: int = 64,
    years: int = 10,
    seed: int = 1,
    uncertainties: int = 0,
    risk: float = 0.12,
    price: Mapping[str, float] | None = None,
    never_peace: float = 0.15,
) -> RunTable:
    """A reference "today" and policies whose yearly risk of relapse is the reference's times `effects[policy]`.

    The first uncertainty multiplies the risk by 1 to 3, the second by 1 to 2; the others do nothing. All policies meet
    the same luck; one with effect 1 and price 0 is equal to the reference bit for bit.
    """
    generator = luck(seed)
    u = generator.random((states, max(uncertainties, 2)))
    if uncertainties == 0:
        u[:] = 0.0
    harm = (1.0 + 2.0 * u[:, 0]) * (1.0 + u[:, 1])
    shape = (states, replicates)
    never = generator.random(shape) < never_peace
    start = np.floor(52 + generator.exponential(60.0, shape))
    clock = generator.exponential(1.0, shape)
    wave = generator.normal(size=(3, *shape))
    frames = []
    for policy, effect in {"today": 1.0, **effects}.items():
        cost = (price or {}).get(policy, 0.0)
        weeks = years * WEEKS
        until = np.ceil(clock / (risk * harm[:, None] * effect) * WEEKS)
        reached = ~never & (start < weeks)
        relapsed = reached & (start + until < weeks)
        at_risk = np.where(relapsed, until, weeks - start)
        battle = np.round(np.exp(6.0 + 0.4 * wave[0] + 0.8 * relapsed))
        frames.append(
            pd.DataFrame(
                {
                    "policy": policy,
                    "state": np.repeat(np.arange(states), replicates),
                    "replicate": np.tile(np.arange(replicates), states),
                    "reached_peace": reached.ravel(),
                    "relapsed_conflict": relapsed.ravel(),
                    "weeks_at_risk": np.where(reached, at_risk, np.nan).ravel(),
                    "at_peace_at_end": (reached & ~relapsed).ravel(),
                    "battle_deaths": battle.ravel(),
                    "civilian_deaths": np.round(0.8 * battle).ravel(),
                    "criminal_deaths": np.round(np.exp(6.5 + 0.1 * wave[1])).ravel(),
                    "cost_usd": (1e9 * (2.0 + 0.2 * wave[2] + cost) + 2e8 * relapsed).ravel(),
                    "effect": effect,
                    "price": cost,
                }
            )
        )
    frame = pd.concat(frames, ignore_index=True)
    seeds = generator.integers(0, 2**62, shape).ravel()
    frame["seed"] = np.tile(seeds, len(frames))
    columns = ["seed", "relapsed_conflict", "weeks_at_risk", "battle_deaths", "cost_usd", "criminal_deaths"]
    frame["digest"] = pd.util.hash_pandas_object(frame[columns], index=False).astype(str)
    frame["run_id"] = [f"{i:08x}" for i in range(len(frame))]
    names = tuple(f"unknown.{chr(97 + i)}" for i in range(uncertainties))
    return RunTable(frame, "today", ("effect", "price"), pd.DataFrame(u[:, : len(names)], columns=names), years)
