"""S8 DDR: from fighter to civilian, soldier or back.

Caseload overruns the plan, so money and queues limit it (evidence E28); disarmament waits for the other side; the
demobilised need acceptance and a livelihood; ties to commanders and peers pull them back (evidence E26). DDR changes
livelihoods: it has no path of its own to trust in the state (evidence E24).
"""

from typing import ClassVar

from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, lever, uncertain
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
        help="People who register for each real fighter.")
    synchrony: float = uncertain(
        0.6, unit="share 0-1", lo=0.2, hi=0.9, source="Walter 1997; size is an assumption",
        help="How far each side waits for the others to disarm.", off=0.0)
    livelihood_time: float = uncertain(
        2.0, unit="years", lo=1.0, hi=4.0, source="evidence D1: 18-60 months",
        help="Time to a livelihood with support.")
    unaided_time: float = uncertain(
        7.0, unit="years", lo=4.0, hi=12.0, source="assumption", help="Time to a livelihood without support.")
    return_rate: float = uncertain(
        0.14, unit="1 / year", lo=0.1, hi=0.2, source="pilot study; E26",
        help="Rate of return to arms of the demobilised with full ties, without support.", off=0.0)
    peer_effect: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=1.0, source="Daly, Paler and Samii 2020 (evidence E26)",
        help="Rise of returns where all peers have returned.", off=0.0)
    hoarding: float = uncertain(
        0.4, unit="share of weapons", lo=0.2, hi=0.7, source="assumption", help="Weapons hidden rather than handed in.",
        off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def willingness(assurance, others_disarmed, synchrony):
    """Readiness (0-1) to disarm: belief in the settlement and its guarantor, and the share of others disarmed."""
    return clamp(1.5 * assurance * (1.0 - synchrony + synchrony * clamp(others_disarmed + 0.3, 0.0, 1.0)), 0.0, 1.0)


@njit
def livelihood_rate(support, acceptance, aided_time, unaided_time):
    """Rate (1/year) of finding a livelihood: mixes aided and unaided, times acceptance by the community (0-1)."""
    return acceptance * (support / aided_time + (1.0 - support) / unaided_time)


@njit
def return_rate(base, ties, support, peers, peer_effect):
    """Rate (1/year) of return to arms: ties and peers pull, payments still to come hold (Blattman and Annan 2016)."""
    return base * ties * (1.0 + peer_effect * peers) * (1.0 - 0.6 * support)


@njit
def acceptance_of(grievance, fear, abuses):
    """Acceptance (0-1) of former fighters by a community: fear and the group's record of abuse stand against it."""
    return clamp(1.0 - 0.4 * fear - 0.3 * grievance - 0.3 * abuses, 0.1, 1.0)


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

    supported_people = integrated_now = abusers = 0.0
    for g in range(len(world.groups)):
        group = world.groups[g]
        ready = willingness(group.assurance, others, p.synchrony) if group.at_war == 0 else 0.0
        if group.stance != SIGNATORY or group.exists == 0:
            ready = 0.0
        # the programme's places are shared by all who register, real fighters or not
        rate = min(3.0, p.capacity * planned / max(active * p.caseload, 1.0)) * phase_one * ready
        total = arms = 0.0
        arms_per_fighter = group.weapons / group.fighters if group.fighters > 0.0 else 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            cohort = world.cohorts[g * n + j]
            if row.fighters <= 0.0 and cohort.disarmed + cohort.demobilised + cohort.reintegrated <= 0.0:
                continue
            c = world.communities[j]
            if ready > 0.0 and row.fighters > 0.0:
                out = binomial(int(row.fighters), rate_to_probability(rate, dt), draw(now, DISARMS, cohort.uid, 0))
                row.fighters -= out
                cohort.disarmed += out
                arms += out * arms_per_fighter
            if cohort.disarmed > 0.0:
                taken = 0
                if army >= 1.0:
                    taken = binomial(int(cohort.disarmed),
                                     rate_to_probability(p.integration_quota * 2.0 * phase_one, dt),
                                     draw(now, INTEGRATED, cohort.uid, 0))
                    integrated_now += taken
                    abusers += taken * (1.0 - group.cohesion)
                out = binomial(int(cohort.disarmed) - taken, rate_to_probability(2.0 * phase_one, dt),
                               draw(now, DEMOBILISES, cohort.uid, 0))
                cohort.disarmed -= taken + out
                cohort.demobilised += out
            if cohort.demobilised > 0.0:
                cohort.supported = clamp(cohort.supported + (1.0 - decay(0.75, dt)) * (support - cohort.supported),
                                         0.0, 1.0)
                supported_people += cohort.demobilised
                abuses = clamp(0.3 * (1.0 - group.cohesion) + 0.05 * c.attacks_in_memory, 0.0, 1.0)
                out = binomial(int(cohort.demobilised),
                               rate_to_probability(livelihood_rate(cohort.supported,
                                                                   acceptance_of(c.grievance, c.fear, abuses),
                                                                   p.livelihood_time, p.unaided_time), dt),
                               draw(now, REINTEGRATES, cohort.uid, 0))
                cohort.demobilised -= out
                cohort.reintegrated += out
                peers = cohort.relapsed / (cohort.relapsed + cohort.demobilised + cohort.reintegrated + 1.0)
                back = return_rate(p.return_rate, group.ties, cohort.supported, peers, p.peer_effect)
                if group.at_war == 1:
                    # when the commanders call, ties decide
                    out = binomial(int(cohort.demobilised), rate_to_probability(4.0 * back, dt),
                                   draw(now, RETURNS, cohort.uid, 0))
                    row.fighters += out
                else:
                    out = binomial(int(cohort.demobilised), rate_to_probability(back, dt),
                                   draw(now, GANGS, cohort.uid, 0))
                    c.gangs += out
                cohort.demobilised -= out
                cohort.relapsed += out
            if cohort.reintegrated > 0.0 and group.at_war == 1:
                out = binomial(int(cohort.reintegrated), rate_to_probability(p.return_rate * group.ties, dt),
                               draw(now, SLIPS, cohort.uid, 0))
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
    world.ledger[DISARMAMENT].planned = min(p.capacity * planned, 3.0 * active * p.caseload) * p.cost_per_person * dt
    world.ledger[REINTEGRATION].planned = p.reintegration * supported_people * p.caseload * p.cost_of_support / 1.5 * dt


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
