"""The Mesa model that the benchmark is timed against is the same science as the compiled phases."""

import pytest

from experiments.benchmarks import against_mesa, mesa_subset, subset
from ssr_sim.submodels import trust, violence

WEEKS, IN_MESA, COMPILED = 26, 60, 600


@pytest.fixture(scope="module")
def country():
    """A small country with one of its groups at war."""
    return subset.start(communities=40)


def test_mesa_and_compiled_subset_agree(country):
    """Welch's test on each outcome; together they call equal models different once in a hundred choices of seeds."""
    found = against_mesa.agreement(country, WEEKS, IN_MESA, COMPILED)
    assert [row for row in found if row.differs] == []
    shares = [row for row in found if row.name not in subset.COUNTS]
    assert [row for row in shares if not row.close] == []


def test_the_comparison_tells_another_science_apart(country, monkeypatch):
    """Twice the attacks and half as many crimes more in Mesa are found."""
    usual = mesa_subset.crime_mean
    rate = mesa_subset.attack_background
    monkeypatch.setattr(mesa_subset, "attack_background", lambda *numbers: 2.0 * rate(*numbers))
    monkeypatch.setattr(mesa_subset, "crime_mean", lambda *numbers: 1.5 * usual(*numbers))
    found = against_mesa.agreement(country, WEEKS, IN_MESA, COMPILED)
    assert {"attacks", "fighters"} <= {row.name for row in found if row.differs}


def test_mesa_has_an_agent_for_every_row_that_is_simulated(country):
    model = mesa_subset.Country(country, seed=1)
    assert len(model.agents) == subset.agents(country)


@pytest.mark.parametrize(("rule", "numbers"), [
    (trust.follow, (0.4, 0.5, 0.3, 0.3, 1.2, 0.077)),
    (violence.restraint, (50.0, 60.0, 0.45)),
    (violence.swing_after, (0.1, 0.87, 0.9, 0.3, 0.019)),
])
def test_a_rule_as_plain_python_gives_what_the_compiled_one_gives(rule, numbers):
    plain = mesa_subset.plain(rule)
    assert not hasattr(plain, "py_func")
    assert plain(*numbers) == rule(*numbers)
