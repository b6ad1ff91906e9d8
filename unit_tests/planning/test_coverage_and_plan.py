"""What is read next, for any history: no day that is needed is left out, none that is not needed is read."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.coverage import Coverage, Reading, begin_sync, close_window
from source_consolidated_stats.planning.days import (
    Days,
    DaySet,
    between,
    intersect,
    last_finished_day,
    newest_day,
    oldest_day,
    union,
)
from source_consolidated_stats.planning.plan import plan, required_days

from ..strategies import IDS, ORIGIN, coverages, dates_of, day_ranges, moments, readings, sequence_lists

nows = st.integers(0, 200).map(lambda day: datetime.combine(ORIGIN, time(11), timezone.utc) + timedelta(days=day))
lookbacks = st.integers(0, 60)
requirements = day_ranges.map(lambda days: (days,))


def wanted(coverage: Coverage, ids: list[str], required: DaySet, now: datetime, lookback: int) -> set[tuple[str, date]]:
    """What the contract asks for, spelled out day by day."""
    finished, unfinished = (
        last_finished_day(now),
        dates_of(intersect(required, between(last_finished_day(now), date.max))),
    )
    result = {(sequence_id, day) for sequence_id in ids for day in unfinished if day > finished}
    for sequence_id in ids:
        reading = coverage.get(sequence_id, Reading())
        covered = {day for day in dates_of(reading.covered) if day <= finished}
        needed = {day for day in dates_of(required) if day <= finished}
        anchor = max(covered & dates_of(required), default=date.min)
        again = {day for day in covered if 0 <= (anchor - day).days < lookback}
        stale = dates_of(reading.stale) & covered
        result |= {(sequence_id, day) for day in needed if day not in covered or day in again or day in stale}
    return result


@given(coverages, sequence_lists, requirements, nows, lookbacks)
def test_exactly_what_is_missing_stale_or_unfinished_is_read(
    coverage: Coverage, ids: list[str], required: DaySet, now: datetime, lookback: int
) -> None:
    begun = begin_sync(coverage, ids, required, last_finished_day(now), lookback)
    tasks = plan(begun, ids, required, now)
    read = Counter((i, day) for task in tasks for i in task.sequence_ids for day in dates_of((task.days,)))
    assert set(read) == wanted(coverage, ids, required, now, lookback)
    assert set(read.values()) <= {1}
    for task in tasks:
        assert (
            (task.days.last <= last_finished_day(now)) == task.finished == (task.days.first <= last_finished_day(now))
        )


@given(coverages, sequence_lists, requirements, nows, lookbacks, st.randoms())
def test_any_order_of_windows_ends_covered_and_any_cut_resumes(
    coverage: Coverage, ids: list[str], required: DaySet, now: datetime, lookback: int, order: object
) -> None:
    """Windows finish in any order; after each, the days that are not covered or stale are those not read yet."""
    state: Coverage = begin_sync(coverage, ids, required, last_finished_day(now), lookback)
    tasks = [task for task in plan(state, ids, required, now) if task.finished]
    order.shuffle(tasks)  # type: ignore[attr-defined]
    due = {(i, day) for task in tasks for i in task.sequence_ids for day in dates_of((task.days,))}
    for task in tasks:
        state = close_window(state, task.sequence_ids, task.days)
        due -= {(i, day) for i in task.sequence_ids for day in dates_of((task.days,))}
        resumed = begin_sync(state, ids, required, last_finished_day(now), 0)
        again = [task for task in plan(resumed, ids, required, now) if task.finished]
        assert {(i, day) for t in again for i in t.sequence_ids for day in dates_of((t.days,))} == due
    assert not due


@given(coverages, sequence_lists, requirements, nows, lookbacks)
def test_a_cut_lookback_stays_due(
    coverage: Coverage, ids: list[str], required: DaySet, now: datetime, lookback: int
) -> None:
    """Even where new days were covered before the lookback was finished, and the next lookback is shorter."""
    state = begin_sync(coverage, ids, required, last_finished_day(now), lookback)
    owed = {i: intersect(reading.stale, required) for i, reading in state.items()}
    state = close_window(state, ids, Days(date(2030, 1, 1), date(2030, 1, 2)))
    later = datetime(2030, 2, 1, tzinfo=timezone.utc)
    tasks = plan(begin_sync(state, ids, required, last_finished_day(later), 0), ids, required, later)
    read = {(i, day) for task in tasks for i in task.sequence_ids for day in dates_of((task.days,))}
    assert {(i, day) for i, days in owed.items() for day in dates_of(days)} <= read


@given(coverages, sequence_lists, requirements, nows)
def test_removed_sequences_are_forgotten(coverage: Coverage, ids: list[str], required: DaySet, now: datetime) -> None:
    assert set(begin_sync(coverage, ids, required, last_finished_day(now), 30)) == set(ids) & set(coverage)


@given(readings, day_ranges)
def test_closing_a_window_leaves_the_other_sequences_alone(reading: Reading, days: Days) -> None:
    closed = close_window({"a": reading, "b": reading}, ["a", "c"], days)
    assert closed["b"] == reading
    assert closed["c"] == Reading((days,))
    assert dates_of(closed["a"].covered) == dates_of(reading.covered) | dates_of((days,))
    assert dates_of(closed["a"].stale) == dates_of(reading.stale) - dates_of((days,))


@given(moments, st.none() | st.dates(date(2020, 1, 1)), st.none() | st.dates(date(2020, 1, 1)))
def test_required_days_stay_inside_of_what_the_api_gives(now: datetime, start: date | None, end: date | None) -> None:
    required = required_days(start, end, now)
    for days in required:
        assert days.first >= max(oldest_day(now), start or date.min)
        assert days.last <= min(newest_day(now), end or date.max)
    if start is None and end is None:
        assert required == (Days(oldest_day(now), newest_day(now)),)


def test_equal_sequences_share_their_calls() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    required = between(date(2026, 1, 1), date(2026, 11, 24))
    history = union(between(date(2026, 1, 1), date(2026, 11, 20)))
    coverage = {"a": Reading(history), "b": Reading(history)}
    tasks = plan(begin_sync(coverage, IDS[:3], required, last_finished_day(now), 10), IDS[:3], required, now)
    assert [(task.sequence_ids, str(task.days), task.finished) for task in tasks] == [
        (("a", "b", "c"), "2026-11-23 to 2026-11-24", False),
        (("a", "b", "c"), "2026-11-11 to 2026-11-22", True),
        (("c",), "2026-01-01 to 2026-11-10", True),
    ]
