"""The one way functions are compiled here: `@njit`.

Compiled functions mostly call one another, and what Python needs to call one, taking 80 arrays out of a world and
putting them back, costs more to compile than most phases. So that is made only for a function that Python does call,
on its first call. Machine code is kept on disk (`code_cache.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast, overload

import numba
from numba.core import compiler, funcdesc, registry, types
from numba.core.registry import cpu_target

from ssr_sim.code_cache import SharedCache

F = TypeVar("F", bound=Callable[..., Any])

CPUDispatcher: Any = registry.CPUDispatcher
OPTIONS = {"nopython": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
LONGEST_SYMBOL = 200


@overload
def njit(function: F) -> F: ...
@overload
def njit(*, inline: bool) -> Callable[[F], F]: ...
def njit(function: Any = None, *, inline: bool = False) -> Any:
    """Compile `function`: cached, without the interpreter lock, dividing by zero as NumPy does.

    No `fastmath`: it would break NaN handling and equality between machines. With `inline` the body becomes part of
    whatever compiled function calls it: for a long function with a single caller.
    """
    if function is None:
        return lambda function: _compiled(function, {"inline": "always"} if inline else {})
    return _compiled(function, {})


def inlined(function: F) -> F:
    """Compile `function` as `njit` does and copy its code into every caller: loops over several rows need that."""
    return _compiled(function, {"forceinline": True})


def _compiled(function: F, more: dict[str, Any]) -> F:
    if getattr(numba.config, "DISABLE_JIT", False):
        return function
    return cast(F, Compiled(function, targetoptions=OPTIONS | more))


def symbol(name: str, kinds: Any, *, abi_tags: Any = (), uid: Any = None) -> str:
    """The linker's name of a function for argument types: Numba's, cut short.

    Spelled out, the type of a world has 60,000 characters, and would be a third of the compiled code.
    """
    full: str = funcdesc.default_mangler(name, kinds, abi_tags=abi_tags, uid=uid)
    if len(full) <= LONGEST_SYMBOL:
        return full
    digest = hashlib.blake2b(full.encode(), digest_size=16).hexdigest()
    short: str = funcdesc.default_mangler(f"{name}.{digest}", (), abi_tags=(), uid=None)
    return short


class _Target:
    """Numba's target for this processor, with short symbols."""

    options = cpu_target.options
    typing_context = cpu_target.typing_context
    target_context = cpu_target.target_context.subtarget(mangler=symbol)


class _Dispatcher(CPUDispatcher):  # type: ignore[misc]
    """A dispatcher of Numba with our cache and symbols."""

    targetdescr = _Target

    def __init__(self, py_func: Any, locals: Any = None, targetoptions: Any = None,
                 pipeline_class: Any = compiler.Compiler) -> None:
        super().__init__(py_func, locals, targetoptions, pipeline_class)
        self._cache = SharedCache(py_func, self.targetoptions)

    def compile(self, signature: Any) -> Any:
        try:
            return super().compile(signature)
        finally:
            self._cache.release()

    def claim(self, signature: Any) -> bool | None:
        """True when this process now is the one to compile it, False when another is at it, None when it is done."""
        return self._cache.claim(signature, self.targetctx)

    def kept_as(self, signature: Any = None) -> str | None:
        """The name of the code on disk, or what it begins with if `signature` is None; None when it is never kept."""
        if signature is None:
            return self._cache.prefix(self.targetctx)
        return self._cache.name(signature, self.targetctx)


class FromPython(_Dispatcher):
    """A function as Python calls it."""

    owner: Compiled

    def add_overload(self, result: Any) -> None:
        super().add_overload(result)
        self.owner._insert([kind._code for kind in result.signature.args], result.entry_point, False)


class Compiled(_Dispatcher):
    """A function as compiled code calls it; `from_python` is the same for Python, compiled when first called."""

    def __init__(self, py_func: Any, locals: Any = None, targetoptions: Any = None,
                 pipeline_class: Any = compiler.Compiler) -> None:
        super().__init__(py_func, locals, {**(targetoptions or {}), "no_cpython_wrapper": True}, pipeline_class)

    @cached_property
    def from_python(self) -> FromPython:
        """The same function as Python calls it."""
        options = {name: value for name, value in self.targetoptions.items() if name != "no_cpython_wrapper"}
        made = FromPython(self.py_func, self.locals, options)
        made.owner = self
        return made

    def get_call_template(self, arguments: Any, named: Any) -> Any:
        """Compile for a call from compiled code: once for all whole numbers, where Numba would once for each constant.

        Every draw has a stream number of its own, and every number was a hundred milliseconds.
        """
        _, arguments = self._compiler.fold_argument_types(arguments, named)
        return super().get_call_template(tuple(types.unliteral(kind) for kind in arguments), {})

    def add_overload(self, result: Any) -> None:
        self.overloads[tuple(result.signature.args)] = result  # there is nothing that Python could call

    def _compile_for_args(self, *arguments: Any, **named: Any) -> Any:
        return self.from_python._compile_for_args(*arguments, **named)
