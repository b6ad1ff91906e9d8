"""Judges the API's answers: which are good, which are tried again, which end the sync, and in what words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import (
    BackoffStrategy,
    ErrorHandler,
    ErrorResolution,
    ResponseAction,
)
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets

from ..errors import AccessError, ApiDownError, ApiError, ConfigError
from .transport import CONNECT_TIMEOUT, READ_TIMEOUT

_UNREADABLE = object()
_LONGEST_QUOTE = 300


def body(response: requests.Response) -> Any:
    """The parsed JSON of an answer, parsed once; an object of no JSON type where it is none."""
    if not hasattr(response, "parsed_body"):
        setattr(response, "parsed_body", _parse(response.content))  # noqa: B010
    return response.parsed_body  # type: ignore[attr-defined]


def _parse(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _parse_leniently(content)


def _parse_leniently(content: bytes) -> Any:
    """JSON with half of an emoji, with a byte that is no UTF-8 or with NaN: one character or one null, not the page."""
    try:
        parsed = json.loads(content.decode("utf-8", "replace"), parse_constant=lambda _: None)
    except ValueError:
        return _UNREADABLE
    return orjson.loads(json.dumps(parsed, ensure_ascii=False).encode("utf-8", "replace"))


class AnswerJudge(ErrorHandler, BackoffStrategy):
    """The CDK's error handler and backoff strategy for this API, for the calls of one stream.

    A failure that may pass is tried `tries` times, with the CDK's pauses of 1, 2, 4, ... seconds. Where nothing was
    answered since a call was given up, the next failure is final: not every call has to go through all its tries.
    """

    def __init__(self, host: str, payload_name: str, tries: int) -> None:
        self._host = host
        self._payload_name = payload_name
        self._tries = tries
        self._given_up = False

    @property
    def max_retries(self) -> int:
        return self._tries

    @property
    def max_time(self) -> int:
        """Seconds; no bound of its own, as a try may have waited long for the rate limit."""
        return 10**9

    def interpret_response(self, response: requests.Response | Exception | None) -> ErrorResolution:
        """Raises AccessError or ConfigError where trying again cannot help."""
        if isinstance(response, requests.Response):
            status = response.status_code
            if status < 300 and payload(response, self._payload_name) is not None:
                self._given_up = False
                return ErrorResolution(ResponseAction.SUCCESS)
            if 300 <= status < 400:
                raise AccessError(self._redirected(response))
            if status in (401, 403, 404):
                raise AccessError(f"The API at {self._host} {_REFUSALS[status]} It said: {quote(response)}")
            if 400 <= status < 500 and status not in (408, 425):
                raise ConfigError(
                    f"The API at {self._host} refused the request (status {status}). It said: {quote(response)}. "
                    "Check the sequence ids, the dates and the page size of the configuration."
                )
        elif isinstance(response, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
            raise ConfigError(f"api_url: {self._host} cannot be called ({response}). Give the address of the API.")
        return ErrorResolution(ResponseAction.RETRY, FailureType.transient_error, self._seen(response))

    def backoff_time(
        self, response_or_exception: requests.Response | requests.RequestException | None, attempt_count: int
    ) -> float | None:
        """None: the CDK's own pauses. Raises ApiError after the last try, ApiDownError where trying has no prospect."""
        seen = self._seen(response_or_exception)
        if self._given_up:
            raise ApiDownError(
                f"{seen} Nothing was answered since the last failure, so it was not tried again. Try again later."
            )
        if attempt_count >= self._tries:
            self._given_up = True
            raise ApiError(f"{seen} Tried {attempt_count} times. Try again later.")
        return None

    def _seen(self, response: requests.Response | Exception | None) -> str:
        who = f"The API at {self._host}"
        if isinstance(response, requests.Response):
            if response.status_code >= 300:
                return f"{who} failed with status {response.status_code}: {quote(response)}."
            if body(response) is _UNREADABLE:
                size, kind = len(response.content), response.headers.get("Content-Type", "unknown")
                return f"{who} gave an answer that is no JSON, or only a part of it ({size} bytes of type {kind})."
            return f"{who} gave an answer without {self._payload_name}: {quote(response)}."
        if isinstance(response, requests.exceptions.ConnectTimeout):
            return f"{who} did not accept a connection within {CONNECT_TIMEOUT:.0f} s."
        if isinstance(response, requests.exceptions.Timeout):
            return f"{who} stayed silent for {READ_TIMEOUT:.0f} s."
        return f"{who} could not be reached, or the connection was cut ({_innermost_reason(response)})."

    def _redirected(self, response: requests.Response) -> str:
        target = filter_secrets(response.headers.get("Location", "another address"))
        return (
            f"The API at {self._host} redirects to {target} (status "
            f"{response.status_code}). The key is not sent there: if the address is right, set api_url to it."
        )


_REFUSALS = {
    401: "does not accept the API key. Copy it again from Saleshandy: Settings, then API; then set api_key.",
    403: (
        "does not let this API key in. The plan may have no API access (Saleshandy: Settings, then API), or the key "
        "may not see one of the sequences in sequence_ids."
    ),
    404: "does not know the path of the API: check api_url, which has no path such as /v1.",
}


def payload(response: requests.Response, name: str) -> list[Any] | None:
    """The list under `payload` or `payload.data`, whichever `name` says; None where there is none."""
    found = body(response)
    for key in name.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else None


def _innermost_reason(error: Exception | None) -> str:
    """What requests and urllib3 have wrapped into their own words."""
    wrapped = error.args[0] if error and error.args else error
    return filter_secrets(str(getattr(wrapped, "reason", wrapped)))[:_LONGEST_QUOTE]


def quote(response: requests.Response) -> str:
    """The API's own words, where there are any; without secrets, and not too many."""
    parsed = body(response)
    words = parsed.get("message") or parsed.get("error") if isinstance(parsed, Mapping) else None
    if isinstance(words, list):
        words = "; ".join(str(word) for word in words)
    # An answer that is no error may hold rows, and with them people.
    text = str(words) if words else response.text if response.status_code >= 300 else ""
    return filter_secrets(" ".join(text.split()))[:_LONGEST_QUOTE] or "nothing"
