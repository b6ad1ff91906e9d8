"""The API's date texts, read into UTC.

A text gives the account's own time: `Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)`, with no leading zero and no
minutes where they are zero (`GMT-4`), or a bare `GMT`; JavaScript's own form is `GMT+0530 (India Standard Time)`.
The weekday can be wrong and not every system knows the zone in brackets, so only the offset counts. Days and hours
without leading zeros, and fractions of a second, are read too: `Thu Nov 8 2024 8:29:58.123 GMT`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
_DAY = re.compile(r" ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{4})")
_LOOSE = re.compile(
    r"(?:[A-Z][a-z]+,? +)?([A-Z][a-z]{2}) +([0-9]{1,2}),? +([0-9]{4}),? +"
    r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?( .+)"
)
_ZONE = re.compile(r" (?:GMT|UTC)(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?(?: \(.*\))?")
_MINUTES_OF_A_DAY = 24 * 60
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(_MINUTES_OF_A_DAY))
_SECONDS = {f":{second:02}": f":{second:02}Z" for second in range(60)}


def to_utc(text: str) -> str | None:
    """`text` as RFC 3339 in UTC, to the second (`2024-12-18T05:29:29Z`); None where it cannot be read.

    The usual form is read by position; what differs from it is put into that form first. Days and zones repeat from
    row to row, so what they say is worked out once and looked up.
    """
    try:
        day, time_of_day = _clock_in_utc(text[24:])[text[15:21]]
        return _days_around(text[3:15])[day] + time_of_day + _SECONDS[text[21:24]]
    except LookupError:
        bare = text.strip()
        usual = _usual_form_of(bare)
        return _iso_to_utc(bare) if usual in ("", text) else to_utc(usual)


def format_utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _usual_form_of(text: str) -> str:
    """`text` with leading zeros and without a fraction of a second; empty if it is nothing of the kind."""
    parts = _LOOSE.fullmatch(text)
    if not parts:
        return ""
    month, day, year, hour, minute, second, zone = parts.groups()
    return f"Day {month} {day:0>2} {year} {hour:0>2}:{minute:0>2}:{second:0>2}{zone}"


@lru_cache(maxsize=64)
def _clock_in_utc(zone: str) -> dict[str, tuple[int, str]]:
    """For each minute of the local clock (` 10:59`): which of `_days_around` it is in UTC, and the time (`T05:29`).

    Empty where `zone` is none.
    """
    offset = _ZONE.fullmatch(zone)
    if not offset:
        return {}
    sign, hours, minutes = offset.groups(default="0")
    east_of_utc = int(hours) * 60 + int(minutes)
    if east_of_utc > 14 * 60 or int(minutes) > 59:
        return {}
    if sign == "-":
        east_of_utc = -east_of_utc
    in_utc = (divmod(minute - east_of_utc, _MINUTES_OF_A_DAY) for minute in range(_MINUTES_OF_A_DAY))
    return {f" {local}": (days + 1, f"T{_CLOCK[minute]}") for local, (days, minute) in zip(_CLOCK, in_utc, strict=True)}


@lru_cache(maxsize=4096)
def _days_around(text: str) -> tuple[str, ...]:
    """The day before a day such as ` Dec 18 2024`, that day, and the day after it; nothing where it is none."""
    parts = _DAY.fullmatch(text)
    if not parts:
        return ()
    month, day, year = parts.groups()
    try:
        middle = date(int(year), _MONTHS.get(month, 0), int(day))
        return tuple((middle + timedelta(days=days)).isoformat() for days in (-1, 0, 1))
    except (ValueError, OverflowError):
        return ()


def _iso_to_utc(text: str) -> str | None:
    """ISO 8601 with an offset: not seen from this endpoint, but without ambiguity where it comes."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return format_utc(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
