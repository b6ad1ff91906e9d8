"""Rate limits: who is refused, and what the refusal tells."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, ask, list_sequences, reset
from sandbox import AccountSettings, RateLimit, Sandbox
from sandbox.faults.rate_limit import Limiter

RATE_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def answers_at_the_limit(shape: str) -> list[requests.Response]:
    """Three answers where two are allowed; both endpoints count."""
    limit = RateLimit(calls=2, seconds=600, shape=shape)
    with Sandbox(AccountSettings(emails=10), now=NOW, limit=limit) as sandbox:
        answers = [ask(sandbox), list_sequences(sandbox), ask(sandbox)]
        assert [call.refusal for call in sandbox.calls] == [None, None, "rate limit"]
        assert [call.status for call in sandbox.calls] == [answer.status_code for answer in answers]
        return answers


def test_headers_tell_the_limit_on_every_answer() -> None:
    answers = answers_at_the_limit("headers")
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["2", "2", "2"]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    for answer in answers:
        assert NOW < reset(answer) < NOW + timedelta(days=1)
        assert "Retry-After" not in answer.headers


def test_retry_after_tells_whole_seconds() -> None:
    answers = answers_at_the_limit("retry-after")
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 600
    assert not any(header in answer.headers for answer in answers for header in RATE_HEADERS)


@pytest.mark.parametrize(("shape", "status"), [("bare", 429), ("disguised", 400)])
def test_some_refusals_tell_no_time(shape: str, status: int) -> None:
    answers = answers_at_the_limit(shape)
    assert [answer.status_code for answer in answers] == [200, 200, status]
    assert not any(header in answers[2].headers for header in (*RATE_HEADERS, "Retry-After"))


def test_the_disguised_refusal_says_rate_limit() -> None:
    assert answers_at_the_limit("disguised")[2].json() == {"message": "Rate Limit Exceeded"}


def test_a_window_starts_with_the_first_call_after_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = stopped_time(monkeypatch)
    limiter = Limiter(RateLimit(calls=1, seconds=10, shape="retry-after"))
    refused_after = []
    for seconds in (0, 9.5, 10, 19.9, 35, 44, 45):
        now(seconds)
        refusal, _ = limiter.admit(NOW)
        refused_after.append(refusal and refusal.headers["Retry-After"])
    assert refused_after == [None, "1", None, "1", None, "1", None]


def stopped_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets `time.monotonic()`, in seconds."""
    return lambda seconds: monkeypatch.setattr("time.monotonic", lambda: seconds)


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown shape"):
        RateLimit(1, 1, "round")
