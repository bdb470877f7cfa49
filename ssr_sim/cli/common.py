"""What all commands share: the application, its options, how a mistake is told, how a scenario is loaded.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 2 a mistake of the user
(one message, no traceback), 130 stopped by Ctrl-C. Imports that take time happen inside the commands, so help
is at once.
"""

from __future__ import annotations

import enum
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from ssr_sim import terminal

if TYPE_CHECKING:
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
Preset = Annotated[
    list[str] | None,
    typer.Option("--preset", metavar="NAME", help="lay a preset over it (see `ssr-sim presets`); repeatable"),
]
PresetA = Annotated[list[str] | None, typer.Option("--preset-a", metavar="NAME", help="the same, over A only")]
PresetB = Annotated[list[str] | None, typer.Option("--preset-b", metavar="NAME", help="the same, over B only")]
Label = Annotated[str | None, typer.Option(help="what to call this policy")]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="write report, figures and tables into this folder")
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document instead of tables")]

LARGE = 3e8  # bytes above which the need for memory is told, and what the program is doing


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
            fail(f"{len(error.faults)} mistakes:\n{error}" if several else str(error))
        except (Mistake, MemoryError) as error:
            fail(str(error))
        except KeyboardInterrupt:
            terminal.say("stopped.")
            raise typer.Exit(130) from None
        except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
            sys.stderr.close()
            raise typer.Exit(0) from None

    return run  # type: ignore[return-value]


def fail(message: str) -> NoReturn:
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


def load(name: str) -> Scenario:
    from ssr_sim.scenario import Scenario

    return Scenario.load(str(Path(name).resolve()) if Path(name).is_file() else name)


def changed(scenario: Scenario, settings: list[str] | None, presets: list[str] | None = None) -> Scenario:
    """The scenario with presets over it, in their order, and then with single settings."""
    for preset in presets or []:
        scenario = scenario.with_preset(str(Path(preset).resolve()) if Path(preset).is_file() else preset)
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


def check_folder(out: Path | None) -> None:
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


def check_memory(scenarios: list[Scenario], years: int, replicates: int, threads: int | None) -> None:
    """Refuse before the model is compiled what cannot be held; tell what memory a large request needs, and from then on
    what is being done.
    """
    from ssr_sim import ensemble

    need = ensemble.check_memory(scenarios, years, replicates, threads)
    if need.bytes > LARGE:
        terminal.say(need.words)
        terminal.tell_steps()


def compile_first() -> None:
    """Compile the model where that has not been done yet, and say so: it takes longer than most commands."""
    from ssr_sim import code_cache
    from ssr_sim.compiling import compile_model, is_compiled

    if is_compiled():
        return
    terminal.say("compiling the model: once on this machine, about a minute")
    if trouble := code_cache.problem():
        terminal.say(f"warning: {trouble}")
    with terminal.progress("compiling") as progress:
        compile_model(progress)


def unwritten(out: Path, error: OSError) -> Mistake:
    return Mistake(f"--out {out}: could not write all of it ({error.strerror or error})")
