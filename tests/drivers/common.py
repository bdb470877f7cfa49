"""The small country that outside drivers are tried on."""

from ssr_sim.scenario import Scenario

SMALL = {"scenario": "baseline", "years": 1, "country.communities": 6}
SEED = 7


def ranges(*keys: str) -> list[list[float]]:
    """The declared range of each parameter."""
    parameters = Scenario.load("baseline").parameters
    return [[parameters[key].lo, parameters[key].hi] for key in keys]
