"""The queue between the threads that read and the one that prints."""

from __future__ import annotations

import sys
import threading
from collections import deque
from queue import Queue
from typing import Any

from airbyte_cdk.sources.streams.concurrent.partitions.types import QueueItem
from airbyte_cdk.sources.types import Record

MAX_BATCHES, BATCH_SIZE = 8, 500
"""At most so many records wait to be printed, which bounds the memory of a sync."""


class RecordQueue(Queue[Any]):
    """Hands records over by the batch, because meeting at a lock for each of them costs more than reading it.

    Whatever else a thread puts on the queue follows the records that this thread has put before, at once.
    """

    def __init__(self) -> None:
        super().__init__(maxsize=MAX_BATCHES)
        self._collected = _Collected()
        self._taken: deque[QueueItem] = deque()

    def put(self, item: QueueItem, block: bool = True, timeout: float | None = None) -> None:
        collected = self._collected.items
        collected.append(item)
        if len(collected) >= BATCH_SIZE or not isinstance(item, Record):
            self._collected.items = []
            super().put(collected, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> QueueItem:
        """Only for the thread that prints: what it has printed so far goes out before it waits for more."""
        if not self._taken:
            if super().empty():
                sys.stdout.flush()
            self._taken.extend(super().get(block, timeout))
        return self._taken.popleft()

    def empty(self) -> bool:
        return not self._taken and super().empty()


class _Collected(threading.local):
    """The items that a thread has not handed over yet."""

    def __init__(self) -> None:
        self.items: list[QueueItem] = []
