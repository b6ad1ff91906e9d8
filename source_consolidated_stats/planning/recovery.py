"""What becomes of windows that fail: read again in parts, until what fails is as little as possible.

A failure is narrowed down only while other calls go through: `Health` says when a probe has to show that first.
"""

from __future__ import annotations

from datetime import date

from .capacity import Capacity, Size
from .days import ONE_DAY, Days
from .evidence import Evidence
from .failure import Failure, FailureKind, Verdict
from .health import Health
from .suspects import Suspects
from .unbegun import UnbegunDays
from .window import Window

MAX_FAILED_CALLS = 60
"""What narrowing down may spend in a sync: once it is spent, a part that fails is given up whole."""


class Recovery:
    """The windows of a sync that are read again. `last_begun` is the last day that has begun everywhere."""

    def __init__(self, capacity: Capacity, last_begun: date) -> None:
        self.suspects = Suspects()
        self.given_up: list[Window] = []
        self._unresolved: set[str] = set()
        self._capacity = capacity
        self._stack: list[Window] = []
        self._unbegun = UnbegunDays(last_begun)
        self._suspended: list[tuple[Window, Failure]] = []
        self._deferred: list[tuple[Window, Failure]] = []
        self._edges: set[date] = set()
        """Days next to some that were read."""
        self._evidence = Evidence()
        self._health = Health()
        self._calls_left = MAX_FAILED_CALLS
        self._last_good: Window | None = None

    @property
    def is_empty(self) -> bool:
        return not (self._stack or self._unbegun.windows or self._suspended or self._deferred)

    @property
    def size(self) -> int:
        return len(self._stack) + len(self._unbegun.windows) + len(self._suspended) + len(self._deferred)

    @property
    def unresolved(self) -> set[str]:
        """Sequences that fail, or may be refused, and that no window asks for any longer."""
        return self._unresolved

    @property
    def excluded(self) -> set[str]:
        """Sequences that no window asks for any longer."""
        return self._unresolved | self.suspects.refused.keys()

    @property
    def needs_probe(self) -> bool:
        """Whether nothing but a probe should go out."""
        return self._health.needs_probe

    @property
    def is_down(self) -> bool:
        """Whether nothing goes through at all."""
        return self._health.is_down(refused_only=self._is_refusing)

    @property
    def _is_refusing(self) -> bool:
        """Whether nothing but refusals came so far."""
        kinds = {failure.kind for _, failure in self._suspended}
        return kinds == {FailureKind.REFUSED} and not self._health.any_success

    def next(self, retention_start: date, *, proven_only: bool) -> Window | None:
        """The next window to be read again; None if there is none now. Parts that are known to fail are split without
        a call."""
        excluded = self.excluded
        while self._stack:
            window = self._stack.pop().trimmed(retention_start, excluded)
            if window is None:
                continue
            size = Size(window.days.length, len(window.sequence_ids))
            halves = window.halve()
            if len(window.sequence_ids) > 1 and self.suspects.is_refused_for_sure(window):
                self._push(self.suspects.split(window))
            elif halves is None and self._evidence.is_bad_day(window):
                self._give_up(window)
            elif halves and self._capacity.is_too_heavy(size) and not self._evidence.is_bad_day(window):
                self._push(halves)
            elif proven_only and not self._capacity.is_proven(size):
                self._stack.append(window)
                return None
            else:
                return window
        return None

    def narrow_deferred(self) -> bool:
        """Once nothing else is left, narrows down one of the windows that fail for what they hold; gives whether there
        is one. Days come before sequences, and those next to days that were read before others: they show where what
        fails begins and ends."""
        while self._deferred:
            self._deferred.sort(key=lambda each: (each[0].days.length == 1, self._edges.isdisjoint(each[0].days)))
            if self._halve(*self._deferred.pop(0)) is Verdict.NARROWED:
                return True
        return False

    def next_unbegun(self, retention_start: date) -> Window | None:
        """A day that has not begun everywhere and was refused together with others; None if there is none."""
        return self._unbegun.next(retention_start, self.excluded)

    def probe(self, oldest: Window | None, retention_start: date) -> Window | None:
        """The smallest call there is, at days that were read before or the oldest of the plan, another day and sequence
        each time; None if all probes were made. If nothing but refusals came so far, the first asks for all sequences,
        since it may be the days that are refused."""
        places = [
            self._last_good,
            oldest,
            *(window for window, _ in self._suspended),
            *self._stack,
            *self._unbegun.windows,
        ]
        trimmed = (window.trimmed(retention_start, self.excluded) for window in places if window)
        place = next(filter(None, trimmed), None)
        if self.is_down or place is None:
            return None
        number, ids = self._health.failed_probes, place.sequence_ids
        day = place.days.last if number % 2 else place.days.first
        one_day = place._replace(days=Days(day, day))
        if self._is_refusing and number == 0:
            return one_day
        place_of_id = (0, len(ids) - 1, (len(ids) - 1) // 2)[number % 3]
        return one_day._replace(sequence_ids=(ids[place_of_id],))

    def again(self, window: Window) -> None:
        """Has `window` read again next."""
        self._stack.append(window)

    def succeeded(self, window: Window, *, is_probe: bool = False) -> None:
        """`window` was read."""
        self._last_good = window
        self._health.succeeded(is_probe=is_probe)
        self._edges |= {window.days.first - ONE_DAY, window.days.last + ONE_DAY}
        self.suspects.accept(window.sequence_ids)
        self._evidence.succeeded(window)
        self._release()

    def fail(self, window: Window, failure: Failure, *, is_probe: bool = False) -> Verdict:
        kind = failure.kind
        if kind is FailureKind.HOPELESS:
            self._health.lost_hope()
            return self._give_up(window)
        if not is_probe:
            self._calls_left -= failure.calls
        if kind is FailureKind.UNKNOWN_SEQUENCE:
            self._health.responded()
            self._release()
            return Verdict.READ_AGAIN if is_probe else self._refuse(window, failure)
        self._health.failed(is_probe=is_probe)
        if is_probe:
            return Verdict.READ_AGAIN
        if kind is FailureKind.ENDLESS_PAGES:
            self._health.met_endless_pages()
            return self._give_up(window)
        is_part = self._evidence.is_part(window)
        if is_part and self._calls_left <= 0:
            return self._give_up_unread(window)
        if kind is FailureKind.CIRCUIT_OPEN and not (is_part and window.halve()):
            self._stack.insert(len(self._stack) if is_part else 0, window)
            return Verdict.READ_AGAIN
        if not self._health.any_success or (kind is not FailureKind.REFUSED and self._health.failures_in_a_row > 1):
            self._suspended.append((window, failure))
            return Verdict.READ_AGAIN
        return self._narrow(window, failure)

    def give_up_all(self) -> None:
        """Ends all that was to be read again."""
        failed = [window for window, _ in (*self._suspended, *self._deferred)]
        self.given_up += [*failed, *self._stack, *self._unbegun.windows]
        self._suspended, self._deferred, self._stack, self._unbegun.windows = [], [], [], []

    def _release(self) -> None:
        """What waited for something to go through is narrowed down."""
        suspended, self._suspended = self._suspended, []
        for window, failure in suspended:
            self._narrow(window, failure)

    def _narrow(self, window: Window, failure: Failure) -> Verdict:
        if failure.kind is FailureKind.REFUSED:
            self._health.responded()
            return self._refuse(window, failure)
        if self._calls_left <= 0:
            return self._give_up_unread(window)
        size = Size(window.days.length, len(window.sequence_ids))
        is_proven = self._capacity.is_proven(size)
        self._evidence.failed(window)
        self._capacity.failed(size)
        return self._blame(window, failure) if is_proven else self._halve(window, failure)

    def _blame(self, window: Window, failure: Failure) -> Verdict:
        """It is not the size of the window but what it holds. Unless sequences were read elsewhere, they may be the
        reason; they are not if others fail on the same days too."""
        unknown = self.suspects.unknown(window.sequence_ids)
        is_whole = len(unknown) == len(window.sequence_ids) and not self._evidence.is_part(window)
        if not unknown or is_whole or self._evidence.others_failed_on_its_days(window):
            return self._defer(window, failure)
        if len(window.sequence_ids) > 1:
            self._evidence.narrowed(window)
            self._push(self.suspects.split(window))
            return Verdict.NARROWED
        if self._evidence.bad_sequences.issuperset(unknown):
            self._unresolved.update(unknown)
            return self._give_up(window)
        self._evidence.bad_sequences.update(unknown)
        return self._defer(window, failure)

    def _defer(self, window: Window, failure: Failure) -> Verdict:
        """It is not the size of the window but what it holds: all others come first."""
        self._deferred.append((window, failure))
        return Verdict.DEFERRED

    def _halve(self, window: Window, failure: Failure) -> Verdict:
        if self._calls_left <= 0 or self._evidence.is_bad_day(window):
            return self._give_up(window)
        bad = self._evidence.bad_sequences.intersection(window.sequence_ids)
        others = window.without(bad)
        if bad and not others.sequence_ids and len(bad) == 1:
            self._unresolved |= bad
            return self._give_up(window)
        parts = (others, window.of(bad)) if bad and others.sequence_ids else window.halve()
        if not parts:
            self._evidence.failed_alone(window.days.first, self.suspects.unknown(window.sequence_ids))
            return self._give_up(window)
        self._evidence.narrowed(window)
        self._push(parts)
        return Verdict.NARROWED

    def _refuse(self, window: Window, failure: Failure) -> Verdict:
        """Finds out what is refused: open days first, then sequences, then closed days."""
        if self._unbegun.concern(window):
            if window.days.length == 1:
                return Verdict.DAY_LEFT_OUT
            if begun := self._unbegun.set_apart(window):
                self._stack.append(begun)
            return Verdict.NARROWED
        unknown = self.suspects.unknown(window.sequence_ids)
        if not unknown:
            return self._defer(window, failure)
        if len(window.sequence_ids) == 1:
            self.suspects.refuse(window.sequence_ids[0], failure.words)
            return Verdict.SEQUENCE_REFUSED
        if self._calls_left <= 0:
            return self._give_up_search(window, unknown)
        if self.suspects.suspect(window.sequence_ids):
            self._stack.insert(0, window)
        else:
            self._push(self.suspects.split(window))
        return Verdict.NARROWED

    def _give_up_unread(self, window: Window) -> Verdict:
        """Narrowing down has cost enough. Sequences that were never read, while others were, are left out, so that the
        others still come."""
        unknown = self.suspects.unknown(window.sequence_ids)
        if unknown and len(unknown) < len(window.sequence_ids):
            return self._give_up_search(window, unknown)
        if window.halve() is None:
            self._evidence.failed_alone(window.days.first, unknown)
        self._health.gave_up()
        return self._give_up(window)

    def _give_up_search(self, window: Window, unknown: tuple[str, ...]) -> Verdict:
        """One of the `unknown` sequences is refused or fails, but the search has cost enough: none of them is read."""
        self._unresolved.update(unknown)
        self.suspects.drop(unknown)
        rest = window.without(unknown)
        if rest.sequence_ids:
            self._stack.append(rest)
        return self._give_up(window.of(unknown))

    def _give_up(self, window: Window) -> Verdict:
        self.given_up.append(window)
        return Verdict.GIVEN_UP

    def _push(self, parts: tuple[Window, ...]) -> None:
        """The first of the parts is read first."""
        self._stack += [part for part in reversed(parts) if part.sequence_ids]
