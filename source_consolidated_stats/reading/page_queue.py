"""The queue between the threads that read and the one that prints."""

from __future__ import annotations

import sys
from queue import Queue
from typing import Any

from airbyte_cdk.sources.streams.concurrent.partitions.types import QueueItem

MAX_PAGES = 8
"""At most so many pages wait to be printed, which bounds the memory of a sync."""


class PageQueue(Queue[Any]):
    """What was printed goes out before more is waited for, however long that takes."""

    def __init__(self) -> None:
        super().__init__(maxsize=MAX_PAGES)

    def get(self, block: bool = True, timeout: float | None = None) -> QueueItem:
        if self.empty():
            sys.stdout.flush()
        item: QueueItem = super().get(block, timeout)
        return item
