"""S10 Politics: will, elites, form and function of reform, absorption and ambition, implementation of the settlement.

Reform has a form (laws, posts, uniforms) that donors see and a function that citizens feel. Function grows with the
smaller of will and absorption, with fit, against resistance, and decays unless it is owned and paid at home.
"""

import math
from typing import ClassVar

from ssr_sim.draws import normal, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import GOVERNANCE, LINES
from ssr_sim.world import draw, phase

MEDIATION = LINES.index("mediation")
ASSESSMENT = LINES.index("assessment")
CONDITIONALITY = LINES.index("conditionality")
REFORM = LINES.index("reform")
MISSION_CIVILIANS = LINES.index("mission_civilians")

SHOCKS = stream(130, "politics: shock to the country")


# ------------------------------------------------------------------------------------------------- parameters
class Politics(Block):
    """Political engagement: conditions, ownership, fit, ambition, mediation."""

    group: ClassVar[str] = "Politics"

    conditionality: float = lever(
        0.3, unit="strictness 0-1", lo=0.0, hi=1.0, cost="USD 0.5 million per year at 1",
        source="evidence E41 (Berg 2022)", headline=True, side_effect="Invites reform on paper; lowers ownership.",
        help="How strictly support depends on steps of reform.")
    ownership: float = lever(
        0.4, unit="share 0-1", lo=0.0, hi=1.0, cost="time: slower roll-out", source="UNSCR 2151 (2014)", headline=True,
        side_effect="Slows the roll-out.", help="Share of reform decided and led locally.")
    assessment: float = lever(
        0.3, unit="effort 0-1", lo=0.0, hi=1.0, cost="USD 1 million per year at 1", source="assumption",
        side_effect="Delays the start.", help="Effort on understanding the context before and during reform.")
    ambition: float = lever(
        0.4, unit="share of a full reform", lo=0.0, hi=1.0, cost="USD 8 million per year at 1", source="assumption",
        side_effect="Beyond absorption, quality falls.", help="How much is reformed at once.")
    mediation: float = lever(
        0.3, unit="effort 0-1", lo=0.0, hi=1.0, cost="USD 6 million per year at 1", source="evidence D2, E45",
        side_effect="What outside leverage brings fades when it goes.", help="Mediation and political support.")
    assessment_cost: float = uncertain(
        1e6, unit="USD / year", lo=0.3e6, hi=2e6, source="assumption", help="Price of full assessment.")
    reform_cost: float = uncertain(
        8e6, unit="USD / year", lo=3e6, hi=15e6, source="assumption", help="Price of a full reform of institutions.")
    mediation_cost: float = uncertain(
        6e6, unit="USD / year", lo=2e6, hi=10e6, source="evidence D2 (M)", help="Price of a full mediation team.")
    conditionality_cost: float = uncertain(
        0.5e6, unit="USD / year", lo=0.1e6, hi=1e6, source="assumption", help="Price of monitoring conditions.")
    will_time: float = uncertain(
        2.5, unit="years", lo=1.0, hi=5.0, source="assumption", help="Time in which political will follows its causes.")
    function_rate: float = uncertain(
        0.3, unit="1 / year", lo=0.15, hi=0.5, source="evidence D1: 10-17 years at the fastest",
        help="Growth of function in the best conditions.", off=0.0)
    function_decay: float = uncertain(
        0.05, unit="1 / year", lo=0.02, hi=0.1, source="assumption", help="Decay of function that nobody owns.",
        off=0.0)
    form_rate: float = uncertain(
        0.5, unit="1 / year", lo=0.3, hi=0.8, source="Pritchett, Woolcock and Andrews: isomorphic mimicry",
        help="Growth of reform on paper.", off=0.0)
    overload: float = uncertain(
        1.0, unit="exponent", lo=0.5, hi=2.0, source="assumption",
        help="How fast quality falls when ambition exceeds absorption.", off=0.0)
    implementation_time: float = uncertain(
        2.0, unit="years", lo=1.0, hi=4.0, source="Peace Accords Matrix: accords tracked for ten years",
        help="Time in which implementation follows its causes.")
    shock_time: float = uncertain(
        2.0, unit="years", lo=1.0, hi=3.0, source="pilot study", help="Memory of country-wide shocks.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def will_target(reference, conditions, dependence, ownership, success, obstruction):
    """Political will (0-1) that present causes sustain; conditions bite only where the state depends on donors."""
    return clamp(reference + 0.4 * conditions * dependence + 0.15 * (ownership - 0.4) + 0.3 * (success - 0.4)
                 - 0.25 * obstruction, 0.0, 1.0)


@njit
def quality_under_load(ambition, absorption, exponent):
    """Quality (0-1) of what is done: one while ambition stays within absorption, falling beyond."""
    if ambition <= absorption or ambition <= 0.0:
        return 1.0
    return (absorption / ambition) ** exponent


@njit
def function_growth(will, absorption, fit, resistance, rate, quality):
    """Growth of function (1/year at function 0): the smaller of will and absorption, fit, resistance, quality."""
    return rate * min(will, absorption) * (0.3 + 0.7 * fit) * (1.0 - resistance) * quality


@njit
def implementation_target(will, money, guarantor, obstruction):
    """Implementation of the settlement (0-1): will, money for DDR and reform, a guarantor, against obstruction."""
    return clamp(0.1 + 0.45 * will + 0.25 * money + 0.25 * guarantor - 0.2 * obstruction, 0.0, 1.0)


# ------------------------------------------------------------------------------------------------- phases
@phase("government: will form function fit resistance ownership absorption implementation shock elected_weeks revenue",
       "elites: obstruction", "ledger: planned")
def politics(world, dt):
    """Will, resistance, form, function, absorption and the settlement move on, once a quarter."""
    now = world.clock[0]
    p = world.parameters.politics[0]
    state = world.government[0]
    mission = world.mission[0]
    shock_sd = world.parameters.armed_groups[0].shock_sd
    keep = decay(p.shock_time, dt)
    state.shock = keep * state.shock + shock_sd * math.sqrt(1.0 - keep * keep) * normal(draw(now, SHOCKS, 0, 0))
    state.elected_weeks = state.elected_weeks - dt * 365.25 / 7.0
    if state.elected_weeks < 0.0:
        state.elected_weeks += 208.0

    # elites resist in proportion to what control takes from them
    review = world.parameters.oversight[0]
    threatened = clamp(0.5 * review.coverage * review.independence + 0.3 * world.oversight[0].detection
                       + 0.3 * world.parameters.payroll[0].control
                       + 0.2 * world.parameters.inclusion[0].target
                       + world.parameters.restructuring[0].threat * world.parameters.restructuring[0].effort, 0.0, 1.0)
    obstruction = 0.0
    for e in range(len(world.elites)):
        elite = world.elites[e]
        stake = clamp(0.2 + 0.8 * elite.diversion / 0.3 * threatened + 0.3 * p.ambition, 0.0, 1.0)
        elite.obstruction = clamp(elite.obstruction + 0.3 * dt * (stake - elite.obstruction), 0.0, 1.0)
        obstruction += elite.obstruction / len(world.elites)

    conditions = p.conditionality * (0.3 + 0.7 * world.ledger[CONDITIONALITY].delivered)
    target = will_target(state.reference_will, conditions, 1.0 - state.own_resources, p.ownership, state.legitimacy,
                         obstruction)
    target *= 1.0 - mission.crowding_out
    state.will = clamp(state.will + (1.0 - decay(p.will_time, dt)) * (target - state.will), 0.0, 1.0)
    mentoring = world.parameters.mentoring[0].coverage
    owned = clamp(p.ownership - 0.2 * p.conditionality - 0.2 * mentoring, 0.0, 1.0)
    state.ownership = clamp(state.ownership + 0.5 * dt * (owned - state.ownership), 0.0, 1.0)
    present = 1.0 if mission.troops + mission.police >= 1.0 else 0.0
    links = present * world.parameters.mission[0].local_links * world.ledger[MISSION_CIVILIANS].delivered
    women = world.parameters.women[0]
    seats = state.women_deciding - women.ordinary_decision
    learned = clamp(0.2 + 0.45 * p.assessment * world.ledger[ASSESSMENT].delivered + 0.45 * state.ownership
                    + world.parameters.peacekeeping[0].local_fit * links + women.fit_effect * seats, 0.0, 1.0)
    state.fit = clamp(state.fit + 0.4 * dt * (learned - state.fit), 0.0, 1.0)
    resisted = clamp(0.5 * obstruction + 0.4 * (1.0 - state.fit) * p.ambition + women.backlash * state.imposed,
                     0.0, 0.9)
    state.resistance = clamp(state.resistance + 0.5 * dt * (resisted - state.resistance), 0.0, 1.0)

    arrived = world.ledger[REFORM].delivered
    quality = quality_under_load(p.ambition, state.absorption, p.overload)
    growth = (function_growth(state.will, state.absorption, state.fit, state.resistance, p.function_rate, quality)
              * p.ambition * 2.0 * arrived * (1.0 - 0.3 * p.ownership)
              * (1.0 + world.parameters.peacekeeping[0].advice_gain * mission.advice))
    state.function = clamp(state.function + dt * (growth * (1.0 - state.function)
                                                  - p.function_decay * (1.0 - 0.7 * state.ownership) * state.function),
                           0.0, 1.0)
    shown = p.form_rate * (0.3 + 0.7 * conditions) * p.ambition * arrived
    state.form = clamp(state.form + dt * (shown * (1.0 - state.form) - 0.08 * state.form), 0.0, 1.0)
    state.absorption = clamp(state.absorption + dt * 0.06 * (0.25 + 0.75 * state.function - state.absorption)
                             * (1.0 if state.function > 0.0 else 0.0), 0.02, 1.0)

    size = mission.troops * mission.effectiveness
    guarantor = size / (size + 5000.0)
    money = world.sectors[GOVERNANCE].funded * (1.0 if world.sectors[GOVERNANCE].need > 0.0 else 0.0)
    mediated = 0.3 * p.mediation * world.ledger[MEDIATION].delivered
    target = clamp(implementation_target(state.will, money, guarantor, obstruction) + 0.5 * mediated
                   + women.peace_effect * seats, 0.0, 1.0)
    state.implementation = clamp(
        state.implementation + (1.0 - decay(p.implementation_time, dt)) * (target - state.implementation), 0.0, 1.0)
    state.revenue = state.revenue * (1.0 + dt * (0.04 if world.country[0].battle_deaths_52 < 25.0 else -0.02))

    plan = dt / 13.0 * 4.0
    world.ledger[MEDIATION].planned = p.mediation * p.mediation_cost * plan
    world.ledger[ASSESSMENT].planned = p.assessment * p.assessment_cost * plan
    world.ledger[CONDITIONALITY].planned = p.conditionality * p.conditionality_cost * plan
    world.ledger[REFORM].planned = p.ambition * p.reform_cost * plan
