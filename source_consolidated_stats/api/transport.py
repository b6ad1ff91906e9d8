"""How calls travel: one rate limit for all workers, whole bodies, and no exception but requests' own."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from . import timeouts
from .body import WholeBody
from .call_time import end_with_calls, time_limit
from .limit.shared import SharedRateLimit
from .proxies import proxy_problem
from .responses import ApiResponse

MAX_CONNECTIONS = 20
"""As many as there can be workers."""


def open_session(limit: SharedRateLimit) -> requests.Session:
    """A session whose calls share `limit`. It keeps no cookies: a key needs none, and one could tie every attempt to a
    server that is down."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["Accept-Encoding"] = "gzip"
    for prefix in list(session.adapters):
        session.mount(prefix, RateLimitedAdapter(limit))
    return session


class RateLimitedAdapter(HTTPAdapter):
    """Sends requests when the shared rate limit allows it; its callers never see a refusal by the limit."""

    def __init__(self, limit: SharedRateLimit) -> None:
        super().__init__(pool_connections=1, pool_maxsize=MAX_CONNECTIONS)
        self._limit = limit

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        end_with_calls(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return self.proxy_manager.get(proxy) or end_with_calls(super().proxy_manager_for(proxy, **kwargs))

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> ApiResponse:
        """The response with its whole body. Raises requests.RequestException and RateLimitError only.

        http.client and urllib3 raise others, for a header or a host name that cannot be sent; their texts may hold the
        key, so only their types are passed on.
        """
        send = super().send
        problem = proxy_problem(request.url or "", kwargs.get("proxies") or {})
        if problem:
            raise requests.exceptions.InvalidProxyURL(problem)

        def call() -> ApiResponse:
            with time_limit(timeouts.CALL_TIMEOUT_S):
                response = ApiResponse.of(send(request, *args, **kwargs))
                response.content  # noqa: B018  # reads it
                return response

        try:
            return self._limit.send(call)
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
        response.raw = WholeBody(resp)
        if resp.status < 200 and resp.connection is not None:
            resp.connection.close()
        return response
