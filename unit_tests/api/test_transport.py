"""What is read out of an answer about the rate limit."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import requests

from source_consolidated_stats.api.rate_limit import Answer
from source_consolidated_stats.api.transport import LONGEST_WAIT, read_answer

NOW = datetime(2026, 11, 23, 8, 59, 30, tzinfo=timezone.utc)


def response(status: int = 200, body: bytes = b"", **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    made._content = body
    return made


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (200, b"Rate Limit", False),
        (429, b"", True),
        (400, b'{"message": "Rate Limit Exceeded"}', True),
        (400, b'{"message": ["rate-limit reached"]}', True),
        (400, b'{"message": "startDate is wrong"}', False),
        (500, b"Rate Limit", False),
    ],
)
def test_refusals(status: int, body: bytes, refused: bool) -> None:
    assert read_answer(response(status, body), NOW) == Answer(refused=refused)


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
        ("1e300", LONGEST_WAIT),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert read_answer(response(429, Retry_After=text), NOW).retry_after == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-23T09:00:00.000Z", 30),
        ("2026-11-23T14:30:00+05:30", 30),
        ("2026-11-23T08:00:00Z", 0),
        (str(NOW.timestamp() + 12), 12),
        (str(int(NOW.timestamp() + 12) * 1000), 12),
        ("45", 45),
        ("tomorrow", None),
    ],
)
def test_the_reset_of_a_window(text: str, seconds: float | None) -> None:
    answer = read_answer(response(x_ratelimit_remaining="3", x_ratelimit_limit="20", x_ratelimit_reset=text), NOW)
    assert answer == Answer(limit=20, remaining=3, reset_in=seconds)


def test_the_api_is_asked_for_the_time_where_the_clocks_differ() -> None:
    """A quarter of an hour here or there would be waited for at each window."""
    answer = read_answer(
        response(Date="Mon, 23 Nov 2026 09:14:00 GMT", x_ratelimit_reset="2026-11-23T09:14:20.000Z"), NOW
    )
    assert answer.reset_in == 20


@pytest.mark.parametrize("text", ["many", "-1", "3.5", "", "²"])
def test_numbers_that_are_none(text: str) -> None:
    assert read_answer(response(x_ratelimit_remaining=text), NOW).remaining is None
