"""The design: what is sampled and how often it is run, what that costs, and the specification that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import solara

from ssr_sim.faults import Fault
from ssr_sim.formats import between, counted, duration
from ssr_sim.parameters import Parameter
from ssr_sim.provenance import usable_cores
from ssr_sim.scenario import Scenario
from ssr_sim.sweep.plan import Plan as Size
from ssr_sim.toml_text import inline

from ..alert import alert
from ..lever_column import label
from ..markup import Markup, tag
from ..messages import section, text
from ..orders import Order
from ..plan import Plan, parameters, scenario_of
from ..widgets.controls import Controls
from ..widgets.factors import Factors
from . import running
from .names import unit_of
from .sketch import DESIGNS, OUTPUTS, Factor, Sampling, Sketch
from .specification import commands

Go = Callable[[Sketch], None]
LARGEST_SEED = 2**53 - 1  # that a browser can hold
HALF_WIDTHS = (0.02, 0.03, 0.05, 0.1)


@solara.component
def Study(sketch: Sketch, go: Go) -> None:
    """Name, horizon, replicates and outputs."""
    def act(event: dict[str, Any]) -> None:
        name, value = event["id"], event["value"]
        if name in ("years", "seed"):
            go(replace(sketch, plan=replace(sketch.plan, **{name: value})))
        elif name == "adaptive":
            go(replace(sketch, adaptive=value == "adaptive"))
        elif name == "outputs":
            go(replace(sketch, outputs=tuple(dict.fromkeys(["summary", *value]))))
        else:
            go(sketch.having(name, value))

    number: dict[str, Any] = {"kind": "number", "lo": 1, "hi": 100_000, "step": 1}
    fixed = [number | {"id": "n", "label": text("lab.n"), "value": sketch.n}]
    adaptive = [number | {"id": "least", "label": text("lab.least"), "value": sketch.least},
                number | {"id": "most", "label": text("lab.most"), "value": sketch.most},
                {"id": "half_width", "kind": "select", "label": text("lab.half_width"), "value": sketch.half_width,
                 "options": [{"value": width, "label": f"± {width:g}"}
                             for width in sorted({*HALF_WIDTHS, sketch.half_width})]}]
    Controls.element(name=text("lab.study"), on_event=act, fields=[
        {"id": "name", "kind": "text", "label": text("lab.name"), "value": sketch.name, "size": 16},
        number | {"id": "years", "label": text("plan.years"), "value": sketch.plan.years, "hi": 20},
        {"id": "adaptive", "kind": "select", "label": text("lab.replicates"), "help": text("lab.replicates_help"),
         "value": "adaptive" if sketch.adaptive else "fixed",
         "options": [{"value": mode, "label": text(f"lab.{mode}")} for mode in ("fixed", "adaptive")]},
        *(adaptive if sketch.adaptive else fixed),
        number | {"id": "seed", "label": text("lab.seed"), "value": sketch.plan.seed, "lo": 0, "hi": LARGEST_SEED},
        {"id": "outputs", "kind": "checks", "label": text("lab.outputs"), "help": text("lab.outputs_help"), "most": 3,
         "value": [name for name in sketch.outputs if name != "summary"],
         "options": [{"value": name, "label": text(f"lab.output_{name}")} for name in OUTPUTS[1:]]}])


@solara.component
def Sampled(sketch: Sketch, go: Go, table: str, faults: tuple[Fault, ...]) -> None:
    """The levers that are sampled besides the named policies, or what makes the states of the world."""
    sampling: Sampling = getattr(sketch, table)

    def put(new: Sampling) -> None:
        go(sketch.having(table, new))

    def act(event: dict[str, Any]) -> None:
        put(replace(sampling, **{event["id"]: event["value"]}))

    def hear(event: dict[str, Any]) -> None:
        if event["do"] == "remove":
            put(sampling.without(event["key"]))
        elif event["do"] == "set":
            put(sampling.with_factor(Factor(event["key"], event["low"], event["high"])))
        else:
            put(sampling.with_factor(Factor(key_of(event["key"], sketch.plan.country, table))))

    with solara.Div(classes=["ssr-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=tag("span", text(f"lab.{table}")))
        designs = [{"value": name, "label": text(f"lab.design_{name or f'none_{table}'}")} for name in DESIGNS[table]]
        Controls.element(name=text(f"lab.{table}"), on_event=act, fields=[
            {"id": "design", "kind": "select", "label": text("lab.design"), "value": sampling.design,
             "options": designs},
            *([{"id": "n", "kind": "number", "label": text("lab.n_grid" if sampling.design == "grid" else "lab.points"),
                "value": sampling.n, "lo": 1, "hi": 1_000_000, "step": 1}] if sampling.design else [])])
        if sampling.design:
            if not sampling.factors:
                solara.HTML(tag="p", classes=["ssr-note"], unsafe_innerHTML=tag("span", text(f"lab.no_{table}")))
            Factors.element(rows=rows(sketch, table, faults), choices=choices(sketch.plan.country, table),
                            words=section("lab.factors") | {"find": text(f"lab.find_{table}")}, on_event=hear)


def key_of(typed: str, country: str, table: str) -> str:
    """The key that somebody has typed or chosen: by itself, by its name, or by a part that no other one has."""
    word = typed.casefold()
    names = {row["value"]: (row["value"].casefold(), row["label"].casefold()) for row in choices(country, table)}
    same = [key for key, known in names.items() if word in known]
    near = [key for key, known in names.items() if any(word in name for name in known)]
    elsewhere = [key for key in parameters() if label(key) == typed]  # no choice here, which will be said
    return same[0] if same else elsewhere[0] if elsewhere else near[0] if len(near) == 1 else typed


@lru_cache(maxsize=16)
def choices(country: str, table: str) -> list[dict[str, str]]:
    """What can be sampled: levers, or whole tables and single numbers that nobody knows."""
    scenario = scenario_of(Plan(country=country))
    if table == "levers":
        return [{"value": key, "label": label(key)} for key, row in parameters().items()
                if row.role == "lever" and (row.options or row.lo < row.hi)]
    keys = scenario.prior.keys
    whole = dict.fromkeys(key.partition(".")[0] for key in keys)
    return [*({"value": name, "label": text("lab.whole", name=name.replace("_", " "))} for name in whole),
            *({"value": key, "label": label(key)} for key in keys)]


def rows(sketch: Sketch, table: str, faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """The sampled keys with their ranges, and what is wrong with each."""
    country = scenario_of(sketch.plan.as_given())
    wrong = {fault.key: fault.message for fault in faults}
    sampling: Sampling = getattr(sketch, table)
    found = []
    for factor in sampling.factors:
        lo, hi, fixed = _limits(factor.key, country)
        place = (f"keys[{sampling.whole.index(factor.key)}]" if factor.key in sampling.whole
                 else f"ranges.{inline(factor.key)}")
        problem = wrong.get(f"{table}.{place}", "")
        name = label(factor.key) if "." in factor.key else factor.key
        found.append({"key": factor.key, "label": name, "unit": unit_of(factor.key), "lo": lo, "hi": hi,
                      "low": factor.low, "high": factor.high, "fixed": fixed, "problem": problem})
    return found


def _limits(key: str, country: Scenario) -> tuple[float | None, float | None, str]:
    """The declared range of a key, and in words why none can be given."""
    row: Parameter | None = country.parameters.get(key)
    if row is not None:
        return row.lo, row.hi, text("lab.choice", options=", ".join(row.options)) if row.options else ""
    datum = dict(country.country.numbers()).get(key)
    if datum is not None:
        return *datum.range, ""
    within = sum(name.startswith(f"{key}.") for name in country.prior.keys)
    return None, None, text("lab.table", n=within) if within else ""


@solara.component
def Faults(found: tuple[Fault, ...]) -> None:
    """Everything that is wrong with the specification, with line and key."""
    items = [tag("li", tag("code", fault.key), Markup(" "), fault.message,
                 tag("small", f" {text('lab.line', line=fault.line)}" if fault.line else "")) for fault in found]
    alert(tag("strong", text("lab.wrong", n=len(found))), tag("ul", *items), data_faults=str(len(found)))


def in_words(size: Size) -> Markup:
    """How many runs there are, how long they take, how much they write."""
    study = size.study
    runs = between(size.least, size.most, "–")
    times = dict.fromkeys(duration(60.0 * size.minutes(runs)) for runs in (size.least, size.most))
    megabytes = between(size.least * size.bytes_a_run / 1e6, size.most * size.bytes_a_run / 1e6, "–")
    replicates = study.replicates
    least, most = replicates.least, replicates.most
    each = counted(most, "replicate") if least == most else f"{between(least, most, '–')} replicates"
    made = text("lab.made", policies=counted(len(study.policy_names), "policy"),
                states=counted(len(study.states), "state"), replicates=each)
    cost = text("lab.cost", time=" to ".join(times), megabytes=megabytes, threads=usable_cores())
    return Markup(tag("strong", text("lab.runs", runs=runs)) + tag("span", f" {made} {cost}"))


@solara.component
def Specification(sketch: Sketch, draft: running.Draft, order: Order) -> None:
    """The TOML text and the command lines, to read, to copy, to take away."""
    lines = "\n".join(commands(sketch))

    def act(event: dict[str, Any]) -> None:
        if event["id"] == "toml":
            order("copy", text=draft.text)
        elif event["id"] == "commands":
            order("copy", text=lines)
        else:
            name, content = (draft.name, draft.text) if event["id"] == "download" else next(iter(draft.beside.items()))
            order("download", name=name, text=content, type="application/toml")

    with solara.Div(classes=["ssr-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=tag("span", text("lab.specification", file=draft.name)))
        Controls.element(name=text("lab.specification", file=draft.name), on_event=act, fields=[
            {"id": "toml", "kind": "button", "label": text("lab.copy_toml")},
            {"id": "download", "kind": "button", "label": text("lab.download")},
            *({"id": "country", "kind": "button", "label": text("lab.download_country", file=name)}
              for name in draft.beside),
            {"id": "commands", "kind": "button", "label": text("lab.copy_commands")}])
        solara.HTML(tag="pre", classes=["ssr-code"], unsafe_innerHTML=tag("code", lines),
                    attributes={"tabindex": "0", "aria-label": text("lab.commands")})
        solara.HTML(tag="pre", classes=["ssr-code", "tall"], unsafe_innerHTML=tag("code", draft.text),
                    attributes={"tabindex": "0", "aria-label": draft.name, "data-toml": "true"})
