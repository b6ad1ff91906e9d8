"""The connector's rate limit against stand-ins for the API's, on a clock of their own: minutes pass in milliseconds.

All times are in seconds.
"""

from __future__ import annotations

import heapq
import math
import pickle
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from itertools import count
from typing import NamedTuple, Protocol

from sandbox.faults.rate_limit import Limiter, RateLimit
from source_consolidated_stats.api.limit import rate_limit
from source_consolidated_stats.api.limit.headers import read_signal
from source_consolidated_stats.api.limit.live import LIVE_CALLS, LIVE_WINDOW_S, Call

LIVE = RateLimit(LIVE_CALLS, LIVE_WINDOW_S, "code-4000")
"""The limit that the vendor's support named, in the form that clients have seen."""
PATH = "/v1/analytics/consolidated-stats"
MIDNIGHT = datetime(2026, 11, 23, tzinfo=timezone.utc)
PEEK_S = 0.1003
"""How soon a refused call is tried again, at first. No window of the limits here is a multiple of it."""
CALLS = 25 * LIVE_CALLS // 2
"""Of a sync: as many as the live limit lets through in twelve and a half windows."""
EARLY_CALLS = 60
"""By then, the limit has to be found out."""
MAX_LOOKS = 50
"""How often the limit may be asked for each call that is made: whenever one of the others arrives, too."""


class Answer(NamedTuple):
    """What the limit makes of a call, and the headers that say so."""

    refused: bool
    headers: Mapping[str, str] = {}


class Api(Protocol):
    """A stand-in for the API's limit."""

    def arrives(self, now: float, wall: datetime) -> Answer:
        """A call arrives, at the moment `wall`."""
        ...

    def leaves(self, now: float) -> None:
        """A call that was not refused gets its response."""


class Limited:
    """The sandbox's limits."""

    def __init__(self, *limits: RateLimit) -> None:
        self._limiter = Limiter(limits)

    def arrives(self, now: float, wall: datetime) -> Answer:
        refusal, announced = self._limiter.admit(PATH, now, wall)
        return Answer(refusal is not None, {**announced, **(refusal.headers if refusal else {})})

    def leaves(self, now: float) -> None:
        pass


@dataclass(frozen=True)
class Sync:
    """`workers` make `calls` calls, each of which takes `latency` (from, to).

    They start at `phase`, 0 to 1, of a window that is as long as the live one and starts by the clock.
    The client's clock is `clock_off` ahead; `has_date` is whether responses have a Date header.
    """

    api: Callable[[], Api]
    calls: int = CALLS
    workers: int = 4
    latency: tuple[float, float] = (0.2, 0.8)
    phase: float = 1 / 3
    clock_off: float = 0.0
    has_date: bool = True


class Result(NamedTuple):
    calls: int
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

    @property
    def refused_share(self) -> float:
        return len(self.refused_after) / (self.calls + len(self.refused_after))


def simulate(sync: Sync) -> Result:
    """What the connector's rate limit makes of a sync."""
    return _run(sync, _Connector(sync))


def ideal(sync: Sync) -> float:
    """Seconds that the sync takes at least: its calls in turn, or each as soon as the limit is going to admit it."""
    in_turn = sync.calls * sum(sync.latency) / 2 / sync.workers
    return max(in_turn, _admitted_in(sync.api, sync.calls, sync.phase))


@cache
def _admitted_in(api: Callable[[], Api], calls: int, phase: float) -> float:
    return _run(Sync(api, calls, workers=calls, latency=(0.01, 0.01), phase=phase), None).seconds


class _Connector:
    """`RateLimit` with the reading of headers, as `SharedRateLimit` uses them."""

    def __init__(self, sync: Sync) -> None:
        self._sync = sync
        self._limit = rate_limit.RateLimit()
        self._calls: dict[int, Call] = {}
        self._looks = 0

    def wait(self, now: float) -> float:
        wait = self._limit.wait(now)
        self._looks += 0 < wait < math.inf
        assert self._looks < MAX_LOOKS, "a busy loop"
        return wait

    def sent(self, number: int, now: float) -> None:
        self._looks = 0
        self._calls[number] = self._limit.sent(now)

    def answered(self, number: int, now: float, answer: Answer) -> None:
        self._looks = 0
        clock = _wall(self._sync, now) + timedelta(seconds=self._sync.clock_off)
        date = format_datetime(_wall(self._sync, now).replace(microsecond=0), usegmt=True)
        headers = {**answer.headers, "Date": date} if self._sync.has_date else answer.headers
        signal = read_signal(headers, clock, refused=answer.refused)
        self._limit.answered(self._calls.pop(number), now, signal)


def _run(sync: Sync, connector: _Connector | None) -> Result:
    """Without a connector, calls are sent as soon as the limit is known to admit them."""
    api = sync.api()
    vary = random.Random(7)
    numbers = count()
    now, done, in_flight, on_the_way = 0.0, 0, 0, 0
    refused_after: list[int] = []
    events: list[tuple[float, int, float, Answer | None]] = []
    while done < sync.calls:
        wait = math.inf
        if in_flight < min(sync.workers, sync.calls - done):
            wait = connector.wait(now) if connector else _peek(sync, api, now, on_the_way)
        if wait <= 0:
            number, latency = next(numbers), vary.uniform(*sync.latency)
            if connector:
                connector.sent(number, now)
            travel = vary.uniform(0, min(latency, 1.0)) if connector else 0.0
            heapq.heappush(events, (now + travel, number, latency - travel, None))
            in_flight, on_the_way = in_flight + 1, on_the_way + 1
            continue
        assert events or wait < math.inf, "no call may be sent, and no response is awaited"
        if not events or now + wait < events[0][0]:
            now += wait + 1e-9
            continue
        now, number, latency, answer = heapq.heappop(events)
        if answer is None:
            on_the_way -= 1
            answer = api.arrives(now, _wall(sync, now))
            heapq.heappush(events, (now + latency, number, 0.0, answer))
            continue
        in_flight -= 1
        if answer.refused:
            refused_after.append(done)
        else:
            api.leaves(now)
        done += not answer.refused
        if connector:
            connector.answered(number, now, answer)
    return Result(done, now, tuple(refused_after))


def _peek(sync: Sync, api: Api, now: float, on_the_way: int) -> float:
    """In how many seconds the limit admits a call."""
    if on_the_way:
        return math.inf

    def is_admitted(wait: float) -> bool:
        copy: Api = pickle.loads(pickle.dumps(api))
        return not copy.arrives(now + wait, _wall(sync, now + wait)).refused

    if is_admitted(0.0):
        return 0.0
    longest = PEEK_S
    while not is_admitted(longest):
        longest *= 2
    shortest = longest / 2 if longest > PEEK_S else 0.0
    while longest - shortest > PEEK_S / 10:
        middle = (shortest + longest) / 2
        shortest, longest = (shortest, middle) if is_admitted(middle) else (middle, longest)
    return longest


def _wall(sync: Sync, now: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=sync.phase * LIVE_WINDOW_S + now)
