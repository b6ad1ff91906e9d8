"""A sync run to its end without HTTP, threads or a clock: windows end in any order, as a pretended API decides."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from source_consolidated_stats.planning.due.days import Calendar, DaySet
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.failures.failure import Failure, FailureKind
from source_consolidated_stats.planning.sync import Sync

from ..strategies import dates_of

MAX_WINDOWS = 5_000
"""A sync that hands out more has no end."""

Cell = tuple[str, date]
"""One day of one sequence."""


def cells_of(window: Window) -> set[Cell]:
    return {(sequence_id, day) for day in dates_of((window.days,)) for sequence_id in window.sequence_ids}


class Moved(NamedTuple):
    """Rows moved while a window was read."""

    fingerprint: Hashable


Answer = int | Failure | Moved
"""What comes of a window: the number of its rows, a failure, or rows that moved."""
Api = Callable[[Window], Answer]


def rows_of(window: Window, rows_a_day: float = 1.0) -> int:
    return round(window.days.length * rows_a_day)


def refusing(ghosts: Collection[str], kind: FailureKind = FailureKind.UNKNOWN_SEQUENCE) -> Api:
    """Refuses each window that asks for a ghost."""
    failure = Failure(kind, "Sequence is not found")
    return lambda window: failure if set(ghosts) & set(window.sequence_ids) else rows_of(window)


def too_heavy(days: int = 10**6, sequences: int = 10**6, attempts: int = 3) -> Api:
    """Fails for windows of more days or more sequences."""

    def answer(window: Window) -> Answer:
        is_heavy = window.days.length > days or len(window.sequence_ids) > sequences
        return Failure(FailureKind.TOO_HEAVY, calls=attempts) if is_heavy else rows_of(window)

    return answer


def failing_at(cells: Collection[Cell], kind: FailureKind = FailureKind.TOO_HEAVY) -> Api:
    """Fails for each window that holds one of `cells`."""
    return lambda window: Failure(kind) if cells_of(window) & set(cells) else rows_of(window)


@dataclass
class Run:
    """What a sync did."""

    delivered: Counter[Cell] = field(default_factory=Counter)
    states: list[tuple[State, set[Cell]]] = field(default_factory=list)
    """Each state, and what was delivered before it."""
    windows: list[Window] = field(default_factory=list)
    """All that ended well, in that order."""
    failed: list[Window] = field(default_factory=list)
    failed_calls: int = 0
    most_in_flight: int = 0

    @property
    def calls(self) -> int:
        return len(self.windows) + len(self.failed)


def request_for(
    sequence_ids: Sequence[str],
    days: DaySet,
    calendar: Calendar,
    lookback_days: int = 30,
    *,
    refresh_by_age: bool = False,
    workers: int = 4,
    page_size: int = 500,
) -> SyncRequest:
    return SyncRequest(sequence_ids, days, calendar, lookback_days, refresh_by_age, workers, page_size)


def run(
    sync: Sync, api: Api = rows_of, seed: int = 0, kill_after: int | None = None, retention_start: date = date.min
) -> Run:
    """Runs `sync` until it is over, or until `kill_after` windows have ended."""
    order, result, in_flight = random.Random(seed), Run(), list[Window]()
    while not sync.is_over:
        while window := sync.next_window(retention_start):
            in_flight.append(window)
        result.most_in_flight = max(result.most_in_flight, len(in_flight))
        if not in_flight and sync.is_over:
            break
        assert in_flight, "nothing is read, and the sync does not end"
        _end(sync, in_flight.pop(order.randrange(len(in_flight))), api, result)
        assert result.calls < MAX_WINDOWS, "the sync does not end"
        if kill_after is not None and result.calls >= kill_after:
            return result
    assert not in_flight
    result.states.append((sync.end(), set(result.delivered)))
    return result


def _end(sync: Sync, window: Window, api: Api, result: Run) -> None:
    answer = api(window)
    if isinstance(answer, Failure):
        result.failed.append(window)
        result.failed_calls += answer.calls
        sync.fail(window, answer)
        return
    result.windows.append(window)
    result.delivered.update(cells_of(window))
    if isinstance(answer, Moved):
        if sync.moved(window, answer.fingerprint).name != "COVERED":
            return
        answer = rows_of(window)
    state = sync.complete(window, answer, None)
    result.states.append((state, set(result.delivered)))
