"""What it costs to read everything once and to stay up to date, by the connector's own planner.

`python -m benchmark.sync_cost` prints the tables that the README shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import product
from math import ceil
from statistics import mean
from typing import NamedTuple

from benchmark.programs import PAGE_SIZE
from benchmark.table import table
from source_consolidated_stats.api.limit.live import LIVE_CALLS, LIVE_WINDOW_S
from source_consolidated_stats.planning.due.days import Calendar, Days
from source_consolidated_stats.planning.due.plan import requested_days
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.sync import Sync

EMAILS_A_MONTH = (1_000, 10_000, 100_000)
LOOKBACKS = ((1_000, 30), (10_000, 30), (100_000, 7), (100_000, 30), (100_000, 90))
"""Of these accounts, by their emails a month: days of lookback."""
INTERVALS = {"Daily": timedelta(days=1), "Hourly": timedelta(hours=1)}
REFRESHES = {"every_sync": False, "by_age": True}
"""The values of `lookback_refresh`."""
DAYS_A_MONTH = 365 / 12
WORKERS = 4
CALLS_A_MINUTE = round(60 * LIVE_CALLS / LIVE_WINDOW_S)
SEQUENCE_IDS = ("one sequence",)
"""Many sequences share a call, so their number costs nothing."""
START = datetime(2026, 1, 1, 9, tzinfo=timezone.utc)
MEASURED_TIME = timedelta(days=16)
"""Twice the eight days after which the oldest days are read again by age."""


class Cost(NamedTuple):
    """Of one sync. The listing of the sequences is one of its calls."""

    calls: float
    rows: float

    def __str__(self) -> str:
        """The calls, and how long they take under the limit: the first of each minute's share can go at once."""
        minutes = int((self.calls - 1) / CALLS_A_MINUTE)
        return f"{self.calls:,.0f} calls, {f'{minutes:,}' if minutes else '< 1'} min"


def first_sync(emails_a_month: int) -> Cost:
    """The sync that reads everything."""
    return next(_sync_costs(emails_a_month, 0, timedelta(), refresh_by_age=False))


def later_sync(emails_a_month: int, lookback_days: int, interval: str, refresh: str) -> Cost:
    """The average of the syncs after the first one."""
    _, *costs = _sync_costs(emails_a_month, lookback_days, INTERVALS[interval], refresh_by_age=REFRESHES[refresh])
    return Cost(mean(cost.calls for cost in costs), mean(cost.rows for cost in costs))


def first_sync_table() -> str:
    """Markdown: a row for each size of account."""
    costs = ((emails, first_sync(emails)) for emails in EMAILS_A_MONTH)
    rows = ([f"{emails:,}", f"{cost.rows:,.0f}", str(cost)] for emails, cost in costs)
    return table([">Emails a month", ">Rows of two years", ">First sync"], rows)


def later_syncs_table() -> str:
    """Markdown: a column for each schedule and way to refresh."""
    ways = list(product(INTERVALS, REFRESHES))
    head = [">Emails a month", ">Lookback", *(f">{interval}, `{refresh}`" for interval, refresh in ways)]
    rows = (
        [f"{emails:,}", f"{lookback} days", *(str(later_sync(emails, lookback, *way)) for way in ways)]
        for emails, lookback in LOOKBACKS
    )
    return table(head, rows)


def _sync_costs(
    emails_a_month: int, lookback_days: int, interval: timedelta, *, refresh_by_age: bool
) -> Iterator[Cost]:
    """The cost of the first sync, which reads everything, and of those that follow, one each `interval`."""
    state, now = State(), START
    while now <= START + MEASURED_TIME:
        calendar = Calendar(now)
        days = requested_days(None, None, calendar)
        sync = Sync(state, SyncRequest(SEQUENCE_IDS, days, calendar, lookback_days, refresh_by_age, WORKERS, PAGE_SIZE))
        calls, rows = 1, 0
        while (window := sync.next_window(calendar.retention_start)) is not None:
            found = _emails_in(window.days, now, emails_a_month / DAYS_A_MONTH)
            calls += max(1, ceil(found / PAGE_SIZE))
            rows += found
            sync.complete(window, found, None)
        state = sync.end()
        yield Cost(calls, rows)
        now += interval


def _emails_in(days: Days, now: datetime, emails_a_day: float) -> int:
    """How many emails were sent on `days` before `now`."""
    elapsed = min(days.length, (now.date() - days.first).days + now.hour / 24)
    return round(emails_a_day * max(elapsed, 0))


if __name__ == "__main__":
    print(first_sync_table(), later_syncs_table(), sep="\n\n")
