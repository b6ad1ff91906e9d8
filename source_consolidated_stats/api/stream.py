"""What the endpoints of the API share, as an HTTP stream of the CDK."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests
from airbyte_cdk.sources.streams.http import HttpStream
from airbyte_cdk.sources.streams.http.http_client import HttpClient
from requests.auth import AuthBase

from ..errors import ApiError, RefusedError
from .circuit_breaker import CircuitBreaker
from .clock import ApiClock
from .error_handler import SaleshandyErrorHandler
from .limit.shared import SharedRateLimit
from .pager import Keys, Pager
from .responses import ApiResponse, Page
from .timeouts import REQUEST_OPTIONS
from .transport import open_session


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
        self.clock = ApiClock()

    def client(self, name: str, rows_path: str) -> HttpClient:
        """The CDK's client for the endpoint `name`, whose responses have their rows at `rows_path`."""
        handler = SaleshandyErrorHandler(urlsplit(self.api_url).netloc, rows_path, self.breaker)
        return HttpClient(
            name=name,
            logger=logging.getLogger("airbyte"),
            session=open_session(self.limit),
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
        self.breaker = connection.breaker
        self.clock = connection.clock
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
        """None: `Pager` counts the pages, because the API repeats the current number on the last page."""
        return None

    def parse_response(self, response: requests.Response, **kwargs: Any) -> list[Any]:
        assert isinstance(response, ApiResponse)
        return self.to_page(response, self.page_size).rows

    @abstractmethod
    def to_page(self, response: ApiResponse, page_size: int) -> Page:
        """The page that a good response to a call for `page_size` rows holds."""

    @abstractmethod
    def keys_of(self, rows: list[Any]) -> Keys:
        """The keys of a page's rows."""

    @cached_property
    def records(self) -> list[Any]:
        """Every row of a stream without slices. The API is asked once, however many need them."""
        return [row for page in self.read_pages() for row in page.rows]

    def read_pages(self) -> Iterator[Page]:
        """The pages of a stream without slices: see `Pager.pages`."""
        return Pager(self.name, lambda number: self.fetch(number, self.page_size), self.keys_of).pages()

    def fetch(self, number: int, page_size: int, stream_slice: Mapping[str, Any] | None = None) -> Page:
        """The page with this number, from 1.

        Raises ApiError if the API fails or refuses a later page, and RefusedError or AccessError if it refuses the
        first.
        """
        try:
            _, response = self._fetch_next_page(stream_slice, None, {"page": number, "size": page_size})
        except RefusedError as refusal:
            if number == 1:
                raise
            # The days and the sequences were accepted, so it is how far into the list the page is.
            raise ApiError(f"{refusal.text} It concerned page {number:,} of its window.") from None
        assert isinstance(response, ApiResponse)
        self.clock.observe(response.headers)
        return self.to_page(response, page_size)
