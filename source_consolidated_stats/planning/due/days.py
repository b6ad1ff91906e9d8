"""Days and sets of days, and when the API's days begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache, reduce
from math import ceil
from operator import or_
from typing import NamedTuple

import pendulum

ONE_DAY = timedelta(days=1)
_LATEST_OFFSET, _EARLIEST_OFFSET = timedelta(hours=14), timedelta(hours=-12)
_LATEST_ZONE, _EARLIEST_ZONE = timezone(_LATEST_OFFSET), timezone(_EARLIEST_OFFSET)
MAX_OPEN_DAYS = 1 + ceil((_LATEST_OFFSET - _EARLIEST_OFFSET) / ONE_DAY)
"""From the first day that is not over everywhere to the latest today."""


class Days(NamedTuple):
    """Whole days from `first` to `last`, both inclusive."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


DaySet = int
"""Days as bits, the lowest for `EARLIEST_DAY`: `|` joins two sets, `&` intersects them, and `& ~` subtracts."""
NO_DAYS: DaySet = 0
EARLIEST_DAY, LATEST_DAY = date(2020, 1, 1), date(2199, 12, 31)
"""Days beyond these are in no set: the API keeps two years."""
_DAY_BEFORE = EARLIEST_DAY.toordinal() - 1


def between(first: date, last: date) -> DaySet:
    """The days from `first` to `last`; none if `last` comes before `first`."""
    begin = (max(first, EARLIEST_DAY) - EARLIEST_DAY).days
    end = (min(last, LATEST_DAY) - EARLIEST_DAY).days + 1
    return (1 << end) - (1 << begin) if begin < end else NO_DAYS


def union(stretches: Iterable[Days]) -> DaySet:
    return reduce(or_, (between(*days) for days in stretches), NO_DAYS)


def stretches(days: DaySet) -> list[Days]:
    """The longest stretches of days, in ascending order, with a gap of at least one day between neighbours."""
    found = list[Days]()
    while days:
        first = days & -days
        later = days & (days + first)  # the sum carries over the whole first stretch
        found.append(Days(last_of(first), last_of(days ^ later)))
        days = later
    return found


def first_of(days: DaySet) -> date:
    """The first of some days."""
    return last_of(days & -days)


def last_of(days: DaySet) -> date:
    """The last of some days."""
    return date.fromordinal(_DAY_BEFORE + days.bit_length())


class Calendar(NamedTuple):
    """Where the API's days are at the moment `now`, which is aware.

    They begin and end in the account's time zone, which no call tells.
    """

    now: datetime

    @property
    def today(self) -> date:
        """In UTC."""
        return self.now.astimezone(timezone.utc).date()

    @property
    def latest_today(self) -> date:
        """Today at UTC+14, where it is latest on Earth: no account is further ahead."""
        return self.now.astimezone(_LATEST_ZONE).date()

    @property
    def last_begun(self) -> date:
        """The last day that has begun everywhere, UTC-12 included."""
        return self.now.astimezone(_EARLIEST_ZONE).date()

    @property
    def last_closed(self) -> date:
        """The last day that is over everywhere, UTC-12 included: no email can be sent in it any more."""
        return self.last_begun - ONE_DAY

    @property
    def retention_start(self) -> date:
        """The first day that the API accepts in every time zone."""
        return _two_years_before(self.latest_today)

    @property
    def closed_days(self) -> DaySet:
        """The days that the API still keeps and that are over everywhere."""
        return between(self.retention_start, self.last_closed)


@lru_cache(maxsize=2)
def _two_years_before(today: date) -> date:
    """The vendor's page: the start "must not be older than 2 years ago". If a leap day makes two calendar years longer
    than 730 days, the later of the two readings is safe with both. It is asked for with each window."""
    two_years_ago = pendulum.date(today.year, today.month, today.day).subtract(years=2)
    return max(date(two_years_ago.year, two_years_ago.month, two_years_ago.day), today - timedelta(days=730))
