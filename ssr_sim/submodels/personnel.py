"""Personnel: pay and arrears, payroll control and ghosts, recruitment, composition of the forces."""

from typing import ClassVar

import numpy as np

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

PAY_POLICE = LINES.index("pay_police")
PAY_MILITARY = LINES.index("pay_military")
PAYROLL_CONTROL = LINES.index("payroll_control")
RECRUITMENT = LINES.index("recruitment")
INCLUSION = LINES.index("inclusion")

GHOST_FOUND = stream(30, "personnel: ghost names struck off")
LEFT_POLICE = stream(31, "personnel: officers who leave")
JOINED_POLICE = stream(32, "personnel: recruits")
LEFT_ARMY = stream(33, "personnel: soldiers who leave")
JOINED_ARMY = stream(35, "personnel: army recruits")
CAME_BACK = stream(34, "personnel: removed officers hired again")


# ------------------------------------------------------------------------------------------------- parameters
class Pay(Block):
    """Wages of police and army."""

    group: ClassVar[str] = "Capacity"

    level: float = lever(
        1.0, unit="times the reference wage", lo=0.5, hi=3.0, cost="4.3 times GDP per head, per person and year, at 1",
        source="evidence D2: 100-200 USD per month (V)", headline=True,
        side_effect="Raises the price of a bribe; arrears grow when the money is not there.",
        help="Wage of an officer or soldier.")
    wage: float = uncertain(
        4.3, unit="GDP per head / year", lo=3.0, hi=6.0,
        source="evidence D2: 100-150 USD per month in Liberia and Somalia (V) against their GDP per head (C)",
        help="Reference wage of an officer or soldier.")
    attrition: float = uncertain(
        0.05, unit="1 / year", lo=0.02, hi=0.12, source="assumption", help="Officers and soldiers who leave each year.")
    arrears_attrition: float = uncertain(
        0.01, unit="1 / year / month of arrears", lo=0.0, hi=0.03, off=0.0, source="assumption",
        help="Further losses for each month of unpaid wages.")


class Personnel(Block):
    """What unpaid wages and those who come and go do to a force."""

    group: ClassVar[str] = "Model"

    full_pay: float = constant(
        0.9, unit="share 0-1", lo=0.7, hi=1.0, source="assumption: deductions are usual",
        help="Share of the wages due that counts as paid in full.")
    catch_up: float = uncertain(
        0.5, unit="months / month", lo=0.2, hi=1.0, off=0.0, source="assumption",
        help="Arrears paid back in a month of full pay.")
    arrears_felt: float = constant(
        10.0, unit="months", lo=6.0, hi=18.0, source="assumption",
        help="Unpaid months beyond which more of them change nothing.")
    at_post: float = uncertain(
        0.95, unit="share 0-1", lo=0.85, hi=1.0, source="assumption: leave, courses and sickness take the rest",
        help="Share of paid officers in good spirits who are at their post.")
    absence: float = uncertain(
        0.05, unit="share 0-1 / month of arrears", lo=0.02, hi=0.08, off=0.0,
        source="evidence E38: units left their bases after about four unpaid months",
        help="Officers who stay away for each unpaid month.")
    absence_by_morale: float = uncertain(
        0.2, unit="share 0-1", lo=0.05, hi=0.35, off=0.0, source="assumption",
        help="Officers who stay away once morale is gone.")
    morale_base: float = constant(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption", help="Morale of officers without any pay.")
    morale_pay: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, off=0.0, source="assumption",
        help="Morale that the reference wage adds.")
    morale_arrears: float = uncertain(
        0.05, unit="share 0-1 / month of arrears", lo=0.02, hi=0.08, off=0.0,
        source="evidence E38; size is an assumption", help="Morale lost with each unpaid month.")
    morale_mentors: float = uncertain(
        0.2, unit="share 0-1", lo=0.05, hi=0.35, off=0.0, source="assumption",
        help="Morale that working beside mentors adds.")
    morale_time: float = uncertain(
        1.0, unit="years", lo=0.5, hi=2.0, source="assumption", help="Time in which morale follows its causes.")
    discipline_arrears: float = uncertain(
        0.03, unit="share 0-1 / month of arrears", lo=0.01, hi=0.05, off=0.0,
        source="evidence E38; size is an assumption", help="Discipline of the army lost with each unpaid month.")
    loyalty_legitimacy: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, off=0.0, source="assumption",
        help="Loyalty that soldiers of a state without legitimacy lack.")
    loyalty_discipline: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, off=0.0, source="assumption",
        help="Loyalty that soldiers without discipline lack.")
    loyalty_arrears: float = uncertain(
        0.03, unit="share 0-1 / month of arrears", lo=0.01, hi=0.05, off=0.0,
        source="evidence E38; size is an assumption", help="Loyalty lost with each unpaid month.")
    loyalty_rate: float = uncertain(
        0.5, unit="1 / year", lo=0.25, hi=1.0, source="assumption", help="How fast loyalty follows its causes.")
    recruit_skill: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="assumption: basic training without experience",
        help="Skill of a recruit of the police.")
    recruit_norm: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="assumption", help="Norm of rights of a recruit of the police.")
    recruit_professionalism: float = uncertain(
        0.5, unit="times the unit's", lo=0.25, hi=0.75, off=1.0, source="assumption",
        help="Professionalism of an army recruit against that of the unit.")
    applicants: float = uncertain(
        20.0, unit="applicants / place", lo=5.0, hi=50.0, source="assumption",
        help="Applicants for a place, among whom officers who were removed stand in line.")
    bad_habits: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, off=0.0, source="assumption",
        help="How far removed officers who come back spread corruption in their unit.")


class Payroll(Block):
    """Verified payroll: biometric registration and payment into accounts."""

    group: ClassVar[str] = "Integrity"

    control: float = lever(
        0.1, unit="share of the force covered", lo=0.0, hi=1.0, cost="USD 30 per head and year",
        source="evidence D2: 10-50 per head (M); E38", side_effect="Commanders lose ghost pay and resist.",
        help="Share of police and army paid through a verified payroll.")
    cost_per_head: float = uncertain(
        30.0, unit="USD / head / year", lo=10.0, hi=50.0, source="evidence D2 (M)", help="Price of verified payment.")
    strike_rate: float = uncertain(
        1.0, unit="1 / year", lo=0.3, hi=2.0, off=0.0, source="Somalia: about 10,000 ghosts removed (V)",
        help="Rate at which a full control strikes ghost names off.")


class Recruitment(Block):
    """Size of police and army."""

    group: ClassVar[str] = "Capacity"

    police_target: float = lever(
        120.0, unit="officers / 100,000 people", lo=0.0, hi=400.0, cost="USD 8,000 per recruit",
        source="Liberia about 110, Haiti about 140 (evidence E40)",
        side_effect="Fast growth dilutes skill; pay has to follow.", help="Strength the police recruits towards.")
    army_target: float = lever(
        1.0, unit="times the army's size at the start", lo=0.0, hi=3.0, cost="USD 8,000 per recruit",
        source="evidence E09: high military spending after war raises the risk of relapse",
        side_effect="Soldiers have to be paid; an unpaid army mutinies.", help="Strength the army recruits towards.")
    pace: float = uncertain(
        0.15, unit="share of the target / year", lo=0.05, hi=0.3, source="evidence D1: 3,500 officers in 36 months",
        help="Largest yearly intake against the target.")
    cost_per_recruit: float = uncertain(
        8000.0, unit="USD / recruit", lo=3000.0, hi=15000.0, source="evidence D2 (M)",
        help="Basic training and kit of a recruit.")


class Inclusion(Block):
    """Fair representation of groups in the forces."""

    group: ClassVar[str] = "Community"

    target: float = lever(
        0.2, unit="share of recruits chosen for balance", lo=0.0, hi=1.0, cost="USD 0.5 million per year at 1",
        source="Samii 2013; Call 2012", headline=True, side_effect="Imposed quotas raise resistance in the ranks.",
        help="Share of posts filled so that the force mirrors the population.")
    cost_per_year: float = uncertain(
        0.5e6, unit="USD / year", lo=0.1e6, hi=2e6, source="assumption", help="Price of outreach and preparation.")
    turnover: float = uncertain(
        0.25, unit="1 / year", lo=0.1, hi=0.5, off=0.0, source="assumption",
        help="How fast composition follows full effort.")
    exclusion_ended: float = uncertain(
        0.4, unit="share 0-1", lo=0.1, hi=0.7, off=0.0, source="Samii 2013 (sign); size is an assumption",
        help="Part of the exclusion of a people that ends with their exclusion from the forces.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def arrears_after(arrears, paid, full, catch_up, dt):
    """Unpaid wages in months: what is missing is added, and `catch_up` months are paid back in a month of full pay.

    `paid` is the share of the wages due in the step that arrived; a share `full` counts as all of it.
    """
    months = 12.0 * dt
    if paid < full:
        return clamp(arrears + months * (full - paid), 0.0, 60.0)
    return max(0.0, arrears - catch_up * months)


@njit
def present_share(arrears, morale, at_post, absence, by_morale):
    """Share of staff (0-1) at their post: falls with each unpaid month (of `arrears` as felt) and with low morale."""
    return clamp(at_post - absence * arrears - by_morale * (1.0 - morale), 0.05, 1.0)


@njit
def mood_of(pay, arrears, mentored, base, by_pay, by_arrears, by_mentors):
    """Morale that wages (times the reference), unpaid months (as felt) and mentors (0-1) sustain, before it is held
    within 0-1.
    """
    return base + by_pay * pay - by_arrears * arrears + by_mentors * mentored


@njit
def loyalty_target(legitimacy, discipline, arrears, by_legitimacy, by_discipline, by_arrears):
    """Loyalty (0-1) that legitimacy, discipline and unpaid months (as felt) sustain."""
    missing = by_legitimacy * (1.0 - legitimacy) + by_discipline * (1.0 - discipline) + by_arrears * arrears
    return clamp(1.0 - missing, 0.0, 1.0)


@njit
def verified(control, digital):
    """Share (0-1) of the payroll that is verified by payroll control or by digital tools."""
    return 1.0 - (1.0 - control) * (1.0 - digital)


@njit
def intake(staff, target, pace, funded, dt):
    """Recruits wanted in a step: towards `target` (officers), no faster than `pace` of it per year, as far as
    funded.
    """
    return max(0.0, min(target - staff, pace * target * funded * dt))


# ------------------------------------------------------------------------------------------------- phases
@phase("police: arrears morale present ghosts staff recruits skill rights_norm corrupt abuse_record imbalance reviewed",
       "communities: population excluded", "country: home recruited_police", "government: pool_police",
       "ledger: planned")
def staff_the_police(world, dt):
    """Wages arrive or not, ghosts are struck off, officers leave and recruits arrive."""
    now = world.clock[0]
    p = world.parameters.personnel[0]
    pay = world.parameters.pay[0]
    payroll = world.parameters.payroll[0]
    recruitment = world.parameters.recruitment[0]
    inclusion = world.parameters.inclusion[0]
    vetting = world.parameters.vetting[0]
    country = world.country[0]
    state = world.government[0]
    paid = world.ledger[PAY_POLICE].delivered
    control = verified(payroll.control * world.ledger[PAYROLL_CONTROL].delivered,
                       world.parameters.technology[0].payroll_gain * world.oversight[0].technology)
    balance = inclusion.target * world.ledger[INCLUSION].delivered
    women = world.parameters.women[0]
    bill = wanted = heads = 0.0
    # all see the pool of the start; when it runs dry, a draw decides who is served, not the order of rows
    pool = state.pool_police
    places = 0.0  # that open in the whole country, for which the pool stands in line
    for i in range(len(world.police)):
        places += intake(world.police[i].staff, recruitment.police_target * world.communities[i].population / 1e5,
                         recruitment.pace, world.ledger[RECRUITMENT].delivered, dt)
    # without vetting at the gate some of the recruits wore the uniform before
    returning = pool / (pool + p.applicants * max(1.0, places)) * (1.0 - vetting.gate_power * vetting.gate)
    struck = rate_to_probability(payroll.strike_rate * control, dt)
    uids = world.police["uid"].copy()
    found, left = draw_each(now, GHOST_FOUND, uids, 0), draw_each(now, LEFT_POLICE, uids, 0)
    joined, back = draw_each(now, JOINED_POLICE, uids, 0), draw_each(now, CAME_BACK, uids, 0)
    for i in np.argsort(draw_each(now, CAME_BACK, uids, 1)):
        unit = world.police[i]
        c = world.communities[i]
        unit.arrears = arrears_after(unit.arrears, paid, p.full_pay, p.catch_up, dt)
        felt = min(unit.arrears, p.arrears_felt)
        mixed = women.cohesion * (unit.women - women.ordinary) - women.backlash * state.imposed
        mood = clamp(mood_of(pay.level, felt, unit.mentored, p.morale_base, p.morale_pay, p.morale_arrears,
                             p.morale_mentors) + mixed, 0.0, 1.0)
        unit.morale = clamp(unit.morale + dt / p.morale_time * (mood - unit.morale), 0.0, 1.0)
        unit.present = present_share(felt, unit.morale, p.at_post, p.absence, p.absence_by_morale)
        unit.ghosts -= binomial(int(unit.ghosts), struck, found[i])

        gone = binomial(int(unit.staff), rate_to_probability(pay.attrition + pay.arrears_attrition * felt, dt), left[i])
        unit.staff -= gone
        c.population += gone
        country.home += gone

        target = recruitment.police_target * c.population / 1e5
        mean = intake(unit.staff, target, recruitment.pace, world.ledger[RECRUITMENT].delivered, dt)
        youth = int(c.population * c.youth)
        recruits = binomial(youth, min(1.0, mean / youth), joined[i]) if youth > 0 else 0
        old_hands = min(binomial(recruits, returning, back[i]), int(state.pool_police))
        state.pool_police -= old_hands
        c.population -= recruits - old_hands
        country.recruited_police += recruits
        unit.recruits = recruits
        if recruits > 0:
            weight = recruits / (unit.staff + recruits)
            unit.skill += weight * (p.recruit_skill - unit.skill)
            unit.rights_norm += weight * (p.recruit_norm - unit.rights_norm)
            # recruits take over the habits of the unit; officers who were removed bring back theirs
            unit.corrupt = clamp(unit.corrupt + p.bad_habits * weight * old_hands / recruits * (1.0 - unit.corrupt),
                                 0.0, 1.0)
            unit.abuse_record += weight * (old_hands / recruits - unit.abuse_record)
            unit.abuse_record = clamp(unit.abuse_record, 0.0, 1.0)
            unit.reviewed = clamp(unit.reviewed * (1.0 - weight), 0.0, 1.0)
            unit.staff += recruits
        # composition follows effort; a force that mirrors the people ends part of their exclusion
        unit.imbalance = clamp(unit.imbalance * (1.0 - inclusion.turnover * balance * dt), 0.0, 1.0)
        c.excluded = clamp(c.excluded * (1.0 - inclusion.exclusion_ended * inclusion.turnover * balance * dt), 0.0,
                           1.0)
        bill += (unit.staff + unit.ghosts) * pay.wage * state.gdp_per_head * pay.level * dt
        wanted += max(0.0, min(target - unit.staff, recruitment.pace * target * dt))
        heads += unit.staff
    world.ledger[PAY_POLICE].planned = bill
    world.ledger[RECRUITMENT].planned = wanted * recruitment.cost_per_recruit
    world.ledger[INCLUSION].planned = inclusion.target * inclusion.cost_per_year * dt
    soldiers = 0.0
    for i in range(len(world.military)):
        soldiers += world.military[i].staff
    world.ledger[PAYROLL_CONTROL].planned = payroll.control * (heads + soldiers) * payroll.cost_per_head * dt


@phase("military: arrears ghosts staff recruits loyalty professionalism abuse_record imbalance",
       "communities: population", "country: home", "ledger: planned")
def staff_the_army(world, dt):
    """Soldiers are paid or not; ghosts are struck off; some leave for home, recruits fill their places."""
    now = world.clock[0]
    p = world.parameters.personnel[0]
    pay = world.parameters.pay[0]
    payroll = world.parameters.payroll[0]
    recruitment = world.parameters.recruitment[0]
    country = world.country[0]
    state = world.government[0]
    paid = world.ledger[PAY_MILITARY].delivered
    control = verified(payroll.control * world.ledger[PAYROLL_CONTROL].delivered,
                       world.parameters.technology[0].payroll_gain * world.oversight[0].technology)
    inclusion = world.parameters.inclusion[0]
    balance = inclusion.target * world.ledger[INCLUSION].delivered
    bill = wanted = 0.0
    # units posted to one place recruit from the same people: in the order of a draw, not of rows
    uids = world.military["uid"].copy()
    found, left = draw_each(now, GHOST_FOUND, uids, 1), draw_each(now, LEFT_ARMY, uids, 0)
    joined = draw_each(now, JOINED_ARMY, uids, 0)
    struck = rate_to_probability(payroll.strike_rate * control, dt)
    for i in np.argsort(draw_each(now, JOINED_ARMY, uids, 1)):
        unit = world.military[i]
        unit.arrears = arrears_after(unit.arrears, paid, p.full_pay, p.catch_up, dt)
        felt = min(unit.arrears, p.arrears_felt)
        unit.ghosts -= binomial(int(unit.ghosts), struck, found[i])
        gone = binomial(int(unit.staff), rate_to_probability(pay.attrition + pay.arrears_attrition * felt, dt), left[i])
        unit.staff -= gone
        world.communities[unit.posting].population += gone
        country.home += gone
        target = recruitment.army_target * state.army_size / len(world.military)
        mean = intake(unit.staff, target, recruitment.pace, world.ledger[RECRUITMENT].delivered, dt)
        c = world.communities[unit.posting]
        youth = int(c.population * c.youth)
        recruits = binomial(youth, min(1.0, mean / youth), joined[i]) if youth > 0 else 0
        c.population -= recruits
        unit.recruits = recruits
        if recruits > 0:
            weight = recruits / (unit.staff + recruits)
            unit.professionalism += weight * (p.recruit_professionalism * unit.professionalism - unit.professionalism)
            unit.abuse_record *= 1.0 - weight
            unit.staff += recruits
        unit.imbalance = clamp(unit.imbalance * (1.0 - inclusion.turnover * balance * dt), 0.0, 1.0)
        wanted += max(0.0, min(target - unit.staff, recruitment.pace * target * dt))
        loyal = loyalty_target(state.legitimacy, unit.discipline, felt, p.loyalty_legitimacy, p.loyalty_discipline,
                               p.loyalty_arrears)
        unit.loyalty = clamp(unit.loyalty + p.loyalty_rate * dt * (loyal - unit.loyalty), 0.0, 1.0)
        bill += (unit.staff + unit.ghosts) * pay.wage * state.gdp_per_head * pay.level * dt
    world.ledger[PAY_MILITARY].planned = bill
    world.ledger[RECRUITMENT].planned += wanted * recruitment.cost_per_recruit
