"""What a response of the API holds: its JSON, its rows, and the API's own words about an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

import orjson
import requests
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets

UNREADABLE = object()
"""In the place of a body that is not JSON."""
MAX_ERROR_CHARS = 300
"""Of an error's words in a message."""
_UTF8_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MESSAGE_FIELDS = ("message", "messages", "error_message", "error")
"""Where the API's error bodies have their message. Three forms of them are known: `{"code": 1001, "message": "Invalid
token"}`, `{"statusCode": 400, "message": [...]}` or with `messages`, `{"error": true, "error_message": "..."}`."""


class Page(NamedTuple):
    """One page of a list. `has_more` says whether another follows: a promise of the API, or a guess."""

    rows: list[Any]
    has_more: bool
    is_promise: bool = True


class ApiResponse(requests.Response):
    """A response whose body is parsed once, however many ask for it."""

    @classmethod
    def of(cls, response: requests.Response) -> ApiResponse:
        made = cls()
        made.__dict__.update(response.__dict__)
        return made

    @cached_property
    def parsed(self) -> Any:
        """The JSON of the body; `UNREADABLE` if it is none."""
        return parse_json(self.content)


def parse_json(content: bytes) -> Any:
    """The JSON in `content`, read strictly first and leniently if that fails; `UNREADABLE` if it is none."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _parse_leniently(content)


def _parse_leniently(content: bytes) -> Any:
    """JSON with a byte order mark, half an emoji, a raw control character, NaN or 1e400: it costs a character or a
    null, not the page."""
    text = content.removeprefix(_UTF8_BYTE_ORDER_MARK).decode("utf-8", "replace")
    try:
        parsed = json.loads(text, strict=False, parse_constant=lambda _: None, parse_float=_finite_float)
        return json.loads(json.dumps(parsed, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return UNREADABLE


def _finite_float(text: str) -> float | None:
    number = float(text)
    return number if abs(number) < float("inf") else None


def rows_at(response: ApiResponse, path: str) -> list[Any] | None:
    """The list at `path`, such as `payload.data`; None if there is none."""
    found = response.parsed
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else None


def error_message(response: ApiResponse) -> str:
    """The API's own message in an error body; empty if there is none."""
    parsed = response.parsed
    if not isinstance(parsed, Mapping):
        return ""
    for name in _MESSAGE_FIELDS:
        value = parsed.get(name)
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        message = "; ".join(text for text in texts if isinstance(text, str) and text.strip())
        if message:
            return message
    return ""


def error_code(response: ApiResponse) -> int | None:
    """The API's own code for an error, such as 4000; None if there is none."""
    parsed = response.parsed
    code = parsed.get("code", parsed.get("error_code")) if isinstance(parsed, Mapping) else None
    if isinstance(code, str) and code.isdecimal() and len(code) < 10:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def quote_error(response: ApiResponse) -> str:
    """The API's own words, else the body of an error; see `shorten`. The message that quotes them puts the full
    stop."""
    # A body that is not an error may hold rows, and with them people.
    text = error_message(response) or (response.text if response.status_code >= 300 else "")
    return shorten(text).rstrip(".") or "(empty response)"


def shorten(text: str) -> str:
    """`text` on one line, without secrets, and at most `MAX_ERROR_CHARS` long."""
    return filter_secrets(" ".join(text.split()))[:MAX_ERROR_CHARS]
