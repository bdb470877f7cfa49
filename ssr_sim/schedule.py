"""The week: the phases of the model in order, each with its period. The table of contents of the science."""

from ssr_sim.jit import njit
from ssr_sim.submodels.armed_groups import groups_decide, groups_weigh
from ssr_sim.submodels.capacity import train_and_equip_army, train_and_equip_police, train_courts
from ssr_sim.submodels.corruption import budget_holders_learn, officers_extract
from ssr_sim.submodels.ddr import former_fighters
from ssr_sim.submodels.displacement import flee_and_return
from ssr_sim.submodels.donors import donors_decide, fund_programmes
from ssr_sim.submodels.due_diligence import check_recipients
from ssr_sim.submodels.economy import fund_prevention, livelihoods, relieve
from ssr_sim.submodels.fragmentation import groups_split
from ssr_sim.submodels.gender import gender_based_violence, women_in_forces_and_decisions
from ssr_sim.submodels.justice import courts_work, reform_law
from ssr_sim.submodels.legitimacy import legitimacy_and_grievance
from ssr_sim.submodels.mandate import review_mandate
from ssr_sim.submodels.military import garrison, mutinies, post_units, soldiers_and_civilians
from ssr_sim.submodels.mission_conduct import mission_conduct, show_example
from ssr_sim.submodels.mobilisation import groups_recruit
from ssr_sim.submodels.monitoring import keep_records, learn_results, observe, survey
from ssr_sim.submodels.oversight import oversight_works
from ssr_sim.submodels.peacekeeping import choose_safe_zones, deploy_mission, mission_presence, place_contingents
from ssr_sim.submodels.personnel import staff_the_army, staff_the_police
from ssr_sim.submodels.policing import police_work
from ssr_sim.submodels.politics import politics
from ssr_sim.submodels.relapse import judge_peace, open_week
from ssr_sim.submodels.restructuring import restructure
from ssr_sim.submodels.shocks import shocks_strike
from ssr_sim.submodels.state_strength import muster
from ssr_sim.submodels.transitional_justice import reckon_with_the_past
from ssr_sim.submodels.trust import community_experience, community_trust
from ssr_sim.submodels.vetting import review_files
from ssr_sim.submodels.violence import fight
from ssr_sim.world import World, every

MONTH, QUARTER, HALF_YEAR, YEAR = 4, 13, 26, 52  # weeks


@njit(inline=True)
def week(world: World) -> None:
    """One week of the country. A phase with a period of several weeks takes their length in years."""
    now = world.clock[0]
    month = MONTH * now.dt
    quarter = QUARTER * now.dt
    open_week(world)
    shocks_strike(world)
    # money: who gives, what is paid, what leaks
    if every(now, YEAR):
        learn_results(world)
        donors_decide(world)
    if every(now, MONTH):
        fund_programmes(world, month)
        fund_prevention(world, month)
        observe(world, month)
    if every(now, HALF_YEAR):
        check_recipients(world)
    if every(now, MONTH):
        # programmes and personnel
        train_and_equip_police(world, month)
        train_and_equip_army(world, month)
        train_courts(world, month)
        staff_the_police(world, month)
        staff_the_army(world, month)
        restructure(world, month)
        women_in_forces_and_decisions(world, month)
        review_files(world, month)
        # corruption and control
        oversight_works(world, month)
        officers_extract(world, month)
        # justice
        reform_law(world, month)
        courts_work(world, month)
    if every(now, HALF_YEAR):
        budget_holders_learn(world)
        choose_safe_zones(world)
        place_contingents(world)
        post_units(world)
    if every(now, MONTH):
        # forces in the field
        review_mandate(world, month)
        deploy_mission(world, month)
        mission_presence(world)
        mission_conduct(world, month)
        show_example(world, month)
        garrison(world)
        police_work(world, month)
        soldiers_and_civilians(world, month)
        mutinies(world, month)
        # armed groups
        groups_recruit(world, month)
        former_fighters(world, month)
        muster(world)
        groups_weigh(world, month)
    if every(now, QUARTER):
        groups_split(world, quarter)
        politics(world, quarter)
    groups_decide(world)
    fight(world)
    # people
    if every(now, MONTH):
        reckon_with_the_past(world, month)
        flee_and_return(world, month)
        relieve(world, month)
        gender_based_violence(world, month)
        community_experience(world, month)
        community_trust(world, month)
        legitimacy_and_grievance(world, month)
    if every(now, QUARTER):
        livelihoods(world, quarter)
    # records and the relapse test
    if every(now, QUARTER):
        survey(world)
    keep_records(world)
    judge_peace(world)
