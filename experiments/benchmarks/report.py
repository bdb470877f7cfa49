"""From what was measured to the table: Markdown and JSON beside this file, and the table in the README."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.benchmarks.musts import MUSTS, Findings, Measured
from experiments.benchmarks.sections import SECTIONS, keys_of
from experiments.benchmarks.timing import ROOT, table
from ssr_sim import provenance

FOLDER = Path(__file__).parent
PAGE, DATA, README = FOLDER / "results.md", FOLDER / "results.json", ROOT / "README.md"
BEGIN, END = "<!-- make bench writes from here -->", "<!-- to here -->"
WORDS = {True: "yes", False: "**no**", None: "not shown"}


def number(value: float | None, unit: str) -> str:
    """A value for people: three digits, or yes and no."""
    if value is None:
        return "-"
    if unit == "yes":
        return "yes" if value else "no"
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def musts_table(measured: Mapping[str, Measured]) -> str:
    """Every must beside what was measured of it."""
    rows = []
    for key, must in MUSTS.items():
        got = measured.get(key, Measured(None))
        wanted = [number(limit, must.unit) for limit in (must.must, must.aim)]
        value = number(got.value, must.unit) + (f" ({got.spread})" if got.spread else "")
        rows.append((must.what, *wanted, value, WORDS[must.met(got.value)]))
    return table(("what", "must", "aim", "measured (middle half)", "met"), rows)


def shortfalls(measured: Mapping[str, Measured]) -> str:
    """What limits each must that is not met, and what could not be measured."""
    lines = []
    for key, got in measured.items():
        must = MUSTS[key]
        met = must.met(got.value)
        text = got.remark if met is None else must.limit if not met else ""
        if text:
            lines.append(f"- **{must.what}**: {text}")
    return "\n".join(lines) or "Nothing falls short."


def facts() -> dict[str, str]:
    """Date, machine, load and versions."""
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else "load unknown"
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "load": load,
        "machine": f"{platform.system()} {platform.machine()}, {_processor()}, {provenance.usable_cores()} cores",
        "versions": ", ".join(f"{name} {version}" for name, version in provenance.versions().items()),
        "sources": provenance.source_digest(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "processor unknown"


def quoted(sections: Mapping[str, Findings]) -> str:
    """What stands between the markers, in the results and in the README."""
    made = [findings.made for findings in sections.values()]
    latest = max(made, key=lambda facts: facts["date"])
    text = f"{latest['date'][:10]}; {latest['machine']}, {latest['load']}; {latest['versions']}."
    others = [name for name, findings in sections.items() if findings.made["sources"] != latest["sources"]]
    if others:
        text += f" Of other sources: {', '.join(others)}."
    return f"{BEGIN}\n{musts_table(_measured(sections))}\n\n{text}\n{END}"


def page(sections: Mapping[str, Findings]) -> str:
    """The whole page of results."""
    parts = ["# Speed, measured", "Written by `make bench`; what is wanted, and what limits it: `musts.py`.",
             quoted(sections), "## What falls short, and why", shortfalls(_measured(sections))]
    for name, findings in sections.items():
        made = findings.made
        parts += [f"## {name}", findings.detail, f"{made['date']}, {made['load']}, sources {made['sources']}"]
    return "\n\n".join(parts) + "\n"


def _measured(sections: Mapping[str, Findings]) -> dict[str, Measured]:
    return {key: got for findings in sections.values() for key, got in findings.measured.items()}


def data(sections: Mapping[str, Findings]) -> dict[str, Any]:
    """The same for programs, section by section."""
    return {name: {"made": dict(findings.made), "detail": findings.detail,
                   "musts": {key: {**asdict(MUSTS[key]), **asdict(got), "met": MUSTS[key].met(got.value)}
                             for key, got in findings.measured.items()}}
            for name, findings in sections.items()}


def stored() -> dict[str, Findings]:
    """The sections measured before, as far as they are still about today's musts."""
    if not DATA.exists():
        return {}
    found = {}
    for name, section in json.loads(DATA.read_text(encoding="utf-8")).items():
        measured = {key: Measured(row["value"], row["spread"], row["remark"]) for key, row in section["musts"].items()}
        if set(measured) == keys_of(name):
            found[name] = Findings(measured, section["detail"], section["made"])
    return found


def write(sections: Mapping[str, Findings]) -> None:
    """Results beside this file, and the table in the README; sections that were not measured now stay as they were."""
    known = stored() | dict(sections)
    ordered = {name: known[name] for name in SECTIONS if name in known}
    text = page(ordered)
    PAGE.write_text(text, encoding="utf-8")
    DATA.write_text(json.dumps(data(ordered), indent=1) + "\n", encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    README.write_text(readme.replace(between(readme), between(text)), encoding="utf-8")


def between(text: str) -> str:
    """The part of a page from one marker to the other, both included. Raises ValueError when one is missing."""
    begin, end = text.index(BEGIN), text.index(END)
    return text[begin : end + len(END)]
