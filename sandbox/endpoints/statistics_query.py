"""The body of a call for statistics: what it asks for, or what is wrong with it."""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.messages import RefusedError, bad_request

# Two years are 730 or 731 days and one year 365 or 366, by the calendar; what one reading refuses is refused here.
OLDEST_START = timedelta(days=730)
LONGEST_WINDOW = timedelta(days=365)


@dataclass(frozen=True)
class StatisticsQuery:
    """`first` and `last` are days of the account's zone, both inclusive."""

    sequence_ids: list[str]
    first: date
    last: date
    page: int
    limit: int


def read_query(body: dict[str, Any] | None, today: date) -> StatisticsQuery:
    """Raises `RefusedError` with everything that is wrong with the body; `today` is the account's."""
    if body is None:
        raise RefusedError(bad_request(["body must be a JSON object"]))
    problems = _problems_of_days(read_day(body.get("startDate")), read_day(body.get("endDate")), today)
    if not _is_list_of_texts(body.get("sequenceIds")):
        problems.append("sequenceIds must be a non-empty array of strings")
    if not _is_integer(body.get("pageNum"), least=1):
        problems.append("pageNum must be an integer not less than 1")
    if not _is_integer(body.get("pageLimit"), least=10, most=500):
        problems.append("pageLimit must be an integer between 10 and 500")
    if problems:
        raise RefusedError(bad_request(problems))
    return StatisticsQuery(
        body["sequenceIds"],
        date.fromisoformat(body["startDate"]),
        date.fromisoformat(body["endDate"]),
        body["pageNum"],
        body["pageLimit"],
    )


def read_day(value: object) -> date | None:
    """A real day written as `YYYY-MM-DD`, else None."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _problems_of_days(first: date | None, last: date | None, today: date) -> list[str]:
    problems = []
    if first is None:
        problems.append("startDate must be a valid date (YYYY-MM-DD)")
    elif first < today - OLDEST_START:
        problems.append("startDate must not be older than 2 years")
    if last is None:
        problems.append("endDate must be a valid date (YYYY-MM-DD)")
    if first and last and last < first:
        problems.append("endDate must not be before startDate")
    if first and last and last - first > LONGEST_WINDOW:
        problems.append("endDate must not exceed 1 year after startDate")
    return problems


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _is_integer(value: object, least: int, most: float = math.inf) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
