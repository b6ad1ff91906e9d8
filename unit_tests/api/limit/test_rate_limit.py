"""What the rate limit makes of single responses, and that each call gets through in the end."""

from __future__ import annotations

import math
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from benchmark.limit_simulation import Limited, Sync, simulate
from sandbox.faults import rate_limit
from source_consolidated_stats.api.limit.headers import RateLimitSignal
from source_consolidated_stats.api.limit.live import LIVE_CALLS, LIVE_WINDOW_S
from source_consolidated_stats.api.limit.rate_limit import RateLimit

REFUSED = RateLimitSignal(refused=True)
ACCEPTED = RateLimitSignal()


@given(
    st.integers(1, 60),
    st.floats(0.5, 600),
    st.sampled_from(["headers", "retry-after", "bare"]),
    st.sampled_from(["fixed", "clock", "sliding"]),
    st.integers(1, 20),
    st.floats(0.05, 4),
)
def test_every_call_gets_through(
    calls: int, seconds: float, shape: str, window: str, workers: int, latency: float
) -> None:
    limit = rate_limit.RateLimit(calls, seconds, shape, window)

    result = simulate(Sync(partial(Limited, limit), 4 * calls, workers, (latency, latency)))

    assert result.seconds <= 8 * (4 * max(seconds, LIVE_WINDOW_S) + 4 * calls * latency)


def test_a_retry_after_is_kept() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.1, RateLimitSignal(refused=True, retry_after=7.0))

    assert 7.0 <= limit.wait(0.1) < 7.2
    assert limit.wait(7.2) == 0


def test_a_shorter_retry_after_does_not_end_a_longer_one() -> None:
    limit = RateLimit()
    first, second = limit.sent(0.0), limit.sent(0.0)
    limit.answered(first, 0.1, RateLimitSignal(refused=True, retry_after=60.0))
    limit.answered(second, 0.2, RateLimitSignal(refused=True, retry_after=1.0))

    assert limit.wait(0.2) >= 59


def test_the_reset_of_a_refusal_without_retry_after_is_kept() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.1, RateLimitSignal(refused=True, reset_in=7.0))

    assert 7.0 <= limit.wait(0.1) < 7.2


def test_the_reset_of_a_response_that_was_not_refused_is_not_waited_for() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.1, RateLimitSignal(reset_in=7.0))

    assert limit.wait(0.1) == 0


def test_an_hour_of_retry_after_does_not_become_the_pace() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.1, ACCEPTED)
    limit.answered(limit.sent(1.0), 1.1, RateLimitSignal(refused=True, retry_after=3_600.0))
    limit.answered(limit.sent(3_602.0), 3_602.1, ACCEPTED)

    assert 0 < limit.wait(3_602.1) <= 60


def test_a_window_with_no_calls_left_is_waited_for_before_it_refuses() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.1, RateLimitSignal(limit=5, remaining=0, reset_in=4.0))

    assert 4.0 <= limit.wait(0.1) < 4.2
    assert limit.wait(4.2) == 0


def test_the_end_of_another_limit_is_not_that_of_the_one_that_refuses() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.1, RateLimitSignal(refused=True, limit=300, remaining=279, reset_in=40.0))

    assert limit.wait(0.1) <= 1


def test_pauses_grow_to_minutes_if_no_end_is_named() -> None:
    limit, now, pauses = RateLimit(), 0.0, []
    for _ in range(12):
        limit.answered(limit.sent(now), now, REFUSED)
        pauses.append(limit.wait(now))
        now += limit.wait(now)

    assert pauses == sorted(pauses)
    assert pauses[0] <= 1
    assert pauses[-1] == 600


def test_one_call_alone_finds_out_whether_a_limit_has_passed() -> None:
    limit = RateLimit()
    for call in [limit.sent(0.0) for _ in range(3)]:
        limit.answered(call, 0.0, RateLimitSignal(refused=True, retry_after=1.0))
    assert limit.wait(2.0) == 0

    probe = limit.sent(2.0)
    assert limit.wait(2.0) == math.inf

    limit.answered(probe, 2.1, ACCEPTED)
    assert limit.wait(2.1) == 0


def test_a_call_without_an_answer_holds_nobody_up() -> None:
    limit = RateLimit()
    limit.answered(limit.sent(0.0), 0.0, RateLimitSignal(refused=True, retry_after=1.0))
    limit.abandoned(limit.sent(2.0))

    assert limit.wait(2.1) == 0


def test_nothing_is_held_back_before_a_refusal() -> None:
    limit = RateLimit()
    for second in range(600):
        assert limit.wait(second / 10) == 0
        limit.answered(limit.sent(second / 10), second / 10 + 0.05, ACCEPTED)


def test_the_live_limit_holds_from_the_first_refusal_that_fits_it() -> None:
    limit = RateLimit()
    for _ in range(LIVE_CALLS):
        limit.answered(limit.sent(0.0), 0.5, ACCEPTED)
    limit.answered(limit.sent(1.0), 1.5, REFUSED)

    now, tries = 1.5, 0
    while limit.wait(now):
        now, tries = now + limit.wait(now), tries + 1
        limit.answered(limit.sent(now), now, REFUSED if now < LIVE_WINDOW_S else ACCEPTED)

    assert tries == 3, "after ten and thirty seconds, and after the minute"
    assert LIVE_WINDOW_S <= now < LIVE_WINDOW_S + 1
