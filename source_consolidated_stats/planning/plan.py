"""What a sync has to read: which sequences, on which days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from .coverage import Coverage, Reading, by_reading
from .days import ONE_DAY, Days, DaySet, between, intersect, last_finished_day, newest_day, oldest_day, subtract, union


class Task(NamedTuple):
    """Days to be read for some sequences; all of them over everywhere, or none of them."""

    sequence_ids: tuple[str, ...]
    days: Days
    finished: bool


def required_days(start: date | None, end: date | None, now: datetime) -> DaySet:
    """The days that the configuration asks for, inside of what the API gives and up to today."""
    oldest, newest = oldest_day(now), newest_day(now)
    return between(max(start or oldest, oldest), min(end or newest, newest))


def plan(coverage: Coverage, sequence_ids: Sequence[str], required: DaySet, now: datetime) -> list[Task]:
    """The days that are missing or stale, as few rectangles of sequences and days.

    Unfinished days come apart from finished ones, because their rows still move while they are read. After them the
    newest days come first: they are wanted most, and tell best what the days before them hold.
    """
    if not sequence_ids:
        return []
    last_finished = last_finished_day(now)
    finished = intersect(required, between(date.min, last_finished))
    unfinished = intersect(required, between(last_finished + ONE_DAY, date.max))
    due = [(_due(reading, finished), frozenset(group)) for reading, group in by_reading(coverage, sequence_ids).items()]
    tasks = [Task(tuple(sequence_ids), days, finished=False) for days in unfinished]
    for days, wanted in reversed(_strips(due)):
        tasks.append(Task(tuple(i for i in sequence_ids if i in wanted), days, finished=True))
    return tasks


def _due(reading: Reading, finished: DaySet) -> DaySet:
    return union(subtract(finished, reading.covered), intersect(reading.stale, finished))


def _strips(due: list[tuple[DaySet, frozenset[str]]]) -> list[tuple[Days, frozenset[str]]]:
    """Consecutive days that the same sequences need, in ascending order."""
    edges = sorted({edge for days, _ in due for piece in days for edge in (piece.first, piece.last + ONE_DAY)})
    strips: list[tuple[Days, frozenset[str]]] = []
    for first, following in pairwise(edges):
        piece = (Days(first, first),)
        wanted = frozenset[str]().union(*(ids for days, ids in due if intersect(days, piece)))
        if not wanted:
            continue
        if strips and strips[-1][1] == wanted and strips[-1][0].last + ONE_DAY == first:
            strips[-1] = (Days(strips[-1][0].first, following - ONE_DAY), wanted)
        else:
            strips.append((Days(first, following - ONE_DAY), wanted))
    return strips
