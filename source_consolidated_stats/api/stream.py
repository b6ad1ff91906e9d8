"""What the endpoints of the API share, as an HTTP stream of the CDK."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests
from airbyte_cdk.models import SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpStream
from airbyte_cdk.sources.streams.http.http_client import HttpClient
from requests.auth import AuthBase

from ..errors import ApiError, EndlessPagesError, RefusedError
from .circuit_breaker import CircuitBreaker
from .error_handler import SaleshandyErrorHandler
from .limit.shared import SharedRateLimit
from .responses import ApiResponse, Page
from .seen_keys import SeenKeys
from .timeouts import REQUEST_OPTIONS
from .transport import RateLimitedAdapter

MAX_ASKS = 3
"""How often a page is asked for in whose place an earlier page comes."""
MAX_STALE_PAGES = 3
"""Pages in a row that bring nothing new before the API is thought to promise more pages for ever."""


class ApiKey(AuthBase):
    """Puts the key into the header `x-api-key`, where this API expects it."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["x-api-key"] = self._key
        return request


class Connection:
    """What all calls of a command share: the address, the key, the rate limit and the circuit breaker."""

    def __init__(self, api_url: str, api_key: str, limit: SharedRateLimit, breaker: CircuitBreaker) -> None:
        self.api_url = api_url
        self.breaker = breaker
        self.key = ApiKey(api_key)
        self.limit = limit

    def client(self, name: str, rows_path: str) -> HttpClient:
        """The CDK's client for the endpoint `name`, whose responses have their rows at `rows_path`."""
        session = requests.Session()
        for prefix in list(session.adapters):
            session.mount(prefix, RateLimitedAdapter(self.limit))
        handler = SaleshandyErrorHandler(urlsplit(self.api_url).netloc, rows_path, self.breaker)
        return HttpClient(
            name=name,
            logger=logging.getLogger("airbyte"),
            session=session,
            authenticator=self.key,
            error_handler=handler,
            backoff_strategy=handler,
        )


class SaleshandyStream(HttpStream, ABC):
    """What the endpoints share: where they are, and pages that are counted from 1."""

    rows_path: str
    """Where a response has its rows: `payload` or `payload.data`."""

    def __init__(self, connection: Connection, page_size: int) -> None:
        self._api_url = connection.api_url
        self.page_size: int = page_size
        super().__init__(authenticator=connection.key)
        self._http_client = connection.client(self.name, self.rows_path)

    @property
    def url_base(self) -> str:
        return f"{self._api_url}/"

    def request_headers(self, *args: Any, **kwargs: Any) -> Mapping[str, Any]:
        return {"Accept": "application/json"}

    def request_kwargs(self, *args: Any, **kwargs: Any) -> Mapping[str, Any]:
        return REQUEST_OPTIONS

    def next_page_token(self, response: requests.Response) -> Mapping[str, Any] | None:
        """None: `read_pages` counts the pages, because the API repeats the current number on the last page."""
        return None

    def parse_response(self, response: requests.Response, **kwargs: Any) -> list[Any]:
        assert isinstance(response, ApiResponse)
        return self.to_page(response).rows

    @abstractmethod
    def to_page(self, response: ApiResponse) -> Page:
        """The page that a good response holds."""

    @abstractmethod
    def keys_of(self, rows: list[Any]) -> tuple[list[int], frozenset[int]]:
        """A key for each row, and those of them that cannot tell one row from another."""

    @abstractmethod
    def max_rows(self, stream_slice: Mapping[str, Any] | None) -> int:
        """More rows than a slice can have."""

    @cached_property
    def records(self) -> list[Any]:
        """Every row of a stream without slices. The API is asked once, however many need them."""
        return [row for page in self.read_pages() for row in page.rows]

    def read_pages(self, stream_slice: Mapping[str, Any] | None = None, seen: SeenKeys | None = None) -> Iterator[Page]:
        """The pages of a slice; `seen` then knows which rows came more than once.

        A page that brings nothing new, in the place of another, is asked for again, and left out if it comes again.
        Raises EndlessPagesError if the API promises pages without end, ApiError if it fails or refuses a later page,
        and RefusedError or AccessError if it refuses the first.
        """
        seen = SeenKeys() if seen is None else seen
        number, stale_pages, rows = 1, 0, 0
        page = self._fetch(stream_slice, number)
        while True:
            keys, partial = self.keys_of(page.rows) if number > 1 or page.has_more else ([], frozenset())
            asks = 1
            while page.rows and number > 1 and seen.has_all(keys) and asks < MAX_ASKS:
                page, asks = self._fetch(stream_slice, number), asks + 1
                keys, partial = self.keys_of(page.rows)
            is_stale = number > 1 and seen.has_all(keys) and bool(page.rows or page.has_more)
            seen.add(keys, partial=frozenset() if is_stale else partial)  # a page that is left out always shows
            rows += len(page.rows)
            if is_stale:
                stale_pages += 1
            else:
                stale_pages = 0
                yield page
            if not page.has_more:
                return
            if stale_pages >= MAX_STALE_PAGES or rows > self.max_rows(stream_slice):
                raise EndlessPagesError(
                    f"{self.name}: the API promises more pages without end ({number:,} pages so far, the last "
                    f"{stale_pages} of them without a new row). The rows so far are delivered, and the next sync reads "
                    "these days again; if it happens again, report it to Saleshandy."
                )
            number += 1
            page = self._fetch(stream_slice, number)

    def _fetch(self, stream_slice: Mapping[str, Any] | None, number: int) -> Page:
        try:
            _, response = self._fetch_next_page(stream_slice, None, {"page": number})
        except RefusedError as refusal:
            if number == 1:
                raise
            # The days and the sequences were accepted, so it is how far into the list the page is.
            raise ApiError(f"{refusal.text} It concerned page {number:,} of its window.") from None
        assert isinstance(response, ApiResponse)
        return self.to_page(response)

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        for page in self.read_pages(stream_slice):
            yield from page.rows
