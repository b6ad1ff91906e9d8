"""What has been read: for each sequence, the days that are covered and those whose counters are due again.

Only days that are over everywhere are ever covered: an unfinished day can still get rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from .days import ONE_DAY, Days, DaySet, between, intersect, subtract, union


class Reading(NamedTuple):
    """How far one sequence has been read."""

    covered: DaySet = ()
    """Days of which every row was delivered."""
    stale: DaySet = ()
    """Covered days that a lookback still owes: they stay due until a window reads them again."""


NOTHING_READ = Reading()

Coverage = Mapping[str, Reading]
"""A reading for each sequence id."""


def begin_sync(
    coverage: Coverage, sequence_ids: Iterable[str], required: DaySet, last_finished: date, lookback_days: int
) -> Coverage:
    """The coverage as a sync finds it: removed sequences forgotten, the lookback window due again.

    Days that are not over yet cannot have been covered, whatever a state says of them.
    """
    finished = between(date.min, last_finished)

    def begin(reading: Reading) -> Reading:
        covered = intersect(reading.covered, finished)
        stale = union(intersect(reading.stale, covered), _lookback_window(intersect(covered, required), lookback_days))
        return Reading(covered, stale)

    return _each(coverage, [sequence_id for sequence_id in sequence_ids if sequence_id in coverage], begin)


def close_window(coverage: Coverage, sequence_ids: Iterable[str], days: Days) -> Coverage:
    """The coverage once every row of these sequences and (finished) days has been delivered."""

    def close(reading: Reading) -> Reading:
        return Reading(union(reading.covered, (days,)), subtract(reading.stale, (days,)))

    return {**coverage, **_each(coverage, sequence_ids, close)}


def by_reading(coverage: Coverage, sequence_ids: Iterable[str]) -> dict[Reading, list[str]]:
    """The sequences that have been read equally far, together and in the order given."""
    groups: dict[Reading, list[str]] = {}
    for sequence_id in sequence_ids:
        groups.setdefault(coverage.get(sequence_id, NOTHING_READ), []).append(sequence_id)
    return groups


def _lookback_window(covered: DaySet, lookback_days: int) -> DaySet:
    if not covered or not lookback_days:
        return ()
    last = covered[-1].last
    return intersect(covered, (Days(last - timedelta(days=lookback_days) + ONE_DAY, last),))


def _each(coverage: Coverage, sequence_ids: Iterable[str], change: Callable[[Reading], Reading]) -> dict[str, Reading]:
    """`change` applied to each sequence's reading, once for all that are equal."""
    return {
        sequence_id: changed
        for reading, group in by_reading(coverage, sequence_ids).items()
        for changed in [change(reading)]
        for sequence_id in group
    }
