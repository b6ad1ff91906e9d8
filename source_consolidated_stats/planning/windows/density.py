"""How many rows the account's days hold, as far as windows have shown."""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Density(NamedTuple):
    """`rows` were found on `sequence_days`, a day of one sequence each."""

    rows: float = 0.0
    sequence_days: float = 0.0

    @property
    def is_known(self) -> bool:
        return self.sequence_days > 0

    @property
    def rows_per_sequence_day(self) -> float | None:
        """None if nothing is known."""
        return self.rows / self.sequence_days if self.is_known else None

    def days_per_page(self, sequences: int, page_size: int) -> float | None:
        """How many days of that number of `sequences` fill a page; None if nothing is known."""
        if not self.is_known:
            return None
        rows_per_day = self.rows / self.sequence_days * sequences
        return page_size / rows_per_day if rows_per_day else inf

    def with_window(self, rows: int, sequence_days: int, weight: float = 1.0) -> Density:
        """What is known after one more window; what was known before has this `weight`."""
        return Density(weight * self.rows + rows, weight * self.sequence_days + sequence_days)
