"""The commands that inform: scenarios, presets, levers, check, cache; and that which starts a scenario: new."""

from __future__ import annotations

import datetime
import shlex
from pathlib import Path
from typing import Annotated

import typer

from ssr_sim import terminal
from ssr_sim.cli import common
from ssr_sim.cli.common import SCENARIO, AsJson, Mistake, app, guarded, load


@app.command()
@guarded
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with the program."""
    from ssr_sim.scenario import scenario_names
    from ssr_sim.summary import Table

    found = [(name, load(name)) for name in scenario_names()]
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
def presets(as_json: AsJson = False) -> None:
    """List the presets: packages of levers that go over any scenario."""
    from ssr_sim.scenario import preset_heads
    from ssr_sim.summary import Table

    found = preset_heads()
    if as_json:
        terminal.print_json([{"name": name, **vars(head)} for name, head in found.items()])
        return
    rows = tuple((name, f"{head.title}\n{head.description}") for name, head in found.items())
    terminal.print_table(
        Table("Presets", ("name", "what it is"), rows, "Use one: ssr-sim run SCENARIO --preset NAME", numeric=False)
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

    found = load(file)
    for warning in found.warnings():
        typer.echo(f"warning: {warning}")
    typer.echo(f"{file} is fine: {found.title}, {counted(found.country.communities, 'community')}.")
    if found.memory_estimate() > common.LARGE:
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


@app.command()
@guarded
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="remove it; the next run compiles the model again")] = False,
) -> None:
    """Tell where the compiled model is kept and how large it is."""
    from ssr_sim import code_cache

    store = code_cache.store()
    files = [path for path, _ in store.files()]
    functions = sum(path.suffix == ".code" for path in files)
    typer.echo(f"{store.folder}: {store.size() / 1e6:.1f} MB, {functions} functions")
    if trouble := code_cache.problem():
        terminal.say(f"warning: {trouble}")
    if clear:
        store.clear()
        left = sum(path.exists() for path in files)
        if left:
            raise Mistake(f"could not remove {left} files in {store.folder}")
        typer.echo("removed; the next run compiles the model again")
