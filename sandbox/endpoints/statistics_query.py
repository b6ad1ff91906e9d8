"""The body of a call for statistics: what it asks for, or what is wrong with it."""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.messages import RefusedError, bad_request

# By the calendar, two years are 730 or 731 days and a year 365 or 366; the stricter reading holds here.
MAX_AGE = timedelta(days=730)
MAX_LENGTH = timedelta(days=365)
FIELDS = ("sequenceIds", "startDate", "endDate", "pageNum", "pageLimit")


@dataclass(frozen=True)
class StatisticsQuery:
    """`first` and `last` are days of the account's zone, both inclusive."""

    sequence_ids: list[str]
    first: date
    last: date
    page: int
    limit: int


def parse_query(body: dict[str, Any] | None) -> StatisticsQuery:
    """Raises `RefusedError` with everything that is malformed."""
    if body is None:
        raise RefusedError(bad_request(["body must be a JSON object"]))
    problems = [f"property {name} should not exist" for name in body if name not in FIELDS]
    if not _is_list_of_texts(body.get("sequenceIds")):
        problems.append("sequenceIds must be a non-empty array of strings")
    if (first := _day(body.get("startDate"))) is None:
        problems.append("startDate must be a valid date (YYYY-MM-DD)")
    if (last := _day(body.get("endDate"))) is None:
        problems.append("endDate must be a valid date (YYYY-MM-DD)")
    if not _is_integer(body.get("pageNum"), minimum=1):
        problems.append("pageNum must be an integer not less than 1")
    if not _is_integer(body.get("pageLimit"), minimum=10, maximum=500):
        problems.append("pageLimit must be an integer between 10 and 500")
    if problems or first is None or last is None:
        raise RefusedError(bad_request(problems))
    return StatisticsQuery(body["sequenceIds"], first, last, body["pageNum"], body["pageLimit"])


def check_days(query: StatisticsQuery, today: date, latest: date) -> None:
    """Raises `RefusedError` if the API does not serve such days. `today` is the account's, `latest` the last day that
    may be asked for."""
    problems = []
    if query.first < today - MAX_AGE:
        problems.append("startDate must not be older than 2 years")
    if query.last < query.first:
        problems.append("endDate must not be before startDate")
    if query.last - query.first > MAX_LENGTH:
        problems.append("endDate must not exceed 1 year after startDate")
    if query.last > latest:
        problems.append("endDate must not be in the future")
    if problems:
        raise RefusedError(bad_request(problems))


def _day(value: object) -> date | None:
    """A real day written as `YYYY-MM-DD`, else None."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _is_integer(value: object, minimum: int, maximum: float = math.inf) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= maximum
