"""S3 Programmes: training, mentoring and equipment delivered to police and army.

Training moves skill only as far as the politics of the country let it (a political ceiling), only where it fits, and
fades when a project ends; mentoring keeps what training gave. Without rights content it leaves conduct unchanged.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import phase

TRAINING_POLICE = LINES.index("training_police")
TRAINING_MILITARY = LINES.index("training_military")
TRAINING_JUSTICE = LINES.index("training_justice")
MENTORING = LINES.index("mentoring")
EQUIPMENT_POLICE = LINES.index("equipment_police")
EQUIPMENT_MILITARY = LINES.index("equipment_military")


# ------------------------------------------------------------------------------------------------- parameters
class Training(Block):
    """Courses for police and army."""

    group: ClassVar[str] = "Capacity"

    police: float = lever(
        0.3, unit="share of the force / year", lo=0.0, hi=1.0, cost="USD 1,500 per officer trained",
        source="assumption", headline=True, side_effect="Takes officers off the street; feeds the form of reform.",
        help="Share of the police that attends a course each year.")
    military: float = lever(
        0.2, unit="share of the force / year", lo=0.0, hi=1.0, cost="USD 4,000 per soldier trained",
        source="evidence D2: 9,000-100,000 for a contractor-built soldier; a course is cheaper (assumption)",
        side_effect="A stronger army without control is a stronger faction.",
        help="Share of the army that attends a course each year.")
    justice: float = lever(
        0.1, unit="share of officials / year", lo=0.0, hi=1.0, cost="USD 3,000 per judge, prosecutor or clerk trained",
        source="assumption", side_effect="Takes officials off their cases, which wait longer.",
        help="Share of judges, prosecutors and clerks that attends a course each year.")
    rights_content: float = lever(
        0.3, unit="share of the course", lo=0.0, hi=1.0, cost="none beyond the course", source="assumption",
        side_effect="Takes time from technical content.", help="Share of the course on rights, law and ethics.")
    cost_police: float = uncertain(
        1500.0, unit="USD / officer", lo=500.0, hi=4000.0, source="assumption", help="Price of a police course.")
    cost_military: float = uncertain(
        4000.0, unit="USD / soldier", lo=1500.0, hi=9000.0, source="evidence D2 (V/M)", help="Price of an army course.")
    cost_justice: float = uncertain(
        3000.0, unit="USD / official", lo=1000.0, hi=8000.0, source="assumption", help="Price of a course for courts.")
    court_officials: float = uncertain(
        8.0, unit="officials / 100,000", lo=3.0, hi=20.0, source="assumption",
        help="Judges, prosecutors and clerks of courts of full capacity.")
    course_time: float = uncertain(
        0.1, unit="years / course", lo=0.0, hi=0.25, source="assumption",
        help="Time for which a course takes an official off his cases.")
    learning: float = uncertain(
        0.8, unit="share of the gap / course", lo=0.3, hi=1.2, off=0.0, source="assumption",
        help="How much of the gap to full skill one course closes, fit and absorption permitting.")
    fit_weight: float = uncertain(
        0.6, unit="share 0-1", lo=0.3, hi=0.9, off=0.0, source="evidence E41 (sign); size is an assumption",
        help="Part of a programme that is lost where it does not fit the country at all.")
    absorption_weight: float = uncertain(
        0.7, unit="share 0-1", lo=0.4, hi=0.95, off=0.0, source="assumption",
        help="Part of a programme that is lost where the state can absorb none.")
    ceiling_without_will: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, off=1.0, source="evidence E41; size is an assumption",
        help="Skill that courses can reach without political will and working institutions; 1 lifts the ceiling.")
    will_in_ceiling: float = uncertain(
        0.35, unit="share 0-1", lo=0.2, hi=0.5, source="evidence E41: at low will at most 40 % of the effect",
        help="What full political will adds to that ceiling; institutions that work add the rest.")
    wrong_people: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, off=0.0, source="assumption",
        help="Share of places in courses that a wholly corrupt unit gives to people who will not use them.")
    rights_displace: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=0.8, off=0.0, source="assumption",
        help="Technical learning that a course wholly on rights gives up.")
    rights_learning: float = uncertain(
        0.5, unit="times skill", lo=0.2, hi=0.8, off=0.0,
        source="evidence E43: training alone lowers abuse by 0-10 %; size is an assumption",
        help="How well a course wholly on rights moves the norm, against what a course does for skill.")
    norm_erosion: float = uncertain(
        0.12, unit="1 / year", lo=0.05, hi=0.2, off=0.0, source="assumption",
        help="How fast the norm of rights erodes among wholly corrupt colleagues.")
    professional_discipline: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, off=0.0, source="assumption",
        help="Discipline that an army without any professionalism lacks.")
    discipline_rate: float = uncertain(
        0.3, unit="1 / year", lo=0.15, hi=0.5, source="assumption", help="How fast discipline follows its causes.")
    skill_decay: float = uncertain(
        4.0, unit="years", lo=2.0, hi=8.0, source="assumption: skill is used, unlike in studies of idle skill",
        help="Time in which skill fades that daily work does not keep.")
    practice: float = uncertain(
        0.2, unit="share 0-1", lo=0.1, hi=0.3, off=0.0,
        source="assumption: forces at work keep the basics without courses; police start wars' ends with 0.15-0.3",
        help="Skill that daily work keeps up by itself.")


class Mentoring(Block):
    """Advisors who work beside officers."""

    group: ClassVar[str] = "Capacity"

    coverage: float = lever(
        0.15, unit="share of units", lo=0.0, hi=1.0, cost="USD 100,000 per advisor and year, one for 60 officers",
        source="evidence D2: individual police about 100,000 per year (M)", headline=True,
        side_effect="Lowers ownership while it lasts.", help="Share of police and army units with a resident mentor.")
    cost_per_advisor: float = uncertain(
        100e3, unit="USD / advisor / year", lo=50e3, hi=180e3, source="evidence D2 (M)", help="Price of one advisor.")
    officers_per_advisor: float = uncertain(
        60.0, unit="officers / advisor", lo=20.0, hi=150.0, source="assumption", help="How many one advisor mentors.")
    diffusion: float = uncertain(
        0.25, unit="1 / year", lo=0.0, hi=0.5, off=0.0, source="assumption",
        help="How fast a mentored unit takes over the norms of its mentor.")
    standard: float = constant(
        0.85, unit="share 0-1", lo=0.6, hi=1.0, source="assumption", help="Norm of rights that mentors live by.")
    keeps_skill: float = uncertain(
        3.0, unit="times", lo=1.0, hi=6.0, off=0.0, source="assumption",
        help="How much longer skill lasts beside a mentor: this many times more.")
    keeps_discipline: float = uncertain(
        0.2, unit="share 0-1", lo=0.05, hi=0.35, off=0.0, source="assumption",
        help="Discipline that an army unit without a mentor lacks.")


class Equipment(Block):
    """Vehicles, radios, posts, weapons and their upkeep."""

    group: ClassVar[str] = "Capacity"

    police: float = lever(
        0.2, unit="share of the standard / year", lo=0.0, hi=1.0, cost="USD 6,000 per officer for the full standard",
        source="evidence D2: recruit training and kit 3,000-15,000 (M)", side_effect="Can be diverted and sold.",
        help="Share of the police's standard equipment bought each year.")
    military: float = lever(
        0.1, unit="share of the standard / year", lo=0.0, hi=1.0, cost="USD 12,000 per soldier for the full standard",
        source="assumption", side_effect="Leaked weapons reach armed groups; raises fear of the state.",
        help="Share of the army's standard equipment bought each year.")
    cost_police: float = uncertain(
        6000.0, unit="USD / officer", lo=3000.0, hi=12000.0, source="evidence D2 (M)", help="Price of the standard.")
    cost_military: float = uncertain(
        12000.0, unit="USD / soldier", lo=5000.0, hi=25000.0, source="assumption", help="Price of the standard.")
    lifetime: float = uncertain(
        4.0, unit="years", lo=2.0, hi=8.0, source="assumption", help="Lifetime without repair.")
    diverted: float = uncertain(
        0.4, unit="share 0-1", lo=0.15, hi=0.65, off=0.0, source="assumption",
        help="Share of new equipment that a wholly corrupt unit sells, and of new weapons.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def political_ceiling(will, function, without_will, by_will):
    """Skill (0-1) beyond which training cannot lift a force: `without_will` at least, `by_will` more with full
    political will, the rest with institutions that work.
    """
    by_function = max(0.0, 1.0 - without_will - by_will)
    return clamp(without_will + by_will * will + by_function * function, 0.0, 1.0)


@njit
def quality_of_programme(fit, absorption, fit_weight, absorption_weight):
    """Share (0-1) of a programme that takes hold, by its fit and by what the state can absorb."""
    return ((1.0 - fit_weight) + fit_weight * fit) * ((1.0 - absorption_weight) + absorption_weight * absorption)


@njit
def skill_after(skill, taught, ceiling, learning, fading, practice, dt):
    """Skill (0-1) after one step: courses close part of the gap to the ceiling; what daily `practice` (0-1) does not
    keep fades within `fading` years.

    `taught` is the share of the force that completed a course in the step, with fit and absorption already in it.
    """
    gained = learning * taught * max(0.0, ceiling - skill)
    lost = max(0.0, skill - practice) * (1.0 - decay(fading, dt))
    return clamp(skill + gained - lost, 0.0, 1.0)


@njit
def norm_after(norm, taught, mentored, standard, erosion, dt):
    """Rights norm (0-1) after one step: `taught` (share of the gap to 1 that courses close), mentors' example (a rate
    per year towards their `standard`), and the pull of corrupt ranks (`erosion` per year).
    """
    gained = taught * (1.0 - norm) + mentored * dt * max(0.0, standard - norm)
    lost = erosion * dt * norm
    return clamp(norm + gained - lost, 0.0, 1.0)


@njit
def discipline_target(professionalism, mentored, by_professionalism, by_mentors):
    """Discipline (0-1) of a unit that is paid: what professionalism and mentors do not give is missing."""
    return 1.0 - by_professionalism * (1.0 - professionalism) - by_mentors * (1.0 - mentored)


@njit
def stock_after(stock, bought, lifetime, dt):
    """Equipment (0-1 of the standard) after one step of purchases (share of the standard) and wear."""
    return clamp(stock * decay(lifetime, dt) + bought, 0.0, 1.0)


# ------------------------------------------------------------------------------------------------- phases
@phase("police: skill rights_norm equipment mentored morale", "ledger: planned")
def train_and_equip_police(world, dt):
    """Courses, mentors and equipment reach the police as far as money, fit and absorption allow."""
    p = world.parameters.training[0]
    mentoring = world.parameters.mentoring[0]
    equipment = world.parameters.equipment[0]
    diligence = world.parameters.due_diligence[0]
    state = world.government[0]
    ceiling = political_ceiling(state.will, state.function, p.ceiling_without_will, p.will_in_ceiling)
    quality = quality_of_programme(state.fit, state.absorption, p.fit_weight, p.absorption_weight)
    taught = p.police * dt * quality * world.ledger[TRAINING_POLICE].delivered
    coverage = mentoring.coverage * world.ledger[MENTORING].delivered
    bought = equipment.police * dt * world.ledger[EQUIPMENT_POLICE].delivered
    rights = p.learning * p.rights_content * p.rights_learning  # share of the gap to the norm that a course closes
    helped = 0.0
    for i in range(len(world.police)):
        unit = world.police[i]
        helped += unit.staff * (1.0 - unit.withheld)
        unit.mentored = coverage * (1.0 - unit.withheld)
        # what is withheld comes in part from others, who teach no rights
        given = 1.0 - unit.withheld * (1.0 - diligence.substitution)
        unit.morale = clamp(unit.morale * (1.0 - diligence.resentment * unit.withheld * dt), 0.0, 1.0)
        # resentful ranks learn less: corrupt units send the wrong people to courses
        attending = taught * (1.0 - p.wrong_people * unit.corrupt)
        fading = p.skill_decay * (1.0 + mentoring.keeps_skill * unit.mentored)
        unit.skill = skill_after(unit.skill, attending * given * (1.0 - p.rights_displace * p.rights_content), ceiling,
                                 p.learning, fading, p.practice, dt)
        unit.rights_norm = norm_after(unit.rights_norm, attending * (1.0 - unit.withheld) * rights,
                                      mentoring.diffusion * unit.mentored, mentoring.standard,
                                      p.norm_erosion * unit.corrupt, dt)
        unit.equipment = stock_after(unit.equipment, bought * given * (1.0 - equipment.diverted * unit.corrupt),
                                     equipment.lifetime, dt)
    world.ledger[TRAINING_POLICE].planned = p.police * helped * p.cost_police * dt
    world.ledger[EQUIPMENT_POLICE].planned = equipment.police * helped * equipment.cost_police * dt
    for i in range(len(world.military)):
        helped += world.military[i].staff * (1.0 - world.military[i].withheld)
    advisors = mentoring.coverage * helped / mentoring.officers_per_advisor
    world.ledger[MENTORING].planned = advisors * mentoring.cost_per_advisor * dt


@phase("communities: court_skill", "ledger: planned")
def train_courts(world, dt):
    """Courses for judges, prosecutors and clerks, under the same limits of politics and absorption."""
    p = world.parameters.training[0]
    state = world.government[0]
    ceiling = political_ceiling(state.will, state.function, p.ceiling_without_will, p.will_in_ceiling)
    quality = quality_of_programme(state.fit, state.absorption, p.fit_weight, p.absorption_weight)
    taught = p.justice * dt * quality * world.ledger[TRAINING_JUSTICE].delivered
    officials = 0.0
    for i in range(len(world.communities)):
        c = world.communities[i]
        officials += c.population / 1e5 * p.court_officials * c.court_base
        attending = taught * (1.0 - p.wrong_people * c.court_corrupt)
        c.court_skill = skill_after(c.court_skill, attending, ceiling, p.learning, p.skill_decay, p.practice, dt)
    world.ledger[TRAINING_JUSTICE].planned = p.justice * officials * p.cost_justice * dt


@phase("military: professionalism rights_norm discipline equipment weapons", "groups: weapons",
       "country: weapons_loose weapons_entered", "ledger: planned")
def train_and_equip_army(world, dt):
    """The same for the army; weapons bought under corrupt commanders leak to those who pay."""
    p = world.parameters.training[0]
    mentoring = world.parameters.mentoring[0]
    equipment = world.parameters.equipment[0]
    diligence = world.parameters.due_diligence[0]
    state = world.government[0]
    ceiling = political_ceiling(state.will, state.function, p.ceiling_without_will, p.will_in_ceiling)
    quality = quality_of_programme(state.fit, state.absorption, p.fit_weight, p.absorption_weight)
    taught = p.military * dt * quality * world.ledger[TRAINING_MILITARY].delivered
    coverage = mentoring.coverage * world.ledger[MENTORING].delivered
    bought = equipment.military * dt * world.ledger[EQUIPMENT_MILITARY].delivered
    rights = p.learning * p.rights_content * p.rights_learning
    women = world.parameters.women[0]
    personnel = world.parameters.personnel[0]
    helped = leaked = 0.0
    for i in range(len(world.military)):
        unit = world.military[i]
        helped += unit.staff * (1.0 - unit.withheld)
        beside = coverage * (1.0 - unit.withheld)
        given = 1.0 - unit.withheld * (1.0 - diligence.substitution)
        fading = p.skill_decay * (1.0 + mentoring.keeps_skill * beside)
        unit.professionalism = skill_after(unit.professionalism,
                                           taught * given * (1.0 - p.rights_displace * p.rights_content), ceiling,
                                           p.learning, fading, p.practice, dt)
        unit.rights_norm = norm_after(unit.rights_norm, taught * (1.0 - unit.withheld) * rights,
                                      mentoring.diffusion * beside, mentoring.standard, p.norm_erosion * unit.corrupt,
                                      dt)
        calm = discipline_target(unit.professionalism, beside, p.professional_discipline, mentoring.keeps_discipline)
        calm -= personnel.discipline_arrears * min(unit.arrears, personnel.arrears_felt)
        calm -= diligence.resentment * unit.withheld
        calm += women.cohesion * (unit.women - women.ordinary) - women.backlash * state.imposed
        unit.discipline = clamp(unit.discipline + p.discipline_rate * dt * (calm - unit.discipline), 0.0, 1.0)
        unit.equipment = stock_after(unit.equipment, bought * given * (1.0 - equipment.diverted * unit.corrupt),
                                     equipment.lifetime, dt)
        weapons = round(bought * given * unit.staff)
        sold = round(weapons * equipment.diverted * unit.corrupt * (1.0 - world.oversight[0].open_purchases))
        unit.weapons += weapons - sold
        leaked += sold
        world.country[0].weapons_entered += weapons
    world.country[0].weapons_loose += leaked
    at_war = 0
    for g in range(len(world.groups)):
        at_war += world.groups[g].at_war * world.groups[g].exists
    if at_war > 0:
        for g in range(len(world.groups)):
            group = world.groups[g]
            if group.exists == 1 and group.at_war == 1:
                bought_by_group = float(int(leaked / at_war))
                group.weapons += bought_by_group
                world.country[0].weapons_loose -= bought_by_group
    world.ledger[TRAINING_MILITARY].planned = p.military * helped * p.cost_military * dt
    world.ledger[EQUIPMENT_MILITARY].planned = equipment.military * helped * equipment.cost_military * dt
