"""Windows are few for small accounts, keep all workers busy for large ones, and grow step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from datetime import date, datetime, timedelta, timezone
from math import ceil
from typing import NamedTuple

import pytest

from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.sync import Sync
from source_consolidated_stats.planning.windows.capacity import Capacity
from source_consolidated_stats.planning.windows.slicer import INITIAL_WINDOW_DAYS, MAX_GROWTH, Slicer

from ...strategies import dates_of
from ..account import TOO_LARGE, at_most
from ..simulation import request_for, rows_of, run, unless

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
TODAY, LAST_CLOSED = date(2026, 11, 24), date(2026, 11, 22)


def two_years(workers: int = 4, page_size: int = 500) -> SyncRequest:
    days = between(TODAY - timedelta(days=730), TODAY)
    return request_for(["a", "b", "c"], days, Calendar(NOW), workers=workers, page_size=page_size)


class Sending(NamedTuple):
    """The days on which an account sends emails, as many on each."""

    name: str
    days: Collection[date]

    def rows_in(self, window: Window, rows: int) -> int:
        """How many of the account's `rows` rows the window has."""
        return rows * sum(day in self.days for day in dates_of(window.days)) // len(self.days)


TWO_YEARS = frozenset(dates_of(Days(TODAY - timedelta(days=730), TODAY)))
BURSTS = (
    Sending("one day, a year ago", {TODAY - timedelta(days=365)}),
    Sending("one day, last week", {TODAY - timedelta(days=5)}),
    Sending("weekdays", {day for day in TWO_YEARS if day.weekday() < 5}),
    Sending("nothing for a year, then much", {day for day in TWO_YEARS if day > TODAY - timedelta(days=365)}),
    Sending("much for a year, then nothing", {day for day in TWO_YEARS if day < TODAY - timedelta(days=365)}),
)


def calls_for(rows: int, workers: int, sending: Sending, seed: int = 0) -> int:
    """Calls of a first read, besides the listing: one for each page, or for a window without rows."""
    sync = Sync(State(), two_years(workers))
    windows = run(sync, lambda window: sending.rows_in(window, rows), seed).windows
    return sum(max(1, ceil(sending.rows_in(window, rows) / 500)) for window in windows)


@pytest.mark.parametrize("workers", [1, 4, 8])
@pytest.mark.parametrize(("rows", "most"), [(0, 6), (2_000, 8), (20_000, 46), (200_000, 416)])
def test_few_calls_for_small_and_large_accounts(rows: int, most: int, workers: int) -> None:
    assert calls_for(rows, workers, Sending("every day", TWO_YEARS)) <= most


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sending", BURSTS, ids=lambda sending: sending.name)
def test_bursts_cost_hardly_more_calls(sending: Sending, seed: int) -> None:
    assert calls_for(200_000, 4, sending, seed) <= 415
    assert calls_for(2_000, 4, sending, seed) <= 12


@pytest.mark.parametrize("workers", [1, 4, 20])
def test_a_small_lookback_shares_a_window_with_the_open_days(workers: int) -> None:
    request = two_years(workers)
    state = run(Sync(State(), request), lambda window: rows_of(window, 2.7)).states[-1][0]

    windows = run(Sync(state, request), lambda window: rows_of(window, 2.7)).windows

    assert [(str(window.days), window.closed) for window in windows] == [("2026-10-24 to 2026-11-24", False)]


@pytest.mark.parametrize("workers", [1, 4, 20])
def test_windows_are_as_small_as_a_page_after_an_interruption(workers: int) -> None:
    request = two_years(workers)
    interrupted = run(Sync(State(), request), lambda window: rows_of(window, 16.0), kill_after=4)

    sync = Sync(interrupted.states[-1][0], request)
    result = run(sync, lambda window: rows_of(window, 16.0))

    assert max(rows_of(window, 16.0) for window in result.windows) <= 1.5 * 500
    assert result.most_in_flight >= min(workers, 8)


def test_windows_grow_from_one_day_after_an_interruption() -> None:
    """Whatever the days held that were read until then: else the next attempt might read a year of busy days in one
    window, and be interrupted again."""
    interrupted = run(Sync(State(), two_years()), lambda window: 0, kill_after=2)

    windows = run(Sync(interrupted.states[-1][0], two_years()), lambda window: 0).windows

    lengths = [window.days.length for window in windows if window.closed]
    assert lengths[:4] == [1, MAX_GROWTH, MAX_GROWTH**2, MAX_GROWTH**3]


def test_a_lookback_that_has_grown_no_longer_shares_a_window_with_the_open_days() -> None:
    """All that is read of a small account each day is one open window, so that has to show what the days hold now."""
    state = run(Sync(State(), two_years()), lambda window: rows_of(window, 2.7)).state

    shared = run(Sync(state, two_years()), lambda window: rows_of(window, 300.0))
    apart = run(Sync(shared.state, two_years()), lambda window: rows_of(window, 300.0))

    assert [len(shared.windows), len(apart.windows)] == [1, 4]


@pytest.mark.parametrize("rows", [0, 2_000, 20_000, 200_000, 2_400_000])
def test_how_many_windows_are_left_is_about_known_after_the_first_of_closed_days(rows: int) -> None:
    sync, sending, left, windows = Sync(State(), two_years()), Sending("every day", TWO_YEARS), [], deque[Window]()
    while not sync.is_over:
        while window := sync.next_window(date.min):
            windows.append(window)
        ended = windows.popleft()
        sync.complete(ended, sending.rows_in(ended, rows), None)
        left.append(sync.left)

    right = range(len(left))[::-1]
    assert all(number // 2 <= estimate <= number for number, estimate in zip(right[1:], left[1:], strict=True))


@pytest.mark.parametrize("workers", [4, 8])
def test_a_large_account_keeps_every_worker_busy(workers: int) -> None:
    result = run(Sync(State(), two_years(workers)), lambda window: rows_of(window, 300.0))

    assert max(window.days.length for window in result.windows) <= 731 / workers + 1
    assert result.most_in_flight == workers


@pytest.mark.parametrize("workers", [4, 8])
def test_windows_that_the_api_keeps_short_are_read_at_the_same_time(workers: int) -> None:
    result = run(Sync(State(), two_years(workers)), unless(at_most(TOO_LARGE, days=20)))

    assert result.most_in_flight == workers


@pytest.mark.parametrize("quiet_days", [7, 9, 30, 100])
def test_quiet_days_do_not_make_for_huge_windows(quiet_days: int) -> None:
    """20 rows a day before them, at 10 rows a page: a window of 100 pages has 50 days."""
    quiet_from = TODAY - timedelta(days=quiet_days + 2)

    def rows(window: Window) -> int:
        busy = min(window.days.last, quiet_from - timedelta(days=1)) - window.days.first
        return 20 * max(0, busy.days + 1)

    windows = run(Sync(State(), two_years(page_size=10)), rows).windows

    longest_before = [INITIAL_WINDOW_DAYS]
    for window in windows:
        assert window.days.length <= MAX_GROWTH * max(longest_before) + 7
        longest_before.append(window.days.length)
    if quiet_days <= 9:
        assert max(rows(window) for window in windows) <= 1_000


def test_what_was_found_is_kept_as_rows_of_a_sequence_and_day() -> None:
    window = Window(("a", "b", "c", "d"), Days(LAST_CLOSED - timedelta(days=6), LAST_CLOSED), closed=True)
    slicer = Slicer([window], Capacity(), 1, 500, None)
    assert slicer.rows_per_sequence_day is None

    slicer.completed(window, 56)
    slicer.completed(window, 28)

    assert slicer.rows_per_sequence_day == 1.5
