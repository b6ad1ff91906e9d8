"""Reads both streams, and the windows of a sync at the same time, with the CDK's concurrent source."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.abstract_stream import AbstractStream
from airbyte_cdk.sources.streams.concurrent.cursor import CursorField
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.utils.slice_logger import DebugSliceLogger
from airbyte_cdk.utils import AirbyteTracedException

from ..columns import CURSOR_FIELD, PRIMARY_KEY
from ..errors import without_known_stack_traces
from ..records import RowWarnings
from ..streams import ConsolidatedStats
from .cursor import CoverageCursor
from .heartbeat import Heartbeat
from .listing import Listing
from .ordered_repository import OrderedRepository
from .page_queue import PageQueue
from .pages import without_page_counts
from .partition import WindowPartitions
from .report import failure_of, log_outcome
from .shared_sync import SharedSync

logger = logging.getLogger("airbyte")


def read_concurrently(
    sync: SharedSync | None, stats: ConsolidatedStats, listing: Listing | None, warnings: RowWarnings, *, workers: int
) -> Iterator[AirbyteMessage]:
    """The messages of `listing`, and of all windows of `sync`, read from `stats` by so many `workers`: one for each
    page, see `pages`. `sync` or `listing` is None if its stream is not selected.

    Raises ConnectorError if a stream is incomplete.
    """
    logger.addFilter(without_known_stack_traces)
    logger.addFilter(without_page_counts)
    heartbeat = Heartbeat()
    messages = PageQueue(heartbeat)
    repository = OrderedRepository(messages)
    streams: list[AbstractStream] = [listing.stream(repository)] if listing else []
    if sync:
        streams.append(_statistics_stream(sync, stats, warnings, repository))
    source = ConcurrentSource.create(
        num_workers=workers + 1,  # one thread hands out the windows
        initial_number_of_partitions_to_generate=1,
        logger=logger,
        slice_logger=DebugSliceLogger(),
        message_repository=repository,
        queue=messages,
    )
    try:
        yield from heartbeat.watch(source.read(streams))
    except AirbyteTracedException:
        failure = (failure_of(sync) if sync else None) or (listing.failure if listing else None)
        if failure is None:
            raise
        raise failure from None  # the CDK's own summary names no reason
    finally:
        warnings.log_counts()
        if sync:
            log_outcome(sync)


def _statistics_stream(
    sync: SharedSync, stats: ConsolidatedStats, warnings: RowWarnings, repository: MessageRepository
) -> DefaultStream:
    return DefaultStream(
        partition_generator=WindowPartitions(sync, stats, warnings),
        name=stats.name,
        json_schema=stats.get_json_schema(),
        primary_key=PRIMARY_KEY,
        cursor_field=CursorField(CURSOR_FIELD),
        logger=logger,
        cursor=CoverageCursor(stats.name, sync, repository),
    )
