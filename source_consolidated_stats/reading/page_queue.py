"""The queue between the threads that read and the one that prints."""

from __future__ import annotations

import sys
from queue import Empty, Queue
from typing import Any

from airbyte_cdk.sources.streams.concurrent.partitions.types import QueueItem

from . import heartbeat
from .checkpoints import Checkpoint, Checkpoints
from .pages import PageRecord, Printed

MAX_PAGES = 8
"""Pages that wait to be printed at most, which bounds the memory of a sync."""


class PageQueue(Queue[Any]):
    """Flushes what was printed before it waits, and interrupts a long wait with heartbeats.

    Checkpoints that are put on it come out as states, in their place after the records that they vouch for, as far as
    `checkpoints` has them printed.
    """

    def __init__(self, beats: heartbeat.Heartbeat, checkpoints: Checkpoints) -> None:
        super().__init__(maxsize=MAX_PAGES)
        self._heartbeat = beats
        self._checkpoints = checkpoints
        self._printed = Printed()
        """Of the page that the caller prints before it calls again."""

    def get(self, block: bool = True, timeout: float | None = None) -> QueueItem:
        self._checkpoints.count(self._printed.chars)
        self._printed = Printed()
        while (due := self._checkpoints.take_due()) is None:
            item = self._wait(block, timeout)
            if isinstance(item, Checkpoint):
                self._checkpoints.hold(item)
            elif item is not None:
                if isinstance(item, PageRecord):
                    self._printed = item.printed
                found: QueueItem = item
                return found
        return due

    def _wait(self, block: bool, timeout: float | None) -> Any:
        """The next item; None once a state that is held back is due. Raises Empty if `timeout` passes before that."""
        if self.empty():
            sys.stdout.flush()
        last_state = self._heartbeat.message
        delay = self._checkpoints.delay_s
        beat = heartbeat.INTERVAL_S if last_state else timeout
        try:
            return super().get(block, beat if delay is None else delay)
        except Empty:
            if delay is None and last_state is None:
                raise
            return None if delay is not None else last_state
