"""What a researcher has set on /lab: one immutable sketch of a sweep, which is also the address of the page.

It holds the plan of the address (country, horizon, seed, what is done) and beside it, under keys that begin with
`lab.`, more policies, the levers and uncertainties that are sampled, replicates, and what the page shows. Whether a
sketch is a sound study is not decided here: its specification is read by `ssr_sim.sweep.spec`, as on the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from ssr_sim.faults import none_such

from ..plan import ELSEWHERE as PREFIX
from ..plan import LONGEST_QUERY, Change, Plan, Value, read_pairs
from ..plan import read as read_plan

DESIGNS = {"levers": ("", "grid", "lhs", "sobol", "saltelli"),
           "uncertainties": ("", "lhs", "sobol", "saltelli", "prior")}
OUTPUTS = ("summary", "series", "events")
TABS = ("design", "results")
VIEWS = ("policies", "tornado", "scatter")
MOST_POLICIES = 40
MOST_FACTORS = 60
LONGEST_NAME = 80


class Policy(NamedTuple):
    """A named policy: levers set at the start or from a week on."""

    name: str
    changes: tuple[Change, ...] = ()


class Factor(NamedTuple):
    """A key that is sampled, over the declared range or over one given."""

    key: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Sampling:
    """How levers or uncertainties are sampled; without a `design` they are not. No factors: everything uncertain."""

    design: str = ""
    n: int = 16
    factors: tuple[Factor, ...] = ()

    @property
    def whole(self) -> list[str]:
        """The keys that are sampled over their declared ranges."""
        return [factor.key for factor in self.factors if factor.low is None or factor.high is None]

    def with_factor(self, factor: Factor) -> Sampling:
        """The same with a factor in its place, or added."""
        rest = {known.key: known for known in self.factors} | {factor.key: factor}
        return replace(self, factors=tuple(rest.values()))

    def without(self, key: str) -> Sampling:
        """The same without a factor."""
        return replace(self, factors=tuple(factor for factor in self.factors if factor.key != key))


FIRST, NONE, SOME = Plan(), Sampling(), Sampling("lhs")


@dataclass(frozen=True)
class Sketch:
    """A sweep in the making and what the page shows of it. The plan's own levers are the first policy, `own_name`."""

    plan: Plan = FIRST
    name: str = "study"
    own_name: str = "my plan"
    policies: tuple[Policy, ...] = ()
    edited: int = 0  # which policy the levers on the screen belong to; 0 is the plan's
    levers: Sampling = NONE
    uncertainties: Sampling = SOME
    adaptive: bool = False
    n: int = 4
    least: int = 20
    most: int = 200
    half_width: float = 0.05
    outputs: tuple[str, ...] = ("summary",)
    tab: str = "design"
    read: str = ""  # which results are shown
    view: str = "policies"
    outcome: str = "at_peace_at_end"
    over: str = "policies"
    x: str = ""
    y: str = "years_of_peace"
    colour: str = "policy"
    each: str = "run"
    run: str = ""  # the run that is looked at
    watch: str = ""  # a run to be opened in the planner at once

    @property
    def all_policies(self) -> tuple[Policy, ...]:
        """The plan's own levers and the named policies; the reference, nothing changed, stands before them."""
        return (Policy(self.own_name, self.plan.lever_changes), *self.policies)

    def in_force(self, week: int) -> dict[str, Value]:
        """What the edited policy has changed by a week."""
        return Plan(changes=self.all_policies[self.edited].changes).in_force(week)

    def with_lever(self, key: str, value: Value | None) -> Sketch:
        """The same with a lever of the edited policy set from the plan's week on; None takes the change back."""
        if self.edited == 0:
            return replace(self, plan=self.plan.with_lever(key, value, self.plan.at))
        rows = list(self.policies)
        name, changes = rows[self.edited - 1]
        rows[self.edited - 1] = Policy(name, Plan(changes=changes).with_lever(key, value, self.plan.at).changes)
        return replace(self, policies=tuple(rows))

    def with_policy(self, policy: Policy) -> Sketch:
        """The same with one more policy, which is edited next."""
        rows = (*self.policies, policy)[:MOST_POLICIES]
        return replace(self, policies=rows, edited=len(rows))

    def renamed(self, name: str) -> Sketch:
        """The same with another name for the edited policy."""
        name = name.strip()[:LONGEST_NAME] or self.all_policies[self.edited].name
        if self.edited == 0:
            return replace(self, own_name=name)
        rows = list(self.policies)
        rows[self.edited - 1] = Policy(name, rows[self.edited - 1].changes)
        return replace(self, policies=tuple(rows))

    def without_policy(self) -> Sketch:
        """The same without the edited policy; of the plan's own nothing is left changed."""
        if self.edited == 0:
            return replace(self, plan=self.plan.as_baseline())
        rows = self.policies[:self.edited - 1] + self.policies[self.edited:]
        return replace(self, policies=rows, edited=0)

    def having(self, name: str, value: Any) -> Sketch:
        """The same with another value of the field `name`; raises TypeError when there is no such field."""
        return replace(self, **{name: value})

    @property
    def question(self) -> Sketch:
        """What the runs depend on, and their names."""
        shown = {name: getattr(Sketch, name) for name in _SHOWN}
        return replace(self, plan=replace(self.plan.question, replicates=Plan.replicates, ignorance=False), **shown)

    def query(self) -> str:
        """The sketch as the query of an address; `read` gives it back."""
        standard = Sketch()
        pairs: list[tuple[str, object]] = [
            (PREFIX + name, getattr(self, name)) for name in (*_TEXTS, *_CHOICES, *_NUMBERS)
            if getattr(self, name) != getattr(standard, name)]
        pairs += [(f"{PREFIX}policy", _policy_text(policy)) for policy in self.policies]
        if self.outputs != standard.outputs:
            pairs.append((f"{PREFIX}outputs", " ".join(self.outputs)))
        if self.adaptive:
            pairs.append((f"{PREFIX}adaptive", f"{self.least}:{self.most}:{self.half_width:.12g}"))
        for table in DESIGNS:
            sampling = getattr(self, table)
            if sampling != getattr(standard, table):
                pairs.append((PREFIX + table, f"{sampling.design}:{sampling.n}"))
                pairs += [(f"{PREFIX}{table}.key", _factor_text(factor)) for factor in sampling.factors]
        more = urlencode(pairs, quote_via=quote, safe="@:")
        return f"{self.plan.query()}&{more}" if more else self.plan.query()


_TEXTS = ("name", "own_name", "read", "x", "y", "colour", "run", "watch")
_CHOICES = {"tab": TABS, "view": VIEWS, "over": ("policies", "levers", "uncertainties"), "each": ("run", "state"),
            "outcome": ()}
_NUMBERS = {"n": (1, 100_000), "edited": (0, MOST_POLICIES)}
_SHOWN = ("edited", "tab", "read", "view", "outcome", "over", "x", "y", "colour", "each", "run", "watch")


def read(query: str, goals: Iterable[str] = (), outcomes: Iterable[str] = ()) -> tuple[Sketch, list[str]]:
    """The sketch that a query stands for, and a sentence for everything that could not be taken. Never raises."""
    if len(query) > LONGEST_QUERY:
        return Sketch(), [f"The link is longer than {LONGEST_QUERY:,} characters and was left out."]
    pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True)
    plan, said = read_pairs(pairs, goals)
    sketch = Sketch(plan)
    for key, value in pairs:
        if key.startswith(PREFIX):
            try:
                sketch, problem = _take(sketch, key.removeprefix(PREFIX), value, tuple(outcomes))
            except (ValueError, OverflowError):
                problem = f"{key[:60]!r} cannot be {value[:60]!r}; it was left out."
            said += [problem] if problem else []
    if sketch.edited > len(sketch.policies):
        sketch = replace(sketch, edited=0)
    return sketch, said


def _take(sketch: Sketch, key: str, value: str, outcomes: tuple[str, ...]) -> tuple[Sketch, str]:
    """The sketch with one pair of the query, and what was wrong with it."""
    if key in _TEXTS:
        return sketch.having(key, value[:LONGEST_NAME]), ""
    if key in _CHOICES:
        known = outcomes if key == "outcome" else _CHOICES[key]
        return (sketch.having(key, value), "") if value in known else (sketch, none_such(key, value, known))
    if key in _NUMBERS:
        low, high = _NUMBERS[key]
        return sketch.having(key, min(max(int(value), low), high)), ""
    if key == "outputs":
        chosen = [name for name in OUTPUTS if name in value.split() or name == "summary"]
        return replace(sketch, outputs=tuple(chosen)), ""
    if key == "adaptive":
        least, most, half = value.split(":")
        return replace(sketch, adaptive=True, least=int(least), most=int(most), half_width=_number(half)), ""
    if key == "policy":
        return _with_policy(sketch, value)
    table, _, part = key.partition(".")
    if table in DESIGNS and part in ("", "key"):
        return _with_sampling(sketch, table, part, value)
    return sketch, none_such("setting", PREFIX + key, [PREFIX + name for name in (*_TEXTS, *_CHOICES, *_NUMBERS)])


def _with_policy(sketch: Sketch, value: str) -> tuple[Sketch, str]:
    name, _, changes = value.rpartition("?")
    plan, said = read_plan(changes)
    if len(sketch.policies) >= MOST_POLICIES:
        return sketch, f"More than {MOST_POLICIES} policies cannot be named; {name[:60]!r} was left out."
    policy = Policy(name[:LONGEST_NAME], plan.lever_changes)
    return replace(sketch, policies=(*sketch.policies, policy)), " ".join(said)


def _with_sampling(sketch: Sketch, table: str, part: str, value: str) -> tuple[Sketch, str]:
    sampling: Sampling = getattr(sketch, table)
    if part == "key":
        if len(sampling.factors) >= MOST_FACTORS:
            return sketch, f"More than {MOST_FACTORS} keys cannot be sampled here; {value[:60]!r} was left out."
        key, low, high = (*value.rsplit(":", 2), "", "")[:3] if value.count(":") > 1 else (value, "", "")
        factor = Factor(key[:LONGEST_NAME * 2], *(_number(end) if end else None for end in (low, high)))
        return sketch.having(table, sampling.with_factor(factor)), ""
    design, _, n = value.partition(":")
    if design not in DESIGNS[table]:
        return sketch, none_such("design", design, DESIGNS[table])
    return sketch.having(table, replace(sampling, design=design, n=int(n or sampling.n))), ""


def _number(content: str) -> float:
    number = float(content)
    if not abs(number) < float("inf"):
        raise ValueError(content)
    return number


def _policy_text(policy: Policy) -> str:
    return f"{policy.name}?{Plan(changes=policy.changes).query().partition('&')[2]}"


def _factor_text(factor: Factor) -> str:
    ends = ["" if end is None else repr(end) for end in factor[1:]]
    return ":".join([factor.key, *ends]) if any(ends) else factor.key
