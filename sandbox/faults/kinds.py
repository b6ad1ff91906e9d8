"""The kinds of faults: what the API responds to a call that is hit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from sandbox.endpoints.api import Api
from sandbox.endpoints.paging import Paging, emptied, endless_empty, endless_fresh, nothing, repeated
from sandbox.faults.asked import page_number, statistics_query, with_page, with_statistics_of
from sandbox.faults.damage import DAMAGES, Damage
from sandbox.faults.errors import ERRORS, TOO_MANY
from sandbox.faults.rate_limit import reset_text
from sandbox.messages import Delivery, Request, Response, error, html, success


@dataclass(frozen=True)
class Hit:
    """A call that a fault hits. `decoy_url` is where a redirect leads, `pause_s` the seconds of a slow response."""

    request: Request
    api: Api
    decoy_url: str
    now: datetime
    pause_s: float

    def good_response(self) -> Response:
        return self.api.respond(self.request)


Kind = Callable[[Hit], Response]


def _always(response: Response) -> Kind:
    return lambda hit: response


def _paged(paging: Paging) -> Kind:
    return lambda hit: hit.api.respond(hit.request, paging)


def _damaged(damage: Damage) -> Kind:
    def respond(hit: Hit) -> Response:
        response = hit.good_response()
        return replace(response, body=damage(response.body))

    return respond


def _delivered(delivery: Delivery) -> Kind:
    return lambda hit: replace(hit.good_response(), delivery=delivery, pause_s=hit.pause_s)


def _undelivered(delivery: Delivery) -> Kind:
    return lambda hit: Response(0, delivery=delivery)


def _previous_page(hit: Hit) -> Response:
    """As from a cache: the whole response to a call for the page before."""
    return hit.api.respond(with_page(hit.request, max(1, page_number(hit.request) - 1)))


def _all_sequences(hit: Hit) -> Response:
    return hit.api.respond(with_statistics_of(hit.request, sequenceIds=hit.api.account.sequence_ids))


def _filtered_late(hit: Hit) -> Response:
    """The sequences are looked at only once the rows of all of them are cut into pages."""
    response, query = _all_sequences(hit), statistics_query(hit.request)
    if query is None:
        return response
    content = orjson.loads(response.body)
    payload = content["payload"]
    payload["data"] = [row for row in payload["data"] if row["Sequence Id"] in query.sequence_ids]
    return replace(response, body=orjson.dumps(content), rows=len(payload["data"]))


def _all_days(hit: Hit) -> Response:
    first, last = hit.api.account.first_day, hit.api.account.last_day
    return hit.api.respond(with_statistics_of(hit.request, startDate=str(first), endDate=str(last)))


def _reset(hit: Hit) -> Response:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset_text(hit.now, 1)}
    return error(429, TOO_MANY, headers=headers)


KINDS: dict[str, Kind] = {
    **{kind: _always(response) for kind, response in ERRORS.items()},
    **{kind: _damaged(damage) for kind, damage in DAMAGES.items()},
    "429-reset": _reset,
    "html": _always(html(200, "Just a moment")),
    "no-data": _always(success({"message": "Fetched successfully", "payload": {}})),
    "null-payload": _always(success({"message": "Fetched successfully", "payload": None})),
    "redirect": lambda hit: Response(302, headers={"Location": hit.decoy_url + hit.request.path}),
    "key-echo": lambda hit: error(401, f"Invalid API key: {hit.request.headers.get('x-api-key')}"),
    "headers": lambda hit: hit.good_response(),  # nothing but the fault's own headers
    "repeat-page": _paged(repeated),
    "previous-page": _previous_page,
    "empty": _paged(nothing),
    "empty-page": _paged(emptied),
    "ignores-sequences": _all_sequences,
    "ignores-days": _all_days,
    "late-filter": _filtered_late,
    "endless-empty": _paged(endless_empty),
    "endless-fresh": _paged(endless_fresh),
    "cut": _delivered("cut"),
    "drip": _delivered("drip"),
    "early-hints": _delivered("early-hints"),
    "reset": _undelivered("reset"),
    "silent": _undelivered("silent"),
}
