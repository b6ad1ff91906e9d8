"""What the property-based tests draw from."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from source_consolidated_stats.planning.due.coverage import Progress
from source_consolidated_stats.planning.due.days import Days, DaySet, stretches, union

ORIGIN = date(2026, 1, 1)
IDS = ("a", "b", "c", "d", "e")

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(timezone.utc))
"""Moments over two leap years."""


def _days(first: int, length: int) -> Days:
    start = ORIGIN + timedelta(days=first)
    return Days(start, start + timedelta(days=length))


day_ranges = st.builds(_days, st.integers(0, 120), st.integers(0, 60))
day_sets = st.lists(day_ranges, max_size=5).map(union)
progresses = st.builds(lambda covered, stale: Progress(covered, stale & covered), day_sets, day_sets)
coverages = st.dictionaries(st.sampled_from(IDS), progresses)
sequence_lists = st.lists(st.sampled_from(IDS), unique=True)


def dates_of(days: DaySet | Days) -> set[date]:
    pieces = [days] if isinstance(days, Days) else stretches(days)
    return {piece.first + timedelta(days=day) for piece in pieces for day in range(piece.length)}
