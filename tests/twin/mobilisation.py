"""7.19 Armed groups: money, recruits and arms."""

from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp, decay


def groups_recruit(land: Land, dt: float) -> None:
    p, country = land.parameters.mobilisation, land.country
    buyers = sum(1 for group in land.groups if group.exists and group.at_war)
    on_offer = float(int(country.weapons_loose / max(buyers, 1)))
    for group in land.groups:
        if not group.exists:
            continue
        war = group.at_war == 1
        income = group.income * (1.0 if war else p.peace_income)
        group.money += (income + p.sponsor_money * group.sponsor) * dt
        bill = group.fighters * p.upkeep * 12 * dt * (1.0 if war else p.peace_upkeep)
        unpaid = clamp(1.0 - group.money / bill) if bill > 0.0 else 0.0
        group.money = max(0.0, group.money - bill)

        fighters = 0.0
        for c in land.communities:
            row = land.presence[group.row, c.row]
            if not (row.fighters > 0.0 or (war and row.base > 0.0)):
                continue
            leaving = p.desertion * unpaid + (0.0 if war else p.drift)
            gone = binomial(int(row.fighters), chance(leaving, dt),
                            land.draw("armed groups: unpaid fighters who leave", row.uid))
            row.fighters -= gone
            c.population += gone
            country.home += gone
            if war:
                youth = int(c.population * c.youth)
                idleness = p.idle_weight * (1.0 - c.jobs - c.projects - p.idle_norm)
                pull = clamp(c.grievance + p.fear_pull * c.anger + idleness)
                wanted = group.strength_at_peace * row.base * (
                    1.0 + p.recruitment * pull * (1.0 - p.informing * c.cooperation))
                sought = min(p.limit * youth, wanted)
                mean = max(0.0, sought - row.fighters) * (1.0 - decay(p.time, dt)) * (1.0 - unpaid)
                if youth > 0 and mean > 0.0:
                    new = binomial(youth, min(1.0, mean / youth), land.draw("armed groups: recruits", row.uid))
                    row.fighters += new
                    c.population -= new
            fighters += row.fighters
        group.fighters = fighters
        if war:
            arms = float(int(min(max(0.0, group.fighters - group.weapons), on_offer, group.money / p.weapon_price)))
            group.weapons += arms
            group.money -= arms * p.weapon_price
            country.weapons_loose -= arms
