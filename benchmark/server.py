"""The API on pre-rendered pages, in a process of its own: `python -m benchmark.server --rows 50000`.

It prints its address when it is ready, and answers until its standard input ends.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timezone
from threading import Lock

from benchmark.account import SEQUENCE_IDS, Account
from benchmark.schedules import EVERY_DAY, SCHEDULES
from sandbox.endpoints.listing import SEQUENCES_PATH
from sandbox.endpoints.statistics import STATISTICS_PATH
from sandbox.faults.rate_limit import Limiter, RateLimit
from sandbox.messages import Request, Response, success
from sandbox.server import HttpServer

COUNTS_PATH, RESET_PATH = "/benchmark/counts", "/benchmark/reset"


class Api:
    """Answers with pages, and counts its responses and its refusals."""

    def __init__(self, account: Account, latency: float, limit: RateLimit | None) -> None:
        self._account = account
        self._latency = latency
        self._limit = limit
        self._lock = Lock()
        self._reset()

    def respond(self, request: Request) -> Response:
        if request.path == COUNTS_PATH:
            return success({"answered": self._answered, "refused": self._refused})
        if request.path == RESET_PATH:
            self._reset()
            return success({})
        refusal, headers = self._admit(request.path)
        time.sleep(self._latency)
        answer = refusal or self._answer(request)
        return replace(answer, headers={**headers, **answer.headers})

    def _reset(self) -> None:
        self._answered = self._refused = 0
        self._limiter = Limiter([self._limit] if self._limit else [])

    def _admit(self, path: str) -> tuple[Response | None, dict[str, str]]:
        with self._lock:
            refusal, headers = self._limiter.admit(path, time.monotonic(), _now())
            self._refused += refusal is not None
            self._answered += refusal is None
        return refusal, headers

    def _answer(self, request: Request) -> Response:
        if request.path == SEQUENCES_PATH:
            listed = SEQUENCE_IDS if request.query.get("page", "1") == "1" else []
            return success({"message": "Fetched", "payload": [{"id": sequence_id} for sequence_id in listed]})
        if request.path != STATISTICS_PATH or request.body is None:
            return Response(404)
        body = request.body
        first, last = date.fromisoformat(body["startDate"]), date.fromisoformat(body["endDate"])
        return Response(200, self._account.page(first, last, body["pageNum"], body["pageLimit"]))


def _now() -> datetime:
    return datetime.now(timezone.utc)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmark.server")
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--limit", type=RateLimit.parse, help="such as 20/10/headers")
    parser.add_argument("--schedule", choices=SCHEDULES, default=EVERY_DAY, help="on which days emails are sent")
    options = parser.parse_args()
    account = Account(options.rows, _now().date(), options.schedule)
    server = HttpServer(0, Api(account, options.latency, options.limit).respond, _now)
    server.start()
    print(server.url, account.first_day, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
