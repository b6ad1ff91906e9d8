"""Reads the streams of a sync, and the windows of the statistics at the same time, with the CDK's concurrent source."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Protocol

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.utils.slice_logger import DebugSliceLogger
from airbyte_cdk.utils import AirbyteTracedException

from ..errors import ConnectorError, without_known_stack_traces
from ..records import RowWarnings
from .checkpoints import Checkpoints
from .heartbeat import Heartbeat
from .memory import MemoryShortageError, watch_memory
from .ordered_repository import OrderedRepository
from .page_queue import PageQueue
from .pages import without_page_counts

logger = logging.getLogger("airbyte")


class StreamReader(Protocol):
    """A selected stream. `failure` says, after it was read, why it is incomplete; None if it is complete."""

    @property
    def failure(self) -> ConnectorError | None: ...

    def stream(self, repository: OrderedRepository) -> DefaultStream:
        """The stream of the CDK that reads it, and writes its states to `repository`."""

    def log_outcome(self) -> None:
        """Logs what was read, and what was left out."""


def read_concurrently(
    readers: Sequence[StreamReader], warnings: RowWarnings, *, workers: int
) -> Iterator[AirbyteMessage]:
    """The messages of all streams, which `workers` threads read: one for each page of records, see `pages`.

    Raises ConnectorError if a stream is incomplete.
    """
    logger.addFilter(without_known_stack_traces)
    logger.addFilter(without_page_counts)
    heartbeat, checkpoints = Heartbeat(), Checkpoints()
    messages = PageQueue(heartbeat, checkpoints)
    repository = OrderedRepository(messages, checkpoints)
    source = ConcurrentSource.create(
        num_workers=workers + 1,  # one thread hands out the windows
        initial_number_of_partitions_to_generate=1,
        logger=logger,
        slice_logger=DebugSliceLogger(),
        message_repository=repository,
        queue=messages,
    )
    try:
        read = source.read([reader.stream(repository) for reader in readers])
        yield from watch_memory(heartbeat.watch(read), checkpoints)
    except MemoryShortageError:
        raise
    except AirbyteTracedException:
        failure = next(filter(None, (reader.failure for reader in readers)), None)
        if failure is None:
            raise
        raise failure from None  # the CDK's own summary names no reason
    finally:
        warnings.log_counts()
        for reader in readers:
            reader.log_outcome()
