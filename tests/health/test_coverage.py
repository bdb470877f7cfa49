"""docs/coverage.csv says where each thing that the source documents name lives and which test guards it. Both exist."""

import ast
import csv
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from ssr_sim import tables
from ssr_sim.measures import INDEX
from ssr_sim.scenario import Scenario, preset_names, scenario_names

ROOT = Path(__file__).parents[2]
NAMED = ROOT.parent / "shared" / "seed-coverage.csv"
ROWS = list(csv.DictReader((ROOT / "docs" / "coverage.csv").open(encoding="utf-8", newline="")))


@cache
def functions(path: str) -> dict[str, str]:
    """Source of every test function of a file, by name."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return {node.name: ast.get_source_segment(text, node) or "" for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)}


def module_of(name: str) -> object:
    for package in ("ssr_sim.submodels", "ssr_sim"):
        try:
            return importlib.import_module(f"{package}.{name}")
        except ModuleNotFoundError:
            continue
    raise AssertionError(f"there is no module {name}")


def resolve(reference: str, baseline: Scenario) -> None:
    """Raises AssertionError unless `reference` names something of the product."""
    kind, colon, name = reference.partition(":")
    known = {"indicator": INDEX, "scenario": scenario_names(), "preset": preset_names(), "table": tables.TABLES}
    if kind == "page":
        page, _, word = name.partition("#")
        assert word in (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), reference
    elif colon and kind in known:
        assert name in known[kind], reference
    elif colon:
        assert hasattr(module_of(kind), name), reference
    elif reference in baseline.parameters or reference.partition(".")[0] == "country":
        part = reference.partition(".")[2]
        assert reference in baseline.parameters or hasattr(baseline.country, part.partition(".")[0]), reference
    else:
        table, _, field = reference.partition(".")
        assert field in tables.TABLES.get(table, {}), reference


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_place_and_every_test_named_in_the_coverage_exists(row: dict[str, str], baseline: Scenario) -> None:
    assert row["where"].split()
    for reference in row["where"].split():
        resolve(reference, baseline)
    path, _, test = row["test"].partition("::")
    name, _, case = test.rstrip("]").partition("[")
    assert name in functions(path), row["test"]
    if case:  # a row of a table in the same file
        text = (ROOT / path).read_text(encoding="utf-8")
        assert case.partition("-")[0] in text or case in preset_names(), row["test"]


def test_all_175_things_are_there_once_in_the_order_of_the_documents() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
    assert len(ids) == 175
    order = [("ALMRIC".index(name[0]), int(re.sub(r"\D", "", name))) for name in ids]
    assert order == sorted(order)


@pytest.mark.skipif(not NAMED.exists(), reason="the list of what the source documents name is not here")
def test_the_rows_are_those_of_the_source_documents() -> None:
    named = csv.DictReader(NAMED.open(encoding="utf-8", newline=""))
    assert [(row["id"], row["item"]) for row in named] == [(row["id"], row["item"]) for row in ROWS]
