"""Getting ready beside the server: it answers within a second or two, while model and pages are still loading."""

from __future__ import annotations

import gc
import importlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future

PAGES = ("planner", "assumptions")  # the slowest to import; they bring the model with them

_begun: list[Future[None]] = []
_lock = threading.Lock()


def ready(prepare: Callable[[], None] | None = None) -> Future[None]:
    """Done when pages can be drawn; the first call begins, with `prepare`, whose exception is the future's."""
    with _lock:
        if not _begun:
            _begun.append(Future())
            _begun[0].set_running_or_notify_cancel()  # a page that is closed cannot cancel it for the others
            threading.Thread(target=_load, args=(_begun[0], prepare), name="getting ready", daemon=True).start()
        return _begun[0]


def _load(done: Future[None], prepare: Callable[[], None] | None) -> None:
    interval = sys.getswitchinterval()  # browsers ask for files meanwhile: answer between two imports, not 5 ms later
    sys.setswitchinterval(0.0002)
    gc.disable()  # importing makes no garbage, and looking for it takes a tenth of the time
    try:
        if prepare is not None:
            prepare()
        for page in PAGES:
            importlib.import_module(f"{__package__}.pages.{page}")
    except BaseException as error:  # whoever waits is told
        done.set_exception(error)
        raise
    finally:
        gc.enable()
        sys.setswitchinterval(interval)
    done.set_result(None)  # the browser can put the page together meanwhile
    _rehearse()


def _rehearse() -> None:
    """Load the machine code of a run and what statistics import on their first use, before somebody waits for them."""
    from . import studio
    from .plan import Plan
    from .tabs import effects
    from .tiles import tiles

    plan = Plan(years=1, replicates=8).with_lever("vetting.coverage", 0.5)
    for comparison in studio.growing(plan, threading.Event()):
        effects.charts(comparison, plan)
        tiles(comparison, plan)
