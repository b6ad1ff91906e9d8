"""The listing of sequences as a stream of the CDK: one partition, whatever its number of pages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import FinalStateCursor
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator

from ..columns import SEQUENCES_KEY
from ..errors import ConnectorError
from ..streams import Sequences
from .pages import PageRecord

logger = logging.getLogger("airbyte")


class Listing(Partition):
    """The sequences of the account.

    Once `read` has raised a ConnectorError, it is `failure`.
    """

    def __init__(self, sequences: Sequences) -> None:
        self.failure: ConnectorError | None = None
        self._sequences = sequences

    def stream(self, repository: MessageRepository) -> DefaultStream:
        """The stream that reads it, and writes the state of a full refresh to `repository` at its end."""
        return DefaultStream(
            partition_generator=_OnePartition(self),
            name=self._sequences.name,
            json_schema=self._sequences.get_json_schema(),
            primary_key=[SEQUENCES_KEY],
            cursor_field=None,
            logger=logger,
            cursor=_ListingCursor(self._sequences.name, None, repository),
        )

    def read(self) -> Iterator[PageRecord]:
        try:
            records = self._sequences.records
        except ConnectorError as error:
            self.failure = error
            raise
        if records:
            yield PageRecord(records, self.stream_name())
        logger.info(f"Read {len(records):,} sequences.")

    def to_slice(self) -> Mapping[str, Any] | None:
        return None

    def stream_name(self) -> str:
        return self._sequences.name

    def __hash__(self) -> int:
        return hash(self.stream_name())


class _ListingCursor(FinalStateCursor):
    """Emits the state when the partition is closed, so that a listing that failed has none."""

    def close_partition(self, partition: Partition) -> None:
        super().ensure_at_least_one_state_emitted()

    def ensure_at_least_one_state_emitted(self) -> None:
        pass


class _OnePartition(PartitionGenerator):
    def __init__(self, partition: Partition) -> None:
        self._partition = partition

    def generate(self) -> Iterable[Partition]:
        yield self._partition
