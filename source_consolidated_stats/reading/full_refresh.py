"""A stream that is read whole at each sync, as a stream of the CDK: one partition, whatever its number of pages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import FinalStateCursor
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.streams.concurrent.helpers import get_primary_key_from_stream
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator

from ..api.stream import SaleshandyStream
from ..errors import ConnectorError
from ..wording import counted
from .pages import PageRecord

logger = logging.getLogger("airbyte")


class FullRefresh:
    """Reads `endpoint` for a sync: see `reader.StreamReader`."""

    def __init__(self, endpoint: SaleshandyStream) -> None:
        self._endpoint = endpoint
        self._partition = _WholeStream(endpoint)

    @property
    def failure(self) -> ConnectorError | None:
        return self._partition.failure

    def stream(self, repository: MessageRepository) -> DefaultStream:
        """The stream, which writes the state of a full refresh to `repository` at its end."""
        return DefaultStream(
            partition_generator=_OnePartition(self._partition),
            name=self._endpoint.name,
            json_schema=self._endpoint.get_json_schema(),
            primary_key=get_primary_key_from_stream(self._endpoint.primary_key),
            cursor_field=None,
            logger=logger,
            cursor=_StateAtTheEnd(self._endpoint.name, None, repository),
        )

    def log_outcome(self) -> None:
        if not self.failure:
            logger.info(f"Read {counted(len(self._endpoint.records), self._endpoint.name[:-1])}.")


class _WholeStream(Partition):
    """Once `read` has raised a ConnectorError, it is `failure`."""

    def __init__(self, endpoint: SaleshandyStream) -> None:
        self.failure: ConnectorError | None = None
        self._endpoint = endpoint

    def read(self) -> Iterator[PageRecord]:
        try:
            records = self._endpoint.records
        except ConnectorError as error:
            self.failure = error
            raise
        if records:
            yield PageRecord(records, self.stream_name())

    def to_slice(self) -> Mapping[str, Any] | None:
        return None

    def stream_name(self) -> str:
        return self._endpoint.name

    def __hash__(self) -> int:
        return hash(self.stream_name())


class _StateAtTheEnd(FinalStateCursor):
    """Emits the state when the partition is closed, so that a stream that failed has none."""

    def close_partition(self, partition: Partition) -> None:
        super().ensure_at_least_one_state_emitted()

    def ensure_at_least_one_state_emitted(self) -> None:
        pass


class _OnePartition(PartitionGenerator):
    def __init__(self, partition: Partition) -> None:
        self._partition = partition

    def generate(self) -> Iterable[Partition]:
        yield self._partition
