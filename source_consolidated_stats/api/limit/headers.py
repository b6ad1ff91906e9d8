"""What the headers of a response say of the rate limit. A header that cannot be read says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from .live import LIVE_WINDOW_S

MAX_WAIT_S = 86_400.0
"""Whatever the API names as the end of a limit, it is asked again after a day."""
MAX_PAUSE_S = 3_600.0
"""The longest `Retry-After` of a failure, as opposed to a limit, that is waited for."""
TRUSTED_SKEW_S = 2.0
"""How much this clock and the API's may differ before the API's is believed; its Date header is exact to a second."""
MAX_UNDATED_S = LIVE_WINDOW_S
"""Without a Date header, a moment may be as wrong as this clock is: no more is believed than the live limit lasts."""
MAX_PLAUSIBLE_S = 31 * 86_400.0
"""A limit that lasts longer is not one: the header says something else."""
MAX_DIGITS = 15


class RateLimitSignal(NamedTuple):
    """What one response says of the limit, in calls and seconds; None if it says nothing.

    `api_time` is what the API's clock shows, in seconds since 1970.
    """

    refused: bool = False
    retry_after: float | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_in: float | None = None
    api_time: float | None = None

    @property
    def refused_for(self) -> float | None:
        """Seconds that a refusal names. A reset while calls remain is that of a limit that did not refuse."""
        return self.retry_after or (self.reset_in if not self.remaining else None)


def read_signal(headers: Mapping[str, str], now: datetime, *, refused: bool) -> RateLimitSignal:
    """What a response says of the limit; `now` is this machine's time, aware.

    Seen in public clients of the API: `x-ratelimit-limit`, `-remaining`, `-reset` (a date text such as
    `2026-11-23T09:00:00.000Z`), and `Retry-After` in seconds.
    """
    return RateLimitSignal(
        refused=refused,
        retry_after=_seconds(headers, "Retry-After", now),
        limit=_whole_number(headers.get("x-ratelimit-limit")),
        remaining=_whole_number(headers.get("x-ratelimit-remaining")),
        reset_in=_seconds(headers, "x-ratelimit-reset", now),
        api_time=_api_clock(headers, now).timestamp(),
    )


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a failed response asks to wait, at most `MAX_PAUSE_S`; None if it names none."""
    seconds = _seconds(headers, "Retry-After", now or datetime.now(timezone.utc))
    return None if seconds is None else min(seconds, MAX_PAUSE_S)


def _api_clock(headers: Mapping[str, str], now: datetime) -> datetime:
    clock = _moment(headers.get("Date"))
    return now if clock is None or abs((clock - now).total_seconds()) <= TRUSTED_SKEW_S else clock


def _whole_number(text: str | None) -> int | None:
    digits = text or ""
    return int(digits) if digits.isdecimal() and len(digits) <= MAX_DIGITS else None


def _seconds(headers: Mapping[str, str], name: str, now: datetime) -> float | None:
    """What the header `name` says: seconds, a date, or seconds or milliseconds since 1970."""
    text = headers.get(name) or ""
    moment = _moment(text)
    try:
        number = float(text)
        if number < 1e9:
            return _bounded(number, MAX_WAIT_S)
        seconds = (number / 1000 if number >= 1e11 else number) - _api_clock(headers, now).timestamp()
    except ValueError:
        if moment is None:
            return None
        seconds = (moment - _api_clock(headers, now)).total_seconds()
    return _bounded(seconds, MAX_WAIT_S if _moment(headers.get("Date")) else MAX_UNDATED_S)


def _bounded(seconds: float, longest: float) -> float | None:
    return min(max(seconds, 0.0), longest) if seconds <= MAX_PLAUSIBLE_S else None


def _moment(text: str | None) -> datetime | None:
    """An HTTP date or an ISO 8601 text such as `2026-11-23T09:00:00.000Z`, in UTC."""
    text = text or ""
    return _read_moment(datetime.fromisoformat, text.replace("Z", "+00:00")) or _read_moment(
        parsedate_to_datetime, text
    )


def _read_moment(read: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        moment = read(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None
