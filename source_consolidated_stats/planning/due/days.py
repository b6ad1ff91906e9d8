"""Days and sets of days, and when the API's days begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

import pendulum

ONE_DAY = timedelta(days=1)
_LATEST_ZONE = timezone(timedelta(hours=14))
_EARLIEST_ZONE = timezone(timedelta(hours=-12))


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


DaySet = tuple[Days, ...]
"""Days in ascending order, disjoint, with a gap of at least one day between neighbours."""


def between(first: date, last: date) -> DaySet:
    """The days from `first` to `last`; none if `last` comes before `first`."""
    return (Days(first, last),) if first <= last else ()


def union(*sets: Iterable[Days]) -> DaySet:
    merged: list[Days] = []
    for days in sorted(days for day_set in sets for days in day_set):
        if merged and days.first <= merged[-1].last + ONE_DAY:
            merged[-1] = Days(merged[-1].first, max(merged[-1].last, days.last))
        else:
            merged.append(days)
    return tuple(merged)


def subtract(days: DaySet, removed: DaySet) -> DaySet:
    if not days or not removed:
        return days
    left = list(days)
    for gone in removed:
        left = [
            piece
            for kept in left
            for piece in (
                *between(kept.first, min(kept.last, gone.first - ONE_DAY)),
                *between(max(kept.first, gone.last + ONE_DAY), kept.last),
            )
        ]
    return union(left)


def intersect(days: DaySet, limits: DaySet) -> DaySet:
    return union(
        piece
        for kept in days
        for limit in limits
        for piece in between(max(kept.first, limit.first), min(kept.last, limit.last))
    )


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
