"""Which covered days a sync reads again, because their counters still change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .days import Calendar, Days

ALWAYS_READ_DAYS = 2
"""Days of this age or younger are read again at each sync, whatever the setting is."""
STALENESS_SHARE = 8
"""A counter may be out of date by at most one eighth of its email's age."""


class Refresh(NamedTuple):
    """From `first` to `last`, all covered days were due at the moment `at` (aware, in UTC)."""

    first: date
    last: date
    at: datetime


def first_due_by_age(refreshes: Sequence[Refresh], lookback_start: date, calendar: Calendar) -> date:
    """The first day that is read again by age; all days after it are read with it.

    Days of age over 2^k up to 2^(k+1) are due once an eighth of 2^k days has passed since they were last read, so that
    an email's counters are never older than an eighth of its age. Days before `lookback_start` are never due.
    """
    today, now = calendar.today, calendar.now
    first_due = today - timedelta(days=ALWAYS_READ_DAYS)
    age = ALWAYS_READ_DAYS
    while (newest := today - timedelta(days=age + 1)) >= lookback_start:
        oldest = max(today - timedelta(days=2 * age), lookback_start)
        last_read = last_read_at(refreshes, Days(min(oldest, newest), newest))
        if last_read is None or now - last_read >= timedelta(days=age) / STALENESS_SHARE or last_read > now:
            first_due = min(oldest, newest)
        age *= 2
    return max(first_due, lookback_start)


def last_read_at(refreshes: Sequence[Refresh], days: Days) -> datetime | None:
    """When the one of `days` that waits longest was last read, or due; None if that is not known."""
    moments = []
    for number in range(days.length):
        day = days.first + timedelta(days=number)
        moments.append(max((refresh.at for refresh in refreshes if refresh.first <= day <= refresh.last), default=None))
    return None if None in moments else min(filter(None, moments))


def with_refresh(refreshes: Sequence[Refresh], refresh: Refresh) -> tuple[Refresh, ...]:
    """`refreshes` with a later one, without those that it makes superfluous."""
    kept = [known for known in refreshes if known.first < refresh.first or known.last > refresh.last]
    return (*kept, refresh)
