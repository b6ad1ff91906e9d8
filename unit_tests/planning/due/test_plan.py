"""What is read next, and in which order."""

from __future__ import annotations

from datetime import date, datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.coverage import Progress, mark_covered, trim
from source_consolidated_stats.planning.due.days import Calendar, Days, between, stretches
from source_consolidated_stats.planning.due.plan import plan, requested_days

from ...strategies import IDS, coverages, dates_of, day_ranges, moments, progresses, sequence_lists

LAST_CLOSED = date(2026, 11, 22)
NEVER_READ = Progress()


def planned(coverage: dict[str, Progress], ids: str, requested: Days) -> list[tuple[str, str, bool]]:
    """Each window of the plan: its sequences, its days, and whether they are closed."""
    windows = plan(coverage, list(ids), between(*requested), LAST_CLOSED)
    return [("".join(window.sequence_ids), str(window.days), window.closed) for window in windows]


def test_open_days_come_first_and_apart_and_then_the_newest() -> None:
    requested = Days(date(2026, 11, 1), date(2026, 11, 24))

    assert planned({}, "ab", requested) == [
        ("ab", "2026-11-23 to 2026-11-24", False),
        ("ab", "2026-11-01 to 2026-11-22", True),
    ]


def test_a_new_day_and_the_lookback_before_it_share_a_window() -> None:
    progress = Progress(between(date(2026, 1, 1), date(2026, 11, 21)), between(date(2026, 11, 12), date(2026, 11, 21)))

    assert planned({"a": progress, "b": progress}, "ab", Days(date(2026, 1, 1), LAST_CLOSED)) == [
        ("ab", "2026-11-12 to 2026-11-22", True)
    ]


def test_days_that_were_never_read_do_not_wait_for_a_lookback() -> None:
    """The newest half of a first read was covered yesterday; its lookback comes after what it never read."""
    progress = Progress(between(date(2026, 6, 1), date(2026, 11, 21)), between(date(2026, 6, 1), date(2026, 11, 21)))

    assert planned({"a": progress}, "a", Days(date(2026, 1, 1), LAST_CLOSED)) == [
        ("a", "2026-11-22 to 2026-11-22", True),
        ("a", "2026-01-01 to 2026-05-31", True),
        ("a", "2026-06-01 to 2026-11-21", True),
    ]


def test_sequences_that_need_the_same_days_share_a_window() -> None:
    read = Progress(between(date(2026, 1, 1), LAST_CLOSED), between(date(2026, 11, 13), LAST_CLOSED))

    assert planned({"a": read, "b": read}, "abc", Days(date(2026, 1, 1), LAST_CLOSED)) == [
        ("abc", "2026-11-13 to 2026-11-22", True),
        ("c", "2026-01-01 to 2026-11-12", True),
    ]


def test_no_sequences_need_no_window() -> None:
    assert plan({}, [], between(date(2026, 1, 1), LAST_CLOSED), LAST_CLOSED) == []


@given(coverages, sequence_lists)
def test_removed_sequences_are_forgotten(coverage: dict[str, Progress], ids: list[str]) -> None:
    assert set(trim(coverage, ids, between(date(2026, 1, 1), LAST_CLOSED))) == set(ids) & set(coverage)


@given(coverages, day_ranges)
def test_only_readable_days_stay_covered(coverage: dict[str, Progress], readable: Days) -> None:
    for progress in trim(coverage, IDS, between(*readable)).values():
        assert dates_of(progress.stale) <= dates_of(progress.covered) <= dates_of(readable)


@given(progresses, day_ranges)
def test_a_covered_window_leaves_the_other_sequences_as_they_are(progress: Progress, days: Days) -> None:
    covered = {"a": progress, "b": progress}
    mark_covered(covered, ["a", "c"], between(*days))

    assert covered["b"] == progress
    assert covered["c"] == Progress(between(*days))
    assert covered["a"].covered == progress.covered | between(*days)
    assert dates_of(covered["a"].stale) == dates_of(progress.stale) - dates_of(days)


@given(moments, st.none() | st.dates(date(2020, 1, 1)), st.none() | st.dates(date(2020, 1, 1)))
def test_requested_days_stay_within_what_the_api_keeps(now: datetime, start: date | None, end: date | None) -> None:
    calendar = Calendar(now)
    for days in stretches(requested_days(start, end, calendar)):
        assert days.first >= max(calendar.retention_start, start or date.min)
        assert days.last <= min(calendar.latest_today, end or date.max)


def test_without_dates_everything_that_the_api_keeps_is_requested() -> None:
    calendar = Calendar(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))

    assert requested_days(None, None, calendar) == between(calendar.retention_start, calendar.latest_today)
