from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.days import (
    Days,
    DaySet,
    between,
    intersect,
    last_finished_day,
    newest_day,
    oldest_day,
    subtract,
    union,
)

from ..strategies import dates_of, day_sets, moments


@given(day_sets, day_sets)
def test_day_sets_behave_as_sets_of_dates(left: DaySet, right: DaySet) -> None:
    assert dates_of(union(left, right)) == dates_of(left) | dates_of(right)
    assert dates_of(subtract(left, right)) == dates_of(left) - dates_of(right)
    assert dates_of(intersect(left, right)) == dates_of(left) & dates_of(right)


@given(day_sets, day_sets)
def test_results_are_ascending_and_apart(left: DaySet, right: DaySet) -> None:
    for result in (union(left, right), subtract(left, right), intersect(left, right)):
        assert all(earlier.last + timedelta(days=1) < later.first for earlier, later in pairwise(result))


def test_between_is_empty_where_it_would_run_backwards() -> None:
    day = date(2026, 2, 28)
    assert between(day, day) == (Days(day, day),)
    assert between(day, day - timedelta(days=1)) == ()


@given(moments, st.integers(-12 * 60, 14 * 60))
def test_every_account_is_between_the_edges(now: datetime, offset: int) -> None:
    local_today = now.astimezone(timezone(timedelta(minutes=offset))).date()
    assert last_finished_day(now) < local_today <= newest_day(now)
    assert (newest_day(now) - last_finished_day(now)).days <= 3


@given(moments, st.integers(-12 * 60, 14 * 60))
def test_the_oldest_day_is_accepted_in_every_zone(now: datetime, offset: int) -> None:
    local_today = now.astimezone(timezone(timedelta(minutes=offset))).date()
    assert (local_today - oldest_day(now)).days <= 730
    assert (newest_day(now) - oldest_day(now)).days >= 729


@pytest.mark.parametrize(
    ("now", "finished", "newest", "oldest"),
    [
        ("2026-11-23T09:59:59", "2026-11-21", "2026-11-23", "2024-11-23"),
        ("2026-11-23T10:00:00", "2026-11-21", "2026-11-24", "2024-11-24"),
        ("2026-11-23T12:00:00", "2026-11-22", "2026-11-24", "2024-11-24"),
        ("2028-02-29T00:00:00", "2028-02-27", "2028-02-29", "2026-03-01"),
        ("2028-03-01T00:00:00", "2028-02-28", "2028-03-01", "2026-03-02"),
    ],
)
def test_edges(now: str, finished: str, newest: str, oldest: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)
    assert last_finished_day(moment) == date.fromisoformat(finished)
    assert newest_day(moment) == date.fromisoformat(newest)
    assert oldest_day(moment) == date.fromisoformat(oldest)
