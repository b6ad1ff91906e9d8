"""The statistics as a stream of the CDK: a partition for each window of a sync."""

from __future__ import annotations

import logging

from airbyte_cdk.sources.streams.concurrent.cursor import CursorField
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream

from ..columns import CURSOR_FIELD, PRIMARY_KEY
from ..errors import ConnectorError
from ..records import RowWarnings
from ..streams import ConsolidatedStats
from .cursor import CoverageCursor
from .ordered_repository import OrderedRepository
from .partition import WindowPartitions
from .report import failure_of, log_outcome
from .shared_sync import SharedSync

logger = logging.getLogger("airbyte")


class Statistics:
    """Reads the windows of `sync` from `endpoint`: see `reader.StreamReader`."""

    def __init__(self, sync: SharedSync, endpoint: ConsolidatedStats, warnings: RowWarnings) -> None:
        self._sync = sync
        self._endpoint = endpoint
        self._warnings = warnings

    @property
    def failure(self) -> ConnectorError | None:
        return failure_of(self._sync)

    def stream(self, repository: OrderedRepository) -> DefaultStream:
        return DefaultStream(
            partition_generator=WindowPartitions(self._sync, self._endpoint, self._warnings),
            name=self._endpoint.name,
            json_schema=self._endpoint.get_json_schema(),
            primary_key=PRIMARY_KEY,
            cursor_field=CursorField(CURSOR_FIELD),
            logger=logger,
            cursor=CoverageCursor(self._endpoint.name, self._sync, repository),
        )

    def log_outcome(self) -> None:
        log_outcome(self._sync)
