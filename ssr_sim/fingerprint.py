"""What a compiled function consists of: everything that Numba reads when it compiles one, and nothing else.

Numba freezes a function's instructions, its constants and the *values* of the globals it uses; so do we, through all
functions that it calls. Comments, docstrings, line numbers, paths, file times, and modules that are only imported
play no part; a constant does, wherever it was computed.
"""

from __future__ import annotations

import builtins
import dis
import enum
import hashlib
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.core.types import Type

LOAD_GLOBAL = dis.opmap["LOAD_GLOBAL"]
EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]
TAKES_CONSTANT = frozenset(dis.hasconst)
ARGUMENT_FLAGS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_GENERATOR  # Numba changes others in a profile
PLAIN = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis), slice, range)
PACKAGE = __name__.partition(".")[0]


class CannotTell(TypeError):
    """A compiled function uses a value whose content cannot be read: its machine code must not be kept."""


def fingerprint(function: Any) -> str:
    """Return 32 hexadecimal digits that change with whatever the machine code of `function` depends on.

    `function` is a Python function or a dispatcher. Its argument types, the compiler and the processor are not in it.
    Raises CannotTell for a global of a kind that is not known here (an instance of a class, say).
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in _Reader().function(plain(function)):
        digest.update(b"%d:" % len(part) + part)  # with its length: no two sequences of parts read alike
    return digest.hexdigest()


def functions_in(function: Any) -> list[FunctionType]:
    """`function` and all compiled functions that it calls, directly or not, as plain Python functions."""
    reader = _Reader()
    for _ in reader.function(plain(function)):
        pass
    return list(reader.known)


def plain(function: Any) -> FunctionType:
    """The Python function behind a dispatcher; a plain function itself."""
    found: FunctionType = getattr(function, "py_func", function)
    return found


class _Reader:
    """Reads one function and all that it calls, each once."""

    def __init__(self) -> None:
        self.known: dict[FunctionType, int] = {}

    def function(self, function: FunctionType) -> Iterator[bytes]:
        if function in self.known:
            yield b"function %d" % self.known[function]
            return
        self.known[function] = len(self.known)
        yield f"def {function.__module__}.{function.__qualname__}".encode()
        yield from self.code(function.__code__, function)
        yield from self.value(function.__defaults__, function)
        for cell in function.__closure__ or ():
            try:
                yield from self.value(cell.cell_contents, function)
            except ValueError:
                raise CannotTell(f"{function.__qualname__} uses a variable that is not yet set") from None

    def code(self, code: CodeType, function: FunctionType) -> Iterator[bytes]:
        instructions, constants, names = _instructions(code)
        yield instructions
        yield code.co_exceptiontable
        yield repr((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & ARGUMENT_FLAGS,
                    code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)).encode()
        for constant in constants:
            yield from self.value(constant, function)
        for name in names:
            yield name.encode()
            if name in function.__globals__:
                yield from self.value(function.__globals__[name], function)

    def value(self, value: Any, user: FunctionType) -> Iterator[bytes]:
        kind = type(value)
        if isinstance(value, Dispatcher):
            yield repr(sorted(value.targetoptions.items(), key=str)).encode()
            yield from self.function(value.py_func)
        elif isinstance(value, enum.Enum):
            yield f"{kind.__module__}.{kind.__qualname__}.{value.name}".encode()
            yield from self.value(value.value, user)
        elif kind in PLAIN:
            yield f"{kind.__name__} {value!r}".encode()
        elif isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
            array = np.asarray(value)
            yield f"{kind.__name__} {array.dtype.descr} {array.dtype.isalignedstruct} {array.shape}".encode()
            yield f"{array.flags.c_contiguous} {array.flags.writeable}".encode() + array.tobytes()
        elif isinstance(value, tuple | frozenset):
            items = sorted(value, key=repr) if isinstance(value, frozenset) else value
            yield f"{kind.__module__}.{kind.__qualname__} {len(value)} {getattr(value, '_fields', ())}".encode()
            for item in items:
                yield from self.value(item, user)
        elif isinstance(value, CodeType):
            yield from self.code(value, user)
        elif isinstance(value, ModuleType):
            yield from self.module(value, user)
        elif isinstance(value, np.dtype):
            yield f"dtype {value.descr} {value.isalignedstruct}".encode()
        elif isinstance(value, Type):
            yield f"type {value}".encode()
        elif _of_a_library(value):
            yield f"{value.__module__}.{value.__qualname__}".encode()
        else:
            raise CannotTell(f"{user.__module__}.{user.__qualname__} uses a global of {kind}: a compiled function can "
                             "use numbers, texts, arrays, tuples of these, modules and compiled functions")

    def module(self, module: ModuleType, user: FunctionType) -> Iterator[bytes]:
        """A module of ours counts with the values that `user` reads from it, another with its version."""
        top = module.__name__.partition(".")[0]
        yield f"module {module.__name__} {getattr(sys.modules.get(top), '__version__', '')}".encode()
        if top == PACKAGE:
            for name in user.__code__.co_names:
                if hasattr(module, name):
                    yield name.encode()
                    yield from self.value(getattr(module, name), user)


def _of_a_library(value: Any) -> bool:
    """True for functions and classes of Python and NumPy themselves, which their versions stand for."""
    if not isinstance(value, type | BuiltinFunctionType | FunctionType | np.ufunc):
        return False
    top = (getattr(value, "__module__", None) or "builtins").partition(".")[0]
    return top in {"numpy", "math", "builtins"} or getattr(builtins, value.__name__, None) is value


@cache
def _instructions(code: CodeType) -> tuple[bytes, tuple[Any, ...], tuple[str, ...]]:
    """The instructions with the place of each constant left out, these constants, and the names of globals read.

    A docstring is among a function's constants without being loaded: whether there is one shifts the places.
    """
    kept, constants, names = bytearray(), [], []
    extended = 0
    pairs = iter(code.co_code)
    for operation, argument in zip(pairs, pairs, strict=True):
        argument |= extended << 8
        extended = argument if operation == EXTENDED_ARG else 0
        if operation in TAKES_CONSTANT:
            constants.append(code.co_consts[argument])
            argument = 0
        elif operation == LOAD_GLOBAL:
            names.append(code.co_names[argument >> 1])
        kept += bytes((operation, argument & 255))
    return bytes(kept), tuple(constants), tuple(dict.fromkeys(names))
