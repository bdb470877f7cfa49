"""Where the data folders are: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """The folder `name` ("scenarios", "experiments", "viz"); raises `FileNotFoundError` if there is none."""
    # The package comes first: beside an installed package, a folder of that name belongs to somebody else.
    for parent in (PACKAGE, PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"no folder {name!r} in {PACKAGE} or {PACKAGE.parent}")
