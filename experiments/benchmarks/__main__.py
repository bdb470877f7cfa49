"""Every speed we want beside what is measured: `make bench`, or `python -m experiments.benchmarks`.

Without arguments all sections run, which takes about ten minutes on an idle machine; with names of sections only those.
Results go to `results.md`, `results.json` and the table in the README as soon as a section is done; sections that do
not run keep what was measured of them before. Each section is a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from experiments.benchmarks import report
from experiments.benchmarks.musts import Findings
from experiments.benchmarks.sections import SECTIONS, findings_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all when none")
    chosen = parser.parse_args().sections
    if unknown := sorted(set(chosen) - set(SECTIONS)):
        parser.error(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    sections: dict[str, Findings] = {}
    failed = []
    spawn = multiprocessing.get_context("spawn")
    for name in chosen or SECTIONS:
        made = report.facts()
        began = time.perf_counter()
        try:
            with ProcessPoolExecutor(1, mp_context=spawn) as worker:
                sections[name] = replace(worker.submit(findings_of, name).result(), made=made)
        except Exception as error:  # the others are worth measuring all the same
            failed.append(name)
            print(f"{name}: {error}", file=sys.stderr, flush=True)
            continue
        report.write({name: sections[name]})
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    if sections:
        print(report.page(sections))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
