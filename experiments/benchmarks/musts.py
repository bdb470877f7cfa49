"""What speed we want, and, where we fall short, what limits it. The one place for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Must:
    """One line of the table: `must` and `aim` in `unit`; a section of the same name as the key's first part measures.

    `limit` says what limits it and what was tried, and is printed while the must is not met.
    """

    what: str
    unit: str
    must: float | None
    aim: float | None
    more: bool = False  # more is better
    limit: str = ""

    def met(self, value: float | None) -> bool | None:
        """Whether `value` meets the must, or the aim where there is no must; None when nothing was measured."""
        wanted = self.must if self.must is not None else self.aim
        if value is None or wanted is None:
            return None
        return value >= wanted if self.more else value <= wanted


@dataclass(frozen=True)
class Measured:
    """A number for one must, in its unit, with its spread; None and a remark when it could not be measured."""

    value: float | None
    spread: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Findings:
    """What a section found: a number for each of its musts, a page of detail in Markdown, and when and where."""

    measured: Mapping[str, Measured]
    detail: str = ""
    made: Mapping[str, str] = field(default_factory=dict)


_C = "time of a compiled phase against the same loop in C, {} (-O3 -march=native)"
_START = "interpreter and imports; each heavy package is imported where it is used, not at the start"

_APP = ("of processor time Solara takes 1.0 s to import, the model with its pages 1.1 s, its machine code and first "
        "statistics 0.6 s, all in one interpreter; the browser takes 1.2 s to start Solara's page meanwhile")
_BAND = "The time of the runs, see ensemble; tiles and charts take 0.03 s of it."

MUSTS: dict[str, Must] = {
    "phases.row": Must(
        "time per row and phase, all phases of a ten-year run of the baseline together", "ns", 10.0, None,
        limit="Counts are drawn exactly, by a search along their distribution, and most rows of most phases draw one. "
              "Rows of groups that do not exist are not counted here; with them it is about half as much. Tried: draws "
              "of whole tables at 2 ns each instead of 17, no exponential for counts that are almost surely 0, all "
              "parameters in one array, what is equal for all rows taken out of loops. The same loops in C take as "
              "long or longer (see c), so it is what they compute, not how."),
    "c.community_trust": Must(
        _C.format("community_trust"), "times", 2.0, 1.3,
        limit="Neighbours' trust is read from records that lie 600 bytes apart."),
    "c.police_work": Must(_C.format("police_work"), "times", 2.0, 1.3),
    "c.former_fighters": Must(_C.format("former_fighters"), "times", 2.0, 1.3),
    "runs.baseline": Must(
        "one run of ten years, baseline, one thread, start included", "ms", 30.0, 10.0,
        limit="About 50 phases on 120 communities: where the time goes, and what was tried, stands under phases. "
              "Forming indicators only when asked for would save 1.5 ms, and cost the weekly series in every result."),
    "mesa.ratio": Must(
        "corruption, policing, violence and trust against the same in idiomatic Mesa", "times faster", 200.0, 500.0,
        more=True,
        limit="Both versions draw from Poisson and binomial distributions and take powers and exponentials by the same "
              "compiled code; Mesa's own overhead, which is what compiling removes, is a smaller part here than in toy "
              "models with three uniform draws a step. Handing the world to compiled code costs a tenth at 120 "
              "communities; the ratio grows with the country (see mesa). Tried: each rule compiled or in plain Python, "
              "whichever makes the Mesa version faster, so that it is no strawman."),
    "ensemble.band_8": Must(
        "first band after a lever moves: 8 runs of ten years, baseline, two threads, start to result", "s", 0.3, 0.1,
        limit="The time of single runs, see there."),
    "ensemble.band_16": Must("the same with 16 runs", "s", 0.3, 0.1, limit="As with 8 runs: the time of single runs."),
    "threads.ratio": Must("rate of an ensemble with two threads against one", "times", None, 1.9, more=True,
                          limit="Two threads share memory bandwidth and, under load, cores."),
    "sweep.overhead": Must("overhead of the runner over the bare engine, processor time", "%", 5.0, None,
                           limit="Summaries, digests and the weekly series of each run."),
    "sweep.memory": Must("growth of memory over the last two thirds of a sweep of 12,000 runs", "%", 2.0, None),
    "sweep.minutes": Must("100,000 runs of ten years on two cores, projected", "minutes", None, 15.0,
                          limit="The time of single runs, see there."),
    "start.help": Must("`ssr-sim --help`", "s", 0.3, 0.2, limit=_START),
    "start.cached": Must("a cached run: `ssr-sim run baseline --years 1 --replicates 1`", "s", 1.5, 1.0,
                         limit=f"{_START}; Numba, SciPy's sparse matrices and 800 checked fields are most of it, "
                               "then the machine code of the run loop. Tried: NetworkX, pandas and scipy.stats only "
                               "where used, wrappers for Python only where Python calls, one check of a field, not "
                               "two."),
    "compile.cold": Must("compiling the model from nothing", "s", 60.0, 20.0,
                         limit="LLVM on about 50 phases, shared among processes, and then on the run loop that joins "
                               "them, which one process does alone."),
    "compile.announced": Must("that it compiles is said before, with progress", "yes", 1.0, None, more=True),
    "compile.edit": Must("modules compiled again after an edit of one topic, beyond the topic, what calls its rules, "
                         "schedule and run", "modules", 0.0, None),
    "growth.time": Must("time per community and week, 1,000,000 communities against 1,000", "times", 3.0, 2.0,
                        limit="Tables beyond the processor's cache: neighbours and pairs of group and place are read "
                              "from main memory."),
    "growth.memory": Must("peak memory per community at 1,000,000, all tables and layers, as the process grew", "kB",
                          4.0, 2.0, limit="Building the networks takes more than what is kept of them."),
    "browser.ready": Must("the app: from the command to the first page", "s", 2.0, None, limit=_APP),
    "browser.picture": Must("the app: from the command to the first chart, Liberia", "s", 4.0, None,
                            limit=f"{_APP}. Then the first runs, of the country as it is and of the plan."),
    "browser.echo": Must("a lever to its own number on the screen", "ms", 100.0, None),
    "browser.band_baseline": Must("a lever to the first band on the screen, baseline", "s", 0.5, None, limit=_BAND),
    "browser.full_baseline": Must("a lever to all 64 runs of ten years, baseline", "s", 2.0, None, limit=_BAND),
    "browser.band_liberia": Must("a lever to the first band on the screen, Liberia", "s", 0.5, None, limit=_BAND),
    "browser.full_liberia": Must("a lever to all 64 runs of ten years, Liberia", "s", 2.0, None, limit=_BAND),
    "browser.frames_300": Must("the map of 300 communities, played", "frames a second", None, 30.0, more=True),
    "browser.frames_1000": Must("the map of 1,000 communities, played", "frames a second", None, 30.0, more=True),
    "browser.outside": Must("requests that left the machine, and errors, in all of this", "in all", 0.0, None),
}
