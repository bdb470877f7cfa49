"""A sketch as the specification that `ssr-sim sweep run` takes, with a comment at every number, and its commands."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from ssr_sim.faults import shown
from ssr_sim.parameters import Parameter
from ssr_sim.scenario import Scenario
from ssr_sim.toml_text import inline
from ssr_sim.world import WEEK

from ..messages import section, text
from ..plan import Change, parameters
from .sketch import Factor, Policy, Sampling, Sketch


def file_name(sketch: Sketch) -> str:
    """What the specification is called as a file, without its ending: letters that every shell takes."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", sketch.name) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40] or "study"


def commands(sketch: Sketch) -> list[str]:
    """The command lines that plan, run and analyse the downloaded specification."""
    name = shlex.quote(file_name(sketch))
    return [f"ssr-sim sweep plan {name}.toml", f"ssr-sim sweep run {name}.toml --out {name}",
            f"ssr-sim sweep analyse {name}"]


def specification(sketch: Sketch, scenario_name: str, country: Scenario) -> str:
    """The TOML text of a sketch. `scenario_name` is what the command line finds `country` by."""
    words = section("lab.toml")
    rows = [f"# {words['head']}", "", "[experiment]", f"name = {inline(sketch.name)}",
            f"scenario = {inline(scenario_name)}  # {_plain(country.title)}", f"years = {sketch.plan.years}",
            f"outputs = {inline(sketch.outputs)}  # {words['outputs']}"]
    if assumed := sketch.plan.as_baseline().changes:
        rows += ["", f"# {words['assumed']}", "[experiment.set]", *_settings(assumed, country)]
    rows += ["", f"# {words['reference']}", "[[policy]]", f"id = {inline(text('lab.reference'))}"]
    for policy in sketch.all_policies:
        if policy.changes:
            rows += ["", *_policy(policy, country)]
    for table in ("levers", "uncertainties"):
        sampling = getattr(sketch, table)
        if sampling.design:
            rows += ["", f"# {words[table]}", *_sampling(table, sampling, country)]
    rows += ["", f"# {words['replicates']}", "[replicates]", *_replicates(sketch)]
    return "\n".join(rows) + "\n"


def _policy(policy: Policy, country: Scenario) -> Iterator[str]:
    yield "[[policy]]"
    yield f"id = {inline(policy.name)}"
    first = [change for change in policy.changes if change.week == 0]
    if first:
        yield "[policy.set]"
        yield from _settings(first, country)
    for week, changes in groupby((c for c in policy.changes if c.week), key=lambda change: change.week):
        yield "[[policy.change]]"
        yield f"week = {week}  # {text('lab.toml.year', year=f'{week * WEEK:.2f}')}"
        yield "[policy.change.set]"
        yield from _settings(changes, country)


def _settings(changes: Iterable[Change], country: Scenario) -> Iterator[str]:
    for change in changes:
        row = parameters()[change.key]
        usual = country.value(change.key)
        yield (f"{inline(change.key)} = {inline(change.value)}  # {_range(row)}; "
               f"{text('lab.toml.usual', value=usual if isinstance(usual, str) else shown(usual))}")


def _range(row: Parameter) -> str:
    return ", ".join(row.options) if row.options else f"{shown(row.lo)} to {shown(row.hi)} ({_plain(row.unit)})"


def _sampling(table: str, sampling: Sampling, country: Scenario) -> Iterator[str]:
    yield f"[{table}]"
    yield f"design = {inline(sampling.design)}"
    yield f"n = {sampling.n}  # {text(f'lab.toml.n_{sampling.design}')}"
    if sampling.whole:
        yield f"keys = {inline(sampling.whole)}  # {text('lab.toml.declared')}"
    elif table == "uncertainties" and not sampling.factors:
        yield f"# {text('lab.toml.everything')}"
    given = [factor for factor in sampling.factors if factor.key not in sampling.whole]
    if given:
        yield f"[{table}.ranges]"
        yield from (_range_given(factor, country) for factor in given)


def _range_given(factor: Factor, country: Scenario) -> str:
    row, datum = parameters().get(factor.key), dict(country.country.numbers()).get(factor.key)
    declared = _range(row) if row else " to ".join(map(shown, datum.range)) if datum else ""
    about = f"  # {text('lab.toml.is_declared', range=declared)}" if declared else ""
    return f"{inline(factor.key)} = {inline([factor.low, factor.high])}{about}"


def _replicates(sketch: Sketch) -> Iterator[str]:
    words = section("lab.toml")
    if sketch.adaptive:
        yield 'mode = "adaptive"'
        yield f"min = {sketch.least}"
        yield f"max = {sketch.most}"
        yield f'target = [{{ outcome = "at_peace_at_end", half_width = {inline(sketch.half_width)} }}]'
    else:
        yield f"n = {sketch.n}  # {words['n']}"
    yield f"seed = {sketch.plan.seed}  # {words['seed']}"


def _plain(content: str) -> str:
    """A text as a comment may hold it: on one line, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in content)
