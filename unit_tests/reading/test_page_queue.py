from __future__ import annotations

import threading
from contextlib import redirect_stdout
from io import StringIO
from queue import Full

import pytest
from airbyte_cdk.models import AirbyteLogMessage, AirbyteMessage, Level, Type

from source_consolidated_stats.reading.checkpoints import Checkpoints
from source_consolidated_stats.reading.heartbeat import Heartbeat
from source_consolidated_stats.reading.page_queue import MAX_PAGES, PageQueue
from source_consolidated_stats.reading.pages import PageRecord

STATE = AirbyteMessage(type=Type.LOG, log=AirbyteLogMessage(level=Level.INFO, message="in the place of a state"))


def page(number: int) -> PageRecord:
    return PageRecord([{"number": number}], "stream")


class Flushed(StringIO):
    """Remembers whether it was flushed, and sets `seen` then."""

    def __init__(self, seen: threading.Event) -> None:
        super().__init__()
        self._seen = seen

    def flush(self) -> None:
        self._seen.set()


def test_each_thread_keeps_its_order_and_nothing_is_left_behind() -> None:
    queue = PageQueue(Heartbeat(), Checkpoints())
    workers, each = 6, 3 * MAX_PAGES + 7

    def work(worker: int) -> None:
        for number in range(each):
            queue.put(page(worker * each + number))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
    for thread in threads:
        thread.start()
    got = [queue.get(timeout=30) for _ in range(workers * each)]
    for thread in threads:
        thread.join()

    numbers = [item["records"][0]["number"] for item in got if isinstance(item, PageRecord)]
    for worker in range(workers):
        mine = [number for number in numbers if number // each == worker]
        assert mine == list(range(worker * each, (worker + 1) * each))
    assert queue.empty()


def test_a_full_queue_refuses_what_may_not_wait() -> None:
    queue = PageQueue(Heartbeat(), Checkpoints())
    for number in range(MAX_PAGES):
        queue.put(page(number))

    with pytest.raises(Full):
        queue.put(STATE, block=False)


def test_what_was_printed_goes_out_before_more_is_waited_for() -> None:
    queue, flushed = PageQueue(Heartbeat(), Checkpoints()), threading.Event()

    def put_once_flushed() -> None:
        if flushed.wait(30):
            queue.put(STATE)

    with redirect_stdout(Flushed(flushed)):
        queue.put(page(1))
        queue.get()
        assert not flushed.is_set()

        thread = threading.Thread(target=put_once_flushed)
        thread.start()

        assert queue.get(timeout=30) == STATE
