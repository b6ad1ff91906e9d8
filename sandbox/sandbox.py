"""The sandbox: one account behind a real server, its clock, its faults, and a record of every call."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock
from types import TracebackType
from typing import Any

from sandbox.account.account import Account, AccountSettings
from sandbox.clock import Clock
from sandbox.control import CONTROL_PATH, Control
from sandbox.endpoints.api import Api
from sandbox.endpoints.listing import SEQUENCES_PATH
from sandbox.endpoints.quirks import Quirks
from sandbox.endpoints.statistics import STATISTICS_PATH
from sandbox.faults.decoy import Decoy
from sandbox.faults.faults import Faults
from sandbox.faults.rate_limit import Limiter, RateLimit
from sandbox.messages import Call, Request, Response, record_call
from sandbox.server import HttpServer

DEFAULT_SETTINGS = AccountSettings()
PLAIN = Quirks()


class Sandbox:
    """Serves while its `with` block runs. `now` is where the clock starts (default: the machine's time), `limit` one
    rate limit or several that hold at once, `latency` is in seconds. After each call for statistics the clock moves by
    `rows_per_call`, so that rows come in between calls. `quirks` make the server differ from the API's page."""

    def __init__(
        self,
        settings: AccountSettings = DEFAULT_SETTINGS,
        *,
        now: datetime | None = None,
        port: int = 0,
        api_key: str = "sandbox-key-1234567890",
        limit: RateLimit | Sequence[RateLimit] | None = None,
        latency: float = 0.0,
        rows_per_call: timedelta = timedelta(0),
        quirks: Quirks = PLAIN,
    ) -> None:
        self.api_key = api_key
        self.clock = Clock(now)
        self.account = Account(settings, self.clock.now())
        self.calls: list[Call] = []
        self.faults = Faults()
        self.decoy = Decoy(self.account, self.clock)
        self._api = Api(self.account, self.clock, api_key, quirks)
        self._control = Control(self.clock, self.faults, self.calls, self.truth)
        self._limiter = Limiter([limit] if isinstance(limit, RateLimit) else limit or [])
        self._latency = latency
        self._rows_per_call = rows_per_call
        self._lock = Lock()
        self._server = HttpServer(port, self._respond, self.clock.wall)
        self.url = self._server.url

    def __enter__(self) -> "Sandbox":
        self._server.start()
        self.decoy.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self.decoy.server.stop()

    @property
    def statistics_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path == STATISTICS_PATH]

    @property
    def listing_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path == SEQUENCES_PATH]

    def truth(
        self,
        sequence_ids: Sequence[str] | None = None,
        first: date | None = None,
        last: date | None = None,
        at: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """The records of a perfect client at the moment `at` (default: now): the rows of emails sent up to then on the
        account's days from `first` to `last`, inclusive, with dates as `2024-12-18T05:29:29Z` or None."""
        return self.account.truth(sequence_ids, first, last, at or self.clock.now())

    def _respond(self, request: Request) -> Response:
        if request.path.startswith(CONTROL_PATH):
            return self._control.respond(request)
        with self._lock:
            at, monotonic = self.clock.now(), time.monotonic()
            response = self._limited_response(request, monotonic)
            self.calls.append(record_call(request, response, at, monotonic))
            if request.path == STATISTICS_PATH:
                self.clock.advance(self._rows_per_call)
        time.sleep(self._latency)
        return response

    def _limited_response(self, request: Request, monotonic: float) -> Response:
        refusal, headers = self._limiter.admit(request.path, monotonic, self.clock.wall())
        response = refusal or self._response(request)
        return replace(response, headers={**headers, **response.headers})

    def _response(self, request: Request) -> Response:
        fault = self.faults.hit(request)
        if fault is None:
            return self._api.respond(request)
        return fault.respond(request, self._api, self.decoy.server.url, self.clock.wall())
