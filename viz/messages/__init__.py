"""The texts of the app: one TOML file for each language, with the same keys."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def catalogue(language: str = "en") -> dict[str, Any]:
    """All texts of a language, nested as in its file; raises FileNotFoundError for one that is not there."""
    return tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))


def text(key: str, language: str = "en", **values: object) -> str:
    """One text by its key ("plan.country"), with `values` put into its braces; raises KeyError for an unknown key."""
    found: Any = catalogue(language)
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values) if values else str(found)


def section(key: str, language: str = "en") -> dict[str, Any]:
    """All texts of a section ("levers", "help.keys"), for a widget."""
    found: Any = catalogue(language)
    for part in key.split("."):
        found = found[part]
    return dict(found)
