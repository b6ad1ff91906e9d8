"""Divides windows that fail, until what fails is as little as possible: one day of one sequence."""

from __future__ import annotations

from ..due.window import Window
from ..windows.capacity import Capacity, Size
from .backlog import Backlog
from .evidence import Evidence
from .failure import Failure, FailureKind, Verdict
from .health import Health
from .suspects import Suspects

MAX_FAILED_CALLS = 60
"""What narrowing down may spend in a sync: once it is spent, a part that fails is given up whole."""


class Narrowing:
    """Puts the parts of failed windows onto `backlog`."""

    def __init__(self, backlog: Backlog, capacity: Capacity, health: Health) -> None:
        self.suspects = Suspects()
        self.evidence = Evidence()
        self.unresolved: set[str] = set()
        """Sequences that fail, or may be refused, and that no window asks for any longer."""
        self._backlog = backlog
        self._capacity = capacity
        self._health = health
        self._calls_left = MAX_FAILED_CALLS

    @property
    def excluded(self) -> set[str]:
        """Sequences that no window asks for any longer."""
        return self.unresolved | self.suspects.refused.keys()

    def spend(self, calls: int) -> None:
        """So many calls failed."""
        self._calls_left -= calls

    def has_spent_enough_on(self, window: Window) -> bool:
        """Whether `window` is a part of one that failed, and no more calls are to be spent on such parts."""
        return self._calls_left <= 0 and self.evidence.is_part(window)

    def known_to_fail(self, window: Window) -> bool:
        """Whether `window` cannot be divided, and fails without a doubt."""
        return window.halve() is None and self.evidence.is_bad_day(window)

    def parts_of(self, window: Window) -> tuple[Window, ...]:
        """The parts of a window that fails as a whole without a doubt; none if a call has to show whether it does."""
        if len(window.sequence_ids) > 1 and self.suspects.is_refused_for_sure(window):
            return self.suspects.split(window)
        is_too_heavy = self._capacity.is_too_heavy(Size.of(window)) and not self.evidence.is_bad_day(window)
        return (is_too_heavy and window.halve()) or ()

    def narrow(self, window: Window, failure: Failure) -> Verdict:
        if failure.kind is FailureKind.REFUSED:
            self._health.responded()
            return self.refuse(window, failure)
        if self._calls_left <= 0:
            return self.give_up_unread(window)
        size = Size.of(window)
        is_proven = self._capacity.is_proven(size)
        self.evidence.failed(window)
        self._capacity.failed(size)
        return self._blame(window, failure) if is_proven else self.halve(window)

    def halve(self, window: Window) -> Verdict:
        if self._calls_left <= 0 or self.evidence.is_bad_day(window):
            return self._backlog.give_up(window)
        bad = self.evidence.bad_sequences.intersection(window.sequence_ids)
        others = window.without(bad)
        if bad and not others.sequence_ids and len(bad) == 1:
            self.unresolved |= bad
            return self._backlog.give_up(window)
        parts = (others, window.of(bad)) if bad and others.sequence_ids else window.halve()
        if not parts:
            self.evidence.failed_alone(window.days.first, self.suspects.unknown(window.sequence_ids))
            return self._backlog.give_up(window)
        return self._divide(window, parts)

    def refuse(self, window: Window, failure: Failure) -> Verdict:
        """Finds out what is refused: open days first, then sequences, then closed days."""
        unbegun = self._backlog.unbegun
        if unbegun.concern(window):
            if window.days.length == 1:
                return Verdict.DAY_LEFT_OUT
            if begun := unbegun.set_apart(window):
                self._backlog.push(begun)
            return Verdict.NARROWED
        unknown = self.suspects.unknown(window.sequence_ids)
        if not unknown:
            return self._backlog.defer(window, failure)
        if len(window.sequence_ids) == 1:
            self.suspects.refuse(window.sequence_ids[0], failure.api_message)
            return Verdict.SEQUENCE_REFUSED
        if self._calls_left <= 0:
            return self._give_up_search(window, unknown)
        if self.suspects.suspect(window.sequence_ids):
            self._backlog.push_last(window)
        else:
            self._backlog.push(*self.suspects.split(window))
        return Verdict.NARROWED

    def give_up_unread(self, window: Window) -> Verdict:
        """Narrowing down has cost enough. Sequences that were never read, while others were, are left out, so that the
        others still come."""
        unknown = self.suspects.unknown(window.sequence_ids)
        if unknown and len(unknown) < len(window.sequence_ids):
            return self._give_up_search(window, unknown)
        if window.halve() is None:
            self.evidence.failed_alone(window.days.first, unknown)
        self._health.gave_up()
        return self._backlog.give_up(window)

    def _blame(self, window: Window, failure: Failure) -> Verdict:
        """It is not the size of the window but what it holds. Unless sequences were read elsewhere, they may be the
        reason; they are not if others fail on the same days too."""
        unknown = self.suspects.unknown(window.sequence_ids)
        is_whole = len(unknown) == len(window.sequence_ids) and not self.evidence.is_part(window)
        if not unknown or is_whole or self.evidence.others_failed_on_its_days(window):
            return self._backlog.defer(window, failure)
        if len(window.sequence_ids) > 1:
            return self._divide(window, self.suspects.split(window))
        if self.evidence.bad_sequences.issuperset(unknown):
            self.unresolved.update(unknown)
            return self._backlog.give_up(window)
        self.evidence.bad_sequences.update(unknown)
        return self._backlog.defer(window, failure)

    def _divide(self, window: Window, parts: tuple[Window, ...]) -> Verdict:
        self.evidence.narrowed(window)
        self._backlog.push(*parts)
        return Verdict.NARROWED

    def _give_up_search(self, window: Window, unknown: tuple[str, ...]) -> Verdict:
        """One of the `unknown` sequences is refused or fails, but the search has cost enough: none of them is read."""
        self.unresolved.update(unknown)
        self.suspects.drop(unknown)
        self._backlog.push(window.without(unknown))
        return self._backlog.give_up(window.of(unknown))
