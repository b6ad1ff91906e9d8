"""A whole sync as one pure object: what is read next, and what has been delivered so far.

Each window that is handed out ends in `complete`, `rows_moved` or `fail`. From any state, what was delivered before it
and a sync that resumes from it are everything that was asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date

from .due.coverage import Coverage, by_progress, mark_covered
from .due.days import Days, DaySet, between, last_of, stretches
from .due.given_up import given_up_of, plan_around
from .due.plan import plan
from .due.request import SyncRequest
from .due.resume import resume
from .due.state import State
from .due.window import Axis, Window
from .failures.failure import Failure, FailureKind, Verdict
from .failures.recovery import Recovery
from .windows.capacity import Capacity
from .windows.slicer import Slicer

MAX_READINGS = 3
"""Of a window whose rows move between its pages. Before the last, it is divided if it can be."""


class Sync:
    """Not safe for threads. `before` is the state of the last sync."""

    def __init__(self, before: State, request: SyncRequest) -> None:
        self._state = resume(before, request)
        """All but the coverage, which grows here."""
        self._coverage = dict(self._state.coverage)
        self._request = request
        self._last_closed = request.calendar.last_closed
        self._refused = dict.fromkeys(self._state.refused, "") if request.sequence_ids else {}
        self.unstable: list[Window] = []
        """Windows whose rows moved at each read: they stay due."""
        self._rechecks = self._plan_rechecks()
        self._recheck: Window | None = None
        self._moved: dict[Window, list[Hashable]] = {}

        wanted = [one for one in request.sequence_ids if one not in self._refused]
        windows, given_up = plan_around(self._coverage, self._state.given_up, request, wanted)
        capacity, density = Capacity(), before.rows_per_sequence_day
        is_interrupted = before.lookback_owed_on is not None
        self._slicer = Slicer(
            windows, capacity, request.workers, request.page_size, density, interrupted=is_interrupted
        )
        self._recovery = Recovery(
            self._slicer,
            capacity,
            self._coverage,
            self._refused,
            request.workers,
            request.calendar.last_begun,
            given_up,
            _known_place(self._coverage),
        )

    @property
    def state(self) -> State:
        """Vouches for all that was delivered so far."""
        found = self._slicer.rows_per_sequence_day
        density = self._state.rows_per_sequence_day if found is None else found
        refused = tuple(self._refused) if self._request.sequence_ids else self._state.refused
        return replace(self._state, coverage=dict(self._coverage), rows_per_sequence_day=density, refused=refused)

    @property
    def is_over(self) -> bool:
        """Whether every window has ended, and none follows."""
        recheck_follows = self._rechecks and not self._recovery.is_stopped
        return self._recovery.is_over and not (recheck_follows or self._recheck)

    @property
    def left(self) -> int:
        """How many windows have not ended yet; those that are still to be cut are an estimate."""
        return self._recovery.left + len(self._rechecks)

    @property
    def given_up(self) -> list[Window]:
        """What was not read, and is due again in the next sync."""
        return [*self._slicer.plan, *self._recovery.unread]

    @property
    def left_out(self) -> list[Days]:
        """Days that have not begun everywhere, which the API does not take yet."""
        return self._recovery.left_out

    @property
    def any_success(self) -> bool:
        """Whether anything was read."""
        return self._recovery.facts.any_success

    @property
    def refused(self) -> Mapping[str, str]:
        """The API's words for each sequence that it refuses."""
        return self._refused

    def next_window(self, retention_start: date) -> Window | None:
        """The next window, without days before `retention_start`, which the API no longer keeps.

        None if all are handed out, or as many are being read as should be for now.
        """
        window = self._recovery.next(retention_start)
        if window is None and self._recovery.is_over and not self._recovery.is_stopped and not self._recheck:
            while self._rechecks and not self._recheck:
                self._recheck = window = self._rechecks.pop().trimmed(retention_start, frozenset())
        return window

    def complete(self, window: Window, rows: int, newest: str | None) -> None:
        """Every row of `window` was delivered.

        `newest` is the greatest cursor value among its rows, in RFC 3339 and not later than now; None if it has none.
        """
        if closed := self._closed_days_of(window):
            mark_covered(self._coverage, window.sequence_ids, closed)
        if newest and newest > (self._state.newest or ""):
            self._state = replace(self._state, newest=newest)
        if window == self._recheck:
            self._accept_again(window)
        else:
            self._recovery.succeeded(window, rows)

    def close_days_by(self, last_closed: date) -> None:
        """No day after `last_closed` counts as over, whatever the calendar said at the beginning."""
        self._last_closed = min(self._last_closed, last_closed)

    def readings(self, window: Window) -> int:
        """How often `window` was read and its rows moved."""
        return len(self._moved.get(window, ()))

    def rows_moved(self, window: Window, fingerprint: Hashable) -> Verdict:
        """Rows of `window` moved between its pages while it was read, or a page stayed away. `fingerprint` is equal for
        readings that brought the same rows: if two with other pages did, the data is so.

        If it is COVERED all the same, `complete` is still to be called.
        """
        closed = self._closed_days_of(window)
        if not closed or window == self._recheck:
            return Verdict.COVERED
        if not window.closed:
            self._recovery.again(window, window._replace(days=stretches(closed)[0], closed=True))
            return Verdict.READ_AGAIN
        readings = self._moved.setdefault(window, [])
        if fingerprint in readings:
            return Verdict.COVERED
        readings.append(fingerprint)
        halves = window.halve(Axis.DAYS) or window.halve(Axis.SEQUENCES)
        if len(readings) == MAX_READINGS - 1 and halves:
            self._recovery.again(window, *halves)
            return Verdict.NARROWED
        if len(readings) < MAX_READINGS:
            self._recovery.again(window, window)
            return Verdict.READ_AGAIN
        self._recovery.again(window)
        self.unstable.append(window)
        return Verdict.STAYS_DUE

    def fail(self, window: Window, failure: Failure) -> Verdict:
        """`window` was not read, or not whole: it is narrowed down, read again, or given up."""
        if window == self._recheck:
            return self._still_refused(window, failure)
        return self._recovery.failed(window, failure)

    def end(self) -> State:
        """The state once the sync is over: the next one owes a lookback of its own, and asks last for what this one
        gave up. Where nothing goes through, nothing is known of what was not read."""
        given_up = self._state.given_up if self._recovery.is_stopped else given_up_of(self._recovery.unread)
        self._state = replace(self._state, lookback_owed_on=None, given_up=given_up)
        return self.state

    def _plan_rechecks(self) -> list[Window]:
        """What asks whether refused sequences are accepted again: one call for all of them together; if they are still
        refused, one for the sequence that waits longest."""
        calendar = self._request.calendar
        begun = self._request.days & between(date.min, calendar.last_begun)
        closed = begun & between(date.min, calendar.last_closed)
        day = next((last_of(days) for days in (closed, begun) if days), None)
        if not self._refused or day is None:
            return []
        return [Window(tuple(self._refused), Days(day, day), closed=day <= calendar.last_closed)]

    def _accept_again(self, window: Window) -> None:
        self._recheck = None
        for sequence_id in window.sequence_ids:
            del self._refused[sequence_id]
        self._slicer.add(plan(self._coverage, window.sequence_ids, self._request.days, self._last_closed))

    def _still_refused(self, window: Window, failure: Failure) -> Verdict:
        self._recheck = None
        if failure.kind not in {FailureKind.REFUSED, FailureKind.UNKNOWN_SEQUENCE}:
            return Verdict.READ_AGAIN
        self._refused.update(dict.fromkeys(window.sequence_ids, failure.api_message))
        first, *others = window.sequence_ids
        if others:
            self._rechecks.append(window.only({first}))
            self._refused[first] = self._refused.pop(first)
        return Verdict.SEQUENCE_REFUSED

    def _closed_days_of(self, window: Window) -> DaySet:
        return between(window.days.first, min(window.days.last, self._last_closed))


def _known_place(coverage: Coverage) -> Window | None:
    """Something that earlier syncs read: the last days of the most sequences that were read equally far."""
    groups = by_progress(coverage, coverage)
    read = [(len(ids), stretches(progress.covered)[-1], ids) for progress, ids in groups.items() if progress.covered]
    if not read:
        return None
    _, days, ids = max(read)
    return Window(tuple(ids), days, closed=True)
