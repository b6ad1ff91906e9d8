"""A sync in virtual time, without HTTP and threads: calls last as long as chance has it."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.planning.due.days import Calendar, DaySet
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.failures.failure import Failure, FailureKind
from source_consolidated_stats.planning.sync import Sync

from ..strategies import dates_of
from .account import Fault, Problem, mask_of

MAX_WINDOWS = 50_000
"""A sync that hands out more has no end."""
ATTEMPTS = 6

Cell = tuple[str, date]
"""One day of one sequence."""


def cells_of(window: Window) -> set[Cell]:
    return {(sequence_id, day) for day in dates_of(window.days) for sequence_id in window.sequence_ids}


class Moved(NamedTuple):
    """Rows moved while a window was read."""

    fingerprint: Hashable


Answer = int | Problem | Moved
"""What comes of a call: the number of a window's rows, a problem, or rows that moved."""
Api = Callable[[Window], Answer]


def rows_of(window: Window, rows_a_day: float = 1.0) -> int:
    return round(window.days.length * rows_a_day)


def unless(*faults: Fault) -> Api:
    """Answers what none of `faults` keeps it from answering."""

    def api(window: Window) -> Answer:
        rows = rows_of(window)
        return next(filter(None, (fault(window, rows) for fault in faults)), rows)

    return api


@dataclass
class Run:
    """What a sync did."""

    windows: list[Window] = field(default_factory=list)
    """All that were delivered, in that order."""
    states: list[tuple[State, int]] = field(default_factory=list)
    """Each state, and how many windows were delivered before it."""
    failed: list[Window] = field(default_factory=list)
    failed_calls: int = 0
    """Those that were tried again included."""
    most_in_flight: int = 0

    @property
    def calls(self) -> int:
        """For the first page of each window."""
        return len(self.windows) + self.failed_calls

    @property
    def state(self) -> State:
        """The last one."""
        return self.states[-1][0]

    @property
    def delivered(self) -> Counter[Cell]:
        return Counter(cell for window in self.windows for cell in cells_of(window))

    def delivered_before(self, state_number: int) -> set[Cell]:
        return {cell for window in self.windows[: self.states[state_number][1]] for cell in cells_of(window)}

    def days_delivered(self) -> dict[str, int]:
        """The days that came of each sequence, as bits."""
        days: dict[str, int] = {}
        for window in self.windows:
            mask = mask_of(window.days)
            for sequence_id in window.sequence_ids:
                days[sequence_id] = days.get(sequence_id, 0) | mask
        return days


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


class _Call(NamedTuple):
    ends_at: float
    number: int
    window: Window
    attempt: int


def run(
    sync: Sync,
    api: Api = rows_of,
    seed: int = 0,
    kill_after: int | None = None,
    retention_start: date = date.min,
    *,
    keep_states: bool = True,
) -> Run:
    """Runs `sync` until it is over, or until `kill_after` calls have ended."""
    chances, breaker, result, calls, now = random.Random(seed), CircuitBreaker(ATTEMPTS), Run(), list[_Call](), 0.0
    while not sync.is_over:
        while window := sync.next_window(retention_start):
            heapq.heappush(calls, _Call(now + chances.uniform(0.2, 4), chances.getrandbits(30), window, 1))
        result.most_in_flight = max(result.most_in_flight, len(calls))
        if not calls and sync.is_over:
            break
        assert calls, "nothing is read, and the sync does not end"
        call = heapq.heappop(calls)
        now, answer = call.ends_at, api(call.window)
        if isinstance(answer, Problem):
            result.failed_calls += 1
        was_open = breaker.is_open
        if isinstance(answer, Problem) and answer.is_retried and breaker.allows(call.attempt):
            pause = 2 ** (call.attempt - 1) + chances.uniform(0.2, 4)
            heapq.heappush(calls, call._replace(ends_at=now + pause, attempt=call.attempt + 1))
            continue
        if isinstance(answer, Problem):
            kind = FailureKind.CIRCUIT_OPEN if was_open and answer.is_retried else answer.kind
            result.failed.append(call.window)
            sync.fail(call.window, Failure(kind, "Sequence is not found", call.attempt))
        else:
            breaker.succeeded()
            _deliver(sync, call.window, answer, result, keep_states=keep_states)
        assert len(result.windows) + len(result.failed) < MAX_WINDOWS, "the sync does not end"
        if kill_after is not None and len(result.windows) + len(result.failed) >= kill_after:
            return result
    assert not calls
    result.states.append((sync.end(), len(result.windows)))
    return result


def _deliver(sync: Sync, window: Window, answer: int | Moved, result: Run, *, keep_states: bool) -> None:
    result.windows.append(window)
    if isinstance(answer, Moved):
        if sync.rows_moved(window, answer.fingerprint).name != "COVERED":
            return
        answer = rows_of(window)
    sync.complete(window, answer, None)
    if keep_states:
        result.states.append((sync.state, len(result.windows)))


def daily_syncs(
    api: Api, requests: Callable[[datetime], SyncRequest], first: datetime, count: int, seed: int = 0
) -> Iterator[tuple[Sync, Run]]:
    """`count` syncs, a day apart, each from the state of the one before."""
    state = State()
    for number in range(count):
        sync = Sync(state, requests(first + timedelta(days=number)))
        result = run(sync, api, seed + number, keep_states=False)
        state = result.state
        yield sync, result
