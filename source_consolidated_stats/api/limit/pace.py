"""A pace that refusals slow down and success speeds up.

It fits any limit: by the second, a token bucket, a cap on calls at a time, a window of any length, a ban that each call
renews.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque

INITIAL_PAUSE_S, PAUSE_GROWTH, MAX_PAUSE_S = 1.0, 2.5, 600.0
"""After a refusal. The first pauses add up to a little more than a minute, the commonest window."""
SLOW_DOWN = 1.2
"""What a refusal multiplies the gap between two calls by."""
STEPS, STEP_S = 45.0, 3.0
"""The gap shrinks as `exp(-(steps / STEPS) ** 3)`, hardly at first and then ever faster: by a sixth after 26 steps, to
a quarter after 50. A call is one step, or one for each `STEP_S` of the gap, so that a slow pace recovers as soon."""
MAX_GAP_S = 60.0
MEMORY_S = 60.0
"""What went through earlier says nothing of how fast calls go through now."""


class Pace:
    """`_gap` is the least time from one call to the next: 0 before it is set, and `_slowest` after the last refusal."""

    def __init__(self) -> None:
        self._gap = 0.0
        self._slowest = 0.0
        self._steps = 0.0
        self._pause = 0.0
        self._free_at = -math.inf
        self._passed: deque[float] = deque()

    @property
    def is_set(self) -> bool:
        return self._gap > 0

    def wait(self, now: float) -> float:
        """Seconds until a call may go, below 0 if it might have gone before."""
        return self._free_at - now

    def sent(self, now: float) -> float:
        """The gap, if it is what held the call up, or 0: a call that comes later shows nothing of the pace."""
        is_paced = now <= self._free_at + self._gap
        self._free_at = now + self._gap
        return self._gap if is_paced else 0.0

    def passed(self, sent_at: float) -> None:
        """A call that was sent then went through."""
        self._passed.append(sent_at)

    def speed_up(self, gap: float) -> None:
        """A call that was sent at this gap went through."""
        self._pause = 0.0
        if gap:
            self._steps += max(1.0, self._gap / STEP_S)
            self._gap = self._slowest * math.exp(-((self._steps / STEPS) ** 3))

    def slow_down(self, now: float, gap: float) -> None:
        """A call that was sent at this gap was refused: it may be a little too short, and a shorter one is too."""
        self._set(max(self._gap, gap) * SLOW_DOWN)
        self._free_at = now + self._gap

    def stop(self, now: float) -> None:
        """A call was refused, and no pace is known, or the slower one was refused too. The next pause is longer."""
        if not self._pause:
            self._forget(now)
        self._pause = min(self._pause * PAUSE_GROWTH or self._gap or INITIAL_PAUSE_S, MAX_PAUSE_S)
        self._free_at = now + self._pause

    def resume(self, sent_at: float, *, measure: bool) -> None:
        """The first call after a stop, sent then, went through.

        With `measure`, calls go from now on as fast as they went through, the pauses included.
        """
        if self._passed and measure:
            self._set((sent_at - self._passed[0]) / len(self._passed))
            self._free_at = sent_at + self._gap

    def _set(self, gap: float) -> None:
        self._gap = self._slowest = min(gap, MAX_GAP_S)
        self._steps = 0.0

    def _forget(self, now: float) -> None:
        while self._passed and self._passed[0] < now - MEMORY_S:
            self._passed.popleft()
