"""Windows that were handed out and not read: what waits to be read again, and what was given up."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date

from ..due.window import Window
from .failure import Failure, Verdict
from .unbegun import UnbegunDays

Failed = tuple[Window, Failure]


class Backlog:
    """`last_begun` is the last day that has begun everywhere."""

    def __init__(self, last_begun: date) -> None:
        self.given_up: list[Window] = []
        self.unbegun = UnbegunDays(last_begun)
        self._due: list[Window] = []
        self._suspended: list[Failed] = []
        self._deferred: list[Failed] = []

    @property
    def size(self) -> int:
        return len(self.waiting) + len(self._deferred)

    @property
    def waiting(self) -> list[Window]:
        """All but the deferred windows."""
        return [*(window for window, _ in self._suspended), *self._due, *self.unbegun.windows]

    @property
    def suspended(self) -> list[Failed]:
        """Windows that failed while it was unclear whether anything goes through."""
        return self._suspended

    def pop(self) -> Window | None:
        """The window that is due next; None if there is none."""
        return self._due.pop() if self._due else None

    def push(self, *windows: Window) -> None:
        """These are read next, the first of them first; those without sequences are left out."""
        self._due += [window for window in reversed(windows) if window.sequence_ids]

    def push_last(self, window: Window) -> None:
        """`window` is read after all that is due."""
        self._due.insert(0, window)

    def suspend(self, window: Window, failure: Failure) -> Verdict:
        self._suspended.append((window, failure))
        return Verdict.READ_AGAIN

    def release(self) -> list[Failed]:
        """The suspended windows, which are not any longer."""
        released, self._suspended = self._suspended, []
        return released

    def defer(self, window: Window, failure: Failure) -> Verdict:
        """It is not the size of the window but what it holds: all others come first."""
        self._deferred.append((window, failure))
        return Verdict.DEFERRED

    def pop_deferred(self, edges: AbstractSet[date]) -> Failed | None:
        """One of the deferred windows; None if there is none. Days come before sequences, and those that begin or end
        at `edges` before others."""
        self._deferred.sort(key=lambda each: (each[0].days.length == 1, edges.isdisjoint(each[0].days)))
        return self._deferred.pop(0) if self._deferred else None

    def give_up(self, window: Window) -> Verdict:
        self.given_up.append(window)
        return Verdict.GIVEN_UP

    def give_up_all(self, others: Iterable[Window]) -> None:
        """Gives up `others` and all that waits."""
        self.given_up += [*(window for window, _ in self._deferred), *self.waiting, *others]
        self._suspended, self._deferred, self._due, self.unbegun.windows = [], [], [], []
