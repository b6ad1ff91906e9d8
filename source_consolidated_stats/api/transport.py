"""How calls travel: one rate limit for all workers, time-outs, no redirects."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from .rate_limit import Answer, RateLimit

CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 30.0
"""Seconds; the second is how long a connection may stay silent."""
REQUEST_OPTIONS = {"timeout": (CONNECT_TIMEOUT, READ_TIMEOUT), "allow_redirects": False}
MOST_WORKERS = 20
LONGEST_WAIT = 86_400.0
"""Seconds; whatever the API names as the end of a limit, it is asked again after a day."""
_SILENCE = 60.0
"""Seconds after which a wait that goes on is told again."""
_WORTH_TELLING = 1.0
_TRUSTED_SKEW = 2.0
"""Seconds by which this clock and the API's may differ before the API's is believed; its Date header has no more."""


class SharedRateLimit:
    """Holds every worker's calls until the rate limit lets them go."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._limit = RateLimit()
        self._changed = threading.Condition()
        self._told_until = float("-inf")

    def send(self, call: Callable[[], requests.Response]) -> requests.Response:
        """The answer to `call`, which is made again for as long as the rate limit refuses it."""
        while True:
            self._acquire()
            try:
                response = call()
            except BaseException:
                with self._changed:
                    self._limit.abandoned()
                    self._changed.notify_all()
                raise
            answer = read_answer(response, datetime.now(timezone.utc))
            with self._changed:
                self._limit.answered(time.monotonic(), answer)
                self._changed.notify_all()
            if not answer.refused:
                return response
            response.close()

    def _acquire(self) -> None:
        with self._changed:
            while (wait := self._limit.wait(time.monotonic())) > 0:
                self._tell(wait)
                self._changed.wait(min(wait, _SILENCE))
            self._limit.sent(time.monotonic())

    def _tell(self, wait: float) -> None:
        """Says how long all workers wait: once, and again each minute."""
        now = time.monotonic()
        if _WORTH_TELLING <= wait <= LONGEST_WAIT and now >= self._told_until:
            self._told_until = now + min(wait, _SILENCE)
            self._logger.info(f"The API's rate limit is used up: every worker waits {wait:.0f} s for the next call.")


class RateLimitedAdapter(HTTPAdapter):
    """Sends requests when the shared rate limit allows it; the callers never see a refusal."""

    def __init__(self, limit: SharedRateLimit) -> None:
        super().__init__(pool_connections=1, pool_maxsize=MOST_WORKERS)
        self._limit = limit

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        send = super().send
        return self._limit.send(lambda: send(request, *args, **kwargs))

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        response = super().build_response(req, resp)
        response.raw = _WholeBody(resp)
        return response


class _WholeBody:
    """An answer of urllib3 whose body is read at once.

    requests asks for 10 kB at a time. Each time the worker waits for the interpreter, which the thread that prints
    records holds: with pages of some 400 kB that made a tenth of a sync's work.
    """

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def stream(self, amount: int, decode_content: bool) -> Iterator[bytes]:
        yield self._answer.read(decode_content=decode_content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._answer, name)


def read_answer(response: requests.Response, now: datetime) -> Answer:
    """What `response` says of the rate limit. Seen: status 429, or a 400 whose message says "Rate Limit"."""
    headers = response.headers
    refused = response.status_code == 429 or (
        response.status_code == 400 and "rate limit" in _text(response).lower().replace("-", " ")
    )
    clock = _moment(headers.get("Date"))
    if clock is None or abs((clock - now).total_seconds()) <= _TRUSTED_SKEW:
        clock = now
    return Answer(
        refused=refused,
        retry_after=_seconds_from(clock, headers.get("Retry-After")),
        limit=_whole_number(headers, "x-ratelimit-limit"),
        remaining=_whole_number(headers, "x-ratelimit-remaining"),
        reset_in=_seconds_from(clock, headers.get("x-ratelimit-reset")),
    )


def _text(response: requests.Response) -> str:
    try:
        return response.text
    except requests.RequestException:
        return ""


def _whole_number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() else None


def _seconds_from(clock: datetime, text: str | None) -> float | None:
    """Seconds from `clock` on to what `text` says: seconds, a date, or seconds or milliseconds since 1970."""
    if not text:
        return None
    try:
        number = float(text)
        if number >= 1e11:
            number /= 1000
        seconds = number - clock.timestamp() if number >= 1e9 else number
    except ValueError:
        moment = _moment(text)
        if moment is None:
            return None
        seconds = (moment - clock).total_seconds()
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT)


def _moment(text: str | None) -> datetime | None:
    """An HTTP date or an ISO 8601 text such as `2026-11-23T09:00:00.000Z`."""
    for parse in (lambda t: datetime.fromisoformat(t.strip().replace("Z", "+00:00")), parsedate_to_datetime):
        try:
            moment: datetime = parse(text or "")
        except (TypeError, ValueError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return None
