"""What syncs have given up: it is asked for apart from all others and after them, so that it keeps nothing away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from .coverage import NOTHING_READ, Coverage, Progress, each, mark_covered
from .days import Days, DaySet, between, last_of
from .plan import plan
from .request import SyncRequest
from .window import Window

MAX_IDS = 20
"""Sequences that an entry names. Of more, only the days are kept, so that the state stays small."""
MAX_GIVEN_UP = 500
"""Entries that are kept. What the others were about is still due, but no longer asked for last."""


class GivenUp(NamedTuple):
    """Days that were not read of `sequence_ids`, or, if there are none, of all that are not covered."""

    days: Days
    sequence_ids: tuple[str, ...] = ()


def given_up_of(windows: Iterable[Window]) -> tuple[GivenUp, ...]:
    """What is remembered of these windows, in their order."""
    entries = (GivenUp(each.days, each.sequence_ids if len(each.sequence_ids) <= MAX_IDS else ()) for each in windows)
    return tuple(dict.fromkeys(entries))[:MAX_GIVEN_UP]


def plan_around(
    coverage: Coverage, given_up: Sequence[GivenUp], request: SyncRequest, ids: Sequence[str]
) -> tuple[list[Window], list[Window]]:
    """What is due of `ids`: the plan, and apart from it what was given up, in its order.

    A sequence of which the newest days were given up is no part of the plan at all: its new days may be no better.
    """
    if not given_up:
        return plan(coverage, ids, request.days, request.calendar.last_closed), []
    alike = _alike(coverage, given_up, ids)
    windows = _plan_around(coverage, given_up, request, list(alike))
    planned, apart = ([_with_all(window, alike, ids) for window in part] for part in windows)
    return planned, apart


def _plan_around(
    coverage: Coverage, given_up: Sequence[GivenUp], request: SyncRequest, ids: Sequence[str]
) -> tuple[list[Window], list[Window]]:
    last_closed, left, apart = request.calendar.last_closed, dict(coverage), list[Window]()
    failing = _failing_now(coverage, given_up)
    others = dict.fromkeys(one for one in ids if one not in failing)
    for entry in given_up:
        days = request.days & between(entry.days.first, min(entry.days.last, last_closed))
        if not entry.sequence_ids:
            apart += plan(each(left, others, _without_stale), list(others), days, last_closed)
            left.update(each(left, others, partial(_with_covered, days)))
            continue
        named = [one for one in ids if one in entry.sequence_ids]
        if whole := [one for one in named if one in failing]:
            apart += plan(left, whole, request.days, last_closed)
            failing.difference_update(whole)
        rest = [one for one in named if one in others]
        apart += plan(left, rest, days, last_closed)
        mark_covered(left, rest, days)
    return plan(left, list(others), request.days, last_closed), apart


def _alike(coverage: Coverage, given_up: Sequence[GivenUp], ids: Sequence[str]) -> dict[str, list[str]]:
    """Groups of sequences that were read equally far and are named by the same entries, each by its first sequence.
    That one stands for its group, because there may be thousands of sequences and hundreds of entries."""
    entries = defaultdict[str, list[int]](list)
    for number, entry in enumerate(given_up):
        for one in entry.sequence_ids:
            entries[one].append(number)
    groups = defaultdict[tuple[Progress, tuple[int, ...]], list[str]](list)
    for one in ids:
        groups[coverage.get(one, NOTHING_READ), tuple(entries.get(one, ()))].append(one)
    return {group[0]: group for group in groups.values()}


def _with_all(window: Window, alike: Mapping[str, list[str]], ids: Sequence[str]) -> Window:
    wanted = set[str]().union(*(alike[first] for first in window.sequence_ids))
    return window._replace(sequence_ids=tuple(one for one in ids if one in wanted))


def _with_covered(days: DaySet, progress: Progress) -> Progress:
    return Progress(progress.covered | days, progress.stale)


def _without_stale(progress: Progress) -> Progress:
    return Progress(progress.covered)


def _failing_now(coverage: Coverage, given_up: Sequence[GivenUp]) -> set[str]:
    """The sequences whose days that were given up reach the newest day that was read of any sequence."""
    newest = max((last_of(progress.covered) for progress in set(coverage.values()) if progress.covered), default=None)
    return {one for entry in given_up for one in entry.sequence_ids if newest is None or entry.days.last >= newest}
