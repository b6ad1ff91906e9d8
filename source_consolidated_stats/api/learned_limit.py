"""A rate limit that shows in refusals alone: what is known of the live limit, and what refusals teach of any other.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from .window_length import WindowLength

UNTIL_A_RESPONSE = math.inf
"""The wait of a call that depends on the responses to the calls in flight."""
MARGIN_S = 0.05
"""Added to a moment at which a window ends, for the way there and for clocks that differ a little."""
LIVE_CALLS, LIVE_WINDOW_S = 20, 60.0
"""The limit for each endpoint and key, as the vendor's support named it to a client."""
LIVE_MIN_CALLS, LIVE_MAX_CALLS = 15, 40
"""A refusal after so many calls in a minute looks like the live limit: other clients may use a part of it, and a
window that ends with the clock's minute may have ended between."""
EARLY_PROBE_S = 10.0
"""What looks like the live limit is tried once so early, because its window may be shorter."""
INITIAL_PAUSE_S, PAUSE_GROWTH, MAX_PAUSE_S = 1.0, 2.5, 60.0
RETRY_AFTER_GROWTH = 1.5
MAX_TRAVEL_S = 1.0
"""The API counts a call when it arrives: before its response, and no later than this after it was sent."""
RAISE_INTERVAL = 100
"""Calls that go through before one tries whether the limit allows more; doubled each time that it is refused."""
PROVEN_SHARE = 0.8
"""Of a limit that was met once: the calls beyond this share go one by one until a whole window has gone through."""


class Phase(Enum):
    """What the next call may do, and what follows.

    OPEN      it goes at the pace of the limit that is known -> BLOCKED by a refusal
    BLOCKED   it waits for a moment, and goes as PROBING
    PROBING   alone, it finds out whether the window is over -> OPEN if accepted, BLOCKED if refused
    RAISING   alone, it goes beyond the pace -> OPEN, or BLOCKED by a refusal that names a time
    """

    OPEN = auto()
    BLOCKED = auto()
    PROBING = auto()
    RAISING = auto()


@dataclass(eq=False)
class Call:
    """A call, and the phase that it was sent in. `counted_at` is when the API has counted it at the latest."""

    sent_at: float
    phase: Phase
    counted_at: float
    is_refused: bool = False


@dataclass
class _Block:
    """What is known while no calls go: when the window began, and when it is tried whether it is over."""

    window_began: float
    until: float = -math.inf
    pause: float = 0.0
    told: float = 0.0
    next_minute: float = math.inf


class LearnedLimit:
    """So many calls in so many seconds. Any stretch of that length gets no more, which fits every kind of window."""

    def __init__(self) -> None:
        self._phase = Phase.OPEN
        self._block = _Block(-math.inf)
        self._calls: deque[Call] = deque(maxlen=1_000)
        self._in_flight = 0
        self._limit: int | None = None
        self._length = WindowLength()
        self._refusals_count: bool | None = None
        self._accepted = math.inf
        self._proven = 0
        self._raise_after = RAISE_INTERVAL

    def wait(self, now: float) -> float:
        """Seconds until a call may go."""
        if self._phase is Phase.BLOCKED and now < self._block.until:
            return self._block.until - now
        free_at = self._free_at()
        if self._phase is Phase.OPEN and now < free_at and not self._may_raise(free_at - now):
            return free_at - now
        return UNTIL_A_RESPONSE if self._in_flight > self._others_allowed(now) else 0.0

    def sent(self, now: float) -> Call:
        if self._phase is Phase.BLOCKED:
            self._phase = Phase.PROBING
        elif self._phase is Phase.OPEN and now < self._free_at():
            self._phase = Phase.RAISING
        elif self._phase is Phase.OPEN and self._is_try(now):
            self._phase = Phase.PROBING
            self._block = _Block(self._counted()[-(self._limit or 0)].sent_at)
        call = Call(now, self._phase, now + MAX_TRAVEL_S)
        self._calls.append(call)
        self._in_flight += 1
        return call

    def accepted(self, call: Call, now: float) -> None:
        self._in_flight -= 1
        call.counted_at = min(call.counted_at, now)
        self._accepted += 1
        if call.phase is Phase.PROBING:
            self._open(call)
        elif call.phase is Phase.RAISING:
            self._raise()
        if self._limit is not None and self._accepted >= self._limit:
            self._proven = self._limit

    def refused(self, call: Call, now: float, told: float | None, next_minute_in: float | None) -> None:
        """`told` is in how many seconds calls go through again, as the API says."""
        self._in_flight -= 1
        call.counted_at, call.is_refused = min(call.counted_at, now), True
        self._accepted = 0
        if call.phase is Phase.RAISING:
            self._phase = Phase.OPEN
            if self._refusals_count is None:
                self._refusals_count = True
            self._raise_after *= 2
            if told is None:
                return
        if call.phase is Phase.PROBING:
            self._length.refused_at(call.sent_at - self._block.window_began)
        elif self._phase is Phase.OPEN:
            self._block = _Block(self._window_began(call))
            self._block.next_minute = math.inf if next_minute_in is None else now + next_minute_in
            self._lower(call)
        elif self._limit is None:
            self._block.window_began = self._window_began(call)
        self._phase = Phase.BLOCKED
        self._block.until = self._told(call, now, told) if told else self._next_probe(call, now)

    def abandoned(self, call: Call) -> None:
        self._in_flight -= 1
        if call.phase is self._phase and call.phase in (Phase.PROBING, Phase.RAISING):
            self._phase = Phase.BLOCKED if call.phase is Phase.PROBING else Phase.OPEN

    # What a refusal teaches

    def _lower(self, call: Call) -> None:
        """After a good part of the limit in a new window, the limit is lower; before that, the old window is longer."""
        if self._limit is None:
            return
        since = call.sent_at - self._length.next_try * (1.0 if self._is_live else 0.5)
        others = [each for each in self._counted() if each.counted_at > since and each is not call]
        burst = max(len(others) - self._in_flight, 1)
        if self._length.is_certain and (2 * burst >= self._limit or self._is_live):
            self._limit = min(burst, self._limit)
            self._proven = int(PROVEN_SHARE * self._limit)
            self._raise_after = RAISE_INTERVAL
        else:
            self._length.refused_at(call.sent_at - self._block.window_began)

    def _told(self, call: Call, now: float, told: float) -> float:
        """A time that proved too short is not believed again."""
        self._block.told = max(told, self._block.told * (RETRY_AFTER_GROWTH if call.phase is Phase.PROBING else 1))
        until = now + self._block.told + MARGIN_S
        self._length.told(until - self._block.window_began)
        return until

    def _next_probe(self, call: Call, now: float) -> float:
        block = self._block
        candidates = []
        if self._length.longest < math.inf:
            candidates = [block.window_began + self._length.longest + MARGIN_S]
        elif now < block.window_began + LIVE_WINDOW_S:
            candidates = [self._live_end()]
            if self._looks_live():
                candidates += [block.window_began + EARLY_PROBE_S + MARGIN_S, block.next_minute]
        candidates = [moment for moment in candidates if moment > now]
        if not candidates or not (self._looks_live() or self._length.longest < math.inf):
            first = EARLY_PROBE_S if self._looks_live() else INITIAL_PAUSE_S
            if call.phase is Phase.PROBING or not block.pause:
                block.pause = min(block.pause * PAUSE_GROWTH or first, MAX_PAUSE_S)
            candidates.append(now + block.pause)
        return min(candidates)

    def _live_end(self) -> float:
        """When the live limit's window is over, if refused calls count too."""
        return self._calls[-min(LIVE_CALLS, len(self._calls))].counted_at + LIVE_WINDOW_S + MARGIN_S

    def _looks_live(self) -> bool:
        return self._limit is None and LIVE_MIN_CALLS <= self._through() <= LIVE_MAX_CALLS

    # What an accepted call teaches

    def _open(self, probe: Call) -> None:
        """The window is over: by its length, or because it ended with the minute, and a new one has begun."""
        by_the_minute = self._looks_live() and self._block.until == self._block.next_minute
        age = probe.sent_at - self._block.window_began
        is_live = by_the_minute or (
            age >= LIVE_WINDOW_S
            and not self._block.told
            and (self._looks_live() or self._length.shortest < LIVE_WINDOW_S)
        )
        if self._limit is None and self._through() > 1:
            if is_live and self._looks_live():
                self._limit, self._raise_after = LIVE_CALLS, 4 * RAISE_INTERVAL
            else:
                self._limit = self._through() - 1
            self._proven = int(PROVEN_SHARE * self._limit)
        if by_the_minute:
            self._calls = deque([probe], maxlen=1_000)
        if is_live:
            self._length = WindowLength(LIVE_WINDOW_S, LIVE_WINDOW_S)
        elif self._limit is not None:
            self._length.accepted_at(age)
        self._phase = Phase.OPEN

    def _raise(self) -> None:
        self._phase = Phase.OPEN
        if self._refusals_count is None:
            self._refusals_count = False
        elif self._limit is not None:
            self._limit += 1
            self._proven += 1
            self._raise_after = RAISE_INTERVAL

    # The pace

    def _through(self) -> int:
        return sum(1 for each in self._calls if not each.is_refused)

    def _window_began(self, refused: Call) -> float:
        through = [each.sent_at for each in self._calls if not each.is_refused]
        span = self._length.longest if self._length.longest < math.inf else math.inf
        if self._limit is None:
            span = LIVE_WINDOW_S
        recent = [moment for moment in through[-(self._limit or 0) :] if moment > refused.sent_at - span]
        return recent[0] if recent else refused.sent_at

    def _counted(self) -> list[Call]:
        """The calls that use up the limit. Refused ones are thought to at the live limit, until one shows otherwise."""
        counts = self._is_live if self._refusals_count is None else self._refusals_count
        return [each for each in self._calls if counts or not each.is_refused]

    @property
    def _is_live(self) -> bool:
        return self._length.shortest == self._length.longest == LIVE_WINDOW_S

    def _free_at(self) -> float:
        counted = self._counted() if self._limit is not None else []
        if self._limit is None or len(counted) < self._limit:
            return -math.inf
        return counted[-self._limit].counted_at + self._length.next_try + MARGIN_S

    def _is_try(self, now: float) -> bool:
        if self._limit is None or self._length.is_certain:
            return False
        counted = self._counted()
        return len(counted) >= self._limit and counted[-self._limit].counted_at > now - self._length.longest

    def _may_raise(self, early_by: float) -> bool:
        """A call that is hardly early says nothing of the limit if it goes through."""
        if self._limit is None or not self._length.is_certain:
            return False
        if early_by <= min(MAX_TRAVEL_S + MARGIN_S, self._length.longest / 2):
            return False
        if self._refusals_count is None and any(each.is_refused for each in self._counted()[-self._limit :]):
            return True
        return self._accepted >= self._raise_after

    def _others_allowed(self, now: float) -> float:
        """How many other calls may be in flight beside the next one."""
        if self._phase is not Phase.OPEN or now < self._free_at() or self._is_try(now):
            return 0
        if self._limit is None:
            while self._calls and self._calls[0].sent_at <= now - LIVE_WINDOW_S:
                self._calls.popleft()
            borders = min(len(self._calls) // LIVE_CALLS, 2)
            beyond = len(self._calls) - self._in_flight - borders * LIVE_CALLS
            return min(self._accepted, beyond if borders else math.inf)
        used = sum(1 for each in self._counted() if each.counted_at > now - self._length.longest)
        return 0 if used >= self._proven and self._proven < self._limit else self._accepted
