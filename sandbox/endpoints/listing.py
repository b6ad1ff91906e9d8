"""`GET /v1/sequences`: the account's sequences, page by page."""

from collections.abc import Iterable
from dataclasses import replace

from sandbox.account.account import Account
from sandbox.account.sequences import MailSequence
from sandbox.endpoints.paging import Paging
from sandbox.endpoints.quirks import Quirks
from sandbox.messages import RefusedError, Request, Response, bad_request, success

SEQUENCES_PATH = "/v1/sequences"


class Listing:
    method = "GET"

    def __init__(self, account: Account, quirks: Quirks) -> None:
        self._account = account
        self._max_size = quirks.max_listing_page

    def respond(self, request: Request, paging: Paging) -> Response:
        size, number = _integer(request, "pageSize", 100, maximum=1000), _integer(request, "page", 1)
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
        return listing_response(paging(sequences, number, min(size, self._max_size), self._made_up_sequence).items)

    def _made_up_sequence(self, place: int) -> MailSequence:
        return replace(self._account.sequences[0], id=f"{place:010}")


def listing_response(sequences: Iterable[MailSequence]) -> Response:
    listed = [sequence.listed() for sequence in sequences]
    return success({"message": "Sequences fetched successfully", "payload": listed}, rows=len(listed))


def _integer(request: Request, name: str, default: int, maximum: int | None = None) -> int:
    text = request.query.get(name, str(default))
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise RefusedError(bad_request([f"{name} must be an integer not less than 1"]))
    if maximum is not None and value > maximum:
        raise RefusedError(bad_request([f"{name} must not be greater than {maximum}"]))
    return value
