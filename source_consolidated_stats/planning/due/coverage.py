"""What has been read: for each sequence, the days that are covered and those whose counters are due again.

Only closed days, which are over everywhere, are ever covered: an open day can still get rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from .days import ONE_DAY, Days, DaySet, between, intersect, subtract, union


class Progress(NamedTuple):
    """How far one sequence has been read."""

    covered: DaySet = ()
    """Days of which every row was delivered."""
    stale: DaySet = ()
    """Covered days that a lookback still owes: they stay due until a window reads them again."""


NOTHING_READ = Progress()

Coverage = Mapping[str, Progress]
"""The progress of each sequence id."""


def trim(coverage: Coverage, sequence_ids: Iterable[str], readable: DaySet) -> Coverage:
    """The coverage of these sequences, on `readable` days only: closed ones that the API still keeps."""

    def readable_part(progress: Progress) -> Progress:
        covered = intersect(progress.covered, readable)
        return Progress(covered, intersect(progress.stale, covered))

    return each(coverage, [sequence_id for sequence_id in sequence_ids if sequence_id in coverage], readable_part)


def owe_lookback(coverage: Coverage, requested: DaySet, lookback_days: int, first_due: date) -> Coverage:
    """The coverage with the last `lookback_days` of what is covered due again, as far as they are not before
    `first_due`."""

    def owe(progress: Progress) -> Progress:
        window = lookback_window(intersect(progress.covered, requested), lookback_days)
        return Progress(progress.covered, union(progress.stale, intersect(window, between(first_due, date.max))))

    return each(coverage, coverage, owe)


def mark_covered(coverage: dict[str, Progress], sequence_ids: Iterable[str], days: Days) -> None:
    """Every row of these sequences and (closed) days has been delivered."""

    def cover(progress: Progress) -> Progress:
        return Progress(union(progress.covered, (days,)), subtract(progress.stale, (days,)))

    coverage.update(each(coverage, sequence_ids, cover))


def lookback_window(covered: DaySet, lookback_days: int) -> DaySet:
    """The covered days among the last `lookback_days`."""
    if not covered or not lookback_days:
        return ()
    last = covered[-1].last
    return intersect(covered, between(last - timedelta(days=lookback_days) + ONE_DAY, last))


def by_progress(coverage: Coverage, sequence_ids: Iterable[str]) -> dict[Progress, list[str]]:
    """The sequences that have been read equally far, together."""
    same: dict[int, list[str]] = {}  # by identity first: a progress has many days to hash
    for sequence_id in sequence_ids:
        same.setdefault(id(coverage.get(sequence_id, NOTHING_READ)), []).append(sequence_id)
    groups: dict[Progress, list[str]] = {}
    for ids in same.values():
        groups.setdefault(coverage.get(ids[0], NOTHING_READ), []).extend(ids)
    return groups


def each(
    coverage: Coverage, sequence_ids: Iterable[str], change: Callable[[Progress], Progress]
) -> dict[str, Progress]:
    """`change` applied to each sequence's progress, once for all that are equal."""
    return {
        sequence_id: changed
        for progress, group in by_progress(coverage, sequence_ids).items()
        for changed in [change(progress)]
        for sequence_id in group
    }
