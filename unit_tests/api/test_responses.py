"""What is read out of a body, however odd."""

from __future__ import annotations

from typing import Any

import pytest
from airbyte_cdk.utils.airbyte_secrets_utils import update_secrets

from source_consolidated_stats.api.responses import (
    UNREADABLE,
    error_code,
    error_message,
    parse_json,
    quote_error,
    rows_at,
)

from .builders import response


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"name": "half an emoji \\ud83d"}', "half an emoji ?"),
        (b'{"name": "caf\xe9"}', "caf\ufffd"),
        (b'{"name": NaN}', None),
        (b'{"name": 1e400}', None),
        (b'{"name": -1e400}', None),
        (b'{"name": "a raw \x07 bell"}', "a raw \x07 bell"),
        (b'\xef\xbb\xbf{"name": "after a byte order mark"}', "after a byte order mark"),
        (b'{"name": "\\ud83d\\ude00"}', "\U0001f600"),
    ],
)
def test_one_odd_value_does_not_cost_the_page(content: bytes, name: str | None) -> None:
    assert parse_json(content) == {"name": name}


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"payload": {', b"[" * 100_000])
def test_what_is_not_json_is_unreadable(content: bytes) -> None:
    assert parse_json(content) is UNREADABLE


def test_rows_are_found_by_their_path() -> None:
    assert rows_at(response(body={"payload": {"data": [1]}}), "payload.data") == [1]
    assert rows_at(response(body={"payload": [1]}), "payload") == [1]
    assert rows_at(response(body={"payload": [1]}), "payload.data") is None
    assert rows_at(response(body={"payload": {"data": "none"}}), "payload.data") is None


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"code": 1001, "type": "error", "message": "Invalid token"}, 1001, "Invalid token"),
        ({"statusCode": 400, "message": ["a", "b"], "error": "Bad Request"}, None, "a; b"),
        ({"statusCode": 400, "messages": ["c"]}, None, "c"),
        ({"error": True, "error_code": 77, "error_message": "d"}, 77, "d"),
        ({"error": "Bad Request"}, None, "Bad Request"),
        ({"error": True, "code": "4000"}, 4000, ""),
        ({"message": {"deep": 1}, "error": ["e", None]}, None, "e"),
        ({"code": True, "message": "  "}, None, ""),
        ({"code": "9" * 5_000}, None, ""),
        ([], None, ""),
    ],
)
def test_words_and_codes_are_found_in_each_form_of_error(body: Any, code: int | None, words: str) -> None:
    assert error_code(response(400, body)) == code
    assert error_message(response(400, body)) == words


def test_a_quote_is_short_on_one_line_and_without_a_full_stop() -> None:
    assert quote_error(response(502, b"<h1>Bad\n Gateway</h1>")) == "<h1>Bad Gateway</h1>"
    assert quote_error(response(500, b"")) == "(empty response)"
    assert len(quote_error(response(500, b"x" * 10_000))) == 300
    assert quote_error(response(400, {"message": "Please wait..."})) == "Please wait"


def test_a_key_that_a_quote_would_cut_is_hidden_first() -> None:
    update_secrets(["top-secret-key"])
    try:
        assert "top" not in quote_error(response(500, b"x" * 295 + b"top-secret-key"))
    finally:
        update_secrets([])


def test_rows_are_never_quoted() -> None:
    assert "jane@example.com" not in quote_error(response(200, {"data": ["jane@example.com"]}))
