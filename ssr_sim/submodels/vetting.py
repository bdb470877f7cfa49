"""S11 Vetting: review of files, removal of officers with a record of abuse, a pool from which some return."""

from typing import ClassVar

import numpy as np

from ssr_sim.batch_draws import draw_each
from ssr_sim.draws import binomial, stream
from ssr_sim.jit import njit
from ssr_sim.maths import clamp, rate_to_probability
from ssr_sim.parameters import Block, lever, uncertain
from ssr_sim.tables import LINES
from ssr_sim.world import draw, phase

VETTING = LINES.index("vetting")

REVIEWED = stream(40, "vetting: files reviewed")
REMOVED = stream(41, "vetting: abusers removed")
WRONGED = stream(42, "vetting: clean officers removed by mistake")
REINSTATED = stream(43, "vetting: officers reinstated")


# ------------------------------------------------------------------------------------------------- parameters
class Vetting(Block):
    """Review of personnel files and removal of abusers."""

    group: ClassVar[str] = "Integrity"

    coverage: float = lever(
        0.10, unit="share of the force / year", lo=0.0, hi=2.0, cost="USD 600 per file",
        source="Bosnia 1999-2002: whole force in 36-48 months (V)", headline=True,
        side_effect="Thins the force; removed officers join the pool of former officers.",
        help="How fast personnel files are reviewed.")
    gate: float = lever(
        0.3, unit="share of recruits checked", lo=0.0, hi=1.0, cost="USD 600 per recruit, in the price of files",
        source="assumption", side_effect="Slows recruitment.", help="Share of recruits whose past is checked.")
    gate_power: float = uncertain(
        0.8, unit="probability", lo=0.5, hi=0.95, off=0.0, source="assumption",
        help="Chance that a check at the gate finds a removed officer who applies again.")
    evidence: float = uncertain(
        0.6, unit="probability", lo=0.2, hi=0.95, off=0.0, source="assumption",
        help="Chance that the file of an abuser convicts him where people complain and reviewers are free.")
    needs_complaints: float = uncertain(
        0.4, unit="share 0-1", lo=0.1, hi=0.7, off=0.0, source="assumption",
        help="Part of the evidence that is missing where nobody can complain.")
    needs_independence: float = uncertain(
        0.4, unit="share 0-1", lo=0.1, hi=0.7, off=0.0, source="assumption",
        help="Part of the evidence that does not count before reviewers who depend on the force.")
    false_alarm: float = uncertain(
        0.02, unit="probability", lo=0.0, hi=0.1, off=0.0,
        source="Bosnia: 6 % of provisionally authorised not certified (V)",
        help="Chance that a clean officer is removed.")
    reinstatement: float = uncertain(
        0.08, unit="1 / year", lo=0.0, hi=0.3, off=0.0, source="assumption",
        help="Rate at which removed officers win their post back.")
    reinstated_record: float = uncertain(
        0.5, unit="share 0-1", lo=0.2, hi=1.0, source="assumption",
        help="Share of abusers among the officers who win their post back.")
    corrupt_abusers: float = uncertain(
        0.5, unit="share 0-1", lo=0.0, hi=1.0, off=0.0,
        source="assumption: abusers are more often corrupt than others",
        help="How much of a unit's corruption goes with its abusers, against their share of it.")
    cost_per_file: float = uncertain(
        600.0, unit="USD / file", lo=200.0, hi=1000.0, source="evidence D2 (M)", help="Price of one file.")


# ------------------------------------------------------------------------------------------------- rules
@njit
def usable_evidence(evidence, complaints, independence, needs_complaints, needs_independence):
    """Chance (0-1) that an abuser's file convinces: better where people can complain and the reviewers are
    independent.
    """
    heard = (1.0 - needs_complaints) + needs_complaints * complaints
    free = (1.0 - needs_independence) + needs_independence * independence
    return clamp(evidence * heard * free, 0.0, 1.0)


@njit
def record_after_removal(record, removed, staff):
    """Share of abusers (0-1) left once `removed` of them have gone from `staff` officers."""
    if staff - removed <= 0.0:
        return 0.0
    return clamp((record * staff - removed) / (staff - removed), 0.0, 1.0)


# ------------------------------------------------------------------------------------------------- phases
@phase("police: staff reviewed abuse_record corrupt", "government: pool_police", "ledger: planned")
def review_files(world, dt):
    """Officers with an abuse record may lose their post; they join the pool of former officers, some come back."""
    now = world.clock[0]
    p = world.parameters.vetting[0]
    state = world.government[0]
    arrived = world.ledger[VETTING].delivered
    convincing = usable_evidence(p.evidence, world.parameters.complaints[0].channel,
                                 world.parameters.oversight[0].independence, p.needs_complaints,
                                 p.needs_independence)
    removed_everywhere = 0.0
    staff = 0.0
    pace = rate_to_probability(p.coverage * arrived, dt)
    luck = draw_each(now, REVIEWED, world.police["uid"], 0)
    for i in range(len(world.police)):
        unit = world.police[i]
        staff += unit.staff
        read = binomial(int(unit.staff), pace, luck[i])
        if read == 0:
            continue
        abusers = int(read * unit.abuse_record + 0.5)
        guilty = binomial(abusers, convincing, draw(now, REMOVED, unit.uid, 0))
        wronged = binomial(read - abusers, p.false_alarm, draw(now, WRONGED, unit.uid, 0))
        gone = min(float(guilty + wronged), unit.staff)
        unit.abuse_record = record_after_removal(unit.abuse_record, min(float(guilty), unit.abuse_record * unit.staff),
                                                 unit.staff)
        if unit.staff > 0.0:
            # the going of abusers changes the company the rest keeps
            unit.corrupt = clamp(unit.corrupt * (1.0 - p.corrupt_abusers * guilty / unit.staff), 0.0, 1.0)
            unit.reviewed = clamp(unit.reviewed + read / unit.staff * (1.0 - unit.reviewed), 0.0, 1.0)
        unit.staff -= gone
        removed_everywhere += gone
    state.pool_police += removed_everywhere
    if staff > 0.0 and state.pool_police > 0.0:
        before = state.pool_police
        pace = rate_to_probability(p.reinstatement, dt)
        luck = draw_each(now, REINSTATED, world.police["uid"], 0)
        coming = np.empty(len(world.police))
        for i in range(len(world.police)):
            due = before * world.police[i].staff / staff * pace
            # a fraction of an officer returns with that probability
            coming[i] = float(int(due)) + (1.0 if luck[i] < due - int(due) else 0.0)
        # when the pool runs dry, the draw decides who is served, not the order of rows
        for i in np.argsort(luck) if coming.sum() > before else np.arange(len(luck)):
            unit = world.police[i]
            back = min(coming[i], state.pool_police)
            if back > 0.0:
                unit.abuse_record = clamp((unit.abuse_record * unit.staff + p.reinstated_record * back)
                                          / (unit.staff + back), 0.0, 1.0)
                unit.staff += back
                state.pool_police -= back
    world.ledger[VETTING].planned = p.coverage * staff * p.cost_per_file * dt
