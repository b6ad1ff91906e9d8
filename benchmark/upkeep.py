"""What it costs to stay up to date, by the connector's own planner: `python -m benchmark.upkeep`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from statistics import mean
from typing import NamedTuple

from benchmark.report import table
from source_consolidated_stats.planning.coverage import Coverage, begin_sync, close_window
from source_consolidated_stats.planning.days import ONE_DAY, last_finished_day
from source_consolidated_stats.planning.plan import plan, required_days
from source_consolidated_stats.planning.slicer import Windows

EMAILS_A_MONTH = (1_000, 10_000, 100_000)
LOOKBACKS = (7, 30, 90)
DAYS_A_MONTH = 365 / 12
PAGE_SIZE, WORKERS = 500, 4
SEQUENCE_IDS = ("one sequence",)
"""Many sequences share a call, so their number costs nothing."""
START = datetime(2026, 1, 1, 9, tzinfo=timezone.utc)
SYNCS = 28
"""One a day, after the first, which reads everything."""


class Cost(NamedTuple):
    calls: int
    rows: float


def daily_costs(emails_a_day: float, lookback_days: int) -> Iterator[Cost]:
    """What each sync after the first costs; the listing of the sequences is one call of it."""
    coverage: Coverage = {}
    known: float | None = None
    for day in range(SYNCS + 1):
        now = START + day * ONE_DAY
        required = required_days(None, None, now)
        coverage = begin_sync(coverage, SEQUENCE_IDS, required, last_finished_day(now), lookback_days)
        windows = Windows(plan(coverage, SEQUENCE_IDS, required, now), WORKERS, PAGE_SIZE, known)
        calls, rows = 1, 0.0
        while (window := windows.next()) is not None:
            elapsed = min(window.days.length, (now.date() - window.days.first).days + now.hour / 24)
            found = emails_a_day * max(elapsed, 0)
            calls += max(1, -(-round(found) // PAGE_SIZE))
            rows += found
            windows.finish(window, round(found))
            if window.finished:
                coverage = close_window(coverage, window.sequence_ids, window.days)
        known = windows.rows_per_sequence_day
        if day:
            yield Cost(calls, rows)


def main() -> None:
    rows = []
    for emails in EMAILS_A_MONTH:
        for lookback in LOOKBACKS:
            costs = list(daily_costs(emails / DAYS_A_MONTH, lookback))
            calls, read = mean(cost.calls for cost in costs), mean(cost.rows for cost in costs)
            rows.append([f"{emails:,}", str(lookback), f"{calls:.0f}", f"{read:,.0f}"])
    print(table([">Emails a month", ">Lookback in days", ">Calls a sync", ">Rows a sync"], rows))


if __name__ == "__main__":
    main()
