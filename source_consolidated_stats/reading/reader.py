"""Reads windows at the same time: the CDK's concurrent stream, on this connector's windows and state."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

import orjson
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator
from airbyte_cdk.sources.types import Record as CdkRecord

from ..planning.coverage import close_window
from ..planning.days import between, intersect, oldest_day
from ..planning.plan import Task
from ..planning.state import CURSOR_FIELD, State
from ..records import PRIMARY_KEY, Oddities, Record
from ..streams import ConsolidatedStats, slice_of
from ..timestamps import format_utc
from .shared_sync import WindowQueue


class EmptyRow(CdkRecord):
    """The record of a row without fields. It is true: a false one ends the CDK's reading of its queue."""

    def __bool__(self) -> bool:
        return True


class WindowPartition(Partition):
    """One window, read page by page."""

    def __init__(self, window: Task, queue: WindowQueue, stream: ConsolidatedStats, oddities: Oddities) -> None:
        self.window = window
        self.rows = self.pages = 0
        self.newest: str | None = None
        """The newest cursor value of the rows read, never later than now."""
        self._queue = queue
        self._stream = stream
        self._oddities = oddities

    def read(self) -> Iterator[CdkRecord]:
        name = self._stream.name
        try:
            for page in self._pages():
                for record in page:
                    yield CdkRecord(record, name) if record else EmptyRow(record, name)
        except Exception as error:
            self._queue.fail(self.window, error)
            raise
        self._queue.finish(self.window, self.rows)

    def _pages(self) -> Iterator[list[Record]]:
        pages = self._stream.read_pages(self.to_slice())
        for page in pages if self.window.finished else _without_repeats(pages):
            self.pages += 1
            self.rows += len(page)
            self._observe(page)
            yield page

    def _observe(self, page: list[Record]) -> None:
        newest = max((record.get(CURSOR_FIELD) or "" for record in page), default="")
        now = format_utc(datetime.now(timezone.utc))
        if newest > now:
            self._oddities.future_cursor(newest)
            newest = now
        self.newest = max(self.newest or "", newest) or None

    def to_slice(self) -> Mapping[str, Any]:
        return slice_of(self.window)

    def stream_name(self) -> str:
        return self._stream.name

    def __hash__(self) -> int:
        return hash(self.window)


class WindowPartitions(PartitionGenerator):
    def __init__(self, queue: WindowQueue, stream: ConsolidatedStats, oddities: Oddities) -> None:
        self._queue = queue
        self._stream = stream
        self._oddities = oddities

    def generate(self) -> Iterable[Partition]:
        """A sync can go on past midnight: days that the API has stopped to give meanwhile are left out."""
        for window in self._queue:
            given = intersect((window.days,), between(oldest_day(datetime.now(timezone.utc)), date.max))
            if given:
                yield WindowPartition(window._replace(days=given[0]), self._queue, self._stream, self._oddities)
            else:
                self._queue.finish(window, 0)


class CoverageCursor(Cursor):
    """Writes a state for each window that is closed.

    A worker closes a window after it has put all of the window's records on the queue that is printed; the state goes
    onto the same queue, so it is printed after them. The lock keeps states in the order in which they grow.
    """

    def __init__(
        self, name: str, state: State, queue: WindowQueue, repository: MessageRepository, logger: logging.Logger
    ) -> None:
        self._name = name
        self._state = state
        self._queue = queue
        self._repository = repository
        self._logger = logger
        self._manager = ConnectorStateManager()
        self._emitted = False
        self._lock = threading.Lock()

    @property
    def state(self) -> dict[str, Any]:
        return self._state.to_json()

    def observe(self, record: CdkRecord) -> None:
        """Nothing for each record: a window knows its newest when it is closed."""

    def should_be_synced(self, record: CdkRecord) -> bool:
        return True

    def close_partition(self, partition: Partition) -> None:
        assert isinstance(partition, WindowPartition)
        window = partition.window
        with self._lock:
            if window.finished:
                coverage = close_window(self._state.coverage, window.sequence_ids, window.days)
                self._state = replace(self._state, coverage=coverage)
            newest = max(self._state.newest or "", partition.newest or "") or None
            self._state = replace(self._state, newest=newest, rows_per_sequence_day=self._queue.rows_per_sequence_day)
            self._emit()
        self._logger.info(
            f"Read {window.days} of {len(window.sequence_ids):,} sequences (pages: {partition.pages}): "
            f"{partition.rows:,} rows; windows left: {self._queue.left}."
        )

    def ensure_at_least_one_state_emitted(self) -> None:
        if not self._emitted:
            self._emit()

    def _emit(self) -> None:
        self._emitted = True
        self._manager.update_state_for_stream(self._name, None, self.state)
        self._repository.emit_message(self._manager.create_state_message(self._name, None))


def _without_repeats(pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
    """The pages without rows that come again unchanged.

    Emails that go out while an unfinished day is read push rows from one page onto the next. A row without a complete
    primary key cannot be told from another, and is kept.
    """
    seen: set[int] = set()
    for page in pages:
        fresh = []
        for record in page:
            mark = hash(orjson.dumps(record))
            if mark not in seen or any(record.get(column) is None for column in PRIMARY_KEY):
                fresh.append(record)
            seen.add(mark)
        yield fresh
