from __future__ import annotations

import threading

from airbyte_cdk.models import AirbyteLogMessage, AirbyteMessage, Level, Type

from source_consolidated_stats.reading.checkpoints import Checkpoints
from source_consolidated_stats.reading.heartbeat import Heartbeat
from source_consolidated_stats.reading.ordered_repository import OrderedRepository
from source_consolidated_stats.reading.page_queue import MAX_PAGES, PageQueue
from source_consolidated_stats.reading.pages import PageRecord

MESSAGE = AirbyteMessage(type=Type.LOG, log=AirbyteLogMessage(level=Level.INFO, message="in the place of a state"))


def test_the_messages_of_a_worker_follow_its_records() -> None:
    queue, page = PageQueue(Heartbeat(), Checkpoints()), PageRecord([{}], "stream")
    repository = OrderedRepository(queue, Checkpoints())

    def work() -> None:
        queue.put(page)
        repository.emit_message(MESSAGE)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()

    assert list(repository.consume_queue()) == []
    assert [queue.get(), queue.get()] == [page, MESSAGE]


def test_the_thread_that_prints_never_waits_for_the_queue() -> None:
    queue = PageQueue(Heartbeat(), Checkpoints())
    repository = OrderedRepository(queue, Checkpoints())
    for _ in range(MAX_PAGES):
        queue.put(PageRecord([{}], "stream"))

    repository.emit_message(MESSAGE)

    assert list(repository.consume_queue()) == [MESSAGE]
