"""Dated and conditional changes of levers: from a scenario's policy to the parameters in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ssr_sim.jit import njit
from ssr_sim.tables import POLICY_CHANGE, empty
from ssr_sim.world import World, log_event

if TYPE_CHECKING:
    from ssr_sim.scenario import Scenario


def policy_table(scenario: Scenario, indicators: Mapping[str, int]) -> np.ndarray:
    """One row for each lever that each entry of the scenario's policy sets; `indicators` gives their columns."""
    places = {key: place for place, key in enumerate(scenario.parameters)}
    rows = []
    for change in scenario.policy:
        condition = change.condition
        for key, value in change.set.items():
            row = empty("policy", 1)
            row["week"] = -1 if change.week is None else change.week
            row["indicator"] = -1 if condition is None else indicators[condition.indicator]
            if condition is not None:
                row["sign"] = 1 if condition.operator.startswith(">") else -1
                row["threshold"] = condition.threshold
                row["for_weeks"] = condition.for_weeks
            row["fired"] = -1
            row["parameter"] = places[key]
            row["value"] = scenario.parameters[key].number(value)
            rows.append(row)
    return np.concatenate(rows) if rows else empty("policy", 0)


@njit
def apply_policy(world: World) -> None:
    """Put the changes due this week into force; conditions read what was recorded at the end of last week."""
    week = world.clock[0].week
    for i in range(len(world.policy)):
        change = world.policy[i]
        if change.fired >= 0:
            continue
        due = change.week == week
        if change.indicator >= 0 and week > 0:
            holds = change.sign * (world.measured[change.indicator] - change.threshold) > 0.0
            change.held = change.held + 1 if holds else 0
            due = change.held >= change.for_weeks
        if due:
            world.settings[change.parameter] = change.value
            change.fired = week
            log_event(world.clock, world.events, POLICY_CHANGE, -1, change.parameter, -1, 0.0, 0.0, -1)
