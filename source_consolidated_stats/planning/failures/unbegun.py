"""Days that have not begun everywhere: the API may refuse them, which must cost no other day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ..due.days import ONE_DAY, Days
from ..due.window import Window


class UnbegunDays:
    """Keeps such days for the end of a sync, one by one, when it is known which sequences are refused.

    `last_begun` is the last day that has begun everywhere.
    """

    def __init__(self, last_begun: date) -> None:
        self._last_begun = last_begun
        self.windows: list[Window] = []

    def concern(self, window: Window) -> bool:
        """Whether some days of `window` have not begun everywhere."""
        return not window.closed and window.days.last > self._last_begun

    def set_apart(self, window: Window) -> Window | None:
        """Keeps the days of `window` that have not begun everywhere; gives the others, if there are any."""
        first, last = window.days
        day = max(first, self._last_begun + ONE_DAY)
        while day <= last:
            self.windows.append(window._replace(days=Days(day, day)))
            day += ONE_DAY
        return window._replace(days=Days(first, self._last_begun)) if first <= self._last_begun else None

    def next(self, retention_start: date, excluded: Collection[str]) -> Window | None:
        """The newest of the days, without `excluded` sequences; None if there is none."""
        while self.windows:
            if window := self.windows.pop().trimmed(retention_start, excluded):
                return window
        return None
