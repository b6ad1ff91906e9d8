"""A sync as a whole: whatever its history, its order, its failures and its configuration, nothing is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.days import Calendar, between, intersect
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.failures.failure import Failure, FailureKind
from source_consolidated_stats.planning.sync import Sync
from source_consolidated_stats.planning.windows.slicer import MAX_WINDOW_DAYS

from ..strategies import ORIGIN, coverages, dates_of, day_ranges, sequence_lists
from .simulation import (
    Answer,
    Api,
    Cell,
    Moved,
    cells_of,
    failing_at,
    refusing,
    request_for,
    rows_of,
    run,
    too_heavy,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
LAST_CLOSED = date(2026, 11, 22)
TODAY = Calendar(NOW).latest_today
MAX_PROBES = 12
"""Single cells that a sync may read again to see whether the API is up."""

nows = st.integers(0, 200).map(lambda day: datetime.combine(ORIGIN, time(11), timezone.utc) + timedelta(days=day))
requests = st.builds(
    request_for,
    sequence_ids=sequence_lists,
    days=day_ranges.map(lambda days: (days,)),
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
    """So many days up to today, of so many sequences."""
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
        kinds = [FailureKind.TOO_HEAVY, FailureKind.REFUSED, FailureKind.CIRCUIT_OPEN]
        odd: list[Answer] = [Failure(chances.choice(kinds)), Moved(chances.randint(1, 9))]
        return chances.choice([rows_of(window)] * 4 + odd)

    read_before = {(one, day) for one, progress in before.coverage.items() for day in dates_of(progress.covered)}
    killed = run(Sync(before, request), moody, seed, kill_after=data.draw(st.integers(1, 30)))
    state, delivered = data.draw(st.sampled_from([(before, set[Cell]()), *killed.states]))
    later = replace(later, calendar=max(later.calendar, request.calendar))
    resumed = run(Sync(replace(state, refused=()), later), seed=seed)

    assert requested_of(later) <= read_before | delivered | set(resumed.delivered)


@given(states, requests, seeds)
def test_a_state_vouches_for_nothing_that_was_not_delivered(before: State, request: SyncRequest, seed: int) -> None:
    read_before = {(one, day) for one, progress in before.coverage.items() for day in dates_of(progress.covered)}

    for state, delivered in run(Sync(before, request), seed=seed).states:
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
    result = run(sync, failing_at(bad), seed)

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
    result = run(sync, refusing(ghosts), seed)

    assert set(sync.refused) == ghosts == set(sync.state.refused)
    assert set(result.delivered) == {cell for cell in requested_of(request) if cell[0] not in ghosts}
    assert sync.given_up == []
    assert result.failed_calls <= 12 * len(ghosts)


@pytest.mark.parametrize("kind", [FailureKind.REFUSED, FailureKind.UNKNOWN_SEQUENCE])
@pytest.mark.parametrize("workers", [1, 4, 8])
def test_a_ghost_among_400_costs_few_calls(kind: FailureKind, workers: int) -> None:
    request = account(sequences=400, workers=workers)
    for ghost in ("s000", "s123", "s399"):
        sync = Sync(State(), request)
        result = run(sync, refusing({ghost}, kind))

        assert set(sync.refused) == {ghost}
        assert result.failed_calls <= 12
        after = Sync(result.states[-1][0], request)
        again = run(after, refusing({ghost}, kind))
        assert set(after.refused) == {ghost}
        assert again.failed_calls == 1
        assert again.calls <= 4


def test_a_refused_sequence_that_is_accepted_again_is_read_from_the_start() -> None:
    request = account(sequences=20)
    first = run(Sync(State(), request), refusing({"s001", "s002", "s003"}))

    state = first.states[-1][0]
    calls = []
    for _ in range(4):
        sync = Sync(state, request)
        result = run(sync, refusing({"s001", "s003"}))
        state = result.states[-1][0]
        calls.append(result.failed_calls)

    assert max(calls) <= 2
    assert set(state.refused) == {"s001", "s003"}
    assert set(dates_of(state.coverage["s002"].covered)) == {
        day for day in dates_of(request.days) if day <= LAST_CLOSED
    }


@pytest.mark.parametrize("attempts", [1, 6])
@pytest.mark.parametrize("workers", [1, 4, 20])
@pytest.mark.parametrize("api_limit", [{"days": 20}, {"days": 5}, {"days": 1}, {"sequences": 30}])
def test_what_is_too_heavy_is_read_in_smaller_windows(api_limit: dict[str, int], workers: int, attempts: int) -> None:
    request = account(workers=workers)

    sync = Sync(State(), request)
    result = run(sync, _tiring(too_heavy(**api_limit), attempts))

    assert set(result.delivered) == requested_of(request)
    assert sync.given_up == []
    assert result.failed_calls <= 40
    assert result.delivered.total() - len(result.delivered) <= MAX_PROBES


def _tiring(api: Api, attempts: int) -> Api:
    """Failures take all attempts at first, and 3 once a call was given up, as the circuit breaker has it."""
    left = [attempts]

    def answer(window: Window) -> Answer:
        found = api(window)
        if isinstance(found, Failure):
            found = found._replace(calls=left[0])
            left[0] = min(3, attempts)
        return found

    return answer


@pytest.mark.parametrize("workers", [1, 4, 8])
@pytest.mark.parametrize("days_ago", [0, 1, 60, 120])
@pytest.mark.parametrize("sequences", [10, 100])
def test_a_day_that_always_fails_costs_a_bounded_number_of_calls(sequences: int, days_ago: int, workers: int) -> None:
    request = account(sequences=sequences, workers=workers)
    failing = {(one, TODAY - timedelta(days=days_ago)) for one in request.sequence_ids}

    sync = Sync(State(), request)
    result = run(sync, _tiring(failing_at(failing), 6))

    assert set(result.delivered) == requested_of(request) - failing
    assert result.failed_calls <= 90
    assert run(Sync(result.states[-1][0], request), _tiring(failing_at(failing), 6)).failed_calls <= 90


@pytest.mark.parametrize("workers", [1, 4, 8])
@pytest.mark.parametrize("failing_id", ["s000", "s005", "s019"])
def test_a_sequence_that_always_fails_costs_only_itself(failing_id: str, workers: int) -> None:
    request = account(days=700, sequences=20, workers=workers)
    failing = {cell for cell in requested_of(request) if cell[0] == failing_id}

    sync = Sync(State(), request)
    result = run(sync, _tiring(failing_at(failing), 6))

    assert set(result.delivered) == requested_of(request) - failing
    assert {cell for window in sync.given_up for cell in cells_of(window)} == failing
    assert result.failed_calls <= 60


def test_sequences_that_always_fail_do_not_use_up_the_calls_of_a_sync() -> None:
    request = account(days=700, sequences=20, workers=4)
    failing = {cell for cell in requested_of(request) if cell[0] in {"s003", "s010", "s011", "s017"}}

    result = run(Sync(State(), request), _tiring(failing_at(failing), 6))

    assert result.failed_calls <= 90


@pytest.mark.parametrize("ghosts", [{"s000"}, {"s001"}, {"s002"}, {"s000", "s002"}, {"s001", "s002"}])
def test_refusals_in_general_words_are_narrowed_down_in_small_accounts_too(ghosts: set[str]) -> None:
    request = account(sequences=3)

    sync = Sync(State(), request)
    result = run(sync, refusing(ghosts, FailureKind.REFUSED))

    assert set(sync.refused) == ghosts
    assert set(result.delivered) == {cell for cell in requested_of(request) if cell[0] not in ghosts}


def test_an_api_that_is_down_ends_the_sync_soon() -> None:
    sync = Sync(State(), account(workers=4))

    result = run(sync, lambda _: Failure(FailureKind.TOO_HEAVY))

    assert result.calls <= 5
    assert {cell for window in sync.given_up for cell in cells_of(window)} == requested_of(account())


def test_an_outage_in_the_middle_ends_the_sync_soon() -> None:
    calls = Counter[str]()

    def answer(window: Window) -> Answer:
        calls["made"] += 1
        return rows_of(window, 500.0) if calls["made"] <= 5 else Failure(FailureKind.TOO_HEAVY)

    sync = Sync(State(), account(days=700))
    result = run(sync, answer)

    assert len(result.failed) <= 10
    assert sync.given_up


def test_the_newest_days_refused_for_ever_keep_no_others_from_coming() -> None:
    request = account(days=700, sequences=10)
    refused = {(one, TODAY - timedelta(days=day)) for one in request.sequence_ids for day in range(120)}

    for kind in (FailureKind.REFUSED, FailureKind.TOO_HEAVY):
        sync = Sync(State(), request)
        result = run(sync, failing_at(refused, kind))
        assert set(result.delivered) == requested_of(request) - refused
        assert result.failed_calls <= 160


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


def test_a_day_that_has_not_begun_everywhere_and_is_refused_is_left_out() -> None:
    request = account(sequences=3)
    tomorrow = {(one, TODAY) for one in request.sequence_ids}

    sync = Sync(State(), request)
    result = run(sync, failing_at(tomorrow, FailureKind.REFUSED))

    assert set(result.delivered) == requested_of(request) - tomorrow
    assert sync.given_up == []
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
    unsettled = Sync(State(), request)
    result = run(unsettled, forever)

    assert dates_of(settled.states[-1][0].coverage["s000"].covered) == {
        day for day in dates_of(request.days) if day <= LAST_CLOSED
    }
    assert result.states[-1][0].coverage == {}
    assert {day for window in unsettled.unsettled for day in dates_of((window.days,))} == dates_of(
        intersect(request.days, between(date.min, LAST_CLOSED))
    )
    assert unsettled.given_up == []
    assert {window.days.length for window in unsettled.unsettled} == {1}


def test_rows_that_move_only_in_large_windows_are_read_in_smaller_ones() -> None:
    request = account(days=20, sequences=2)
    moves = Counter[Window]()

    def moves_in(window: Window) -> Answer:
        moves[window] += 1
        return Moved(moves[window]) if window.closed and window.days.length > 2 else rows_of(window)

    sync = Sync(State(), request)
    result = run(sync, moves_in)

    assert sync.unsettled == []
    assert set(result.delivered) == requested_of(request)
    assert max(moves.values()) == 2


def test_keys_that_repeat_in_the_same_way_are_how_the_data_is() -> None:
    request = account(days=20, sequences=2)

    result = run(Sync(State(), request), lambda window: Moved(7) if window.closed else rows_of(window))

    assert dates_of(result.states[-1][0].coverage["s000"].covered) == {
        day for day in dates_of(request.days) if day <= LAST_CLOSED
    }


def test_a_window_that_the_api_has_stopped_to_keep_meanwhile_is_passed_over() -> None:
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
