"""The sync as all workers share it: a lock around `Sync`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterator
from datetime import date, datetime

from ..api.clock import ApiClock
from ..errors import (
    AccessError,
    ApiError,
    CircuitOpenError,
    ConnectorError,
    RefusedError,
    StrayRowsError,
    UnknownDatesError,
)
from ..planning.due.days import ONE_DAY, Calendar, DaySet, between, union
from ..planning.due.plan import plan
from ..planning.due.request import SyncRequest
from ..planning.due.state import State
from ..planning.due.window import Window
from ..planning.failures.failure import Failure, FailureKind, Verdict
from ..planning.sync import Sync
from .window_log import WindowLog

MAX_WITHOUT_DATES = 3
"""After as many windows in a row without a readable date, all others are taken to be the same."""


class SharedSync:
    """Hands the windows of a sync to its workers, as many as may be read at the same time. Safe for threads.

    `ids_from_user` says whether the user named the sequences of its `request`, rather than the API's listing.
    `refused_before` are those that the API refused in the last sync.
    """

    def __init__(
        self,
        sync: Sync,
        request: SyncRequest,
        clock: ApiClock,
        *,
        ids_from_user: bool,
        refused_before: Collection[str] = (),
    ) -> None:
        self.sequences = len(request.sequence_ids)
        self.ids_from_user = ids_from_user
        self._request = request
        self._clock = clock
        self.refused_before = frozenset(refused_before)
        self.log = WindowLog()
        self._sync = sync
        self._changed = threading.Condition()
        self._errors: list[ConnectorError] = []
        self._given_up = 0
        self._without_dates = 0
        self.rows = 0

    @property
    def sync(self) -> Sync:
        """The sync itself, once all of its windows have ended."""
        return self._sync

    @property
    def error(self) -> ConnectorError | None:
        """The failure to report if something was given up: one that concerns every call, else of a window that was
        given up, else any."""
        if not self._sync.given_up:
            return None
        of_every_call = (error for error in self._errors if isinstance(error, (AccessError, UnknownDatesError)))
        of_windows = (error for error in self._errors if not isinstance(error, RefusedError))
        return next(of_every_call, next(of_windows, self._errors[0]))

    @property
    def lost(self) -> DaySet:
        """Days that were to be read, and that the API no longer keeps."""
        first_kept = self._calendar_at(self._clock.api_now).retention_start
        days = self._request.days & between(date.min, first_kept - ONE_DAY)
        coverage, ids = self._sync.state.coverage, self._request.sequence_ids
        due = plan(coverage, ids, days, self._request.calendar.last_closed)
        return union(window.days for window in due)

    def windows(self) -> Iterator[Window]:
        """Each window that is to be read, until all have ended."""
        while True:
            with self._changed:
                while (window := self._next()) is None:
                    if self._sync.is_over:
                        return
                    self._changed.wait()
            yield window

    def complete(self, window: Window, rows: int, newest: str | None, emit: Callable[[State], None]) -> int:
        """See `Sync.complete`; gives about how many windows are left. `emit` gets the new state under the lock, so that
        states are emitted in the order in which they grow."""
        with self._changed:
            self.rows += rows
            self._sync.close_days_by(self._calendar_at(self._clock.earlier_now).last_closed)
            self._without_dates = 0 if newest else self._without_dates
            self._sync.complete(window, rows, newest)
            emit(self._sync.state)
            self._changed.notify_all()
            return self._sync.left

    def readings(self, window: Window) -> int:
        """See `Sync.readings`."""
        with self._changed:
            return self._sync.readings(window)

    def rows_moved(self, window: Window, fingerprint: Hashable) -> Verdict:
        """See `Sync.rows_moved`."""
        with self._changed:
            verdict = self._sync.rows_moved(window, fingerprint)
            self._changed.notify_all()
            return verdict

    def fail(self, window: Window, error: ConnectorError) -> Verdict:
        """See `Sync.fail`."""
        with self._changed:
            verdict = self._sync.fail(window, self._failure_of(error))
            if verdict is Verdict.GIVEN_UP:
                self._errors.insert(self._given_up, error)
                self._given_up += 1
            else:
                self._errors.append(error)
            self._changed.notify_all()
            return verdict

    def end(self) -> State:
        """See `Sync.end`."""
        with self._changed:
            return self._sync.end()

    def _calendar_at(self, now: datetime) -> Calendar:
        return self._request.calendar._replace(now=now)

    def _next(self) -> Window | None:
        return self._sync.next_window(self._calendar_at(self._clock.api_now).retention_start)

    def _failure_of(self, error: ConnectorError) -> Failure:
        if isinstance(error, RefusedError):
            kind = FailureKind.UNKNOWN_SEQUENCE if error.unknown_sequence else FailureKind.REFUSED
            return Failure(kind, error.api_message)
        if isinstance(error, UnknownDatesError):
            self._without_dates += 1
            is_last = self._without_dates >= MAX_WITHOUT_DATES
            return Failure(FailureKind.HOPELESS if is_last else FailureKind.UNREADABLE)
        if isinstance(error, StrayRowsError):
            return Failure(FailureKind.UNREADABLE)
        if isinstance(error, ApiError):
            kind = FailureKind.CIRCUIT_OPEN if isinstance(error, CircuitOpenError) else FailureKind.TOO_HEAVY
            return Failure(kind, calls=error.attempts)
        return Failure(FailureKind.HOPELESS)
