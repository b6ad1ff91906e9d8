"""The rate limit against simulated APIs: calls end near the ideal time, with few refusals."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.api.limit.pace import Call
from source_consolidated_stats.api.limit.rate_limit import RateLimit, RateLimitSignal

LATENCY = 0.02
"""Seconds for a call."""


class FixedWindow:
    """An API that takes `limit` calls in windows of `seconds`, which begin with a call, or each at its own time."""

    def __init__(self, limit: int, seconds: float, *, aligned: bool = False) -> None:
        self.limit = limit
        self.seconds = seconds
        self._aligned = aligned
        self._started = -math.inf
        self._taken = 0

    def call(self, now: float) -> tuple[bool, int, float]:
        """Whether the call is taken, how many are left, and the seconds until the window ends."""
        if now >= self._started + self.seconds:
            self._started = math.floor(now / self.seconds) * self.seconds if self._aligned else now
            self._taken = 0
        taken = self._taken < self.limit
        self._taken += taken
        return taken, self.limit - self._taken, self._started + self.seconds - now


class SlidingWindow(FixedWindow):
    """An API that takes `limit` calls in any stretch of `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        super().__init__(limit, seconds)
        self._log: list[float] = []

    def call(self, now: float) -> tuple[bool, int, float]:
        self._log = [moment for moment in self._log if moment > now - self.seconds]
        taken = len(self._log) < self.limit
        if taken:
            self._log.append(now)
        return taken, self.limit - len(self._log), self._log[0] + self.seconds - now


def in_headers(limit: int, taken: bool, left: int, ends_in: float) -> RateLimitSignal:
    return RateLimitSignal(refused=not taken, limit=limit, remaining=left, reset_in=ends_in)


def in_retry_after(limit: int, taken: bool, left: int, ends_in: float) -> RateLimitSignal:
    return RateLimitSignal(refused=not taken, retry_after=None if taken else float(math.ceil(ends_in)))


def in_refusals_alone(limit: int, taken: bool, left: int, ends_in: float) -> RateLimitSignal:
    return RateLimitSignal(refused=not taken)


Shape = Callable[[int, bool, int, float], RateLimitSignal]


def run(api: FixedWindow, shape: Shape, calls: int, workers: int) -> tuple[float, int]:
    """Seconds that `calls` good calls take, and how many were refused."""
    limit = RateLimit()
    now = start = 1.3
    done = refused = in_flight = 0
    arrivals: list[tuple[float, int, Call, RateLimitSignal | None]] = []
    sequence = 0
    while done < calls:
        may_send = in_flight < min(workers, calls - done)
        wait = limit.wait(now) if may_send else math.inf
        if wait <= 0:
            call = limit.sent(now)
            in_flight += 1
            sequence += 1
            heapq.heappush(arrivals, (now + LATENCY / 2, sequence, call, None))
            continue
        next_event = arrivals[0][0] if arrivals else math.inf
        assert min(now + wait, next_event) < math.inf, "nobody may call, and no answer is awaited"
        if now + wait < next_event:
            now += wait + 1e-9
            continue
        now, _, call, answer = heapq.heappop(arrivals)
        if answer is None:
            sequence += 1
            heapq.heappush(arrivals, (now + LATENCY / 2, sequence, call, shape(api.limit, *api.call(now))))
            continue
        in_flight -= 1
        limit.answered(call, now, answer)
        refused += answer.refused
        done += not answer.refused
    return now - start, refused


@pytest.mark.parametrize("workers", [1, 4, 6])
@pytest.mark.parametrize(("limit", "seconds", "calls"), [(8, 3, 120), (20, 60, 400)])
@pytest.mark.parametrize("shape", [in_headers, in_retry_after, in_refusals_alone])
@pytest.mark.parametrize("kind", [FixedWindow, SlidingWindow])
def test_near_the_ideal_time(
    kind: type[FixedWindow], shape: Shape, limit: int, seconds: float, calls: int, workers: int
) -> None:
    took, refused = run(kind(limit, seconds), shape, calls, workers)
    assert took <= 1.15 * math.ceil(calls / limit) * seconds
    assert refused <= calls / 8
    if shape is in_headers:
        assert refused == 0


@pytest.mark.parametrize("workers", [1, 4, 6])
@pytest.mark.parametrize("shape", [in_headers, in_retry_after, in_refusals_alone])
def test_windows_that_begin_by_the_clock(shape: Shape, workers: int) -> None:
    took, refused = run(FixedWindow(8, 3, aligned=True), shape, 120, workers)
    assert took <= 1.2 * math.ceil(120 / 8) * 3
    assert refused <= (120 + refused) / 4


@given(
    st.integers(1, 30),
    st.floats(0.5, 100),
    st.integers(1, 20),
    st.sampled_from([in_headers, in_retry_after, in_refusals_alone]),
    st.sampled_from([FixedWindow, SlidingWindow]),
)
def test_every_call_gets_through(
    limit: int, seconds: float, workers: int, shape: Shape, kind: type[FixedWindow]
) -> None:
    took, _ = run(kind(limit, seconds), shape, 5 * limit, workers)
    assert took < 12 * 5 * max(seconds, 1.0)


def test_a_retry_after_is_kept() -> None:
    limit = RateLimit()
    call = limit.sent(0.0)
    limit.answered(call, 0.1, RateLimitSignal(refused=True, retry_after=7.0))
    assert 7.0 <= limit.wait(0.1) < 7.2
    assert limit.wait(7.2) == 0


def test_a_window_with_no_calls_left_is_waited_for_before_it_refuses() -> None:
    limit = RateLimit()
    call = limit.sent(0.0)
    limit.answered(call, 0.1, RateLimitSignal(limit=5, remaining=0, reset_in=4.0))
    assert 4.0 <= limit.wait(0.1) < 4.2
    assert limit.wait(4.2) == 0


def test_pauses_grow_if_no_end_is_named() -> None:
    limit = RateLimit()
    now, pauses = 0.0, []
    for _ in range(24):
        limit.answered(limit.sent(now), now, RateLimitSignal(refused=True))
        pauses.append(round(limit.wait(now), 6))
        now += limit.wait(now)
    assert pauses == sorted(pauses)
    assert pauses[0] <= 1
    assert 30 <= pauses[-1] <= 60


def test_one_call_alone_finds_out_whether_a_limit_has_passed() -> None:
    limit = RateLimit()
    for call in [limit.sent(0.0) for _ in range(3)]:
        limit.answered(call, 0.0, RateLimitSignal(refused=True, retry_after=1.0))
    assert limit.wait(2.0) == 0
    probe = limit.sent(2.0)
    assert limit.wait(2.0) == math.inf
    limit.answered(probe, 2.1, RateLimitSignal())
    assert limit.wait(2.1) == 0


def test_a_call_without_an_answer_holds_nobody_up() -> None:
    limit = RateLimit()
    call = limit.sent(0.0)
    limit.answered(call, 0.0, RateLimitSignal(refused=True, retry_after=1.0))
    limit.abandoned(limit.sent(2.0))
    assert limit.wait(2.1) == 0
