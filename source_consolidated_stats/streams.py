"""The two endpoints of the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from .api.responses import ApiResponse, Page, rows_at
from .api.seen_keys import SeenKeys
from .api.stream import Connection, SaleshandyStream
from .columns import CURSOR_FIELD, PRIMARY_KEY, SEQUENCES_KEY, load_schema
from .planning.due.window import Window
from .records import Record, RowWarnings, has_null_key, primary_key_of, to_records, to_sequences

MAX_ROWS_A_DAY = 100_000
"""The largest accounts known send that many emails a month."""
MAX_SEQUENCES = 1_000_000
LISTING_PAGE_SIZE = 1000
_FALSE_TEXTS = ("", "false", "0", "no", "null")
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

    def to_page(self, response: ApiResponse) -> Page:
        """A page that is shorter than asked for is the last, unless its length is a round number: then the API may
        have capped it."""
        rows = rows_at(response, self.rows_path) or []
        is_short = len(rows) < self.page_size
        return Page(
            to_sequences(rows, self._warnings),
            has_more=bool(rows) and not (is_short and len(rows) % _LISTING_CAPS_DIVIDE_BY),
        )

    def keys_of(self, rows: list[Any]) -> tuple[list[int], frozenset[int]]:
        return [hash(repr(row)) for row in rows], frozenset()

    def max_rows(self, stream_slice: Mapping[str, Any] | None) -> int:
        return MAX_SEQUENCES

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
        return {
            "sequenceIds": list(window.sequence_ids),
            "startDate": window.days.first.isoformat(),
            "endDate": window.days.last.isoformat(),
            "pageNum": (next_page_token or {})["page"],
            "pageLimit": self.page_size,
        }

    def to_page(self, response: ApiResponse) -> Page:
        """`hasMore` decides; if it is missing, a full page has a next one."""
        rows = rows_at(response, self.rows_path) or []
        more = response.parsed["payload"].get("hasMore")
        if isinstance(more, str):
            more = more.strip().lower() not in _FALSE_TEXTS
        has_more = len(rows) >= self.page_size if more is None else bool(more)
        return Page(to_records(rows, self._warnings), has_more)

    def keys_of(self, rows: list[Any]) -> tuple[list[int], frozenset[int]]:
        """The primary keys. A row without a complete one is known by all that it holds."""
        if not has_null_key(rows):
            with suppress(TypeError):  # a value that is a list or an object
                return list(map(hash, map(primary_key_of, rows))), frozenset()
        hashes = [hash(primary_key_of(row)) if _is_complete(row) else hash(repr(row)) for row in rows]
        partial = {key for key, row in zip(hashes, rows, strict=True) if not _is_complete(row)}
        return hashes, frozenset(partial)

    def max_rows(self, stream_slice: Mapping[str, Any] | None) -> int:
        window: Window = (stream_slice or {})["window"]
        return MAX_ROWS_A_DAY * window.days.length

    def read_window(self, window: Window, seen: SeenKeys) -> Iterator[Page]:
        """The pages of a window: see `read_pages`."""
        return self.read_pages({"window": window}, seen)


def ids_of(sequences: Iterable[Record]) -> list[str]:
    """The ids of `sequences`, but for those without one."""
    return [str(sequence[SEQUENCES_KEY]) for sequence in sequences if sequence.get(SEQUENCES_KEY)]


def _is_complete(row: Mapping[str, Any]) -> bool:
    return all(isinstance(row.get(column), (str, int)) for column in PRIMARY_KEY)
