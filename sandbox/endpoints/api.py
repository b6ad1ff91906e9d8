"""The two endpoints: statistics of sequences, and the list of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

import orjson

from sandbox.account.account import Account
from sandbox.account.emails import Email
from sandbox.account.people import person
from sandbox.account.sequences import MailSequence
from sandbox.calls import SEQUENCES_PATH, STATISTICS_PATH, Request
from sandbox.clock import Clock
from sandbox.endpoints.paging import Paging, honest
from sandbox.endpoints.statistics_query import StatisticsQuery, read_query
from sandbox.messages import Answer, RefusedError, bad_request, error, success

METHODS = {STATISTICS_PATH: "POST", SEQUENCES_PATH: "GET"}


class Api:
    def __init__(self, account: Account, clock: Clock, api_key: str) -> None:
        self._account = account
        self._clock = clock
        self._api_key = api_key

    def answer(self, request: Request, paging: Paging = honest) -> Answer:
        try:
            self._admit(request)
            answer = self._statistics if request.path == STATISTICS_PATH else self._listing
            return answer(request, paging)
        except RefusedError as refused:
            return refused.answer

    def _admit(self, request: Request) -> None:
        method = METHODS.get(request.path)
        if method is None:
            raise RefusedError(error(404, f"Cannot {request.method} {request.path}"))
        if request.method != method:
            raise RefusedError(error(405, "Method Not Allowed", headers={"Allow": method}))
        if request.method == "GET" and "content-type" in request.headers:
            raise RefusedError(error(406, "Not Acceptable"))
        if request.headers.get("x-api-key") != self._api_key:
            raise RefusedError(error(401, "Invalid API key"))

    def _statistics(self, request: Request, paging: Paging) -> Answer:
        now = self._clock.now()
        query = read_query(request.body, self._account.day_of(now))
        if not set(query.sequence_ids).issubset(self._account.sequence_ids):
            raise RefusedError(error(400, "One or more sequences are invalid"))
        emails = self._account.select(query.sequence_ids, query.first, query.last, now)
        page = paging(emails, query.page, query.limit, lambda place: self._made_up_email(query, place))
        rows = [self._account.shown(email, now) for email in page.items]
        return statistics_answer(rows, query.page, page.has_more)

    def _listing(self, request: Request, paging: Paging) -> Answer:
        size, number = _integer(request, "pageSize", 100, most=1000), _integer(request, "page", 1)
        sort, sort_by = request.query.get("sort", "ASC"), request.query.get("sortBy", "sequence.createdAt")
        if sort not in ("ASC", "DESC"):
            raise RefusedError(bad_request(["sort must be ASC or DESC"]))
        if sort_by not in ("sequence.createdAt", "sequence.title"):
            raise RefusedError(bad_request(["sortBy must be sequence.createdAt or sequence.title"]))
        sequences = sorted(
            self._account.sequences,
            key=lambda sequence: (sequence.title if sort_by == "sequence.title" else "", sequence.created),
            reverse=sort == "DESC",
        )
        return listing_answer(paging(sequences, number, size, self._made_up_sequence).items)

    def _made_up_email(self, query: StatisticsQuery, place: int) -> Email:
        sequence = next(known for known in self._account.sequences if known.id == query.sequence_ids[0])
        noon = datetime.combine(query.first, time(12), tzinfo=self._account.zone)
        return Email(place, sequence, 1, person(place, "sender"), person(place, "made-up"), noon)

    def _made_up_sequence(self, place: int) -> MailSequence:
        return replace(self._account.sequences[0], id=f"{place:010}")


def statistics_answer(rows: list[orjson.Fragment], page: int, has_more: bool) -> Answer:
    payload = {"data": rows, "hasMore": has_more, "nextPageNumber": page + 1 if has_more else page}
    message = "Sequence prospects & emails stats fetched successfully"
    return success({"message": message, "payload": payload}, rows=len(rows))


def listing_answer(sequences: Iterable[MailSequence]) -> Answer:
    listed = [sequence.listed() for sequence in sequences]
    return success({"message": "Sequences fetched successfully", "payload": listed}, rows=len(listed))


def _integer(request: Request, name: str, default: int, most: int | None = None) -> int:
    text = request.query.get(name, str(default))
    value = int(text) if text.isdecimal() else 0
    if value < 1 or (most is not None and value > most):
        raise RefusedError(bad_request([f"{name} must be an integer not less than 1 and not greater than {most}"]))
    return value
