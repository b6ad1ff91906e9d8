"""What it costs to read everything once and to stay up to date, by the connector's own planner.

`python -m benchmark.daily_cost` prints the table that the README shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from math import ceil
from statistics import mean
from typing import NamedTuple

from benchmark.table import table
from source_consolidated_stats.planning.days import ONE_DAY, Days, retention_start
from source_consolidated_stats.planning.plan import requested_days
from source_consolidated_stats.planning.state import State
from source_consolidated_stats.planning.sync import Sync

EMAILS_A_MONTH = (1_000, 10_000, 100_000)
LOOKBACKS = (7, 30, 90)
"""Days."""
DAYS_A_MONTH = 365 / 12
PAGE_SIZE, WORKERS = 500, 4
CALLS_A_MINUTE = 20
"""The limit of each endpoint, as the vendor's support named it."""
SEQUENCE_IDS = ("one sequence",)
"""Many sequences share a call, so their number costs nothing."""
START = datetime(2026, 1, 1, 9, tzinfo=timezone.utc)
DAILY_SYNCS = 28


class Cost(NamedTuple):
    """Of one sync. The listing of the sequences is one of its calls."""

    calls: float
    rows: float


def sync_costs(emails_a_day: float, lookback_days: int) -> Iterator[Cost]:
    """The cost of the first sync, which reads everything, and then of one sync a day."""
    state = State()
    for day in range(DAILY_SYNCS + 1):
        now = START + day * ONE_DAY
        requested = requested_days(None, None, now)
        sync = Sync(
            state,
            SEQUENCE_IDS,
            requested,
            now,
            lookback_days=lookback_days,
            refresh_by_age=False,
            workers=WORKERS,
            page_size=PAGE_SIZE,
        )
        calls, rows = 1, 0
        while (window := sync.next_window(retention_start(now))) is not None:
            found = _emails_in(window.days, now, emails_a_day)
            calls += max(1, ceil(found / PAGE_SIZE))
            rows += found
            sync.complete(window, found, None)
        state = sync.end()
        yield Cost(calls, rows)


def cost_table() -> str:
    """Markdown: a row for each size of account, with the first sync and a daily one by lookback."""
    head = [">Emails a month", ">First sync", *(f">Daily, lookback {days} days" for days in LOOKBACKS)]
    return table(head, (_costs_of_an_account(emails) for emails in EMAILS_A_MONTH))


def _costs_of_an_account(emails_a_month: int) -> list[str]:
    cells = [f"{emails_a_month:,}"]
    for lookback_days in LOOKBACKS:
        first, *daily = sync_costs(emails_a_month / DAYS_A_MONTH, lookback_days)
        if len(cells) == 1:
            cells.append(_cell([first]))
        cells.append(_cell(daily))
    return cells


def _cell(costs: Sequence[Cost]) -> str:
    calls, rows = mean(cost.calls for cost in costs), mean(cost.rows for cost in costs)
    return f"{calls:,.0f} calls, {rows:,.0f} rows, {_minutes(calls)}"


def _minutes(calls: float) -> str:
    """How long `calls` calls take under the limit: the first of each minute's share can go at once."""
    minutes = int((calls - 1) / CALLS_A_MINUTE)
    return f"{minutes:,} min" if minutes else "< 1 min"


def _emails_in(days: Days, now: datetime, emails_a_day: float) -> int:
    """How many emails were sent on `days` before `now`."""
    elapsed = min(days.length, (now.date() - days.first).days + now.hour / 24)
    return round(emails_a_day * max(elapsed, 0))


if __name__ == "__main__":
    print(cost_table())
