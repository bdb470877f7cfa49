"""The table of finished runs that sweeps write and analyses read: one row per run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ssr_sim.faults import refuse, unknown

if TYPE_CHECKING:
    import pandas as pd

IDENTITY = ("run_id", "policy", "state", "replicate", "seed")


@dataclass(frozen=True)
class RunTable:
    """The finished runs of a study of `years` years, one row per run in `frame`.

    Columns: `run_id`; `policy`, the policy's name; `state`, the number of the state of the world (0 when there is only
    one), shared by all policies; `replicate`, its number within policy and state, the same luck for the same number
    under every policy; `seed`; one column for every key in `levers` (what policies choose); every outcome of
    `ssr_sim.run.summarise`. `reference` is the policy that others are compared with. `states` has a row for every state
    of the world, by its number, and a column for everything that is uncertain: of several hundred numbers a copy for
    each run would be gigabytes. Raises ValueError for a missing column or state, an unknown reference or a run that is
    there twice.
    """

    frame: pd.DataFrame
    reference: str
    levers: tuple[str, ...]
    states: pd.DataFrame
    years: int

    def __post_init__(self) -> None:
        missing = [name for name in (*IDENTITY, *self.levers) if name not in self.frame.columns]
        refuse(f"the table of runs has no column {name!r}" for name in missing)
        twice = int(self.frame.duplicated(["policy", "state", "replicate"]).sum())
        unknown_states = sorted(set(self.frame["state"].unique()) - set(self.states.index))
        refuse([f"{twice} runs are in the table twice" if twice else "", self._policy_problem(self.reference),
                f"state {unknown_states[0]} is not among the states of the world" if unknown_states else ""])

    @property
    def uncertainties(self) -> tuple[str, ...]:
        """Keys of what makes the states of the world."""
        return tuple(self.states.columns)

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies, the reference first, then in the order of the table."""
        others = (name for name in self.frame["policy"].unique() if name != self.reference)
        return (self.reference, *others)

    @cached_property
    def arms(self) -> dict[str, pd.DataFrame]:
        """The runs of every policy, indexed and sorted by (state, replicate)."""
        groups = dict(tuple(self.frame.groupby("policy", sort=False)))
        return {name: groups[name].set_index(["state", "replicate"]).sort_index() for name in self.policies}

    def pairs(self, policy: str, against: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The runs of `against` (default: the reference) and of `policy` on the same luck, row by row.

        Only (state, replicate) pairs that both have; raises ValueError for an unknown policy.
        """
        a = self.reference if against is None else against
        refuse([self._policy_problem(policy), self._policy_problem(a)])
        both = self.arms[a].index.intersection(self.arms[policy].index)
        return self.arms[a].loc[both], self.arms[policy].loc[both]

    def _policy_problem(self, policy: str) -> str:
        known = list(self.frame["policy"].unique())
        return "" if policy in known else unknown("policy", policy, known)
