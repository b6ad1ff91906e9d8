"""When the rate limit allows the next call: pure, without a clock or threads of its own.

The limit is not in the API's reference. It shows in headers, or only in refusals, which may or may not name how long
they last. All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .learned_limit import UNTIL_A_RESPONSE, LearnedLimit
from .pace import MARGIN_S, Call


class RateLimitSignal(NamedTuple):
    """What one response says of the limit, in calls and seconds; None if it says nothing.

    `next_minute_in` is when the API's clock shows the next full minute; only a refusal has it.
    """

    refused: bool = False
    retry_after: float | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_in: float | None = None
    next_minute_in: float | None = None

    @property
    def refused_for(self) -> float | None:
        """Seconds that a refusal names. A reset while calls remain is that of a limit that did not refuse."""
        return self.retry_after or (self.reset_in if not self.remaining else None) or None


class RateLimit:
    """Decides when the next call may go: as the stricter of what headers announce and what refusals teach.

    `wait`, then `sent`, then `answered` or `abandoned`, in the order things happen.
    """

    def __init__(self) -> None:
        self._in_flight = 0
        self._announced = _AnnouncedLimit()
        self._learned = LearnedLimit()

    def wait(self, now: float) -> float:
        """Seconds until a call may go; 0 for now, infinite until the next response."""
        return max(self._announced.wait(now, self._in_flight), self._learned.wait(now))

    def sent(self, now: float) -> Call:
        """Counts a call that goes now; it has to be given back to `answered` or `abandoned`."""
        self._in_flight += 1
        return self._learned.sent(now)

    def answered(self, call: Call, now: float, signal: RateLimitSignal) -> None:
        self._in_flight -= 1
        if signal.remaining is not None and signal.reset_in is not None:
            self._announced.update(now, signal.limit, signal.remaining, signal.reset_in)
        if signal.refused:
            self._learned.refused(call, now, signal.refused_for, signal.next_minute_in)
        else:
            self._learned.accepted(call, now)

    def abandoned(self, call: Call) -> None:
        """A call ended without a response: it says nothing of the limit."""
        self._in_flight -= 1
        self._learned.abandoned(call)


class _AnnouncedLimit:
    """How many calls remain, and until when, as headers say."""

    def __init__(self) -> None:
        self._limit: int | None = None
        self._remaining: int | None = None
        self._ends = -math.inf

    def update(self, now: float, limit: int | None, remaining: int, reset_in: float) -> None:
        """What a response announces. Responses may arrive in another order than they were sent in."""
        ends = now + reset_in + MARGIN_S
        same_window = now < self._ends and abs(ends - self._ends) < (self._ends - now) / 2
        if same_window and self._remaining is not None:
            remaining = min(self._remaining, remaining)
        self._limit, self._remaining, self._ends = limit, remaining, ends

    def wait(self, now: float, in_flight: int) -> float:
        """Seconds until a call may go. A call in flight may not be counted yet in what remains, so it is taken off."""
        if now >= self._ends:
            self._remaining = self._limit
        if self._remaining is None or in_flight < self._remaining:
            return 0.0
        return UNTIL_A_RESPONSE if in_flight else max(self._ends - now, 0.0)
