"""The host that a redirect leads to: it responds as if it were the API, and records who followed."""

import time

from sandbox.account.account import Account
from sandbox.clock import Clock
from sandbox.endpoints.listing import SEQUENCES_PATH, listing_response
from sandbox.endpoints.statistics import statistics_response
from sandbox.messages import Call, Request, Response, record_call
from sandbox.server import HttpServer

ROWS = 10


class Decoy:
    def __init__(self, account: Account, clock: Clock) -> None:
        self.calls: list[Call] = []
        self.server = HttpServer(0, self._respond, clock.wall)
        self._account = account
        self._clock = clock

    def _respond(self, request: Request) -> Response:
        response = self._response(request)
        self.calls.append(record_call(request, response, self._clock.now(), time.monotonic()))
        return response

    def _response(self, request: Request) -> Response:
        account, now = self._account, self._clock.now()
        if request.path == SEQUENCES_PATH:
            return listing_response(account.sequences)
        emails = account.select(account.sequence_ids, account.first_day, account.last_day, now)[:ROWS]
        return statistics_response([account.shown(email, now) for email in emails], has_more=False, next_page=1)
