"""The API's date texts, read into UTC.

A text gives the account's own time: `Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)`, with no leading zero and no
minutes where they are zero (`GMT-4`), or a bare `GMT`; JavaScript's own form is `GMT+0530 (India Standard Time)`.
The weekday can be wrong and the name in brackets is no zone that every system knows: the offset alone counts.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
_DAY_AND_HOUR = re.compile(r" ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{4}) ([0-9]{2})")
_ZONE = re.compile(r" (?:GMT|UTC)(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?(?: \(.*\))?")
_MINUTES = tuple(f"{minute:02}:" for minute in range(60))
_MINUTES_AND_SECONDS = {
    f":{minute}{second:02}": (index, f"{second:02}Z") for index, minute in enumerate(_MINUTES) for second in range(60)
}


def to_utc(text: str) -> str | None:
    """`text` as RFC 3339 in UTC, to the second (`2024-12-18T05:29:29Z`); None where it cannot be read.

    Day, hour and offset repeat from row to row, so they are read once and remembered.
    """
    known = _MINUTES_AND_SECONDS.get(text[18:24])
    if known is None:
        return _iso_to_utc(text)
    minute, seconds = known
    prefixes = _minute_prefixes(text[3:18], text[24:])
    return prefixes[minute] + seconds if prefixes else None


def format_utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@lru_cache(maxsize=4096)
def _minute_prefixes(day_and_hour: str, zone: str) -> tuple[str, ...] | None:
    """For each minute of a local hour, the UTC text up to the seconds; None where the parts cannot be read."""
    start = _DAY_AND_HOUR.fullmatch(day_and_hour)
    offset = _ZONE.fullmatch(zone)
    if not start or not offset:
        return None
    month, day, year, hour = start.groups()
    sign, hours, minutes = offset.groups(default="0")
    east_of_utc = timedelta(hours=int(hours), minutes=int(minutes))
    if east_of_utc > timedelta(hours=14) or int(minutes) > 59:
        return None
    try:
        local = datetime(int(year), _MONTHS[month], int(day), int(hour))
        utc = local + east_of_utc if sign == "-" else local - east_of_utc
        this_hour, next_hour = (moment.isoformat()[:14] for moment in (utc, utc + timedelta(hours=1)))
    except (KeyError, ValueError, OverflowError):
        return None
    return tuple(this_hour + minute for minute in _MINUTES[utc.minute :]) + tuple(
        next_hour + minute for minute in _MINUTES[: utc.minute]
    )


def _iso_to_utc(text: str) -> str | None:
    """ISO 8601 with an offset: not seen from this endpoint, but without ambiguity where it comes."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return format_utc(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
