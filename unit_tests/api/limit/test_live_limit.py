"""The live limit, without a header and whatever its window is; simulated on a clock of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from benchmark.limit_simulation import LIVE, Api, Limited, Sync, ideal, simulate
from sandbox.faults.rate_limit import WINDOWS, RateLimit

from .apis import LATENCIES, WORKERS, ForATime, Saying, fixed_headers, made_by, retry_after_as_date, retry_after_one

MAX_EARLY_REFUSALS = 6
MAX_RATIO = 1.1
OTHER_CALLS = LIVE.calls // 4
"""In a window, by another client of the key."""


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_sync_is_near_the_ideal(window: str, workers: int, latency: tuple[float, float]) -> None:
    sync = Sync(made_by(Limited, replace(LIVE, window=window)), workers=workers, latency=latency)

    result = simulate(sync)

    assert result.seconds <= MAX_RATIO * ideal(sync)
    assert result.refused_early <= MAX_EARLY_REFUSALS
    assert result.refused_late == 0


@pytest.mark.parametrize("workers", [4, 20])
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("windows", "phase"), [(2.9, 0.03), (2.9, 0.33), (2.9, 0.92), (6.5, 0.33)])
def test_a_short_sync_is_too_whenever_it_starts(window: str, workers: int, windows: float, phase: float) -> None:
    calls = int(windows * LIVE.calls)
    sync = Sync(made_by(Limited, replace(LIVE, window=window)), calls, workers, phase=phase)

    result = simulate(sync)

    assert result.seconds <= MAX_RATIO * ideal(sync) + 5
    assert result.refused_early <= MAX_EARLY_REFUSALS


@pytest.mark.parametrize("workers", [4, 20])
@pytest.mark.parametrize("window", ["fixed", "clock", "sliding"])
@pytest.mark.parametrize("phase", [0.03, 0.33, 0.92])
def test_refused_calls_do_not_use_a_window_up_that_does_not_count_them(window: str, workers: int, phase: float) -> None:
    """The third window is needed to its last call."""
    sync = Sync(made_by(Limited, replace(LIVE, window=window)), 3 * LIVE.calls, workers, phase=phase)

    result = simulate(sync)

    assert result.seconds <= ideal(sync) + LIVE.seconds / 3


@pytest.mark.parametrize("workers", WORKERS)
def test_a_minute_that_ends_before_the_refusal_arrives_is_not_missed(workers: int) -> None:
    sync = Sync(made_by(Limited, replace(LIVE, window="clock")), workers=workers, latency=(2.0, 2.0), phase=0.95)

    result = simulate(sync)

    assert result.refused_early <= MAX_EARLY_REFUSALS


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_another_client_of_the_key_costs_what_it_uses(window: str, workers: int, latency: tuple[float, float]) -> None:
    """The ideal is what the other client's calls leave."""
    shared = Sync(
        made_by(Limited, replace(LIVE, window=window, other_calls=OTHER_CALLS)), workers=workers, latency=latency
    )
    rest = Sync(
        made_by(Limited, replace(LIVE, window=window, calls=LIVE.calls - OTHER_CALLS)), workers=workers, latency=latency
    )

    result = simulate(shared)

    assert result.seconds <= MAX_RATIO * ideal(rest)
    assert result.refused_early <= MAX_EARLY_REFUSALS
    assert result.refused_late <= 12


def for_three_windows(limit: RateLimit) -> Api:
    return ForATime(Limited(limit), Limited(replace(limit, other_calls=OTHER_CALLS)), begin=0, end=3.3 * LIVE.seconds)


@pytest.mark.parametrize("window", WINDOWS)
def test_the_limit_rises_again_once_another_client_is_gone(window: str) -> None:
    result = simulate(Sync(made_by(for_three_windows, replace(LIVE, window=window)), calls=25 * LIVE.calls))

    assert result.seconds <= 1.2 * 24 * LIVE.seconds


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_headers_of_a_larger_limit_do_not_hide_the_smaller_one(window: str, workers: int) -> None:
    smaller = replace(LIVE, window=window, per_endpoint=True)
    sync = Sync(made_by(Limited, smaller, RateLimit(300, 60, "headers", window)), workers=workers)

    result = simulate(sync)

    assert result.seconds <= MAX_RATIO * ideal(sync)
    assert result.refused_early <= MAX_EARLY_REFUSALS


def lying(window: str, limit: int, remaining: int, reset_in: float) -> Api:
    return Saying(Limited(replace(LIVE, window=window)), partial(fixed_headers, limit, remaining, reset_in))


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(
    ("limit", "remaining", "reset_in", "lost_s"),
    [
        (LIVE.calls, LIVE.calls - 1, LIVE.seconds, 0),
        (1_000, 999, 3_600, 0),
        (LIVE.calls, 0, -300, 0),
        (LIVE.calls, 0, 5, 5),
        (LIVE.calls, 0, LIVE.seconds, LIVE.seconds),
        (1_000, 0, LIVE.seconds, LIVE.seconds),
    ],
)
def test_headers_that_lie_are_believed_once(
    window: str, workers: int, limit: int, remaining: int, reset_in: float, lost_s: float
) -> None:
    """That no calls remain is waited for, in case another client made them; then it is known better."""
    sync = Sync(made_by(lying, window, limit, remaining, reset_in), workers=workers)

    result = simulate(sync)

    assert (
        result.seconds <= MAX_RATIO * ideal(replace(sync, api=made_by(Limited, replace(LIVE, window=window)))) + lost_s
    )
    assert result.refused_early <= MAX_EARLY_REFUSALS


def in_dates() -> Api:
    return Saying(Limited(replace(LIVE, shape="retry-after")), retry_after_as_date)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("clock_off", [-3_600, -300, -30, 30, 300, 3_600])
def test_dates_of_retry_after_do_no_harm_where_the_clock_is_off(clock_off: float, workers: int) -> None:
    sync = Sync(in_dates, workers=workers, latency=(0.2, 4.0), clock_off=clock_off, has_date=False)

    result = simulate(sync)

    assert result.seconds <= 1.3 * ideal(sync)


@pytest.mark.parametrize("clock_off", [-300, -30, 30, 300])
@pytest.mark.parametrize("window", WINDOWS)
def test_a_clock_that_is_off_does_no_harm(window: str, clock_off: float) -> None:
    limit = replace(LIVE, shape="headers", window=window)
    sync = Sync(made_by(Limited, limit), clock_off=clock_off, has_date=False)

    result = simulate(sync)

    assert result.seconds <= 1.2 * ideal(sync)
    assert result.refused_early <= MAX_EARLY_REFUSALS


def always_a_second(limit: RateLimit) -> Api:
    return Saying(Limited(limit), retry_after_one)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("limit", [LIVE, RateLimit(8, 6, "bare")])
def test_a_retry_after_that_is_always_too_short_is_not_believed(limit: RateLimit, window: str, workers: int) -> None:
    sync = Sync(made_by(always_a_second, replace(limit, window=window)), workers=workers)

    result = simulate(sync)

    assert result.refused_share <= 0.2
    assert result.seconds <= 2 * ideal(sync)
