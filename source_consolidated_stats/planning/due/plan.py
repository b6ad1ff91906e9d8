"""What a sync has to read: which sequences, on which days, in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from .coverage import Coverage, Progress, by_progress
from .days import ONE_DAY, Calendar, Days, DaySet, between, stretches
from .window import Window


class _Due(NamedTuple):
    """Days that a group of sequences needs: never read, or read and due again."""

    days: Days
    never_read: bool
    sequence_ids: list[str]


class _Strip(NamedTuple):
    """Consecutive days that the same sequences need."""

    days: Days
    sequence_ids: tuple[str, ...]
    never_read: bool
    """Whether any of the sequences needs them for the first time."""


def requested_days(start: date | None, end: date | None, calendar: Calendar) -> DaySet:
    """The days that the configuration asks for, within what the API keeps and up to today."""
    oldest, today = calendar.retention_start, calendar.latest_today
    return between(max(start or oldest, oldest), min(end or today, today))


def plan(coverage: Coverage, sequence_ids: Sequence[str], requested: DaySet, last_closed: date) -> list[Window]:
    """The days that were never read or are due again, in few windows, none of which is cut to a readable size yet.

    Open days come apart from closed ones, because their rows still move while they are read. Days that were never read
    come before days that are read again; within both, the newest come first: they are wanted most, and show best what
    the days before them hold.
    """
    if not sequence_ids:
        return []
    closed = requested & between(date.min, last_closed)
    open_days = requested & ~closed
    groups = by_progress(coverage, sequence_ids).items()
    strips = _strips([due for progress, group in groups for due in _due(progress, closed, group)], sequence_ids)
    ordered = sorted(strips, key=lambda strip: not strip.never_read)
    windows = [Window(tuple(sequence_ids), days, closed=False) for days in stretches(open_days)]
    return windows + [Window(strip.sequence_ids, strip.days, closed=True) for strip in _joined(ordered)]


def _due(progress: Progress, closed: DaySet, sequence_ids: list[str]) -> Iterator[_Due]:
    for days in stretches(closed & ~progress.covered):
        yield _Due(days, True, sequence_ids)
    for days in stretches(progress.stale & closed):
        yield _Due(days, False, sequence_ids)


def _strips(due: list[_Due], sequence_ids: Sequence[str]) -> list[_Strip]:
    """The strips, newest first. No sequence is in two of `due` on the same day."""
    begin, end = defaultdict[date, list[_Due]](list), defaultdict[date, list[_Due]](list)
    for each in due:
        begin[each.days.first].append(each)
        end[each.days.last + ONE_DAY].append(each)
    needed, first_readings, strips = set[str](), 0, list[_Strip]()
    for first, following in pairwise(sorted(begin.keys() | end.keys())):
        for each in end[first]:
            needed.difference_update(each.sequence_ids)
            first_readings -= each.never_read
        for each in begin[first]:
            needed.update(each.sequence_ids)
            first_readings += each.never_read
        if needed:
            ids = tuple(filter(needed.__contains__, sequence_ids))
            strips.append(_Strip(Days(first, following - ONE_DAY), ids, first_readings > 0))
    return strips[::-1]


def _joined(strips: list[_Strip]) -> list[_Strip]:
    """The strips, with neighbours joined that follow one another and need the same sequences.

    Strips are in the order of reading: days that are read again follow all that were never read, and are joined to the
    last of these only, so that no day that was never read waits for them.
    """
    joined: list[_Strip] = []
    for strip in strips:
        last = joined[-1] if joined else None
        follows = last is not None and strip.days.last + ONE_DAY == last.days.first
        if last and follows and strip.sequence_ids == last.sequence_ids:
            joined[-1] = last._replace(days=Days(strip.days.first, last.days.last))
        else:
            joined.append(strip)
    return joined
