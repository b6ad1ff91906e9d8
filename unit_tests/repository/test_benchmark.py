"""The benchmark's account has its rows on the days of its schedule."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
import pytest

from benchmark.account import Account
from benchmark.schedules import DAYS, SCHEDULES, sending_days

TODAY = date(2026, 11, 23)
ROWS = 3_000


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_days_hold_all_rows_between_them_and_only_those_of_the_schedule_hold_any(schedule: str) -> None:
    account = Account(ROWS, TODAY, schedule)

    rows = [_rows_on(account, account.first_day + timedelta(days=number)) for number in range(DAYS)]

    assert sum(rows) == ROWS
    assert [number for number, found in enumerate(rows) if found] == sending_days(schedule, account.first_day)


def _rows_on(account: Account, day: date) -> int:
    """How many rows a call for `day` returns; each of them was sent on that day."""
    rows = orjson.loads(account.page(day, day, 1, ROWS))["payload"]["data"]
    assert {row["Email Sent At"][4:15] for row in rows} <= {f"{day:%b %d %Y}"}
    return len(rows)
