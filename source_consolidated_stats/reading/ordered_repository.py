"""The CDK's message repository, with each message in its place among records and statuses."""

from __future__ import annotations

import threading

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.message import InMemoryMessageRepository

from .checkpoints import Checkpoint, Checkpoints
from .page_queue import PageQueue


class OrderedRepository(InMemoryMessageRepository):
    """A worker's messages follow its records on `queue`. Those of the thread that prints, and makes the repository,
    are printed before the status that the CDK prints next: a state comes before the COMPLETE of its stream."""

    def __init__(self, queue: PageQueue, checkpoints: Checkpoints) -> None:
        super().__init__()
        self._queue = queue
        self._checkpoints = checkpoints
        self._printing_thread = threading.get_ident()

    def emit_message(self, message: AirbyteMessage) -> None:
        if threading.get_ident() == self._printing_thread:
            super().emit_message(message)
        else:
            self._queue.put(message)

    def emit_checkpoint(self, checkpoint: Checkpoint) -> None:
        """The state of a worker follows its records; it may be held back. The last one, of the thread that prints, is
        printed for sure."""
        if threading.get_ident() != self._printing_thread:
            self._queue.put(checkpoint)
        elif message := self._checkpoints.take_last(checkpoint):
            super().emit_message(message)
