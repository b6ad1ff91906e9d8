"""The endpoints of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .api.pager import Keys, Pager, Strays
from .api.responses import ApiResponse, Page, rows_at
from .api.stream import Connection, SaleshandyStream
from .columns import CURSOR_FIELD, PRIMARY_KEY, SEQUENCES_KEY, load_schema
from .errors import ApiError
from .planning.due.window import Window
from .records import Record, RowWarnings, has_placeholder, primary_key_of, to_records, to_sequences, with_whole_key
from .strays import of_other_days, of_other_sequences

LISTING_PAGE_SIZE = 1000
MAX_LISTING_PAGES = 1000
"""No account has a million sequences."""
MIN_PAGE_SIZE = 10
"""The vendor's page: the limit "should be between 10 & 500 per page"."""
_SIZES_BY_READING = (1.0, 0.62, 0.77)
"""Shares of the page size for each reading of a window, so that few page borders are the same."""
_FALSE_TEXTS = ("", "false", "0")
_LISTING_CAPS_DIVIDE_BY = 10
"""Other listings of this API cap `pageSize` without a word, at round numbers."""


class Sequences(SaleshandyStream):
    """GET /v1/sequences: the sequences of the account, oldest first, so that a new one moves no page."""

    primary_key = SEQUENCES_KEY
    is_resumable = False
    rows_path = "payload"

    def __init__(self, connection: Connection, warnings: RowWarnings) -> None:
        super().__init__(connection, LISTING_PAGE_SIZE)
        self._warnings = warnings

    def get_json_schema(self) -> Mapping[str, Any]:  # type: ignore[override]  # the CDK's is wrapped in a cache
        return load_schema(self.name)

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

    def to_page(self, response: ApiResponse, page_size: int) -> Page:
        """A page is the last if it is empty, or if its length is not a round number: a full page has a round one, and
        so has one that the API cuts short."""
        rows = rows_at(response, self.rows_path) or []
        has_more = bool(rows) and len(rows) % _LISTING_CAPS_DIVIDE_BY == 0
        return Page(to_sequences(rows, self._warnings), has_more, is_promise=False)

    def keys_of(self, rows: list[Any]) -> Keys:
        return [hash(repr(row)) for row in rows], frozenset()

    def fetch(self, number: int, page_size: int, stream_slice: Mapping[str, Any] | None = None) -> Page:
        if number > MAX_LISTING_PAGES:
            raise ApiError(f"{self.name}: the API promises more pages without end ({number - 1:,} so far).")
        return super().fetch(number, page_size, stream_slice)

    def list_ids(self) -> list[str]:
        """The ids of all sequences, each once."""
        return list(dict.fromkeys(ids_of(self.records)))


class ConsolidatedStats(SaleshandyStream):
    """POST /v1/analytics/consolidated-stats: one row for each email that was sent."""

    primary_key = PRIMARY_KEY
    cursor_field = CURSOR_FIELD
    is_resumable = False
    http_method = "POST"
    rows_path = "payload.data"

    def __init__(self, connection: Connection, page_size: int, warnings: RowWarnings) -> None:
        super().__init__(connection, page_size)
        self._warnings = warnings

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
        """The five fields that the vendor's page asks for; the API refuses any other."""
        window: Window = (stream_slice or {})["window"]
        page = next_page_token or {}
        return {
            "sequenceIds": list(window.sequence_ids),
            "startDate": window.days.first.isoformat(),
            "endDate": window.days.last.isoformat(),
            "pageNum": page["page"],
            "pageLimit": page["size"],
        }

    def to_page(self, response: ApiResponse, page_size: int) -> Page:
        """`hasMore` decides; if it is missing, a full page has a next one."""
        rows = rows_at(response, self.rows_path) or []
        more = response.parsed["payload"].get("hasMore")
        if isinstance(more, str):
            more = more.strip().lower() not in _FALSE_TEXTS
        has_more = len(rows) >= page_size if more is None else bool(more)
        return Page(to_records(rows, self._warnings), has_more, is_promise=more is not None)

    def keys_of(self, rows: list[Any]) -> Keys:
        """The primary keys. A row with a placeholder in its own is known by all that it holds."""
        if len(with_whole_key(rows)) == len(rows):
            return list(map(hash, map(primary_key_of, rows))), frozenset()
        keys = [hash(repr(row) if has_placeholder(row) else primary_key_of(row)) for row in rows]
        return keys, frozenset(key for key, row in zip(keys, rows, strict=True) if has_placeholder(row))

    def read_window(self, window: Window, earlier_readings: int = 0) -> Pager:
        """A pager for `window`. Rows may have moved at page borders, so each reading has other ones."""
        size, ids = self._page_size_of(earlier_readings), frozenset(window.sequence_ids)

        def strays_in(rows: list[Record]) -> Strays:
            strays = Strays(of_other_days(rows, window.days), of_other_sequences(rows, ids))
            for kind in strays:
                if kind:
                    self._warnings.not_asked_for(kind)
            return strays

        return Pager(self.name, lambda number: self.fetch(number, size, {"window": window}), self.keys_of, strays_in)

    def _page_size_of(self, reading: int) -> int:
        """Rows of a page, by the number of the reading from 0."""
        share = _SIZES_BY_READING[reading % len(_SIZES_BY_READING)]
        size = int(self.page_size * share)
        return size if size >= MIN_PAGE_SIZE else int(self.page_size / share)


def ids_of(sequences: Iterable[Record]) -> list[str]:
    """The ids of `sequences`, but for those without one."""
    return [str(sequence[SEQUENCES_KEY]) for sequence in sequences if sequence.get(SEQUENCES_KEY)]
