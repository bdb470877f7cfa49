"""Where a result came from: versions, sources, machine, command, so that it can be made again."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import os
import platform
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PACKAGES = ("numpy", "numba", "scipy", "networkx", "pandas", "pydantic", "matplotlib", "mesa")


def versions() -> dict[str, str]:
    """Versions of this program, of Python and of the packages that results depend on ("not installed" if
    absent).
    """
    found = {"ssr_sim": _version("ssr_sim"), "python": platform.python_version()}
    return found | {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        if package == "ssr_sim":
            import ssr_sim

            return ssr_sim.__version__
        return "not installed"


def source_digest() -> str:
    """BLAKE2b of every Python file of the package, in 16 hexadecimal digits: one edit, another digest."""
    root = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def model_digest() -> str:
    """16 hexadecimal digits of the sources that can change a result: the run loop and all that it imports."""
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(result_sources()):
        digest.update(source.relative_to(PACKAGE).as_posix().encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def result_sources() -> set[Path]:
    """The file of the run loop and the files of this package that it imports, directly or not."""
    found: set[Path] = set()
    waiting = [PACKAGE / "run.py"]
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            waiting.extend(_imported(source))
    return found


def _imported(source: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:  # relative imports are not in use here
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from filter(None, map(_module_file, names))


def _module_file(name: str) -> Path | None:
    """The file of the innermost module of ours in a dotted name; None for a name that is not ours."""
    top, *inner = name.split(".")
    while top == PACKAGE.name and inner:
        for file in (PACKAGE.joinpath(*inner).with_suffix(".py"), PACKAGE.joinpath(*inner, "__init__.py")):
            if file.exists():
                return file
        inner.pop()
    return None


def command_line() -> str:
    """The command that is running, quoted for a shell; the program without its folder."""
    program = Path(sys.argv[0]).name
    return shlex.join(["ssr-sim" if program == "__main__.py" else program, *sys.argv[1:]])


def usable_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def record(**facts: object) -> dict[str, str]:
    """What to print under a result: `facts` (scenario, seed, ...) first, then versions, sources, machine and
    time.
    """
    return {
        **{name.replace("_", " "): str(value) for name, value in facts.items()},
        "source digest": source_digest(),
        "made": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{platform.system()} {platform.machine()}, {usable_cores()} cores",
        "versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
    }
