"""A whole sync as one pure object: what is read next, and what has been delivered so far.

Each window that is handed out ends in `complete`, `moved` or `fail`. From any state, what was delivered before it and a
sync that resumes from it are everything that was asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date

from .due.coverage import mark_covered
from .due.days import Days, DaySet, between, intersect
from .due.plan import plan
from .due.request import SyncRequest
from .due.resume import resume
from .due.state import State
from .due.window import Window
from .failures.failure import Failure, FailureKind, Verdict
from .failures.recovery import Recovery
from .windows.capacity import Size
from .windows.slicer import Slicer

MAX_READINGS = 3
"""Of a window whose rows move between its pages. Before the last, it is divided if it can be."""
MAX_UNPROVEN = 3
"""Windows in flight that are larger than any before: if they are too much for the API, all of them fail."""


class Sync:
    """Not safe for threads. `before` is the state of the last sync."""

    def __init__(self, before: State, request: SyncRequest) -> None:
        self.state = resume(before, request)
        self.unsettled: list[Window] = []
        """Windows whose rows moved at each read: they stay due."""
        self._requested = request.days
        self._last_closed = request.calendar.last_closed
        self._workers = request.workers
        self._rechecks = self._plan_recheck()
        refused = set(self.state.refused)
        wanted = [sequence_id for sequence_id in request.sequence_ids if sequence_id not in refused]
        windows = plan(self.state.coverage, wanted, self._requested, self._last_closed)
        interrupted = before.lookback_owed_on is not None
        density = before.rows_per_sequence_day
        self._slicer = Slicer(windows, request.workers, request.page_size, density, interrupted=interrupted)
        self._recovery = Recovery(self._slicer.capacity, request.calendar.last_begun)
        self._in_flight: list[Window] = []
        self._ended = 0
        self._special: Window | None = None
        """The probe or recheck in flight."""
        self._guess: Window | None = None
        self._moved: dict[Window, list[Hashable]] = {}

    @property
    def is_over(self) -> bool:
        """Whether every window has ended, and none follows."""
        return not (self._in_flight or self._rechecks) and self._slicer.is_empty and self._recovery.is_empty

    @property
    def left(self) -> int:
        """How many windows have not ended yet; those that are still to be cut are an estimate."""
        return len(self._in_flight) + self._recovery.size + self._slicer.estimate

    @property
    def given_up(self) -> list[Window]:
        """What was not read, and is due again in the next sync."""
        left_out = sorted(self._recovery.unresolved)
        return self._recovery.given_up + plan(self.state.coverage, left_out, self._requested, self._last_closed)

    @property
    def refused(self) -> Mapping[str, str]:
        """The API's words for each sequence that it refuses."""
        return self._recovery.suspects.refused

    def next_window(self, retention_start: date) -> Window | None:
        """The next window, without days before `retention_start`, which the API no longer keeps.

        None if all are handed out, or as many are being read as should be for now.
        """
        window = self._choose(retention_start)
        if window:
            self._in_flight.append(window)
        return window

    def complete(self, window: Window, rows: int, newest: str | None) -> State:
        """Every row of `window` was delivered: the state that vouches for it.

        `newest` is the greatest cursor value among its rows, in RFC 3339 and not later than now; None if it has none.
        """
        is_probe = window == self._special
        self._end(window)
        self._recovery.succeeded(window, is_probe=is_probe)
        self._slicer.completed(window, rows)
        coverage = self.state.coverage
        for days in self._closed_days_of(window):
            coverage = mark_covered(coverage, window.sequence_ids, days)
        newest = max(self.state.newest or "", newest or "") or None
        density = self._slicer.rows_per_sequence_day
        accepted = set(window.sequence_ids) & set(self.state.refused)
        refused = tuple(one for one in self.state.refused if one not in accepted)
        self.state = replace(
            self.state, coverage=coverage, newest=newest, rows_per_sequence_day=density, refused=refused
        )
        if accepted:
            self._slicer.add(plan(coverage, window.sequence_ids, self._requested, self._last_closed))
        return self.state

    def close_days_by(self, last_closed: date) -> None:
        """No day after `last_closed` counts as over, whatever the calendar said at the beginning."""
        self._last_closed = min(self._last_closed, last_closed)

    def readings(self, window: Window) -> int:
        """How often `window` was read and its rows moved."""
        return len(self._moved.get(window, ()))

    def moved(self, window: Window, fingerprint: Hashable) -> Verdict:
        """Rows of `window` moved between its pages while it was read, or a page stayed away. `fingerprint` is equal for
        readings that brought the same rows: if two with other pages did, the data is so.

        If it is COVERED all the same, `complete` is still to be called.
        """
        closed = self._closed_days_of(window)
        if not closed:
            return Verdict.COVERED
        if not window.closed:
            self._end(window)
            self._recovery.succeeded(window)
            self._recovery.again(window._replace(days=closed[0], closed=True))
            return Verdict.READ_AGAIN
        readings = self._moved.setdefault(window, [])
        if fingerprint in readings:
            return Verdict.COVERED
        readings.append(fingerprint)
        self._end(window)
        self._recovery.succeeded(window)
        parts = window.halve() if len(readings) == MAX_READINGS - 1 else None
        if len(readings) < MAX_READINGS and not self._recovery.is_down:
            for part in reversed(parts or (window,)):
                self._recovery.again(part)
            return Verdict.NARROWED if parts else Verdict.READ_AGAIN
        self.unsettled.append(window)
        return Verdict.STAYS_DUE

    def fail(self, window: Window, failure: Failure) -> Verdict:
        """`window` was not read, or not whole: it is narrowed down, read again, or given up."""
        is_special = window == self._special
        self._end(window)
        if is_special and not set(window.sequence_ids).isdisjoint(self.state.refused):
            return self._still_refused(window, failure)
        verdict = self._recovery.fail(window, failure, is_probe=is_special)
        if verdict is Verdict.SEQUENCE_REFUSED:
            (sequence_id,) = window.sequence_ids
            coverage = {one: progress for one, progress in self.state.coverage.items() if one != sequence_id}
            self.state = replace(self.state, coverage=coverage, refused=(*self.state.refused, sequence_id))
        if verdict in (Verdict.GIVEN_UP, Verdict.DEFERRED):
            self._slicer.turn_round()
        if self._recovery.is_down:
            self._stop()
        return verdict

    def end(self) -> State:
        """The state once the sync is over: the next one owes a lookback of its own."""
        self.state = replace(self.state, lookback_owed_on=None)
        return self.state

    def _choose(self, retention_start: date) -> Window | None:
        busy = bool(self._in_flight)
        if self._recovery.needs_probe or self._special:
            return None if busy else self._choose_probe(retention_start)
        if busy and self._recovery.suspects.searching:
            return None
        if len(self._in_flight) >= min(self._workers, 2 * (self._ended + 1)) or self._guess:
            return None
        unproven = sum(not self._slicer.capacity.is_proven(Size.of(window)) for window in self._in_flight)
        if window := self._recovery.next(retention_start, proven_only=unproven > 0):
            return window
        is_guess = self._slicer.is_guessing
        most = 1 if self._slicer.capacity.any_limit else MAX_UNPROVEN
        if window := self._slicer.next(retention_start, self._recovery.excluded, proven_only=unproven >= most):
            self._guess = window if is_guess else None
            return window
        return None if busy else self._choose_last(retention_start)

    def _choose_last(self, retention_start: date) -> Window | None:
        """What is read once nothing else is left."""
        if self._recovery.narrow_deferred():
            return self._choose(retention_start)
        if window := self._recovery.next_unbegun(retention_start):
            return window
        if not self._recovery.is_empty:
            return self._choose_probe(retention_start)
        if self._rechecks:
            self._special = self._rechecks.pop().trimmed(retention_start, ())
        return self._special

    def _choose_probe(self, retention_start: date) -> Window | None:
        self._special = self._recovery.probe(self._slicer.oldest(), retention_start)
        if self._special is None:
            self._stop()
        return self._special

    def _plan_recheck(self) -> list[Window]:
        """Whether refused sequences are accepted again: one call for all of them together; if they are refused still,
        one for that which waits longest."""
        refused = self.state.refused
        day = next((days.last for days in intersect(self._requested, between(date.min, self._last_closed))[-1:]), None)
        return [Window(refused, Days(day, day), closed=True)] if refused and day else []

    def _still_refused(self, window: Window, failure: Failure) -> Verdict:
        for sequence_id in window.sequence_ids:
            self._recovery.suspects.refuse(sequence_id, failure.api_message)
        refused = self.state.refused
        if len(window.sequence_ids) > 1 and failure.kind in (FailureKind.REFUSED, FailureKind.UNKNOWN_SEQUENCE):
            self._rechecks.append(window._replace(sequence_ids=refused[:1]))
            self.state = replace(self.state, refused=refused[1:] + refused[:1])
        return Verdict.SEQUENCE_REFUSED

    def _closed_days_of(self, window: Window) -> DaySet:
        return intersect((window.days,), between(date.min, self._last_closed))

    def _end(self, window: Window) -> None:
        self._in_flight.remove(window)
        self._ended += 1
        self._guess = None if window == self._guess else self._guess
        self._special = None if window == self._special else self._special

    def _stop(self) -> None:
        """Hands out nothing more; what was not read is given up."""
        self._rechecks = []
        self._recovery.give_up_all(self._slicer.drain())
