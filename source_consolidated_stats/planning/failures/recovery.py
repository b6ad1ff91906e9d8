"""What is read next, and what becomes of windows that fail: one queue, ordered by trouble.

What never failed comes first, and what failed comes last, least failed first. A window that fails is divided, and so
are its parts, until what fails is as little as possible:

    next ──► probe      calls fail in a row: is the API up? Asked where something was read, never where something failed
             urgent     parts of what failed just now: the next window would fail for the same reason
             plan       what never failed, from the slicer
             later      all other parts, least trouble first, while calls are left for them

    failed ─► unjudged  nothing went through yet: waits until something does
             division   waits for its other half. If that is read, it is divided further along the same axis; if that
                        fails too, along the other one, and it is more trouble; if both are read, it was the size, which
                        `Capacity` notes
             refused    one sequence, where others are read: left out from now on
             apart      one sequence fails where others are read: the rest of it leaves the plan, and comes later
             given up   one day of one sequence

Nothing goes out beside a failure: after one, a call at a time until one succeeds, then step by step more. Failed calls
are paid from a budget, and each part that is read pays into it: a search goes on while it gains, and stops when it does
not. What is left then is given up, and the next sync asks for it after all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..due.coverage import NOTHING_READ, Progress
from ..due.days import ONE_DAY, Days, DaySet, intersect, union
from ..due.window import Axis, Window
from ..windows.capacity import Capacity, Size
from ..windows.slicer import Slicer
from .division import REFUSALS, Division, Failed, Part, divide, first_axis
from .facts import Facts
from .failure import Failure, FailureKind, Verdict

MAX_FAILED_CALLS = 50
"""What parts of failed windows may spend in a sync, beside what they gain."""
GAIN = 3
"""Calls that may fail for each part that is read, or sequence that is found to be refused."""
MAX_URGENT = 20
"""Windows that fail without a gain before parts no longer go out before the plan."""
MAX_URGENT_TROUBLE = 2
"""The trouble up to which parts go out before the plan, if windows of as many sequences go through elsewhere."""
MAX_PLAN_FAILURES = 8
"""Windows of the plan that fail in a row before it is read from its other end."""
LAST = 100
"""The trouble of days on which nothing is read."""
_PLACES = (0.0, 1.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375)
"""Where probes ask, as shares of the sequences of their place."""


class Recovery:
    """Not safe for threads.

    `coverage` and `refused`, with the API's words for each sequence that it refuses, grow here. `last_begun` is the
    last day that has begun everywhere. `remembered` is what earlier syncs gave up, asked for longest ago first, and
    `known_place` something that they read, if they did.
    """

    def __init__(
        self,
        slicer: Slicer,
        capacity: Capacity,
        coverage: dict[str, Progress],
        refused: dict[str, str],
        workers: int,
        last_begun: date,
        remembered: Iterable[Window],
        known_place: Window | None,
    ) -> None:
        self.facts = Facts(refused)
        self._plan_failures = 0
        self._is_relief_due = False
        self._last_gain = Axis.DAYS
        """The axis along which one half was read and the other one failed, the last time."""
        self.is_stopped = False
        """Whether nothing goes through, so that nothing more is asked for."""
        self.left_out: list[Days] = []
        """Days that have not begun everywhere, which the API does not take yet."""
        self._reading: dict[Window, Part] = {}
        self._trial: Window | None = None
        self._workers = workers
        self._slicer = slicer
        self._capacity = capacity
        self._coverage = coverage
        self._last_begun = last_begun
        self._known_place = known_place
        self._urgent: list[Part] = []
        self._given_up: list[Window] = []
        self._later = [Part(area, trouble=1, is_whole=True) for area in remembered][::-1]
        self._unjudged: list[Failed] = []
        self._divisions: set[Division] = set()
        self._calls_left = MAX_FAILED_CALLS
        self._failures_without_gain = 0

    @property
    def is_idle(self) -> bool:
        return not self._reading

    @property
    def is_over(self) -> bool:
        """Whether nothing is being read, and nothing follows."""
        follows = self._slicer.plan or self._urgent or self._unjudged or (self._later and self._calls_left > 0)
        return self.is_idle and (self.is_stopped or not follows)

    @property
    def unread(self) -> list[Window]:
        """What was given up: that which was asked for longest ago first."""
        areas = (part.area.trimmed(date.min, self.facts.refused.keys()) for part in self._waiting())
        return [*filter(None, areas), *self._given_up]

    @property
    def left(self) -> int:
        """How many windows have not ended yet; those that are still to be cut are an estimate."""
        return len(self._reading) + len(self._waiting()) + self._slicer.estimate

    def next(self, retention_start: date) -> Window | None:
        """The next window, without days before `retention_start`, which the API no longer keeps; None if nothing should
        go out now, or nothing is left that is worth a call."""
        if self.is_stopped or len(self._reading) >= min(self._workers, 1 + self.facts.successes_in_a_row):
            return None
        if self.facts.in_doubt:
            part = None if self._reading else self._probe(retention_start)
        else:
            part = self._next_part(retention_start)
        if part is None:
            return None
        self._reading[part.area] = part
        return part.area

    def succeeded(self, window: Window, rows: int) -> None:
        """All of it was read."""
        part = self._end(window)
        self._capacity.passed(Size.of(window, rows))
        if not part.is_probe:
            self._slicer.completed(window, rows)
        if division := part.division:
            division.read += 1
            division.rows += rows
        self._went_through(part)

    def failed(self, window: Window, failure: Failure) -> Verdict:
        part = self._end(window)
        self.facts.failed(
            window, failure, is_probe=part.is_probe, is_small=self._capacity.has_passed(len(window.sequence_ids))
        )
        if failure.kind in {FailureKind.HOPELESS, FailureKind.UNREADABLE}:
            self._leave(part)
            self._given_up.append(window)
            self.is_stopped |= failure.kind is FailureKind.HOPELESS
            return Verdict.GIVEN_UP
        if part.is_probe:
            return Verdict.READ_AGAIN
        part.tries += 1
        if part.is_charged:
            self._calls_left -= failure.calls
        if not part.is_known_trouble:
            self._plan_failed()
        self._failures_without_gain += 1
        if self.facts.any_success or failure.kind is FailureKind.UNKNOWN_SEQUENCE:
            return self._judge(part, failure)
        self._unjudged.append((part, failure))
        return Verdict.READ_AGAIN

    def _plan_failed(self) -> None:
        """Windows next to those that fail may be no better: the other end of the plan is read first, and once that
        fails too, the rest is trouble."""
        self._plan_failures += 1
        if self._plan_failures % MAX_PLAN_FAILURES == 0:
            self._slicer.switch_ends()
        if self._plan_failures >= 2 * MAX_PLAN_FAILURES and self.facts.any_success:
            self._later[:0] = [Part(area, trouble=1, is_whole=True) for area in self._slicer.plan]
            self._slicer.plan.clear()

    def again(self, window: Window, *parts: Window) -> None:
        """It was read, and `parts` of it are to be read again next; but for a probe, whose window is still due."""
        part = self._end(window)
        if not part.is_probe:
            self._urgent += [Part(each) for each in reversed(parts)]
        self._went_through(part)

    def _waiting(self) -> list[Part]:
        later = [part for tried in (False, True) for part in self._later[::-1] if bool(part.tries) is tried]
        held = [part for division in self._divisions for part, _ in division.failed if not division.days_failed]
        held += [part for division in self._divisions for part, _ in division.days_failed]
        return [*later, *reversed(self._urgent), *held, *(part for part, _ in self._unjudged)]

    def _next_part(self, retention_start: date) -> Part | None:
        """In the order of reading."""
        if self._calls_left <= 0 or self._failures_without_gain >= MAX_URGENT:
            hopeless = [part for part in self._urgent if not (part.division and part.division.is_search)]
            self._later[:0] = hopeless
            self._urgent = [part for part in self._urgent if part not in hopeless]
            self._is_relief_due |= bool(hopeless)
        self._urgent.sort(key=lambda part: (self._is_edge(part), not part.trouble))  # where something may end first
        if part := self._pop(self._urgent, retention_start):
            return part
        self._relieve()
        if self._trial or any(part.division for part in self._reading.values()):
            return None
        is_guess = self._slicer.is_guessing
        if window := self._slicer.next(retention_start, self.facts.refused.keys()):
            self._urgent.append(Part(window))
            part = self._pop(self._urgent, retention_start)
            self._trial = part.area if is_guess and part else None
            return part or self._next_part(retention_start)
        if self._reading or self._calls_left <= 0:
            return None
        self._later.sort(key=lambda part: (self._is_edge(part), -part.trouble))
        part = self._pop(self._later, retention_start)
        if part:
            part.is_charged = True
            return part
        return self._next_part(retention_start) if self._slicer.plan else None

    def _went_through(self, part: Part) -> None:
        self.facts.succeeded(part.area, is_probe=part.is_probe)
        if not part.is_probe:
            self._failures_without_gain = 0
            self._plan_failures *= part.is_known_trouble
        if part.is_charged:
            self._calls_left += GAIN
        if part.division:
            self._half_ended(part.division)
        unjudged, self._unjudged = self._unjudged, []
        for failed, failure in unjudged:
            self._judge(failed, failure)

    def _relieve(self) -> None:
        """What failed with a sequence that has left since goes back to the plan without it."""
        if not (self._is_relief_due and self._later):
            return
        self._is_relief_due = False
        gone = self.facts.refused.keys() | self.facts.apart
        for part in list(self._later):
            failed = part.division.whole if part.division else part.area
            rest = part.area.without(gone)
            if gone.isdisjoint(failed.sequence_ids) or not rest.sequence_ids:
                continue
            self._leave(part)
            self._slicer.plan.appendleft(rest)
            if rest == part.area:
                self._later.remove(part)
            else:
                part.area = part.area.only(gone)

    def _pop(self, queue: list[Part], retention_start: date) -> Part | None:
        while queue:
            if part := self._ready(queue.pop(), queue, retention_start):
                return part
        return None

    def _end(self, window: Window) -> Part:
        self._trial = None if window == self._trial else self._trial
        return self._reading.pop(window)

    def _ready(self, part: Part, queue: list[Part], retention_start: date) -> Part | None:
        """The part if it can be read as it is; else None, and what is to be read in its place is in a queue."""
        area = part.area.trimmed(retention_start, self.facts.refused.keys())
        if area is None:
            self._leave(part)
            return None
        if (others := area.without(self.facts.apart)).sequence_ids and others != area:
            self._later.insert(0, Part(area.only(self.facts.apart), max(1, part.trouble), is_whole=part.is_whole))
            area = others
        if part.trouble < LAST and (day := self.facts.bad_day(area.days)):
            self._leave(part)
            pieces = [Days(area.days.first, day - ONE_DAY), Days(day + ONE_DAY, area.days.last)]
            queue += [Part(area._replace(days=days), part.trouble) for days in pieces if days.length > 0]
            self._later.insert(0, Part(area._replace(days=Days(day, day)), LAST))
            return None
        fit, rest = self._slicer.cut(area) if part.is_whole else self._slicer.fit(area, area.days.length)
        if rest and not part.is_whole:
            self._leave(part)
            self._return_to_plan(area)
            return None
        queue += [Part(piece, part.trouble, is_whole=part.is_whole, tries=part.tries) for piece in reversed(rest)]
        if fit == part.area:
            part.is_whole = False
            return part
        self._leave(part)
        return Part(fit, part.trouble, tries=part.tries)

    def _return_to_plan(self, area: Window) -> None:
        """Only its size is too much: it is cut anew, joined with parts of the same sequences that it is next to."""
        same = [part for part in self._urgent if part.area.sequence_ids == area.sequence_ids]
        days = union((area.days,), *((part.area.days,) for part in same))
        (stretch,) = (piece for piece in days if piece.first <= area.days.first <= piece.last)
        joined = [part for part in same if stretch.first <= part.area.days.first <= stretch.last]
        self._urgent[:] = [part for part in self._urgent if part not in joined]
        closed = area.closed and all(part.area.closed for part in joined)
        self._slicer.plan.appendleft(Window(area.sequence_ids, stretch, closed))
        for part in joined:
            self._leave(part)

    def _judge(self, part: Part, failure: Failure) -> Verdict:
        """Something goes through: it concerns what `part` asked for."""
        window, is_refusal = part.area, failure.kind in REFUSALS
        if failure.kind is FailureKind.REFUSED and self._set_future_days_apart(part):
            return Verdict.NARROWED
        if len(window.sequence_ids) == 1 and self.facts.others_were_read(window):
            (sequence_id,) = window.sequence_ids
            if is_refusal and self.facts.unknown(window.sequence_ids):
                return self._refuse(part, failure)
            self._set_apart(sequence_id)
        elif len(window.sequence_ids) == 1 and failure.kind is FailureKind.UNKNOWN_SEQUENCE:
            return self._refuse(part, failure)
        is_future = window.days.last > self._last_begun and is_refusal
        if window.is_one_cell and not is_future:
            return self._give_up(part, failure)
        if part.division:
            part.division.failed.append((part, failure))
            self._half_ended(part.division)
        else:
            self._divide(part, failure, first_axis(window, failure, self.facts), part.trouble)
        return Verdict.NARROWED

    def _half_ended(self, division: Division) -> None:
        """Once both halves have ended, those that failed are divided."""
        division.pending -= 1
        if division.pending:
            return
        self._divisions.discard(division)
        if division.read == 2:
            self._capacity.failed(Size.of(division.whole, division.rows), division.axis)
        elif not division.read and (by_sequences := division.by_sequences()):
            self._put(by_sequences)
        else:
            if division.read:
                self._last_gain = division.axis
            is_for_days = self._last_gain is Axis.DAYS and self._capacity.has_passed(len(division.whole.sequence_ids))
            failed, axis = division.to_divide(is_for_days=is_for_days)
            for part, failure in sorted(failed, key=lambda each: self._is_edge(each[0])):
                self._divide(part, failure, axis, division.next_trouble)

    def _divide(self, part: Part, failure: Failure, axis: Axis, trouble: int) -> None:
        window = part.area
        is_future = window.days.first > self._last_begun and failure.kind is FailureKind.REFUSED
        if is_future and (axis is Axis.DAYS or len(window.sequence_ids) == 1):
            self.left_out.append(window.days)
        elif division := divide(part, failure, axis, trouble, self.facts):
            self._put(division)
        else:
            self._given_up.append(window)

    def _put(self, division: Division) -> None:
        """Has both halves read: next, unless that has brought too little so far."""
        self._divisions.add(division)
        parts = [
            Part(half, division.trouble, division, is_charged=division.is_charged) for half in reversed(division.halves)
        ]
        is_hopeless = division.trouble > MAX_URGENT_TROUBLE and not any(map(self._is_edge, parts))
        if is_hopeless and self._capacity.has_passed(len(division.whole.sequence_ids)):
            self._later[:0] = parts
            self._is_relief_due = True
        else:
            self._urgent += parts

    def _is_edge(self, part: Part) -> bool:
        """Whether the day before or after what it is a half of was read: what fails may end within it."""
        division = part.division
        if division is None or (division.axis is Axis.SEQUENCES and part.area.days.length == 1):
            return False
        (first, last), covered = division.whole.days, self._covered(division.whole)
        return bool(intersect(covered, (Days(first - ONE_DAY, first - ONE_DAY), Days(last + ONE_DAY, last + ONE_DAY))))

    def _covered(self, window: Window) -> DaySet:
        return self._coverage.get(window.sequence_ids[0], NOTHING_READ).covered

    def _set_future_days_apart(self, part: Part) -> bool:
        """Days that have not begun everywhere may be what is refused: they are asked for one by one, after all others,
        when it is known which sequences are refused. Gives whether `part` has such days beside others."""
        window, day = part.area, max(part.area.days.first, self._last_begun + ONE_DAY)
        if window.closed or window.days.length == 1 or day > window.days.last:
            return False
        self._leave(part)
        while day <= window.days.last:
            self._later.insert(0, Part(window._replace(days=Days(day, day))))
            day += ONE_DAY
        if window.days.first <= self._last_begun:
            self._urgent.append(Part(window._replace(days=Days(window.days.first, self._last_begun)), part.trouble))
        return True

    def _refuse(self, part: Part, failure: Failure) -> Verdict:
        (sequence_id,) = part.area.sequence_ids
        self.facts.refused[sequence_id] = failure.api_message
        self._coverage.pop(sequence_id, None)
        self._is_relief_due = True
        self._calls_left += GAIN + failure.calls
        self._failures_without_gain = 0
        self._leave(part)
        return Verdict.SEQUENCE_REFUSED

    def _set_apart(self, sequence_id: str) -> None:
        if sequence_id not in self.facts.apart:
            self.facts.apart.add(sequence_id)
            self._is_relief_due = True
            areas = self._slicer.take({sequence_id})
            self._later[:0] = [Part(area, trouble=1, is_whole=True) for area in reversed(areas)]

    def _give_up(self, part: Part, failure: Failure) -> Verdict:
        """One day of one sequence. A failure that was not tried again may be stray, so it is, after all others."""
        self._leave(part)
        if failure.kind is FailureKind.CIRCUIT_OPEN and part.tries == 1:
            self._later.insert(0, Part(part.area, part.trouble + 1, tries=part.tries))
            return Verdict.DEFERRED
        self._given_up.append(part.area)
        return Verdict.GIVEN_UP

    def _leave(self, part: Part) -> None:
        """The part ends without having been read or divided as a whole."""
        if division := part.division:
            part.division = None
            division.is_torn = True
            self._half_ended(division)

    def _probe(self, retention_start: date) -> Part | None:
        """The smallest call there is, another day and sequence each time; None if the API is down."""
        waiting = (part.area for part in self._waiting())
        places = (self.facts.last_read, self._known_place, *reversed(self._slicer.plan), *waiting)
        trimmed = (place.trimmed(retention_start, self.facts.refused.keys()) for place in places if place)
        place = next(filter(None, trimmed), None)
        if self.facts.is_down or place is None:
            self.is_stopped = True
            return None
        number, ids, days = self.facts.failed_probes, place.sequence_ids, place.days
        newest = days.last if days.first >= self._last_begun else min(days.last, self._last_begun)
        day = newest if number % 2 else days.first
        one = ids[round(_PLACES[number] * (len(ids) - 1))]
        return Part(Window((one,), Days(day, day), place.closed), is_probe=True)
