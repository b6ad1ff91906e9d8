"""What the API announces of its limit: how many calls remain until when, and how long a refusal lasts.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math

from .headers import RateLimitSignal
from .live import MARGIN_S

UNTIL_A_RESPONSE = math.inf
"""The wait of a call that depends on the responses to the calls in flight."""


class AnnouncedLimit:
    """Believed until it contradicts itself: few calls went since the window ended, and none remain again."""

    def __init__(self) -> None:
        self._limit: int | None = None
        self._remaining: int | None = None
        self._ends = -math.inf
        self._sent = 0
        self._believed = True
        self._refused_until = -math.inf

    def wait(self, now: float, in_flight: int) -> float:
        """Seconds until a call may go. A call in flight may not be counted yet in what remains, so it is taken off."""
        if now < self._refused_until:
            return self._refused_until - now
        if now >= self._ends:
            self._remaining = self._limit
        if not self._believed or self._remaining is None or in_flight < self._remaining:
            return 0.0
        return UNTIL_A_RESPONSE if in_flight else self._ends - now

    def sent(self, now: float) -> None:
        self._sent += now >= self._ends

    def answered(self, now: float, signal: RateLimitSignal) -> None:
        if signal.remaining is not None and signal.reset_in is not None:
            self._update(now, signal.limit, signal.remaining, signal.reset_in)
        seconds = signal.refused_for if self._believed else signal.retry_after
        if signal.refused and seconds:
            self._refused_until = max(self._refused_until, now + seconds + MARGIN_S)

    def _update(self, now: float, limit: int | None, remaining: int, reset_in: float) -> None:
        """Responses may arrive in another order than their calls were sent in."""
        ends = now + reset_in + MARGIN_S
        is_same_window = now < self._ends and abs(ends - self._ends) < (self._ends - now) / 2
        if is_same_window and self._remaining is not None:
            remaining = min(self._remaining, remaining)
        elif self._remaining is not None:
            sent_few = limit is None or self._sent < limit / 2
            self._believed &= not (remaining == 0 and reset_in > 0 and sent_few)
            self._sent = 0
        self._limit, self._remaining, self._ends = limit, remaining, ends
