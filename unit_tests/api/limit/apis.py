"""Stand-ins for limits that an API may have beside or in the place of the live one. All times are in seconds."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache, partial
from typing import Any

from benchmark.limit_simulation import LIVE, Answer, Api

WORKERS = (1, 4, 20)
LATENCIES = [
    (shortest * LIVE.seconds / 60, longest * LIVE.seconds / 60)
    for shortest, longest in [(0.2, 0.2), (1, 1), (0.2, 4), (4, 4)]
]
"""Seconds for a call, from and to, under a live limit of a minute; for a shorter one as much shorter."""
SHORT_WINDOW = (2 * LIVE.calls // 5, LIVE.seconds / 20)
"""Calls and seconds: 8 in 3 if the live limit is 20 in 60."""
OTHER_WINDOWS = [(5 * LIVE.calls, LIVE.seconds), SHORT_WINDOW, (LIVE.calls, LIVE.seconds / 6)]
"""100 in 60, 8 in 3 and 20 in 10 then."""


@cache
def made_by(make: Callable[..., Api], *arguments: Any) -> Callable[[], Api]:
    """The same function each time, so that its ideal is computed once."""
    return partial(make, *arguments)


class TokenBucket:
    """Holds up to `burst` calls, and fills at `rate` calls a second."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, 0.0

    def arrives(self, now: float, wall: datetime) -> Answer:
        self._tokens = min(self._tokens + (now - self._at) * self._rate, self._burst)
        self._at = now
        refused = self._tokens < 1
        self._tokens -= not refused
        return Answer(refused)

    def leaves(self, now: float) -> None:
        pass


class AtATime:
    """At most `calls` are answered at a time."""

    def __init__(self, calls: int) -> None:
        self._calls, self._in_flight = calls, 0

    def arrives(self, now: float, wall: datetime) -> Answer:
        refused = self._in_flight >= self._calls
        self._in_flight += not refused
        return Answer(refused)

    def leaves(self, now: float) -> None:
        self._in_flight -= 1


class Ban:
    """More than `calls` in any `window` are answered by a ban of `seconds`, which each call renews."""

    def __init__(self, calls: int, window: float, seconds: float) -> None:
        self._calls, self._window, self._seconds = calls, window, seconds
        self._taken: deque[float] = deque()
        self._until = -math.inf

    def arrives(self, now: float, wall: datetime) -> Answer:
        while self._taken and self._taken[0] <= now - self._window:
            self._taken.popleft()
        if now < self._until or len(self._taken) >= self._calls:
            self._until = now + self._seconds
            return Answer(True)
        self._taken.append(now)
        return Answer(False)

    def leaves(self, now: float) -> None:
        pass


class Both:
    """Admits what both limits admit; a call that the first refuses does not reach the second."""

    def __init__(self, first: Api, second: Api) -> None:
        self._first, self._second = first, second

    def arrives(self, now: float, wall: datetime) -> Answer:
        first = self._first.arrives(now, wall)
        if first.refused:
            return first
        second = self._second.arrives(now, wall)
        if second.refused:
            self._first.leaves(now)
        return Answer(second.refused, {**first.headers, **second.headers})

    def leaves(self, now: float) -> None:
        self._first.leaves(now)
        self._second.leaves(now)


class ForATime:
    """`usual`, but from second `begin` to second `end` it is `other`."""

    def __init__(self, usual: Api, other: Api, begin: float, end: float) -> None:
        self._usual, self._other, self._begin, self._end = usual, other, begin, end

    def arrives(self, now: float, wall: datetime) -> Answer:
        return (self._other if self._begin <= now < self._end else self._usual).arrives(now, wall)

    def leaves(self, now: float) -> None:
        pass


class Saying:
    """`api`, with what `say` makes of its answer in the place of its headers."""

    def __init__(self, api: Api, say: Callable[[Answer, datetime], Mapping[str, str]]) -> None:
        self._api, self._say = api, say

    def arrives(self, now: float, wall: datetime) -> Answer:
        answer = self._api.arrives(now, wall)
        return Answer(answer.refused, self._say(answer, wall))

    def leaves(self, now: float) -> None:
        self._api.leaves(now)


def retry_after_one(answer: Answer, wall: datetime) -> Mapping[str, str]:
    return {"Retry-After": "1"} if answer.refused else {}


def retry_after_as_date(answer: Answer, wall: datetime) -> Mapping[str, str]:
    """The same moment as the seconds that the answer names."""
    seconds = answer.headers.get("Retry-After")
    return {"Retry-After": format_datetime(wall + timedelta(seconds=int(seconds)), usegmt=True)} if seconds else {}


def fixed_headers(limit: int, remaining: int, reset_in: float, answer: Answer, wall: datetime) -> Mapping[str, str]:
    """The same for ever, whatever the answer is."""
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": (wall + timedelta(seconds=reset_in)).isoformat(),
    }
