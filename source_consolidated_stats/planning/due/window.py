"""What one series of calls asks for: some sequences on some days."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from .days import ONE_DAY, Days


class Axis(Enum):
    """What a window is divided along."""

    DAYS = "days"
    SEQUENCES = "sequences"

    @property
    def other(self) -> Axis:
        return Axis.SEQUENCES if self is Axis.DAYS else Axis.DAYS


class Window(NamedTuple):
    """Days to be read for some sequences. If `closed`, all of them are over everywhere; else the newest are open."""

    sequence_ids: tuple[str, ...]
    days: Days
    closed: bool

    @property
    def is_one_cell(self) -> bool:
        """Whether it is one day of one sequence, which cannot be divided."""
        return self.days.length == len(self.sequence_ids) == 1

    def trimmed(self, first_day: date, excluded: AbstractSet[str]) -> Window | None:
        """The window without days before `first_day` and without `excluded` sequences; None if nothing is left."""
        if self.days.last < first_day:
            return None
        left = self.without(excluded)
        return left._replace(days=Days(max(self.days.first, first_day), self.days.last)) if left.sequence_ids else None

    def split_days(self, older_days: int) -> tuple[Window, Window]:
        """The newer part, and the older one, which has `older_days`."""
        middle = self.days.first + timedelta(days=older_days)
        older, newer = Days(self.days.first, middle - ONE_DAY), Days(middle, self.days.last)
        return self._replace(days=newer), self._replace(days=older)

    def split_sequences(self, first: int) -> tuple[Window, Window]:
        """The part with the `first` sequences in number, and the one with the others."""
        ids = self.sequence_ids
        return self._replace(sequence_ids=ids[:first]), self._replace(sequence_ids=ids[first:])

    def halve(self, axis: Axis) -> tuple[Window, Window] | None:
        """Two parts, the newer days first; None if there is only one day, or one sequence, along `axis`."""
        if axis is Axis.DAYS:
            return self.split_days(self.days.length // 2) if self.days.length > 1 else None
        return self.split_sequences(len(self.sequence_ids) // 2) if len(self.sequence_ids) > 1 else None

    def only(self, sequence_ids: Collection[str]) -> Window:
        """The same days, for those of `sequence_ids` that the window has."""
        return self._replace(sequence_ids=tuple(one for one in self.sequence_ids if one in sequence_ids))

    def without(self, sequence_ids: AbstractSet[str]) -> Window:
        """The same days, for the window's other sequences."""
        if sequence_ids.isdisjoint(self.sequence_ids):
            return self
        return self._replace(sequence_ids=tuple(one for one in self.sequence_ids if one not in sequence_ids))
