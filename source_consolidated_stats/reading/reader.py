"""Reads the windows of a sync at the same time, with the CDK's concurrent source."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.message.concurrent_repository import ConcurrentMessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import CursorField
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.utils.slice_logger import DebugSliceLogger
from airbyte_cdk.utils import AirbyteTracedException

from ..columns import CURSOR_FIELD, PRIMARY_KEY
from ..errors import without_known_stack_traces
from ..records import RowWarnings
from ..streams import ConsolidatedStats
from .cursor import CoverageCursor
from .partition import WindowPartitions
from .record_queue import RecordQueue
from .report import failure_of, log_outcome
from .shared_sync import SharedSync

logger = logging.getLogger("airbyte")


def read_concurrently(
    sync: SharedSync, stats: ConsolidatedStats, warnings: RowWarnings, *, sequences: int, workers: int
) -> Iterator[AirbyteMessage]:
    """The messages of all windows of `sync`, which concerns so many `sequences`, read by so many `workers`.

    Raises ConnectorError if the sync is incomplete.

    The repository writes to the very queue that is printed: a state must not overtake its records.
    """
    logger.addFilter(without_known_stack_traces)
    messages = RecordQueue()
    repository = ConcurrentMessageRepository(messages, InMemoryMessageRepository())
    stream = DefaultStream(
        partition_generator=WindowPartitions(sync, stats, warnings),
        name=stats.name,
        json_schema=stats.get_json_schema(),
        primary_key=PRIMARY_KEY,
        cursor_field=CursorField(CURSOR_FIELD),
        logger=logger,
        cursor=CoverageCursor(stats.name, sync, repository),
    )
    source = ConcurrentSource.create(
        num_workers=workers + 1,  # one thread hands out the windows
        initial_number_of_partitions_to_generate=1,
        logger=logger,
        slice_logger=DebugSliceLogger(),
        message_repository=repository,
        queue=messages,
    )
    try:
        yield from source.read([stream])
    except AirbyteTracedException:
        failure = failure_of(sync)
        if failure is None:
            raise
        raise failure from None  # the CDK's own summary names no reason
    finally:
        warnings.log_counts()
        log_outcome(sync, sequences)
