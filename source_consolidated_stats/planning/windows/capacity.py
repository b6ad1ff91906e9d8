"""Which sizes of window the API answers, learned from those that went through and those that did not."""

from __future__ import annotations

from typing import NamedTuple

from ..due.window import Window


class Size(NamedTuple):
    """A window's size."""

    days: int
    sequences: int

    @staticmethod
    def of(window: Window) -> Size:
        return Size(window.days.length, len(window.sequence_ids))

    def holds(self, other: Size) -> bool:
        return self.days >= other.days and self.sequences >= other.sequences


class Capacity:
    """If a window went through, so does any smaller one; if one was too heavy, so is any larger one.

    A failure of a size that went through elsewhere is not a matter of size. It casts doubt on the larger windows that
    failed before, since they may have held the same days.
    """

    def __init__(self) -> None:
        self._proven: list[Size] = []
        self._too_heavy: list[Size] = []

    @property
    def any_limit(self) -> bool:
        return bool(self._too_heavy)

    def succeeded(self, size: Size) -> None:
        if not self.is_proven(size):
            self._proven = [known for known in self._proven if not size.holds(known)] + [size]
            self._too_heavy = [known for known in self._too_heavy if not size.holds(known)]

    def failed(self, size: Size) -> None:
        self._too_heavy = [known for known in self._too_heavy if not known.holds(size)]
        if not self.is_proven(size):
            self._too_heavy.append(size)

    def is_proven(self, size: Size) -> bool:
        return any(known.holds(size) for known in self._proven)

    def is_too_heavy(self, size: Size) -> bool:
        return any(size.holds(known) for known in self._too_heavy)

    def proven_days(self, sequences: int) -> int:
        """The longest window of so many sequences that went through; 0 if none did."""
        return max((known.days for known in self._proven if known.sequences >= sequences), default=0)

    def max_sequences(self) -> int | None:
        """How many sequences to ask for at most; None if no limit is known."""
        limits = [known.sequences for known in self._too_heavy if known.days == 1]
        if not limits:
            return None
        below = min(limits) - 1
        proven = [known.sequences for known in self._proven if known.sequences <= below]
        return max([1, *proven]) if proven else max(1, (below + 1) // 2)

    def max_days(self, sequences: int) -> int | None:
        """How many days to ask for at most, for so many sequences; None if no limit is known."""
        limits = [known.days for known in self._too_heavy if known.sequences <= sequences]
        if not limits:
            return None
        below = min(limits) - 1
        proven = [known.days for known in self._proven if known.sequences >= sequences and known.days <= below]
        return max([1, *proven]) if proven else max(1, (below + 1) // 2)
