"""7.19 Armed groups: the strength of the state that they weigh."""

from tests.twin.country import Land
from tests.twin.maths import clamp


def muster(land: Land, dt: float) -> None:
    p = land.parameters.state_strength
    strength = 0.0
    for unit in land.military:
        if unit.striking <= 0.0:
            present = unit.staff * clamp(p.usual_presence - p.absence * unit.arrears, p.least_presence, 1.0)
            strength += (present * (1.0 + p.skill_effect * (unit.professionalism - p.usual_skill))
                         * (1.0 + p.equipment_effect * (unit.equipment - p.usual_equipment))
                         * (1.0 - p.corruption_effect * unit.corrupt))
    for unit in land.police:
        strength += p.police_weight * unit.staff * unit.present
    land.government.strength = strength
