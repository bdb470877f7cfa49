"""ssr_sim: simulate security sector reform after civil war.

from ssr_sim import Scenario, run_ensemble, compare, grow_ensemble, SSRModel, simulate
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ssr_sim.comparison import Comparison, compare, grow_comparison
    from ssr_sim.ensemble import Ensemble, grow_ensemble, run_ensemble
    from ssr_sim.mesa_model import SSRModel
    from ssr_sim.run import simulate
    from ssr_sim.scenario import Scenario, ScenarioError
    from ssr_sim.sweep.experiment import Experiment

__version__ = "0.1.0"
__all__ = ["Comparison", "Ensemble", "Experiment", "SSRModel", "Scenario", "ScenarioError", "compare",
           "grow_comparison", "grow_ensemble", "run_ensemble", "simulate"]

_HOME = {"Comparison": "comparison", "compare": "comparison", "grow_comparison": "comparison",
         "Ensemble": "ensemble", "run_ensemble": "ensemble", "grow_ensemble": "ensemble",
         "Experiment": "sweep.experiment",
         "SSRModel": "mesa_model", "simulate": "run", "Scenario": "scenario", "ScenarioError": "scenario"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command line starts at once."""
    if name in _HOME:
        return getattr(import_module(f"ssr_sim.{_HOME[name]}"), name)
    raise AttributeError(f"module 'ssr_sim' has no attribute {name!r}; it has {', '.join(sorted(_HOME))}")
