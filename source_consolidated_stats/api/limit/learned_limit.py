"""A rate limit that shows only in refusals: the live limit is thought of first, any other is learned.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .pace import LIVE_WINDOW_S, MARGIN_S, MAX_TRAVEL_S, Call, Pace, Phase
from .window_length import WindowLength

UNTIL_A_RESPONSE = math.inf
"""The wait of a call that depends on the responses to the calls in flight."""
EARLY_PROBE_S = 10.0
"""What looks like the live limit is tried once so early, because its window may be shorter."""
INITIAL_PAUSE_S, PAUSE_GROWTH, MAX_PAUSE_S = 1.0, 2.5, 60.0
RETRY_AFTER_GROWTH = 1.5


@dataclass
class _Block:
    """What is known while no calls go: when the window began, and when it is tried whether it is over.

    `named_s` is how many seconds the API named, or more if they proved too short; `next_minute` is when its clock shows
    a full minute, at which windows may end.
    """

    window_began: float
    until: float = -math.inf
    pause: float = 0.0
    named_s: float = 0.0
    next_minute: float = math.inf


class LearnedLimit:
    """Decides when the next call may go; `Phase` has what may follow on what."""

    def __init__(self) -> None:
        self._phase = Phase.OPEN
        self._block = _Block(-math.inf)
        self._pace = Pace()

    def wait(self, now: float) -> float:
        """Seconds until a call may go."""
        if self._phase is Phase.BLOCKED and now < self._block.until:
            return self._block.until - now
        early_by = self._pace.free_at() - now
        if self._phase is Phase.OPEN and early_by > 0 and not self._pace.may_raise(early_by):
            return early_by
        is_alone = self._phase is not Phase.OPEN or early_by > 0 or self._pace.is_trying_length(now)
        others_allowed = 0 if is_alone else self._pace.others_allowed(now)
        return UNTIL_A_RESPONSE if self._pace.in_flight > others_allowed else 0.0

    def sent(self, now: float) -> Call:
        pace = self._pace
        if self._phase is Phase.BLOCKED:
            self._phase = Phase.PROBING
        elif self._phase is Phase.OPEN and now < pace.free_at():
            self._phase = Phase.RAISING
        elif self._phase is Phase.OPEN and pace.is_trying_length(now) and (first := pace.first_of_full_window()):
            self._phase = Phase.PROBING
            self._block = _Block(first.sent_at)
        call = Call(now, self._phase, now + MAX_TRAVEL_S)
        pace.calls.append(call)
        pace.in_flight += 1
        return call

    def accepted(self, call: Call, now: float) -> None:
        self._pace.in_flight -= 1
        call.counted_at = min(call.counted_at, now)
        if call.phase is Phase.PROBING:
            self._window_is_over(call)
        elif call.phase is Phase.RAISING:
            self._phase = Phase.OPEN
            self._pace.raise_accepted()
        self._pace.call_accepted()

    def refused(self, call: Call, now: float, named_s: float | None, next_minute_in: float | None) -> None:
        """`named_s` is in how many seconds calls go through again, as the API says."""
        pace = self._pace
        pace.in_flight -= 1
        call.counted_at, call.is_refused = min(call.counted_at, now), True
        pace.accepted = 0
        if call.phase is Phase.RAISING:
            self._phase = Phase.OPEN
            pace.raise_refused()
            if named_s is None:
                return
        if call.phase is Phase.PROBING:
            pace.length.refused_at(call.sent_at - self._block.window_began)
        elif self._phase is Phase.OPEN:
            next_minute = math.inf if next_minute_in is None else now + next_minute_in
            self._block = _Block(pace.window_began(call), next_minute=next_minute)
            if pace.limit is not None and not pace.lower(call):
                pace.length.refused_at(call.sent_at - self._block.window_began)
        elif pace.limit is None:
            self._block.window_began = pace.window_began(call)
        self._phase = Phase.BLOCKED
        self._block.until = self._named_end(call, now, named_s) if named_s else self._next_probe(call, now)

    def abandoned(self, call: Call) -> None:
        self._pace.in_flight -= 1
        if call.phase is self._phase and call.phase in (Phase.PROBING, Phase.RAISING):
            self._phase = Phase.BLOCKED if call.phase is Phase.PROBING else Phase.OPEN

    def _window_is_over(self, probe: Call) -> None:
        """By its length, or because it ended with the minute; what looked like the live limit is taken for it."""
        pace, block = self._pace, self._block
        looked_live = pace.looks_live
        ended_with_minute = looked_live and block.until == block.next_minute
        age = probe.sent_at - block.window_began
        fits_minute = age >= LIVE_WINDOW_S and (looked_live or pace.length.shortest < LIVE_WINDOW_S)
        is_live = ended_with_minute or (fits_minute and not block.named_s)
        pace.set_limit(is_live=is_live and looked_live)
        if ended_with_minute:
            pace.calls.clear()
            pace.calls.append(probe)
        if is_live:
            pace.length = WindowLength(LIVE_WINDOW_S, LIVE_WINDOW_S)
        elif pace.limit is not None:
            pace.length.accepted_at(age)
        self._phase = Phase.OPEN

    def _named_end(self, call: Call, now: float, named_s: float) -> float:
        """When the API says that the window ends; a time that proved too short is not believed again."""
        growth = RETRY_AFTER_GROWTH if call.phase is Phase.PROBING else 1.0
        self._block.named_s = max(named_s, self._block.named_s * growth)
        until = now + self._block.named_s + MARGIN_S
        self._pace.length.named(until - self._block.window_began)
        return until

    def _next_probe(self, call: Call, now: float) -> float:
        """When the window ends as far as is known; else at the moments that suit the live limit, or after a pause."""
        pace, block = self._pace, self._block
        moments = []
        if pace.length.longest < math.inf:
            moments = [block.window_began + pace.length.longest + MARGIN_S]
        elif now < block.window_began + LIVE_WINDOW_S:
            moments = [pace.live_end()]
            if pace.looks_live:
                moments += [block.window_began + EARLY_PROBE_S + MARGIN_S, block.next_minute]
        moments = [moment for moment in moments if moment > now]
        if not moments or not (pace.looks_live or pace.length.longest < math.inf):
            if call.phase is Phase.PROBING or not block.pause:
                initial = EARLY_PROBE_S if pace.looks_live else INITIAL_PAUSE_S
                block.pause = min(block.pause * PAUSE_GROWTH or initial, MAX_PAUSE_S)
            moments.append(now + block.pause)
        return min(moments)
