"""What is read next: parts of what failed just now, then the plan, then all other parts, least trouble first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..due.coverage import Coverage
from ..due.window import Window
from ..windows.capacity import Capacity
from ..windows.slicer import Slicer
from .budget import Budget
from .division import Division, Part
from .divisions import Divisions, is_edge
from .facts import Facts
from .pieces import pieces_of

MAX_URGENT_TROUBLE = 2
"""The trouble up to which parts go out before the plan, if windows of as many sequences go through elsewhere."""
MAX_PLAN_FAILURES = 16
"""Windows of the plan that fail in a row before the rest of it is trouble, because it may be no better."""


class Queue:
    """`remembered` is what earlier syncs gave up, asked for longest ago first."""

    def __init__(
        self,
        slicer: Slicer,
        capacity: Capacity,
        coverage: Coverage,
        facts: Facts,
        divisions: Divisions,
        remembered: Iterable[Window],
    ) -> None:
        self.reading: dict[Window, Part] = {}
        self._slicer = slicer
        self._capacity = capacity
        self._coverage = coverage
        self._facts = facts
        self._divisions = divisions
        self._urgent: list[Part] = []
        self._later = [Part(area, trouble=1, is_whole=True) for area in remembered][::-1]
        self._budget = Budget(groups=len({part.area.sequence_ids for part in self._later}))
        self._trial: Part | None = None
        """The part of the plan that is to show what the plan holds."""
        self._plan_failures = 0
        self._is_relief_due = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left that is worth a call."""
        return not (self._slicer.plan or self._urgent or (self._later and not self._budget.is_spent))

    @property
    def waiting(self) -> list[Part]:
        """All but the plan."""
        return [*reversed(self._later), *reversed(self._urgent)]

    def next(self, retention_start: date) -> Part | None:
        """None if nothing should go out now, or nothing is left that is worth a call."""
        if not self._budget.allows_urgent:
            self._put_off_urgent()
        while part := self._first_in_line(retention_start):
            pieces = pieces_of(part, retention_start, self._facts, self._slicer)
            (self.put_last if part.is_charged else self.put)(pieces.rest)
            self.put_last(pieces.last)
            if pieces.too_large:
                self._slicer.plan.appendleft(pieces.too_large)
            if pieces.now is not part:
                self.leave(part)
            if pieces.now:
                pieces.now.is_charged = part.is_charged
                return pieces.now
        return None

    def _first_in_line(self, retention_start: date) -> Part | None:
        if self._urgent:
            self._urgent.sort(key=lambda part: (self._is_edge(part), not part.trouble))  # where something may end first
            return self._urgent.pop()
        self._relieve()
        if any(part.division or part is self._trial for part in self.reading.values()):
            return None
        is_guess = self._slicer.is_guessing
        if window := self._slicer.next(retention_start, self._facts.refused.keys()):
            part = Part(window)
            self._trial = part if is_guess else None
            return part
        if self.reading or self._budget.is_spent or not self._later:
            return None
        self._later.sort(
            key=lambda part: (self._is_edge(part), -part.trouble, -self._facts.failures(part.area.sequence_ids))
        )
        part = self._later.pop()
        part.is_charged = True
        return part

    def end(self, window: Window) -> Part:
        """It is no longer being read."""
        return self.reading.pop(window)

    def put(self, parts: Iterable[Part]) -> None:
        """They are read next, the first of them first."""
        self._urgent += list(parts)[::-1]

    def put_last(self, parts: Iterable[Part]) -> None:
        """They are read after all others that are as likely to be read, the first of them first."""
        self._later[:0] = list(parts)[::-1]

    def put_halves(self, divisions: Iterable[Division]) -> None:
        """They are read next, unless that has brought too little so far."""
        for division in divisions:
            parts = [Part(half, division.trouble, division, is_charged=division.is_charged) for half in division.halves]
            is_hopeless = division.trouble > MAX_URGENT_TROUBLE and not any(map(self._is_edge, parts))
            if is_hopeless and self._capacity.has_passed(len(division.whole.sequence_ids)):
                self.put_last(parts)
            else:
                self.put(parts)

    def leave(self, part: Part) -> None:
        """The part ends without having been read or divided as a whole."""
        self.put_halves(self._divisions.left(part))

    def went_through(self, part: Part) -> None:
        if not part.is_probe:
            self._budget.gained(is_charged=part.is_charged)
            self._plan_failures = 0
        if part.division:
            self.put_halves(self._divisions.ended(part.division))

    def failed(self, part: Part, calls: int) -> None:
        self._budget.failed(calls, is_charged=part.is_charged)
        if not part.is_known_trouble:
            self._plan_failed()

    def set_apart(self, sequence_id: str) -> None:
        """The rest of the sequence leaves the plan, and comes later."""
        if sequence_id not in self._facts.apart:
            self._facts.apart.add(sequence_id)
            self._is_relief_due = True
            self.put_last(Part(area, trouble=1, is_whole=True) for area in self._slicer.take({sequence_id}))

    def _plan_failed(self) -> None:
        self._plan_failures += 1
        if self._plan_failures >= MAX_PLAN_FAILURES:
            self.put_last(Part(area, trouble=1, is_whole=True) for area in reversed(self._slicer.plan))
            self._slicer.plan.clear()

    def _is_edge(self, part: Part) -> bool:
        return is_edge(part, self._coverage)

    def _put_off_urgent(self) -> None:
        hopeless = [part for part in self._urgent if not (part.division and part.division.is_search)]
        self.put_last(reversed(hopeless))
        self._urgent = [part for part in self._urgent if part not in hopeless]
        self._is_relief_due |= bool(hopeless)

    def _relieve(self) -> None:
        """What failed with a sequence that has left since goes back to the plan without it."""
        if not (self._is_relief_due and self._later):
            return
        self._is_relief_due = False
        self._plan_failures = 0  # they failed with what has left: the plan is another one now
        gone = self._facts.refused.keys() | self._facts.apart
        for part in list(self._later):
            failed = part.division.whole if part.division else part.area
            if gone.isdisjoint(failed.sequence_ids) or not (rest := part.area.without(gone)).sequence_ids:
                continue
            self.leave(part)
            self._slicer.plan.appendleft(rest)
            if rest == part.area:
                self._later.remove(part)
            else:
                part.area = part.area.only(gone)
