"""Rate limits, in each of the shapes in which the API has been seen to refuse."""

import math
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.faults.errors import TOO_MANY
from sandbox.messages import Response, error

SHAPES = ("headers", "retry-after", "bare", "disguised")
REFUSAL = "rate limit"


@dataclass(frozen=True)
class RateLimit:
    """So many calls in a window of so many real seconds; a window starts with the first call after the one before."""

    calls: int
    seconds: float
    shape: str

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ValueError(f"unknown shape of rate limit: {self.shape!r}; known are {', '.join(SHAPES)}")

    @staticmethod
    def parse(text: str) -> "RateLimit":
        """Reads `20/60/headers`; raises `ValueError` if it is not such a text."""
        calls, seconds, shape = text.split("/")
        return RateLimit(int(calls), float(seconds), shape)


class Limiter:
    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._ends = -math.inf
        self._taken = 0

    def admit(self, wall: datetime) -> tuple[Response | None, dict[str, str]]:
        """Counts one call at the moment `wall`. Returns the refusal if it is one too many, and the headers that the
        response carries either way."""
        now = time.monotonic()
        if now >= self._ends:
            self._ends = now + self._limit.seconds
            self._taken = 0
        self._taken += 1
        left = self._ends - now
        refusal = self._refusal(left) if self._taken > self._limit.calls else None
        if self._limit.shape != "headers":
            return refusal, {}
        remaining = max(0, self._limit.calls - self._taken)
        return refusal, {
            "x-ratelimit-limit": str(self._limit.calls),
            "x-ratelimit-remaining": str(remaining),
            "x-ratelimit-reset": reset_text(wall, left),
        }

    def _refusal(self, seconds_left: float) -> Response:
        if self._limit.shape == "disguised":
            return error(400, "Rate Limit Exceeded", refusal=REFUSAL)
        headers = {"Retry-After": str(math.ceil(seconds_left))} if self._limit.shape == "retry-after" else {}
        return error(429, TOO_MANY, headers=headers, refusal=REFUSAL)


def reset_text(now: datetime, seconds_ahead: float) -> str:
    """The moment so many seconds after `now`, never too early, as `2026-11-23T09:00:00.000Z`."""
    moment = now + timedelta(seconds=seconds_ahead, milliseconds=1)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
