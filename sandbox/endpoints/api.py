"""Who may call, and which endpoint serves the call."""

from sandbox.account.account import Account
from sandbox.clock import Clock
from sandbox.endpoints.listing import SEQUENCES_PATH, Listing
from sandbox.endpoints.paging import Paging, honest
from sandbox.endpoints.quirks import Quirks
from sandbox.endpoints.statistics import STATISTICS_PATH, Statistics
from sandbox.messages import RefusedError, Request, Response, error


class Api:
    def __init__(self, account: Account, clock: Clock, api_key: str, quirks: Quirks) -> None:
        self.account = account
        self._api_key = api_key
        self._endpoints: dict[str, Statistics | Listing] = {
            STATISTICS_PATH: Statistics(account, clock, quirks),
            SEQUENCES_PATH: Listing(account, quirks),
        }

    def respond(self, request: Request, paging: Paging = honest) -> Response:
        try:
            return self._endpoint(request).respond(request, paging)
        except RefusedError as refused:
            return refused.response

    def _endpoint(self, request: Request) -> Statistics | Listing:
        endpoint = self._endpoints.get(request.path)
        if endpoint is None:
            raise RefusedError(error(404, f"Cannot {request.method} {request.path}"))
        if request.method != endpoint.method:
            raise RefusedError(error(405, "Method Not Allowed", headers={"Allow": endpoint.method}))
        if request.method == "GET" and "content-type" in request.headers:
            raise RefusedError(error(406, "Not Acceptable"))
        if request.headers.get("x-api-key") != self._api_key:
            raise RefusedError(error(401, "Invalid API key"))
        return endpoint
