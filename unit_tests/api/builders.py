"""Responses for unit tests, built in one place."""

from __future__ import annotations

import json

from source_consolidated_stats.api.responses import ApiResponse

GOOD: dict[str, object] = {"payload": {"data": []}}


def response(status: int = 200, body: object = GOOD, **headers: str) -> ApiResponse:
    """`body` is sent as it is if it is bytes, else as JSON; `_` in the names of headers becomes `-`."""
    made = ApiResponse()
    made.status_code = status
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    made._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return made
