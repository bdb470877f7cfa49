"""What every country is assumed to be like in its first week where a scenario file does not say it."""

from typing import Any, ClassVar

from ssr_sim.parameters import Block, constant


def _assumed(default: float, unit: str, lo: float, hi: float, help: str, source: str = "assumption") -> Any:
    return constant(default, unit=unit, lo=lo, hi=hi, source=source, help=help)


def _spread(default: float, of: str) -> Any:
    return _assumed(default, "standard deviation of log odds", 0.0, 2.0, f"Spread of {of} at the start.")


class FirstWeek(Block):
    """The state at the start that no scenario states."""

    group: ClassVar[str] = "Model"

    # people
    youth_ratio: float = _assumed(1.75, "ratio", 1.3, 2.2, "People of 15 to 34 for each of 15 to 24.",
                                  "ratio in life tables of young populations (M)")
    hardship_spread: float = _spread(0.5, "hardship between communities")
    services_base: float = _assumed(0.2, "share 0-1", 0.0, 0.5, "Services of a state that can absorb nothing.")
    services_by_absorption: float = _assumed(0.5, "share 0-1", 0.0, 0.8, "Services that full absorption adds.")
    services_spread: float = _spread(0.7, "services between communities")
    exclusion_spread: float = _spread(0.7, "exclusion between communities")
    own_exclusion: float = _assumed(0.6, "share 0-1", 0.0, 1.0,
                                    "Share of a group's exclusion that its communities feel beyond the mean.")
    remembered: float = _assumed(2.0, "contacts / head", 0.5, 8.0,
                                 "Remembered contacts with an institution: half a contact a year over four years.")
    away_at_most: float = _assumed(0.7, "share 0-1", 0.3, 0.95, "Share of a place's people that can have fled.")
    # forces
    ghost_share: float = _assumed(0.5, "share 0-1", 0.0, 1.0, "Share of the absent police who do not exist.")
    skill_spread: float = _spread(0.4, "skill between police units")
    army_skill_spread: float = _spread(0.3, "professionalism between army units")
    equipment_spread: float = _spread(0.5, "equipment between police units")
    corruption_spread: float = _spread(0.8, "corruption between police units")
    army_corruption_spread: float = _spread(0.4, "corruption between army units")
    integrity: float = _assumed(0.5, "share 0-1", 0.0, 1.0, "Personal cost of taking bribes.")
    perceived_detection: float = _assumed(0.02, "probability", 0.0, 0.3, "Chance of being caught, as officers believe.")
    morale: float = _assumed(0.4, "share 0-1", 0.0, 1.0, "Morale of the police.")
    loyalty: float = _assumed(0.5, "share 0-1", 0.0, 1.0, "Loyalty of army units.")
    army_equipment: float = _assumed(0.5, "ratio", 0.0, 1.0, "Equipment of the army against its professionalism.")
    abuse_record: float = _assumed(0.6, "share 0-1", 0.0, 1.0,
                                   "Share of officers with a record of abuse in a corrupt force without norms.")
    # armed groups
    unrest: float = _assumed(0.3, "share 0-1", 0.0, 1.0, "Dissatisfaction of commanders.")
    ties: float = _assumed(0.8, "share 0-1", 0.0, 1.0, "Ties between commanders and fighters.")
    war_chest: float = _assumed(0.5, "years of income", 0.0, 2.0, "Money of a group.")
    # money and politics
    diversion: float = _assumed(0.45, "ratio", 0.0, 1.0, "Diversion by elites against the army's corruption.")
    diversion_at_most: float = _assumed(0.6, "share 0-1", 0.0, 1.0, "Largest diversion.")
    donor_trust: float = _assumed(0.4, "share 0-1", 0.0, 1.0, "Trust of donors in the government.")
    taste_spread: float = _assumed(0.5, "ratio", 0.0, 1.0, "How far a donor's taste departs from its kind's.")
    reform_form: float = _assumed(0.2, "share 0-1", 0.0, 1.0, "Reform on paper.")
    function_by_absorption: float = _assumed(0.5, "share 0-1", 0.0, 1.0, "Reform as felt, at full absorption.")
    fit: float = _assumed(0.3, "share 0-1", 0.0, 1.0, "Fit of reforms to the country.")
    ownership: float = _assumed(0.3, "share 0-1", 0.0, 1.0, "Share of reform decided and paid at home.")
    implementation: float = _assumed(0.3, "share 0-1", 0.0, 1.0, "Implementation of a settlement that gives all.")
    weeks_to_election: float = _assumed(104.0, "weeks", 0.0, 260.0, "Weeks until the first election.")
    # the mission
    partiality: float = _assumed(0.3, "share 0-1", 0.0, 1.0, "How partial the mission is seen to be.")
    conduct: float = _assumed(0.7, "share 0-1", 0.0, 1.0, "Standard of conduct of the average contingent.")
    conduct_spread: float = _spread(0.5, "conduct between contingents")
    quality: float = _assumed(0.6, "share 0-1", 0.0, 1.0, "Readiness of the average contingent.")
    quality_spread: float = _spread(0.4, "quality between contingents")
    caveats: float = _assumed(0.3, "share 0-1", 0.0, 1.0, "Share of tasks that the average capital forbids.")
    caveats_spread: float = _spread(0.8, "caveats between contingents")
    police_contingents: float = _assumed(0.2, "share 0-1", 0.0, 1.0, "Share of contingents that are mission police.")
    # justice
    courts_spread: float = _spread(0.5, "the capacity of courts between communities")
    elders_spread: float = _spread(0.4, "the reach of elders between communities")
