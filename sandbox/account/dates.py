"""Moments as the API writes them, and as a perfect client delivers them."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

DATE_COLUMNS = ("Email Sent At", "Last Opened At", "Replied At", "Last Clicked At", "Bounced At")

DateStyle = Literal["api", "javascript", "short"]

# strftime would follow the locale of the machine.
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LONG_NAMES = {
    "BST": "British Summer Time",
    "CEST": "Central European Summer Time",
    "CET": "Central European Standard Time",
    "EDT": "Eastern Daylight Time",
    "EST": "Eastern Standard Time",
    "GMT": "Greenwich Mean Time",
    "IST": "India Standard Time",
    "PDT": "Pacific Daylight Time",
    "PST": "Pacific Standard Time",
    "UTC": "Coordinated Universal Time",
}


def rfc3339(moment: datetime) -> str:
    """`2024-12-18T05:29:29Z`"""
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class DateTexts:
    """Writes moments in the account's zone: `Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)`,
    `Wed Dec 18 2024 10:59:29 GMT+0530 (India Standard Time)` or, without leading zeros and with milliseconds,
    `Fri Nov 8 2024 8:29:58.000 GMT+5:30 (Asia/Kolkata)`."""

    zone: ZoneInfo
    style: DateStyle

    def text(self, moment: datetime, weekday_error: int = 0) -> str:
        local = moment.astimezone(self.zone)
        weekday = WEEKDAYS[(local.weekday() + weekday_error) % 7]
        month, zone = MONTHS[local.month - 1], self._zone_text(local)
        if self.style == "short":
            return f"{weekday} {month} {local.day} {local.year} {local.hour}:{local:%M:%S}.000 {zone}"
        return f"{weekday} {month} {local.day:02} {local.year:04} {local:%H:%M:%S} {zone}"

    def _zone_text(self, local: datetime) -> str:
        minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
        sign = "-" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        if self.style == "javascript":
            name = local.tzname() or ""
            return f"GMT{sign}{hours:02}{rest:02} ({LONG_NAMES.get(name, name)})"
        offset = f"{sign}{hours}" if minutes else ""
        return f"GMT{offset}{f':{rest:02}' if rest else ''} ({self.zone.key})"
