"""TOML text in and out: reading with the line of every key, writing tables that read back the same."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ssr_sim.faults import Fault, ScenarioError

MOST_BYTES = 5_000_000
DEEPEST = 16  # levels of tables and lists; a scenario needs six

KeyPath = tuple[str | int, ...]  # keys of tables and indices of lists


def read(path: Path, named: str = "") -> str:
    """The text of a file, which a fault calls `named` or by its path; raises `ScenarioError`."""
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with NUL
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError([Fault(named or str(path), 0, "", f"cannot be read: {reason}")]) from None
    return decode(content, str(path))


def decode(content: bytes, origin: str) -> str:
    """The text of a file; a `ScenarioError` when it is too large or not UTF-8 (a byte order mark is fine)."""
    if len(content) > MOST_BYTES:
        message = f"{len(content):,} bytes; a scenario has at most {MOST_BYTES:,}"
        raise ScenarioError([Fault(origin, 0, "", message)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte {error.start + 1} (0x{content[error.start]:02x})"
        message = f"{byte} is not UTF-8; save the file as UTF-8"
        raise ScenarioError([Fault(origin, line, "", message)]) from None


def parse(text: str, origin: str) -> dict[str, Any]:
    """The tables of a TOML text; a `ScenarioError` when it is broken (line, column) or nested too deeply."""
    too_deep = Fault(origin, 0, "", f"tables and lists are nested more than {DEEPEST} deep")
    if len(text) > MOST_BYTES:
        message = f"{len(text):,} characters; a scenario has at most {MOST_BYTES:,}"
        raise ScenarioError([Fault(origin, 0, "", message)])
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise ScenarioError([too_deep]) from None
    except ValueError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        at_end = text.rstrip().count("\n") + 1 if "end of document" in str(error) else 0
        line = int(place[1]) if place else at_end
        raise ScenarioError([Fault(origin, line, "", f"not valid TOML: {error}")]) from None
    if _deeper_than(document, DEEPEST):
        raise ScenarioError([too_deep])
    return document


def _deeper_than(document: Any, most: int) -> bool:
    level = [document]
    for _ in range(most):
        level = [child for node in level if isinstance(node, (dict, list))
                 for child in (node.values() if isinstance(node, dict) else node)]
    return bool(level)


# --- lines of keys ---

_TOKEN = re.compile(r'''
    (?P<skip>[ \t\r]+|\#[^\n]*) | (?P<newline>\n) | (?P<mark>[\[\]{}=,])
    | (?P<string>"""(?:\\.|[^\\])*?"""(?:"{0,2}(?!"))|\'\'\'.*?\'\'\'(?:'{0,2}(?!'))
                 |"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<bare>[^\s\#\[\]{}=,"']+)''', re.VERBOSE | re.DOTALL)


def lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every key and list item of a valid TOML text, by its path of keys and indices."""
    return _Lines(text).found


class _Lines:
    """One pass over the tokens of a text that has already been accepted by `tomllib`."""

    def __init__(self, text: str) -> None:
        self.found: dict[KeyPath, int] = {}
        self.items: dict[KeyPath, int] = {}  # how many [[tables]] a path has so far
        self.tokens = self._tokens(text)
        self.kind, self.text, self.line = "newline", "\n", 1
        self._next()
        table: KeyPath = ()
        while self.kind != "end":
            if self.kind == "newline":
                self._next()
            elif self.text == "[" and self.kind == "mark":
                table = self._header()
            else:
                self._entry(table)

    @staticmethod
    def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup != "skip":
                yield match.lastgroup or "", match[0], line
            line += match[0].count("\n")
        yield "end", "", line

    def _next(self) -> None:
        self.kind, self.text, self.line = next(self.tokens)

    def _key(self) -> list[str]:
        """The parts of a dotted key, up to "=" or "]". Dots cling to bare words: `a.b`, `a . "b"`."""
        parts: list[str] = []
        while self.kind in ("bare", "string"):
            parts += [self.text] if self.kind == "string" else [p for p in self.text.split(".") if p]
            if self.kind == "string":
                parts[-1] = tomllib.loads(f"key = {self.text}")["key"]
            self._next()
        return parts

    def _header(self) -> KeyPath:
        line = self.line
        self._next()
        many = self.text == "["
        if many:
            self._next()
        parts = self._key()
        path: KeyPath = ()
        for part in parts[:-1]:
            path += (part,)
            self.found.setdefault(path, line)
            path += (self.items[path] - 1,) if path in self.items else ()
        path += (parts[-1],)
        self.found.setdefault(path, line)
        if many:
            self.items[path] = self.items.get(path, 0) + 1
            path += (self.items[path] - 1,)
            self.found[path] = line
        while self.kind not in ("newline", "end"):
            self._next()
        return path

    def _entry(self, table: KeyPath) -> None:
        line, path = self.line, table
        for part in self._key():
            path += (part,)
            self.found.setdefault(path, line)
        self._next()  # the "="
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self.text == "[" and self.kind == "mark":
            self._next()
            index = 0
            while not (self.kind == "mark" and self.text == "]"):
                if self.kind == "newline" or self.text == ",":
                    self._next()
                    continue
                self.found[(*path, index)] = self.line
                self._value((*path, index))
                index += 1
            self._next()
        elif self.text == "{" and self.kind == "mark":
            self._next()
            while not (self.kind == "mark" and self.text == "}"):
                if self.kind == "newline" or self.text == ",":
                    self._next()
                else:
                    self._entry(path)
            self._next()
        else:
            while self.kind in ("bare", "string"):  # a date and a time may stand apart: 2003-09-19 08:00:00
                self._next()


# --- writing ---


def write(document: Mapping[str, Any]) -> str:
    """The TOML text of nested mappings, lists and scalars; reading it back gives an equal document.

    Lists of mappings become [[tables]] at the first two levels and rows of inline tables below.
    """
    return "\n".join(_table(document, (), 0)).strip() + "\n"


def _table(table: Mapping[str, Any], path: Sequence[str], depth: int) -> Iterator[str]:
    later: list[tuple[str, Any]] = []
    for key, value in table.items():
        if _is_tables(value, depth) or (isinstance(value, Mapping) and not _is_small(value, depth)):
            later.append((key, value))
        else:
            yield f"{_name(key)} = {_rows(value)}"
    for key, value in later:
        heading = ".".join(_name(part) for part in (*path, key))
        many = not isinstance(value, Mapping)
        for item in value if many else [value]:
            yield ""
            yield f"[[{heading}]]" if many else f"[{heading}]"
            yield from _table(item, (*path, key), depth + 1 + many)


def _is_tables(value: Any, depth: int) -> bool:
    return (isinstance(value, (list, tuple)) and bool(value) and depth < 2
            and all(isinstance(item, Mapping) and (depth == 0 or len(item) > 5) for item in value))


def _is_small(value: Mapping[str, Any], depth: int) -> bool:
    """A mapping that reads better on one line: a number with its range and source, a table of shares."""
    return depth >= 2 or not value or (depth == 1 and "value" in value)


def _rows(value: Any) -> str:
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (Mapping, list, tuple)):
        return "[\n" + "".join(f"  {inline(item)},\n" for item in value) + "]"
    return inline(value)


def inline(value: Any) -> str:
    """A value on one line; mappings become inline tables."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_name(key)} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    return _quoted(value)


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # DEL: not in TOML
