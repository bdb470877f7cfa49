"""What is wrong with a user's file, said so that it can be put right; all faults in one error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Integral


@dataclass(frozen=True)
class Fault:
    """One mistake: where it stands (`line` 0 = the file as a whole), which key, and what would be right."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ScenarioError(ValueError):
    """A scenario that cannot be used. `faults` holds every mistake found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))
        super().__init__("\n".join(map(str, self.faults)))


def shown(number: float) -> str:
    """A number for people: 0.25, 2,000,000, 1e+20; works for integers beyond the range of a float."""
    if abs(number) >= 1e300:
        return "a number beyond 1e300"
    return f"{int(number):,}" if abs(number) < 1e15 and number == int(number) else f"{number:g}"


def nearest(word: str, known: Iterable[str]) -> str:
    """" Did you mean ...?" with the known word that is closest to `word`, or nothing when none is close."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """A sentence about a name that does not exist: with the nearest one that does, else with all of them."""
    names = list(known)
    return f"no {kind} {name!r}{nearest(str(name), names) or '; there are ' + ', '.join(names)}"


def none_such(kind: str, name: str, known: Iterable[str]) -> str:
    """The same as a whole sentence for a page, with the beginning of the name and the nearest one if there is any."""
    return f"There is no {kind} {name[:60]!r}{nearest(name, known) or '.'}"


def whole_number(name: str, value: object, least: int, most: int | None = None) -> str:
    """What is wrong with the argument `name` as a whole number from `least` to `most`, or an empty text."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and int(value) >= least and (most is None or int(value) <= most):  # type: ignore[call-overload]
        return ""
    span = f"of at least {least}" if most is None else f"from {least} to {most:,}"
    return f"{name} must be a whole number {span}, got {value!r}"


def refuse(problems: Iterable[str]) -> None:
    """Raise ValueError with all that is wrong, a line each; an empty text says that something is right."""
    found = [problem for problem in problems if problem]
    if found:
        raise ValueError("\n".join(found))
