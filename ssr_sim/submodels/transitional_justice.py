"""S9 Dealing with the past: harm by the state without redress, truth, trials and reparations, amnesty.

Harm that nobody answers for stays in a place's memory and feeds grievance; redress lowers it, and a process of poor
quality reopens wounds (evidence E44). Trials make commanders doubt the settlement; an amnesty reassures them for a
while and leaves impunity behind. All of it works through grievance, good and bad faith, and the fear of sanction.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, choice, lever, uncertain
from ssr_sim.tables import LINES, SIGNATORY
from ssr_sim.world import phase

TRANSITIONAL_JUSTICE = LINES.index("transitional_justice")


# ------------------------------------------------------------------------------------------------- parameters
class TransitionalJustice(Block):
    """Truth, trials, reparations and amnesty."""

    group: ClassVar[str] = "Justice"

    effort: float = lever(
        0.0, unit="effort 0-1", lo=0.0, hi=1.0, cost="USD 3 (truth), 6 (reparations) or 8 (trials) million per year",
        source="evidence E44", headline=True,
        side_effect="Done badly it reopens wounds; trials make signatories doubt the settlement.",
        help="Effort on dealing with past crimes by state and groups.")
    form: str = choice(
        "truth", ("truth", "trials", "reparations"), role="lever", source="evidence E44: effects differ by form",
        help="What the effort goes to.")
    amnesty: float = lever(
        0.0, unit="share of past crimes", lo=0.0, hi=1.0, cost="none", source="evidence E44",
        side_effect="Leaves impunity: grievance stays, and forces fear sanctions less.",
        help="Share of past crimes that nobody will be tried for.")
    cost_truth: float = uncertain(
        3e6, unit="USD / year", lo=1e6, hi=8e6, source="assumption", help="Price of a full truth commission.")
    cost_trials: float = uncertain(
        8e6, unit="USD / year", lo=3e6, hi=25e6, source="assumption", help="Price of full special chambers.")
    cost_reparations: float = uncertain(
        6e6, unit="USD / year", lo=2e6, hi=20e6, source="assumption", help="Price of full reparations.")
    truth_redress: float = uncertain(
        0.15, unit="1 / year", lo=0.0, hi=0.3, source="E44: truth and reparations help; size is an assumption",
        help="Share of harm a year that a perfect truth process redresses.", off=0.0)
    trials_redress: float = uncertain(
        0.06, unit="1 / year", lo=0.0, hi=0.15, source="E44: positive but weak; size is an assumption",
        help="Share of harm a year that perfect trials redress.", off=0.0)
    reparations_redress: float = uncertain(
        0.12, unit="1 / year", lo=0.0, hi=0.3, source="E44: truth and reparations help; size is an assumption",
        help="Share of harm a year that perfect reparations redress.", off=0.0)
    backfire: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.5, source="assumption",
        help="Quality below which a truth process does more harm than good.", off=0.0)
    backfire_trials: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, source="assumption; reparations do no harm",
        help="The same quality for trials, against that for truth.", off=0.0)
    memory: float = uncertain(
        25.0, unit="years", lo=10.0, hi=60.0, source="assumption", help="Time in which harm is forgotten by itself.",
        off=1e15)
    blamed: float = uncertain(
        0.4, unit="harms / dead", lo=0.1, hi=0.8, source="assumption",
        help="Part of the dead before the start for whom people hold the state to account.", off=0.0)
    harm_half: float = uncertain(
        0.5, unit="harms / 1,000 heads", lo=0.2, hi=1.5, source="assumption", help="Harm for half of full impunity.")
    impunity_weight: float = uncertain(
        0.2, unit="grievance", lo=0.0, hi=0.35, source="assumption",
        help="Grievance that full impunity sustains, against the impunity at the start.", off=0.0)
    dispute_weight: float = uncertain(
        0.1, unit="grievance", lo=0.0, hi=0.3, source="assumption",
        help="Grievance where no dispute is settled fairly, against the share at the start.", off=0.0)
    amnesty_sting: float = uncertain(
        0.8, unit="share 0-1", lo=0.0, hi=1.5, source="evidence E44 (ratio of hazards 1.0-1.4); size is an assumption",
        help="How much worse the same harm feels once a full amnesty has closed the way to court.", off=0.0)
    amnesty_lesson: float = uncertain(
        0.02, unit="1 / year", lo=0.0, hi=0.05, source="impunity invites abuse; size is an assumption",
        help="Certainty of sanctions that a full amnesty takes away.", off=0.0)
    trial_lesson: float = uncertain(
        0.04, unit="1 / year", lo=0.0, hi=0.1, source="accountability deters; size is an assumption",
        help="Certainty of sanctions that full trials of high quality add.", off=0.0)
    lesson_time: float = uncertain(
        2.0, unit="years", lo=0.5, hi=5.0, source="assumption", help="Time in which forces take the lesson.")
    prosecution_fear: float = uncertain(
        0.2, unit="years / year", lo=0.0, hi=0.6, source="assumption",
        help="Broken promises that full trials amount to, in the eyes of signatories.", off=0.0)
    amnesty_faith: float = uncertain(
        0.05, unit="years / year", lo=0.0, hi=0.15, source="evidence E44 (ratio of hazards 1.0-1.4)",
        help="Kept promises that a full amnesty amounts to while it is news.", off=0.0)
    amnesty_years: float = uncertain(
        2.0, unit="years", lo=0.5, hi=4.0, source="assumption",
        help="Time after settling for which an amnesty reassures commanders.")
    amnesty_pull: float = uncertain(
        0.3, unit="share of the rate", lo=0.0, hi=1.0, source="assumption",
        help="How much sooner groups that have not yet settled do so under a full amnesty.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def process_quality(absorption, will, corrupt):
    """Quality (0-1) of a process: what the state can do, wants, and does not sell; one lack spoils it."""
    return (max(absorption, 0.0) * max(will, 0.0) * max(1.0 - corrupt, 0.0)) ** (1.0 / 3.0)


@njit
def redress_rate(effort, speed, quality, backfire):
    """Share of harm redressed in a year; below 0 where the quality stays under `backfire` and wounds reopen."""
    return effort * speed * (quality - backfire) / (1.0 - backfire)


@njit
def harm_after(harm, new, redress, memory, dt):
    """Harm without redress (per 1,000 heads) after one step: forgetting, redress (1/year), and what is new."""
    return harm * decay(memory, dt) * max(0.0, 1.0 - redress * dt) + new


@njit
def impunity_of(harm: float, half: float, amnesty: float, sting: float) -> float:
    """Impunity (0-1) as felt: saturating in harm, worse under an amnesty."""
    return clamp(harm / (harm + half) * (1.0 + sting * amnesty), 0.0, 1.0)


@njit
def injustice_of(impunity: float, fair_access: float, impunity_weight: float, dispute_weight: float) -> float:
    """Part of grievance that impunity and unsettled disputes sustain."""
    return impunity_weight * impunity + dispute_weight * (1.0 - fair_access)


@njit
def lesson_target(trials, amnesty, trial_lesson, amnesty_lesson):
    """Certainty of sanctions (1/year) that dealing with the past adds or takes; `trials` is effort times quality."""
    return trial_lesson * trials * (1.0 - amnesty) - amnesty_lesson * amnesty


# ------------------------------------------------------------------------------------------------- phases
@phase("communities: unredressed injustice state_killed", "government: lesson", "groups: good_faith bad_faith",
       "ledger: planned")
def reckon_with_the_past(world, dt):
    """New harm, redress of old harm, what forces learn from it, and what signatories make of it."""
    p = world.parameters.transitional_justice[0]
    state = world.government[0]
    arrived = p.effort * world.ledger[TRANSITIONAL_JUSTICE].delivered
    people = corrupt = 0.0
    for i in range(len(world.communities)):
        c = world.communities[i]
        people += c.population
        corrupt += c.population * c.court_corrupt
    quality = process_quality(state.absorption, state.will, corrupt / max(people, 1.0))
    # a bad truth process does harm, bad trials less, reparations none (assumption)
    trials = 0.0
    if p.form == 0.0:
        price = p.cost_truth
        redress = redress_rate(arrived, p.truth_redress, quality, p.backfire)
    elif p.form == 1.0:
        price = p.cost_trials
        trials = arrived * quality
        redress = (1.0 - p.amnesty) * redress_rate(arrived, p.trials_redress, quality, p.backfire_trials * p.backfire)
    else:
        price = p.cost_reparations
        redress = redress_rate(arrived, p.reparations_redress, quality, 0.0)
    unpunished = 1.0 - world.oversight[0].deterrence
    for i in range(len(world.communities)):
        c = world.communities[i]
        harmed = (c.police_abuse + c.army_abuse + c.state_killed) * unpunished
        c.state_killed = 0.0
        c.unredressed = harm_after(c.unredressed, harmed / max(c.population, 1.0) * 1000.0, redress, p.memory, dt)
        c.injustice = injustice_of(impunity_of(c.unredressed, p.harm_half, p.amnesty, p.amnesty_sting),
                                   c.fair_access, p.impunity_weight, p.dispute_weight)

    target = lesson_target(trials, p.amnesty, p.trial_lesson, p.amnesty_lesson)
    state.lesson = clamp(state.lesson + (1.0 - decay(p.lesson_time, dt)) * (target - state.lesson), -1.0, 1.0)
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 1 and group.stance == SIGNATORY and group.at_war == 0:
            group.bad_faith += p.prosecution_fear * trials * (1.0 - p.amnesty) * dt
            if group.weeks_in_state < p.amnesty_years * 52.0:
                group.good_faith += p.amnesty_faith * p.amnesty * dt
    world.ledger[TRANSITIONAL_JUSTICE].planned = p.effort * price * dt
