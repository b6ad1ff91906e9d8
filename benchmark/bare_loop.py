"""The least that a program can do for the same records: requests, orjson, one call after another.

No retries, no state, no checks: `python -m benchmark.bare_loop CONFIG`.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import requests

from source_consolidated_stats.columns import date_columns

DATE_COLUMNS = date_columns("consolidated_stats")
ONE_YEAR = timedelta(days=365)


def read(config: dict[str, Any]) -> None:
    session = requests.Session()
    session.headers["x-api-key"] = config["api_key"]
    url = f"{config['api_url']}/v1/analytics/consolidated-stats"
    first, today = date.fromisoformat(config["start_date"]), datetime.now(timezone.utc).date()
    while first <= today:
        last = min(first + ONE_YEAR - timedelta(days=1), today)
        body = {
            "sequenceIds": config["sequence_ids"],
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "pageNum": 1,
            "pageLimit": 500,
        }
        more = True
        while more:
            response = session.post(url, json=body, timeout=30)
            response.raise_for_status()
            payload = orjson.loads(response.content)["payload"]
            for row in payload["data"]:
                print_record(row)
            more = payload["hasMore"]
            body["pageNum"] += 1
        first += ONE_YEAR


def print_record(row: dict[str, Any]) -> None:
    dates_to_utc(row)
    record = {"stream": "consolidated_stats", "data": row, "emitted_at": time.time_ns() // 1_000_000}
    sys.stdout.buffer.write(orjson.dumps({"type": "RECORD", "record": record}, option=orjson.OPT_APPEND_NEWLINE))


def dates_to_utc(row: dict[str, Any]) -> None:
    """Converts the dates to UTC; an empty one is left out, as the CDK leaves out nulls."""
    for column in DATE_COLUMNS:
        if text := row[column]:
            shift, time_of_day = clock_in_utc(text[24:])[text[16:21]]
            row[column] = f"{days_around(text[4:15])[shift]}T{time_of_day}{text[21:24]}Z"
        else:
            del row[column]


@cache
def clock_in_utc(zone: str) -> dict[str, tuple[int, str]]:
    """For each minute of the local clock in a zone such as ` GMT+5:30 (Asia/Kolkata)`: the index of the UTC day in
    `days_around`, and the time in UTC."""
    hours, _, minutes = zone.split(" ")[1].removeprefix("GMT").partition(":")
    offset = int(hours or 0) * 60 + int(minutes or 0) * (-1 if hours.startswith("-") else 1)
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]
    in_utc = (divmod(minute - offset, 24 * 60) for minute in range(24 * 60))
    return {local: (days + 1, clock[minute]) for local, (days, minute) in zip(clock, in_utc, strict=True)}


@cache
def days_around(day: str) -> list[str]:
    """The day before a day such as `Dec 18 2024`, that day, and the day after it."""
    midnight = datetime.strptime(day, "%b %d %Y")
    return [f"{midnight + timedelta(days=shift):%Y-%m-%d}" for shift in (-1, 0, 1)]


if __name__ == "__main__":
    read(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
