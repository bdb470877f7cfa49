"""Machine code on disk, shared by all processes of a user and by every checkout or installed copy with equal functions.

A file is named after all that its code depends on: what the function and its callees consist of (`fingerprint.py`),
the argument types, Numba, NumPy, Python, the compiler's settings and the processor. So it never goes stale, needs no
index, and may be deleted at any time; a damaged one is noticed by its checksum and made again. A process that is about
to compile takes a lock of that name, so that another waits for the result and does not make it twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import llvmlite
import numba
import numpy as np
import platformdirs
from filelock import FileLock, Timeout
from numba.core import types
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps

from ssr_sim.fingerprint import CannotTell, fingerprint

FORMAT = 1
CHECKSUM = 16  # bytes
LARGEST = 400_000_000  # bytes kept at most; the whole model takes about a twentieth
UNUSED = 60.0 * 86_400  # seconds after which a file goes in any case
IN_USE = 3600.0  # seconds for which a file that was made or loaded is left alone
PATIENCE = 300.0  # seconds to wait for another process before compiling the same
SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LLVM_REFPRUNE_PASS",
            "LLVM_REFPRUNE_FLAGS", "DISABLE_INTEL_SVML", "ENABLE_AVX")
KNOWN_TYPES = (types.Number, types.Boolean, types.Array, types.Record, types.Literal, types.Omitted, types.NoneType,
               types.UnicodeType)


class Store:
    """A folder of files by name, each with a checksum; reading, writing and removing are safe among processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.code"

    def load(self, name: str) -> bytes | None:
        """The content of a file, now marked as used; None when there is none or it is damaged."""
        path = self.path(name)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if _checksum(content[CHECKSUM:]) != content[:CHECKSUM]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content[CHECKSUM:]

    def save(self, name: str, content: bytes) -> bool:
        """Write a file whole or not at all; False when the folder cannot be written."""
        draft = self.folder / f"{uuid.uuid4().hex}.draft"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(_checksum(content) + content)
            draft.replace(self.path(name))
        except OSError:
            return False
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        return True

    def lock(self, name: str) -> FileLock | None:
        """A lock on making the file `name`; None where no lock can be had."""
        folder = self.folder / "locks"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        return FileLock(folder / f"{name}.lock", thread_local=False)

    def files(self) -> list[tuple[Path, os.stat_result]]:
        """All files in it, whatever they are."""
        found = []
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):  # removed by another process just now
                if path.is_file():
                    found.append((path, path.stat()))
        return found

    def size(self) -> int:
        """Bytes in all files."""
        return sum(status.st_size for _, status in self.files())

    def tidy(self) -> int:
        """Remove what has long been unused, then the longest unused until the rest is small; return the number removed.

        What was made or loaded within the last hour stays: another process may be about to load it.
        """
        now = time.time()
        files = sorted(self.files(), key=lambda file: file[1].st_mtime)
        total = sum(status.st_size for _, status in files)
        removed = 0
        for path, status in files:
            age = now - status.st_mtime
            passing = path.suffix in (".draft", ".lock")
            if age > IN_USE and (passing or age > UNUSED or total > LARGEST):
                with contextlib.suppress(OSError):
                    path.unlink()
                    total -= status.st_size
                    removed += 1
        return removed

    def clear(self) -> int:
        """Remove everything; return the number of files removed."""
        removed = 0
        for path, _ in self.files():
            with contextlib.suppress(OSError):
                path.unlink()
                removed += 1
        return removed


def _checksum(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=CHECKSUM).digest()


def wanted_folder() -> Path:
    """Where compiled code belongs: `SSR_SIM_CACHE_DIR` if set, else the user's cache folder."""
    base = os.environ.get("SSR_SIM_CACHE_DIR") or platformdirs.user_cache_dir("ssr_sim", appauthor=False)
    return Path(base) / "compiled"


@cache
def store() -> Store:
    """The store of this process: in the wanted folder, or, when that cannot be written, among the temporary files.

    A folder that can be read only but holds the code is as good: nothing has to be written.
    """
    wanted = wanted_folder()
    if _writable(wanted) or any(wanted.glob("*.code")):
        return Store(wanted)
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Store(Path(tempfile.gettempdir()) / f"ssr_sim-{user}" / "compiled")


def problem() -> str:
    """What is wrong with the folder for compiled code, or an empty text."""
    if _writable(wanted_folder()):
        return ""
    advice = "set SSR_SIM_CACHE_DIR to a folder you can write to"
    if _writable(store().folder):
        return f"cannot write to {wanted_folder()}: compiled code is kept in {store().folder} ({advice})"
    return f"cannot write to {wanted_folder()}: every command will have to compile the model ({advice})"


def _writable(folder: Path) -> bool:
    """True for a folder of our own that can be written: code that others can write must not be run."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=folder).close()
        return not hasattr(os, "getuid") or folder.stat().st_uid in (os.getuid(), 0)
    except OSError:
        return False


def describe(kind: Any) -> str:
    """Argument types in full; Numba's own text leaves out the names of a named tuple's fields.

    Raises CannotTell for a type whose text does not tell all of it, a function's for instance.
    """
    if isinstance(kind, types.BaseTuple | tuple):
        inner = ", ".join(map(describe, cast(Any, kind)))
        made = getattr(kind, "instance_class", None)
        return f"{made.__module__}.{made.__qualname__}{made._fields}({inner})" if made else f"({inner})"
    if isinstance(kind, KNOWN_TYPES):
        return str(kind)
    raise CannotTell(f"an argument of type {kind}")


@cache
def platform(magic: tuple[str, ...]) -> str:
    """The compiler, its settings and the processor, `magic` being what Numba tells of it."""
    settings = [(name, str(getattr(numba.config, name, None))) for name in SETTINGS]
    return repr((FORMAT, sys.implementation.cache_tag, numba.__version__, llvmlite.__version__, np.__version__, magic,
                 settings))


class SharedCache(_Cache):
    """The cache of one function, in the place of Numba's own."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        self._function = function
        self._options = options
        self._locks: dict[str, FileLock] = {}

    @property
    def cache_path(self) -> str:
        return str(store().folder)

    def name(self, signature: Any, context: Any) -> str | None:
        """The name of the file with the code for a signature; None for what cannot be told apart from all else."""
        arguments = signature if isinstance(signature, tuple) else signature.args
        try:
            described = describe(arguments)
        except CannotTell:
            return None
        prefix = self.prefix(context)
        return prefix and prefix + hashlib.blake2b(described.encode(), digest_size=8).hexdigest()

    def prefix(self, context: Any) -> str | None:
        """What the names of the files of this function begin with, whatever its argument types."""
        try:
            content = fingerprint(self._function)  # anew each time: a global may have been given another value
        except CannotTell:
            return None
        whole = "\0".join((content, repr(sorted(self._options.items(), key=str)),
                           platform(context.codegen().magic_tuple())))
        module = self._function.__module__.rpartition(".")[2]
        name = f"{module}.{self._function.__name__}".replace("<", "").replace(">", "")
        return f"{name}-{hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()}-"

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The compiled function from disk; None when it has to be compiled, which no other process then does."""
        name = self.name(signature, context)
        if name is None:
            return None
        data = store().load(name)
        if data is None and name not in self._locks:
            data = self._wait(name)
        if data is None:
            return None
        rtsys.initialize(context)  # all of Numba that loaded code needs; its types and rules take half a second
        try:
            return CompileResult._rebuild(context, *pickle.loads(data))
        except Exception:  # whatever a file of a good checksum holds that cannot be used: compile
            return None

    def _wait(self, name: str) -> bytes | None:
        """Take the lock of `name`, waiting for whoever holds it; return what that one made meanwhile."""
        lock = store().lock(name)
        with contextlib.suppress(Timeout, OSError, NotImplementedError):
            if lock is not None:
                lock.acquire(timeout=PATIENCE, poll_interval=0.02)
                self._locks[name] = lock
        data = store().load(name)
        if data is not None:
            self.release()
        return data

    def claim(self, signature: Any, context: Any) -> bool | None:
        """True when this process now is the one to compile, False when another is at it, None when it is done."""
        name = self.name(signature, context)
        if name is not None and store().path(name).exists():
            return None
        lock = store().lock(name) if name is not None else None
        if lock is None or name is None:
            return True
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            return True
        self._locks[name] = lock
        return True

    def release(self) -> None:
        """Let go of all locks, whether compiling went well or not."""
        while self._locks:
            self._locks.popitem()[1].release()

    def save_overload(self, signature: Any, result: Any) -> None:
        name = self.name(signature, result.target_context)
        if name is not None and not result.lifted and not result.library.has_dynamic_globals:
            store().save(name, dumps(result._reduce()))

    def enable(self) -> None:
        """It always is."""

    def disable(self) -> None:
        """It cannot be."""

    def flush(self) -> None:
        """Nothing in it is ever out of date."""


def names() -> Iterator[str]:
    """Names of all files of code in the store."""
    return (path.stem for path in store().folder.glob("*.code"))
