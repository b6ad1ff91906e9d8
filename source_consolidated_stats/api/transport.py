"""How calls travel: one rate limit for all workers, whole bodies, and no exception but requests' own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from . import timeouts
from .limit.shared import SharedRateLimit
from .responses import ApiResponse

MAX_CONNECTIONS = 20
"""As many as there can be workers."""
_CHUNK_BYTES = 1 << 20


class RateLimitedAdapter(HTTPAdapter):
    """Sends requests when the shared rate limit allows it; its callers never see a refusal by the limit."""

    def __init__(self, limit: SharedRateLimit) -> None:
        super().__init__(pool_connections=1, pool_maxsize=MAX_CONNECTIONS)
        self._limit = limit

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> ApiResponse:
        """Raises requests.RequestException and RateLimitError only.

        http.client and urllib3 raise others, for a header or a host name that cannot be sent; their texts may hold the
        key, so only their types are passed on.
        """
        send = super().send
        try:
            return self._limit.send(lambda: ApiResponse.of(send(request, *args, **kwargs)))
        except requests.RequestException:
            raise
        except OSError as error:
            raise requests.exceptions.SSLError(str(error)) from None  # a CA bundle that is missing or not one
        except (ValueError, TypeError) as error:
            raise requests.exceptions.InvalidURL(type(error).__name__) from None

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """The response to `req`. One with status 1xx comes before the real one: the connection is closed, so that the
        real one is not taken for the response to the next call."""
        response = super().build_response(req, resp)
        response.raw = _WholeBody(resp)
        if resp.status < 200 and resp.connection is not None:
            resp.connection.close()
        return response


class _WholeBody:
    """urllib3's response, with the body read at once and in `BODY_TIMEOUT_S`.

    requests asks for 10 kB at a time. Each time the worker waits for the interpreter, which the thread that prints
    records holds: with pages of some 400 kB that made a tenth of a sync's work.
    """

    def __init__(self, response: Any) -> None:
        self._response = response

    def stream(self, amount: int, decode_content: bool) -> Iterator[bytes]:
        deadline = time.monotonic() + timeouts.BODY_TIMEOUT_S
        while chunk := self._response.read1(_CHUNK_BYTES, decode_content=decode_content):
            yield chunk
            if time.monotonic() > deadline:
                self._response.close()
                raise timeouts.ResponseDeadlineError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)
