"""A small sweep: two policies that differ, one year, six communities."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ssr_sim import cli
from ssr_sim.sweep.experiment import Experiment

HEAD = """
[experiment]
name = "small"
scenario = "baseline"
years = 1
set = { "country.communities" = 6 }
"""
POLICIES = """
[[policy]]
id = "today"
[[policy]]
id = "vetting"
set = { "vetting.coverage" = 0.9 }
"""
STATES = """
[uncertainties]
design = "lhs"
n = 2
keys = ["trust"]
"""


@pytest.fixture
def small() -> Callable[..., Experiment]:
    """An experiment of HEAD, POLICIES and what is given."""

    def make(more: str = "[replicates]\nn = 3\n", head: str = HEAD, policies: str = POLICIES) -> Experiment:
        return Experiment.from_toml(head + policies + more)

    return make


@pytest.fixture
def specification(tmp_path: Path) -> Callable[..., Path]:
    """The same as a file."""

    def write(more: str = "[replicates]\nn = 3\n", head: str = HEAD, policies: str = POLICIES) -> Path:
        path = tmp_path / "study.toml"
        path.write_text(head + policies + more)
        return path

    return write


@pytest.fixture
def ssr() -> Callable[..., Result]:
    """The command line: `ssr("sweep", "run", ...)`."""

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], catch_exceptions=False)

    return call
