"""The one way functions are compiled here: `@njit`, with a cache that cannot go stale.

Numba's own cache notices an edit to the file of a function but not an edit to a function that it calls from
*another* file, and would then return old numbers. So the cache folder of a module is named after the text
of that module and of every module of ours that it imports, directly or not: edit a rule, and exactly what
depends on it is compiled again.
"""

import ast
import hashlib
import inspect
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import numba
import platformdirs

F = TypeVar("F", bound=Callable[..., Any])

PACKAGE = Path(__file__).resolve().parent


def njit(function: F) -> F:
    """Compile `function`: cached, without the interpreter lock, dividing by zero as NumPy does.

    No `fastmath`: it would break NaN handling and equality between machines.
    """
    return _compiled(function, "never")


def inlined(function: F) -> F:
    """The same for a small function that is copied into its callers, so that their loops can become vector code.

    Numba copies what is marked so before it optimises; what it calls itself is copied only if marked too.
    """
    return _compiled(function, "always")


def _compiled(function: F, inline: Literal["never", "always"]) -> F:
    file = Path(inspect.getfile(function)).resolve()
    config: Any = numba.config
    elsewhere = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder(file))  # read once, while the function is decorated
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", inline=inline)(function))
    finally:
        config.CACHE_DIR = elsewhere  # other packages keep their own cache


@cache
def cache_folder(file: Path) -> Path:
    """Return the folder for the machine code of `file`, made if need be.

    It lies in `SSR_SIM_CACHE_DIR` if that is set, else in the user's cache folder; among the temporary
    files when that one cannot be written.
    """
    name = f"{file.stem}-{fingerprint(file)}"
    base = os.environ.get("SSR_SIM_CACHE_DIR") or platformdirs.user_cache_dir("ssr_sim", appauthor=False)
    for parent in (Path(base), Path(tempfile.gettempdir()) / f"ssr_sim-{os.environ.get('USER', 'cache')}"):
        folder = parent / "compiled" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise OSError(f"cannot keep compiled code in {base}: set SSR_SIM_CACHE_DIR to a folder you can write to")


def fingerprint(file: Path) -> str:
    """Return 16 hexadecimal digits that change with `file` or with any module of ours it depends on."""
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(sources(file) | {Path(__file__).resolve()}):
        digest.update(source.name.encode() + b"\0" + _text(source) + b"\0")
    return digest.hexdigest()


def sources(file: Path) -> set[Path]:
    """Return `file` and the files of this package it imports, directly or not."""
    found: set[Path] = set()
    waiting = [file]
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            waiting.extend(_imported(source))
    return found


@cache
def _text(source: Path) -> bytes:
    return source.read_bytes() if source.suffix == ".py" and source.exists() else b""


@cache
def _imported(source: Path) -> tuple[Path, ...]:
    candidates = (_module_file(name) for name in _imported_names(source))
    return tuple(file for file in candidates if file is not None)


def _imported_names(source: Path) -> Iterator[str]:
    """Yield the dotted names that `source` imports, "ssr_sim.maths" or "ssr_sim.maths.clamp" alike."""
    for node in ast.walk(ast.parse(_text(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level and source.is_relative_to(PACKAGE):
                package = (PACKAGE.name, *source.relative_to(PACKAGE).parts)[: -node.level]
                base = ".".join((*package, base)).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _module_file(name: str) -> Path | None:
    """Return the file of the innermost module of ours in a dotted name; None for a name that is not ours."""
    top, *inner = name.split(".")
    if top != PACKAGE.name:
        return None
    while inner:
        path = PACKAGE.joinpath(*inner)
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.exists():
                return file
        inner.pop()
    return PACKAGE / "__init__.py"
