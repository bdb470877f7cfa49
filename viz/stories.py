"""Stories for a room: TOML files of scenes, each a text, a plan, a question and what to say of the answer.

What a story says of a result it says for every result: the run chooses the words, and no reveal holds a number.
`docs/workshop/story-format.md` describes the format.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ssr_sim.faults import Fault, ScenarioError, nearest, unknown
from ssr_sim.locations import data_dir
from ssr_sim.measures import INDEX
from ssr_sim.policy_change import value_problem
from ssr_sim.run import weeks_in
from ssr_sim.scenario import scenario_names
from ssr_sim.scenario_checks import sound_part, validation_problems
from ssr_sim.scenario_files import Source
from ssr_sim.toml_text import KeyPath, read
from ssr_sim.world import WEEK

from .goals import GOALS
from .plan import REPLICATES, YEARS, Plan, Value, parameters, scenario_of

OWN_STORIES = "SSR_SIM_STORIES"  # a folder with a trainer's own stories
CHARTS = ("peace", "amount", "map", "why")  # besides every indicator, which is drawn over time
FEWEST_ANSWERS, MOST_ANSWERS = 2, 5  # a room has to read them
MOST_SCENES = 30
TABLES = ("story", "scene")

Verdict = Literal["higher", "lower", "little", "open"]
Problems = Iterator[tuple[KeyPath, str]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Part = TypeVar("Part", bound=_Part)


class Answer(_Part):
    """An answer, and when it is true: for some verdicts, or for a number within [`least`, `below`)."""

    text: str = Field(min_length=1, max_length=70)
    verdicts: list[Verdict] = Field([], alias="if")
    least: float | None = None
    below: float | None = None


class Reveal(_Part):
    """What to say of the result, by verdict; `level` where a scene changes nothing."""

    higher: str = Field(default="", max_length=260)
    lower: str = Field(default="", max_length=260)
    little: str = Field(default="", max_length=260)
    open: str = Field(default="", max_length=260)
    level: str = Field(default="", max_length=260)


class Later(_Part):
    """Levers that change `year` years after the start."""

    year: float = Field(gt=0.0, le=YEARS[1])
    set: dict[str, float | int | str] = Field(min_length=1)


class Scene(_Part):
    """One scene: what is told, the plan behind it, what is asked, what is shown.

    On the charts the plan is called `label`, and the country without it `beside`.
    """

    title: str = Field(min_length=1, max_length=60)
    text: str = Field(default="", max_length=300)
    country: str = ""
    levers: dict[str, float | int | str] = {}
    later: list[Later] = []
    label: str = Field(default="", max_length=26)
    beside: str = Field(default="", max_length=26)
    measure: str = ""
    matters: float = Field(0.0, ge=0.0)
    chart: str = ""
    question: str = Field(default="", max_length=130)
    asks: Literal["direction", "change", "outcome"] | None = None
    answers: list[Answer] = []
    reveal: Reveal = Reveal()
    notes: str = ""
    measured: str = ""

    @property
    def changes(self) -> bool:
        """Whether the scene does something in its country."""
        return bool(self.levers or self.later)

    @property
    def about(self) -> str:
        """What its answers are about: the direction of the change, its size, or what comes out."""
        return self.asks or ("direction" if self.changes else "outcome")


class Head(_Part):
    """The [story] table."""

    title: str = Field(min_length=1, max_length=60)
    minutes: int = Field(ge=1, le=240)
    about: str = Field(min_length=1, max_length=240)
    learns: list[str] = Field(min_length=1)
    country: str = "baseline"
    years: int = Field(10, ge=YEARS[0], le=YEARS[1])
    runs: int = Field(128, ge=REPLICATES[0], le=REPLICATES[1])
    seed: int = Field(1, ge=0)
    notes: str = ""


@dataclass(frozen=True)
class Story:
    """A story that can be told. `name` is that of its file."""

    name: str
    head: Head
    scenes: tuple[Scene, ...]
    digest: str

    def plan(self, k: int) -> Plan:
        """The plan of scene `k` (from 0), which the planner can open."""
        return plan_of(self.head, self.scenes[k])

    @cached_property
    def told(self) -> list[int]:
        """The scenes that have a result to show."""
        return [k for k, scene in enumerate(self.scenes) if scene.measure]


def plan_of(head: Head, scene: Scene) -> Plan:
    """The plan of a scene in a story with this head."""
    plan = Plan(country=scene.country or head.country, years=head.years, replicates=head.runs, seed=head.seed)
    for key, value in scene.levers.items():
        plan = plan.with_lever(key, _value(value))
    for change in scene.later:
        for key, value in change.set.items():
            plan = plan.with_lever(key, _value(value), week_of(change.year))
    goals = (scene.measure,) if scene.measure in GOALS else ()
    return replace(plan, goals=goals, show=scene.chart if scene.chart in INDEX else plan.show)


def week_of(year: float) -> int:
    """The week in which so many years have passed."""
    return int(year / WEEK)


def _value(value: float | int | str) -> Value:
    return value if isinstance(value, str) else float(value)


# --- finding ---


def folders() -> list[Path]:
    """Where stories are: with the program, and in the folder that SSR_SIM_STORIES names."""
    own = os.environ.get(OWN_STORIES)
    return [data_dir("scenarios") / "stories", *([Path(own)] if own else [])]


def story_files() -> dict[str, Path]:
    """Every story's file by its name; a trainer's own stands for a shipped one of the same name."""
    return {path.stem: path for folder in folders() for path in sorted(folder.glob("*.toml"))}


def load(name_or_path: str) -> Story:
    """A story by its name, or a file by its path; raises `ScenarioError` with every fault."""
    files = story_files()
    is_path = name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path
    if not is_path and name_or_path not in files:
        raise ScenarioError([Fault("stories", 0, "", unknown("story", name_or_path, files))])
    path = Path(name_or_path) if is_path else files[name_or_path]
    return from_text(read(path), str(path))


def from_text(text: str, origin: str) -> Story:
    """A story from the text of its file `origin`; raises `ScenarioError` with every fault."""
    source = Source.of(text, origin)
    tables = source.tables
    found: list[tuple[KeyPath, str]] = [((key,), f"unknown table{nearest(key, TABLES)}") for key in tables
                                        if key not in TABLES]
    head = _validated(Head, tables.get("story"), ("story",), found)
    if head and head.country not in scenario_names():
        found.append((("story", "country"), unknown("country", head.country, scenario_names())))
        head = None
    listed = tables.get("scene")
    rows = listed if isinstance(listed, list) else []
    if not 1 <= len(rows) <= MOST_SCENES:
        found.append((("scene",), f"a story has 1 to {MOST_SCENES} [[scene]] tables; there are {len(rows)}"))
    scenes = []
    for k, row in enumerate(rows):
        scene, wrong = _scene(row, ("scene", k), found)
        if scene:
            scenes.append(scene)
            found += [(("scene", k, *path), message) for path, message in _contradictions(head, scene, wrong)]
    if found or head is None:
        raise ScenarioError(source.fault(path, message) for path, message in found)
    digest = blake2b(text.encode(), digest_size=8).hexdigest()
    return Story(Path(origin).stem, head, tuple(scenes), digest)


def _validated(model: type[Part], table: Any, path: KeyPath, found: list[tuple[KeyPath, str]]) -> Part | None:
    """The table as its model, or None and what is wrong with it added to `found`."""
    if not isinstance(table, dict):
        found.append((path, "is missing or not a table"))
        return None
    try:
        return model.model_validate(table)
    except ValidationError as error:
        found += [((*path, *below), message) for below, message in validation_problems(error, model)]
    return None


def _scene(table: Any, path: KeyPath, found: list[tuple[KeyPath, str]]) -> tuple[Scene | None, set[str]]:
    """The scene and the names of its keys that are wrong; without these the rest of it can be checked as well."""
    before = len(found)
    scene = _validated(Scene, table, path, found)
    wrong = {str(at[len(path)]) for at, _ in found[before:] if len(at) > len(path)}
    if scene is None and isinstance(table, dict):
        scene = sound_part(Scene, table | {"title": "?"}, wrong - {"title"})  # no check asks for the title
    return scene, wrong


# --- what does not fit together ---


def _contradictions(head: Head | None, scene: Scene, wrong: set[str]) -> Problems:
    """Whatever can be told without the keys that are `wrong` by themselves."""
    plan = {"country", "levers", "later"}
    asked = {"measure", "chart", "beside", "question", "asks", "answers", "levers", "later"}
    for needs, problems in ((plan, _plan_problems(head, scene)), (asked, _question_problems(scene)),
                            ({"reveal", "measure", "levers", "later"}, _reveal_problems(scene))):
        if not needs & wrong:
            yield from problems


def _plan_problems(head: Head | None, scene: Scene) -> Problems:
    """Country, levers and dates."""
    known = True
    if scene.country and scene.country not in scenario_names():
        known = False
        yield ("country",), unknown("country", scene.country, scenario_names())
    for path, values in ((("levers",), scene.levers), *((("later", n, "set"), later.set)
                                                        for n, later in enumerate(scene.later))):
        for key, value in values.items():
            if message := value_problem(key, value, parameters()):
                known = False
                yield (*path, key), message
    for n, later in enumerate(scene.later):
        if head and not 0 < week_of(later.year) < weeks_in(head.years):
            known = False
            yield ("later", n, "year"), f"{later.year:g} is not within the story's {head.years} years"
    if known and head:
        try:
            scenario_of(plan_of(head, scene).question)
        except ScenarioError as error:
            yield (), "; ".join(fault.message for fault in error.faults)


def _question_problems(scene: Scene) -> Problems:
    """Measure, chart, question and answers."""
    measures, charts = [*GOALS, *INDEX], [*CHARTS, *INDEX]
    if scene.measure and scene.measure not in measures:
        yield ("measure",), f"no goal or indicator {scene.measure!r}{nearest(scene.measure, measures)}"
    if scene.chart and scene.chart not in charts:
        yield ("chart",), (f"no chart {scene.chart!r}{nearest(scene.chart, charts)}; it is an indicator or one of "
                           f"{', '.join(CHARTS)}")
    if scene.beside and not scene.changes:
        yield ("beside",), "names the country without the scene's levers, and this scene has none"
    if scene.chart and not scene.measure:
        yield ("chart",), "needs a measure: the number that stands beside it"
    if bool(scene.question) != bool(scene.answers):
        yield ("question",), "a question and answers belong together"
    if scene.question and not scene.measure:
        yield ("question",), "needs a measure, which decides what is true"
    if scene.answers and not FEWEST_ANSWERS <= len(scene.answers) <= MOST_ANSWERS:
        span = f"{FEWEST_ANSWERS} to {MOST_ANSWERS}"
        yield ("answers",), f"a room can choose among {span} answers; there are {len(scene.answers)}"
    if not scene.changes and scene.about != "outcome":
        yield ("asks",), "a scene that changes nothing can only ask for the outcome"
    yield from _answer_problems(scene)


def _answer_problems(scene: Scene) -> Problems:
    taken: dict[str, int] = {}
    spans: list[tuple[float, float, int]] = []
    for n, answer in enumerate(scene.answers):
        ranged = answer.least is not None or answer.below is not None
        if scene.about == "direction" and (ranged or not answer.verdicts):
            yield ("answers", n), 'says when it is true with if = ["higher"], "lower", "little" or "open"'
        elif scene.about != "direction" and (answer.verdicts or not ranged):
            yield ("answers", n), f"is about the {scene.about}: it says when it is true with least and below"
        for verdict in answer.verdicts:
            if verdict in taken:
                yield ("answers", n), f"{verdict!r} makes answer {taken[verdict] + 1} true already"
            taken.setdefault(verdict, n)
        low, high = span_of(answer)
        if ranged and low >= high:
            yield ("answers", n), "least must lie under below"
        for other_low, other_high, other in spans if ranged else ():
            if low < other_high and other_low < high:
                yield ("answers", n), f"overlaps with answer {other + 1}"
        if ranged:
            spans.append((low, high, n))


def span_of(answer: Answer) -> tuple[float, float]:
    """From where to where a number makes the answer true."""
    return (float("-inf") if answer.least is None else answer.least,
            float("inf") if answer.below is None else answer.below)


def _reveal_problems(scene: Scene) -> Problems:
    """No typed numbers, and words where they can be used."""
    texts = scene.reveal.model_dump()
    for name, words in texts.items():
        if re.search(r"\d", words):
            yield ("reveal", name), "holds digits: numbers come from the run, which shows them beside these words"
        if words and (name == "level") == scene.changes:
            yield ("reveal", name), ("is for scenes that change nothing" if scene.changes
                                     else "needs a change: this scene has no levers, so it has a level only")
    if any(texts.values()) and not scene.measure:
        yield ("reveal",), "needs a measure, which chooses the words"
    if scene.measure and not any(texts.values()):
        yield ("reveal",), "is missing: what to say of the result"
