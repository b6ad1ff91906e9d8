"""What failed, until both of its halves have ended: then that which failed is divided further, or given up."""

from __future__ import annotations

from datetime import date

from ..due.coverage import NOTHING_READ, Coverage
from ..due.days import Days
from ..due.window import Axis, Window
from ..windows.capacity import Capacity, Size
from .division import Division, Failed, Part, divide, first_axis
from .facts import Facts
from .failure import Failure, FailureKind


class Divisions:
    """Each step gives the divisions whose halves are to be read now. `coverage` grows as windows are read."""

    def __init__(self, facts: Facts, capacity: Capacity, coverage: Coverage, last_begun: date) -> None:
        self.given_up: list[Window] = []
        self.left_out: list[Days] = []
        """Days that have not begun everywhere, which the API does not take yet."""
        self._facts = facts
        self._capacity = capacity
        self._coverage = coverage
        self._last_begun = last_begun
        self._open: list[Division] = []
        self._questions = 0
        """How many were asked."""

    @property
    def held(self) -> list[Part]:
        """Halves that failed, and wait for the other one."""
        return [part for division in self._open for part, _ in division.days_failed or division.failed]

    def is_too_early(self, window: Window, failure: Failure) -> bool:
        """Whether the API refuses days because they have not begun everywhere."""
        return failure.kind is FailureKind.REFUSED and window.days.first > self._last_begun

    def read(self, part: Part, rows: int) -> None:
        """It was read, with `rows` rows. `ended` is still to be called."""
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
        return self.ended(division)

    def ended(self, division: Division) -> list[Division]:
        """One of its halves has: once all have, those that failed are divided."""
        division.ended += 1
        if division.ended < len(division.halves):
            return []
        self._open.remove(division)
        if division.read == 2:
            self._capacity.failed(Size.of(division.whole, division.rows))
            return []
        if division.is_question and not division.read:
            return self._divide_all(division.days_failed, Axis.DAYS, division.next_trouble)
        if division.is_question or (division.have_days_failed and self._facts.all_were_read(division.whole.days)):
            return self._divide_by_sequences(division)
        if division.have_days_failed:
            return [self._ask(division)]
        return self._divide_all(division.failed, division.next_axis, division.next_trouble)

    def _ask(self, division: Division) -> Division:
        """Whether it is the days: one sequence is asked for on all of them, that of which most was read, and another
        one each time if several are read equally far."""
        self._questions += 1
        start = self._questions % len(division.whole.sequence_ids)
        ids = division.whole.sequence_ids[start:] + division.whole.sequence_ids[:start]
        sequence_id = max(ids, key=lambda one: self._coverage.get(one, NOTHING_READ).covered.bit_count())
        question = division.question(sequence_id)
        self._open.append(question)
        return question

    def _divide_by_sequences(self, division: Division) -> list[Division]:
        """Something is read on all of its days, so that it is not for them."""
        rest = division.whole.without(set(division.halves[0].sequence_ids)) if division.is_question else division.whole
        _, failure = (division.days_failed or division.failed)[0]
        return self._divide(Part(rest, is_charged=division.is_charged), failure, Axis.SEQUENCES, 0)

    def _divide_all(self, failed: list[Failed], axis: Axis, trouble: int) -> list[Division]:
        return [new for part, failure in failed for new in self._divide(part, failure, axis, trouble)]

    def _divide(self, part: Part, failure: Failure, axis: Axis, trouble: int) -> list[Division]:
        window = part.area
        if self.is_too_early(window, failure) and (axis is Axis.DAYS or len(window.sequence_ids) == 1):
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
