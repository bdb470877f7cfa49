"""The wheel of this checkout, for whoever tests what is in it."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.health.packaging import ROOT, python


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, require: Callable[[object, str], None]) -> Path:
    """The wheel of this checkout, built without any network."""
    for tool in ("hatchling", "pip"):
        require(importlib.util.find_spec(tool), f"building the wheel needs {tool}")
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir",
           str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built
