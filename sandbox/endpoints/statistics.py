"""`POST /v1/analytics/consolidated-stats`: the rows of some sequences on some days, page by page."""

from collections.abc import Sequence
from datetime import date, datetime, time, timezone

import orjson

from sandbox.account.account import Account
from sandbox.account.emails import Email
from sandbox.account.people import person
from sandbox.clock import Clock
from sandbox.endpoints.paging import Paging
from sandbox.endpoints.quirks import Quirks
from sandbox.endpoints.statistics_query import StatisticsQuery, check_days, parse_query
from sandbox.endpoints.updater import Updater
from sandbox.messages import RefusedError, Request, Response, error, success

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
STATISTICS_PATH = "/v1/analytics/consolidated-stats"


class Statistics:
    method = "POST"

    def __init__(self, account: Account, clock: Clock, quirks: Quirks) -> None:
        self._account = account
        self._clock = clock
        self._refuses_future_days = quirks.refuses_future_days
        self._no_number_after_last_page = quirks.no_number_after_last_page
        self._ties = quirks.ties
        self._updater = Updater(account, quirks.updates)

    def respond(self, request: Request, paging: Paging) -> Response:
        now = self._clock.now()
        query = parse_query(request.body)
        today = self._account.day_of(now)
        check_days(query, today, latest=today if self._refuses_future_days else date.max)
        if not set(query.sequence_ids).issubset(self._account.sequence_ids):
            raise RefusedError(error(400, "One or more sequences are invalid"))
        emails = self._account.select(query.sequence_ids, query.first, query.last, now)
        arranged = self._arrange(emails, query)
        page = paging(arranged, query.page, query.limit, lambda place: self._made_up_email(query, place))
        rows = [self._account.shown(email, now) for email in page.items]
        self._updater.update(emails, now)
        after_last = None if self._no_number_after_last_page else query.page
        next_page = query.page + 1 if page.has_more else after_last
        return statistics_response(rows, has_more=page.has_more, next_page=next_page)

    def _arrange(self, emails: Sequence[Email], query: StatisticsQuery) -> Sequence[Email]:
        arranged = self._updater.arrange(emails)
        if not (ties := self._ties):
            return arranged
        return sorted(
            arranged,
            key=lambda email: ((email.sent - EPOCH) // ties, hash((email.number, query.page, query.limit))),
        )

    def _made_up_email(self, query: StatisticsQuery, place: int) -> Email:
        sequence = next(known for known in self._account.sequences if known.id == query.sequence_ids[0])
        noon = datetime.combine(query.first, time(12), tzinfo=self._account.zone)
        return Email(place, sequence, 1, person(place, "sender"), person(place, "made-up"), noon)


def statistics_response(rows: list[orjson.Fragment], *, has_more: bool, next_page: int | None) -> Response:
    payload = {"data": rows, "hasMore": has_more, "nextPageNumber": next_page}
    message = "Sequence prospects & emails stats fetched successfully"
    return success({"message": message, "payload": payload}, rows=len(rows))
