"""Compiling: all of it from nothing, and again after an edit of one topic, in a copy of the sources."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from experiments.benchmarks.musts import Findings, Measured
from experiments.benchmarks.timing import ROOT, facts_table, process

FIRST_RUN = ("-m", "ssr_sim", "run", "baseline", "--years", "1", "--replicates", "1")
TOPIC = "policing"
RULE, EDITED = "return 1.0 - weight * certainty", "return 1.0 - 0.5 * weight * certainty"
EXPECTED = {TOPIC, "justice", "schedule", "run"}  # the first week of justice calls the rule


def measure() -> Findings:
    """Wall seconds of the first run ever, of the same with all compiled, and of the first after the edit."""
    with tempfile.TemporaryDirectory() as temporary:
        root, cache = Path(temporary) / "copy", Path(temporary) / "cache"
        for part in ("ssr_sim", "scenarios", "experiments", "viz"):
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))

        def first_run() -> tuple[float, float, str]:
            return process(*FIRST_RUN, cwd=root, SSR_SIM_CACHE_DIR=str(cache))

        cold, cold_cpu, said = first_run()
        before = compiled(cache)
        warm = first_run()[0]
        topic = root / "ssr_sim" / "submodels" / f"{TOPIC}.py"
        text = topic.read_text(encoding="utf-8")
        if RULE not in text:
            raise AssertionError(f"{topic.name} has no rule with {RULE!r}: edit another one in compile.py")
        topic.write_text(text.replace(RULE, EDITED), encoding="utf-8")
        edited, edited_cpu, _ = first_run()
        again = compiled(cache) - before
    modules = {name.partition(".")[0] for name in again}
    announced = bool(re.search("compil", said, re.IGNORECASE))
    others = sorted(modules - EXPECTED)
    measured = {
        "compile.cold": Measured(cold - warm, f"{cold_cpu:.0f} s of processor time"),
        "compile.announced": Measured(float(announced)),
        "compile.edit": Measured(float(len(others)), ", ".join(others)),
    }
    facts = {"first run of one year ever": f"{cold:.1f} s ({cold_cpu:.0f} s of processor time)",
             "the same with everything compiled": f"{warm:.1f} s",
             f"first run after an edit of a rule in {TOPIC}.py": f"{edited:.1f} s ({edited_cpu:.0f} s)",
             "functions compiled for that, by module": ", ".join(
                 f"{name} {sum(1 for one in again if one.startswith(name + '.'))}" for name in sorted(modules))}
    return Findings(measured, facts_table(facts))


def compiled(cache: Path) -> set[str]:
    """Functions in a cache: "policing.police_work" and the digest of all that its code depends on."""
    return {file.stem for file in cache.rglob("*.code")}
