"""What is known of a rate limit that is not announced, and how fast calls may go by it.

All times are seconds on one clock that never goes back.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from .window_length import WindowLength

MARGIN_S = 0.05
"""Added to a moment at which a window ends, for the way there and for clocks that differ a little."""
LIVE_CALLS, LIVE_WINDOW_S = 20, 60.0
"""The limit for each endpoint and key, as the vendor's support named it to a client."""
LIVE_MIN_CALLS, LIVE_MAX_CALLS = 15, 40
"""A refusal after so many calls in a minute looks like the live limit: other clients may use a part of it, and a
window that ends with the clock's minute may have ended between."""
MAX_TRAVEL_S = 1.0
"""The API counts a call when it arrives: before its response, and no later than this after it was sent."""
RAISE_INTERVAL = 100
"""Calls that go through before one tries whether the limit allows more; doubled each time that it is refused."""
LIVE_RAISE_INTERVAL = 400
"""The same while the limit is the live one, of which more is known."""
PROVEN_SHARE = 0.8
"""Of a limit that was met once: the calls beyond this share go one by one until a whole window has gone through."""


class Phase(Enum):
    """What the next call may do, and what follows.

    OPEN      it goes at the pace of the limit that is known -> BLOCKED by a refusal
    BLOCKED   it waits for a moment, and goes as PROBING
    PROBING   one call by itself finds out whether the window is over -> OPEN if accepted, BLOCKED if refused
    RAISING   one call by itself goes beyond the pace -> OPEN, or BLOCKED by a refusal that names a time
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


class Pace:
    """So many calls in so many seconds. Any stretch of that length gets no more, which fits every kind of window.

    `limit` is None before the first refusal. `refusals_count` is whether refused calls use up the limit, None if that
    is not known. `accepted` is how many calls have gone through since the last refusal.
    """

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=1_000)
        self.in_flight = 0
        self.limit: int | None = None
        self.length = WindowLength()
        self.refusals_count: bool | None = None
        self.accepted = math.inf
        self._proven = 0
        self._raise_after = RAISE_INTERVAL

    @property
    def is_live(self) -> bool:
        return self.length.shortest == self.length.longest == LIVE_WINDOW_S

    @property
    def looks_live(self) -> bool:
        return self.limit is None and LIVE_MIN_CALLS <= len(self._gone_through()) <= LIVE_MAX_CALLS

    def window_began(self, refused: Call) -> float:
        """When the first of the calls that filled the window was sent."""
        span = LIVE_WINDOW_S if self.limit is None else self.length.longest
        filled_by = self._gone_through()[-(self.limit or 0) :]
        return next((each.sent_at for each in filled_by if each.sent_at > refused.sent_at - span), refused.sent_at)

    def live_end(self) -> float:
        """When the live limit's window is over, if refused calls count too."""
        return self.calls[-min(LIVE_CALLS, len(self.calls))].counted_at + LIVE_WINDOW_S + MARGIN_S

    def free_at(self) -> float:
        """When the window has room for a call again."""
        first = self.first_of_full_window()
        return -math.inf if first is None else first.counted_at + self.length.next_try + MARGIN_S

    def first_of_full_window(self) -> Call | None:
        """The call that has to leave the window before the next one may go, None if there is room."""
        counted = self._counted() if self.limit is not None else []
        return None if self.limit is None or len(counted) < self.limit else counted[-self.limit]

    def is_trying_length(self, now: float) -> bool:
        """Whether a call at the pace finds out more of the window's length."""
        first = None if self.length.is_certain else self.first_of_full_window()
        return first is not None and first.counted_at > now - self.length.longest

    def may_raise(self, early_by: float) -> bool:
        """Whether to try a call `early_by` seconds before the pace. One that is hardly early would show nothing."""
        if self.limit is None or not self.length.is_certain:
            return False
        if early_by <= min(MAX_TRAVEL_S + MARGIN_S, self.length.longest / 2):
            return False
        if self.refusals_count is None and any(each.is_refused for each in self._counted()[-self.limit :]):
            return True
        return self.accepted >= self._raise_after

    def others_allowed(self, now: float) -> float:
        """How many other calls may be in flight beside the next one, so that few are refused together."""
        if self.limit is None:
            return self._others_before_a_refusal(now)
        used = sum(1 for each in self._counted() if each.counted_at > now - self.length.longest)
        return 0 if used >= self._proven and self._proven < self.limit else self.accepted

    def _others_before_a_refusal(self, now: float) -> float:
        """As many as wanted, but where the live limit may refuse: the call after 20 or 40 in a minute goes alone, the
        next with one other, and so on."""
        while self.calls and self.calls[0].sent_at <= now - LIVE_WINDOW_S:
            self.calls.popleft()
        borders = min(len(self.calls) // LIVE_CALLS, LIVE_MAX_CALLS // LIVE_CALLS)
        beyond = len(self.calls) - self.in_flight - borders * LIVE_CALLS
        return min(self.accepted, beyond if borders else math.inf)

    def set_limit(self, *, is_live: bool) -> None:
        """Once a window is over: the live limit, or as many calls as went through in it."""
        gone_through = len(self._gone_through()) - 1
        if self.limit is not None or gone_through < 1:
            return
        self.limit = LIVE_CALLS if is_live else gone_through
        self._raise_after = LIVE_RAISE_INTERVAL if is_live else RAISE_INTERVAL
        self._proven = int(PROVEN_SHARE * self.limit)

    def lower(self, refused: Call) -> bool:
        """Lowers the limit if a good part of it went through in this window. Otherwise the window is longer: False."""
        if self.limit is None or not self.length.is_certain:
            return False
        since = refused.sent_at - self.length.longest * (1.0 if self.is_live else 0.5)
        others = [each for each in self._counted() if each.counted_at > since and each is not refused]
        used = max(len(others) - self.in_flight, 1)
        if 2 * used < self.limit and not self.is_live:
            return False
        self.limit = min(used, self.limit)
        self._proven = int(PROVEN_SHARE * self.limit)
        self._raise_after = RAISE_INTERVAL
        return True

    def raise_accepted(self) -> None:
        """A call beyond the pace went through: refused calls do not count, or the limit is higher."""
        if self.refusals_count is None:
            self.refusals_count = False
        elif self.limit is not None:
            self.limit, self._proven, self._raise_after = self.limit + 1, self._proven + 1, RAISE_INTERVAL

    def raise_refused(self) -> None:
        self.refusals_count = self.refusals_count is not False
        self._raise_after *= 2

    def call_accepted(self) -> None:
        self.accepted += 1
        if self.limit is not None and self.accepted >= self.limit:
            self._proven = self.limit

    def _gone_through(self) -> list[Call]:
        return [each for each in self.calls if not each.is_refused]

    def _counted(self) -> list[Call]:
        """The calls that use up the limit. Refused ones are thought to at the live limit, until one shows otherwise."""
        refusals_count = self.is_live if self.refusals_count is None else self.refusals_count
        return [each for each in self.calls if refusals_count or not each.is_refused]
