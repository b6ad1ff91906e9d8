"""What is a good response, what may pass, and what ends a call, in which words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from source_consolidated_stats.api.judgement import is_rate_limited, judge
from source_consolidated_stats.api.problem import Problem
from source_consolidated_stats.api.responses import ApiResponse
from source_consolidated_stats.errors import AccessError, ApiError, ConnectorError, RefusedError
from unit_tests.repository.fields import FIELDS

from .builders import response

HTML = b"<html><h1>Sorry</h1></html>"
NOT_FOUND = {"code": 40100, "type": "error", "message": "Sequence is not found"}


def problem(seen: ApiResponse, *, any_success: bool = False) -> Problem:
    found = judge(seen, "api.example.com", "payload.data", any_success=any_success)
    assert found is not None
    return found


def test_a_response_with_rows_is_good() -> None:
    assert judge(response(), "api.example.com", "payload.data", any_success=False) is None
    assert judge(response(body={"payload": []}), "api.example.com", "payload", any_success=False) is None


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (response(200, b""), "not JSON, or only a part"),
        (response(200, HTML), "not JSON, or only a part"),
        (response(200, b'{"payload": {"data": [{"a"'), "not JSON, or only a part"),
        (response(200, None), "without payload.data"),
        (response(200, {"payload": None}), "without payload.data"),
        (response(103, b""), "interim response (status 103)"),
        (response(408), "status 408"),
        (response(425), "status 425"),
        (response(500, {"code": 5001, "message": "Internal error"}), "Internal error"),
        (response(502, HTML), "status 502"),
        (response(503), "status 503"),
        (response(504), "status 504"),
        (response(400, {"code": 4000, "message": "Failed to fetch sequences and their steps"}), "Failed to fetch"),
        (response(400, {"message": "Failed to fetch sequences"}), "Failed to fetch"),
        (response(400, {"error": True, "error_code": 4000, "error_message": "Oops"}), "Oops"),
    ],
)
def test_a_failure_that_may_pass(seen: ApiResponse, words: str) -> None:
    found = problem(seen)

    assert isinstance(found.error, ApiError)
    assert found.is_transient
    assert words in found.error.text
    assert "api.example.com" in found.error.text


def test_a_pause_that_a_failure_asks_for_is_kept() -> None:
    assert problem(response(503, Retry_After="45")).pause_s == 45
    assert problem(response(503, Retry_After="99999")).pause_s == 3_600
    assert problem(response(503)).pause_s is None


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (response(401, {"message": "Unauthorized"}), "does not accept the API key"),
        (response(400, {"code": 1001, "type": "error", "message": "Invalid token"}), "does not accept the API key"),
        (response(400, {"code": 1001, "message": "Oops"}), "does not accept the API key"),
        (response(400, {"code": 4000, "message": "Invalid token"}), "does not accept the API key"),
        (response(400, {"messages": ["The api key is not valid"]}), "does not accept the API key"),
        (response(200, {"code": 1001, "message": "Invalid token"}), "does not accept the API key"),
        (response(403, {"message": "Upgrade your plan"}), "plan may not include API access"),
        (response(404, HTML), "check api_url"),
        (response(404, {"message": "Cannot POST /v2/analytics"}), "check api_url"),
        (response(302, b"", Location="https://elsewhere.example"), "redirects to https://elsewhere.example"),
        (response(304, b""), "status 304 and no data"),
        (response(405), "kind of request"),
        (response(406), "in JSON"),
        (response(407), "proxy variables"),
        (response(421), "check api_url"),
        (response(426), "begins with https://"),
        (response(431), "api_key"),
    ],
)
def test_what_somebody_has_to_mend(seen: ApiResponse, words: str) -> None:
    found = problem(seen)

    assert isinstance(found.error, AccessError)
    assert not found.is_transient
    assert words in found.error.text


@pytest.mark.parametrize(
    "seen",
    [
        response(401, HTML),
        response(403, HTML),
        response(400, {"code": 1001, "message": "Invalid token"}),
    ],
)
def test_a_stray_refusal_after_calls_went_through_is_tried_again(seen: ApiResponse) -> None:
    found = problem(seen, any_success=True)

    assert found.is_transient
    assert isinstance(found.error, AccessError)


def test_a_404_after_calls_went_through_may_be_stray_and_else_concerns_what_was_asked_for() -> None:
    found = problem(response(404, HTML), any_success=True)

    assert found.is_transient
    assert isinstance(found.error, RefusedError)
    assert "check api_url" in found.error.text


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize(
    "body",
    [
        NOT_FOUND,
        {"code": 40100, "message": "Oops"},
        {"message": "One or more sequences are invalid"},
        {"error": True, "error_message": "Unknown sequence"},
        {"statusCode": 400, "messages": ["Sequences not found"]},
    ],
)
def test_an_unknown_sequence_is_known_by_the_words(status: int, body: dict[str, object]) -> None:
    found = problem(response(status, body), any_success=True)

    assert isinstance(found.error, RefusedError)
    assert found.error.unknown_sequence
    assert not found.is_transient
    assert "api_url" not in found.error.text


@pytest.mark.parametrize(
    ("status", "any_success", "may_be_stray"),
    [(400, False, False), (400, True, False), (404, False, False), (404, True, True)],
)
def test_any_other_refusal_keeps_the_words_of_the_api(status: int, any_success: bool, may_be_stray: bool) -> None:
    found = problem(response(status, {"message": "Something is wrong"}), any_success=any_success)

    assert isinstance(found.error, RefusedError)
    assert not found.error.unknown_sequence
    assert found.is_transient is may_be_stray
    assert found.error.api_message == "Something is wrong"
    assert "api_url" not in found.error.text


@pytest.mark.parametrize("status", [413, 414])
def test_a_request_that_is_too_large_is_not_sent_again_as_it_is(status: int) -> None:
    found = problem(response(status, HTML))

    assert type(found.error) is ApiError
    assert not found.is_transient


def test_every_status_is_judged_in_whole_sentences() -> None:
    for status in range(100, 600):
        bodies: tuple[object, ...] = (
            b"",
            HTML,
            {"message": "words"},
            {"message": "Oops."},
            {"error": {"deep": []}},
            [],
        )
        for body in bodies:
            found = problem(response(status, body))
            assert isinstance(found.error, ConnectorError)
            assert "None" not in found.error.text
            assert re.search(r"[^.]\.$", found.error.text)


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (200, {"payload": {"data": [{"Sequence Title": "Rate Limit"}]}}, False),
        (200, {"code": 4000, "message": "Rate Limit exceeded"}, True),
        (429, b"", True),
        (400, {"message": "Rate Limit Exceeded"}, True),
        (400, {"code": 4000, "type": "error", "message": "Rate Limit exceeded"}, True),
        (400, {"message": ["rate-limit reached"]}, True),
        (400, {"error": True, "error_message": "Rate limit"}, True),
        (400, b"Rate limit exceeded", True),
        (502, b"<p>Sorry</p>" * 50 + b"<p>See the docs for our rate limit</p>", False),
        (200, b"Rate limit", False),
        (400, {"message": "startDate is wrong"}, False),
        (403, {"message": "Rate Limit exceeded"}, True),
        (500, {"message": "Internal error"}, False),
    ],
)
def test_refusals_by_the_limit(status: int, body: object, refused: bool) -> None:
    assert is_rate_limited(response(status, body)) is refused


def test_an_address_that_is_not_the_default_may_be_the_reason_for_a_refused_key() -> None:
    refused = response(401, {"message": "Unauthorized"})
    default = judge(refused, urlsplit(FIELDS["api_url"]["default"]).netloc, "payload.data", any_success=False)

    assert default
    assert "api_url" not in default.error.text
    assert "api_url, if api.example.com is not where" in problem(refused).error.text


def test_an_empty_response_is_called_one() -> None:
    assert "status 503: (empty response)." in problem(response(503, b"")).error.text
