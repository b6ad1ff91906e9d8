"""Windows are disjoint, complete and inside of the API's limits, whatever they hold and in whatever order they end."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.days import Days
from source_consolidated_stats.planning.plan import Task
from source_consolidated_stats.planning.slicer import LONGEST_WINDOW, Windows

from ..strategies import dates_of

LAST = date(2026, 11, 21)


def task(length: int, last: date = LAST, sequences: int = 3, finished: bool = True) -> Task:
    return Task(tuple(map(str, range(sequences))), Days(last - timedelta(days=length - 1), last), finished)


def drain(windows: Windows, rows_of: object, order: random.Random) -> list[Task]:
    """All windows, with any of those in flight ending next; `rows_of` a window is None where it fails."""
    in_flight: list[Task] = []
    done: list[Task] = []
    while True:
        while window := windows.next():
            in_flight.append(window)
        if not in_flight:
            return done
        window = in_flight.pop(order.randrange(len(in_flight)))
        windows.finish(window, rows_of(window))  # type: ignore[operator]
        done.append(window)


@given(
    st.lists(st.integers(1, 740), min_size=1, max_size=3),
    st.integers(1, 20),
    st.integers(10, 500),
    st.none() | st.floats(0, 1e6),
    st.integers(0, 10**7),
    st.randoms(use_true_random=False),
)
def test_windows_cover_their_tasks_exactly(
    lengths: list[int], workers: int, page_size: int, known: float | None, most_rows: int, order: random.Random
) -> None:
    tasks = [task(length, LAST - timedelta(days=1_000 * place)) for place, length in enumerate(lengths)]
    windows = Windows(tasks, workers, page_size, known)
    done = drain(windows, lambda _: order.choice([None, 0, order.randint(0, most_rows)]), order)
    days = [day for window in done for day in dates_of((window.days,))]
    assert len(days) == len(set(days))
    assert set(days) == {day for t in tasks for day in dates_of((t.days,))}
    assert max(window.days.length for window in done) <= LONGEST_WINDOW
    assert windows.all_handed_out
    assert windows.left == 0


@given(st.integers(1, 20), st.integers(1, 740))
def test_never_more_in_flight_than_workers(workers: int, length: int) -> None:
    windows = Windows([task(2, LAST + timedelta(days=2), finished=False), task(length)], workers, 500, 5.0)
    in_flight = 0
    while windows.next():
        in_flight += 1
    assert 1 <= in_flight <= workers


def calls_for(rows: int, workers: int, known: float | None = None, length: int = 729) -> int:
    per_day = rows / length
    windows = Windows([task(2, LAST + timedelta(days=2), finished=False), task(length)], workers, 500, known)
    done = drain(windows, lambda window: round(window.days.length * per_day), random.Random(1))
    return sum(round(window.days.length * per_day) // 500 + 1 for window in done)


@pytest.mark.parametrize("workers", [1, 4, 8])
@pytest.mark.parametrize(("rows", "most"), [(0, 10), (2_000, 12), (20_000, 52), (200_000, 424)])
def test_few_calls_for_small_and_large_accounts(rows: int, most: int, workers: int) -> None:
    assert calls_for(rows, workers) <= most


@pytest.mark.parametrize("workers", [1, 4, 20])
def test_what_an_earlier_sync_found_keeps_a_small_lookback_whole(workers: int) -> None:
    assert calls_for(80, workers, known=0.9, length=31) == 2


@pytest.mark.parametrize("workers", [4, 8])
def test_a_large_account_keeps_every_worker_busy(workers: int) -> None:
    windows = Windows([task(729)], workers, 500, None)
    done = drain(windows, lambda window: window.days.length * 300, random.Random(2))
    largest = max(window.days.length for window in done)
    assert largest <= 729 / (2 * workers) + 1


def test_nothing_goes_out_after_a_stop() -> None:
    windows = Windows([task(700)], 4, 500, 1.0)
    first = windows.next()
    assert first
    windows.stop()
    assert windows.next() is None
    windows.finish(first, None)
    assert (windows.left, windows.all_handed_out) == (0, True)


def test_rows_per_sequence_day_is_what_was_found() -> None:
    windows = Windows([task(7, sequences=4)], 1, 500, None)
    assert windows.rows_per_sequence_day is None
    window = windows.next()
    assert window
    windows.finish(window, 56)
    assert windows.rows_per_sequence_day == 2.0
