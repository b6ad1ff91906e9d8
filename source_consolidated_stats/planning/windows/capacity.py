"""How large a window the API answers, learned from those that went through and those that did not."""

from __future__ import annotations

from typing import NamedTuple

from ..due.window import Window


class Size(NamedTuple):
    """A window's size in each dimension that an API may limit."""

    days: int
    sequences: int
    rows: int

    @staticmethod
    def of(window: Window, rows: int) -> Size:
        return Size(window.days.length, len(window.sequence_ids), rows)


class Capacity:
    """Supposes a limit of days, one of sequences and one of rows, each of which may not exist.

    If as much of one dimension went through in another window, that dimension was not too much: only the others are
    suspected. If none is left, it is their product that was too much.
    """

    def __init__(self) -> None:
        self._passed = Size(0, 0, 0)
        self._too_heavy: list[Size] = []

    def passed(self, size: Size) -> None:
        """A window of this size went through."""
        self._passed = Size(*map(max, self._passed, size))
        self._too_heavy = [known for known in self._too_heavy if not all(map(int.__ge__, size, known))]

    def failed(self, size: Size) -> None:
        """A window of this size failed, and both of its halves went through."""
        self._too_heavy.append(size)

    def has_passed(self, sequences: int) -> bool:
        """Whether a window of as many sequences went through."""
        return sequences <= self._passed.sequences

    def fit(self, days: int, sequences: int, rows_per_sequence_day: float) -> tuple[int, int]:
        """How many days and sequences of an area to ask for, so that it is not known to be too heavy."""
        asked = 0, 0
        while (days, sequences) != asked:  # less of one may leave another suspected
            asked = days, sequences
            for known in self._too_heavy:
                days, sequences = self._within(known, days, sequences, rows_per_sequence_day)
        return days, sequences

    def _within(self, known: Size, days: int, sequences: int, rows_per_sequence_day: float) -> tuple[int, int]:
        size = Size(days, sequences, int(rows_per_sequence_day * days * sequences))
        suspects, limit = self._suspects(known), self._limit(known)
        if len(suspects) == 1:
            is_too_heavy = any(size[dimension] > limit[dimension] for dimension in suspects)
        else:
            is_too_heavy = all(size[dimension] >= known[dimension] for dimension in suspects)
        if not is_too_heavy:
            return days, sequences
        if _SEQUENCES in suspects and known.sequences > 1:
            return days, min(sequences, limit.sequences)
        return _fewer_days(size, limit, suspects), sequences

    def _suspects(self, size: Size) -> list[int]:
        """The dimensions in which nothing as large went through; all of them if there is none."""
        return [dimension for dimension in range(3) if size[dimension] > self._passed[dimension]] or [0, 1, 2]

    def _limit(self, too_heavy: Size) -> Size:
        """As much in each dimension as went through, or half of what was too heavy."""
        halves = Size(*(max(1, number // 2) for number in too_heavy))
        return Size(
            *(
                max(half, passed if passed < heavy else 0)
                for half, passed, heavy in zip(halves, self._passed, too_heavy, strict=True)
            )
        )


_DAYS, _SEQUENCES, _ROWS = range(3)


def _fewer_days(size: Size, limit: Size, suspects: list[int]) -> int:
    """As many of the days as come within the limit of one of the suspected dimensions."""
    choices = [limit.days] if _DAYS in suspects else []
    if _ROWS in suspects and size.rows:
        choices.append(size.days * limit.rows // size.rows)
    return max(1, min(size.days, max(choices, default=size.days // 2)))
