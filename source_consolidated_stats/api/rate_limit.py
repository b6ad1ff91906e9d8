"""What the API's rate limit allows next: learned from its answers, without a clock or threads of its own.

The limit is not documented. It shows in headers, or only in refusals (status 429, or a 400 that says so), which may
or may not tell how long they last. So it is learned as "so many calls in so many seconds": from the headers where
they come, else from how many calls went through before a refusal, and how soon the next one did.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque
from typing import NamedTuple

UNTIL_AN_ANSWER = math.inf
"""The wait of a call that depends on what the calls in flight are answered."""
MARGIN = 0.05
"""Seconds added to a moment that the API names, for the way there and for clocks that differ a little."""
FIRST_PAUSE, PAUSE_GROWTH, LONGEST_PAUSE = 1.0, 1.25, 60.0
LIMIT_GROWTH = 1.5
"""Of a limit that turned out to be higher."""
PRECISION = 0.05
"""How well the length of the limit's window is to be known, as a share of it."""
RETRY_AFTER_STEP = 1.0
"""Seconds that a Retry-After can be rounded up by."""


class RateLimitSignal(NamedTuple):
    """What one response says of the limit, in calls and seconds; None if it says nothing."""

    refused: bool = False
    retry_after: float | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_in: float | None = None


class RateLimit:
    """Decides when the next call may go. `wait`, then `sent`, then `answered`, in the order things happen."""

    def __init__(self) -> None:
        self._in_flight = 0
        self._blocked_until = -math.inf
        self._announced = _AnnouncedWindow()
        self._learned = _LearnedWindow()

    def wait(self, now: float) -> float:
        """Seconds until a call may go; 0 for now."""
        if now < self._blocked_until:
            return self._blocked_until - now
        if self._learned.probing:
            return UNTIL_AN_ANSWER if self._in_flight else 0.0
        if self._announced.known:
            return self._announced.wait(now, self._in_flight)
        return self._learned.wait(now, self._in_flight)

    def sent(self, now: float) -> None:
        self._in_flight += 1
        self._learned.sent(now)

    def answered(self, now: float, signal: RateLimitSignal) -> None:
        self._in_flight -= 1
        if signal.remaining is not None and signal.reset_in is not None:
            self._announced.update(now, signal.limit, signal.remaining, now + signal.reset_in + MARGIN)
        if signal.refused:
            told = signal.retry_after or signal.reset_in or None
            ends = self._learned.refused(now, None if told is None else now + told + MARGIN, self._in_flight)
            self._blocked_until = max(self._blocked_until, ends)
        else:
            self._learned.accepted()

    def abandoned(self) -> None:
        """A call ended without an answer: it says nothing of the limit."""
        self._in_flight -= 1


class _AnnouncedWindow:
    """A limit that the API tells in headers."""

    def __init__(self) -> None:
        self._limit: int | None = None
        self._remaining: int | None = None
        self._ends = -math.inf

    @property
    def known(self) -> bool:
        return self._remaining is not None

    def update(self, now: float, limit: int | None, remaining: int, ends: float) -> None:
        self._limit = limit
        same_window = now < self._ends and abs(ends - self._ends) < (self._ends - now) / 2
        if same_window and self._remaining is not None:
            self._remaining = min(self._remaining, remaining)
        else:
            self._remaining = remaining
        self._ends = ends

    def wait(self, now: float, in_flight: int) -> float:
        """A call in flight may not be counted yet in what remains, so it is taken off."""
        if now >= self._ends:
            self._remaining = self._limit
        if self._remaining is None or in_flight < self._remaining:
            return 0.0
        return UNTIL_AN_ANSWER if in_flight else self._ends - now


class _LearnedWindow:
    """A limit that shows in refusals alone: how many calls (`_limit`), and between which two lengths its window is.

    Whether calls go through again is found out by one call alone, the probe. Whether the limit is higher than it
    seemed, because something else used a part of it, is tried by one call alone too: soon at first, and twice as
    rarely after each time that it was refused.
    """

    def __init__(self) -> None:
        self._calls: deque[float] = deque(maxlen=10_000)
        self._limit: int | None = None
        self._shortest, self._longest = 0.0, math.inf
        self._refused = False
        self._probe: float | None = None
        self._pause = 0.0
        self._trying = False
        self._accepted = 0
        self._patience = 1

    @property
    def probing(self) -> bool:
        return self._refused or self._trying or self._probe is not None

    def wait(self, now: float, in_flight: int) -> float:
        """Any stretch of the window's length gets `_limit` calls at most, so it fits fixed and sliding windows."""
        free = self._free_at()
        may_try = self._limit is not None and self._accepted >= self._patience * self._limit
        if now < free and not may_try:
            return free - now
        alone = now < free or self._is_probe(now)
        return UNTIL_AN_ANSWER if alone and in_flight else 0.0

    def sent(self, now: float) -> None:
        if self._refused or (now >= self._free_at() and self._is_probe(now)):
            self._probe = now
        else:
            self._trying = now < self._free_at()
        self._calls.append(now)

    def accepted(self) -> None:
        self._accepted += 1
        if self._probe is not None:
            if len(self._calls) > 1:
                self._limit = self._limit or len(self._calls) - 1
                self._longest = max(self._shortest, min(self._longest, self._probe - self._reference(before_last=1)))
            self._refused, self._probe, self._pause = False, None, 0.0
        elif self._trying and self._limit:
            self._limit = math.ceil(self._limit * LIMIT_GROWTH)
            self._trying, self._accepted, self._patience = False, 0, 1

    def refused(self, now: float, ends: float | None, in_flight: int) -> float:
        """When to try again: when the API says, else when the window ends as far as known, else after a pause."""
        refused_at = self._calls.pop()
        if self._probe is not None or not self._refused:
            if self._calls:
                self._learn_from(refused_at, ends, in_flight)
            self._pause = min(self._pause * PAUSE_GROWTH or FIRST_PAUSE, LONGEST_PAUSE)
        self._patience *= 2 if self._trying else 1
        self._refused, self._probe, self._trying, self._accepted = True, None, False, 0
        if ends is not None:
            return ends
        known_end = self._reference() + self._longest if self._calls else math.inf
        return known_end if now < known_end < math.inf else now + self._pause

    def _learn_from(self, refused_at: float, ends: float | None, in_flight: int) -> None:
        """After a good part of the limit in a new window, the limit is lower; before that, the old window is longer."""
        burst = sum(1 for call in self._calls if call > refused_at - self._length / 2) - in_flight
        if self._limit is not None and self._certain and self._probe is None and 2 * burst >= self._limit:
            self._limit = min(burst, self._limit)
        else:
            self._shortest = max(self._shortest, refused_at - self._reference())
            if self._longest <= self._shortest:
                self._longest = math.inf
        if ends is not None:
            self._shortest = max(self._shortest, ends - MARGIN - RETRY_AFTER_STEP - self._reference())
        if self._longest < self._shortest:
            self._longest = math.inf
        if ends is not None:
            self._longest = max(self._shortest, min(self._longest, ends - self._reference()))

    def _reference(self, before_last: int = 0) -> float:
        """The first of the calls that filled the window."""
        size = self._limit or len(self._calls) - before_last
        position = len(self._calls) - before_last - size
        return self._calls[max(position, 0)]

    def _free_at(self) -> float:
        """When the window has room for a call again."""
        if self._limit is None or len(self._calls) < self._limit:
            return -math.inf
        return self._calls[-self._limit] + self._length

    def _is_probe(self, now: float) -> bool:
        full = self._limit is not None and len(self._calls) >= self._limit
        return full and not self._certain and self._calls[-(self._limit or 0)] > now - self._longest

    @property
    def _certain(self) -> bool:
        return self._longest - self._shortest <= PRECISION * self._longest

    @property
    def _length(self) -> float:
        return self._longest if self._certain else (self._shortest + self._longest) / 2
