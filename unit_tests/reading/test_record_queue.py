from __future__ import annotations

import threading
from queue import Full

import pytest
from airbyte_cdk.models import AirbyteLogMessage, AirbyteMessage, Level, Type
from airbyte_cdk.sources.types import Record

from source_consolidated_stats.reading.record_queue import BATCH_SIZE, MAX_BATCHES, RecordQueue

STATE = AirbyteMessage(type=Type.LOG, log=AirbyteLogMessage(level=Level.INFO, message="in the place of a state"))


def record(number: int) -> Record:
    return Record({"number": number}, "stream")


def test_what_follows_records_comes_after_them_at_once() -> None:
    queue = RecordQueue()
    queue.put(record(1))
    queue.put(record(2))
    assert queue.empty()
    queue.put(STATE)
    assert [queue.get(), queue.get(), queue.get()] == [record(1), record(2), STATE]
    assert queue.empty()


def test_each_thread_keeps_its_order_and_nothing_is_left_behind() -> None:
    queue = RecordQueue()
    workers, each = 6, 3 * BATCH_SIZE + 7

    def work(worker: int) -> None:
        for number in range(each):
            queue.put(record(worker * each + number))
        queue.put(STATE)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
    for thread in threads:
        thread.start()
    got = [queue.get(timeout=30) for _ in range(workers * (each + 1))]
    for thread in threads:
        thread.join()
    numbers = [item["number"] for item in got if isinstance(item, Record)]
    for worker in range(workers):
        mine = [number for number in numbers if number // each == worker]
        assert mine == list(range(worker * each, (worker + 1) * each))
    assert queue.empty()


def test_a_full_queue_refuses_what_may_not_wait() -> None:
    queue = RecordQueue()
    for _ in range(MAX_BATCHES):
        queue.put(STATE)
    with pytest.raises(Full):
        queue.put(STATE, block=False)
    assert queue.get() == STATE
