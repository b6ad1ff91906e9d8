"""What is read next, and what becomes of windows that fail: one queue, ordered by trouble.

What never failed comes first, and what failed comes last, least failed first. A window that fails is divided, and so
are its parts, until what fails is as little as possible:

    next ──► probe      calls fail in a row: is the API up? Asked where something was read, never where something failed
    Queue    urgent     parts of what failed just now: the next window would fail for the same reason
             plan       what never failed, from the slicer
             later      all other parts, least trouble first, while calls are left for them; of as much trouble, those
                        whose sequences failed least often since anything was read of them

    failed ─► refused    one sequence, where others are read: left out from now on
             apart      one sequence fails where others are read: the rest of it leaves the plan, and comes later
             division   waits for its other half. If that is read, it is divided further along the same axis; if both
    Divisions           are read, it was the size, which `Capacity` notes
             question   both halves of its days fail: is it the days? One sequence is asked for on all of them. If that
                        is read, it is divided by sequences, else by days further, and it is more trouble
             given up   one day of one sequence

Nothing goes out beside a failure: after one, a call at a time until one succeeds, then step by step more. Failed calls
are paid from a budget, and each part that is read pays into it: a search goes on while it gains, and stops when it does
not. What is left then is given up, and the next sync asks for it after all others, in turn and with fewer calls.

Who knows whom: Recovery ─► Queue ─► Divisions ─► Facts, `Capacity`. `pieces` has what a part is read in, `Budget` what
may be spent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..due.coverage import Coverage
from ..due.days import Days
from ..due.window import Window
from ..windows.capacity import Capacity, Size
from ..windows.slicer import Slicer
from .division import Part, future_days_apart
from .divisions import Divisions
from .facts import Facts
from .failure import Failure, FailureKind, Verdict
from .probe import probe
from .queue import Queue


class Recovery:
    """Not safe for threads.

    `coverage` grows as windows are read, and `refused`, with the API's words for each sequence that it refuses, grows
    here. `last_begun` is the last day that has begun everywhere. `remembered` is what earlier syncs gave up, asked for
    longest ago first, and `known_place` something that they read, if they did.
    """

    def __init__(
        self,
        slicer: Slicer,
        capacity: Capacity,
        coverage: Coverage,
        refused: dict[str, str],
        workers: int,
        last_begun: date,
        remembered: Iterable[Window],
        known_place: Window | None,
    ) -> None:
        self.facts = Facts(refused)
        self.is_stopped = False
        """Whether nothing goes through, so that nothing more is asked for."""
        self._slicer = slicer
        self._capacity = capacity
        self._workers = workers
        self._last_begun = last_begun
        self._known_place = known_place
        self._divisions = Divisions(self.facts, capacity, coverage, last_begun)
        self._queue = Queue(slicer, capacity, coverage, self.facts, self._divisions, remembered)

    @property
    def is_idle(self) -> bool:
        return not self._queue.reading

    @property
    def is_over(self) -> bool:
        """Whether nothing is being read, and nothing follows."""
        return self.is_idle and (self.is_stopped or self._queue.is_empty)

    @property
    def left_out(self) -> list[Days]:
        """Days that have not begun everywhere, which the API does not take yet."""
        return self._divisions.left_out

    @property
    def unread(self) -> list[Window]:
        """What was given up: that which was asked for longest ago first."""
        return [*(part.area for part in self._waiting()), *self._divisions.given_up]

    @property
    def left(self) -> int:
        """How many windows have not ended yet; those that are still to be cut are an estimate."""
        return len(self._queue.reading) + len(self._waiting()) + self._slicer.estimate

    def next(self, retention_start: date) -> Window | None:
        """The next window, without days before `retention_start`, which the API no longer keeps; None if nothing should
        go out now, or nothing is left that is worth a call."""
        reading = self._queue.reading
        if self.is_stopped or len(reading) >= min(self._workers, 1 + self.facts.successes_in_a_row):
            return None
        if self.facts.in_doubt and reading:
            return None
        part = self._probe() if self.facts.in_doubt else self._queue.next(retention_start)
        if part is None:
            return None
        reading[part.area] = part
        return part.area

    def succeeded(self, window: Window, rows: int) -> None:
        """All of it was read."""
        part = self._queue.end(window)
        self._capacity.passed(Size.of(window, rows))
        if not part.is_probe:
            self._slicer.completed(window, rows)
        self._divisions.read(part, rows)
        self._went_through(part)

    def again(self, window: Window, *parts: Window) -> None:
        """It was read, and `parts` of it are to be read again next; but for a probe, whose window is still due."""
        part = self._queue.end(window)
        if not part.is_probe:
            self._queue.put(map(Part, parts))
        self._went_through(part)

    def failed(self, window: Window, failure: Failure) -> Verdict:
        part = self._queue.end(window)
        self.facts.failed(window, failure, is_probe=part.is_probe)
        if failure.kind in {FailureKind.HOPELESS, FailureKind.UNREADABLE}:
            self._queue.leave(part)
            self._divisions.given_up.append(window)
            self.is_stopped |= failure.kind is FailureKind.HOPELESS
            return Verdict.GIVEN_UP
        if part.is_probe:
            return self._refuse(part, failure) if self.facts.is_refused(window, failure) else Verdict.READ_AGAIN
        self._queue.failed(part, failure.calls)
        return self._judge(part, failure)

    def _waiting(self) -> list[Part]:
        return [*self._queue.waiting, *self._divisions.held]

    def _went_through(self, part: Part) -> None:
        self.facts.succeeded(part.area, is_probe=part.is_probe)
        self._queue.went_through(part)

    def _judge(self, part: Part, failure: Failure) -> Verdict:
        window = part.area
        if failure.kind is FailureKind.REFUSED and (future := future_days_apart(window, self._last_begun)):
            self._put_future_days_last(part, *future)
            return Verdict.NARROWED
        if self.facts.is_refused(window, failure):
            return self._refuse(part, failure)
        if len(window.sequence_ids) == 1 and self.facts.others_were_read(window):
            self._queue.set_apart(window.sequence_ids[0])
        if window.is_one_cell and not self._divisions.is_too_early(window, failure):
            return self._give_up(part, failure)
        self._queue.put_halves(self._divisions.failed(part, failure))
        return Verdict.NARROWED

    def _put_future_days_last(self, part: Part, begun: list[Window], future: list[Window]) -> None:
        """They are asked for when it is known which sequences are refused."""
        self._queue.leave(part)
        self._queue.put_last(map(Part, future))
        self._queue.put(Part(window, part.trouble) for window in begun)

    def _refuse(self, part: Part, failure: Failure) -> Verdict:
        (sequence_id,) = part.area.sequence_ids
        self.facts.refused[sequence_id] = failure.api_message
        self._queue.leave(part)
        return Verdict.SEQUENCE_REFUSED

    def _give_up(self, part: Part, failure: Failure) -> Verdict:
        """One day of one sequence. A failure that was not tried again may be stray, so it is, after all others."""
        self._queue.leave(part)
        if failure.kind is FailureKind.CIRCUIT_OPEN and not part.is_deferred:
            self._queue.put_last([Part(part.area, part.trouble, is_deferred=True)])
            return Verdict.DEFERRED
        self._divisions.given_up.append(part.area)
        return Verdict.GIVEN_UP

    def _probe(self) -> Part | None:
        """None if the API is down."""
        waiting = (part.area for part in self._waiting())
        places = (self.facts.last_read, self._known_place, *self._slicer.plan, *waiting)
        place = next(filter(None, places), None)
        if self.facts.is_down or place is None:
            self.is_stopped = True
            return None
        return Part(probe(place, self.facts.failed_probes), is_probe=True)
