"""The queue between the threads that read and the one that prints."""

from __future__ import annotations

import sys
from queue import Empty, Queue
from typing import Any

from airbyte_cdk.sources.streams.concurrent.partitions.types import QueueItem

from .heartbeat import Heartbeat

MAX_PAGES = 8
"""At most so many pages wait to be printed, which bounds the memory of a sync."""
HEARTBEAT_INTERVAL_S = 240.0
"""Airbyte ends a sync without a sign of life after three hours, unless the metadata says otherwise."""


class PageQueue(Queue[Any]):
    """Flushes what was printed before it waits, and interrupts a long wait with heartbeats."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        super().__init__(maxsize=MAX_PAGES)
        self._heartbeat = heartbeat

    def get(self, block: bool = True, timeout: float | None = None) -> QueueItem:
        if self.empty():
            sys.stdout.flush()
        last_state = self._heartbeat.message
        try:
            item: QueueItem = super().get(block, HEARTBEAT_INTERVAL_S if last_state else timeout)
        except Empty:
            if last_state is None:
                raise
            return last_state
        return item
