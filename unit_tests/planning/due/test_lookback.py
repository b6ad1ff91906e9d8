"""Refresh by age: no counter is older than an eighth of its email's age, at a fraction of the calls."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.lookback import Refresh, first_due_by_age, last_read_at, with_refresh
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.sync import Sync

from ...strategies import dates_of
from ..simulation import Run, request_for, rows_of, run

START = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
IDS = ["a", "b"]
gaps = st.floats(0.01, 20).map(lambda days: timedelta(days=days))


def settings_at(
    now: datetime, *, lookback_days: int = 90, refresh_by_age: bool = True, end: date = date.max
) -> SyncRequest:
    calendar = Calendar(now)
    days = between(calendar.retention_start, min(calendar.latest_today, end))
    return request_for(IDS, days, calendar, lookback_days=lookback_days, refresh_by_age=refresh_by_age)


def sync(state: State, request: SyncRequest, kill_after: int | None = None) -> tuple[State, Run]:
    """A sync, and the state that it leaves."""
    result = run(Sync(state, request), lambda window: rows_of(window, 2.0), kill_after=kill_after)
    return (result.states[-1][0] if result.states else state), result


@given(st.lists(gaps, min_size=1, max_size=12), st.integers(0, 200), st.data())
def test_counters_are_never_older_than_an_eighth_of_their_age(
    between_syncs: list[timedelta], lookback_days: int, data: st.DataObject
) -> None:
    """Whatever the moments of the syncs, crashes in between, and changes of the setting."""
    now, state, read_at = START, State(), dict[date, datetime]()

    for gap in between_syncs:
        by_age = data.draw(st.booleans() | st.just(True))
        lookback = data.draw(st.sampled_from([lookback_days, 30]))
        end = data.draw(st.just(date.max) | st.integers(0, 100).map(lambda days: START.date() - timedelta(days=days)))
        settings = settings_at(now, lookback_days=lookback, refresh_by_age=by_age, end=end)
        if data.draw(st.integers(0, 3)) == 0:
            state, killed = sync(state, settings, kill_after=data.draw(st.integers(1, 3)))
            read_at |= {day: now for one, day in killed.delivered if one == "a"}
        state, result = sync(state, settings)
        read_at |= {day: now for one, day in result.delivered if one == "a"}

        closed = min(Calendar(now).last_closed, end)
        for day in dates_of(between(closed - timedelta(days=lookback - 1), closed)):
            age = (now.date() - day).days
            assert now - read_at[day] <= timedelta(days=age) / 8
        now += gap


@given(st.lists(gaps, min_size=1, max_size=8))
def test_what_is_read_again_is_one_stretch_of_days(between_syncs: list[timedelta]) -> None:
    now, state = START, State()

    for gap in between_syncs:
        state, result = sync(state, settings_at(now))
        days = {day for _, day in result.delivered}
        assert days == dates_of(Days(min(days), max(days)))
        now += gap


def test_young_days_are_read_at_each_sync_and_old_ones_seldom() -> None:
    state, _ = sync(State(), settings_at(START))

    reach = []
    for hours in range(1, 24 * 9):
        now = START + timedelta(hours=hours)
        state, result = sync(state, settings_at(now))
        reach.append((now.date() - min(day for _, day in result.delivered)).days)

    assert min(reach) == 2
    assert max(reach) == 91
    assert len([days for days in reach if days > 32]) <= 4
    assert len([days for days in reach if days > 4]) <= 19


def test_an_hourly_sync_reads_a_tenth_of_the_whole_lookback() -> None:
    def rows_read(*, refresh_by_age: bool) -> int:
        state, _ = sync(State(), settings_at(START, lookback_days=30, refresh_by_age=refresh_by_age))
        total = 0
        for hour in range(1, 24 * 4):
            settings = settings_at(START + timedelta(hours=hour), lookback_days=30, refresh_by_age=refresh_by_age)
            state, result = sync(state, settings)
            total += len(result.delivered)
        return total

    assert rows_read(refresh_by_age=True) < 0.2 * rows_read(refresh_by_age=False)


def test_a_sync_of_another_setting_is_not_believed_about_the_ages_it_did_not_read() -> None:
    """A lookback of 0 days reads nothing again, so that a longer one later does not take it for a refresh."""
    state, _ = sync(State(), settings_at(START, lookback_days=0))
    later = START + timedelta(days=40)
    state, _ = sync(state, settings_at(later, lookback_days=0))

    _, result = sync(state, settings_at(later + timedelta(hours=1), lookback_days=30))

    assert min(day for _, day in result.delivered) == Calendar(later).last_closed - timedelta(days=29)


drawn_days = st.dates(date(2026, 9, 1), date(2026, 11, 23))


@given(st.lists(st.builds(Refresh, drawn_days, drawn_days, st.just(START)), max_size=20))
def test_refreshes_that_are_superfluous_are_dropped(drawn: list[Refresh]) -> None:
    kept: tuple[Refresh, ...] = ()
    everything = []
    for number, refresh in enumerate(drawn):
        later = refresh._replace(at=START + timedelta(hours=number))
        everything.append(later)
        kept = with_refresh(kept, later)

    for day in dates_of(between(date(2026, 9, 1), date(2026, 11, 23))):
        assert last_read_at(kept, Days(day, day)) == last_read_at(everything, Days(day, day))
    for number, earlier in enumerate(kept, 1):
        assert not any(later.first <= earlier.first and earlier.last <= later.last for later in kept[number:])


def test_a_refresh_from_the_future_is_not_believed() -> None:
    future = Refresh(date(2026, 1, 1), date(2026, 12, 31), START + timedelta(days=400))

    assert first_due_by_age([future], date(2026, 10, 1), Calendar(START)) == date(2026, 10, 1)


def test_nothing_is_due_before_the_lookback_window() -> None:
    assert first_due_by_age([], date(2026, 11, 22), Calendar(START)) == date(2026, 11, 22)
