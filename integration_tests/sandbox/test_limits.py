"""Rate limits: which calls are refused, and what a refusal says."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, SEQUENCES, STATISTICS, ask, list_sequences, reset
from sandbox import AccountSettings, RateLimit, Sandbox
from sandbox.faults.rate_limit import Limiter

RATE_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def responses_at_the_limit(shape: str) -> list[requests.Response]:
    """Three responses of an API that allows two calls, to either endpoint."""
    limit = RateLimit(calls=2, seconds=600, shape=shape)
    with Sandbox(AccountSettings(emails=10), now=NOW, limit=limit) as sandbox:
        responses = [ask(sandbox), list_sequences(sandbox), ask(sandbox)]
        assert [call.refusal for call in sandbox.calls] == [None, None, "rate limit"]
        assert [call.status for call in sandbox.calls] == [response.status_code for response in responses]
        return responses


def test_headers_announce_the_limit_with_every_response() -> None:
    responses = responses_at_the_limit("headers")

    assert [response.status_code for response in responses] == [200, 200, 429]
    assert [response.headers["x-ratelimit-limit"] for response in responses] == ["2", "2", "2"]
    assert [response.headers["x-ratelimit-remaining"] for response in responses] == ["1", "0", "0"]
    assert all(NOW < reset(response) < NOW + timedelta(days=1) for response in responses)
    assert not any("Retry-After" in response.headers for response in responses)


def test_retry_after_is_in_whole_seconds() -> None:
    responses = responses_at_the_limit("retry-after")

    assert [response.status_code for response in responses] == [200, 200, 429]
    assert 0 < int(responses[2].headers["Retry-After"]) <= 600
    assert not any(header in response.headers for response in responses for header in RATE_HEADERS)


@pytest.mark.parametrize(
    ("shape", "status", "body"),
    [
        ("bare", 429, {"message": "Too many requests"}),
        ("disguised", 400, {"message": "Rate Limit Exceeded"}),
        ("code-4000", 400, {"code": 4000, "type": "error", "message": "Rate Limit exceeded"}),
    ],
)
def test_some_refusals_do_not_say_how_long_they_last(shape: str, status: int, body: dict[str, object]) -> None:
    responses = responses_at_the_limit(shape)

    assert [response.status_code for response in responses] == [200, 200, status]
    assert responses[2].json() == body
    assert not any(header in responses[2].headers for header in (*RATE_HEADERS, "Retry-After"))


def test_each_endpoint_can_have_a_limit_beside_the_larger_one_that_headers_announce() -> None:
    limits = [RateLimit(2, 600, "code-4000", per_endpoint=True), RateLimit(5, 600, "headers")]
    with Sandbox(AccountSettings(emails=10), now=NOW, limit=limits) as sandbox:
        responses = [call(sandbox) for call in (ask, ask, ask, list_sequences, list_sequences, list_sequences)]

    assert [response.status_code for response in responses] == [200, 200, 400, 200, 200, 400]
    assert [response.headers["x-ratelimit-limit"] for response in responses] == ["5"] * 6
    assert [response.headers["x-ratelimit-remaining"] for response in responses] == ["4", "3", "2", "1", "0", "0"]


def admitted(limit: RateLimit, *seconds: float, wall: datetime = NOW) -> list[bool]:
    """Which of the calls at these seconds are admitted; the first second is at the moment `wall`."""
    limiter = Limiter([limit])
    moments = [(second, wall + timedelta(seconds=second)) for second in seconds]
    return [limiter.admit(STATISTICS, now, moment)[0] is None for now, moment in moments]


def test_a_fixed_window_starts_with_the_first_call_after_the_last_one() -> None:
    limit = RateLimit(calls=1, seconds=10, shape="bare", window="fixed")

    assert admitted(limit, 0, 9.5, 10, 19.9, 35, 44, 45) == [True, False, True, False, True, False, True]


def test_a_window_by_the_clock_ends_at_the_full_minute() -> None:
    limit = RateLimit(calls=2, seconds=60, shape="bare", window="clock")
    wall = datetime(2026, 11, 23, 9, 0, 50, tzinfo=timezone.utc)

    assert admitted(limit, 0, 9, 9.9, 10.1, 30, 69, 70.1, wall=wall) == [True, True, False, True, True, False, True]


def test_a_sliding_window_looks_back_from_each_call() -> None:
    limit = RateLimit(calls=2, seconds=10, shape="bare", window="sliding")

    assert admitted(limit, 0, 6, 9, 10.1, 11, 16.1, 20) == [True, True, False, True, False, True, False]


def test_a_counting_window_counts_refused_calls_too() -> None:
    limit = RateLimit(calls=2, seconds=10, shape="bare", window="counting")

    assert admitted(limit, 0, 6, 9, 10.1, 11, 16.1, 27) == [True, True, False, False, False, False, True]


@pytest.mark.parametrize("window", ["fixed", "clock", "sliding", "counting"])
def test_another_client_of_the_key_uses_up_a_part(window: str) -> None:
    alone = RateLimit(calls=20, seconds=60, shape="bare", window=window)
    shared = replace(alone, other_calls=5)
    nineteen_a_minute = [3.1 * number for number in range(100)]
    twelve_a_minute = [5.0 * number for number in range(100)]

    assert all(admitted(alone, *nineteen_a_minute))
    assert not all(admitted(shared, *nineteen_a_minute))
    assert all(admitted(shared, *twelve_a_minute))


@pytest.mark.parametrize("window", ["fixed", "clock", "sliding", "counting"])
def test_a_call_is_admitted_once_what_was_announced_is_over(window: str) -> None:
    limiter = Limiter([RateLimit(calls=2, seconds=10, shape="retry-after", window=window)])
    now = 3.0
    for _ in range(4):
        refusal, _ = limiter.admit(STATISTICS, now, NOW + timedelta(seconds=now))

    assert refusal is not None
    now += int(refusal.headers["Retry-After"]) + 0.1
    assert limiter.admit(SEQUENCES, now, NOW + timedelta(seconds=now))[0] is None


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20/60/headers", RateLimit(20, 60, "headers")),
        ("8/2.5/code-4000/counting", RateLimit(8, 2.5, "code-4000", "counting")),
    ],
)
def test_a_limit_is_read_from_a_text(text: str, limit: RateLimit) -> None:
    assert RateLimit.parse(text) == limit


@pytest.mark.parametrize("text", ["20", "20/60", "a/60/bare", "20/60/round", "20/60/bare/open"])
def test_a_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        RateLimit.parse(text)
