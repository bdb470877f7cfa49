"""What is installed from the wheel works far from any checkout: code, scenarios, schema and app come with it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ssr_sim.locations import data_dir
from ssr_sim.scenario_files import scenario_names
from tests.health.packaging import ROOT, python


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs Python with the wheel installed, in a folder where there is nothing else of ours."""
    target, elsewhere = tmp_path_factory.mktemp("target"), tmp_path_factory.mktemp("elsewhere")
    python("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(target), str(wheel),
           cwd=elsewhere)

    def run(*arguments: str) -> str:
        return python(*arguments, cwd=elsewhere, PYTHONPATH=str(target))

    package = Path(run("-c", "import ssr_sim; print(ssr_sim.__file__)").strip())
    assert package.is_relative_to(target), "another copy of the package came first"
    return run


def test_wheel_holds_every_file_that_lies_beside_the_package(wheel: Path) -> None:
    """Byte for byte, and neither tests nor what running leaves behind."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for folder in ("scenarios", "experiments", "viz"):
            for path in (ROOT / folder).rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = f"ssr_sim/{path.relative_to(ROOT).as_posix()}"
                    assert archive.read(name) == path.read_bytes()
    assert "ssr_sim/scenarios/schema.json" in names
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"ssr_sim"}
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_installed_command_lists_the_same_scenarios(installed: Callable[..., str]) -> None:
    listed = json.loads(installed("-m", "ssr_sim", "scenarios", "--json"))
    assert [row["name"] for row in listed] == scenario_names()


@pytest.mark.parametrize("name", scenario_names())
def test_installed_command_reads_every_scenario(installed: Callable[..., str], name: str) -> None:
    assert f"{name} is fine" in installed("-m", "ssr_sim", "check", name)


def test_installed_package_knows_its_schema_and_its_levers(installed: Callable[..., str]) -> None:
    text = "from ssr_sim.locations import data_dir; print((data_dir('scenarios') / 'schema.json').read_text())"
    assert json.loads(installed("-c", text)) == json.loads((data_dir("scenarios") / "schema.json").read_text())
    assert "vetting.coverage" in installed("-m", "ssr_sim", "levers", "vetting.coverage")
