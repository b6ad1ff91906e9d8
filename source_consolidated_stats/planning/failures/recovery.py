"""What becomes of windows that fail: read again in parts, until what fails is as little as possible.

A failure is narrowed down only while other calls go through: `Health` says when a probe has to show that first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..due.days import ONE_DAY, Days
from ..due.window import Window
from ..windows.capacity import Capacity, Size
from .backlog import Backlog
from .failure import Failure, FailureKind, Verdict
from .health import Health
from .narrowing import Narrowing
from .suspects import Suspects


class Recovery:
    """The windows of a sync that are read again. `last_begun` is the last day that has begun everywhere."""

    def __init__(self, capacity: Capacity, last_begun: date) -> None:
        self._capacity = capacity
        self._backlog = Backlog(last_begun)
        self._health = Health()
        self._narrowing = Narrowing(self._backlog, capacity, self._health)
        self._edges: set[date] = set()
        """Days next to some that were read."""
        self._last_good: Window | None = None

    @property
    def is_empty(self) -> bool:
        return self.size == 0

    @property
    def size(self) -> int:
        return self._backlog.size

    @property
    def given_up(self) -> list[Window]:
        return self._backlog.given_up

    @property
    def suspects(self) -> Suspects:
        return self._narrowing.suspects

    @property
    def unresolved(self) -> set[str]:
        """Sequences that fail, or may be refused, and that no window asks for any longer."""
        return self._narrowing.unresolved

    @property
    def excluded(self) -> set[str]:
        """Sequences that no window asks for any longer."""
        return self._narrowing.excluded

    @property
    def needs_probe(self) -> bool:
        """Whether nothing but a probe should go out."""
        return self._health.needs_probe

    @property
    def is_down(self) -> bool:
        """Whether nothing goes through at all."""
        return self._health.is_down(refused_only=self._is_refusing)

    @property
    def _is_refusing(self) -> bool:
        """Whether nothing but refusals came so far."""
        kinds = {failure.kind for _, failure in self._backlog.suspended}
        return kinds == {FailureKind.REFUSED} and not self._health.any_success

    def next(self, retention_start: date, *, proven_only: bool) -> Window | None:
        """The next window to be read again; None if there is none now. Parts that are known to fail are divided without
        a call."""
        excluded = self.excluded
        while due := self._backlog.pop():
            window = due.trimmed(retention_start, excluded)
            if window is None:
                continue
            if parts := self._narrowing.parts_of(window):
                self._backlog.push(*parts)
            elif self._narrowing.known_to_fail(window):
                self._backlog.give_up(window)
            elif proven_only and not self._capacity.is_proven(Size.of(window)):
                self._backlog.push(window)
                return None
            else:
                return window
        return None

    def narrow_deferred(self) -> bool:
        """Once nothing else is left, narrows down one of the windows that fail for what they hold; gives whether there
        is one. Days next to those that were read come first: they show where what fails begins and ends."""
        while deferred := self._backlog.pop_deferred(self._edges):
            window, _ = deferred
            if self._narrowing.halve(window) is Verdict.NARROWED:
                return True
        return False

    def next_unbegun(self, retention_start: date) -> Window | None:
        """A day that has not begun everywhere and was refused together with others; None if there is none."""
        return self._backlog.unbegun.next(retention_start, self.excluded)

    def probe(self, oldest: Window | None, retention_start: date) -> Window | None:
        """The smallest call there is, at days that were read before or the oldest of the plan, another day and sequence
        each time; None if all probes were made. If nothing but refusals came so far, the first asks for all sequences,
        since it may be the days that are refused."""
        places = (self._last_good, oldest, *self._backlog.waiting)
        trimmed = (window.trimmed(retention_start, self.excluded) for window in places if window)
        place = next(filter(None, trimmed), None)
        if self.is_down or place is None:
            return None
        number, ids = self._health.failed_probes, place.sequence_ids
        day = place.days.last if number % 2 else place.days.first
        one_day = place._replace(days=Days(day, day))
        if self._is_refusing and number == 0:
            return one_day
        place_of_id = (0, len(ids) - 1, (len(ids) - 1) // 2)[number % 3]
        return one_day._replace(sequence_ids=(ids[place_of_id],))

    def again(self, window: Window) -> None:
        """Has `window` read again next."""
        self._backlog.push(window)

    def succeeded(self, window: Window, *, is_probe: bool = False) -> None:
        """`window` was read."""
        self._last_good = window
        self._health.succeeded(is_probe=is_probe)
        self._edges |= {window.days.first - ONE_DAY, window.days.last + ONE_DAY}
        self.suspects.accept(window.sequence_ids)
        self._narrowing.evidence.succeeded(window)
        self._release()

    def fail(self, window: Window, failure: Failure, *, is_probe: bool = False) -> Verdict:
        kind = failure.kind
        if kind is FailureKind.HOPELESS:
            self._health.lost_hope()
            return self._backlog.give_up(window)
        if kind is FailureKind.UNREADABLE:
            self._health.responded()
            return self._backlog.give_up(window)
        if not is_probe:
            self._narrowing.spend(failure.calls)
        if kind is FailureKind.UNKNOWN_SEQUENCE:
            self._health.responded()
            self._release()
            return Verdict.READ_AGAIN if is_probe else self._narrowing.refuse(window, failure)
        self._health.failed(is_probe=is_probe)
        if is_probe:
            return Verdict.READ_AGAIN
        if self._narrowing.has_spent_enough_on(window):
            return self._narrowing.give_up_unread(window)
        is_part = self._narrowing.evidence.is_part(window)
        if kind is FailureKind.CIRCUIT_OPEN and not (is_part and window.halve()):
            put_back = self._backlog.push if is_part else self._backlog.push_last
            put_back(window)
            return Verdict.READ_AGAIN
        if not self._health.any_success or (kind is not FailureKind.REFUSED and self._health.failures_in_a_row > 1):
            return self._backlog.suspend(window, failure)
        return self._narrowing.narrow(window, failure)

    def give_up_all(self, others: Iterable[Window]) -> None:
        """Gives up `others` and all that was to be read again."""
        self._backlog.give_up_all(others)

    def _release(self) -> None:
        """What waited for something to go through is narrowed down."""
        for window, failure in self._backlog.release():
            self._narrowing.narrow(window, failure)
