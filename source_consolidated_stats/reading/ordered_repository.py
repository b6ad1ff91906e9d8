"""The CDK's message repository, with each message in its place among records and statuses."""

from __future__ import annotations

import threading

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.message import InMemoryMessageRepository

from .page_queue import PageQueue


class OrderedRepository(InMemoryMessageRepository):
    """A worker's messages follow its records on `queue`. Those of the thread that prints, and makes the repository,
    are printed before the status that the CDK prints next: a state comes before the COMPLETE of its stream."""

    def __init__(self, queue: PageQueue) -> None:
        super().__init__()
        self._queue = queue
        self._printing_thread = threading.get_ident()

    def emit_message(self, message: AirbyteMessage) -> None:
        if threading.get_ident() == self._printing_thread:
            super().emit_message(message)
        else:
            self._queue.put(message)
