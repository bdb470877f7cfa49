"""The sections of the benchmark by name; the first part of a must's key names the one that measures it."""

from __future__ import annotations

import importlib

from experiments.benchmarks.musts import MUSTS, Findings

SECTIONS = {
    "runs": "runs",
    "phases": "phases",
    "c": "against_c",
    "mesa": "against_mesa",
    "ensemble": "ensemble",
    "threads": "threads",
    "sweep": "sweep",
    "start": "start",
    "compile": "compile",
    "growth": "growth",
    "browser": "browser",
}


def findings_of(section: str) -> Findings:
    """Measure one section. Raises AssertionError when it forgets one of its musts."""
    module = importlib.import_module(f"experiments.benchmarks.{SECTIONS[section]}")
    found: Findings = module.measure()
    if missing := keys_of(section) ^ set(found.measured):
        raise AssertionError(f"section {section} and the musts disagree about {', '.join(sorted(missing))}")
    return found


def keys_of(section: str) -> set[str]:
    """Keys of the musts that a section measures."""
    return {key for key in MUSTS if key.partition(".")[0] == section}
