"""Limits of other kinds than the live one, or beside it; simulated on a clock of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmark.limit_simulation import LIVE, Api, Limited, Sync, ideal, simulate
from sandbox.faults.rate_limit import WINDOWS, RateLimit

from .apis import LATENCIES, OTHER_WINDOWS, SHORT_WINDOW, WORKERS, AtATime, Ban, Both, ForATime, TokenBucket, made_by

SLIDING = replace(LIVE, window="sliding")


def worst(api: Callable[[], Api], workers: int, ideal_api: Callable[[], Api] | None = None) -> tuple[float, float]:
    """Time against the ideal, and the share of refused calls, for calls of any length.

    `ideal_api` is the limit that the ideal is that of, if not `api`.
    """
    syncs = [Sync(api, workers=workers, latency=latency) for latency in LATENCIES]
    results = [simulate(sync) for sync in syncs]
    ideals = [ideal(replace(sync, api=ideal_api or api)) for sync in syncs]
    ratios = [result.seconds / best for result, best in zip(results, ideals, strict=True)]
    return max(ratios), max(result.refused_share for result in results)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("burst", [5, 20])
def test_a_token_bucket_of_20_a_minute(burst: int, workers: int) -> None:
    ratio, refused = worst(made_by(TokenBucket, 20 / 60, burst), workers)

    assert ratio <= 1.5
    assert refused <= 0.2


def by_the_second(calls: int, window: str) -> Api:
    return Both(Limited(RateLimit(calls, 1, "bare")), Limited(replace(LIVE, window=window)))


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("calls", [1, 2, 5])
def test_calls_a_second_beside_the_live_limit(calls: int, window: str, workers: int) -> None:
    ratio, _ = worst(made_by(by_the_second, calls, window), workers)

    assert ratio <= 2


def at_a_time() -> Api:
    return Both(AtATime(2), Limited(SLIDING))


@pytest.mark.parametrize("workers", WORKERS)
def test_two_calls_at_a_time_beside_the_live_limit(workers: int) -> None:
    ratio, _ = worst(at_a_time, workers, ideal_api=made_by(Limited, SLIDING))

    assert ratio <= 2


def a_quarter(limit: RateLimit) -> Api:
    return ForATime(Limited(limit), Limited(replace(limit, calls=limit.calls // 4)), begin=200, end=500)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_limit_that_drops_to_a_quarter_and_comes_back(window: str, workers: int) -> None:
    ratio, _ = worst(made_by(a_quarter, replace(LIVE, window=window)), workers)

    assert ratio <= 2


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", ["fixed", "clock", "sliding"])
@pytest.mark.parametrize("shape", ["bare", "retry-after", "headers"])
@pytest.mark.parametrize(("calls", "seconds"), OTHER_WINDOWS)
def test_windows_that_nobody_has_seen(calls: int, seconds: float, shape: str, window: str, workers: int) -> None:
    ratio, _ = worst(made_by(Limited, RateLimit(calls, seconds, shape, window)), workers)

    assert ratio <= 2


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", ["fixed", "clock"])
@pytest.mark.parametrize(("calls", "seconds", "share"), [(20, 60, 0.0), (100, 60, 0.0), (20, 10, 0.0), (2, 5, 0.07)])
def test_a_limit_that_is_announced_refuses_hardly_a_call(
    calls: int, seconds: float, share: float, window: str, workers: int
) -> None:
    ratio, refused = worst(made_by(Limited, RateLimit(calls, seconds, "headers", window)), workers)

    assert ratio <= 1.35
    assert refused <= share


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("phase", [0, 0.33, 0.55, 0.65])
@pytest.mark.parametrize(("shape", "times"), [("bare", 6), ("bare", 3), ("retry-after", 6), ("retry-after", 2)])
def test_a_window_that_is_several_times_shorter(shape: str, times: int, phase: float, workers: int) -> None:
    """It looks like the live limit, more so where it ends near the full minute of the clock."""
    limit = replace(LIVE, seconds=LIVE.seconds / times, shape=shape)
    sync = Sync(made_by(Limited, limit), workers=workers, phase=phase)

    result = simulate(sync)

    assert result.seconds <= 2 * ideal(sync)


@pytest.mark.parametrize("times", [3, 2])
def test_a_window_that_proved_shorter_is_not_taken_for_the_live_limit_again(times: int) -> None:
    result = simulate(Sync(made_by(Limited, replace(LIVE, seconds=LIVE.seconds / times)), workers=20, phase=0.68))

    assert result.refused_share <= 0.2


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("phase", [0.33, 0.55])
def test_half_a_window_is_found_out_by_one_try(phase: float, workers: int, latency: tuple[float, float]) -> None:
    """A call that the live limit allows does not use the try up."""
    limit = replace(LIVE, seconds=LIVE.seconds / 2)
    sync = Sync(made_by(Limited, limit), workers=workers, latency=latency, phase=phase)

    result = simulate(sync)

    assert result.seconds <= 1.5 * ideal(sync)
    assert result.refused_early <= 12


@pytest.mark.parametrize("phase", [0.9, 0.92])
def test_the_full_minute_does_not_replace_a_try_that_comes_after_it(phase: float) -> None:
    sync = Sync(made_by(Limited, replace(LIVE, seconds=LIVE.seconds / 6, shape="bare")), phase=phase)

    result = simulate(sync)

    assert result.seconds <= 2 * ideal(sync)


@pytest.mark.parametrize("latency", [(1.0, 1.0), (4.0, 4.0)])
@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("phase", [0.01, 0.68])
@pytest.mark.parametrize("times", [6, 3])
def test_calls_that_take_long_do_not_hide_that_the_window_is_shorter(
    times: int, phase: float, workers: int, latency: tuple[float, float]
) -> None:
    limit = replace(LIVE, seconds=LIVE.seconds / times)
    sync = Sync(made_by(Limited, limit), workers=workers, latency=latency, phase=phase)

    result = simulate(sync)

    assert result.seconds <= 2 * ideal(sync)


@pytest.mark.parametrize("window", ["fixed", "clock", "sliding"])
def test_a_late_refusal_slows_down_from_the_pace_at_which_its_call_was_sent(window: str) -> None:
    """The pace has sped up since: with twenty calls under way, much would be refused before it is slow enough."""
    _, refused = worst(made_by(Limited, RateLimit(*SHORT_WINDOW, "bare", window)), workers=20)

    assert refused <= 0.2


@pytest.mark.parametrize("workers", WORKERS)
def test_a_window_that_counts_refused_calls_and_that_nobody_has_seen(workers: int) -> None:
    """With twenty calls of four seconds under way, those that follow a refusal use the limit up."""
    ratio, _ = worst(made_by(Limited, RateLimit(*SHORT_WINDOW, "bare", "counting")), workers)

    assert ratio <= 2.5


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize(("calls", "window"), [(LIVE.calls, LIVE.seconds), SHORT_WINDOW])
def test_a_ban_that_each_call_renews_ends(calls: int, window: float, workers: int) -> None:
    """It is met a few times at most, and a pause is ten minutes at most."""
    result = simulate(Sync(made_by(Ban, calls, window, 300), workers=workers))

    assert result.seconds <= 6 * 3_600


@pytest.mark.parametrize("workers", WORKERS)
def test_the_live_limit_with_a_ban_is_met_once(workers: int) -> None:
    result = simulate(Sync(made_by(Ban, LIVE.calls, LIVE.seconds, 300), workers=workers))

    assert result.seconds <= 2_000
    assert len(result.refused_after) <= 12
