"""The command `ssr-sim`: reads arguments, calls the library, prints what it finds.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 2 a mistake of the user
(one message, no traceback), 130 stopped by Ctrl-C. Imports that take time happen inside the commands, so help
is at once.
"""

from __future__ import annotations

import datetime
import enum
import functools
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from ssr_sim import terminal

if TYPE_CHECKING:
    from ssr_sim.comparison import Comparison
    from ssr_sim.ensemble import Ensemble
    from ssr_sim.scenario import Scenario

F = TypeVar("F", bound=Callable[..., None])

app = typer.Typer(
    name="ssr-sim",
    help="Security sector reform after war: run a country under a policy, compare policies on the same luck.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Parameters(enum.StrEnum):
    """What differs from run to run."""

    default = "default"
    prior = "prior"


SCENARIO = "a scenario by name (see `ssr-sim scenarios`) or a file.toml"
ScenarioArg = Annotated[str, typer.Argument(metavar="SCENARIO", help=SCENARIO)]
Years = Annotated[int, typer.Option(min=1, max=100, help="length of each run")]
Replicates = Annotated[int, typer.Option(min=1, help="number of runs of each policy")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="seed; the same seed gives the same result")]
Threads = Annotated[
    int | None, typer.Option(min=1, help="threads (default: all cores); never changes a result")
]
Prior = Annotated[
    Parameters, typer.Option("--parameters", help="prior: draw the uncertain parameters from their ranges")
]
Set = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="change a parameter; repeatable")
]
SetA = Annotated[list[str] | None, typer.Option("--set-a", metavar="KEY=VALUE", help="the same, in A only")]
SetB = Annotated[list[str] | None, typer.Option("--set-b", metavar="KEY=VALUE", help="the same, in B only")]
Label = Annotated[str | None, typer.Option(help="what to call this policy")]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="write report, figures and tables into this folder")
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document instead of tables")]


LARGE = 1e9  # bytes above which the need for memory is told


class Mistake(Exception):
    """A mistake of the user, in words that say what would be right."""


def guarded(command: F) -> F:
    """Turn a user's mistake into one message and exit code 2, Ctrl-C into one line and 130."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        from ssr_sim.faults import ScenarioError

        try:
            command(*arguments, **options)
        except ScenarioError as error:
            several = len(error.faults) > 1
            _fail(f"{len(error.faults)} mistakes:\n{error}" if several else str(error))
        except (Mistake, MemoryError) as error:
            _fail(str(error))
        except KeyboardInterrupt:
            terminal.say("stopped.")
            raise typer.Exit(130) from None
        except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
            sys.stderr.close()
            raise typer.Exit(0) from None

    return run  # type: ignore[return-value]


def _fail(message: str) -> NoReturn:
    terminal.say(f"error: {message}")
    raise typer.Exit(2)


def _version(wanted: bool) -> None:
    if wanted:
        from ssr_sim import __version__

        typer.echo(f"ssr-sim {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version and leave")
    ] = False,
) -> None:
    """Security sector reform after war: run a country under a policy, compare policies on the same luck."""


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
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run one scenario many times: whether peace comes, whether it lasts, what it costs."""
    chosen = _changed(_load(scenario), set_)
    _check_folder(out)
    _check_memory([chosen], years, replicates, threads)
    _compile()
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
    label_a: Label = None,
    label_b: Label = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run two policies on the same luck: what differs, by how much, how sure, through which channels."""
    first = _changed(_load(a), [*(set_ or []), *(set_a or [])])
    second = _changed(_load(b), [*(set_ or []), *(set_b or [])])
    _check_folder(out)
    _check_memory([first, second], years, replicates, threads)
    _compile()
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


@app.command()
@guarded
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with the program."""
    from ssr_sim.scenario import scenario_names
    from ssr_sim.summary import Table

    found = [(name, _load(name)) for name in scenario_names()]
    if as_json:
        terminal.print_json(
            [
                {"name": name, "title": s.title, "start": str(s.start), "description": s.description}
                for name, s in found
            ]
        )
        return
    rows = tuple((name, f"{s.title}\n{s.start:%B %Y}") for name, s in found)
    terminal.print_table(
        Table("Scenarios", ("name", "what it is"), rows, "Run one: ssr-sim run NAME", numeric=False)
    )


@app.command()
@guarded
def levers(
    name: Annotated[str | None, typer.Argument(help="a key (vetting.coverage) or a block (vetting)")] = None,
    every: Annotated[bool, typer.Option("--all", help="also what is uncertain or constant")] = False,
    as_json: AsJson = False,
) -> None:
    """List what a policy can set, or describe one lever: unit, range, price, side effect, source."""
    from ssr_sim.faults import nearest
    from ssr_sim.parameters import catalogue
    from ssr_sim.scenario import BLOCKS
    from ssr_sim.summary import Table

    known = catalogue(BLOCKS)
    if name is None:
        chosen = [row for row in known.values() if every or row.role == "lever"]
    else:
        chosen = [row for key, row in known.items() if name in (key, row.block)]
        if not chosen:
            raise Mistake(f"no parameter or block {name!r}{nearest(name, [*known, *BLOCKS])}")
    if as_json:
        terminal.print_json([vars(row) for row in chosen])
    elif name is not None:
        for row in chosen:
            terminal.describe(row)
    else:
        for group in dict.fromkeys(row.group for row in chosen):
            rows = tuple(
                (
                    row.key,
                    f"{row.default:g}" if isinstance(row.default, float) else row.default,
                    terminal.range_of(row),
                    row.unit,
                )
                for row in chosen
                if row.group == group
            )
            terminal.print_table(Table(group, ("key", "default", "range", "unit"), rows, numeric=False))
        typer.echo(f"{len(chosen)} parameters. More on one: ssr-sim levers KEY")


@app.command()
@guarded
def check(file: Annotated[str, typer.Argument(metavar="FILE", help=SCENARIO)]) -> None:
    """Read a scenario and say everything that is wrong with it, with file, line and key."""
    from ssr_sim.formats import counted

    found = _load(file)
    for warning in found.warnings():
        typer.echo(f"warning: {warning}")
    typer.echo(f"{file} is fine: {found.title}, {counted(found.country.communities, 'community')}.")
    if found.memory_estimate() > LARGE:
        typer.echo(f"One run needs about {found.memory_estimate() / 1e9:.1f} GB of memory.")


@app.command()
@guarded
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="name of the country")],
    regions: Annotated[
        Path, typer.Option(help="CSV with a line of column names: name, population; lon, lat, capital, outside")
    ],
    borders: Annotated[Path | None, typer.Option(help="CSV of two columns: names of regions that touch")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="file to write (default: NAME.toml)")] = None,
    force: Annotated[bool, typer.Option("--force", help="write over the file if there is one")] = False,
) -> None:
    """Start a scenario for a country of your own: a file that runs, with every assumption marked."""
    from ssr_sim.formats import counted
    from ssr_sim.region_files import read_regions
    from ssr_sim.scenario import Scenario
    from ssr_sim.starter import slug, starter

    if not slug(name) or len(name) > 80 or not name.isprintable():
        raise Mistake(f"NAME {name!r}: a name is one line of at most 80 characters with a letter or digit")
    file = out or Path(f"{slug(name)}.toml")
    today = datetime.date.today()
    text = starter(name, *read_regions(regions, borders), today.replace(month=1, day=1))
    scenario = Scenario.from_toml(text, str(file))
    try:
        with file.open("w" if force else "x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        raise Mistake(f"{file} exists; --force writes over it, --out chooses another file") from None
    except OSError as error:
        raise Mistake(f"{file}: cannot write there ({error.strerror or error})") from None
    country = scenario.country
    typer.echo(
        f"{file}: {counted(len(country.regions), 'region')}, {country.population:,.0f} people, "
        f"{counted(len(country.borders), 'border')}. Next:\n"
        f"1. open it and replace the assumptions: forces, money, armed groups, mission\n"
        f"2. ssr-sim check {shlex.quote(str(file))}\n"
        f"3. ssr-sim run {shlex.quote(str(file))} --out {shlex.quote(slug(name))}"
    )


def _load(name: str) -> Scenario:
    from ssr_sim.scenario import Scenario

    return Scenario.load(str(Path(name).resolve()) if Path(name).is_file() else name)


def _changed(scenario: Scenario, settings: list[str] | None) -> Scenario:
    values: dict[str, float | str | bool] = {}
    for setting in settings or []:
        key, equals, text = setting.partition("=")
        if not (equals and key.strip() and text.strip()):
            raise Mistake(f"--set {setting!r}: write it as key=value, for example vetting.coverage=0.5")
        values[key.strip()] = _value(text.strip())
    return scenario.with_levers(values) if values else scenario


def _value(text: str) -> float | str | bool:
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _check_folder(out: Path | None) -> None:
    """Fail before the runs, not after them, when the results could not be written."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".ssr-sim-can-write"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Mistake(f"--out {out}: cannot write there ({error.strerror or error})") from None


def _check_memory(scenarios: list[Scenario], years: int, replicates: int, threads: int | None) -> None:
    """Refuse before the model is compiled what cannot be held, and tell what memory a large request needs."""
    from ssr_sim.ensemble import check_memory

    need = check_memory(scenarios, years, replicates, threads)
    if need.bytes > LARGE:
        terminal.say(need.words)


def _write_events(scenario: Scenario, years: int, seed: int, parameters: str, out: Path) -> None:
    """Write the event log of the first run to `events.csv`: one history to read beside the statistics."""
    import pandas as pd

    from ssr_sim.chronicle import chronicle

    frame = pd.DataFrame(chronicle(scenario, years, seed, parameters=parameters))
    frame = frame.astype({name: "Int64" for name in ("place", "parent") if name in frame})  # whole or empty
    try:
        frame.to_csv(out / "events.csv", index=False)
    except OSError as error:
        raise _unwritten(out, error) from None


def _compile() -> None:
    """Compile the model where that has not been done yet, and say so: it takes longer than most commands."""
    from ssr_sim.compiling import compile_model, is_compiled

    if not is_compiled():
        terminal.say("compiling the model: once on this machine, about a minute")
        with terminal.progress("compiling") as progress:
            compile_model(progress)


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
        raise _unwritten(out, error) from None


def _unwritten(out: Path, error: OSError) -> Mistake:
    return Mistake(f"--out {out}: could not write all of it ({error.strerror or error})")


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


def main() -> None:
    """Entry point of the command."""
    app()
