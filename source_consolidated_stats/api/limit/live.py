"""The live limit: 20 calls in any 60 seconds. It is known beforehand, and holds from the first refusal that fits it.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .announced import MARGIN_S

LIVE_CALLS, LIVE_WINDOW_S = 20, 60.0
"""The limit for each endpoint and key, as the vendor's support named it to a client."""
MIN_CALLS, MAX_CALLS = 3 * LIVE_CALLS // 4, 2 * LIVE_CALLS
"""A refusal after this many calls in a minute fits the live limit: other clients may use a part of it, and a window
that ends with the clock's minute may have ended in between."""
MAX_TRAVEL_S = 1.0
"""The API counts a call when it arrives: before its response, and no later than this after it was sent."""
EARLY_TRIES_S = (10.0, 30.0)
"""What looks like the live limit may have a shorter window: a call finds out this long after the refusal."""
NEAR_MINUTE = 0.25
"""The clock's next full minute is tried too, in the place of an early try that comes this part of its wait before."""
CONFIRM_S = 32.0
"""If the first call to go through comes after the full minute, the window seems to end with it. One more call finds out
this much later whether that was a coincidence. Longer windows do not matter: the live one is less than twice as long.
"""
MIN_GAIN_S = 10.0
"""A call that may be refused is not sent for less."""
RAISE_AFTER = 20
"""Calls that go through before a limit below 20 is raised by one; doubled by each refusal."""


@dataclass(eq=False)
class Call:
    """`counted_at` is when the API has counted it at the latest.

    `is_early` is whether it went although the live limit did not allow it yet, and `gap` the pace that held it up, 0 if
    the pace did not.
    """

    sent_at: float
    counted_at: float
    is_early: bool
    gap: float
    is_refused: bool = False

    def answered(self, now: float, *, refused: bool) -> None:
        self.counted_at, self.is_refused = min(self.counted_at, now), refused


class LiveLimit:
    """Any 60 seconds get `_limit` calls, which fits every kind of window.

    `_limit` is None while no refusal has fitted, and below 20 where another client uses a part of it. Refused calls are
    taken to count once a call is refused that had fewer than 20 accepted ones before it. Until then they hold a call up
    only for a short time.
    """

    def __init__(self) -> None:
        self._calls: deque[Call] = deque()
        self._limit: int | None = None
        self._is_ruled_out = False
        self._any_refused = False
        self._refused_count = False
        self._passed = 0
        self._raise_after = RAISE_AFTER
        self._tries: list[float] = []
        self._next_minute = math.inf

    def wait(self, now: float) -> float:
        """Seconds until a call may go, or is to try whether the window is over already."""
        return min([self._free_in(now), *(max(moment - now, 0.0) for moment in self._tries)])

    def others_allowed(self, now: float, in_flight: int) -> float:
        """How many other calls may be in flight beside the next one, so that few are refused together.

        Before anything was refused, the call after 20 or 40 in a minute goes alone, the next with one other, and so on;
        after a refusal that fits, each goes alone near the limit until as many as the limit have gone through.
        """
        self._forget(now)
        if self._limit is not None:
            return 0 if self._passed < self._limit and len(self._calls) >= MIN_CALLS else math.inf
        borders = 0 if self._any_refused else min(len(self._calls) // LIVE_CALLS, MAX_CALLS // LIVE_CALLS)
        return len(self._calls) - in_flight - borders * LIVE_CALLS if borders else math.inf

    def sent(self, now: float, gap: float) -> Call:
        is_early = self._free_in(now) > MAX_TRAVEL_S + MARGIN_S
        if is_early:
            self._tries = [moment for moment in self._tries if moment > now]
        self._calls.append(Call(now, now + MAX_TRAVEL_S, is_early, gap))
        return self._calls[-1]

    def accepted(self, call: Call) -> bool:
        """Whether it shows that another limit is what refuses: the window ended early, and not with the minute."""
        if self._limit is None:
            return False
        if call.is_early:
            if call.sent_at >= self._next_minute:
                self._calls, self._limit = deque([call]), LIVE_CALLS
                self._next_minute, self._tries = math.inf, [call.sent_at + CONFIRM_S]
            else:
                self._limit, self._is_ruled_out = None, True
                return True
        self._passed += 1
        if self._passed % self._raise_after == 0:
            self._limit = min(self._limit + 1, LIVE_CALLS)
        return False

    def refused(self, call: Call, now: float, next_minute_in: float | None) -> bool:
        """Whether a refusal fits the live limit, which then holds."""
        self._any_refused = True
        earliest = call.sent_at - LIVE_WINDOW_S
        calls = [each for each in self._calls if earliest < each.counted_at and each.sent_at < call.sent_at]
        counted = self._counted(calls)
        if self._limit is not None and len(counted) < self._limit:
            self._refused_count, counted = True, calls
        if self._is_ruled_out or not MIN_CALLS <= len(counted) <= MAX_CALLS:
            return False
        if call.is_early:
            return True
        is_first, self._passed = self._limit is None, 0
        self._limit = min(len(counted), self._limit or LIVE_CALLS)
        if is_first:
            self._refused_count = self._limit < LIVE_CALLS
            self._next_minute = _minute_after(call.sent_at, now, next_minute_in)
            self._tries = _early_tries(now, self._next_minute, now + self._free_in(now))
        else:
            self._raise_after *= 2
        return True

    def _free_in(self, now: float) -> float:
        self._forget(now)
        if self._limit is None:
            return 0.0
        free_in = _free_in(self._counted(self._calls), self._limit, now)
        free_for_certain_in = _free_in(self._calls, self._limit, now)
        return free_in if free_for_certain_in - free_in >= MIN_GAIN_S else free_for_certain_in

    def _counted(self, calls: Iterable[Call]) -> list[Call]:
        return [call for call in calls if self._refused_count or not call.is_refused]

    def _forget(self, now: float) -> None:
        while self._calls and self._calls[0].counted_at + LIVE_WINDOW_S + MARGIN_S <= now:
            self._calls.popleft()


def _free_in(calls: Sequence[Call], limit: int, now: float) -> float:
    """Seconds until fewer than `limit` of `calls`, the oldest first, are in the window."""
    return max(calls[-limit].counted_at + LIVE_WINDOW_S + MARGIN_S - now, 0.0) if len(calls) >= limit else 0.0


def _minute_after(sent_at: float, now: float, next_minute_in: float | None) -> float:
    """The first full minute after a call was sent, but not before `now`; infinite if the API's clock is not known."""
    if next_minute_in is None:
        return math.inf
    next_minute = now + next_minute_in
    latest = next_minute - LIVE_WINDOW_S
    return max(latest, now) if latest > sent_at else next_minute


def _early_tries(now: float, next_minute: float, window_ends: float) -> list[float]:
    early = [now + wait for wait in EARLY_TRIES_S if not 0 <= next_minute - now - wait <= wait * NEAR_MINUTE]
    return [moment for moment in [*early, next_minute] if moment < window_ends - MIN_GAIN_S]
