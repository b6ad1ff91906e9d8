from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.days import (
    MAX_OPEN_DAYS,
    NO_DAYS,
    Calendar,
    Days,
    DaySet,
    between,
    first_of,
    last_of,
    stretches,
    union,
)

from ...strategies import dates_of, day_ranges, day_sets, moments


@given(day_sets, day_sets)
def test_day_sets_behave_as_sets_of_dates(left: DaySet, right: DaySet) -> None:
    assert dates_of(left | right) == dates_of(left) | dates_of(right)
    assert dates_of(left & ~right) == dates_of(left) - dates_of(right)
    assert dates_of(left & right) == dates_of(left) & dates_of(right)


@given(st.lists(day_ranges))
def test_a_union_has_the_days_of_all_stretches(ranges: list[Days]) -> None:
    assert dates_of(union(ranges)) == {day for days in ranges for day in dates_of(days)}


@given(day_sets)
def test_stretches_are_ascending_and_apart(days: DaySet) -> None:
    pieces = stretches(days)

    assert union(pieces) == days
    assert all(earlier.last + timedelta(days=1) < later.first for earlier, later in pairwise(pieces))


@given(day_sets.filter(bool))
def test_the_ends_of_a_set_are_its_first_and_last_day(days: DaySet) -> None:
    assert first_of(days) == min(dates_of(days))
    assert last_of(days) == max(dates_of(days))


def test_between_is_empty_if_it_would_run_backwards() -> None:
    day = date(2026, 2, 28)
    assert stretches(between(day, day)) == [Days(day, day)]
    assert between(day, day - timedelta(days=1)) == NO_DAYS


def test_days_that_no_account_has_are_in_no_set() -> None:
    assert dates_of(between(date.min, date(2020, 1, 2))) == {date(2020, 1, 1), date(2020, 1, 2)}
    assert dates_of(between(date(2199, 12, 31), date.max)) == {date(2199, 12, 31)}


@given(moments, st.integers(-12 * 60, 14 * 60))
def test_every_account_is_between_the_edges(now: datetime, offset: int) -> None:
    local_today = now.astimezone(timezone(timedelta(minutes=offset))).date()
    calendar = Calendar(now)
    assert calendar.last_closed < local_today <= calendar.latest_today
    assert (calendar.latest_today - calendar.last_closed).days <= MAX_OPEN_DAYS


def test_as_many_days_as_can_be_open_are_open_at_some_hour() -> None:
    calendars = [Calendar(datetime(2026, 11, 23, hour, tzinfo=timezone.utc)) for hour in range(24)]
    open_days = {(calendar.latest_today - calendar.last_closed).days for calendar in calendars}
    assert max(open_days) == MAX_OPEN_DAYS


@given(moments, st.integers(-12 * 60, 14 * 60))
def test_the_retention_start_is_accepted_in_every_zone(now: datetime, offset: int) -> None:
    local_today = now.astimezone(timezone(timedelta(minutes=offset))).date()
    calendar = Calendar(now)
    assert (local_today - calendar.retention_start).days <= 730
    assert (calendar.latest_today - calendar.retention_start).days >= 729


@pytest.mark.parametrize(
    ("now", "closed", "begun", "latest", "oldest"),
    [
        ("2026-11-23T09:59:59", "2026-11-21", "2026-11-22", "2026-11-23", "2024-11-23"),
        ("2026-11-23T10:00:00", "2026-11-21", "2026-11-22", "2026-11-24", "2024-11-24"),
        ("2026-11-23T12:00:00", "2026-11-22", "2026-11-23", "2026-11-24", "2024-11-24"),
        ("2028-02-29T00:00:00", "2028-02-27", "2028-02-28", "2028-02-29", "2026-03-01"),
        ("2028-03-01T00:00:00", "2028-02-28", "2028-02-29", "2028-03-01", "2026-03-02"),
    ],
)
def test_edges(now: str, closed: str, begun: str, latest: str, oldest: str) -> None:
    calendar = Calendar(datetime.fromisoformat(now).replace(tzinfo=timezone.utc))
    assert calendar.last_closed == date.fromisoformat(closed)
    assert calendar.last_begun == date.fromisoformat(begun)
    assert calendar.latest_today == date.fromisoformat(latest)
    assert calendar.retention_start == date.fromisoformat(oldest)
