"""S5 Strength of the state: what its army and police weigh in the contest with armed groups.

A soldier who is not paid leaves his post, one who is not trained or equipped is worth less, and what commanders sell
does not fight (evidence E38). The unit is the soldier of a middling force.
"""

from typing import ClassVar

from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, constant, uncertain
from ssr_sim.world import phase


# ------------------------------------------------------------------------------------------------- parameters
class StateStrength(Block):
    """Weight of army and police in the contest with armed groups."""

    group: ClassVar[str] = "Model"

    usual_presence: float = constant(
        0.95, unit="share 0-1", lo=0.8, hi=1.0, source="assumption", help="Share of a paid unit that is at its post.")
    absence: float = uncertain(
        0.05, unit="share / month", lo=0.02, hi=0.08, source="evidence E38: units left their bases after four months",
        help="Soldiers who leave their post for each month of unpaid wages.", off=0.0)
    least_presence: float = constant(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption",
        help="Share of soldiers who stay at their post however long they are unpaid.")
    skill_effect: float = uncertain(
        0.8, unit="share / professionalism", lo=0.4, hi=1.2, source="assumption",
        help="Rise of an army unit's strength from none to full professionalism.", off=0.0)
    usual_skill: float = constant(
        0.25, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", help="Professionalism of a middling force.")
    equipment_effect: float = uncertain(
        0.5, unit="share / equipment", lo=0.2, hi=0.8, source="assumption",
        help="Rise of an army unit's strength from none to full equipment.", off=0.0)
    usual_equipment: float = constant(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption", help="Equipment of a middling force.")
    corruption_effect: float = uncertain(
        0.3, unit="share 0-1", lo=0.1, hi=0.5, source="assumption: what is sold does not fight",
        help="Share of an army unit's strength that wholly corrupt command takes away.", off=0.0)
    police_weight: float = uncertain(
        0.25, unit="soldiers / officer", lo=0.1, hi=0.4, source="assumption",
        help="Weight of a police officer at his post in the contest against a soldier.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def at_post(soldiers, arrears, usual, absence, least):
    """Soldiers at their post: of the `usual` share each month of `arrears` takes `absence`, down to `least`."""
    return soldiers * clamp(usual - absence * arrears, least, 1.0)


@njit
def fighting_strength(present, skill, equipment, corrupt):
    """Strength of an army unit with so many soldiers `present`, in soldiers of a middling force: what is untrained or
    sold does not fight. `skill` and `equipment` against the middling, `corrupt` against none, each times its weight.
    """
    return present * (1.0 + skill) * (1.0 + equipment) * (1.0 - corrupt)


# ------------------------------------------------------------------------------------------------- phases
@phase("government: strength")
def muster(world):
    """Army units that do not strike, and police at their posts, add up to the strength of the state."""
    p = world.parameters.state_strength[0]
    strength = 0.0
    for i in range(len(world.military)):
        unit = world.military[i]
        if unit.striking <= 0.0:
            strength += fighting_strength(
                at_post(unit.staff, unit.arrears, p.usual_presence, p.absence, p.least_presence),
                p.skill_effect * (unit.professionalism - p.usual_skill),
                p.equipment_effect * (unit.equipment - p.usual_equipment), p.corruption_effect * unit.corrupt)
    for i in range(len(world.police)):
        strength += p.police_weight * world.police[i].staff * world.police[i].present
    world.government[0].strength = strength
