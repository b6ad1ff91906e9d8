"""An end for work that may wait for ever: for a name, a connection, a body that drips, or all of them in turn."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from .errors import ApiError

T = TypeVar("T")


def run_with_deadline(timeout_s: float, work: Callable[[], T], too_late: str) -> T:
    """What `work` returns; whatever it raises is raised here.

    Raises ApiError with the message `too_late` after `timeout_s` seconds. The work then goes on in a thread that does
    not keep the process alive.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # raised again in the thread that waits
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    if not wait([outcome], timeout_s).done:
        raise ApiError(too_late)
    return outcome.result()
