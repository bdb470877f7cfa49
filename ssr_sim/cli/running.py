"""The commands that run the model: run, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ssr_sim import terminal
from ssr_sim.cli.common import (
    SCENARIO,
    AsJson,
    Label,
    Out,
    Parameters,
    Preset,
    PresetA,
    PresetB,
    Prior,
    Replicates,
    ScenarioArg,
    Seed,
    Set,
    SetA,
    SetB,
    Threads,
    Years,
    app,
    changed,
    check_folder,
    check_memory,
    compile_first,
    guarded,
    load,
    unwritten,
)

if TYPE_CHECKING:
    from ssr_sim.comparison import Comparison
    from ssr_sim.ensemble import Ensemble
    from ssr_sim.scenario import Scenario


@app.command()
@guarded
def run(
    scenario: ScenarioArg,
    years: Years = 10,
    replicates: Replicates = 64,
    seed: Seed = 1,
    threads: Threads = None,
    parameters: Prior = Parameters.default,
    set_: Set = None,
    preset: Preset = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run one scenario many times: whether peace comes, whether it lasts, what it costs."""
    chosen = changed(load(scenario), set_, preset)
    check_folder(out)
    check_memory([chosen], years, replicates, threads)
    compile_first()
    from ssr_sim.ensemble import Interrupted, run_ensemble

    try:
        with terminal.progress("runs") as progress:
            result = run_ensemble(chosen, years, replicates, seed, threads, parameters.value, progress)
    except Interrupted as stop:
        _keep(stop.finished[0] if stop.finished else None, replicates, out)
    if out is not None:
        _write_events(chosen, years, seed, parameters.value, out)
    _show(result, out, as_json)


@app.command()
@guarded
def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=SCENARIO)],
    b: Annotated[str, typer.Argument(metavar="B", help="another, or the same with changes")],
    years: Years = 10,
    replicates: Replicates = 64,
    seed: Seed = 1,
    threads: Threads = None,
    parameters: Prior = Parameters.default,
    set_: Set = None,
    set_a: SetA = None,
    set_b: SetB = None,
    preset: Preset = None,
    preset_a: PresetA = None,
    preset_b: PresetB = None,
    label_a: Label = None,
    label_b: Label = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run two policies on the same luck: what differs, by how much, how sure, through which channels."""
    first = changed(load(a), [*(set_ or []), *(set_a or [])], [*(preset or []), *(preset_a or [])])
    second = changed(load(b), [*(set_ or []), *(set_b or [])], [*(preset or []), *(preset_b or [])])
    check_folder(out)
    check_memory([first, second], years, replicates, threads)
    compile_first()
    from ssr_sim import comparison
    from ssr_sim.ensemble import Interrupted

    names = comparison.labels(first, second, label_a, label_b)
    try:
        with terminal.progress("runs") as progress:
            result = comparison.compare(
                first, second, years, replicates, seed, threads, parameters.value, progress, *names
            )
    except Interrupted as stop:
        _keep(
            comparison.Comparison(stop.finished[0], stop.finished[1], *names) if stop.finished else None,
            replicates,
            out,
        )
    _show(result, out, as_json)


def _write_events(scenario: Scenario, years: int, seed: int, parameters: str, out: Path) -> None:
    """Write the event log of the first run to `events.csv`: one history to read beside the statistics."""
    import pandas as pd

    from ssr_sim.chronicle import chronicle

    frame = pd.DataFrame(chronicle(scenario, years, seed, parameters=parameters))
    frame = frame.astype({name: "Int64" for name in ("place", "parent") if name in frame})  # whole or empty
    try:
        frame.to_csv(out / "events.csv", index=False)
    except OSError as error:
        raise unwritten(out, error) from None


def _provenance(result: Ensemble | Comparison, **more: object) -> dict[str, str]:
    from ssr_sim import provenance
    from ssr_sim.ensemble import Ensemble

    arms = [result] if isinstance(result, Ensemble) else [result.a, result.b]
    first = arms[0]
    return provenance.record(
        command=provenance.command_line(),
        scenario=" and ".join(arm.scenario.name for arm in arms),
        scenario_digest=" and ".join(arm.scenario.digest for arm in arms),
        seed=first.seed,
        replicates=first.replicates,
        years=first.years,
        uncertainty=first.uncertainty,
        **more,
    )


def _show(result: Ensemble | Comparison, out: Path | None, as_json: bool) -> None:
    from ssr_sim import summary
    from ssr_sim.document import as_document
    from ssr_sim.ensemble import Ensemble
    from ssr_sim.formats import counted

    facts = _provenance(result)
    if out is not None:  # before printing: whoever reads the output may stop reading
        terminal.say(f"report: {_write(result, out, facts)}")
    if as_json:
        terminal.print_json(as_document(result, facts))
        return
    console = terminal.console()
    if isinstance(result, Ensemble):
        first = result
        console.print(result.scenario.title, style="bold")
        console.print(f"{summary.headline(result)}\n")
    else:
        first = result.a
        console.print(f"A  {result.label_a}\nB  {result.label_b}", style="bold")
        console.print(f"{summary.compared_headline(result)}\n")
    for table in summary.tables(result):
        terminal.print_table(table)
    console.print(f"{counted(first.replicates, 'run')}, seed {first.seed}, {first.uncertainty}. Not a prediction.")


def _write(result: Ensemble | Comparison, out: Path, facts: dict[str, str]) -> Path:
    from ssr_sim import report

    try:
        return report.write(result, out, facts)
    except OSError as error:
        raise unwritten(out, error) from None


def _keep(result: Ensemble | Comparison | None, wanted: int, out: Path | None) -> NoReturn:
    """After Ctrl-C: write what is finished if there is a place for it, and leave."""
    from ssr_sim.ensemble import Ensemble

    finished = 0 if result is None else result.replicates if isinstance(result, Ensemble) else result.pairs
    if result is not None and out is not None:
        page = _write(result, out, _provenance(result, stopped=f"after {finished} of {wanted} replicates"))
        terminal.say(f"stopped after {finished} of {wanted} replicates; these are in {page}")
    else:
        terminal.say(f"stopped after {finished} of {wanted} replicates; nothing was kept")
    raise typer.Exit(130)
