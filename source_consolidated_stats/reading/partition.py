"""Windows as partitions of the CDK's concurrent stream."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator

from ..api.pager import Pager
from ..errors import ConnectorError
from ..planning.due.window import Window
from ..planning.failures.failure import Verdict
from ..records import Record, RowWarnings, has_placeholder, moment_of, with_whole_key
from ..streams import ConsolidatedStats
from ..timestamps import format_utc
from ..wording import counted
from .known_dates import with_known_dates
from .pages import PageRecord
from .report import failure_of
from .shared_sync import SharedSync


class WindowPartition(Partition):
    """One window, read page by page.

    Once `read` is exhausted, `delivered` says whether all of its rows were handed over.
    """

    def __init__(self, window: Window, sync: SharedSync, stream: ConsolidatedStats, warnings: RowWarnings) -> None:
        self.window = window
        self.delivered = False
        self.rows = self.pages = 0
        self.newest: str | None = None
        """The newest cursor value of the rows read, never later than now."""
        self._sync = sync
        self._stream = stream
        self._warnings = warnings

    def read(self) -> Iterator[PageRecord]:
        """The pages. A failure goes to the sync, which decides how the window is read again: it ends no other."""
        name = self._stream.name
        try:
            pager = self._stream.read_window(self.window, self._sync.readings(self.window))
            for page in with_known_dates(self._pages(pager)):
                if page:
                    yield PageRecord(page, name)
        except ConnectorError as error:
            self._sync.log.failed(self.window, self._sync.fail(self.window, error), error)
        except Exception as error:
            unexpected = ConnectorError(f"Unexpected failure: {type(error).__name__}.", FailureType.system_error)
            self._sync.fail(self.window, unexpected)
            raise
        else:
            self.delivered = pager.doubt is None or self._is_covered(pager.doubt, pager.fingerprint)

    def to_slice(self) -> Mapping[str, Any]:
        return {"window": f"{self.window.days} of {counted(len(self.window.sequence_ids), 'sequence')}"}

    def stream_name(self) -> str:
        return self._stream.name

    def __hash__(self) -> int:
        return hash(self.window)

    def _pages(self, pager: Pager) -> Iterator[list[Record]]:
        pages = (page.rows for page in pager.pages())
        for rows in pages if self.window.closed else _without_repeats(pages):
            self.pages += 1
            self.rows += len(rows)
            self._observe(rows)
            yield rows

    def _observe(self, rows: list[Record]) -> None:
        newest = max(map(moment_of, with_whole_key(rows)), default="")
        now = format_utc(datetime.now(timezone.utc))
        if newest > now:
            self._warnings.future_cursor(newest)
            newest = now
        self.newest = max(self.newest or "", newest) or None

    def _is_covered(self, doubt: str, fingerprint: Hashable) -> bool:
        """Whether the window is covered although rows may be missing, as `doubt` says."""
        verdict = self._sync.rows_moved(self.window, fingerprint)
        is_covered = verdict is Verdict.COVERED
        if self.window.closed or not is_covered:  # rows of open days move because emails go out
            self._sync.log.doubted(self.window, verdict, doubt)
        return is_covered


class WindowPartitions(PartitionGenerator):
    """Every window of a sync."""

    def __init__(self, sync: SharedSync, stream: ConsolidatedStats, warnings: RowWarnings) -> None:
        self._sync = sync
        self._stream = stream
        self._warnings = warnings

    def generate(self) -> Iterable[Partition]:
        """Raises the sync's failure once all windows have ended: the CDK then reports the stream as incomplete."""
        for window in self._sync.windows():
            yield WindowPartition(window, self._sync, self._stream, self._warnings)
        if failure := failure_of(self._sync):
            raise failure


def _without_repeats(pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
    """The pages without rows that come again unchanged.

    Emails that go out while an open day is read push rows from one page onto the next. A row with a
    placeholder in its primary key cannot be told from another, and is kept.
    """
    seen: set[int] = set()
    for page in pages:
        fresh = []
        for record in page:
            mark = hash(repr(record))
            if mark not in seen or has_placeholder(record):
                fresh.append(record)
            seen.add(mark)
        yield fresh
