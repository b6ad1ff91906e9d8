from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from source_consolidated_stats.api.reading import Reading
from source_consolidated_stats.api.responses import Page
from source_consolidated_stats.planning.due.days import Calendar, Days
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.sync import Sync
from source_consolidated_stats.reading.partition import WindowPartition
from source_consolidated_stats.reading.shared_sync import SharedSync
from source_consolidated_stats.records import Record, RowWarnings
from source_consolidated_stats.streams import ConsolidatedStats

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
TODAY = Days(date(2026, 11, 23), date(2026, 11, 23))
KEY = {"Sequence Id": "s1", "Step Number": 1, "Recipient Email": "jane@example.org"}
EMAIL = {**KEY, "Email Sent At": "2026-11-23T09:00:00Z"}


class Rows(ConsolidatedStats):
    """Has these on one page, whatever it is asked for."""

    def __init__(self, rows: list[Record]) -> None:
        self._rows = rows

    def read_window(self, window: Window, earlier_readings: int = 0) -> Reading:
        return Reading("rows", lambda number: Page(self._rows, has_more=False), self.keys_of)


def records_of_today(rows: list[Record]) -> list[Record]:
    """What comes of `rows` if the window is of an open day."""
    request = SyncRequest(["s1"], (TODAY,), Calendar(NOW), 0, refresh_by_age=False, workers=1, page_size=500)
    sync = SharedSync(Sync(State(), request), sequences=1, named=True)
    partition = WindowPartition(Window(("s1",), TODAY, closed=False), sync, Rows(rows), RowWarnings())

    read = [record for page in partition.read() for record in page["records"]]

    assert partition.delivered
    return read


@pytest.mark.parametrize("value", [2**70, "\ud800", [[[]]], {"deep": [2**70]}, None])
def test_a_row_of_an_open_day_that_comes_again_is_left_out_whatever_it_holds(value: object) -> None:
    row = {**EMAIL, "New": value}

    assert records_of_today([row, dict(row), {**EMAIL, "New": "other"}]) == [row, {**EMAIL, "New": "other"}]


def test_a_row_without_a_complete_key_cannot_be_told_from_another_and_stays() -> None:
    row = {**EMAIL, "Step Number": None}

    assert records_of_today([row, dict(row)]) == [row, row]
