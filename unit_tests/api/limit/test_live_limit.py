"""The live limit, 20 calls in 60 seconds without a header, whatever its window is; simulated on a clock of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmark.limit_simulation import EARLY_CALLS, LIVE, Result, Sync, ideal, simulate
from sandbox.faults.rate_limit import WINDOWS, RateLimit

WORKERS = (1, 4, 8, 20)
MAX_EARLY_REFUSALS = 6
"""In the first `EARLY_CALLS` calls; after them, one in each 100."""


def is_refused_rarely(result: Result, calls: int) -> bool:
    late_hundreds = -(-max(calls - EARLY_CALLS, 0) // 100)
    return result.refused_early <= MAX_EARLY_REFUSALS and result.refused_late <= late_hundreds


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("calls", "second"), [(58, 2), (58, 20), (58, 55), (130, 20)])
def test_a_sync_is_near_the_ideal(window: str, workers: int, calls: int, second: float) -> None:
    sync = Sync((replace(LIVE, window=window),), calls, workers, second=second)

    result = simulate(sync)

    assert result.seconds <= 1.05 * ideal(sync) + 5
    assert is_refused_rarely(result, calls)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_another_client_of_the_key_costs_what_it_uses(window: str, workers: int) -> None:
    """The ideal is what the other client's five calls leave of the twenty."""
    shared = Sync((replace(LIVE, window=window, other_calls=5),), 225, workers)
    rest = Sync((replace(LIVE, window=window, calls=15),), 225, workers)

    result = simulate(shared)

    assert result.seconds <= 1.05 * ideal(rest) + 5
    assert is_refused_rarely(result, 225)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_headers_of_a_larger_limit_do_not_hide_the_smaller_one(window: str, workers: int) -> None:
    smaller = replace(LIVE, window=window, per_endpoint=True)
    sync = Sync((smaller, RateLimit(300, 60, "headers", window)), 130, workers)

    result = simulate(sync)

    assert is_refused_rarely(result, 130)
    assert result.seconds <= 1.15 * ideal(sync)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_retry_after_that_proves_too_short_grows(window: str, workers: int) -> None:
    sync = Sync((RateLimit(8, 6, "bare", window),), 100, workers, latency=0.1, fixed_retry_after="1")

    result = simulate(sync)

    assert len(result.refused_after) <= (100 + len(result.refused_after)) / 4
    assert result.seconds <= 3 * ideal(sync)


@pytest.mark.parametrize("clock_off", [-300, -30, 30, 300])
@pytest.mark.parametrize("window", WINDOWS)
def test_a_clock_that_is_off_does_no_harm(window: str, clock_off: float) -> None:
    sync = Sync((RateLimit(20, 60, "headers", window),), 130, 4, clock_off=clock_off, has_date=False)

    result = simulate(sync)

    assert result.seconds <= 1.15 * ideal(sync)
    assert is_refused_rarely(result, 130)
