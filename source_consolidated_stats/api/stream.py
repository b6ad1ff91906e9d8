"""What the endpoints of the API share, as an HTTP stream of the CDK."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from airbyte_cdk.models import SyncMode
from airbyte_cdk.sources.streams.core import StreamData
from airbyte_cdk.sources.streams.http import HttpStream
from requests.auth import AuthBase

from ..errors import EndlessPagesError
from .error_handler import AnswerJudge, payload
from .transport import REQUEST_OPTIONS, RateLimitedAdapter, SharedRateLimit

MOST_REPEATS = 3
"""Pages in a row that hold nothing new before the API is thought to go round in circles."""


class ApiKey(AuthBase):
    """Puts the key where this API wants it: into the header `x-api-key`."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["x-api-key"] = self._key
        return request


class SaleshandyStream(HttpStream, ABC):
    """What the endpoints share: where they are, the key, the rate limit, and pages that are counted from 1."""

    payload_name: str
    """Where an answer has its rows: `payload` or `payload.data`."""

    def __init__(self, api_url: str, api_key: str, limit: SharedRateLimit, page_size: int, tries: int) -> None:
        self._api_url = api_url
        self._tries = tries
        self.page_size: int = page_size
        super().__init__(authenticator=ApiKey(api_key))
        for scheme in ("https://", "http://"):
            self._http_client._session.mount(scheme, RateLimitedAdapter(limit))

    @property
    def url_base(self) -> str:
        return f"{self._api_url}/"

    def request_kwargs(self, *args: Any, **kwargs: Any) -> Mapping[str, Any]:
        return REQUEST_OPTIONS

    def get_error_handler(self) -> AnswerJudge:
        self._judge = AnswerJudge(urlsplit(self._api_url).netloc, self.payload_name, self._tries)
        return self._judge

    def get_backoff_strategy(self) -> AnswerJudge:
        return self._judge

    @abstractmethod
    def page_number(self, request: requests.PreparedRequest) -> int:
        """The page that `request` asked for."""

    @abstractmethod
    def has_more(self, response: requests.Response) -> bool:
        """Whether a page follows."""

    def next_page_token(self, response: requests.Response) -> Mapping[str, Any] | None:
        return {"page": self.page_number(response.request) + 1} if self.has_more(response) else None

    def parse_response(self, response: requests.Response, **kwargs: Any) -> list[Any]:
        return payload(response, self.payload_name) or []

    @abstractmethod
    def most_rows(self, stream_slice: Mapping[str, Any] | None) -> int:
        """More rows than a slice can have."""

    def read_pages(self, stream_slice: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
        """The parsed rows of each page.

        Raises EndlessPagesError where the API gives the same pages again, or pages without end.
        """
        seen: set[int] = set()
        repeats = rows = 0
        token: Mapping[str, Any] | None = {"page": 1}
        while token:
            _, response = self._fetch_next_page(stream_slice, None, token)
            fingerprint = _fingerprint(response)
            repeats = repeats + 1 if fingerprint in seen else 0
            if not repeats:
                seen.add(fingerprint)
                page = self.parse_response(response)
                rows += len(page)
                yield page
            token = self.next_page_token(response)
            if token and (repeats >= MOST_REPEATS or rows > self.most_rows(stream_slice)):
                raise EndlessPagesError(
                    f"{self.name}: the API promises more pages without end ({token['page'] - 1:,} pages so far, the "
                    f"last {repeats} of them known already). The rows so far are delivered, and the next sync reads "
                    "these days again; if it happens again, tell Saleshandy."
                )

    def read_records(
        self,
        sync_mode: SyncMode,
        cursor_field: list[str] | None = None,
        stream_slice: Mapping[str, Any] | None = None,
        stream_state: Mapping[str, Any] | None = None,
    ) -> Iterable[StreamData]:
        for page in self.read_pages(stream_slice):
            yield from page


def _fingerprint(response: requests.Response) -> int:
    """Equal for answers with the same rows, whatever surrounds them, such as the number of the next page."""
    content = response.content
    return hash(memoryview(content)[content.find(b"[") : content.rfind(b"]")])
