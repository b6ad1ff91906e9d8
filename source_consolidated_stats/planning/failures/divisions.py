"""What failed, until both of its halves have ended: then that which failed is divided further, or given up."""

from __future__ import annotations

from datetime import date

from ..due.coverage import NOTHING_READ, Coverage
from ..due.days import Days
from ..due.window import Axis, Window
from ..windows.capacity import Capacity, Size
from .division import Division, Part, divide, first_axis
from .facts import Facts
from .failure import Failure, FailureKind


class Divisions:
    """Each step gives the divisions whose halves are to be read now. `coverage` grows meanwhile."""

    def __init__(self, facts: Facts, capacity: Capacity, coverage: Coverage, last_begun: date) -> None:
        self.given_up: list[Window] = []
        self.left_out: list[Days] = []
        """Days that have not begun everywhere, which the API does not take yet."""
        self._facts = facts
        self._capacity = capacity
        self._coverage = coverage
        self._last_begun = last_begun
        self._open: list[Division] = []
        self._last_gain = Axis.DAYS
        """The axis along which one half was read and the other one failed, the last time."""

    @property
    def held(self) -> list[Part]:
        """Halves that failed, and wait for the other one."""
        held = [part for division in self._open for part, _ in division.failed if not division.days_failed]
        return held + [part for division in self._open for part, _ in division.days_failed]

    def read(self, part: Part, rows: int) -> None:
        """So many rows came of it. `ended` is still to be called."""
        if division := part.division:
            division.read += 1
            division.rows += rows

    def failed(self, part: Part, failure: Failure) -> list[Division]:
        if part.division:
            part.division.failed.append((part, failure))
            return self.ended(part.division)
        return self._divide(part, failure, first_axis(part.area, failure, self._facts), part.trouble)

    def left(self, part: Part) -> list[Division]:
        """The part ends without having been read or divided as a whole."""
        division, part.division = part.division, None
        if not division:
            return []
        division.is_torn = True
        return self.ended(division)

    def ended(self, division: Division) -> list[Division]:
        """One of its halves has: once both have, those that failed are divided."""
        division.pending -= 1
        if division.pending:
            return []
        self._open.remove(division)
        if division.read == 2:
            self._capacity.failed(Size.of(division.whole, division.rows))
            return []
        if not division.read and (by_sequences := division.by_sequences()):
            self._open.append(by_sequences)
            return [by_sequences]
        if division.read:
            self._last_gain = division.axis
        is_for_days = self._last_gain is Axis.DAYS and self._capacity.has_passed(len(division.whole.sequence_ids))
        failed, axis = division.to_divide(is_for_days=is_for_days)
        edges_last = sorted(failed, key=lambda each: is_edge(each[0], self._coverage))
        return [new for part, failure in edges_last for new in self._divide(part, failure, axis, division.next_trouble)]

    def _divide(self, part: Part, failure: Failure, axis: Axis, trouble: int) -> list[Division]:
        window = part.area
        is_future = window.days.first > self._last_begun and failure.kind is FailureKind.REFUSED
        if is_future and (axis is Axis.DAYS or len(window.sequence_ids) == 1):
            self.left_out.append(window.days)
        elif division := divide(part, failure, axis, trouble, self._facts):
            self._open.append(division)
            return [division]
        else:
            self.given_up.append(window)
        return []


def is_edge(part: Part, coverage: Coverage) -> bool:
    """Whether the day before or after what it is a half of was read: what fails may end within it."""
    division = part.division
    if division is None or (division.axis is Axis.SEQUENCES and part.area.days.length == 1):
        return False
    return bool(coverage.get(division.whole.sequence_ids[0], NOTHING_READ).covered & division.days_beside)
