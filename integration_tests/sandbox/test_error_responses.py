"""Responses that come in the place of a good one: errors in each of their forms, limits, pages of proxies."""

from datetime import timedelta

import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, SEQUENCES, STATISTICS, ask, body_for, list_sequences, reset
from sandbox import Fault, Sandbox


def ask_with_fault(sandbox: Sandbox, kind: str) -> requests.Response:
    sandbox.faults.add(Fault(kind))
    return ask(sandbox)


def coded(code: int, message: str) -> dict[str, object]:
    return {"code": code, "type": "error", "message": message}


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("400", 400, {"message": "Something is wrong with this request"}),
        ("400-invalid-token", 400, coded(1001, "Invalid token")),
        ("400-not-found", 400, coded(40100, "Sequence is not found")),
        ("400-own-failure", 400, coded(4000, "Failed to fetch sequences and their steps")),
        (
            "400-error-message",
            400,
            {"error": True, "error_code": 77, "error_message": "Something is wrong with this request"},
        ),
        (
            "400-messages",
            400,
            {"statusCode": 400, "messages": ["Something is wrong with this request", "Try another one"]},
        ),
        ("401", 401, {"message": "Invalid API key"}),
        ("key-echo", 401, {"message": "Invalid API key: sandbox-key-1234567890"}),
        ("403", 403, {"message": "Your plan has no access to the API"}),
        ("404-not-found", 404, coded(40100, "Sequence is not found")),
        ("405", 405, {"message": "Method Not Allowed"}),
        ("407", 407, {"message": "Proxy Authentication Required"}),
        ("413", 413, {"message": "Payload Too Large"}),
        ("431", 431, {"message": "Request Header Fields Too Large"}),
        ("500", 500, {"message": "Internal server error"}),
        ("500-internal", 500, coded(5001, "Internal server error")),
        ("503", 503, {"message": "Service Unavailable"}),
        ("200-rate-limit", 200, coded(4000, "Rate Limit exceeded")),
        ("400-rate-limit", 400, {"message": "Rate Limit Exceeded"}),
        ("400-rate-limit-4000", 400, coded(4000, "Rate Limit exceeded")),
        ("403-rate-limit", 403, coded(4000, "Rate Limit exceeded")),
        ("429", 429, {"message": "Too many requests"}),
        ("429-retry-after", 429, {"message": "Too many requests"}),
        ("429-reset", 429, {"message": "Too many requests"}),
        ("no-data", 200, {"message": "Fetched successfully", "payload": {}}),
        ("null-payload", 200, {"message": "Fetched successfully", "payload": None}),
    ],
)
def test_a_response_in_the_place_of_the_rows_then_the_rows(
    small: Sandbox, kind: str, status: int, body: dict[str, object]
) -> None:
    response = ask_with_fault(small, kind)

    assert (response.status_code, response.json()) == (status, body)
    assert response.headers["Content-Type"].startswith("application/json")
    assert ask(small).json()["payload"]["data"]
    assert [(call.status, call.rows, call.refusal) for call in small.calls] == [(status, 0, kind), (200, 500, None)]


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("html", 200, "Just a moment"),
        ("html-401", 401, "401 Authorization Required"),
        ("html-403", 403, "403 Forbidden"),
        ("html-404", 404, "404 Not Found"),
        ("414", 414, "414 Request-URI Too Large"),
        ("502", 502, "502 Bad Gateway"),
        ("504", 504, "504 Gateway Time-out"),
    ],
)
def test_gateways_respond_in_html(small: Sandbox, kind: str, status: int, title: str) -> None:
    response = ask_with_fault(small, kind)

    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_429_says_how_long_to_wait_or_nothing_at_all(small: Sandbox) -> None:
    bare = ask_with_fault(small, "429")
    with_retry_after = ask_with_fault(small, "429-retry-after")
    with_reset = ask_with_fault(small, "429-reset")

    assert not {"Retry-After", "x-ratelimit-reset"} & set(bare.headers)
    assert with_retry_after.headers["Retry-After"] == "1"
    assert with_reset.headers["x-ratelimit-remaining"] == "0"
    assert reset(with_reset) >= NOW + timedelta(seconds=1)
    assert reset(with_reset).date() == NOW.date()


@pytest.mark.parametrize(
    ("kind", "status", "headers"),
    [
        ("503", 503, {"Retry-After": "45"}),
        ("429-retry-after", 429, {"Retry-After": "Mon, 23 Nov 2026 09:00:00 +99999999999999"}),
        ("headers", 200, {"x-ratelimit-limit": "9" * 5_000, "x-ratelimit-remaining": "many", "x-ratelimit-reset": "-"}),
    ],
)
def test_any_response_can_have_other_headers(small: Sandbox, kind: str, status: int, headers: dict[str, str]) -> None:
    small.faults.add(Fault(kind, headers=headers))

    response = ask(small)

    assert response.status_code == status
    assert {name: response.headers[name] for name in headers} == headers
    assert small.calls[0].rows == (500 if kind == "headers" else 0)


def test_an_empty_header_takes_one_away(small: Sandbox) -> None:
    small.faults.add(Fault("headers", headers={"Date": ""}))

    responses = [ask(small), ask(small)]

    assert ["Date" in response.headers for response in responses] == [False, True]


def test_a_redirect_leads_to_a_host_that_records_who_follows(small: Sandbox) -> None:
    response = ask_with_fault(small, "redirect")
    assert response.status_code == 302
    assert not response.headers["Location"].startswith(small.url)
    assert small.decoy.calls == []

    followed = requests.post(response.headers["Location"], json=body_for(small), headers={"x-api-key": "k"}, timeout=30)
    assert len(followed.json()["payload"]["data"]) == 10
    small.faults.add(Fault("redirect"))
    assert len(list_sequences(small).json()["payload"]) == 3

    assert [call.path for call in small.decoy.calls] == [STATISTICS, SEQUENCES]
    assert small.decoy.calls[0].headers["x-api-key"] == "k"
