"""The command that explains one run: why."""

from __future__ import annotations

from typing import Annotated

import typer

from ssr_sim import terminal
from ssr_sim.cli.common import (
    AsJson,
    Out,
    ScenarioArg,
    Seed,
    Set,
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


@app.command()
@guarded
def why(
    scenario: ScenarioArg,
    years: Years = 10,
    seed: Seed = 1,
    replicate: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="which run of the ensemble with this seed")
    ] = 0,
    continuations: Annotated[
        int, typer.Option(min=2, max=100_000, help="new lucks that each question is asked under")
    ] = 100,
    lever: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="try only this lever (again for more); all of them take minutes"),
    ] = None,
    threads: Threads = None,
    set_: Set = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Explain one run: which events and levers decided that its peace failed, or what would have broken it."""
    chosen = changed(load(scenario), set_)
    check_folder(out)
    check_memory([chosen], years, 1, threads)
    compile_first()
    from ssr_sim import provenance
    from ssr_sim.why import words
    from ssr_sim.why.explain import explain

    with terminal.progress("continuations") as progress:
        found = explain(chosen, seed, replicate, years, continuations, progress, threads, terminal.say,
                        lever or None)
    facts = provenance.record(command=provenance.command_line(), scenario=chosen.name, scenario_digest=chosen.digest,
                              seed=seed, replicate=replicate, years=years, continuations=continuations,
                              uncertainty="luck only")
    if out is not None:  # before printing: whoever reads the output may stop reading
        from ssr_sim.why import page

        try:
            terminal.say(f"report: {page.write(found, out, facts)}")
        except OSError as error:
            raise unwritten(out, error) from None
    if as_json:
        terminal.print_json(words.as_document(found, facts))
        return
    console = terminal.console()
    console.print(chosen.title, style="bold")
    console.print(f"{words.headline(found)}\n")
    console.print(f"{words.timeline(found, console.width - 2)}\n")
    for table in words.tables(found):
        terminal.print_table(table)
    for line in words.HONESTY if found.levers else ():
        console.print(f"- {line}")
    console.print(f"Replicate {replicate} of seed {seed}, luck only. Not a prediction.")
