"""The live limit: 20 calls in any 60 seconds. It is known beforehand, and holds from the first refusal that fits it.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from .announced import MARGIN_S

LIVE_CALLS, LIVE_WINDOW_S = 20, 60.0
"""The limit for each endpoint and key, as the vendor's support named it to a client."""
MIN_CALLS, MAX_CALLS = 15, 40
"""A refusal after this many calls in a minute fits the live limit: other clients may use a part of it, and a window
that ends with the clock's minute may have ended in between."""
MAX_TRAVEL_S = 1.0
"""The API counts a call when it arrives: before its response, and no later than this after it was sent."""
EARLY_TRIES_S = (10.0, 30.0)
"""What looks like the live limit may have a shorter window: a call finds out this long after the refusal."""
MINUTE_TRY_S = 5.0
"""The clock's next full minute is tried too, in the place of an early try that is as near to it as this. If a call goes
through so soon after it, the window seems to end with the minute."""
CONFIRM_S = 45.0
"""How long after such a minute one more call finds out whether it was a coincidence."""
RAISE_AFTER = 20
"""Calls that go through before a limit below 20 is raised by one; doubled by each refusal."""


@dataclass(eq=False)
class Call:
    """`counted_at` is when the API has counted it at the latest.

    `is_early` is whether it went although the live limit did not allow it yet, and `is_paced` whether the pace is what
    held it up.
    """

    sent_at: float
    counted_at: float
    is_early: bool
    is_paced: bool
    is_refused: bool = False

    def answered(self, now: float, *, refused: bool) -> None:
        self.counted_at, self.is_refused = min(self.counted_at, now), refused


class LiveLimit:
    """Any 60 seconds get `_limit` calls, refused ones included, which fits every kind of window.

    `_limit` is None while no refusal has fitted, and below 20 where another client uses a part of it.
    """

    def __init__(self) -> None:
        self._calls: deque[Call] = deque()
        self._limit: int | None = None
        self._is_ruled_out = False
        self._any_refused = False
        self._passed = 0
        self._raise_after = RAISE_AFTER
        self._tries: list[float] = []
        self._next_minute = math.inf
        self._window_ends = -math.inf

    def wait(self, now: float) -> float:
        """Seconds until a call may go, or is to try whether the window is over already."""
        return min([self._free_in(now), *(max(moment - now, 0.0) for moment in self._tries)])

    def others_allowed(self, now: float, in_flight: int) -> float:
        """How many other calls may be in flight beside the next one, so that few are refused together.

        Before anything was refused, the call after 20 or 40 in a minute goes alone, the next with one other, and so on;
        after a refusal, as many as have gone through since, and near the limit none.
        """
        self._forget(now)
        if self._limit is not None:
            if self._passed >= self._limit:
                return math.inf
            return 0 if len(self._calls) >= MIN_CALLS else self._passed
        borders = 0 if self._any_refused else min(len(self._calls) // LIVE_CALLS, MAX_CALLS // LIVE_CALLS)
        return len(self._calls) - in_flight - borders * LIVE_CALLS if borders else math.inf

    def sent(self, now: float, *, is_paced: bool) -> Call:
        is_early = self._free_in(now) > MAX_TRAVEL_S + MARGIN_S
        self._tries = [moment for moment in self._tries if moment > now]
        self._calls.append(Call(now, now + MAX_TRAVEL_S, is_early, is_paced))
        return self._calls[-1]

    def accepted(self, call: Call) -> bool:
        """Whether it shows that another limit is what refuses: the window ended early, and not with the minute."""
        if self._limit is None:
            return False
        if call.is_early:
            ends_with_minute = 0 <= call.sent_at - self._next_minute <= MINUTE_TRY_S
            if call.sent_at < self._window_ends and not ends_with_minute:
                self._limit, self._is_ruled_out, self._tries = None, True, []
                return True
            self._calls = deque([call])
            self._next_minute, self._window_ends = math.inf, call.sent_at + LIVE_WINDOW_S
            self._tries = [call.sent_at + CONFIRM_S] if ends_with_minute else []
        self._passed += 1
        if self._passed % self._raise_after == 0:
            self._limit = min(self._limit + 1, LIVE_CALLS)
        return False

    def refused(self, call: Call, now: float, next_minute_in: float | None) -> bool:
        """Whether a refusal fits the live limit, which then holds."""
        self._any_refused = True
        counted = [each for each in self._calls if call.sent_at - LIVE_WINDOW_S < each.sent_at < call.sent_at]
        if self._limit is None:
            counted = [each for each in counted if not each.is_refused]
        if self._is_ruled_out or not MIN_CALLS <= len(counted) <= MAX_CALLS:
            return False
        if call.is_early:
            return True
        if self._limit is None:
            self._window_ends = counted[0].sent_at + LIVE_WINDOW_S
            self._plan_tries(now, next_minute_in)
        else:
            self._raise_after *= 2
        self._limit, self._passed = min(len(counted), self._limit or LIVE_CALLS), 0
        return True

    def _plan_tries(self, now: float, next_minute_in: float | None) -> None:
        self._next_minute = math.inf if next_minute_in is None else now + next_minute_in
        early = [now + seconds for seconds in EARLY_TRIES_S]
        tries = [moment for moment in early if abs(moment - self._next_minute) > MINUTE_TRY_S] + [self._next_minute]
        self._tries = [moment for moment in tries if moment < self._window_ends]

    def _free_in(self, now: float) -> float:
        self._forget(now)
        if self._limit is None or len(self._calls) < self._limit:
            return 0.0
        return max(self._calls[-self._limit].counted_at + LIVE_WINDOW_S + MARGIN_S - now, 0.0)

    def _forget(self, now: float) -> None:
        while self._calls and self._calls[0].counted_at + LIVE_WINDOW_S + MARGIN_S <= now:
            self._calls.popleft()
