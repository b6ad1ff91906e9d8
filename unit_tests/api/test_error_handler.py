"""What is a good answer, what is tried again, and what ends the sync."""

from __future__ import annotations

import pytest
import requests
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction

from source_consolidated_stats.api.error_handler import AnswerJudge, body, payload, quote
from source_consolidated_stats.errors import AccessError, ApiDownError, ApiError, ConfigError

GOOD = b'{"payload": {"data": []}}'


def response(status: int = 200, content: bytes = GOOD, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.headers.update(headers)
    made._content = content
    return made


def judge(tries: int = 3) -> AnswerJudge:
    return AnswerJudge("api.example.com", "payload.data", tries)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"name": "half an emoji \\ud83d"}', "half an emoji ?"),
        (b'{"name": "caf\xe9"}', "caf\ufffd"),
        (b'{"name": NaN}', None),
        (b'{"name": "\\ud83d\\ude00"}', "\U0001f600"),
    ],
)
def test_one_bad_character_costs_no_page(content: bytes, name: str | None) -> None:
    assert body(response(content=content)) == {"name": name}


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b'{"payload": {"data": [{"a"', b"null", b"[]", b'{"payload": null}']
)
def test_answers_without_rows_are_tried_again(content: bytes) -> None:
    resolution = judge().interpret_response(response(content=content))
    assert resolution.response_action == ResponseAction.RETRY


def test_payload() -> None:
    assert payload(response(content=b'{"payload": {"data": [1]}}'), "payload.data") == [1]
    assert payload(response(content=b'{"payload": [1]}'), "payload") == [1]
    assert payload(response(content=b'{"payload": [1]}'), "payload.data") is None


@pytest.mark.parametrize(
    ("status", "error"),
    [*((status, AccessError) for status in (301, 308, 401, 403, 404)), *((s, ConfigError) for s in (400, 413, 422))],
)
def test_what_only_the_user_can_mend(status: int, error: type[ConfigError]) -> None:
    with pytest.raises(error, match=r"api\.example\.com"):
        judge().interpret_response(response(status))


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504])
def test_what_may_pass(status: int) -> None:
    assert judge().interpret_response(response(status)).response_action == ResponseAction.RETRY


def test_after_one_call_was_given_up_the_next_failure_is_final_until_something_is_answered() -> None:
    handler, failure = judge(), response(500, b"")
    assert [handler.backoff_time(failure, attempt) for attempt in (1, 2)] == [None, None]
    with pytest.raises(ApiError, match="Tried 3 times"):
        handler.backoff_time(failure, 3)
    with pytest.raises(ApiDownError):
        handler.backoff_time(failure, 1)
    handler.interpret_response(response())
    assert handler.backoff_time(failure, 1) is None


def test_the_words_of_the_api() -> None:
    assert quote(response(400, b'{"statusCode": 400, "message": ["a", "b"], "error": "Bad Request"}')) == "a; b"
    assert quote(response(400, b'{"error": "Bad Request"}')) == "Bad Request"
    assert quote(response(502, b"<h1>Bad\n Gateway</h1>")) == "<h1>Bad Gateway</h1>"
    assert quote(response(500, b"")) == "nothing"
    assert len(quote(response(500, b"x" * 10_000))) == 300


def test_rows_are_never_quoted() -> None:
    assert "jane@example.com" not in quote(response(200, b'{"data": ["jane@example.com"]}'))
