"""What a sync has to read: which sequences, on which days, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from .coverage import Coverage, Progress, by_progress
from .days import ONE_DAY, Calendar, Days, DaySet, between, intersect, subtract
from .window import Window


class _Due(NamedTuple):
    """Days that a group of sequences needs: never read, or read and due again."""

    never_read: DaySet
    again: DaySet
    sequence_ids: frozenset[str]


class _Strip(NamedTuple):
    """Consecutive days that the same sequences need."""

    days: Days
    sequence_ids: frozenset[str]
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
    closed = intersect(requested, between(date.min, last_closed))
    open_days = subtract(requested, closed)
    strips = _strips([_due(progress, closed, group) for progress, group in by_progress(coverage, sequence_ids).items()])
    ordered = sorted(strips, key=lambda strip: not strip.never_read)
    windows = [Window(tuple(sequence_ids), days, closed=False) for days in open_days]
    for strip in _joined(ordered):
        wanted = tuple(one for one in sequence_ids if one in strip.sequence_ids)
        windows.append(Window(wanted, strip.days, closed=True))
    return windows


def _due(progress: Progress, closed: DaySet, sequence_ids: list[str]) -> _Due:
    return _Due(subtract(closed, progress.covered), intersect(progress.stale, closed), frozenset(sequence_ids))


def _strips(due: list[_Due]) -> list[_Strip]:
    """The strips, newest first."""
    pieces = [piece for each in due for days in (each.never_read, each.again) for piece in days]
    edges = sorted({edge for piece in pieces for edge in (piece.first.toordinal(), piece.last.toordinal() + 1)})
    strips: list[_Strip] = []
    for first, following in pairwise(edges):
        days = Days(date.fromordinal(first), date.fromordinal(following - 1))
        new = [each.sequence_ids for each in due if intersect(each.never_read, (days,))]
        again = [each.sequence_ids for each in due if intersect(each.again, (days,))]
        if new or again:
            strips.append(_Strip(days, frozenset[str]().union(*new, *again), never_read=bool(new)))
    return strips[::-1]


def _joined(strips: list[_Strip]) -> list[_Strip]:
    """The strips, with neighbours joined that follow one another and need the same sequences.

    Strips are in the order of reading: days that are read again follow all that were never read, and are joined to the
    last of these only, so that the latter never wait for them.
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
