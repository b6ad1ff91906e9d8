"""What the server was asked, and the record of it that tests look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.messages import Answer

STATISTICS_PATH = "/v1/analytics/consolidated-stats"
SEQUENCES_PATH = "/v1/sequences"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: dict[str, Any] | None  # None where it is no JSON object


@dataclass(frozen=True)
class Call:
    """`at` is the sandbox's time, `monotonic` that of `time.monotonic()`. `status` is 0 where no answer was sent.
    `refusal` is the kind of a fault, "rate limit", or the words of any other refusal; None for a good call."""

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


def call_of(request: Request, answer: Answer, at: datetime, monotonic: float) -> Call:
    return Call(
        at,
        monotonic,
        request.method,
        request.path,
        request.query,
        request.body,
        request.headers,
        answer.status,
        answer.rows,
        answer.refusal,
    )
