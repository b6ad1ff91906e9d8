"""What one series of calls asks for: some sequences on some days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from .days import ONE_DAY, Days


class Window(NamedTuple):
    """Days to be read for some sequences. If `closed`, all of them are over everywhere; else the newest are open."""

    sequence_ids: tuple[str, ...]
    days: Days
    closed: bool

    def trimmed(self, first_day: date, excluded: Collection[str]) -> Window | None:
        """The window without days before `first_day` and without `excluded` sequences; None if nothing is left."""
        if self.days.last < first_day:
            return None
        left = self.without(excluded) if excluded else self
        return left._replace(days=Days(max(self.days.first, first_day), self.days.last)) if left.sequence_ids else None

    def split_days(self, older_days: int) -> tuple[Window, Window]:
        """The newer part, and the older one of so many days."""
        middle = self.days.first + timedelta(days=older_days)
        older, newer = Days(self.days.first, middle - ONE_DAY), Days(middle, self.days.last)
        return self._replace(days=newer), self._replace(days=older)

    def halve(self) -> tuple[Window, Window] | None:
        """Two parts, the newer days first: of its days, else of its sequences; None if it has one day of one
        sequence."""
        if self.days.length > 1:
            return self.split_days(self.days.length // 2)
        return self._halve_sequences() if len(self.sequence_ids) > 1 else None

    def of(self, sequence_ids: Collection[str]) -> Window:
        """The same days, for those of `sequence_ids` that the window has."""
        return self._replace(sequence_ids=tuple(one for one in self.sequence_ids if one in sequence_ids))

    def without(self, sequence_ids: Collection[str]) -> Window:
        """The same days, for the window's other sequences."""
        return self._replace(sequence_ids=tuple(one for one in self.sequence_ids if one not in sequence_ids))

    def _halve_sequences(self) -> tuple[Window, Window]:
        middle = len(self.sequence_ids) // 2
        return (
            self._replace(sequence_ids=self.sequence_ids[:middle]),
            self._replace(sequence_ids=self.sequence_ids[middle:]),
        )
