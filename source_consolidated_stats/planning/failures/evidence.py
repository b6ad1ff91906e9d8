"""What the failures of a sync have in common: a day, a sequence, or neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from ..due.window import Window

MAX_FAILED_SEQUENCES = 3
"""Sequences that fail on a day before the day is thought to be the reason, if nothing was read of it."""


class Evidence:
    """Which windows failed, and which days and sequences nothing was read of although it was tried."""

    def __init__(self) -> None:
        self.bad_sequences: set[str] = set()
        """Sequences that failed alone, and of which nothing was read."""
        self._narrowed: list[Window] = []
        self._failed: list[Window] = []
        self._bad_days: Counter[date] = Counter()

    def failed(self, window: Window) -> None:
        self._failed.append(window)

    def narrowed(self, window: Window) -> None:
        """`window` is read again in parts."""
        self._narrowed.append(window)

    def failed_alone(self, day: date, never_read: Iterable[str]) -> None:
        """One sequence failed on one day. It is in `never_read` if nothing was read of it."""
        self._bad_days[day] += 1
        self.bad_sequences.update(never_read)

    def succeeded(self, window: Window) -> None:
        self.bad_sequences.difference_update(window.sequence_ids)
        for day in [day for day in self._bad_days if day in window.days]:
            del self._bad_days[day]

    def is_part(self, window: Window) -> bool:
        """Whether a window that holds this one failed before."""
        return any(_holds(narrowed, window) for narrowed in self._narrowed)

    def is_bad_day(self, window: Window) -> bool:
        """Whether the window is of one day on which sequences fail one by one."""
        return window.days.length == 1 and self._bad_days[window.days.first] >= MAX_FAILED_SEQUENCES

    def others_failed_on_its_days(self, window: Window) -> bool:
        ids = set(window.sequence_ids)
        return any(other.days == window.days and ids.isdisjoint(other.sequence_ids) for other in self._failed)


def _holds(window: Window, part: Window) -> bool:
    is_within = window.days.first <= part.days.first and part.days.last <= window.days.last
    return is_within and set(window.sequence_ids).issuperset(part.sequence_ids)
