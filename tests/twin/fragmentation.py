"""7.19 Armed groups: splits."""

from tests.twin.armed_groups import stronghold
from tests.twin.country import Land
from tests.twin.maths import binomial, chance, clamp

SPLINTER = 2
TAKEN_OVER = ("cohesion", "sponsor", "exclusion", "credibility", "assurance", "ties", "war_utility", "peace_utility")
FROM_NOTHING = ("unrest", "splinter_risk", "breakaway", "good_faith", "campaign", "spoiling", "smouldering")


def groups_split(land: Land, dt: float) -> None:
    p = land.parameters.fragmentation
    for group in land.groups:
        if not group.exists or group.stance == SPLINTER or group.fighters < p.smallest:
            continue
        rate = p.rate * group.splinter_risk * group.unrest * (1.0 - p.cohesion_holds * group.cohesion)
        forced = group.breakaway > 0.0
        if not forced and land.draw("armed groups: does it split", group.uid) >= chance(rate, dt):
            continue
        free = [row for row in land.groups if not row.exists]
        if not free:
            continue
        splinter = free[0]
        luck = land.draw("armed groups: share that leaves with the splinter", group.uid)
        taken = group.breakaway if forced else p.least_share + (p.most_share - p.least_share) * luck
        group.breakaway = 0.0
        followed = 0.0
        for c in land.communities:
            old, new = land.presence[group.row, c.row], land.presence[splinter.row, c.row]
            moved = binomial(int(old.fighters), taken,
                             land.draw("armed groups: fighters of this place who leave with the splinter", old.uid))
            old.fighters -= moved
            new.fighters += moved
            new.base = old.base
            followed += moved
        group.fighters -= followed

        splinter.exists, splinter.parent, splinter.stance = 1, group.row, SPLINTER
        splinter.at_war, splinter.weeks_in_state = 1, 0.0
        splinter.weapons = float(int(group.weapons * taken))
        splinter.money, splinter.income = group.money * taken, group.income * taken
        group.weapons -= splinter.weapons
        group.money -= splinter.money
        group.income -= splinter.income
        for field in TAKEN_OVER:
            setattr(splinter, field, getattr(group, field))
        for field in FROM_NOTHING:
            setattr(splinter, field, 0.0)
        splinter.consent = p.consent_kept * group.consent
        splinter.hostility = clamp(group.hostility + p.hostility_gained)
        splinter.bad_faith = group.bad_faith + land.parameters.armed_groups.broken_promise
        splinter.fighters = splinter.strength_at_peace = followed
        group.splinter_risk = p.risk_left * group.splinter_risk
        group.unrest = 0.0
        splinter.last_event = land.log("split", place=stronghold(land, splinter), actor=splinter.row,
                                       target=group.row, parent=group.last_event)
        land.country.splits += 1
