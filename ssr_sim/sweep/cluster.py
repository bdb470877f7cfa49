"""A cluster of Dask workers that share the sweep's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from ssr_sim.sweep.store import SweepError

TIMEOUT = 15  # seconds to reach the scheduler


@contextmanager
def dask(address: str) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """An executor on the workers of the Dask scheduler at `address`, and how many chunks they do at a time.

    Raises `SweepError` when Dask is not installed or the scheduler cannot be reached.
    """
    try:
        from distributed import Client
    except ImportError:
        raise SweepError("--cluster needs Dask: pip install 'ssr-sim[cluster]'") from None
    try:
        client: Any = Client(address, timeout=TIMEOUT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SweepError(f"no Dask scheduler answers at {address} ({error}); it has the form "
                         f"tcp://host:8786") from None
    try:
        yield client.get_executor(pure=False), lambda: sum(client.nthreads().values())
    finally:
        client.close()
