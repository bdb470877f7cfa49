"""S5 Mobilisation: how armed groups are paid, armed and manned.

A group at war calls its old fighters back and wins recruits where grievance and fear of the state are high and nobody
informs the police (Weinstein 2007; Kalyvas 2006); unemployment alone explains little (evidence E30). It has to pay its
men, or they leave; what it can spend it spends on weapons that are loose in the country.
"""

from typing import ClassVar

from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, decay, rate_to_probability
from ssr_sim.parameters import Block, uncertain
from ssr_sim.world import draw, phase

RECRUITED = stream(75, "armed groups: recruits")
DESERTED = stream(76, "armed groups: unpaid fighters who leave")


# ------------------------------------------------------------------------------------------------- parameters
class Mobilisation(Block):
    """Recruits, pay and arms of armed groups."""

    group: ClassVar[str] = "Model"

    recruitment: float = uncertain(
        1.2, unit="recruits / old fighter", lo=0.8, hi=1.6, source="pilot study",
        help="Fresh recruits that a group at war can win at full grievance, against its old strength.", off=0.0)
    fear_pull: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="Kalyvas and Kocher 2007; size is an assumption",
        help="Pull on recruits of full fear of the state's forces, by the full scale of grievance.", off=0.0)
    informing: float = uncertain(
        0.5, unit="share 0-1", lo=0.3, hi=0.7, source="Kalyvas 2006; size is an assumption",
        help="Share of a group's following in a place that it cannot reach where everybody informs the police.",
        off=0.0)
    time: float = uncertain(
        0.5, unit="years", lo=0.25, hi=1.0, source="pilot study", help="Time in which a group at war fills its ranks.")
    idle_weight: float = uncertain(
        0.05, unit="share 0-1", lo=-0.1, hi=0.2, source="evidence E30: unemployment alone explains little",
        help="Pull on recruits where nobody has work, by the full scale of grievance.", off=0.0)
    idle_norm: float = uncertain(
        0.55, unit="share 0-1", lo=0.4, hi=0.7, source="assumption",
        help="Share without work at which idleness neither adds to recruitment nor takes from it.")
    limit: float = uncertain(
        0.04, unit="share of youth", lo=0.02, hi=0.08, source="assumption",
        help="Share of a place's youth that can be under arms in one group.", off=1.0)
    drift: float = uncertain(
        0.15, unit="1 / year", lo=0.05, hi=0.3, source="pilot study",
        help="Fighters who go home at peace without any programme.", off=0.0)
    upkeep: float = uncertain(
        40.0, unit="USD / fighter / month", lo=15.0, hi=100.0, source="assumption",
        help="What a fighter has to receive to stay.")
    peace_upkeep: float = uncertain(
        0.25, unit="share 0-1", lo=0.1, hi=0.4, source="assumption",
        help="What a fighter has to receive at peace, against war.")
    peace_income: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Share of its income from tax, extortion and smuggling that a group keeps at peace.")
    sponsor_money: float = uncertain(
        2e6, unit="USD / year", lo=1e6, hi=3e6, source="assumption", help="What a full sponsor abroad pays a group.",
        off=0.0)
    desertion: float = uncertain(
        0.5, unit="1 / year", lo=0.2, hi=1.0, source="assumption", help="Fighters who leave a group that cannot pay.",
        off=0.0)
    weapon_price: float = uncertain(
        300.0, unit="USD / weapon", lo=100.0, hi=1000.0, source="assumption",
        help="What a group pays for a weapon in nobody's organised hands.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def strength_sought(old_strength, recruitment, grievance, fear_of_state, idleness, informed):
    """Fighters a group at war can reach in a place: its old strength, and fresh recruits as grievance (0-1) and fear of
    the state draw them, less the share `informed` upon; fear and idleness by the full scale of grievance.
    """
    pull = clamp(grievance + fear_of_state + idleness, 0.0, 1.0)
    return old_strength * (1.0 + recruitment * pull * (1.0 - informed))


# ------------------------------------------------------------------------------------------------- phases
@phase("presence: fighters", "communities: population", "groups: money fighters weapons", "country: home weapons_loose")
def groups_recruit(world, dt):
    """Groups at war draw recruits and arm them; all have to pay their fighters; at peace fighters go home by
    themselves.
    """
    now = world.clock[0]
    p = world.parameters.mobilisation[0]
    n = len(world.communities)
    country = world.country[0]
    buyers = 0.0
    for g in range(len(world.groups)):
        buyers += world.groups[g].exists * world.groups[g].at_war
    on_offer = float(int(country.weapons_loose / max(buyers, 1.0)))
    for g in range(len(world.groups)):
        group = world.groups[g]
        if group.exists == 0:
            continue
        income = group.income * (1.0 if group.at_war == 1 else p.peace_income)
        group.money += (income + p.sponsor_money * group.sponsor) * dt
        bill = group.fighters * p.upkeep * 12.0 * dt * (1.0 if group.at_war == 1 else p.peace_upkeep)
        unpaid = clamp(1.0 - group.money / bill, 0.0, 1.0) if bill > 0.0 else 0.0
        group.money = max(0.0, group.money - bill)
        leaving = p.desertion * unpaid
        if group.at_war == 0:
            leaving += p.drift
        deserting = rate_to_probability(leaving, dt)
        filled = 1.0 - decay(p.time, dt)
        total = 0.0
        for j in range(n):
            row = world.presence[g * n + j]
            if row.fighters <= 0.0 and (group.at_war == 0 or row.base <= 0.0):
                continue
            c = world.communities[j]
            gone = binomial(int(row.fighters), deserting, draw(now, DESERTED, row.uid, 0))
            row.fighters -= gone
            c.population += gone
            country.home += gone
            if group.at_war == 1:
                youth = int(c.population * c.youth)
                limit = p.limit * youth
                idleness = p.idle_weight * (1.0 - c.jobs - c.projects - p.idle_norm)
                sought = min(limit, strength_sought(group.strength_at_peace * row.base, p.recruitment, c.grievance,
                                                    p.fear_pull * c.anger, idleness, p.informing * c.cooperation))
                mean = max(0.0, sought - row.fighters) * filled * (1.0 - unpaid)
                if youth > 0 and mean > 0.0:
                    new = binomial(youth, min(1.0, mean / youth), draw(now, RECRUITED, row.uid, 0))
                    row.fighters += new
                    c.population -= new
            total += row.fighters
        group.fighters = total
        if group.at_war == 1:
            arms = float(int(min(max(0.0, total - group.weapons), on_offer, group.money / p.weapon_price)))
            group.weapons += arms
            group.money -= arms * p.weapon_price
            country.weapons_loose -= arms
