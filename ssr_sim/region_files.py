"""Regions and their borders from the tables that offices keep: CSV of any spreadsheet, every fault at once."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from ssr_sim.country import Region
from ssr_sim.faults import Fault, ScenarioError, nearest
from ssr_sim.scenario_checks import contradictions, validation_problems
from ssr_sim.toml_text import read

COLUMNS = ("name", "population", "lon", "lat", "capital", "outside")
REQUIRED = COLUMNS[:2]
NUMBERS = ("population", "lon", "lat")
WORDS = {**dict.fromkeys(("", "no", "n", "false", "0"), False), **dict.fromkeys(("yes", "y", "true", "x", "1"), True)}


class Row(NamedTuple):
    """One line of a table that is not blank: its number in the file and its cells without outer blanks."""

    line: int
    cells: list[str]


def read_regions(path: Path, borders: Path | None = None) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Regions as rows of `[country]` and pairs of regions that touch, each pair once.

    Raises `ScenarioError` with every fault of both files: line, column, and what would be right.
    """
    faults: list[Fault] = []
    regions, lines = _regions(str(path), _rows(path, faults), faults)
    names = [region["name"] for region in regions if "name" in region]
    rows = _rows(borders, faults) if borders else []
    pairs = _pairs(str(borders), rows, names, faults) if names else []
    problems = contradictions({"regions": regions, "borders": [pair.cells for pair in pairs]})
    for where, message in problems:
        index = int(where[1])
        if where[0] == "regions":
            faults.append(Fault(str(path), lines[index], str(where[2]), message))
        else:
            faults.append(Fault(str(borders), pairs[index].line, "", message))
    if faults:
        raise ScenarioError(faults)
    # a table of all neighbours of each region names every border twice
    once = {frozenset(pair.cells): pair.cells for pair in reversed(pairs)}
    return regions, list(reversed(once.values()))


def _rows(path: Path, faults: list[Fault]) -> list[Row]:
    """The lines of a table that are not blank; none, with a fault, when the file cannot be read."""
    try:
        text = read(path)
    except ScenarioError as error:
        faults += error.faults
        return []
    first = next((line for line in text.splitlines() if line.strip()), "")
    # where commas mark decimals, spreadsheets put semicolons between cells
    separator = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        rows = [Row(reader.line_num, [" ".join(cell.split()) for cell in cells]) for cells in reader]
    except csv.Error as error:
        faults.append(Fault(str(path), reader.line_num, "", f"is not a table: {error}"))
        return []
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        faults.append(Fault(str(path), 0, "", "is empty"))
    return rows


# --- regions ---


def _regions(file: str, rows: list[Row], faults: list[Fault]) -> tuple[list[dict[str, Any]], list[int]]:
    """Rows of `[country] regions` and their lines. Cells that cannot be read are left out and noted."""
    if not rows:
        return [], []
    head, *body = rows
    columns = [cell.lower() for cell in head.cells]
    faults += [Fault(file, head.line, column, message) for column, message in _column_problems(columns)]
    if not set(REQUIRED) <= set(columns):
        return [], []
    if not body:
        faults.append(Fault(file, 0, "", "holds no region below its line of column names"))
    regions = []
    for row in body:
        cells = dict(zip(columns, row.cells, strict=False))
        region, problems = _region(cells)
        if any(row.cells[len(columns):]):
            message = f"{len(row.cells)} cells for {len(columns)} columns; put a text that holds a separator in quotes"
            faults.append(Fault(file, row.line, "", message))
        faults += [Fault(file, row.line, column, message) for column, message in problems.items()]
        regions.append(region)
    return regions, [row.line for row in body]


def _column_problems(columns: list[str]) -> Iterator[tuple[str, str]]:
    for index, column in enumerate(columns):
        if column in columns[:index]:
            yield column, "stands twice in the line of column names"
        elif column and column not in COLUMNS:
            yield column, f"unknown column{nearest(column, COLUMNS) or '; known are ' + ', '.join(COLUMNS)}"
    for column in REQUIRED:
        if column not in columns:
            yield column, f"this column is missing; the first line names the columns: {', '.join(COLUMNS)}"


def _region(cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """A row of `[country] regions` as far as it can be read, and what is wrong with it by column."""
    region: dict[str, Any] = {"name": cells["name"]} if cells.get("name") else {}
    problems: dict[str, str] = {}
    for column in NUMBERS:
        text = cells.get(column, "")
        if not text:
            continue
        value = _number(text)
        if value is None:
            problems[column] = f"{text!r} is not a number"
        elif column == "population" and value != int(value):
            problems[column] = f"{text!r} is not a whole number of people; write it without thousands separators"
        else:
            region[column] = int(value) if column == "population" else value
    for column in ("capital", "outside"):
        word = WORDS.get(cells.get(column, "").lower())
        if word is None:
            problems[column] = f"{cells[column]!r} must be yes or no"
        elif word:
            region[column] = True
    if ("lon" in region) != ("lat" in region) and not {"lon", "lat"} & set(problems):
        problems["lat" if "lon" in region else "lon"] = "is missing; give both coordinates or neither"
    try:
        Region.model_validate(region)
    except ValidationError as error:
        for path, message in validation_problems(error, Region):
            problems.setdefault(str(path[0]), message)
    return region, problems


def _number(text: str) -> float | None:
    """A number as spreadsheets of many countries write it: 1200, 1 200, 1.200.000, -12,5; None for anything else.

    One separator marks decimals, several of one kind mark thousands, of two kinds the last marks decimals.
    """
    text = re.sub(r"[\s'’_]", "", text).replace("\u2212", "-")
    text = re.sub(r"^([+-]?\d{1,3})([.,])(\d{3}(?:\2\d{3})+)(?!\d)", lambda m: m[1] + m[3].replace(m[2], ""), text)
    text = re.sub(r"^([+-]?\d{1,3})([.,])(\d{3})(?=(?!\2)[.,])", r"\1\3", text)
    value = float(text.replace(",", ".")) if re.fullmatch(r"[+-]?\d+([.,]\d+)?", text, re.ASCII) else math.nan
    return value if math.isfinite(value) else None


# --- borders ---


def _pairs(file: str, rows: list[Row], names: list[str], faults: list[Fault]) -> list[Row]:
    """The rows of two names; a first row that names no region, nor nearly one, holds the names of the columns."""
    if rows and not any(cell in names or nearest(cell, names) for cell in rows[0].cells):
        rows = rows[1:]
    pairs = []
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        if len(cells) == 2:
            pairs.append(Row(row.line, cells))
        else:
            faults.append(Fault(file, row.line, "", f"must be two names of regions, not {len(cells)}"))
    return pairs
