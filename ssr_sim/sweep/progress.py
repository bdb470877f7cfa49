"""How far a sweep is, and how well its shares are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ssr_sim.intervals import Proportion
from ssr_sim.provenance import model_digest
from ssr_sim.sweep import adaptive, store
from ssr_sim.sweep.ledger import Ledger, columns
from ssr_sim.sweep.results import Results


class Met(NamedTuple):
    """How well one share of a policy is known after so many replicates, and how well it is to be known."""

    policy: str
    outcome: str
    replicates: int
    share: Proportion
    wanted: float


@dataclass(frozen=True)
class Progress:
    """Runs planned (adaptive: so far), finished, failed and missing; where they are; how well targets are met."""

    name: str
    planned: int
    finished: int
    failed: int
    missing: int
    parts: int
    bytes: int
    at_work: str
    digest: str
    targets: tuple[Met, ...]

    @property
    def remark(self) -> str:
        """What more replicates cannot do."""
        unmet = [met for met in self.targets if not met.share.half_width <= met.wanted]
        if not unmet:
            return "All targets are met."
        return ("Where a half-width no longer falls, the spread between states of the world is what is left: more "
                "states would help, more replicates would not.")

    def document(self) -> dict[str, Any]:
        """The same for JSON."""
        content = {name: value for name, value in vars(self).items() if name != "targets"}
        return content | {"targets": [{"policy": met.policy, "outcome": met.outcome, "replicates": met.replicates,
                                       "share": met.share.value, "half_width": met.share.half_width,
                                       "wanted": met.wanted} for met in self.targets if met.share.of]}


def progress_of(results: Results) -> Progress:
    """Where a sweep stands. Raises `SweepError` for a damaged part."""
    folder, document = results.folder, results.document
    parts = results.parts()
    counts = results.sql("SELECT status, count(*) AS runs FROM runs GROUP BY status").set_index("status")["runs"]
    finished, failed = int(counts.get("finished", 0)), int(counts.get("failed", 0))
    targets, planned = _targets(results)
    return Progress(document["name"], planned, finished, failed, max(planned - finished - failed, 0), len(parts),
                    sum(sum(part.bytes.values()) for part in parts), store.at_work(folder), results.digest(), targets)


def _targets(results: Results) -> tuple[tuple[Met, ...], int]:
    """How well the targets are met, and how many runs the replicates decided on so far make."""
    replicates = results.document["replicates"]
    states = len(results.sql("SELECT state FROM states"))
    policies = len(results.policy_names)
    if replicates["mode"] == "fixed" or store.read_document(results.folder)["model"] != model_digest():
        return (), policies * states * replicates["least"]
    study = store.read_study(results.folder)
    ledger = Ledger(results.folder, study)
    there = ledger.finished | ledger.failed
    needed = np.full(policies, study.replicates.least, dtype=np.int64)
    names = [target.outcome for target in study.replicates.targets]
    while True:  # the looks that the sweep has taken
        found = adaptive.shares(study, columns(ledger.parts, "runs", names), needed)
        more = adaptive.next_look(study, needed, adaptive.enough(study, found))
        whole = (there | ~ledger.wanted(needed)).all()
        if (more == needed).all() or not whole:
            break
        needed = more
    met = tuple(Met(policy, target.outcome, int(needed[place]), share, target.half_width)
                for place, policy in enumerate(study.policy_names)
                for target, share in zip(study.replicates.targets, found[place], strict=True))
    return met, int(needed.sum()) * states
