"""How a window that fails is divided: into which halves, along which axis."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ..due.days import ONE_DAY, Days, DaySet, between, stretches
from ..due.window import Axis, Window
from .facts import Facts
from .failure import Failure, FailureKind

REFUSALS = (FailureKind.REFUSED, FailureKind.UNKNOWN_SEQUENCE)


@dataclass(eq=False)
class Part:
    """Something to be read that is not in the plan, or a window that is being read."""

    area: Window
    trouble: int = 0
    """How many divisions in a row, the last ones, brought nothing."""
    division: Division | None = None
    """That which it is a half of."""
    is_whole: bool = False
    """Whether it is still to be cut into windows, like the plan."""
    is_probe: bool = False
    is_charged: bool = False
    """Whether the budget pays for it."""
    is_deferred: bool = False
    """Whether it is tried once more, because its failure may have been stray."""

    @property
    def is_known_trouble(self) -> bool:
        """Whether it, or what it is a part of, failed before."""
        return bool(self.trouble or self.division)


Failed = tuple[Part, Failure]


@dataclass(eq=False)
class Division:
    """A window that failed, and is read in halves; or, as a question, one sequence of it on all of its days."""

    whole: Window
    axis: Axis
    halves: tuple[Window, ...]
    trouble: int
    is_charged: bool
    is_search: bool = False
    """Whether one of its sequences may be refused."""
    is_control: bool = False
    """Whether the first half has the sequences that are read elsewhere: if it is refused, it is for its days."""
    days_failed: list[Failed] = field(default_factory=list)
    """Of a question: both halves of the days, which failed before it."""
    ended: int = 0
    read: int = 0
    rows: int = 0
    failed: list[Failed] = field(default_factory=list)

    @cached_property
    def days_beside(self) -> DaySet:
        """The day before it and the one after it. They are compared with what is covered at each step."""
        first, last = self.whole.days
        return between(first - ONE_DAY, first - ONE_DAY) | between(last + ONE_DAY, last + ONE_DAY)

    @property
    def is_question(self) -> bool:
        return bool(self.days_failed)

    @property
    def have_days_failed(self) -> bool:
        """Whether both halves of the days have, of several sequences: it may be for the days or for the sequences."""
        return self.axis is Axis.DAYS and len(self.failed) == len(self.halves) and len(self.whole.sequence_ids) > 1

    def question(self, sequence_id: str) -> Division:
        row = self.whole.only({sequence_id})
        return Division(self.whole, Axis.SEQUENCES, (row,), self.trouble, self.is_charged, days_failed=self.failed)

    @property
    def next_axis(self) -> Axis:
        """That along which its halves are divided."""
        return Axis.DAYS if self.is_control and not self.read else self.axis

    @property
    def next_trouble(self) -> int:
        """That of what is divided further. A search for refused sequences is none."""
        if self.read:
            return 0
        return self.trouble if self.is_search else self.trouble + 1


def first_axis(window: Window, failure: Failure, facts: Facts) -> Axis:
    """A refusal is about the sequences, unless all of them are read elsewhere; a failure is about days or size."""
    if failure.kind is FailureKind.REFUSED:
        return Axis.SEQUENCES if facts.unknown(window.sequence_ids) else Axis.DAYS
    return Axis.SEQUENCES if failure.kind is FailureKind.UNKNOWN_SEQUENCE else Axis.DAYS


def future_days_apart(window: Window, last_begun: date) -> tuple[list[Window], list[Window]] | None:
    """Days that have not begun everywhere may be what is refused: the other days, and each of these by itself; None if
    it has none of them beside others."""
    asked = between(*window.days)
    begun = asked & between(date.min, last_begun)
    if window.closed or window.days.length == 1 or begun == asked:
        return None
    first = max(window.days.first, last_begun + ONE_DAY)
    future = [first + number * ONE_DAY for number in range((window.days.last - first).days + 1)]
    return [window._replace(days=days) for days in stretches(begun)], [
        window._replace(days=Days(day, day)) for day in future
    ]


def divide(part: Part, failure: Failure, axis: Axis, trouble: int, facts: Facts) -> Division | None:
    """`part` divided along `axis`, or along the other one if that has to be; None if it is one day of one sequence."""
    window = part.area
    axis = axis if window.halve(axis) else axis.other
    halves, is_control = window.halve(axis), False
    if failure.kind is FailureKind.REFUSED and axis is Axis.SEQUENCES:
        unknown = frozenset(facts.unknown(window.sequence_ids))
        is_control = 0 < len(unknown) < len(window.sequence_ids)
        halves = (window.without(unknown), window.only(unknown)) if is_control else halves
    if halves is None:
        return None
    is_search = failure.kind in REFUSALS and axis is Axis.SEQUENCES
    return Division(window, axis, halves, trouble, part.is_charged, is_search, is_control)
