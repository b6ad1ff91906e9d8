"""The Airbyte source: what `spec`, `check`, `discover` and `read` do."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from airbyte_cdk.models import (
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteStateMessage,
    ConfiguredAirbyteCatalog,
    ConnectorSpecification,
    FailureType,
    Status,
    SyncMode,
)
from airbyte_cdk.sources import AbstractSource
from airbyte_cdk.sources.concurrent_source.concurrent_source import ConcurrentSource
from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.message.concurrent_repository import ConcurrentMessageRepository
from airbyte_cdk.sources.streams import Stream
from airbyte_cdk.sources.streams.concurrent.cursor import CursorField
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.utils.slice_logger import DebugSliceLogger
from airbyte_cdk.utils import AirbyteTracedException

from .api.transport import SharedRateLimit
from .check import check_access
from .config import Config, read_config
from .errors import ConnectorError, without_known_stack_traces
from .inputs import configured_mode, earlier_state, read_file
from .planning.coverage import begin_sync
from .planning.days import last_finished_day, oldest_day
from .planning.plan import plan, required_days
from .planning.slicer import Windows
from .planning.state import CURSOR_FIELD, State
from .reading.reader import CoverageCursor, WindowPartitions
from .reading.record_queue import BatchQueue
from .reading.shared_sync import WindowQueue
from .records import PRIMARY_KEY, Oddities
from .streams import LISTING_PAGE_SIZE, ConsolidatedStats, Sequences
from .timestamps import format_utc

SYNC_TRIES, CHECK_TRIES = 6, 2


class SourceConsolidatedStats(AbstractSource):
    check_config_against_spec = False
    """`configure` does it, with messages that name the field."""

    @property
    def name(self) -> str:
        return "source-consolidated-stats"

    def spec(self, logger: logging.Logger) -> ConnectorSpecification:
        return self._spec

    @cached_property
    def _spec(self) -> ConnectorSpecification:
        """Parsed once, though each step of a command asks for it."""
        return super().spec(logging.getLogger("airbyte"))

    @classmethod
    def read_config(cls, config_path: str) -> Any:
        return read_file("configuration", config_path, super().read_config)

    @classmethod
    def read_catalog(cls, catalog_path: str) -> ConfiguredAirbyteCatalog:
        return read_file("catalog", catalog_path, super().read_catalog)

    @classmethod
    def read_state(cls, state_path: str) -> list[AirbyteStateMessage]:
        return read_file("state", state_path, super().read_state)

    def configure(self, config: Mapping[str, Any], temp_dir: str) -> Mapping[str, Any]:
        self._config(config)
        return super().configure(config, temp_dir)

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        succeeded, error = self.check_connection(logger, config)
        return AirbyteConnectionStatus(status=Status.SUCCEEDED if succeeded else Status.FAILED, message=error)

    def check_connection(self, logger: logging.Logger, config: Mapping[str, Any]) -> tuple[bool, str | None]:
        try:
            settings = self._config(config)
            sequences, stats = _streams(settings, logger, CHECK_TRIES, Oddities(logger))
            logger.info(check_access(settings.sequence_ids, sequences, stats, datetime.now(timezone.utc)))
        except ConnectorError as error:
            return False, error.message
        return True, None

    def streams(self, config: Mapping[str, Any]) -> list[Stream]:
        logger = logging.getLogger("airbyte")
        return [_streams(self._config(config), logger, SYNC_TRIES, Oddities(logger))[1]]

    def read(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        logger.addFilter(without_known_stack_traces)
        settings = self._config(config)
        oddities = Oddities(logger)
        sequences, stats = _streams(settings, logger, SYNC_TRIES, oddities)
        sync_mode = configured_mode(catalog, stats.name)
        if sync_mode is None:
            return
        # A full refresh reads everything, whatever an earlier sync has read.
        before = earlier_state(state, stats.name) if sync_mode == SyncMode.incremental else State()

        now = datetime.now(timezone.utc)
        if settings.start_date and settings.start_date < oldest_day(now):
            logger.warning(
                f"start_date: {settings.start_date} is older than the API keeps; reading from {oldest_day(now)} on."
            )
        sequence_ids = list(settings.sequence_ids) or sequences.list_ids()
        if not sequence_ids:
            logger.info("The account has no sequences: there is nothing to read.")
        required = required_days(settings.start_date, settings.end_date, now)
        coverage = begin_sync(
            before.coverage, sequence_ids, required, last_finished_day(now), settings.lookback_window_days
        )
        tasks = plan(coverage, sequence_ids, required, now)
        queue = WindowQueue(Windows(tasks, settings.num_workers, settings.page_size, before.rows_per_sequence_day))
        newest = min(before.newest, format_utc(now)) if before.newest else None
        begun = State(coverage, newest, before.rows_per_sequence_day)
        yield from _read_windows(queue, begun, stats, oddities, settings.num_workers, logger)

        oddities.summarise()
        logger.info(f"{queue.rows:,} rows of {len(sequence_ids):,} sequences were read." if queue.rows else "No rows.")
        if queue.failures:
            raise _incomplete(queue.failures)

    def _config(self, config: Mapping[str, Any]) -> Config:
        return read_config(config, self._spec.connectionSpecification, datetime.now(timezone.utc))


def _streams(
    settings: Config, logger: logging.Logger, tries: int, oddities: Oddities
) -> tuple[Sequences, ConsolidatedStats]:
    limit = SharedRateLimit(logger)
    return (
        Sequences(settings.api_url, settings.api_key, limit, LISTING_PAGE_SIZE, tries),
        ConsolidatedStats(settings.api_url, settings.api_key, limit, settings.page_size, tries, oddities),
    )


def _read_windows(
    windows: WindowQueue,
    state: State,
    stats: ConsolidatedStats,
    oddities: Oddities,
    workers: int,
    logger: logging.Logger,
) -> Iterator[AirbyteMessage]:
    """The messages of all windows. The queue is the one that the repository writes to: see CoverageCursor."""
    messages = BatchQueue()
    repository = ConcurrentMessageRepository(messages, InMemoryMessageRepository())
    stream = DefaultStream(
        partition_generator=WindowPartitions(windows, stats, oddities),
        name=stats.name,
        json_schema=stats.get_json_schema(),
        primary_key=PRIMARY_KEY,
        cursor_field=CursorField(CURSOR_FIELD),
        logger=logger,
        cursor=CoverageCursor(stats.name, state, windows, repository, logger),
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
        if not windows.failures:
            raise


def _incomplete(failures: list[Exception]) -> ConnectorError:
    first = failures[0]
    kind = first.failure_type if isinstance(first, ConnectorError) else FailureType.system_error
    return ConnectorError(
        f"The sync is incomplete: {len(failures)} windows failed. The others are kept, and the next sync reads what "
        f"is missing. The first failure: {first}",
        kind,
    )
