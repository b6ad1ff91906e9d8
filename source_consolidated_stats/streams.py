"""The two endpoints of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from .api.error_handler import body, payload
from .api.stream import SaleshandyStream
from .api.transport import SharedRateLimit
from .columns import load_schema
from .planning.days import Days
from .planning.plan import Task
from .planning.state import CURSOR_FIELD
from .records import PRIMARY_KEY, Oddities, to_records

MOST_ROWS_A_DAY = 50_000
"""The largest accounts known send some 100,000 emails a month."""
MOST_SEQUENCES = 1_000_000
LISTING_PAGE_SIZE = 1000


class Sequences(SaleshandyStream):
    """GET /v1/sequences: the sequences of the account, oldest first, so that a new one moves no page."""

    primary_key = "id"
    payload_name = "payload"

    def path(self, **kwargs: Any) -> str:
        return "v1/sequences"

    def request_params(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        page = (next_page_token or {})["page"]
        return {"pageSize": self.page_size, "page": page, "sort": "ASC", "sortBy": "sequence.createdAt"}

    def page_number(self, request: requests.PreparedRequest) -> int:
        return int(parse_qs(urlsplit(request.url or "").query)["page"][0])

    def has_more(self, response: requests.Response) -> bool:
        return len(payload(response, self.payload_name) or []) >= self.page_size

    def parse_response(self, response: requests.Response, **kwargs: Any) -> list[Any]:
        """The ids of a page; what has none is no sequence."""
        found = [sequence.get("id") for sequence in super().parse_response(response) if isinstance(sequence, Mapping)]
        return [str(sequence_id) for sequence_id in found if sequence_id]

    def most_rows(self, stream_slice: Mapping[str, Any] | None) -> int:
        return MOST_SEQUENCES

    def list_ids(self) -> list[str]:
        """The ids of all sequences, each once."""
        return list(dict.fromkeys(sequence_id for page in self.read_pages() for sequence_id in page))


class ConsolidatedStats(SaleshandyStream):
    """POST /v1/analytics/consolidated-stats: one row for each email that was sent."""

    primary_key = PRIMARY_KEY
    cursor_field = CURSOR_FIELD
    is_resumable = False
    http_method = "POST"
    payload_name = "payload.data"

    def __init__(
        self, api_url: str, api_key: str, limit: SharedRateLimit, page_size: int, tries: int, oddities: Oddities
    ) -> None:
        super().__init__(api_url, api_key, limit, page_size, tries)
        self._oddities = oddities

    def get_json_schema(self) -> Mapping[str, Any]:  # type: ignore[override]  # the CDK's is wrapped in a cache
        return load_schema(self.name)

    def path(self, **kwargs: Any) -> str:
        return "v1/analytics/consolidated-stats"

    def request_body_json(
        self,
        stream_state: Mapping[str, Any] | None,
        stream_slice: Mapping[str, Any] | None = None,
        next_page_token: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        return {**(stream_slice or {}), "pageNum": (next_page_token or {})["page"], "pageLimit": self.page_size}

    def page_number(self, request: requests.PreparedRequest) -> int:
        return int(json.loads(request.body or "{}")["pageNum"])

    def has_more(self, response: requests.Response) -> bool:
        """What `hasMore` says; where it is missing, a full page has a next."""
        more = body(response)["payload"].get("hasMore")
        return len(payload(response, self.payload_name) or []) >= self.page_size if more is None else bool(more)

    def parse_response(self, response: requests.Response, **kwargs: Any) -> list[Any]:
        return to_records(super().parse_response(response), self._oddities)

    def most_rows(self, stream_slice: Mapping[str, Any] | None) -> int:
        first, last = (date.fromisoformat((stream_slice or {})[name]) for name in ("startDate", "endDate"))
        return MOST_ROWS_A_DAY * Days(first, last).length


def slice_of(window: Task) -> dict[str, Any]:
    """The part of the request's body that is the same for all pages of a window."""
    return {
        "sequenceIds": list(window.sequence_ids),
        "startDate": window.days.first.isoformat(),
        "endDate": window.days.last.isoformat(),
    }
