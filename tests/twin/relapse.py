"""7.25 Peace and relapse."""

from tests.twin.country import Land

AT_WAR, QUIET, AT_PEACE, RELAPSED = range(4)


def open_week(land: Land, dt: float) -> None:
    land.country.battle_deaths_week = land.country.civilian_deaths_week = land.country.attacks_week = 0.0


def judge_peace(land: Land, dt: float) -> None:
    p, country, week = land.parameters.relapse, land.country, land.clock.week
    deaths = land.recent_battle_deaths
    deaths[week % 52] = country.battle_deaths_week
    year = sum(deaths)
    pace = sum(deaths[(week - back) % 52] for back in range(13)) * 52 / 13
    country.battle_deaths_52 = year
    if pace >= p.conflict_deaths:
        country.weeks_at_war += 1

    before = country.war_state
    if before in (AT_PEACE, RELAPSED):
        country.war_state = RELAPSED if year >= p.conflict_deaths else AT_PEACE
    elif week + 1 >= 52 and year < p.conflict_deaths:
        country.war_state = AT_PEACE
    else:
        country.war_state = AT_WAR if pace >= p.conflict_deaths else QUIET

    latest = max([c.last_event for c in land.communities], default=-1)
    if country.war_state == AT_PEACE and before != AT_PEACE and country.peace_week < 0:
        country.peace_week = week
        land.log("peace reached")
    if country.war_state == RELAPSED and before == AT_PEACE and country.relapse_week < 0:
        country.relapse_week = week
        country.relapse_event = land.log("relapse to conflict", parent=latest)
    if country.war_state == RELAPSED and country.war_relapse_week < 0 and year >= p.war_deaths:
        country.war_relapse_week = week
        land.log("relapse to war", parent=latest)
