"""S10 Politics: will, elites, form and function of reform, absorption and ambition, implementation of the settlement.

Reform has a form (laws, posts, uniforms) that donors see and a function that citizens feel. Function grows with the
smaller of will and absorption, with fit, against resistance, and decays unless it is owned and paid at home.
"""

import math
from typing import ClassVar

from ssr_sim.draws import normal, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import GOVERNANCE, LINES
from ssr_sim.world import draw, phase

MONTH, QUARTER = 4, 13  # weeks
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
        0.6, unit="1 / year", lo=0.3, hi=1.0, source="evidence D1: 10-17 years at the fastest",
        help="Growth of function by a full reform in the best conditions.", off=0.0)
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
    conditions_on_will: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="evidence E41 (Berg 2022); size is an assumption",
        help="Will that strict conditions add where the state depends on donors.", off=0.0)
    conditions_unwatched: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.6, source="assumption",
        help="Share of conditions that bite where nobody is paid to watch them.", off=1.0)
    ownership_on_will: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="assumption",
        help="Will that full ownership adds against none.", off=0.0)
    usual_ownership: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Ownership at which will is as the country has it.")
    success_on_will: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Will that full legitimacy of the state adds against none.", off=0.0)
    usual_legitimacy: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Legitimacy at which will is as the country has it.")
    obstruction_on_will: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Will that complete obstruction takes.", off=0.0)
    veto: float = uncertain(
        0.5, unit="exponent", lo=0.0, hi=1.0, source="Tsebelis 2002 (veto players); size is an assumption",
        help="How much harder reform is where more elites than usual can block it.", off=0.0)
    usual_elites: float = constant(
        5.0, unit="elite groups", lo=1.0, hi=8.0, source="assumption: the fictional country",
        help="Elites whose obstruction counts as it is.")
    threat_of_review: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, source="assumption",
        help="Threat to elites by full, independent oversight.", off=0.0)
    threat_of_detection: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Threat to elites by certain detection.", off=0.0)
    threat_of_payroll: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Threat to elites by full control of the payroll.", off=0.0)
    threat_of_inclusion: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption",
        help="Threat to elites by posts for the excluded.", off=0.0)
    stake_of_elites: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Obstruction by elites whom nothing threatens.")
    stake_of_rents: float = uncertain(
        2.7, unit="per share diverted", lo=1.5, hi=4.0, source="assumption",
        help="Obstruction that a full threat adds for each share of the budget diverted.", off=0.0)
    stake_of_ambition: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Obstruction that a full reform at once adds.", off=0.0)
    obstruction_speed: float = uncertain(
        0.3, unit="1 / year", lo=0.15, hi=0.6, source="assumption",
        help="How fast elites change their stance.")
    ownership_lost_to_conditions: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Ownership that full conditions take.", off=0.0)
    ownership_lost_to_mentors: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Ownership that mentors in every unit take.", off=0.0)
    ownership_speed: float = uncertain(
        0.5, unit="1 / year", lo=0.25, hi=1.0, source="assumption",
        help="How fast ownership follows its causes.")
    fit_unlearned: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Fit of reforms that nobody adapts.")
    fit_of_assessment: float = uncertain(
        0.45, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Fit that full assessment adds.", off=0.0)
    fit_of_ownership: float = uncertain(
        0.45, unit="share 0-1", lo=0.2, hi=0.6, source="Andrews 2013; size is an assumption",
        help="Fit that full ownership adds.", off=0.0)
    fit_speed: float = uncertain(
        0.4, unit="1 / year", lo=0.2, hi=0.8, source="assumption",
        help="How fast reforms are adapted.")
    resistance_of_elites: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="assumption",
        help="Resistance to reform where elites obstruct all they can.", off=0.0)
    resistance_to_misfit: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption",
        help="Resistance to a full reform that does not fit at all.", off=0.0)
    resistance_speed: float = uncertain(
        0.5, unit="1 / year", lo=0.25, hi=1.0, source="assumption",
        help="How fast resistance follows its causes.")
    growth_without_fit: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.6, source="assumption",
        help="Growth of function of a reform that does not fit, against one that does.", off=1.0)
    ownership_slows: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="UNSCR 2151 (2014); size is an assumption",
        help="Share of growth of function that time for local decisions costs.", off=0.0)
    ownership_keeps: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=0.9, source="assumption",
        help="Share of the decay of function that full ownership prevents.", off=0.0)
    form_unasked: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.6, source="assumption",
        help="Share of reform on paper that is done without conditions.", off=1.0)
    form_decay: float = uncertain(
        0.08, unit="1 / year", lo=0.04, hi=0.15, source="assumption",
        help="Lapse of reform on paper.", off=0.0)
    absorption_without_function: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Absorption of a state without function; with full function it is complete.", off=1.0)
    absorption_speed: float = uncertain(
        0.06, unit="1 / year", lo=0.03, hi=0.12, source="assumption",
        help="How fast absorption follows function.", off=0.0)
    implementation_base: float = uncertain(
        0.1, unit="share 0-1", lo=0.0, hi=0.2, source="assumption",
        help="Implementation that needs neither will nor help.")
    implementation_by_will: float = uncertain(
        0.45, unit="share 0-1", lo=0.3, hi=0.6, source="evidence E11; size is an assumption",
        help="Implementation that full will adds.", off=0.0)
    implementation_by_money: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Implementation that fully paid programmes of governance add.", off=0.0)
    implementation_by_guarantor: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.4, source="Walter 1997; size is an assumption",
        help="Implementation that a very large mission adds.", off=0.0)
    guarantor_half: float = uncertain(
        5000.0, unit="effective troops", lo=2000.0, hi=10000.0, source="assumption",
        help="Effective troops at which half of that is reached.")
    implementation_obstructed: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="Implementation that complete obstruction takes.", off=0.0)
    mediation_effect: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="evidence E45; size is an assumption",
        help="Implementation that full mediation adds.", off=0.0)
    growth_in_peace: float = uncertain(
        0.04, unit="1 / year", lo=0.02, hi=0.06, source="assumption",
        help="Growth of revenue in a year without an armed conflict.", off=0.0)
    growth_in_conflict: float = uncertain(
        -0.02, unit="1 / year", lo=-0.06, hi=0.01, source="assumption",
        help="Growth of revenue in a year of armed conflict.", off=0.0)
    term: float = constant(
        208.0, unit="weeks", lo=104.0, hi=364.0, source="usual length", help="Time between two elections.")
    shock_time: float = uncertain(
        2.0, unit="years", lo=1.0, hi=3.0, source="pilot study", help="Memory of country-wide shocks.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def will_target(reference, conditions, dependence, owned, success, obstructed):
    """Political will (0-1) that present causes sustain; conditions bite only where the state depends on donors.

    `conditions`, `owned`, `success` and `obstructed` are what each adds or takes.
    """
    return clamp(reference + conditions * dependence + owned + success - obstructed, 0.0, 1.0)


@njit
def quality_under_load(ambition, absorption, exponent):
    """Quality (0-1) of what is done: one while ambition stays within absorption, falling beyond."""
    if ambition <= absorption or ambition <= 0.0:
        return 1.0
    return (absorption / ambition) ** exponent


@njit
def function_growth(will, absorption, fit, unfit, resistance, rate, quality):
    """Growth of function (1/year at function 0): the smaller of will and absorption, fit, resistance, quality.

    `unfit` is what a reform without any fit does against one that fits.
    """
    return rate * min(will, absorption) * (unfit + (1.0 - unfit) * fit) * (1.0 - resistance) * quality


@njit
def implementation_target(base, will, money, guarantor, support, obstructed):
    """Implementation of the settlement (0-1): what will, money, a guarantor and other support add, less obstruction."""
    return clamp(base + will + money + guarantor + support - obstructed, 0.0, 1.0)


@njit
def blocked(obstruction: float, elites: float, usual: float, veto: float) -> float:
    """Obstruction (0-1) that reform meets where `elites` (number), each of `obstruction`, can block it."""
    return 1.0 - (1.0 - obstruction) ** ((elites / usual) ** veto)


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
        state.elected_weeks += p.term

    # elites resist in proportion to what control takes from them
    review = world.parameters.oversight[0]
    threatened = clamp(p.threat_of_review * review.coverage * review.independence
                       + p.threat_of_detection * world.oversight[0].detection
                       + p.threat_of_payroll * world.parameters.payroll[0].control
                       + p.threat_of_inclusion * world.parameters.inclusion[0].target
                       + world.parameters.restructuring[0].threat * world.parameters.restructuring[0].effort, 0.0, 1.0)
    obstruction = 0.0
    for e in range(len(world.elites)):
        elite = world.elites[e]
        stake = clamp(p.stake_of_elites + p.stake_of_rents * elite.diversion * threatened
                      + p.stake_of_ambition * p.ambition, 0.0, 1.0)
        elite.obstruction = clamp(elite.obstruction + p.obstruction_speed * dt * (stake - elite.obstruction), 0.0, 1.0)
        obstruction += elite.obstruction / len(world.elites)
    if len(world.elites) > 0:
        obstruction = blocked(obstruction, len(world.elites), p.usual_elites, p.veto)

    watched = world.ledger[CONDITIONALITY].delivered
    conditions = p.conditionality * (p.conditions_unwatched + (1.0 - p.conditions_unwatched) * watched)
    target = will_target(state.reference_will, p.conditions_on_will * conditions, 1.0 - state.own_resources,
                         p.ownership_on_will * (p.ownership - p.usual_ownership),
                         p.success_on_will * (state.legitimacy - p.usual_legitimacy),
                         p.obstruction_on_will * obstruction)
    target *= 1.0 - mission.crowding_out
    state.will = clamp(state.will + (1.0 - decay(p.will_time, dt)) * (target - state.will), 0.0, 1.0)
    mentoring = world.parameters.mentoring[0].coverage
    owned = clamp(p.ownership - p.ownership_lost_to_conditions * p.conditionality
                  - p.ownership_lost_to_mentors * mentoring, 0.0, 1.0)
    state.ownership = clamp(state.ownership + p.ownership_speed * dt * (owned - state.ownership), 0.0, 1.0)
    present = 1.0 if mission.troops + mission.police >= 1.0 else 0.0
    links = present * world.parameters.mission[0].local_links * world.ledger[MISSION_CIVILIANS].delivered
    women = world.parameters.women[0]
    seats = state.women_deciding - women.ordinary_decision
    learned = clamp(p.fit_unlearned + p.fit_of_assessment * p.assessment * world.ledger[ASSESSMENT].delivered
                    + p.fit_of_ownership * state.ownership
                    + world.parameters.peacekeeping[0].local_fit * links + women.fit_effect * seats, 0.0, 1.0)
    state.fit = clamp(state.fit + p.fit_speed * dt * (learned - state.fit), 0.0, 1.0)
    resisted = clamp(p.resistance_of_elites * obstruction + p.resistance_to_misfit * (1.0 - state.fit) * p.ambition
                     + women.backlash * state.imposed, 0.0, 1.0)
    state.resistance = clamp(state.resistance + p.resistance_speed * dt * (resisted - state.resistance), 0.0, 1.0)

    arrived = world.ledger[REFORM].delivered
    quality = quality_under_load(p.ambition, state.absorption, p.overload)
    growth = (function_growth(state.will, state.absorption, state.fit, p.growth_without_fit, state.resistance,
                              p.function_rate, quality)
              * p.ambition * arrived * (1.0 - p.ownership_slows * p.ownership)
              * (1.0 + world.parameters.peacekeeping[0].advice_gain * mission.advice))
    state.function = clamp(state.function + dt * (growth * (1.0 - state.function)
                                                  - p.function_decay * (1.0 - p.ownership_keeps * state.ownership)
                                                  * state.function), 0.0, 1.0)
    shown = p.form_rate * (p.form_unasked + (1.0 - p.form_unasked) * conditions) * p.ambition * arrived
    state.form = clamp(state.form + dt * (shown * (1.0 - state.form) - p.form_decay * state.form), 0.0, 1.0)
    able = p.absorption_without_function + (1.0 - p.absorption_without_function) * state.function
    state.absorption = clamp(state.absorption + p.absorption_speed * dt * (able - state.absorption), 0.02, 1.0)

    size = mission.troops * mission.effectiveness
    guarantor = size / (size + p.guarantor_half)
    money = world.sectors[GOVERNANCE].funded * (1.0 if world.sectors[GOVERNANCE].need > 0.0 else 0.0)
    mediated = p.mediation * world.ledger[MEDIATION].delivered
    target = implementation_target(p.implementation_base, p.implementation_by_will * state.will,
                                   p.implementation_by_money * money, p.implementation_by_guarantor * guarantor,
                                   p.mediation_effect * mediated + women.peace_effect * seats,
                                   p.implementation_obstructed * obstruction)
    state.implementation = clamp(
        state.implementation + (1.0 - decay(p.implementation_time, dt)) * (target - state.implementation), 0.0, 1.0)
    calm = world.country[0].battle_deaths_52 < world.parameters.relapse[0].conflict_deaths
    state.revenue = state.revenue * (1.0 + dt * (p.growth_in_peace if calm else p.growth_in_conflict))

    plan = dt / QUARTER * MONTH  # money is paid month by month
    world.ledger[MEDIATION].planned = p.mediation * p.mediation_cost * plan
    world.ledger[ASSESSMENT].planned = p.assessment * p.assessment_cost * plan
    world.ledger[CONDITIONALITY].planned = p.conditionality * p.conditionality_cost * plan
    world.ledger[REFORM].planned = p.ambition * p.reform_cost * plan
