"""What a response says of the rate limit."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from source_consolidated_stats.api.limit.headers import (
    MAX_UNDATED_S,
    MAX_WAIT_S,
    RateLimitSignal,
    read_signal,
)

from ..builders import response

NOW = datetime(2026, 11, 23, 8, 59, 30, tzinfo=timezone.utc)


def signal(**headers: str) -> RateLimitSignal:
    return read_signal(response(200, **headers).headers, NOW, refused=False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("17", 17),
        ("0", 0),
        ("-3", 0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 30),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("200000", MAX_WAIT_S),
        ("1e300", None),
        ("9" * 5_000, None),
        ("Mon, 23 Nov 2026 09:00:00 +99999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert signal(Retry_After=text).retry_after == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-23T09:00:00.000Z", 30),
        ("2026-11-23T14:30:00+05:30", 30),
        ("2026-11-23T08:00:00Z", 0),
        ("2026-11-23T09:00:00", 30),
        (str(NOW.timestamp() + 12), 12),
        (str(int(NOW.timestamp() + 12) * 1000), 12),
        ("45", 45),
        ("tomorrow", None),
    ],
)
def test_the_reset_of_a_window(text: str, seconds: float | None) -> None:
    found = signal(x_ratelimit_remaining="3", x_ratelimit_limit="20", x_ratelimit_reset=text)
    assert (found.limit, found.remaining, found.reset_in) == (20, 3, seconds)


def test_the_api_is_asked_for_the_time_if_the_clocks_differ() -> None:
    """A quarter of an hour here or there would be waited for at each window."""
    found = signal(Date="Mon, 23 Nov 2026 09:14:00 GMT", x_ratelimit_reset="2026-11-23T09:14:20.000Z")
    assert found.reset_in == 20
    assert found.api_time == NOW.timestamp() + 870


@pytest.mark.parametrize("name", ["Retry-After", "x-ratelimit-reset"])
def test_a_moment_that_is_an_hour_ahead_is_not_believed_without_the_time_of_the_api(name: str) -> None:
    moment = "Mon, 23 Nov 2026 09:59:30 GMT"

    undated = read_signal(response(429, **{name: moment}).headers, NOW, refused=True)
    dated = read_signal(
        response(429, **{name: moment, "Date": "Mon, 23 Nov 2026 08:59:30 GMT"}).headers, NOW, refused=True
    )

    assert undated.refused_for == MAX_UNDATED_S
    assert dated.refused_for == 3_600


@pytest.mark.parametrize("text", ["many", "-1", "3.5", "", "²", "9" * 5_000])
def test_numbers_that_are_none(text: str) -> None:
    assert signal(x_ratelimit_remaining=text).remaining is None
