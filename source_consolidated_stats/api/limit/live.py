"""The live limit, `LIVE_CALLS` in any `LIVE_WINDOW_S`: known beforehand, it holds from the first refusal that fits it.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LIVE_CALLS, LIVE_WINDOW_S = 20, 60.0
"""The limit for each endpoint and key, as the vendor's support named it to a client."""
MARGIN_S = 0.05
"""Added to a moment at which a window ends, for the way there and for clocks that differ a little."""
MIN_CALLS, MAX_CALLS = 3 * LIVE_CALLS // 4, 2 * LIVE_CALLS
"""A refusal after this many calls in a window's length fits the live limit: other clients may use a part of it, and a
window that ends by the clock may have ended in between."""
MAX_TRAVEL_S = 1.0
"""The API counts a call when it arrives: before its response, and no later than this after it was sent."""
EARLY_TRIES_S = (LIVE_WINDOW_S / 6, LIVE_WINDOW_S / 2)
"""What looks like the live limit may have a shorter window: a call finds out this long after the refusal."""
CLOCK_MARGIN_S = 0.5
"""Added to the moment at which the API's clock ends a window: clocks that are kept right still differ a little."""
NEAR_CLOCK_END = 0.25
"""That moment is tried too, in the place of an early try that comes this part of its wait before."""
CONFIRM_S = LIVE_WINDOW_S / 2 + 2 * MAX_TRAVEL_S
"""If the first call to go through comes after that moment, the window seems to end with the clock. One more call finds
out this much later whether that was a coincidence. Longer windows do not matter: the live one is less than twice as
long."""
MIN_GAIN_S = LIVE_WINDOW_S / 6
"""A call that may be refused is not sent for less."""
RAISE_AFTER = 20
"""Calls that go through before a limit below the live one is raised by one; doubled by each refusal."""


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
    """Any `LIVE_WINDOW_S` get `_limit` calls, which fits every kind of window.

    `_limit` is None while no refusal has fitted, and below `LIVE_CALLS` where another client uses a part of it. Refused
    calls are taken to count once a call is refused that had fewer accepted ones before it than the limit. Until then
    they hold a call up only for a short time.
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
        self._clock_end = math.inf

    def wait(self, now: float) -> float:
        """Seconds until a call may go, or is to try whether the window is over already."""
        return min([self._free_in(now), *(moment - now for moment in self._tries)])

    def others_allowed(self, now: float, in_flight: int) -> float:
        """How many other calls may be in flight beside the next one, so that few are refused together.

        Before anything was refused, the call after `LIVE_CALLS` in a window goes alone, the next with one other, and so
        on; the same after twice as many. After a refusal that fits, each call near the limit goes alone until as many
        as the limit have gone through.
        """
        self._forget(now)
        if self._limit is not None:
            return 0 if self._passed < self._limit and len(self._calls) >= MIN_CALLS else math.inf
        borders = 0 if self._any_refused else min(len(self._calls) // LIVE_CALLS, MAX_CALLS // LIVE_CALLS)
        return len(self._calls) - in_flight - borders * LIVE_CALLS if borders else math.inf

    def sent(self, now: float, gap: float) -> Call:
        is_early = self._free_in(now) > 0
        if is_early:
            self._tries = [moment for moment in self._tries if moment > now]
        self._calls.append(Call(now, now + MAX_TRAVEL_S, is_early, gap))
        return self._calls[-1]

    def accepted(self, call: Call) -> bool:
        """Whether it shows that another limit is what refuses: the window ended early, and not by the clock."""
        if self._limit is None:
            return False
        if call.is_early:
            if call.sent_at >= self._clock_end:
                self._calls, self._limit = deque([call]), LIVE_CALLS
                self._clock_end, self._tries = math.inf, [call.sent_at + CONFIRM_S]
            else:
                self._limit, self._is_ruled_out = None, True
                return True
        self._passed += 1
        if self._passed % self._raise_after == 0:
            self._limit = min(self._limit + 1, LIVE_CALLS)
        return False

    def refused(self, call: Call, now: float, api_time: float | None) -> bool:
        """Whether a refusal fits the live limit, which then holds."""
        self._any_refused = True
        calls = [each for each in self._calls if each.sent_at < call.sent_at]
        counted = self._counted(calls)
        if self._limit is not None and len(counted) < self._limit:
            self._refused_count, counted = True, calls
        if self._is_ruled_out or not MIN_CALLS <= len(counted) <= MAX_CALLS:
            return False
        if call.is_early:
            return True
        is_first, self._passed = self._limit is None, 0
        self._limit = min(len(counted), LIVE_CALLS)
        if is_first:
            self._clock_end = _clock_end(call.sent_at, now, api_time)
            self._tries = _early_tries(now, self._clock_end, now + self._free_in(now))
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
        while self._calls and self._calls[0].counted_at + LIVE_WINDOW_S <= now:
            self._calls.popleft()


def _free_in(calls: Sequence[Call], limit: int, now: float) -> float:
    """Seconds until fewer than `limit` of `calls`, the oldest first, are in the window."""
    return max(calls[-limit].counted_at + LIVE_WINDOW_S - now, 0.0) if len(calls) >= limit else 0.0


def _clock_end(sent_at: float, now: float, api_time: float | None) -> float:
    """When the API's clock ends the window of a call, which may be over by `now`; infinite if it shows no time."""
    if api_time is None:
        return math.inf
    since_start = (api_time - CLOCK_MARGIN_S - (now - sent_at)) % LIVE_WINDOW_S
    return sent_at + LIVE_WINDOW_S - since_start


def _early_tries(now: float, clock_end: float, window_ends: float) -> list[float]:
    early = [now + wait for wait in EARLY_TRIES_S if not 0 <= clock_end - now - wait <= wait * NEAR_CLOCK_END]
    return [moment for moment in [*early, clock_end] if moment < window_ends - MIN_GAIN_S]
