"""A sync as a whole: whatever its history, its order, its failures and its configuration, nothing is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.sync import Sync
from source_consolidated_stats.planning.windows.slicer import MAX_WINDOW_DAYS

from ..strategies import ORIGIN, coverages, dates_of, day_ranges, sequence_lists
from .account import REFUSED, SERVER_ERROR, TOO_LARGE, BadCells, refusing
from .simulation import Answer, Cell, Moved, cells_of, request_for, rows_of, run, unless

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
LAST_CLOSED = date(2026, 11, 22)
TODAY = Calendar(NOW).latest_today
MAX_PROBES = 12
"""Single cells that a sync may read again to see whether the API is up."""

nows = st.integers(0, 200).map(lambda day: datetime.combine(ORIGIN, time(11), timezone.utc) + timedelta(days=day))
requests = st.builds(
    request_for,
    sequence_ids=sequence_lists,
    days=day_ranges.map(lambda days: between(*days)),
    calendar=nows.map(Calendar),
    lookback_days=st.integers(0, 60),
    workers=st.integers(1, 8),
    page_size=st.just(10),
)
states = st.builds(State, coverages, st.none(), st.none() | st.floats(0, 5))
seeds = st.integers(0, 10**6)


def requested_of(request: SyncRequest) -> set[Cell]:
    return {(sequence_id, day) for sequence_id in request.sequence_ids for day in dates_of(request.days)}


def due_of(before: State, request: SyncRequest) -> set[Cell]:
    """What the contract asks a sync to read, spelled out day by day."""
    closed_until, due = request.calendar.last_closed, set[Cell]()
    requested = dates_of(request.days)
    for sequence_id in request.sequence_ids:
        progress = before.coverage.get(sequence_id)
        covered = {day for day in dates_of(progress.covered) if day <= closed_until} if progress else set()
        stale = dates_of(progress.stale) & covered if progress else set()
        anchor = max(covered & requested, default=date.min)
        again = {day for day in covered if 0 <= (anchor - day).days < request.lookback_days} | stale
        due |= {(sequence_id, day) for day in requested if day > closed_until or day not in covered or day in again}
    return due


def account(
    days: int = 120, sequences: int = 100, *, lookback_days: int = 30, workers: int = 4, page_size: int = 500
) -> SyncRequest:
    """The last `days` up to today, of as many `sequences`."""
    ids = [f"s{number:03}" for number in range(sequences)]
    requested = between(TODAY - timedelta(days=days), TODAY)
    return request_for(ids, requested, Calendar(NOW), lookback_days, workers=workers, page_size=page_size)


@given(states, requests, seeds)
def test_exactly_what_is_due_is_read_once(before: State, request: SyncRequest, seed: int) -> None:
    result = run(Sync(before, request), seed=seed)

    assert set(result.delivered) == due_of(before, request)
    assert set(result.delivered.values()) <= {1}
    assert result.most_in_flight <= request.workers


@given(states, requests, requests, seeds, st.data())
def test_what_came_before_any_state_and_a_sync_that_resumes_are_everything(
    before: State, request: SyncRequest, later: SyncRequest, seed: int, data: st.DataObject
) -> None:
    """Killed anywhere, with stray failures and moving rows, and resumed with another configuration at another time."""
    chances = data.draw(st.randoms(use_true_random=False))

    def moody(window: Window) -> Answer:
        odd: list[Answer] = [SERVER_ERROR, TOO_LARGE, REFUSED, Moved(chances.randint(1, 9))]
        return chances.choice([rows_of(window)] * 4 + odd)

    read_before = {(one, day) for one, progress in before.coverage.items() for day in dates_of(progress.covered)}
    killed = run(Sync(before, request), moody, seed, kill_after=data.draw(st.integers(1, 30)))
    states = [(state, killed.delivered_before(number)) for number, (state, _) in enumerate(killed.states)]
    state, delivered = data.draw(st.sampled_from([(before, set[Cell]()), *states]))
    later = replace(later, calendar=max(later.calendar, request.calendar))
    resumed = run(Sync(replace(state, refused=()), later), seed=seed)

    assert requested_of(later) <= read_before | delivered | set(resumed.delivered)


@given(states, requests, seeds)
def test_a_state_vouches_for_nothing_that_was_not_delivered(before: State, request: SyncRequest, seed: int) -> None:
    read_before = {(one, day) for one, progress in before.coverage.items() for day in dates_of(progress.covered)}

    result = run(Sync(before, request), seed=seed)
    for number, (state, _) in enumerate(result.states):
        delivered = result.delivered_before(number)
        covered = {(one, day) for one, progress in state.coverage.items() for day in dates_of(progress.covered)}
        owed = {(one, day) for one, progress in state.coverage.items() for day in dates_of(progress.stale)}
        assert covered <= read_before | delivered
        assert not owed & delivered
        if request.sequence_ids:
            assert all(day <= request.calendar.last_closed for _, day in covered)


@given(requests, seeds, st.data())
def test_one_sync_brings_everything_but_what_fails(request: SyncRequest, seed: int, data: st.DataObject) -> None:
    everything = sorted(requested_of(request))
    bad = data.draw(st.sets(st.sampled_from(everything), max_size=1)) if everything else set[Cell]()

    sync = Sync(State(), request)
    cells = BadCells()
    for sequence_id, day in bad:
        cells.add([sequence_id], [day])
    result = run(sync, unless(cells), seed)

    if len(bad) < len(everything):
        assert set(result.delivered) == set(everything) - bad
    assert {cell for window in sync.given_up for cell in cells_of(window)} == bad


@given(st.integers(1, 300), st.integers(1, 20), seeds, st.data())
def test_refused_sequences_are_found_and_everything_else_comes(
    count: int, workers: int, seed: int, data: st.DataObject
) -> None:
    request = account(days=40, sequences=count, workers=workers)
    ghosts = data.draw(st.sets(st.sampled_from(request.sequence_ids), max_size=3))

    sync = Sync(State(), request)
    result = run(sync, unless(refusing(ghosts)), seed)

    assert set(sync.refused) == ghosts == set(sync.state.refused)
    assert set(result.delivered) == {cell for cell in requested_of(request) if cell[0] not in ghosts}
    assert sync.given_up == []
    assert result.failed_calls <= 14 * len(ghosts)


def test_days_that_were_never_read_come_first_and_a_lookback_is_owed_once() -> None:
    """A first read that is killed again and again, with a lookback of all days."""
    request = account(days=700, sequences=3, lookback_days=730, workers=1, page_size=10)
    state, read = State(), Counter[Cell]()

    for _ in range(200):
        killed = run(Sync(state, request), lambda window: rows_of(window, 4.0), kill_after=4)
        read += killed.delivered
        state = killed.states[-1][0]
        if state.lookback_owed_on is None:
            break

    closed = {cell for cell in requested_of(request) if cell[1] <= LAST_CLOSED}
    assert set(read) >= closed
    assert max(read[cell] for cell in closed) <= 2


def test_a_cursor_of_the_last_state_is_never_later_than_now() -> None:
    assert Sync(State(newest="2027-01-01T00:00:00Z"), account()).state.newest == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize("sequences", [1, 3])
def test_a_day_that_has_not_begun_everywhere_and_is_refused_is_left_out(sequences: int) -> None:
    request = account(sequences=sequences)
    tomorrow = {(one, TODAY) for one in request.sequence_ids}
    cells = BadCells(REFUSED).add(request.sequence_ids, [TODAY])

    sync = Sync(State(), request)
    result = run(sync, unless(cells))

    assert set(result.delivered) == requested_of(request) - tomorrow
    assert sync.given_up == []
    assert sync.left_out == [Days(TODAY, TODAY)]
    assert not sync.refused


def test_a_window_whose_rows_move_is_read_again_and_stays_due_if_they_go_on() -> None:
    request = account(days=20, sequences=2)
    moves = Counter[Window]()

    def twice(window: Window) -> Answer:
        moves[window] += 1
        return Moved(moves[window]) if window.closed and moves[window] <= 2 else rows_of(window)

    def forever(window: Window) -> Answer:
        moves[window] += 1
        return Moved(moves[window]) if window.closed else rows_of(window)

    settled = run(Sync(State(), request), twice)
    moves.clear()
    unstable = Sync(State(), request)
    result = run(unstable, forever)

    assert dates_of(settled.states[-1][0].coverage["s000"].covered) == {
        day for day in dates_of(request.days) if day <= LAST_CLOSED
    }
    assert result.states[-1][0].coverage == {}
    assert {day for window in unstable.unstable for day in dates_of(window.days)} == dates_of(
        request.days & between(date.min, LAST_CLOSED)
    )
    assert unstable.given_up == []
    assert {window.days.length for window in unstable.unstable} == {1}


def test_rows_that_move_only_in_large_windows_are_read_in_smaller_ones() -> None:
    request = account(days=20, sequences=2)
    moves = Counter[Window]()

    def moves_in(window: Window) -> Answer:
        moves[window] += 1
        return Moved(moves[window]) if window.closed and window.days.length > 2 else rows_of(window)

    sync = Sync(State(), request)
    result = run(sync, moves_in)

    assert sync.unstable == []
    assert set(result.delivered) == requested_of(request)
    assert max(moves.values()) == 2


def test_keys_that_repeat_in_the_same_way_are_how_the_data_is() -> None:
    request = account(days=20, sequences=2)

    result = run(Sync(State(), request), lambda window: Moved(7) if window.closed else rows_of(window))

    assert dates_of(result.states[-1][0].coverage["s000"].covered) == {
        day for day in dates_of(request.days) if day <= LAST_CLOSED
    }


def test_a_window_that_the_api_no_longer_keeps_is_passed_over() -> None:
    """The retention's day passes between the plan and the moment at which a window is handed out."""
    oldest = date(2024, 11, 25)
    request = replace(account(sequences=1, workers=1), days=between(oldest, oldest + timedelta(days=5)))
    sync = Sync(State(), request)

    assert sync.next_window(oldest + timedelta(days=6)) is None
    assert sync.is_over

    sync = Sync(State(), request)
    window = sync.next_window(oldest + timedelta(days=2))
    assert window is not None
    assert window.days.first == oldest + timedelta(days=2)
    sync.complete(window, 0, None)
    assert sync.is_over


@given(requests, seeds)
def test_windows_are_never_longer_than_the_api_allows(request: SyncRequest, seed: int) -> None:
    result = run(Sync(State(), request), lambda _: 0, seed)

    assert max((window.days.length for window in result.windows), default=0) <= MAX_WINDOW_DAYS


def test_an_empty_list_of_sequences_forgets_nothing() -> None:
    request = account(sequences=3)
    state = run(Sync(State(), request)).states[-1][0]

    after = Sync(state, replace(request, sequence_ids=[]))

    assert after.is_over
    assert after.end() == state
