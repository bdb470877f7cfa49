"""Threads that visitors share: whose turn it is, what is given up, and that results are the same."""

import threading
import weakref
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest

from ssr_sim import Scenario, run_ensemble
from ssr_sim.ensemble import grow_ensemble
from viz.turns import Turns

PATIENCE = 30  # seconds, for what takes none


def test_everybodys_first_calls_come_before_anybodys_second() -> None:
    turns, begin, order = Turns(1), threading.Event(), []
    early, late = turns.share(), turns.share()
    held = turns.share().submit(begin.wait, PATIENCE)  # keeps the only thread until all are waiting
    calls = [early.submit(order.append, f"early {n}") for n in range(3)]
    calls += [late.submit(order.append, f"late {n}") for n in range(2)]
    begin.set()
    for call in (held, *calls):
        call.result(PATIENCE)
    assert order == ["early 0", "late 0", "early 1", "late 1", "early 2"]


def test_a_share_that_ends_gives_up_its_own_calls_only() -> None:
    turns, begin, order = Turns(1), threading.Event(), []
    leaving, staying = turns.share(), turns.share()
    turns.share().submit(begin.wait, PATIENCE)
    given_up, kept = leaving.submit(order.append, "leaving"), staying.submit(order.append, "staying")
    leaving.shutdown(wait=False, cancel_futures=True)
    begin.set()
    kept.result(PATIENCE)
    with pytest.raises(CancelledError):
        given_up.result(PATIENCE)
    assert order == ["staying"]


def test_a_share_keeps_no_result_that_has_been_given_out() -> None:
    """Of a run in a large country, an ensemble keeps the sum only."""
    share = Turns(1).share()
    call: Future[Any] = share.submit(type("Result", (), {}))
    kept = weakref.ref(call.result(PATIENCE))
    del call
    share.submit(int).result(PATIENCE)  # the thread has let go of the one before
    assert kept() is None


def test_an_error_is_told_to_who_waits_and_the_thread_goes_on() -> None:
    share = Turns(1).share()
    broken, sound = share.submit(int, "seven"), share.submit(int, "7")
    with pytest.raises(ValueError, match="seven"):
        broken.result(PATIENCE)
    assert sound.result(PATIENCE) == 7


def test_an_ensemble_is_the_same_on_shared_threads() -> None:
    country = Scenario.load("baseline")
    shared = list(grow_ensemble(country, 1, 10, 3, pool=Turns(2).share()))[-1]
    assert list(shared.outcome("digest")) == list(run_ensemble(country, 1, 10, 3).outcome("digest"))
