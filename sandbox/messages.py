"""What goes back over the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

import orjson

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """`delivery`: whole, cut in the middle of the body, or never: by closing the connection, or by leaving it open."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    refusal: str | None = None
    delivery: Literal["whole", "cut", "reset", "silent"] = "whole"


class RefusedError(Exception):
    """Ends the handling of a request with an answer that says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.refusal)
        self.answer = answer


def success(content: object, rows: int = 0) -> Answer:
    return Answer(200, orjson.dumps(content), rows=rows)


def error(status: int, message: str, headers: Mapping[str, str] | None = None, refusal: str | None = None) -> Answer:
    """The short shape of an error: `{"message": "..."}`."""
    return Answer(status, orjson.dumps({"message": message}), headers=headers or {}, refusal=refusal or message)


def bad_request(messages: Sequence[str]) -> Answer:
    """The long shape of an error, with one message for each thing that is wrong."""
    body = {"statusCode": 400, "message": messages, "error": HTTPStatus.BAD_REQUEST.phrase}
    return Answer(400, orjson.dumps(body), refusal="; ".join(messages))


def html(status: int, title: str) -> Answer:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status, body.encode(), HTML)
