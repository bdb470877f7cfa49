"""What theory solves exactly: limits of reputation, consensus, fixed points, self-excitation, hazards.

Statistical tests compare a z-score with 4.4: a false alarm in one of 90,000. Their draws are fixed by their
seeds, so a test passes always or never; the rate counts only when a seed or an algorithm changes.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssr_sim.draws import bernoulli, poisson, u01
from ssr_sim.jit import njit
from ssr_sim.maths import decay, rate_to_probability
from ssr_sim.run import prepare, start
from ssr_sim.scenario import Scenario
from ssr_sim.submodels import trust
from ssr_sim.submodels.trust import community_trust
from ssr_sim.submodels.violence import attack_background, excited_now, fight
from ssr_sim.world import WEEK
from tests.rules.common import quick

Z = 4.4


# ----------------------------------------------------------------------------------------------- reputation
@pytest.mark.parametrize("q", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize(("kappa", "prior", "weight"), [(1.0, 0.5, 2.0), (2.2, 0.5, 1.0), (3.0, 0.3, 0.4)])
def test_reputation_tends_to_its_limit(q: float, kappa: float, prior: float, weight: float) -> None:
    """At n contacts a step of which a share q is good; a0 and b0 are the good and bad halves of the prior."""
    n, forgetting, dt = 0.04, 4.0, 4 * WEEK
    good = bad = 0.0
    for _ in range(3000):
        good = trust.remember.py_func(good, n * q, forgetting, dt)
        bad = trust.remember.py_func(bad, n * (1.0 - q), forgetting, dt)
    phi, a0, b0 = math.exp(-dt / forgetting), prior * weight, (1.0 - prior) * weight
    limit = (n * q / (1.0 - phi) + a0) / (n * (q + kappa * (1.0 - q)) / (1.0 - phi) + a0 + b0)
    assert trust.reputation.py_func(good, bad, kappa, prior, weight) == pytest.approx(limit, rel=1e-9)


@given(good=st.floats(0.1, 20), bad=st.floats(0.1, 20), q=st.floats(0, 1), kappa=st.floats(1, 3))
@quick
def test_more_contacts_help_only_where_they_are_better_than_experience(
    good: float, bad: float, q: float, kappa: float
) -> None:
    """The break-even of a contact programme: q / (q + kappa (1 - q)) against experience so far."""
    before = trust.reputation.py_func(good, bad, kappa, 0.5, 1.0)
    after = trust.reputation.py_func(good + 0.1 * q, bad + 0.1 * (1.0 - q), kappa, 0.5, 1.0)
    even = q / (q + kappa * (1.0 - q))
    if abs(even - before) > 1e-6:
        assert (after > before) == (even > before)


# ------------------------------------------------------------------------------------------------ influence
# a strongly connected network of five places; rows sum to 1
NETWORK = np.array(
    [
        [0.0, 0.7, 0.3, 0.0, 0.0],
        [0.5, 0.0, 0.5, 0.0, 0.0],
        [0.2, 0.2, 0.2, 0.4, 0.0],
        [0.0, 0.0, 0.6, 0.0, 0.4],
        [0.0, 0.0, 0.0, 1.0, 0.0],
    ]
)
OPINION = np.array([0.1, 0.9, 0.4, 0.6, 0.2])
EXPERIENCE = np.array([0.8, 0.1, 0.5, 0.3, 0.95])


def settle(sigma: float, steps: int = 4000) -> np.ndarray:
    """Trust after many steps of `follow`, all places at once."""
    opinion = OPINION.copy()
    for _ in range(steps):
        heard = NETWORK @ opinion
        opinion = np.array(
            [
                trust.follow.py_func(t, e, h, sigma, 1.2, 4 * WEEK)
                for t, e, h in zip(opinion, EXPERIENCE, heard, strict=True)
            ]
        )
    return opinion


def test_full_influence_gives_the_consensus_of_degroot() -> None:
    values, vectors = np.linalg.eig(NETWORK.T)
    weights = np.real(vectors[:, np.argmax(np.real(values))])
    weights /= weights.sum()
    assert settle(1.0) == pytest.approx(np.full(5, weights @ OPINION), abs=1e-9)


@pytest.mark.parametrize("sigma", [0.0, 0.3, 0.9])
def test_partial_influence_gives_the_fixed_point_of_friedkin_and_johnsen(sigma: float) -> None:
    fixed = np.linalg.solve(np.eye(5) - sigma * NETWORK, (1.0 - sigma) * EXPERIENCE)
    assert settle(sigma) == pytest.approx(fixed, abs=1e-9)


def test_trust_of_communities_tends_to_the_fixed_point_of_their_network() -> None:
    """The same through the phase and the compressed rows of the social layer, with weights by group."""
    world = start(prepare(Scenario.load("baseline").with_levers({"country.communities": 30}), 1), 1)
    p, layer, n = world.parameters.trust[0], world.social, len(world.communities)
    network = np.zeros((n, n))
    for i in range(n):
        row = slice(layer.starts[i], layer.starts[i + 1])
        group = world.communities["constituency"]
        counts = np.where(group[layer.targets[row]] == group[i], 1.0, p.out_group)
        network[i, layer.targets[row]] = layer.weights[row] * counts / (layer.weights[row] @ counts)
    assert p.out_group < 1.0
    p.leader_pull = 0.0  # leaders move with the reform, so that there would be no fixed point
    good, bad = world.communities["good_police"], world.communities["bad_police"]
    good[:] = np.linspace(0.0, 3.0, n)
    experience = np.array(
        [
            trust.reputation.py_func(g, b, p.negativity, p.prior_police, p.prior_weight)
            for g, b in zip(good, bad, strict=True)
        ]
    )
    for _ in range(600):
        community_trust(world, 4 * WEEK)
    sigma = p.influence * (network.sum(axis=1) > 0)
    fixed = np.linalg.solve(np.eye(n) - sigma[:, None] * network, (1.0 - sigma) * experience)
    assert world.communities["trust_police"] == pytest.approx(fixed, abs=1e-9)


# ------------------------------------------------------------------------------------------- self-excitation
@njit
def attacks_of(fighters, rate, branching, memory, weeks, seed):
    """Attacks week by week at one place, with the rules of `fight`: float64 (weeks,)."""
    found = np.empty(weeks)
    excitation = 0.0
    keep = math.exp(-1.0 / memory)
    for week in range(weeks):
        mean = attack_background(fighters, rate, branching, 1.0, 0.0, 0.0, WEEK) + excited_now(
            excitation, memory
        )
        found[week] = poisson(mean, u01(seed, 999, week, 1, 0))
        excitation = excitation * keep + branching * found[week]
    return found


@pytest.mark.parametrize(("branching", "memory"), [(0.0, 3.5), (0.3, 2.0), (0.48, 3.5), (0.6, 6.0)])
def test_attacks_have_the_mean_and_clustering_of_a_hawkes_process(branching: float, memory: float) -> None:
    """Mean mu / (1 - eta); variance of long windows over their mean 1 / (1 - eta)^2."""
    weeks, window = 800_000, 800
    counts = attacks_of(2000.0, 17.0, branching, memory, weeks, 7)
    background = attack_background.py_func(2000.0, 17.0, branching, 1.0, 0.0, 0.0, WEEK)
    mean = background / (1.0 - branching)
    assert mean == pytest.approx(2.0 * 17.0 * WEEK)
    fano = 1.0 / (1.0 - branching) ** 2
    assert abs(counts.mean() - mean) < Z * math.sqrt(fano * mean / weeks)
    windows = counts.reshape(-1, window).sum(axis=1)
    # the edges of a window cost less than 2 % here
    assert abs(windows.var() / windows.mean() / fano - 1.0) < Z * math.sqrt(2.0 / len(windows)) + 0.02


def test_the_phase_attacks_at_the_rate_that_the_parameter_states() -> None:
    """One place at war whose ranks are filled up every week: attacks, those that others excite included."""
    scenario = Scenario.load("baseline").with_levers({"country.communities": 1})
    world = start(prepare(scenario, 1), 3)
    p = world.parameters.violence[0]
    p.campaign_sd = p.to_neighbours = p.one_sided = p.backlash = 0.0
    world.groups["exists"] = 0
    world.groups["at_war"][0] = world.groups["exists"][0] = 1
    world.groups["stance"][0], world.presence["excitation"] = 1, 0.0
    weeks = 6_000
    before = world.communities.copy()
    forces = world.military.copy(), world.police.copy()
    for _ in range(weeks):
        world.presence["fighters"][0] = world.groups["fighters"][0] = 3000.0
        attacks = float(world.communities["attacks"][0])
        world.communities[:] = before
        world.communities["attacks"] = attacks
        world.military[:], world.police[:] = forces
        fight(world)
        world.clock[0].week += 1
    mean = 3.0 * p.attack_rate * WEEK
    error = math.sqrt(mean / (1.0 - p.branching) ** 2 / weeks)
    assert abs(world.communities["attacks"][0] / weeks - mean) < Z * error


# -------------------------------------------------------------------------------------------------- hazards
@given(rate=st.floats(0, 5), years=st.floats(0.1, 20), steps=st.integers(1, 1000))
@quick
def test_a_constant_hazard_survives_as_an_exponential_for_any_step(
    rate: float, years: float, steps: int
) -> None:
    surviving = (1.0 - rate_to_probability.py_func(rate, years / steps)) ** steps
    assert surviving == pytest.approx(math.exp(-rate * years), rel=1e-9, abs=1e-12)


@given(time=st.floats(0.1, 10), dt=st.floats(1e-3, 1))
@quick
def test_decay_of_two_half_steps_is_that_of_a_whole_one(time: float, dt: float) -> None:
    assert decay.py_func(time, dt / 2) ** 2 == pytest.approx(decay.py_func(time, dt), rel=1e-12)


@njit
def waiting_weeks(rate, agents, seed):
    """Week in which an event of a constant rate (1/year) first happens to each agent: float64 (agents,)."""
    found = np.empty(agents)
    for uid in range(agents):
        week = 0
        while not bernoulli(rate_to_probability(rate, WEEK), u01(seed, 998, week, uid, 0)):
            week += 1
        found[uid] = week
    return found


@pytest.mark.parametrize("rate", [0.1, 1.0, 10.0])
def test_events_of_a_constant_rate_come_after_the_time_that_it_says(rate: float) -> None:
    weeks = waiting_weeks(rate, 20_000, 11)
    chance = -math.expm1(-rate * WEEK)
    mean, sd = (1.0 - chance) / chance, math.sqrt(1.0 - chance) / chance
    assert abs(weeks.mean() - mean) < Z * sd / math.sqrt(len(weeks))
