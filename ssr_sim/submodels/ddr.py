"""S8 DDR: from fighter to civilian, soldier or back.

Caseload overruns the plan, so money and queues limit it (evidence E28); disarmament waits for the other side; the
demobilised need acceptance and a livelihood; ties to commanders and peers pull them back (evidence E26). DDR changes
livelihoods: it has no path of its own to trust in the state (evidence E24).
"""

from typing import ClassVar

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, constant, lever, uncertain
from ssr_sim.tables import LINES, SIGNATORY
from ssr_sim.world import draw, phase

DISARMAMENT = LINES.index("disarmament")
REINTEGRATION = LINES.index("reintegration")

DISARMS = stream(120, "ddr: fighters who disarm")
DEMOBILISES = stream(121, "ddr: disarmed who are demobilised")
INTEGRATED = stream(122, "ddr: disarmed taken into the army")
REINTEGRATES = stream(123, "ddr: demobilised who find a livelihood")
RETURNS = stream(124, "ddr: demobilised who go back to arms")
GANGS = stream(125, "ddr: demobilised who turn to crime")
SLIPS = stream(126, "ddr: reintegrated who go back to arms")


# ------------------------------------------------------------------------------------------------- parameters
class Ddr(Block):
    """Disarmament, demobilisation and reintegration."""

    group: ClassVar[str] = "DDR"

    capacity: float = lever(
        0.6, unit="share of the planned caseload / year", lo=0.0, hi=2.0, cost="USD 600 per person registered",
        source="evidence D1: Liberia 11 months for the first phases", headline=True,
        side_effect="Registers more people than ever fought.", help="How fast fighters are disarmed and demobilised.")
    reintegration: float = lever(
        0.5, unit="share of the demobilised supported", lo=0.0, hi=1.0, cost="USD 900 per person over 18 months",
        source="evidence D2: 1,000-2,500 per ex-combatant in all (V)", headline=True,
        side_effect="Neighbours who never fought get nothing.",
        help="Share of the demobilised who get support with payments still to come.")
    integration_quota: float = lever(
        0.1, unit="share of the disarmed", lo=0.0, hi=0.6, cost="their pay", source="Krebs and Licklider 2016",
        side_effect="Brings their record of abuse into the army.", help="Share taken into the army.")
    cost_per_person: float = uncertain(
        600.0, unit="USD / person", lo=400.0, hi=1000.0, source="evidence D2 (V)",
        help="Price of disarming and demobilising one person.")
    cost_of_support: float = uncertain(
        900.0, unit="USD / person", lo=500.0, hi=1500.0, source="evidence D2 (V)",
        help="Price of support for one person.")
    caseload: float = uncertain(
        1.8, unit="registered / fighter", lo=1.2, hi=2.8, source="Liberia 2.7, DRC 1.4 (evidence E28, V)",
        help="People who register for each real fighter.", off=1.0)
    synchrony: float = uncertain(
        0.6, unit="share 0-1", lo=0.2, hi=0.9, source="Walter 1997; size is an assumption",
        help="How far each side waits for the others to disarm.", off=0.0)
    head_start: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Share of others still armed that no side waits for.", off=1.0)
    readiness: float = uncertain(
        1.5, unit="factor", lo=1.0, hi=2.0, source="assumption",
        help="Readiness to disarm for each point of belief in the settlement and its guarantor.")
    fastest: float = constant(
        3.0, unit="1 / year", lo=1.0, hi=10.0, source="evidence D1",
        help="Fastest rate of disarmament, however many places there are.")
    processing: float = uncertain(
        2.0, unit="1 / year", lo=1.0, hi=3.0, source="evidence D1: months in cantonment",
        help="Rate at which the disarmed are demobilised, or chosen for the army, by a fully funded programme.")
    record_brought: float = uncertain(
        1.0, unit="share 0-1", lo=0.5, hi=1.5, source="assumption",
        help="Share of those integrated from a group without cohesion who have a record of abuse.", off=0.0)
    livelihood_time: float = uncertain(
        2.0, unit="years", lo=1.0, hi=4.0, source="evidence D1: 18-60 months",
        help="Time to a livelihood with support.")
    support_time: float = uncertain(
        0.75, unit="years", lo=0.5, hi=1.0, source="assumption",
        help="Time in which the share of the demobilised with payments to come follows the programme.")
    support_length: float = constant(
        1.5, unit="years", lo=0.5, hi=3.0, source="evidence D2: 18 months of support", help="How long support is paid.")
    rejection_by_fear: float = uncertain(
        0.4, unit="share 0-1", lo=0.2, hi=0.6, source="Kaplan and Nussio 2018; size is an assumption",
        help="Acceptance of former fighters that full fear takes away.", off=0.0)
    rejection_by_grievance: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Acceptance of former fighters that full grievance takes away.", off=0.0)
    rejection_by_record: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="Humphreys and Weinstein 2007; size is an assumption",
        help="Acceptance of former fighters that their group's record of abuse takes away.", off=0.0)
    least_acceptance: float = constant(
        0.1, unit="share 0-1", lo=0.0, hi=0.3, source="assumption", help="Acceptance that remains whatever happened.")
    record_of_disorder: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="Humphreys and Weinstein 2007; size is an assumption",
        help="Record of abuse of a group without cohesion.", off=0.0)
    record_of_attacks: float = uncertain(
        0.05, unit="share / attack", lo=0.02, hi=0.08, source="assumption",
        help="Record of abuse for each attack that people of a place remember.", off=0.0)
    unaided_time: float = uncertain(
        7.0, unit="years", lo=4.0, hi=12.0, source="assumption", help="Time to a livelihood without support.")
    return_rate: float = uncertain(
        0.14, unit="1 / year", lo=0.1, hi=0.2, source="pilot study; E26",
        help="Rate of return to arms of the demobilised with full ties, without support.", off=0.0)
    hold_of_support: float = uncertain(
        0.6, unit="share 0-1", lo=0.4, hi=0.8, source="Blattman and Annan 2016; size is an assumption",
        help="Share of returns that payments still to come prevent.", off=0.0)
    call_to_arms: float = uncertain(
        4.0, unit="factor", lo=2.0, hi=6.0, source="assumption",
        help="Rise of returns when the group is at war and its commanders call.", off=1.0)
    peer_effect: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=1.0, source="Daly, Paler and Samii 2020 (evidence E26)",
        help="Rise of returns where all peers have returned.", off=0.0)
    hoarding: float = uncertain(
        0.4, unit="share of weapons", lo=0.2, hi=0.7, source="assumption", help="Weapons hidden rather than handed in.",
        off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def willingness(assurance, readiness, others_disarmed, head_start, synchrony):
    """Readiness (0-1) to disarm: belief in the settlement and its guarantor, and the share of others disarmed."""
    others = clamp(others_disarmed + head_start, 0.0, 1.0)
    return clamp(readiness * assurance * (1.0 - synchrony + synchrony * others), 0.0, 1.0)


@njit
def livelihood_rate(support, acceptance, aided_time, unaided_time):
    """Rate (1/year) of finding a livelihood: mixes aided and unaided, times acceptance by the community (0-1)."""
    return acceptance * (support / aided_time + (1.0 - support) / unaided_time)


@njit
def return_rate(base, ties, support, hold, peers, peer_effect):
    """Rate (1/year) of return to arms: ties and peers pull, payments still to come hold (Blattman and Annan 2016)."""
    return base * ties * (1.0 + peer_effect * peers) * (1.0 - hold * support)


@njit
def acceptance_of(fear, grievance, abuses, least):
    """Acceptance (0-1, no less than `least`) of former fighters by a community: fear, grievance and the group's record
    of abuse, each times its weight, stand against it.
    """
    return clamp(1.0 - fear - grievance - abuses, least, 1.0)


# ------------------------------------------------------------------------------------------------- phases
@phase("presence: fighters", "cohorts: disarmed demobilised reintegrated supported relapsed",
       "groups: weapons fighters",
       "communities: gangs", "military: staff abuse_record", "country: integrated weapons_collected weapons_loose",
       "ledger: planned")
def former_fighters(world, dt):
    """Fighters at peace disarm and leave the programme's queues for a livelihood, the army, crime or the bush."""
    now = world.clock[0]
    p = world.parameters.ddr[0]
    country = world.country[0]
    n = len(world.communities)
    active = gone = 0.0
    for g in range(len(world.groups)):
        if world.groups[g].exists == 1 and world.groups[g].at_war == 0 and world.groups[g].stance == SIGNATORY:
            for j in range(n):
                cohort = world.cohorts[g * n + j]
                active += world.presence[g * n + j].fighters
                gone += cohort.disarmed + cohort.demobilised + cohort.reintegrated
    others = gone / (active + gone) if active + gone > 0.0 else 0.0
    planned = world.government[0].ddr_planned
    phase_one = world.ledger[DISARMAMENT].delivered
    support = p.reintegration * world.ledger[REINTEGRATION].delivered
    army = 0.0
    for i in range(len(world.military)):
        army += world.military[i].staff

    processed = rate_to_probability(p.processing * phase_one, dt)
    joining = rate_to_probability(p.integration_quota * p.processing * phase_one, dt) if army >= 1.0 else 0.0
    followed = 1.0 - decay(p.support_time, dt)
    supported_people = integrated_now = abusers = 0.0
    for g in range(len(world.groups)):
        group = world.groups[g]
        ready = 0.0
        if group.exists == 1 and group.at_war == 0 and group.stance == SIGNATORY:
            ready = willingness(group.assurance, p.readiness, others, p.head_start, p.synchrony)
        # the programme's places are shared by all who register, real fighters or not
        rate = min(p.fastest, p.capacity * planned / max(active * p.caseload, 1.0)) * phase_one * ready
        disarming = rate_to_probability(rate, dt)
        slipping = rate_to_probability(p.return_rate * group.ties, dt)
        uids = world.cohorts["uid"][g * n:(g + 1) * n]
        settles = draw_each(now, REINTEGRATES, uids, 0)
        falls_back = draw_each(now, RETURNS if group.at_war == 1 else GANGS, uids, 0)
        total = arms = 0.0
        arms_per_fighter = group.weapons / group.fighters if group.fighters > 0.0 else 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            cohort = world.cohorts[g * n + j]
            if row.fighters <= 0.0 and cohort.disarmed + cohort.demobilised + cohort.reintegrated <= 0.0:
                continue
            c = world.communities[j]
            if ready > 0.0 and row.fighters > 0.0:
                out = binomial(int(row.fighters), disarming, draw(now, DISARMS, cohort.uid, 0))
                row.fighters -= out
                cohort.disarmed += out
                arms += out * arms_per_fighter
            if cohort.disarmed > 0.0:
                taken = 0
                if joining > 0.0:
                    taken = binomial(int(cohort.disarmed), joining, draw(now, INTEGRATED, cohort.uid, 0))
                    integrated_now += taken
                    abusers += taken * min(1.0, p.record_brought * (1.0 - group.cohesion))
                out = binomial(int(cohort.disarmed) - taken, processed, draw(now, DEMOBILISES, cohort.uid, 0))
                cohort.disarmed -= taken + out
                cohort.demobilised += out
            if cohort.demobilised > 0.0:
                cohort.supported = clamp(cohort.supported + followed * (support - cohort.supported), 0.0, 1.0)
                supported_people += cohort.demobilised
                abuses = clamp(p.record_of_disorder * (1.0 - group.cohesion)
                               + p.record_of_attacks * c.attacks_in_memory, 0.0, 1.0)
                accepted = acceptance_of(p.rejection_by_fear * c.fear, p.rejection_by_grievance * c.grievance,
                                         p.rejection_by_record * abuses, p.least_acceptance)
                settled = livelihood_rate(cohort.supported, accepted, p.livelihood_time, p.unaided_time)
                out = binomial(int(cohort.demobilised), rate_to_probability(settled, dt), settles[j])
                cohort.demobilised -= out
                cohort.reintegrated += out
                peers = cohort.relapsed / (cohort.relapsed + cohort.demobilised + cohort.reintegrated + 1.0)
                back = return_rate(p.return_rate, group.ties, cohort.supported, p.hold_of_support, peers,
                                   p.peer_effect)
                if group.at_war == 1:
                    # when the commanders call, ties decide
                    out = binomial(int(cohort.demobilised), rate_to_probability(p.call_to_arms * back, dt),
                                   falls_back[j])
                    row.fighters += out
                else:
                    out = binomial(int(cohort.demobilised), rate_to_probability(back, dt), falls_back[j])
                    c.gangs += out
                cohort.demobilised -= out
                cohort.relapsed += out
            if cohort.reintegrated > 0.0 and group.at_war == 1:
                out = binomial(int(cohort.reintegrated), slipping, draw(now, SLIPS, cohort.uid, 0))
                cohort.reintegrated -= out
                cohort.relapsed += out
                row.fighters += out
            total += row.fighters
        group.fighters = total
        collected = float(int(arms * (1.0 - p.hoarding)))
        hidden = float(int(arms * p.hoarding))
        group.weapons = max(0.0, group.weapons - collected - hidden)
        country.weapons_collected += collected
        country.weapons_loose += hidden

    if integrated_now > 0.0:
        _integrate(world.military, integrated_now, abusers / integrated_now, army)
        country.integrated += integrated_now
    registered = min(p.capacity * planned, p.fastest * active * p.caseload)
    world.ledger[DISARMAMENT].planned = registered * p.cost_per_person * dt
    world.ledger[REINTEGRATION].planned = (
        p.reintegration * supported_people * p.caseload * p.cost_of_support / p.support_length * dt)


@njit
def _integrate(military, people, record, army):
    """Spread `people` over army units in proportion to their size, whole persons, the rest to the largest remainder."""
    left = people
    for i in range(len(military)):
        unit = military[i]
        if unit.staff <= 0.0:
            continue
        share = min(left, float(int(people * unit.staff / army)))
        _join(unit, share, record)
        left -= share
    largest = 0
    for i in range(len(military)):
        unit = military[i]
        if unit.staff > military[largest].staff or (unit.staff == military[largest].staff
                                                    and unit.uid < military[largest].uid):
            largest = i
    if left > 0.0:
        _join(military[largest], left, record)


@njit
def _join(unit, people, record):
    """`people` with a share `record` of abusers join an army unit."""
    if people > 0.0:
        unit.abuse_record = clamp((unit.abuse_record * unit.staff + record * people) / (unit.staff + people), 0.0, 1.0)
        unit.staff += people
