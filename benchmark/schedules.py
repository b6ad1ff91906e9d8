"""On which of its days an account sends emails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

DAYS = 728
"""Two days less than two years, so that no row is lost if midnight passes during a run."""
EVERY_DAY = "every day"
SCHEDULES: dict[str, Callable[[int, date], bool]] = {
    EVERY_DAY: lambda number, day: True,
    "weekdays": lambda number, day: day.weekday() < 5,
    "one day": lambda number, day: number == DAYS // 2,
    "a year without, then a year with emails": lambda number, day: number >= DAYS // 2,
    "a year with, then a year without emails": lambda number, day: number < DAYS // 2,
}
"""By name: whether emails go out on the day of this number (from 0) and date."""


def sending_days(schedule: str, first_day: date) -> list[int]:
    """The numbers of the days, in order, on which an account whose first day is `first_day` sends emails."""
    is_sending = SCHEDULES[schedule]
    return [number for number in range(DAYS) if is_sending(number, first_day + timedelta(days=number))]
