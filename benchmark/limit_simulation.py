"""The connector's rate limit against the sandbox's limiter, on a clock of their own: minutes pass in milliseconds.

All times are in seconds.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from itertools import count
from typing import NamedTuple

from sandbox.faults.rate_limit import Limiter, RateLimit
from source_consolidated_stats.api.limit import rate_limit
from source_consolidated_stats.api.limit.headers import read_signal
from source_consolidated_stats.api.limit.pace import Call

LIVE = RateLimit(20, 60, "code-4000")
"""The limit that the vendor's support named, in the form that clients have seen."""
PATH = "/v1/analytics/consolidated-stats"
MIDNIGHT = datetime(2026, 11, 23, tzinfo=timezone.utc)
PEEK_INTERVAL = 0.5003
EARLY_CALLS = 60
"""In so many, the limit has to be found out."""
JITTER = 0.3
"""How much the time for a call varies, as a share of it."""


class Sync(NamedTuple):
    """`workers` make `calls` calls that each take about `latency`, starting `second` seconds into a minute.

    The client's clock is `clock_off` ahead; `has_date` is whether responses have a Date header, `fixed_retry_after`
    what every refusal gives as its `Retry-After`, whatever the limit is.
    """

    limits: tuple[RateLimit, ...]
    calls: int
    workers: int
    latency: float = 0.5
    second: float = 20.0
    clock_off: float = 0.0
    has_date: bool = True
    fixed_retry_after: str | None = None


class Result(NamedTuple):
    seconds: float
    refused_after: tuple[int, ...]
    """For each refused call, how many had gone through before."""

    @property
    def refused_early(self) -> int:
        """How many were refused before `EARLY_CALLS` had gone through."""
        return sum(number < EARLY_CALLS for number in self.refused_after)

    @property
    def refused_late(self) -> int:
        return len(self.refused_after) - self.refused_early


def simulate(sync: Sync) -> Result:
    """What the connector's rate limit makes of a sync."""
    return _run(sync, _Connector(sync))


@cache
def ideal(sync: Sync) -> float:
    """Seconds that the sync takes if a call is sent as soon as the limit is going to admit it."""
    return _run(sync._replace(clock_off=0.0, has_date=True, fixed_retry_after=None), None).seconds


class _Connector:
    """`RateLimit` with the reading of headers, as `SharedRateLimit` uses them."""

    def __init__(self, sync: Sync) -> None:
        self._sync = sync
        self._limit = rate_limit.RateLimit()
        self._calls: dict[int, Call] = {}

    def wait(self, now: float) -> float:
        return self._limit.wait(now)

    def sent(self, number: int, now: float) -> None:
        self._calls[number] = self._limit.sent(now)

    def answered(self, number: int, now: float, headers: Mapping[str, str], *, refused: bool) -> None:
        clock = _wall(self._sync, now) + timedelta(seconds=self._sync.clock_off)
        self._limit.answered(self._calls.pop(number), now, read_signal(headers, clock, refused=refused))


def _run(sync: Sync, connector: _Connector | None) -> Result:
    """Without a connector, calls are sent as soon as the limiter is known to admit them."""
    limiter = Limiter(sync.limits)
    vary = random.Random(7)
    numbers = count()
    now, done, in_flight = 0.0, 0, 0
    refused_after: list[int] = []
    events: list[tuple[float, int, str, bool, dict[str, str]]] = []
    on_the_way = 0
    while done < sync.calls:
        wait = math.inf
        if in_flight < min(sync.workers, sync.calls - done):
            wait = connector.wait(now) if connector else _peek(sync, limiter, now, on_the_way)
        if wait <= 0:
            number = next(numbers)
            if connector:
                connector.sent(number, now)
            travel = sync.latency / 2 * (1 - JITTER * vary.random()) if connector else 0.0
            heapq.heappush(events, (now + travel, number, "arrival", False, {}))
            in_flight, on_the_way = in_flight + 1, on_the_way + 1
            continue
        assert events or wait < math.inf, "no call may be sent, and no response is awaited"
        if not events or now + wait < events[0][0]:
            now += wait + 1e-9
            continue
        now, number, kind, refused, headers = heapq.heappop(events)
        if kind == "arrival":
            on_the_way -= 1
            refusal, announced = limiter.admit(PATH, now, _wall(sync, now))
            headers = {**announced, **(refusal.headers if refusal else {})}
            if sync.has_date:
                headers["Date"] = format_datetime(_wall(sync, now).replace(microsecond=0), usegmt=True)
            if refusal and sync.fixed_retry_after:
                headers["Retry-After"] = sync.fixed_retry_after
            travel = sync.latency / 2 if connector else sync.latency
            heapq.heappush(events, (now + travel, number, "response", refusal is not None, headers))
            continue
        in_flight -= 1
        if refused:
            refused_after.append(done)
        done += not refused
        if connector:
            connector.answered(number, now, headers, refused=refused)
    return Result(now, tuple(refused_after))


def _peek(sync: Sync, limiter: Limiter, now: float, on_the_way: int) -> float:
    if on_the_way:
        return math.inf
    copy = deepcopy(limiter)
    return 0.0 if copy.admit(PATH, now, _wall(sync, now))[0] is None else PEEK_INTERVAL


def _wall(sync: Sync, now: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=sync.second + now)
