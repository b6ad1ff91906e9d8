"""What has been read: for each sequence, the days that are covered and those whose counters are due again.

Only closed days, which are over everywhere, are ever covered: an open day can still get rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from .days import NO_DAYS, ONE_DAY, DaySet, between, last_of


class Progress(NamedTuple):
    """How far one sequence has been read."""

    covered: DaySet = NO_DAYS
    """Days of which every row was delivered."""
    stale: DaySet = NO_DAYS
    """Covered days that a lookback still owes: they stay due until a window reads them again."""


NOTHING_READ = Progress()

Coverage = Mapping[str, Progress]
"""The progress of each sequence id."""


def trim(coverage: Coverage, sequence_ids: Container[str], readable: DaySet) -> Coverage:
    """The coverage of these sequences, on `readable` days only: closed ones that the API still keeps."""

    def readable_part(progress: Progress) -> Progress:
        covered = progress.covered & readable
        return Progress(covered, progress.stale & covered)

    return each(coverage, [sequence_id for sequence_id in coverage if sequence_id in sequence_ids], readable_part)


def owe_lookback(coverage: Coverage, requested: DaySet, lookback_days: int, first_due: date) -> Coverage:
    """The coverage with the last `lookback_days` of what is covered due again, as far as they are not before
    `first_due`."""

    def owe(progress: Progress) -> Progress:
        window = lookback_window(progress.covered & requested, lookback_days, first_due)
        return Progress(progress.covered, progress.stale | window)

    return each(coverage, coverage, owe)


def mark_covered(coverage: dict[str, Progress], sequence_ids: Iterable[str], days: DaySet) -> None:
    """Every row of these sequences and (closed) days has been delivered."""

    def cover(progress: Progress) -> Progress:
        return Progress(progress.covered | days, progress.stale & ~days)

    coverage.update(each(coverage, sequence_ids, cover))


def lookback_window(covered: DaySet, lookback_days: int, first_due: date = date.min) -> DaySet:
    """The covered days among the last `lookback_days`, as far as they are not before `first_due`."""
    if not covered:
        return NO_DAYS
    last = last_of(covered)
    return covered & between(max(last - timedelta(days=lookback_days) + ONE_DAY, first_due), last)


def by_progress(coverage: Coverage, sequence_ids: Iterable[str]) -> dict[Progress, list[str]]:
    """The sequences that have been read equally far, together."""
    groups = defaultdict[Progress, list[str]](list)
    for sequence_id in sequence_ids:
        groups[coverage.get(sequence_id, NOTHING_READ)].append(sequence_id)
    return groups


def each(
    coverage: Coverage, sequence_ids: Iterable[str], change: Callable[[Progress], Progress]
) -> dict[str, Progress]:
    """`change` applied to each sequence's progress, once for all that share it. Equal ones share it afterwards."""
    changed, equal, result = dict[int, Progress](), dict[Progress, Progress](), dict[str, Progress]()
    for sequence_id in sequence_ids:
        progress = coverage.get(sequence_id, NOTHING_READ)
        if id(progress) not in changed:  # to compare them takes longer
            after = change(progress)
            changed[id(progress)] = equal.setdefault(after, after)
        result[sequence_id] = changed[id(progress)]
    return result
