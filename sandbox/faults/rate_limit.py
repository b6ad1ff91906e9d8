"""Rate limits: how calls are counted, and the forms in which the API has been seen to refuse."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.faults.errors import ERRORS, TOO_MANY
from sandbox.messages import Response, error

SHAPES = ("headers", "retry-after", "bare", "disguised", "code-4000")
WINDOWS = ("fixed", "clock", "sliding", "counting")
REFUSAL = "rate limit"


@dataclass(frozen=True)
class RateLimit:
    """A number of calls in a window of real seconds.

    `shape` is what a refusal says: "headers" announce the limit with every response, "retry-after" names the seconds
    to wait, "bare" is a 429 without either, "disguised" and "code-4000" are a 400 whose message names the limit.

    A "fixed" window starts with the first call after the one before; one by the "clock" at each multiple of its length,
    such as each full minute; a "sliding" one looks back from each call; a "counting" one does too, and refused calls
    count. `per_endpoint` gives each path a limit of its own. `other_calls` is how many calls another client of the key
    makes in the length of a window, evenly spread."""

    calls: int
    seconds: float
    shape: str
    window: str = "fixed"
    per_endpoint: bool = False
    other_calls: int = 0

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ValueError(f"unknown shape of rate limit: {self.shape!r}; known are {', '.join(SHAPES)}")
        if self.window not in WINDOWS:
            raise ValueError(f"unknown window of rate limit: {self.window!r}; known are {', '.join(WINDOWS)}")

    @staticmethod
    def parse(text: str) -> "RateLimit":
        """Reads `20/60/headers` or `20/60/bare/sliding`; raises `ValueError` if it is not such a text."""
        fields = text.split("/")
        calls, seconds, shape, window = fields if len(fields) == 4 else [*fields, "fixed"]
        return RateLimit(int(calls), float(seconds), shape, window)


class Limiter:
    """Admits a call if every one of the limits does."""

    def __init__(self, limits: Sequence[RateLimit]) -> None:
        self._limits = limits
        self._windows: dict[tuple[RateLimit, str], _Window] = {}

    def admit(self, path: str, now: float, wall: datetime) -> tuple[Response | None, dict[str, str]]:
        """Counts a call of `path`, `now` seconds on a clock that never goes back, at the moment `wall`. Returns the
        refusal if it is one too many, and the headers that the response carries either way."""
        refusal, headers = None, {}
        for limit in self._limits:
            scope = (limit, path if limit.per_endpoint else "")
            window = self._windows.setdefault(scope, _Window(limit))
            admitted = window.admit(now, wall)
            ends_in = window.ends_in(now)
            if not admitted and refusal is None:
                refusal = _refusal(limit.shape, ends_in)
            if limit.shape == "headers":
                headers = {
                    "x-ratelimit-limit": str(limit.calls),
                    "x-ratelimit-remaining": str(window.remaining),
                    "x-ratelimit-reset": reset_text(wall, ends_in),
                }
        return refusal, headers


class _Window:
    """The calls that count against one limit. Times are in seconds."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._counted: deque[float] = deque()
        self._start = -math.inf
        self._next_other: float | None = None

    @property
    def remaining(self) -> int:
        return max(0, self._limit.calls - len(self._counted))

    def admit(self, now: float, wall: datetime) -> bool:
        self._count_others(now, wall)
        return self._count(now, wall)

    def ends_in(self, now: float) -> float:
        """Seconds until the window ends; of one that slides, until a call leaves it and makes room."""
        if self._limit.window in ("fixed", "clock"):
            return self._start + self._limit.seconds - now
        return self._counted[max(0, len(self._counted) - self._limit.calls)] + self._limit.seconds - now

    def _count(self, now: float, wall: datetime) -> bool:
        self._move(now, wall)
        admitted = len(self._counted) < self._limit.calls
        if admitted or self._limit.window == "counting":
            self._counted.append(now)
        return admitted

    def _move(self, now: float, wall: datetime) -> None:
        seconds = self._limit.seconds
        if self._limit.window == "clock":
            self._start = now - wall.timestamp() % seconds
        elif self._limit.window != "fixed":
            self._start = now - seconds
        elif now >= self._start + seconds:
            self._start = now
        while self._counted and self._counted[0] < self._start:
            self._counted.popleft()

    def _count_others(self, now: float, wall: datetime) -> None:
        """The other client's calls up to now; it starts soon after our first call."""
        if not self._limit.other_calls:
            return
        gap = self._limit.seconds / self._limit.other_calls
        moment = self._next_other or now + gap / 2
        while moment <= now:
            self._count(moment, wall - timedelta(seconds=now - moment))
            moment += gap
        self._next_other = moment


def _refusal(shape: str, ends_in: float) -> Response:
    if shape == "disguised":
        return replace(ERRORS["400-rate-limit"], refusal=REFUSAL)
    if shape == "code-4000":
        return replace(ERRORS["400-rate-limit-4000"], refusal=REFUSAL)
    headers = {"Retry-After": str(math.ceil(ends_in))} if shape == "retry-after" else {}
    return error(429, TOO_MANY, headers=headers, refusal=REFUSAL)


def reset_text(now: datetime, seconds_ahead: float) -> str:
    """The moment that many seconds after `now`, never too early, as `2026-11-23T09:00:00.000Z`."""
    moment = now + timedelta(seconds=seconds_ahead, milliseconds=1)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
