"""When the rate limit allows the next call: pure, without a clock or threads of its own.

The limit is not in the API's reference, so three parts each say how long to wait, and the strictest holds: what headers
announce, the live limit that the vendor's support named, and a pace that fits whatever else refuses calls.

What it aims for, in a sync of 250 calls, compared with calls that go as soon as the limit admits them:

- under the live limit, however its minute is counted, and with another client of the key: at most 1.1 times as long,
  and at most 6 of the first 60 calls refused;
- under a token bucket: at most 1.5 times as long, and a fifth refused;
- beside a limit by the second, or one on calls at a time, and where the limit drops to a quarter for a while: at most
  twice as long;
- under a limit of any other length: some twice as long;
- headers that are wrong cost one window, and a ban that each call renews ends.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from enum import Enum, auto

from .announced import UNTIL_A_RESPONSE, AnnouncedLimit
from .headers import RateLimitSignal
from .live import Call, LiveLimit
from .pace import Pace


class _State(Enum):
    """What the latest response means for the next call.

    OPEN     it went through
    SLOWED   it was refused; calls go on, at a slower pace
    STOPPED  it was refused; one call alone finds out when calls go through again
    """

    OPEN = auto()
    SLOWED = auto()
    STOPPED = auto()


class RateLimit:
    """`wait`, then `sent`, then `answered` or `abandoned`, in the order things happen."""

    def __init__(self) -> None:
        self._announced = AnnouncedLimit()
        self._live = LiveLimit()
        self._pace = Pace()
        self._in_flight = 0
        self._state = _State.OPEN
        self._refused_at = -math.inf
        self._live_refuses = False

    def wait(self, now: float) -> float:
        """Seconds until a call may go; 0 for now, infinite until the next response."""
        others = 0 if self._state is _State.STOPPED else self._live.others_allowed(now, self._in_flight)
        if self._in_flight > others:
            return UNTIL_A_RESPONSE
        return max(0.0, self._announced.wait(now, self._in_flight), self._live.wait(now), self._pace.wait(now))

    def sent(self, now: float) -> Call:
        """Counts a call that goes now; it has to be given back to `answered` or `abandoned`."""
        self._in_flight += 1
        self._announced.sent(now)
        return self._live.sent(now, self._pace.sent(now))

    def answered(self, call: Call, now: float, signal: RateLimitSignal) -> None:
        self._in_flight -= 1
        call.answered(now, refused=signal.refused)
        self._announced.answered(now, signal)
        # A call that was on its way when another was refused says nothing new of the limit.
        is_news = call.sent_at > self._refused_at
        if signal.refused and is_news:
            self._refused(call, now, signal)
        elif is_news:
            self._accepted(call)
        if not signal.refused:
            self._pace.passed(call.sent_at)

    def abandoned(self, call: Call) -> None:
        """A call ended without a response: it says nothing of the limit."""
        self._in_flight -= 1

    def _accepted(self, call: Call) -> None:
        self._live_refuses &= not self._live.accepted(call)
        if self._state is _State.STOPPED:
            self._pace.resume(call.sent_at, measure=not self._live_refuses)
        self._pace.speed_up(call.gap)
        self._state, self._live_refuses = _State.OPEN, False

    def _refused(self, call: Call, now: float, signal: RateLimitSignal) -> None:
        """A refusal that a slower pace does not cure stops all calls."""
        self._refused_at = now
        if self._state is _State.OPEN and self._pace.is_set:
            self._state = _State.SLOWED
            self._pace.slow_down(now, call.gap)
            return
        self._state = _State.STOPPED
        self._live_refuses |= self._live.refused(call, now, signal.api_time)
        if not call.is_early:
            self._pace.stop(now)
