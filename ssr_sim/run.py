"""One run: prepare a scenario, start a world, step it week by week, sum it up, save and branch it. The only time
loop.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from ssr_sim.draws import mix_seed
from ssr_sim.faults import refuse, whole_number
from ssr_sim.first_week.ground import Ground, lay_ground
from ssr_sim.first_week.populate import populate
from ssr_sim.jit import njit
from ssr_sim.measures import INDEX, INDICATORS
from ssr_sim.measuring import measure
from ssr_sim.parameters import catalogue, pack, views
from ssr_sim.policy import apply_policy, policy_table
from ssr_sim.scenario import BLOCKS, Scenario
from ssr_sim.schedule import week
from ssr_sim.shock_entry import shock_table
from ssr_sim.tables import AT_PEACE, LINES, empty
from ssr_sim.world import WEEK, WEEKS_PER_YEAR, Layer, World

YEAR = WEEKS_PER_YEAR
QUARTER = 13
LONGEST = 1000  # years
LARGEST_SEED = 2**63 - 1
LAYERS = ("roads", "social", "command")


@dataclass(frozen=True)
class Template:
    """What all replicates of a scenario share over a horizon of `weeks`. Read only, so threads may share it."""

    scenario: Scenario
    weeks: int
    ground: Ground
    settings: np.ndarray
    places: dict[str, int]
    policy: np.ndarray
    shocks: np.ndarray
    events: int


def weeks_in(years: float) -> int:
    """Whole weeks in `years` of 365.25 days, at least one. Raises ValueError unless 0 < years <= 1000."""
    refuse([horizon_problem(years)])
    return max(1, round(years / WEEK))


def horizon_problem(years: object) -> str:
    """What is wrong with `years` as the length of a run, or an empty text."""
    number = isinstance(years, Real) and not isinstance(years, bool)
    if number and 0 < float(years) <= LONGEST:  # type: ignore[arg-type]
        return ""
    return f"years must be a number above 0, at most {LONGEST:,}, got {years!r}"


def prepare(scenario: Scenario, weeks: int, events: int = 0) -> Template:
    """Build the map and networks of a scenario once; `events` is the length of each run's event log (0 keeps none)."""
    places = {key: place for place, key in enumerate(scenario.parameters)}
    return Template(scenario, weeks, lay_ground(scenario.country), pack(scenario.blocks), places,
                    policy_table(scenario, INDEX), shock_table(scenario.shocks, scenario.country), events)


def start(template: Template, seed: int, draw: Any = None) -> World:
    """A fresh world at week 0 with the luck of `seed` (0 to 2**63 - 1).

    `draw` is a `Scenario.prior_draw`: values of what is uncertain for this replicate; without it all stand at their
    central values.
    """
    scenario = template.scenario
    settings = template.settings.copy()
    country = scenario.country
    if draw is not None:
        settings[[template.places[key] for key in draw.parameters]] = list(draw.parameters.values())
        country = country.with_values(draw.country)
    parameters = views(settings, BLOCKS)
    # read by name many times over: plain arrays are quicker to read than records with attributes
    tables = populate(country, template.ground, parameters.view(np.ndarray), seed, template.weeks, scenario.start)
    clock = empty("clock", 1)
    clock["seed"] = seed
    clock["dt"] = WEEK
    ground = template.ground
    return World(clock=clock, policy=template.policy.copy(), shocks=template.shocks,
                 events=empty("events", template.events), recent_battle_deaths=np.zeros(YEAR),
                 recent_records=np.zeros(QUARTER), measured=np.zeros(len(INDICATORS)), settings=settings,
                 parameters=parameters, roads=ground.roads, social=ground.social, command=ground.command, **tables)


@njit
def advance(world: World, series: np.ndarray) -> None:
    """Step the world through `len(series)` weeks; row t of `series`, float64 (weeks, indicators), is week t's
    measures.
    """
    for t in range(len(series)):
        apply_policy(world)
        week(world)
        measure(world, series[t])
        for k in range(len(world.measured)):  # by hand: assigning a slice costs two seconds of compilation
            world.measured[k] = series[t, k]
        world.clock[0].week += 1


def new_series(weeks: int) -> np.ndarray:
    """Room for the weekly indicators of one run, float64 (weeks, indicators)."""
    return np.zeros((weeks, len(INDICATORS)))


def summarise(world: World, series: np.ndarray) -> dict[str, Any]:
    """Outcomes of a finished run, one value each; weeks count from the start, NaN where something did not happen."""
    country = world.country[0]
    weeks = len(series)
    peace, relapse, war = (float(country[name]) for name in ("peace_week", "relapse_week", "war_relapse_week"))
    reached = peace >= 0
    end = relapse if relapse >= 0 else float(weeks)
    outcome: dict[str, Any] = {
        "reached_peace": bool(reached),
        "weeks_to_peace": peace if reached else np.nan,
        "relapsed_conflict": bool(relapse >= 0),
        "weeks_to_relapse_conflict": relapse - peace if relapse >= 0 else np.nan,
        "weeks_at_risk": end - peace if reached else np.nan,
        "relapsed_war": bool(war >= 0),
        "weeks_to_relapse_war": war - peace if war >= 0 else np.nan,
        "weeks_at_risk_war": (war if war >= 0 else float(weeks)) - peace if reached else np.nan,
        "weeks_at_war": float(country["weeks_at_war"]),
        "weeks_at_peace": float(weeks_at_peace(series, world)),
        "at_peace_at_end": bool(country["war_state"] == AT_PEACE),
        "battle_deaths": float(country["battle_deaths"]),
        "civilian_deaths": float(country["civilian_deaths"]),
        "criminal_deaths": float(country["criminal_deaths"]),
        "mutinies": float(country["mutinies"]),
        "defections": float(country["defections"]),
        "splits": float(country["splits"]),
        "spoiling_episodes": float(country["spoiling"]),
        "cost_usd": float(world.ledger["total"].sum()),
        "leaked_usd": float(country["leaked"]),
    }
    for name in ("trust_police", "trust_government", "legitimacy", "corruption", "grievance"):
        outcome[f"{name}_at_end"] = float(series[-1, INDEX[name]])
    outcome["digest"] = digest(series)
    return outcome


def weeks_at_peace(series: np.ndarray, world: World) -> int:
    """Weeks in which peace had been reached and the last 52 weeks had fewer battle deaths than the threshold."""
    first = int(world.country[0]["peace_week"])
    if first < 0:
        return 0
    threshold = world.parameters.relapse[0]["conflict_deaths"]
    return int((series[first:, INDEX["battle_deaths_52"]] < threshold).sum())


def digest(series: np.ndarray) -> str:
    """32 hex digits of a run's weekly indicators: equal for equal runs, to the bit."""
    return blake2b(np.ascontiguousarray(series).tobytes(), digest_size=16).hexdigest()


def grow_events(world: World, rows: int) -> World:
    """The same world with room for `rows` events; what is logged stays."""
    if rows <= len(world.events):
        return world
    events = empty("events", rows)
    events[: len(world.events)] = world.events
    return world._replace(events=events)


def simulate(params: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """One run as a plain function, for drivers outside this package.

    `params` may hold "scenario" (name or file, default "baseline"), "years" (default 10) and any parameter or number
    of the country by its key ("vetting.coverage"). Returns the outcomes of `summarise` and the last value of every
    indicator. Raises ValueError for wrong years or a seed that is no whole number from 0 to 2**63 - 1, and
    `ScenarioError`, a ValueError too, for a wrong key or value.
    """
    changes = dict(params)
    years = changes.pop("years", 10)
    refuse([horizon_problem(years), whole_number("seed", seed, 0, LARGEST_SEED)])
    scenario = Scenario.load(changes.pop("scenario", "baseline"))
    if changes:
        scenario = scenario.with_levers(changes)
    weeks = weeks_in(years)
    world = start(prepare(scenario, weeks), mix_seed(seed, 0))
    series = new_series(weeks)
    advance(world, series)
    # outcomes last: "battle_deaths" is the total of the run, not the last week
    return {name: float(series[-1, place]) for name, place in INDEX.items()} | summarise(world, series)


# --------------------------------------------------------------------------------------------------- snapshots
def save_snapshot(world: World, path: str | Path) -> None:
    """Write the whole state to the file `path`, whatever its name ends in; `load_snapshot` restores it bit for bit.

    The file is a NumPy `.npz` without pickled objects.
    """
    arrays: dict[str, Any] = {
        name: value for name, value in world._asdict().items()
        if isinstance(value, np.ndarray) and name != "parameters"}
    for name in LAYERS:
        for part, value in getattr(world, name)._asdict().items():
            arrays[f"{name}.{part}"] = value
    arrays["format"] = np.array(_snapshot_format())
    with open(path, "wb") as file:  # NumPy would add .npz to a name
        np.savez_compressed(file, **arrays)


def load_snapshot(path: str | Path) -> World:
    """The world that `save_snapshot` wrote.

    Raises OSError when the file cannot be opened, ValueError when it is no snapshot, a damaged one, or one of another
    version of the model.
    """
    arrays = _stored_arrays(path)
    if "format" not in arrays:
        raise ValueError(f"{path} is not a snapshot: load_snapshot reads what save_snapshot has written")
    if str(arrays.pop("format")) != _snapshot_format():
        raise ValueError(f"{path} was written by another version of the model and cannot be continued")
    layers = {name: Layer(*(arrays.pop(f"{name}.{part}") for part in Layer._fields)) for name in LAYERS}
    parameters = views(arrays["settings"], BLOCKS)
    return World(**{**arrays, **layers, "parameters": parameters})


def _snapshot_format() -> str:
    """What a state consists of: two versions of the model that differ in it cannot read each other's snapshots."""
    parameters = list(catalogue(BLOCKS))
    return json.dumps({"world": World._fields, "parameters": parameters, "indicators": list(INDEX), "lines": LINES})


def _stored_arrays(path: str | Path) -> dict[str, Any]:
    """The arrays in a file by name; none when it is no archive at all."""
    with open(path, "rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except Exception as error:  # zip, zlib and NumPy each have errors of their own
            raise ValueError(f"{path} is damaged or not a snapshot ({error}); save it again") from error


def copy_world(world: World) -> World:
    """An independent copy; the networks, which never change, are shared."""
    arrays: dict[str, Any] = {name: value.copy() for name, value in world._asdict().items() if isinstance(value,
                                                                                                          np.ndarray)}
    return world._replace(**{**arrays, "parameters": views(arrays["settings"], BLOCKS)})


def branch(world: World, scenario: Scenario) -> World:
    """The same past with another policy: a copy of `world` with the levers and shocks of `scenario` from now on.

    Uncertain parameters keep the values of the past. Luck is common: a draw depends on seed, week and identity only.
    Policy changes that `world` was run with too go on as they stand: what has fired stays in force, weeks that a
    condition has held count on. So a branch with the scenario of `world` is the same run. Other dated changes of the
    past are in force from now on; other conditions start to count now.
    """
    future = copy_world(world)
    now = int(world.clock[0]["week"])
    levers = [row.role == "lever" for row in scenario.parameters.values()]
    future.settings[levers] = pack(scenario.blocks)[levers]
    policy = policy_table(scenario, INDEX)
    same = [name for name in policy.dtype.names or () if name not in ("fired", "held")]
    past = {tuple(change[name] for name in same): change for change in world.policy}
    for change in policy:
        before = past.get(tuple(change[name] for name in same))
        if before is not None:  # what both policies share has happened already, or has been waiting as long
            change["fired"], change["held"] = before["fired"], before["held"]
        elif 0 <= change["week"] < now:
            change["fired"] = change["week"]
    done = policy[policy["fired"] >= 0]
    for change in done[np.argsort(done["fired"], kind="stable")]:
        future.settings[change["parameter"]] = change["value"]
    return future._replace(policy=policy, shocks=shock_table(scenario.shocks, scenario.country))
