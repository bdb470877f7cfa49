"""The commands that run sweeps: sweep plan, run, status, failures, rerun, extend, verify, analyse, compact, export."""

from __future__ import annotations

import functools
import shlex
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from ssr_sim import terminal
from ssr_sim.cli.common import AsJson, Mistake, Threads, app, compile_first, guarded
from ssr_sim.cli.serving import NoBrowser, Port, open_app, page_of_run

if TYPE_CHECKING:
    from ssr_sim.sweep.experiment import Experiment
    from ssr_sim.sweep.results import Results

F = TypeVar("F", bound=Callable[..., None])

sweep = typer.Typer(
    name="sweep",
    help="Run many policies in many states of the world; nothing finished is ever lost or made twice.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(sweep)

SpecArg = Annotated[str, typer.Argument(metavar="SPEC", help="a specification.toml, or the folder of a sweep")]
States = Annotated[
    int | None, typer.Option(min=1, help="in place of n in [uncertainties], the number of states of the world "
                                        "(saltelli: a multiple of it): for a first look")
]
DirArg = Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a sweep")]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler, such as tcp://host:8786, instead of threads")
]
Cache = Annotated[
    Path | None, typer.Option(metavar="DIR", help="folder shared by sweeps: runs in it are not made again")
]


def told(command: F) -> F:
    """`guarded`, with errors of sweeps told in the same way."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        from ssr_sim.sweep.store import SweepError

        try:
            command(*arguments, **options)
        except SweepError as error:
            raise Mistake(str(error)) from None

    return guarded(run)  # type: ignore[return-value]


def opened(folder: Path) -> Results:
    from ssr_sim.sweep.results import Results

    return Results.open(folder)


def loaded(spec: str, states: int | None = None) -> Experiment:
    from ssr_sim.sweep.experiment import Experiment

    return Experiment.load(spec, states)


@sweep.command()
@told
def plan(spec: SpecArg, states: States = None, threads: Threads = None, as_json: AsJson = False) -> None:
    """Say how many runs there are, how long they take and how much they write, from a few of them."""
    from ssr_sim.formats import between, counted
    from ssr_sim.summary import Table

    experiment = loaded(spec, states)
    compile_first()
    found = experiment.plan(threads)
    study = found.study
    ends = {"runs": (found.least, found.most),
            "minutes": (found.minutes(found.least), found.minutes(found.most)),
            "megabytes": (found.least * found.bytes_a_run / 1e6, found.most * found.bytes_a_run / 1e6)}
    if as_json:
        terminal.print_json({
            "policies": len(study.policy_names), "states": len(study.states), "levers": len(study.levers),
            "uncertainties": len(study.states.keys), "threads": found.threads, "pilot_runs": found.pilot,
            "seconds_a_run": found.seconds_a_run, "bytes_a_run": found.bytes_a_run,
            "memory_bytes": found.memory_bytes,
            **{name: {"least": least, "most": most} for name, (least, most) in ends.items()}})
        return
    r = study.replicates
    replicates = f"{r.most:,}" if r.mode == "fixed" else f"{r.least:,} to {r.most:,}, until the targets are met"
    sampled = f", of which {len(study.points):,} sampled" if len(study.points) else ""
    rows = [("policies", f"{len(study.policy_names):,}{sampled}"),
            ("states of the world", f"{len(study.states):,}, {counted(len(study.states.keys), 'uncertain number')}"),
            ("replicates", replicates)]
    rows += [(name, between(*both)) for name, both in ends.items()]
    rows.append(("memory at its peak", f"about {found.memory_bytes / 1e6:,.0f} MB"))
    terminal.print_table(Table(f"Plan: {study.name or spec}", ("what", "how much"), tuple(rows), numeric=False, note=(
        f"Measured on {counted(found.pilot, 'run')}: {1000 * found.seconds_a_run:,.0f} ms and "
        f"{found.bytes_a_run / 1000:,.1f} kB each; {counted(found.threads, 'thread')}.")))


@sweep.command()
@told
def run(
    spec: SpecArg,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="folder of the sweep; running again resumes")] = None,
    states: States = None,
    threads: Threads = None,
    cluster: Cluster = None,
    cache: Cache = None,
    retry: Annotated[bool, typer.Option("--retry", help="make runs again that have failed")] = False,
) -> None:
    """Make all runs that are not there yet. Ctrl-C keeps what is finished; the same command goes on."""
    folder = out or (Path(spec) if Path(spec).is_dir() else None)
    if folder is None:
        raise Mistake("--out DIR is missing: the folder that keeps the runs")
    _carry_out(loaded(spec, states), folder, threads, cluster, cache, retry)


def _carry_out(experiment: Experiment, folder: Path, threads: int | None, cluster: str | None, cache: Path | None,
               retry: bool = False) -> None:
    if cluster is None:
        compile_first()
    elif threads is not None:
        raise Mistake("choose one of --threads, on this machine, and --cluster")
    try:
        with _ended_by_signal(), _workers(cluster) as (executor, slots), terminal.progress("runs") as progress:
            if slots is not None and not slots():
                terminal.say(f"no worker has come to {cluster} yet; waiting")
            results = experiment.run(folder, threads=threads, executor=executor, slots=slots, cache=cache,
                                     retry=retry, progress=progress, say=terminal.say)
    except KeyboardInterrupt:
        terminal.say(f"stopped; what is finished is kept in {folder}. Go on with: "
                     f"ssr-sim sweep run {shlex.quote(str(folder))}")
        raise typer.Exit(130) from None
    _tell(results, as_json=False)


def _workers(cluster: str | None) -> Any:
    if cluster is None:
        return nullcontext((None, None))
    from ssr_sim.sweep.cluster import dask

    return dask(cluster)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Treat the signals by which batch systems, closed terminals and machines end a process like Ctrl-C.

    Those that are ignored, as under nohup, stay so.
    """
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    taken = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in taken:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


@sweep.command()
@told
def status(folder: DirArg, as_json: AsJson = False) -> None:
    """Say how far a sweep is: runs finished, failed and missing, size, what is known how well."""
    _tell(opened(folder), as_json)


def _tell(results: Results, as_json: bool) -> None:
    from ssr_sim.summary import Table
    from ssr_sim.sweep.progress import progress_of

    found = progress_of(results)
    if as_json:
        terminal.print_json(found.document())
        return
    rows = [("finished", f"{found.finished:,} of {found.planned:,} runs"), ("failed", f"{found.failed:,}"),
            ("missing", f"{found.missing:,}"), ("on disk", f"{found.bytes / 1e6:,.1f} MB in {found.parts:,} parts"),
            ("at work", found.at_work or "nobody"), ("digest", found.digest)]
    terminal.print_table(Table(f"Sweep: {found.name or results.folder}", ("what", "now"), tuple(rows), numeric=False,
                               note="See also: ssr-sim sweep failures" if found.failed else ""))
    if found.targets:
        rows_ = tuple((policy, outcome, f"{runs:,}", f"{share.value:.2f}", f"{share.half_width:.3f}", f"{wanted:g}")
                      for policy, outcome, runs, share, wanted in found.targets)
        terminal.print_table(Table("Targets", ("policy", "outcome", "replicates", "share", "half-width", "wanted"),
                                   rows_, note=found.remark, numeric=False))


@sweep.command()
@told
def failures(folder: DirArg, as_json: AsJson = False) -> None:
    """List the runs that failed, by what they said, with one run of each kind to look at."""
    from ssr_sim.summary import Table

    results = opened(folder)
    found = results.sql("SELECT error, message, count(*) AS runs, min(run_id) AS run_id, min(policy) AS policy "
                        "FROM failures GROUP BY error, message ORDER BY runs DESC, message")
    if as_json:
        every = results.sql("SELECT * FROM failures ORDER BY policy, state, replicate")
        terminal.print_json(every.to_dict(orient="records"))
        return
    rows = tuple((f"{runs:,}", f"{error}: {message}\nfor example {identity}, policy {policy}")
                 for error, message, runs, identity, policy in found.itertuples(index=False))
    terminal.print_table(Table("Failures", ("runs", "what they said"), rows, numeric=False,
                               note=f"One again: ssr-sim sweep rerun {shlex.quote(str(folder))} RUN_ID"))


@sweep.command()
@told
def rerun(
    folder: DirArg,
    run_id: Annotated[str, typer.Argument(metavar="RUN_ID", help="identity of a run, or its beginning")],
    as_json: AsJson = False,
    in_app: Annotated[bool, typer.Option("--app", help="open the run in the app: its map, its weeks, why")] = False,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Make one run again and compare it with what the sweep has kept, to the bit."""
    if in_app:
        open_app(port, no_browser, page_of_run(folder, run_id), [folder])
        return
    from ssr_sim.summary import Table
    from ssr_sim.sweep.checking import rerun as again

    results = opened(folder)
    compile_first()
    found = again(results, run_id)
    row = found.row
    if found.run is None:
        terminal.say(found.trace)
        raise Mistake(f"{row['policy']}, state {row['state']}, replicate {row['replicate']} fails: "
                      f"{found.trace.splitlines()[-1]}")
    if as_json:
        outcomes = {name: None if value != value else value for name, value in found.run.outcomes.items()}
        terminal.print_json({"run_id": row["run_id"], "policy": row["policy"], "state": int(row["state"]),
                             "replicate": int(row["replicate"]), "status": row["status"], "outcomes": outcomes,
                             "differences": found.differences})
    else:
        rows = tuple((name, str(value)) for name, value in found.run.outcomes.items())
        terminal.print_table(Table(f"{row['policy']}, state {row['state']}, replicate {row['replicate']}",
                                   ("outcome", "value"), rows, numeric=False))
        if row["status"] == "failed":
            terminal.say("this run failed in the sweep and does not fail now; make it again with: sweep run --retry")
    if found.differences:
        raise Mistake("the run is not the same as in the sweep:\n" + "\n".join(found.differences))
    if row["status"] == "finished" and not as_json:
        typer.echo(f"The same to the bit: digest {row['digest']}.")


@sweep.command()
@told
def extend(
    folder: DirArg,
    replicates: Annotated[int | None, typer.Option(min=1, help="replicates that every policy is to have")] = None,
    policy: Annotated[Path | None, typer.Option(metavar="FILE", help="a file with more [[policy]] entries")] = None,
    threads: Threads = None,
    cluster: Cluster = None,
    cache: Cache = None,
) -> None:
    """Add replicates or policies to a sweep; only what is missing is run."""
    if replicates is None and policy is None:
        raise Mistake("say what to add: --replicates N or --policy FILE")
    experiment = loaded(str(folder))
    try:
        experiment = experiment.extended(replicates, policy)
    except ValueError as error:
        from ssr_sim.faults import ScenarioError

        raise error if isinstance(error, ScenarioError) else Mistake(str(error)) from None
    _carry_out(experiment, folder, threads, cluster, cache)


@sweep.command()
@told
def verify(
    folder: DirArg,
    sample: Annotated[int, typer.Option(min=1, help="finished runs to make again")] = 20,
    as_json: AsJson = False,
) -> None:
    """Check every file, make a sample of runs again, compare them to the bit and certify what was found."""
    from dataclasses import asdict

    from ssr_sim.sweep.checking import CERTIFICATE
    from ssr_sim.sweep.checking import verify as certify

    results = opened(folder)
    compile_first()
    with terminal.progress("runs made again") as progress:
        found = certify(results, sample, progress)
    if as_json:
        terminal.print_json(asdict(found))
    if found.differing:
        raise Mistake(f"{len(found.differing)} differences in {found.sample} runs:\n" + "\n".join(found.differing))
    if not as_json:
        bound = found.differing_below
        rest = f"; fewer than {bound:.1%} of all runs differ (95 % sure)" if bound else ""
        typer.echo(f"All files are whole; {found.sample} of {found.runs:,} runs made again are the same to the "
                   f"bit{rest}.\n{found.failed:,} failed, {found.missing:,} missing. Digest of the table: "
                   f"{found.digest}. Written to {folder / CERTIFICATE}.")


@sweep.command()
@told
def analyse(
    folder: DirArg,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the page to write (default: report.html in DIR)")
    ] = None,
) -> None:
    """Write what the finished runs say: policies against the reference, survival, sensitivity, robust choice, price."""
    from ssr_sim.analysis.report import write_report
    from ssr_sim.provenance import command_line, record
    from ssr_sim.sweep.progress import progress_of

    results = opened(folder)
    scenario, found = results.scenario, progress_of(results)
    if found.missing or found.failed:
        terminal.say(f"{found.finished:,} of {found.planned:,} runs are finished, {found.failed:,} have failed: "
                     "the report is about the finished ones")
    title = f"{found.name}: {scenario['title']}" if found.name else scenario["title"]
    facts = record(command=command_line(), study=found.name or str(results.folder), scenario=scenario["name"],
                   runs=f"{found.finished:,}", digest_of_the_table=found.digest)
    try:
        with terminal.progress("sections of the report") as progress:
            file = write_report(results.table(), report or folder / "report.html", facts,
                                title=title[:1].upper() + title[1:], approximate=scenario["approximate"],
                                progress=progress)
    except ValueError as error:
        raise Mistake(str(error)) from None
    except OSError as error:
        raise Mistake(f"the report could not be written ({error.strerror or error})") from None
    typer.echo(f"report: {file}")


@sweep.command()
@told
def compact(folder: DirArg) -> None:
    """Merge many small parts into a few large ones."""
    from ssr_sim.sweep import store
    from ssr_sim.sweep.compacting import compact as merge

    opened(folder)
    try:
        with store.locked(folder):
            before, after = merge(folder)
    except OSError as error:
        raise Mistake(f"{folder}: cannot write there ({error.strerror or error}); nothing is lost") from None
    typer.echo(f"{before:,} parts before, {after:,} now.")


@sweep.command()
@told
def export(
    folder: DirArg,
    csv: Annotated[bool, typer.Option("--csv", help="as CSV (default)")] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="as Parquet")] = False,
    to: Annotated[Path | None, typer.Option(metavar="FOLDER", help="default: the folder `export` in DIR")] = None,
) -> None:
    """Write the tables of a sweep as one file each: runs, series, events, failures, policies, states."""
    if csv and parquet:
        raise Mistake("choose one of --csv and --parquet")
    target = to or folder / "export"
    try:
        files = opened(folder).export(target, "parquet" if parquet else "csv")
    except OSError as error:
        raise Mistake(f"{target}: cannot write there ({error.strerror or error})") from None
    for file in files:
        typer.echo(file)
