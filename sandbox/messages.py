"""HTTP requests and responses, and the record of them that tests look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

import orjson

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: dict[str, Any] | None  # None if it is not a JSON object


Delivery = Literal["whole", "cut", "drip", "early-hints", "reset", "silent"]


@dataclass(frozen=True)
class Response:
    """`rows` is how many the body holds. `refusal` is the reason why the request was not served, None if it was.

    Delivery "cut" ends in the middle of the body; "drip" sends a byte every `pause_s` seconds without end;
    "early-hints" sends an informational response `pause_s` seconds before the real one; "reset" breaks the connection;
    "silent" leaves it open without a word."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    refusal: str | None = None
    delivery: Delivery = "whole"
    pause_s: float = 0.0


@dataclass(frozen=True)
class Call:
    """`at` is the sandbox's time, `monotonic` that of `time.monotonic()`. `status` is 0 if no response was sent.
    `refusal` is the kind of a fault, "rate limit", or the message of any other refusal; None for a good call."""

    at: datetime
    monotonic: float
    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any] | None
    headers: dict[str, str]
    status: int
    rows: int
    refusal: str | None


class RefusedError(Exception):
    """Ends the handling of a request with a response that says why."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.refusal)
        self.response = response


def record_call(request: Request, response: Response, at: datetime, monotonic: float) -> Call:
    return Call(
        at,
        monotonic,
        request.method,
        request.path,
        request.query,
        request.body,
        request.headers,
        response.status,
        response.rows,
        response.refusal,
    )


def success(content: object, rows: int = 0) -> Response:
    return Response(200, orjson.dumps(content), rows=rows)


def error(status: int, message: str, headers: Mapping[str, str] | None = None, refusal: str | None = None) -> Response:
    """The short form of an error: `{"message": "..."}`."""
    return Response(status, orjson.dumps({"message": message}), headers=headers or {}, refusal=refusal or message)


def bad_request(messages: Sequence[str]) -> Response:
    """The long form of an error, with a message for each problem."""
    body = {"statusCode": 400, "message": messages, "error": HTTPStatus.BAD_REQUEST.phrase}
    return Response(400, orjson.dumps(body), refusal="; ".join(messages))


def html(status: int, title: str) -> Response:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Response(status, body.encode(), HTML)
