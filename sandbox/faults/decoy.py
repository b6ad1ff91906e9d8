"""The host that a redirect leads to: it answers as if it were the API, and tells who followed."""

import time

from sandbox.account.account import Account
from sandbox.calls import SEQUENCES_PATH, Call, Request, call_of
from sandbox.clock import Clock
from sandbox.endpoints.api import listing_answer, statistics_answer
from sandbox.messages import Answer
from sandbox.server import HttpServer

ROWS = 10


class Elsewhere:
    def __init__(self, account: Account, clock: Clock) -> None:
        self.calls: list[Call] = []
        self.server = HttpServer(0, self._respond)
        self._account = account
        self._clock = clock

    def _respond(self, request: Request) -> Answer:
        answer = self._answer(request)
        self.calls.append(call_of(request, answer, self._clock.now(), time.monotonic()))
        return answer

    def _answer(self, request: Request) -> Answer:
        account, now = self._account, self._clock.now()
        if request.path == SEQUENCES_PATH:
            return listing_answer(account.sequences)
        emails = account.select(account.sequence_ids, account.first_day, account.last_day, now)[:ROWS]
        return statistics_answer([account.shown(email, now) for email in emails], page=1, has_more=False)
