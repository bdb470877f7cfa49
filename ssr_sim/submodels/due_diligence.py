"""S4 Human-rights due diligence: outside support to units with a record of abuse is withheld.

What counts is the record as the checkers see it, not the truth. Units that get support fear to lose it; those that
lose it resent it, and part of what is withheld comes from elsewhere, without conditions (UN policy of 2011).
"""

from typing import ClassVar

from ssr_sim.draws import normal, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import draw, phase

MONTH = 4  # weeks between two rounds of payments
DUE_DILIGENCE = LINES.index("due_diligence")

CHECKED = stream(161, "due diligence: error of a unit's record as the checkers see it")


# ------------------------------------------------------------------------------------------------- parameters
class DueDiligence(Block):
    """Conditions of conduct on training, equipment and mentoring."""

    group: ClassVar[str] = "Integrity"

    strictness: float = lever(
        0.0, unit="share of support withheld", lo=0.0, hi=1.0, cost="USD 1 million per year at 1",
        source="UN human-rights due diligence policy, 2011",
        side_effect="Units lose skill and morale; others fill the gap without conditions.",
        help="Share of support withheld from units whose record of abuse is above the threshold.")
    threshold: float = lever(
        0.25, unit="share of the unit", lo=0.0, hi=1.0, cost="none", source="assumption",
        side_effect="A low threshold leaves few units to support.",
        help="Recorded share of abusers from which on a unit loses support.")
    cost_per_year: float = uncertain(
        1e6, unit="USD / year", lo=0.3e6, hi=3e6, source="assumption", help="Price of checking every recipient.")
    error: float = uncertain(
        0.1, unit="SD of a share", lo=0.0, hi=0.2, source="assumption",
        help="Error of a record where nothing is monitored.", off=0.0)
    substitution: float = uncertain(
        0.3, unit="share 0-1", lo=0.0, hi=0.7, source="assumption",
        help="Share of withheld courses and equipment that other givers replace.", off=0.0)
    resentment: float = uncertain(
        0.2, unit="share 0-1", lo=0.0, hi=0.4, source="assumption",
        help="Morale and discipline that a unit without any support loses.", off=0.0)
    fear_of_loss: float = uncertain(
        0.15, unit="share 0-1", lo=0.0, hi=0.3, source="evidence E43: -10 to -35 % abuse with accountability",
        help="Certainty of a sanction that the wish to keep support is worth.", off=0.0)


# ------------------------------------------------------------------------------------------------- rules
@njit
def withheld_share(record, threshold, strictness):
    """Share (0-1) of support withheld from a unit with this `record` (0-1) as it is seen."""
    return strictness if record > threshold else 0.0


# ------------------------------------------------------------------------------------------------- phases
@phase("police: withheld", "military: withheld", "ledger: planned")
def check_recipients(world):
    """Each unit's record is checked; better monitoring sees it more truly. Plans the price of the checks."""
    now = world.clock[0]
    p = world.parameters.due_diligence[0]
    strict = p.strictness * world.ledger[DUE_DILIGENCE].delivered
    error = p.error * (1.0 - world.country[0].monitoring)
    for i in range(len(world.police)):
        unit = world.police[i]
        seen = unit.abuse_record + error * normal(draw(now, CHECKED, unit.uid, 0))
        unit.withheld = clamp(withheld_share(seen, p.threshold, strict), 0.0, 1.0)
    world.ledger[DUE_DILIGENCE].planned = p.strictness * p.cost_per_year * MONTH * now.dt
    for i in range(len(world.military)):
        unit = world.military[i]
        seen = unit.abuse_record + error * normal(draw(now, CHECKED, unit.uid, 1))
        unit.withheld = clamp(withheld_share(seen, p.threshold, strict), 0.0, 1.0)
