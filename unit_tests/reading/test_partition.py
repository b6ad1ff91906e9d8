from __future__ import annotations

from datetime import date, datetime, timezone
from itertools import islice

import pytest

from source_consolidated_stats.api.clock import ApiClock
from source_consolidated_stats.api.pager import Pager
from source_consolidated_stats.api.responses import Page
from source_consolidated_stats.errors import UnknownDatesError
from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.sync import Sync
from source_consolidated_stats.reading.partition import WindowPartition
from source_consolidated_stats.reading.shared_sync import SharedSync
from source_consolidated_stats.records import Record, RowWarnings, to_records
from source_consolidated_stats.streams import ConsolidatedStats

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
TODAY = Days(date(2026, 11, 23), date(2026, 11, 23))
LAST_WEEK = Days(date(2026, 11, 16), date(2026, 11, 20))
KEY = {"Sequence Id": "s1", "Step Number": 1, "Recipient Email": "jane@example.org"}
EMAIL = {**KEY, "Email Sent At": "2026-11-23T09:00:00Z"}


class Rows(ConsolidatedStats):
    """Has these pages, whatever it is asked for."""

    def __init__(self, *pages: list[Record]) -> None:
        self._pages = pages

    def read_window(self, window: Window, earlier_readings: int = 0) -> Pager:
        def fetch(number: int) -> Page:
            return Page(self._pages[number - 1], has_more=number < len(self._pages))

        return Pager("rows", fetch, self.keys_of)


class Broken(Rows):
    def read_window(self, window: Window, earlier_readings: int = 0) -> Pager:
        raise ZeroDivisionError


def partition_of_today(*pages: list[Record]) -> WindowPartition:
    """A window of an open day that has these pages."""
    request = SyncRequest(["s1"], between(*TODAY), Calendar(NOW), 0, refresh_by_age=False, workers=1, page_size=500)
    sync = SharedSync(Sync(State(), request), request, ApiClock(), ids_from_user=True)
    return WindowPartition(Window(("s1",), TODAY, closed=False), sync, Rows(*pages), RowWarnings())


def records_of_today(rows: list[Record]) -> list[Record]:
    partition = partition_of_today(rows)

    read = [record for page in partition.read() for record in page["records"]]

    assert partition.delivered
    return read


@pytest.mark.parametrize("value", [2**70, "\ud800", [[[]]], {"deep": [2**70]}, None])
def test_a_row_of_an_open_day_that_comes_again_is_left_out_whatever_it_holds(value: object) -> None:
    row = {**EMAIL, "New": value}

    assert records_of_today([row, dict(row), {**EMAIL, "New": "other"}]) == [row, {**EMAIL, "New": "other"}]


def test_a_row_with_a_placeholder_in_its_key_cannot_be_told_from_another_and_stays() -> None:
    row = {**EMAIL, "Step Number": "third", "Email Sent At": "Mon Nov 23 2026 09:00:00 GMT"}
    (one,), (other,) = (to_records([dict(row)], RowWarnings()) for _ in range(2))

    assert records_of_today([one, other]) == [one, one]


def test_a_row_with_a_placeholder_in_its_key_moves_no_cursor() -> None:
    sent = {hour: f"Mon Nov 23 2026 {hour}:00:00 GMT" for hour in (7, 8, 9)}
    rows = [
        {**EMAIL, "Email Sent At": sent[7]},
        {**EMAIL, "Email Sent At": sent[8], "Last Opened At": "not a date"},
        {**EMAIL, "Email Sent At": sent[9], "Step Number": None},
        {**EMAIL, "Email Sent At": None},
    ]
    partition = partition_of_today(
        to_records(rows, RowWarnings()), [{**EMAIL, "Email Sent At": "2026-11-23T06:00:00Z"}]
    )

    assert [len(page["records"]) for page in partition.read()] == [4, 1]
    assert partition.newest == "2026-11-23T08:00:00Z"


def test_rows_of_closed_days_come_as_they_are() -> None:
    partition = partition_of_today([EMAIL, dict(EMAIL)])
    partition.window = partition.window._replace(closed=True)

    assert [page["records"] for page in partition.read()] == [[EMAIL, EMAIL]]


def test_an_unexpected_failure_is_raised_and_leaves_no_worker_waiting() -> None:
    request = SyncRequest(["s1"], between(*LAST_WEEK), Calendar(NOW), 0, refresh_by_age=False, workers=1, page_size=500)
    sync = SharedSync(Sync(State(), request), request, ApiClock(), ids_from_user=True)
    windows = sync.windows()

    with pytest.raises(ZeroDivisionError):
        list(WindowPartition(next(windows), sync, Broken(), RowWarnings()).read())

    assert list(windows) == []
    assert sync.sync.given_up == [Window(("s1",), LAST_WEEK, closed=True)]


def test_a_window_without_a_readable_date_is_given_up_and_not_divided() -> None:
    ids = ["s1", "s2"]
    request = SyncRequest(ids, between(*LAST_WEEK), Calendar(NOW), 0, refresh_by_age=False, workers=1, page_size=500)
    sync = SharedSync(Sync(State(), request), request, ApiClock(), ids_from_user=True)
    rows = to_records([{**KEY, "Email Sent At": f"2026-11-{day} 09:00"} for day in range(10, 20)], RowWarnings())

    windows = []
    for window in islice(sync.windows(), 5):
        partition = WindowPartition(window, sync, Rows(rows), RowWarnings())
        assert list(partition.read()) == []
        assert not partition.delivered
        windows.append(window)

    assert windows == [Window(("s1", "s2"), LAST_WEEK, closed=True)] == sync.sync.given_up
    assert isinstance(sync.error, UnknownDatesError)
